// SPDX-License-Identifier: Apache-2.0
// The matchers: one short function per rule type, each a constant amount of work per event. All bounds
// are inclusive. A state whose windows are over means the same as no state, so sweeping such states
// never changes an answer.
//
// sequence: chain i is the evidence of steps 0..i. pick latest keeps the newest chain of each length,
// pick first the oldest until its window is over; consume drops all chains when the last step fires.
// Late events of the fast lane are judged by their own time; they never move a window backwards.
#include "engine/ask.h"

typedef void match_fn(vg_engine *e, rule_rt *rt, const hit *h);

static uint32_t field_of(const vg_record *r, vg_rule_field f)
{
    switch (f) {
    case VG_BY_SITE:
        return r->site;
    case VG_BY_ZONE:
        return r->zone;
    case VG_BY_DEVICE:
        return r->device;
    case VG_BY_SOURCE:
        return r->source;
    default:
        return r->kind;
    }
}

static vg_key key_of(const vg_rule *rule, const vg_record *r)
{
    vg_key k = {.world = r->world, .test = (r->flags & VG_REC_TEST) != 0};
    for (size_t i = 0; i < rule->n_group; i++) {
        k.id[i] = field_of(r, rule->group[i]);
    }
    return k;
}

static vg_evidence evidence_of(const hit *h)
{
    return (vg_evidence){.t = h->t, .seq = h->r->seq, .log = h->r->log};
}

// --- states -------------------------------------------------------------------------------------
// At what event time the state has become equal to none.
static bool stale(const rule_rt *rt, const state *s, int64_t now)
{
    switch (rt->rule->type) {
    case VG_RULE_SEQUENCE:
        for (size_t i = 0; i + 1 < rt->rule->n_events; i++) {
            if (s->n >> i & 1 && now - s->c[i * (i + 1) / 2].ev.t <= rt->span) {
                return false;
            }
        }
        return true;
    case VG_RULE_COUNT:
        return s->due < now && (s->n == 0 || now - s->c[s->n - 1].ev.t > rt->span);
    case VG_RULE_ABSENCE:
        return s->n == 0 && !s->timed;
    default:
        return s->n == 0 || s->due < now;
    }
}

static void sweep(rule_rt *rt, int64_t now)
{
    table *t = &rt->states;
    const uint32_t used = t->used;
    for (uint32_t at = 0; at < t->high; at++) {
        const state *s = table_at(t, at);
        if (s->used && stale(rt, s, now)) {
            table_free(t, at);
        }
    }
    if (t->used != used) {
        table_reindex(t);
        rt->full = false;
    }
    rt->sweep_at = now + (rt->span > 8 * VG_SECOND_US ? rt->span / 8 : VG_SECOND_US);
}

// The state of the event's key, made if need be; NULL when the rule's keys are full.
static state *state_for(vg_engine *e, rule_rt *rt, const hit *h, uint32_t *ret_at)
{
    const vg_key k = key_of(rt->rule, h->r);
    uint32_t at = table_find(&rt->states, &k);
    if (at == TABLE_NONE) {
        at = table_add(&rt->states, &k);
    }
    if (at == TABLE_NONE && e->now >= rt->sweep_at) {
        sweep(rt, e->now);
        at = table_add(&rt->states, &k);
    }
    if (at == TABLE_NONE) {
        if (!rt->full && h->sink->full) {
            h->sink->full(h->sink->ctx, rt->index, h->r);
        }
        rt->full = true;
        return NULL;
    }
    *ret_at = at;
    return table_at(&rt->states, at);
}

static vg_alert alert_of(const rule_rt *rt, const hit *h, const vg_evidence *ev, size_t n)
{
    return (vg_alert){.rule = rt->index,
                      .key = key_of(rt->rule, h->r),
                      .t = h->t,
                      .site = h->r->site,
                      .zone = h->r->zone,
                      .device = h->r->device,
                      .source = h->r->source,
                      .kind = h->r->kind,
                      .count = (uint32_t)n,
                      .n_evidence = n,
                      .evidence = ev};
}

static void emit(const rule_rt *rt, const hit *h, const vg_evidence *ev, size_t n)
{
    const vg_alert a = alert_of(rt, h, ev, n);
    h->sink->alert(h->sink->ctx, &a);
}

// --- sequence -----------------------------------------------------------------------------------
static cell *chain_at(state *s, size_t step)
{
    return s->c + step * (step + 1) / 2;
}

static bool fresh(const rule_rt *rt, const state *s, const cell *chain, size_t step, int64_t t)
{
    return s->n >> step & 1 && t >= chain[0].ev.t && t - chain[0].ev.t <= rt->span;
}

static bool follows(const rule_rt *rt, state *s, const hit *h)
{
    const cell *prev = chain_at(s, h->step - 1u);
    return fresh(rt, s, prev, h->step - 1u, h->t) && h->t >= prev[h->step - 1].ev.t;
}

