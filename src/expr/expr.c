// SPDX-License-Identifier: Apache-2.0
// The door of the language: compile = read, parse, check, make the program; and Viet Nam's clock, which is
// +07:00 all year (no daylight saving, so a time of day comes once a day).
#include "expr/expr_impl.h"

vg_status vg_expr_compile(vg_arena *a, const vg_xschema *schema, vg_str text,
                          const vg_xorigin *origin, const vg_expr **ret, vg_err *err)
{
    if (text.n > VG_X_BYTES) {
        return vg_fail(err, VG_ETOOBIG, "", "expr.err.too_long", "%zu", text.n);
    }
    vg_expr *x = vg_arena_get(a, sizeof *x);
    if (!x) {
        return vg_fail(err, VG_ETOOBIG, "", "expr.err.too_long", "%zu", text.n);
    }
    const vg_str own =
        vg_str_dup(a, text);  // words in messages and names outlive the caller's text
    reader r = {.arena = a,
                .schema = schema,
                .origin = origin,
                .text = own,
                .line = 1,
                .column = 1,
                .err = err};
    node *root = own.p || !text.n ? expr_parse(&r) : NULL;
    if (root) {
        expr_check(&r, root);
    }
    if (root && r.st == VG_OK) {
        x->root = root;
        expr_program(&r, x);
    }
    if (r.st == VG_OK && !root) {
        return vg_fail(err, VG_ETOOBIG, "", "expr.err.too_long", "%zu", text.n);
    }
    if (r.st == VG_OK) {
        *ret = x;
    }
    return r.st;
}

const vg_xname *vg_expr_name(const vg_expr *x, size_t i)
{
    return i < x->n_names ? x->names[i] : NULL;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t local(int64_t us)
{
    int64_t v = 0;
    return __builtin_add_overflow(us, OFFSET_MIN * 60 * VG_SECOND_US, &v) ? us : v;
}

vg_xvalue vg_x_clock_of(int64_t us)
{
    const int64_t v = local(us), day = floor_div(v, DAY_US);
    return us ? vg_x_int(VG_X_CLOCK, (v - day * DAY_US) / VG_SECOND_US) : vg_x_unknown(VG_X_CLOCK);
}

vg_xvalue vg_x_day_of(int64_t us)
{
    const int64_t days = floor_div(local(us), DAY_US) + 3;  // 1970-01-01 was a Thursday
    return us ? vg_x_int(VG_X_DAY, days - floor_div(days, 7) * 7) : vg_x_unknown(VG_X_DAY);
}

vg_xvalue vg_x_date_of(int64_t us)
{
    return us ? vg_x_int(VG_X_DATE, floor_div(local(us), DAY_US)) : vg_x_unknown(VG_X_DATE);
}
