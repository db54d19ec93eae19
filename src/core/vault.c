// SPDX-License-Identifier: Apache-2.0
// The vault: small secrets, each in a box (XSalsa20-Poly1305) under the node's key for "vault". In its space "key" lie keys
// that outlive a change of the node key (docs/adr/0027): those by which what is already stored is known again, and
// those that open uploaded lists until these are gone.
#include "core/core_impl.h"

#include <sodium.h>

enum { HEAD = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES, VALUE_MAX = 16384 };

// --- boxes ----------------------------------------------------------------------------------------
static vg_status put(vg_db *db, const unsigned char key[32], const char *space, const char *name,
                     vg_str value, vg_err *err)
{
    unsigned char box[VALUE_MAX];
    const size_t n = HEAD + value.n;
    if (n > sizeof box) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "vault value");
    }
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const unsigned char *)value.p,
                          value.n, box, key);
    return vg_exec(db,
                   "INSERT INTO vault (space, name, value) VALUES (?,?,?) "
                   "ON CONFLICT (space, name) DO UPDATE SET value = excluded.value",
                   VG_VALS(vg_z(space), vg_z(name), vg_b(box, n)), err);
}

// The clear text in a; an empty view without a place: it does not open.
static vg_str open_box(const unsigned char key[32], vg_str box, vg_arena *a)
{
    unsigned char *out = box.n >= HEAD ? vg_arena_get(a, box.n - HEAD + 1) : NULL;
    const unsigned char *p = (const unsigned char *)box.p;
    const bool ok =
        out && crypto_secretbox_open_easy(out, p + crypto_secretbox_NONCEBYTES,
                                          box.n - crypto_secretbox_NONCEBYTES, p, key) == 0;
    return ok ? (vg_str){(const char *)out, box.n - HEAD} : (vg_str){0};
}

vg_status vg_vault_put(vg_cx *cx, const char *space, const char *name, vg_str value, vg_err *err)
{
    unsigned char key[32];
    vg_core_key(cx->core, "vault", key);
    const vg_status s = put(cx->db, key, space, name, value, err);
    sodium_memzero(key, sizeof key);
    return s;
}

vg_status vg_vault_get(vg_core *c, vg_db *db, vg_arena *a, const char *space, const char *name,
                       vg_str *ret, vg_err *err)
{
    unsigned char key[32];
    vg_core_key(c, "vault", key);
    const vg_status s = vg_vault_open(key, db, a, space, name, ret, err);
    sodium_memzero(key, sizeof key);
    return s;
}

vg_status vg_vault_open(const unsigned char key[32], vg_db *db, vg_arena *a, const char *space,
                        const char *name, vg_str *ret, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db, "SELECT value FROM vault WHERE space = ? AND name = ?",
                        VG_VALS(vg_z(space), vg_z(name)), &r, err));
    vg_status s = VG_ENOTFOUND;
    if (vg_rows_next(r)) {
        *ret = open_box(key, vg_row_str(r, 0), a);
        s = ret->p ? VG_OK : VG_ECORRUPT;
    }
    vg_err ignored;
    const vg_status closed = vg_rows_close(r, s == VG_OK ? err : &ignored);
    if (s == VG_OK) {
        return closed;
    }
    return vg_fail(err, s, "", NULL, "%s/%s", space, name);
}

vg_status vg_vault_drop(vg_cx *cx, const char *space, const char *name, vg_err *err)
{
    return vg_exec(cx->db, "DELETE FROM vault WHERE space = ? AND name = ?",
                   VG_VALS(vg_z(space), vg_z(name)), err);
}

vg_status vg_vault_names(vg_db *db, vg_arena *a, const char *space, size_t max,
                         const char ***ret_names, size_t *ret_n, vg_err *err)
{
    vg_rows *r;
    size_t n = 0;
    const char **names = vg_arena_get(a, max * sizeof *names);
    VG_TRY(vg_rows_open(db, "SELECT name FROM vault WHERE space = ? ORDER BY name LIMIT ?",
                        VG_VALS(vg_z(space), vg_i(names ? (int64_t)max : 0)), &r, err));
    while (vg_rows_next(r) && (names[n] = vg_str_z(a, vg_row_str(r, 0)))) {
        n++;
    }
    VG_TRY(vg_rows_close(r, err));
    *ret_names = names;
    *ret_n = n;
    return VG_OK;
}

// --- another key ----------------------------------------------------------------------------------
typedef struct vault_row {
    const char *space, *name;
    vg_str value;
} vault_row;
enum { PAGE = 200 };

static vg_status read_page(vg_db *db, const unsigned char old[32], vg_arena *a,
                           const vault_row *after, vault_row *v, size_t *n, vg_err *err)
{
    vg_rows *r;
    bool ok = true;
    VG_TRY(vg_rows_open(db,
                        "SELECT space, name, value FROM vault WHERE (space, name) > (?, ?)"
                        " ORDER BY space, name LIMIT ?",
                        VG_VALS(vg_z(after->space), vg_z(after->name), vg_i(PAGE)), &r, err));
    for (*n = 0; ok && vg_rows_next(r); ++*n) {
        v[*n] = (vault_row){vg_str_z(a, vg_row_str(r, 0)), vg_str_z(a, vg_row_str(r, 1)),
                            open_box(old, vg_row_str(r, 2), a)};
        ok = v[*n].space && v[*n].name && v[*n].value.p;
    }
    VG_TRY(vg_rows_close(r, err));
    return ok ? VG_OK
              : vg_fail(err, VG_ECORRUPT, "", "err.vault", "%s/%s", v[*n - 1].space,
                        v[*n - 1].name);
}

