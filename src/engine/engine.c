// SPDX-License-Identifier: Apache-2.0
// Life of an engine and the way of a record through it: (reorder buffer) -> deadlines before its time
// -> hooks of its (site, kind) in order -> matchers. Event time only moves forward (`now` is the
// greatest seen); there is no other clock, no random number and no iteration over hash order on the way
// out. What it does not do: read facts or names on the hot path, write anything, or know about logs
// beyond the numbers it passes on as evidence.
#include "engine/ask.h"
#include "engine/match.h"

enum { MAX_KEYS = 1 << 18, MAX_WAITING = 1 << 20, MAX_SOURCES = 1 << 20 };
enum { AHEAD = 8, WIDE_SLOTS = 1 << 16 };
#define T_MAX (INT64_MAX / 4)  // leaves room for adding timespans

static vg_status own_kinds(vg_engine *e, vg_err *err)
{
    e->kind_silent = vg_intern_id(e->names->of[VG_KIND], VG_S("source_silent"));
    e->kind_returned = vg_intern_id(e->names->of[VG_KIND], VG_S("source_returned"));
    if (e->kind_silent == VG_INTERN_FULL || e->kind_returned == VG_INTERN_FULL) {
        return vg_fail(err, VG_ETOOBIG, "kind", NULL, "kind");
    }
    return VG_OK;
}

vg_status vg_engine_create(const vg_ruleset *set, vg_names *names, const vg_engine_opts *opts,
                           vg_engine **ret, vg_err *err)
{
    vg_engine *e = vg_alloc(sizeof *e);
    *e = (vg_engine){
        .set = set, .names = names, .opts = *opts, .now = INT64_MIN, .watermark = INT64_MIN};
    e->opts.max_keys = opts->max_keys ? opts->max_keys : MAX_KEYS;
    e->opts.max_waiting = opts->max_waiting ? opts->max_waiting : MAX_WAITING;
    wheel_init(&e->deadlines);
    e->waiting.sources = names->of[VG_SOURCE];
    table_init(&e->sources, 0, MAX_SOURCES);
    e->rules = vg_alloc(set->n_rules * sizeof *e->rules);
    for (uint32_t i = 0; i < set->n_rules; i++) {
        const vg_rule *r = &set->rules[i];
        e->rules[i] = (rule_rt){.rule = r, .index = i, .span = r->span_us, .sweep_at = INT64_MIN};
        table_init(&e->rules[i].states, match_cells(r), e->opts.max_keys);
        if (vg_rule_staged(r)) {
            table_init(&e->rules[i].gates, stage_cells(r), e->opts.max_keys);
        }
    }
    vg_status st = own_kinds(e, err);
    st = st == VG_OK ? dispatch_build(&e->on, set, opts->run, names, err) : st;
    for (uint32_t i = 0; st == VG_OK && i < set->n_rules; i++) {
        if (set->rules[i].cited) {
            char kind[80];
            snprintf(kind, sizeof kind, "alert:%s", set->rules[i].name);
            const uint32_t id = vg_intern_id(names->of[VG_KIND], vg_str_c(kind));
            e->rules[i].kind = id < e->on.n_kinds ? (uint16_t)id : 0;  // else cited elsewhere only
        }
    }
    if (st != VG_OK) {
        vg_engine_destroy(e);
        return st;
    }
    *ret = e;
    return VG_OK;
}

void vg_engine_destroy(vg_engine *e)
{
    if (!e) {
        return;
    }
    for (size_t i = 0; i < e->set->n_rules; i++) {
        table_done(&e->rules[i].states);
        table_done(&e->rules[i].gates);
    }
    free(e->rules);
    table_done(&e->sources);
    wheel_done(&e->deadlines);
    order_done(&e->waiting);
    dispatch_done(&e->on);
    free(e->cited);
    free(e);
}

size_t vg_engine_keys(const vg_engine *e, uint32_t rule)
{
    return e->rules[rule].states.used;
}

static bool in_list(const uint32_t *v, uint32_t n, uint32_t id)
{
    for (uint32_t i = 0; i < n; i++) {
        if (v[i] == id) {
            return true;
        }
    }
    return n == 0;
}

static bool accepts(const vg_engine *e, const hook *k, const hit *h)
{
    const vg_record *r = h->r;
    return k->verbs >> r->verb & 1 && (!k->authenticated || r->flags & VG_REC_AUTHENTICATED) &&
           in_list(k->zones, k->n_zones, r->zone) && in_list(k->devices, k->n_devices, r->device) &&
           (!k->where || ask(e, k->where, r, true, h->t) == VG_TRUE);
}

