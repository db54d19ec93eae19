// SPDX-License-Identifier: Apache-2.0
// Both directions of "the replay says what the journal says", for alerts, for the evidence added to them and for
// what became of them. Whatever the engine's thread submits has a command id that follows from the finding, and
// every event bears the id of its command; so
// - each recorded event must have a finding of the replay behind it, with as many events as it says and the
//   level it says;
// - each finding must have been submitted, and what its command says it wrote must stand in the journal.
// Left out, and counted by reason (replay.h), is what cannot agree: alerts of other versions of a rule; findings
// from before their rule was published or whose opening lies before it (a new rule looks forward), from before
// the scribe's memory of commands, from behind the engine's saved position, from a journal that was read again
// without a saved state (alerts.reread); what was submitted when no open alert could take it any more, or had it
// already; how many events a flood is, and a run of repeats that was cut anew after a crash and opened an alert:
// both depend on how the journal was cut into batches, which nothing records.
#include "domain/alerts/replay_impl.h"

typedef struct found_id {
    vg_cmd_id id, alert;  // of the command · of all that is found about one alert
    alerts_what what;
    uint32_t rule, set;
    char level;                 // its first letter tells it
    uint32_t proofs, n_proofs;  // of an alert: in compare.seqs
    int64_t opening, closing;   // row numbers of events; opening 0: t tells
    int64_t number;             // of the closing event, as alerts count it
    int64_t t;
    size_t order;  // as it was found
    bool recorded;
} found_id;

typedef struct reread {
    int64_t at,
        before;  // findings of events recorded until at are left out if they are older than before
} reread;

typedef struct compare {
    replay r;
    vg_db *db;
    alerts_compared *out;
    found_id *v;
    size_t n, cap;
    found_id *of_alert;  // the same by alert, kind and sequence number
    int64_t *seqs;
    size_t n_seqs, cap_seqs;
    reread *rereads;
    size_t n_rereads;
    uint32_t log;
    int64_t last;    // of the log: its end
    log_cursor *at;  // how far the engines got
    size_t n_at;
    int64_t memory_us;  // commands from before are forgotten
} compare;

// --- what the replay finds --------------------------------------------------------------------------
static int64_t row_of(alerts_proof p)
{
    return VG_EVENT_ROWID(p.log, p.seq);
}

static vg_status recorded_at(compare *c, int64_t id, int64_t *ret_us, vg_err *err)
{
    return vg_one_i64(c->db, "SELECT recorded FROM event WHERE id = ?", VG_VALS(vg_i(id)), 0,
                      ret_us, err);
}

// Within a log events are counted by their sequence, over several by the time of their recording.
static int64_t number_of(compare *c, const alerts_found *f, alerts_proof p)
{
    int64_t n = p.seq;
    vg_err err = {0};
    if (f->across && recorded_at(c, row_of(p), &n, &err) != VG_OK) {
        n = 0;
    }
    return n;
}

// The engine that would have found it has not got so far.
static bool ahead(const compare *c, int64_t id)
{
    for (size_t i = 0; i < c->n_at; i++) {
        const log_cursor *at = &c->at[i];
        if (at->log == (uint32_t)(id >> VG_SEQ_BITS)) {
            return id > VG_EVENT_ROWID(at->log, c->log == ALERTS_ACROSS ? at->across : at->seq);
        }
    }
    return true;
}

static void keep_proofs(compare *c, found_id *x, const alerts_found *f)
{
    x->proofs = (uint32_t)c->n_seqs;
    for (size_t i = 0; i < f->n_proofs; i++) {
        if (i && row_of(f->proofs[i]) == row_of(f->proofs[i - 1])) {
            continue;
        }
        if (c->n_seqs == c->cap_seqs) {
            c->cap_seqs = c->cap_seqs ? c->cap_seqs * 2 : 1024;
            c->seqs = vg_realloc(c->seqs, c->cap_seqs * sizeof *c->seqs);
        }
        c->seqs[c->n_seqs++] = number_of(c, f, f->proofs[i]);
        x->n_proofs++;
    }
}

