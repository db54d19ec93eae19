// SPDX-License-Identifier: Apache-2.0
// Alarms to a monitoring centre, in the panel's role of DC-09 over TCP or UDP: SIA-DCS, clear or AES by the link's
// key, one connection kept while it serves. A datagram may be lost, so over UDP the same bytes are sent up to five
// times, and what is no answer to them (late ones, noise, "port unreachable") is passed over, not believed. The sequence number comes from the parcel's, so that a repeat
// after a lost answer is known to the centre as one. A NAK carries the centre's clock: the difference is kept
// and the frame sent again at once. DUH, or two NAKs, means that the centre will not have this message (over UDP the second
// NAK may be an echo of a repetition: it is tried again later).
// Texts are the alert's speakable number only: what stands in it, the centre asks us by telephone.
#include "notify/dial.h"
#include "notify/senders.h"

#include "base/clock.h"
#include "core/egress.h"
#include "ingest/dc09/codes.h"
#include "ingest/dc09/encode.h"

#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    FRAME_MAX = 1024,
    ANSWER_MS = 5000,
    IDLE_MS = 1000,
    POLL_DEFAULT_S = 60,
    NUMBER_MAX = 64,
    STALE_MAX = 64
};
static const int UDP_WAITS_MS[] = {1000, 1500, 2000, 2500, 3000};  // a dialler sends five times

typedef struct line {
    vg_core *core;
    vg_dc09_crypt *crypt;
    char host[256], account[17], path[20];
    uint16_t port;
    int32_t label;
    unsigned char key[32];
    size_t key_len;
    int64_t clock_us;  // the centre's clock less ours
    int64_t sent_us, poll_us;
    int fd;
    bool udp;
} line;

static void hang_up(line *l)
{
    if (l->fd >= 0) {
        close(l->fd);
        l->fd = -1;
    }
}

static const char *dial(line *l)
{
    vg_err err = {0};
    if (l->fd >= 0) {
        return NULL;
    }
    const vg_status s =
        l->udp ? vg_egress_connect_udp(l->core, l->label, l->host, l->port, &l->fd, &err)
               : vg_egress_connect(l->core, l->label, l->host, l->port, &l->fd, &err);
    return vg_egress_problem(s, &err);
}

// --- one frame and its answer -------------------------------------------------------------------
static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        const ssize_t w = send(fd, p, n, MSG_NOSIGNAL);
        if (w <= 0) {
            return false;
        }
        p += w;
        n -= (size_t)w;
    }
    return true;
}

// More bytes, or the next datagram instead of what was there. NULL: some came.
static const char *receive(line *l, char buf[FRAME_MAX], size_t *n, int64_t end_us)
{
    for (;;) {
        const int64_t left_ms = (end_us - vg_now_us()) / VG_MS_US;
        struct pollfd p = {.fd = l->fd, .events = POLLIN};
        *n = l->udp ? 0 : *n;
        if (*n == FRAME_MAX || left_ms <= 0 || poll(&p, 1, (int)left_ms) <= 0) {
            return *n == FRAME_MAX ? "link.bad_answer" : "link.unreachable";
        }
        const ssize_t r = recv(l->fd, buf + *n, FRAME_MAX - *n, 0);
        if (r > 0) {
            *n += (size_t)r;
            return NULL;
        }
        if (!l->udp || (r < 0 && errno != ECONNREFUSED && errno != EAGAIN && errno != EINTR)) {
            return "link.unreachable";
        }
    }
}

// An answer to this frame? A NAK has no number and is never sealed. A datagram's sender is anybody's to write, so
// over UDP only who has the key may say that an alarm has arrived, or will not be had.
static bool answers(const line *l, const vg_dc09_reply *r, unsigned seq)
{
    return r->answer == VG_ANSWER_NAK ||
           (r->seq == (int)seq && (r->encrypted || !l->udp || l->key_len == 0));
}

