// SPDX-License-Identifier: Apache-2.0
// Calendar arithmetic by Howard Hinnant's days_from_civil (proleptic Gregorian), so that neither the
// C library's locale nor its time zone files take part.
#include "base/clock.h"

enum { VN_OFFSET_MIN = 7 * 60 };

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;
    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * VG_SECOND_US + ts.tv_nsec / 1000;
}

int64_t vg_now_us(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t vg_mono_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t days_from_civil(int64_t y, int m, int d)
{
    y -= m <= 2;
    const int64_t era = (y >= 0 ? y : y - 399) / 400;
    const int64_t yoe = y - era * 400;
    const int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    const int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

int64_t vg_time_civil(int year, int month, int day, int hour, int min, int sec)
{
    const int64_t days = days_from_civil(year, month, day);
    return (((days * 24 + hour) * 60 + min) * 60 + sec) * VG_SECOND_US;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

void vg_time_split(int64_t us, int offset_min, int out[6])
{
    const int64_t s = floor_div(us, VG_SECOND_US) + (int64_t)offset_min * 60;
    const int64_t days = floor_div(s, 86400);
    const int64_t rem = s - days * 86400;
    const int64_t z = days + 719468;
    const int64_t era = floor_div(z, 146097);
    const int64_t doe = z - era * 146097;
    const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int64_t mp = (5 * doy + 2) / 153;
    out[2] = (int)(doy - (153 * mp + 2) / 5 + 1);
    out[1] = (int)(mp < 10 ? mp + 3 : mp - 9);
    out[0] = (int)(yoe + era * 400 + (out[1] <= 2));
    out[3] = (int)(rem / 3600);
    out[4] = (int)(rem / 60 % 60);
    out[5] = (int)(rem % 60);
}

void vg_time_rfc3339(int64_t us, char out[VG_TIME_TEXT])
{
    int c[6];
    vg_time_split(us, VN_OFFSET_MIN, c);
    const int frac = (int)(us - floor_div(us, VG_SECOND_US) * VG_SECOND_US);
    snprintf(out, VG_TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%06d+07:00", c[0] % 10000, c[1],
             c[2], c[3], c[4], c[5], frac);
}

static bool digits(const char *p, int n, int *ret)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return false;
        }
        v = v * 10 + (p[i] - '0');
    }
    *ret = v;
    return true;
}

static bool days_ok(int y, int m, int d)
{
    static const int dm[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return m >= 1 && m <= 12 && d >= 1 && d <= dm[m - 1] + (m == 2 && leap);
}

static bool parse_offset(vg_str s, int *ret_min)
{
    int h, m;
    if (s.n == 1 && (s.p[0] == 'Z' || s.p[0] == 'z')) {
        *ret_min = 0;
        return true;
    }
    if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' || !digits(s.p + 1, 2, &h) ||
        !digits(s.p + 4, 2, &m) || h > 23 || m > 59) {
        return false;
    }
    *ret_min = (s.p[0] == '-' ? -1 : 1) * (h * 60 + m);
    return true;
}

static bool parse(vg_str s, int64_t *ret_us)
{
    int y, mo, d, h, mi, se, off;
    if (s.n < 20 || s.n > 40 || s.p[4] != '-' || s.p[7] != '-' || (s.p[10] | 0x20) != 't' ||
        s.p[13] != ':' || s.p[16] != ':' || !digits(s.p, 4, &y) || !digits(s.p + 5, 2, &mo) ||
        !digits(s.p + 8, 2, &d) || !digits(s.p + 11, 2, &h) || !digits(s.p + 14, 2, &mi) ||
        !digits(s.p + 17, 2, &se) || !days_ok(y, mo, d) || h > 23 || mi > 59 || se > 60) {
        return false;
    }
    size_t i = 19;
    int64_t frac = 0;
    if (s.p[i] == '.') {
        int64_t unit = 100000;
        const size_t first = ++i;
        for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++, unit /= 10) {
            frac += (s.p[i] - '0') * unit;
        }
        if (i == first) {
            return false;
        }
    }
    if (!parse_offset((vg_str){s.p + i, s.n - i}, &off)) {
        return false;
    }
    *ret_us = vg_time_civil(y, mo, d, h, mi, se) - (int64_t)off * 60 * VG_SECOND_US + frac;
    return true;
}

vg_status vg_time_parse(vg_str s, int64_t *ret_us, vg_err *err)
{
    if (!parse(s, ret_us)) {
        return vg_fail(err, VG_EINVALID, "", "err.time_format", "%.*s", (int)(s.n > 40 ? 40 : s.n),
                       s.p);
    }
    return VG_OK;
}
