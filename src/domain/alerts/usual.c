// SPDX-License-Identifier: Apache-2.0
// What is usual at a place for one kind of sign, hour by hour of the week, and what follows: how surprising the last
// day was, and which count the false-alarm budget would let a counting rule start from. Learnt from eight weeks of
// zone_hour (the sites module's), the last day left out; with fewer than four weeks it says nothing. A proposal is
// shown, never applied: a person writes it into a new version of the rule, and reports that patrols make themselves
// are counted like any other, so that who proposes must know the place.
#include "domain/alerts/figures.h"

#include "solve/surveil.h"

#include <math.h>

enum { WEEKS = 8, WEEKS_NEEDED = 4, LAST_H = 24, STREAMS_MAX = 400, SHOWN = 100 };
enum { HOURS = WEEKS * VG_WEEK_HOURS + LAST_H };

const vg_field alerts_usual_fields[] = {
    {"site", VG_F_ID},
    {"window_min", VG_F_INT, .min = 1, .max = 1440},
    {NULL},
};

typedef struct stream {
    vg_str zone, kind, zone_name, site_name;
    int64_t first;  // hour from which the place was watched
    int64_t n;      // in the weeks learnt from
    vg_baseline usual;
    int64_t peak_hour, peak_n;  // the least likely hour of the last day; n 0: none
    double peak_p;
} stream;

typedef struct learning {
    int64_t now;     // this hour, not over yet
    double *counts;  // HOURS, the last one just over
    stream *v;
    size_t n;
} learning;

// Hour 0 of 1970 in Viet Nam was a Thursday's.
static int of_week(int64_t hour)
{
    return (int)((hour + 72) % VG_WEEK_HOURS);
}

static void learn(const learning *l, stream *s)
{
    vg_week w = {0};
    const int64_t begin = l->now - HOURS, known = s->first > begin ? s->first : begin;
    for (int64_t h = known; h < l->now - LAST_H; h++) {
        vg_week_add(&w, of_week(h), l->counts[h - begin]);
        s->n += (int64_t)l->counts[h - begin];
    }
    vg_baseline_make(&w, &s->usual);
    s->peak_p = 1;
    for (int64_t h = l->now - LAST_H; h < l->now; h++) {
        const int64_t x = (int64_t)l->counts[h - begin];
        const double p = x ? vg_tail(x, s->usual.mean[of_week(h)], s->usual.size) : 1;
        if (x && p < s->peak_p) {
            s->peak_p = p;
            s->peak_n = x;
            s->peak_hour = h;
        }
    }
}

static const char SQL[] =
    "SELECT z.id, h.kind, z.name, COALESCE(w.name, ''), h.hour, sum(h.n),"
    " (SELECT f.hour FROM v_zone_hour f WHERE f.zone = z.id ORDER BY f.hour LIMIT 1)"
    " FROM v_zone z JOIN v_zone_hour h ON h.zone = z.id LEFT JOIN v_site w ON w.id = z.site"
    " WHERE h.world = 0 AND h.hour >= ?1 AND h.hour < ?2 AND (?3 = '' OR z.site = ?3)"
    " GROUP BY z.id, h.kind, h.hour ORDER BY z.id, h.kind";

static vg_status read_streams(vg_read *rd, learning *l, vg_str site, vg_err *err)
{
    vg_rows *r;
    const int64_t begin = l->now - HOURS;
    stream *s = NULL;
    VG_TRY(vg_rows_open(rd->db, SQL, VG_VALS(vg_i(begin), vg_i(l->now), vg_t(site)), &r, err));
    while (vg_rows_next(r)) {
        if (!s || !vg_str_eq(s->zone, vg_row_str(r, 0)) || !vg_str_eq(s->kind, vg_row_str(r, 1))) {
            if (s) {
                learn(l, s);
            }
            if (l->n == STREAMS_MAX) {
                s = NULL;
                break;
            }
            s = &l->v[l->n++];
            *s = (stream){.zone = vg_str_dup(rd->arena, vg_row_str(r, 0)),
                          .kind = vg_str_dup(rd->arena, vg_row_str(r, 1)),
                          .zone_name = vg_str_dup(rd->arena, vg_row_str(r, 2)),
                          .site_name = vg_str_dup(rd->arena, vg_row_str(r, 3)),
                          .first = vg_row_i64(r, 6)};
            memset(l->counts, 0, HOURS * sizeof *l->counts);
        }
        l->counts[vg_row_i64(r, 4) - begin] = (double)vg_row_i64(r, 5);
    }
    if (s) {
        learn(l, s);
    }
    return vg_rows_close(r, err);
}

