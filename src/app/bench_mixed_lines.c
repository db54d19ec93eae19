// SPDX-License-Identifier: Apache-2.0
// The devices of the mixed bench: each has a connection (or a UDP socket) of its own and one report on its way at
// most, as real ones. One thread turns them all and keeps the pace of each port; what it could not send in time,
// because every device still waited, is told as lateness. Times are from the sending to the whole answer.
#include "app/bench_mixed.h"

#include "ingest/dc09/encode.h"
#include "ingest/webhook/webhook.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sodium.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { AGAIN_S = 2, GRACE_S = 20 };

uint16_t mixed_free_port(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool ok = fd >= 0 && bind(fd, (struct sockaddr *)&a, n) == 0 &&
                    getsockname(fd, (struct sockaddr *)&a, &n) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return ok ? ntohs(a.sin_port) : 0;
}

static vg_status fail(const mixed_line *l, const char *what, vg_err *err)
{
    return vg_fail(err, VG_EIO, "", NULL, "%s %s: %.200s", l->address, what,
                   errno ? strerror(errno) : l->in);
}

// --- what they say --------------------------------------------------------------------------------
static size_t dc09(mixed *m, mixed_line *l)
{
    char data[80];
    l->seq = l->seq % 9999 + 1;
    snprintf(data, sizeof data, "#%s|Nri1/DO%02u^%lld^", l->address, l->seq % 90 + 1,
             (long long)m->number);
    const vg_dc09_message d = {.id = "SIA-DCS",
                               .seq = l->seq,
                               .path = "L0",
                               .account = l->address,
                               .data = vg_str_c(data),
                               .time_us = vg_now_us(),
                               .key = BENCH_KEY,
                               .key_len = BENCH_KEY_BYTES,
                               .pad_seed = (uint64_t)m->number};
    return vg_dc09_encode(m->crypt, &d, l->out, sizeof l->out);
}

static size_t post(mixed_line *l, const char *path, const char *type, const char *more,
                   const char *body)
{
    const int n = snprintf(l->out, sizeof l->out,
                           "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\n%s"
                           "Content-Length: %zu\r\n\r\n%s",
                           path, type, more, strlen(body), body);
    return n > 0 && (size_t)n < sizeof l->out ? (size_t)n : 0;
}

static size_t webhook(mixed *m, mixed_line *l)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char path[80], body[200], more[200], hex[2 * sizeof mac + 1];
    crypto_auth_hmacsha256_state h;
    const int64_t now_s = vg_now_us() / VG_SECOND_US;
    snprintf(body, sizeof body,
             "{\"id\":\"n%lld\",\"kind\":\"door_opened\",\"verb\":\"other\",\"text\":\"%lld\"}",
             (long long)m->number, (long long)m->number);
    snprintf(more, sizeof more, "%lld.", (long long)now_s);
    crypto_auth_hmacsha256_init(&h, BENCH_KEY, BENCH_KEY_BYTES);
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)more, strlen(more));
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)body, strlen(body));
    crypto_auth_hmacsha256_final(&h, mac);
    vg_hex(mac, sizeof mac, hex);
    snprintf(more, sizeof more, VG_WEBHOOK_TIMESTAMP ": %lld\r\n" VG_WEBHOOK_SIGNATURE ": %s\r\n",
             (long long)now_s, hex);
    snprintf(path, sizeof path, "/ingest/webhook/%s", l->address);
    return post(l, path, "application/json", more, body);
}

// The device's own time tells one report from another: microseconds that no two share.
static void stamp(const mixed *m, char out[VG_TIME_TEXT + 8])
{
    int t[6];
    const int64_t at_us = vg_now_us();
    vg_time_split(at_us, 0, t);
    snprintf(out, VG_TIME_TEXT + 8, "%04d-%02d-%02dT%02d:%02d:%02d.%06lldZ", t[0], t[1], t[2], t[3],
             t[4], t[5], (long long)(m->number % VG_SECOND_US));
}