static bool runs_on(alerts_what what)  // several of a batch are submitted as one, named by the last
{
    return what == FOUND_REPEAT || what == FOUND_FLOOD;
}

static void keep(void *ctx, const alerts_found *f)
{
    compare *c = ctx;
    const alerts_proof now = {c->r.w.now->log, c->r.w.now->seq};
    if (f->shadow) {
        return;
    }
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 256;
        c->v = vg_realloc(c->v, c->cap * sizeof *c->v);
    }
    found_id *x = &c->v[c->n];
    *x = (found_id){.alert = f->id,
                    .what = f->what,
                    .rule = (uint32_t)f->rule,
                    .set = (uint32_t)f->set,
                    .level = f->level[0],
                    .opening = f->n_proofs ? row_of(f->proofs[0]) : 0,
                    .closing = row_of(now),
                    .number = number_of(c, f, now),
                    .t = f->t,
                    .order = c->n++};
    const alerts_proof last = f->n_proofs ? f->proofs[f->n_proofs - 1] : (alerts_proof){0};
    x->id = watch_command(f, runs_on(f->what) ? watch_seq(f, now)
                             : f->n_proofs    ? watch_seq(f, last)
                                              : 0);
    if (f->what == FOUND_ALERT || f->what == FOUND_FULL) {
        keep_proofs(c, x, f);
    }
}

static int by_id(const void *a, const void *b)
{
    const found_id *x = a, *y = b;
    const int d = memcmp(x->id.b, y->id.b, sizeof x->id);
    return d ? d : (x->order > y->order) - (x->order < y->order);
}

static int by_alert(const void *a, const void *b)
{
    const found_id *x = a, *y = b;
    const int d = memcmp(x->alert.b, y->alert.b, sizeof x->alert);
    if (d || x->what != y->what) {
        return d ? d : (x->what > y->what) - (x->what < y->what);
    }
    return (x->order > y->order) - (x->order < y->order);
}

// The first of those with this id, or the end.
static const found_id *first_by_id(const compare *c, const vg_cmd_id *id)
{
    size_t from = 0, to = c->n;
    while (from < to) {
        const size_t mid = from + (to - from) / 2;
        if (memcmp(c->v[mid].id.b, id->b, sizeof *id) < 0) {
            from = mid + 1;
        } else {
            to = mid;
        }
    }
    return c->v + from;
}

static bool same_id(const vg_cmd_id *a, const vg_cmd_id *b)
{
    return memcmp(a->b, b->b, sizeof *a) == 0;
}

static void differ(compare *c, int64_t id, const char *rule, alerts_only only)
{
    if (c->out->differences++ == 0) {
        c->out->log = (uint32_t)(id >> VG_SEQ_BITS);
        c->out->seq = id & ((INT64_C(1) << VG_SEQ_BITS) - 1);
        c->out->only = only;
        snprintf(c->out->rule, sizeof c->out->rule, "%s", rule);
    }
}

// --- recorded: is it found? -------------------------------------------------------------------------
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

// The alert that a recorded event is about: its rule, and the last event it cited before.
typedef struct told {
    vg_str rule, version;
    int64_t last_seq;
} told;

static vg_status told_of(compare *c, const vg_event *e, told *ret, vg_err *err)
{
    vg_rows *r;
    vg_arena *a = c->r.w.arena;
    const vg_val id = vg_i(VG_EVENT_ROWID(e->log, e->seq));
    VG_TRY(vg_rows_open(c->db,
                        "SELECT body FROM event WHERE subject = ? AND kind = 'alerts.raised'"
                        " AND id <= ? ORDER BY id LIMIT 1",
                        VG_VALS(vg_t(e->subject), id), &r, err));
    if (vg_rows_next(r)) {
        const vg_str body = vg_row_str(r, 0), rule = vg_js_str(a, body, "rule");
        const bool own = vg_str_eqc(rule, "rule_flood") || vg_str_eqc(rule, "rule_full");
        ret->rule = vg_str_dup(a, own ? vg_js_str(a, body, "key") : rule);
        ret->version = vg_str_dup(a, vg_js_str(a, body, "version"));
    }
    VG_TRY(vg_rows_close(r, err));
    VG_TRY(vg_rows_open(c->db,
                        "SELECT body FROM event WHERE subject = ? AND id < ? AND kind IN"
                        " ('alerts.raised', 'alerts.more') ORDER BY id DESC LIMIT 1",
                        VG_VALS(vg_t(e->subject), id), &r, err));
    if (vg_rows_next(r)) {
        ret->last_seq = vg_js_i64(vg_row_str(r, 0), "last_seq", 0);
    }
    return vg_rows_close(r, err);
}

