// SPDX-License-Identifier: Apache-2.0
// A foreign log becomes passages like any other, told late. Who reads the file has checked every row before the first
// piece is sent; a piece is one event of up to GATE_IMPORT_ROWS rows, so that a million rows are two thousand events. A
// badge of a log is always the same holder (his id derives from site, log and badge), in this file and the next. What the
// badge is called is personal: it goes to the card, and to the journal under a key of the import's own. Undo takes the
// passages and the holders that came with them away, and works everybody concerned out again.
#include "domain/gate/import.h"

#include "core/core.h"
#include "core/person.h"
#include "ident/name.h"

static const char *const kinds[] = {"staff", "visitor", "contractor", "vehicle", NULL};

const vg_field gate_import_begin_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"source", VG_F_TEXT, VG_REQUIRED, .max = 60},
    {NULL},
};
// holders: [[code, kind, class], …]; rows: [[index of holder, point or "", way or "", from, to, moved µs], …], where
// from and to are areas, "" outside and "*" anywhere; n: number of the first row within the import.
const vg_field gate_import_rows_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"n", VG_F_INT, VG_REQUIRED, .min = 0, .max = INT32_MAX},
    {"holders", VG_F_JSON, VG_REQUIRED, .max = 120000},
    {"rows", VG_F_JSON, VG_REQUIRED, .max = 120000},
    {NULL},
};
const vg_field gate_import_id_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, {NULL}};

VG_HANDLER(gate_import_begin)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "gate.edit", &site, err));
    VG_TRY(vg_label_of(cx, site.agency, VG_C_GATE, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site");
    VG_TRY(vg_say(cx, &(vg_saying){"gate.import_begun", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(gate_on_import_begun)
{
    return vg_put(ap, e,
                  "INSERT INTO passage_import (id, site, source, by_user, at, label, world) VALUES"
                  " (?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site source @actor @at @label @world", err);
}

typedef struct import_ref {
    const char *id, *site, *agency;
    vg_str source, state;
    int32_t label;
} import_ref;

static vg_status import_at(vg_cx *cx, const vg_args *args, const char *state, import_ref *ret,
                           vg_err *err)
{
    vg_str c[4];
    vg_site_ref site;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT site, source, state, label FROM passage_import WHERE id = ?", id, c,
                   4, err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[3]), "id", err));
    VG_TRY(vg_site_at(cx, c[0], "gate.edit", &site, err));
    *ret = (import_ref){vg_str_z(cx->arena, id), site.id, site.agency, c[1], c[2],
                        (int32_t)vg_int(c[3])};
    return !state || vg_str_eqc(ret->state, state)
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "gate.import_state", "%.*s", VG_FMT(ret->state));
}

// --- pieces ---------------------------------------------------------------------------------------
static void holder_of(vg_cx *cx, const import_ref *m, vg_str code, char out[VG_ID_TEXT])
{
    const vg_str log = vg_str_f(cx->arena, "%s %.*s", m->site, VG_FMT(m->source));
    const vg_cmd_id from = vg_cmd_derive("gate.holder", log, code);
    vg_id_derive(&from, 0, out);
}

static vg_status keep_card(vg_cx *cx, const import_ref *m, const char *holder, vg_str code,
                           vg_err *err)
{
    char find[VG_NAME_KEY];
    (void)vg_name_key(code, find);
    return vg_exec(cx->db,
                   "INSERT INTO gate_card (holder, name, find, label, world) VALUES (?, ?, ?, ?, ?)"
                   " ON CONFLICT (holder) DO NOTHING",
                   VG_VALS(vg_z(holder), vg_t(code), vg_z(find), vg_i(m->label), vg_i(cx->world)),
                   err);
}

static bool is_kind(vg_str s)
{
    for (size_t i = 0; kinds[i]; i++) {
        if (vg_str_eqc(s, kinds[i])) {
            return true;
        }
    }
    return false;
}

// Holders of the piece into the body, their codes into the personal part.
static vg_status say_holders(vg_cx *cx, const import_ref *m, vg_str holders, vg_jw *personal,
                             vg_err *err)
{
    vg_str one, part;
    size_t at = 0;
    vg_jw_key(&cx->body, "holders");
    vg_jw_open(&cx->body, '[');
    vg_jw_open(personal, '[');
    while (vg_js_each(holders, &at, NULL, &one)) {
        vg_str v[3] = {{"", 0}, {"", 0}, {"", 0}};
        size_t inner = 0, n = 0;
        char id[VG_ID_TEXT];
        while (n < 3 && vg_js_each(one, &inner, NULL, &part)) {
            v[n++] = vg_js_decode(cx->arena, part);
        }
        if (n != 3 || !v[0].n || v[0].n > 120 || v[2].n > 160 || !is_kind(v[1])) {
            return vg_fail(err, VG_EINVALID, "holders", "gate.import_piece", "%zu", at);
        }
        holder_of(cx, m, v[0], id);
        VG_TRY(keep_card(cx, m, id, v[0], err));
        vg_jw_open(&cx->body, '[');
        vg_jw_str(&cx->body, vg_str_c(id));
        vg_jw_str(&cx->body, v[1]);
        vg_jw_str(&cx->body, v[2]);
        vg_jw_close(&cx->body, ']');
        vg_jw_str(personal, v[0]);
    }
    vg_jw_close(personal, ']');
    vg_jw_close(&cx->body, ']');
    return VG_OK;
}

// How soon one may enter again, of every area that minds: as the rules are now, and so in the event.
static vg_status say_again(vg_cx *cx, const char *site, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT id, again_min FROM gate_area WHERE site = ? AND passback <> 'none'"
                        " ORDER BY at, id",
                        VG_VALS(vg_z(site)), &r, err));
    vg_jw_key(&cx->body, "again");
    vg_jw_open(&cx->body, '[');
    while (vg_rows_next(r)) {
        vg_jw_open(&cx->body, '[');
        vg_jw_str(&cx->body, vg_row_str(r, 0));
        vg_jw_i64(&cx->body,
                  vg_row_null(r, 1) ? VG_PASS_ALWAYS : vg_row_i64(r, 1) * INT64_C(60000000));
        vg_jw_close(&cx->body, ']');
    }
    vg_jw_close(&cx->body, ']');
    return vg_rows_close(r, err);
}

