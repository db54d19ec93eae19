// SPDX-License-Identifier: Apache-2.0
// Hikvision: EventNotificationAlert in XML (any of its namespaces) or JSON, alone or in a multipart body with
// pictures. eventType names the event, eventState whether it lasts; "duration" stands for the event it relates
// to; "videoloss inactive" and "heartBeat" are the maker's heartbeats. Whatever has to do with faces is dropped
// and counted, the picture with it; an access terminal's pictures are of persons and always dropped.
#include "ingest/device/decode.h"

#include "base/json.h"
#include "base/xml.h"
#include "ingest/device/multipart.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

enum { EVENTS_MAX = 8, JSON_MAX = 256 << 10 };

// One event, whatever it was written in.
typedef struct alert {
    vg_str type, state, mac, serial, channel, time, description, port, region;
    vg_str plate, plate_colour, direction;
    const json_t *access;
} alert;

static const struct {
    const char *type, *kind, *code;
    device_life life;
} EVENTS[] = {
#define EVENT(type, kind, code, life) {#type, #kind, code, DEVICE_##life},
#include "ingest/device/hik_events.def"
};

static bool is(vg_str s, const char *z)
{
    return s.n == strlen(z) && strncasecmp(s.p, z, s.n) == 0;
}

static bool has(vg_str s, const char *lower)
{
    const size_t n = strlen(lower);
    for (size_t i = 0; i + n <= s.n; i++) {
        if (strncasecmp(s.p + i, lower, n) == 0) {
            return true;
        }
    }
    return false;
}

// "alarmResult" is a face compared with a library.
static bool is_biometric(vg_str type)
{
    return has(type, "face") || is(type, "alarmResult") || has(type, "fingerprint") ||
           has(type, "personArchive");
}

static void name_it(device_report *r, device_out *out, const alert *a)
{
    vg_signal *s = &r->s;
    r->by_code = true;
    for (size_t i = 0; i < VG_LEN(EVENTS); i++) {
        if (is(a->type, EVENTS[i].type)) {
            snprintf(s->kind, sizeof s->kind, "%s", EVENTS[i].kind);
            snprintf(s->code, sizeof s->code, "%s", EVENTS[i].code);
            r->life = (uint8_t)EVENTS[i].life;
            return;
        }
    }
    snprintf(s->kind, sizeof s->kind, "other");
    DEVICE_PUT(out, s->code, a->type);
    DEVICE_PUT(out, s->text, a->type);
    s->flags |= VG_SIG_UNCLASSIFIED;
    s->verb = s->verb == VG_SIG_RAISE ? VG_SIG_OTHER : s->verb;
    r->life = DEVICE_LASTS;
}

static void where(vg_signal *s, device_out *out, const alert *a)
{
    char io[16];
    DEVICE_PUT(out, s->area, a->region);
    if (a->port.n) {
        snprintf(io, sizeof io, "io%.*s", (int)(a->port.n > 9 ? 9 : a->port.n), a->port.p);
        DEVICE_PUT(out, s->point, vg_str_c(io));
    } else {
        DEVICE_PUT(out, s->point, a->channel);
    }
}

static void plate_read(device_out *out, const alert *a, device_report *r)
{
    snprintf(r->s.kind, sizeof r->s.kind, "plate_read");
    DEVICE_PUT(out, r->s.code, a->plate_colour);
    DEVICE_PUT(out, r->s.area, a->direction);
    device_put_plate(out, &r->s, a->plate);
    r->life = DEVICE_PULSE;
}

static vg_status report(device_out *out, const alert *a, vg_err *err)
{
    device_take_address(out, a->mac.n ? a->mac : a->serial);
    if (is_biometric(a->type)) {
        out->biometrics++;
        out->of_persons = true;
        return VG_OK;
    }
    if (a->type.n == 0) {
        return vg_fail(err, VG_EINVALID, "eventType", "ingest.err.device_body", "%s", "eventType");
    }
    device_report *r = device_add(out);
    if (!r) {
        return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%d", DEVICE_REPORTS_MAX);
    }
    vg_signal *s = &r->s;
    s->captured_us = device_time(a->time);
    s->verb = is(a->state, "inactive") ? VG_SIG_RESTORE : VG_SIG_RAISE;
    where(s, out, a);
    if (is(a->type, "heartBeat")) {
        s->verb = VG_SIG_POLL;
    } else if (a->access) {
        device_hik_access(out, a->access, s, &r->life);
    } else if (a->plate.n) {
        plate_read(out, a, r);
    } else {
        name_it(r, out, a);
    }
    return VG_OK;
}

// --- XML ------------------------------------------------------------------------------------------
static vg_str either(const vg_xml *n, const char *a, const char *b)
{
    const vg_str s = vg_xml_text(n, a);
    return s.n ? s : vg_xml_text(n, b);
}

