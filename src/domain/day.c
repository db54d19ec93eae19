// SPDX-License-Identifier: Apache-2.0
// Arithmetic of whole days. Days are counted from 1970-01-01; the calendar itself is base/clock's. A term in months
// or years ends on the same date of the later month, or on its last day where there is no such date.
#include "domain/day.h"

#include "base/clock.h"

enum { OFFSET_MIN = 7 * 60, YEAR_MIN = 1900, YEAR_MAX = 2999 };

static const int64_t DAY_US = 86400 * VG_SECOND_US;

static int of_civil(int year, int month, int day)
{
    const int64_t us = vg_time_civil(year, month, day, 0, 0, 0);
    return (int)(us >= 0 ? us / DAY_US : -((-us + DAY_US - 1) / DAY_US));
}

static void split(int day, int out[6])
{
    vg_time_split((int64_t)day * DAY_US, 0, out);
}

vg_status vg_day_parse(vg_str s, const char *field, int *ret_day, vg_err *err)
{
    int64_t part[3] = {0};
    const size_t at[3] = {0, 5, 8}, len[3] = {4, 2, 2};
    bool good = s.n == VG_DAY_TEXT - 1 && s.p[4] == '-' && s.p[7] == '-';
    for (size_t i = 0; good && i < 3; i++) {
        good = s.p[at[i]] >= '0' && s.p[at[i]] <= '9' &&
               vg_str_i64((vg_str){s.p + at[i], len[i]}, 1, YEAR_MAX, &part[i], NULL) == VG_OK;
    }
    if (good && part[0] >= YEAR_MIN && part[1] <= 12 && part[2] <= 31) {
        char text[VG_DAY_TEXT];
        const int day = of_civil((int)part[0], (int)part[1], (int)part[2]);
        vg_day_text(day, text);
        if (vg_str_eqc(s, text)) {  // the calendar has such a day
            *ret_day = day;
            return VG_OK;
        }
    }
    return vg_fail(err, VG_EINVALID, field, "err.field_day", "%.*s", VG_FMT(s));
}

void vg_day_text(int day, char out[VG_DAY_TEXT])
{
    int c[6];
    split(day, c);
    snprintf(out, VG_DAY_TEXT, "%04d-%02d-%02d", c[0], c[1], c[2]);
}

int vg_day_of(int64_t us)
{
    const int64_t local = us + OFFSET_MIN * 60 * VG_SECOND_US;
    return (int)(local >= 0 ? local / DAY_US : -((-local + DAY_US - 1) / DAY_US));
}

int64_t vg_day_start_us(int day)
{
    return (int64_t)day * DAY_US - OFFSET_MIN * 60 * VG_SECOND_US;
}

static int month_days(int year, int month)
{
    return month == 12 ? 31 : of_civil(year, month + 1, 1) - of_civil(year, month, 1);
}

int vg_day_add_working(int day, int64_t n)
{
    while (n > 0) {
        const int of_week =
            (++day % 7 + 7) % 7;  // 1970-01-01 was a Thursday: 2 and 3 are the weekend
        n -= of_week != 2 && of_week != 3;
    }
    return day;
}

int vg_day_add(int day, int64_t n, vg_day_unit unit)
{
    int c[6];
    if (unit == VG_DAY_DAY) {
        return day + (int)n;
    }
    split(day, c);
    const int64_t months = (int64_t)c[0] * 12 + c[1] - 1 + (unit == VG_DAY_YEAR ? 12 * n : n);
    const int year = (int)(months / 12), month = (int)(months % 12) + 1;
    const int most = month_days(year, month);
    return of_civil(year, month, c[2] < most ? c[2] : most);
}
