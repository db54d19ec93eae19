// SPDX-License-Identifier: Apache-2.0
// A change of rights stands open until somebody looks who neither did it nor is concerned; a role for a time ends on
// the moment, whatever the clock does after.
#include "domain/test_kit.h"

#define CONFIRM(k, who, id) kit_try((k), (who), "accounts.change_confirm", "{\"id\":\"%s\"}", (id))

static vg_principal person(kit *k, const char *user)
{
    vg_principal p = {0};
    vg_err err = {0};
    vg_db *db;
    assert_int_equal(vg_inner_take(k->core, &db, &err), VG_OK);
    assert_int_equal(vg_module_accounts.auth->by_id(k->core, db, vg_str_c(user), &p, &err), VG_OK);
    vg_inner_give(k->core, db);
    return p;
}

static void test_confirmed_by_another(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], far[VG_ID_TEXT];
    vg_principal *admin = kit_user(k, "admin", k->police, "custodian", "");
    vg_principal *first = kit_user(k, "first", k->police, "auditor", "");
    vg_principal *second = kit_user(k, "second", k->police, "auditor", "");
    vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM permission_change"),
                     0);  // the setting up itself
    kit_do(k, "accounts.note_login", "{\"user\":\"%s\",\"ok\":true}", admin->user);
    assert_int_equal(kit_try(k, admin, "accounts.role_grant",
                             "{\"id\":\"%s\",\"role\":\"staff_officer\"}", first->user),
                     VG_OK);
    assert_int_equal(kit_try(k, admin, "accounts.user_disable", "{\"id\":\"%s\"}", guard->user),
                     VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM permission_change WHERE state = 'open'"), 2);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'accounts.change'"), 2);
    snprintf(id, sizeof id, "%s",
             kit_text(k, "SELECT id FROM permission_change WHERE what = 'accounts.role_granted'"));
    snprintf(far, sizeof far, "%s",
             kit_text(k, "SELECT id FROM permission_change WHERE what = 'accounts.user_disabled'"));
    assert_int_equal(CONFIRM(k, NULL, id), VG_EDENIED);   // a keyboard is no person
    assert_int_equal(CONFIRM(k, admin, id), VG_EDENIED);  // who did it
    assert_string_equal(k->err.key, "accounts.confirm_other");
    assert_int_equal(CONFIRM(k, first, id), VG_EDENIED);      // whom it concerns
    assert_int_equal(CONFIRM(k, second, far), VG_ENOTFOUND);  // of another agency's people
    assert_null(strstr(kit_list(k, second, "permission_changes"), far));
    assert_non_null(strstr(kit_list(k, second, "permission_changes"), "\"by_name\":\"admin\""));
    kit_do(k, "accounts.change_late", "{\"id\":\"%s\",\"due\":\"2026-01-01T00:00:00Z\"}", id);
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM permission_change WHERE late = 1 AND state = 'open'"), 1);
    assert_int_equal(CONFIRM(k, second, id), VG_OK);
    assert_int_equal(CONFIRM(k, second, id), VG_OK);  // again: nothing more
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM event WHERE kind = 'accounts.change_confirmed'"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'accounts.change'"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM permission_change c JOIN user_account u ON "
                                "u.id = c.confirmed_by WHERE"
                                " u.login = 'second'"),
                     1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// Else one administrator would make himself a second one.
static void test_not_by_whom_he_made(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], made[VG_ID_TEXT];
    vg_principal *admin = kit_user(k, "admin", k->police, "custodian", "");
    vg_principal *first = kit_user(k, "first", k->police, "auditor", "");
    vg_principal *guard = kit_user(k, "guard", k->police, "guard", k->site);
    assert_int_equal(kit_try(k, admin, "accounts.user_add",
                             "{\"login\":\"moi\",\"name\":\"Mới\",\"agency\":\"%s\",\"password\":"
                             "\"mot mat khau\",\"role\":\"auditor\"}",
                             k->police),
                     VG_OK);
    kit_id(k, id);
    const vg_principal own = person(k, id);
    snprintf(made, sizeof made, "%s", kit_text(k, "SELECT id FROM permission_change"));
    assert_int_equal(kit_try(k, admin, "accounts.role_grant",
                             "{\"id\":\"%s\",\"role\":\"staff_officer\"}", guard->user),
                     VG_OK);
    snprintf(id, sizeof id, "%s",
             kit_text(k, "SELECT id FROM permission_change WHERE what = 'accounts.role_granted'"));
    assert_int_equal(CONFIRM(k, &own, id), VG_EDENIED);
    assert_string_equal(k->err.key, "accounts.confirm_beholden");
    assert_int_equal(CONFIRM(k, first, made), VG_OK);
    assert_int_equal(CONFIRM(k, &own, id), VG_OK);
    kit_done(k);
}

