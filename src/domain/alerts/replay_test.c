// SPDX-License-Identifier: Apache-2.0
// The replay agrees with what a real node recorded, through merging, rising, recovery, closing and a restart; and
// it finds what was written without cause, what is missing, and what says another number of events or level.
#include "domain/alerts/replay_kit_test.h"

static void change(kit *k, const char *sql)  // on a node that is shut: nobody else writes
{
    char path[128];
    vg_db *db;
    vg_err err = {0};
    snprintf(path, sizeof path, "%s/vonggac.db", k->dir);
    assert_int_equal(vg_db_open(path, VG_DB_WRITER, &db, &err), VG_OK);
    assert_int_equal(vg_exec(db, sql, VG_NOVALS, &err), VG_OK);
    vg_db_close(db);
}

// A rule that rises after a second and recovers.
static void own_rule(kit *k)
{
    char path[160];
    kit_close(k);
    snprintf(path, sizeof path, "%s/rules", k->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/rules/own.yaml", k->dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(
        fputs("name: battery_out\ndetection: { selection: { kind: battery_trouble }, condition: "
              "selection }\n---\n"
              "name: battery_in\ndetection: { selection: { kind: battery_trouble, verb: restore }, "
              "condition: selection }\n---\n"
              "name: dark\ntitle: Mất điện\nlevel: low\n"
              "correlation: { type: event, rules: [battery_out], group-by: [site, source] }\n"
              "x-vonggac: { recovery: { rules: battery_in }, escalate: { high: 1s } }\n",
              f) >= 0);
    assert_int_equal(fclose(f), 0);
    kit_reopen(k);
    kit_wait(k, "SELECT count(*) FROM rule WHERE name = 'dark' AND state = 'active'", 1);
}

