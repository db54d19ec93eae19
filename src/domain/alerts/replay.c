// SPDX-License-Identifier: Apache-2.0
// Both directions of "the replay says what the journal says": every alert that was raised by the rules in force
// has a finding of the replay behind it (the command that raised it is the finding's id, or that of one of its
// repeats), and every finding was given to the scribe (its id is a command that was run). Left out, and counted,
// is what cannot agree: alerts of other versions of a rule; findings from before their rule was published or
// whose opening lies before it (a new rule looks forward), from before the scribe's memory of commands, and
// from behind the engine's saved position.
#include "domain/alerts/replay.h"

#include "domain/alerts/watch_impl.h"

enum { ARENA_BYTES = 64 << 20 };

typedef struct replay {
    watch w;  // first: the engine's reader hands this back
    alerts_on_found fn;
    void *ctx;
} replay;

static void forward(void *ctx, const alerts_found *f)
{
    replay *r = ctx;
    r->fn(r->ctx, f);
}

static vg_status one_log(replay *r, vg_db *db, uint32_t log, int64_t *ret_last, vg_err *err)
{
    log_cursor c = {.log = log};
    for (bool more = true; more;) {
        vg_arena_reset(r->w.arena);
        VG_TRY(watch_feed(&r->w, db, &c, &c.seq, &more, err));
    }
    *ret_last = c.seq;
    return VG_OK;
}

static vg_status read_logs(vg_db *db, vg_buf *ret, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db, "SELECT log FROM log WHERE log > 1 ORDER BY log", VG_NOVALS, &r, err));
    while (vg_rows_next(r)) {
        const uint32_t log = (uint32_t)vg_row_i64(r, 0);
        vg_buf_add(ret, &log, sizeof log);
    }
    return vg_rows_close(r, err);
}

static uint32_t log_at(const vg_buf *logs, size_t i)
{
    uint32_t log;
    memcpy(&log, logs->p + i * sizeof log, sizeof log);
    return log;
}

// What the rules across sites find, of all that one_log has read.
static vg_status all_logs(replay *r, vg_db *db, const vg_buf *logs, vg_err *err)
{
    for (size_t i = 0; i < logs->n / sizeof(uint32_t); i++) {
        watch_cursor(&r->w, log_at(logs, i), VG_S(""));
    }
    for (bool more = alerts_brain_across(r->w.brain); more;) {
        vg_arena_reset(r->w.arena);
        VG_TRY(watch_feed_across(&r->w, db, &more, err));
    }
    return VG_OK;
}

vg_status alerts_replay_all(vg_db *db, alerts_brain *b, alerts_on_found fn, void *ctx,
                            int64_t *ret_events, vg_err *err)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(ARENA_BYTES);
    replay r = {.w = {.brain = b, .arena = a, .on = forward, .fixed = true}, .fn = fn, .ctx = ctx};
    vg_buf logs;
    int64_t events = 0, last = 0;
    vg_buf_init(&logs, 16 << 20);
    vg_status st = read_logs(db, &logs, err);
    for (size_t i = 0; st == VG_OK && i < logs.n / sizeof(uint32_t); i++) {
        st = one_log(&r, db, log_at(&logs, i), &last, err);
        events += last;
    }
    st = st == VG_OK ? all_logs(&r, db, &logs, err) : st;
    free(r.w.logs);
    vg_buf_done(&logs);
    *ret_events = events;
    return st;
}

// --- comparing ----------------------------------------------------------------------------------
typedef struct found_id {
    vg_cmd_id id;
    uint32_t rule, set;
    bool repeat;
    int64_t opening, closing;  // row numbers of events
} found_id;

typedef struct compare {
    replay r;
    vg_db *db;
    alerts_compared *out;
    found_id *v;
    size_t n, cap;
    uint32_t log;
    int64_t last;    // of the log: its end
    log_cursor *at;  // how far the engines got
    size_t n_at;
    int64_t memory_us;  // commands from before are forgotten
} compare;

