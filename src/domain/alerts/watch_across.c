// SPDX-License-Identifier: Apache-2.0
// The second level: rules across sites. Their engine reads every site's log behind a cursor of its own, all of them
// merged in the order of recording, which a replay finds again. What a site's own rules found comes to it the way
// everything else does, as an event of the journal (alerts.raised, alerts.more), so nothing is worked out twice and
// no site's facts or drawings are needed here. With no such rule in force nothing is read and the cursors wait.
// What comes later than the confirm lane's slack is not looked at again, only said: see docs/rules.md.
#include "domain/alerts/merge.h"
#include "domain/alerts/seen.h"
#include "domain/alerts/watch_impl.h"

#include "base/log.h"

enum { BATCH = 400 };

_Static_assert(ALERTS_ACROSS == VG_LOG_NODE, "no site's engine has this number");

typedef struct taking {
    watch *w;
    vg_db *db;
    int64_t next_fact;
} taking;

static void on_late(void *ctx, const alerts_seen *s)
{
    watch *w = ctx;
    (void)s;
    w->n_late++;
}

static vg_status take(void *ctx, const vg_event *e, vg_err *err)
{
    taking *t = ctx;
    watch *w = t->w;
    alerts_seen s;
    while (t->next_fact <= e->recorded_us) {
        VG_TRY(watch_node_events(w, t->db, ALERTS_ACROSS, e->recorded_us, &t->next_fact, err));
    }
    if (vg_str_eqc(e->kind, "core.fact")) {
        return watch_take_fact(w, ALERTS_ACROSS, e, err);
    }
    if (!alerts_seen_across(w->arena, e, &s)) {
        return VG_OK;
    }
    const alerts_out out = {w, w->on, on_late};
    w->now = &s;
    return s.kind.n ? alerts_brain_feed(w->brain, w->arena, &s, &out, err)
                    : alerts_brain_tick(w->brain, w->arena, &s, &out, err);
}

vg_status watch_feed_across(watch *w, vg_db *db, bool *ret_more, vg_err *err)
{
    taking t = {w, db, INT64_MIN};
    alerts_strand *v = vg_alloc((w->n_logs + 1) * sizeof *v);
    for (size_t i = 0; i < w->n_logs; i++) {
        v[i] = (alerts_strand){w->logs[i].log, w->logs[i].across};
    }
    w->n_late = 0;
    alerts_strands of = {.v = v, .n = w->n_logs, .until = w->newest, .most = BATCH};
    const vg_status st = alerts_merge(db, &of, take, &t, err);
    for (size_t i = 0; st == VG_OK && i < w->n_logs; i++) {
        w->logs[i].across = v[i].after;
    }
    free(v);
    *ret_more = of.told == BATCH;
    if (w->n_late) {
        vg_log(VG_WARN, "alerts.late_across", "events=%zu", w->n_late);
    }
    return st;
}
