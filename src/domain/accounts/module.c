// SPDX-License-Identifier: Apache-2.0
// The accounts module as tables.
#include "domain/accounts/accounts.h"

extern const vg_embedded vg_sql_accounts[];
extern const vg_module vg_module_accounts;

static const vg_table tables[] = {
    {"agency", VG_PROJECTION, true},      {"user_account", VG_PROJECTION},
    {"assignment", VG_PROJECTION},        {"token", VG_PROJECTION},
    {"permission_change", VG_PROJECTION}, {"device_account", VG_PROJECTION},
    {"device_seen", VG_VOLATILE},         {NULL},
};

static const vg_event_def events[] = {
    {"accounts.agency_added", 1, accounts_on_agency_added},
    {"accounts.agency_changed", 1, accounts_on_agency_changed, "info"},
    {"accounts.agency_closed", 1, accounts_on_agency_closed, "attention"},
    {"accounts.user_added", 1, accounts_on_user_added},
    {"accounts.user_changed", 1, accounts_on_user_changed, "attention",
     .weigh = accounts_weigh_change},
    {"accounts.password_changed", 1, accounts_on_password_changed},
    {"accounts.user_disabled", 1, accounts_on_user_disabled},
    {"accounts.user_enabled", 1, accounts_on_user_enabled},
    {"accounts.logged_in", 1, accounts_on_login},
    {"accounts.login_failed", 1, accounts_on_login_failed},
    {"accounts.user_forgotten", 1, accounts_on_user_forgotten},
    {"accounts.role_granted", 1, accounts_on_role_granted, "attention",
     .weigh = accounts_weigh_grant},
    {"accounts.role_revoked", 1, accounts_on_role_revoked},
    {"accounts.role_ended", 1, accounts_on_role_ended, "info"},
    {"accounts.token_added", 1, accounts_on_token_added},
    {"accounts.token_revoked", 1, accounts_on_token_revoked},
    {"accounts.device_added", 1, accounts_on_device_added, "info"},
    {"accounts.device_code_made", 1, accounts_on_device_code, "info"},
    {"accounts.device_bound", 1, accounts_on_device_bound, "attention"},
    {"accounts.device_renewed", 1, accounts_on_device_renewed, "info"},
    {"accounts.device_revoked", 1, accounts_on_device_revoked, "info"},
    {"accounts.factor_set", 1, accounts_on_factor_set, "info"},
    {"accounts.recovery_used", 1, accounts_on_recovery_used, "attention"},
    {"accounts.factor_removed", 1, accounts_on_factor_removed, "attention"},
    {"accounts.session_ended", 1, NULL, "info"},
    {"accounts.change_opened", 1, accounts_fold_change, "attention"},
    {"accounts.change_confirmed", 1, accounts_on_change_confirmed, "info"},
    {"accounts.change_unconfirmed", 1, accounts_on_change_unconfirmed, "act"},
    {NULL},
};

