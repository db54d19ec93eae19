// SPDX-License-Identifier: Apache-2.0
// One random key a person. Nothing else derives from it, so that destroying one concerns one person. The database
// overwrites what it deletes (secure_delete); a backup made before holds the key for as long as it is kept.
#include "core/person.h"

#include <sodium.h>

enum { KEY = crypto_secretbox_KEYBYTES, NONCE = crypto_secretbox_NONCEBYTES };

static vg_status key_of(vg_core *c, vg_db *db, vg_arena *a, const char *person,
                        unsigned char key[KEY], vg_err *err)
{
    vg_str stored = {0};
    VG_TRY(vg_vault_get(c, db, a, "person", person, &stored, err));
    if (stored.n != KEY) {
        return vg_fail(err, VG_ECORRUPT, "", NULL, "person key");
    }
    memcpy(key, stored.p, KEY);
    return VG_OK;
}

static vg_status key_made(vg_cx *cx, const char *person, unsigned char key[KEY], vg_err *err)
{
    const vg_status s = key_of(cx->core, cx->db, cx->arena, person, key, err);
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
    const size_t n = NONCE + crypto_secretbox_MACBYTES + clear.n;
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

vg_status vg_person_open(vg_core *core, vg_db *db, vg_arena *a, const char *person, vg_str box,
                         vg_str *ret, vg_err *err)
{
    unsigned char key[KEY];
    const unsigned char *p = (const unsigned char *)box.p;
    const size_t head = NONCE + crypto_secretbox_MACBYTES;
    const vg_status s = key_of(core, db, a, person, key, err);
    if (s != VG_OK) {
        return s == VG_ENOTFOUND ? vg_fail(err, VG_EGONE, "person", NULL, "%s", person) : s;
    }
    unsigned char *out = box.n >= head ? vg_arena_get(a, box.n - head + 1) : NULL;
    const bool opened =
        out && crypto_secretbox_open_easy(out, p + NONCE, box.n - NONCE, p, key) == 0;
    sodium_memzero(key, sizeof key);
    if (!opened) {
        return vg_fail(err, VG_EGONE, "person", NULL, "%s", person);
    }
    *ret = (vg_str){(const char *)out, box.n - head};
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
    return vg_emit(
        cx, &(vg_draft){.kind = "core.person_erased", .subject = person, .label = label}, NULL,
        err);
}
