// SPDX-License-Identifier: Apache-2.0
// Accounts of devices: who makes them and who looks at it, what a code is worth and how long, and that all of it folds
// again. Signed requests: http.device_test.
#include "domain/test_kit.h"

#include "core/device_kit_test.h"

static void add(kit *k, char id[VG_ID_TEXT], char code[40])
{
    kit_do(k, "accounts.device_add",
           "{\"kind\":\"gate\",\"name\":\"Cổng\",\"site\":\"%s\",\"agency\":\"%s\",\"days\":30,"
           "\"origin\":\"https://may:8443\"}",
           k->site, k->police);
    kit_id(k, id);
    kit_member(k, "code", code, 40);
}

static vg_status enrol(kit *k, const char *code, const char *key)
{
    return kit_try(k, NULL, "accounts.device_enrol",
                   "{\"code\":\"%s\",\"key\":\"%s\",\"name\":\"Máy\"}", code, key);
}

static void test_a_code_binds_once(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], code[40], later[40], text[80], other[VG_ID_TEXT];
    test_device d;
    test_device_make(&d);
    add(k, id, code);
    assert_non_null(strstr(k->reply, "\"qr\":\""));
    assert_int_equal(strlen(code), 9);
    snprintf(text, sizeof text, "%s",
             kit_text(k, "SELECT count(*) FROM event WHERE body LIKE '%thiet-bi%'"));
    assert_string_equal(text, "0");
    assert_int_equal(kit_int(k, "SELECT count(*) FROM device_account WHERE fingerprint IS NULL"),
                     1);
    assert_int_equal(enrol(k, code, "AAAA"), VG_EINVALID);
    kit_do(k, "accounts.device_code", "{\"id\":\"%s\"}", id);
    kit_member(k, "code", later, sizeof later);
    assert_int_equal(enrol(k, code, d.text), VG_EAUTH);  // the later code is the code
    assert_string_equal(k->err.key, "accounts.device_code");
    assert_int_equal(enrol(k, later, d.text), VG_OK);
    kit_id(k, other);
    assert_string_equal(other, id);
    assert_int_equal(enrol(k, later, d.text), VG_EAUTH);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'accounts.device_bound'"),
                     1);
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM device_account WHERE length(fingerprint) = 24 AND"
                   " device = 'Máy' AND code_until IS NULL"),
        1);
    kit_do(k, "accounts.device_seen", "{\"id\":\"%s\"}", id);
    assert_non_null(strstr(kit_list(k, NULL, "device_accounts"), "\"role\":\"gate_terminal\""));
    kit_do(k, "accounts.device_renew", "{\"id\":\"%s\",\"days\":60}", id);
    assert_int_equal(kit_int(k, "SELECT (expires - at) / 86400000000 FROM device_account"), 60);
    kit_same_after_rebuild(k);
    kit_done(k);
    test_device_done(&d);
}

static void test_a_revoked_account_takes_nothing(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], code[40];
    test_device d;
    test_device_make(&d);
    add(k, id, code);
    kit_do(k, "accounts.device_revoke", "{\"id\":\"%s\"}", id);
    assert_int_equal(enrol(k, code, d.text), VG_EAUTH);
    assert_int_equal(kit_try(k, NULL, "accounts.device_code", "{\"id\":\"%s\"}", id), VG_ENOTFOUND);
    assert_int_equal(kit_try(k, NULL, "accounts.device_renew", "{\"id\":\"%s\",\"days\":9}", id),
                     VG_ENOTFOUND);
    assert_int_equal(kit_try(k, NULL, "accounts.device_revoke", "{\"id\":\"%s\"}", id),
                     VG_ENOTFOUND);
    assert_int_equal(kit_try(k, NULL, "accounts.device_seen", "{\"id\":\"%s\"}", id), VG_ENOTFOUND);
    kit_same_after_rebuild(k);
    kit_done(k);
    test_device_done(&d);
}

// Whoever may hold the account is a change of rights; a device's role is no person's and no token's.
static void test_somebody_else_looks_at_it(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    vg_principal *admin = kit_user(k, "admin", k->police, "custodian", "");
    vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    static const char ADD[] = "{\"kind\":\"phone\",\"name\":\"Máy\",\"site\":\"%s\",\"days\":30}";
    assert_int_equal(kit_try(k, guard, "accounts.device_add", ADD, k->site), VG_EDENIED);
    assert_int_equal(kit_try(k, admin, "accounts.device_add", ADD, "0123456789abcdef"),
                     VG_EINVALID);
    assert_int_equal(kit_try(k, admin, "accounts.device_add", ADD, k->site), VG_OK);
    kit_id(k, id);
    assert_int_equal(kit_try(k, admin, "accounts.device_code", "{\"id\":\"%s\"}", id), VG_OK);
    assert_int_equal(kit_try(k, admin, "accounts.device_renew", "{\"id\":\"%s\",\"days\":9}", id),
                     VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM permission_change WHERE state = 'open' AND"
                                " role = 'guard_phone' AND site <> ''"),
                     3);
    assert_non_null(strstr(kit_list(k, admin, "permission_changes"), "\"name\":\"Máy\""));
    assert_int_equal(kit_try(k, NULL, "accounts.token_add",
                             "{\"name\":\"x\",\"role\":\"gate_terminal\",\"days\":1}"),
                     VG_EINVALID);
    assert_int_equal(kit_try(k, NULL, "accounts.role_grant",
                             "{\"id\":\"%s\",\"role\":\"guard_phone\"}", guard->user),
                     VG_EINVALID);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// The code's time is over, and the account's; a clock that steps back helps neither (labels_now).
static void test_time_is_over(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], code[40];
    vg_db *db;
    vg_err err = {0};
    vg_principal who = {0};
    vg_device_key key;
    test_device d;
    test_device_make(&d);
    add(k, id, code);
    assert_int_equal(enrol(k, code, d.text), VG_OK);
    add(k, id, code);
    vg_labels_publish(vg_core_labels(k->core), vg_now_us() + 16 * 60 * VG_SECOND_US);
    assert_int_equal(enrol(k, code, d.text), VG_EAUTH);
    snprintf(id, sizeof id, "%s",
             kit_text(k, "SELECT id FROM device_account WHERE fingerprint IS NOT NULL"));
    assert_int_equal(vg_inner_take(k->core, &db, &err), VG_OK);
    assert_int_equal(vg_module_accounts.auth->device(k->core, db, vg_str_c(id), &who, &key, &err),
                     VG_OK);
    assert_memory_equal(key.point, d.key.point, sizeof key.point);
    assert_string_equal(who.assignments[0].role, "gate_terminal");
    assert_string_equal(who.assignments[0].site, k->site);
    assert_false(who.custodian);
    vg_labels_publish(vg_core_labels(k->core), vg_now_us() + INT64_C(31) * 86400 * VG_SECOND_US);
    assert_int_equal(vg_module_accounts.auth->device(k->core, db, vg_str_c(id), &who, &key, NULL),
                     VG_ENOTFOUND);
    vg_inner_give(k->core, db);
    kit_done(k);
    test_device_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_code_binds_once),
        cmocka_unit_test(test_a_revoked_account_takes_nothing),
        cmocka_unit_test(test_somebody_else_looks_at_it),
        cmocka_unit_test(test_time_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