// Waits for the answer with this number; older ones (of an exchange given up) are passed over.
static const char *read_answer(line *l, unsigned seq, int wait_ms, vg_dc09_reply *ret)
{
    char buf[FRAME_MAX];
    size_t n = 0;
    const vg_str key = {(const char *)l->key, l->key_len};
    const int64_t end_us = vg_now_us() + wait_ms * VG_MS_US;
    for (;;) {
        const vg_ingest_step step = vg_dc09_reply_parse(l->crypt, (vg_str){buf, n}, key, ret);
        if (step == VG_INGEST_DONE && answers(l, ret, seq)) {
            return NULL;
        }
        if (step != VG_INGEST_NEED) {
            memmove(buf, buf + ret->consumed, n - ret->consumed);
            n -= ret->consumed;
            if (step == VG_INGEST_BAD && n == 0 && !l->udp) {
                return "link.bad_answer";
            }
            continue;
        }
        const char *problem = receive(l, buf, &n, end_us);
        if (problem) {
            return problem;
        }
    }
}

// --- one message --------------------------------------------------------------------------------
static const char *talk_tcp(line *l, vg_str frame, unsigned seq, vg_dc09_reply *ret)
{
    return write_all(l->fd, frame.p, frame.n) ? read_answer(l, seq, ANSWER_MS, ret)
                                              : "link.unreachable";
}

// A send that fails says what became of an earlier one: the next may find somebody.
static const char *talk_udp(line *l, vg_str frame, unsigned seq, vg_dc09_reply *ret)
{
    char stale[FRAME_MAX];
    const char *problem = "link.unreachable";
    for (int i = 0; i < STALE_MAX && recv(l->fd, stale, sizeof stale, MSG_DONTWAIT) >= 0; i++) {
    }
    for (size_t i = 0; i < VG_LEN(UDP_WAITS_MS) && problem; i++) {
        if (!write_all(l->fd, frame.p, frame.n)) {
            (void)write_all(l->fd, frame.p, frame.n);
        }
        problem = read_answer(l, seq, UDP_WAITS_MS[i], ret);
    }
    return problem;
}

typedef struct outcome {
    const char *problem;
    bool for_good;
} outcome;

static outcome exchange(line *l, vg_dc09_message *m)
{
    char frame[FRAME_MAX];
    bool duh = false;
    for (int tries = 0; tries < 2; tries++) {
        vg_dc09_reply reply = {0};
        m->time_us = vg_now_us() + l->clock_us;
        m->pad_seed = randombytes_random();
        const size_t n = vg_dc09_encode(l->crypt, m, frame, sizeof frame);
        const char *problem = n ? dial(l) : "link.options";
        if (!problem) {
            problem = (l->udp ? talk_udp : talk_tcp)(l, (vg_str){frame, n}, m->seq, &reply);
        }
        if (problem) {
            hang_up(l);
            return (outcome){problem, false};
        }
        l->sent_us = vg_now_us();
        if (reply.answer == VG_ANSWER_ACK) {
            return (outcome){NULL, false};
        }
        if (reply.answer == VG_ANSWER_NAK && reply.time_us) {
            l->clock_us = reply.time_us - vg_now_us();
            continue;
        }
        duh = true;
        break;
    }
    return (outcome){"link.refused", duh || !l->udp};
}

// --- the sender ---------------------------------------------------------------------------------
static outcome send_one(line *l, vg_arena *a, const vg_parcel *p)
{
    char code[3], data[160];
    const vg_str kind = vg_js_str(a, p->body, "kind");
    const bool restore = vg_str_eqc(vg_js_str(a, p->body, "verb"), "restore");
    const vg_str number = vg_js_str(a, p->body, "number");
    if (strcmp(p->kind, "test") == 0) {
        memcpy(code, "RX", 3);
    } else {
        dc09_sia_for(vg_str_z(a, kind), restore, code);
    }
    const int n =
        snprintf(data, sizeof data, "#%s|Nri%lld/%s0^%.*s^", l->account,
                 (long long)vg_js_i64(p->body, "area", 1), code,
                 (int)(number.n < NUMBER_MAX ? number.n : NUMBER_MAX), number.n ? number.p : "");
    vg_dc09_message m = {.id = "SIA-DCS",
                         .seq = (unsigned)(p->number % 9999 + 1),
                         .path = l->path,
                         .account = l->account,
                         .data = {data, (size_t)n},
                         .key = l->key,
                         .key_len = l->key_len};
    return exchange(l, &m);
}

