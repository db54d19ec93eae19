// SPDX-License-Identifier: Apache-2.0
// Between the core's facts (texts) and the expression language (types). One place, so that a rule and a
// checklist read the same fact alike.
#include "domain/facts.h"

#include "base/clock.h"
#include "core/module.h"

size_t vg_fact_names(vg_xname *v, size_t max)
{
    static const vg_xtype types[] = {[VG_FACT_YESNO] = VG_X_BOOL,
                                     [VG_FACT_TEXT] = VG_X_TEXT,
                                     [VG_FACT_NUMBER] = VG_X_NUMBER,
                                     [VG_FACT_TIME] = VG_X_TIME,
                                     [VG_FACT_SECONDS] = VG_X_DURATION};
    const vg_module *m;
    size_t n = 0;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_fact_def *f = m->facts; f && f->name && n < max; f++) {
            v[n++] = (vg_xname){
                .name = f->name, .type = types[f->type], .keyed = !f->single, .words = f->words};
        }
    }
    return n;
}

static vg_xvalue number_of(vg_str s)
{
    char z[40], *end = NULL;
    if (!s.n || s.n >= sizeof z) {
        return vg_x_unknown(VG_X_NUMBER);
    }
    snprintf(z, sizeof z, "%.*s", VG_FMT(s));
    const double d = strtod(z, &end);
    return *end ? vg_x_unknown(VG_X_NUMBER) : vg_x_number(d);
}

vg_xvalue vg_fact_value(const vg_xname *x, vg_str s)
{
    int64_t t = 0;
    switch (x->type) {
    case VG_X_BOOL:
        return vg_str_eqc(s, "yes")  ? vg_x_bool(true)
               : vg_str_eqc(s, "no") ? vg_x_bool(false)
                                     : vg_x_unknown(VG_X_BOOL);
    case VG_X_NUMBER:
        return number_of(s);
    case VG_X_TIME:
        return vg_time_parse(s, &t, NULL) == VG_OK ? vg_x_int(VG_X_TIME, t)
                                                   : vg_x_unknown(VG_X_TIME);
    case VG_X_DURATION:
        return vg_str_i64(s, 0, INT32_MAX, &t, NULL) == VG_OK
                   ? vg_x_int(VG_X_DURATION, t * VG_SECOND_US)
                   : vg_x_unknown(VG_X_DURATION);
    case VG_X_TEXT:
        return s.n ? vg_x_text(s) : vg_x_unknown(VG_X_TEXT);
    default:
        return vg_x_unknown(x->type);
    }
}
