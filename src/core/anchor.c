// SPDX-License-Identifier: Apache-2.0
// The digest is the root of a tree over all logs' heads (anchor_tree.c); the heads, "[12,0,7]", are noted beside it with a salt.
// What is signed is "vganch1" ‖ digest ‖ time. Cards that we keep for others are events and nothing else: there is no table that
// could be changed without the chain.
#include "core/anchor.h"

#include "base/clock.h"
#include "core/core.h"
#include "journal/keys.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>

#define WORD "vonggac-anchor 1 "
#define MARK "vganch1"
enum { MARK_BYTES = 7, MESSAGE = MARK_BYTES + VG_HASH_BYTES + 8, HEADS_MAX = 4 << 20 };

static void message_of(const vg_anchor *a, unsigned char out[MESSAGE])
{
    memcpy(out, MARK, MARK_BYTES);
    memcpy(out + MARK_BYTES, a->digest, VG_HASH_BYTES);
    for (int i = 0; i < 8; i++) {
        out[MARK_BYTES + VG_HASH_BYTES + i] = (unsigned char)((uint64_t)a->at_us >> (8 * i));
    }
}

static void write_card(const vg_anchor *a, char out[VG_ANCHOR_TEXT])
{
    char key[65], digest[65], signature[129];
    vg_hex(a->key, sizeof a->key, key);
    vg_hex(a->digest, sizeof a->digest, digest);
    vg_hex(a->signature, sizeof a->signature, signature);
    snprintf(out, VG_ANCHOR_TEXT, WORD "%s %s %" PRId64 " %s", key, digest, a->at_us, signature);
}

bool vg_anchor_read(vg_str line, vg_anchor *ret)
{
    char z[VG_ANCHOR_TEXT], again[VG_ANCHOR_TEXT], key[65], digest[65], signature[129];
    unsigned char msg[MESSAGE];
    const vg_str s = vg_str_trim(line);
    if (!vg_str_starts(s, WORD) || s.n >= sizeof z) {
        return false;
    }
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    // widths are those of the arrays above
    if (sscanf(z, WORD "%64[0-9a-f] %64[0-9a-f] %18" SCNd64 " %128[0-9a-f]", key, digest,
               &ret->at_us, signature) != 4 ||
        !vg_unhex(vg_str_c(key), ret->key, sizeof ret->key) ||
        !vg_unhex(vg_str_c(digest), ret->digest, sizeof ret->digest) ||
        !vg_unhex(vg_str_c(signature), ret->signature, sizeof ret->signature)) {
        return false;
    }
    write_card(ret, again);  // one way of writing it
    message_of(ret, msg);
    return strcmp(again, z) == 0 &&
           crypto_sign_verify_detached(ret->signature, msg, sizeof msg, ret->key) == 0;
}

// --- ours -----------------------------------------------------------------------------------------
static vg_status heads_of(vg_db *db, vg_buf *out, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db,
                        "SELECT COALESCE((SELECT max(e.id) FROM event e WHERE e.id > (l.log << 40)"
                        " AND e.id < ((l.log + 1) << 40)), 0) & ((1 << 40) - 1)"
                        " FROM log l ORDER BY l.log",
                        VG_NOVALS, &r, err));
    for (char c = '['; vg_rows_next(r); c = ',') {
        vg_buf_f(out, "%c%lld", c, (long long)vg_row_i64(r, 0));
    }
    vg_buf_c(out, "]");
    VG_TRY(vg_rows_close(r, err));
    return out->failed ? vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "logs") : VG_OK;
}

static void sign(const vg_core *core, vg_anchor *a)
{
    unsigned char seed[32], secret[crypto_sign_SECRETKEYBYTES], msg[MESSAGE];
    vg_core_key(core, "seal", seed);
    crypto_sign_seed_keypair(a->key, secret, seed);
    message_of(a, msg);
    crypto_sign_detached(a->signature, NULL, msg, sizeof msg, secret);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(secret, sizeof secret);
}

static vg_status note_heads(vg_cx *cx, vg_anchor *a, vg_err *err)
{
    vg_buf heads;
    vg_anchor_tree *tree = NULL;
    unsigned char salt[VG_HASH_BYTES];
    randombytes_buf(salt, sizeof salt);
    vg_buf_init(&heads, HEADS_MAX);
    vg_status s = heads_of(cx->db, &heads, err);
    if (s == VG_OK) {
        s = vg_anchor_tree_of(cx->db, vg_buf_str(&heads), (vg_str){(const char *)salt, sizeof salt},
                              &tree, err);
    }
    if (s == VG_OK) {
        (void)vg_anchor_tree_root(tree, a->digest);
        s = vg_exec(cx->db, "INSERT INTO anchor (digest, heads, salt, at) VALUES (?,?,?,?)",
                    VG_VALS(vg_b(a->digest, sizeof a->digest), vg_t(vg_buf_str(&heads)),
                            vg_b(salt, sizeof salt), vg_i(a->at_us)),
                    err);
    }
    vg_anchor_tree_done(tree);
    vg_buf_done(&heads);
    return s;
}

vg_status vg_anchor_run(vg_cx *cx, const vg_args *args, vg_err *err)
{
    vg_anchor a = {.at_us = cx->now_us};
    char card[VG_ANCHOR_TEXT];
    (void)args;
    VG_TRY(note_heads(cx, &a, err));
    sign(cx->core, &a);
    write_card(&a, card);
    vg_jw_kz(vg_body(cx), "card", card);
    vg_jw_kz(&cx->reply, "card", card);
    return vg_emit(cx, &(vg_draft){.kind = "core.anchored", .subject = "node"}, NULL, err);
}

