// SPDX-License-Identifier: Apache-2.0
// From a signal to an alert through the real engine: merging, numbers, what restarting does, what closing
// means, who may.
#include "domain/test_kit.h"

#include <sys/stat.h>

#define OPEN_ALERTS "SELECT count(*) FROM alert WHERE state = 'open'"

// As feeds show it.
static const char *weight_of_latest(kit *k, const char *kind)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT CAST(body AS TEXT) FROM event WHERE kind = '%s' ORDER BY id DESC LIMIT 1",
             kind);
    return vg_event_urgency(vg_str_c(kind), vg_str_c(kit_text(k, sql)));
}

static void test_signal_to_alert(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT];
    kit_source(k, "1001", k->vault, true, source);
    kit_wait(k, "SELECT count(*) FROM rule WHERE state = 'active'", 10);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_wait(k, OPEN_ALERTS, 1);
    const char *list = kit_list(k, NULL, "alerts");
    assert_non_null(strstr(list, "\"number\":\"CB-NH-0001\""));
    assert_non_null(strstr(list, "\"rule\":\"vault_attack\""));
    assert_non_null(strstr(list, "\"level\":\"critical\""));
    assert_non_null(strstr(list, "\"zone_name\":\"Kho tiền\""));
    assert_non_null(strstr(list, "\"source_name\":\"1001\""));
    assert_non_null(strstr(list, "\"situation\":\"vault_robbery\""));
    // the same again: one alert, counted
    for (int i = 0; i < 20; i++) {
        kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    }
    kit_wait(k, "SELECT count FROM alert", 21);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert"), 1);
    assert_int_equal(kit_int(k, "SELECT count FROM alert"), 21);
    assert_int_equal(kit_int(k, "SELECT json_array_length(evidence) FROM alert"), 8);
    // each line leads to its zone, and in feeds the finding weighs more than the reports it stands on
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert, json_each(evidence) e WHERE"
                                " json_extract(e.value, '$.zone') = alert.zone"),
                     8);
    assert_string_equal(weight_of_latest(k, "alerts.raised"), "act");
    assert_string_equal(weight_of_latest(k, "sites.signal"), "attention");
    // a different kind is an alert of its own
    kit_signal(k, "1001", "seismic", VG_SIG_RAISE, true);
    kit_wait(k, OPEN_ALERTS, 2);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert WHERE number = 'CB-NH-0002'"), 1);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RESTORE, true);
    assert_string_equal(weight_of_latest(k, "sites.signal"), "info");
    kit_same_after_rebuild(k);
    kit_done(k);
}

// An alert is read by all at the site; of a device of another agency it tells no more than that agency lets it.
static void test_what_is_told_of_a_source(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT];
    kit_do(k, "sites.source_add",
           "{\"site\":\"%s\",\"name\":\"Cảm biến kín\",\"proto\":\"dc09\",\"address\":\"1001\","
           "\"agency\":\"%s\",\"zone\":\"%s\"}",
           k->site, k->police, k->vault);
    kit_id(k, source);
    vg_principal *bank = kit_user(k, "nh1", k->bank, "site_commander", k->site);
    vg_principal *police = kit_user(k, "ca1", k->police, "site_commander", k->site);
    vg_signal g = kit_make(k, &(kit_sig){"1001", "vault_alarm", "", VG_SIG_RAISE, 0});
    snprintf(g.text, sizeof g.text, "CUA KIN");
    snprintf(g.code, sizeof g.code, "BA");
    kit_signals(k, &g, 1);
    kit_wait(k, OPEN_ALERTS, 1);
    const char *list = kit_list(k, bank, "alerts");
    assert_non_null(strstr(list, "\"zone_name\":\"Kho tiền\""));
    assert_non_null(strstr(list, "\"kind\":\"vault_alarm\",\"verb\":\"raise\""));
    assert_true(!strstr(list, "KIN") && !strstr(list, "kín") && !strstr(list, source) &&
                !strstr(list, "\"code\"") && !strstr(list, "authenticated"));
    static const char said[] = "{\"id\":\"%s\",\"told_in_alerts\":true}";
    assert_int_equal(kit_try(k, bank, "sites.source_update", said, source), VG_ENOTFOUND);
    assert_int_equal(kit_try(k, police, "sites.source_update", said, source), VG_OK);
    kit_signals(k, &g, 1);
    kit_wait(k, "SELECT evidence_n FROM alert", 2);
    list = kit_list(k, bank, "alerts");
    assert_true(strstr(list, "CUA KIN") && strstr(list, "\"source_name\":\"Cảm biến kín\""));
    kit_same_after_rebuild(k);
    kit_done(k);
}

