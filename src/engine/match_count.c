// SPDX-License-Identifier: Apache-2.0
// Rules that count: events (event_count), different values of a field (value_count), and neighbouring zones
// (x-neighbours). Each keeps a fixed number of the latest events, so an event costs the same however many came
// before. All bounds are inclusive.
#include "engine/match.h"

// --- count --------------------------------------------------------------------------------------
// What a state becomes when its rule has fired on evidence that begins at `first`.
static void fired(const rule_rt *rt, state *s, int64_t first)
{
    if (rt->rule->refire != VG_REFIRE_EACH) {
        s->n = 0;
    }
    if (rt->rule->refire == VG_REFIRE_AFTER_WINDOW) {
        s->due = first + rt->span;
    }
}

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
    e->scratch[at] = match_evidence(h);
    n++;
    const size_t drop = n >= rt->rule->count ? 1 : 0;
    for (size_t i = drop; i < n; i++) {
        s->c[i - drop].ev = e->scratch[i];
    }
    s->n = (uint16_t)(n - drop);
    return n;
}

void match_count(vg_engine *e, rule_rt *rt, const hit *h)
{
    state *s = match_state(e, rt, h, NULL);
    if (!s || h->t <= s->due) {
        return;
    }
    const size_t n = count_insert(e, rt, s, h);
    if (n < rt->rule->count || e->scratch[n - 1].t - e->scratch[0].t > rt->span) {
        return;
    }
    fired(rt, s, e->scratch[0].t);
    match_emit(e, rt, h, e->scratch, n);
}

// --- distinct values ----------------------------------------------------------------------------
// Keeps the latest event of each of the last `count` values, in order of time; tag is the value. False: an
// event of this value and a later time is known already.
static bool distinct_insert(const rule_rt *rt, state *s, const hit *h, uint32_t value)
{
    size_t n = s->n, at = n;
    for (size_t i = 0; i < n; i++) {
        if (s->c[i].ev.tag != value) {
            continue;
        }
        if (s->c[i].ev.t > h->t) {
            return false;
        }
        memmove(&s->c[i], &s->c[i + 1], (n - i - 1) * sizeof *s->c);
        at = --n;
    }
    if (n == rt->rule->count) {  // the oldest makes room, unless this one is older still
        if (s->c[0].ev.t > h->t) {
            return false;
        }
        memmove(&s->c[0], &s->c[1], --n * sizeof *s->c);
        at = n;
    }
    while (at && s->c[at - 1].ev.t > h->t) {
        s->c[at] = s->c[at - 1];
        at--;
    }
    s->c[at].ev = match_evidence(h);
    s->c[at].ev.tag = value;
    s->n = (uint16_t)(n + 1);
    return true;
}

void match_distinct(vg_engine *e, rule_rt *rt, const hit *h)
{
    const uint32_t value = match_field(h->r, rt->rule->distinct), count = rt->rule->count;
    state *s = value ? match_state(e, rt, h, NULL) : NULL;
    if (!s || h->t <= s->due || !distinct_insert(rt, s, h, value) || s->n < count ||
        s->c[count - 1].ev.t - s->c[0].ev.t > rt->span) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        e->scratch[i] = s->c[i].ev;
        e->scratch[i].tag = 0;
    }
    fired(rt, s, e->scratch[0].t);
    match_emit(e, rt, h, e->scratch, count);
}

// --- neighbours ---------------------------------------------------------------------------------
// A state a zone: its latest event. An event asks about its own zone and those next to it, so what it costs
// grows with the number of neighbours, not of zones.
static size_t neighbours_gather(vg_engine *e, const rule_rt *rt, const hit *h, state **near)
{
    uint32_t zones[VG_NEIGHBOURS_MAX];
    size_t n = 0;
    const size_t n_zones = e->opts.neighbours ? e->opts.neighbours(e->opts.neighbours_ctx,
                                                                   h->r->site, h->r->zone, zones)
                                              : 0;
    for (size_t i = 0; i < n_zones; i++) {
        vg_record there = *h->r;
        there.zone = zones[i];
        const vg_key k = match_key(rt->rule, &there);
        const uint32_t at = table_find(&rt->states, &k);
        state *s = at == TABLE_NONE ? NULL : table_at(&rt->states, at);
        if (!s || !s->n || s->c[0].ev.t > h->t || h->t - s->c[0].ev.t > rt->span) {
            continue;
        }
        size_t to = n++;  // latest first
        while (to && (near[to - 1]->c[0].ev.t < s->c[0].ev.t ||
                      (near[to - 1]->c[0].ev.t == s->c[0].ev.t &&
                       near[to - 1]->c[0].ev.seq < s->c[0].ev.seq))) {
            near[to] = near[to - 1];
            to--;
        }
        near[to] = s;
    }
    return n;
}

void match_neighbours(vg_engine *e, rule_rt *rt, const hit *h)
{
    state *near[VG_NEIGHBOURS_MAX + 1];
    state *s = h->r->zone ? match_state(e, rt, h, NULL) : NULL;
    if (!s || h->t <= s->due || (s->n && s->c[0].ev.t > h->t)) {
        return;
    }
    s->n = 1;
    s->c[0].ev = match_evidence(h);
    const size_t others = rt->rule->count - 1;
    if (neighbours_gather(e, rt, h, near) < others) {
        return;
    }
    for (size_t i = 0; i < others; i++) {
        e->scratch[others - 1 - i] = near[i]->c[0].ev;
    }
    e->scratch[others] = match_evidence(h);
    near[others] = s;
    for (size_t i = 0; i <= others; i++) {  // one spread is one alert, whichever zone comes next
        fired(rt, near[i], e->scratch[0].t);
    }
    match_emit(e, rt, h, e->scratch, others + 1);
}
