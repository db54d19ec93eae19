// SPDX-License-Identifier: Apache-2.0
// Who was expected and let through by a terminal without a connection is ticked off at the merge as he would have been
// with one: a vehicle by its plate, a visitor by his holder, his paper or an invitation the terminal had not heard of.
#include "domain/gate/terminal_kit_test.h"

static void expected_window(char starts[VG_TIME_TEXT], char ends[VG_TIME_TEXT])
{
    vg_time_rfc3339(vg_now_us() - 90 * MIN, starts);
    vg_time_rfc3339(vg_now_us() - 30 * MIN, ends);  // over by the time of the merge
}

static void a_vehicle_is_ticked_off_and_is_one_vehicle(void **state)
{
    (void)state;
    world *w = open_world();
    kit *k = w->k;
    piece v[2];
    char starts[VG_TIME_TEXT], ends[VG_TIME_TEXT];
    const int64_t base = vg_now_us() - 60 * MIN;
    expected_window(starts, ends);
    kit_do(k, "gate.point_update", "{\"id\":\"%s\",\"lane\":\"both\"}", w->gate);
    kit_do(k, "vehicles.expect",
           "{\"site\":\"%s\",\"plate\":\"29C-123.45\",\"starts\":\"%s\",\"ends\":\"%s\",\"goods\":"
           "\"Giấy in\"}",
           k->site, starts, ends);
    put(w, &w->t[0], &(wrote){"", "29C 12345", "in", base, 0}, &v[0]);
    put(w, &w->t[0], &(wrote){"", "29c-123.45", "out", base + 10 * MIN, 0}, &v[1]);
    assert_int_equal(merge(w, &w->t[0], v, 2, vg_now_us()), VG_OK);
    assert_non_null(strstr(k->reply, "\"unknown\":0"));
    kit_wait(k, "SELECT count(*) FROM vehicle_expected WHERE state = 'arrived'", 1);
    assert_int_equal(kit_int(k, "SELECT count(DISTINCT holder) FROM passage"), 1);
    assert_string_equal(kit_text(k, "SELECT kind || ' ' || class FROM gate_holder"),
                        "vehicle expected");
    assert_string_equal(kit_text(k, "SELECT name FROM gate_card"), "29C-123.45");
    assert_int_equal(kit_int(k, "SELECT count(*) FROM presence"), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM passage WHERE flags <> 0"), 0);
    kit_same_after_rebuild(k);
    close_world(w);
}

static void a_plate_nobody_expected_is_unknown_and_one_out_of_time_too(void **state)
{
    (void)state;
    world *w = open_world();
    kit *k = w->k;
    piece v[2];
    char starts[VG_TIME_TEXT], ends[VG_TIME_TEXT];
    expected_window(starts, ends);
    kit_do(k, "gate.point_update", "{\"id\":\"%s\",\"lane\":\"both\"}", w->gate);
    kit_do(k, "vehicles.expect",
           "{\"site\":\"%s\",\"plate\":\"29C-123.45\",\"starts\":\"%s\",\"ends\":\"%s\"}", k->site,
           starts, ends);
    put(w, &w->t[0], &(wrote){"", "30A-999.99", "in", vg_now_us() - 60 * MIN, 0}, &v[0]);
    put(w, &w->t[0], &(wrote){"", "29C-123.45", "in", vg_now_us() - 200 * MIN, 0}, &v[1]);
    assert_int_equal(merge(w, &w->t[0], v, 2, vg_now_us()), VG_OK);
    assert_non_null(strstr(k->reply, "\"unknown\":2"));
    assert_int_equal(kit_int(k, "SELECT count(*) FROM gate_holder WHERE kind = 'vehicle' AND class"
                                " = 'unknown'"),
                     2);
    usleep(300000);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM vehicle_expected WHERE state = 'expected'"),
                     1);
    close_world(w);
}

// From an hour and a half ago for two hours.
static void plan_visit(kit *k, char visit[VG_ID_TEXT])
{
    char starts[VG_TIME_TEXT], ends[VG_TIME_TEXT];
    vg_time_rfc3339(vg_now_us() - 90 * MIN, starts);
    vg_time_rfc3339(vg_now_us() + 30 * MIN, ends);
    kit_do(k, "visits.plan",
           "{\"site\":\"%s\",\"purpose\":\"Kiểm kê\",\"starts\":\"%s\",\"ends\":\"%s\"}", k->site,
           starts, ends);
    kit_id(k, visit);
}

