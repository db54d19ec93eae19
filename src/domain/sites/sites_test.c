// SPDX-License-Identifier: Apache-2.0
// The sites module against the real core: a zone's live state, above all what an unproven signal may not do;
// bypasses; secrecy between agencies; the waiting room; the register; the fold repeated.
#include "domain/test_kit.h"

static void test_unproven_never_clears(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    kit_source(k, "1001", k->fence, true, id);
    kit_signal(k, "1001", "armed", VG_SIG_ARM, true);
    kit_signal(k, "1001", "intrusion", VG_SIG_RAISE, false);
    assert_int_equal(kit_int(k, "SELECT alarms FROM zone WHERE name = 'Hàng rào'"), 1);
    kit_signal(k, "1001", "intrusion", VG_SIG_RESTORE, false);
    kit_signal(k, "1001", "disarmed", VG_SIG_DISARM, false);
    assert_int_equal(kit_int(k, "SELECT alarms FROM zone WHERE name = 'Hàng rào'"), 1);
    assert_int_equal(kit_int(k, "SELECT unproven_restore > 0 FROM zone_condition WHERE open = 1"),
                     1);
    assert_string_equal(kit_text(k, "SELECT arm_state FROM zone WHERE name = 'Hàng rào'"), "armed");
    kit_signal(k, "1001", "intrusion", VG_SIG_RESTORE, true);
    kit_signal(k, "1001", "disarmed", VG_SIG_DISARM, true);
    assert_int_equal(kit_int(k, "SELECT alarms FROM zone WHERE name = 'Hàng rào'"), 0);
    assert_string_equal(kit_text(k, "SELECT arm_state FROM zone WHERE name = 'Hàng rào'"),
                        "disarmed");
    kit_same_after_rebuild(k);
    kit_done(k);
}