static void test_every_kind_of_change(void **state)
{
    (void)state;
    kit *k = kit_world();
    static const char *const kinds[] = {"user_added",   "role_granted",  "role_revoked",
                                        "user_changed", "user_disabled", "password_changed",
                                        "user_enabled", "token_added"};
    char id[VG_ID_TEXT], held[VG_ID_TEXT];
    vg_principal *admin = kit_user(k, "admin", k->police, "custodian", "");
    assert_int_equal(
        kit_try(k, admin, "accounts.user_add",
                "{\"login\":\"moi\",\"name\":\"Mới\",\"agency\":\"%s\",\"password\":\"mot mat khau"
                "\",\"role\":\"guard\",\"site\":\"%s\"}",
                k->police, k->site),
        VG_OK);
    kit_id(k, id);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM permission_change WHERE role = 'guard'"),
                     1);  // one, not two
    assert_int_equal(
        kit_try(k, admin, "accounts.role_grant", "{\"id\":\"%s\",\"role\":\"auditor\"}", id),
        VG_OK);
    kit_member(k, "assignment", held, sizeof held);
    assert_int_equal(kit_try(k, admin, "accounts.role_revoke", "{\"id\":\"%s\"}", held), VG_OK);
    assert_int_equal(
        kit_try(k, admin, "accounts.user_update", "{\"id\":\"%s\",\"name\":\"Tên\"}", id), VG_OK);
    assert_int_equal(
        kit_try(k, admin, "accounts.user_update", "{\"id\":\"%s\",\"clearance\":1}", id), VG_OK);
    assert_int_equal(kit_try(k, admin, "accounts.user_disable", "{\"id\":\"%s\"}", id), VG_OK);
    assert_int_equal(kit_try(k, admin, "accounts.user_enable", "{\"id\":\"%s\"}", id), VG_OK);
    assert_int_equal(kit_try(k, admin, "accounts.user_password",
                             "{\"id\":\"%s\",\"password\":\"mot mat khau 2\"}", id),
                     VG_OK);
    assert_int_equal(
        kit_try(k, admin, "accounts.token_add", "{\"name\":\"x\",\"role\":\"auditor\",\"days\":1}"),
        VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM permission_change"), VG_LEN(kinds));
    for (size_t i = 0; i < VG_LEN(kinds); i++) {
        char sql[120];
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM permission_change WHERE what = 'accounts.%s'", kinds[i]);
        assert_int_equal(kit_int(k, sql), 1);
    }
    kit_same_after_rebuild(k);
    kit_done(k);
}

static vg_status grant(kit *k, const char *user, const char *role, int64_t from_us,
                       int64_t until_us, const char *reason)
{
    char from[VG_TIME_TEXT + 16] = "", until[VG_TIME_TEXT + 16] = "", at[VG_TIME_TEXT];
    if (from_us) {
        vg_time_rfc3339(from_us, at);
        snprintf(from, sizeof from, ",\"from\":\"%s\"", at);
    }
    if (until_us) {
        vg_time_rfc3339(until_us, at);
        snprintf(until, sizeof until, ",\"until\":\"%s\"", at);
    }
    return kit_try(k, NULL, "accounts.role_grant", "{\"id\":\"%s\",\"role\":\"%s\"%s%s%s}", user,
                   role, from, until, reason);
}

#define REASON ",\"reason\":\"trực thay\""
static const int64_t DAY_US = INT64_C(86400) * VG_SECOND_US;

static void test_a_term_is_checked(void **state)
{
    (void)state;
    kit *k = kit_world();
    const vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    const int64_t now = vg_now_us();
    assert_int_equal(grant(k, guard->user, "auditor", 0, now - VG_SECOND_US, REASON), VG_EINVALID);
    assert_int_equal(grant(k, guard->user, "auditor", now + DAY_US, now + DAY_US, REASON),
                     VG_EINVALID);
    assert_int_equal(grant(k, guard->user, "auditor", 0, now + 367 * DAY_US, REASON), VG_EINVALID);
    assert_int_equal(grant(k, guard->user, "auditor", now + 367 * DAY_US, 0, REASON), VG_EINVALID);
    assert_int_equal(grant(k, guard->user, "auditor", 0, now + DAY_US, ""), VG_EINVALID);
    assert_string_equal(k->err.field, "reason");
    assert_int_equal(grant(k, guard->user, "auditor", now + DAY_US, now + 2 * DAY_US, REASON),
                     VG_OK);
    assert_int_equal(person(k, guard->user).n_assignments, 1);  // not yet
    assert_int_equal(kit_int(k, "SELECT count(*) FROM assignment WHERE state = 'active'"), 2);
    kit_done(k);
}