// shown as: 0 his holder, 1 his paper, 2 an invitation made since the snapshot
static void a_visitor_who_came_and_left_is_ticked_off(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++) {
        world *w = open_world();
        kit *k = w->k;
        piece v[2];
        char visit[VG_ID_TEXT], guest[VG_ID_TEXT], who[VG_ID_TEXT], code[64];
        const int64_t base = vg_now_us() - 60 * MIN;
        plan_visit(k, visit);
        kit_do(k, "visits.guest_add",
               "{\"id\":\"%s\",\"name\":\"Lê Khách\",\"doc_kind\":\"id_card\",\"doc_number\":"
               "\"001090012345\"}",
               visit);
        kit_id(k, guest);
        kit_member(k, "holder", who, sizeof who);
        kit_do(k, "visits.invite", "{\"id\":\"%s\"}", guest);
        kit_member(k, "code", code, sizeof code);
        wrote x = {how ? "" : who,
                   how == 2 ? code : "",
                   "in",
                   base,
                   0,
                   how == 1 ? "001090012345" : NULL,
                   NULL};
        put(w, &w->t[0], &x, &v[0]);
        x.way = "out";
        x.told_us = base + 20 * MIN;
        put(w, &w->t[0], &x, &v[1]);
        assert_int_equal(merge(w, &w->t[0], v, 2, vg_now_us()), VG_OK);
        assert_non_null(strstr(k->reply, "\"unknown\":0"));
        kit_wait(k, "SELECT count(*) FROM visit WHERE state = 'left'", 1);
        assert_int_equal(kit_int(k, "SELECT arrived_at FROM visit_guest") / MIN, base / MIN);
        assert_int_equal(kit_int(k, "SELECT (left_at - arrived_at) / 60000000 FROM visit_guest"),
                         20);
        kit_same_after_rebuild(k);
        close_world(w);
    }
}

// By what he showed nobody knew him; who he is was said the day after, or while he is inside.
static void somebody_unknown_proves_to_be_expected(void **state)
{
    (void)state;
    enum { INSIDE, LEFT, IN_BY_HIMSELF };
    for (int how = INSIDE; how <= IN_BY_HIMSELF; how++) {
        world *w = open_world();
        kit *k = w->k;
        piece v[1];
        char visit[VG_ID_TEXT], who[VG_ID_TEXT], was[VG_ID_TEXT];
        const int64_t base = vg_now_us() - 60 * MIN;
        plan_visit(k, visit);
        kit_do(k, "visits.guest_add", "{\"id\":\"%s\",\"name\":\"Lê Khách\"}", visit);
        kit_member(k, "holder", who, sizeof who);
        put(w, &w->t[0],
            how == IN_BY_HIMSELF ? &(wrote){who, "", "in", base, 0}
                                 : &(wrote){"", "nguoi la", "in", base, 0},
            &v[0]);
        assert_int_equal(merge(w, &w->t[0], v, 1, vg_now_us()), VG_OK);
        if (how == IN_BY_HIMSELF) {
            kit_wait(k, "SELECT count(*) FROM visit WHERE state = 'arrived'", 1);
            put(w, &w->t[0], &(wrote){"", "nguoi la", "out", base + 20 * MIN, 0}, &v[0]);
            assert_int_equal(merge(w, &w->t[0], v, 1, vg_now_us()), VG_OK);
        }
        snprintf(was, sizeof was, "%s",
                 kit_text(k, "SELECT id FROM gate_holder WHERE class = 'unknown'"));
        if (how == LEFT) {
            put(w, &w->t[0], &(wrote){was, "", "out", base + 20 * MIN, 0}, &v[0]);
            assert_int_equal(merge(w, &w->t[0], v, 1, vg_now_us()), VG_OK);
        }
        assert_int_equal(kit_int(k, "SELECT count(*) FROM visit_guest WHERE state = 'expected'"),
                         how != IN_BY_HIMSELF);
        kit_do(k, "gate.resolve", "{\"id\":\"%s\",\"holder\":\"%s\"}", was, who);
        kit_wait(k,
                 how == INSIDE ? "SELECT count(*) FROM visit WHERE state = 'arrived'"
                               : "SELECT count(*) FROM visit WHERE state = 'left'",
                 1);
        assert_in_range(kit_int(k, "SELECT arrived_at FROM visit_guest"), base - MIN, base + MIN);
        if (how != INSIDE) {
            assert_in_range(kit_int(k, "SELECT (left_at - arrived_at) / 60000000 FROM visit_guest"),
                            19, 20);
        }
        kit_same_after_rebuild(k);
        close_world(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vehicle_is_ticked_off_and_is_one_vehicle),
        cmocka_unit_test(a_plate_nobody_expected_is_unknown_and_one_out_of_time_too),
        cmocka_unit_test(a_visitor_who_came_and_left_is_ticked_off),
        cmocka_unit_test(somebody_unknown_proves_to_be_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