static const vg_command commands[] = {
    {"accounts.agency_add", "POST /agencies", "accounts.edit", accounts_agency_add_fields,
     accounts_agency_add},
    {"accounts.agency_update", "POST /agencies/{id}", "accounts.edit",
     accounts_agency_update_fields, accounts_agency_update},
    {"accounts.agency_close", "POST /agencies/{id}/close", "accounts.edit", accounts_id_fields,
     accounts_agency_close},
    {"accounts.user_add", "POST /users", "accounts.edit", accounts_user_add_fields,
     accounts_user_add, accounts_hash_password, accounts_second_add},
    {"accounts.user_update", "POST /users/{id}", "accounts.edit", accounts_user_update_fields,
     accounts_user_update, .second = accounts_second_update},
    // Everybody may change their own; the handler asks for more when it is another's.
    {"accounts.user_password", "POST /users/{id}/password", "see.shared", accounts_password_fields,
     accounts_user_password, accounts_change_password, accounts_second_password, .proves = true},
    {"accounts.user_disable", "POST /users/{id}/disable", "accounts.edit", accounts_id_fields,
     accounts_user_disable},
    {"accounts.user_enable", "POST /users/{id}/enable", "accounts.edit", accounts_id_fields,
     accounts_user_enable, .second = accounts_second_enable},
    {"accounts.role_grant", "POST /users/{id}/roles", "accounts.edit", accounts_role_grant_fields,
     accounts_role_grant, .second = accounts_second_grant},
    {"accounts.role_revoke", "POST /assignments/{id}/revoke", "accounts.edit",
     accounts_role_revoke_fields, accounts_role_revoke},
    {"accounts.delegate", "POST /assignments/{id}/delegate", "accounts.read",
     accounts_delegate_fields, accounts_delegate},
    {"accounts.delegation_end", "POST /assignments/{id}/withdraw", "accounts.read",
     accounts_delegation_end_fields, accounts_delegation_end},
    {"accounts.token_add", "POST /tokens", "accounts.edit", accounts_token_add_fields,
     accounts_token_add, .second = accounts_second_token},
    {"accounts.token_revoke", "POST /tokens/{id}/revoke", "accounts.edit", accounts_id_fields,
     accounts_token_revoke},
    {"accounts.device_add", "POST /device-accounts", "accounts.edit", accounts_device_add_fields,
     accounts_device_add},
    {"accounts.device_code", "POST /device-accounts/{id}/code", "accounts.edit",
     accounts_device_code_fields, accounts_device_code},
    {"accounts.device_renew", "POST /device-accounts/{id}/renew", "accounts.edit",
     accounts_device_renew_fields, accounts_device_renew},
    {"accounts.device_revoke", "POST /device-accounts/{id}/revoke", "accounts.edit",
     accounts_id_fields, accounts_device_revoke},
    {"accounts.device_enrol", NULL, "accounts.edit", accounts_device_enrol_fields,
     accounts_device_enrol},
    {"accounts.device_seen", NULL, "accounts.edit", accounts_device_seen_fields,
     accounts_device_seen},
    {"accounts.factor_start", "POST /users/{id}/factor", "see.shared", accounts_factor_start_fields,
     accounts_factor_start, accounts_prove_password, .proves = true},
    {"accounts.factor_confirm", "POST /users/{id}/factor/confirm", "see.shared",
     accounts_factor_confirm_fields, accounts_factor_confirm},
    {"accounts.factor_remove", "POST /users/{id}/factor/remove", "see.shared",
     accounts_factor_remove_fields, accounts_factor_remove, accounts_prove_password,
     .proves = true},
    {"accounts.change_confirm", "POST /permission-changes/{id}/confirm", "accounts.confirm",
     accounts_id_fields, accounts_change_confirm},
    {"accounts.note_login", NULL, "accounts.edit", accounts_login_fields, accounts_note_login},
    {"accounts.note_session", NULL, "accounts.edit", accounts_session_fields,
     accounts_note_session},
    {"accounts.factor_check", NULL, "accounts.edit", accounts_factor_check_fields,
     accounts_factor_check},
    {"accounts.forget", NULL, "accounts.edit", accounts_forget_fields, accounts_forget},
    {"accounts.role_over", NULL, "accounts.edit", accounts_due_fields, accounts_role_over},
    {"accounts.change_open", NULL, "accounts.edit", accounts_change_open_fields,
     accounts_change_open},
    {"accounts.change_late", NULL, "accounts.edit", accounts_due_fields, accounts_change_late},
    {NULL},
};

// Accounts that ended long ago lose who they were of: their agency's number of days is over (privacy).
static bool to_forget(vg_arena *a, const vg_event *e, vg_jw *args)
{
    vg_str users;
    (void)a;
    if (!vg_js_find(e->body, "users", &users)) {
        return false;
    }
    vg_jw_kraw(args, "users", users);
    return true;
}

static const vg_reaction reactions[] = {
    {"privacy.swept", "accounts.forget", to_forget},
    {"coord.agreed", "accounts.change_open", accounts_opening},
    {"links.added", "accounts.change_open", accounts_opening},
    {"links.changed", "accounts.change_open", accounts_opening},
    {"notices.rule_added", "accounts.change_open", accounts_opening},
    {"notices.rule_changed", "accounts.change_open", accounts_opening},
    {"notices.rule_removed", "accounts.change_open", accounts_opening},
    {"documents.correspondent_added", "accounts.change_open", accounts_opening},
    {"documents.correspondent_retired", "accounts.change_open", accounts_opening},
    {NULL},
};

