// SPDX-License-Identifier: Apache-2.0
// Roles by assignment: a user holds a role at a site, or at every site of the node. At most eight, because a
// principal carries them by value. Nobody grants to themselves (product.md: "never to oneself").
#include "domain/accounts/accounts.h"

const char *const accounts_roles[] = {
#define X(role, permissions) #role,
#include "core/roles.def"
#undef X
    NULL};

const vg_field accounts_role_grant_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"role", VG_F_ENUM, VG_REQUIRED, .values = accounts_roles},
    {"site", VG_F_ID},
    {NULL},
};
const vg_field accounts_role_revoke_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {NULL},
};

bool accounts_role_exists(vg_str role)
{
    for (size_t i = 0; accounts_roles[i]; i++) {
        if (vg_str_eqc(role, accounts_roles[i])) {
            return true;
        }
    }
    return false;
}

static vg_status site_known(vg_cx *cx, vg_str site, vg_err *err)
{
    vg_str found;
    if (site.n && vg_look(cx, "SELECT id FROM site WHERE id = ?", site, &found, 1, err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "site", "accounts.no_site", "%.*s", VG_FMT(site));
    }
    return VG_OK;
}

vg_status accounts_grant_emit(vg_cx *cx, const accounts_grant *g, vg_err *err)
{
    char id[VG_ID_TEXT];
    int64_t n = 0;
    VG_TRY(site_known(cx, g->site, err));
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT count(*) FROM assignment WHERE user_id = ? AND state = 'active'",
                      VG_VALS(vg_z(g->user)), 0, &n, err));
    if (n >= VG_MAX_ASSIGNMENTS) {
        return vg_fail(err, VG_ECONFLICT, "role", "accounts.too_many_roles", "%d",
                       VG_MAX_ASSIGNMENTS);
    }
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "user", g->user);
    vg_jw_kstr(&cx->body, "role", g->role);
    vg_jw_kstr(&cx->body, "role_site", g->site);
    VG_TRY(vg_say(cx, &(vg_saying){"accounts.role_granted", "", id, g->label}, err));
    vg_jw_kz(&cx->reply, "assignment", id);
    return VG_OK;
}

VG_HANDLER(accounts_role_grant)
{
    accounts_user_ref u;
    int64_t held = 0;
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(accounts_user_at(cx, vg_arg_str(args, "id"), &u, err));
    if (strcmp(cx->who->user, u.id) == 0) {
        return vg_fail(err, VG_EDENIED, "id", "accounts.not_oneself", "%s", "");
    }
    const accounts_grant g = {u.id, vg_arg_str(args, "role"), vg_arg_str(args, "site"), u.label};
    VG_TRY(vg_one_i64(
        cx->db,
        "SELECT 1 FROM assignment WHERE user_id = ? AND role = ? AND site = ? AND state = 'active'",
        VG_VALS(vg_z(g.user), vg_t(g.role), vg_t(g.site)), 0, &held, err));
    vg_jw_kz(&cx->reply, "id", u.id);
    return held ? VG_OK : accounts_grant_emit(cx, &g, err);
}

VG_FOLDER(accounts_on_role_granted)
{
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO assignment (id, user_id, role, site, granted_by, at, label, world)"
                  " VALUES (?, ?, ?, COALESCE(?, ''), ?, ?, ?, ?)",
                  "@subject user role role_site @actor @at @label @world", err));
    // Touches the user, whose row shows the roles.
    return vg_put(ap, e, "UPDATE user_account SET disabled = disabled WHERE id = ?", "user", err);
}

VG_HANDLER(accounts_role_revoke)
{
    vg_str c[2];
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(vg_look(cx, "SELECT user_id, label FROM assignment WHERE id = ? AND state = 'active'",
                   id, c, 2, err));
    vg_body(cx);
    vg_jw_kstr(&cx->body, "user", c[0]);
    const char *subject = vg_str_z(cx->arena, id);
    VG_TRY(
        vg_say(cx, &(vg_saying){"accounts.role_revoked", "", subject, (int32_t)vg_int(c[1])}, err));
    vg_jw_kz(&cx->reply, "id", subject);
    return VG_OK;
}

VG_FOLDER(accounts_on_role_revoked)
{
    VG_TRY(vg_put(ap, e, "UPDATE assignment SET state = 'revoked' WHERE id = ?", "@subject", err));
    return vg_put(ap, e, "UPDATE user_account SET disabled = disabled WHERE id = ?", "user", err);
}
