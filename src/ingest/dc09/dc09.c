// SPDX-License-Identifier: Apache-2.0
// The receiver's judgement of one DC-09 frame. The order is fixed: CRC, length, source, encryption,
// clock, content; each step that fails has one verdict, and only a frame past all of them gives signals.
// Silence is the answer to everything that may be an attack or a transmission fault; NAK only to a clock
// outside the window (its purpose is to set the panel's clock), DUH only to senseless content.
//
// What encryption is worth: AES-CBC with zero IV and no MAC. A frame counts as authenticated only if its
// time is inside the source's window (also where the window is not enforced) and its inner account, when
// given, is the outer one: keys shared by two panels must not let one speak for the other. Repetitions of
// encrypted frames are told by their plain text alone, since seq, R and L stand outside the encryption.
#include "base/clock.h"
#include "ingest/dc09/data.h"
#include "ingest/dc09/encode.h"

#include <sodium.h>

enum { AHEAD_S = 20, LATE_S = 40, WINDOW_SLACK_S = 2, ACCOUNT_MAX = 17 };

typedef struct dc09_state {
    dc09_codes codes;
    vg_dc09_crypt *crypt;
    unsigned char hash_key[16];
    unsigned char sealed[DC09_FRAME_MAX / 2], plain[DC09_FRAME_MAX / 2];
} dc09_state;

typedef struct dc09_note {  // what an answer needs
    char path[48], seq[4];
    uint8_t path_n, binary_crc, encrypted, old_form;
} dc09_note;
_Static_assert(sizeof(dc09_note) <= VG_INGEST_NOTE_BYTES, "the note must fit");

typedef struct judgement {  // one frame on its way
    dc09_state *s;
    const vg_ingest_in *in;
    vg_ingest_out *out;
    dc09_frame f;
    dc09_content c;
    char account[ACCOUNT_MAX];
} judgement;

static void *dc09_create(const unsigned char key[VG_INGEST_KEY_BYTES])
{
    _Static_assert(VG_INGEST_KEY_BYTES == crypto_shorthash_KEYBYTES, "the key is SipHash's");
    dc09_state *s = vg_alloc(sizeof *s);
    dc09_codes_init(&s->codes);
    s->crypt = vg_dc09_crypt_create();
    memcpy(s->hash_key, key, sizeof s->hash_key);
    return s;
}

static void dc09_destroy(void *state)
{
    dc09_state *s = state;
    if (s) {
        vg_dc09_crypt_destroy(s->crypt);
        free(s);
    }
}

// --- helpers --------------------------------------------------------------------------------------

static vg_ingest_step verdict(judgement *j, vg_ingest_count why, vg_ingest_answer answer)
{
    j->out->verdict = why;
    j->out->answer = answer;
    const bool bad = why == VG_INGEST_bad_crc || why == VG_INGEST_bad_length;
    return bad ? VG_INGEST_BAD : VG_INGEST_DONE;
}

static void set_account(judgement *j, vg_str account)
{
    const size_t n = account.n < ACCOUNT_MAX ? account.n : ACCOUNT_MAX - 1;
    for (size_t i = 0; i < n; i++) {
        const char c = account.p[i];
        j->account[i] = (char)(c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c);
    }
    j->account[n] = '\0';
    j->out->source = n ? vg_register_find(j->in->sources, "dc09", j->account) : NULL;
}

static bool flag(const judgement *j, uint32_t bit)
{
    return j->out->source && (j->out->source->flags & bit);
}

static void window(const vg_source *s, int64_t *ret_ahead_s, int64_t *ret_late_s)
{
    *ret_ahead_s = s && s->time_ahead_s > 0 ? s->time_ahead_s : AHEAD_S;
    *ret_late_s = s && s->time_late_s > 0 ? s->time_late_s : LATE_S;
}

static bool fresh(const judgement *j)
{
    int64_t ahead, late;
    window(j->out->source, &ahead, &late);
    const int64_t off = j->c.time_us - j->in->now_us;
    return off <= ahead * VG_SECOND_US && off >= -late * VG_SECOND_US;
}

