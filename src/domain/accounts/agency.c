// SPDX-License-Identifier: Apache-2.0
// Agencies: whose people, sites and means are whose. The names of agencies are known to everybody on the
// node; what belongs to one is known by label. One agency is the node's custodian: whoever does not trust
// its administrators runs a node of their own.
#include "domain/accounts/accounts.h"

const vg_field accounts_agency_add_fields[] = {
    {"code", VG_F_TEXT, VG_REQUIRED, .max = 20},
    {"name", VG_F_TEXT, VG_REQUIRED},
    {"custodian", VG_F_BOOL},
    {NULL},
};

VG_HANDLER(accounts_agency_add)
{
    char id[VG_ID_TEXT];
    int64_t taken = 0;
    int32_t label = 0;
    const vg_str code = vg_arg_str(args, "code");
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM agency WHERE code = ?", VG_VALS(vg_t(code)), 0, &taken,
                      err));
    if (taken) {
        return vg_fail(err, VG_ECONFLICT, "code", "accounts.agency_taken", "%.*s", VG_FMT(code));
    }
    if (vg_arg_i64(args, "custodian", 0)) {
        VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM agency WHERE custodian = 1", VG_NOVALS, 0, &taken,
                          err));
        if (taken) {
            return vg_fail(err, VG_ECONFLICT, "custodian", "accounts.one_custodian", "%s", "");
        }
    }
    VG_TRY(vg_label_of(cx, "", VG_C_SHARED, "", VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(vg_say(cx, &(vg_saying){"accounts.agency_added", "", id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(accounts_on_agency_added)
{
    return vg_put(ap, e,
                  "INSERT INTO agency (id, code, name, custodian, at, label, world)"
                  " VALUES (?, ?, ?, COALESCE(?, 0), ?, ?, ?)",
                  "@subject code name custodian @at @label @world", err);
}

vg_status accounts_agency_known(vg_cx *cx, vg_str id, vg_err *err)
{
    vg_str found;
    if (vg_look(cx, "SELECT id FROM agency WHERE id = ?", id, &found, 1, err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "agency", "accounts.no_agency", "%.*s", VG_FMT(id));
    }
    return VG_OK;
}
