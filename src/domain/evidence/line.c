// SPDX-License-Identifier: Apache-2.0
// One event as one line of JSON. The body stands in it as a text, byte for byte as it was hashed. The ciphertext of a
// personal part is there only with the proof that opens it; else its digest is, which is all that the hash needs.
#include "base/clock.h"
#include "core/person.h"
#include "domain/evidence/evidence_impl.h"
#include "journal/chain.h"

enum { LINE_MAX_BYTES = 4 << 20, PERSONAL_MAX = 1 << 20 };
#define RECORDED_MAX (INT64_C(253402300799) * VG_SECOND_US)  // the year 9999

static void put_hex(vg_jw *w, const char *key, const void *p, size_t n)
{
    char *hex = vg_alloc(2 * n + 1);
    vg_hex(p, n, hex);
    vg_jw_kstr(w, key, (vg_str){hex, 2 * n});
    free(hex);
}

static void put_personal(vg_jw *w, const vg_event *e, const unsigned char *proof, vg_str clear,
                         bool erased)
{
    unsigned char digest[VG_HASH_BYTES];
    vg_jw_kstr(w, "person", e->person);
    if (proof) {
        put_hex(w, "personal", e->personal.p, e->personal.n);
        put_hex(w, "proof", proof, 32);
        vg_jw_kstr(w, "clear", clear);
        return;
    }
    vg_chain_digest(e->personal, digest);
    put_hex(w, "personal_hash", digest, sizeof digest);
    if (erased) {
        vg_jw_kbool(w, "erased", true);
    }
}

void evidence_line_write(const vg_event *e, const unsigned char *proof, vg_str clear, bool erased,
                         vg_buf *out)
{
    vg_jw w = vg_jw_on(out);
    vg_jw_open(&w, '{');
    vg_jw_ki64(&w, "log", e->log);
    vg_jw_ki64(&w, "seq", e->seq);
    vg_jw_ktime_exact(&w, "at", e->recorded_us);
    vg_jw_kstr(&w, "kind", e->kind);
    vg_jw_ki64(&w, "version", e->version);
    vg_jw_ki64(&w, "label", e->label);
    vg_jw_ki64(&w, "purpose", e->purpose);
    vg_jw_ki64(&w, "world", e->world);
    vg_jw_kstr(&w, "site", e->site);
    vg_jw_kstr(&w, "subject", e->subject);
    vg_jw_kstr(&w, "actor", e->actor);
    put_hex(&w, "command", e->command.b, sizeof e->command.b);
    vg_jw_ki64(&w, "cause_log", e->cause_log);
    vg_jw_ki64(&w, "cause_seq", e->cause_seq);
    vg_jw_ki64(&w, "captured", e->captured_us);
    vg_jw_ki64(&w, "received", e->received_us);
    vg_jw_ki64(&w, "recorded", e->recorded_us);
    vg_jw_kstr(&w, "source", e->source);
    vg_jw_ki64(&w, "source_seq", e->source_seq);
    put_hex(&w, "salt", e->salt, sizeof e->salt);
    vg_jw_kstr(&w, "body", e->body);
    if (e->personal.n) {
        put_personal(&w, e, proof, clear, erased);
    }
    vg_jw_close(&w, '}');
    vg_buf_ch(out, '\n');
}

// --- reading back -----------------------------------------------------------------------------------
vg_status evidence_object(vg_str line, json_t **ret, vg_err *err)
{
    if (vg_json_parse(line, LINE_MAX_BYTES, ret, NULL) != VG_OK) {
        return vg_fail(err, VG_ECORRUPT, "file", "evidence.bad_line", "%s", "");
    }
    if (!json_is_object(*ret)) {
        json_decref(*ret);
        return vg_fail(err, VG_ECORRUPT, "file", "evidence.bad_line", "%s", "");
    }
    return VG_OK;
}

bool evidence_unhex(const json_t *o, const char *member, void *out, size_t n)
{
    const char *hex = json_string_value(json_object_get(o, member));
    return hex && strlen(hex) == 2 * n && strspn(hex, "0123456789abcdef") == 2 * n &&
           vg_unhex(vg_str_c(hex), out, n);
}

bool evidence_i64(const json_t *o, const char *member, int64_t min, int64_t max, int64_t *ret)
{
    const json_t *v = json_object_get(o, member);
    *ret = json_is_integer(v) ? json_integer_value(v) : 0;
    return json_is_integer(v) && *ret >= min && *ret <= max;
}

static bool text_of(const json_t *o, const char *member, vg_arena *a, vg_str *ret)
{
    const json_t *v = json_object_get(o, member);
    if (!json_is_string(v)) {
        return false;
    }
    *ret = vg_str_dup(a, (vg_str){json_string_value(v), json_string_length(v)});
    return ret->p != NULL;
}