// Motion that begins and ends by turns, in the maker's XML.
static size_t hikvision(mixed *m, mixed_line *l)
{
    char path[80], at[VG_TIME_TEXT + 8], body[700];
    stamp(m, at);
    snprintf(path, sizeof path, "/d/%s", l->token);
    snprintf(body, sizeof body,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<EventNotificationAlert version=\"2.0\" "
             "xmlns=\"http://www.hikvision.com/ver20/XMLSchema\">\n<ipAddress>192.0.2.10"
             "</ipAddress><macAddress>%s</macAddress><channelID>1</channelID><dateTime>%s"
             "</dateTime><activePostCount>1</activePostCount><eventType>VMD</eventType>"
             "<eventState>%s</eventState></EventNotificationAlert>",
             l->address, at, l->seq++ % 2 == 0 ? "active" : "inactive");
    return post(l, path, "application/xml", "", body);
}

static size_t zkteco(mixed *m, mixed_line *l)
{
    char path[120], at[VG_TIME_TEXT + 8], body[120];
    stamp(m, at);
    snprintf(path, sizeof path, "/d/%s/iclock/cdata?SN=%s&table=ATTLOG&Stamp=%u", l->token,
             l->address, l->seq++);
    snprintf(body, sizeof body, "%lld\t%s\t0\t1\t0\t0\n", (long long)(m->number % 9999), at);
    return post(l, path, "text/plain", "", body);
}

static size_t (*const SAY[])(mixed *m, mixed_line *l) = {dc09, dc09, webhook, hikvision, zkteco};

static vg_status put(mixed_line *l, vg_err *err)
{
    errno = 0;
    return send(l->fd, l->out, l->n_out, MSG_NOSIGNAL) == (ssize_t)l->n_out ? VG_OK
                                                                            : fail(l, "send", err);
}

static vg_status say(mixed *m, mixed_line *l, vg_err *err)
{
    m->number++;
    m->kind[l->port].sent++;
    if (l->port == MIXED_MQTT) {
        return mixed_broker_send(m->broker, (size_t)(l - m->kind[l->port].v), m->number, err);
    }
    l->n_out = SAY[l->port](m, l);
    l->sent_us = l->again_us = vg_mono_us();
    m->busy++;
    return l->n_out ? put(l, err) : fail(l, "frame", err);
}

// --- answers --------------------------------------------------------------------------------------
// Whole and good: 1; more to come: 0; something else: -1.
static int judge(const mixed_line *l)
{
    if (l->port <= MIXED_UDP) {
        return !memchr(l->in, '\r', l->n_in) ? 0 : memmem(l->in, l->n_in, "ACK\"", 4) ? 1 : -1;
    }
    const char *head = memmem(l->in, l->n_in, "\r\n\r\n", 4);
    const char *length = head ? strcasestr(l->in, "Content-Length: ") : NULL;
    const size_t body = length ? (size_t)strtoul(length + 16, NULL, 10) : 0;
    return !head || (size_t)(head - l->in) + 4 + body > l->n_in ? 0
           : memcmp(l->in, "HTTP/1.1 200", 12) == 0             ? 1
                                                                : -1;
}

static vg_status hear(mixed *m, mixed_line *l, vg_err *err)
{
    errno = 0;
    const ssize_t k = recv(l->fd, l->in + l->n_in, sizeof l->in - 1 - l->n_in, 0);
    if (k <= 0) {
        return fail(l, "closed", err);
    }
    l->n_in += (size_t)k;
    l->in[l->n_in] = '\0';
    const int is = judge(l);
    if (is < 0) {
        return fail(l, "answer", err);
    }
    if (is == 0) {
        return VG_OK;
    }
    l->n_in = 0;
    if (l->sent_us) {  // else: the second answer to a datagram sent twice
        mixed_kind *g = &m->kind[l->port];
        bench_add(&g->latency_us, vg_mono_us() - l->sent_us);
        g->done++;
        m->busy--;
        l->sent_us = 0;
    }
    return VG_OK;
}

