// SPDX-License-Identifier: Apache-2.0
// An act in the words of a device's protocol: DC-09 with SIA or Contact ID codes, or the signed webhook. The
// panel's side only: nothing here knows what the node makes of it. Times are the moment of sending, because a
// receiver refuses others. A webhook message carries its own id, so that a repetition is known as one.
#include "app/simulate.h"

#include "base/clock.h"
#include "base/json.h"
#include "ingest/webhook/webhook.h"

#include <sodium.h>

static const struct {
    const char *name, *sia, *cid;
    bool user;
} ACTS[] = {
#define X(name, sia, cid, user) {#name, sia, cid, user},
    SIM_ACTS(X)
#undef X
};

// What a detector of this kind sends: SIA alarm and restore, Contact ID code.
static const struct {
    const char *kind, *raise, *restore, *cid;
} DETECTORS[] = {
    {"smoke", "FA", "FR", "111"},       {"fire", "FA", "FR", "110"},
    {"heat", "KA", "KR", "114"},        {"gas", "GA", "GR", "151"},
    {"holdup", "HA", "HR", "122"},      {"panic", "PA", "PR", "120"},
    {"door_forced", "DF", "DR", "423"}, {"glass_break", "BA", "BR", "155"},
    {"water", "WA", "WR", "154"},       {"", "BA", "BR", "130"},
};

const char *sim_act_name(sim_act a)
{
    return a < SIM_ACTS_N ? ACTS[a].name : "";
}

sim_act sim_act_parse(const char *name)
{
    size_t i = 0;
    while (i < SIM_ACTS_N && strcmp(ACTS[i].name, name) != 0) {
        i++;
    }
    return (sim_act)i;
}

typedef struct words {
    char sia[3], cid[5], number[16];
    const char *kind, *text;
} words;

static words words_of(const sim_device *d, const sim_say *s)
{
    words w = {.kind = "", .text = ""};
    if (s->point < d->n_points) {
        const sim_point *p = &d->points[s->point];
        w.kind = p->kind;
        w.text = p->text;
        snprintf(w.number, sizeof w.number, "%s", p->number);
    }
    if (ACTS[s->act].user) {
        snprintf(w.number, sizeof w.number, "%03u", s->user % 1000U);
    }
    snprintf(w.sia, sizeof w.sia, "%s", ACTS[s->act].sia);
    snprintf(w.cid, sizeof w.cid, "%s", ACTS[s->act].cid);
    if (s->act == SIM_alarm || s->act == SIM_restore) {
        size_t i = 0;
        while (DETECTORS[i].kind[0] && strcmp(DETECTORS[i].kind, w.kind) != 0) {
            i++;
        }
        const bool alarm = s->act == SIM_alarm;
        snprintf(w.sia, sizeof w.sia, "%s", alarm ? DETECTORS[i].raise : DETECTORS[i].restore);
        snprintf(w.cid, sizeof w.cid, "%c%.3s", alarm ? '1' : '3', DETECTORS[i].cid);
    }
    return w;
}

// --- DC-09 --------------------------------------------------------------------------------------
static int data_text(const sim_device *d, const sim_say *s, char *out, size_t cap)
{
    const words w = words_of(d, s);
    char user[8] = "", text[72] = "";
    if (s->act == SIM_poll) {
        return 0;
    }
    if (d->cid) {
        return snprintf(out, cap, "#%s|%s 01 %s", d->address, w.cid,
                        w.number[0] ? w.number : "000");
    }
    if (s->act == SIM_granted || s->act == SIM_denied) {
        snprintf(user, sizeof user, "id%u/", s->user % 1000U);
    }
    if (w.text[0]) {
        snprintf(text, sizeof text, "^%s^", w.text);
    }
    return snprintf(out, cap, "#%s|Nri1/%s%s%s%s", d->address, user, w.sia, w.number, text);
}

static size_t dc09_frame_of(vg_dc09_crypt *c, sim_device *d, const sim_say *s, int64_t now_us,
                            char *out, size_t cap)
{
    char data[256], extended[80] = "";
    const bool poll = s->act == SIM_poll;
    const int n = data_text(d, s, data, sizeof data);
    if (n < 0 || (size_t)n >= sizeof data || (!poll && d->cid && !words_of(d, s).cid[0])) {
        return 0;
    }
    if (d->cid && s->point < d->n_points) {
        snprintf(extended, sizeof extended, "[I%s]", d->points[s->point].text);
    }
    d->seq = poll ? d->seq : d->seq % 9999 + 1;
    const vg_dc09_message m = {
        .id = poll     ? "NULL"
              : d->cid ? "ADM-CID"
                       : "SIA-DCS",
        .seq = poll ? 0 : d->seq,
        .path = "L0",
        .account = d->address,
        .data = {data, (size_t)n},
        .extended = vg_str_c(extended),
        .time_us = now_us,
        .key = d->key,
        .key_len = d->key_len,
        .pad_seed = (uint64_t)now_us,
    };
    return vg_dc09_encode(c, &m, out, cap);
}

