// SPDX-License-Identifier: Apache-2.0
// How tight the gates of a site were over a period: in against out by day and point, what was let through against
// advice and with no reason given, who came in and never went out, who went out and never came in, how close upon one
// another people passed, how long they waited to be looked at and for an answer, which checks were left out (service.h), and what the authorised tests showed, by
// point and part of the day, with Wilson's interval. Of points and hours, never of people at the gate. One pass over the
// passages in the order of their moments.
#include "domain/gatetests/gatetests.h"
#include "domain/gatetests/service.h"

#include "base/clock.h"
#include "domain/day.h"
#include "solve/passage.h"
#include "solve/surveil.h"

const vg_field gatetests_figures_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"days", VG_F_INT, .min = 1, .max = 92},
    {NULL},
};

enum { POINTS_MAX = 256, LIST_MAX = 200, GAP_MAX_S = 600 };
#define HOUR_US INT64_C(3600000000)
#define SECOND_US INT64_C(1000000)

typedef struct tally {
    int64_t in, out, against, unsaid, unentered, again, skipped, elsewhere;
} tally;

typedef struct at_point {
    const char *id;
    vg_str name;
    tally *days;  // one a day
    int64_t last_us, hour, in_hour, busiest;
    uint32_t gaps[GAP_MAX_S], n_gaps;
    gatetests_service service, queue;
    gatetests_checks checks;
} at_point;

typedef struct period {
    vg_str site;
    int first, n_days;  // days as of domain/day.h; the last is today
    int64_t from_us, until_us;
    at_point *points[POINTS_MAX];
    size_t n;
} period;

// --- reading --------------------------------------------------------------------------------------
static vg_status read_points(vg_read *rd, period *p, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(rd->db,
                        "SELECT id, name FROM v_gate_point WHERE site = ? ORDER BY at, id LIMIT ?",
                        VG_VALS(vg_t(p->site), vg_i(POINTS_MAX)), &r, err));
    while (p->n < POINTS_MAX && vg_rows_next(r)) {
        at_point *x = vg_arena_get(rd->arena, sizeof *x);
        memset(x, 0, sizeof *x);
        p->points[p->n++] = x;
        x->id = vg_str_z(rd->arena, vg_row_str(r, 0));
        x->name = vg_str_dup(rd->arena, vg_row_str(r, 1));
        x->days = vg_arena_get(rd->arena, sizeof *x->days * (size_t)p->n_days);
        memset(x->days, 0, sizeof *x->days * (size_t)p->n_days);
    }
    return vg_rows_close(r, err);
}

static at_point *point_of(period *p, vg_str id)
{
    for (size_t i = 0; i < p->n; i++) {
        if (vg_str_eqc(id, p->points[i]->id)) {
            return p->points[i];
        }
    }
    return NULL;
}

static void count_pace(at_point *x, int64_t moved_us)
{
    const int64_t gap_s = (moved_us - x->last_us) / SECOND_US;
    if (x->last_us && gap_s < GAP_MAX_S) {
        x->gaps[gap_s]++;
        x->n_gaps++;
    }
    x->last_us = moved_us;
    x->in_hour = moved_us / HOUR_US == x->hour ? x->in_hour + 1 : 1;
    x->hour = moved_us / HOUR_US;
    x->busiest = x->in_hour > x->busiest ? x->in_hour : x->busiest;
}

// Until the guard looked, as far as it is known when that was; else until he decided.
static void count_queue(vg_arena *a, at_point *x, int64_t came_us, int64_t asked_us, int64_t at_us)
{
    gatetests_count_turned(a, &x->queue, came_us, asked_us ? asked_us : at_us);
}

static void count(vg_arena *a, period *p, vg_rows *r)
{
    at_point *x = point_of(p, vg_row_str(r, 0));
    const int64_t moved_us = vg_row_i64(r, 1), flags = vg_row_i64(r, 3);
    const int day = vg_day_of(moved_us) - p->first;
    if (!x || day < 0 || day >= p->n_days) {
        return;
    }
    tally *t = &x->days[day];
    const bool against = !vg_str_eqc(vg_row_str(r, 4), "green");
    *(vg_str_eqc(vg_row_str(r, 2), "in") ? &t->in : &t->out) += 1;
    t->against += against;
    t->unsaid += against && vg_row_null(r, 5) && vg_row_null(r, 7);  // a device gives no reasons
    t->again += (flags & VG_PASS_AGAIN) != 0;
    t->unentered += (flags & (VG_PASS_UNENTERED | VG_PASS_UNSEEN)) != 0;
    t->skipped += (flags & VG_PASS_SKIPPED) != 0;
    t->elsewhere += (flags & VG_PASS_ELSEWHERE) != 0;
    count_pace(x, moved_us);
    gatetests_count(a, &x->service, vg_row_i64(r, 6), moved_us);
    count_queue(a, x, vg_row_i64(r, 8), vg_row_i64(r, 6), moved_us);
    if (vg_row_null(r, 7)) {
        gatetests_count_checks(&x->checks, vg_row_str(r, 9), moved_us);
    }
}