static void sequence_extend(const rule_rt *rt, state *s, const hit *h)
{
    cell *mine = chain_at(s, h->step);
    const bool held = s->n >> h->step & 1;
    if (rt->rule->pick == VG_PICK_FIRST ? fresh(rt, s, mine, h->step, h->t)
                                        : held && mine[h->step].ev.t > h->t) {
        return;
    }
    if (h->step) {
        memcpy(mine, chain_at(s, h->step - 1u), h->step * sizeof *mine);
    }
    mine[h->step].ev = evidence_of(h);
    s->n = (uint16_t)(s->n | 1u << h->step);
}

static void sequence_fire(vg_engine *e, const rule_rt *rt, state *s, const hit *h)
{
    const cell *chain = chain_at(s, h->step - 1u);
    for (size_t i = 0; i < h->step; i++) {
        e->scratch[i] = chain[i].ev;
    }
    e->scratch[h->step] = evidence_of(h);
    if (rt->rule->consume) {
        s->n = 0;
    }
    emit(rt, h, e->scratch, h->step + 1u);
}

static void match_sequence(vg_engine *e, rule_rt *rt, const hit *h)
{
    uint32_t at;
    state *s;
    if (h->step == 0) {
        s = state_for(e, rt, h, &at);
        if (s) {
            sequence_extend(rt, s, h);
        }
        return;
    }
    const vg_key k = key_of(rt->rule, h->r);
    at = table_find(&rt->states, &k);
    s = at == TABLE_NONE ? NULL : table_at(&rt->states, at);
    if (!s || !follows(rt, s, h)) {
        return;
    }
    if (h->step + 1u < rt->rule->n_events) {
        sequence_extend(rt, s, h);
    } else {
        sequence_fire(e, rt, s, h);
    }
}

// --- count --------------------------------------------------------------------------------------
// Inserts by time among the last count - 1 events; returns how many of them (this one included, at the
// end of e->scratch) there are.
static size_t count_insert(vg_engine *e, const rule_rt *rt, state *s, const hit *h)
{
    size_t n = s->n, at = n;
    while (at && s->c[at - 1].ev.t > h->t) {
        at--;
    }
    for (size_t i = 0; i < n; i++) {
        e->scratch[i < at ? i : i + 1] = s->c[i].ev;
    }
    e->scratch[at] = evidence_of(h);
    n++;
    const size_t drop = n >= rt->rule->count ? 1 : 0;
    for (size_t i = drop; i < n; i++) {
        s->c[i - drop].ev = e->scratch[i];
    }
    s->n = (uint16_t)(n - drop);
    return n;
}

static void match_count(vg_engine *e, rule_rt *rt, const hit *h)
{
    uint32_t at;
    state *s = state_for(e, rt, h, &at);
    if (!s || h->t <= s->due) {
        return;
    }
    const size_t n = count_insert(e, rt, s, h);
    if (n < rt->rule->count || e->scratch[n - 1].t - e->scratch[0].t > rt->span) {
        return;
    }
    if (rt->rule->refire != VG_REFIRE_EACH) {
        s->n = 0;
    }
    if (rt->rule->refire == VG_REFIRE_AFTER_WINDOW) {
        s->due = e->scratch[0].t + rt->span;
    }
    emit(rt, h, e->scratch, n);
}

// --- suppress and event -------------------------------------------------------------------------
static void match_suppress(vg_engine *e, rule_rt *rt, const hit *h)
{
    uint32_t at;
    state *s = rt->span ? state_for(e, rt, h, &at) : NULL;
    if (!s) {  // no window, or no room for one: an alarm is never lost for that
        const vg_evidence ev = evidence_of(h);
        emit(rt, h, &ev, 1);
        return;
    }
    const bool silent = s->n && h->t <= s->due;
    if (!silent) {
        s->n = 1;
        s->count = 0;
        s->c[0].ev = evidence_of(h);
    }
    s->count++;
    if (!silent || (rt->rule->window == VG_WINDOW_FROM_LAST && h->t + rt->span > s->due)) {
        s->due = h->t + rt->span;
    }
    vg_alert a = alert_of(rt, h, &s->c[0].ev, 1);
    a.count = s->count;
    if (!silent) {
        h->sink->alert(h->sink->ctx, &a);
    } else if (rt->rule->keep_count && h->sink->repeat) {
        h->sink->repeat(h->sink->ctx, &a);
    }
}

// --- absence ------------------------------------------------------------------------------------
static void arm(vg_engine *e, const rule_rt *rt, state *s, uint32_t at)
{
    s->c[2].armed_for = s->due;
    wheel_add(&e->deadlines, &(wheel_item){.due = s->due,
                                           .seq = s->c[0].ev.seq,
                                           .log = s->c[0].ev.log,
                                           .rule = rt->index,
                                           .state = at});
}

static void match_absence(vg_engine *e, rule_rt *rt, const hit *h)
{
    uint32_t at;
    state *s = state_for(e, rt, h, &at);
    if (!s || (s->n && h->t <= s->c[0].ev.t)) {
        return;
    }
    if (s->n == 0 || h->t + rt->span > s->due) {
        s->due = h->t + rt->span;
    }
    s->n = 1;
    s->c[0].ev = evidence_of(h);
    s->c[1].place.site = h->r->site;
    s->c[1].place.zone = h->r->zone;
    s->c[1].place.device = h->r->device;
    s->c[1].place.source = h->r->source;
    s->c[1].place.kind = h->r->kind;
    if (!s->timed) {
        s->timed = 1;
        arm(e, rt, s, at);
    }
}