// --- webhook ------------------------------------------------------------------------------------
static void hook_body(vg_buf *b, const sim_device *d, const sim_say *s, int64_t now_us)
{
    const words w = words_of(d, s);
    char id[VG_ID_TEXT];
    vg_id_random(id);
    vg_jw j = vg_jw_on(b);
    vg_jw_open(&j, '{');
    if (s->act == SIM_poll) {
        vg_jw_kz(&j, "verb", "poll");
    } else if (s->act == SIM_test) {
        vg_jw_kz(&j, "verb", "test");
    } else {
        vg_jw_kz(&j, "kind", w.kind[0] ? w.kind : "other");
        vg_jw_kz(&j, "verb",
                 s->act == SIM_alarm     ? "raise"
                 : s->act == SIM_restore ? "restore"
                                         : "other");
        vg_jw_kz(&j, "point", w.number);
        vg_jw_kz(&j, "text", w.text);
    }
    vg_jw_ktime(&j, "time", now_us);
    vg_jw_kz(&j, "id", id);
    vg_jw_close(&j, '}');
}

static size_t hook_frame(const sim_device *d, const sim_say *s, int64_t now_us, char *out,
                         size_t cap)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char stamp[24], hex[2 * sizeof mac + 1];
    vg_buf body;
    vg_buf_init(&body, 2048);
    hook_body(&body, d, s, now_us);
    snprintf(stamp, sizeof stamp, "%lld", (long long)(now_us / VG_SECOND_US));
    crypto_auth_hmacsha256_state h;
    crypto_auth_hmacsha256_init(&h, d->key, d->key_len);
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)stamp, strlen(stamp));
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)".", 1);
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)body.p, body.n);
    crypto_auth_hmacsha256_final(&h, mac);
    vg_hex(mac, sizeof mac, hex);
    const int n =
        snprintf(out, cap,
                 "POST /ingest/webhook/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                 "Content-Type: application/json\r\n" VG_WEBHOOK_TIMESTAMP
                 ": %s\r\n" VG_WEBHOOK_SIGNATURE ": %s\r\nContent-Length: %zu\r\n\r\n%s",
                 d->address, stamp, hex, body.n, vg_buf_z(&body));
    vg_buf_done(&body);
    return n > 0 && (size_t)n < cap ? (size_t)n : 0;
}

size_t sim_frame(vg_dc09_crypt *c, sim_device *d, const sim_say *s, int64_t now_us, char *out,
                 size_t cap)
{
    return d->speech == SIM_DC09   ? dc09_frame_of(c, d, s, now_us, out, cap)
           : d->speech == SIM_HOOK ? hook_frame(d, s, now_us, out, cap)
                                   : sim_http_frame(d, s, now_us, out, cap);
}

// --- answers ------------------------------------------------------------------------------------
static void drop(sim_device *d, size_t n)
{
    n = n > d->in_n ? d->in_n : n;
    memmove(d->in, d->in + n, d->in_n - n);
    d->in_n -= n;
}

static sim_answer http_answer(sim_device *d)
{
    int status = 0;
    if (!memmem(d->in, d->in_n, "\r\n\r\n", 4)) {
        return d->in_n < sizeof d->in ? SIM_MORE : SIM_STRANGE;
    }
    d->in[d->in_n - 1] = 0;
    const bool ok = sscanf(d->in, "HTTP/1.%*d %3d", &status) == 1;
    d->in_n = 0;
    return !ok                              ? SIM_STRANGE
           : status >= 200 && status < 300  ? SIM_ACK
           : status == 429 || status >= 500 ? SIM_NAK
                                            : SIM_DUH;
}

static sim_answer dc09_answer(vg_dc09_crypt *c, sim_device *d)
{
    static const sim_answer OF[] = {[VG_ANSWER_NONE] = SIM_STRANGE,
                                    [VG_ANSWER_ACK] = SIM_ACK,
                                    [VG_ANSWER_NAK] = SIM_NAK,
                                    [VG_ANSWER_DUH] = SIM_DUH};
    const bool poll = d->n_queue && d->queue[d->head].act == SIM_poll;
    const unsigned seq = poll ? 0 : d->seq;
    while (d->in_n) {
        vg_dc09_reply r;
        const vg_str key = {(const char *)d->key, d->key_len};
        const vg_ingest_step step = vg_dc09_reply_parse(c, (vg_str){d->in, d->in_n}, key, &r);
        drop(d, r.consumed);
        if (step != VG_INGEST_DONE) {
            return step == VG_INGEST_NEED && d->in_n < sizeof d->in ? SIM_MORE : SIM_STRANGE;
        }
        if (r.answer != VG_ANSWER_ACK || r.seq < 0 || (unsigned)r.seq == seq) {
            return OF[r.answer];
        }  // else: of an earlier sending
    }
    return SIM_MORE;
}

sim_answer sim_read_answer(vg_dc09_crypt *c, sim_device *d)
{
    return d->transport == SIM_HTTP ? http_answer(d) : dc09_answer(c, d);
}
