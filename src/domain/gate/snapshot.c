// SPDX-License-Identifier: Apache-2.0
// What a terminal takes with it: the areas and points of its site, who may pass, who is inside, the rules, and no badge's
// code, only hashes under a key of this snapshot. Names are apart, so that the terminal can lock them away before it
// keeps anything. All is read through the terminal's own views. The text is signed; it says for which terminal it is and
// until when.
#include "domain/gate/rule.h"
#include "domain/gate/terminal.h"

#include "base/clock.h"
#include "core/core.h"

#include <sodium.h>

enum { HOLDERS_MAX = 60000, TEXT_MAX = 15 << 20, NAMES_MAX = 6 << 20, HASH_BYTES = 12 };
static const int64_t HOLDS_US = 24 * 3600 * VG_SECOND_US;
static const char TAG[] = "vonggac snapshot 1\n";

typedef struct shot {
    vg_read *rd;
    const char *site;
    vg_jw w, names;
    unsigned char key[crypto_auth_hmacsha256_KEYBYTES];
} shot;

// --- tables as they are -----------------------------------------------------------------------------
static void put_cell(vg_jw *w, vg_rows *r, int i, char type)
{
    if (vg_row_null(r, i)) {
        vg_jw_null(w);
    } else if (type == 'i') {
        vg_jw_i64(w, vg_row_i64(r, i));
    } else {
        vg_jw_str(w, vg_row_str(r, i));
    }
}

// types: a letter a column, s for text, i for a number.
static vg_status put_table(shot *s, const char *key, const char *sql, const char *types,
                           vg_err *err)
{
    vg_rows *r;
    vg_jw_key(&s->w, key);
    vg_jw_open(&s->w, '[');
    VG_TRY(vg_rows_open(s->rd->db, sql, VG_VALS(vg_z(s->site)), &r, err));
    while (vg_rows_next(r)) {
        vg_jw_open(&s->w, '[');
        for (int i = 0; types[i]; i++) {
            put_cell(&s->w, r, i, types[i]);
        }
        vg_jw_close(&s->w, ']');
    }
    vg_jw_close(&s->w, ']');
    return vg_rows_close(r, err);
}

static vg_status put_places(shot *s, vg_err *err)
{
    VG_TRY(put_table(s, "areas",
                     "SELECT id, name, parent, passback, again_min, most, alone_s, airlock FROM"
                     " v_gate_area WHERE site = ? AND state = 'active' ORDER BY at, id",
                     "ssssiiii", err));
    VG_TRY(put_table(s, "points",
                     "SELECT id, name, outer_area, inner_area, ways, lane FROM v_gate_point WHERE"
                     " site = ? AND state = 'active' ORDER BY at, id",
                     "ssssss", err));
    VG_TRY(put_table(s, "lists",
                     "SELECT l.area, l.list, l.holder FROM v_gate_area_list l JOIN v_gate_area a ON"
                     " a.id = l.area WHERE a.site = ?",
                     "sss", err));
    return put_table(s, "rules",
                     "SELECT name, condition, say FROM v_gate_rule WHERE site = ? AND state ="
                     " 'active' ORDER BY at, id",
                     "sss", err);
}

