// SPDX-License-Identifier: Apache-2.0
// Notices from outside: alerts in, parcels out; who is told, when, and what ends it. Quiet hours against a naive
// walk over the minutes.
#include "base/prop_test.h"
#include "domain/notices/notices.h"
#include "domain/test_kit.h"

typedef struct rig {
    kit *k;
    char mail[VG_ID_TEXT], officer[VG_ID_TEXT], alert[VG_ID_TEXT];
    int alerts;
} rig;

static void add_alert(rig *r, const char *level)
{
    const int n = ++r->alerts;
    kit_do(
        r->k, "alerts.raise",
        "{\"rule\":\"r%d\",\"version\":\"1\",\"key\":\"k\",\"site\":\"%s\",\"kind\":\"intrusion\","
        "\"level\":\"%s\",\"title_vi\":\"Đột nhập\",\"at\":%lld,\"seqs\":[[1,%d]],\"evidence\":[]}",
        n, r->k->site, level, (long long)vg_now_us(), n);
    kit_member(r->k, "id", r->alert, VG_ID_TEXT);
}

static void add_rule(rig *r, const char *more, char id[VG_ID_TEXT])
{
    kit_do(r->k, "notices.rule_add", "{\"name\":\"x\",\"link\":\"%s\",\"site\":\"%s\"%s}", r->mail,
           r->k->site, more);
    kit_member(r->k, "id", id, VG_ID_TEXT);
}

static int setup(void **state)
{
    rig *r = vg_alloc(sizeof *r);
    *r = (rig){.k = kit_world()};
    kit *k = r->k;
    kit_do(k, "links.add",
           "{\"kind\":\"smtp\",\"name\":\"m\",\"address\":\"mail.invalid:587\",\"options\":{"
           "\"from\":\"a@b.invalid\"}}");
    kit_member(k, "id", r->mail, VG_ID_TEXT);
    const vg_principal *who = kit_user(k, "truc", k->bank, "shift_leader", k->site);
    memcpy(r->officer, who->user, VG_ID_TEXT);
    kit_do(k, "notices.address_set",
           "{\"user\":\"%s\",\"kind\":\"smtp\",\"value\":\"truc@nhnn.invalid\"}", r->officer);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig *r = *state;
    kit_done(r->k);
    free(r);
    return 0;
}

#define ROLE ",\"role\":\"shift_leader\""

static void an_alert_is_told_at_once_to_the_role_and_says_no_secret(void **state)
{
    rig *r = *state;
    char rule[VG_ID_TEXT];
    add_rule(r, ROLE ",\"min_rank\":2", rule);
    add_alert(r, "medium");  // below the rule's rank
    add_alert(r, "high");
    kit_wait(r->k, "SELECT count(*) FROM event WHERE kind = 'notices.told'", 1);
    assert_int_equal(kit_int(r->k, "SELECT count(*) FROM outbox"), 1);
    assert_string_equal(kit_text(r->k, "SELECT recipients FROM outbox"), "truc@nhnn.invalid");
    const char *body = kit_text(r->k, "SELECT body FROM outbox");
    assert_non_null(strstr(body, "\"urgency\":2"));
    assert_null(strstr(body, r->k->fence));
    assert_int_equal(kit_int(r->k, "SELECT count(*) FROM event WHERE body LIKE '%truc@%'"), 0);
}

static void who_acknowledges_ends_the_escalation(void **state)
{
    rig *r = *state;
    char rule[VG_ID_TEXT], first[VG_ID_TEXT];
    add_rule(r, ROLE ",\"after_s\":1", rule);
    add_alert(r, "high");
    memcpy(first, r->alert, VG_ID_TEXT);
    add_alert(r, "high");
    kit_do(r->k, "alerts.acknowledge", "{\"id\":\"%s\",\"disposition\":\"real\"}", first);
    kit_wait(r->k, "SELECT count(*) FROM event WHERE kind = 'notices.told'", 1);
    kit_wait(r->k, "SELECT count(*) FROM event WHERE kind = 'notices.dropped'", 1);
    assert_int_equal(kit_int(r->k, "SELECT count(*) FROM notice_pending"), 0);
    assert_string_equal(kit_text(r->k, "SELECT subject FROM outbox"), r->alert);
}

