// SPDX-License-Identifier: Apache-2.0
// Figures of alarms: whatever happens to alerts, the folded counts are those that counting the alerts gives; what a
// flood, a chattering and a fleeting alarm is; records by disposition; the budget and who may set it; what is usual.
#include "domain/test_kit.h"

#include "base/prop_test.h"
#include "domain/day.h"

extern const vg_module vg_module_alerts;

#define MINUTE (60 * VG_SECOND_US)

static const char *ask(kit *k, vg_principal *who, const char *name, const char *params)
{
    vg_principal local = {.kind = VG_P_LOCAL};
    vg_principal *p = who ? who : &local;
    vg_read rd = {.core = k->core, .arena = vg_arena_create(4 << 20), .who = p};
    vg_err err = {0};
    vg_buf b;
    vg_args args;
    const vg_query *q = vg_module_alerts.queries;
    while (strcmp(q->name, name) != 0) {
        q++;
    }
    json_t *object = json_loads(params, 0, NULL);
    assert_int_equal(vg_args_parse(rd.arena, q->fields, object, &args, &err), VG_OK);
    json_decref(object);
    vg_buf_init(&b, sizeof k->text - 1);
    rd.out = vg_jw_on(&b);
    assert_int_equal(vg_reader_take(k->core, p, &rd.db, &err), VG_OK);
    if (q->run(&rd, &args, &err) != VG_OK) {
        fail_msg("%s: %s %s", name, err.key ? err.key : "", err.detail);
    }
    vg_reader_give(k->core, rd.db);
    snprintf(k->text, sizeof k->text, "%.*s", VG_FMT(vg_buf_str(&b)));
    vg_buf_done(&b);
    vg_arena_destroy(rd.arena);
    vg_principal_done(&local);
    return k->text;
}

static void has(kit *k, const char *part)
{
    if (!strstr(k->text, part)) {
        fail_msg("no %s in %s", part, k->text);
    }
}

// One finding of a rule, as the engine submits it.
typedef struct finding {
    const char *rule, *key, *level;
    int64_t at, seq;
    bool test;
} finding;

static void raise_at(kit *k, const finding *f)
{
    kit_do(k, "alerts.raise",
           "{\"rule\":\"%s\",\"version\":\"v1\",\"key\":\"%s\",\"site\":\"%s\",\"level\":\"%s\","
           "\"title_vi\":\"Báo động\",\"at\":%lld,\"seqs\":[%lld],\"evidence\":[{\"seq\":%lld,"
           "\"kind\":\"x\"}],\"test\":%s}",
           f->rule, f->key, k->site, f->level ? f->level : "high", (long long)f->at,
           (long long)f->seq, (long long)f->seq, f->test ? "true" : "false");
}

// The same figures, counted from the alerts themselves.
static void counts_agree(kit *k)
{
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM (SELECT day, site, rule, rule_version, source, rank,"
                   " disposition, n, chattering, fleeting FROM alert_day WHERE n <> 0 OR"
                   " chattering <> 0 OR fleeting <> 0 EXCEPT SELECT (raised_at + 25200000000) /"
                   " 86400000000, site, rule, rule_version, COALESCE(source, ''), rank,"
                   " COALESCE(disposition, CASE WHEN absorbed_into IS NULL THEN '' ELSE 'absorbed'"
                   " END) AS said, count(*), sum(chattering), sum(fleeting) FROM alert WHERE test"
                   " = 0 GROUP BY 1, 2, 3, 4, 5, 6, 7)"),
        0);
    assert_int_equal(kit_int(k, "SELECT COALESCE(sum(n), 0) FROM alert_day"),
                     kit_int(k, "SELECT count(*) FROM alert WHERE test = 0"));
    assert_int_equal(kit_int(k, "SELECT COALESCE(sum(n), 0) FROM alert_slot"),
                     kit_int(k, "SELECT count(*) FROM alert WHERE test = 0"));
}