static void add_identity(judgement *j, vg_str seq, vg_str id, vg_str part)
{
    char buf[ACCOUNT_MAX + 4 + 16 + crypto_shorthash_siphashx24_BYTES] = "";
    memcpy(buf, j->account, ACCOUNT_MAX);
    memcpy(buf + ACCOUNT_MAX, seq.p, seq.n);
    memcpy(buf + ACCOUNT_MAX + 4, id.p, id.n);
    crypto_shorthash_siphashx24((unsigned char *)buf + ACCOUNT_MAX + 20,
                                (const unsigned char *)part.p, part.n, j->s->hash_key);
    vg_ingest_identity *to = &j->out->identity[j->out->identities++];
    crypto_shorthash((unsigned char *)to, (const unsigned char *)buf, sizeof buf, j->s->hash_key);
}

static int dc09_window_s(const vg_source *s)
{
    int64_t ahead, late;
    window(s, &ahead, &late);
    return (int)(ahead + late) + WINDOW_SLACK_S;
}

static void write_note(judgement *j)
{
    const dc09_frame *f = &j->f;
    dc09_note n = {.seq = "0000",
                   .binary_crc = f->binary_crc,
                   .encrypted = f->encrypted,
                   .old_form = f->old_form};
    if (f->seq.n == sizeof n.seq) {
        memcpy(n.seq, f->seq.p, sizeof n.seq);
    }
    if (f->path.n && f->path.n <= sizeof n.path) {
        memcpy(n.path, f->path.p, f->path.n);
        n.path_n = (uint8_t)f->path.n;
    }
    memcpy(j->out->note, &n, sizeof n);
}

static dc09_events begin_events(const judgement *j)
{
    dc09_events e = {.codes = &j->s->codes, .v = j->out->v};
    vg_signal *s = &e.common;
    int64_t seq;
    s->source = j->out->source ? j->out->source->index : VG_SOURCE_NONE;
    s->flags = j->out->authenticated ? VG_SIG_AUTHENTICATED : 0;
    s->received_us = j->in->now_us;
    s->captured_us = j->c.occurred_us ? j->c.occurred_us : j->c.timed ? j->c.time_us : 0;
    s->source_seq = vg_str_i64(j->f.seq, 0, 9999, &seq, NULL) == VG_OK ? seq : -1;
    memcpy(s->proto, "dc09", 5);
    memcpy(s->address, j->account, ACCOUNT_MAX);
    snprintf(s->peer, sizeof s->peer, "%s", j->in->peer ? j->in->peer : "");
    return e;
}

static void add_poll(dc09_events *e)
{
    dc09_event_add(e)->verb = VG_SIG_POLL;
}

// A frame we can read but not understand is kept: its text may be all there is of an alarm.
static void add_other(dc09_events *e, vg_str id, vg_str data)
{
    vg_signal *s = dc09_event_add(e);
    s->verb = VG_SIG_OTHER;
    s->flags |= VG_SIG_UNCLASSIFIED;
    memcpy(s->kind, "other", 6);
    dc09_text(id, s->code, sizeof s->code);
    dc09_text(data, s->text, sizeof s->text);
}

// --- judgement ------------------------------------------------------------------------------------

// The events of a frame that may be believed. False: there is data, and no sense in it.
static bool collect(judgement *j)
{
    dc09_events e = begin_events(j);
    const vg_str id = j->f.id, data = vg_str_trim(j->c.data);
    if (data.n == 0 || vg_str_eqc(id, "NULL")) {
        add_poll(&e);
    } else if (vg_str_eqc(id, "SIA-DCS")) {
        dc09_sia_events(&e, data);
    } else if (vg_str_eqc(id, "ADM-CID")) {
        dc09_cid_events(&e, data);
    } else {
        add_other(&e, id, data);
    }
    dc09_extended_texts(&e, j->c.extended);
    j->out->n = e.n;
    return e.n > 0;
}

static vg_ingest_step accept(judgement *j)
{
    if (!collect(j)) {
        return verdict(j, VG_INGEST_unparseable, VG_ANSWER_DUH);
    }
    if (j->out->v[0].verb != VG_SIG_POLL) {
        add_identity(j, j->f.seq, j->f.id, j->c.undated);
    } else if (
        !j->out->source) {  // polls of a known source count each; a stranger's would flood the list
        add_identity(j, VG_S(""), j->f.id, VG_S(""));
    }
    return verdict(j, j->out->source ? VG_INGEST_accepted : VG_INGEST_unknown, VG_ANSWER_ACK);
}

