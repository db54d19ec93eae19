// SPDX-License-Identifier: Apache-2.0
// The engine's thread. It reads each log's committed events behind a cursor, feeds them to the log's engine
// and submits what the rules found as commands whose ids derive from the findings, then waits until these are
// on disk before it goes on: so a crash repeats work and never loses or doubles an alert. Cursor and engine
// state are saved together in DATA/engine.state now and then; it is a cache. Without one (a restored backup)
// the journal is read from its beginning, and findings older than ten minutes before its end are not raised
// again.
#include "domain/alerts/alerts.h"
#include "domain/alerts/seen.h"
#include "domain/alerts/watch_impl.h"
#include "domain/facts.h"

#include "base/clock.h"
#include "base/log.h"
#include "domain/day.h"

#include <assert.h>

enum { BATCH = 400, ARENA_BYTES = 64 << 20, SAVE_EVERY_S = 60, TICK_EVERY_S = 1, FACTS_MAX = 256 };

extern const vg_embedded vg_shipped_rules[];

static const char EVENTS[] = "SELECT " VG_EVENT_COLUMNS " FROM event e WHERE e.id > ? AND e.id < ?"
                             " ORDER BY e.id LIMIT 400";

// --- what the log's engine has to know besides ------------------------------------------------------
// Facts, the rules in force and the node's own posture reach every log's engine, merged by the time of recording:
// one scribe writes all logs, so what was recorded before an event is on disk when the event is.
static const char NODE_EVENTS[] =
    "SELECT " VG_EVENT_COLUMNS " FROM event e"
    " WHERE e.kind IN ('core.fact', 'alerts.rule_in_force') AND e.id > ? AND e.id < ?"
    " ORDER BY e.id LIMIT 400";

vg_status watch_take_fact(watch *w, uint32_t log, const vg_event *e, vg_err *err)
{
    const alerts_fact f = {.name = vg_js_str(w->arena, e->body, "name"),
                           .key = vg_js_str(w->arena, e->body, "key"),
                           .value = vg_js_str(w->arena, e->body, "value"),
                           .until_us = vg_js_i64(e->body, "valid_until", 0)};
    return alerts_brain_fact(w->brain, log, &f, err);
}

static vg_status take_graph(watch *w, uint32_t log, const vg_event *e, vg_err *err)
{
    vg_str links = {"", 0};
    (void)vg_js_find(e->body, "links", &links);
    return alerts_brain_graph(w->brain, log, w->arena, e->subject, links, err);
}

// A rule that came into force and does not load (a newer program may know other words) is said and left out.
static void take_rule(watch *w, const vg_event *e)
{
    vg_err err = {0};
    const alerts_own_rule r = {.name = vg_js_str(w->arena, e->body, "name"),
                               .version = vg_js_str(w->arena, e->body, "version"),
                               .state = vg_js_str(w->arena, e->body, "state"),
                               .text = vg_js_str(w->arena, e->body, "text")};
    if (alerts_brain_rules_change(w->brain, e->seq, &r, &err) != VG_OK) {
        vg_log(VG_ERROR, "alerts.rule_refused", "rule=%.*s key=%s field=%s detail=\"%s\"",
               VG_FMT(r.name), err.key ? err.key : "", err.field, err.detail);
    }
}

static vg_status take_node_event(watch *w, uint32_t log, const vg_event *e, vg_err *err)
{
    if (vg_str_eqc(e->kind, "core.fact")) {
        VG_TRY(watch_take_fact(w, log, e, err));
    } else if (!w->fixed) {
        take_rule(w, e);
    }
    return alerts_brain_node_at(w->brain, log, e->seq, err);
}

// All of the node's events of these kinds recorded until `until`. ret_next: when the next one was; INT64_MAX: none.
vg_status watch_node_events(watch *w, vg_db *db, uint32_t log, int64_t until, int64_t *ret_next,
                            vg_err *err)
{
    vg_rows *r;
    vg_status st = VG_OK;
    int n = 0;
    *ret_next = INT64_MAX;
    VG_TRY(vg_rows_open(
        db, NODE_EVENTS,
        VG_VALS(vg_i(VG_EVENT_ROWID(VG_LOG_NODE, alerts_brain_node_seq(w->brain, log))),
                vg_i(VG_EVENT_ROWID(VG_LOG_NODE + 1, 0))),
        &r, err));
    while (st == VG_OK && vg_rows_next(r)) {
        vg_event e;
        vg_event_read(r, &e);
        n++;
        if (e.recorded_us > until) {
            *ret_next = e.recorded_us;
            break;
        }
        st = take_node_event(w, log, &e, err);
    }
    if (n == BATCH && *ret_next == INT64_MAX) {
        *ret_next = until;  // there is more: ask again
    }
    vg_err ignored;
    const vg_status closed = vg_rows_close(r, st == VG_OK ? err : &ignored);
    return st == VG_OK ? closed : st;
}

