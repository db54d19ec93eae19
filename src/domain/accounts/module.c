// SPDX-License-Identifier: Apache-2.0
// The accounts module as tables.
#include "domain/accounts/accounts.h"

extern const vg_embedded vg_sql_accounts[];
extern const vg_module vg_module_accounts;

static const vg_table tables[] = {
    {"agency", VG_PROJECTION, true},
    {"user_account", VG_PROJECTION},
    {"assignment", VG_PROJECTION},
    {"token", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"accounts.agency_added", 1, accounts_on_agency_added},
    {"accounts.user_added", 1, accounts_on_user_added},
    {"accounts.user_changed", 1, accounts_on_user_changed, "attention",
     .weigh = accounts_weigh_change},
    {"accounts.password_changed", 1, accounts_on_password_changed},
    {"accounts.user_disabled", 1, accounts_on_user_disabled},
    {"accounts.user_enabled", 1, accounts_on_user_enabled},
    {"accounts.logged_in", 1, accounts_on_login},
    {"accounts.login_failed", 1, accounts_on_login_failed},
    {"accounts.role_granted", 1, accounts_on_role_granted, "attention",
     .weigh = accounts_weigh_grant},
    {"accounts.role_revoked", 1, accounts_on_role_revoked},
    {"accounts.token_added", 1, accounts_on_token_added},
    {"accounts.token_revoked", 1, accounts_on_token_revoked},
    {NULL},
};

static const vg_command commands[] = {
    {"accounts.agency_add", "POST /agencies", "accounts.edit", accounts_agency_add_fields,
     accounts_agency_add},
    {"accounts.user_add", "POST /users", "accounts.edit", accounts_user_add_fields,
     accounts_user_add, accounts_hash_password, accounts_second_add},
    {"accounts.user_update", "POST /users/{id}", "accounts.edit", accounts_user_update_fields,
     accounts_user_update, .second = accounts_second_update},
    // Everybody may change their own; the handler asks for more when it is another's.
    {"accounts.user_password", "POST /users/{id}/password", "see.shared", accounts_password_fields,
     accounts_user_password, accounts_hash_password, accounts_second_password},
    {"accounts.user_disable", "POST /users/{id}/disable", "accounts.edit", accounts_id_fields,
     accounts_user_disable},
    {"accounts.user_enable", "POST /users/{id}/enable", "accounts.edit", accounts_id_fields,
     accounts_user_enable, .second = accounts_second_enable},
    {"accounts.role_grant", "POST /users/{id}/roles", "accounts.edit", accounts_role_grant_fields,
     accounts_role_grant, .second = accounts_second_grant},
    {"accounts.role_revoke", "POST /assignments/{id}/revoke", "accounts.edit",
     accounts_role_revoke_fields, accounts_role_revoke},
    {"accounts.token_add", "POST /tokens", "accounts.edit", accounts_token_add_fields,
     accounts_token_add},
    {"accounts.token_revoke", "POST /tokens/{id}/revoke", "accounts.edit", accounts_id_fields,
     accounts_token_revoke},
    {"accounts.note_login", NULL, "accounts.edit", accounts_login_fields, accounts_note_login},
    {NULL},
};

static const vg_col agency_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},       {"code", VG_COL_TEXT, "t.code"},
    {"name", VG_COL_TEXT, "t.name"},   {"custodian", VG_COL_BOOL, "t.custodian"},
    {"state", VG_COL_TEXT, "t.state"}, {NULL}};

// Built by the database: json_group_array has the same result as PostgreSQL's json_agg here.
#define ROLES_JSON                                                                               \
    "(SELECT '[' || COALESCE(group_concat('{\"id\":\"' || x.id || '\",\"role\":\"' || x.role ||" \
    " '\",\"site\":\"' || x.site || '\"}'), '') || ']' FROM v_assignment x"                      \
    " WHERE x.user_id = t.id AND x.state = 'active')"

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
    {NULL},
};

const vg_module vg_module_accounts = {
    .name = "accounts",
    .sql = vg_sql_accounts,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = resources,
    .auth = &accounts_auth,
};
