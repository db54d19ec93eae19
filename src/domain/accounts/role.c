// SPDX-License-Identifier: Apache-2.0
// Roles by assignment: a user holds a role at a site, or at every site of the node, without end or for a time. At most
// eight, because a principal carries them by value. Nobody grants to themselves (product.md: "never to oneself").
// Whoever reads an assignment asks the clock (auth.c), so it ends on the moment; the deadline only writes it down.
#include "domain/accounts/accounts.h"

#include "base/clock.h"

static const int64_t LONGEST_US = 366 * INT64_C(86400) * VG_SECOND_US;

const char *const accounts_roles[] = {
#define X(role, permissions) #role,
#include "core/roles.def"
#undef X
    NULL};

const vg_field accounts_role_grant_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"role", VG_F_ENUM, VG_REQUIRED, .values = accounts_roles},
    {"site", VG_F_ID},
    {"from", VG_F_TIME},
    {"until", VG_F_TIME},
    {"reason", VG_F_TEXT},
    {NULL},
};
const vg_field accounts_due_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"due", VG_F_TIME},
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

vg_status accounts_site_known(vg_cx *cx, vg_str site, vg_err *err)
{
    return site.n ? vg_site_seen(cx, site, "site", "accounts.no_site", err) : VG_OK;
}

vg_status accounts_grant_emit(vg_cx *cx, const accounts_grant *g, vg_err *err)
{
    char id[VG_ID_TEXT];
    int64_t n = 0;
    VG_TRY(accounts_site_known(cx, g->site, err));
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
    if (g->begins_us) {
        vg_jw_ki64(&cx->body, "from", g->begins_us);
    }
    if (g->ends_us) {
        vg_jw_ki64(&cx->body, "until", g->ends_us);
    }
    if (g->reason.n) {
        vg_jw_kstr(&cx->body, "reason", g->reason);
    }
    if (g->origin) {
        vg_jw_kz(&cx->body, "origin", g->origin);
    }
    if (!g->with_account) {
        VG_TRY(accounts_to_confirm(cx, g->user, err));
    }
    VG_TRY(vg_say(cx, &(vg_saying){"accounts.role_granted", "", id, g->label}, err));
    vg_jw_kz(&cx->reply, "assignment", id);
    return VG_OK;
}

static vg_status term_of(vg_cx *cx, const vg_args *args, accounts_grant *g, vg_err *err)
{
    g->begins_us = vg_arg_i64(args, "from", 0);
    g->ends_us = vg_arg_i64(args, "until", 0);
    g->reason = vg_arg_str(args, "reason");
    const int64_t start = g->begins_us > cx->now_us ? g->begins_us : cx->now_us;
    if (start - cx->now_us > LONGEST_US) {
        return vg_fail(err, VG_EINVALID, "from", "accounts.role_term", "%d", 366);
    }
    if (g->ends_us && (g->ends_us <= start || g->ends_us - start > LONGEST_US)) {
        return vg_fail(err, VG_EINVALID, "until", "accounts.role_term", "%d", 366);
    }
    if ((g->begins_us || g->ends_us) && !vg_str_trim(g->reason).n) {
        return vg_fail(err, VG_EINVALID, "reason", "accounts.role_reason", "%s", "");
    }
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
    accounts_grant g = {.user = u.id,
                        .role = vg_arg_str(args, "role"),
                        .site = vg_arg_str(args, "site"),
                        .label = u.label};
    VG_TRY(term_of(cx, args, &g, err));
    VG_TRY(vg_one_i64(
        cx->db,
        "SELECT 1 FROM assignment WHERE user_id = ? AND role = ? AND site = ? AND begins = ? AND"
        " ends = ? AND state = 'active'",
        VG_VALS(vg_z(g.user), vg_t(g.role), vg_t(g.site), vg_i(g.begins_us), vg_i(g.ends_us)), 0,
        &held, err));
    vg_jw_kz(&cx->reply, "id", u.id);
    return held ? VG_OK : accounts_grant_emit(cx, &g, err);
}

// The user's row shows the roles.
static vg_status touch_user(vg_apply *ap, const vg_event *e, vg_err *err)
{
    return vg_put(ap, e, "UPDATE user_account SET disabled = disabled WHERE id = ?", "user", err);
}