VG_HANDLER(gate_import_rows)
{
    import_ref m;
    vg_buf personal;
    VG_TRY(import_at(cx, args, "open", &m, err));
    vg_buf_init(&personal, 200000);
    vg_jw w = vg_jw_on(&personal);
    vg_body(cx);
    vg_jw_kz(&cx->body, "agency", m.agency);
    vg_jw_ki64(&cx->body, "n", vg_arg_i64(args, "n", 0));
    vg_status st = say_again(cx, m.site, err);
    st = st != VG_OK ? st : say_holders(cx, &m, vg_arg_str(args, "holders"), &w, err);
    if (st == VG_OK) {
        vg_jw_kraw(&cx->body, "rows", vg_arg_str(args, "rows"));
        st = vg_emit(cx,
                     &(vg_draft){.kind = "gate.imported",
                                 .site = m.site,
                                 .subject = m.id,
                                 .label = m.label,
                                 .person = m.id,
                                 .personal = vg_buf_str(&personal)},
                     NULL, err);
    }
    vg_buf_done(&personal);
    return st;
}

// --- folding a piece --------------------------------------------------------------------------------
typedef struct piece {
    vg_apply *ap;
    const vg_event *e;
    size_t n_holders;
    vg_str holder[GATE_IMPORT_ROWS], kind[GATE_IMPORT_ROWS], class[GATE_IMPORT_ROWS];
    vg_str agency, evidence;
    int64_t n;
    struct {
        vg_str area;
        int64_t us;
    } again[GATE_AREAS_MAX];
    size_t n_again;
} piece;

