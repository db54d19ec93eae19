// SPDX-License-Identifier: Apache-2.0
// A rule that people write, from draft to retired: who may, what is refused and at which line, what a back-test over
// the journal finds, what replaces what.
#include "domain/alerts/rule_docs.h"
#include "domain/test_kit.h"

#define COUNT_RULE(name, n)                                                                               \
    "name: own_badge\\ndetection: { selection: { kind: badge_denied, site: %s }, condition: "             \
    "selection }\\n---\\nname: " name "\\ntitle: Thẻ bị từ chối nhiều lần\\nlevel: medium\\n" \
    "correlation: { type: event_count, rules: [own_badge], group-by: [site, device], timespan: "          \
    "120s, condition: { gte: " n " } }\\nx-vonggac: { refire: after-window }\\n"

static const char *draft(kit *k, const vg_principal *who, const char *text, char id[VG_ID_TEXT])
{
    const vg_status st = kit_try(k, who, "alerts.rule_draft", "{\"text\":\"%s\"}", text);
    if (st != VG_OK) {
        print_error("%s: %s %s\n", k->err.key ? k->err.key : "", k->err.field, k->err.detail);
    }
    assert_int_equal(st, VG_OK);
    kit_id(k, id);
    return id;
}

static const char *at_site(const kit *k, const char *form)
{
    static char text[4096];
    const char *hole = strstr(form, "%s");
    assert_non_null(hole);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(hole - form), form, k->site, hole + 2);
    return text;
}

static const char *state_of(kit *k, const char *id)
{
    static char state[32];
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT state FROM rule_text WHERE id = '%s'", id);
    snprintf(state, sizeof state, "%s", kit_text(k, sql));
    return state;
}

static void approve_is(kit *k, const vg_principal *who, const char *id, const char *reason,
                       const char *key)
{
    const vg_status st = kit_try(k, who, "alerts.rule_approve", "{\"id\":\"%s\"%s%s%s}", id,
                                 *reason ? ",\"reason\":\"" : "", reason, *reason ? "\"" : "");
    if (*key) {
        assert_int_not_equal(st, VG_OK);
        assert_string_equal(k->err.key, key);
    } else {
        if (st != VG_OK) {
            print_error("approve: %s %s\n", k->err.key, k->err.detail);
        }
        assert_int_equal(st, VG_OK);
    }
}

static void refused(kit *k, const char *text, const char *key, const char *field,
                    const char *detail)
{
    assert_int_not_equal(kit_try(k, NULL, "alerts.rules_check", "{\"text\":\"%s\"}", text), VG_OK);
    assert_string_equal(k->err.key, key);
    assert_string_equal(k->err.field, field);
    assert_string_equal(k->err.detail, detail);
}

static void test_a_broken_text_is_refused_at_its_line(void **state)
{
    (void)state;
    kit *k = kit_world();
    refused(k, "name: a\\ndetecton: {}\\n", "yaml.unknown_key_near", "detecton",
            "detection (text:2)");
    refused(k, "name: a\\ndetection: { selection: { kind: fire }, condition: selection }\\n",
            "alerts.rule_one", "text", "text:1");
    // a kind nobody sends
    refused(
        k,
        "# x\\nname: a\\ndetection: { selection: { kind: badge_denid }, condition: selection }\\n",
        "yaml.unknown_word_near", "badge_denid", "badge_denied (text:2)");
    // together with the rules in force: an event of theirs may be cited, not given another meaning
    refused(k,
            "name: badge_denied\\ndetection: { selection: { kind: fire }, condition: selection "
            "}\\n---\\nname: r\\ntitle: x\\nlevel: low\\ncorrelation: { type: event, rules: "
            "[badge_denied], group-by: [site] }\\n",
            "alerts.event_differs", "badge_denied", "text:1");
    refused(k,
            "name: r\\ntitle: x\\nlevel: low\\ncorrelation: { type: event, rules: "
            "[no_such], group-by: [site] }\\n",
            "engine.err.no_such_event", "no_such", "text:1");
    // signals of the gate are told to fewer than the others: not in one rule, nor by what it cites
    refused(
        k,
        "name: both\\ndetection: { selection: { kind: [gate_alone, door_forced] }, condition: "
        "selection }\\n---\\nname: r\\ntitle: x\\nlevel: low\\ncorrelation: { type: event, rules: "
        "[both], group-by: [site] }\\n",
        "alerts.rule_mixes_gate", "text", "r");
    refused(k,
            "name: r\\ntitle: x\\nlevel: low\\ncorrelation: { type: event_count, rules: "
            "[left_alone, badge_denied], group-by: [site], timespan: 1h, condition: { gte: 3 } }\\n"
            "x-vonggac: { refire: after-window }\\n",
            "alerts.rule_mixes_gate", "text", "r");
    kit_do(k, "alerts.rules_check",
           "{\"text\":\"name: r\\ntitle: x\\nlevel: low\\ncorrelation: { type: event, rules: "
           "[badge_denied], group-by: [site] }\\n\"}");
    assert_non_null(strstr(k->reply, "\"sites\":[]"));
    assert_non_null(strstr(k->reply, "\"portable\":false"));
    // and nothing of it was kept
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind LIKE 'alerts.rule_dr%'"), 0);
    kit_done(k);
}

