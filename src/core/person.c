// SPDX-License-Identifier: Apache-2.0
// One random key a person. Nothing else derives from it, so that destroying one concerns one person. The database
// overwrites what it deletes (secure_delete); a backup made before holds the key for as long as it is kept.
#include "core/person.h"

#include "core/core.h"

#include <sodium.h>

enum {
    KEY = crypto_secretbox_KEYBYTES,
    NONCE = crypto_secretbox_NONCEBYTES,
    HEAD = NONCE + crypto_secretbox_MACBYTES
};

static vg_status key_of(const unsigned char vault[32], vg_db *db, vg_arena *a, const char *person,
                        unsigned char key[KEY], vg_err *err)
{
    vg_str stored = {0};
    VG_TRY(vg_vault_open(vault, db, a, "person", person, &stored, err));
    if (stored.n != KEY) {
        return vg_fail(err, VG_ECORRUPT, "", NULL, "person key");
    }
    memcpy(key, stored.p, KEY);
    return VG_OK;
}

static vg_status key_made(vg_cx *cx, const char *person, unsigned char key[KEY], vg_err *err)
{
    unsigned char vault[32];
    vg_core_key(cx->core, "vault", vault);
    const vg_status s = key_of(vault, cx->db, cx->arena, person, key, err);
    sodium_memzero(vault, sizeof vault);
    if (s != VG_ENOTFOUND) {
        return s;
    }
    randombytes_buf(key, KEY);
    return vg_vault_put(cx, "person", person, (vg_str){(const char *)key, KEY}, err);
}

vg_status vg_person_seal(vg_cx *cx, const char *person, vg_str clear, vg_str *ret, vg_err *err)
{
    unsigned char key[KEY];
    VG_TRY(key_made(cx, person, key, err));
    const size_t n = HEAD + clear.n;
    unsigned char *out = vg_arena_get(cx->arena, n);
    if (!out) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "personal part");
    }
    randombytes_buf(out, NONCE);
    crypto_secretbox_easy(out + NONCE, (const unsigned char *)clear.p, clear.n, out, key);
    sodium_memzero(key, sizeof key);
    *ret = (vg_str){(const char *)out, n};
    return VG_OK;
}

// XSalsa20 is Salsa20 under a key made of the first 16 bytes of the nonce: that key opens what has this nonce.
vg_status vg_person_proof(const unsigned char vault[32], vg_db *db, vg_arena *a, const char *person,
                          vg_str box, unsigned char out[32], vg_err *err)
{
    unsigned char key[KEY], proof[32];
    vg_str clear;
    const vg_status s = key_of(vault, db, a, person, key, err);
    if (s != VG_OK) {
        return s == VG_ENOTFOUND ? vg_fail(err, VG_EGONE, "person", NULL, "%s", person) : s;
    }
    if (box.n < HEAD) {
        return vg_fail(err, VG_ECORRUPT, "person", NULL, "%s", person);
    }
    crypto_core_hsalsa20(proof, (const unsigned char *)box.p, key, NULL);
    sodium_memzero(key, sizeof key);
    if (vg_person_read(proof, box, a, &clear, err) != VG_OK) {
        return vg_fail(err, VG_EGONE, "person", NULL, "%s", person);
    }
    memcpy(out, proof, sizeof proof);
    return VG_OK;
}

vg_status vg_person_read(const unsigned char proof[32], vg_str box, vg_arena *a, vg_str *ret,
                         vg_err *err)
{
    const unsigned char *p = (const unsigned char *)box.p;
    unsigned char *out = box.n >= HEAD ? vg_arena_get(a, box.n - HEAD + KEY) : NULL;
    if (!out) {
        return vg_fail(err, VG_ECORRUPT, "personal", NULL, "%zu", box.n);
    }
    const size_t n = box.n - HEAD;
    crypto_stream_salsa20(out, KEY + n, p + crypto_core_hsalsa20_INPUTBYTES, proof);
    if (crypto_onetimeauth_verify(p + NONCE, p + HEAD, n, out) != 0) {
        return vg_fail(err, VG_ECORRUPT, "personal", NULL, "%zu", box.n);
    }
    for (size_t i = 0; i < n; i++) {
        out[KEY + i] ^= p[HEAD + i];
    }
    *ret = (vg_str){(const char *)out + KEY, n};
    return VG_OK;
}

// As secret as what was told of the person last: that somebody was known here is not for others.
static vg_status label_of(vg_cx *cx, const char *person, int32_t *ret, vg_err *err)
{
    int64_t label;
    VG_TRY(vg_one_i64(
        cx->db,
        "SELECT label FROM event WHERE subject = ? AND person = subject ORDER BY id DESC LIMIT 1",
        VG_VALS(vg_z(person)), 0, &label, err));
    *ret = (int32_t)label;
    return VG_OK;
}

vg_status vg_person_erase(vg_cx *cx, const char *person, vg_err *err)
{
    int64_t there;
    int32_t label;
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM vault WHERE space = 'person' AND name = ?",
                      VG_VALS(vg_z(person)), 0, &there, err));
    if (!there) {
        return vg_fail(err, VG_ENOTFOUND, "person", NULL, "%s", person);
    }
    VG_TRY(label_of(cx, person, &label, err));
    VG_TRY(vg_exec(cx->db, "DELETE FROM vault WHERE space = 'person' AND name = ?",
                   VG_VALS(vg_z(person)), err));
    vg_body(cx);
    return vg_emit(cx, &(vg_draft){.kind = "core.person_erased", .subject = person, .label = label},
                   NULL, err);
}