static bool numbers(const json_t *o, vg_event *e)
{
    int64_t log, version, label, purpose, cause_log;
    const int64_t top = (INT64_C(1) << VG_SEQ_BITS) - 1;
    if (!evidence_i64(o, "log", 1, UINT16_MAX, &log) || !evidence_i64(o, "seq", 1, top, &e->seq) ||
        !evidence_i64(o, "version", INT32_MIN, INT32_MAX, &version) ||
        !evidence_i64(o, "label", INT32_MIN, INT32_MAX, &label) ||
        !evidence_i64(o, "purpose", INT32_MIN, INT32_MAX, &purpose) ||
        !evidence_i64(o, "world", INT64_MIN, INT64_MAX, &e->world) ||
        !evidence_i64(o, "cause_log", 0, UINT32_MAX, &cause_log) ||
        !evidence_i64(o, "cause_seq", 0, top, &e->cause_seq) ||
        !evidence_i64(o, "captured", INT64_MIN, INT64_MAX, &e->captured_us) ||
        !evidence_i64(o, "received", INT64_MIN, INT64_MAX, &e->received_us) ||
        !evidence_i64(o, "recorded", 0, RECORDED_MAX, &e->recorded_us) ||
        !evidence_i64(o, "source_seq", INT64_MIN, INT64_MAX, &e->source_seq)) {
        return false;
    }
    e->log = (uint32_t)log;
    e->version = (int32_t)version;
    e->label = (int32_t)label;
    e->purpose = (int32_t)purpose;
    e->cause_log = (uint32_t)cause_log;
    return true;
}

// The time for people must be the one that is hashed.
static bool same_time(const json_t *o, int64_t us)
{
    char text[VG_TIME_TEXT];
    const json_t *at = json_object_get(o, "at");
    if (!us) {
        return json_is_null(at);
    }
    vg_time_rfc3339(us, text);
    return json_is_string(at) && strcmp(json_string_value(at), text) == 0;
}

static bool texts(const json_t *o, vg_arena *a, vg_event *e)
{
    return text_of(o, "kind", a, &e->kind) && text_of(o, "site", a, &e->site) &&
           text_of(o, "subject", a, &e->subject) && text_of(o, "actor", a, &e->actor) &&
           text_of(o, "source", a, &e->source) && text_of(o, "body", a, &e->body) &&
           evidence_unhex(o, "command", e->command.b, sizeof e->command.b) &&
           evidence_unhex(o, "salt", e->salt, sizeof e->salt) && same_time(o, e->recorded_us);
}

static bool shown_part(const json_t *o, vg_arena *a, evidence_line *l)
{
    unsigned char proof[32];
    vg_str clear, said;
    const size_t n = json_string_length(json_object_get(o, "personal")) / 2;
    unsigned char *box = n && n <= PERSONAL_MAX ? vg_arena_get(a, n) : NULL;
    if (!box || !evidence_unhex(o, "personal", box, n) ||
        !evidence_unhex(o, "proof", proof, sizeof proof) || !text_of(o, "clear", a, &said)) {
        return false;
    }
    l->e.personal = (vg_str){(const char *)box, n};
    if (vg_person_read(proof, l->e.personal, a, &clear, NULL) != VG_OK || !vg_str_eq(clear, said)) {
        return false;
    }
    l->clear = clear;
    l->shown = true;
    return true;
}

// Fills the leaf. Erased or not is what the node says: it cannot be proven.
static bool personal_part(const json_t *o, vg_arena *a, evidence_line *l)
{
    unsigned char digest[VG_HASH_BYTES] = {0};
    l->has_personal = json_object_get(o, "person") != NULL;
    if (!l->has_personal) {
        vg_chain_leaf_without(&l->e, digest, l->leaf);
        return true;
    }
    if (!text_of(o, "person", a, &l->e.person)) {
        return false;
    }
    if (json_object_get(o, "personal")) {
        if (!shown_part(o, a, l)) {
            return false;
        }
        vg_chain_digest(l->e.personal, digest);
    } else if (!evidence_unhex(o, "personal_hash", digest, sizeof digest)) {
        return false;
    }
    l->erased = json_is_true(json_object_get(o, "erased"));
    vg_chain_leaf_without(&l->e, digest, l->leaf);
    return true;
}

vg_status evidence_line_read(vg_str text, vg_arena *a, evidence_line *ret, vg_err *err)
{
    json_t *o;
    evidence_line l = {0};
    VG_TRY(evidence_object(text, &o, err));
    const bool ok = numbers(o, &l.e) && texts(o, a, &l.e) && personal_part(o, a, &l);
    json_decref(o);
    if (!ok) {
        return vg_fail(err, VG_ECORRUPT, "file", "evidence.bad_event", "%u-%lld", l.e.log,
                       (long long)l.e.seq);
    }
    *ret = l;
    return VG_OK;
}