static vg_status answer(compare *c, const vg_cmd_id *id, bool *ret_known, vg_str *ret, vg_err *err)
{
    vg_rows *r;
    *ret = (vg_str){"", 0};
    VG_TRY(vg_rows_open(c->db, "SELECT reply FROM command WHERE id = ?",
                        VG_VALS(vg_b(id->b, sizeof id->b)), &r, err));
    *ret_known = vg_rows_next(r);
    if (*ret_known) {
        *ret = vg_str_dup(c->r.w.arena, vg_row_str(r, 0));
    }
    return vg_rows_close(r, err);
}

static bool same_run(const found_id *a, const found_id *b)
{
    return a && b && a->what == b->what && same_id(&a->alert, &b->alert);
}

// How many events past `after` a finding adds: all of an alert's own, of repeats those since the run before.
typedef struct counted {
    int64_t n, last, most;  // most: of repeats, from the first on
} counted;

static vg_status count_run(compare *c, const found_id *x, int64_t after, counted *ret, vg_err *err)
{
    const found_id *at = bsearch(x, c->of_alert, c->n, sizeof *at, by_alert);
    bool mine = true;
    for (const found_id *y = at; y >= c->of_alert && same_run(y, at); y--) {
        vg_str reply;
        if (mine && y != at) {
            bool known;
            VG_TRY(answer(c, &y->id, &known, &reply, err));
            mine = !known && !first_by_id(c, &y->id)->recorded;
        }
        const bool again = y != at && y->closing == y[1].closing;
        ret->most += y->number > after && !again;
        ret->n += mine && y->number > after && !again;
    }
    ret->last = x->number;
    return VG_OK;
}

static void count_proofs(const compare *c, const found_id *x, int64_t after, counted *ret)
{
    for (size_t i = 0; i < x->n_proofs; i++) {
        const int64_t seq = c->seqs[x->proofs + i];
        ret->n += seq > after;
        ret->last = seq > ret->last ? seq : ret->last;
    }
}

static vg_status check_count(compare *c, const vg_event *e, const found_id *x, const told *of,
                             vg_err *err)
{
    alerts_rule rule;
    counted want = {0};
    const int64_t n = vg_js_i64(e->body, "n", 0), last = vg_js_i64(e->body, "last_seq", 0);
    alerts_brain_rule(c->r.w.brain, x->set, x->rule, &rule);
    if (x->what == FOUND_FLOOD) {
        c->out->uncounted++;
        return VG_OK;
    }
    if (x->what == FOUND_REPEAT) {
        VG_TRY(count_run(c, x, of->last_seq, &want, err));
    } else {
        count_proofs(c, x, of->last_seq, &want);
    }
    want.n = want.n ? want.n : 1;
    want.last = want.last > of->last_seq ? want.last : of->last_seq;
    const bool cut =
        !of->last_seq || !vg_str_eqc(of->rule, rule.name) || e->recorded_us <= c->memory_us;
    if (n != want.n && last == want.last && cut && n > 0 && n <= want.most) {
        c->out->uncounted++;
    } else if (n != want.n || last != want.last) {
        differ(c, VG_EVENT_ROWID(e->log, e->seq), rule.name, ALERTS_BOTH);
    }
    return VG_OK;
}