// The rules of the node's own, as the journal has them from its beginning: the generations that saved states
// belong to.
void watch_rules_history(watch *w, vg_db *db)
{
    vg_rows *r;
    vg_err err = {0};
    int64_t last = 0;
    vg_status st = vg_one_i64(db, "SELECT COALESCE(max(id), 0) FROM event WHERE id < ?",
                              VG_VALS(vg_i(VG_EVENT_ROWID(VG_LOG_NODE + 1, 0))), 0, &last, &err);
    if (st != VG_OK || last == w->rules_known) {
        return;  // nothing new in the node's log
    }
    st = vg_rows_open(db,
                      "SELECT " VG_EVENT_COLUMNS " FROM event e WHERE e.kind ="
                      " 'alerts.rule_in_force' AND e.id > ? AND e.id <= ? ORDER BY e.id",
                      VG_VALS(vg_i(w->rules_known), vg_i(last)), &r, &err);
    while (st == VG_OK && vg_rows_next(r)) {
        vg_event e;
        vg_event_read(r, &e);
        vg_arena_reset(w->arena);
        take_rule(w, &e);
    }
    if (st == VG_OK) {
        st = vg_rows_close(r, &err);
    }
    w->rules_known = st == VG_OK ? last : w->rules_known;
    if (st != VG_OK) {
        vg_log(VG_ERROR, "alerts.rules_unread", "detail=\"%s\"", err.detail);
    }
}

// --- findings of one batch ----------------------------------------------------------------------
static void add_proof(watch *w, finding *f, alerts_proof p)
{
    const alerts_proof *last = f->n_proofs ? &f->proofs[f->n_proofs - 1] : NULL;
    assert(f->proofs || !f->cap_proofs);
    if (last && last->seq == p.seq && last->log == p.log) {
        return;
    }
    if (f->n_proofs == f->cap_proofs) {
        const size_t cap = f->cap_proofs ? f->cap_proofs * 2 : 4;
        alerts_proof *v = vg_arena_get(w->arena, cap * sizeof *v);
        if (!v) {
            return;
        }
        if (f->n_proofs) {
            memcpy(v, f->proofs, f->n_proofs * sizeof *v);
        }
        f->proofs = v;
        f->cap_proofs = cap;
    }
    f->proofs[f->n_proofs++] = p;
}

// An alert and its repeats are two findings: the command of the first must be the same in every replay.
static finding *finding_of(watch *w, const alerts_found *f)
{
    for (finding *x = w->found; x; x = x->next) {
        if (f->shadow && x->what.shadow && x->what.set == f->set && x->what.rule == f->rule &&
            vg_str_eq(x->what.site, f->site) && vg_day_of(x->what.t) == vg_day_of(f->t)) {
            x->shadow_n++;
            return x;
        }
        // What changes an alert is told in its order; more of the same is told once.
        if (x->what.what == f->what && memcmp(x->what.id.b, f->id.b, sizeof f->id.b) == 0 &&
            f->what != FOUND_ESCALATED && f->what != FOUND_RECOVERED) {
            return x;
        }
    }
    finding *x = vg_arena_get(w->arena, sizeof *x);
    if (!x) {
        w->failed = true;
        return NULL;
    }
    x->what = *f;
    x->shadow_n = 1;
    *w->tail = x;
    w->tail = &x->next;
    w->n_found++;
    for (size_t i = 0; f->what != FOUND_REPEAT && i < f->n_proofs; i++) {
        add_proof(w, x, f->proofs[i]);
    }
    return x;
}

// The journal is read again and this was told then. What came since is news, whatever time it gives itself.
static bool is_old(const watch *w, int64_t t)
{
    return w->now->t_arrival < w->quiet_before || (t < w->quiet_before && t < w->now->t_event);
}

static void on_found(void *ctx, const alerts_found *f)
{
    watch *w = ctx;
    alerts_found of_node;
    if (f->shadow && f->across) {  // counted for the node
        of_node = *f;
        of_node.site = VG_S("");
        f = &of_node;
    }
    if (is_old(w, f->t) ||
        (f->shadow && (f->what != FOUND_ALERT || vg_str_starts(f->kind, ALERTS_GATE)))) {
        return;
    }
    finding *x = finding_of(w, f);
    if (x && (f->what == FOUND_REPEAT || f->what == FOUND_FLOOD)) {
        add_proof(w, x, (alerts_proof){w->now->log, w->now->seq});
        x->what.t = f->t;
    }
}

static void on_late(void *ctx, const alerts_seen *s)
{
    watch *w = ctx;
    if (w->n_late < WATCH_LATE_MAX && s->t_arrival >= w->quiet_before) {
        w->late[w->n_late++] = (late_event){s->seq, s->t_event, s->t_arrival};
    }
}

