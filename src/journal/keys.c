// SPDX-License-Identifier: Apache-2.0
// A change signs "vgkeys1" ‖ old ‖ new ‖ H(salt ‖ heads), twice. Where the logs stood lies beside the event (seal_key), not in
// it: the event is read by many, and how much happened at a site is not for all of them. An evidence bundle shows the
// change without it.
#include "journal/keys.h"

#include <sodium.h>

enum { MESSAGE = 7 + 32 + 32 + VG_HASH_BYTES };

static void message_of(const vg_key_change *c, unsigned char out[MESSAGE])
{
    memcpy(out, "vgkeys1", 7);
    memcpy(out + 7, c->old_key, 32);
    memcpy(out + 39, c->new_key, 32);
    memcpy(out + 71, c->digest, VG_HASH_BYTES);
}

static void digest_of(const unsigned char *salt, vg_str heads, unsigned char out[VG_HASH_BYTES])
{
    crypto_generichash_state st;
    crypto_generichash_init(&st, NULL, 0, VG_HASH_BYTES);
    crypto_generichash_update(&st, salt, VG_SALT_BYTES);
    crypto_generichash_update(&st, (const unsigned char *)heads.p, heads.n);
    crypto_generichash_final(&st, out, VG_HASH_BYTES);
}

static void sign(const vg_key_change *c, const unsigned char seed[32], unsigned char key[32],
                 unsigned char sig[64])
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES], msg[MESSAGE];
    crypto_sign_seed_keypair(key, secret, seed);
    message_of(c, msg);
    crypto_sign_detached(sig, NULL, msg, sizeof msg, secret);
    sodium_memzero(secret, sizeof secret);
}

void vg_key_change_make(const unsigned char old_seed[32], const unsigned char new_seed[32],
                        const unsigned char salt[VG_SALT_BYTES], vg_str heads, vg_key_change *ret)
{
    vg_journal_public_key(old_seed, ret->old_key);
    vg_journal_public_key(new_seed, ret->new_key);
    digest_of(salt, heads, ret->digest);
    sign(ret, old_seed, ret->old_key, ret->by_old);
    sign(ret, new_seed, ret->new_key, ret->by_new);
}

static void put(vg_jw *w, const char *name, const unsigned char *p, size_t n)
{
    char hex[2 * 64 + 1];
    vg_hex(p, n, hex);
    vg_jw_kz(w, name, hex);
}

void vg_key_change_write(vg_jw *w, const vg_key_change *c)
{
    put(w, "old", c->old_key, sizeof c->old_key);
    put(w, "new", c->new_key, sizeof c->new_key);
    put(w, "heads", c->digest, sizeof c->digest);
    put(w, "by_old", c->by_old, sizeof c->by_old);
    put(w, "by_new", c->by_new, sizeof c->by_new);
}

static bool take(vg_str object, const char *name, unsigned char *out, size_t n)
{
    vg_str raw;  // with its quotes
    return vg_js_find(object, name, &raw) && raw.n == 2 * n + 2 && *raw.p == '"' &&
           vg_unhex((vg_str){raw.p + 1, 2 * n}, out, n);
}

bool vg_key_change_read(vg_str object, vg_key_change *ret)
{
    unsigned char msg[MESSAGE];
    if (!take(object, "old", ret->old_key, sizeof ret->old_key) ||
        !take(object, "new", ret->new_key, sizeof ret->new_key) ||
        !take(object, "heads", ret->digest, sizeof ret->digest) ||
        !take(object, "by_old", ret->by_old, sizeof ret->by_old) ||
        !take(object, "by_new", ret->by_new, sizeof ret->by_new)) {
        return false;
    }
    message_of(ret, msg);
    return crypto_sign_verify_detached(ret->by_old, msg, sizeof msg, ret->old_key) == 0 &&
           crypto_sign_verify_detached(ret->by_new, msg, sizeof msg, ret->new_key) == 0;
}

// --- all of them ----------------------------------------------------------------------------------
static bool read_heads(vg_seal_keys *k, vg_rows *r)
{
    unsigned char digest[VG_HASH_BYTES];
    const vg_str salt = vg_row_str(r, 0), heads = vg_row_str(r, 1);
    const size_t at = k->n - 1;
    vg_str one;
    if (salt.n != VG_SALT_BYTES) {
        return false;
    }
    digest_of((const unsigned char *)salt.p, heads, digest);
    if (memcmp(digest, k->v[at].change.digest, sizeof digest) != 0) {
        return false;  // signed: what follows is as we wrote it
    }
    k->v[at].heads = vg_alloc((heads.n + 1) * sizeof *k->v[at].heads);
    for (size_t i = 0; vg_js_each(heads, &i, NULL, &one);) {
        int64_t *head = &k->v[at].heads[k->v[at].n_heads++];
        (void)!vg_str_i64(one, 0, INT64_MAX, head, NULL);
    }
    return true;
}

