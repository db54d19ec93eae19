// SPDX-License-Identifier: Apache-2.0
// The replay agrees with what a real node recorded, through merging, closing and a restart; and it finds an
// alert that was written without cause and one that is missing.
#include "domain/test_kit.h"

#include "domain/alerts/replay.h"

static alerts_compared compare(kit *k)
{
    char path[128];
    vg_db *db;
    vg_err err = {0};
    alerts_compared x;
    snprintf(path, sizeof path, "%s/vonggac.db", k->dir);
    assert_int_equal(vg_db_open(path, VG_DB_READER, &db, &err), VG_OK);
    assert_int_equal(alerts_replay_compare(db, k->dir, &x, &err), VG_OK);
    vg_db_close(db);
    return x;
}

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

// Signals that raise, repeat, join and, after a closing and a restart, raise again.
static void live(kit *k)
{
    char source[VG_ID_TEXT], alert[VG_ID_TEXT];
    kit_source(k, "1001", k->vault, true, source);
    kit_wait(k, "SELECT count(*) > 0 FROM rule WHERE state = 'active'", 1);
    kit_signal(k, "1001", "fence_alarm", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert", 1);
    kit_signal(k, "1001", "door_forced", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'fence_then_door'", 1);
    for (int i = 0; i < 5; i++) {
        kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    }
    kit_wait(k, "SELECT COALESCE(max(count), 0) FROM alert WHERE rule = 'vault_attack'", 5);
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

static void the_replay_says_what_the_journal_says(void **state)
{
    (void)state;
    kit *k = kit_world();
    live(k);
    const alerts_compared x = compare(k);
    if (x.differences) {
        fail_msg("%lld differences, first at %u-%lld, rule %s, %s", (long long)x.differences, x.log,
                 (long long)x.seq, x.rule, x.recorded_only ? "recorded only" : "found only");
    }
    assert_true(x.raised >= 4);
    assert_true(x.found >= x.raised);
    assert_int_equal(x.other_rules, 0);
    assert_int_equal(x.not_due, 0);
    kit_reopen(k);
    kit_done(k);
}

static void what_has_no_cause_or_is_missing_shows(void **state)
{
    (void)state;
    kit *k = kit_world();
    live(k);
    change(k, "UPDATE event SET command = randomblob(16) WHERE id ="
              " (SELECT max(id) FROM event WHERE kind = 'alerts.raised')");
    const alerts_compared more = compare(k);
    assert_int_equal(more.differences, 1);
    assert_true(more.recorded_only);
    assert_string_equal(more.rule, "vault_attack");
    // (of an alert from after the rules were published)
    change(k, "DELETE FROM command WHERE id = (SELECT command FROM event WHERE kind ="
              " 'alerts.raised' AND json_extract(CAST(body AS TEXT), '$.rule') = 'vault_attack'"
              " ORDER BY id LIMIT 1)");
    const alerts_compared less = compare(k);
    assert_int_equal(less.differences, 2);
    assert_false(less.recorded_only);
    assert_string_equal(less.rule, "vault_attack");
    kit_reopen(k);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_replay_says_what_the_journal_says),
        cmocka_unit_test(what_has_no_cause_or_is_missing_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
