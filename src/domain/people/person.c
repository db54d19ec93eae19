// SPDX-License-Identifier: Apache-2.0
// Persons of the forces. All that tells who it is (name, service number, rank, title, telephone, date) is
// personal: the journal gets it only encrypted under the person's own key, and the clear copy that screens
// read is the volatile table person_card. What stays for ever is that a person of this unit came, changed,
// left. Erasing a person (core/person.h) destroys the key; the card goes by a reaction to that.
//
// There is no field for opinion, religion, ethnicity or anything of the body, and there will be none.
#include "domain/people/people.h"

#include "base/clock.h"
#include "core/core.h"
#include "core/person.h"

const vg_field people_person_add_fields[] = {
    {"unit", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"code", VG_F_TEXT, .max = 32},
    {"rank", VG_F_TEXT, .max = 60},
    {"title", VG_F_TEXT, .max = 80},
    {"phone", VG_F_TEXT, .max = 40},
    {"since", VG_F_TIME},
    {NULL},
};
const vg_field people_person_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"unit", VG_F_ID},
    {"name", VG_F_TEXT, .max = 80},
    {"code", VG_F_TEXT, .max = 32},
    {"rank", VG_F_TEXT, .max = 60},
    {"title", VG_F_TEXT, .max = 80},
    {"phone", VG_F_TEXT, .max = 40},
    {"since", VG_F_TIME},
    {NULL},
};
const vg_field people_person_retire_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED},
    {NULL},
};

static const int64_t MISTAKE_US = INT64_C(86400) * VG_SECOND_US;

typedef struct person_ref {
    const char *id, *agency;
    vg_str state;
    int32_t label;
} person_ref;

static vg_status person_at(vg_cx *cx, vg_str id, person_ref *ret, vg_err *err)
{
    vg_str c[3];
    VG_TRY(vg_look(cx, "SELECT agency, state, label FROM person WHERE id = ?", id, c, 3, err));
    *ret = (person_ref){.id = vg_str_z(cx->arena, id),
                        .agency = vg_str_z(cx->arena, c[0]),
                        .state = c[1],
                        .label = (int32_t)vg_int(c[2])};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    VG_TRY(vg_require_own(cx, "people.edit", VG_EVERYWHERE, ret->agency, err));
    return vg_str_eqc(ret->state, "forgotten")
               ? vg_fail(err, VG_ECONFLICT, "id", "people.forgotten", "%s", "")
               : VG_OK;
}

static vg_status code_free(vg_cx *cx, const char *agency, const vg_args *args, const char *but,
                           vg_err *err)
{
    const vg_str code = vg_arg_str(args, "code");
    int64_t taken = 0;
    if (code.n) {
        VG_TRY(vg_one_i64(cx->db,
                          "SELECT 1 FROM person_card WHERE agency = ? AND code = ? AND person <> ?",
                          VG_VALS(vg_z(agency), vg_t(code), vg_z(but)), 0, &taken, err));
    }
    return taken ? vg_fail(err, VG_ECONFLICT, "code", "people.code_taken", "%.*s", VG_FMT(code))
                 : VG_OK;
}

static vg_val text_or_null(const vg_args *args, const char *name)
{
    const vg_str s = vg_arg_str(args, name);
    return s.n ? vg_t(s) : vg_nil();
}

static vg_val time_or_null(const vg_args *args, const char *name)
{
    return vg_arg_has(args, name) ? vg_i(vg_arg_i64(args, name, 0)) : vg_nil();
}

// Journals what was given of the card, encrypted.
static vg_status emit_card(vg_cx *cx, const vg_args *args, vg_str phone, const vg_saying *s,
                           vg_err *err)
{
    static const char *const TEXTS[] = {"name", "code", "rank", "title"};
    vg_buf personal;
    vg_buf_init(&personal, 4096);
    vg_jw w = vg_jw_on(&personal);
    vg_jw_open(&w, '{');
    for (size_t i = 0; i < VG_LEN(TEXTS); i++) {
        if (vg_arg_has(args, TEXTS[i])) {
            vg_jw_kstr(&w, TEXTS[i], vg_arg_str(args, TEXTS[i]));
        }
    }
    if (vg_arg_has(args, "phone")) {
        vg_jw_kstr(&w, "phone", phone);
    }
    if (vg_arg_has(args, "since")) {
        vg_jw_ki64(&w, "since", vg_arg_i64(args, "since", 0));
    }
    vg_jw_close(&w, '}');
    const vg_draft d = {.kind = s->kind,
                        .subject = s->subject,
                        .label = s->label,
                        .person = s->subject,
                        .personal = personal.n > 2 ? vg_buf_str(&personal) : (vg_str){0}};
    const vg_status st = vg_emit(cx, &d, NULL, err);
    vg_buf_done(&personal);
    return st;
}

