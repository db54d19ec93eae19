// SPDX-License-Identifier: Apache-2.0
// What became of a rule's alarms: per version and site, over so many days, what people said it was. The share of false
// ones is of those that somebody judged true or false; tests, duplicates, what nobody knows and what nobody has said
// yet are told beside it and weigh nothing. Statistics only: no threshold ever follows from it by itself.
#include "domain/alerts/figures.h"

const vg_field alerts_records_fields[] = {
    {"days", VG_F_INT, .min = 1, .max = 366},
    {"site", VG_F_ID},
    {"agency", VG_F_ID},
    {"rule", VG_F_TEXT, .max = 64},
    {NULL},
};

static const char *const figures[] = {"real", "false_device", "false_person",
                                      "test", "duplicate",    "unknown"};

static const char SQL[] =
    "SELECT d.rule, d.rule_version, d.site, max(w.name), max(r.title_vi), max(r.title_en),"
    " max(CASE WHEN r.version = d.rule_version AND r.state = 'active' THEN 1 ELSE 0 END), sum(d.n),"
    " sum(CASE WHEN d.disposition = 'real' THEN d.n ELSE 0 END),"
    " sum(CASE WHEN d.disposition = 'false_device' THEN d.n ELSE 0 END),"
    " sum(CASE WHEN d.disposition = 'false_person' THEN d.n ELSE 0 END),"
    " sum(CASE WHEN d.disposition = 'test' THEN d.n ELSE 0 END),"
    " sum(CASE WHEN d.disposition = 'duplicate' THEN d.n ELSE 0 END),"
    " sum(CASE WHEN d.disposition = 'unknown' THEN d.n ELSE 0 END)"
    " FROM v_alert_day d LEFT JOIN v_site w ON w.id = d.site LEFT JOIN v_rule r ON r.name = d.rule"
    " WHERE d.disposition <> 'absorbed' AND (?5 = '' OR d.rule = ?5) AND " ALARM_DAYS
    " GROUP BY d.rule, d.rule_version, d.site HAVING sum(d.n) > 0"
    " ORDER BY sum(d.n) DESC, d.rule, d.rule_version, d.site LIMIT 1000";

static void write_row(vg_jw *w, vg_rows *r)
{
    static const char *const texts[] = {"rule",      "version",  "site",
                                        "site_name", "title_vi", "title_en"};
    const int first = (int)VG_LEN(texts) + 2;
    int64_t said = 0;
    vg_jw_open(w, '{');
    for (int i = 0; i < (int)VG_LEN(texts); i++) {
        vg_jw_kstr(w, texts[i], vg_row_str(r, i));
    }
    vg_jw_kbool(w, "in_force", vg_row_i64(r, first - 2) != 0);
    vg_jw_ki64(w, "n", vg_row_i64(r, first - 1));
    for (int i = 0; i < (int)VG_LEN(figures); i++) {
        vg_jw_ki64(w, figures[i], vg_row_i64(r, first + i));
        said += vg_row_i64(r, first + i);
    }
    vg_jw_ki64(w, "unsaid", vg_row_i64(r, first - 1) - said);
    const int64_t n_false = vg_row_i64(r, first + 1) + vg_row_i64(r, first + 2);
    vg_jw_ki64(w, "false", n_false);
    alerts_jw_share(w, n_false, vg_row_i64(r, first));
    vg_jw_close(w, '}');
}

vg_status alerts_records(vg_read *rd, const vg_args *args, vg_err *err)
{
    alerts_period p;
    vg_rows *r;
    alerts_period_of(vg_arg_i64(args, "days", 90), vg_arg_str(args, "site"),
                     vg_arg_str(args, "agency"), &p);
    VG_TRY(vg_rows_open(rd->db, SQL,
                        VG_VALS(p.v[0], p.v[1], p.v[2], p.v[3], vg_t(vg_arg_str(args, "rule"))), &r,
                        err));
    vg_jw_open(&rd->out, '{');
    vg_jw_ki64(&rd->out, "days", p.last_day - p.first_day + 1);
    vg_jw_key(&rd->out, "items");
    vg_jw_open(&rd->out, '[');
    while (vg_rows_next(r)) {
        write_row(&rd->out, r);
    }
    vg_jw_close(&rd->out, ']');
    vg_jw_close(&rd->out, '}');
    return vg_rows_close(r, err);
}