// --- another's ------------------------------------------------------------------------------------
const vg_field vg_anchor_keep_fields[] = {{"node", VG_F_TEXT, VG_REQUIRED, .max = 100},
                                          {"card", VG_F_TEXT, VG_REQUIRED, .max = VG_ANCHOR_TEXT},
                                          {"new_key", VG_F_BOOL},
                                          {NULL}};

// The key of the last card under this name: 0 bytes, there is none.
static vg_status known_key(vg_cx *cx, vg_str node, vg_str *ret, vg_err *err)
{
    vg_rows *r;
    *ret = (vg_str){"", 0};
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT e.body FROM event e WHERE e.kind = 'core.anchor_kept' AND"
                        " json_extract(e.body, '$.node') = ? ORDER BY e.id DESC LIMIT 1",
                        VG_VALS(vg_t(node)), &r, err));
    if (vg_rows_next(r)) {
        *ret = vg_str_dup(cx->arena, vg_js_str(cx->arena, vg_row_str(r, 0), "key"));
    }
    return vg_rows_close(r, err);
}

vg_status vg_anchor_keep_run(vg_cx *cx, const vg_args *args, vg_err *err)
{
    vg_anchor a;
    vg_str known;
    char key[65];
    const vg_str node = vg_arg_str(args, "node"), card = vg_arg_str(args, "card");
    if (!vg_anchor_read(card, &a)) {
        return vg_fail(err, VG_EINVALID, "card", "anchor.bad", "%s", "");
    }
    vg_hex(a.key, sizeof a.key, key);
    VG_TRY(known_key(cx, node, &known, err));
    if (known.n && !vg_str_eqc(known, key) && !vg_arg_i64(args, "new_key", 0)) {
        return vg_fail(err, VG_ECONFLICT, "new_key", "anchor.other_key", "%s", key);
    }
    vg_jw *w = vg_body(cx);
    vg_jw_kstr(w, "node", node);
    vg_jw_kz(w, "key", key);
    vg_jw_kstr(w, "card", vg_str_trim(card));
    vg_jw_kz(&cx->reply, "key", key);
    vg_jw_kbool(&cx->reply, "first", known.n == 0);
    return vg_emit(cx, &(vg_draft){.kind = "core.anchor_kept", .subject = "node"}, NULL, err);
}

// --- held against the journal ---------------------------------------------------------------------
static vg_status holds(vg_db *db, const vg_anchor *a, const char **ret_why, vg_err *err)
{
    unsigned char digest[VG_HASH_BYTES];
    vg_anchor_tree *tree = NULL;
    vg_rows *r;
    vg_status s = VG_OK;
    VG_TRY(vg_rows_open(db, "SELECT heads, salt FROM anchor WHERE digest = ?",
                        VG_VALS(vg_b(a->digest, sizeof a->digest)), &r, err));
    if (!vg_rows_next(r)) {
        *ret_why = "anchor.lacks";
    } else {
        s = vg_anchor_tree_of(db, vg_row_str(r, 0), vg_row_str(r, 1), &tree, err);
        *ret_why = s == VG_OK && vg_anchor_tree_root(tree, digest) &&
                           memcmp(digest, a->digest, sizeof digest) == 0
                       ? NULL
                       : "anchor.differs";
    }
    vg_anchor_tree_done(tree);
    const vg_status closed = vg_rows_close(r, s == VG_OK ? err : NULL);
    return s == VG_OK ? closed : s;
}

static vg_status compare_line(vg_db *db, const vg_seal_keys *keys, vg_str line,
                              vg_anchor_report *ret, vg_err *err)
{
    vg_anchor a;
    if (!vg_anchor_read(line, &a)) {
        return VG_OK;
    }
    if (!vg_seal_key_ours(keys, a.key)) {
        ret->others++;
        return VG_OK;
    }
    VG_TRY(holds(db, &a, &ret->why, err));
    if (ret->why) {
        char at[VG_TIME_TEXT];
        vg_time_rfc3339(a.at_us, at);
        return vg_fail(err, VG_ECORRUPT, "anchors", ret->why, "%s", at);
    }
    ret->cards++;
    return VG_OK;
}

static vg_status compare_file(vg_db *db, const vg_seal_keys *keys, const char *path,
                              vg_anchor_report *ret, vg_err *err)
{
    char line[1024];
    vg_status s = VG_OK;
    FILE *f = fopen(path, "re");
    if (!f) {
        return vg_fail(err, VG_ENOTFOUND, "anchors", NULL, "%s: %s", path, strerror(errno));
    }
    while (s == VG_OK && fgets(line, sizeof line, f)) {
        s = compare_line(db, keys, vg_str_c(line), ret, err);
    }
    fclose(f);
    return s == VG_OK && ret->cards == 0
               ? vg_fail(err, VG_ENOTFOUND, "anchors", "anchor.none", "%s", path)
               : s;
}

vg_status vg_anchor_compare(vg_db *db, const unsigned char key[32], const char *path,
                            vg_anchor_report *ret, vg_err *err)
{
    vg_seal_keys keys;
    *ret = (vg_anchor_report){0};
    VG_TRY(vg_seal_keys_load(db, key, &keys, NULL, err));
    const vg_status s = compare_file(db, &keys, path, ret, err);
    vg_seal_keys_done(&keys);
    return s;
}
