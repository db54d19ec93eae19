// SPDX-License-Identifier: Apache-2.0
// Units: who is under whom, and of which force. A unit belongs to one agency; which force types there are is
// data (force_type). That a unit exists, its name and its place are the agency's own secret (compartment
// force). A unit is never deleted once something refers to it: it gets the state "retired". One that was
// entered by mistake, and that nothing refers to, can be withdrawn: it leaves the table, not the journal.
#include "domain/people/people.h"

enum { DEPTH_MAX = 16 };

static const char *const states[] = {"active", "retired", NULL};

const vg_field people_unit_add_fields[] = {
    {"code", VG_F_TEXT, VG_REQUIRED, .max = 32},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 120},
    {"force", VG_F_TEXT, VG_REQUIRED, .max = 20},
    {"parent", VG_F_ID},
    {"agency", VG_F_ID},
    {NULL},
};
const vg_field people_unit_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"code", VG_F_TEXT, .max = 32},
    {"name", VG_F_TEXT, .max = 120},
    {"force", VG_F_TEXT, .max = 20},
    {"parent", VG_F_ID},
    {"state", VG_F_ENUM, .values = states},
    {NULL},
};
const vg_field people_id_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {NULL},
};

vg_status people_unit_at(vg_cx *cx, vg_str id, const char *field, people_unit_ref *ret, vg_err *err)
{
    vg_str c[3];
    const vg_status st =
        vg_look(cx, "SELECT agency, name, label FROM unit WHERE id = ?", id, c, 3, err);
    if (st == VG_ENOTFOUND) {
        return vg_fail(err, VG_ENOTFOUND, field, "people.no_unit", "%.*s", VG_FMT(id));
    }
    VG_TRY(st);
    *ret = (people_unit_ref){.id = vg_str_z(cx->arena, id),
                             .agency = vg_str_z(cx->arena, c[0]),
                             .name = c[1],
                             .label = (int32_t)vg_int(c[2])};
    VG_TRY(vg_seen(cx, ret->label, field, err));
    return vg_require_own(cx, "people.edit", VG_EVERYWHERE, ret->agency, err);
}

// The agency named, else the caller's, else the node's custodian.
static vg_status owner(vg_cx *cx, vg_str named, const char **ret, vg_err *err)
{
    vg_str found = named.n ? named : vg_str_c(cx->who->agency);
    if ((found.n ? vg_look(cx, "SELECT id FROM agency WHERE id = ? AND state = 'active'", found,
                           &found, 1, err)
                 : vg_custodian(cx, &found, err)) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "agency", "people.no_agency", "%.*s", VG_FMT(found));
    }
    *ret = vg_str_z(cx->arena, found);
    return vg_require_own(cx, "people.edit", VG_EVERYWHERE, *ret, err);
}

static vg_status code_free(vg_cx *cx, const char *agency, vg_str code, const char *but, vg_err *err)
{
    int64_t taken = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM unit WHERE agency = ? AND code = ? AND id <> ?",
                      VG_VALS(vg_z(agency), vg_t(code), vg_z(but)), 0, &taken, err));
    return taken
               ? vg_fail(err, VG_ECONFLICT, "code", "people.unit_code_taken", "%.*s", VG_FMT(code))
               : VG_OK;
}

static vg_status force_known(vg_cx *cx, vg_str force, vg_err *err)
{
    vg_str found;
    if (vg_look(cx, "SELECT code FROM force_type WHERE code = ?", force, &found, 1, err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "force", "people.no_force", "%.*s", VG_FMT(force));
    }
    return VG_OK;
}

// A parent is of the same agency and not below the unit itself.
static vg_status parent_fits(vg_cx *cx, const vg_args *args, const char *agency, const char *unit,
                             vg_err *err)
{
    vg_str at = vg_arg_str(args, "parent"), c[2];
    if (!at.n) {
        return VG_OK;
    }
    for (int depth = 0; at.n; depth++) {
        if (depth == DEPTH_MAX || vg_str_eqc(at, unit)) {
            return vg_fail(err, VG_EINVALID, "parent", "people.unit_circle", "%s", "");
        }
        const vg_status st = vg_look(
            cx, "SELECT agency, COALESCE(parent, '') FROM unit WHERE id = ?", at, c, 2, err);
        if (st == VG_ENOTFOUND || (st == VG_OK && !vg_str_eqc(c[0], agency))) {
            return vg_fail(err, VG_EINVALID, "parent", "people.no_unit", "%.*s", VG_FMT(at));
        }
        VG_TRY(st);
        at = c[1];
    }
    return VG_OK;
}

VG_HANDLER(people_unit_add)
{
    char id[VG_ID_TEXT];
    const char *agency = NULL;
    int32_t label = 0;
    VG_TRY(owner(cx, vg_arg_str(args, "agency"), &agency, err));
    VG_TRY(code_free(cx, agency, vg_arg_str(args, "code"), "", err));
    VG_TRY(force_known(cx, vg_arg_str(args, "force"), err));
    VG_TRY(parent_fits(cx, args, agency, "", err));
    VG_TRY(vg_label_of(cx, agency, VG_C_FORCE, "", VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "agency");
    vg_jw_kz(&cx->body, "agency", agency);
    VG_TRY(vg_say(cx, &(vg_saying){"people.unit_added", "", id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(people_on_unit_added)
{
    return vg_put(ap, e,
                  "INSERT INTO unit (id, agency, code, name, parent, force, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject agency code name parent force @at @label @world", err);
}

VG_HANDLER(people_unit_update)
{
    people_unit_ref u = {0};
    VG_TRY(people_unit_at(cx, vg_arg_str(args, "id"), "id", &u, err));
    if (vg_arg_has(args, "code")) {
        VG_TRY(code_free(cx, u.agency, vg_arg_str(args, "code"), u.id, err));
    }
    if (vg_arg_has(args, "force")) {
        VG_TRY(force_known(cx, vg_arg_str(args, "force"), err));
    }
    VG_TRY(parent_fits(cx, args, u.agency, u.id, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(vg_say(cx, &(vg_saying){"people.unit_changed", "", u.id, u.label}, err));
    vg_jw_kz(&cx->reply, "id", u.id);
    return VG_OK;
}

VG_FOLDER(people_on_unit_changed)
{
    return vg_put(ap, e,
                  "UPDATE unit SET code = COALESCE(?, code), name = COALESCE(?, name), force ="
                  " COALESCE(?, force), parent = COALESCE(?, parent), state = COALESCE(?, state)"
                  " WHERE id = ?",
                  "code name force parent state @subject", err);
}

VG_HANDLER(people_unit_withdraw)
{
    people_unit_ref u = {0};
    int64_t used = 0;
    VG_TRY(people_unit_at(cx, vg_arg_str(args, "id"), "id", &u, err));
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT EXISTS (SELECT 1 FROM unit WHERE parent = ?) + EXISTS (SELECT 1 FROM"
                      " person WHERE unit = ?)",
                      VG_VALS(vg_z(u.id), vg_z(u.id)), 0, &used, err));
    if (used) {
        return vg_fail(err, VG_ECONFLICT, "id", "people.unit_in_use", "%.*s", VG_FMT(u.name));
    }
    vg_body(cx);
    VG_TRY(vg_say(cx, &(vg_saying){"people.unit_withdrawn", "", u.id, u.label}, err));
    vg_jw_kz(&cx->reply, "id", u.id);
    return VG_OK;
}

VG_FOLDER(people_on_unit_withdrawn)
{
    return vg_put(ap, e, "DELETE FROM unit WHERE id = ?", "@subject", err);
}