static vg_status fold_holders(piece *p, vg_err *err)
{
    vg_str all, one, part;
    size_t at = 0;
    if (!vg_js_find(p->e->body, "holders", &all)) {
        return VG_OK;
    }
    while (p->n_holders < GATE_IMPORT_ROWS && vg_js_each(all, &at, NULL, &one)) {
        vg_str v[3] = {{"", 0}, {"", 0}, {"", 0}};
        size_t inner = 0, n = 0;
        while (n < 3 && vg_js_each(one, &inner, NULL, &part)) {
            v[n++] = vg_js_decode(p->ap->arena, part);
        }
        VG_TRY(
            vg_exec(p->ap->db,
                    "INSERT INTO gate_holder (id, agency, site, kind, class, import, at,"
                    " changed_at, label, world) VALUES (?, ?, ?, ?, NULLIF(?, ''), ?, ?, ?, ?, ?)"
                    " ON CONFLICT (id) DO NOTHING",
                    VG_VALS(vg_t(v[0]), vg_t(p->agency), vg_t(p->e->site), vg_t(v[1]), vg_t(v[2]),
                            vg_t(p->e->subject), vg_i(p->e->recorded_us), vg_i(p->e->recorded_us),
                            vg_i(p->e->label), vg_i(p->e->world)),
                    err));
        p->holder[p->n_holders] = v[0];
        p->kind[p->n_holders] = v[1];
        p->class[p->n_holders++] = v[2];
    }
    return VG_OK;
}

static void fold_again(piece *p)
{
    vg_str all, one, part;
    size_t at = 0;
    while (p->n_again < GATE_AREAS_MAX && vg_js_find(p->e->body, "again", &all) &&
           vg_js_each(all, &at, NULL, &one)) {
        size_t inner = 0;
        int64_t us = 0;
        vg_str area = {"", 0};
        if (vg_js_each(one, &inner, NULL, &part)) {
            area = vg_js_decode(p->ap->arena, part);
        }
        if (vg_js_each(one, &inner, NULL, &part) &&
            vg_str_i64(part, 0, INT64_MAX, &us, NULL) == VG_OK) {
            p->again[p->n_again].area = area;
            p->again[p->n_again++].us = us;
        }
    }
}

static int64_t again_in(const piece *p, vg_str area)
{
    for (size_t i = 0; i < p->n_again; i++) {
        if (vg_str_eq(p->again[i].area, area)) {
            return p->again[i].us;
        }
    }
    return 0;
}

static vg_status fold_row(piece *p, vg_str row, vg_err *err)
{
    vg_str v[6] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}, {"", 0}, {"", 0}}, part;
    size_t at = 0, n = 0;
    int64_t who = 0, moved = 0;
    char id[VG_ID_TEXT];
    while (n < 6 && vg_js_each(row, &at, NULL, &part)) {
        v[n++] = part.n && part.p[0] == '"' ? vg_js_decode(p->ap->arena, part) : part;
    }
    if (vg_str_i64(v[0], 0, (int64_t)p->n_holders - 1, &who, err) != VG_OK ||
        vg_str_i64(v[5], 0, INT64_MAX, &moved, err) != VG_OK) {
        return VG_ECORRUPT;
    }
    const vg_cmd_id from = vg_cmd_derive_row("gate.passage", p->e->subject, p->n);
    vg_id_derive_row(&from, 0, id);
    p->n++;
    VG_TRY(vg_exec(p->ap->db,
                   "INSERT INTO passage (id, site, holder, holder_kind, class, point, way,"
                   " from_area, to_area, again_us, moved, advice, import, evidence, at, label,"
                   " world) VALUES (?, ?, ?, ?, NULLIF(?, ''), NULLIF(?, ''), NULLIF(?, ''),"
                   " NULLIF(?, ''), NULLIF(?, ''), ?, ?, 'green', ?, ?, ?, ?, ?)",
                   VG_VALS(vg_z(id), vg_t(p->e->site), vg_t(p->holder[who]), vg_t(p->kind[who]),
                           vg_t(p->class[who]), vg_t(v[1]), vg_t(v[2]), vg_t(v[3]), vg_t(v[4]),
                           vg_i(again_in(p, v[4])), vg_i(moved), vg_t(p->e->subject),
                           vg_t(p->evidence), vg_i(p->e->recorded_us), vg_i(p->e->label),
                           vg_i(p->e->world)),
                   err));
    return gate_work_out(p->ap, p->holder[who], moved, vg_str_c(id), err);
}

