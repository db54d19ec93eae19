// SPDX-License-Identifier: Apache-2.0
// The back-test's thread. It takes the oldest asking, reads the journal log by log in pages (each page one short
// read, so that no writer waits and no reader's snapshot grows old), feeds two engines that differ in nothing but
// the draft, and tells what each found, site by site. Facts are as they stood then: those from before the period
// are taken in first, and the engines see a day more than is counted (five weeks for a rule that learns). What it
// keeps is bounded: two engines of one log, and at most HITS_MAX findings a side. After a crash the asking still
// stands and begins anew. It counts findings; what an open alert would have taken in is counted, too.
#include "domain/alerts/rule_pair.h"
#include "domain/alerts/seen.h"

#include "base/clock.h"
#include "base/log.h"

#include <pthread.h>

enum {
    WAIT_MS = 1000,
    PAGE = 500,
    WINDOW = 20000,  // row numbers looked through for facts at a time
    NODE_FACTS = 20000,
    ARENA_BYTES = 64 << 20,
    STEP_US = 500000,
    WARM_DAYS = 1,
    LEARN_DAYS = 35
};
#define DAY_US (INT64_C(86400) * VG_SECOND_US)

typedef struct one_log {
    uint32_t log;
    char site[VG_ID_TEXT];
    int64_t start, head;  // the last event before it is looked at; the last one there is
} one_log;

typedef struct node_fact {
    int64_t recorded, until, seq;
    const char *name, *key, *value;
} node_fact;

struct alerts_trial {
    vg_core *core;
    pthread_t thread;
    _Atomic bool stop;
    vg_arena *page;  // of one page
    // the asking at hand
    vg_arena *arena;
    alerts_pair pair;
    const char *id, *name;
    vg_str text;
    int64_t asked, from, to, budget;
    one_log *logs;
    size_t n_logs;
    node_fact *facts;
    size_t n_facts, next_fact;
    alerts_tally all;
    int64_t done, total, told_us;
    bool called_off;
};

static bool over(const alerts_trial *t)
{
    return t->stop || t->called_off || vg_core_stopping(t->core);
}

// --- telling ------------------------------------------------------------------------------------
// Runs an internal command; it answers whether the asking still stands.
static vg_status tell(alerts_trial *t, const char *command, vg_buf *args, vg_err *err)
{
    if (args->failed) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", command);
    }
    vg_command_call call = {
        .name = command, .args = vg_buf_str(args), .who = vg_core_system(), .id = vg_cmd_random()};
    vg_core_run(t->core, &call);
    t->called_off |= call.st == VG_OK && !vg_js_bool(vg_buf_str(&call.reply), "asked", true);
    vg_buf_done(&call.reply);
    if (call.st != VG_OK) {
        *err = call.err;
    }
    return call.st;
}

static vg_jw begin(const alerts_trial *t, vg_buf *b)
{
    vg_buf_init(b, 1 << 17);
    vg_jw w = vg_jw_on(b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "id", t->id);
    vg_jw_ki64(&w, "asked", t->asked);
    return w;
}

static void tell_step(alerts_trial *t)
{
    vg_buf b;
    vg_err err = {0};
    if (vg_mono_us() - t->told_us < STEP_US) {
        return;
    }
    t->told_us = vg_mono_us();
    vg_jw w = begin(t, &b);
    vg_jw_ki64(&w, "done", t->done);
    vg_jw_ki64(&w, "total", t->total);
    vg_jw_close(&w, '}');
    (void)!tell(t, "alerts.rule_trial_step", &b, &err);  // the next one says it again
    vg_buf_done(&b);
}

static vg_status tell_site(alerts_trial *t, const one_log *l, const alerts_tally *y, vg_err *err)
{
    vg_buf b;
    vg_jw w = begin(t, &b);
    vg_jw_kz(&w, "site", l->site);
    alerts_tally_say(y, l->log, &w);
    vg_jw_close(&w, '}');
    const vg_status st = tell(t, "alerts.rule_trial_seen", &b, err);
    vg_buf_done(&b);
    return st;
}

