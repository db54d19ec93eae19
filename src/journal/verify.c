// SPDX-License-Identifier: Apache-2.0
// Reading events back and proving them. Verification walks the table in key order, which is log by log
// and seq by seq, and a second cursor over the seals beside it: one pass, constant memory, in pages, so that
// a running node's WAL is not held back. The first record that does not fit is named; nothing is repaired.
#include "journal/chain.h"
#include "journal/keys.h"

#include <sodium.h>

enum { PAGE = 4096 };

void vg_event_read(vg_rows *r, vg_event *e)
{
    const int64_t id = vg_row_i64(r, 0), cause = vg_row_i64(r, 10);
    const vg_str command = vg_row_str(r, 9), hash = vg_row_str(r, 19), salt = vg_row_str(r, 20);
    *e = (vg_event){
        .log = (uint32_t)(id >> VG_SEQ_BITS),
        .seq = id & ((INT64_C(1) << VG_SEQ_BITS) - 1),
        .kind = vg_row_str(r, 1),
        .version = (int32_t)vg_row_i64(r, 2),
        .label = (int32_t)vg_row_i64(r, 3),
        .purpose = (int32_t)vg_row_i64(r, 4),
        .world = vg_row_i64(r, 5),
        .site = vg_row_str(r, 6),
        .subject = vg_row_str(r, 7),
        .actor = vg_row_str(r, 8),
        .cause_log = (uint32_t)(cause >> VG_SEQ_BITS),
        .cause_seq = cause & ((INT64_C(1) << VG_SEQ_BITS) - 1),
        .captured_us = vg_row_i64(r, 11),
        .received_us = vg_row_i64(r, 12),
        .recorded_us = vg_row_i64(r, 13),
        .source = vg_row_str(r, 14),
        .source_seq = vg_row_i64(r, 15),
        .body = vg_row_str(r, 16),
        .personal = vg_row_str(r, 17),
        .person = vg_row_str(r, 18),
    };
    memcpy(e->command.b, command.p,
           command.n < sizeof e->command.b ? command.n : sizeof e->command.b);
    memcpy(e->hash, hash.p, hash.n < VG_HASH_BYTES ? hash.n : VG_HASH_BYTES);
    memcpy(e->salt, salt.p, salt.n < VG_SALT_BYTES ? salt.n : VG_SALT_BYTES);
}

// How append writes each of VG_EVENT_COLUMNS: l integer, i integer of 32 bits, t text, b blob, T and B the same
// or NULL. What is stored otherwise may read as the same value here and be another to a query: a kind that is a
// blob is found by nobody who asks for events of that kind.
static const char FORM[] = "ltiiiltttblllltltBTbb";

static bool formed(vg_rows *r, int col, char form)
{
    const int type = vg_row_type(r, col);
    const int64_t v = type == VG_V_I64 ? vg_row_i64(r, col) : 0;
    switch (form) {
    case 'l':
        return type == VG_V_I64;
    case 'i':
        return type == VG_V_I64 && v == (int32_t)v;
    case 't':
        return type == VG_V_TEXT;
    case 'b':
        return type == VG_V_BLOB;
    case 'T':
        return type == VG_V_NULL || (type == VG_V_TEXT && vg_row_str(r, col).n > 0);
    default:
        return type == VG_V_NULL || (type == VG_V_BLOB && vg_row_str(r, col).n > 0);
    }
}

// What vg_event_read would round off: a value of another type, a number too wide, a hash or an id of another length.
static bool well_formed(vg_rows *r)
{
    for (int col = 0; FORM[col]; col++) {
        if (!formed(r, col, FORM[col])) {
            return false;
        }
    }
    return vg_row_str(r, 9).n == sizeof(vg_cmd_id) && vg_row_str(r, 19).n == VG_HASH_BYTES &&
           vg_row_str(r, 20).n == VG_SALT_BYTES;
}