static vg_status read_passages(vg_read *rd, period *p, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(rd->db,
                        "SELECT t.point, t.moved, t.way, t.flags, t.advice, t.why, t.asked,"
                        " t.source, t.came, t.reasons FROM v_passage t"
                        " WHERE t.site = ? AND t.moved >= ? AND t.moved < ? AND t.kind = 'move' AND"
                        " NOT EXISTS (SELECT 1 FROM v_gate_test_told o WHERE o.passage = t.id)"
                        " ORDER BY t.moved, t.id",
                        VG_VALS(vg_t(p->site), vg_i(p->from_us), vg_i(p->until_us)), &r, err));
    while (vg_rows_next(r)) {
        count(rd->arena, p, r);
    }
    return vg_rows_close(r, err);
}

static vg_status read_refusals(vg_read *rd, period *p, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(
        rd->db,
        "SELECT t.point, t.asked, t.at, t.came FROM v_refusal t WHERE t.site = ? AND t.at"
        " >= ? AND t.at < ? AND (t.asked IS NOT NULL OR t.came IS NOT NULL) AND NOT"
        " EXISTS (SELECT 1 FROM v_gate_test_told o WHERE o.passage = t.id)",
        VG_VALS(vg_t(p->site), vg_i(p->from_us), vg_i(p->until_us)), &r, err));
    while (vg_rows_next(r)) {
        at_point *x = point_of(p, vg_row_str(r, 0));
        if (x) {
            gatetests_count_turned(rd->arena, &x->service, vg_row_i64(r, 1), vg_row_i64(r, 2));
            count_queue(rd->arena, x, vg_row_i64(r, 3), vg_row_i64(r, 1), vg_row_i64(r, 2));
        }
    }
    return vg_rows_close(r, err);
}

// --- writing --------------------------------------------------------------------------------------
static int64_t gap_at(const at_point *x, double share)
{
    uint32_t seen = 0;
    for (int s = 0; s < GAP_MAX_S; s++) {
        seen += x->gaps[s];
        if (seen > share * x->n_gaps) {
            return s;
        }
    }
    return GAP_MAX_S;
}

static void write_tally(vg_jw *w, const tally *t)
{
    vg_jw_ki64(w, "in", t->in);
    vg_jw_ki64(w, "out", t->out);
    vg_jw_ki64(w, "against", t->against);
    vg_jw_ki64(w, "unsaid", t->unsaid);
    vg_jw_ki64(w, "unentered", t->unentered);
    vg_jw_ki64(w, "again", t->again);
    vg_jw_ki64(w, "skipped", t->skipped);
    vg_jw_ki64(w, "elsewhere", t->elsewhere);
}

static void write_points(vg_jw *w, const period *p)
{
    vg_jw_key(w, "points");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < p->n; i++) {
        const at_point *x = p->points[i];
        vg_jw_open(w, '{');
        vg_jw_kz(w, "point", x->id);
        vg_jw_kstr(w, "name", x->name);
        vg_jw_ki64(w, "busiest", x->busiest);
        if (x->n_gaps) {
            vg_jw_ki64(w, "gap_half_s", gap_at(x, 0.5));
            vg_jw_ki64(w, "gap_tenth_s", gap_at(x, 0.1));
        }
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
}

static void write_service(vg_jw *w, const period *p)
{
    vg_jw_key(w, "service");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < p->n; i++) {
        const at_point *x = p->points[i];
        gatetests_service_json(w, &x->service, &x->queue, x->id, x->name);
    }
    vg_jw_close(w, ']');
    vg_jw_key(w, "checks");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < p->n; i++) {
        gatetests_checks_json(w, &p->points[i]->checks, p->points[i]->id, p->points[i]->name);
    }
    vg_jw_close(w, ']');
}

static void write_days(vg_jw *w, const period *p)
{
    vg_jw_key(w, "days");
    vg_jw_open(w, '[');
    for (int day = p->n_days - 1; day >= 0; day--) {
        for (size_t i = 0; i < p->n; i++) {
            const tally *t = &p->points[i]->days[day];
            char text[VG_DAY_TEXT];
            if (!t->in && !t->out) {
                continue;
            }
            vg_day_text(p->first + day, text);
            vg_jw_open(w, '{');
            vg_jw_kz(w, "day", text);
            vg_jw_kz(w, "point", p->points[i]->id);
            vg_jw_kstr(w, "name", p->points[i]->name);
            write_tally(w, t);
            vg_jw_close(w, '}');
        }
    }
    vg_jw_close(w, ']');
}