static vg_status from_xml(vg_str text, device_out *out, vg_err *err)
{
    static const vg_xml_limits max = {.bytes = 256 << 10, .nodes = 2048, .depth = 16, .attrs = 16};
    const vg_xml *n = NULL;
    VG_TRY(vg_xml_parse(out->arena, text, &max, &n, err));
    if (!vg_str_eqc(n->name, "EventNotificationAlert")) {
        return vg_fail(err, VG_EINVALID, "", "ingest.err.device_body", "%.*s",
                       (int)(n->name.n > 40 ? 40 : n->name.n), n->name.p);
    }
    const alert a = {
        .type = is(vg_xml_text(n, "eventType"), "duration")
                    ? either(n, "DurationList/Duration/relationEvent", "eventType")
                    : vg_xml_text(n, "eventType"),
        .state = vg_xml_text(n, "eventState"),
        .mac = vg_xml_text(n, "macAddress"),
        .serial = either(n, "deviceID", "deviceSerialNo"),
        .channel = either(n, "dynChannelID", "channelID"),
        .time = vg_xml_text(n, "dateTime"),
        .port = either(n, "inputIOPortID", "dynInputIOPortID"),
        .region = vg_xml_text(n, "DetectionRegionList/DetectionRegionEntry/regionID"),
        .plate = either(n, "ANPR/licensePlate", "ANPR/originalLicensePlate"),
        .plate_colour = vg_xml_text(n, "ANPR/plateColor"),
        .direction = vg_xml_text(n, "ANPR/direction"),
    };
    return report(out, &a, err);
}

// --- JSON -----------------------------------------------------------------------------------------
static vg_str member(device_out *out, const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    if (json_is_integer(v)) {
        return vg_str_f(out->arena, "%lld", (long long)json_integer_value(v));
    }
    // The tree ends before the report is used up.
    return json_is_string(v)
               ? vg_str_dup(out->arena, (vg_str){json_string_value(v), json_string_length(v)})
               : VG_S("");
}

static vg_status one_json(const json_t *o, device_out *out, vg_err *err)
{
    const json_t *anpr = json_object_get(o, "ANPR");
    const alert a = {
        .type = member(out, o, "eventType"),
        .state = member(out, o, "eventState"),
        .mac = member(out, o, "macAddress"),
        .serial = member(out, o, "deviceID"),
        .channel = member(out, o, "channelID"),
        .time = member(out, o, "dateTime"),
        .port = member(out, o, "inputIOPortID"),
        .plate = member(out, anpr, "licensePlate"),
        .plate_colour = member(out, anpr, "plateColor"),
        .direction = member(out, anpr, "direction"),
        .access = json_object_get(o, "AccessControllerEvent"),
    };
    return report(out, &a, err);
}

static vg_status from_json(vg_str text, device_out *out, vg_err *err)
{
    json_t *top = NULL;
    VG_TRY(vg_json_parse(text, JSON_MAX, &top, err));
    const json_t *inner = json_object_get(top, "EventNotificationAlert");
    const vg_status st = one_json(inner ? inner : top, out, err);
    json_decref(top);
    return st;
}

// --- body -----------------------------------------------------------------------------------------
static vg_str without_mark(vg_str s)
{
    const bool marked = s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0;
    return vg_str_trim(marked ? (vg_str){s.p + 3, s.n - 3} : s);
}

static vg_status one_part(vg_str raw, device_out *out, int *events, vg_err *err)
{
    const vg_str s = without_mark(raw);
    if (s.n == 0 || (*s.p != '<' && *s.p != '{')) {
        device_take_image(out, raw);
        return VG_OK;
    }
    if (++*events > EVENTS_MAX) {
        return vg_fail(err, VG_ETOOBIG, "", "ingest.err.multipart", "%s", "events");
    }
    return *s.p == '<' ? from_xml(s, out, err) : from_json(s, out, err);
}

static vg_status parts(const vg_device_request *rq, device_out *out, int *events, vg_err *err)
{
    multipart m;
    multipart_part p;
    vg_status st = multipart_begin(&m, rq->content_type, rq->body, err);
    while (st == VG_OK) {
        st = multipart_next(&m, &p, err);
        if (st == VG_OK) {
            st = one_part(p.data, out, events, err);
        }
    }
    return st == VG_ENOTFOUND ? VG_OK : st;
}

static vg_status decode(const vg_device_request *rq, vg_str tail, device_out *out, vg_err *err)
{
    int events = 0;
    (void)tail;
    if (multipart_is(rq->content_type)) {
        VG_TRY(parts(rq, out, &events, err));
    } else {
        VG_TRY(one_part(rq->body, out, &events, err));
    }
    if (events == 0) {
        return vg_fail(err, VG_EINVALID, "", "ingest.err.device_body", "%s", "");
    }
    if (out->of_persons) {
        out->biometrics += out->image.n > 0;
        out->image = VG_S("");
    }
    return VG_OK;
}

const device_profile device_hikvision = {"hikvision", "/hikvision", decode,
                                         DEVICE_WELL("text/plain", "OK")};