static void keep(void *ctx, const alerts_found *f)
{
    compare *c = ctx;
    const alerts_proof now = {c->r.w.now->log, c->r.w.now->seq},
                       first = f->n_proofs ? f->proofs[0] : now;
    if (f->shadow || (f->what != FOUND_ALERT && f->what != FOUND_REPEAT)) {
        return;  // what becomes of an alert is not compared
    }
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 256;
        c->v = vg_realloc(c->v, c->cap * sizeof *c->v);
    }
    found_id *x = &c->v[c->n++];
    *x = (found_id){.id = f->id,
                    .rule = (uint32_t)f->rule,
                    .set = (uint32_t)f->set,
                    .repeat = f->what == FOUND_REPEAT,
                    .opening = VG_EVENT_ROWID(first.log, first.seq),
                    .closing = VG_EVENT_ROWID(now.log, now.seq)};
    if (f->what ==
        FOUND_REPEAT) {  // the id under which a run of repeats that ends here is submitted
        char last[32];
        snprintf(last, sizeof last, "%lld 0", (long long)watch_seq(f, now));
        x->id = vg_cmd_derive("alerts.more", (vg_str){(const char *)f->id.b, sizeof f->id.b},
                              vg_str_c(last));
    }
}

static int by_id(const void *a, const void *b)
{
    return memcmp(((const found_id *)a)->id.b, ((const found_id *)b)->id.b, sizeof(vg_cmd_id));
}

static void differ(compare *c, int64_t seq, const char *rule, bool recorded_only)
{
    if (c->out->differences++ == 0) {
        c->out->log = c->log;
        c->out->seq = seq;
        c->out->recorded_only = recorded_only;
        snprintf(c->out->rule, sizeof c->out->rule, "%s", rule);
    }
}

// Whether some set of rules that was in force holds this rule in this version.
static bool in_force(const alerts_brain *b, vg_str name, vg_str version)
{
    for (size_t set = 0; set < alerts_brain_sets(b); set++) {
        for (size_t i = 0; i < alerts_brain_rules(b, set); i++) {
            alerts_rule rule;
            alerts_brain_rule(b, set, i, &rule);
            if (!rule.shadow && vg_str_eqc(name, rule.name) && vg_str_eqc(version, rule.version)) {
                return true;
            }
        }
    }
    return false;
}

static void check_raised(compare *c, const vg_event *e)
{
    const vg_str rule = vg_js_str(c->r.w.arena, e->body, "rule");
    const found_id want = {.id = e->command};
    c->out->raised++;
    if (!in_force(c->r.w.brain, rule, vg_js_str(c->r.w.arena, e->body, "version"))) {
        c->out->other_rules++;
    } else if (!bsearch(&want, c->v, c->n, sizeof *c->v, by_id)) {
        differ(c, e->seq, vg_str_z(c->r.w.arena, rule), true);
    }
}

static vg_status recorded_found(compare *c, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(
        c->db,
        "SELECT " VG_EVENT_COLUMNS " FROM event e WHERE e.id > ? AND e.id <= ?"
        " AND e.kind = 'alerts.raised' ORDER BY e.id",
        VG_VALS(vg_i(VG_EVENT_ROWID(c->log, 0)), vg_i(VG_EVENT_ROWID(c->log, c->last))), &r, err));
    while (vg_rows_next(r)) {
        vg_event e;
        vg_event_read(r, &e);
        check_raised(c, &e);
    }
    return vg_rows_close(r, err);
}

static vg_status recorded_at(compare *c, int64_t id, int64_t *ret_us, vg_err *err)
{
    return vg_one_i64(c->db, "SELECT recorded FROM event WHERE id = ?", VG_VALS(vg_i(id)), 0,
                      ret_us, err);
}

// The engine that would have found it has not got so far.
static bool ahead(const compare *c, int64_t id)
{
    for (size_t i = 0; i < c->n_at; i++) {
        const log_cursor *at = &c->at[i];
        const int64_t seq = c->log == ALERTS_ACROSS ? at->across : at->seq;
        if (at->log == (uint32_t)(id >> VG_SEQ_BITS)) {
            return id > VG_EVENT_ROWID(at->log, seq);
        }
    }
    return true;
}

// Since when this version of the rule has been in force, by the node's log; never: INT64_MAX.
static vg_status published_at(compare *c, const alerts_rule *rule, int64_t *ret_us, vg_err *err)
{
    return vg_one_i64(c->db,
                      "SELECT max(recorded) FROM event WHERE id > ? AND id < ?"
                      " AND kind = 'alerts.rule_published' AND subject = ?",
                      VG_VALS(vg_i(VG_EVENT_ROWID(VG_LOG_NODE, 0)),
                              vg_i(VG_EVENT_ROWID(VG_LOG_NODE + 1, 0)), vg_t(vg_str_c(rule->name))),
                      INT64_MAX, ret_us, err);
}