static void test_two_persons(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], wide[VG_ID_TEXT];
    vg_principal *staff = kit_user(k, "staff", k->police, "staff_officer", "");
    vg_principal *head = kit_user(k, "head", k->police, "site_commander", k->site);
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    vg_principal *other = kit_user(k, "other", k->police, "agency_officer", k->site);
    vg_principal *duty = kit_user(k, "duty", k->police, "duty_officer", "");
    vg_principal *all = kit_user(k, "all", k->police, "site_commander", "");
    const char *form = COUNT_RULE("badge_own", "5");
    assert_int_equal(kit_try(k, duty, "alerts.rule_draft", "{\"text\":\"%s\"}", at_site(k, form)),
                     VG_EDENIED);
    draft(k, head, at_site(k, form), id);
    approve_is(k, head, id, "vì", "alerts.rule_author");
    assert_int_equal(kit_try(k, staff, "alerts.rule_approve", "{\"id\":\"%s\"}", id), VG_EDENIED);
    assert_int_equal(kit_try(k, duty, "alerts.rule_approve", "{\"id\":\"%s\"}", id), VG_EDENIED);
    approve_is(k, NULL, id, "vì", "alerts.rule_person");
    approve_is(k, other, id, "vì", "alerts.rule_not_here");  // not its agency's site
    approve_is(k, bank, id, "", "alerts.rule_untried");
    approve_is(k, bank, id, "Đã thử trên giấy", "");
    assert_string_equal(state_of(k, id), "active");
    approve_is(k, all, id, "vì", "alerts.rule_state");
    // one who saved it once stays one of its writers
    draft(k, all,
          "name: wide\\ntitle: x\\nlevel: low\\ncorrelation: { type: event, rules: "
          "[badge_denied], group-by: [site] }\\n",
          wide);
    assert_int_equal(kit_try(k, staff, "alerts.rule_draft",
                             "{\"id\":\"%s\",\"text\":\"name: wide\\ntitle: x\\nlevel: high\\n"
                             "correlation: { type: event, rules: [badge_denied], group-by: "
                             "[site] }\\n\"}",
                             wide),
                     VG_OK);
    approve_is(k, all, wide, "vì", "alerts.rule_author");
    approve_is(k, head, wide, "vì", "alerts.rule_not_everywhere");
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_a_shipped_rule_is_replaced_and_comes_back(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], next[VG_ID_TEXT];
    vg_principal *all = kit_user(k, "all", k->police, "site_commander", "");
    vg_principal *staff = kit_user(k, "staff", k->police, "staff_officer", "");
    // begun from the shipped text, with the events it needs; that its events stand twice is no fault
    assert_int_equal(kit_try(k, staff, "alerts.rule_draft", "{\"from\":\"badge_denied_5\"}"),
                     VG_OK);
    kit_id(k, id);
    assert_non_null(strstr(kit_list(k, NULL, "rule-texts"), "name: badge_denied\\ndetection"));
    kit_do(k, "alerts.rule_draft",
           "{\"id\":\"%s\",\"text\":\"name: badge_denied\\ndetection: { selection: { kind: "
           "badge_denied }, condition: selection }\\n---\\nname: badge_denied_5\\ntitle: x\\n"
           "level: high\\ncorrelation: { type: event_count, rules: [badge_denied], group-by: "
           "[site], timespan: 60s, condition: { gte: 3 } }\\nx-vonggac: { refire: reset }\\n\"}",
           id);
    assert_int_equal(kit_try(k, staff, "alerts.rule_shadow", "{\"id\":\"%s\"}", id), VG_OK);
    assert_string_equal(state_of(k, id), "shadow");
    approve_is(k, all, id, "thử", "");
    // a second one takes its place
    draft(k, staff,
          "name: badge_denied_5\\ntitle: y\\nlevel: low\\ncorrelation: { type: event_count, "
          "rules: [badge_denied], group-by: [site], timespan: 60s, condition: { gte: 2 } }\\n"
          "x-vonggac: { refire: reset }\\n",
          next);
    approve_is(k, all, next, "thử", "");
    assert_string_equal(state_of(k, id), "superseded");
    assert_int_equal(kit_int(k, "SELECT count(*) FROM rule_text WHERE state = 'active'"), 1);
    kit_do(k, "alerts.rule_retire_own", "{\"id\":\"%s\",\"reason\":\"sai\"}", next);
    assert_string_equal(state_of(k, next), "retired");
    const char *last = kit_text(k, "SELECT CAST(body AS TEXT) FROM event WHERE kind ="
                                   " 'alerts.rule_in_force' ORDER BY id DESC LIMIT 1");
    assert_non_null(strstr(last, "\"state\":\"retired\""));
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'alerts.rule_in_force'"),
                     4);
    // what is retired is again what was shipped
    assert_int_equal(kit_try(k, staff, "alerts.rule_draft", "{\"from\":\"badge_denied_5\"}"),
                     VG_OK);
    assert_non_null(strstr(kit_list(k, NULL, "rule-texts"), "badge_denied_5\\ntitle: Thẻ"));
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_a_rule_that_others_stand_on_stays(void **state)
{
    (void)state;
    kit *k = kit_world();
    char low[VG_ID_TEXT], high[VG_ID_TEXT];
    vg_principal *all = kit_user(k, "all", k->police, "site_commander", "");
    draft(k, NULL,
          "name: low\\ntitle: x\\nlevel: low\\ncorrelation: { type: event, rules: "
          "[badge_denied], group-by: [site] }\\n",
          low);
    approve_is(k, all, low, "vì", "");
    draft(k, NULL,
          "name: high\\ntitle: x\\nlevel: low\\ncorrelation: { type: event, rules: "
          "[low], group-by: [site] }\\n",
          high);
    approve_is(k, all, high, "vì", "");
    assert_int_not_equal(
        kit_try(k, all, "alerts.rule_retire_own", "{\"id\":\"%s\",\"reason\":\"x\"}", low), VG_OK);
    assert_string_equal(k->err.key, "engine.err.no_such_event");
    kit_do(k, "alerts.rule_retire_own", "{\"id\":\"%s\",\"reason\":\"x\"}", high);
    kit_do(k, "alerts.rule_retire_own", "{\"id\":\"%s\",\"reason\":\"x\"}", low);
    kit_done(k);
}

