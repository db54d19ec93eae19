// SPDX-License-Identifier: Apache-2.0
// Appending. The heads of all logs live in memory; what a transaction appended is provisional until
// vg_journal_settle(true). A failed command goes back to its mark, a failed batch to the last commit, so
// the chain in memory never runs ahead of the chain on disk.
#include "journal/journal.h"

#include "journal/chain.h"
#include "journal/schema.h"

#include <sodium.h>

enum { SEAL_EVERY = 256, SALTS = 64 };
#define SEQ_MAX ((INT64_C(1) << VG_SEQ_BITS) - 1)

typedef struct head {
    int64_t seq, recorded_us, sealed_seq, unsealed_since_us;
    unsigned char hash[VG_HASH_BYTES];
} head;

typedef struct log_state {
    char site[VG_ID_TEXT];
    head now, mark, committed;
    bool touched;  // since the last settle
} log_state;

struct vg_journal {
    vg_db *db;
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES], secret_key[crypto_sign_SECRETKEYBYTES];
    log_state *logs;  // index log - 1
    uint32_t n_logs, committed_logs, marked_logs;
    int64_t last_recorded_us;
    unsigned char salts[SALTS][VG_SALT_BYTES];  // asked of the system many at a time
    size_t salts_left;
};

static vg_status load_head(vg_journal *j, uint32_t log, vg_err *err)
{
    head *h = &j->logs[log - 1].now;
    vg_rows *r;
    VG_TRY(vg_rows_open(
        j->db,
        "SELECT id, recorded, hash FROM event WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
        VG_VALS(vg_i(VG_EVENT_ROWID(log, 0)), vg_i(VG_EVENT_ROWID(log + 1, 0) - 1)), &r, err));
    if (vg_rows_next(r)) {
        h->seq = vg_row_i64(r, 0) - VG_EVENT_ROWID(log, 0);
        const int64_t recorded_us = vg_row_i64(r, 1);  // before 1970: not ours, verify says so
        h->recorded_us = recorded_us > 0 ? recorded_us : 0;
        const vg_str hash = vg_row_str(r, 2);
        memcpy(h->hash, hash.p, hash.n < VG_HASH_BYTES ? hash.n : VG_HASH_BYTES);
    }
    VG_TRY(vg_rows_close(r, err));
    int64_t sealed;
    VG_TRY(vg_one_i64(j->db, "SELECT max(id) FROM seal WHERE id BETWEEN ? AND ?",
                      VG_VALS(vg_i(VG_EVENT_ROWID(log, 0)), vg_i(VG_EVENT_ROWID(log + 1, 0) - 1)),
                      VG_EVENT_ROWID(log, 0), &sealed, err));
    h->sealed_seq = sealed - VG_EVENT_ROWID(log, 0);
    h->unsealed_since_us = h->recorded_us;
    j->logs[log - 1].mark = j->logs[log - 1].committed = *h;
    j->last_recorded_us =
        h->recorded_us > j->last_recorded_us ? h->recorded_us : j->last_recorded_us;
    return VG_OK;
}

static log_state *add_log(vg_journal *j, vg_str site)
{
    j->logs = vg_realloc(j->logs, (j->n_logs + 1) * sizeof *j->logs);
    log_state *l = &j->logs[j->n_logs++];
    *l = (log_state){0};
    snprintf(l->site, sizeof l->site, "%.*s", VG_FMT(site));
    return l;
}

// A new journal is of our format; one that has events and does not say so is older than the saying.
static vg_status check_format(vg_db *db, vg_err *err)
{
    VG_TRY(vg_exec(db,
                   "INSERT INTO journal_format (format) SELECT ? WHERE NOT EXISTS"
                   " (SELECT 1 FROM journal_format) AND NOT EXISTS (SELECT 1 FROM event)",
                   VG_VALS(vg_i(VG_JOURNAL_FORMAT)), err));
    return vg_journal_readable(db, err);
}

