// SPDX-License-Identifier: Apache-2.0
// What the 32 bytes of an anchor are made of: a tree of hashes over where each log stood, so that one log can be shown to
// have stood there without a word of the others. A leaf is H("vganchl" ‖ salt of the log ‖ log ‖ seq ‖ hash of that event);
// a knot H("vganchn" ‖ left ‖ right). The tree always has DEPTH levels: where there are no logs stands a number drawn from the
// salt, which nobody tells from a hash, so that a path does not say how many logs there are either. The salt is random,
// noted with the anchor; of it a proof shows what is its own log's only.
#include "core/anchor.h"

#include <sodium.h>

enum { MARK_BYTES = 7, WORD_BYTES = 8 };

typedef unsigned char digest[VG_HASH_BYTES];

struct vg_anchor_tree {
    size_t n;  // logs, from 1
    int64_t *seq;
    digest *hash;
    digest salt;
    bool lacks;
};

static void put_word(unsigned char *out, uint64_t n)
{
    for (int i = 0; i < WORD_BYTES; i++) {
        out[i] = (unsigned char)(n >> (8 * i));
    }
}

static void from_salt(const digest salt, const char *mark, int level, uint64_t at, digest ret)
{
    unsigned char in[MARK_BYTES + 2 * WORD_BYTES];
    memcpy(in, mark, MARK_BYTES);
    put_word(in + MARK_BYTES, (uint64_t)level);
    put_word(in + MARK_BYTES + WORD_BYTES, at);
    crypto_generichash(ret, VG_HASH_BYTES, in, sizeof in, salt, VG_HASH_BYTES);
}

static void leaf_of(const vg_anchor_proof *p, digest ret)
{
    unsigned char in[MARK_BYTES + 2 * VG_HASH_BYTES + 2 * WORD_BYTES], *at = in;
    memcpy(at, "vganchl", MARK_BYTES);
    at += MARK_BYTES;
    memcpy(at, p->salt, VG_HASH_BYTES);
    at += VG_HASH_BYTES;
    put_word(at, p->log);
    put_word(at + WORD_BYTES, (uint64_t)p->seq);
    memcpy(at + 2 * WORD_BYTES, p->hash, VG_HASH_BYTES);
    vg_hash(in, sizeof in, ret);
}

static void knot_of(const digest left, const digest right, digest ret)
{
    unsigned char in[MARK_BYTES + 2 * VG_HASH_BYTES];
    memcpy(in, "vganchn", MARK_BYTES);
    memcpy(in + MARK_BYTES, left, VG_HASH_BYTES);
    memcpy(in + MARK_BYTES + VG_HASH_BYTES, right, VG_HASH_BYTES);
    vg_hash(in, sizeof in, ret);
}

void vg_anchor_root(const vg_anchor_proof *p, unsigned char ret[VG_HASH_BYTES])
{
    digest at;
    const uint32_t place = p->log - 1;
    leaf_of(p, at);
    for (int i = 0; i < VG_ANCHOR_DEPTH; i++) {
        const bool right = place >> i & 1;
        knot_of(right ? p->path[i] : at, right ? at : p->path[i], at);
    }
    memcpy(ret, at, VG_HASH_BYTES);
}

static void own(const vg_anchor_tree *t, uint32_t log, vg_anchor_proof *ret)
{
    *ret = (vg_anchor_proof){.log = log, .seq = t->seq[log - 1]};
    memcpy(ret->hash, t->hash[log - 1], VG_HASH_BYTES);
    from_salt(t->salt, "vganchs", 0, log, ret->salt);
}

// As deep as the tree and no deeper.
static void node_at(const vg_anchor_tree *t, int level, size_t at, digest ret)
{
    digest left, right;
    vg_anchor_proof p;
    if (at << level >= t->n) {
        from_salt(t->salt, "vganchp", level, at, ret);
    } else if (level == 0) {
        own(t, (uint32_t)at + 1, &p);
        leaf_of(&p, ret);
    } else {
        node_at(t, level - 1, 2 * at, left);
        node_at(t, level - 1, 2 * at + 1, right);
        knot_of(left, right, ret);
    }
}

bool vg_anchor_prove(const vg_anchor_tree *t, uint32_t log, vg_anchor_proof *ret)
{
    if (log < 1 || log > t->n) {
        return false;
    }
    own(t, log, ret);
    for (int i = 0; i < VG_ANCHOR_DEPTH; i++) {
        node_at(t, i, (log - 1) >> i ^ 1, ret->path[i]);
    }
    return true;
}

bool vg_anchor_tree_root(const vg_anchor_tree *t, unsigned char ret[VG_HASH_BYTES])
{
    node_at(t, VG_ANCHOR_DEPTH, 0, ret);
    return !t->lacks;
}

// --- from the journal -----------------------------------------------------------------------------
static vg_status read_head(vg_db *db, vg_anchor_tree *t, vg_err *err)
{
    vg_rows *r;
    const size_t i = t->n++;
    memset(t->hash[i], 0, VG_HASH_BYTES);
    if (t->seq[i] == 0) {
        return VG_OK;
    }
    VG_TRY(vg_rows_open(db, "SELECT hash FROM event WHERE id = ?",
                        VG_VALS(vg_i(VG_EVENT_ROWID(i + 1, t->seq[i]))), &r, err));
    const vg_str hash = vg_rows_next(r) ? vg_row_str(r, 0) : (vg_str){"", 0};
    if (hash.n == VG_HASH_BYTES) {
        memcpy(t->hash[i], hash.p, VG_HASH_BYTES);
    } else {
        t->lacks = true;
    }
    return vg_rows_close(r, err);
}

vg_status vg_anchor_tree_of(vg_db *db, vg_str heads, vg_str salt, vg_anchor_tree **ret, vg_err *err)
{
    vg_str one;
    vg_status s = VG_OK;
    const size_t max = (size_t)1 << VG_ANCHOR_DEPTH;
    if (salt.n != VG_HASH_BYTES) {
        return vg_fail(err, VG_ECORRUPT, "anchors", "anchor.old_note", "%s", "");
    }
    vg_anchor_tree *t = vg_alloc(sizeof *t);
    *t = (vg_anchor_tree){.seq = vg_alloc(max * sizeof *t->seq),
                          .hash = vg_alloc(max * sizeof *t->hash)};
    memcpy(t->salt, salt.p, VG_HASH_BYTES);
    for (size_t at = 0; s == VG_OK && vg_js_each(heads, &at, NULL, &one);) {
        if (t->n == max ||
            vg_str_i64(one, 0, (INT64_C(1) << VG_SEQ_BITS) - 1, &t->seq[t->n], NULL) != VG_OK) {
            s = vg_fail(err, VG_ECORRUPT, "anchors", NULL, "%s", "heads");
        } else {
            s = read_head(db, t, err);
        }
    }
    if (s == VG_OK) {
        *ret = t;
    } else {
        vg_anchor_tree_done(t);
    }
    return s;
}

void vg_anchor_tree_done(vg_anchor_tree *t)
{
    if (t) {
        free(t->seq);
        free(t->hash);
        free(t);
    }
}