// Each row as texts and one time at the end.
static vg_status write_list(vg_read *rd, const char *key, const char *const *names, const char *sql,
                            const vg_val *v, size_t n, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(rd->db, sql, v, n, &r, err));
    vg_jw_key(&rd->out, key);
    vg_jw_open(&rd->out, '[');
    while (vg_rows_next(r)) {
        int i = 0;
        vg_jw_open(&rd->out, '{');
        for (; names[i]; i++) {
            vg_jw_kstr(&rd->out, names[i], vg_row_str(r, i));
        }
        vg_jw_ktime(&rd->out, "at", vg_row_i64(r, i));
        vg_jw_close(&rd->out, '}');
    }
    vg_jw_close(&rd->out, ']');
    return vg_rows_close(r, err);
}

// Who came in before today and has not gone out since; who went out and never came in.
static vg_status write_unmatched(vg_read *rd, const period *p, vg_err *err)
{
    static const char *const inside[] = {"holder", "name", "kind", "area_name", NULL};
    static const char *const outside[] = {"holder", "name", "kind", "point_name", NULL};
    VG_TRY(write_list(
        rd, "inside", inside,
        "SELECT t.holder, c.name, t.holder_kind, a.name, t.since FROM v_presence t"
        " LEFT JOIN v_gate_card c ON c.holder = t.holder LEFT JOIN v_gate_area a ON"
        " a.id = t.area WHERE t.site = ? AND t.since < ? ORDER BY t.since, t.holder"
        " LIMIT ?",
        VG_VALS(vg_t(p->site), vg_i(vg_day_start_us(p->first + p->n_days - 1)), vg_i(LIST_MAX)),
        err));
    return write_list(
        rd, "unentered", outside,
        "SELECT t.holder, c.name, t.holder_kind, g.name, t.moved FROM v_passage t LEFT JOIN"
        " v_gate_card c ON c.holder = t.holder LEFT JOIN v_gate_point g ON g.id = t.point WHERE"
        " t.site = ? AND t.moved >= ? AND t.moved < ? AND t.flags & 18 ORDER BY t.moved DESC, t.id"
        " LIMIT ?",
        VG_VALS(vg_t(p->site), vg_i(p->from_us), vg_i(p->until_us), vg_i(LIST_MAX)), err);
}
_Static_assert((VG_PASS_UNENTERED | VG_PASS_UNSEEN) == 18, "as in the statement above");

// Parts of the day in Viet Nam's time: 06-14, 14-22, 22-06.
static const char RATES[] =
    "SELECT t.point, g.name, CASE WHEN t.h BETWEEN 6 AND 13 THEN 'morning' WHEN t.h BETWEEN 14 AND"
    " 21 THEN 'afternoon' ELSE 'night' END AS band, count(*), sum(t.caught) FROM (SELECT point,"
    " caught, (done / 3600000000 + 7) % 24 AS h FROM v_gate_test_told WHERE site = ? AND done >= ?"
    " AND done < ?) t LEFT JOIN v_gate_point g ON g.id = t.point GROUP BY t.point, g.name, band"
    " ORDER BY g.name, band";

static vg_status write_rates(vg_read *rd, const period *p, vg_err *err)
{
    vg_rows *r;
    vg_jw *w = &rd->out;
    VG_TRY(vg_rows_open(rd->db, RATES, VG_VALS(vg_t(p->site), vg_i(p->from_us), vg_i(p->until_us)),
                        &r, err));
    vg_jw_key(w, "tests");
    vg_jw_open(w, '[');
    while (vg_rows_next(r)) {
        double low, high;
        const int64_t n = vg_row_i64(r, 3), caught = vg_row_i64(r, 4);
        vg_wilson(caught, n, &low, &high);
        vg_jw_open(w, '{');
        vg_jw_kstr(w, "point", vg_row_str(r, 0));
        vg_jw_kstr(w, "name", vg_row_str(r, 1));
        vg_jw_kstr(w, "band", vg_row_str(r, 2));
        vg_jw_ki64(w, "n", n);
        vg_jw_ki64(w, "caught", caught);
        vg_jw_key(w, "low");
        vg_jw_f64(w, low);
        vg_jw_key(w, "high");
        vg_jw_f64(w, high);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
    return vg_rows_close(r, err);
}

vg_status gatetests_figures(vg_read *rd, const vg_args *args, vg_err *err)
{
    period p = {.site = vg_arg_str(args, "site"), .n_days = (int)vg_arg_i64(args, "days", 30)};
    p.until_us = vg_now_us() + 1;
    p.first = vg_day_of(p.until_us) - p.n_days + 1;
    p.from_us = vg_day_start_us(p.first);
    VG_TRY(read_points(rd, &p, err));
    VG_TRY(read_passages(rd, &p, err));
    VG_TRY(read_refusals(rd, &p, err));
    vg_jw_open(&rd->out, '{');
    vg_jw_ktime(&rd->out, "from", p.from_us);
    write_points(&rd->out, &p);
    write_service(&rd->out, &p);
    write_days(&rd->out, &p);
    VG_TRY(write_rates(rd, &p, err));
    VG_TRY(write_unmatched(rd, &p, err));
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}