static void test_a_role_ends_on_the_moment(void **state)
{
    (void)state;
    kit *k = kit_world();
    vg_scope scope;
    vg_labels *labels = vg_core_labels(k->core);
    const vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    // the deadline writes it down
    assert_int_equal(grant(k, guard->user, "shift_leader", 0, vg_now_us() + VG_SECOND_US, REASON),
                     VG_OK);
    kit_wait(k, "SELECT count(*) FROM event WHERE kind = 'accounts.role_ended'", 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM assignment WHERE state = 'ended'"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'accounts.role_end'"),
                     0);
    // the clock decides, not the deadline
    const int64_t until = vg_now_us() + 3600 * VG_SECOND_US;
    assert_int_equal(grant(k, guard->user, "auditor", 0, until, REASON), VG_OK);
    vg_principal kept = person(k, guard->user);
    assert_int_equal(kept.n_assignments, 2);
    assert_int_equal(vg_principal_until(&kept), until);
    vg_labels_publish(labels, until - 60 * VG_SECOND_US);
    vg_scope_compute(&kept, labels, &scope);
    assert_true(vg_may(&kept, "journal.read", NULL));
    assert_int_equal(person(k, guard->user).n_assignments, 2);
    vg_labels_publish(labels,
                      until);  // from here on the wall clock is an hour behind: it extends nothing
    vg_scope_compute(&kept, labels, &scope);
    assert_false(vg_may(&kept, "journal.read", NULL));
    assert_true(vg_may(&kept, "sites.read", NULL));
    assert_int_equal(person(k, guard->user).n_assignments, 1);
    vg_principal_done(&kept);
    // taken back before its time: nothing is left to end
    const char *held = kit_text(k, "SELECT id FROM assignment WHERE role = 'auditor'");
    char id[VG_ID_TEXT];
    snprintf(id, sizeof id, "%s", held);
    kit_do(k, "accounts.role_revoke", "{\"id\":\"%s\"}", id);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'accounts.role_end'"),
                     0);
    kit_do(k, "accounts.role_over", "{\"id\":\"%s\"}", id);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'accounts.role_ended'"),
                     1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// An officer lets a colleague stand in: never longer, never further, and over with his own role.
typedef struct standing_in {
    kit *k;
    vg_principal *admin, *auditor, *chief, *deputy, *third, *bank;
    char own[VG_ID_TEXT], soon[VG_TIME_TEXT];  // the assignment delegated from; in five days
} standing_in;

static void in_days(int days, char ret[VG_TIME_TEXT])
{
    vg_time_rfc3339(vg_now_us() + days * INT64_C(86400) * VG_SECOND_US, ret);
}

// From the assignment somebody was granted.
static void from_that_of(standing_in *t, const vg_principal *who)
{
    char text[200];
    snprintf(text, sizeof text, "SELECT id FROM assignment WHERE user_id = '%s'", who->user);
    snprintf(t->own, sizeof t->own, "%s", kit_text(t->k, text));
}

static standing_in before_a_journey(void)
{
    kit *k = kit_world();
    standing_in t = {.k = k};
    t.admin = kit_user(k, "admin", k->police, "custodian", "");
    t.auditor = kit_user(k, "auditor", k->police, "auditor", "");
    t.chief = kit_user(k, "chief", k->police, "agency_officer", "");
    t.deputy = kit_user(k, "deputy", k->police, "guard", "");
    t.third = kit_user(k, "third", k->police, "guard", "");
    t.bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    kit_do(k, "accounts.note_login", "{\"user\":\"%s\",\"ok\":true}", t.admin->user);
    in_days(5, t.soon);
    from_that_of(&t, t.chief);
    return t;
}

static vg_status delegate(standing_in *t, vg_principal *who, const char *to, const char *until)
{
    return kit_try(t->k, who, "accounts.delegate",
                   "{\"id\":\"%s\",\"to\":\"%s\",\"until\":\"%s\",\"reason\":\"Đi công tác\"}",
                   t->own, to, until);
}