static void one_act(kit *k, vg_prop *p, int64_t seq)
{
    static const char *const rules[] = {"a", "b", "c"};
    static const char *const keys[] = {"x", "y"};
    static const char *const said[] = {"real",         "test",      "false_device",
                                       "false_person", "duplicate", "unknown"};
    static const char *const levels[] = {"low", "medium", "high", "critical"};
    char id[VG_ID_TEXT];
    const int64_t at = vg_now_us() - (int64_t)vg_prop_below(p, 3 * 86400) * VG_SECOND_US;
    snprintf(id, sizeof id, "%s",
             kit_text(k, "SELECT id FROM alert WHERE state <> 'closed' ORDER BY id LIMIT 1"));
    switch (vg_prop_below(p, 5)) {
    case 0:
        if (*id) {
            kit_do(k, "alerts.close", "{\"id\":\"%s\",\"disposition\":\"%s\"}", id,
                   said[vg_prop_below(p, 6)]);
        }
        break;
    case 1:
        if (*id) {
            (void)kit_try(k, NULL, "alerts.acknowledge", "{\"id\":\"%s\",\"disposition\":\"%s\"}",
                          id, said[vg_prop_below(p, 6)]);
        }
        break;
    default:
        raise_at(k, &(finding){.rule = rules[vg_prop_below(p, 3)],
                               .key = keys[vg_prop_below(p, 2)],
                               .level = levels[vg_prop_below(p, 4)],
                               .at = at,
                               .seq = seq,
                               .test = vg_prop_below(p, 8) == 0});
    }
}

static void counts_are_what_counting_gives(void **state)
{
    (void)state;
    kit *k = kit_world();
    vg_prop p = vg_prop_seed("counts_are_what_counting_gives");
    for (int64_t i = 0; i < 150; i++) {
        one_act(k, &p, 100000 + i);
        if (i % 10 == 0) {
            counts_agree(k);
        }
    }
    counts_agree(k);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void a_flood_is_more_than_ten_in_ten_minutes(void **state)
{
    (void)state;
    kit *k = kit_world();
    const int64_t slot = 10 * MINUTE, start = vg_now_us() / slot * slot - 30 * slot;
    char key[16];
    for (int i = 0; i < 12; i++) {
        snprintf(key, sizeof key, "k%d", i);
        raise_at(k, &(finding){"a", key, "high", start + i * MINUTE / 2, 1000 + i, false});
    }
    for (int i = 0; i < 10; i++) {
        snprintf(key, sizeof key, "q%d", i);
        raise_at(k,
                 &(finding){"b", key, "low", start + 3 * slot + i * MINUTE / 2, 2000 + i, false});
    }
    ask(k, NULL, "alerts.performance", "{\"days\":2}");
    has(k, "\"flood_slots\":1,");
    has(k, "\"max\":12,");
    has(k, "\"alarms\":22,");
    has(k, "\"floods\":1,\"last_floods\":[{\"from\":");
    has(k, "\"alarms\":12,\"peak\":12}");
    has(k, "\"median\":0,");
    has(k, "\"standing\":22,\"stale\":0}");
    has(k, "{\"level\":\"low\",\"n\":10,");
    has(k, "{\"code\":\"alarm.flood\",\"value\":10,\"unit\":\"alarm\",\"ref\":\"isa-18-2\"");
    has(k, "\"rules\":[{\"id\":\"a\",\"title\":null");
    has(k, "\"flood\":false");
    for (int i = 0; i < 11; i++) {
        snprintf(key, sizeof key, "z%d", i);
        raise_at(k, &(finding){"c", key, "high", vg_now_us() - MINUTE, 3000 + i, false});
    }
    ask(k, NULL, "alerts.performance", "{}");
    has(k, "\"last_10_min\":11,\"flood\":true");
    raise_at(k, &(finding){"d", "old", "high", vg_now_us() - 25 * 60 * MINUTE, 4000, false});
    ask(k, NULL, "alerts.performance", "{}");
    has(k, "\"standing\":34,\"stale\":1}");
    kit_done(k);
}

// So many new alerts, an even time apart, the last one `ago` before now.
static void burst(kit *k, const char *rule, int n, int64_t ago, int64_t apart)
{
    static int64_t seq = 50000;
    char key[16];
    for (int i = n - 1; i >= 0; i--) {
        snprintf(key, sizeof key, "k%lld", (long long)seq);
        raise_at(k, &(finding){rule, key, "low", vg_now_us() - ago - i * apart, seq++, false});
    }
}

static int64_t events(kit *k, const char *kind)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM event WHERE kind = 'alerts.storm_%s'", kind);
    return kit_int(k, sql);
}