vg_status watch_feed(watch *w, vg_db *db, const log_cursor *c, int64_t *ret_seq, bool *ret_more,
                     vg_err *err)
{
    vg_rows *r;
    int n = 0;
    VG_TRY(vg_rows_open(
        db, EVENTS,
        VG_VALS(vg_i(VG_EVENT_ROWID(c->log, c->seq)), vg_i(VG_EVENT_ROWID(c->log + 1, 0))), &r,
        err));
    vg_status st = VG_OK;
    vg_event e;
    int64_t next_fact = INT64_MIN;
    w->n_late = 0;
    *ret_seq = c->seq;
    while (st == VG_OK && vg_rows_next(r)) {
        alerts_seen s;
        vg_event_read(r, &e);
        *ret_seq = e.seq;
        w->newest = e.recorded_us > w->newest ? e.recorded_us : w->newest;
        n++;
        while (st == VG_OK && next_fact <= e.recorded_us) {
            st = watch_node_events(w, db, c->log, e.recorded_us, &next_fact, err);
        }
        if (st == VG_OK && vg_str_eqc(e.kind, "core.fact")) {
            st = watch_take_fact(w, c->log, &e, err);
        } else if (st == VG_OK && vg_str_eqc(e.kind, "sites.graph_drawn")) {
            st = take_graph(w, c->log, &e, err);
        }
        if (st != VG_OK) {
            break;
        }
        if (!alerts_seen_of(w->arena, &e, &s)) {
            continue;
        }
        w->now = &s;
        const alerts_out out = {w, w->on, on_late};
        st = s.kind.n ? alerts_brain_feed(w->brain, w->arena, &s, &out, err)
                      : alerts_brain_tick(w->brain, w->arena, &s, &out, err);
    }
    vg_err ignored;
    const vg_status closed = vg_rows_close(r, st == VG_OK ? err : &ignored);
    *ret_more = n == BATCH;
    st = st == VG_OK ? closed : st;
    return st == VG_OK && w->n_late ? watch_recheck(w, db, c->log, err) : st;
}

// --- one log (or all, for the rules across sites), one pass ----------------------------------
// Without a cursor: of all logs, for the rules across sites.
static vg_status one_batch(watch *w, log_cursor *c, bool *ret_more, vg_err *err)
{
    vg_db *db;
    int64_t seq = 0;
    watch_found_clear(w);
    w->failed = false;
    VG_TRY(vg_inner_take(w->core, &db, err));
    vg_status st =
        c ? watch_feed(w, db, c, &seq, ret_more, err) : watch_feed_across(w, db, ret_more, err);
    if (st == VG_OK && w->n_found) {
        st = watch_describe(w, db, err);
    }
    vg_inner_give(w->core, db);
    if (st == VG_OK && w->n_found) {
        st = watch_hold(w, err);
    }
    if (st == VG_OK && w->found) {
        st = watch_submit(w, err);
    }
    if (st == VG_OK && c) {
        c->seq = seq;
    } else if (st != VG_OK) {
        w->consistent = false;  // the engine is ahead of the cursor
    }
    return st;
}

static vg_status load_logs(watch *w, vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    VG_TRY(vg_inner_take(w->core, &db, err));
    vg_status st = vg_rows_open(db, "SELECT log, site FROM log WHERE log > 1 ORDER BY log",
                                VG_NOVALS, &r, err);
    while (st == VG_OK && vg_rows_next(r)) {
        watch_cursor(w, (uint32_t)vg_row_i64(r, 0), vg_row_str(r, 1));
    }
    if (st == VG_OK) {
        st = vg_rows_close(r, err);
    }
    vg_inner_give(w->core, db);
    return st;
}

static vg_status pass(watch *w, vg_err *err)
{
    VG_TRY(load_logs(w, err));
    for (size_t i = 0; i < w->n_logs; i++) {
        bool more = true;
        while (more && !vg_core_stopping(w->core)) {
            VG_TRY(one_batch(w, &w->logs[i], &more, err));
        }
    }
    if (alerts_brain_across(w->brain)) {
        VG_TRY(
            load_logs(w, err));  // one that began meanwhile holds events older than the latest read
    }
    for (bool more = alerts_brain_across(w->brain); more && !vg_core_stopping(w->core);) {
        VG_TRY(one_batch(w, NULL, &more, err));
    }
    return VG_OK;
}

static void tick_log(watch *w, const log_cursor *c)
{
    char args[64];
    snprintf(args, sizeof args, "{\"site\":\"%s\"}", c->site);
    watch_run(w, "alerts.tick", vg_str_c(args));
}

