// SPDX-License-Identifier: Apache-2.0
// Accounts: the password never leaves the vault, roles end where they end, tokens are shown once.
#include "domain/test_kit.h"

static void test_login(void **state)
{
    (void)state;
    kit *k = kit_world();
    char hash[128], id[VG_ID_TEXT];
    vg_principal p = {0};
    vg_err err = {0};
    vg_db *db;
    const vg_principal *duty = kit_user(k, "duty", k->police, "duty_officer", "");
    assert_int_equal(vg_inner_take(k->core, &db, &err), VG_OK);
    assert_int_equal(vg_module_accounts.auth->user(k->core, db, VG_S("duty"), &p, hash, &err),
                     VG_OK);
    assert_int_equal(crypto_pwhash_str_verify(hash, "mot mat khau dai", 16), 0);
    assert_string_equal(p.assignments[0].role, "duty_officer");
    assert_int_equal(vg_module_accounts.auth->user(k->core, db, VG_S("nobody"), &p, hash, &err),
                     VG_ENOTFOUND);
    assert_string_equal(hash, "");
    vg_inner_give(k->core, db);
    assert_int_equal(
        kit_int(k,
                "SELECT count(*) FROM event WHERE body LIKE '%argon2%' OR body LIKE '%mat khau%'"),
        0);
    assert_int_equal(
        kit_try(k, NULL, "accounts.user_add",
                "{\"login\":\"x\",\"name\":\"x\",\"agency\":\"%s\",\"password\":\"ngan\"}",
                k->bank),
        VG_EINVALID);
    assert_string_equal(k->err.field, "password");
    assert_int_equal(
        kit_try(
            k, NULL, "accounts.user_add",
            "{\"login\":\"duty\",\"name\":\"x\",\"agency\":\"%s\",\"password\":\"mot mat khau\"}",
            k->bank),
        VG_ECONFLICT);
    snprintf(id, sizeof id, "%s", duty->user);
    kit_do(k, "accounts.note_login", "{\"user\":\"%s\",\"ok\":true,\"peer\":\"127.0.0.1\"}", id);
    kit_do(k, "accounts.note_login", "{\"ok\":false,\"peer\":\"127.0.0.1\"}");
    assert_int_equal(kit_int(k, "SELECT last_login > 0 FROM user_account WHERE login = 'duty'"), 1);
    kit_do(k, "accounts.user_disable", "{\"id\":\"%s\"}", id);
    assert_int_equal(vg_inner_take(k->core, &db, &err), VG_OK);
    assert_int_equal(vg_module_accounts.auth->by_id(k->core, db, vg_str_c(id), &p, &err),
                     VG_ENOTFOUND);
    vg_inner_give(k->core, db);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_never_to_oneself(void **state)
{
    (void)state;
    kit *k = kit_world();
    vg_principal *admin = kit_user(k, "admin", k->police, "custodian", "");
    vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    assert_int_equal(kit_try(k, admin, "accounts.role_grant",
                             "{\"id\":\"%s\",\"role\":\"duty_officer\"}", admin->user),
                     VG_EDENIED);
    assert_int_equal(kit_try(k, admin, "accounts.role_grant",
                             "{\"id\":\"%s\",\"role\":\"shift_leader\"}", guard->user),
                     VG_OK);
    assert_int_equal(kit_try(k, guard, "accounts.role_grant",
                             "{\"id\":\"%s\",\"role\":\"auditor\"}", admin->user),
                     VG_EDENIED);
    assert_int_equal(
        kit_try(k, guard, "accounts.user_password",
                "{\"id\":\"%s\",\"password\":\"mat khau moi 1\",\"old\":\"mot mat khau dai\"}",
                guard->user),
        VG_OK);
    assert_int_not_equal(kit_try(k, guard, "accounts.user_password",
                                 "{\"id\":\"%s\",\"password\":\"mat khau moi 1\"}", admin->user),
                         VG_OK);
    // an administrator commands nothing
    assert_int_equal(kit_try(k, admin, "sites.zone_arm", "{\"id\":\"%s\"}", k->fence), VG_EDENIED);
    assert_non_null(strstr(kit_list(k, NULL, "users"), "\"role\":\"shift_leader\""));
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_tokens(void **state)
{
    (void)state;
    kit *k = kit_world();
    char token[128], id[VG_ID_TEXT];
    unsigned char hash[VG_HASH_BYTES];
    vg_principal p = {0};
    vg_err err = {0};
    vg_db *db;
    kit_do(k, "accounts.token_add",
           "{\"name\":\"báo cáo\",\"role\":\"auditor\",\"site\":\"%s\",\"days\":30}", k->site);
    kit_member(k, "token", token, sizeof token);
    kit_id(k, id);
    assert_int_equal(strlen(token), 68);
    vg_hash(token, strlen(token), hash);
    assert_int_equal(vg_inner_take(k->core, &db, &err), VG_OK);
    assert_int_equal(vg_module_accounts.auth->token(k->core, db, hash, &p, &err), VG_OK);
    vg_inner_give(k->core, db);
    assert_int_equal(p.kind, VG_P_TOKEN);
    assert_string_equal(p.assignments[0].site, k->site);
    kit_do(k, "accounts.token_revoke", "{\"id\":\"%s\"}", id);
    assert_int_equal(vg_inner_take(k->core, &db, &err), VG_OK);
    assert_int_equal(vg_module_accounts.auth->token(k->core, db, hash, &p, &err), VG_ENOTFOUND);
    vg_inner_give(k->core, db);
    assert_int_equal(kit_try(k, NULL, "accounts.token_add",
                             "{\"name\":\"x\",\"role\":\"custodian\",\"days\":1}"),
                     VG_EDENIED);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// Accounts are the node's: a role held at one site administers none.
static void test_admin_of_one_site(void **state)
{
    (void)state;
    kit *k = kit_world();
    vg_principal *local = kit_user(k, "local", k->police, "custodian", k->site);
    vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    assert_int_equal(kit_try(k, local, "accounts.role_grant",
                             "{\"id\":\"%s\",\"role\":\"custodian\"}", guard->user),
                     VG_EDENIED);
    assert_int_equal(kit_try(k, local, "accounts.agency_add", "{\"code\":\"X\",\"name\":\"X\"}"),
                     VG_EDENIED);
    assert_int_equal(kit_try(k, local, "accounts.user_disable", "{\"id\":\"%s\"}", guard->user),
                     VG_EDENIED);
    assert_int_equal(
        kit_try(k, local, "accounts.token_add", "{\"name\":\"x\",\"role\":\"auditor\",\"days\":1}"),
        VG_EDENIED);
    assert_int_equal(kit_try(k, local, "accounts.user_password",
                             "{\"id\":\"%s\",\"password\":\"mat khau moi 1\"}", guard->user),
                     VG_ENOTFOUND);
    kit_done(k);
}

static vg_status close_bank(kit *k)
{
    return kit_try(k, NULL, "accounts.agency_close", "{\"id\":\"%s\"}", k->bank);
}

static void an_agency_is_renamed_and_closed_when_it_has_nothing_left(void **state)
{
    (void)state;
    kit *k = kit_world();
    const vg_principal *guard = kit_user(k, "gac", k->bank, "guard", "");
    const vg_principal *officer = kit_user(k, "nh", k->bank, "agency_officer", "");
    assert_int_equal(
        kit_try(k, officer, "accounts.agency_update", "{\"id\":\"%s\",\"name\":\"Khác\"}", k->bank),
        VG_EDENIED);
    kit_do(k, "accounts.agency_update", "{\"id\":\"%s\",\"name\":\"Ngân hàng Hai\"}", k->bank);
    assert_string_equal(kit_text(k, "SELECT name FROM agency WHERE code = 'NH'"), "Ngân hàng Hai");
    assert_int_equal(
        kit_try(k, NULL, "accounts.agency_update", "{\"id\":\"%s\",\"name\":\" \"}", k->bank),
        VG_EINVALID);
    assert_int_equal(close_bank(k), VG_ECONFLICT);
    assert_string_equal(k->err.key, "accounts.agency_has_users");
    assert_string_equal(k->err.detail, "2");
    kit_do(k, "accounts.user_disable", "{\"id\":\"%s\"}", guard->user);
    kit_do(k, "accounts.user_disable", "{\"id\":\"%s\"}", officer->user);
    assert_int_equal(close_bank(k), VG_ECONFLICT);
    assert_string_equal(k->err.key, "accounts.agency_has_sites");
    kit_do(k, "sites.site_update", "{\"id\":\"%s\",\"state\":\"left\"}", k->site);
    assert_int_equal(kit_try(k, NULL, "accounts.agency_close", "{\"id\":\"%s\"}", k->police),
                     VG_ECONFLICT);
    assert_string_equal(k->err.key, "accounts.agency_custodian");
    assert_int_equal(close_bank(k), VG_OK);
    assert_int_equal(close_bank(k), VG_ECONFLICT);
    assert_string_equal(k->err.key, "accounts.agency_closed");
    assert_int_equal(kit_try(k, NULL, "accounts.user_add",
                             "{\"login\":\"moi\",\"name\":\"x\",\"agency\":\"%s\",\"password\":"
                             "\"mot mat khau dai\"}",
                             k->bank),
                     VG_EINVALID);
    assert_string_equal(k->err.field, "agency");
    assert_int_equal(kit_try(k, NULL, "accounts.user_enable", "{\"id\":\"%s\"}", guard->user),
                     VG_EINVALID);
    kit_same_after_rebuild(k);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_login),
        cmocka_unit_test(test_never_to_oneself),
        cmocka_unit_test(an_agency_is_renamed_and_closed_when_it_has_nothing_left),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_admin_of_one_site),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