VG_FOLDER(accounts_on_role_granted)
{
    const int64_t ends_us = vg_js_i64(e->body, "until", 0);
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO assignment (id, user_id, role, site, begins, ends, reason,"
                  " origin, granted_by, at, label, world) VALUES (?, ?, ?, COALESCE(?, ''),"
                  " COALESCE(?, 0), COALESCE(?, 0), ?, COALESCE(?, ''), ?, ?, ?, ?)",
                  "@subject user role role_site from until reason origin @actor @at @label @world",
                  err));
    if (ends_us) {
        VG_TRY(vg_deadline_set(ap, "accounts.role_end", vg_str_z(ap->arena, e->subject), "",
                               ends_us, err));
    }
    VG_TRY(accounts_fold_change(ap, e, err));
    return touch_user(ap, e, err);
}

typedef struct assignment {
    const char *id;
    vg_str user, role, site, state;
    int32_t label;
} assignment;

static vg_status assignment_at(vg_cx *cx, vg_str id, assignment *ret, vg_err *err)
{
    vg_str c[5];
    VG_TRY(vg_look(cx, "SELECT user_id, role, site, state, label FROM assignment WHERE id = ?", id,
                   c, 5, err));
    *ret = (assignment){vg_str_z(cx->arena, id), c[0], c[1], c[2], c[3], (int32_t)vg_int(c[4])};
    return VG_OK;
}

static void assignment_body(vg_cx *cx, const assignment *a)
{
    vg_body(cx);
    vg_jw_kstr(&cx->body, "user", a->user);
    vg_jw_kstr(&cx->body, "role", a->role);
    vg_jw_kstr(&cx->body, "role_site", a->site);
}

VG_HANDLER(accounts_role_revoke)
{
    VG_TRY(accounts_admin(cx, err));
    return accounts_revoke_emit(cx, vg_arg_str(args, "id"), err);
}

vg_status accounts_revoke_emit(vg_cx *cx, vg_str id, vg_err *err)
{
    assignment a;
    VG_TRY(assignment_at(cx, id, &a, err));
    if (!vg_str_eqc(a.state, "active")) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
    }
    assignment_body(cx, &a);
    const char *user = vg_str_z(cx->arena, a.user);
    VG_TRY(accounts_to_confirm(cx, user, err));
    vg_jw_kz(&cx->reply, "id", a.id);
    return vg_say(cx, &(vg_saying){"accounts.role_revoked", "", a.id, a.label}, err);
}

static vg_status over(vg_apply *ap, const vg_event *e, const char *sql, vg_err *err)
{
    VG_TRY(vg_put(ap, e, sql, "@subject", err));
    VG_TRY(vg_deadline_clear(ap, "accounts.role_end", vg_str_z(ap->arena, e->subject), err));
    return touch_user(ap, e, err);
}

// What was delegated from it is over with it.
static vg_status delegations_over(vg_apply *ap, const vg_event *e, vg_err *err)
{
    enum { MOST = 64 };
    const char *ids[MOST];
    size_t n = 0;
    vg_rows *r;
    VG_TRY(vg_rows_open(ap->db,
                        "SELECT id FROM assignment WHERE origin = ? AND state = 'active'"
                        " ORDER BY id LIMIT 64",
                        VG_VALS(vg_t(e->subject)), &r, err));
    while (n < MOST && vg_rows_next(r)) {
        ids[n++] = vg_str_z(ap->arena, vg_row_str(r, 0));
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t i = 0; i < n; i++) {
        VG_TRY(vg_deadline_clear(ap, "accounts.role_end", ids[i], err));
    }
    VG_TRY(vg_put(ap, e,
                  "UPDATE user_account SET disabled = disabled WHERE id IN (SELECT user_id FROM"
                  " assignment WHERE origin = ?)",
                  "@subject", err));
    return vg_put(ap, e,
                  "UPDATE assignment SET state = 'ended' WHERE origin = ? AND state = 'active'",
                  "@subject", err);
}

VG_FOLDER(accounts_on_role_revoked)
{
    VG_TRY(over(ap, e, "UPDATE assignment SET state = 'revoked' WHERE id = ?", err));
    VG_TRY(delegations_over(ap, e, err));
    return accounts_fold_change(ap, e, err);
}

VG_HANDLER(accounts_role_over)
{
    assignment a;
    VG_TRY(assignment_at(cx, vg_arg_str(args, "id"), &a, err));
    if (!vg_str_eqc(a.state, "active")) {
        return VG_OK;
    }
    assignment_body(cx, &a);
    return vg_say(cx, &(vg_saying){"accounts.role_ended", "", a.id, a.label}, err);
}

VG_FOLDER(accounts_on_role_ended)
{
    VG_TRY(over(ap, e, "UPDATE assignment SET state = 'ended' WHERE id = ?", err));
    return delegations_over(ap, e, err);
}
