// SPDX-License-Identifier: Apache-2.0
// A bundle carries, of each anchor since its first event, the proof where that anchor saw the bundle's logs (core/anchor.h):
// whoever kept the card finds its 32 bytes again, and that the bundle's chain goes through just that place. Nothing is
// said of other logs. An anchor whose own note the journal no longer bears out is left out: its card will not be found.
#include "domain/evidence/evidence_impl.h"

vg_status evidence_anchor_after(vg_db *db, uint32_t log, int64_t last, int64_t most, int64_t *ret,
                                vg_err *err)
{
    char at[32];
    snprintf(at, sizeof at, "$[%u]", log - 1);
    return vg_one_i64(db,
                      "SELECT min(json_extract(heads, ?1)) FROM anchor WHERE salt <> x'' AND"
                      " json_extract(heads, ?1) BETWEEN ?2 AND ?3 AND EXISTS (SELECT 1 FROM event"
                      " WHERE id = ?4 + json_extract(heads, ?1))",
                      VG_VALS(vg_z(at), vg_i(last), vg_i(most), vg_i(VG_EVENT_ROWID(log, 0))), 0,
                      ret, err);
}

static void put_line(vg_buf *out, const vg_anchor_proof *p)
{
    char hash[2 * VG_HASH_BYTES + 1], salt[2 * VG_HASH_BYTES + 1],
        path[2 * VG_ANCHOR_DEPTH * VG_HASH_BYTES + 1];
    vg_hex(p->hash, sizeof p->hash, hash);
    vg_hex(p->salt, sizeof p->salt, salt);
    vg_hex(p->path, sizeof p->path, path);
    vg_buf_f(out, "{\"log\":%u,\"seq\":%lld,\"hash\":\"%s\",\"salt\":\"%s\",\"path\":\"%s\"}\n",
             p->log, (long long)p->seq, hash, salt, path);
}

// One line a log of the bundle; where an anchor is older than all of them (a clock was set back), one of the node's log, so
// that it is in the bundle all the same.
static int put_logs(const evidence_pick *p, const vg_anchor_tree *tree, vg_buf *out)
{
    int lines = 0;
    vg_anchor_proof proof;
    for (size_t i = 0; i < p->n; i++) {
        const uint32_t log = (uint32_t)(p->ids[i] >> VG_SEQ_BITS);
        if ((i == 0 || p->ids[i - 1] >> VG_SEQ_BITS != log) && vg_anchor_prove(tree, log, &proof)) {
            put_line(out, &proof);
            lines++;
        }
    }
    if (!lines && vg_anchor_prove(tree, VG_LOG_NODE, &proof)) {
        put_line(out, &proof);
        lines++;
    }
    return lines;
}

typedef struct noted {
    int64_t at_us;
    vg_str heads, salt;
    unsigned char digest[VG_HASH_BYTES];
} noted;

// The next one after a time and a digest.
static vg_status next_note(vg_db *db, vg_arena *a, noted *n, bool *ret_found, vg_err *err)
{
    vg_rows *r;
    VG_TRY(
        vg_rows_open(db,
                     "SELECT at, heads, salt, digest FROM anchor WHERE salt <> x'' AND (at, digest)"
                     " > (?, ?) ORDER BY at, digest LIMIT 1",
                     VG_VALS(vg_i(n->at_us), vg_b(n->digest, sizeof n->digest)), &r, err));
    *ret_found = vg_rows_next(r) && vg_row_str(r, 3).n == sizeof n->digest;
    if (*ret_found) {
        n->at_us = vg_row_i64(r, 0);
        n->heads = vg_str_dup(a, vg_row_str(r, 1));
        n->salt = vg_str_dup(a, vg_row_str(r, 2));
        memcpy(n->digest, vg_row_str(r, 3).p, sizeof n->digest);
    }
    return vg_rows_close(r, err);
}

static vg_status put_note(vg_db *db, const evidence_pick *p, const noted *n, vg_buf *out,
                          int *lines, vg_err *err)
{
    vg_anchor_tree *tree;
    unsigned char digest[VG_HASH_BYTES];
    VG_TRY(vg_anchor_tree_of(db, n->heads, n->salt, &tree, err));
    if (vg_anchor_tree_root(tree, digest) && memcmp(digest, n->digest, sizeof digest) == 0) {
        *lines += put_logs(p, tree, out);
    }
    vg_anchor_tree_done(tree);
    return VG_OK;
}

vg_status evidence_put_anchors(evidence_from *f, const evidence_pick *p, evidence_text *t,
                               vg_err *err)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(16 << 20);
    noted n = {.at_us = t->first_us - 1};
    bool found = t->first_us != 0;
    int lines = 0;
    while (found) {  // a reader each: it is not to be held long
        vg_db *db;
        vg_arena_reset(a);
        VG_TRY(evidence_take(f, false, &db, err));
        const int64_t before_us = n.at_us;
        vg_status s = next_note(db, a, &n, &found, err);
        if (s == VG_OK && found && lines >= EVIDENCE_PROOFS / 2) {
            t->anchors_until_us = before_us;
            found = false;
        } else if (s == VG_OK && found) {
            s = put_note(db, p, &n, &t->anchors, &lines, err);
        }
        evidence_give(f, false, db);
        VG_TRY(s);
    }
    return t->anchors.failed
               ? vg_fail(err, VG_ETOOBIG, "", "evidence.too_big", "%d", EVIDENCE_ANCHOR_BYTES >> 20)
               : VG_OK;
}

vg_status evidence_proof_read(vg_str line, evidence_proof *ret, vg_err *err)
{
    json_t *o;
    int64_t log = 0;
    VG_TRY(evidence_object(line, &o, err));
    *ret = (evidence_proof){0};
    const bool ok = evidence_i64(o, "log", 1, 1 << VG_ANCHOR_DEPTH, &log) &&
                    evidence_i64(o, "seq", 0, (INT64_C(1) << VG_SEQ_BITS) - 1, &ret->p.seq) &&
                    evidence_unhex(o, "hash", ret->p.hash, sizeof ret->p.hash) &&
                    evidence_unhex(o, "salt", ret->p.salt, sizeof ret->p.salt) &&
                    evidence_unhex(o, "path", ret->p.path, sizeof ret->p.path);
    json_decref(o);
    if (!ok) {
        return vg_fail(err, VG_ECORRUPT, "file", "evidence.bad_line", "%s", EVIDENCE_ANCHORS);
    }
    ret->p.log = (uint32_t)log;
    vg_anchor_root(&ret->p, ret->digest);
    return VG_OK;
}