static void test_a_delegated_role(void **state)
{
    (void)state;
    standing_in t = before_a_journey();
    kit *k = t.k;
    char given[VG_ID_TEXT], long_after[VG_TIME_TEXT], text[400];
    in_days(100, long_after);
    assert_int_equal(delegate(&t, t.chief, t.bank->user, t.soon), VG_ENOTFOUND);
    assert_int_equal(delegate(&t, t.chief, t.chief->user, t.soon), VG_EDENIED);
    assert_int_equal(delegate(&t, t.bank, t.deputy->user, t.soon), VG_ENOTFOUND);  // not his
    assert_int_equal(delegate(&t, t.chief, t.deputy->user, long_after), VG_EINVALID);
    assert_int_equal(delegate(&t, t.chief, t.deputy->user, t.soon), VG_OK);
    kit_member(k, "assignment", given, sizeof given);
    assert_int_equal(delegate(&t, t.chief, t.deputy->user, t.soon), VG_ECONFLICT);
    vg_principal now = person(k, t.deputy->user);
    assert_int_equal(now.n_assignments, 2);
    assert_string_equal(now.assignments[1].role, "agency_officer");
    assert_true(now.assignments[1].until_us > 0);
    assert_non_null(strstr(kit_list(k, t.auditor, "users"), "\"given_by\":\"chief\""));

    // looked at by a third: neither who gave nor who got it
    snprintf(text, sizeof text, "%s",
             kit_text(k, "SELECT id FROM permission_change WHERE state = 'open'"));
    assert_int_equal(CONFIRM(k, t.admin, text), VG_OK);
    // not onward, whoever tries
    snprintf(t.own, sizeof t.own, "%s", given);
    assert_int_equal(delegate(&t, &now, t.third->user, t.soon), VG_EDENIED);
    assert_string_equal(k->err.key, "accounts.delegate_onward");
    assert_int_equal(delegate(&t, t.chief, t.third->user, t.soon), VG_ENOTFOUND);

    // taken back by who gave it and by no other officer
    assert_int_equal(kit_try(k, t.bank, "accounts.delegation_end", "{\"id\":\"%s\"}", given),
                     VG_ENOTFOUND);
    assert_int_equal(kit_try(k, t.chief, "accounts.delegation_end", "{\"id\":\"%s\"}", given),
                     VG_OK);
    assert_int_equal(person(k, t.deputy->user).n_assignments, 1);
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM permission_change WHERE what = 'accounts.role_revoked'"),
        1);

    // over the moment the other's account is disabled or his role is taken
    from_that_of(&t, t.chief);
    assert_int_equal(delegate(&t, t.chief, t.deputy->user, t.soon), VG_OK);
    assert_int_equal(person(k, t.deputy->user).n_assignments, 2);
    assert_int_equal(kit_try(k, t.admin, "accounts.user_disable", "{\"id\":\"%s\"}", t.chief->user),
                     VG_OK);
    assert_int_equal(person(k, t.deputy->user).n_assignments, 1);
    assert_int_equal(kit_try(k, t.admin, "accounts.user_enable", "{\"id\":\"%s\"}", t.chief->user),
                     VG_OK);
    assert_int_equal(person(k, t.deputy->user).n_assignments, 2);
    assert_int_equal(delegate(&t, t.chief, t.third->user, t.soon),
                     VG_ECONFLICT);  // his own is open now
    assert_string_equal(k->err.key, "accounts.delegate_open");
    assert_int_equal(kit_try(k, t.admin, "accounts.role_revoke", "{\"id\":\"%s\"}", t.own), VG_OK);
    assert_int_equal(person(k, t.deputy->user).n_assignments, 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM assignment WHERE origin <> '' AND state ="
                                " 'active'"),
                     0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'accounts.role_end'"),
                     0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// Neither administering nor auditing, and not longer than one's own.
static void test_what_is_not_delegated(void **state)
{
    (void)state;
    standing_in t = before_a_journey();
    kit *k = t.k;
    char two_days[VG_TIME_TEXT], one[VG_ID_TEXT];
    from_that_of(&t, t.auditor);
    assert_int_equal(delegate(&t, t.auditor, t.third->user, t.soon), VG_EDENIED);
    assert_string_equal(k->err.key, "accounts.delegate_role");
    in_days(2, two_days);
    assert_int_equal(kit_try(k, t.admin, "accounts.role_grant",
                             "{\"id\":\"%s\",\"role\":\"duty_officer\",\"until\":\"%s\",\"reason\":"
                             "\"Trực thay\"}",
                             t.third->user, two_days),
                     VG_OK);
    kit_member(k, "assignment", t.own, sizeof t.own);
    vg_principal timed = person(k, t.third->user);
    assert_int_equal(delegate(&t, &timed, t.deputy->user, two_days), VG_ECONFLICT);
    snprintf(one, sizeof one, "%s",
             kit_text(k, "SELECT id FROM permission_change WHERE role = 'duty_officer'"));
    assert_int_equal(CONFIRM(k, t.auditor, one), VG_OK);
    assert_int_equal(delegate(&t, &timed, t.deputy->user, t.soon), VG_EINVALID);
    assert_string_equal(k->err.key, "accounts.delegate_longer");
    assert_int_equal(delegate(&t, &timed, t.deputy->user, two_days), VG_OK);
    kit_same_after_rebuild(k);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_confirmed_by_another),
        cmocka_unit_test(test_not_by_whom_he_made),
        cmocka_unit_test(test_every_kind_of_change),
        cmocka_unit_test(test_a_term_is_checked),
        cmocka_unit_test(test_a_role_ends_on_the_moment),
        cmocka_unit_test(test_a_delegated_role),
        cmocka_unit_test(test_what_is_not_delegated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
