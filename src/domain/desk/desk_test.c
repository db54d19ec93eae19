// SPDX-License-Identifier: Apache-2.0
// The desk: an incident from an alert, later alerts attached by themselves, tasks with deadlines, and a
// closing that asks for what figures will be made of.
#include "domain/test_kit.h"

static void test_from_alert_to_incident(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT], alert[VG_ID_TEXT], incident[VG_ID_TEXT];
    vg_principal *duty = kit_user(k, "duty", k->police, "duty_officer", "");
    kit_source(k, "1001", k->vault, true, source);
    kit_signal(k, "1001", "vault_alarm", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert", 1);
    snprintf(alert, sizeof alert, "%s", kit_text(k, "SELECT id FROM alert"));
    assert_int_equal(kit_try(k, duty, "alerts.open_incident", "{\"id\":\"%s\"}", alert), VG_OK);
    kit_member(k, "incident", incident, sizeof incident);
    kit_wait(k, "SELECT count(*) FROM alert WHERE incident_number = 'VV-NH-0001'", 1);
    assert_string_equal(kit_text(k, "SELECT id FROM incident"), incident);
    assert_int_equal(kit_try(k, duty, "alerts.open_incident", "{\"id\":\"%s\"}", alert),
                     VG_ECONFLICT);
    // another alert of the same family at the same site joins by itself
    kit_signal(k, "1001", "seismic", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert WHERE incident_number = 'VV-NH-0001'", 2);
    assert_int_equal(kit_int(k, "SELECT alerts_n FROM incident"), 2);
    // fire is another case
    kit_signal(k, "1001", "fire", VG_SIG_RAISE, true);
    kit_wait(k, "SELECT count(*) FROM alert", 3);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM alert WHERE incident IS NULL"), 1);
    assert_non_null(strstr(kit_list(k, duty, "incidents"), "\"opened_by_name\":\"duty\""));
    assert_non_null(strstr(kit_list(k, duty, "incident-log"), "\"kind\":\"alert\""));
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_closing(void **state)
{
    (void)state;
    static const struct {
        const char *args, *field;
    } steps[] = {
        {"", "first_sign"},
        {",\"first_sign\":\"rung rào\"", "found_by"},
        {",\"first_sign\":\"rung rào\",\"found_by\":\"sensor\"", "surprise"},
        {",\"first_sign\":\"rung rào\",\"found_by\":\"sensor\",\"surprise\":false", "harm"},
        {",\"first_sign\":\"rung "
         "rào\",\"found_by\":\"sensor\",\"surprise\":false,\"harm\":\"none\"",
         "summary"},
    };
    kit *k = kit_world();
    char id[VG_ID_TEXT], task[VG_ID_TEXT];
    assert_int_equal(
        kit_try(k, NULL, "desk.open", "{\"site\":\"%s\",\"situation\":\"khong_co\"}", k->site),
        VG_EINVALID);
    kit_do(k, "desk.open", "{\"site\":\"%s\",\"situation\":\"illegal_entry\"}", k->site);
    kit_id(k, id);
    for (size_t i = 0; i < VG_LEN(steps); i++) {
        assert_int_equal(kit_try(k, NULL, "desk.close", "{\"id\":\"%s\"%s}", id, steps[i].args),
                         VG_EINVALID);
        assert_string_equal(k->err.field, steps[i].field);
    }
    kit_do(k, "desk.task_add", "{\"id\":\"%s\",\"title\":\"Kiểm tra hàng rào\"}", id);
    kit_id(k, task);
#define FULL                                                               \
    "{\"id\":\"%s\",\"first_sign\":\"rung "                                \
    "rào\",\"found_by\":\"sensor\",\"surprise\":false,\"harm\":\"none\"," \
    "\"summary\":\"Mèo\"}"
    assert_int_equal(kit_try(k, NULL, "desk.close", FULL, id), VG_ECONFLICT);
    kit_do(k, "desk.task_done", "{\"id\":\"%s\"}", task);
    kit_do(k, "desk.close", FULL, id);
    assert_int_equal(kit_int(k, "SELECT first_sign_at = opened_at AND surprise = 0 FROM incident"),
                     1);
    assert_int_equal(kit_try(k, NULL, "desk.close", FULL, id), VG_ECONFLICT);
    kit_do(k, "desk.reopen", "{\"id\":\"%s\",\"reason\":\"có tin mới\"}", id);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM incident WHERE state = 'open'"), 1);
    kit_do(k, "desk.open", "{\"site\":\"%s\",\"situation\":\"fire\"}", k->site);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM incident WHERE number = 'VV-NH-0002'"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_task_deadline(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], soon[VG_TIME_TEXT];
    kit_do(k, "desk.open", "{\"site\":\"%s\",\"situation\":\"fire\"}", k->site);
    kit_id(k, id);
    vg_time_rfc3339(vg_now_us() + VG_SECOND_US / 4, soon);
    kit_do(k, "desk.task_add", "{\"id\":\"%s\",\"title\":\"Gọi 114\",\"due_at\":\"%s\"}", id, soon);
    kit_wait(k, "SELECT count(*) FROM task WHERE overdue = 1", 1);
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM incident_log WHERE data LIKE '%task_overdue%'"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM situation WHERE grp = 'act11'"), 11);
    // overdue is not gone: it stays in the list of what is due until it is done, and is said once
    vg_principal *duty = kit_user(k, "duty", k->police, "duty_officer", "");
    char other[VG_ID_TEXT];
    kit_do(k, "sites.site_add",
           "{\"code\":\"KB1\",\"name\":\"Kho bạc\",\"kind\":\"treasury\",\"agency\":\"%s\"}",
           k->bank);
    kit_id(k, other);
    vg_principal *away = kit_user(k, "away", k->police, "duty_officer", other);
    assert_non_null(strstr(kit_list(k, duty, "deadlines"), "\"kind\":\"desk.task_due\""));
    assert_non_null(strstr(kit_list(k, away, "deadlines"), "\"total\":0"));
    kit_close(k);
    kit_reopen(k);
    usleep(300000);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'desk.task_overdue'"), 1);
    char task[VG_ID_TEXT];
    snprintf(task, sizeof task, "%s", kit_text(k, "SELECT id FROM task"));
    kit_do(k, "desk.task_done", "{\"id\":\"%s\"}", task);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline"), 0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_from_alert_to_incident),
        cmocka_unit_test(test_closing),
        cmocka_unit_test(test_task_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
