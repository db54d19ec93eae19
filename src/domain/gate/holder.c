// SPDX-License-Identifier: Apache-2.0
// Holders: who or what may be let through. A person of ours, a visitor, a contractor, a vehicle: one thing to the gate,
// so that a new badge does not make a new person. All that tells who it is stands in the card beside the journal, which
// gets it only encrypted under the holder's own key.
#include "domain/gate/gate.h"

#include "domain/holder.h"

static const char *const kinds[] = {"staff", "visitor", "contractor", "vehicle", NULL};
static const char *const papers[] = {"id_card", "passport", "driving", "service", "other", NULL};

#define CARD                                                                                     \
    {"company", VG_F_TEXT, .max = 120}, {"phone", VG_F_TEXT, .max = 40},                         \
        {"born", VG_F_INT, .min = 1900, .max = 2100}, {"doc_kind", VG_F_ENUM, .values = papers}, \
        {"doc_number", VG_F_SECRET, .max = 32},                                                  \
    {                                                                                            \
        "valid_until", VG_F_TIME                                                                 \
    }

const vg_field gate_holder_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = kinds},
    {"class", VG_F_TEXT, .max = 40},
    {"person", VG_F_ID},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    CARD,
    {NULL},
};
const vg_field gate_holder_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"class", VG_F_TEXT, .max = 40},
    {"name", VG_F_TEXT, .max = 80},
    CARD,
    {NULL},
};
const vg_field gate_end_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {NULL},
};

const vg_field gate_forget_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {NULL}};

// --- made and changed -----------------------------------------------------------------------------
static void personal_json(const vg_args *args, const vg_paper *paper, vg_str phone, vg_buf *out)
{
    vg_jw w = vg_jw_on(out);
    vg_jw_open(&w, '{');
    vg_jw_kstr(&w, "name", vg_arg_str(args, "name"));
    vg_jw_kstr(&w, "company", vg_arg_str(args, "company"));
    vg_jw_kstr(&w, "phone", phone);
    vg_jw_ki64(&w, "born", vg_arg_i64(args, "born", 0));
    vg_jw_kstr(&w, "doc_kind", vg_arg_str(args, "doc_kind"));
    vg_jw_kz(&w, "doc_last", paper->last);
    vg_jw_close(&w, '}');
}

static vg_status emit_personal(vg_cx *cx, vg_str personal, const vg_saying *s, vg_err *err)
{
    const vg_draft d = {.kind = s->kind,
                        .site = s->site,
                        .subject = s->subject,
                        .label = s->label,
                        .person = s->subject,
                        .personal = personal};
    return vg_emit(cx, &d, NULL, err);
}

static vg_status say_personal(vg_cx *cx, const vg_args *args, const vg_paper *paper, vg_str phone,
                              const vg_saying *s, vg_err *err)
{
    vg_buf b;
    vg_buf_init(&b, 4096);
    personal_json(args, paper, phone, &b);
    const vg_status st = emit_personal(cx, vg_buf_str(&b), s, err);
    vg_buf_done(&b);
    return st;
}

static vg_status paper_of(vg_cx *cx, const vg_args *args, vg_paper *ret, vg_err *err)
{
    memset(ret, 0, sizeof *ret);
    return vg_arg_has(args, "doc_number") && vg_arg_str(args, "doc_number").n
               ? vg_paper_of(cx, vg_arg_str(args, "doc_number"), ret, err)
               : VG_OK;
}

vg_status gate_person_ok(vg_cx *cx, vg_str person, const char *agency, vg_err *err)
{
    vg_str c[2];
    if (!person.n) {
        return VG_OK;
    }
    const vg_status st =
        vg_look(cx, "SELECT agency, label FROM person WHERE id = ?", person, c, 2, err);
    if (st != VG_OK || !vg_str_eqc(c[0], agency)) {
        return vg_fail(err, VG_EINVALID, "person", "gate.no_person", "%s", "");
    }
    return vg_seen(cx, (int32_t)vg_int(c[1]), "person", err);
}

