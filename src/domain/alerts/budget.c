// SPDX-License-Identifier: Apache-2.0
// The false-alarm budget: how many false alarms a month a desk, or a site, accepts. People set it, knowing that fewer
// means later. It is compared with what was closed as false in the last thirty days; whether the difference is more
// than chance is said by the Poisson tail. Nothing is ever done with it by itself: it is a measure, and the ground on
// which a threshold can be proposed (usual.c) for a person to write into a rule.
#include "domain/alerts/figures.h"

#include "solve/surveil.h"

#include <math.h>

enum { MONTH_DAYS = 30, MONTH_HOURS = 720 };

const vg_field alerts_budget_set_fields[] = {
    {"site", VG_F_ID},
    {"accepted", VG_F_INT, .min = 0, .max = 10000},
    {NULL},
};
const vg_field alerts_budget_fields[] = {
    {"site", VG_F_ID},
    {NULL},
};

VG_HANDLER(alerts_budget_set)
{
    vg_site_ref site = {.id = "", .agency = cx->who->agency};
    int32_t label = 0;
    if (vg_arg_has(args, "site")) {
        VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "alerts.budget_own", &site, err));
        VG_TRY(vg_require_own(cx, "alerts.budget", site.id, site.agency, err));
    } else {
        VG_TRY(vg_require_own(cx, "alerts.budget", VG_EVERYWHERE, site.agency, err));
    }
    if (!*site.agency) {
        return vg_fail(err, VG_EINVALID, "site", "alerts.budget_whose", "%s", "");
    }
    VG_TRY(vg_label_of(cx, site.agency, VG_C_SHARED, site.id, VG_S_NORMAL, &label, err));
    const char *id = *site.id ? site.id : site.agency;
    vg_body(cx);
    vg_body_args(cx, args, "site");
    vg_jw_kz(&cx->body, "agency", site.agency);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    VG_TRY(vg_say(cx, &(vg_saying){"alerts.budget_set", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

// Without a number it is withdrawn.
VG_FOLDER(alerts_on_budget_set)
{
    if (vg_js_i64(e->body, "accepted", -1) < 0) {
        return vg_put(ap, e, "DELETE FROM alarm_budget WHERE id = ?", "@subject", err);
    }
    return vg_put(ap, e,
                  "INSERT INTO alarm_budget (id, agency, site, accepted, set_by, at, label, world)"
                  " VALUES (?, ?, COALESCE(?, ''), ?, COALESCE(?, ''), ?, ?, ?)"
                  " ON CONFLICT (id) DO UPDATE SET accepted = excluded.accepted,"
                  " set_by = excluded.set_by, at = excluded.at",
                  "@subject agency @site accepted by @at @label @world", err);
}

// --- expected against measured ------------------------------------------------------------------
typedef struct measured {
    int64_t n, n_false, n_real, zones, days;
} measured;

static vg_status measure(vg_read *rd, const alerts_period *p, measured *ret, vg_err *err)
{
    vg_rows *r;
    int64_t first = 0;
    *ret = (measured){0};
    VG_TRY(vg_rows_open(
        rd->db,
        "SELECT COALESCE(sum(d.n), 0), COALESCE(sum(CASE WHEN d.disposition LIKE 'false_%' THEN"
        " d.n ELSE 0 END), 0), COALESCE(sum(CASE WHEN d.disposition = 'real' THEN d.n ELSE 0 END),"
        " 0), COALESCE(min(d.day), 0) FROM v_alert_day d WHERE " ALARM_DAYS,
        p->v, VG_LEN(p->v), &r, err));
    if (vg_rows_next(r)) {
        *ret = (measured){
            .n = vg_row_i64(r, 0), .n_false = vg_row_i64(r, 1), .n_real = vg_row_i64(r, 2)};
        first = vg_row_i64(r, 3);
    }
    VG_TRY(vg_rows_close(r, err));
    ret->days = first ? p->last_day - first + 1 : 0;
    return vg_one_i64(rd->db,
                      "SELECT count(*) FROM v_zone z WHERE z.state = 'active' AND (?1 = '' OR"
                      " z.site = ?1)",
                      VG_VALS(p->v[2]), 0, &ret->zones, err);
}

static void write_measured(vg_jw *w, const measured *m, int64_t accepted)
{
    vg_jw_ki64(w, "alarms", m->n);
    vg_jw_ki64(w, "measured", m->n_false);
    vg_jw_ki64(w, "days", m->days);
    vg_jw_ki64(w, "zones", m->zones);
    alerts_jw_share(w, m->n_false, m->n_real);
    if (accepted < 0) {
        return;
    }
    const double expected = (double)accepted * (double)m->days / MONTH_DAYS;
    const double p = vg_tail(m->n_false, expected, (double)INFINITY);
    alerts_jw_f64(w, "expected", expected);
    alerts_jw_f64(w, "chance", p);
    vg_jw_kz(w, "verdict",
             m->days == 0                    ? "unknown"
             : p < .05                       ? "over"
             : (double)m->n_false > expected ? "near"
                                             : "within");
    // How long one place may watch, hour by hour, between two false alarms.
    alerts_jw_f64(w, "arl0_hours", vg_budget_arl0((double)m->zones, MONTH_HOURS, (double)accepted));
}

// The desk's own is the asker's agency's; of sites, all that he may see.
vg_status alerts_budget(vg_read *rd, const vg_args *args, vg_err *err)
{
    vg_rows *r;
    vg_status st = VG_OK;
    alerts_period p;
    measured m;
    vg_jw *w = &rd->out;
    const vg_str site = vg_arg_str(args, "site");
    alerts_period_of(MONTH_DAYS, site, (vg_str){0}, &p);
    VG_TRY(measure(rd, &p, &m, err));
    vg_jw_open(w, '{');
    vg_jw_kstr(w, "site", site);
    int64_t accepted = -1;
    VG_TRY(vg_rows_open(rd->db,
                        "SELECT b.accepted, b.at, COALESCE(u.name, '') FROM v_alarm_budget b LEFT"
                        " JOIN v_user_account u ON u.id = b.set_by WHERE b.id = CASE WHEN ?1 = ''"
                        " THEN ?2 ELSE ?1 END AND b.site = ?1",
                        VG_VALS(vg_t(site), vg_z(rd->who->agency)), &r, err));
    if (vg_rows_next(r)) {
        accepted = vg_row_i64(r, 0);
        vg_jw_ki64(w, "accepted", accepted);
        vg_jw_ktime(w, "set_at", vg_row_i64(r, 1));
        vg_jw_kstr(w, "set_by_name", vg_row_str(r, 2));
    }
    VG_TRY(vg_rows_close(r, err));
    write_measured(w, &m, accepted);
    vg_jw_key(w, "sites");
    vg_jw_open(w, '[');
    VG_TRY(vg_rows_open(rd->db,
                        "SELECT b.site, s.name, b.accepted FROM v_alarm_budget b JOIN v_site s ON"
                        " s.id = b.site WHERE ?1 = '' ORDER BY s.name LIMIT 200",
                        VG_VALS(vg_t(site)), &r, err));
    while (st == VG_OK && vg_rows_next(r)) {
        p.v[2] = vg_t(vg_str_dup(rd->arena, vg_row_str(r, 0)));
        st = measure(rd, &p, &m, err);
        vg_jw_open(w, '{');
        vg_jw_kstr(w, "site", p.v[2].s);
        vg_jw_kstr(w, "site_name", vg_row_str(r, 1));
        vg_jw_ki64(w, "accepted", vg_row_i64(r, 2));
        write_measured(w, &m, vg_row_i64(r, 2));
        vg_jw_close(w, '}');
    }
    const vg_status closed = vg_rows_close(r, st == VG_OK ? err : NULL);
    vg_jw_close(w, ']');
    vg_jw_close(w, '}');
    return st == VG_OK ? closed : st;
}
