// SPDX-License-Identifier: Apache-2.0
// The two-person area on a real node: nobody is left alone in it unnoticed, and those who stay must make a pair still.
#include "domain/gate/terminal_kit_test.h"

typedef struct vault {
    world *w;
    char area[VG_ID_TEXT], door[VG_ID_TEXT];
    char who[3][VG_ID_TEXT];
} vault;

static vault open_vault(void)
{
    vault v = {.w = open_world()};
    kit *k = v.w->k;
    kit_do(k, "gate.area_add",
           "{\"site\":\"%s\",\"name\":\"Kho tiền\",\"parent\":\"%s\",\"alone_s\":120}", k->site,
           v.w->yard);
    kit_id(k, v.area);
    kit_do(k, "gate.point_add",
           "{\"site\":\"%s\",\"name\":\"Cửa kho\",\"outer\":\"%s\",\"inner\":\"%s\",\"lane\":"
           "\"both\"}",
           k->site, v.w->yard, v.area);
    kit_id(k, v.door);
    for (size_t i = 0; i < VG_LEN(v.who); i++) {
        char name[32], code[16];
        snprintf(name, sizeof name, "Người %zu", i);
        snprintf(code, sizeof code, "N-%zu", i);
        holder(v.w, name, code, v.who[i]);
    }
    return v;
}

static void through(const vault *v, const char *who, const char *way, int64_t at_us)
{
    char when[VG_TIME_TEXT];
    vg_time_rfc3339(at_us, when);
    assert_int_equal(kit_try(v->w->k, v->w->guard, "gate.record",
                             "{\"id\":\"%s\",\"holder\":\"%s\",\"way\":\"%s\",\"moved\":\"%s\"}",
                             v->door, who, way, when),
                     VG_OK);
}

#define TOLD "SELECT count(*) FROM event WHERE kind = 'gate.alone'"
#define DUE "SELECT count(*) FROM deadline WHERE kind = 'gate.alone'"