// Who edits his own agency's things files nothing under another's name; strangers are the custodian's matter.
static void test_owner_and_strangers(void **state)
{
    (void)state;
    kit *k = kit_world();
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    vg_principal *duty = kit_user(k, "duty", k->police, "staff_officer", "");
    static const char post[] = "{\"site\":\"%s\",\"name\":\"Vọng gác\",\"agency\":\"%s\"}";
    assert_int_equal(kit_try(k, bank, "sites.post_add", post, k->site, k->police), VG_ENOTFOUND);
    assert_int_equal(kit_try(k, bank, "sites.post_add", post, k->site, k->bank), VG_OK);
    assert_int_equal(kit_try(k, duty, "sites.post_add", post, k->site, k->bank), VG_OK);
    static const char contact[] =
        "{\"site\":\"%s\",\"name\":\"A\",\"role\":\"B\",\"agency\":\"%s\"}";
    assert_int_equal(kit_try(k, bank, "sites.contact_add", contact, k->site, k->police),
                     VG_ENOTFOUND);
    assert_int_equal(kit_try(k, duty, "sites.contact_add", contact, k->site, k->site), VG_EINVALID);
    kit_signal(k, "F00DCAFE99", "intrusion", VG_SIG_RAISE, false);
    assert_non_null(strstr(kit_list(k, duty, "waiting-sources"), "F00DCAFE99"));
    assert_null(strstr(kit_list(k, bank, "waiting-sources"), "F00DCAFE99"));
    assert_null(strstr(kit_list(k, bank, "events"), "F00DCAFE99"));
    // labels of others are others': nothing of the police's is in the bank's journal
    char theirs[40];
    snprintf(theirs, sizeof theirs, "\"agency\":\"%s\"", k->police);
    assert_null(strstr(kit_list(k, bank, "events"), theirs));
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_one_restore_does_not_hide_another(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    kit_source(k, "1001", k->vault, true, id);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_signal(k, "1001", "mains_trouble", VG_SIG_RAISE, true);
    kit_signal(k, "1001", "seismic", VG_SIG_RAISE, true);
    assert_int_equal(kit_int(k, "SELECT alarms * 10 + troubles FROM zone WHERE class = 'vault'"),
                     21);
    kit_signal(k, "1001", "seismic", VG_SIG_RESTORE, true);
    assert_string_equal(kit_text(k, "SELECT alarm_kind FROM zone WHERE class = 'vault'"),
                        "vault_alarm");
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RESTORE, true);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RESTORE, true);
    assert_string_equal(kit_text(k, "SELECT alarm_kind FROM zone WHERE class = 'vault'"),
                        "mains_trouble");
    assert_non_null(strstr(kit_list(k, NULL, "zones"), "\"alarm_state\":\"trouble\""));
    kit_do(k, "sites.zone_clear", "{\"id\":\"%s\",\"reason\":\"đã kiểm tra tại chỗ\"}", k->vault);
    assert_int_equal(kit_int(k, "SELECT alarms + troubles FROM zone WHERE class = 'vault'"), 0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_bypass(void **state)
{
    (void)state;
    kit *k = kit_world();
    char soon[VG_TIME_TEXT], late[VG_TIME_TEXT], shortly[VG_TIME_TEXT];
    vg_principal *leader = kit_user(k, "leader", k->bank, "shift_leader", k->site);
    vg_time_rfc3339(vg_now_us() + 3600 * VG_SECOND_US, soon);
    vg_time_rfc3339(vg_now_us() + 7200 * 3 * VG_SECOND_US, late);
    vg_time_rfc3339(vg_now_us() + VG_SECOND_US / 2, shortly);
    assert_int_equal(
        kit_try(k, leader, "sites.zone_bypass", "{\"id\":\"%s\",\"until\":\"%s\"}", k->fence, soon),
        VG_EINVALID);
    assert_string_equal(k->err.field, "reason");
    assert_int_equal(kit_try(k, leader, "sites.zone_bypass",
                             "{\"id\":\"%s\",\"until\":\"%s\",\"reason\":\"sửa\"}", k->fence, late),
                     VG_EDENIED);
    assert_int_equal(kit_try(k, leader, "sites.zone_bypass",
                             "{\"id\":\"%s\",\"until\":\"%s\",\"reason\":\"sửa\"}", k->fence, soon),
                     VG_OK);
    assert_non_null(strstr(kit_list(k, leader, "zones"), "\"bypass_owner_name\":\"leader\""));
    kit_do(k, "sites.zone_bypass", "{\"id\":\"%s\",\"until\":\"%s\",\"reason\":\"thử\"}", k->vault,
           shortly);
    kit_wait(k, "SELECT count(*) FROM event WHERE kind = 'sites.zone_unbypassed'", 1);
    assert_int_equal(kit_int(k, "SELECT bypass_until IS NULL FROM zone WHERE class = 'vault'"), 1);
    assert_int_equal(kit_int(k, "SELECT bypass_until IS NULL FROM zone WHERE class = 'perimeter'"),
                     0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_secrecy(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    vg_principal *bank = kit_user(k, "bank.officer", k->bank, "agency_officer", k->site);
    vg_principal *police = kit_user(k, "duty", k->police, "duty_officer", "");
    kit_do(k, "sites.site_add",
           "{\"code\":\"CA1\",\"name\":\"Trụ sở Công an\",\"kind\":\"other\",\"agency\":\"%s\"}",
           k->police);
    kit_source(k, "1001", k->fence, true, id);  // of the bank: the site's agency
    assert_int_equal(
        kit_try(k, police, "sites.source_add",
                "{\"site\":\"%s\",\"name\":\"Camera\",\"proto\":\"webhook\",\"address\":\"cam1\"}",
                k->site),
        VG_EDENIED);
    kit_do(k, "sites.source_add",
           "{\"site\":\"%s\",\"agency\":\"%s\",\"name\":\"Cảm biến "
           "CA\",\"proto\":\"webhook\",\"address\":\"ca1\"}",
           k->site, k->police);
    kit_id(k, id);
    assert_null(strstr(kit_list(k, bank, "sources"), "Cảm biến CA"));
    assert_non_null(strstr(kit_list(k, bank, "sources"), "1001"));
    assert_non_null(strstr(kit_list(k, police, "sources"), "Cảm biến CA"));
    assert_null(strstr(kit_list(k, police, "sources"), "1001"));
    assert_null(strstr(kit_list(k, bank, "sites"), "Trụ sở Công an"));
    assert_non_null(strstr(kit_list(k, police, "sites"), "Chi nhánh"));
    assert_null(strstr(kit_list(k, bank, "users"), "duty"));
    // not even that it exists
    assert_int_equal(kit_try(k, bank, "sites.source_update", "{\"id\":\"%s\",\"name\":\"x\"}", id),
                     VG_ENOTFOUND);
    kit_do(k, "sites.contact_add",
           "{\"site\":\"%s\",\"name\":\"Trần Thị Mẫu\",\"role\":\"bảo vệ\",\"phone\":\"113\"}",
           k->site);
    assert_non_null(strstr(kit_list(k, bank, "contacts"), "Trần Thị Mẫu"));
    assert_null(strstr(kit_list(k, police, "contacts"), "Trần Thị Mẫu"));
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE body LIKE '%Trần%'"), 0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_waiting_room(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    kit_signal(k, "4242", "intrusion", VG_SIG_RAISE, false);
    kit_signal(k, "4242", "intrusion", VG_SIG_RAISE, false);
    assert_int_equal(kit_int(k, "SELECT count FROM waiting_source WHERE address = '4242'"), 2);
    snprintf(id, sizeof id, "%s", kit_text(k, "SELECT id FROM waiting_source"));
    kit_do(k, "sites.waiting_accept",
           "{\"id\":\"%s\",\"site\":\"%s\",\"name\":\"Tủ mới\",\"zone\":\"%s\"}", id, k->site,
           k->fence);
    assert_string_equal(kit_text(k, "SELECT state FROM waiting_source"), "accepted");
    kit_signal(k, "4242", "intrusion", VG_SIG_RAISE, false);
    assert_int_equal(kit_int(k, "SELECT alarms FROM zone WHERE class = 'perimeter'"), 1);
    assert_int_equal(kit_try(k, NULL, "sites.waiting_accept",
                             "{\"id\":\"%s\",\"site\":\"%s\",\"name\":\"x\"}", id, k->site),
                     VG_ECONFLICT);
    vg_signal *v = vg_alloc(1100 * sizeof *v);
    for (int i = 0; i < 1100; i++) {
        char address[12];
        snprintf(address, sizeof address, "%d", 50000 + i);
        v[i] = kit_make(k, &(kit_sig){address, "intrusion", "", VG_SIG_RAISE, 0});
    }
    kit_signals(k, v, 1100);
    free(v);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM waiting_source"), 1000);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_register(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    kit_source(k, "1001", k->fence, true, id);
    kit_do(k, "sites.point_add",
           "{\"id\":\"%s\",\"point\":\"003\",\"zone\":\"%s\",\"kind\":\"seismic\"}", id, k->vault);
    kit_do(k, "sites.point_add", "{\"id\":\"%s\",\"area\":\"1\",\"point\":\"004\",\"zone\":\"%s\"}",
           id, k->vault);
    assert_int_equal(kit_try(k, NULL, "sites.point_add",
                             "{\"id\":\"%s\",\"point\":\"003\",\"zone\":\"%s\"}", id, k->vault),
                     VG_ECONFLICT);
    const vg_register_snap *snap = vg_register_acquire(vg_core_register(k->core));
    const vg_source *s = vg_register_find(snap, "dc09", "1001");
    assert_non_null(s);
    assert_int_equal(s->key_len, 16);
    assert_int_equal(s->key[15], 15);
    assert_int_equal(s->n_points, 2);
    vg_register_release(vg_core_register(k->core), snap);
    const vg_signal g =
        kit_make(k, &(kit_sig){"1001", "intrusion", "003", VG_SIG_RAISE, VG_SIG_AUTHENTICATED});
    kit_signals(k, &g, 1);
    assert_string_equal(kit_text(k, "SELECT alarm_kind FROM zone WHERE class = 'vault'"),
                        "seismic");
    assert_string_equal(kit_text(k, "SELECT state FROM source"), "alive");
    kit_do(k, "sites.source_disable", "{\"id\":\"%s\",\"reason\":\"thay tủ\"}", id);
    snap = vg_register_acquire(vg_core_register(k->core));
    assert_true(vg_register_find(snap, "dc09", "1001")->flags & VG_SRC_DISABLED);
    vg_register_release(vg_core_register(k->core), snap);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_supervision(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    kit_source(k, "1001", k->fence, true, id);
    kit_do(k, "sites.source_update", "{\"id\":\"%s\",\"deadline_s\":1}", id);
    kit_signal(k, "1001", "", VG_SIG_POLL, true);
    assert_string_equal(kit_text(k, "SELECT state FROM source"), "alive");
    kit_wait(k, "SELECT count(*) FROM source WHERE state = 'silent'", 1);
    kit_wait(k, "SELECT count(*) FROM alert WHERE cause = 'source_silent' AND state = 'open'", 1);
    kit_signal(k, "1001", "", VG_SIG_POLL, false);
    assert_string_equal(kit_text(k, "SELECT state FROM source"), "unproven");
    kit_wait(k, "SELECT count(*) FROM alert WHERE cause = 'source_silent' AND state = 'closed'", 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// n reports of a source, so far off, one every step_s and the last of them now.
static void reports(kit *k, const char *proto, int n, int64_t off_s, int64_t step_s)
{
    vg_signal v[8];
    const vg_register_snap *snap = vg_register_acquire(vg_core_register(k->core));
    for (int i = 0; i < n; i++) {
        v[i] = kit_make(k, &(kit_sig){"1001", "test", "", VG_SIG_TEST, VG_SIG_AUTHENTICATED});
        v[i].source = vg_register_find(snap, proto, "1001")->index;
        v[i].received_us -= (n - 1 - i) * step_s * VG_SECOND_US;
        v[i].captured_us = v[i].received_us + off_s * VG_SECOND_US;
    }
    vg_register_release(vg_core_register(k->core), snap);
    kit_signals(k, v, (size_t)n);
}

#define CLOCKS_OFF "SELECT count(*) FROM event WHERE kind = 'sites.source_clock_off'"
#define CLOCKS_RIGHT "SELECT count(*) FROM event WHERE kind = 'sites.source_clock_right'"

static void test_clock_ahead(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    kit_source(k, "1001", k->fence, true, id);
    reports(k, "dc09", 3, 20, 1);
    reports(k, "dc09", 2, 40, 1);
    reports(k, "dc09", 1, 0, 1);
    reports(k, "dc09", 2, 40, 1);
    assert_int_equal(kit_int(k, CLOCKS_OFF), 0);  // strays
    reports(k, "dc09", 1, 3600, 1);
    assert_int_equal(kit_int(k, CLOCKS_OFF), 1);
    assert_int_equal(kit_int(k, "SELECT clock_off_ms FROM source"), 3600000);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'clock_wrong' AND state = 'open'", 1);
    assert_non_null(strstr(kit_list(k, NULL, "sources"), "\"clock_off_ms\":3600000"));
    kit_close(k);
    kit_reopen(k);
    reports(k, "dc09", 8, 3600, 1);
    reports(k, "dc09", 8, 20, 1);  // nearly right: neither turns
    assert_int_equal(kit_int(k, CLOCKS_OFF), 1);
    assert_int_equal(kit_int(k, CLOCKS_RIGHT), 0);
    reports(k, "dc09", 8, 1, 1);
    assert_int_equal(kit_int(k, CLOCKS_RIGHT), 1);
    assert_int_equal(kit_int(k, "SELECT clock_off_ms IS NULL FROM source"), 1);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'clock_wrong' AND state = 'closed'", 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// What waited in a device or is late by its nature is not a wrong clock; steady lateness of a live source is.
static void test_clock_behind(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    kit_source(k, "1001", k->fence, true, id);
    kit_do(k, "sites.source_add",
           "{\"site\":\"%s\",\"name\":\"Tệp\",\"proto\":\"csv\",\"address\":\"1001\"}", k->site);
    reports(k, "csv", 8, -7 * 3600, 60);
    reports(k, "dc09", 8, -7 * 3600, 1);
    for (int64_t i = 0; i < 8; i++) {
        reports(k, "dc09", 1, -3600 - 60 * i, 1);
    }
    assert_int_equal(kit_int(k, CLOCKS_OFF), 0);
    reports(k, "dc09", 4, -7 * 3600, 60);
    assert_int_equal(kit_int(k, CLOCKS_OFF), 1);
    reports(k, "dc09", 2, 0, 60);
    reports(k, "dc09", 1, -7 * 3600, 60);
    reports(k, "dc09", 2, 0, 60);
    assert_int_equal(kit_int(k, CLOCKS_RIGHT), 0);
    reports(k, "dc09", 1, 0, 60);
    assert_int_equal(kit_int(k, CLOCKS_RIGHT), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unproven_never_clears),
        cmocka_unit_test(test_owner_and_strangers),
        cmocka_unit_test(test_one_restore_does_not_hide_another),
        cmocka_unit_test(test_bypass),
        cmocka_unit_test(test_secrecy),
        cmocka_unit_test(test_waiting_room),
        cmocka_unit_test(test_register),
        cmocka_unit_test(test_supervision),
        cmocka_unit_test(test_clock_ahead),
        cmocka_unit_test(test_clock_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