static void send_all(void *state, vg_arena *a, const vg_parcel *v, size_t n, vg_parcel_result *ret)
{
    line *l = state;
    outcome o = {0};
    for (size_t i = 0; i < n; i++) {
        if (!vg_dial_may_leave(l->core, &v[i], l->host, l->port, &ret[i])) {
            continue;
        }
        if (!o.problem || o.for_good) {
            o = send_one(l, a, &v[i]);
        }
        ret[i].problem = o.problem;
        ret[i].for_good = o.for_good;
    }
}

static const char *supervise(void *state, vg_arena *a)
{
    (void)a;
    line *l = state;
    if (vg_now_us() - l->sent_us < l->poll_us) {
        return l->fd >= 0 ? NULL : l->sent_us ? "link.unreachable" : NULL;
    }
    vg_dc09_message m = {
        .id = "NULL", .path = l->path, .account = l->account, .key = l->key, .key_len = l->key_len};
    return exchange(l, &m).problem;
}

static void end_line(void *state)
{
    line *l = state;
    hang_up(l);
    vg_dc09_crypt_destroy(l->crypt);
    sodium_memzero(l, sizeof *l);
    free(l);
}

static bool key_of(line *l, vg_str secret)
{
    l->key_len = secret.n / 2;
    return secret.n == 0 || ((l->key_len == 16 || l->key_len == 24 || l->key_len == 32) &&
                             vg_unhex(secret, l->key, l->key_len));
}

// R and L stand before the account as the centre expects them; a line without them is L0.
static void path_of(line *l, vg_arena *a, vg_str options)
{
    const vg_str receiver = vg_js_str(a, options, "receiver"),
                 prefix = vg_js_str(a, options, "prefix");
    if (receiver.n) {
        snprintf(l->path, sizeof l->path, "R%.*sL%.*s", VG_FMT(receiver),
                 VG_FMT(prefix.n ? prefix : VG_S("0")));
    } else {
        snprintf(l->path, sizeof l->path, "L%.*s", VG_FMT(prefix.n ? prefix : VG_S("0")));
    }
}

static bool is_account(const char *z)
{
    const size_t n = strlen(z);
    return n >= 3 && n <= 16 && strspn(z, "0123456789ABCDEFabcdef") == n;
}

static void *open_line(vg_core *core, const vg_link *link, vg_str secret, const char **ret_problem)
{
    line *l = vg_alloc(sizeof *l);
    vg_arena *a = vg_arena_create(65536);
    const vg_str options = vg_str_c(link->options);
    *l = (line){.core = core, .label = link->label, .fd = -1, .crypt = vg_dc09_crypt_create()};
    path_of(l, a, options);
    snprintf(l->account, sizeof l->account, "%.*s", VG_FMT(vg_js_str(a, options, "account")));
    l->udp = vg_str_eqc(vg_js_str(a, options, "transport"), "udp");
    l->poll_us = vg_js_i64(options, "poll_s", POLL_DEFAULT_S) * VG_SECOND_US;
    vg_arena_destroy(a);
    if (vg_link_host(link, l->host, &l->port) && is_account(l->account) && key_of(l, secret)) {
        return l;
    }
    end_line(l);
    *ret_problem = "link.options";
    return NULL;
}

const vg_sender_kind vg_sender_dc09 = {.kind = "dc09_out",
                                       .open = open_line,
                                       .close = end_line,
                                       .send = send_all,
                                       .idle = supervise,
                                       .idle_ms = IDLE_MS};
