// SPDX-License-Identifier: Apache-2.0
// How a desk fares with its alarms (EEMUA 191, ISA-18.2, IEC 62682). The desk is what the asking person may see: an
// officer's position is exactly the alarms that reach him; a site or an agency narrows it. The load is given as a
// distribution over slots of ten minutes, because a mean hides floods. Alarms are measured, never the people who
// answer them. Reads the cube and the slots (tally.c) and the open alerts: no history.
#include "domain/alerts/figures.h"

enum { SLOTS_SHOWN = 60, FLOODS_SHOWN = 10, WORST = 10 };

const vg_field alerts_performance_fields[] = {
    {"days", VG_F_INT, .min = 1, .max = 366},
    {"site", VG_F_ID},
    {"agency", VG_F_ID},
    {NULL},
};

// --- now ----------------------------------------------------------------------------------------
static vg_status one(vg_read *rd, const alerts_period *p, const char *sql, int64_t a, int64_t b,
                     int64_t *ret, vg_err *err)
{
    return vg_one_i64(rd->db, sql, VG_VALS(vg_i(a), vg_i(b), p->v[2], p->v[3]), 0, ret, err);
}

#define OPEN_ALERTS \
    "FROM v_alert a WHERE a.state IN ('open', 'acknowledged') AND a.test = 0 AND a.world = 0"

static vg_status write_now(vg_read *rd, const alerts_period *p, const alerts_standards *s,
                           vg_err *err)
{
    int64_t last = 0, standing = 0, stale = 0;
    vg_jw *w = &rd->out;
    const int64_t since = p->now_us - ALARM_SLOT_S * VG_SECOND_US;
    const int64_t old = p->now_us - s->stale_h * 3600 * VG_SECOND_US;
    VG_TRY(one(rd, p,
               "SELECT count(*) FROM v_alert a WHERE a.last_at >= ?1 AND a.raised_at BETWEEN ?1"
               " AND ?2 AND a.test = 0 AND a.world = 0" ALARM_SCOPE("a.site"),
               since, p->now_us, &last, err));
    VG_TRY(one(rd, p, "SELECT count(*) " OPEN_ALERTS " AND ?1 < ?2" ALARM_SCOPE("a.site"), 0, 1,
               &standing, err));
    VG_TRY(one(rd, p,
               "SELECT count(*) " OPEN_ALERTS
               " AND a.raised_at BETWEEN ?1 AND ?2" ALARM_SCOPE("a.site"),
               0, old, &stale, err));
    vg_jw_key(w, "now");
    vg_jw_open(w, '{');
    vg_jw_ktime(w, "at", p->now_us);
    vg_jw_ki64(w, "last_10_min", last);
    vg_jw_kbool(w, "flood", last > s->flood);
    vg_jw_ki64(w, "standing", standing);
    vg_jw_ki64(w, "stale", stale);
    vg_jw_close(w, '}');
    return VG_OK;
}

// --- the load -----------------------------------------------------------------------------------
typedef struct flood {
    int64_t first, last, n, peak;  // slots
} flood;

typedef struct load {
    int64_t slots;                  // of the period, those without alarms too
    int64_t with[SLOTS_SHOWN + 1];  // slots with so many alarms; the last counts all beyond
    int64_t n, max, flood, busy;    // flood: slots above the limit; busy: above what is acceptable
    flood floods[FLOODS_SHOWN];     // the latest ones
    int64_t n_floods;
} load;

static void take_slot(load *l, int64_t slot, int64_t n, const alerts_standards *s)
{
    l->with[n < SLOTS_SHOWN ? n : SLOTS_SHOWN]++;
    l->n += n;
    l->max = n > l->max ? n : l->max;
    l->busy += n > s->acceptable;
    if (n <= s->flood) {
        return;
    }
    l->flood++;
    flood *f = &l->floods[(l->n_floods + FLOODS_SHOWN - 1) % FLOODS_SHOWN];
    if (l->n_floods == 0 || f->last != slot - 1) {
        f = &l->floods[l->n_floods++ % FLOODS_SHOWN];
        *f = (flood){.first = slot};
    }
    f->last = slot;
    f->n += n;
    f->peak = n > f->peak ? n : f->peak;
}

