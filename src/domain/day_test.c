// SPDX-License-Identifier: Apache-2.0
// Whole days: the calendar against itself on drawn days, and the ends of months.
#include "domain/day.h"

#include "base/clock.h"
#include "base/prop_test.h"

#include <setjmp.h>
#include <cmocka.h>

static int day(const char *text)
{
    int d = 0;
    vg_err err = {0};
    assert_int_equal(vg_day_parse(vg_str_c(text), "day", &d, &err), VG_OK);
    return d;
}

static void what_is_no_day_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",           "2026-02-29", "2026-13-01", "2026-00-10",
                                      "2026-1-01",  "2026/01/01", "2026-01-32", "26-01-01",
                                      "2026-01-1x", "0026-01-01", "2026-01-01 "};
    int d = 0;
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        vg_err err = {0};
        assert_int_equal(vg_day_parse(vg_str_c(bad[i]), "from", &d, &err), VG_EINVALID);
        assert_string_equal(err.field, "from");
    }
    assert_int_equal(day("2024-02-29") - day("2024-02-28"), 1);
    assert_int_equal(day("1970-01-01"), 0);
}

static void a_term_ends_on_the_same_date_or_the_last(void **state)
{
    (void)state;
    assert_int_equal(vg_day_add(day("2026-01-31"), 1, VG_DAY_MONTH), day("2026-02-28"));
    assert_int_equal(vg_day_add(day("2024-02-29"), 1, VG_DAY_YEAR), day("2025-02-28"));
    assert_int_equal(vg_day_add(day("2025-11-30"), 12, VG_DAY_MONTH), day("2026-11-30"));
    assert_int_equal(vg_day_add(day("2026-03-31"), -1, VG_DAY_MONTH), day("2026-02-28"));
    assert_int_equal(vg_day_add(day("2026-12-31"), 60, VG_DAY_DAY), day("2027-03-01"));
}

static void weekends_do_not_count(void **state)
{
    (void)state;
    assert_int_equal(vg_day_add_working(day("2026-11-27"), 2), day("2026-12-01"));  // Friday
    assert_int_equal(vg_day_add_working(day("2026-11-28"), 1), day("2026-11-30"));  // Saturday
    assert_int_equal(vg_day_add_working(day("2026-11-29"), 10), day("2026-12-11"));
    assert_int_equal(vg_day_add_working(day("2026-11-30"), 20), day("2026-12-28"));
    assert_int_equal(vg_day_add_working(day("1969-12-31"), 2), day("1970-01-02"));
}

static void the_day_begins_in_viet_nam(void **state)
{
    (void)state;
    int64_t us = 0;
    vg_err err = {0};
    assert_int_equal(vg_time_parse(VG_S("2026-11-21T17:00:00Z"), &us, &err), VG_OK);
    assert_int_equal(vg_day_of(us), day("2026-11-22"));
    assert_int_equal(vg_day_of(us - 1), day("2026-11-21"));
    assert_int_equal(vg_day_start_us(day("2026-11-22")), us);
}

static void text_and_number_are_one(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("day");
    for (int i = 0; i < 20000; i++) {
        const int d = (int)vg_prop_below(&p, 300000) - 20000;
        char text[VG_DAY_TEXT], next[VG_DAY_TEXT];
        vg_day_text(d, text);
        vg_day_text(d + 1, next);
        assert_int_equal(day(text), d);
        assert_true(strcmp(text, next) < 0);  // texts order as days do
        assert_int_equal(vg_day_of(vg_day_start_us(d)), d);
        const int later = vg_day_add(d, 13, VG_DAY_MONTH);
        assert_in_range(later - d, 393, 397);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_day_is_refused),
        cmocka_unit_test(a_term_ends_on_the_same_date_or_the_last),
        cmocka_unit_test(weekends_do_not_count),
        cmocka_unit_test(the_day_begins_in_viet_nam),
        cmocka_unit_test(text_and_number_are_one),
    };
    return cmocka_run_group_tests_name("domain.day", tests, NULL, NULL);
}
