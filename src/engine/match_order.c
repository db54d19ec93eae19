// SPDX-License-Identifier: Apache-2.0
// Rules about several kinds of events: in order (temporal_ordered) and in any order (temporal). All bounds
// are inclusive.
//
// sequence: chain i is the evidence of steps 0..i. pick latest keeps the newest chain of each length,
// pick first the oldest until its window is over; consume drops all chains when the last step fires.
// together: the newest event of each step; the rule holds when they lie within the span.
// Late events of the fast lane are judged by their own time; they never move a window backwards.
#include "engine/match.h"

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
    mine[h->step].ev = match_evidence(h);
    s->n = (uint16_t)(s->n | 1u << h->step);
}

static void sequence_fire(vg_engine *e, rule_rt *rt, state *s, const hit *h)
{
    const cell *chain = chain_at(s, h->step - 1u);
    for (size_t i = 0; i < h->step; i++) {
        e->scratch[i] = chain[i].ev;
    }
    e->scratch[h->step] = match_evidence(h);
    if (rt->rule->consume) {
        s->n = 0;
    }
    match_emit(e, rt, h, e->scratch, h->step + 1u);
}

void match_sequence(vg_engine *e, rule_rt *rt, const hit *h)
{
    state *s = h->step ? match_known(rt, h) : match_state(e, rt, h, NULL);
    if (h->step == 0) {
        if (s) {
            sequence_extend(rt, s, h);
        }
        return;
    }
    if (!s || !follows(rt, s, h)) {
        return;
    }
    if (h->step + 1u < rt->rule->n_events) {
        sequence_extend(rt, s, h);
    } else {
        sequence_fire(e, rt, s, h);
    }
}

// --- together: every step within the span, in any order -----------------------------------------
static int by_time(const vg_evidence *a, const vg_evidence *b)
{
    return a->t != b->t ? (a->t > b->t) - (a->t < b->t) : (a->seq > b->seq) - (a->seq < b->seq);
}

// The evidence of all steps in order of time.
static void together_sort(vg_engine *e, const state *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        while (at && by_time(&e->scratch[at - 1], &s->c[i].ev) > 0) {
            e->scratch[at] = e->scratch[at - 1];
            at--;
        }
        e->scratch[at] = s->c[i].ev;
    }
}

// One event is each step that it matches (h->steps).
void match_together(vg_engine *e, rule_rt *rt, const hit *h)
{
    const size_t n = rt->rule->n_events;
    state *s = match_state(e, rt, h, NULL);
    bool newer = false;
    for (size_t i = 0; s && i < n; i++) {
        if (h->steps >> i & 1 && !(s->n >> i & 1 && s->c[i].ev.t > h->t)) {
            s->c[i].ev = match_evidence(h);
            s->n = (uint16_t)(s->n | 1u << i);
            newer = true;
        }
    }
    if (!newer || s->n != (1u << n) - 1) {
        return;
    }
    together_sort(e, s, n);
    if (e->scratch[n - 1].t - e->scratch[0].t > rt->span) {
        return;
    }
    if (rt->rule->consume) {
        s->n = 0;
    }
    match_emit(e, rt, h, e->scratch, n);
}