static void tell_end(alerts_trial *t, vg_status st, const vg_err *why)
{
    vg_buf b, vi, en;
    vg_err err = {0};
    vg_buf_init(&vi, 480);
    vg_buf_init(&en, 480);
    vg_jw w = begin(t, &b);
    vg_jw_kz(&w, "state", st == VG_OK ? "done" : "failed");
    vg_jw_kbool(&w, "over", st == VG_OK && alerts_tally_most(&t->all) > t->budget);
    if (st != VG_OK) {
        vg_tr_err(&vi, VG_VI, why);
        vg_tr_err(&en, VG_EN, why);
        vg_jw_kstr(&w, "problem_vi", vg_buf_str(&vi));
        vg_jw_kstr(&w, "problem_en", vg_buf_str(&en));
    }
    vg_jw_close(&w, '}');
    if (tell(t, "alerts.rule_tried", &b, &err) != VG_OK) {
        vg_log(VG_WARN, "alerts.trial_untold", "rule=%s detail=\"%s\"", t->name, err.detail);
    }
    vg_buf_done(&b);
    vg_buf_done(&vi);
    vg_buf_done(&en);
}

// --- what is to be read -----------------------------------------------------------------------------
typedef struct window {
    uint32_t log;
    int64_t after, last;  // sequence numbers
} window;
typedef vg_status (*on_event)(alerts_trial *t, const vg_event *e, void *ctx, vg_err *err);

static const char EVENTS[] = "SELECT " VG_EVENT_COLUMNS " FROM event e WHERE e.id > ? AND e.id <= ?"
                             " ORDER BY e.id LIMIT 500";
static const char FACTS[] = "SELECT " VG_EVENT_COLUMNS " FROM event e WHERE e.id > ? AND e.id <= ?"
                            " AND e.kind IN ('core.fact', 'sites.graph_drawn') ORDER BY e.id";

// One page of a window in one short read. ret_last: the last event given; ret_n: how many.
static vg_status read_page(alerts_trial *t, const char *sql, const window *w, on_event fn,
                           void *ctx, int64_t *ret_last, int *ret_n, vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    *ret_n = 0;
    vg_arena_reset(t->page);
    VG_TRY(vg_inner_take(t->core, &db, err));
    vg_status st = vg_rows_open(
        db, sql,
        VG_VALS(vg_i(VG_EVENT_ROWID(w->log, w->after)), vg_i(VG_EVENT_ROWID(w->log, w->last))), &r,
        err);
    if (st == VG_OK) {
        while (st == VG_OK && vg_rows_next(r)) {
            vg_event e;
            vg_event_read(r, &e);
            *ret_last = e.seq;
            ++*ret_n;
            st = fn(t, &e, ctx, err);
        }
        const vg_status closed = vg_rows_close(r, st == VG_OK ? err : NULL);
        st = st == VG_OK ? closed : st;
    }
    vg_inner_give(t->core, db);
    return st;
}

// All facts of a log up to a place in it, in windows.
static vg_status read_facts(alerts_trial *t, uint32_t log, int64_t until, on_event fn, void *ctx,
                            vg_err *err)
{
    for (int64_t at = 0; at < until && !over(t); at += WINDOW) {
        int64_t last = 0;
        int n;
        const window w = {log, at, at + WINDOW < until ? at + WINDOW : until};
        VG_TRY(read_page(t, FACTS, &w, fn, ctx, &last, &n, err));
    }
    return VG_OK;
}