// What a change is about, by name: an account, a token, a device, a regulation or a link.
#define CHANGED "u.name, k.name, d.name, g.number || ' · ' || g.title, l.name"
#define CHANGED_JOIN                                                                     \
    " LEFT JOIN v_token k ON k.id = t.subject LEFT JOIN v_device_account d ON d.id ="    \
    " t.subject LEFT JOIN v_regulation g ON g.id = t.subject LEFT JOIN v_link l ON l.id" \
    " = t.subject"

static const vg_deadline_def deadlines[] = {
    {"accounts.role_end", "accounts.role_over",
     "SELECT u.name, '/admin/users/' || u.id FROM v_assignment t JOIN v_user_account u ON u.id ="
     " t.user_id WHERE t.id = ?"},
    {"accounts.change", "accounts.change_late",
     "SELECT COALESCE(" CHANGED ", ''), '/admin?view=changes' FROM v_permission_change t"
     " LEFT JOIN v_user_account u ON u.id = t.user_id" CHANGED_JOIN " WHERE t.id = ?"},
    {NULL},
};

static const vg_col agency_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},       {"code", VG_COL_TEXT, "t.code"},
    {"name", VG_COL_TEXT, "t.name"},   {"custodian", VG_COL_BOOL, "t.custodian"},
    {"state", VG_COL_TEXT, "t.state"}, {NULL}};

// from and until in milliseconds, 0 = none.
#define ROLES_JSON                                                                             \
    "(SELECT json_group_array(json_object('id', x.id, 'role', x.role, 'site', x.site, 'from'," \
    " x.begins / 1000, 'until', x.ends / 1000, 'reason', x.reason, 'origin', x.origin,"        \
    " 'given_by', g.name)) FROM v_assignment x LEFT JOIN v_user_account g ON x.origin <> ''"   \
    " AND g.id = x.granted_by WHERE x.user_id = t.id AND x.state = 'active')"

static const vg_col user_cols[] = {{"id", VG_COL_TEXT, "t.id"},
                                   {"login", VG_COL_TEXT, "t.login"},
                                   {"name", VG_COL_TEXT, "t.name"},
                                   {"agency", VG_COL_TEXT, "t.agency"},
                                   {"agency_name", VG_COL_TEXT, "a.name"},
                                   {"roles", VG_COL_JSON, ROLES_JSON},
                                   {"clearance", VG_COL_INT, "t.clearance"},
                                   {"lang", VG_COL_TEXT, "t.lang"},
                                   {"disabled", VG_COL_BOOL, "t.disabled"},
                                   {"last_login", VG_COL_TIME, "t.last_login"},
                                   {"failed_logins", VG_COL_INT, "t.failed"},
                                   {"factor_at", VG_COL_TIME, "t.factor_at"},
                                   {"recovery_left", VG_COL_INT, "t.recovery_left"},
                                   {NULL}};
static const vg_filter user_filters[] = {
    {"agency", "t.agency = ?", VG_F_ID}, {"disabled", "t.disabled = ?", VG_F_BOOL}, {NULL}};

static const vg_col token_cols[] = {{"id", VG_COL_TEXT, "t.id"},
                                    {"name", VG_COL_TEXT, "t.name"},
                                    {"agency", VG_COL_TEXT, "t.agency"},
                                    {"role", VG_COL_TEXT, "t.role"},
                                    {"site", VG_COL_TEXT, "t.site"},
                                    {"expires", VG_COL_TIME, "t.expires"},
                                    {"state", VG_COL_TEXT, "t.state"},
                                    {"made_at", VG_COL_TIME, "t.at"},
                                    {NULL}};
static const vg_filter token_filters[] = {{"state", "t.state = ?", VG_F_TEXT}, {NULL}};