VG_HANDLER(people_person_add)
{
    people_unit_ref unit;
    vg_str phone;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(people_unit_at(cx, vg_arg_str(args, "unit"), "unit", &unit, err));
    VG_TRY(code_free(cx, unit.agency, args, "", err));
    VG_TRY(vg_arg_phone(cx, args, "phone", &phone, err));
    VG_TRY(vg_label_of(cx, unit.agency, VG_C_PERSONAL, "", VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    // The card first: the row that goes to the live stream is the one written by the fold.
    VG_TRY(vg_exec(cx->db,
                   "INSERT INTO person_card (person, agency, code, name, rank, title, phone, since,"
                   " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   VG_VALS(vg_z(id), vg_z(unit.agency), text_or_null(args, "code"),
                           vg_t(vg_arg_str(args, "name")), text_or_null(args, "rank"),
                           text_or_null(args, "title"), phone.n ? vg_t(phone) : vg_nil(),
                           time_or_null(args, "since"), vg_i(label), vg_i(cx->world)),
                   err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "unit", unit.id);
    vg_jw_kz(&cx->body, "agency", unit.agency);
    VG_TRY(emit_card(cx, args, phone, &(vg_saying){"people.person_added", "", id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(people_on_person_added)
{
    return vg_put(ap, e,
                  "INSERT INTO person (id, agency, unit, at, changed_at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?)",
                  "@subject agency unit @at @at @label @world", err);
}

// An empty text takes the value out of the card; one that is not given stays.
static vg_status card_change(vg_cx *cx, const vg_args *args, vg_str phone, const char *id,
                             vg_err *err)
{
    return vg_exec(
        cx->db,
        "UPDATE person_card SET name = CASE WHEN ? THEN ? ELSE name END,"
        " code = CASE WHEN ? THEN ? ELSE code END, rank = CASE WHEN ? THEN ? ELSE rank END,"
        " title = CASE WHEN ? THEN ? ELSE title END, phone = CASE WHEN ? THEN ? ELSE phone END,"
        " since = CASE WHEN ? THEN ? ELSE since END WHERE person = ?",
        VG_VALS(vg_i(vg_arg_has(args, "name")), text_or_null(args, "name"),
                vg_i(vg_arg_has(args, "code")), text_or_null(args, "code"),
                vg_i(vg_arg_has(args, "rank")), text_or_null(args, "rank"),
                vg_i(vg_arg_has(args, "title")), text_or_null(args, "title"),
                vg_i(vg_arg_has(args, "phone")), phone.n ? vg_t(phone) : vg_nil(),
                vg_i(vg_arg_has(args, "since")), time_or_null(args, "since"), vg_z(id)),
        err);
}

VG_HANDLER(people_person_update)
{
    person_ref p;
    people_unit_ref unit = {0};
    vg_str phone;
    VG_TRY(person_at(cx, vg_arg_str(args, "id"), &p, err));
    if (vg_arg_has(args, "unit")) {
        VG_TRY(people_unit_at(cx, vg_arg_str(args, "unit"), "unit", &unit, err));
        if (strcmp(unit.agency, p.agency) != 0) {
            return vg_fail(err, VG_EINVALID, "unit", "people.other_agency", "%s", "");
        }
    }
    if (vg_arg_has(args, "name") && !vg_arg_str(args, "name").n) {
        return vg_fail(err, VG_EINVALID, "name", "err.field_missing", "%s", "name");
    }
    VG_TRY(code_free(cx, p.agency, args, p.id, err));
    VG_TRY(vg_arg_phone(cx, args, "phone", &phone, err));
    VG_TRY(card_change(cx, args, phone, p.id, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "unit", unit.id);
    VG_TRY(
        emit_card(cx, args, phone, &(vg_saying){"people.person_changed", "", p.id, p.label}, err));
    vg_jw_kz(&cx->reply, "id", p.id);
    return VG_OK;
}

VG_FOLDER(people_on_person_changed)
{
    return vg_put(ap, e, "UPDATE person SET unit = COALESCE(?, unit), changed_at = ? WHERE id = ?",
                  "unit @at @subject", err);
}

static vg_status person_say(vg_cx *cx, const person_ref *p, const char *kind, vg_err *err)
{
    VG_TRY(vg_say(cx, &(vg_saying){kind, "", p->id, p->label}, err));
    vg_jw_kz(&cx->reply, "id", p->id);
    return VG_OK;
}

VG_HANDLER(people_person_retire)
{
    person_ref p;
    VG_TRY(person_at(cx, vg_arg_str(args, "id"), &p, err));
    if (!vg_str_eqc(p.state, "active")) {
        return vg_fail(err, VG_ECONFLICT, "id", "people.not_active", "%s", "");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    return person_say(cx, &p, "people.person_retired", err);
}

VG_FOLDER(people_on_person_retired)
{
    return vg_put(ap, e, "UPDATE person SET state = 'retired', changed_at = ? WHERE id = ?",
                  "@at @subject", err);
}

VG_HANDLER(people_person_return)
{
    person_ref p;
    VG_TRY(person_at(cx, vg_arg_str(args, "id"), &p, err));
    if (!vg_str_eqc(p.state, "retired")) {
        return vg_fail(err, VG_ECONFLICT, "id", "people.not_retired", "%s", "");
    }
    vg_body(cx);
    return person_say(cx, &p, "people.person_returned", err);
}

VG_FOLDER(people_on_person_returned)
{
    return vg_put(ap, e, "UPDATE person SET state = 'active', changed_at = ? WHERE id = ?",
                  "@at @subject", err);
}

// Whoever notices within a day what he entered by mistake takes it back alone; else it is an erasing, and takes two.
VG_MARK(people_second_withdraw)
{
    int64_t own = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT count(*) FROM event WHERE subject = ? AND kind ="
                      " 'people.person_added' AND actor = ? AND recorded > ?",
                      VG_VALS(vg_t(vg_arg_str(args, "id")), vg_z(cx->who->user),
                              vg_i(vg_core_now(cx->core) - MISTAKE_US)),
                      0, &own, err));
    *ret = own == 0;
    return VG_OK;
}

// Entered by mistake: the person leaves the table and the card, and the key with which the journal could be read goes.
VG_HANDLER(people_person_withdraw)
{
    person_ref p;
    VG_TRY(person_at(cx, vg_arg_str(args, "id"), &p, err));
    VG_TRY(vg_exec(cx->db, "DELETE FROM person_card WHERE person = ?", VG_VALS(vg_z(p.id)), err));
    vg_body(cx);
    VG_TRY(person_say(cx, &p, "people.person_withdrawn", err));
    const vg_status erased = vg_person_erase(cx, p.id, err);
    return erased == VG_ENOTFOUND ? VG_OK : erased;
}

VG_FOLDER(people_on_person_withdrawn)
{
    return vg_put(ap, e, "DELETE FROM person WHERE id = ?", "@subject", err);
}

// Reaction to core.person_erased, whoever was meant: a person of ours or not.
VG_HANDLER(people_person_forget)
{
    vg_str label;
    const vg_str id = vg_arg_str(args, "id");
    const vg_status st = vg_look(cx, "SELECT label FROM person WHERE id = ?", id, &label, 1, err);
    if (st == VG_ENOTFOUND) {
        return VG_OK;
    }
    VG_TRY(st);
    VG_TRY(vg_exec(cx->db, "DELETE FROM person_card WHERE person = ?", VG_VALS(vg_t(id)), err));
    vg_body(cx);
    return vg_say(cx,
                  &(vg_saying){"people.person_forgotten", "", vg_str_z(cx->arena, id),
                               (int32_t)vg_int(label)},
                  err);
}

VG_FOLDER(people_on_person_forgotten)
{
    return vg_put(ap, e, "UPDATE person SET state = 'forgotten', changed_at = ? WHERE id = ?",
                  "@at @subject", err);
}