VG_FOLDER(gate_on_imported)
{
    piece p = {.ap = ap,
               .e = e,
               .agency = vg_js_str(ap->arena, e->body, "agency"),
               .evidence = vg_event_name(ap->arena, e->log, e->seq),
               .n = vg_js_i64(e->body, "n", 0)};
    vg_str all, row;
    size_t at = 0;
    const int64_t first = p.n;
    fold_again(&p);
    VG_TRY(fold_holders(&p, err));
    while (vg_js_find(e->body, "rows", &all) && vg_js_each(all, &at, NULL, &row)) {
        VG_TRY(fold_row(&p, row, err));
    }
    return vg_exec(ap->db, "UPDATE passage_import SET rows = rows + ? WHERE id = ?",
                   VG_VALS(vg_i(p.n - first), vg_t(e->subject)), err);
}

// --- ended, or taken back -----------------------------------------------------------------------------
VG_HANDLER(gate_import_end)
{
    import_ref m;
    VG_TRY(import_at(cx, args, "open", &m, err));
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"gate.import_ended", m.site, m.id, m.label}, err);
}

VG_FOLDER(gate_on_import_ended)
{
    return vg_put(ap, e, "UPDATE passage_import SET state = 'applied' WHERE id = ?", "@subject",
                  err);
}

VG_HANDLER(gate_import_undo)
{
    import_ref m;
    VG_TRY(import_at(cx, args, NULL, &m, err));
    if (vg_str_eqc(m.state, "undone")) {
        return vg_fail(err, VG_ECONFLICT, "id", "gate.import_state", "%s", "undone");
    }
    vg_body(cx);
    VG_TRY(vg_say(cx, &(vg_saying){"gate.import_undone", m.site, m.id, m.label}, err));
    const vg_status st = vg_person_erase(cx, m.id, err);
    VG_TRY(st == VG_ENOTFOUND ? VG_OK : st);
    return vg_exec(cx->db,
                   "DELETE FROM gate_card WHERE NOT EXISTS (SELECT 1 FROM gate_holder h WHERE h.id"
                   " = gate_card.holder)",
                   VG_NOVALS, err);
}

VG_FOLDER(gate_on_import_undone)
{
    vg_rows *r;
    vg_str *v = NULL;
    size_t n = 0, room = 0;
    const vg_val id[] = {vg_t(e->subject)};
    VG_TRY(vg_rows_open(ap->db, "SELECT DISTINCT holder FROM passage WHERE import = ?", id, 1, &r,
                        err));
    while (vg_rows_next(r)) {
        if (n == room) {
            room = room ? room * 2 : 256;
            v = vg_realloc(v, room * sizeof *v);
        }
        const vg_str h = vg_row_str(r, 0);
        char *copy = vg_alloc(h.n + 1);
        memcpy(copy, h.p, h.n);
        v[n++] = (vg_str){copy, h.n};
    }
    vg_status st = vg_rows_close(r, err);
    st = st == VG_OK ? vg_exec(ap->db, "DELETE FROM passage WHERE import = ?", id, 1, err) : st;
    for (size_t i = 0; i < n; i++) {
        st = st == VG_OK ? gate_work_out_all(ap, v[i], err) : st;
        free((char *)(uintptr_t)v[i].p);
    }
    free(v);
    VG_TRY(st);
    VG_TRY(vg_exec(ap->db,
                   "DELETE FROM gate_holder WHERE import = ?1 AND NOT EXISTS (SELECT 1 FROM passage"
                   " p WHERE p.holder = gate_holder.id) AND NOT EXISTS (SELECT 1 FROM badge b WHERE"
                   " b.holder = gate_holder.id)",
                   id, 1, err));
    return vg_exec(ap->db, "UPDATE passage_import SET state = 'undone' WHERE id = ?", id, 1, err);
}