vg_status vg_journal_open(vg_db *db, const unsigned char seed[32], vg_journal **ret, vg_err *err)
{
    VG_TRY(vg_script(db, VG_JOURNAL_SCHEMA, err));
    VG_TRY(check_format(db, err));
    vg_journal *j = vg_alloc(sizeof *j);
    j->db = db;
    crypto_sign_seed_keypair(j->public_key, j->secret_key, seed);
    vg_rows *r;
    vg_status s = vg_rows_open(db, "SELECT log, site FROM log ORDER BY log", VG_NOVALS, &r, err);
    if (s == VG_OK) {
        while (vg_rows_next(r)) {
            if (vg_row_i64(r, 0) == (int64_t)j->n_logs + 1) {
                add_log(j, vg_row_str(r, 1));
            }
        }
        s = vg_rows_close(r, err);
    }
    for (uint32_t log = 1; s == VG_OK && log <= j->n_logs; log++) {
        s = load_head(j, log, err);
    }
    j->committed_logs = j->marked_logs = j->n_logs;
    if (s != VG_OK) {
        vg_journal_close(j);
        return s;
    }
    *ret = j;
    return VG_OK;
}

void vg_journal_public_key(const unsigned char seed[32], unsigned char out[32])
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(out, secret, seed);
    sodium_memzero(secret, sizeof secret);
}

void vg_journal_close(vg_journal *j)
{
    if (j) {
        sodium_memzero(j->secret_key, sizeof j->secret_key);
        free(j->logs);
        free(j);
    }
}

vg_status vg_journal_log(vg_journal *j, vg_str site, uint32_t *ret_log, vg_err *err)
{
    for (uint32_t i = 0; i < j->n_logs; i++) {
        if (vg_str_eqc(site, j->logs[i].site)) {
            *ret_log = i + 1;
            return VG_OK;
        }
    }
    VG_TRY(vg_exec(j->db, "INSERT INTO log (log, site) VALUES (?, ?)",
                   VG_VALS(vg_i((int64_t)j->n_logs + 1), vg_t(site)), err));
    add_log(j, site);
    *ret_log = j->n_logs;
    return VG_OK;
}

static void next_salt(vg_journal *j, unsigned char out[VG_SALT_BYTES])
{
    if (!j->salts_left) {
        randombytes_buf(j->salts, sizeof j->salts);
        j->salts_left = SALTS;
    }
    memcpy(out, j->salts[--j->salts_left], VG_SALT_BYTES);
}

vg_status vg_journal_append(vg_journal *j, vg_event *e, int64_t now_us, vg_err *err)
{
    log_state *l = &j->logs[e->log - 1];
    head *h = &l->now;
    if (h->seq >= SEQ_MAX ||
        j->last_recorded_us == INT64_MAX) {  // nobody wrote so much, or so late
        return vg_fail(err, VG_ECORRUPT, "", "verify.hash", "%u-%lld", e->log, (long long)h->seq);
    }
    e->seq = h->seq + 1;
    e->cause_log =
        e->cause_seq ? e->cause_log : 0;  // stored as one number: the hash must read the same
    // Strictly later than every record of the process: a clock that steps back never breaks order, and the
    // order of recording is the order over all logs (a rebuild folds in it).
    j->last_recorded_us = now_us > j->last_recorded_us ? now_us : j->last_recorded_us + 1;
    e->recorded_us = j->last_recorded_us;
    next_salt(j, e->salt);
    vg_chain_hash(h->hash, e, e->hash);
    const int64_t cause = e->cause_seq ? VG_EVENT_ROWID(e->cause_log, e->cause_seq) : 0;
    VG_TRY(vg_exec(
        j->db,
        "INSERT INTO event (id, kind, version, label, purpose, world, site, subject, actor, "
        "command,"
        " cause, captured, received, recorded, source, source_seq, body, personal, person, hash, "
        "salt)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        VG_VALS(vg_i(VG_EVENT_ROWID(e->log, e->seq)), vg_t(e->kind), vg_i(e->version),
                vg_i(e->label), vg_i(e->purpose), vg_i(e->world), vg_t(e->site), vg_t(e->subject),
                vg_t(e->actor), vg_b(e->command.b, sizeof e->command.b), vg_i(cause),
                vg_i(e->captured_us), vg_i(e->received_us), vg_i(e->recorded_us), vg_t(e->source),
                vg_i(e->source_seq), vg_t(e->body),
                e->personal.n ? vg_b(e->personal.p, e->personal.n) : vg_nil(),
                e->person.n ? vg_t(e->person) : vg_nil(), vg_b(e->hash, VG_HASH_BYTES),
                vg_b(e->salt, VG_SALT_BYTES)),
        err));
    if (h->sealed_seq == h->seq) {
        h->unsealed_since_us = e->recorded_us;
    }
    h->seq = e->seq;
    h->recorded_us = e->recorded_us;
    memcpy(h->hash, e->hash, VG_HASH_BYTES);
    l->touched = true;
    return VG_OK;
}