// id, hash, key, signature, time of sealing
static bool seal_well_formed(vg_rows *r)
{
    return formed(r, 1, 'b') && formed(r, 2, 'b') && formed(r, 3, 'b') && formed(r, 4, 'l') &&
           vg_row_str(r, 1).n == VG_HASH_BYTES &&
           vg_row_str(r, 2).n == crypto_sign_PUBLICKEYBYTES &&
           vg_row_str(r, 3).n == crypto_sign_BYTES;
}

typedef struct walk {
    vg_rows *events, *seals;
    bool seal_left;
    vg_db *db;
    uint32_t log;
    char site[VG_ID_TEXT];  // of that log
    int64_t seq;
    unsigned char hash[VG_HASH_BYTES];
    const vg_seal_keys *keys;  // NULL: whatever a seal names
    vg_verify_report *rep;
} walk;

static vg_status bad(walk *w, uint32_t log, int64_t seq, const char *why, vg_err *err)
{
    w->rep->bad_log = log;
    w->rep->bad_seq = seq;
    w->rep->why = why;
    return vg_fail(err, VG_ECORRUPT, "", why, "%u-%lld", log, (long long)seq);
}

static vg_status next_log(walk *w, uint32_t log, vg_err *err)
{
    vg_rows *r;
    w->log = log;
    w->seq = 0;
    memset(w->hash, 0, sizeof w->hash);
    w->rep->logs++;
    VG_TRY(vg_rows_open(w->db, "SELECT site FROM log WHERE log = ?", VG_VALS(vg_i(log)), &r, err));
    const bool found = vg_rows_next(r);
    if (found) {
        snprintf(w->site, sizeof w->site, "%.*s", VG_FMT(vg_row_str(r, 0)));
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? VG_OK : bad(w, log, 0, "verify.site", err);
}

static vg_status check_event(walk *w, const vg_event *e, vg_err *err)
{
    unsigned char expect[VG_HASH_BYTES];
    if (e->log != w->log) {
        VG_TRY(next_log(w, e->log, err));
    }
    if (!vg_str_eqc(e->site, w->site)) {
        return bad(w, e->log, e->seq, "verify.site", err);
    }
    if (e->seq != w->seq + 1) {
        return bad(w, e->log, w->seq + 1, "verify.gap", err);
    }
    if (!well_formed(w->events)) {
        return bad(w, e->log, e->seq, "verify.hash", err);
    }
    vg_chain_hash(w->hash, e, expect);
    if (sodium_memcmp(expect, e->hash, VG_HASH_BYTES) != 0) {
        return bad(w, e->log, e->seq, "verify.hash", err);
    }
    w->seq = e->seq;
    memcpy(w->hash, e->hash, VG_HASH_BYTES);
    w->rep->events++;
    return VG_OK;
}

static vg_status check_seal(walk *w, vg_err *err)
{
    const vg_str hash = vg_row_str(w->seals, 1), key = vg_row_str(w->seals, 2),
                 sig = vg_row_str(w->seals, 3);
    unsigned char msg[64];
    if (!seal_well_formed(w->seals) || memcmp(hash.p, w->hash, VG_HASH_BYTES) != 0 ||
        (w->keys && memcmp(key.p, vg_seal_key_at(w->keys, w->log, w->seq), key.n) != 0)) {
        return bad(w, w->log, w->seq, "verify.seal", err);
    }
    const size_t n = vg_seal_message(w->log, w->seq, vg_row_i64(w->seals, 4), w->hash, msg);
    if (crypto_sign_verify_detached((const unsigned char *)sig.p, msg, n,
                                    (const unsigned char *)key.p) != 0) {
        return bad(w, w->log, w->seq, "verify.seal", err);
    }
    w->rep->seals++;
    return VG_OK;
}

static vg_status cut(walk *w, vg_db *db, int64_t id, vg_err *err)
{
    int64_t there;  // appended after its page was read: not a fault
    VG_TRY(vg_one_i64(db, "SELECT 1 FROM event WHERE id = ?", VG_VALS(vg_i(id)), 0, &there, err));
    return there ? VG_OK
                 : bad(w, (uint32_t)(id >> VG_SEQ_BITS), id & ((INT64_C(1) << VG_SEQ_BITS) - 1),
                       "verify.cut", err);
}

static vg_status seals_up_to(walk *w, vg_db *db, int64_t id, vg_err *err)
{
    while (w->seal_left) {
        const int64_t at = vg_row_i64(w->seals, 0);
        if (at > id) {
            return VG_OK;
        }
        VG_TRY(at < id ? cut(w, db, at, err) : check_seal(w, err));
        w->seal_left = vg_rows_next(w->seals);
    }
    return VG_OK;
}

static vg_status one_page(walk *w, vg_db *db, int64_t *after, int *n, vg_err *err)
{
    vg_event e;
    w->seal_left = vg_rows_next(w->seals);
    for (*n = 0; vg_rows_next(w->events); ++*n) {
        vg_event_read(w->events, &e);
        const int64_t id = VG_EVENT_ROWID(e.log, e.seq);
        VG_TRY(seals_up_to(w, db, id - 1, err));
        VG_TRY(check_event(w, &e, err));
        VG_TRY(seals_up_to(w, db, id, err));
        *after = id;
    }
    return *n < PAGE ? seals_up_to(w, db, INT64_MAX, err) : VG_OK;
}

static vg_status page(walk *w, vg_db *db, int64_t *after, int *n, vg_err *err)
{
    VG_TRY(vg_rows_open(
        db, "SELECT " VG_EVENT_COLUMNS " FROM event e WHERE e.id > ? ORDER BY e.id LIMIT ?",
        VG_VALS(vg_i(*after), vg_i(PAGE)), &w->events, err));
    vg_status s = vg_rows_open(
        db, "SELECT id, hash, key, signature, sealed FROM seal WHERE id > ? ORDER BY id",
        VG_VALS(vg_i(*after)), &w->seals, err);
    if (s == VG_OK) {
        s = one_page(w, db, after, n, err);
        vg_err ignored;
        const vg_status c = vg_rows_close(w->seals, s == VG_OK ? err : &ignored);
        s = s == VG_OK ? c : s;
    }
    vg_err ignored;
    const vg_status c = vg_rows_close(w->events, s == VG_OK ? err : &ignored);
    return s == VG_OK ? c : s;
}

vg_status vg_journal_readable(vg_db *db, vg_err *err)
{
    int64_t format = 1;
    const vg_status s =
        vg_one_i64(db, "SELECT format FROM journal_format LIMIT 1", VG_NOVALS, 1, &format, err);
    if (s != VG_OK && s != VG_EINTERNAL) {  // no such table: older than the saying
        return s;
    }
    return format == VG_JOURNAL_FORMAT
               ? VG_OK
               : vg_fail(err, VG_ECORRUPT, "data", "verify.format", "%lld", (long long)format);
}

static vg_status check_format(walk *w, vg_err *err)
{
    vg_err why = {0};
    const vg_status s = vg_journal_readable(w->db, &why);
    if (s == VG_ECORRUPT && why.key && strcmp(why.key, "verify.format") == 0) {
        return bad(w, VG_LOG_NODE, 0, "verify.format", err);
    }
    if (s != VG_OK && err) {
        *err = why;
    }
    return s;
}

static vg_status walk_all(walk *w, vg_err *err)
{
    int64_t after = INT64_MIN;  // nothing may stand before the first log either
    int n;
    do {
        VG_TRY(page(w, w->db, &after, &n, err));
    } while (n == PAGE);
    return VG_OK;
}

vg_status vg_journal_verify(vg_db *db, const unsigned char *key, vg_verify_report *ret, vg_err *err)
{
    *ret = (vg_verify_report){0};
    walk w = {.rep = ret, .db = db};
    VG_TRY(check_format(&w, err));
    if (!key) {
        return walk_all(&w, err);
    }
    vg_seal_keys keys = {0};
    int64_t seq = 0;
    vg_status s = vg_seal_keys_load(db, key, &keys, &seq, err);
    if (s == VG_ECORRUPT) {
        s = bad(&w, VG_LOG_NODE, seq, "verify.rotation", err);
    }
    w.keys = &keys;
    s = s == VG_OK ? walk_all(&w, err) : s;
    vg_seal_keys_done(&keys);
    return s;
}