static void it_repeats_so_often_and_no_more(void **state)
{
    rig *r = *state;
    char rule[VG_ID_TEXT];
    add_rule(r, ROLE ",\"repeat_s\":1,\"repeat_max\":2", rule);
    add_alert(r, "critical");
    kit_wait(r->k, "SELECT count(*) FROM event WHERE kind = 'notices.told'", 3);
    assert_int_equal(kit_int(r->k, "SELECT count(*) FROM notice_pending"), 0);
}

static void a_rule_that_reaches_nobody_says_so(void **state)
{
    rig *r = *state;
    char rule[VG_ID_TEXT];
    add_rule(r, ",\"role\":\"site_commander\"", rule);
    add_alert(r, "high");
    kit_wait(r->k, "SELECT count(*) FROM event WHERE kind = 'notices.nobody'", 1);
    assert_int_equal(kit_int(r->k, "SELECT count(*) FROM outbox"), 0);
}

static void a_secret_alert_goes_as_what_it_is(void **state)
{
    rig *r = *state;
    char rule[VG_ID_TEXT];
    add_rule(r, ROLE, rule);
    add_alert(r, "high");
    kit_wait(r->k, "SELECT count(*) FROM outbox", 1);
    assert_int_equal(
        kit_int(r->k, "SELECT o.label - a.label FROM outbox o JOIN alert a ON a.id = o.subject"),
        0);
}

static void a_removed_address_is_gone(void **state)
{
    rig *r = *state;
    kit_do(r->k, "notices.address_remove", "{\"id\":\"%s\"}",
           kit_text(r->k, "SELECT id FROM notice_address"));
    assert_int_equal(kit_int(r->k, "SELECT count(*) FROM notice_address"), 0);
    assert_int_equal(kit_int(r->k, "SELECT count(*) FROM notice_card"), 0);
}

static void an_address_that_hides_another_is_refused(void **state)
{
    static const char *const bad[] = {"a@b,c@d", "a@b\\r\\nBcc: c@d", "ab", "@b", "a@", "a b@c",
                                      "<a@b>"};
    rig *r = *state;
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        assert_int_equal(kit_try(r->k, NULL, "notices.address_set",
                                 "{\"user\":\"%s\",\"kind\":\"smtp\",\"value\":\"%s\"}", r->officer,
                                 bad[i]),
                         VG_EINVALID);
    }
    assert_int_equal(kit_try(r->k, NULL, "notices.address_set",
                             "{\"user\":\"%s\",\"kind\":\"sms\",\"value\":\"09x\"}", r->officer),
                     VG_EINVALID);
}

static void a_test_that_does_not_arrive_is_an_alert(void **state)
{
    rig *r = *state;
    kit *k = r->k;
    kit_do(k, "notices.test_set", "{\"id\":\"%s\",\"site\":\"%s\",\"every_s\":3600}", r->mail,
           k->site);
    kit_wait(k, "SELECT count(*) FROM event WHERE kind = 'notices.test_sent'", 1);
    const int64_t number = kit_int(k, "SELECT number FROM outbox");
    const vg_parcel_result lost = {number, "link.refused", true};
    assert_int_equal(vg_outbox_settle(k->core, &lost, 1, &k->err), VG_OK);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'line_untested' AND state = 'open'", 1);
    assert_string_equal(kit_text(k, "SELECT state FROM notice_test"), "failed");
    kit_do(k, "links.try", "{\"id\":\"%s\"}", r->mail);
    const vg_parcel_result arrived = {kit_int(k, "SELECT number FROM outbox"), NULL, false};
    assert_int_equal(vg_outbox_settle(k->core, &arrived, 1, &k->err), VG_OK);
    kit_wait(k, "SELECT count(*) FROM notice_test WHERE state = 'passed'", 1);
}