static vg_ingest_step judge_clear(judgement *j)
{
    if (!dc09_content_parse(j->f.rest, false, &j->c)) {
        return verdict(j, j->f.length_ok ? VG_INGEST_unparseable : VG_INGEST_bad_length,
                       j->f.length_ok ? VG_ANSWER_DUH : VG_ANSWER_NONE);
    }
    set_account(j, j->f.account.n ? j->f.account : j->c.account);
    if (!j->f.length_ok && !flag(j, VG_SRC_LENIENT_LENGTH)) {
        return verdict(j, VG_INGEST_bad_length, VG_ANSWER_NONE);
    }
    if (j->account[0] == '\0') {
        return verdict(j, VG_INGEST_unparseable, VG_ANSWER_DUH);
    }
    if (flag(j, VG_SRC_DISABLED)) {
        return verdict(j, VG_INGEST_disabled, VG_ANSWER_NONE);
    }
    if (flag(j, VG_SRC_ENCRYPTED_REQUIRED)) {
        return verdict(j, VG_INGEST_clear_refused, VG_ANSWER_NONE);
    }
    if (j->c.timed && !fresh(j) && !flag(j, VG_SRC_ACCEPT_CLOCK)) {
        return verdict(j, VG_INGEST_clock, VG_ANSWER_NAK);
    }
    return accept(j);
}

static bool printable(const char *from, const char *end)
{
    for (; from < end; from++) {
        const unsigned char c = (unsigned char)*from;
        if (c < 0x20 || c == 0x7F) {
            return false;
        }
    }
    return true;
}

// Decrypts and splits. False: not a message under this key. A block changed on the way comes out as
// noise, which the check for control characters finds nine times in ten.
static bool unseal(judgement *j, vg_str *ret_plain)
{
    dc09_state *s = j->s;
    const vg_source *src = j->out->source;
    const size_t n = j->f.rest.n / 2;
    if (n == 0 || n > sizeof s->sealed || !vg_unhex(j->f.rest, s->sealed, n) ||
        !dc09_decrypt(s->crypt, (dc09_key){src->key, src->key_len}, s->sealed, n, s->plain)) {
        return false;
    }
    *ret_plain = (vg_str){(const char *)s->plain, n};
    return dc09_content_parse(*ret_plain, true, &j->c) && j->c.timed &&
           printable(j->c.undated.p, ret_plain->p + n);
}

static bool same_account(const judgement *j)
{
    return j->c.account.n == 0 || (j->c.account.n == strlen(j->account) &&
                                   strncasecmp(j->c.account.p, j->account, j->c.account.n) == 0);
}

// Encrypted and from nobody we know: kept for the waiting list, not answered.
static vg_ingest_step keep_unknown(judgement *j)
{
    dc09_events e = begin_events(j);
    add_other(&e, j->f.id, VG_S(""));
    j->out->n = e.n;
    add_identity(j, VG_S(""), VG_S(""), j->f.rest);
    return verdict(j, VG_INGEST_unknown, VG_ANSWER_NONE);
}

static vg_ingest_step judge_encrypted(judgement *j)
{
    vg_str plain;
    set_account(j, j->f.account);
    if (!j->f.length_ok && !flag(j, VG_SRC_LENIENT_LENGTH)) {
        return verdict(j, VG_INGEST_bad_length, VG_ANSWER_NONE);
    }
    if (j->account[0] == '\0') {
        return verdict(j, VG_INGEST_undecryptable, VG_ANSWER_NONE);  // whose key?
    }
    if (!j->out->source) {
        return keep_unknown(j);
    }
    if (flag(j, VG_SRC_DISABLED)) {
        return verdict(j, VG_INGEST_disabled, VG_ANSWER_NONE);
    }
    if (!unseal(j, &plain)) {
        return verdict(j, VG_INGEST_undecryptable, VG_ANSWER_NONE);
    }
    if (!fresh(j) && !flag(j, VG_SRC_ACCEPT_CLOCK)) {
        return verdict(j, VG_INGEST_clock, VG_ANSWER_NAK);
    }
    j->out->authenticated = fresh(j) && same_account(j);
    add_identity(j, VG_S(""), VG_S(""), plain);
    return accept(j);
}