static vg_status check_recorded(compare *c, const vg_event *e, vg_err *err)
{
    told of = {{"", 0}, {"", 0}, 0};
    const bool raised = vg_str_eqc(e->kind, "alerts.raised"),
               more = vg_str_eqc(e->kind, "alerts.more");
    c->out->raised += raised;
    c->out->more += more;
    c->out->changes += !raised && !more;
    VG_TRY(told_of(c, e, &of, err));
    found_id *x = c->v + (first_by_id(c, &e->command) - c->v), *end = c->v + c->n;
    const vg_str joined = vg_js_str(c->r.w.arena, e->body, "joined");
    if (x == end || !same_id(&x->id, &e->command)) {
        const vg_str rule = joined.n ? joined : of.rule;
        if (!in_force(c->r.w.brain, rule,
                      joined.n ? vg_js_str(c->r.w.arena, e->body, "version") : of.version)) {
            c->out->other_rules++;
        } else {
            differ(c, VG_EVENT_ROWID(e->log, e->seq), vg_str_z(c->r.w.arena, rule),
                   ALERTS_ONLY_JOURNAL);
        }
        return VG_OK;
    }
    for (found_id *same = x; same < end && same_id(&same->id, &x->id); same++) {
        same->recorded = true;
    }
    if (raised || more) {
        return check_count(c, e, x, &of, err);
    }
    const vg_str level = vg_js_str(c->r.w.arena, e->body, "level");
    if (x->what == FOUND_ESCALATED && (level.n == 0 || level.p[0] != x->level)) {
        differ(c, VG_EVENT_ROWID(e->log, e->seq), vg_str_z(c->r.w.arena, of.rule), ALERTS_BOTH);
    }
    return VG_OK;
}

static vg_status recorded_found(compare *c, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(
        c->db,
        "SELECT " VG_EVENT_COLUMNS " FROM event e WHERE e.id > ? AND e.id <= ? AND e.kind IN"
        " ('alerts.raised', 'alerts.more', 'alerts.escalated', 'alerts.cleared', 'alerts.amended')"
        " ORDER BY e.id",
        VG_VALS(vg_i(VG_EVENT_ROWID(c->log, 0)), vg_i(VG_EVENT_ROWID(c->log, c->last))), &r, err));
    vg_status st = VG_OK;
    while (st == VG_OK && vg_rows_next(r)) {
        vg_event e;
        vg_arena_reset(c->r.w.arena);
        vg_event_read(r, &e);
        if (!vg_str_eqc(e.kind, "alerts.cleared") ||
            vg_str_eqc(vg_js_str(c->r.w.arena, e.body, "why"), "recovered")) {
            st = check_recorded(c, &e, err);
        }
    }
    vg_err ignored;
    const vg_status closed = vg_rows_close(r, st == VG_OK ? err : &ignored);
    return st == VG_OK ? closed : st;
}

// --- found: is it recorded? -------------------------------------------------------------------------
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

static bool is_quiet(const compare *c, const found_id *x, int64_t closing_us)
{
    for (size_t i = 0; i < c->n_rereads; i++) {
        if (closing_us < c->rereads[i].at && x->t < c->rereads[i].before) {
            return true;
        }
    }
    return false;
}

static vg_status check_unknown(compare *c, const found_id *x, const alerts_rule *rule, vg_err *err)
{
    int64_t opening = x->t, closing = 0, since = 0;
    if (x->opening) {
        VG_TRY(recorded_at(c, x->opening, &opening, err));
    }
    VG_TRY(recorded_at(c, x->closing, &closing, err));
    VG_TRY(published_at(c, rule, &since, err));
    if (opening < since || closing <= c->memory_us || ahead(c, x->closing)) {
        c->out->not_due++;
    } else if (is_quiet(c, x, closing)) {
        c->out->quiet++;
    } else {
        differ(c, x->closing, rule->name, ALERTS_ONLY_REPLAY);
    }
    return VG_OK;
}

// Told together with another one: a repeat with a later one of its batch, and of amendments the first counts.
static bool told_with_another(const compare *c, const found_id *x)
{
    const found_id *at = bsearch(x, c->of_alert, c->n, sizeof *at, by_alert);
    const found_id *next = at + 1, *end = c->of_alert + c->n;
    return (runs_on(x->what) && next < end && same_run(at, next) && !ahead(c, next->closing)) ||
           (x->what == FOUND_AMENDED && at > c->of_alert && same_run(at - 1, at));
}

