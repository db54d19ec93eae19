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
const vg_field accounts_agency_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"name", VG_F_TEXT, VG_REQUIRED},
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

// --- another name, closed -----------------------------------------------------------------------
typedef struct agency_ref {
    const char *id;
    int32_t label;
    bool custodian;
} agency_ref;

static vg_status agency_at(vg_cx *cx, const vg_args *args, agency_ref *ret, vg_err *err)
{
    vg_str c[3];
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(vg_look(cx, "SELECT state, label, custodian FROM agency WHERE id = ?", id, c, 3, err));
    *ret = (agency_ref){vg_str_z(cx->arena, id), (int32_t)vg_int(c[1]), vg_int(c[2]) != 0};
    return vg_str_eqc(c[0], "active")
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "accounts.agency_closed", "%s", "");
}

VG_HANDLER(accounts_agency_update)
{
    agency_ref a;
    VG_TRY(agency_at(cx, args, &a, err));
    if (!vg_str_trim(vg_arg_str(args, "name")).n) {
        return vg_fail(err, VG_EINVALID, "name", "err.field_missing", "%s", "name");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_kz(&cx->reply, "id", a.id);
    return vg_say(cx, &(vg_saying){"accounts.agency_changed", "", a.id, a.label}, err);
}

VG_FOLDER(accounts_on_agency_changed)
{
    return vg_put(ap, e, "UPDATE agency SET name = ? WHERE id = ?", "name @subject", err);
}

// What an agency still has here; ?1 the agency, ?2 now.
static const struct {
    const char *left, *complaint;
} HAS[] = {
    {"SELECT count(*) FROM user_account WHERE agency = ?1 AND disabled = 0 AND ?2",
     "accounts.agency_has_users"},
    {"SELECT count(*) FROM token WHERE agency = ?1 AND state = 'active' AND expires > ?2",
     "accounts.agency_has_tokens"},
    {"SELECT count(*) FROM device_account WHERE agency = ?1 AND state <> 'revoked' AND expires > "
     "?2",
     "accounts.agency_has_devices"},
    {"SELECT count(*) FROM site WHERE agency = ?1 AND state = 'active' AND ?2",
     "accounts.agency_has_sites"},
    {"SELECT count(*) FROM regulation WHERE agency = ?1 AND in_force_at IS NOT NULL AND ended_at IS"
     " NULL AND valid_until > ?2",
     "accounts.agency_has_regulations"},
};

VG_HANDLER(accounts_agency_close)
{
    agency_ref a;
    VG_TRY(agency_at(cx, args, &a, err));
    if (a.custodian) {
        return vg_fail(err, VG_ECONFLICT, "id", "accounts.agency_custodian", "%s", "");
    }
    for (size_t i = 0; i < VG_LEN(HAS); i++) {
        int64_t n = 0;
        VG_TRY(vg_one_i64(cx->db, HAS[i].left, VG_VALS(vg_z(a.id), vg_i(cx->now_us)), 0, &n, err));
        if (n) {
            return vg_fail(err, VG_ECONFLICT, "id", HAS[i].complaint, "%lld", (long long)n);
        }
    }
    vg_body(cx);
    vg_jw_kz(&cx->reply, "id", a.id);
    return vg_say(cx, &(vg_saying){"accounts.agency_closed", "", a.id, a.label}, err);
}

VG_FOLDER(accounts_on_agency_closed)
{
    return vg_put(ap, e, "UPDATE agency SET state = 'closed' WHERE id = ?", "@subject", err);
}

vg_status accounts_agency_known(vg_cx *cx, vg_str id, vg_err *err)
{
    vg_str found;
    if (vg_look(cx, "SELECT id FROM agency WHERE id = ? AND state = 'active'", id, &found, 1,
                err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "agency", "accounts.no_agency", "%.*s", VG_FMT(id));
    }
    return VG_OK;
}