// A datagram may be lost: the same again, as a dialler does.
static vg_status again(mixed *m, vg_err *err)
{
    mixed_kind *g = &m->kind[MIXED_UDP];
    const int64_t now = vg_mono_us();
    for (size_t i = 0; i < g->lines; i++) {
        mixed_line *l = &g->v[i];
        if (l->sent_us && now - l->again_us > AGAIN_S * VG_SECOND_US) {
            l->again_us = now;
            g->again++;
            VG_TRY(put(l, err));
        }
    }
    return VG_OK;
}

// --- pace -----------------------------------------------------------------------------------------
static vg_status pace(mixed *m, mixed_kind *g, vg_err *err)
{
    const int64_t since_us = vg_mono_us() - m->started_us;
    const int64_t rate = m->b->rate * g->share;  // in a hundred seconds
    for (size_t tries = 0; g->sent < since_us * rate / (100 * VG_SECOND_US) && tries < g->lines;
         tries++) {
        mixed_line *l = &g->v[g->next++ % g->lines];
        if (!l->sent_us) {
            const int64_t late_us = since_us - g->sent * 100 * VG_SECOND_US / rate;
            g->late_us = late_us > g->late_us ? late_us : g->late_us;
            VG_TRY(say(m, l, err));
        }
    }
    return VG_OK;
}

static bool waiting(const mixed *m)
{
    const mixed_kind *g = &m->kind[MIXED_MQTT];
    return m->busy > 0 || g->done < g->sent;
}

static vg_status turn(mixed *m, bool over, vg_err *err)
{
    struct epoll_event ev[256];
    const int n = epoll_wait(m->ep, ev, (int)VG_LEN(ev), 1);
    for (int i = 0; i < n; i++) {
        VG_TRY(hear(m, ev[i].data.ptr, err));
    }
    for (size_t i = 0; !over && i < MIXED_PORTS; i++) {
        VG_TRY(pace(m, &m->kind[i], err));
    }
    mixed_kind *g = &m->kind[MIXED_MQTT];
    if (m->broker && g->lines) {
        VG_TRY(mixed_broker_turn(m->broker, &g->latency_us, &g->done, err));
    }
    return again(m, err);
}

vg_status mixed_drive(mixed *m, vg_err *err)
{
    const int64_t for_us = m->b->seconds * VG_SECOND_US;
    bool over = false;
    m->started_us = vg_mono_us();
    while (!over || waiting(m)) {
        const int64_t since_us = vg_mono_us() - m->started_us;
        if (!over && since_us >= for_us) {
            over = true;
            m->took_us = since_us;
        }
        if (since_us > for_us + GRACE_S * VG_SECOND_US) {
            return VG_OK;  // what is unanswered is told as such
        }
        VG_TRY(turn(m, over, err));
    }
    return VG_OK;
}

// --- connections ----------------------------------------------------------------------------------
static int dial_udp(uint16_t port)
{
    const struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&a, sizeof a) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

vg_status mixed_dial(mixed *m, vg_err *err)
{
    for (size_t k = 0; k < MIXED_MQTT; k++) {
        for (size_t i = 0; i < m->kind[k].lines; i++) {
            mixed_line *l = &m->kind[k].v[i];
            struct epoll_event ev = {.events = EPOLLIN, .data.ptr = l};
            l->fd = k == MIXED_UDP ? dial_udp(m->at[k]) : bench_dial(m->at[k]);
            if (l->fd < 0 || epoll_ctl(m->ep, EPOLL_CTL_ADD, l->fd, &ev) != 0) {
                return fail(l, "connect", err);
            }
        }
    }
    return VG_OK;
}

void mixed_hang_up(mixed *m)
{
    for (size_t k = 0; k < MIXED_PORTS; k++) {
        for (size_t i = 0; m->kind[k].v && i < m->kind[k].lines; i++) {
            if (m->kind[k].v[i].fd > 0) {
                close(m->kind[k].v[i].fd);
            }
        }
        free(m->kind[k].v);
        bench_sample_done(&m->kind[k].latency_us);
    }
}