static void test_a_back_test_counts_and_shows(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT], id[VG_ID_TEXT];
    vg_principal *all = kit_user(k, "all", k->police, "site_commander", "");
    char far[VG_ID_TEXT];
    kit_do(k, "sites.site_add",
           "{\"code\":\"KB\",\"name\":\"Kho\",\"kind\":\"treasury\",\"agency\":\"%s\"}", k->police);
    kit_id(k, far);
    vg_principal *stranger = kit_user(k, "stranger", k->police, "site_commander", far);
    kit_source(k, "1001", k->vault, true, source);
    for (int i = 0; i < 7; i++) {
        kit_signal(k, "1001", "badge_denied", VG_SIG_RAISE, true);
    }
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'badge_denied_5'", 1);
    // three in place of five, counting anew each time: two findings, one of them near the one in force
    draft(k, NULL,
          "name: badge_denied_5\\ntitle: x\\nlevel: low\\ncorrelation: { type: event_count, rules: "
          "[badge_denied], group-by: [site, device], timespan: 120s, condition: { gte: 3 } }\\n"
          "x-vonggac: { refire: reset }\\n",
          id);
    assert_int_equal(kit_try(k, NULL, "alerts.rule_try",
                             "{\"id\":\"%s\",\"from\":\"2020-01-01T00:00:00Z\"}", id),
                     VG_EINVALID);
    kit_do(k, "alerts.rule_try", "{\"id\":\"%s\"}", id);
    kit_wait(k, "SELECT count(*) FROM rule_text WHERE trial_state = 'done'", 1);
    assert_int_equal(kit_int(k, "SELECT both FROM rule_trial_site"), 1);
    assert_int_equal(kit_int(k, "SELECT only_draft FROM rule_trial_site"), 1);
    assert_int_equal(kit_int(k, "SELECT only_active FROM rule_trial_site"), 0);
    assert_int_equal(kit_int(k, "SELECT json_array_length(weeks) FROM rule_trial_site"), 4);
    assert_int_equal(kit_int(k, "SELECT json_array_length(examples, '$[0].evidence') FROM"
                                " rule_trial_site"),
                     3);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM rule_progress"), 0);
    // who does not know the site does not hear of it
    assert_non_null(strstr(kit_list(k, all, "rule-trial-sites"), "\"only_draft\":1"));
    assert_non_null(strstr(kit_list(k, stranger, "rule-trial-sites"), "\"items\":[]"));
    approve_is(k, all, id, "", "");  // within its budget: no reason asked
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_over_budget_needs_a_reason(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT], id[VG_ID_TEXT];
    vg_principal *all = kit_user(k, "all", k->police, "site_commander", "");
    kit_source(k, "1001", k->vault, true, source);
    for (int i = 0; i < 5; i++) {
        kit_signal(k, "1001", "badge_denied", VG_SIG_RAISE, true);
    }
    assert_int_equal(kit_try(k, NULL, "alerts.rule_draft",
                             "{\"budget\":4,\"text\":\"name: loud\\ntitle: x\\nlevel: low\\n"
                             "correlation: { type: event, rules: [badge_denied], group-by: "
                             "[site] }\\n\"}"),
                     VG_OK);
    kit_id(k, id);
    kit_do(k, "alerts.rule_try", "{\"id\":\"%s\"}", id);
    kit_wait(k, "SELECT count(*) FROM rule_text WHERE trial_state = 'done'", 1);
    assert_int_equal(kit_int(k, "SELECT trial_over FROM rule_text"), 1);
    approve_is(k, all, id, "", "alerts.rule_over_budget");
    approve_is(k, all, id, "   ", "alerts.rule_over_budget");
    // a changed text has not been tried
    kit_do(k, "alerts.rule_draft",
           "{\"id\":\"%s\",\"text\":\"name: loud\\ntitle: x\\nlevel: high\\ncorrelation: { type: "
           "event, rules: [badge_denied], group-by: [site] }\\n\"}",
           id);
    approve_is(k, all, id, "", "alerts.rule_untried");
    approve_is(k, all, id, "Tuần lễ cao điểm", "");
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_a_shadow_counts_by_day(void **state)
{
    (void)state;
    kit *k = kit_world();
    for (int n = 3; n < 6; n += 2) {
        kit_do(k, "alerts.rule_shadow_seen",
               "{\"name\":\"r\",\"version\":\"v\",\"site\":\"%s\",\"day\":\"2026-11-29\","
               "\"n\":%d,\"examples\":[{\"at\":1,\"key\":\"k\",\"evidence\":[\"2-1\"]}]}",
               k->site, n);
    }
    assert_int_equal(kit_int(k, "SELECT count(*) FROM rule_shadow"), 1);
    assert_int_equal(kit_int(k, "SELECT n FROM rule_shadow"), 8);
    assert_non_null(strstr(kit_list(k, NULL, "rule-shadow"), "\"evidence\":[\"2-1\"]"));
    kit_same_after_rebuild(k);
    kit_done(k);
}

