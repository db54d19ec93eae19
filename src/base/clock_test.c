// SPDX-License-Identifier: Apache-2.0
// The calendar against the C library's timegm and gmtime_r over random moments (seed printed; VG_SEED sets
// it), and what is no time at all.
#include "base/clock.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/prop_test.h"

static int64_t below(vg_prop *p, uint64_t n)
{
    return (int64_t)vg_prop_below(p, n);
}

static void test_against_libc(void **state)
{
    vg_prop *p = *state;
    for (int i = 0; i < 200000; i++) {
        const time_t t =
            (time_t)(below(p, UINT64_C(12622780800)) - INT64_C(2208988800));  // 1900-2300
        struct tm tm;
        int c[6];
        gmtime_r(&t, &tm);
        vg_time_split((int64_t)t * VG_SECOND_US, 0, c);
        assert_true(c[0] == tm.tm_year + 1900 && c[1] == tm.tm_mon + 1 && c[2] == tm.tm_mday);
        assert_true(c[3] == tm.tm_hour && c[4] == tm.tm_min && c[5] == tm.tm_sec);
        assert_true(vg_time_civil(c[0], c[1], c[2], c[3], c[4], c[5]) ==
                    (int64_t)timegm(&tm) * VG_SECOND_US);
    }
}

static void test_round_trip(void **state)
{
    vg_prop *p = *state;
    for (int i = 0; i < 50000; i++) {
        const int64_t us = below(p, UINT64_C(8000000000000000)) - INT64_C(1000000000000000);
        char text[VG_TIME_TEXT];
        int64_t back;
        vg_time_rfc3339(us, text);
        assert_int_equal(vg_time_parse(vg_str_c(text), &back, NULL), VG_OK);
        assert_true(back == us);
    }
}

static void test_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0},         {"1970-01-01t07:00:00+07:00", 0},
        {"1970-01-01T00:00:00.5Z", 500000},  {"1970-01-01T00:00:00.1234567Z", 123456},
        {"1969-12-31T23:59:59.999999Z", -1}, {"2024-02-29T00:00:00-00:30", 1709166600000000},
    };
    static const char *const bad[] = {"",
                                      "2024-02-30T00:00:00Z",
                                      "2023-02-29T00:00:00Z",
                                      "1900-02-29T00:00:00Z",
                                      "2024-01-01T24:00:00Z",
                                      "2024-01-01 00:00:00Z",
                                      "2024-01-01T00:00:00",
                                      "2024-01-01T00:00:00.Z",
                                      "2024-01-01T00:00:00+7:00",
                                      "2024-13-01T00:00:00Z",
                                      "2024-01-01T00:60:00Z",
                                      "2024-01-01T00:00:00Zx",
                                      "2024-01-01T00:00:00+24:00",
                                      "2024-01-01T00:00:00.00000000000000000000000000Z"};
    int64_t us;
    for (size_t i = 0; i < VG_LEN(good); i++) {
        assert_int_equal(vg_time_parse(vg_str_c(good[i].text), &us, NULL), VG_OK);
        assert_true(us == good[i].us);
    }
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        vg_err err = {0};
        assert_int_equal(vg_time_parse(vg_str_c(bad[i]), &us, &err), VG_EINVALID);
    }
}

int main(void)
{
    vg_prop p = vg_prop_seed("clock");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_against_libc, &p),
        cmocka_unit_test_prestate(test_round_trip, &p),
        cmocka_unit_test(test_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
