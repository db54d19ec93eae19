// SPDX-License-Identifier: Apache-2.0
// The side lane. An event that came later than the slack cannot be put in its place any more; so the stretch of
// the journal around its own time is played once more, in the order of events, through an engine made for this,
// and the alerts that cite it are raised like any other. Their ids are those of the confirm lane, so what was
// raised before is not raised again. Bounded: STRETCH events, SPAN of time; a device that sends yesterday's
// events is rechecked against what stands that far back, not against the whole journal.
#include "domain/alerts/seen.h"
#include "domain/alerts/watch_impl.h"

#include "base/clock.h"
#include "base/log.h"

enum { STRETCH = 20000, SPAN_S = 3600, BATCH = 400 };

typedef struct recheck {
    watch *w;
    alerts_brain *brain;
    size_t set, raised;
} recheck;

static bool cites_late(const watch *w, const alerts_found *f)
{
    for (size_t i = 0; i < f->n_proofs; i++) {
        for (size_t k = 0; k < w->n_late; k++) {
            if (f->proofs[i].seq == w->late[k].seq) {
                return true;
            }
        }
    }
    return false;
}

static void on_found(void *ctx, const alerts_found *f)
{
    recheck *r = ctx;
    if (f->what == FOUND_ALERT && !f->shadow && cites_late(r->w, f)) {
        alerts_found same = *f;
        same.set = r->set;  // the same rules in the same order
        r->w->on(r->w, &same);
        r->raised++;
    }
}

static int by_event_time(const void *a, const void *b)
{
    const alerts_seen *x = a, *y = b;
    return x->t_event != y->t_event ? (x->t_event > y->t_event) - (x->t_event < y->t_event)
                                    : (x->seq > y->seq) - (x->seq < y->seq);
}

// The events of the log from a time on, at most STRETCH back from the last one read.
static vg_status load(watch *w, vg_db *db, uint32_t log, int64_t last, int64_t from, alerts_seen *v,
                      size_t *ret_n, vg_err *err)
{
    vg_rows *r;
    size_t n = 0;
    const int64_t first = last > STRETCH ? last - STRETCH : 0;
    VG_TRY(vg_rows_open(db,
                        "SELECT " VG_EVENT_COLUMNS " FROM event e WHERE e.id > ? AND e.id <= ?"
                        " ORDER BY e.id",
                        VG_VALS(vg_i(VG_EVENT_ROWID(log, first)), vg_i(VG_EVENT_ROWID(log, last))),
                        &r, err));
    while (vg_rows_next(r)) {
        vg_event e;
        vg_event_read(r, &e);
        n += alerts_seen_of(w->arena, &e, &v[n]) && v[n].kind.n && v[n].t_event >= from;
    }
    *ret_n = n;
    return vg_rows_close(r, err);
}

static vg_status play(recheck *r, alerts_seen *v, size_t n, vg_err *err)
{
    const alerts_out out = {r, on_found, NULL};
    qsort(v, n, sizeof *v, by_event_time);
    for (size_t i = 0; i < n; i++) {
        VG_TRY(alerts_brain_feed(r->brain, r->w->arena, &v[i], &out, err));
    }
    return VG_OK;
}

vg_status watch_recheck(watch *w, vg_db *db, uint32_t log, vg_err *err)
{
    int64_t from = INT64_MAX, last = 0;
    size_t n = 0;
    for (size_t i = 0; i < w->n_late; i++) {
        from = w->late[i].t_event < from ? w->late[i].t_event : from;
        last = w->late[i].seq > last ? w->late[i].seq : last;
    }
    const alerts_seen now = {.t_arrival = w->late[w->n_late - 1].t_arrival, .t_event = INT64_MIN};
    w->now = &now;
    alerts_seen *v = vg_alloc(STRETCH * sizeof *v);
    recheck r = {.w = w, .set = alerts_brain_set(w->brain, log)};
    vg_status st = load(w, db, log, last, from - SPAN_S * VG_SECOND_US, v, &n, err);
    if (st == VG_OK) {
        st = alerts_brain_like(w->brain, log, &r.brain, err);
    }
    if (st == VG_OK) {
        st = play(&r, v, n, err);
    }
    vg_log(VG_WARN, "alerts.late", "log=%u events=%zu oldest_s=%lld played=%zu raised=%zu", log,
           w->n_late, (long long)((w->late[0].t_arrival - from) / VG_SECOND_US), n, r.raised);
    alerts_brain_destroy(r.brain);
    free(v);
    return st;
}
