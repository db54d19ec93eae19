// SPDX-License-Identifier: Apache-2.0
// The wait by point and part of the day: what the middle and the slowest tenth are, that few answers make no figure, and
// when a part of the day begins.
#include "domain/gatetests/service.h"

#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#define SECOND INT64_C(1000000)
#define MIDNIGHT (INT64_C(20000) * 86400 * SECOND - 7 * 3600 * SECOND)  // in Viet Nam
#define AT(h, m) (MIDNIGHT + ((h)*60 + (m)) * 60 * SECOND)

typedef struct told {
    vg_arena *a;
    gatetests_service s, queue;
    gatetests_checks c;
    vg_buf b;
} told;

static told *open_told(void)
{
    told *t = vg_alloc(sizeof *t);
    *t = (told){.a = vg_arena_create(1 << 20)};
    vg_buf_init(&t->b, 4096);
    return t;
}

static const char *text(told *t)
{
    vg_buf_reset(&t->b);
    vg_jw w = vg_jw_on(&t->b);
    vg_jw_open(&w, '[');
    gatetests_service_json(&w, &t->s, &t->queue, "p", VG_S("Cổng"));
    gatetests_checks_json(&w, &t->c, "p", VG_S("Cổng"));
    vg_jw_close(&w, ']');
    return vg_str_z(t->a, vg_buf_str(&t->b));
}

static void close_told(told *t)
{
    vg_buf_done(&t->b);
    vg_arena_destroy(t->a);
    free(t);
}

static void half_and_nine_tenths(void **state)
{
    (void)state;
    told *t = open_told();
    for (int i = 1; i <= 10; i++) {
        gatetests_count(t->a, &t->s, AT(7, i) - i * SECOND, AT(7, i));
    }
    gatetests_count(t->a, &t->s, 0, AT(7, 11));  // not timed: passes, but waits nowhere
    const char *got = text(t);
    assert_non_null(
        strstr(got, "\"band\":\"morning\",\"n\":10,\"half_ms\":5000,\"ninety_ms\":9000"));
    assert_non_null(strstr(got, "\"busiest\":5"));
    close_told(t);
}

static void few_make_no_figure_and_those_turned_away_count(void **state)
{
    (void)state;
    told *t = open_told();
    for (int i = 0; i < 4; i++) {
        gatetests_count_turned(t->a, &t->s, AT(23, i) - SECOND / 2, AT(23, i));
    }
    gatetests_count_turned(t->a, &t->s, AT(23, 9), AT(23, 8));  // asked after it was decided
    assert_non_null(strstr(text(t), "\"band\":\"night\",\"n\":4,\"queue_n\":0,\"busiest\":0"));
    gatetests_count_turned(t->a, &t->s, AT(23, 5) - 3600 * SECOND, AT(23, 5));
    assert_non_null(strstr(text(t), "\"n\":5,\"half_ms\":500,\"ninety_ms\":599000"));
    close_told(t);
}

static void who_waits_to_be_looked_at(void **state)
{
    (void)state;
    told *t = open_told();
    for (int i = 1; i <= 5; i++) {
        gatetests_count_turned(t->a, &t->queue, AT(15, i) - i * 10 * SECOND, AT(15, i));
    }
    assert_non_null(strstr(text(t),
                           "\"band\":\"afternoon\",\"n\":0,\"queue_n\":5,\"queue_half_ms\":"
                           "30000,\"queue_ninety_ms\":50000,\"busiest\":0"));
    close_told(t);
}

static void checks_left_out_by_point_and_part_of_the_day(void **state)
{
    (void)state;
    told *t = open_told();
    for (int i = 0; i < 8; i++) {
        gatetests_count_checks(&t->c, VG_S("[]"), AT(7, i));
    }
    gatetests_count_checks(&t->c,
                           VG_S("[{\"say\":\"ask\",\"code\":\"rules_unread\"},"
                                "{\"say\":\"ask\",\"code\":\"no_escort\",\"detail\":\"120\"}]"),
                           AT(7, 9));
    gatetests_count_checks(&t->c, VG_S("[{\"say\":\"ask\",\"code\":\"certificate_over\"}]"),
                           AT(7, 10));
    gatetests_count_checks(&t->c, VG_S("[{\"say\":\"ask\",\"code\":\"passback\"}]"), AT(23, 0));
    const char *got = text(t);
    // Wilson's interval of 2 in 10.
    assert_non_null(strstr(got, "\"band\":\"morning\",\"n\":10,\"without\":2,\"low\":0.0566822,"
                                "\"high\":0.509838,\"rules\":1,\"certificate\":1,\"pass\":0,"
                                "\"escort\":1"));
    assert_non_null(strstr(got, "\"band\":\"night\",\"n\":1,\"without\":0,"));
    close_told(t);
}

static void parts_of_the_day(void **state)
{
    (void)state;
    const struct {
        int64_t at;
        int band;
    } cases[] = {{AT(5, 59), 2},  {AT(6, 0), 0},  {AT(13, 59), 0}, {AT(14, 0), 1},
                 {AT(21, 59), 1}, {AT(22, 0), 2}, {AT(0, 0), 2}};
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        assert_int_equal(gatetests_band(cases[i].at), cases[i].band);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_and_nine_tenths),
        cmocka_unit_test(few_make_no_figure_and_those_turned_away_count),
        cmocka_unit_test(who_waits_to_be_looked_at),
        cmocka_unit_test(checks_left_out_by_point_and_part_of_the_day),
        cmocka_unit_test(parts_of_the_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