static vg_status check_found(compare *c, const found_id *x, vg_err *err)
{
    alerts_rule rule;
    bool known = false;
    vg_str reply;
    const bool changes =
        x->what == FOUND_ESCALATED || x->what == FOUND_RECOVERED || x->what == FOUND_AMENDED;
    vg_arena_reset(c->r.w.arena);
    alerts_brain_rule(c->r.w.brain, x->set, x->rule, &rule);
    VG_TRY(answer(c, &x->id, &known, &reply, err));
    if (!known) {
        return told_with_another(c, x) ? VG_OK : check_unknown(c, x, &rule, err);
    }
    vg_str said;
    if (vg_js_find(reply, changes ? "id" : "number", &said) || vg_js_find(reply, "n", &said)) {
        differ(c, x->closing, rule.name, ALERTS_ONLY_REPLAY);  // it wrote an event, which is gone
    } else {
        c->out->folded++;
    }
    return VG_OK;
}

// --- all of it --------------------------------------------------------------------------------------
static void sort_found(compare *c)
{
    c->of_alert = vg_realloc(c->of_alert, (c->n + 1) * sizeof *c->v);
    if (c->n) {
        memcpy(c->of_alert, c->v, c->n * sizeof *c->v);
        qsort(c->v, c->n, sizeof *c->v, by_id);
        qsort(c->of_alert, c->n, sizeof *c->v, by_alert);
    }
}

// Of one engine: what was found and what is in its log.
static vg_status settle(compare *c, vg_err *err)
{
    sort_found(c);
    VG_TRY(recorded_found(c, err));
    for (size_t i = 0; i < c->n; i++) {
        c->out->found += c->v[i].what == FOUND_ALERT;
        if (!c->v[i].recorded) {
            VG_TRY(check_found(c, &c->v[i], err));
        }
    }
    return VG_OK;
}

static vg_status compare_log(void *ctx, uint32_t log, vg_err *err)
{
    compare *c = ctx;
    c->n = c->n_seqs = 0;
    c->log = log;
    VG_TRY(replay_log(&c->r, c->db, log, &c->last, err));
    c->out->events += c->last;
    return settle(c, err);
}

static vg_status compare_across(compare *c, vg_err *err)
{
    c->n = c->n_seqs = 0;
    c->log = ALERTS_ACROSS;
    c->last = (INT64_C(1) << VG_SEQ_BITS) - 1;
    VG_TRY(replay_across(&c->r, c->db, err));
    return settle(c, err);
}

// How far the engines got: from their saved state; they themselves are not used.
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

static vg_status read_rereads(compare *c, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(c->db,
                        "SELECT recorded, body FROM event WHERE kind = 'alerts.reread' ORDER BY id",
                        VG_NOVALS, &r, err));
    while (vg_rows_next(r)) {
        c->rereads = vg_realloc(c->rereads, (c->n_rereads + 1) * sizeof *c->rereads);
        c->rereads[c->n_rereads++] =
            (reread){vg_row_i64(r, 0), vg_js_i64(vg_row_str(r, 1), "before", 0)};
    }
    return vg_rows_close(r, err);
}

static vg_status compare_all(compare *c, vg_err *err)
{
    VG_TRY(positions(c, err));
    VG_TRY(read_rereads(c, err));
    VG_TRY(
        vg_one_i64(c->db, "SELECT min(at) FROM command", VG_NOVALS, INT64_MAX, &c->memory_us, err));
    VG_TRY(replay_each_log(c->db, compare_log, c, err));
    return compare_across(c, err);
}

vg_status alerts_replay_compare(vg_db *db, const char *data, alerts_compared *ret, vg_err *err)
{
    *ret = (alerts_compared){0};
    compare c = {.r.w.dir = data, .db = db, .out = ret};
    replay_init(&c.r, keep, &c);
    const vg_status st = compare_all(&c, err);
    alerts_brain_destroy(c.r.w.brain);
    vg_arena_destroy(c.r.w.arena);
    free(c.r.w.logs);
    free(c.at);
    free(c.v);
    free(c.of_alert);
    free(c.seqs);
    free(c.rereads);
    return st;
}