// Offers the record to one hook. Alternatives of one rule count an event once; steps of a sequence are
// offered last step first, so that one event is not two steps of one chain; steps that come in any order are
// gathered and offered together by offer_gathered.
static void offer(vg_engine *e, const hook *k, hit *h, uint32_t *served)
{
    rule_rt *rt = &e->rules[k->rule];
    if (!accepts(e, k, h)) {
        return;
    }
    if (k->use != USE_STEP) {
        match_use(e, rt, h, k->use);
        return;
    }
    if (rt->rule->type == VG_RULE_TOGETHER) {
        h->steps |= UINT32_C(1) << k->step;
        return;
    }
    if (*served == k->rule && rt->rule->type != VG_RULE_SEQUENCE) {
        return;
    }
    *served = k->rule;
    h->step = k->step;
    match_step(e, rt, h);
}

// Step 0 is the last of a rule's steps to be offered: now it is known which of them the event is.
static void offer_gathered(vg_engine *e, const hook *k, const hook *next, hit *h)
{
    if (h->steps && !(next && next->rule == k->rule && next->use == USE_STEP)) {
        match_step(e, &e->rules[k->rule], h);
        h->steps = 0;
    }
}

static bool earlier(const hook *a, const hook *b)
{
    if (a->rule != b->rule) {
        return a->rule < b->rule;
    }
    return a->use != b->use ? a->use < b->use : a->step > b->step;
}

static void offer_all(vg_engine *e, hit *h)
{
    const dispatch *d = &e->on;
    const hook *any = d->hooks + d->any[h->r->kind].start, *any_end = any + d->any[h->r->kind].n;
    const hook_range at =
        d->bound[h->r->kind] ? dispatch_at(d, h->r->site, h->r->kind) : (hook_range){0, 0};
    const hook *own = d->hooks + at.start, *own_end = own + at.n;
    uint32_t served = UINT32_MAX;
    while (any < any_end || own < own_end) {
        const bool take_own = any == any_end || (own < own_end && earlier(own, any));
        const hook *k = take_own ? own++ : any++;
        offer(e, k, h, &served);
        if (h->steps) {
            const bool own_next = any == any_end || (own < own_end && earlier(own, any));
            offer_gathered(e, k, own_next ? (own < own_end ? own : NULL) : any, h);
        }
    }
}

// Alerts that other rules take for events, in the order in which they came; these may add more.
static void offer_cited(vg_engine *e, const vg_engine_sink *sink)
{
    for (size_t i = 0; i < e->n_cited; i++) {
        const vg_record r = e->cited[i];
        hit h = {.r = &r, .t = r.t_event, .sink = sink};
        offer_all(e, &h);
    }
    e->n_cited = 0;
}

static void fire_due(vg_engine *e, int64_t now, const vg_engine_sink *sink)
{
    wheel_item it;
    while (wheel_pop(&e->deadlines, now, &it)) {
        (it.rule < e->set->n_rules ? match_due : stage_due)(e, &it, sink);
        if (e->n_cited) {
            offer_cited(e, sink);
        }
    }
}

static bool is_heard(const vg_engine *e, const vg_record *r)
{
    return r->kind < e->on.n_kinds && r->verb < VG_VERB_N &&
           (e->on.any[r->kind].n || e->on.bound[r->kind]);
}

static void evaluate(vg_engine *e, const vg_record *r, int64_t t, const vg_engine_sink *sink)
{
    if (t > e->now) {
        e->now = t;
        if (t >= e->deadlines.next_us) {
            fire_due(e, t, sink);
        }
    }
    hit h = {.r = r, .t = t, .sink = sink};
    if (r->kind == e->kind_silent || r->kind == e->kind_returned) {
        match_source(e, &h);
    }
    if (is_heard(e, r)) {
        offer_all(e, &h);
        if (e->n_cited) {
            offer_cited(e, sink);
        }
    }
}

static int64_t event_time(const vg_record *r)
{
    const int64_t t = r->t_arrival && r->t_arrival < r->t_event ? r->t_arrival : r->t_event;
    return t < 1 ? 1 : t > T_MAX ? T_MAX : t;
}

// --- the confirm lane ---------------------------------------------------------------------------
static void release_one(vg_engine *e, const vg_engine_sink *sink)
{
    vg_record r;
    order_pop(&e->waiting, &r);
    evaluate(e, &r, r.t_event, sink);
}

static void raise_watermark(vg_engine *e, int64_t mark, const vg_engine_sink *sink)
{
    if (mark <= e->watermark) {
        return;
    }
    e->watermark = mark;
    while (e->waiting.n && e->waiting.v[0].t_event < mark) {
        release_one(e, sink);
    }
}