VG_HANDLER(gate_holder_add)
{
    vg_site_ref site;
    vg_paper paper;
    vg_str phone;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "gate.badge", &site, err));
    VG_TRY(gate_person_ok(cx, vg_arg_str(args, "person"), site.agency, err));
    VG_TRY(vg_arg_phone(cx, args, "phone", &phone, err));
    VG_TRY(paper_of(cx, args, &paper, err));
    VG_TRY(vg_label_of(cx, site.agency, VG_C_GATE, site.id, VG_S_NORMAL, &label, err));
    const vg_holder_new h = {.agency = site.agency,
                             .site = site.id,
                             .kind = vg_arg_str(args, "kind"),
                             .class = vg_arg_str(args, "class"),
                             .person = vg_arg_str(args, "person"),
                             .name = vg_arg_str(args, "name"),
                             .company = vg_arg_str(args, "company"),
                             .phone = phone,
                             .doc_kind = vg_arg_str(args, "doc_kind"),
                             .born = vg_arg_i64(args, "born", 0),
                             .valid_until_us = vg_arg_i64(args, "valid_until", 0),
                             .paper = &paper,
                             .label = label};
    VG_TRY(vg_holder_make(cx, &h, id, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(gate_on_holder_added)
{
    return vg_put(ap, e,
                  "INSERT INTO gate_holder (id, agency, site, kind, class, person, valid_until, at,"
                  " changed_at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject agency @site kind class person valid_until @at @at @label @world", err);
}

vg_status gate_holder_unknown(vg_cx *cx, const gate_at *at, const gate_stranger *who,
                              gate_holder *ret, vg_err *err)
{
    char id[VG_ID_TEXT];
    const vg_holder_new h = {
        .agency = at->agency,
        .site = at->site,
        .kind = who->vehicle || (vg_str_eqc(at->lane, "vehicle") && !who->paper) ? VG_S("vehicle")
                                                                                 : VG_S("visitor"),
        .class = who->expected ? VG_S(VG_VEHICLE_EXPECTED) : VG_S(GATE_UNKNOWN),
        .name = who->name,
        .born = who->born,
        .doc_kind = who->doc_kind,
        .paper = who->paper,
        .label = at->label,
        .as_is = true};
    VG_TRY(vg_holder_make(cx, &h, id, err));
    return gate_holder_at(cx, vg_str_c(id), ret, err);
}

vg_status gate_holder_at(vg_cx *cx, vg_str id, gate_holder *ret, vg_err *err)
{
    vg_str c[7];
    const vg_status st = vg_look(cx,
                                 "SELECT agency, kind, class, state, valid_until, label, site FROM"
                                 " gate_holder WHERE id = ?",
                                 id, c, 7, err);
    if (st != VG_OK) {
        return st == VG_ENOTFOUND ? vg_fail(err, VG_ENOTFOUND, "holder", NULL, "%s", "") : st;
    }
    *ret = (gate_holder){.id = vg_str_z(cx->arena, id),
                         .agency = vg_str_z(cx->arena, c[0]),
                         .kind = c[1],
                         .class = c[2],
                         .state = c[3],
                         .site = c[6],
                         .valid_until_us = vg_int(c[4]),
                         .label = (int32_t)vg_int(c[5])};
    return vg_seen(cx, ret->label, "holder", err);
}

vg_status gate_holder_here(vg_cx *cx, const gate_at *at, vg_str id, gate_holder *ret, vg_err *err)
{
    VG_TRY(gate_holder_at(cx, id, ret, err));
    return vg_str_eqc(ret->site, at->site) || strcmp(ret->agency, at->agency) == 0
               ? VG_OK
               : vg_fail(err, VG_ENOTFOUND, "holder", NULL, "%s", "");
}

static vg_status own_holder(vg_cx *cx, const vg_args *args, gate_holder *ret, vg_err *err)
{
    *ret = (gate_holder){0};
    VG_TRY(gate_holder_at(cx, vg_arg_str(args, "id"), ret, err));
    VG_TRY(vg_require_own(cx, "gate.badge", vg_str_z(cx->arena, ret->site), ret->agency, err));
    return vg_str_eqc(ret->state, "active")
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "gate.holder_ended", "%s", "");
}

// An empty text takes the value out of the card; one that is not given stays.
static vg_status card_change(vg_cx *cx, const vg_args *args, const gate_holder *h,
                             const vg_paper *paper, vg_str phone, vg_err *err)
{
    char find[VG_NAME_KEY] = "";
    if (vg_arg_has(args, "name")) {
        VG_TRY(vg_holder_find(h->kind, vg_arg_str(args, "name"), find, err));
    }
    return vg_exec(
        cx->db,
        "UPDATE gate_card SET name = CASE WHEN ?1 THEN ?2 ELSE name END,"
        " find = CASE WHEN ?1 THEN ?3 ELSE find END,"
        " company = CASE WHEN ?4 THEN NULLIF(?5, '') ELSE company END,"
        " phone = CASE WHEN ?6 THEN NULLIF(?7, '') ELSE phone END,"
        " born = CASE WHEN ?8 THEN NULLIF(?9, 0) ELSE born END,"
        " doc_kind = CASE WHEN ?10 THEN ?11 ELSE doc_kind END,"
        " doc_key = CASE WHEN ?12 THEN ?13 ELSE doc_key END,"
        " doc_last = CASE WHEN ?12 THEN NULLIF(?14, '') ELSE doc_last END,"
        " doc_away = CASE WHEN ?12 THEN ?16 ELSE doc_away END WHERE holder = ?15",
        VG_VALS(vg_i(vg_arg_has(args, "name")), vg_t(vg_arg_str(args, "name")), vg_z(find),
                vg_i(vg_arg_has(args, "company")), vg_t(vg_arg_str(args, "company")),
                vg_i(vg_arg_has(args, "phone")), vg_t(phone), vg_i(vg_arg_has(args, "born")),
                vg_i(vg_arg_i64(args, "born", 0)), vg_i(vg_arg_has(args, "doc_kind")),
                vg_t(vg_arg_str(args, "doc_kind")), vg_i(vg_arg_has(args, "doc_number")),
                vg_paper_val(paper), vg_z(paper->last), vg_z(h->id), vg_paper_away(paper)),
        err);
}

VG_HANDLER(gate_holder_update)
{
    gate_holder h;
    vg_paper paper = {0};
    vg_str phone = {0};
    VG_TRY(own_holder(cx, args, &h, err));
    if (vg_arg_has(args, "name") && !vg_arg_str(args, "name").n) {
        return vg_fail(err, VG_EINVALID, "name", "err.field_missing", "%s", "name");
    }
    VG_TRY(vg_arg_phone(cx, args, "phone", &phone, err));
    VG_TRY(paper_of(cx, args, &paper, err));
    VG_TRY(card_change(cx, args, &h, &paper, phone, err));
    vg_body(cx);
    vg_body_args(cx, args, "name company phone born doc_kind doc_number");
    VG_TRY(say_personal(
        cx, args, &paper, phone,
        &(vg_saying){"gate.holder_changed", vg_str_z(cx->arena, h.site), h.id, h.label}, err));
    vg_jw_kz(&cx->reply, "id", h.id);
    return VG_OK;
}

VG_FOLDER(gate_on_holder_changed)
{
    return vg_put(ap, e,
                  "UPDATE gate_holder SET class = COALESCE(?, class),"
                  " valid_until = COALESCE(?, valid_until), changed_at = ? WHERE id = ?",
                  "class valid_until @at @subject", err);
}

VG_HANDLER(gate_holder_end)
{
    gate_holder h;
    VG_TRY(own_holder(cx, args, &h, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    return vg_say(cx, &(vg_saying){"gate.holder_ended", vg_str_z(cx->arena, h.site), h.id, h.label},
                  err);
}

VG_FOLDER(gate_on_holder_ended)
{
    return vg_put(ap, e,
                  "UPDATE gate_holder SET state = 'ended', reason = ?, changed_at = ? WHERE id = ?",
                  "reason @at @subject", err);
}

// --- forgotten ------------------------------------------------------------------------------------
enum { FORGET_MAX = 50 };

typedef struct forgotten {
    const char *id, *site;
    int32_t label;
} forgotten;

// The people of a log that was brought in have one key together, and go together.
static vg_status forget_log(vg_cx *cx, vg_str id, vg_err *err)
{
    vg_str c[2];
    const vg_status st =
        vg_look(cx, "SELECT site, label FROM passage_import WHERE id = ?", id, c, 2, err);
    if (st != VG_OK) {
        return st == VG_ENOTFOUND ? VG_OK : st;
    }
    VG_TRY(vg_exec(cx->db,
                   "DELETE FROM gate_card WHERE holder IN (SELECT id FROM gate_holder WHERE import"
                   " = ?)",
                   VG_VALS(vg_t(id)), err));
    vg_body(cx);
    return vg_say(cx,
                  &(vg_saying){"gate.import_forgotten", vg_str_z(cx->arena, c[0]),
                               vg_str_z(cx->arena, id), (int32_t)vg_int(c[1])},
                  err);
}

VG_FOLDER(gate_on_import_forgotten)
{
    return vg_put(ap, e,
                  "UPDATE gate_holder SET state = 'forgotten', changed_at = ? WHERE import = ?",
                  "@at @subject", err);
}

// Reaction to core.person_erased, whoever was meant: a holder, a person of ours who is one, a log, or none of these.
VG_HANDLER(gate_holder_forget)
{
    vg_rows *r;
    forgotten v[FORGET_MAX];
    size_t n = 0;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT id, site, label FROM gate_holder WHERE (id = ?1 OR person = ?1) AND"
                        " state <> 'forgotten' LIMIT ?2",
                        VG_VALS(vg_t(id), vg_i(FORGET_MAX)), &r, err));
    while (n < FORGET_MAX && vg_rows_next(r)) {
        v[n++] = (forgotten){vg_str_z(cx->arena, vg_row_str(r, 0)),
                             vg_str_z(cx->arena, vg_row_str(r, 1)), (int32_t)vg_row_i64(r, 2)};
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t i = 0; i < n; i++) {
        VG_TRY(
            vg_exec(cx->db, "DELETE FROM gate_card WHERE holder = ?", VG_VALS(vg_z(v[i].id)), err));
        VG_TRY(gate_end_badges(cx, v[i].id, v[i].site, v[i].label, err));
        vg_body(cx);
        VG_TRY(
            vg_say(cx, &(vg_saying){"gate.holder_forgotten", v[i].site, v[i].id, v[i].label}, err));
    }
    return forget_log(cx, id, err);
}

VG_FOLDER(gate_on_holder_forgotten)
{
    return vg_put(ap, e, "UPDATE gate_holder SET state = 'forgotten', changed_at = ? WHERE id = ?",
                  "@at @subject", err);
}
