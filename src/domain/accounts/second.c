// SPDX-License-Identifier: Apache-2.0
// Which acts on accounts need a second person: whatever makes an administrator, an auditor or a site's commander, opens
// another agency's matters to somebody (a role for its people), or raises what somebody may see in secret matters. Other
// roles are given by one: who guards tonight cannot wait until tomorrow.
//
// Until the node has had two administrators of its own there is nobody to ask, so the first one makes the second alone;
// the journal calls for attention. Afterwards one administrator never gets that back by disabling the other.
#include "domain/accounts/accounts.h"

static bool heavy(vg_str role)
{
    return vg_str_eqc(role, "custodian") || vg_str_eqc(role, "auditor") ||
           vg_str_eqc(role, "site_commander");
}

static bool foreign(const vg_cx *cx, vg_str agency)
{
    return agency.n && !vg_str_eqc(agency, cx->who->agency);
}

static vg_status of_foreigner(vg_cx *cx, vg_str user, bool *ret, vg_err *err)
{
    int64_t n = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT count(*) FROM user_account WHERE id = ? AND agency <> ?",
                      VG_VALS(vg_t(user), vg_z(cx->who->agency)), 0, &n, err));
    *ret = n > 0;
    return VG_OK;
}

static vg_status had_two(vg_cx *cx, bool *ret, vg_err *err)
{
    int64_t n = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT count(DISTINCT s.user_id) FROM assignment s"
                      " JOIN user_account u ON u.id = s.user_id JOIN agency a ON a.id = u.agency"
                      " WHERE s.role = 'custodian' AND s.site = '' AND a.custodian = 1",
                      VG_NOVALS, 0, &n, err));
    *ret = n >= 2;
    return VG_OK;
}

static vg_status administers(vg_cx *cx, vg_str user, bool *ret, vg_err *err)
{
    int64_t n = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT count(*) FROM assignment WHERE user_id = ? AND role = 'custodian'"
                      " AND site = '' AND state = 'active'",
                      VG_VALS(vg_t(user)), 0, &n, err));
    *ret = n > 0;
    return VG_OK;
}

VG_MARK(accounts_second_grant)
{
    bool more = heavy(vg_arg_str(args, "role"));
    if (!more) {
        VG_TRY(of_foreigner(cx, vg_arg_str(args, "id"), &more, err));
    }
    return more ? had_two(cx, ret, err) : VG_OK;
}

VG_MARK(accounts_second_token)
{
    const bool more = heavy(vg_arg_str(args, "role")) ||
                      foreign(cx, vg_arg_str(args, "agency"));  // reads what is not his
    return more ? had_two(cx, ret, err) : VG_OK;
}

VG_MARK(accounts_second_update)
{
    int64_t now = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT clearance FROM user_account WHERE id = ?",
                      VG_VALS(vg_t(vg_arg_str(args, "id"))), 0, &now, err));
    return vg_arg_i64(args, "clearance", 0) > now ? had_two(cx, ret, err) : VG_OK;
}

VG_MARK(accounts_second_enable)
{
    bool admin = false;
    VG_TRY(administers(cx, vg_arg_str(args, "id"), &admin, err));
    return admin ? had_two(cx, ret, err) : VG_OK;
}

VG_MARK(accounts_second_add)
{
    const bool more = heavy(vg_arg_str(args, "role")) || vg_arg_i64(args, "clearance", 0) > 0 ||
                      (vg_arg_has(args, "role") && foreign(cx, vg_arg_str(args, "agency")));
    return more ? had_two(cx, ret, err) : VG_OK;
}

// Who sets another administrator's password could approve in his name. Other people's are set by one, which waits to be
// confirmed as every change of permission: who stands there at night without his own must get in.
VG_MARK(accounts_second_password)
{
    const vg_str id = vg_arg_str(args, "id");
    return vg_str_eqc(id, cx->who->user) ? VG_OK : administers(cx, id, ret, err);
}

const char *accounts_weigh_grant(vg_str body)
{
    vg_str role = {"", 0};
    (void)vg_js_find(body, "role", &role);
    return vg_str_eqc(role, "\"custodian\"") || vg_str_eqc(role, "\"auditor\"") ? "attention"
                                                                                : NULL;
}

const char *accounts_weigh_change(vg_str body)
{
    return vg_js_i64(body, "clearance", 0) > 0 ? "attention" : NULL;
}

vg_status accounts_people(vg_db *db, vg_arena *a, size_t max, const char ***ret, size_t *n,
                          vg_err *err)
{
    vg_rows *r;
    const char **ids = vg_arena_get(a, max * sizeof *ids);
    *n = 0;
    if (!ids) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%zu", max);
    }
    VG_TRY(vg_rows_open(db,
                        "SELECT DISTINCT u.id FROM user_account u JOIN assignment s ON s.user_id ="
                        " u.id WHERE u.disabled = 0 AND s.state = 'active' ORDER BY u.id LIMIT ?",
                        VG_VALS(vg_i((int64_t)max)), &r, err));
    while (vg_rows_next(r) && (ids[*n] = vg_str_z(a, vg_row_str(r, 0)))) {
        ++*n;
    }
    *ret = ids;
    return vg_rows_close(r, err);
}