static void tick_logs(watch *w)
{
    bool ticked = false;
    for (size_t i = 0; i < w->n_logs; i++) {
        if (alerts_brain_wants_tick(w->brain, w->logs[i].log, vg_now_us())) {
            tick_log(w, &w->logs[i]);
            ticked = true;
        }
    }
    // The engine across sites hears the ticks of every log.
    if (!ticked && w->n_logs && alerts_brain_across(w->brain) &&
        alerts_brain_wants_tick(w->brain, ALERTS_ACROSS, vg_now_us())) {
        tick_log(w, &w->logs[0]);
    }
}

// What time alone makes is told at whole seconds, whatever else wakes the thread: the moment tells nothing of that.
static vg_status tick(watch *w, int64_t now_us, vg_err *err)
{
    const int64_t second = now_us / (TICK_EVERY_S * VG_SECOND_US);
    if (second == w->ticked) {
        return VG_OK;
    }
    w->ticked = second;
    VG_TRY(watch_tell_held(w, err));
    tick_logs(w);
    return VG_OK;
}

static vg_status turn(watch *w, vg_err *err)
{
    VG_TRY(pass(w, err));
    watch_know_rules(w);  // also where no site has anything to say
    watch_publish_rules(w);
    VG_TRY(tick(w, vg_mono_us(), err));
    if (vg_mono_us() - w->saved_us > SAVE_EVERY_S * VG_SECOND_US && !w->held) {
        w->saved_us = vg_mono_us();
        watch_save(w);
    }
    return VG_OK;
}

// Until the next whole second.
static int wait_ms(void)
{
    const int64_t tick_us = TICK_EVERY_S * VG_SECOND_US;
    return (int)((tick_us - vg_mono_us() % tick_us) / 1000) + 1;
}

static void *run(void *ctx)
{
    watch *w = ctx;
    uint64_t commit = 0;
    vg_err err = {0};
    watch_start_at(w);
    while (!vg_core_stopping(w->core) && !w->stop) {
        const vg_status st = turn(w, &err);
        if (st != VG_OK && !vg_core_stopping(w->core)) {
            vg_log(VG_ERROR, "alerts.engine", "status=%s detail=%s", vg_status_name(st),
                   err.detail);
            watch_restart(w);
        }
        commit = vg_core_wait(w->core, commit, wait_ms());
    }
    if (!w->held) {  // else they are found again from what was saved before
        watch_save(w);
    }
    return NULL;
}

void watch_know_rules(watch *w)
{
    vg_db *db;
    if (vg_inner_take(w->core, &db, NULL) == VG_OK) {
        watch_rules_history(w, db);
        vg_inner_give(w->core, db);
    }
}

vg_status watch_make_brain(watch *w, vg_err *err)
{
    char dir[440];
    vg_xname facts[FACTS_MAX];
    alerts_brain_opts opts = {.shipped = vg_shipped_rules, .dir = dir, .facts = facts};
    opts.n_facts = vg_fact_names(facts, FACTS_MAX);
    vg_err why = {0};
    snprintf(dir, sizeof dir, "%s/rules", w->dir);
    if (alerts_brain_create(&opts, &w->brain, &why) == VG_OK) {
        return VG_OK;
    }
    // A slip in the node's own rules must not leave it without any.
    vg_log(VG_ERROR, "alerts.rules_refused", "key=%s field=%s detail=\"%s\" using=shipped",
           why.key ? why.key : "", why.field, why.detail);
    opts.dir = NULL;
    return alerts_brain_create(&opts, &w->brain, err);
}

vg_status alerts_watch_start(vg_core *core, void **ret_state, vg_err *err)
{
    watch *w = vg_alloc(sizeof *w);
    w->core = core;
    w->dir = vg_core_dir(core);
    w->on = on_found;
    w->consistent = true;
    const vg_status st = watch_make_brain(w, err);
    if (st != VG_OK) {
        free(w);
        return st;
    }
    w->arena = vg_arena_create(ARENA_BYTES);
    w->saved_us = vg_mono_us();
    w->held_tail = &w->held;
    watch_know_rules(w);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->done, NULL);
    watch_load(w);
    const int rc = pthread_create(&w->thread, NULL, run, w);
    w->running = rc == 0;
    if (rc) {
        alerts_watch_stop(w);
        return vg_fail(err, VG_EUNAVAIL, "", NULL, "thread");
    }
    *ret_state = w;
    return VG_OK;
}

void alerts_watch_stop(void *state)
{
    watch *w = state;
    if (!w) {
        return;
    }
    w->stop = true;
    if (w->running) {
        pthread_join(w->thread, NULL);
    }
    pthread_cond_destroy(&w->done);
    pthread_mutex_destroy(&w->lock);
    watch_drop_held(w);
    alerts_brain_destroy(w->brain);
    vg_arena_destroy(w->arena);
    free(w->logs);
    free(w);
}