// With everything that goes with the old one read first: a box that does not open stops it all.
vg_status vg_vault_reseal(vg_db *db, const unsigned char old[32], const unsigned char key[32],
                          vg_err *err)
{
    vg_arena *arenas[2] = {vg_arena_create(4 << 20), vg_arena_create(4 << 20)};
    vault_row v[PAGE], last = {"", "", {0}};
    size_t n = PAGE;
    vg_status s = VG_OK;
    for (unsigned turn = 0; s == VG_OK && n == PAGE; turn++) {
        vg_arena *a = arenas[turn % 2];  // the other one holds last
        vg_arena_reset(a);
        s = read_page(db, old, a, &last, v, &n, err);
        for (size_t i = 0; s == VG_OK && i < n; i++) {
            s = put(db, key, v[i].space, v[i].name, v[i].value, err);
            sodium_memzero((void *)(uintptr_t)v[i].value.p, v[i].value.n);
            last = v[i];
        }
    }
    vg_arena_destroy(arenas[0]);
    vg_arena_destroy(arenas[1]);
    return s;
}

// --- keys that are kept ---------------------------------------------------------------------------
static const char SPACE[] = "key";
static const char *const NAMING[] = {
    "objects", "ingest.dc09", "ingest.device", "ingest.mqtt", "ingest.webhook",
    "opaque",  "ids",         "documents",     "papers.box",  "papers.sign"};
static const char OPENING[] = "imports";

static bool names_things(const char *purpose)
{
    for (size_t i = 0; i < VG_LEN(NAMING); i++) {
        if (strcmp(purpose, NAMING[i]) == 0) {
            return true;
        }
    }
    return false;
}

static vg_status read_kept(const unsigned char node_key[32], vg_db *db, vg_arena *a,
                           const char *purpose, vg_str *ret, vg_err *err)
{
    unsigned char vault[32];
    *ret = (vg_str){"", 0};
    vg_key_derive(node_key, "vault", vault);
    const vg_status s = vg_vault_open(vault, db, a, SPACE, purpose, ret, err);
    sodium_memzero(vault, sizeof vault);
    return s == VG_ENOTFOUND ? VG_OK : s;
}

vg_status vg_key_of(const unsigned char node_key[32], vg_db *db, const char *purpose,
                    unsigned char out[32], vg_err *err)
{
    vg_str kept = {"", 0};
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(16 << 10);
    if (names_things(purpose)) {
        VG_TRY(read_kept(node_key, db, a, purpose, &kept, err));
    }
    if (kept.n == 32) {
        memcpy(out, kept.p, 32);
    } else {
        vg_key_derive(node_key, purpose, out);
    }
    return VG_OK;
}

vg_status vg_keys_load(vg_core *c, vg_err *err)
{
    vg_str old = {"", 0};
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(16 << 10);
    _Static_assert(VG_LEN(NAMING) == VG_LEN(c->naming), "one place each");
    for (size_t i = 0; i < VG_LEN(NAMING); i++) {
        VG_TRY(vg_key_of(c->node_key, c->db, NAMING[i], c->naming[i], err));
    }
    VG_TRY(read_kept(c->node_key, c->db, a, OPENING, &old, err));
    c->n_opening = old.n / 32 < VG_OLD_KEYS ? old.n / 32 : VG_OLD_KEYS;
    memcpy(c->opening, old.p, 32 * c->n_opening);
    return VG_OK;
}

void vg_core_key(const vg_core *c, const char *purpose, unsigned char out[32])
{
    for (size_t i = 0; i < VG_LEN(NAMING); i++) {
        if (strcmp(purpose, NAMING[i]) == 0) {
            memcpy(out, c->naming[i], 32);
            return;
        }
    }
    vg_key_derive(c->node_key, purpose, out);
}

size_t vg_core_old_keys(const vg_core *c, unsigned char out[VG_OLD_KEYS][32])
{
    memcpy(out, c->opening, sizeof c->opening);
    return c->n_opening;
}

vg_status vg_keys_keep(const vg_core *c, const unsigned char vault[32], vg_err *err)
{
    unsigned char old[VG_OLD_KEYS][32];
    const size_t n = c->n_opening < VG_OLD_KEYS ? c->n_opening + 1 : VG_OLD_KEYS;
    for (size_t i = 0; i < VG_LEN(NAMING); i++) {
        VG_TRY(put(c->db, vault, SPACE, NAMING[i], (vg_str){(const char *)c->naming[i], 32}, err));
    }
    vg_key_derive(c->node_key, OPENING, old[0]);  // newest first
    memcpy(old[1], c->opening, 32 * (n - 1));
    const vg_status s = put(c->db, vault, SPACE, OPENING, (vg_str){(const char *)old, 32 * n}, err);
    sodium_memzero(old, sizeof old);
    return s;
}