static void feed_waiting(vg_engine *e, const vg_record *r, const vg_engine_sink *sink)
{
    vg_record copy = *r;
    copy.t_event = event_time(r);
    copy.t_arrival = 0;
    if (copy.t_event < e->watermark) {
        if (sink->late) {
            sink->late(sink->ctx, r);
        }
        return;
    }
    const bool starts_time = copy.kind < e->on.n_kinds && e->on.timed[copy.kind];
    e->unsettled = starts_time || (e->waiting.n && (e->unsettled || copy.t_event < e->newest));
    e->newest = copy.t_event > e->newest ? copy.t_event : e->newest;
    order_push(&e->waiting, &copy);
    if (e->waiting.n > e->opts.max_waiting) {
        e->watermark = e->waiting.v[0].t_event;
        release_one(e, sink);
    }
    raise_watermark(e, copy.t_event - e->opts.slack_us, sink);
}

// Tables of many keys are larger than the caches: what the records a little further on look up is fetched while
// this one is evaluated.
static bool is_wide(const table *t)
{
    return t->mask >= WIDE_SLOTS;
}

static bool has_wide(const vg_engine *e)
{
    for (size_t i = 0; i < e->set->n_rules; i++) {
        if (is_wide(&e->rules[i].states)) {
            return true;
        }
    }
    return false;
}

static void foresee(const vg_engine *e, const vg_record *r, bool near)
{
    const hook_range any = r->kind < e->on.n_kinds ? e->on.any[r->kind] : (hook_range){0, 0};
    for (uint32_t i = any.start; i < any.start + any.n; i++) {
        const rule_rt *rt = &e->rules[e->on.hooks[i].rule];
        if (is_wide(&rt->states)) {
            const vg_key k = match_key(rt->rule, r);
            table_foresee(&rt->states, &k, near);
        }
    }
}

void vg_engine_feed(vg_engine *e, const vg_record *v, size_t n, const vg_engine_sink *sink)
{
    const bool wide = n > 4 * AHEAD && e->opts.slack_us <= 0 && has_wide(e);
    for (size_t i = 0; i < n; i++) {
        if (wide && i + 2 * AHEAD < n) {
            foresee(e, &v[i + 2 * AHEAD], false);
            foresee(e, &v[i + AHEAD], true);
        }
        if (e->opts.slack_us > 0) {
            feed_waiting(e, &v[i], sink);
        } else {
            evaluate(e, &v[i], event_time(&v[i]), sink);
        }
    }
}

void vg_engine_advance(vg_engine *e, int64_t now_us, const vg_engine_sink *sink)
{
    const int64_t slack = e->opts.slack_us > 0 ? e->opts.slack_us : 0;
    const int64_t mark = (now_us < 1 ? 1 : now_us > T_MAX ? T_MAX : now_us) - slack;
    if (slack) {
        raise_watermark(e, mark, sink);
    }
    if (mark > e->now) {
        e->now = mark;
        fire_due(e, mark, sink);
    }
}

void vg_engine_flush(vg_engine *e, const vg_engine_sink *sink)
{
    while (e->waiting.n) {
        if (e->waiting.v[0].t_event > e->watermark) {
            e->watermark = e->waiting.v[0].t_event;
        }
        release_one(e, sink);
    }
}

// --- identity -----------------------------------------------------------------------------------
vg_cmd_id vg_alert_id(const vg_engine *e, const vg_alert *a)
{
    const vg_rule *r = &e->set->rules[a->rule];
    vg_buf key;
    vg_buf_init(&key, 64 << 10);
    vg_buf_f(&key, "%s %s %u %u", r->name, r->version, a->key.world, a->key.test);
    for (size_t i = 0; i < r->n_group; i++) {
        const vg_str name = vg_intern_text(e->names->of[r->group[i]], a->key.id[i]);
        vg_buf_f(&key, " %zu:%.*s", name.n, (int)(name.n < 4096 ? name.n : 4096), name.p);
    }
    char opening[48];
    const int n = snprintf(opening, sizeof opening, "%u/%lld", a->evidence[0].log,
                           (long long)a->evidence[0].seq);
    const vg_cmd_id id = vg_cmd_derive("alert", vg_buf_str(&key), (vg_str){opening, (size_t)n});
    vg_buf_done(&key);
    return id;
}

int64_t vg_engine_next_due(const vg_engine *e)
{
    const int64_t due = wheel_earliest(&e->deadlines), slack = e->opts.slack_us;
    const int64_t waits =
        e->unsettled && e->waiting.n ? e->waiting.v[0].t_event : INT64_MAX - slack;
    const int64_t next = waits < due ? waits : due;
    return next > INT64_MAX - slack ? INT64_MAX : next + slack;
}

int64_t vg_engine_confirmed(const vg_engine *e)
{
    return e->now;
}