// The last event recorded before a moment: recording never goes back within a log.
static vg_status last_before(vg_db *db, const one_log *l, int64_t us, int64_t *ret, vg_err *err)
{
    int64_t low = 0, high = l->head;
    while (low < high) {
        const int64_t mid = low + (high - low + 1) / 2;
        int64_t recorded = 0;
        VG_TRY(vg_one_i64(db, "SELECT recorded FROM event WHERE id >= ? ORDER BY id LIMIT 1",
                          VG_VALS(vg_i(VG_EVENT_ROWID(l->log, mid))), 0, &recorded, err));
        if (recorded < us) {
            low = mid;
        } else {
            high = mid - 1;
        }
    }
    *ret = low;
    return VG_OK;
}

static vg_status list_logs(alerts_trial *t, vg_db *db, vg_err *err)
{
    vg_rows *r;
    int64_t n = 0;
    VG_TRY(vg_one_i64(db, "SELECT count(*) FROM log", VG_NOVALS, 0, &n, err));
    t->logs = vg_arena_get(t->arena, (size_t)(n + 1) * sizeof *t->logs);
    if (!t->logs) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "log");
    }
    VG_TRY(vg_rows_open(db,
                        "SELECT l.log, l.site, COALESCE((SELECT max(e.id) FROM event e WHERE e.id >"
                        " l.log << 40 AND e.id < (l.log + 1) << 40), 0) FROM log l ORDER BY l.log",
                        VG_NOVALS, &r, err));
    while (vg_rows_next(r) && t->n_logs < (size_t)n) {
        one_log *l = &t->logs[t->n_logs++];
        *l = (one_log){.log = (uint32_t)vg_row_i64(r, 0),
                       .head = vg_row_i64(r, 2) & ((INT64_C(1) << VG_SEQ_BITS) - 1)};
        snprintf(l->site, sizeof l->site, "%.*s", VG_FMT(vg_row_str(r, 1)));
    }
    return vg_rows_close(r, err);
}

static vg_status plan(alerts_trial *t, int64_t warm_us, vg_err *err)
{
    vg_db *db;
    VG_TRY(vg_inner_take(t->core, &db, err));
    vg_status st = list_logs(t, db, err);
    for (size_t i = 0; st == VG_OK && i < t->n_logs; i++) {
        st = last_before(db, &t->logs[i], t->from - warm_us, &t->logs[i].start, err);
        t->total += t->logs[i].log == VG_LOG_NODE ? 0 : t->logs[i].head - t->logs[i].start;
    }
    vg_inner_give(t->core, db);
    return st;
}

static vg_status keep_node_fact(alerts_trial *t, const vg_event *e, void *ctx, vg_err *err)
{
    (void)ctx;
    if (t->n_facts == NODE_FACTS) {
        return VG_OK;
    }
    node_fact f = {.recorded = e->recorded_us,
                   .until = vg_js_i64(e->body, "valid_until", 0),
                   .seq = e->seq,
                   .name = vg_str_z(t->arena, vg_js_str(t->page, e->body, "name")),
                   .key = vg_str_z(t->arena, vg_js_str(t->page, e->body, "key")),
                   .value = vg_str_z(t->arena, vg_js_str(t->page, e->body, "value"))};
    if (!f.name || !f.key || !f.value) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "facts");
    }
    t->facts[t->n_facts++] = f;
    return VG_OK;
}

static vg_status node_facts(alerts_trial *t, vg_err *err)
{
    t->facts = vg_arena_get(t->arena, NODE_FACTS * sizeof *t->facts);
    if (!t->facts) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "facts");
    }
    for (size_t i = 0; i < t->n_logs; i++) {
        if (t->logs[i].log == VG_LOG_NODE) {
            VG_TRY(read_facts(t, VG_LOG_NODE, t->logs[i].head, keep_node_fact, NULL, err));
        }
    }
    return VG_OK;
}

// --- what both engines are told ------------------------------------------------------------------------
static vg_status both_know(alerts_trial *t, uint32_t log, const alerts_fact *f, vg_err *err)
{
    VG_TRY(alerts_brain_fact(t->pair.active.brain, log, f, err));
    return alerts_brain_fact(t->pair.draft.brain, log, f, err);
}