// Evidence of a gate is for whoever keeps it: it is not added to an alert that others read.
static void test_a_gates_evidence_joins_nothing_shared(void **state)
{
    (void)state;
    static const char raise[] = "{\"rule\":\"own\",\"version\":\"1\",\"key\":\"k\",\"site\":\"%s\","
                                "\"kind\":\"x\",\"level\":"
                                "\"high\",\"at\":%d,\"seqs\":[%d],\"title_vi\":\"t\",\"title_en\":"
                                "\"t\",\"explain_vi\":\"e\","
                                "\"explain_en\":\"e\",\"cancel_vi\":\"c\",\"cancel_en\":\"c\","
                                "\"evidence\":[{\"kind\":\"%s\"}]}";
    kit *k = kit_world();
    kit_do(k, "alerts.raise", raise, k->site, 1, 1, "door_forced");
    kit_do(k, "alerts.raise", raise, k->site, 2, 2, "gate.queue_fork");
    kit_do(k, "alerts.raise", raise, k->site, 3, 3, "gate.queue_fork");
    assert_int_equal(kit_int(k, "SELECT count(DISTINCT label) FROM alert WHERE rule = 'own'"), 2);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert WHERE rule = 'own'"), 2);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert WHERE evidence LIKE '%door%gate%'"), 0);
    // Nor does what others may read end in the gate's alert, though that is the newer one.
    kit_do(k, "alerts.raise", raise, k->site, 4, 4, "window_broken");
    kit_do(k, "alerts.raise", raise, k->site, 5, 5, "gate.queue_gap");
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert WHERE rule = 'own'"), 2);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert WHERE evidence LIKE '%door%window%'"),
                     1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert WHERE evidence LIKE '%fork%gap%'"), 1);
    kit_done(k);
}