static int busiest_first(const void *a, const void *b)
{
    const stream *x = a, *y = b;
    return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : memcmp(x->zone.p, y->zone.p, x->zone.n);
}

static void hour_time(vg_jw *w, const char *key, int64_t hour)
{
    vg_jw_ktime(w, key, (hour * 3600 - ALARM_EAST_S) * VG_SECOND_US);
}

static void write_usual(vg_jw *w, const stream *s, double window_hours, double accepted)
{
    const vg_baseline *b = &s->usual;
    int busy = 0;
    double often = 0;
    for (int c = 0; c < VG_WEEK_HOURS; c++) {
        busy = b->mean[c] > b->mean[busy] ? c : busy;
    }
    alerts_jw_f64(w, "an_hour", b->all);
    vg_jw_ki64(w, "busy_hour", busy);
    alerts_jw_f64(w, "busy_usual", b->mean[busy]);
    vg_jw_kbool(w, "scattered", isfinite(b->size));
    if (accepted >= 0) {
        vg_jw_ki64(w, "threshold", vg_baseline_threshold(b, window_hours, accepted, &often));
        alerts_jw_f64(w, "expected_a_month", often);
    }
    if (s->peak_n) {
        vg_jw_key(w, "peak");
        vg_jw_open(w, '{');
        hour_time(w, "from", s->peak_hour);
        vg_jw_ki64(w, "n", s->peak_n);
        alerts_jw_f64(w, "usual", b->mean[of_week(s->peak_hour)]);
        alerts_jw_f64(w, "chance", s->peak_p);
        alerts_jw_f64(w, "every_weeks", 1 / (s->peak_p * VG_WEEK_HOURS));
        vg_jw_close(w, '}');
    }
}

static void write_stream(vg_jw *w, const stream *s, double window_hours, double accepted)
{
    vg_jw_open(w, '{');
    vg_jw_kstr(w, "zone", s->zone);
    vg_jw_kstr(w, "zone_name", s->zone_name);
    vg_jw_kstr(w, "site_name", s->site_name);
    vg_jw_kstr(w, "kind", s->kind);
    alerts_jw_f64(w, "weeks", s->usual.weeks);
    vg_jw_ki64(w, "n", s->n);
    const bool silent = s->usual.weeks < WEEKS_NEEDED;
    vg_jw_kbool(w, "silent", silent);
    if (!silent) {
        write_usual(w, s, window_hours, accepted);
    }
    vg_jw_close(w, '}');
}

// The site's own budget, else the desk's; -1: nobody has set one.
static vg_status budget_of(vg_read *rd, vg_str site, int64_t *ret, vg_err *err)
{
    return vg_one_i64(rd->db,
                      "SELECT b.accepted FROM v_alarm_budget b WHERE (?1 <> '' AND b.id = ?1) OR"
                      " (b.site = '' AND b.id = ?2) ORDER BY b.site = '' LIMIT 1",
                      VG_VALS(vg_t(site), vg_z(rd->who->agency)), -1, ret, err);
}

vg_status alerts_usual(vg_read *rd, const vg_args *args, vg_err *err)
{
    alerts_period p;
    int64_t accepted = -1;
    const vg_str site = vg_arg_str(args, "site");
    const double window = (double)vg_arg_i64(args, "window_min", 60) / 60;
    alerts_period_of(1, site, (vg_str){0}, &p);
    VG_TRY(budget_of(rd, site, &accepted, err));
    learning l = {.now = (p.now_us / VG_SECOND_US + ALARM_EAST_S) / 3600};
    l.counts = vg_alloc(HOURS * sizeof *l.counts);
    l.v = vg_alloc(STREAMS_MAX * sizeof *l.v);
    const vg_status st = read_streams(rd, &l, site, err);
    if (st == VG_OK) {
        qsort(l.v, l.n, sizeof *l.v, busiest_first);
        const double each = l.n && accepted >= 0 ? (double)accepted / (double)l.n : -1;
        vg_jw *w = &rd->out;
        vg_jw_open(w, '{');
        vg_jw_ki64(w, "weeks_needed", WEEKS_NEEDED);
        vg_jw_ki64(w, "window_min", vg_arg_i64(args, "window_min", 60));
        vg_jw_ki64(w, "streams", (int64_t)l.n);
        if (accepted >= 0) {
            vg_jw_ki64(w, "accepted", accepted);
        }
        vg_jw_key(w, "items");
        vg_jw_open(w, '[');
        for (size_t i = 0; i < l.n && i < SHOWN; i++) {
            write_stream(w, &l.v[i], window, each);
        }
        vg_jw_close(w, ']');
        vg_jw_close(w, '}');
    }
    free(l.v);
    free(l.counts);
    return st;
}
