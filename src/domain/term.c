// SPDX-License-Identifier: Apache-2.0
// One question to the law module's table: which number was in force on a day. Whoever asks keeps the answer and its
// basis in the event it writes, so that a fold asks nothing and a later change of the law moves nothing old. What a level
// of secrecy needs of it (a last day, a reminder) is here once for papers, statements and whatever else takes a level.
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

// --- levels of secrecy ----------------------------------------------------------------------------
enum { NOTICE_DAYS = 60 };
static const char *const OF_LEVEL[] = {NULL, "secret.term.mat", "secret.term.toi_mat",
                                       "secret.term.tuyet_mat"};

static vg_status longest(vg_cx *cx, int64_t level, int day, vg_term *ret, vg_err *err)
{
    *ret = (vg_term){0};
    return level > 0 && level < (int64_t)VG_LEN(OF_LEVEL)
               ? vg_term_on(cx, OF_LEVEL[level], day, ret, err)
               : VG_OK;
}

static vg_status say_when(vg_cx *cx, int last, vg_level_term *ret, vg_err *err)
{
    vg_term notice;
    VG_TRY(vg_term_on(cx, "secret.extend_notice", vg_day_of(cx->now_us), &notice, err));
    ret->last = last;
    vg_day_text(last, ret->until);
    ret->remind_us = vg_day_start_us(last - (notice.known ? (int)notice.value : NOTICE_DAYS));
    return VG_OK;
}

vg_status vg_level_term_on(vg_cx *cx, int64_t level, int from, vg_str until, vg_level_term *ret,
                           vg_err *err)
{
    vg_term law;
    int last = 0;
    *ret = (vg_level_term){.ref = {"", 0}};
    VG_TRY(longest(cx, level, from, &law, err));
    if (until.n) {
        VG_TRY(vg_day_parse(until, "until", &last, err));
        if (!level || last <= from || (law.known && last > vg_term_ends(&law, from))) {
            return vg_fail(err, VG_EINVALID, "until", "level.until", "%s", "");
        }
    } else if (law.known) {
        last = vg_term_ends(&law, from);
    } else if (level) {
        return vg_fail(err, VG_EINVALID, "until", "err.field_missing", "%s", "until");
    }
    if (law.known) {
        ret->ref = law.ref;
    }
    return level && last ? say_when(cx, last, ret, err) : VG_OK;
}

vg_status vg_level_term_said(vg_cx *cx, int64_t level, int from, vg_str until, vg_level_term *ret,
                             vg_err *err)
{
    vg_term law;
    int last = 0;
    VG_TRY(longest(cx, level, from, &law, err));
    VG_TRY(vg_day_parse(until, "until", &last, err));
    *ret = (vg_level_term){.ref = law.known ? law.ref : VG_S("")};
    return say_when(cx, last, ret, err);
}

vg_status vg_level_prolong(vg_cx *cx, int64_t level, vg_str old, vg_str until, vg_level_term *ret,
                           bool *ret_late, vg_err *err)
{
    vg_term law;
    int last = 0, to = 0;
    vg_level_term was = {0};
    const int today = vg_day_of(cx->now_us);
    if (!level || !old.n) {
        return vg_fail(err, VG_ECONFLICT, "id", "level.no_term", "%s", "");
    }
    VG_TRY(vg_day_parse(old, "until", &last, err));
    VG_TRY(vg_day_parse(until, "until", &to, err));
    VG_TRY(longest(cx, level, today, &law, err));
    if (to <= last || (law.known && to > vg_term_ends(&law, last))) {
        return vg_fail(err, VG_EINVALID, "until", "level.prolong_until", "%s", "");
    }
    VG_TRY(say_when(cx, last, &was, err));
    *ret_late = vg_day_start_us(today) > was.remind_us;
    *ret = (vg_level_term){.ref = law.known ? law.ref : VG_S("")};
    return say_when(cx, to, ret, err);
}
