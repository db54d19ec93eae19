// SPDX-License-Identifier: Apache-2.0
// A number in an XLSX is a double and a format. Dates are days since 1899-12-30 (or 1904) that only the format
// tells from other numbers; a format of zeros ("0000") is how people keep zeros in front. Everything else is
// shown as what was typed: 912345678, not 9.12345678E8.
#include "base/clock.h"
#include "sheet/sheet_impl.h"

#include <math.h>

static bool is_date_code(vg_str code)
{
    bool quote = false, bracket = false;
    for (size_t i = 0; i < code.n; i++) {
        const char c = code.p[i];
        if (c == '\\' || c == '_' || c == '*') {
            i++;
        } else if (c == '"') {
            quote = !quote;
        } else if (c == '[' || c == ']') {
            bracket = c == '[';
        } else if (!quote && !bracket && strchr("dDmMyYhHsS", c)) {
            return true;
        }
    }
    return false;
}

int xlsx_format_of(int id, vg_str code)
{
    if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
        (id >= 50 && id <= 58)) {
        return XLSX_DATE;
    }
    size_t zeros = 0;
    while (zeros < code.n && code.p[zeros] == '0') {
        zeros++;
    }
    if (zeros >= 2 && zeros <= 30 && zeros == code.n) {
        return XLSX_DIGITS + (int)zeros;
    }
    return is_date_code(code) ? XLSX_DATE : XLSX_PLAIN;
}

static vg_cell_kind as_date(double v, bool from_1904, char out[48])
{
    int at[6];
    const double days = v + (from_1904 ? 1462 : 0);
    const int64_t seconds = (int64_t)floor(days * 86400 + 0.5);
    const int64_t us = vg_time_civil(1899, 12, 30, 0, 0, 0) + seconds * VG_SECOND_US;
    vg_time_split(us, 0, at);
    if (seconds % 86400 == 0) {
        snprintf(out, 48, "%02d/%02d/%04d", at[2], at[1], at[0]);
    } else {
        snprintf(out, 48, "%02d/%02d/%04d %02d:%02d:%02d", at[2], at[1], at[0], at[3], at[4],
                 at[5]);
    }
    return VG_CELL_DATE;
}

vg_cell_kind xlsx_number(vg_str raw, int format, bool from_1904, char out[48])
{
    char z[48], *end;
    snprintf(z, sizeof z, "%.*s", (int)(raw.n > 46 ? 46 : raw.n), raw.p);
    const double v = strtod(z, &end);
    if (end == z || *end || !isfinite(v)) {
        snprintf(out, 48, "%s", z);
        return VG_CELL_TEXT;
    }
    if (format == XLSX_DATE && v >= 1 && v < 2958466) {  // up to the year 9999
        return as_date(v, from_1904, out);
    }
    if (v == floor(v) && fabs(v) < 1e15) {
        const int digits = format > XLSX_DIGITS ? format - XLSX_DIGITS : 1;
        snprintf(out, 48, "%0*lld", digits > 30 ? 30 : digits, (long long)v);
        return format > XLSX_DIGITS ? VG_CELL_TEXT : VG_CELL_NUMBER;
    }
    snprintf(out, 48, "%.15g", v);
    return VG_CELL_NUMBER;
}
