// SPDX-License-Identifier: Apache-2.0
// Two persons: who asks does not approve, nor whom it concerns, nor a program; another agency learns nothing; what is
// approved is checked again and done once, or not at all; alone, nobody waits in vain.
#include "domain/second/second.h"
#include "domain/test_kit.h"

static void request_of(const kit *k, char out[VG_ID_TEXT])
{
    kit_member(k, "second_request", out, VG_ID_TEXT);
    assert_int_equal(strlen(out), VG_ID_TEXT - 1);
}

static VG_PRINTF(2, 3) int64_t count(kit *k, const char *fmt, ...)
{
    char sql[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(sql, sizeof sql, fmt, ap);
    va_end(ap);
    return kit_int(k, sql);
}

static void state_is(kit *k, const char *id, const char *state)
{
    assert_int_equal(
        count(k, "SELECT count(*) FROM second_request WHERE id = '%s' AND state = '%s'", id, state),
        1);
}

static vg_status decide(kit *k, const vg_principal *who, const char *command, const char *id)
{
    const bool refuse = strcmp(command, "second.refuse") == 0;
    return kit_try(k, who, command, "{\"id\":\"%s\"%s}", id,
                   refuse ? ",\"reason\":\"chưa cần\"" : "");
}

static int waiting_for(kit *k, const vg_principal *who)
{
    vg_db *db;
    vg_err err = {0};
    vg_buf b;
    vg_args none = {0};
    vg_principal p = *who;
    p.scope_bits = NULL;
    p.scope_labels = 0;
    vg_buf_init(&b, 1 << 16);
    vg_arena *a = vg_arena_create(1 << 20);
    assert_int_equal(vg_reader_take(k->core, &p, &db, &err), VG_OK);
    vg_read rd = {.core = k->core, .db = db, .arena = a, .who = &p, .out = vg_jw_on(&b)};
    assert_int_equal(second_waiting(&rd, &none, &err), VG_OK);
    const int n = (int)vg_js_i64(vg_buf_str(&b), "total", -1);
    vg_reader_give(k->core, db);
    vg_principal_done(&p);
    vg_arena_destroy(a);
    vg_buf_done(&b);
    return n;
}

static void test_another_person_approves(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    vg_principal *one = kit_user(k, "one", k->police, "custodian", "");
    vg_principal *two = kit_user(k, "two", k->police, "custodian", "");
    vg_principal *subject = kit_user(k, "subject", k->police, "custodian", "");
    vg_principal *leader = kit_user(k, "leader", k->police, "shift_leader", "");
    vg_principal *bank = kit_user(k, "bank", k->bank, "custodian", "");
    vg_principal token = *two;
    token.kind = VG_P_TOKEN;
    assert_int_equal(
        kit_try(k, one, "accounts.role_grant", "{\"id\":\"%s\",\"role\":\"guard\"}", subject->user),
        VG_OK);
    assert_null(strstr(k->reply, "second_request"));  // an ordinary role takes one
    assert_int_equal(kit_try(k, &token, "accounts.role_grant",
                             "{\"id\":\"%s\",\"role\":\"auditor\"}", subject->user),
                     VG_EDENIED);
    assert_int_equal(kit_try(k, one, "accounts.role_grant", "{\"id\":\"%s\",\"role\":\"auditor\"}",
                             subject->user),
                     VG_OK);
    request_of(k, id);
    static const char GRANTED[] = "SELECT count(*) FROM assignment WHERE role = 'auditor'";
    assert_int_equal(kit_int(k, GRANTED), 0);
    assert_int_equal(kit_try(k, one, "accounts.role_grant", "{\"id\":\"%s\",\"role\":\"auditor\"}",
                             subject->user),
                     VG_ECONFLICT);
    assert_string_equal(k->err.key, "second.asked_already");
    assert_int_equal(decide(k, one, "second.approve", id), VG_EDENIED);
    assert_string_equal(k->err.key, "second.other_person");
    assert_int_equal(decide(k, subject, "second.approve", id), VG_EDENIED);
    assert_string_equal(k->err.key, "second.concerned");
    assert_int_equal(decide(k, leader, "second.approve", id), VG_EDENIED);
    assert_int_equal(decide(k, leader, "second.refuse", id), VG_EDENIED);
    assert_int_equal(decide(k, &token, "second.approve", id), VG_EDENIED);
    assert_int_equal(decide(k, NULL, "second.approve", id), VG_EDENIED);
    assert_int_equal(decide(k, bank, "second.approve", id), VG_ENOTFOUND);
    assert_null(strstr(kit_list(k, bank, "second_requests"), id));
    assert_non_null(strstr(kit_list(k, two, "second_requests"), id));
    assert_int_equal(waiting_for(k, two), 1);
    assert_int_equal(waiting_for(k, one), 0);
    assert_int_equal(waiting_for(k, subject), 0);
    assert_int_equal(waiting_for(k, bank), 0);
    state_is(k, id, "waiting");
    for (int i = 0; i < 2; i++) {  // said twice, done once
        assert_int_equal(decide(k, two, "second.approve", id), VG_OK);
        assert_int_equal(kit_int(k, GRANTED), 1);
    }
    assert_int_equal(decide(k, subject, "second.approve", id), VG_ECONFLICT);
    assert_int_equal(count(k,
                           "SELECT count(*) FROM event g JOIN event a ON a.id = g.cause WHERE"
                           " g.kind = 'accounts.role_granted' AND g.actor = '%s' AND a.kind ="
                           " 'second.approved' AND a.actor = '%s'",
                           one->user, two->user),
                     1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'second.expires'"), 0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// An administrator whom another made, or whose password he set, is no second person beside him until somebody else has
// looked at that.
static void test_not_by_whom_he_made(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], change[VG_ID_TEXT];
    vg_principal *one = kit_user(k, "one", k->police, "custodian", "");
    vg_principal *two = kit_user(k, "two", k->police, "custodian", "");
    vg_principal *made = kit_user(k, "made", k->police, "custodian", "");
    vg_principal *guard = kit_user(k, "guard", k->police, "guard", "");
    static const char GRANT[] = "{\"id\":\"%s\",\"role\":\"auditor\"}";
    assert_int_equal(
        kit_try(k, one, "accounts.role_grant", "{\"id\":\"%s\",\"role\":\"guard\"}", made->user),
        VG_OK);
    snprintf(change, sizeof change, "%s", kit_text(k, "SELECT id FROM permission_change"));
    assert_int_equal(kit_try(k, one, "accounts.role_grant", GRANT, guard->user), VG_OK);
    request_of(k, id);
    assert_int_equal(waiting_for(k, made), 0);
    assert_int_equal(decide(k, made, "second.approve", id), VG_EDENIED);
    assert_string_equal(k->err.key, "second.beholden");
    assert_int_equal(kit_try(k, two, "accounts.change_confirm", "{\"id\":\"%s\"}", change), VG_OK);
    assert_int_equal(waiting_for(k, made), 1);
    assert_int_equal(decide(k, made, "second.approve", id), VG_OK);
    kit_done(k);
}

static void disable(kit *k, const vg_principal *who, const char *source, const char *reason,
                    char ret[VG_ID_TEXT])
{
    assert_int_equal(kit_try(k, who, "sites.source_disable", "{\"id\":\"%s\",\"reason\":\"%s\"}",
                             source, reason),
                     VG_OK);
    request_of(k, ret);
}

static void test_all_is_checked_again(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT], id[VG_ID_TEXT], role[VG_ID_TEXT], soon[VG_TIME_TEXT],
        late[VG_TIME_TEXT];
    kit_source(k, "2101", k->vault, true, source);
    vg_principal *one = kit_user(k, "one", k->bank, "agency_officer", k->site);
    vg_principal *two = kit_user(k, "two", k->bank, "agency_officer", k->site);
    vg_time_rfc3339(vg_now_us() + INT64_C(1800) * VG_SECOND_US, soon);
    vg_time_rfc3339(vg_now_us() + INT64_C(5) * 3600 * VG_SECOND_US, late);
    static const char DISABLED[] = "SELECT count(*) FROM source WHERE disabled = 1";
    assert_int_equal(kit_try(k, one, "sites.source_disable",
                             "{\"id\":\"%s\",\"reason\":\"x\",\"until\":\"%s\"}", source, soon),
                     VG_OK);
    assert_int_equal(kit_int(k, DISABLED), 1);  // for so short a time one is enough
    kit_do(k, "sites.source_enable", "{\"id\":\"%s\"}", source);
    // a bad one is refused at once
    assert_int_equal(kit_try(k, one, "sites.zone_bypass",
                             "{\"id\":\"%s\",\"reason\":\"x\",\"until\":\"2099-01-01T00:00:00Z\"}",
                             k->fence),
                     VG_EINVALID);
    assert_int_equal(kit_try(k, one, "sites.zone_bypass",
                             "{\"id\":\"%s\",\"reason\":\"x\",\"until\":\"%s\"}", k->fence, late),
                     VG_OK);
    request_of(k, id);
    kit_do(k, "sites.zone_update", "{\"id\":\"%s\",\"state\":\"removed\"}", k->fence);
    assert_int_not_equal(decide(k, two, "second.approve", id), VG_OK);  // what it was about is gone
    state_is(k, id, "waiting");
    disable(k, one, source, "a", id);
    assert_int_equal(decide(k, two, "second.refuse", id), VG_OK);
    state_is(k, id, "refused");
    assert_int_equal(decide(k, two, "second.approve", id), VG_ECONFLICT);
    disable(k, one, source, "b", id);
    assert_int_equal(decide(k, two, "second.withdraw", id), VG_EDENIED);
    assert_int_equal(decide(k, one, "second.withdraw", id), VG_OK);
    assert_int_equal(decide(k, two, "second.approve", id), VG_ECONFLICT);
    disable(k, one, source, "c", id);
    kit_do(k, "second.expire", "{\"id\":\"%s\"}", id);
    state_is(k, id, "expired");
    assert_int_equal(decide(k, two, "second.approve", id), VG_ECONFLICT);
    assert_int_equal(kit_int(k, DISABLED), 0);
    // the right is lost meanwhile: neither the approval nor the act stands
    disable(k, one, source, "d", id);
    snprintf(role, sizeof role, "%s",
             kit_text(k, "SELECT s.id FROM assignment s JOIN user_account u ON u.id = s.user_id"
                         " WHERE u.login = 'one'"));
    kit_do(k, "accounts.role_revoke", "{\"id\":\"%s\"}", role);
    assert_int_equal(decide(k, two, "second.approve", id), VG_ECONFLICT);
    assert_string_equal(k->err.key, "second.asker_may_not");
    state_is(k, id, "waiting");
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'second.approved'"), 0);
    assert_int_equal(kit_int(k, DISABLED), 0);
    kit_do(k, "accounts.role_grant", "{\"id\":\"%s\",\"role\":\"agency_officer\",\"site\":\"%s\"}",
           one->user, k->site);
    assert_int_equal(decide(k, two, "second.approve", id), VG_OK);
    assert_int_equal(kit_int(k, DISABLED), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_alone_nobody_waits(void **state)
{
    (void)state;
    kit *k = kit_world();
    vg_principal *first = kit_user(k, "first", k->police, "custodian", "");
    vg_principal *second = kit_user(k, "second", k->police, "guard", "");
    vg_principal *third = kit_user(k, "third", k->police, "guard", "");
    // the first administrator of a node makes the second
    assert_int_equal(kit_try(k, first, "accounts.role_grant",
                             "{\"id\":\"%s\",\"role\":\"custodian\"}", second->user),
                     VG_OK);
    assert_null(strstr(k->reply, "second_request"));
    assert_string_equal(
        vg_event_urgency(VG_S("accounts.role_granted"), VG_S("{\"role\":\"custodian\"}")),
        "attention");
    assert_null(vg_event_urgency(VG_S("accounts.role_granted"), VG_S("{\"role\":\"guard\"}")));
    // a password cannot wait, and would let him approve in the other's name
    assert_int_equal(kit_try(k, first, "accounts.user_password",
                             "{\"id\":\"%s\",\"password\":\"mat khau moi 1\"}", second->user),
                     VG_EDENIED);
    assert_string_equal(k->err.key, "second.secret");
    assert_int_equal(kit_try(k, first, "accounts.user_add",
                             "{\"login\":\"x\",\"name\":\"x\",\"agency\":\"%s\",\"password\":\"mot"
                             " mat khau dai\",\"role\":\"auditor\"}",
                             k->police),
                     VG_EDENIED);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM user_account WHERE login = 'x'"), 0);
    // who puts the other out is not alone again
    kit_do(k, "accounts.user_disable", "{\"id\":\"%s\"}", second->user);
    assert_int_equal(kit_try(k, first, "accounts.role_grant",
                             "{\"id\":\"%s\",\"role\":\"auditor\"}", third->user),
                     VG_ECONFLICT);
    assert_string_equal(k->err.key, "second.nobody");
    assert_int_equal(kit_try(k, first, "accounts.user_enable", "{\"id\":\"%s\"}", second->user),
                     VG_ECONFLICT);
    assert_int_equal(
        kit_try(k, first, "accounts.user_update", "{\"id\":\"%s\",\"clearance\":1}", third->user),
        VG_ECONFLICT);
    assert_int_equal(
        kit_try(k, first, "accounts.user_update", "{\"id\":\"%s\",\"name\":\"Ba\"}", third->user),
        VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM second_request"), 0);
    kit_do(k, "accounts.role_grant", "{\"id\":\"%s\",\"role\":\"auditor\"}", third->user);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// What is still waiting when the node stops is approved after it.
static void test_it_waits_over_a_restart(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    vg_principal *one = kit_user(k, "one", k->police, "custodian", "");
    vg_principal *two = kit_user(k, "two", k->police, "custodian", "");
    vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    assert_int_equal(
        kit_try(k, one, "accounts.user_update", "{\"id\":\"%s\",\"clearance\":2}", guard->user),
        VG_OK);
    request_of(k, id);
    kit_close(k);
    kit_reopen(k);
    assert_int_equal(decide(k, two, "second.approve", id), VG_OK);
    assert_int_equal(kit_int(k, "SELECT clearance FROM user_account WHERE login = 'guard'"), 2);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static int64_t asked(kit *k)
{
    return kit_int(k, "SELECT count(*) FROM second_request WHERE state = 'waiting'");
}

static void disable_for(kit *k, const vg_principal *who, const char *source, int64_t seconds)
{
    char until[VG_TIME_TEXT];
    vg_time_rfc3339(vg_now_us() + seconds * VG_SECOND_US, until);
    assert_int_equal(kit_try(k, who, "sites.source_disable",
                             "{\"id\":\"%s\",\"reason\":\"x\",\"until\":\"%s\"}", source, until),
                     VG_OK);
}

static void bypass_for(kit *k, const vg_principal *who, int64_t seconds)
{
    char until[VG_TIME_TEXT];
    vg_time_rfc3339(vg_now_us() + seconds * VG_SECOND_US, until);
    assert_int_equal(kit_try(k, who, "sites.zone_bypass",
                             "{\"id\":\"%s\",\"reason\":\"x\",\"until\":\"%s\"}", k->fence, until),
                     VG_OK);
}

static void test_short_steps_make_a_long_outage(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT];
    kit_source(k, "2101", k->vault, true, source);
    vg_principal *one = kit_user(k, "one", k->bank, "agency_officer", k->site);
    kit_user(k, "two", k->bank, "agency_officer", k->site);
    disable_for(k, one, source, 1800);
    disable_for(k, one, source, 7000);
    bypass_for(k, one, 7000);
    assert_int_equal(asked(k), 0);
    disable_for(k, one, source, 7205);  // two hours after the first
    bypass_for(k, one, 7205);
    assert_int_equal(asked(k), 2);
    // Switched on for a moment, it is the same outage.
    assert_int_equal(kit_try(k, one, "sites.source_enable", "{\"id\":\"%s\"}", source), VG_OK);
    assert_int_equal(kit_try(k, one, "sites.zone_unbypass", "{\"id\":\"%s\"}", k->fence), VG_OK);
    disable_for(k, one, source, 7210);
    bypass_for(k, one, 7210);
    assert_int_equal(asked(k), 4);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_what_blinds_a_zone_takes_two(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT], spare[VG_ID_TEXT], point[VG_ID_TEXT];
    kit_source(k, "2101", k->vault, true, source);
    vg_principal *one = kit_user(k, "one", k->bank, "agency_officer", k->site);
    vg_principal *two = kit_user(k, "two", k->bank, "agency_officer", k->site);
    kit_do(k, "sites.source_add",
           "{\"site\":\"%s\",\"agency\":\"%s\",\"name\":\"x\",\"proto\":\"dc09\","
           "\"address\":\"2102\",\"zone\":\"%s\"}",
           k->site, k->bank, k->fence);
    kit_id(k, spare);
    assert_int_equal(kit_try(k, one, "sites.source_withdraw", "{\"id\":\"%s\"}", spare), VG_OK);
    assert_int_equal(asked(k), 1);
    assert_int_equal(
        kit_try(k, one, "sites.source_update", "{\"id\":\"%s\",\"zone\":\"%s\"}", source, k->fence),
        VG_OK);
    assert_int_equal(asked(k), 2);
    assert_int_equal(
        kit_try(k, one, "sites.source_update", "{\"id\":\"%s\",\"name\":\"y\"}", source), VG_OK);
    assert_int_equal(asked(k), 2);  // a name is changed by one
    kit_do(k, "sites.point_add", "{\"id\":\"%s\",\"area\":\"1\",\"point\":\"77\",\"zone\":\"%s\"}",
           source, k->vault);
    kit_id(k, point);
    assert_int_equal(kit_try(k, one, "sites.point_remove", "{\"id\":\"%s\"}", point), VG_OK);
    assert_int_equal(asked(k), 3);
    char id[VG_ID_TEXT];
    request_of(k, id);
    assert_int_equal(decide(k, two, "second.approve", id), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM source_point WHERE state = 'removed'"), 1);
    kit_done(k);
}

static void test_tokens_as_the_roles_they_hold(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    vg_principal *one = kit_user(k, "one", k->police, "custodian", "");
    vg_principal *two = kit_user(k, "two", k->police, "custodian", "");
    assert_int_equal(
        kit_try(k, one, "accounts.token_add", "{\"name\":\"a\",\"role\":\"guard\",\"days\":1}"),
        VG_OK);
    assert_int_equal(asked(k), 0);
    assert_int_equal(kit_try(k, one, "accounts.token_add",
                             "{\"name\":\"b\",\"role\":\"guard\",\"days\":1,\"agency\":\"%s\"}",
                             k->bank),
                     VG_OK);
    assert_int_equal(asked(k), 1);
    assert_int_equal(
        kit_try(k, one, "accounts.token_add", "{\"name\":\"c\",\"role\":\"auditor\",\"days\":1}"),
        VG_OK);
    assert_int_equal(asked(k), 2);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM token"), 1);
    request_of(k, id);
    assert_int_equal(decide(k, two, "second.approve", id), VG_OK);
    assert_non_null(strstr(k->reply, "\"token\":\"vgt_"));
    assert_int_equal(kit_int(k, "SELECT count(*) FROM token"), 2);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_another_person_approves),
        cmocka_unit_test(test_not_by_whom_he_made),
        cmocka_unit_test(test_all_is_checked_again),
        cmocka_unit_test(test_alone_nobody_waits),
        cmocka_unit_test(test_it_waits_over_a_restart),
        cmocka_unit_test(test_short_steps_make_a_long_outage),
        cmocka_unit_test(test_what_blinds_a_zone_takes_two),
        cmocka_unit_test(test_tokens_as_the_roles_they_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