// The rules of single steps and the rule of the sequence see the same events: one happening, one alert.
static void test_one_happening_one_alert(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT];
    kit_source(k, "1001", k->vault, true, source);
    kit_wait(k, "SELECT count(*) FROM rule WHERE state = 'active'", 10);
    kit_signal(k, "1001", "fence_alarm", VG_SIG_RAISE, true);
    kit_wait(k, OPEN_ALERTS, 1);
    kit_signal(k, "1001", "door_forced", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'fence_then_door' AND state = 'open'", 1);
    kit_wait(k,
             "SELECT count(*) FROM alert WHERE absorbed_number = 'CB-NH-0002' AND state = 'closed'",
             1);
    kit_wait(k, OPEN_ALERTS, 1);
    assert_int_equal(
        kit_int(k, "SELECT json_array_length(evidence) FROM alert WHERE state = 'open'"), 2);
    // absorbed is not judged: no rule's record counts it
    assert_int_equal(kit_int(k, "SELECT count(*) FROM rule_record"), 0);
    // another kind of sign stands for itself
    kit_signal(k, "1001", "panic", VG_SIG_RAISE, true);
    kit_wait(k, OPEN_ALERTS, 2);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_closing_never_silences(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT], alert[VG_ID_TEXT];
    kit_source(k, "1001", k->vault, true, source);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_wait(k, OPEN_ALERTS, 1);
    snprintf(alert, sizeof alert, "%s", kit_text(k, "SELECT id FROM alert"));
    assert_int_equal(kit_try(k, NULL, "alerts.close", "{\"id\":\"%s\"}", alert), VG_EINVALID);
    assert_string_equal(k->err.field, "disposition");
    kit_do(k, "alerts.acknowledge", "{\"id\":\"%s\"}", alert);
    assert_int_equal(kit_try(k, NULL, "alerts.acknowledge", "{\"id\":\"%s\"}", alert),
                     VG_ECONFLICT);
    kit_do(k, "alerts.close", "{\"id\":\"%s\",\"disposition\":\"false_device\"}", alert);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_wait(k, OPEN_ALERTS, 1);
    const char *list = kit_list(k, NULL, "alerts");
    assert_non_null(strstr(list, "\"record_n\":1,\"record_false\":1"));
    assert_int_equal(kit_int(k, "SELECT count FROM alert WHERE state = 'open'"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_restart_doubles_nothing(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT], path[128];
    kit_source(k, "1001", k->vault, true, source);
    for (int i = 0; i < 5; i++) {
        kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    }
    kit_wait(k, "SELECT count FROM alert", 5);
    for (int round = 0; round < 2; round++) {
        kit_close(k);
        if (round == 1) {  // a backup has no engine state: everything is read again
            snprintf(path, sizeof path, "%s/engine.state", k->dir);
            assert_int_equal(unlink(path), 0);
        }
        kit_reopen(k);
        kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
        kit_wait(k, "SELECT count FROM alert", 6 + round);
        assert_int_equal(kit_int(k, "SELECT count(*) FROM alert"), 1);
        assert_int_equal(kit_int(k, "SELECT count FROM alert"), 6 + round);
    }
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_bypassed_and_test(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT], soon[VG_TIME_TEXT];
    kit_source(k, "1001", k->vault, true, source);
    vg_time_rfc3339(vg_now_us() + 3600 * VG_SECOND_US, soon);
    kit_do(k, "sites.zone_bypass", "{\"id\":\"%s\",\"until\":\"%s\",\"reason\":\"bảo trì\"}",
           k->vault, soon);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_signal(k, "1001", "holdup", VG_SIG_RAISE, true);
    kit_wait(k, OPEN_ALERTS, 2);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert WHERE level = 'low' AND bypassed = 1"),
                     1);
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM alert WHERE level = 'critical' AND cause = 'holdup'"), 1);
    const vg_signal g = kit_make(k, &(kit_sig){"1001", "seismic", "", VG_SIG_RAISE,
                                               VG_SIG_AUTHENTICATED | VG_SIG_PURPOSE_TEST});
    kit_signals(k, &g, 1);
    kit_wait(k, "SELECT count(*) FROM alert WHERE test = 1", 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_who_may(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT], alert[VG_ID_TEXT];
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    vg_principal *other = kit_user(k, "other", k->police, "agency_officer", k->site);
    vg_principal *auditor = kit_user(k, "auditor", k->police, "auditor", "");
    kit_source(k, "1001", k->vault, true, source);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_wait(k, OPEN_ALERTS, 1);
    snprintf(alert, sizeof alert, "%s", kit_text(k, "SELECT id FROM alert"));
    assert_int_equal(kit_try(k, auditor, "alerts.acknowledge", "{\"id\":\"%s\"}", alert),
                     VG_EDENIED);
    assert_int_not_equal(kit_try(k, other, "alerts.acknowledge", "{\"id\":\"%s\"}", alert), VG_OK);
    assert_int_equal(kit_try(k, bank, "alerts.acknowledge", "{\"id\":\"%s\"}", alert), VG_OK);
    assert_non_null(strstr(kit_list(k, bank, "alerts"), "\"ack_by_name\":\"bank\""));
    assert_non_null(strstr(kit_list(k, auditor, "alerts"), "\"ack_by_name\":null"));
    kit_done(k);
}

static void own_rules(kit *k, const char *text)
{
    char path[160];
    kit_close(k);
    snprintf(path, sizeof path, "%s/rules", k->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/rules/own.yaml", k->dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    kit_reopen(k);
}

static void dated(kit *k, const char *kind, int n, int64_t days)
{
    enum { MOST = 500 };
    vg_signal *v = vg_alloc(MOST * sizeof *v);
    for (int i = 0; i < n; i++) {
        v[i] = kit_make(k, &(kit_sig){"1001", kind, "", VG_SIG_RAISE, VG_SIG_AUTHENTICATED});
        v[i].captured_us = v[i].received_us + days * 86400 * VG_SECOND_US;
    }
    kit_signals(k, v, (size_t)n);
    free(v);
}

// A device whose clock is a year off: what it says is raised, and nobody else's time is moved by it.
static void test_times_of_another_year(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT], other[VG_ID_TEXT];
    kit_source(k, "1001", k->vault, true, source);
    kit_source(k, "1002", k->vault, true, other);
    own_rules(k,
              "name: tap\ndetection: { selection: { kind: checkpoint }, condition: selection }\n"
              "---\nname: no_tap\ntitle: Vắng\nlevel: high\n"
              "correlation: { type: x-absence, rules: [tap], group-by: [device], timespan: 1h }\n"
              "x-vonggac: { when-source-offline: hold, fire: once-until-next }\n");
    kit_wait(k, "SELECT count(*) FROM rule WHERE name = 'no_tap' AND state = 'active'", 1);
    kit_signal(k, "1002", "checkpoint", VG_SIG_RAISE, true);
    dated(k, "vault_alarm", 1, 366);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'vault_attack'", 1);
    kit_signal(k, "1002", "vault_alarm", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count FROM alert WHERE rule = 'vault_attack'", 2);
    dated(k, "seismic", 1, -366);  // a node that has seen nothing before
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'vault_vibration'", 1);
    kit_close(k);
    kit_reopen(k);  // and one that goes on
    dated(k, "holdup", 500, -366);
    kit_wait(k, "SELECT COALESCE(max(count), 0) FROM alert WHERE rule = 'robbery'", 500);
    kit_signal(k, "1002", "safe_alarm", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count FROM alert WHERE rule = 'vault_attack'", 3);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert WHERE rule = 'no_tap'"), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'alerts.amended'"), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert WHERE rule = 'vault_vibration'"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert WHERE rule = 'robbery'"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// A proven report of so long ago.
static vg_signal ago(kit *k, const char *address, const char *kind, vg_signal_verb verb, int64_t s)
{
    vg_signal g = kit_make(k, &(kit_sig){address, kind, "", verb, VG_SIG_AUTHENTICATED});
    g.received_us -= s * VG_SECOND_US;
    return g;
}

#define ALERTS_OF(rule) "SELECT count(*) FROM alert WHERE rule = '" rule "'"

// What the shipped rules make of several signs, and what they leave alone.
static void test_signs_together(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    kit_source(k, "1001", k->vault, true, id);
    kit_source(k, "1002", k->fence, true, id);
    kit_source(k, "1003", k->fence, true, id);
    kit_source(k, "1004", k->fence, true, id);
    kit_wait(k, "SELECT count(*) FROM rule WHERE state = 'active'", 10);
    const vg_signal v[] = {
        // disarmed in time, then forgotten
        ago(k, "1001", "armed", VG_SIG_ARM, 590),
        ago(k, "1001", "door_opened", VG_SIG_RAISE, 500),
        ago(k, "1001", "disarmed", VG_SIG_DISARM, 480),
        ago(k, "1001", "door_opened", VG_SIG_RAISE, 470),
        ago(k, "1002", "armed", VG_SIG_ARM, 460),
        ago(k, "1002", "door_opened", VG_SIG_RAISE, 450),
        // heat may come first
        ago(k, "1001", "heat", VG_SIG_RAISE, 400),
        ago(k, "1001", "smoke", VG_SIG_RAISE, 300),
        // somebody, then the fence
        ago(k, "1002", "loitering", VG_SIG_RAISE, 290),
        ago(k, "1002", "fence_alarm", VG_SIG_RAISE, 280),
        // one door again and again is another rule's
        ago(k, "1001", "badge_denied", VG_SIG_RAISE, 200),
        ago(k, "1001", "badge_denied", VG_SIG_RAISE, 190),
        ago(k, "1001", "badge_denied", VG_SIG_RAISE, 180),
        // the mains of one panel are back
        ago(k, "1003", "mains_trouble", VG_SIG_RAISE, 170),
        ago(k, "1004", "mains_trouble", VG_SIG_RAISE, 160),
        ago(k, "1003", "mains_trouble", VG_SIG_RESTORE, 150),
    };
    kit_signals(k, v, VG_LEN(v));
    kit_wait(k, ALERTS_OF("mains_lost") " AND state = 'open'", 1);
    kit_wait(k, ALERTS_OF("mains_lost"), 2);
    kit_wait(k,
             ALERTS_OF("opened_while_armed") " AND zone = (SELECT id FROM zone WHERE class ="
                                             " 'perimeter')",
             1);
    assert_int_equal(kit_int(k, ALERTS_OF("opened_while_armed")), 1);
    assert_int_equal(kit_int(k, ALERTS_OF("smoke_and_heat") " AND state = 'open'"), 1);
    assert_int_equal(kit_int(k, ALERTS_OF("smoke_alarm") " AND state = 'open'"), 0);
    assert_int_equal(kit_int(k, ALERTS_OF("loitering_then_fence") " AND state = 'open'"), 1);
    assert_int_equal(kit_int(k, ALERTS_OF("badges_denied_at_doors")), 0);
    const vg_signal more[] = {ago(k, "1002", "badge_denied", VG_SIG_RAISE, 100),
                              ago(k, "1003", "badge_denied", VG_SIG_RAISE, 90)};
    kit_signals(k, more, VG_LEN(more));
    kit_wait(k, ALERTS_OF("badges_denied_at_doors"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// A car that is reported every half minute while it stands has stopped once, three that come within an hour are
// worth a look.
static void test_who_keeps_stopping(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], gate[VG_ID_TEXT];
    vg_signal v[32];
    size_t n = 0;
    kit_do(k, "sites.zone_add", "{\"site\":\"%s\",\"name\":\"Cổng\",\"class\":\"gate\"}", k->site);
    kit_id(k, gate);
    kit_source(k, "1001", gate, true, id);
    kit_source(k, "1002", k->fence, true, id);  // not at the gate: no act of the eleven
    kit_wait(k, "SELECT count(*) FROM rule WHERE state = 'active'", 10);
    kit_close(k);
    kit_reopen(k);  // with a saved state: nothing is too old to be told
    const vg_signal elsewhere = ago(k, "1002", "vehicle_stopped", VG_SIG_RAISE, 3100);
    kit_signals(k, &elsewhere, 1);
    for (int64_t s = 3000; s > 2700; s -= 30) {
        v[n++] = ago(k, "1001", "vehicle_stopped", VG_SIG_RAISE, s);
    }
    kit_signals(k, v, n);
    kit_wait(k, ALERTS_OF("stop_park_5m"), 1);
    const vg_signal second = ago(k, "1001", "vehicle_stopped", VG_SIG_RAISE, 1500);
    kit_signals(k, &second, 1);
    kit_wait(k, "SELECT count FROM alert WHERE rule = 'stop_park_5m'", 11);
    assert_int_equal(kit_int(k, ALERTS_OF("vehicle_keeps_stopping")), 0);
    const vg_signal third = ago(k, "1001", "vehicle_stopped", VG_SIG_RAISE, 60);
    kit_signals(k, &third, 1);
    kit_wait(k, ALERTS_OF("vehicle_keeps_stopping"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// Nothing that was sent is dropped for its number, and a kind that no rule knows harms none.
static void test_numbers_again_and_kinds_unknown(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT];
    kit_source(k, "1001", k->vault, true, source);
    kit_wait(k, "SELECT count(*) FROM rule WHERE state = 'active'", 10);
    vg_signal v[4];
    for (int i = 0; i < 4; i++) {
        v[i] = kit_make(k, &(kit_sig){"1001", i == 2 ? "never_heard_of" : "vault_alarm", "",
                                      VG_SIG_RAISE, VG_SIG_AUTHENTICATED});
        v[i].source_seq = 7;
    }
    kit_signals(k, v, 4);
    kit_wait(k, "SELECT count FROM alert", 3);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert"), 1);
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM event WHERE kind = 'sites.signal' AND source_seq = 7"), 4);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// A node's own rule of absence: time reaches the engine as a journaled tick, so a replay finds the same.
static void test_absence_by_the_nodes_own_rule(void **state)
{
    (void)state;
    static const char rule[] =
        "name: tap\ndetection: { selection: { kind: checkpoint }, condition: selection }\n---\n"
        "name: no_tap\ntitle: Không có tín hiệu chấm điểm tuần tra trong 1 giây\n"
        "title-en: No patrol point for 1 second\nlevel: high\n"
        "correlation: { type: x-absence, rules: [tap], group-by: [device], timespan: 1s }\n"
        "x-vonggac: { when-source-offline: hold, fire: once-until-next }\n";
    kit *k = kit_world();
    char source[VG_ID_TEXT], path[160];
    kit_source(k, "1001", k->vault, true, source);
    kit_close(k);
    snprintf(path, sizeof path, "%s/rules", k->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/rules/absence.yaml", k->dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(rule, 1, sizeof rule - 1, f), sizeof rule - 1);
    assert_int_equal(fclose(f), 0);
    kit_reopen(k);
    kit_wait(k, "SELECT count(*) FROM rule WHERE name = 'no_tap' AND state = 'active'", 1);
    kit_signal(k, "1001", "checkpoint", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'no_tap'", 1);
    assert_int_not_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'alerts.clock'"), 0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// A rule that sleeps while a fact is false: the fact is an event of the same log, so a replay from the beginning
// (no saved state) finds the same and raises nothing twice.
static void test_a_rule_sleeps_while_its_fact_is_false(void **state)
{
    (void)state;
    static const char rule[] =
        "name: knock\ndetection: { selection: { kind: checkpoint, where: 'authenticated' },"
        " condition: selection }\n---\n"
        "name: knocked\ntitle: Có tín hiệu khi nguồn kia còn hoạt động\nlevel: low\n"
        "correlation: { type: event, rules: [knock], group-by: [site] }\n"
        "x-vonggac: { active-when: 'source.alive[\"%s\"] and time in 00:00..00:00' }\n";
    kit *k = kit_world();
    char one[VG_ID_TEXT], other[VG_ID_TEXT], path[160], text[1024];
    kit_source(k, "1001", k->vault, true, one);
    kit_source(k, "1002", k->vault, true, other);
    kit_close(k);
    snprintf(path, sizeof path, "%s/rules", k->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/rules/own.yaml", k->dir);
    snprintf(text, sizeof text, rule, other);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    kit_reopen(k);
    kit_wait(k, "SELECT count(*) FROM rule WHERE name = 'knocked' AND state = 'active'", 1);
    kit_signal(k, "1002", "poll", VG_SIG_POLL, true);
    kit_do(k, "sites.source_silent", "{\"id\":\"%s\"}", other);
    kit_wait(k, "SELECT count(*) FROM fact WHERE name = 'source.alive' AND value = 'no'", 1);
    kit_signal(k, "1001", "checkpoint", VG_SIG_RAISE, true);  // asleep
    kit_do(k, "sites.source_returned", "{\"id\":\"%s\"}", other);
    kit_signal(k, "1001", "checkpoint", VG_SIG_RAISE, false);  // not picked
    kit_signal(k, "1001", "checkpoint", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'knocked'", 1);
    for (int round = 0; round < 2; round++) {
        kit_close(k);
        snprintf(path, sizeof path, "%s/engine.state", k->dir);
        if (round) {
            assert_int_equal(unlink(path), 0);
        }
        kit_reopen(k);
        kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
        kit_wait(k, "SELECT count FROM alert WHERE rule = 'vault_attack'", 1 + round);
        assert_int_equal(kit_int(k, "SELECT count FROM alert WHERE rule = 'knocked'"), 1);
    }
    kit_same_after_rebuild(k);
    kit_done(k);
}

// A rule that stays open, rises with time and ends by itself; what unproven sources send ends nothing.
static void test_rises_and_recovers(void **state)
{
    (void)state;
    static const char rule[] =
        "name: mains_out\ndetection: { selection: { kind: mains_trouble }, condition: selection "
        "}\n---\n"
        "name: mains_in\ndetection: { selection: { kind: mains_trouble, verb: restore }, "
        "condition: "
        "selection }\n---\n"
        "name: dark\ntitle: Mất điện lưới chưa khắc phục\nlevel: low\n"
        "correlation: { type: event, rules: [mains_out], group-by: [site, source] }\n"
        "x-vonggac: { recovery: { rules: mains_in }, escalate: { high: 1s } }\n";
    kit *k = kit_world();
    char source[VG_ID_TEXT], path[160];
    kit_source(k, "1001", k->vault, true, source);
    kit_close(k);
    snprintf(path, sizeof path, "%s/rules", k->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/rules/own.yaml", k->dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(rule, f) >= 0);
    assert_int_equal(fclose(f), 0);
    kit_reopen(k);
    kit_wait(k, "SELECT count(*) FROM rule WHERE name = 'dark' AND state = 'active'", 1);
    kit_signal(k, "1001", "mains_trouble", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'dark' AND level = 'low'", 1);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'dark' AND level = 'high'", 1);
    kit_signal(k, "1001", "mains_trouble", VG_SIG_RAISE, true);  // the same alert
    kit_wait(k, "SELECT count FROM alert WHERE rule = 'dark'", 2);
    kit_signal(k, "1001", "mains_trouble", VG_SIG_RESTORE, false);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'vault_attack'", 1);
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM alert WHERE rule = 'dark' AND cleared_at > 0"), 0);
    kit_signal(k, "1001", "mains_trouble", VG_SIG_RESTORE, true);
    kit_wait(
        k, "SELECT count(*) FROM alert WHERE rule = 'dark' AND cleared_at > 0 AND state = 'closed'",
        1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert WHERE rule = 'dark'"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'alerts.escalated'"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signal_to_alert),
        cmocka_unit_test(test_what_is_told_of_a_source),
        cmocka_unit_test(test_one_happening_one_alert),
        cmocka_unit_test(test_a_gates_evidence_joins_nothing_shared),
        cmocka_unit_test(test_closing_never_silences),
        cmocka_unit_test(test_restart_doubles_nothing),
        cmocka_unit_test(test_bypassed_and_test),
        cmocka_unit_test(test_who_may),
        cmocka_unit_test(test_a_rule_sleeps_while_its_fact_is_false),
        cmocka_unit_test(test_absence_by_the_nodes_own_rule),
        cmocka_unit_test(test_rises_and_recovers),
        cmocka_unit_test(test_times_of_another_year),
        cmocka_unit_test(test_signs_together),
        cmocka_unit_test(test_who_keeps_stopping),
        cmocka_unit_test(test_numbers_again_and_kinds_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