static vg_ingest_step judge_old(judgement *j)
{
    set_account(j, j->f.account);
    if (flag(j, VG_SRC_DISABLED)) {
        return verdict(j, VG_INGEST_disabled, VG_ANSWER_NONE);
    }
    if (flag(j, VG_SRC_ENCRYPTED_REQUIRED)) {
        return verdict(j, VG_INGEST_clear_refused, VG_ANSWER_NONE);
    }
    return accept(j);
}

// Another receiver's words. Answering them would let a forged datagram set two receivers talking for ever.
static bool is_answer(vg_str id)
{
    return vg_str_eqc(id, "ACK") || vg_str_eqc(id, "NAK") || vg_str_eqc(id, "DUH") ||
           vg_str_eqc(id, "RSP");
}

static vg_ingest_step dc09_decode(void *state, const vg_ingest_in *in, vg_ingest_out *out)
{
    judgement j = {.s = state, .in = in, .out = out};
    out->n = 0;
    out->source = NULL;
    out->authenticated = false;
    out->identities = 0;
    out->answer = VG_ANSWER_NONE;
    const vg_ingest_step step =
        dc09_split(in->bytes, in->whole, &j.f, &out->consumed, &out->verdict);
    if (step != VG_INGEST_DONE) {
        return step;
    }
    const bool readable = j.f.old_form || dc09_header(&j.f);
    write_note(&j);
    if (!readable) {
        return verdict(&j, j.f.length_ok ? VG_INGEST_unparseable : VG_INGEST_bad_length,
                       j.f.length_ok ? VG_ANSWER_DUH : VG_ANSWER_NONE);
    }
    if (is_answer(j.f.id)) {
        return verdict(&j, VG_INGEST_unparseable, VG_ANSWER_NONE);
    }
    return j.f.old_form ? judge_old(&j) : j.f.encrypted ? judge_encrypted(&j) : judge_clear(&j);
}

// --- answers --------------------------------------------------------------------------------------

static size_t sealed_reply(dc09_state *s, const vg_ingest_reply *r, char *out, size_t cap)
{
    char content[2 + DC09_TIME_BYTES] = "]_", time[DC09_TIME_BYTES];
    uint64_t pad;
    if (!r->source) {
        return 0;
    }
    dc09_time_text(r->now_us, time);
    memcpy(content + 2, time, DC09_TIME_BYTES);
    crypto_shorthash((unsigned char *)&pad, (const unsigned char *)r->note, sizeof(dc09_note),
                     s->hash_key);
    const dc09_seal seal = {
        s->crypt, {r->source->key, r->source->key_len}, 0, pad ^ (uint64_t)r->now_us};
    return dc09_sealed(&seal, vg_str_c(content), out, cap);
}

static size_t reply_body(dc09_state *s, const vg_ingest_reply *r, const dc09_note *n, char *out,
                         size_t cap)
{
    char time[DC09_TIME_BYTES];
    if (r->answer == VG_ANSWER_NAK) {
        dc09_time_text(r->now_us, time);
        return (size_t)snprintf(out, cap, "\"NAK\"0000R0L0A0[]_%s", time);
    }
    const size_t h =
        (size_t)snprintf(out, cap, "\"%s%s\"%.4s%.*s[", n->encrypted ? "*" : "",
                         r->answer == VG_ANSWER_ACK ? "ACK" : "DUH", n->seq, n->path_n, n->path);
    if (!n->encrypted) {
        out[h] = ']';
        return h + 1;
    }
    const size_t k = sealed_reply(s, r, out + h, cap - h);
    return k ? h + k : 0;
}

static size_t dc09_encode_reply(void *state, const vg_ingest_reply *r, char *out, size_t cap)
{
    static const char OLD[] = "\"ACK\"";
    dc09_note n;
    char body[256];
    memcpy(&n, r->note, sizeof n);
    if (n.old_form) {
        return cap < sizeof OLD ? 0 : (size_t)snprintf(out, cap, "%s", OLD);
    }
    const size_t k = reply_body(state, r, &n, body, sizeof body);
    return k ? dc09_wrap((vg_str){body, k}, n.binary_crc, out, cap) : 0;
}

const vg_ingest vg_ingest_dc09 = {
    .name = "dc09",
    .transports = VG_INGEST_TCP | VG_INGEST_UDP,
    .frame_max = DC09_FRAME_MAX,
    .create = dc09_create,
    .destroy = dc09_destroy,
    .decode = dc09_decode,
    .encode_reply = dc09_encode_reply,
    .window_s = dc09_window_s,
};
