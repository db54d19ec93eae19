// SPDX-License-Identifier: Apache-2.0
// A look-up: the personal part of one person's record (telephone, date of entry) is given to somebody who says what
// for. What the duty works with (name, number, rank, position, unit) is on every list; the personal part is on none, nor
// in the stream, the search and the files. Journaled is who looked at whose record and why, never what he saw. The
// answer is not kept: a command that is repeated looks at nothing and says nothing.
#include "domain/people/people.h"

#include "domain/purpose.h"

static const char *const purposes[] = {VG_PURPOSES, "edit", NULL};

const vg_field people_look_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"purpose", VG_F_ENUM, VG_REQUIRED, .values = purposes},
    {"note", VG_F_TEXT, .max = 300},
    {"incident", VG_F_ID},
    {NULL},
};

typedef struct record {
    const char *id, *agency;
    int32_t label;
    vg_str name, code, rank, title, phone, since;
} record;

static vg_status record_at(vg_cx *cx, vg_str id, record *ret, vg_err *err)
{
    vg_str c[9];
    VG_TRY(vg_look(cx,
                   "SELECT p.agency, p.label, p.state, c.name, c.code, c.rank, c.title, c.phone,"
                   " c.since FROM person p LEFT JOIN person_card c ON c.person = p.id"
                   " WHERE p.id = ?",
                   id, c, VG_LEN(c), err));
    *ret = (record){.id = vg_str_z(cx->arena, id),
                    .agency = vg_str_z(cx->arena, c[0]),
                    .label = (int32_t)vg_int(c[1]),
                    .name = c[3],
                    .code = c[4],
                    .rank = c[5],
                    .title = c[6],
                    .phone = c[7],
                    .since = c[8]};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    return vg_str_eqc(c[2], "forgotten")
               ? vg_fail(err, VG_ECONFLICT, "id", "people.forgotten", "%s", "")
               : VG_OK;
}

// Editing speaks for itself, by somebody who may.
static vg_status purpose_ok(vg_cx *cx, const vg_args *args, const char *agency, vg_err *err)
{
    vg_err refused;
    const bool edit = vg_str_eqc(vg_arg_str(args, "purpose"), "edit");
    return edit && vg_require_own(cx, "people.edit", VG_EVERYWHERE, agency, &refused) != VG_OK
               ? vg_fail(err, VG_EINVALID, "purpose", "people.look_edit", "%s", "")
               : vg_purpose_said(cx, args, edit, err);
}

static void answer(vg_cx *cx, const record *r)
{
    const struct {
        const char *name;
        vg_str value;
    } texts[] = {{"name", r->name},
                 {"code", r->code},
                 {"rank", r->rank},
                 {"title", r->title},
                 {"phone", r->phone}};
    cx->secret_reply = true;
    vg_jw_kz(&cx->reply, "id", r->id);
    for (size_t i = 0; i < VG_LEN(texts); i++) {
        vg_jw_key(&cx->reply, texts[i].name);
        texts[i].value.n ? vg_jw_str(&cx->reply, texts[i].value) : vg_jw_null(&cx->reply);
    }
    vg_jw_key(&cx->reply, "since");
    r->since.n ? vg_jw_time(&cx->reply, vg_int(r->since)) : vg_jw_null(&cx->reply);
}

VG_HANDLER(people_look)
{
    record r;
    char id[VG_ID_TEXT];
    bool many = false;
    VG_TRY(record_at(cx, vg_arg_str(args, "id"), &r, err));
    VG_TRY(purpose_ok(cx, args, r.agency, err));
    VG_TRY(vg_purpose_many(cx, "SELECT count(*) FROM person_lookup WHERE looked_by = ? AND at > ?",
                           &many, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_kz(&cx->body, "lookup", id);
    vg_jw_kz(&cx->body, "agency", r.agency);
    vg_jw_kbool(&cx->body, "many", many);
    VG_TRY(vg_say(cx, &(vg_saying){"people.looked", "", r.id, r.label}, err));
    answer(cx, &r);
    return VG_OK;
}

VG_FOLDER(people_on_looked)
{
    return vg_put(ap, e,
                  "INSERT INTO person_lookup (id, person, agency, purpose, note, incident,"
                  " looked_by, many, at, label, world)"
                  " VALUES (?, ?, ?, ?, NULLIF(?, ''), ?, ?, ?, ?, ?, ?)",
                  "lookup @subject agency purpose note incident @actor many @at @label @world",
                  err);
}

const char *people_weigh_look(vg_str body)
{
    return vg_js_bool(body, "many", false) ? "attention" : NULL;
}