// The engine's thread follows the journal: what is on trial is counted and alerts nobody, what is approved alerts,
// what is retired gives way to what was shipped, and a restart changes none of it.
static void test_the_engine_follows(void **state)
{
    (void)state;
    static const char sql[] = "SELECT count(*) FROM alert WHERE rule = 'badge_now'";
    kit *k = kit_world();
    char id[VG_ID_TEXT], source[VG_ID_TEXT];
    vg_principal *all = kit_user(k, "all", k->police, "site_commander", "");
    vg_principal *staff = kit_user(k, "staff", k->police, "staff_officer", "");
    kit_source(k, "1001", k->vault, true, source);
    draft(k, staff,
          "name: own_badge\\ndetection: { selection: { kind: badge_denied }, condition: selection }"
          "\\n---\\nname: badge_now\\ntitle: x\\nlevel: low\\ncorrelation: { type: event, rules: "
          "[own_badge], group-by: [site] }\\n",
          id);
    assert_int_equal(kit_try(k, staff, "alerts.rule_shadow", "{\"id\":\"%s\"}", id), VG_OK);
    kit_signal(k, "1001", "badge_denied", VG_SIG_RAISE, true);
    kit_signal(k, "1001", "badge_denied", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT COALESCE(sum(n), 0) FROM rule_shadow WHERE rule = 'badge_now'", 2);
    assert_int_equal(kit_int(k, sql), 0);
    approve_is(k, all, id, "thử", "");
    kit_wait(k, "SELECT count(*) FROM rule WHERE name = 'badge_now' AND state = 'active'", 1);
    kit_signal(k, "1001", "badge_denied", VG_SIG_RAISE, true);
    kit_wait(k, sql, 1);
    kit_close(k);
    kit_reopen(k);
    kit_signal(k, "1001", "badge_denied", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count FROM alert WHERE rule = 'badge_now'", 2);
    kit_do(k, "alerts.rule_retire_own", "{\"id\":\"%s\",\"reason\":\"sai\"}", id);
    kit_wait(k, "SELECT count(*) FROM rule WHERE name = 'badge_now' AND state = 'retired'", 1);
    kit_signal(k, "1001", "badge_denied", VG_SIG_RAISE, true);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'vault_attack'", 1);
    assert_int_equal(kit_int(k, "SELECT count FROM alert WHERE rule = 'badge_now'"), 2);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_documents(void **state)
{
    (void)state;
    static const char text[] = "# note\nname: 'a'  # why\nx: 1\n--- \nname: b\n---\n\nname: c";
    char copy[sizeof text];
    vg_str doc, name;
    size_t at = 0, n = 0;
    while (alerts_doc_next(vg_str_c(text), &at, &doc, &name)) {
        n++;
    }
    assert_int_equal(n, 3);
    assert_true(alerts_doc_find(vg_str_c(text), VG_S("a"), &doc));
    assert_true(vg_str_starts(alerts_doc_trim(doc), "name: 'a'"));
    memcpy(copy, text, sizeof text);
    assert_true(alerts_doc_find((vg_str){copy, sizeof text - 1}, VG_S("b"), &doc));
    alerts_doc_blank(copy, doc);
    assert_false(alerts_doc_find((vg_str){copy, sizeof text - 1}, VG_S("b"), &doc));
    assert_true(alerts_doc_find((vg_str){copy, sizeof text - 1}, VG_S("c"), &doc));
    assert_string_equal(doc.p, "\nname: c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_engine_follows),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_a_broken_text_is_refused_at_its_line),
        cmocka_unit_test(test_two_persons),
        cmocka_unit_test(test_a_shipped_rule_is_replaced_and_comes_back),
        cmocka_unit_test(test_a_rule_that_others_stand_on_stays),
        cmocka_unit_test(test_a_back_test_counts_and_shows),
        cmocka_unit_test(test_over_budget_needs_a_reason),
        cmocka_unit_test(test_a_shadow_counts_by_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
