// SPDX-License-Identifier: Apache-2.0
// A camera and a card terminal as their makers built them: Hikvision's EventNotificationAlert in XML to the address
// with the source's token, ZKTeco's ATTLOG lines with nothing but a serial number, so that both kinds of proof are
// seen in the demonstration. What such a device has no word for is not said (0). Times are the moment of sending, in
// Viet Nam's time, as the device's own clock would have it.
#include "app/simulate.h"

#include "base/clock.h"
#include "core/source_token.h"

#include <sodium.h>

enum { OFFSET_MIN = 7 * 60, BODY_MAX = 1500 };

// What the analytics of a point's kind are called.
static const struct {
    const char *kind, *type;
} ANALYTICS[] = {{"vehicle_stopped", "parking"},     {"loitering", "loitering"},
                 {"line_crossing", "linedetection"}, {"intrusion", "fielddetection"},
                 {"video_loss", "videoloss"},        {"", "VMD"}};

static size_t request(const char *head, const char *type, const char *body, char *out, size_t cap)
{
    const int n = snprintf(out, cap,
                           "%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                           "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                           head, type, strlen(body), body);
    return n > 0 && (size_t)n < cap ? (size_t)n : 0;
}

// --- a camera -----------------------------------------------------------------------------------
static const char *event_type(const sim_device *d, const sim_say *s)
{
    size_t i = 0;
    if (s->act == SIM_poll) {
        return "heartBeat";
    }
    if (s->point >= d->n_points) {
        return NULL;
    }
    if (s->act == SIM_tamper || s->act == SIM_tamper_end) {
        return "shelteralarm";
    }
    while (ANALYTICS[i].kind[0] && strcmp(ANALYTICS[i].kind, d->points[s->point].kind) != 0) {
        i++;
    }
    return s->act == SIM_alarm || s->act == SIM_restore ? ANALYTICS[i].type : NULL;
}

static size_t camera_frame(const sim_device *d, const sim_say *s, int64_t now_us, char *out,
                           size_t cap)
{
    char token[VG_SOURCE_TOKEN], head[64], body[BODY_MAX], at[VG_TIME_TEXT];
    const char *type = event_type(d, s);
    const bool ends = s->act == SIM_restore || s->act == SIM_tamper_end;
    vg_source src = {.key_len = (uint8_t)d->key_len};
    memcpy(src.id, d->id, sizeof src.id);
    memcpy(src.key, d->key, d->key_len);
    const bool proven = vg_source_token(&src, token);
    sodium_memzero(&src, sizeof src);
    if (!type) {
        return 0;
    }
    vg_time_rfc3339(now_us, at);
    snprintf(head, sizeof head, "POST %s%s", proven ? "/d/" : "/hikvision", proven ? token : "");
    snprintf(body, sizeof body,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<EventNotificationAlert version=\"2.0\""
             " xmlns=\"http://www.hikvision.com/ver20/XMLSchema\">\n"
             "<ipAddress>127.0.0.1</ipAddress><portNo>80</portNo><protocol>HTTP</protocol>\n"
             "<macAddress>%s</macAddress><channelID>%s</channelID>\n"
             "<dateTime>%.19s+07:00</dateTime><activePostCount>1</activePostCount>\n"
             "<eventType>%s</eventType><eventState>%s</eventState>\n"
             "<eventDescription>%s</eventDescription>\n</EventNotificationAlert>\n",
             d->address, s->point < d->n_points ? d->points[s->point].number : "1", at, type,
             ends ? "inactive" : "active", type);
    sodium_memzero(token, sizeof token);
    return request(head, "application/xml; charset=\"UTF-8\"", body, out, cap);
}

// --- a terminal ---------------------------------------------------------------------------------
// PIN, time, 0 in or 1 out, 1 by card. A terminal has no points: 1 stands for "on the way out".
static size_t terminal_frame(const sim_device *d, const sim_say *s, int64_t now_us, char *out,
                             size_t cap)
{
    char head[96], body[96];
    int t[6];
    if (s->act == SIM_poll) {
        snprintf(head, sizeof head, "GET /iclock/getrequest?SN=%s", d->address);
        return request(head, "text/plain", "", out, cap);
    }
    if (s->act != SIM_granted) {
        return 0;
    }
    vg_time_split(now_us, OFFSET_MIN, t);
    snprintf(head, sizeof head, "POST /iclock/cdata?SN=%s&table=ATTLOG&Stamp=9999", d->address);
    snprintf(body, sizeof body, "%u\t%04d-%02d-%02d %02d:%02d:%02d\t%d\t1\t0\t0\t0\n", s->user,
             t[0], t[1], t[2], t[3], t[4], t[5], s->point == 1);
    return request(head, "text/plain", body, out, cap);
}

size_t sim_http_frame(const sim_device *d, const sim_say *s, int64_t now_us, char *out, size_t cap)
{
    return d->speech == SIM_HIKVISION ? camera_frame(d, s, now_us, out, cap)
                                      : terminal_frame(d, s, now_us, out, cap);
}