// Watching began when the first site was entered; what was before is no quiet time.
static vg_status watched_from(vg_read *rd, alerts_period *p, vg_err *err)
{
    int64_t began = 0;
    VG_TRY(vg_one_i64(rd->db,
                      "SELECT COALESCE(min(s.at), 0) FROM v_site s WHERE (?1 = '' OR s.id = ?1)"
                      " AND (?2 = '' OR s.agency = ?2)",
                      VG_VALS(p->v[2], p->v[3]), 0, &began, err));
    // A demonstration's alarms are older than its sites.
    int64_t first = began;
    VG_TRY(one(rd, p,
               "SELECT COALESCE(min(d.day), 0) FROM v_alert_day d WHERE " ALARM_DAYS " AND d.n > 0",
               p->first_day, p->last_day, &first, err));
    const int64_t first_us =
        first ? (first * ALARM_DAY_S - ALARM_EAST_S) * VG_SECOND_US : p->now_us;
    began = first_us < began ? first_us : began;
    p->from_us = began > p->from_us ? began : p->from_us;
    return VG_OK;
}

static int64_t slot_of(int64_t us)
{
    return (us / VG_SECOND_US + ALARM_EAST_S) / ALARM_SLOT_S;
}

static vg_status read_load(vg_read *rd, const alerts_period *p, const alerts_standards *s, load *l,
                           vg_err *err)
{
    vg_rows *r;
    const int64_t first = slot_of(p->from_us), last = slot_of(p->to_us);
    int64_t with_any = 0;
    VG_TRY(vg_rows_open(rd->db,
                        "SELECT d.slot, sum(d.n) FROM v_alert_slot d WHERE d.world = 0 AND d.slot"
                        " BETWEEN ?1 AND ?2" ALARM_SCOPE("d.site") " GROUP BY d.slot ORDER BY"
                                                                   " d.slot",
                        VG_VALS(vg_i(first), vg_i(last), p->v[2], p->v[3]), &r, err));
    while (vg_rows_next(r)) {
        take_slot(l, vg_row_i64(r, 0), vg_row_i64(r, 1), s);
        with_any++;
    }
    l->slots = last - first + 1;
    l->with[0] = l->slots - with_any;
    return vg_rows_close(r, err);
}

// The number of alarms that so much of the time is not exceeded.
static int64_t quantile(const load *l, double share)
{
    int64_t seen = 0;
    for (int64_t n = 0; n < SLOTS_SHOWN; n++) {
        seen += l->with[n];
        if ((double)seen >= share * (double)l->slots) {
            return n;
        }
    }
    return l->max;
}

static void slot_time(vg_jw *w, const char *key, int64_t slot)
{
    vg_jw_ktime(w, key, (slot * ALARM_SLOT_S - ALARM_EAST_S) * VG_SECOND_US);
}

