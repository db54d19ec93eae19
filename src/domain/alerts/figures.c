// SPDX-License-Identifier: Apache-2.0
// The period, the scope and the standards of every question about alarms. Standards are terms of the law module
// (alarm.*), with the day they hold and where they come from; what the law table does not know is not judged by.
#include "domain/alerts/figures.h"

#include "domain/day.h"
#include "solve/surveil.h"

void alerts_period_of(int64_t days, vg_str site, vg_str agency, alerts_period *ret)
{
    const int64_t now = vg_now_us(), today = vg_day_of(now);
    *ret = (alerts_period){.now_us = now, .first_day = today - days + 1, .last_day = today};
    ret->from_us = vg_day_start_us((int)ret->first_day);
    ret->to_us = now;
    ret->v[0] = vg_i(ret->first_day);
    ret->v[1] = vg_i(ret->last_day);
    ret->v[2] = vg_t(site);
    ret->v[3] = vg_t(agency);
}

vg_status alerts_standards_of(vg_read *rd, int64_t now_us, alerts_standards *ret, vg_err *err)
{
    char today[VG_DAY_TEXT];
    vg_rows *r;
    vg_day_text(vg_day_of(now_us), today);
    *ret = (alerts_standards){.acceptable = INT64_MAX, .flood = INT64_MAX, .stale_h = INT32_MAX};
    VG_TRY(vg_rows_open(rd->db,
                        "SELECT code, value, unit, ref, certainty FROM v_law_term WHERE code LIKE"
                        " 'alarm.%' AND ? BETWEEN valid_from AND COALESCE(valid_to, '9999') ORDER"
                        " BY valid_from",
                        VG_VALS(vg_z(today)), &r, err));
    vg_jw_key(&rd->out, "standards");
    vg_jw_open(&rd->out, '[');
    while (vg_rows_next(r)) {
        const vg_str code = vg_row_str(r, 0);
        const struct {
            const char *code;
            int64_t *to;
        } wanted[] = {{"alarm.acceptable", &ret->acceptable},
                      {"alarm.flood", &ret->flood},
                      {"alarm.stale", &ret->stale_h}};
        for (size_t i = 0; i < VG_LEN(wanted); i++) {
            if (vg_str_eqc(code, wanted[i].code)) {
                *wanted[i].to = vg_row_i64(r, 1);
            }
        }
        vg_jw_open(&rd->out, '{');
        vg_jw_kstr(&rd->out, "code", code);
        vg_jw_ki64(&rd->out, "value", vg_row_i64(r, 1));
        vg_jw_kstr(&rd->out, "unit", vg_row_str(r, 2));
        vg_jw_kstr(&rd->out, "ref", vg_row_str(r, 3));
        vg_jw_kstr(&rd->out, "certainty", vg_row_str(r, 4));
        vg_jw_close(&rd->out, '}');
    }
    vg_jw_close(&rd->out, ']');
    return vg_rows_close(r, err);
}

void alerts_jw_f64(vg_jw *w, const char *key, double v)
{
    vg_jw_key(w, key);
    vg_jw_f64(w, v);
}

void alerts_jw_share(vg_jw *w, int64_t n_false, int64_t n_real)
{
    double low, high;
    const int64_t judged = n_false + n_real;
    vg_wilson(n_false, judged, &low, &high);
    vg_jw_ki64(w, "judged", judged);
    if (judged) {
        alerts_jw_f64(w, "share_false", (double)n_false / (double)judged);
        alerts_jw_f64(w, "low", low);
        alerts_jw_f64(w, "high", high);
    }
}