static vg_status take_fact(alerts_trial *t, const vg_event *e, void *ctx, vg_err *err)
{
    (void)ctx;
    const alerts_fact f = {.name = vg_js_str(t->page, e->body, "name"),
                           .key = vg_js_str(t->page, e->body, "key"),
                           .value = vg_js_str(t->page, e->body, "value"),
                           .until_us = vg_js_i64(e->body, "valid_until", 0)};
    return both_know(t, e->log, &f, err);
}

static vg_status take_graph(alerts_trial *t, const vg_event *e, vg_err *err)
{
    vg_str links = {"", 0};
    (void)vg_js_find(e->body, "links", &links);
    VG_TRY(alerts_brain_graph(t->pair.active.brain, e->log, t->page, e->subject, links, err));
    return alerts_brain_graph(t->pair.draft.brain, e->log, t->page, e->subject, links, err);
}

static vg_status take_before(alerts_trial *t, const vg_event *e, void *ctx, vg_err *err)
{
    return vg_str_eqc(e->kind, "core.fact") ? take_fact(t, e, ctx, err) : take_graph(t, e, err);
}

static vg_status take_node_facts(alerts_trial *t, uint32_t log, int64_t until, vg_err *err)
{
    while (t->next_fact < t->n_facts && t->facts[t->next_fact].recorded <= until) {
        const node_fact *n = &t->facts[t->next_fact++];
        const alerts_fact f = {vg_str_c(n->name), vg_str_c(n->key), vg_str_c(n->value), n->until};
        VG_TRY(both_know(t, log, &f, err));
    }
    return VG_OK;
}

static vg_status take_event(alerts_trial *t, const vg_event *e, void *ctx, vg_err *err)
{
    bool *past = ctx;
    alerts_seen x;
    if (*past || e->recorded_us >= t->to) {
        *past = true;
        return VG_OK;
    }
    VG_TRY(take_node_facts(t, e->log, e->recorded_us, err));
    if (vg_str_eqc(e->kind, "core.fact")) {
        return take_fact(t, e, NULL, err);
    }
    if (vg_str_eqc(e->kind, "sites.graph_drawn")) {
        return take_graph(t, e, err);
    }
    if (e->world != 0 || !alerts_seen_of(t->page, e, &x) || vg_str_starts(x.kind, ALERTS_GATE)) {
        return VG_OK;  // the result is read by all who know the site
    }
    return alerts_pair_feed(&t->pair, &x, err);
}

// --- one log ------------------------------------------------------------------------------------------
static vg_status read_log(alerts_trial *t, const one_log *l, vg_err *err)
{
    bool past = false;
    int n = PAGE;
    window w = {l->log, l->start, l->head};
    VG_TRY(read_facts(t, l->log, l->start, take_before, NULL, err));
    while (n == PAGE && !past && !over(t)) {
        const int64_t before = w.after;
        VG_TRY(read_page(t, EVENTS, &w, take_event, &past, &w.after, &n, err));
        t->done += w.after - before;
        tell_step(t);
    }
    if (over(t)) {
        return VG_OK;
    }
    vg_arena_reset(t->page);
    return alerts_pair_end(&t->pair, l->log, err);
}

static vg_status try_log(alerts_trial *t, const one_log *l, vg_err *err)
{
    alerts_tally y;
    t->next_fact = 0;
    vg_status st = alerts_pair_open(&t->pair, err);
    if (st == VG_OK) {
        st = read_log(t, l, err);
    }
    alerts_pair_close(&t->pair);
    VG_TRY(st);
    VG_TRY(alerts_pair_compare(&t->pair, &y, err));
    alerts_tally_join(&t->all, &y);
    return over(t) || !(y.both + y.only_draft + y.only_active) ? VG_OK : tell_site(t, l, &y, err);
}

// --- one asking ---------------------------------------------------------------------------------------
static bool learns(const alerts_files *f, const char *name, vg_arena *a)
{
    alerts_look l;
    return alerts_files_look(f, NULL, name, a, &l, NULL) == VG_OK &&
           strcmp(l.type, "x-rate-anomaly") == 0;
}