// --- people and badges ------------------------------------------------------------------------------
static void put_badge(shot *s, vg_rows *b)
{
    unsigned char h[crypto_auth_hmacsha256_BYTES];
    char text[32];
    const vg_str code = vg_row_str(b, 1);
    crypto_auth_hmacsha256(h, (const unsigned char *)code.p, code.n, s->key);
    sodium_bin2base64(text, sizeof text, h, HASH_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    vg_jw_open(&s->w, '[');
    vg_jw_str(&s->w, vg_str_c(text));
    vg_jw_str(&s->w, vg_row_str(b, 2));
    vg_jw_i64(&s->w, vg_row_i64(b, 3));
    vg_jw_close(&s->w, ']');
}

static bool before(vg_str a, vg_str b)
{
    const size_t n = a.n < b.n ? a.n : b.n;
    const int c = memcmp(a.p, b.p, n);
    return c < 0 || (c == 0 && a.n < b.n);
}

// b stands at a badge whose holder is not before id, or at the end; both are in the order of ids.
static bool put_badges(shot *s, vg_rows *b, bool more, vg_str id)
{
    vg_jw_open(&s->w, '[');
    while (more && before(vg_row_str(b, 0), id)) {
        more = vg_rows_next(b);
    }
    while (more && vg_str_eq(vg_row_str(b, 0), id)) {
        put_badge(s, b);
        more = vg_rows_next(b);
    }
    vg_jw_close(&s->w, ']');
    return more;
}

static const char HOLDERS[] =
    "SELECT h.id, h.kind, h.class, h.state, h.valid_until, p.area, p.site, p.since, c.name FROM"
    " v_gate_holder h LEFT JOIN v_presence p ON p.holder = h.id LEFT JOIN v_gate_card c ON"
    " c.holder = h.id WHERE h.site = ? AND h.state <> 'forgotten' ORDER BY h.id";

static vg_status walk_holders(shot *s, vg_rows *h, vg_rows *b, vg_err *err)
{
    size_t n = 0;
    bool more = vg_rows_next(b);
    while (vg_rows_next(h)) {
        if (++n > HOLDERS_MAX) {
            return vg_fail(err, VG_ETOOBIG, "", "gate.snapshot_many", "%d", HOLDERS_MAX);
        }
        vg_jw_open(&s->w, '[');
        for (int i = 0; i < 8; i++) {
            put_cell(&s->w, h, i, "ssssissi"[i]);
        }
        more = put_badges(s, b, more, vg_row_str(h, 0));
        vg_jw_close(&s->w, ']');
        put_cell(&s->names, h, 8, 's');
    }
    return VG_OK;
}

static vg_status put_holders(shot *s, vg_err *err)
{
    vg_rows *h, *b;
    vg_jw_key(&s->w, "holders");
    vg_jw_open(&s->w, '[');
    VG_TRY(vg_rows_open(s->rd->db, HOLDERS, VG_VALS(vg_z(s->site)), &h, err));
    vg_status st = vg_rows_open(s->rd->db,
                                "SELECT holder, code, state, valid_until FROM v_badge WHERE site ="
                                " ? ORDER BY holder, at",
                                VG_VALS(vg_z(s->site)), &b, err);
    if (st == VG_OK) {
        st = walk_holders(s, h, b, err);
        const vg_status closed = vg_rows_close(b, st == VG_OK ? err : NULL);
        st = st == VG_OK ? closed : st;
    }
    vg_jw_close(&s->w, ']');
    const vg_status closed = vg_rows_close(h, st == VG_OK ? err : NULL);
    return st == VG_OK ? closed : st;
}

// --- whole and signed -------------------------------------------------------------------------------
static void put_head(shot *s)
{
    const int64_t now_us = vg_now_us();
    vg_jw_ki64(&s->w, "version", 1);
    vg_jw_kz(&s->w, "terminal", s->rd->who->user);
    vg_jw_kz(&s->w, "site", s->site);
    vg_jw_ki64(&s->w, "made", now_us);
    vg_jw_ki64(&s->w, "until", now_us + HOLDS_US);
    vg_jw_kstr(&s->w, "key", gate_base64url(s->rd->arena, s->key, sizeof s->key));
}

// Names are signed with the rest by their hash.
static void put_names_hash(shot *s)
{
    unsigned char h[crypto_hash_sha256_BYTES];
    char hex[GATE_HASH_TEXT];
    const vg_str names = vg_buf_str(s->names.b);
    crypto_hash_sha256(h, (const unsigned char *)names.p, names.n);
    vg_hex(h, sizeof h, hex);
    vg_jw_kz(&s->w, "names", hex);
}

static vg_status build(shot *s, vg_err *err)
{
    randombytes_buf(s->key, sizeof s->key);
    vg_jw_open(&s->w, '{');
    vg_jw_open(&s->names, '[');
    put_head(s);
    VG_TRY(put_places(s, err));
    VG_TRY(put_holders(s, err));
    vg_jw_close(&s->names, ']');
    put_names_hash(s);
    vg_jw_close(&s->w, '}');
    return s->w.b->failed || s->names.b->failed
               ? vg_fail(err, VG_ETOOBIG, "", "gate.snapshot_many", "%d", HOLDERS_MAX)
               : VG_OK;
}

static vg_status site_and_key(vg_read *rd, const char **ret_site, gate_seal_key *ret_key,
                              vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    *ret_site = NULL;
    VG_TRY(vg_inner_take(rd->core, &db, err));
    vg_status st = vg_rows_open(db,
                                "SELECT site FROM device_account WHERE id = ? AND role ="
                                " 'gate_terminal' AND state = 'active'",
                                VG_VALS(vg_z(rd->who->user)), &r, err);
    if (st == VG_OK) {
        *ret_site = vg_rows_next(r) ? vg_str_z(rd->arena, vg_row_str(r, 0)) : NULL;
        st = vg_rows_close(r, err);
    }
    if (st == VG_OK && !*ret_site) {
        st = vg_fail(err, VG_EDENIED, "", NULL, "%s", "");
    }
    if (st == VG_OK) {
        st = gate_seal_key_read(rd->core, db, rd->arena, ret_key, err);
    }
    vg_inner_give(rd->core, db);
    return st;
}

vg_status gate_snapshot(vg_read *rd, const vg_args *args, vg_err *err)
{
    vg_buf text, names;
    gate_seal_key key;
    unsigned char sig[64];
    shot s = {.rd = rd};
    (void)args;
    VG_TRY(site_and_key(rd, &s.site, &key, err));
    vg_buf_init(&text, TEXT_MAX);
    vg_buf_init(&names, NAMES_MAX);
    vg_buf_c(&text, TAG);
    s.w = vg_jw_on(&text);
    s.names = vg_jw_on(&names);
    vg_status st = build(&s, err);
    if (st == VG_OK && !gate_seal(&key, vg_buf_str(&text), sig)) {
        st = vg_fail(err, VG_EIO, "", NULL, "%s", "P-256");
    }
    if (st == VG_OK) {
        const vg_str all = vg_buf_str(&text);
        vg_jw_open(&rd->out, '{');
        vg_jw_kstr(&rd->out, "text", (vg_str){all.p + sizeof TAG - 1, all.n - (sizeof TAG - 1)});
        vg_jw_kstr(&rd->out, "sig", gate_base64url(rd->arena, sig, sizeof sig));
        vg_jw_kstr(&rd->out, "names", vg_buf_str(&names));
        vg_jw_close(&rd->out, '}');
    }
    vg_buf_done(&text);
    vg_buf_done(&names);
    sodium_memzero(&key, sizeof key);
    return st;
}
