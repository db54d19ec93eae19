// SPDX-License-Identifier: Apache-2.0
// What a terminal takes with it: the areas and points of its site, who may pass, who is inside, who is expected, the
// rules, and of codes, of papers' numbers and of plates only hashes under a key of this snapshot. Names are apart, so
// that the terminal can lock them away before it keeps anything. All but the ban list and who keeps company to whom
// (ids) is read through the terminal's own views. The text is signed; it says for which terminal it is and until when.
#include "domain/gate/rule.h"
#include "domain/gate/snapshot_impl.h"

#include "base/clock.h"
#include "core/core.h"
#include "domain/holder.h"

enum { HOLDERS_MAX = 60000, TEXT_MAX = 15 << 20, NAMES_MAX = 8 << 20, HASH_BYTES = 12 };
static const int64_t HOLDS_US = 24 * 3600 * VG_SECOND_US;
static const char TAG[] = "vonggac snapshot 5\n";

// --- tables as they are -----------------------------------------------------------------------------
static void put_hash(const gate_shot *s, vg_jw *w, vg_str bytes)
{
    unsigned char h[crypto_auth_hmacsha256_BYTES];
    char text[32];
    crypto_auth_hmacsha256(h, (const unsigned char *)bytes.p, bytes.n, s->key);
    sodium_bin2base64(text, sizeof text, h, HASH_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    vg_jw_str(w, vg_str_c(text));
}

void gate_shot_guessed(gate_shot *s, vg_str text)
{
    unsigned char h[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256(h, (const unsigned char *)text.p, text.n,
                           (const unsigned char *)s->away.p);
    put_hash(s, &s->w, (vg_str){(const char *)h, sizeof h});
}

void gate_shot_cell(const gate_shot *s, vg_jw *w, vg_rows *r, int i, char type)
{
    if (vg_row_null(r, i)) {
        vg_jw_null(w);
    } else if (type == 'i') {
        vg_jw_i64(w, vg_row_i64(r, i));
    } else if (type == 'h') {
        put_hash(s, w, vg_row_str(r, i));
    } else if (type == 'j') {
        vg_jw_raw(w, vg_row_str(r, i));
    } else {
        vg_jw_str(w, vg_row_str(r, i));
    }
}

vg_status gate_shot_table(gate_shot *s, const gate_table *t, const vg_val *v, size_t n, vg_err *err)
{
    vg_rows *r;
    vg_jw_key(t->w, t->key);
    vg_jw_open(t->w, '[');
    VG_TRY(vg_rows_open(t->db, t->sql, v, n, &r, err));
    while (vg_rows_next(r)) {
        vg_jw_open(t->w, '[');
        for (int i = 0; t->types[i]; i++) {
            gate_shot_cell(s, t->w, r, i, t->types[i]);
        }
        vg_jw_close(t->w, ']');
    }
    vg_jw_close(t->w, ']');
    return vg_rows_close(r, err);
}

static vg_status put_table(gate_shot *s, const char *key, const char *sql, const char *types,
                           vg_err *err)
{
    return gate_shot_table(s, &(gate_table){&s->w, s->rd->db, key, sql, types},
                           VG_VALS(vg_z(s->site)), err);
}

static vg_status put_places(gate_shot *s, vg_err *err)
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
static bool before(vg_str a, vg_str b)
{
    const size_t n = a.n < b.n ? a.n : b.n;
    const int c = memcmp(a.p, b.p, n);
    return c < 0 || (c == 0 && a.n < b.n);
}

// b stands at a badge whose holder is not before id, or at the end; both are in the order of ids.
static bool put_badges(gate_shot *s, vg_rows *b, bool more, vg_str id)
{
    vg_jw_open(&s->w, '[');
    while (more && before(vg_row_str(b, 0), id)) {
        more = vg_rows_next(b);
    }
    while (more && vg_str_eq(vg_row_str(b, 0), id)) {
        vg_jw_open(&s->w, '[');
        for (int i = 1; i <= 4; i++) {
            gate_shot_cell(s, &s->w, b, i, "-hsis"[i]);
        }
        vg_jw_close(&s->w, ']');
        more = vg_rows_next(b);
    }
    vg_jw_close(&s->w, ']');
    return more;
}

static const char HOLDERS[] =
    "SELECT h.id, h.kind, h.class, h.state, h.valid_until, p.area, p.site, p.since,"
    " c.doc_away, c.name, c.born FROM v_gate_holder h LEFT JOIN v_presence p ON p.holder = h.id"
    " LEFT JOIN v_gate_card c ON c.holder = h.id WHERE h.site = ? AND h.state <> 'forgotten'"
    " ORDER BY h.id";
static const char BADGES[] = "SELECT holder, code, state, valid_until, kind FROM v_badge WHERE site"
                             " = ? ORDER BY holder, at";

static vg_status walk_holders(gate_shot *s, vg_rows *h, vg_rows *b, vg_err *err)
{
    size_t n = 0;
    bool more = vg_rows_next(b);
    while (vg_rows_next(h)) {
        if (++n > HOLDERS_MAX) {
            return vg_fail(err, VG_ETOOBIG, "", "gate.snapshot_many", "%d", HOLDERS_MAX);
        }
        vg_jw_open(&s->w, '[');
        for (int i = 0; i < 9; i++) {
            gate_shot_cell(s, &s->w, h, i, "ssssissih"[i]);
        }
        more = put_badges(s, b, more, vg_row_str(h, 0));
        vg_jw_close(&s->w, ']');
        vg_jw_open(&s->names, '[');
        gate_shot_cell(s, &s->names, h, 9, 's');
        gate_shot_cell(s, &s->names, h, 10, 'i');
        vg_jw_close(&s->names, ']');
    }
    return VG_OK;
}

static vg_status put_holders(gate_shot *s, vg_err *err)
{
    vg_rows *h, *b;
    vg_jw_key(&s->w, "holders");
    vg_jw_open(&s->w, '[');
    vg_jw_key(&s->names, "holders");
    vg_jw_open(&s->names, '[');
    VG_TRY(vg_rows_open(s->rd->db, HOLDERS, VG_VALS(vg_z(s->site)), &h, err));
    vg_status st = vg_rows_open(s->rd->db, BADGES, VG_VALS(vg_z(s->site)), &b, err);
    if (st == VG_OK) {
        st = walk_holders(s, h, b, err);
        const vg_status closed = vg_rows_close(b, st == VG_OK ? err : NULL);
        st = st == VG_OK ? closed : st;
    }
    vg_jw_close(&s->w, ']');
    vg_jw_close(&s->names, ']');
    const vg_status closed = vg_rows_close(h, st == VG_OK ? err : NULL);
    return st == VG_OK ? closed : st;
}

// --- whole and signed -------------------------------------------------------------------------------
static void put_digest(gate_shot *s, const char *key, vg_str bytes)
{
    unsigned char h[crypto_hash_sha256_BYTES];
    char hex[GATE_HASH_TEXT];
    crypto_hash_sha256(h, (const unsigned char *)bytes.p, bytes.n);
    vg_hex(h, sizeof h, hex);
    vg_jw_kz(&s->w, key, hex);
}

static void put_head(gate_shot *s)
{
    vg_jw_ki64(&s->w, "version", 5);
    vg_jw_kz(&s->w, "terminal", s->rd->who->user);
    vg_jw_kz(&s->w, "site", s->site);
    vg_jw_ki64(&s->w, "made", s->now_us);
    vg_jw_ki64(&s->w, "until", s->now_us + HOLDS_US);
    vg_jw_kstr(&s->w, "key", gate_base64url(s->rd->arena, s->key, sizeof s->key));
    put_digest(s, "paper", s->away);
}

static vg_status build(gate_shot *s, vg_err *err)
{
    randombytes_buf(s->key, sizeof s->key);
    s->now_us = vg_core_now(s->rd->core);
    vg_jw_open(&s->w, '{');
    vg_jw_open(&s->names, '{');
    put_head(s);
    VG_TRY(put_places(s, err));
    VG_TRY(put_holders(s, err));
    VG_TRY(gate_shot_guests(s, err));
    VG_TRY(gate_shot_elsewhere(s, err));
    VG_TRY(gate_shot_plates(s, err));
    VG_TRY(gate_shot_named(s, err));
    vg_jw_close(&s->names, '}');
    put_digest(s, "names", vg_buf_str(s->names.b));  // signed with the rest
    vg_jw_close(&s->w, '}');
    return s->w.b->failed || s->names.b->failed
               ? vg_fail(err, VG_ETOOBIG, "", "gate.snapshot_many", "%d", HOLDERS_MAX)
               : VG_OK;
}

static vg_status site_and_keys(gate_shot *s, gate_seal_key *ret, vg_err *err)
{
    vg_rows *r;
    vg_read *rd = s->rd;
    VG_TRY(vg_rows_open(s->inner,
                        "SELECT d.site, s.agency FROM device_account d JOIN site s ON s.id = d.site"
                        " WHERE d.id = ? AND d.role = 'gate_terminal' AND d.state = 'active'",
                        VG_VALS(vg_z(rd->who->user)), &r, err));
    if (vg_rows_next(r)) {
        s->site = vg_str_z(rd->arena, vg_row_str(r, 0));
        s->agency = vg_str_z(rd->arena, vg_row_str(r, 1));
    }
    VG_TRY(vg_rows_close(r, err));
    if (!s->site) {
        return vg_fail(err, VG_EDENIED, "", NULL, "%s", "");
    }
    VG_TRY(gate_seal_key_read(rd->core, s->inner, rd->arena, ret, err));
    return vg_vault_get(rd->core, s->inner, rd->arena, VG_PAPER_SPACE, VG_PAPER_AWAY, &s->away,
                        err);
}

static vg_status answer(gate_shot *s, const gate_seal_key *k, vg_err *err)
{
    unsigned char sig[64];
    vg_jw *out = &s->rd->out;
    const vg_str all = vg_buf_str(s->w.b);
    if (!gate_seal(k, all, sig)) {
        return vg_fail(err, VG_EIO, "", NULL, "%s", "P-256");
    }
    vg_jw_open(out, '{');
    vg_jw_kstr(out, "text", (vg_str){all.p + sizeof TAG - 1, all.n - (sizeof TAG - 1)});
    vg_jw_kstr(out, "sig", gate_base64url(s->rd->arena, sig, sizeof sig));
    vg_jw_kstr(out, "names", vg_buf_str(s->names.b));
    vg_jw_kstr(out, "paper_key", gate_base64url(s->rd->arena, s->away.p, s->away.n));
    vg_jw_close(out, '}');
    return VG_OK;
}

vg_status gate_snapshot(vg_read *rd, const vg_args *args, vg_err *err)
{
    vg_buf text, names;
    gate_seal_key k = {0};
    gate_shot s = {.rd = rd};
    (void)args;
    VG_TRY(vg_inner_take(rd->core, &s.inner, err));
    vg_buf_init(&text, TEXT_MAX);
    vg_buf_init(&names, NAMES_MAX);
    vg_buf_c(&text, TAG);
    s.w = vg_jw_on(&text);
    s.names = vg_jw_on(&names);
    vg_status st = site_and_keys(&s, &k, err);
    st = st == VG_OK ? build(&s, err) : st;
    st = st == VG_OK ? answer(&s, &k, err) : st;
    vg_buf_done(&text);
    vg_buf_done(&names);
    vg_inner_give(rd->core, s.inner);
    sodium_memzero(&k, sizeof k);
    sodium_memzero(s.key, sizeof s.key);
    return st;
}