static vg_status work(alerts_trial *t, vg_err *err)
{
    t->pair = (alerts_pair){.name = t->name, .from = t->from, .to = t->to, .page = t->page};
    VG_TRY(alerts_pair_load(&t->pair, t->core, t->arena, t->text, err));
    const bool long_ago = learns(t->pair.draft.files, t->name, t->arena) ||
                          learns(t->pair.active.files, t->name, t->arena);
    VG_TRY(plan(t, (long_ago ? LEARN_DAYS : WARM_DAYS) * DAY_US, err));
    VG_TRY(node_facts(t, err));
    t->all = (alerts_tally){.from = t->from, .to = t->to};
    for (size_t i = 0; i < t->n_logs && !over(t); i++) {
        if (t->logs[i].log != VG_LOG_NODE) {
            VG_TRY(try_log(t, &t->logs[i], err));
        }
    }
    return VG_OK;
}

static void forget(alerts_trial *t)
{
    alerts_pair_done(&t->pair);
    t->logs = NULL;
    t->n_logs = t->n_facts = 0;
    t->done = t->total = t->told_us = 0;
    t->called_off = false;
    vg_arena_reset(t->arena);
}

static vg_status next_asking(alerts_trial *t, bool *ret_found, vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    *ret_found = false;
    VG_TRY(vg_inner_take(t->core, &db, err));
    vg_status st = vg_rows_open(
        db,
        "SELECT id, name, text, trial_asked, trial_from, trial_to, budget FROM rule_text WHERE"
        " trial_state = 'asked' AND world = 0 ORDER BY trial_asked LIMIT 1",
        VG_NOVALS, &r, err);
    if (st == VG_OK) {
        if (vg_rows_next(r)) {
            t->id = vg_str_z(t->arena, vg_row_str(r, 0));
            t->name = vg_str_z(t->arena, vg_row_str(r, 1));
            t->text = vg_str_dup(t->arena, vg_row_str(r, 2));
            t->asked = vg_row_i64(r, 3);
            t->from = vg_row_i64(r, 4);
            t->to = vg_row_i64(r, 5);
            t->budget = vg_row_i64(r, 6);
            *ret_found = t->id && t->name && t->text.p;
        }
        st = vg_rows_close(r, err);
    }
    vg_inner_give(t->core, db);
    return st;
}

static bool try_one(alerts_trial *t)
{
    bool found = false;
    vg_err err = {0};
    forget(t);
    if (next_asking(t, &found, &err) != VG_OK || !found) {
        return false;
    }
    const vg_status st = work(t, &err);
    if (!over(t)) {
        tell_end(t, st, &err);
    }
    return true;
}

static void *run(void *ctx)
{
    alerts_trial *t = ctx;
    uint64_t commit = 0;
    while (!t->stop && !vg_core_stopping(t->core)) {
        if (!try_one(t)) {
            commit = vg_core_wait(t->core, commit, WAIT_MS);
        }
    }
    forget(t);
    return NULL;
}

vg_status alerts_trial_start(vg_core *core, alerts_trial **ret, vg_err *err)
{
    alerts_trial *t = vg_alloc(sizeof *t);
    t->core = core;
    t->arena = vg_arena_create(ARENA_BYTES);
    t->page = vg_arena_create(ARENA_BYTES);
    if (pthread_create(&t->thread, NULL, run, t)) {
        vg_arena_destroy(t->arena);
        vg_arena_destroy(t->page);
        free(t);
        return vg_fail(err, VG_EUNAVAIL, "", NULL, "%s", "thread");
    }
    *ret = t;
    return VG_OK;
}

void alerts_trial_stop(alerts_trial *t)
{
    if (t) {
        t->stop = true;
        pthread_join(t->thread, NULL);
        vg_arena_destroy(t->arena);
        vg_arena_destroy(t->page);
        free(t);
    }
}