static void write_load(vg_jw *w, const load *l)
{
    vg_jw_key(w, "load");
    vg_jw_open(w, '{');
    vg_jw_ki64(w, "slots", l->slots);
    vg_jw_ki64(w, "alarms", l->n);
    vg_jw_ki64(w, "max", l->max);
    vg_jw_ki64(w, "median", quantile(l, .5));
    vg_jw_ki64(w, "p90", quantile(l, .9));
    vg_jw_ki64(w, "p99", quantile(l, .99));
    alerts_jw_f64(w, "mean", (double)l->n / (double)l->slots);
    alerts_jw_f64(w, "flood_share", (double)l->flood / (double)l->slots);
    alerts_jw_f64(w, "busy_share", (double)l->busy / (double)l->slots);
    vg_jw_ki64(w, "flood_slots", l->flood);
    vg_jw_key(w, "distribution");
    vg_jw_open(w, '[');
    for (int64_t n = 0; n <= SLOTS_SHOWN && n <= l->max; n++) {
        vg_jw_i64(w, l->with[n]);
    }
    vg_jw_close(w, ']');
    vg_jw_ki64(w, "floods", l->n_floods);
    vg_jw_key(w, "last_floods");
    vg_jw_open(w, '[');
    for (int64_t i = l->n_floods - 1; i >= 0 && i >= l->n_floods - FLOODS_SHOWN; i--) {
        const flood *f = &l->floods[i % FLOODS_SHOWN];
        vg_jw_open(w, '{');
        slot_time(w, "from", f->first);
        slot_time(w, "to", f->last + 1);
        vg_jw_ki64(w, "alarms", f->n);
        vg_jw_ki64(w, "peak", f->peak);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
    vg_jw_close(w, '}');
}

// --- rows of the cube ---------------------------------------------------------------------------
// Sums every table of bad actors ends with; absorbed alarms called, but are another's for the record.
#define SUMS                                                      \
    " sum(d.n) AS total, sum(d.chattering), sum(d.fleeting),"     \
    " sum(CASE WHEN d.disposition = 'real' THEN d.n ELSE 0 END)," \
    " sum(CASE WHEN d.disposition LIKE 'false_%' THEN d.n ELSE 0 END)"
#define TOP " GROUP BY 1 HAVING total > 0 ORDER BY total DESC, 1 LIMIT 10"

static const struct {
    const char *name, *sql;  // id, title, title_en, site, site_name and the sums
} worst[] = {
    {"sources", "SELECT d.source, max(s.name), NULL, max(d.site), max(w.name)," SUMS
                " FROM v_alert_day d LEFT JOIN v_source s ON s.id = d.source"
                " LEFT JOIN v_site w ON w.id = d.site WHERE d.source <> '' AND " ALARM_DAYS TOP},
    {"rules", "SELECT d.rule, max(r.title_vi), max(r.title_en), NULL, NULL," SUMS
              " FROM v_alert_day d LEFT JOIN v_rule r ON r.name = d.rule WHERE " ALARM_DAYS TOP},
    {"sites",
     "SELECT d.site, max(w.name), NULL, NULL, NULL," SUMS
     " FROM v_alert_day d LEFT JOIN v_site w ON w.id = d.site WHERE d.site <> '' AND " ALARM_DAYS
         TOP},
};

static void text_or_null(vg_jw *w, const char *key, vg_rows *r, int col)
{
    vg_jw_key(w, key);
    if (vg_row_null(r, col)) {
        vg_jw_null(w);
    } else {
        vg_jw_str(w, vg_row_str(r, col));
    }
}

static vg_status write_worst(vg_read *rd, const alerts_period *p, size_t i, int64_t all,
                             vg_err *err)
{
    vg_rows *r;
    vg_jw *w = &rd->out;
    VG_TRY(vg_rows_open(rd->db, worst[i].sql, p->v, VG_LEN(p->v), &r, err));
    vg_jw_key(w, worst[i].name);
    vg_jw_open(w, '[');
    while (vg_rows_next(r)) {
        vg_jw_open(w, '{');
        vg_jw_kstr(w, "id", vg_row_str(r, 0));
        text_or_null(w, "title", r, 1);
        text_or_null(w, "title_en", r, 2);
        text_or_null(w, "site", r, 3);
        text_or_null(w, "site_name", r, 4);
        vg_jw_ki64(w, "n", vg_row_i64(r, 5));
        alerts_jw_f64(w, "share", all ? (double)vg_row_i64(r, 5) / (double)all : 0);
        vg_jw_ki64(w, "chattering", vg_row_i64(r, 6));
        vg_jw_ki64(w, "fleeting", vg_row_i64(r, 7));
        vg_jw_ki64(w, "real", vg_row_i64(r, 8));
        vg_jw_ki64(w, "false", vg_row_i64(r, 9));
        alerts_jw_share(w, vg_row_i64(r, 9), vg_row_i64(r, 8));
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
    return vg_rows_close(r, err);
}

static vg_status write_total(vg_read *rd, const alerts_period *p, int64_t *ret_all, vg_err *err)
{
    vg_rows *r;
    vg_jw *w = &rd->out;
    static const char *const names[] = {"n", "chattering", "fleeting", "real", "false"};
    VG_TRY(vg_rows_open(rd->db, "SELECT" SUMS " FROM v_alert_day d WHERE " ALARM_DAYS, p->v,
                        VG_LEN(p->v), &r, err));
    vg_jw_key(w, "total");
    vg_jw_open(w, '{');
    *ret_all = 0;
    if (vg_rows_next(r)) {
        *ret_all = vg_row_i64(r, 0);
        for (int i = 0; i < (int)VG_LEN(names); i++) {
            vg_jw_ki64(w, names[i], vg_row_i64(r, i));
        }
        alerts_jw_share(w, vg_row_i64(r, 4), vg_row_i64(r, 3));
    }
    vg_jw_close(w, '}');
    return vg_rows_close(r, err);
}

// Signs of devices that came and went within a minute; those never make an alert end by themselves.
static vg_status write_signs(vg_read *rd, const alerts_period *p, vg_err *err)
{
    int64_t n = 0;
    VG_TRY(one(rd, p,
               "SELECT COALESCE(sum(h.fleeting), 0) FROM v_zone_hour h JOIN v_zone z ON z.id ="
               " h.zone WHERE h.world = 0 AND h.hour BETWEEN ?1 AND ?2" ALARM_SCOPE("z.site"),
               p->first_day * 24, p->last_day * 24 + 23, &n, err));
    vg_jw_ki64(&rd->out, "fleeting_signs", n);
    return VG_OK;
}

static vg_status write_levels(vg_read *rd, const alerts_period *p, int64_t all, vg_err *err)
{
    vg_rows *r;
    int64_t n[4] = {0};
    vg_jw *w = &rd->out;
    VG_TRY(vg_rows_open(
        rd->db, "SELECT d.rank, sum(d.n) FROM v_alert_day d WHERE " ALARM_DAYS " GROUP BY d.rank",
        p->v, VG_LEN(p->v), &r, err));
    while (vg_rows_next(r)) {
        n[vg_row_i64(r, 0) & 3] = vg_row_i64(r, 1);
    }
    vg_jw_key(w, "levels");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < VG_LEN(n); i++) {
        vg_jw_open(w, '{');
        vg_jw_kz(w, "level", alerts_levels[i]);
        vg_jw_ki64(w, "n", n[i]);
        alerts_jw_f64(w, "share", all ? (double)n[i] / (double)all : 0);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
    return vg_rows_close(r, err);
}

static vg_status write_days(vg_read *rd, const alerts_period *p, vg_err *err)
{
    vg_rows *r;
    vg_jw *w = &rd->out;
    VG_TRY(vg_rows_open(rd->db,
                        "SELECT d.day, sum(d.n), sum(CASE WHEN d.disposition LIKE 'false_%' THEN"
                        " d.n ELSE 0 END) FROM v_alert_day d WHERE " ALARM_DAYS
                        " GROUP BY d.day ORDER BY d.day",
                        p->v, VG_LEN(p->v), &r, err));
    vg_jw_key(w, "days");
    vg_jw_open(w, '[');
    while (vg_rows_next(r)) {
        vg_jw_open(w, '{');
        vg_jw_ktime(w, "day", (vg_row_i64(r, 0) * ALARM_DAY_S - ALARM_EAST_S) * VG_SECOND_US);
        vg_jw_ki64(w, "n", vg_row_i64(r, 1));
        vg_jw_ki64(w, "false", vg_row_i64(r, 2));
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
    return vg_rows_close(r, err);
}

vg_status alerts_performance(vg_read *rd, const vg_args *args, vg_err *err)
{
    alerts_period p;
    alerts_standards s;
    load l = {0};
    int64_t all = 0;
    alerts_period_of(vg_arg_i64(args, "days", 7), vg_arg_str(args, "site"),
                     vg_arg_str(args, "agency"), &p);
    vg_jw_open(&rd->out, '{');
    VG_TRY(watched_from(rd, &p, err));
    vg_jw_ktime(&rd->out, "from", p.from_us);
    vg_jw_ktime(&rd->out, "to", p.to_us);
    VG_TRY(alerts_standards_of(rd, p.now_us, &s, err));
    VG_TRY(write_now(rd, &p, &s, err));
    VG_TRY(read_load(rd, &p, &s, &l, err));
    write_load(&rd->out, &l);
    VG_TRY(write_total(rd, &p, &all, err));
    VG_TRY(write_signs(rd, &p, err));
    VG_TRY(write_levels(rd, &p, all, err));
    for (size_t i = 0; i < VG_LEN(worst); i++) {
        VG_TRY(write_worst(rd, &p, i, all, err));
    }
    VG_TRY(write_days(rd, &p, err));
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}
