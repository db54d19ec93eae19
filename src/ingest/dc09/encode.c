// SPDX-License-Identifier: Apache-2.0
// Frames are put together in a buffer of the largest size, then wrapped. The pad is drawn from letters
// and digits by a caller's seed: it must not repeat secrets and must not hold [ ] or |.
#include "ingest/dc09/encode.h"

#include "ingest/dc09/data.h"

static size_t pad_bytes(const dc09_seal *s, size_t content)
{
    const size_t bar = (s->quirks & VG_DC09_NO_BAR) == 0;
    const size_t pad = 16 - (content + bar) % 16;  // 1 to 16
    return pad == 1 && (s->quirks & VG_DC09_LONG_PAD) ? 17 : pad;
}

static void fill_pad(uint64_t seed, unsigned char *p, size_t n)
{
    static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    uint64_t x = seed | 1;
    for (size_t i = 0; i < n; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        p[i] = (unsigned char)ALPHABET[x >> 40 & 31];
    }
}

static void upper_hex(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        p[i] = (char)(p[i] >= 'a' ? p[i] - 'a' + 'A' : p[i]);
    }
}

size_t dc09_sealed(const dc09_seal *s, vg_str content, char *out, size_t cap)
{
    unsigned char plain[DC09_FRAME_MAX / 2], sealed[DC09_FRAME_MAX / 2];
    const size_t pad = content.n < sizeof plain - 40 ? pad_bytes(s, content.n) : 0;
    if (pad == 0) {
        return 0;
    }
    size_t n = pad;
    fill_pad(s->pad_seed, plain, pad);
    if (!(s->quirks & VG_DC09_NO_BAR)) {
        plain[n++] = '|';
    }
    memcpy(plain + n, content.p, content.n);
    n += content.n;
    if (cap < 2 * n + 1 || !dc09_encrypt(s->crypt, s->key, plain, n, sealed)) {
        return 0;
    }
    vg_hex(sealed, n, out);
    if (!(s->quirks & VG_DC09_LOWER_HEX)) {
        upper_hex(out, 2 * n);
    }
    return 2 * n;
}

static size_t content_text(const vg_dc09_message *m, char *out, size_t cap)
{
    char time[DC09_TIME_BYTES] = "";
    if (m->time_us) {
        dc09_time_text(m->time_us, time);
    }
    const int n = snprintf(out, cap, "%.*s]%.*s%s%s", VG_FMT(m->data), VG_FMT(m->extended),
                           m->time_us ? "_" : "", time);
    return n > 0 && (size_t)n < cap ? (size_t)n : 0;
}

size_t vg_dc09_encode(vg_dc09_crypt *c, const vg_dc09_message *m, char *out, size_t cap)
{
    char content[DC09_FRAME_MAX / 2], body[DC09_FRAME_MAX];
    const size_t n = content_text(m, content, sizeof content);
    const int h =
        snprintf(body, sizeof body, "\"%s%s\"%04u%s%s%s[", m->key_len ? "*" : "", m->id,
                 m->seq % 10000, m->path, m->account ? "#" : "", m->account ? m->account : "");
    if (n == 0 || h < 0 || (size_t)h + n >= sizeof body) {
        return 0;
    }
    size_t used = (size_t)h;
    if (m->key_len) {
        const dc09_seal s = {c, {m->key, m->key_len}, m->quirks, m->pad_seed};
        const size_t k = dc09_sealed(&s, (vg_str){content, n}, body + used, sizeof body - used);
        if (k == 0) {
            return 0;
        }
        used += k;
    } else {
        memcpy(body + used, content, n);
        used += n;
    }
    return dc09_wrap((vg_str){body, used}, m->quirks & VG_DC09_BINARY_CRC, out, cap);
}

static bool open_reply(vg_dc09_crypt *c, vg_str key, const dc09_frame *f, vg_dc09_reply *ret)
{
    unsigned char sealed[256], plain[256];
    const size_t n = f->rest.n / 2;
    dc09_content content;
    if (!c || n == 0 || n > sizeof sealed || !vg_unhex(f->rest, sealed, n) ||
        !dc09_decrypt(c, (dc09_key){(const unsigned char *)key.p, key.n}, sealed, n, plain) ||
        !dc09_content_parse((vg_str){(const char *)plain, n}, true, &content) || !content.timed) {
        return false;
    }
    ret->time_us = content.time_us;
    return true;
}

static bool read_reply(vg_dc09_crypt *c, vg_str key, dc09_frame *f, vg_dc09_reply *ret)
{
    static const struct {
        const char *id;
        vg_ingest_answer answer;
    } KNOWN[] = {{"ACK", VG_ANSWER_ACK}, {"NAK", VG_ANSWER_NAK}, {"DUH", VG_ANSWER_DUH}};
    const bool nak = f->body.n > 24 && memcmp(f->body.p, "\"NAK\"0000R0L0A0[]_", 18) == 0;
    if (nak) {
        ret->answer = VG_ANSWER_NAK;
        return dc09_time_parse((vg_str){f->body.p + 18, f->body.n - 18}, &ret->time_us);
    }
    if (!dc09_header(f)) {
        return false;
    }
    for (size_t i = 0; i < VG_LEN(KNOWN); i++) {
        if (vg_str_eqc(f->id, KNOWN[i].id)) {
            ret->answer = KNOWN[i].answer;
        }
    }
    int64_t seq;
    ret->seq = vg_str_i64(f->seq, 0, 9999, &seq, NULL) == VG_OK ? (int)seq : -1;
    ret->encrypted = f->encrypted;
    memcpy(ret->account, f->account.p ? f->account.p : "", f->account.n);
    return ret->answer != VG_ANSWER_NONE && (!f->encrypted || open_reply(c, key, f, ret));
}

vg_ingest_step vg_dc09_reply_parse(vg_dc09_crypt *c, vg_str bytes, vg_str key, vg_dc09_reply *ret)
{
    static const char BARE[] = "\"ACK\"";
    *ret = (vg_dc09_reply){.seq = -1};
    if (bytes.n >= sizeof BARE - 1 && memcmp(bytes.p, BARE, sizeof BARE - 1) == 0) {
        ret->answer = VG_ANSWER_ACK;
        ret->consumed = sizeof BARE - 1;
        return VG_INGEST_DONE;
    }
    dc09_frame f;
    vg_ingest_count why;
    const vg_ingest_step step = dc09_split(bytes, false, &f, &ret->consumed, &why);
    if (step != VG_INGEST_DONE) {
        return step;
    }
    return f.length_ok && read_reply(c, key, &f, ret) ? VG_INGEST_DONE : VG_INGEST_BAD;
}