static vg_status check_found(compare *c, const found_id *x, vg_err *err)
{
    alerts_rule rule;
    int64_t known = 0, opening = 0, closing = 0, since = 0;
    alerts_brain_rule(c->r.w.brain, x->set, x->rule, &rule);
    VG_TRY(vg_one_i64(c->db, "SELECT 1 FROM command WHERE id = ?",
                      VG_VALS(vg_b(x->id.b, sizeof x->id.b)), 0, &known, err));
    if (known) {
        return VG_OK;
    }
    VG_TRY(recorded_at(c, x->opening, &opening, err));
    VG_TRY(recorded_at(c, x->closing, &closing, err));
    VG_TRY(published_at(c, &rule, &since, err));
    if (opening < since || closing <= c->memory_us || ahead(c, x->closing)) {
        c->out->not_due++;
    } else {
        differ(c, x->closing & ((INT64_C(1) << VG_SEQ_BITS) - 1), rule.name, false);
    }
    return VG_OK;
}

// Of one engine: what was found and what is in its log.
static vg_status settle(compare *c, vg_err *err)
{
    for (size_t i = 0; i < c->n; i++) {
        if (!c->v[i].repeat) {
            c->out->found++;
            VG_TRY(check_found(c, &c->v[i], err));
        }
    }
    if (c->n) {
        qsort(c->v, c->n, sizeof *c->v, by_id);
    }
    return recorded_found(c, err);
}

static vg_status compare_log(compare *c, uint32_t log, vg_err *err)
{
    c->n = 0;
    c->log = log;
    VG_TRY(one_log(&c->r, c->db, log, &c->last, err));
    c->out->events += c->last;
    return settle(c, err);
}

static vg_status compare_across(compare *c, const vg_buf *logs, vg_err *err)
{
    c->n = 0;
    c->log = ALERTS_ACROSS;
    c->last = (INT64_C(1) << VG_SEQ_BITS) - 1;
    VG_TRY(all_logs(&c->r, c->db, logs, err));
    return settle(c, err);
}

// How far the engine got: from its saved state, whose engines are not used.
static vg_status positions(compare *c, vg_err *err)
{
    watch *w = &c->r.w;
    VG_TRY(watch_make_brain(w, err));
    watch_load(w);
    c->at = w->logs;
    c->n_at = w->n_logs;
    w->logs = NULL;
    w->n_logs = w->cap_logs = 0;
    alerts_brain_destroy(w->brain);
    w->brain = NULL;
    VG_TRY(watch_make_brain(w, err));
    w->rules_known = 0;
    watch_rules_history(w, c->db);
    return VG_OK;
}

static vg_status compare_all(compare *c, vg_err *err)
{
    vg_buf logs;
    VG_TRY(positions(c, err));
    VG_TRY(vg_one_i64(c->db, "SELECT COALESCE(min(at), 0) FROM command", VG_NOVALS, 0,
                      &c->memory_us, err));
    vg_buf_init(&logs, 16 << 20);
    vg_status st = read_logs(c->db, &logs, err);
    for (size_t i = 0; st == VG_OK && i < logs.n / sizeof(uint32_t); i++) {
        st = compare_log(c, log_at(&logs, i), err);
    }
    st = st == VG_OK ? compare_across(c, &logs, err) : st;
    vg_buf_done(&logs);
    return st;
}

vg_status alerts_replay_compare(vg_db *db, const char *data, alerts_compared *ret, vg_err *err)
{
    *ret = (alerts_compared){0};
    compare c = {
        .r = {.w = {.dir = data, .arena = vg_arena_create(ARENA_BYTES), .on = forward}, .fn = keep},
        .db = db,
        .out = ret};
    c.r.ctx = &c;
    const vg_status st = compare_all(&c, err);
    alerts_brain_destroy(c.r.w.brain);
    vg_arena_destroy(c.r.w.arena);
    free(c.r.w.logs);
    free(c.at);
    free(c.v);
    return st;
}