static vg_key source_key(uint32_t source, uint32_t world, uint32_t test)
{
    return (vg_key){.id = {source}, .world = world, .test = test};
}

// Until when a deadline is put off, 0 if not: its source is silent or was in the window, or the rule's
// fact does not hold. Nothing was heard between the deadline and e->now, so what is put off goes to
// e->now at least: a leap of the clock costs one look, not one per timespan. Looking again a timespan
// later is soon enough for a silent source, whose return starts a whole timespan.
static int64_t put_off(const vg_engine *e, const rule_rt *rt, const state *s)
{
    if (rt->rule->hold_offline) {
        const vg_key k = source_key(s->c[1].place.source, s->key.world, s->key.test);
        const uint32_t at = table_find(&e->sources, &k);
        const state *src = at == TABLE_NONE ? NULL : table_at(&e->sources, at);
        if (src && src->n) {
            return s->due + rt->span > e->now ? s->due + rt->span : e->now;
        }
        if (src && src->due + rt->span > s->due) {
            return src->due + rt->span;
        }
    }
    const cell *p = &s->c[1];
    const vg_record place = {.site = p->place.site,
                             .zone = p->place.zone,
                             .device = p->place.device,
                             .source = p->place.source,
                             .kind = (uint16_t)p->place.kind};
    if (rt->rule->active_when && ask(e, rt->rule->active_when, &place, false, s->due) == VG_FALSE) {
        return s->due + rt->span * ((e->now - s->due) / rt->span + 1);
    }
    return 0;
}

static void absence_fire(const rule_rt *rt, state *s, const vg_engine_sink *sink)
{
    s->n = 0;
    s->timed = 0;
    const cell *p = &s->c[1];
    const vg_alert a = {.rule = rt->index,
                        .key = s->key,
                        .t = s->due,
                        .site = p->place.site,
                        .zone = p->place.zone,
                        .device = p->place.device,
                        .source = p->place.source,
                        .kind = p->place.kind,
                        .count = 1,
                        .n_evidence = 1,
                        .evidence = &s->c[0].ev};
    sink->alert(sink->ctx, &a);
}

void match_due(vg_engine *e, const wheel_item *it, const vg_engine_sink *sink)
{
    rule_rt *rt = &e->rules[it->rule];
    state *s = table_at(&rt->states, it->state);
    if (s->n == 0) {  // cleared
        s->timed = 0;
        return;
    }
    if (s->due == it->due && s->c[0].ev.seq == it->seq && s->c[0].ev.log == it->log) {
        const int64_t later = put_off(e, rt, s);
        if (later == 0) {
            absence_fire(rt, s, sink);
            return;
        }
        s->due = later;
    }
    arm(e, rt, s, it->state);
}

void match_source(vg_engine *e, const hit *h)
{
    const vg_record *r = h->r;
    const bool silent = r->kind == e->kind_silent && r->verb == VG_VERB_RAISE;
    const vg_key k = source_key(r->source, r->world, (r->flags & VG_REC_TEST) != 0);
    uint32_t at = table_find(&e->sources, &k);
    if (at == TABLE_NONE) {
        at = table_add(&e->sources, &k);
    }
    if (at != TABLE_NONE) {
        state *s = table_at(&e->sources, at);
        s->n = silent;
        s->due = h->t;
    }
}

// --- by type ------------------------------------------------------------------------------------
static match_fn *const MATCH[VG_RULE_TYPES_N] = {
    [VG_RULE_SEQUENCE] = match_sequence, [VG_RULE_COUNT] = match_count,
    [VG_RULE_ABSENCE] = match_absence,   [VG_RULE_SUPPRESS] = match_suppress,
    [VG_RULE_EVENT] = match_suppress,
};

void match_step(vg_engine *e, rule_rt *rt, const hit *h)
{
    const vg_rule *r = rt->rule;
    // An absence asks when its time is over, not when the event comes that starts it.
    if (r->active_when && r->type != VG_RULE_ABSENCE &&
        ask(e, r->active_when, h->r, true, h->t) == VG_FALSE) {
        return;
    }
    MATCH[r->type](e, rt, h);
}

void match_clear(rule_rt *rt, const hit *h)
{
    const vg_key k = key_of(rt->rule, h->r);
    const uint32_t at = table_find(&rt->states, &k);
    if (at != TABLE_NONE) {
        state *s = table_at(&rt->states, at);
        s->n = 0;
        s->due = 0;
    }
}

size_t match_cells(const vg_rule *r)
{
    const size_t k = r->n_events;
    switch (r->type) {
    case VG_RULE_SEQUENCE:
        return k * (k - 1) / 2;
    case VG_RULE_COUNT:
        return r->count;
    case VG_RULE_ABSENCE:
        return 3;
    default:
        return 1;
    }
}