static void more_than_a_flood_is_a_storm_until_few_are_left(void **state)
{
    (void)state;
    char params[64];
    kit *k = kit_world();
    snprintf(params, sizeof params, "{\"site\":\"%s\"}", k->site);
    burst(k, "old", 12, 10 * MINUTE, MINUTE);
    raise_at(k, &(finding){"test", "x", "low", vg_now_us(), 1, true});
    // ten are no flood; the eleventh begins a storm; six of them are about to be ten minutes old
    burst(k, "a", 6, 10 * MINUTE - 4 * VG_SECOND_US, VG_SECOND_US / 10);
    burst(k, "b", 4, MINUTE, VG_SECOND_US);
    assert_int_equal(events(k, "began"), 0);
    burst(k, "c", 1, 0, 0);
    assert_int_equal(events(k, "began"), 1);
    assert_int_equal(kit_int(k, "SELECT n FROM alert_storm WHERE state = 'on'"), 11);
    burst(k, "d", 2, 0, VG_SECOND_US / 10);
    assert_int_equal(events(k, "began"), 1);
    assert_int_equal(kit_int(k, "SELECT n FROM alert_storm"), 13);
    assert_int_equal(kit_int(k, "SELECT peak FROM alert_storm"), 13);
    assert_int_equal(kit_int(k, "SELECT total FROM alert_storm"), 13);
    ask(k, NULL, "alerts.performance", params);
    has(k, "\"last_10_min\":13,\"flood\":true");
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void a_storm_ends_by_itself(void **state)
{
    (void)state;
    kit *k = kit_world();
    burst(k, "a", 8, 10 * MINUTE - 2 * VG_SECOND_US, VG_SECOND_US / 100);
    burst(k, "b", 3, MINUTE, VG_SECOND_US);
    assert_int_equal(events(k, "began"), 1);
    // one more meanwhile: when it is looked at, fewer than five are left all the same
    burst(k, "c", 1, 0, 0);
    kit_wait(k, "SELECT count(*) FROM alert_storm WHERE state = 'over' AND n = 4", 1);
    assert_int_equal(kit_int(k, "SELECT peak FROM alert_storm"), 12);
    assert_int_equal(events(k, "ended"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline"), 0);
    // closed and reopened, the next flood is another storm; with five more while it waits it lasts
    burst(k, "d", 8, 10 * MINUTE - 2 * VG_SECOND_US, VG_SECOND_US / 100);
    assert_int_equal(events(k, "began"), 2);
    burst(k, "e", 5, 0, VG_SECOND_US / 100);
    kit_close(k);
    kit_reopen(k);
    kit_wait(k, "SELECT count(*) FROM event WHERE kind = 'alerts.storm_lasts'", 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert_storm WHERE state = 'on'"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void danger_to_life_is_marked(void **state)
{
    (void)state;
    kit *k = kit_world();
    const char *const cited[] = {"motion", "fire"};
    for (int i = 0; i < 2; i++) {
        kit_do(
            k, "alerts.raise",
            "{\"rule\":\"l%d\",\"version\":\"v1\",\"site\":\"%s\",\"level\":\"low\",\"kind\":"
            "\"motion\",\"title_vi\":\"Báo động\",\"at\":%lld,\"seqs\":[%d],\"evidence\":[{\"seq\":"
            "%d,\"kind\":\"%s\"}]}",
            i, k->site, (long long)vg_now_us(), i + 1, i + 1, cited[i]);
    }
    assert_int_equal(kit_int(k, "SELECT sum(life) FROM alert"), 1);
    assert_int_equal(kit_int(k, "SELECT life FROM alert WHERE rule = 'l1'"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void chattering_is_three_in_a_minute(void **state)
{
    (void)state;
    kit *k = kit_world();
    const int64_t t = vg_now_us() - 60 * MINUTE;
    raise_at(k, &(finding){"a", "x", "high", t, 1, false});
    raise_at(k, &(finding){"a", "x", "high", t + MINUTE / 2, 2, false});
    assert_int_equal(kit_int(k, "SELECT sum(chattering) FROM alert"), 0);
    raise_at(k, &(finding){"a", "x", "high", t + MINUTE + MINUTE * 5 / 12, 3, false});
    assert_int_equal(kit_int(k, "SELECT sum(chattering) FROM alert"), 0);
    raise_at(k, &(finding){"a", "x", "high", t + MINUTE / 2 + MINUTE, 4, false});
    assert_int_equal(kit_int(k, "SELECT sum(chattering) FROM alert"), 1);
    // closing and coming back is chattering all the same; another key is another alarm
    char id[VG_ID_TEXT];
    raise_at(k, &(finding){"b", "x", "high", t, 11, false});
    for (int i = 1; i < 3; i++) {
        snprintf(id, sizeof id, "%s",
                 kit_text(k, "SELECT id FROM alert WHERE rule = 'b' AND state = 'open'"));
        kit_do(k, "alerts.close", "{\"id\":\"%s\",\"disposition\":\"false_device\"}", id);
        raise_at(k, &(finding){"b", "y", "high", t + i, 20 + i, false});
        raise_at(k, &(finding){"b", "x", "high", t + i, 11 + i, false});
    }
    assert_int_equal(
        kit_int(k, "SELECT sum(chattering) FROM alert WHERE rule = 'b' AND grouped = 'x'"), 1);
    assert_int_equal(
        kit_int(k, "SELECT sum(chattering) FROM alert WHERE rule = 'b' AND grouped = 'y'"), 0);
    counts_agree(k);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void gone_before_anybody_could_act_is_fleeting(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT];
    kit_source(k, "1001", k->vault, true, source);
    kit_signal(k, "1001", "poll", VG_SIG_POLL, true);
    kit_do(k, "sites.source_silent", "{\"id\":\"%s\"}", source);
    kit_wait(k, "SELECT count(*) FROM alert WHERE cause = 'source_silent'", 1);
    kit_do(k, "sites.source_returned", "{\"id\":\"%s\"}", source);
    kit_wait(k, "SELECT count(*) FROM alert WHERE cleared_at IS NOT NULL", 1);
    assert_int_equal(kit_int(k, "SELECT sum(fleeting) FROM alert_day"), 1);
    // a device's own sign that ends within the minute, proven by its key
    kit_signal(k, "1001", "door_forced", VG_SIG_RAISE, true);
    kit_signal(k, "1001", "door_forced", VG_SIG_RESTORE, true);
    assert_int_equal(kit_int(k, "SELECT sum(fleeting) FROM zone_hour"), 1);
    assert_int_equal(kit_int(k, "SELECT sum(n) FROM zone_hour WHERE kind = 'door_forced'"), 1);
    ask(k, NULL, "alerts.performance", "{}");
    has(k, "\"fleeting_signs\":1");
    // what hours.c takes for a minute is the standard's minute
    assert_int_equal(kit_int(k, "SELECT value FROM law_term WHERE code = 'alarm.fleeting'"), 60);
    kit_wait(k, "SELECT count(*) FROM alert WHERE cause = 'door_forced'", 1);
    counts_agree(k);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void a_rules_record_is_by_version_and_disposition(void **state)
{
    (void)state;
    static const char *const said[] = {"real",         "false_device", "false_device",
                                       "false_person", "test",         "unknown"};
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    for (int i = 0; i < 7; i++) {
        raise_at(k, &(finding){"a", "x", "high", vg_now_us() - (20 - i) * MINUTE, 10 + i, false});
        snprintf(id, sizeof id, "%s", kit_text(k, "SELECT id FROM alert WHERE state = 'open'"));
        if (i < 6) {
            kit_do(k, "alerts.close", "{\"id\":\"%s\",\"disposition\":\"%s\"}", id, said[i]);
        }
    }
    ask(k, NULL, "alerts.records", "{\"rule\":\"a\"}");
    has(k, "\"days\":90,");
    has(k, "\"n\":7,\"real\":1,\"false_device\":2,\"false_person\":1,\"test\":1,\"duplicate\":0,"
           "\"unknown\":1,\"unsaid\":1,\"false\":3,\"judged\":4,\"share_false\":0.75,");
    has(k, "\"low\":0.300642,\"high\":0.954413");  // Wilson, 3 of 4
    ask(k, NULL, "alerts.records", "{\"rule\":\"none\"}");
    has(k, "\"items\":[]");
    // acknowledged with a word counts as well, and closing with another takes its place
    kit_do(k, "alerts.acknowledge", "{\"id\":\"%s\",\"disposition\":\"unknown\"}", id);
    ask(k, NULL, "alerts.records", "{\"rule\":\"a\"}");
    has(k, "\"unknown\":2,\"unsaid\":0");
    kit_do(k, "alerts.close", "{\"id\":\"%s\",\"disposition\":\"real\"}", id);
    ask(k, NULL, "alerts.records", "{\"rule\":\"a\"}");
    has(k, "\"real\":2,");
    has(k, "\"unknown\":1,\"unsaid\":0");
    kit_done(k);
}

static void a_budget_is_set_by_who_may_and_measured(void **state)
{
    (void)state;
    kit *k = kit_world();
    vg_principal *duty = kit_user(k, "duty", k->police, "duty_officer", "");
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    vg_principal *guest = kit_user(k, "guest", k->police, "agency_officer", k->site);
    vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    assert_int_equal(
        kit_try(k, guard, "alerts.budget_set", "{\"site\":\"%s\",\"accepted\":2}", k->site),
        VG_EDENIED);
    assert_int_not_equal(
        kit_try(k, guest, "alerts.budget_set", "{\"site\":\"%s\",\"accepted\":2}", k->site), VG_OK);
    assert_int_not_equal(kit_try(k, bank, "alerts.budget_set", "{\"accepted\":3}"), VG_OK);
    assert_int_equal(
        kit_try(k, bank, "alerts.budget_set", "{\"site\":\"%s\",\"accepted\":2}", k->site), VG_OK);
    assert_int_equal(kit_try(k, duty, "alerts.budget_set", "{\"accepted\":30}"), VG_OK);
    ask(k, duty, "alerts.budget", "{}");
    has(k, "\"site\":\"\",\"accepted\":30,");
    has(k, "\"verdict\":\"unknown\"");
    has(k, "\"site_name\":\"Chi nhánh\",\"accepted\":2,");
    char id[VG_ID_TEXT];
    for (int i = 0; i < 4; i++) {
        // seconds ago, so that they are of today also just after midnight
        raise_at(k,
                 &(finding){"a", "x", "high", vg_now_us() - (4 - i) * VG_SECOND_US, 10 + i, false});
        snprintf(id, sizeof id, "%s", kit_text(k, "SELECT id FROM alert WHERE state = 'open'"));
        kit_do(k, "alerts.close", "{\"id\":\"%s\",\"disposition\":\"false_device\"}", id);
    }
    // two a month are a fifteenth of one a day: four on the first day are no chance; thirty a month are one
    char params[64];
    snprintf(params, sizeof params, "{\"site\":\"%s\"}", k->site);
    ask(k, bank, "alerts.budget", params);
    has(k, "\"measured\":4,\"days\":1,\"zones\":2,");
    has(k, "\"verdict\":\"over\",\"arl0_hours\":720,");
    assert_int_equal(
        kit_try(k, bank, "alerts.budget_set", "{\"site\":\"%s\",\"accepted\":120}", k->site),
        VG_OK);
    ask(k, bank, "alerts.budget", params);
    has(k, "\"verdict\":\"within\"");
    assert_int_equal(kit_try(k, bank, "alerts.budget_set", "{\"site\":\"%s\"}", k->site), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alarm_budget"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// Badges refused at the vault: weeks of a quiet trickle, then an hour of them.
static void badges(kit *k, int weeks, int64_t now)
{
    enum { MOST = 2048 };
    vg_signal *v = vg_alloc(MOST * sizeof *v);
    size_t n = 0;
    for (int h = weeks * 168; h > 0; h--) {
        const int many = h == 2 ? 9 : h % 5 == 0;
        for (int i = 0; i < many && n < MOST; i++) {
            v[n] = kit_make(
                k, &(kit_sig){"1001", "badge_denied", "", VG_SIG_RAISE, VG_SIG_AUTHENTICATED});
            v[n++].received_us = now - (int64_t)h * 60 * MINUTE;
        }
    }
    for (size_t at = 0; at < n; at += 200) {
        kit_signals(k, v + at, n - at < 200 ? n - at : 200);
    }
    free(v);
}

static void what_is_usual_needs_four_weeks(void **state)
{
    (void)state;
    char source[VG_ID_TEXT], params[64];
    for (int weeks = 3; weeks <= 6; weeks += 3) {
        kit *k = kit_world();
        kit_source(k, "1001", k->vault, true, source);
        kit_do(k, "alerts.budget_set", "{\"site\":\"%s\",\"accepted\":1}", k->site);
        badges(k, weeks, vg_now_us());
        snprintf(params, sizeof params, "{\"site\":\"%s\"}", k->site);
        ask(k, NULL, "alerts.usual", params);
        has(k, "\"zone_name\":\"Kho tiền\"");
        has(k, "\"kind\":\"badge_denied\"");
        if (weeks == 3) {
            has(k, "\"silent\":true}");
            assert_null(strstr(k->text, "threshold\":"));
        } else {
            has(k, "\"silent\":false,\"an_hour\":0.2");
            has(k, "\"threshold\":3,");  // 720 h x P(X >= 3 | 0.2) = 0.83; of 2: 12.6
            has(k, "\"peak\":{\"from\":");
            has(k, "\"n\":9,\"usual\":0.2");
        }
        kit_same_after_rebuild(k);
        kit_done(k);
    }
}

// Who sees one site counts one site's alarms.
static void everybody_counts_what_he_may_see(void **state)
{
    (void)state;
    kit *k = kit_world();
    char other[VG_ID_TEXT];
    kit_do(k, "sites.site_add",
           "{\"code\":\"CA1\",\"name\":\"Trụ sở\",\"kind\":\"other\",\"agency\":\"%s\"}",
           k->police);
    kit_id(k, other);
    vg_principal *duty = kit_user(k, "duty", k->police, "duty_officer", "");
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    vg_principal *there = kit_user(k, "there", k->police, "duty_officer", other);
    raise_at(k, &(finding){"a", "x", "high", vg_now_us() - MINUTE, 1, false});
    raise_at(k, &(finding){"a", "y", "high", vg_now_us() - MINUTE, 2, false});
    const struct {
        vg_principal *who;
        const char *total;
    } table[] = {{duty, "\"total\":{\"n\":2,"},
                 {bank, "\"total\":{\"n\":2,"},
                 {there, "\"total\":{\"n\":0,"}};
    for (size_t i = 0; i < VG_LEN(table); i++) {
        ask(k, table[i].who, "alerts.performance", "{}");
        has(k, table[i].total);
        ask(k, table[i].who, "alerts.records", "{}");
        assert_int_equal(strstr(k->text, "\"items\":[]") != NULL, i == 2);
    }
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_what_counting_gives),
        cmocka_unit_test(a_flood_is_more_than_ten_in_ten_minutes),
        cmocka_unit_test(more_than_a_flood_is_a_storm_until_few_are_left),
        cmocka_unit_test(a_storm_ends_by_itself),
        cmocka_unit_test(danger_to_life_is_marked),
        cmocka_unit_test(chattering_is_three_in_a_minute),
        cmocka_unit_test(gone_before_anybody_could_act_is_fleeting),
        cmocka_unit_test(a_rules_record_is_by_version_and_disposition),
        cmocka_unit_test(a_budget_is_set_by_who_may_and_measured),
        cmocka_unit_test(what_is_usual_needs_four_weeks),
        cmocka_unit_test(everybody_counts_what_he_may_see),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
