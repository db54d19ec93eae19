// SPDX-License-Identifier: Apache-2.0
// One question to the law module's table: which number was in force on a day. Whoever asks keeps the answer and its
// basis in the event it writes, so that a fold asks nothing and a later change of the law moves nothing old.
#include "domain/term.h"

#include "domain/day.h"

vg_status vg_term_on(vg_cx *cx, const char *code, int day, vg_term *ret, vg_err *err)
{
    char text[VG_DAY_TEXT];
    vg_rows *r;
    vg_day_text(day, text);
    *ret = (vg_term){0};
    VG_TRY(
        vg_rows_open(cx->db,
                     "SELECT value, unit, ref FROM law_term WHERE code = ? AND ? BETWEEN"
                     " valid_from AND COALESCE(valid_to, '9999') ORDER BY valid_from DESC LIMIT 1",
                     VG_VALS(vg_z(code), vg_z(text)), &r, err));
    if (vg_rows_next(r)) {
        *ret = (vg_term){vg_row_i64(r, 0), vg_str_dup(cx->arena, vg_row_str(r, 1)),
                         vg_str_dup(cx->arena, vg_row_str(r, 2)), true};
    }
    return vg_rows_close(r, err);
}

int vg_term_ends(const vg_term *t, int day)
{
    if (vg_str_eqc(t->unit, "working_day")) {
        return vg_day_add_working(day, t->value);
    }
    const vg_day_unit unit = vg_str_eqc(t->unit, "year")    ? VG_DAY_YEAR
                             : vg_str_eqc(t->unit, "month") ? VG_DAY_MONTH
                                                            : VG_DAY_DAY;
    return vg_day_add(day, t->value, unit);
}