static const vg_col device_cols[] = {{"id", VG_COL_TEXT, "t.id"},
                                     {"kind", VG_COL_TEXT, "t.kind"},
                                     {"name", VG_COL_TEXT, "t.name"},
                                     {"agency", VG_COL_TEXT, "t.agency"},
                                     {"role", VG_COL_TEXT, "t.role"},
                                     {"site", VG_COL_TEXT, "t.site"},
                                     {"place", VG_COL_TEXT, "t.place"},
                                     {"expires", VG_COL_TIME, "t.expires"},
                                     {"state", VG_COL_TEXT, "t.state"},
                                     {"device", VG_COL_TEXT, "t.device"},
                                     {"fingerprint", VG_COL_TEXT, "t.fingerprint"},
                                     {"bound_at", VG_COL_TIME, "t.bound_at"},
                                     {"code_until", VG_COL_TIME, "t.code_until"},
                                     {"last_seen", VG_COL_TIME, "n.at"},
                                     {"made_at", VG_COL_TIME, "t.at"},
                                     {NULL}};
static const vg_filter device_filters[] = {
    {"state", "t.state = ?", VG_F_TEXT}, {"site", "t.site = ?", VG_F_ID}, {NULL}};

static const vg_col change_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"what", VG_COL_TEXT, "t.what"},
    {"user", VG_COL_TEXT, "NULLIF(t.user_id, '')"},
    {"subject", VG_COL_TEXT, "t.subject"},
    {"name", VG_COL_TEXT, "COALESCE(" CHANGED ")"},
    {"detail", VG_COL_TEXT, "NULLIF(t.detail, '')"},
    {"role", VG_COL_TEXT, "NULLIF(t.role, '')"},
    {"site", VG_COL_TEXT, "NULLIF(t.site, '')"},
    {"clearance", VG_COL_INT, "NULLIF(t.clearance, -1)"},
    {"from", VG_COL_TIME, "t.begins"},
    {"until", VG_COL_TIME, "t.ends"},
    {"reason", VG_COL_TEXT, "NULLIF(t.reason, '')"},
    {"by", VG_COL_TEXT, "t.by_user"},
    {"by_name", VG_COL_TEXT, "b.name"},
    {"also_by", VG_COL_TEXT, "NULLIF(t.also_by, '')"},
    {"also_by_name", VG_COL_TEXT, "o.name"},
    {"at", VG_COL_TIME, "t.at"},
    {"confirm_by", VG_COL_TIME, "t.confirm_by"},
    {"late", VG_COL_BOOL, "t.late"},
    {"state", VG_COL_TEXT, "t.state"},
    {"confirmed_by", VG_COL_TEXT, "t.confirmed_by"},
    {"confirmed_by_name", VG_COL_TEXT, "c.name"},
    {"confirmed_at", VG_COL_TIME, "t.confirmed_at"},
    {NULL},
};
static const vg_filter change_filters[] = {
    {"state", "t.state = ?", VG_F_TEXT}, {"user", "t.user_id = ?", VG_F_ID}, {NULL}};

static const vg_search find_agency = {.title = "t.name", .more = "t.code", .columns = "name code"};
static const vg_search find_user = {
    .title = "t.name", .subtitle = "t.login", .columns = "name login"};

static const vg_resource resources[] = {
    {"agencies", "/agencies", "sites.read", "agency", "v_agency t", "t", agency_cols, NULL, "t.at",
     .search = &find_agency},
    {"users", "/users", "accounts.read", "user_account",
     "v_user_account t LEFT JOIN v_agency a ON a.id = t.agency", "t", user_cols, user_filters,
     "t.at", .search = &find_user},
    {"tokens", "/tokens", "accounts.edit", "token", "v_token t", "t", token_cols, token_filters,
     "t.at"},
    {"device_accounts", "/device-accounts", "accounts.read", "device_account",
     "v_device_account t LEFT JOIN v_device_seen n ON n.account = t.id", "t", device_cols,
     device_filters, "t.at"},
    {"permission_changes", "/permission-changes", "accounts.read", "permission_change",
     "v_permission_change t LEFT JOIN v_user_account u ON u.id = t.user_id" CHANGED_JOIN
     " LEFT JOIN v_user_account b ON b.id = t.by_user LEFT JOIN v_user_account o ON o.id ="
     " t.also_by LEFT JOIN v_user_account c ON c.id = t.confirmed_by",
     "t", change_cols, change_filters, "t.at"},
    {NULL},
};

const vg_module vg_module_accounts = {
    .name = "accounts",
    .sql = vg_sql_accounts,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = resources,
    .reactions = reactions,
    .deadlines = deadlines,
    .auth = &accounts_auth,
};