// --- quiet hours --------------------------------------------------------------------------------
static bool naive_quiet(int minute, int from, int to)
{
    for (int m = from; m != to; m = (m + 1) % 1440) {
        if (m == minute) {
            return true;
        }
    }
    return false;
}

static void quiet_hours_end_where_a_walk_over_the_minutes_ends(void **state)
{
    (void)state;
    vg_prop g = vg_prop_seed("notices.quiet");
    for (int i = 0; i < 3000; i++) {
        const int from = (int)vg_prop_below(&g, 1440), to = (int)vg_prop_below(&g, 1440);
        const int64_t minute_us = 60 * VG_SECOND_US;
        const int64_t t = (INT64_C(29000000) + (int64_t)vg_prop_below(&g, 1000000)) * minute_us +
                          (int64_t)vg_prop_below(&g, 60) * VG_SECOND_US;
        int64_t want = t;
        int minute = (int)((t / minute_us + 7 * 60) % 1440);
        while (from != to && naive_quiet(minute, from, to)) {
            want = (want / minute_us + 1) * minute_us;
            minute = (minute + 1) % 1440;
        }
        assert_int_equal(notices_after_quiet(t, from, to), want);
    }
    assert_int_equal(notices_after_quiet(12345, -1, -1), 12345);
}

#define WITH(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static int64_t open_changes(kit *k, const char *what)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM permission_change WHERE what = '%s' AND state = 'open' AND"
             " detail LIKE 'Báo %%'",
             what);
    kit_wait(k, "SELECT count(*) = 0 FROM reaction_due", 1);
    return kit_int(k, sql);
}

// Who is told of alerts is looked at by somebody else: a rule made, changed and taken away.
static void who_is_told_is_looked_at_by_another(void **state)
{
    rig *r = *state;
    kit *k = r->k;
    char id[VG_ID_TEXT], change[VG_ID_TEXT];
    vg_principal *admin = kit_user(k, "qt", k->police, "site_commander", "");
    vg_principal *auditor = kit_user(k, "tt", k->police, "auditor", "");
    kit_do(k, "accounts.note_login", "{\"user\":\"%s\",\"ok\":true}", admin->user);
    assert_int_equal(kit_try(k, admin, "notices.rule_add",
                             "{\"name\":\"Báo\",\"link\":\"%s\",\"site\":\"%s\",\"role\":"
                             "\"guard\"}",
                             r->mail, k->site),
                     VG_OK);
    kit_member(k, "id", id, sizeof id);
    assert_int_equal(open_changes(k, "notices.rule_added"), 1);
    snprintf(change, sizeof change, "%s", kit_text(k, "SELECT id FROM permission_change"));
    assert_int_equal(
        kit_try(k, admin, "notices.rule_update", "{\"id\":\"%s\",\"role\":\"agency_officer\"}", id),
        VG_OK);
    assert_int_equal(open_changes(k, "notices.rule_changed"), 1);
    assert_int_equal(kit_try(k, admin, "notices.rule_remove", "{\"id\":\"%s\"}", id), VG_OK);
    assert_int_equal(open_changes(k, "notices.rule_removed"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'accounts.change'"), 3);
    assert_int_equal(kit_try(k, admin, "accounts.change_confirm", "{\"id\":\"%s\"}", change),
                     VG_EDENIED);
    assert_int_equal(kit_try(k, auditor, "accounts.change_confirm", "{\"id\":\"%s\"}", change),
                     VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'accounts.change'"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(an_alert_is_told_at_once_to_the_role_and_says_no_secret),
        WITH(who_acknowledges_ends_the_escalation),
        WITH(it_repeats_so_often_and_no_more),
        WITH(a_rule_that_reaches_nobody_says_so),
        WITH(who_is_told_is_looked_at_by_another),
        WITH(a_secret_alert_goes_as_what_it_is),
        WITH(a_removed_address_is_gone),
        WITH(an_address_that_hides_another_is_refused),
        WITH(a_test_that_does_not_arrive_is_an_alert),
        cmocka_unit_test(quiet_hours_end_where_a_walk_over_the_minutes_ends),
    };
    return cmocka_run_group_tests_name("domain.notices", tests, NULL, NULL);
}