static vg_status seal_log(vg_journal *j, uint32_t log, int64_t now_us, vg_err *err)
{
    head *h = &j->logs[log - 1].now;
    unsigned char msg[64], sig[crypto_sign_BYTES];
    const size_t n = vg_seal_message(log, h->seq, now_us, h->hash, msg);
    crypto_sign_detached(sig, NULL, msg, n, j->secret_key);
    VG_TRY(vg_exec(j->db, "INSERT INTO seal (id, hash, sealed, key, signature) VALUES (?,?,?,?,?)",
                   VG_VALS(vg_i(VG_EVENT_ROWID(log, h->seq)), vg_b(h->hash, VG_HASH_BYTES),
                           vg_i(now_us), vg_b(j->public_key, sizeof j->public_key),
                           vg_b(sig, sizeof sig)),
                   err));
    h->sealed_seq = h->seq;
    j->logs[log - 1].touched = true;
    return VG_OK;
}

static bool due(const head *h, int64_t now_us)
{
    const int64_t open = h->seq - h->sealed_seq;
    return open >= SEAL_EVERY || (open > 0 && (now_us - h->unsealed_since_us >= VG_SEAL_AFTER_US ||
                                               now_us + VG_SEAL_AFTER_US < h->unsealed_since_us));
}

vg_status vg_journal_seal(vg_journal *j, int64_t now_us, bool all, vg_err *err)
{
    for (uint32_t log = 1; log <= j->n_logs; log++) {
        const head *h = &j->logs[log - 1].now;
        if (due(h, now_us) || (all && h->seq > h->sealed_seq)) {
            VG_TRY(seal_log(j, log, now_us, err));
        }
    }
    return VG_OK;
}

bool vg_journal_seal_due(const vg_journal *j, int64_t now_us)
{
    for (uint32_t i = 0; i < j->n_logs; i++) {
        if (due(&j->logs[i].now, now_us)) {
            return true;
        }
    }
    return false;
}

void vg_journal_settle(vg_journal *j, bool committed)
{
    if (!committed) {
        j->n_logs = j->committed_logs;
    }
    for (uint32_t i = 0; i < j->n_logs; i++) {
        log_state *l = &j->logs[i];
        if (!l->touched) {
            continue;
        }
        if (committed) {
            l->committed = l->now;
        } else {
            l->now = l->committed;
        }
        l->mark = l->now;
        l->touched = false;
    }
    j->committed_logs = j->marked_logs = j->n_logs;
}

void vg_journal_mark(vg_journal *j)
{
    j->marked_logs = j->n_logs;
    for (uint32_t i = 0; i < j->n_logs; i++) {
        if (j->logs[i].touched) {
            j->logs[i].mark = j->logs[i].now;
        }
    }
}

void vg_journal_undo(vg_journal *j)
{
    j->n_logs = j->marked_logs;
    for (uint32_t i = 0; i < j->n_logs; i++) {
        if (j->logs[i].touched) {
            j->logs[i].now = j->logs[i].mark;
        }
    }
}

int64_t vg_journal_latest(const vg_journal *j)
{
    return j->last_recorded_us;
}

int64_t vg_journal_head(const vg_journal *j, uint32_t log)
{
    return log >= 1 && log <= j->n_logs ? j->logs[log - 1].now.seq : 0;
}

void vg_journal_heads(const vg_journal *j, vg_buf *out)
{
    for (uint32_t i = 0; i < j->n_logs; i++) {
        vg_buf_f(out, "%s%lld", i ? "," : "[", (long long)j->logs[i].now.seq);
    }
    vg_buf_c(out, "]");
}

void vg_journal_rekey(vg_journal *j, const unsigned char seed[32])
{
    crypto_sign_seed_keypair(j->public_key, j->secret_key, seed);
}
