// SPDX-License-Identifier: Apache-2.0
// Of a paper's number keyed hashes and the last four are kept: enough to know it again, not to read it. The keys of the
// hashes are secrets of the node's own and not derived from the node key, so that the node key can change.
#include "domain/holder.h"

#include "core/core.h"
#include "ident/id_card.h"
#include "ident/plate.h"

#include <sodium.h>

enum { PAPER_MAX = 32, PERSONAL_MAX = 4096 };

static vg_status paper_key(vg_cx *cx, const char *name, unsigned char ret[VG_PAPER_HASH],
                           vg_err *err)
{
    vg_str kept;
    const vg_status st =
        vg_vault_get(cx->core, cx->db, cx->arena, VG_PAPER_SPACE, name, &kept, err);
    if (st == VG_OK && kept.n == VG_PAPER_HASH) {
        memcpy(ret, kept.p, VG_PAPER_HASH);
        return VG_OK;
    }
    if (st != VG_OK && st != VG_ENOTFOUND) {
        return st;
    }
    randombytes_buf(ret, VG_PAPER_HASH);
    return vg_vault_put(cx, VG_PAPER_SPACE, name, (vg_str){(const char *)ret, VG_PAPER_HASH}, err);
}

vg_status vg_paper_away_key(vg_cx *cx, unsigned char ret[VG_PAPER_HASH], vg_err *err)
{
    return paper_key(cx, VG_PAPER_AWAY, ret, err);
}

// Letters and digits, in capitals: 001 090 000 011 and 001090000011 are one. Returns how many, at most PAPER_MAX.
static size_t clean_number(vg_str number, char out[PAPER_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < number.n && n < PAPER_MAX; i++) {
        const char c = number.p[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter || (c >= '0' && c <= '9')) {
            out[n++] = (char)(letter ? c & ~0x20 : c);
        }
    }
    return n;
}

vg_status vg_paper_of(vg_cx *cx, vg_str number, vg_paper *ret, vg_err *err)
{
    char clean[PAPER_MAX];
    unsigned char key[VG_PAPER_HASH], away[VG_PAPER_HASH];
    const size_t n = clean_number(number, clean);
    if (n < 4) {
        return vg_fail(err, VG_EINVALID, "doc_number", "gate.paper_number", "%s", "");
    }
    VG_TRY(paper_key(cx, "paper", key, err));
    VG_TRY(vg_paper_away_key(cx, away, err));
    crypto_generichash(ret->hash, sizeof ret->hash, (const unsigned char *)clean, n, key,
                       sizeof key);
    crypto_auth_hmacsha256(ret->away, (const unsigned char *)clean, n, away);
    memcpy(ret->last, clean + n - 4, 4);
    ret->last[4] = 0;
    sodium_memzero(key, sizeof key);
    sodium_memzero(away, sizeof away);
    sodium_memzero(clean, sizeof clean);
    return VG_OK;
}

vg_val vg_paper_val(const vg_paper *p)
{
    return p && *p->last ? vg_b(p->hash, sizeof p->hash) : vg_nil();
}

vg_val vg_paper_away(const vg_paper *p)
{
    return p && *p->last ? vg_b(p->away, sizeof p->away) : vg_nil();
}