static void rises_and_recovers(kit *k)
{
    kit_signal(k, "1001", "battery_trouble", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'dark' AND level = 'high'", 1);
    kit_signal(k, "1001", "battery_trouble", VG_SIG_RESTORE, true);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'dark' AND state = 'closed'", 1);
}

// A lesser sign at the same place: it joins the open alert, and its recovery ends nothing.
static void joins_and_recovers(kit *k)
{
    kit_signal(k, "1001", "battery_trouble", VG_SIG_RAISE, true);
    kit_signal(k, "1001", "battery_trouble", VG_SIG_RESTORE, true);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT max(count) FROM alert WHERE rule = 'vault_attack'", 7);
}

// Signals that raise, repeat, join and, after a closing and a restart, raise again.
static void live(kit *k)
{
    char source[VG_ID_TEXT], alert[VG_ID_TEXT];
    kit_source(k, "1001", k->vault, true, source);
    own_rule(k);
    rises_and_recovers(k);
    kit_signal(k, "1001", "fence_alarm", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert", 1);
    kit_signal(k, "1001", "door_forced", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'fence_then_door'", 1);
    for (int i = 0; i < 5; i++) {
        kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    }
    kit_wait(k, "SELECT COALESCE(max(count), 0) FROM alert WHERE rule = 'vault_attack'", 5);
    joins_and_recovers(k);
    snprintf(alert, sizeof alert, "%s",
             kit_text(k, "SELECT id FROM alert WHERE rule = 'vault_attack'"));
    kit_do(k, "alerts.acknowledge", "{\"id\":\"%s\"}", alert);
    kit_do(k, "alerts.close", "{\"id\":\"%s\",\"disposition\":\"false_device\"}", alert);
    kit_close(k);
    kit_reopen(k);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'vault_attack'", 2);
    kit_close(k);
}

static void the_replay_says_what_the_journal_says(kit *k)
{
    const alerts_compared x = kit_replay(k);
    if (x.differences) {
        fail_msg("%lld differences, first at %u-%lld, rule %s, only %d", (long long)x.differences,
                 x.log, (long long)x.seq, x.rule, (int)x.only);
    }
    assert_true(x.raised >= 5);
    assert_true(x.found >= x.raised);
    assert_true(x.more >= 1);
    assert_int_equal(x.changes, 2);
    assert_int_equal(x.other_rules, 0);
    assert_int_equal(x.not_due, 0);
    assert_int_equal(x.quiet, 0);
    assert_true(x.folded >= 1);
}

typedef struct slip {
    const char *sql;
    int64_t differences;
    alerts_only only;  // of the first
    const char *rule;
} slip;

#define ONE(kind) "(SELECT min(id) FROM event WHERE kind = '" kind "')"
#define SET(kind, field, value)                                                       \
    "UPDATE event SET body = CAST(json_set(CAST(body AS TEXT), '$." field "', " value \
    ") AS BLOB) WHERE id = " ONE(kind)
#define LAST_RAISED "(SELECT max(id) FROM event WHERE kind = 'alerts.raised')"

static const slip slips[] = {
    // another command: what it records has no cause, and what has a cause is not recorded
    {"UPDATE event SET command = randomblob(16) WHERE id = " LAST_RAISED, 2, ALERTS_ONLY_JOURNAL,
     "vault_attack"},
    {"UPDATE event SET command = randomblob(16) WHERE id = " ONE("alerts.escalated"), 2,
     ALERTS_ONLY_JOURNAL, "dark"},
    {"DELETE FROM event WHERE id = " LAST_RAISED, 1, ALERTS_ONLY_REPLAY, "vault_attack"},
    {"DELETE FROM event WHERE id = " ONE("alerts.escalated"), 1, ALERTS_ONLY_REPLAY, "dark"},
    {"DELETE FROM event WHERE id = " ONE("alerts.cleared"), 1, ALERTS_ONLY_REPLAY, "dark"},
    {"DELETE FROM command WHERE id = (SELECT command FROM event WHERE id = " LAST_RAISED
     "); DELETE FROM event WHERE id = " LAST_RAISED,
     1, ALERTS_ONLY_REPLAY, "vault_attack"},
    {SET("alerts.escalated", "level", "'critical'"), 1, ALERTS_BOTH, "dark"},
    {SET("alerts.raised", "n", "7"), 1, ALERTS_BOTH, NULL},
    {SET("alerts.more", "n", "7"), 1, ALERTS_BOTH, NULL},
    {SET("alerts.more", "last_seq", "1"), 1, ALERTS_BOTH, NULL},
};

static void each_slip_shows(kit *k)
{
    change(k, "CREATE TABLE kept AS SELECT * FROM event");
    change(k, "CREATE TABLE kept_command AS SELECT * FROM command");
    for (size_t i = 0; i < VG_LEN(slips); i++) {
        char sql[512];
        snprintf(sql, sizeof sql, "%s", slips[i].sql);
        char *rest = strchr(sql, ';');
        if (rest) {
            *rest++ = '\0';
        }
        change(k, sql);
        if (rest) {
            change(k, rest);
        }
        const alerts_compared x = kit_replay(k);
        if (x.differences < slips[i].differences || x.only != slips[i].only ||
            (slips[i].rule && strcmp(x.rule, slips[i].rule) != 0)) {
            fail_msg("%s: %lld differences, rule %s, only %d", slips[i].sql,
                     (long long)x.differences, x.rule, (int)x.only);
        }
        change(k, "INSERT OR REPLACE INTO event SELECT * FROM kept");
        change(k, "INSERT OR REPLACE INTO command SELECT * FROM kept_command");
        assert_int_equal(kit_replay(k).differences, 0);
    }
}

// What was found while an old journal was read again is told apart from what is missing.
static void quiet_is_no_difference(kit *k)
{
    change(k, "DELETE FROM command WHERE id = (SELECT command FROM event WHERE kind ="
              " 'alerts.escalated')");
    change(k, "DELETE FROM event WHERE kind = 'alerts.escalated'");
    assert_int_equal(kit_replay(k).differences, 1);
    change(k, "UPDATE event SET kind = 'alerts.reread', recorded = recorded + 3600000000,"
              " body = CAST('{\"before\":9000000000000000}' AS BLOB)"
              " WHERE id = (SELECT max(id) FROM event WHERE id < 2 << 40)");
    const alerts_compared x = kit_replay(k);
    assert_int_equal(x.differences, 0);
    assert_int_equal(x.quiet, 1);
}

static void test_replay(void **state)
{
    (void)state;
    kit *k = kit_world();
    live(k);
    the_replay_says_what_the_journal_says(k);
    each_slip_shows(k);
    quiet_is_no_difference(k);
    kit_reopen(k);
    kit_done(k);
}

// Without its saved state the engine reads the journal again, and says so.
static void test_reread_is_recorded(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT], path[128];
    kit_source(k, "1001", k->vault, true, source);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert", 1);
    kit_close(k);
    assert_int_equal(kit_replay(k).differences, 0);
    change(k, "UPDATE event SET recorded = recorded - 3600000000 WHERE id >= 2 << 40");
    snprintf(path, sizeof path, "%s/engine.state", k->dir);
    assert_int_equal(unlink(path), 0);
    kit_reopen(k);
    kit_wait(k, "SELECT count(*) FROM event WHERE kind = 'alerts.reread'", 1);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replay),
        cmocka_unit_test(test_reread_is_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