static void who_is_alone_too_long_is_told_once(void **state)
{
    (void)state;
    vault v = open_vault();
    kit *k = v.w->k;
    const int64_t base = (vg_now_us() / MIN - 60) * MIN;
    through(&v, v.who[0], "in", base);
    kit_wait(k, TOLD, 1);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'left_alone' AND level = 'high'", 1);
    assert_int_equal(kit_int(k, "SELECT since FROM gate_alone"), base);
    // It stays in what is due; what else happens there tells it no second time.
    assert_int_equal(kit_int(k, DUE), 1);
    assert_int_equal(kit_try(k, v.w->guard, "gate.pass",
                             "{\"id\":\"%s\",\"badge\":\"N-2\",\"way\":\"in\"}", v.w->gate),
                     VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM gate_alone WHERE state = 'over'"), 1);
    // A second one takes it away; the one who is left then is another matter.
    through(&v, v.who[1], "in", base + 10 * MIN);
    assert_int_equal(kit_int(k, DUE), 0);
    through(&v, v.who[0], "out", base + 20 * MIN);
    kit_wait(k, TOLD, 2);
    assert_int_equal(kit_int(k, "SELECT since FROM gate_alone"), base + 20 * MIN);
    through(&v, v.who[1], "out", base + 30 * MIN);
    assert_int_equal(kit_int(k, DUE), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM gate_alone"), 0);
    assert_int_equal(kit_int(k, TOLD), 2);
    kit_same_after_rebuild(k);
    close_world(v.w);
}

static void in_time_or_no_longer_asked_for_is_not_told(void **state)
{
    (void)state;
    vault v = open_vault();
    kit *k = v.w->k;
    const int64_t now = vg_now_us() - MIN / 60;
    through(&v, v.who[0], "in", now);
    assert_int_equal(kit_int(k, "SELECT due - since FROM gate_alone"), 2 * MIN);
    assert_int_equal(kit_int(k, DUE), 1);
    through(&v, v.who[0], "out", vg_now_us());
    assert_int_equal(kit_int(k, DUE), 0);
    // Told in the wrong order, what is over is over.
    through(&v, v.who[1], "out", now - 10 * MIN);
    through(&v, v.who[0], "out", now - 11 * MIN);
    through(&v, v.who[1], "in", now - 20 * MIN);
    assert_int_equal(kit_int(k, DUE), 0);
    kit_do(k, "gate.area_update", "{\"id\":\"%s\",\"alone_s\":0}", v.area);
    through(&v, v.who[2], "in", now - 5 * MIN);
    assert_int_equal(kit_int(k, DUE), 0);
    assert_int_equal(kit_int(k, TOLD), 0);
    kit_same_after_rebuild(k);
    close_world(v.w);
}

static const char *asked(const vault *v, const char *point, const char *who, const char *way)
{
    assert_int_equal(kit_try(v->w->k, v->w->guard, "gate.ask",
                             "{\"id\":\"%s\",\"holder\":\"%s\",\"way\":\"%s\"}", point, who, way),
                     VG_OK);
    return v->w->k->reply;
}

static void those_who_stay_make_a_pair(void **state)
{
    (void)state;
    vault v = open_vault();
    kit *k = v.w->k;
    const int64_t base = vg_now_us() - 5 * MIN;
    const char *lists[] = {"a", "a", "b"};
    for (size_t i = 0; i < VG_LEN(v.who); i++) {
        kit_do(k, "gate.list_add", "{\"id\":\"%s\",\"list\":\"%s\",\"holder\":\"%s\"}", v.area,
               lists[i], v.who[i]);
        through(&v, v.who[i], "in", base + (int64_t)i);
    }
    assert_non_null(strstr(asked(&v, v.door, v.who[0], "out"), "\"say\":\"green\""));
    assert_non_null(strstr(asked(&v, v.door, v.who[2], "out"), "\"code\":\"pair_left_no_b\""));
    assert_non_null(strstr(k->reply, "\"say\":\"ask\""));
    // Two are left: then it is whether one would be alone.
    through(&v, v.who[0], "out", base + MIN);
    assert_non_null(strstr(asked(&v, v.door, v.who[2], "out"), "\"code\":\"leaves_one_alone\""));
    assert_null(strstr(k->reply, "pair_left"));
    close_world(v.w);
}

// As the list of areas shows it: so many people, and vehicles apart.
static void a_vehicle_takes_nobodys_place(void **state)
{
    (void)state;
    vault v = open_vault();
    kit *k = v.w->k;
    char van[VG_ID_TEXT], other[VG_ID_TEXT];
    kit_do(k, "gate.area_update", "{\"id\":\"%s\",\"most\":1,\"alone_s\":0}", v.area);
    kit_do(k, "gate.holder_add", "{\"site\":\"%s\",\"kind\":\"vehicle\",\"name\":\"29A-433.74\"}",
           k->site);
    kit_id(k, van);
    kit_do(k, "gate.holder_add", "{\"site\":\"%s\",\"kind\":\"vehicle\",\"name\":\"29A-433.75\"}",
           k->site);
    kit_id(k, other);
    through(&v, van, "in", vg_now_us() - MIN);
    assert_null(strstr(asked(&v, v.door, v.who[0], "in"), "area_full"));
    through(&v, v.who[0], "in", vg_now_us() - MIN / 60);
    assert_non_null(strstr(asked(&v, v.door, v.who[1], "in"), "\"detail\":\"1/1\""));
    assert_null(strstr(asked(&v, v.door, other, "in"), "area_full"));
    // An airlock holds one, whatever it is.
    through(&v, v.who[0], "out", vg_now_us());
    kit_do(k, "gate.area_update", "{\"id\":\"%s\",\"airlock\":true}", v.area);
    assert_non_null(strstr(asked(&v, v.door, v.who[1], "in"), "\"code\":\"airlock_taken\""));
    close_world(v.w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_alone_too_long_is_told_once),
        cmocka_unit_test(in_time_or_no_longer_asked_for_is_not_told),
        cmocka_unit_test(those_who_stay_make_a_pair),
        cmocka_unit_test(a_vehicle_takes_nobodys_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