void vg_invite_hash(vg_str code, char out[VG_INVITE_TEXT])
{
    unsigned char h[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(h, (const unsigned char *)(code.p ? code.p : ""), code.n);
    vg_hex(h, sizeof h, out);
}

vg_status vg_scan_read(vg_arena *a, vg_str text, vg_scan *ret, vg_err *err)
{
    const vg_str t = vg_str_trim(text);
    *ret = (vg_scan){.number = t};
    if (memchr(t.p ? t.p : "", '|', t.n)) {
        vg_card_qr qr;
        VG_TRY(vg_card_qr_parse(t, &qr, err));
        *ret = (vg_scan){vg_str_dup(a, vg_str_c(qr.id.digits)), qr.name, qr.born.year, "id_card",
                         qr.hints};
    } else if (t.n >= 90) {
        vg_mrz mrz;
        VG_TRY(vg_mrz_parse(t, &mrz, err));
        *ret = (vg_scan){vg_str_dup(a, vg_str_c(mrz.id.digits)), vg_str_dup(a, vg_str_c(mrz.name)),
                         mrz.born.year, "id_card", mrz.hints};
    }
    return VG_OK;
}

vg_status vg_holder_find(vg_str kind, vg_str name, char out[VG_NAME_KEY], vg_err *err)
{
    vg_plate p;
    if (!vg_str_eqc(kind, "vehicle")) {
        (void)vg_name_key(name, out);
        return VG_OK;
    }
    VG_TRY(vg_plate_parse(name, &p, err));
    snprintf(out, VG_NAME_KEY, "%s", p.key);
    return VG_OK;
}

static vg_status put_card(vg_cx *cx, const vg_holder_new *h, const char *id, vg_err *err)
{
    char find[VG_NAME_KEY];
    const vg_status st = vg_holder_find(h->kind, h->name, find, h->as_is ? NULL : err);
    if (st != VG_OK && h->as_is) {
        (void)vg_name_key(h->name, find);
    } else {
        VG_TRY(st);
    }
    return vg_exec(
        cx->db,
        "INSERT INTO gate_card (holder, name, find, company, phone, born, doc_kind,"
        " doc_key, doc_away, doc_last, label, world) VALUES (?, ?, ?, NULLIF(?, ''), NULLIF(?, ''),"
        " NULLIF(?, 0), NULLIF(?, ''), ?, ?, NULLIF(?, ''), ?, ?)",
        VG_VALS(vg_z(id), vg_t(h->name), vg_z(find), vg_t(h->company), vg_t(h->phone),
                vg_i(h->born), vg_t(h->doc_kind), vg_paper_val(h->paper), vg_paper_away(h->paper),
                vg_z(h->paper ? h->paper->last : ""), vg_i(h->label), vg_i(cx->world)),
        err);
}

static void personal_json(const vg_holder_new *h, vg_buf *out)
{
    vg_jw w = vg_jw_on(out);
    vg_jw_open(&w, '{');
    vg_jw_kstr(&w, "name", h->name);
    vg_jw_kstr(&w, "company", h->company);
    vg_jw_kstr(&w, "phone", h->phone);
    vg_jw_ki64(&w, "born", h->born);
    vg_jw_kstr(&w, "doc_kind", h->doc_kind);
    vg_jw_kz(&w, "doc_last", h->paper ? h->paper->last : "");
    vg_jw_close(&w, '}');
}

static void holder_body(vg_cx *cx, const vg_holder_new *h)
{
    vg_body(cx);
    vg_jw_kz(&cx->body, "agency", h->agency);
    vg_jw_kstr(&cx->body, "kind", h->kind);
    if (h->class.n) {
        vg_jw_kstr(&cx->body, "class", h->class);
    }
    if (h->person.n) {
        vg_jw_kstr(&cx->body, "person", h->person);
    }
    if (h->valid_until_us) {
        vg_jw_ki64(&cx->body, "valid_until", h->valid_until_us);
    }
}

vg_status vg_holder_make(vg_cx *cx, const vg_holder_new *h, char ret_id[VG_ID_TEXT], vg_err *err)
{
    vg_buf b;
    if (h->id) {
        snprintf(ret_id, VG_ID_TEXT, "%s", h->id);
    } else {
        vg_new_id(cx, ret_id);
    }
    // The card first: the row that goes to the live stream is the one written by the fold.
    VG_TRY(put_card(cx, h, ret_id, err));
    vg_buf_init(&b, PERSONAL_MAX);
    personal_json(h, &b);
    holder_body(cx, h);
    const vg_status st = vg_emit(cx,
                                 &(vg_draft){.kind = "gate.holder_added",
                                             .site = h->site,
                                             .subject = ret_id,
                                             .label = h->label,
                                             .person = ret_id,
                                             .personal = vg_buf_str(&b)},
                                 NULL, err);
    vg_buf_done(&b);
    return st;
}