static vg_status load_heads(vg_db *db, int64_t id, vg_seal_keys *k, bool *ok, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db, "SELECT salt, heads FROM seal_key WHERE id = ?", VG_VALS(vg_i(id)), &r,
                        err));
    *ok = vg_rows_next(r) && read_heads(k, r);
    return vg_rows_close(r, err);
}

static vg_status load_one(vg_db *db, vg_rows *r, vg_seal_keys *k, int64_t *seq, bool *ok,
                          vg_err *err)
{
    const int64_t id = vg_row_i64(r, 0);
    vg_key_change c;
    *seq = id - VG_EVENT_ROWID(VG_LOG_NODE, 0);
    *ok = k->n<VG_KEY_CHANGES && * seq> 0 && *seq < VG_EVENT_ROWID(1, 0) &&
          vg_key_change_read(vg_row_str(r, 1), &c) &&
          (!k->n || memcmp(k->v[k->n - 1].change.new_key, c.old_key, sizeof c.old_key) == 0);
    if (!*ok) {
        return VG_OK;
    }
    k->v = vg_realloc(k->v, (k->n + 1) * sizeof *k->v);
    memset(&k->v[k->n], 0, sizeof *k->v);
    k->v[k->n++].change = c;
    VG_TRY(load_heads(db, id, k, ok, err));
    *ok = *ok && k->v[k->n - 1].n_heads && k->v[k->n - 1].heads[0] == *seq - 1;
    return VG_OK;
}

static vg_status load_all(vg_db *db, vg_seal_keys *k, int64_t *seq, bool *ok, vg_err *err)
{
    vg_rows *r;
    vg_status s = VG_OK;
    VG_TRY(vg_rows_open(db, "SELECT id, body FROM event WHERE kind = ? ORDER BY id",
                        VG_VALS(vg_z(VG_KEY_CHANGED)), &r, err));
    while (s == VG_OK && *ok && vg_rows_next(r)) {
        s = load_one(db, r, k, seq, ok, err);
    }
    const vg_status closed = vg_rows_close(r, s == VG_OK ? err : NULL);
    return s == VG_OK ? closed : s;
}

vg_status vg_seal_keys_load(vg_db *db, const unsigned char own[32], vg_seal_keys *ret,
                            int64_t *ret_seq, vg_err *err)
{
    vg_seal_keys k = {0};
    int64_t seq = 0;
    bool ok = true;
    memcpy(k.own, own, sizeof k.own);
    vg_status s = load_all(db, &k, &seq, &ok, err);
    ok = ok && (!k.n || memcmp(k.v[k.n - 1].change.new_key, own, sizeof k.own) == 0);
    if (s == VG_OK && !ok) {
        s = vg_fail(err, VG_ECORRUPT, "", "verify.rotation", "%u-%lld", VG_LOG_NODE,
                    (long long)seq);
    }
    if (ret_seq) {
        *ret_seq = seq;
    }
    if (s != VG_OK) {
        vg_seal_keys_done(&k);
        return s;
    }
    *ret = k;
    return VG_OK;
}

void vg_seal_keys_done(vg_seal_keys *k)
{
    for (size_t i = 0; i < k->n; i++) {
        free(k->v[i].heads);
    }
    free(k->v);
    *k = (vg_seal_keys){0};
}

const unsigned char *vg_seal_key_at(const vg_seal_keys *k, uint32_t log, int64_t seq)
{
    for (size_t i = 0; i < k->n; i++) {
        if (log >= 1 && log <= k->v[i].n_heads && seq <= k->v[i].heads[log - 1]) {
            return k->v[i].change.old_key;
        }
    }
    return k->own;
}

bool vg_seal_key_ours(const vg_seal_keys *k, const unsigned char key[32])
{
    bool ours = memcmp(k->own, key, sizeof k->own) == 0;
    for (size_t i = 0; i < k->n; i++) {
        ours = ours || memcmp(k->v[i].change.old_key, key, sizeof k->own) == 0;
    }
    return ours;
}
