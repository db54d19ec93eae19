// SPDX-License-Identifier: Apache-2.0
// The gate of a rule, key by key: what stands between a condition that came true and the alert, the same for
// every rule type.
//
//   idle ──(condition)──▶ held ──(after)──▶ open ──(recovery, quiet for `hold`)──▶ idle
//     ▲                    │ excuse          │ time: rises rung by rung; the condition again: a repeat
//     └────────────────────┘
//
// An excuse (an authorised opening, say) counts from `before` before the condition to `after` after it; both
// bounds are inclusive. A rule without recovery does not stay open: it has passed. Excuses and recoveries come
// from proven events only (dispatch.c): whoever is not authenticated may raise, never clear. When the gates of
// a rule are full its alerts pass at once: an alarm is never lost for want of room.
// What it does not do: count or suppress, which is the matchers' business.
#include "engine/match.h"

enum mode { IDLE, HELD, OPEN, PASSED };

size_t stage_cells(const vg_rule *r)
{
    const size_t n = r->n_events > r->count ? r->n_events : r->count;
    return vg_rule_staged(r) ? STAGE_EVIDENCE + (n < RATE_EVIDENCE ? RATE_EVIDENCE : n) : 0;
}

// --- out ----------------------------------------------------------------------------------------
static void cite(vg_engine *e, const rule_rt *rt, const vg_alert *a)
{
    if (!rt->kind) {
        return;
    }
    if (e->n_cited == e->cap_cited) {
        e->cap_cited = e->cap_cited ? e->cap_cited * 2 : 16;
        e->cited = vg_realloc(e->cited, e->cap_cited * sizeof *e->cited);
    }
    const vg_evidence *last = &a->evidence[a->n_evidence - 1];
    e->cited[e->n_cited++] =
        (vg_record){.t_event = a->t,
                    .seq = last->seq,
                    .log = last->log,
                    .site = a->site,
                    .zone = a->zone,
                    .device = a->device,
                    .source = a->source,
                    .world = a->key.world,
                    .kind = rt->kind,
                    .verb = VG_VERB_RAISE,
                    .flags = (uint8_t)(VG_REC_AUTHENTICATED | (a->key.test ? VG_REC_TEST : 0))};
}

static void deliver(vg_engine *e, const rule_rt *rt, const vg_alert *a, const vg_engine_sink *sink)
{
    sink->alert(sink->ctx, a);
    cite(e, rt, a);
}

// The gate's own alert again, at another time.
static vg_alert gate_alert(const rule_rt *rt, const state *s, vg_evidence *ev, int64_t t)
{
    for (size_t i = 0; i < s->n; i++) {
        ev[i] = s->c[STAGE_EVIDENCE + i].ev;
    }
    const cell *p = &s->c[STAGE_PLACE];
    return (vg_alert){.rule = rt->index,
                      .key = s->key,
                      .t = t,
                      .site = p->place.site,
                      .zone = p->place.zone,
                      .device = p->place.device,
                      .source = p->place.source,
                      .kind = p->place.kind,
                      .level = rt->rule->level,
                      .count = s->count,
                      .n_evidence = s->n,
                      .evidence = ev};
}

// --- deadlines ----------------------------------------------------------------------------------
static void arm(vg_engine *e, const rule_rt *rt, state *s, int64_t due)
{
    const table *t = &rt->gates;
    s->due = due;
    if (s->timed && s->c[STAGE_ARMED].ev.t <= due) {
        return;  // its item on the wheel moves when it fires
    }
    s->timed = 1;
    s->c[STAGE_ARMED].ev = s->c[STAGE_EVIDENCE].ev;
    s->c[STAGE_ARMED].ev.t = due;
    wheel_add(&e->deadlines, &(wheel_item){.due = due,
                                           .seq = s->c[STAGE_ARMED].ev.seq,
                                           .log = s->c[STAGE_ARMED].ev.log,
                                           .rule = rt->index + (uint32_t)e->set->n_rules,
                                           .state = (uint32_t)(((const char *)s - t->states) /
                                                               (ptrdiff_t)t->stride)});
}

// The next thing that time alone does to an open gate; INT64_MAX: nothing. rungs: how many it has risen.
static int64_t next_due(const rule_rt *rt, const state *s)
{
    const vg_rule_stage *g = &rt->rule->stage;
    const int64_t opened = s->c[STAGE_TIMES].gate.opened, over = s->c[STAGE_TIMES].gate.over;
    int64_t next = over ? over : INT64_MAX;
    for (size_t i = 0; i < g->n_rungs; i++) {
        const int64_t due = opened + g->rungs[i].after_us;
        if (!(s->c[STAGE_PLACE].place.reserved >> i & 1) && due < next) {
            next = due;
        }
    }
    return next;
}

static void rearm(vg_engine *e, const rule_rt *rt, state *s)
{
    const int64_t due = next_due(rt, s);
    if (due < INT64_MAX) {
        arm(e, rt, s, due);
    }
}

// --- a condition came true ----------------------------------------------------------------------
static bool gate_stale(const rule_rt *rt, const state *s, int64_t now)
{
    return (s->mode == IDLE || s->mode == PASSED) && !s->timed &&
           s->c[STAGE_TIMES].gate.excused + rt->rule->stage.before_us < now;
}

static state *gate_of(vg_engine *e, rule_rt *rt, const vg_key *k, bool add)
{
    uint32_t at = table_find(&rt->gates, k);
    if (at == TABLE_NONE && add) {
        if (match_sweep_pays(&rt->gates, rt, e->now)) {
            match_sweep(&rt->gates, rt, e->now, gate_stale);
        }
        at = table_add(&rt->gates, k);
    }
    if (at == TABLE_NONE && add && e->now >= rt->sweep_at) {
        match_sweep(&rt->gates, rt, e->now, gate_stale);
        at = table_add(&rt->gates, k);
    }
    return at == TABLE_NONE ? NULL : table_at(&rt->gates, at);
}

static void keep(state *s, const vg_alert *a, enum mode mode)
{
    s->mode = mode;
    s->n = (uint16_t)a->n_evidence;
    s->count = a->count;
    for (size_t i = 0; i < a->n_evidence; i++) {
        s->c[STAGE_EVIDENCE + i].ev = a->evidence[i];
    }
    cell *p = &s->c[STAGE_PLACE];
    p->place.site = a->site;
    p->place.zone = a->zone;
    p->place.device = a->device;
    p->place.source = a->source;
    p->place.kind = a->kind;
    p->place.reserved = 0;  // no rung yet
    s->c[STAGE_TIMES].gate.over = 0;
}

static void open_gate(vg_engine *e, rule_rt *rt, state *s, const vg_alert *a,
                      const vg_engine_sink *sink)
{
    s->mode = rt->rule->stage.n_recovers ? OPEN : PASSED;
    s->c[STAGE_TIMES].gate.opened = a->t;
    if (s->mode == OPEN) {
        rearm(e, rt, s);
    }
    deliver(e, rt, a, sink);
}

static bool excused(const rule_rt *rt, const state *s, int64_t t)
{
    const int64_t x = s->c[STAGE_TIMES].gate.excused;
    return x && t - x <= rt->rule->stage.before_us && x - t <= rt->rule->stage.after_us;
}

static void say_excused(const vg_alert *a, const vg_engine_sink *sink)
{
    if (sink->excused) {
        sink->excused(sink->ctx, a);
    }
}

static void again(state *s, const rule_rt *rt, const vg_alert *a, const vg_engine_sink *sink)
{
    vg_evidence ev[VG_RULE_COUNT_MAX];
    s->count += a->count;
    s->c[STAGE_TIMES].gate.over = 0;  // not over after all
    if (s->mode == OPEN && sink->repeat) {
        const vg_alert same = gate_alert(rt, s, ev, a->t);
        sink->repeat(sink->ctx, &same);
    }
}

void stage_alert(vg_engine *e, rule_rt *rt, const vg_alert *a, const vg_engine_sink *sink)
{
    state *s = vg_rule_staged(rt->rule) ? gate_of(e, rt, &a->key, true) : NULL;
    if (!s) {
        deliver(e, rt, a, sink);
        return;
    }
    if (s->mode == OPEN || s->mode == HELD) {
        again(s, rt, a, sink);
        return;
    }
    if (excused(rt, s, a->t)) {
        s->mode = IDLE;
        say_excused(a, sink);
        return;
    }
    keep(s, a, HELD);
    if (rt->rule->stage.after_us) {
        arm(e, rt, s, a->t + rt->rule->stage.after_us);
    } else {
        open_gate(e, rt, s, a, sink);
    }
}

bool stage_idle(const rule_rt *rt, const vg_key *k)
{
    if (!vg_rule_staged(rt->rule)) {
        return false;
    }
    const uint32_t at = table_find(&rt->gates, k);
    return at == TABLE_NONE || table_at(&rt->gates, at)->mode == IDLE;
}

void stage_repeat(rule_rt *rt, const vg_alert *a, const vg_engine_sink *sink)
{
    const uint32_t at = vg_rule_staged(rt->rule) ? table_find(&rt->gates, &a->key) : TABLE_NONE;
    state *s = at == TABLE_NONE ? NULL : table_at(&rt->gates, at);
    if (s && s->mode != PASSED) {
        const vg_alert one = {.t = a->t, .count = 1};
        again(s, rt, &one, sink);
    } else if (sink->repeat) {
        sink->repeat(sink->ctx, a);
    }
}

// --- excuses and recoveries ---------------------------------------------------------------------
void stage_excuse(vg_engine *e, rule_rt *rt, const hit *h, const vg_key *k)
{
    state *s = gate_of(e, rt, k, true);
    if (!s) {
        return;
    }
    if (h->t > s->c[STAGE_TIMES].gate.excused) {
        s->c[STAGE_TIMES].gate.excused = h->t;
    }
    if (s->mode == HELD && h->t <= s->due) {
        vg_evidence ev[VG_RULE_COUNT_MAX];
        const vg_alert a = gate_alert(rt, s, ev, h->t);
        s->mode = IDLE;
        say_excused(&a, h->sink);
    }
}

static void recovered(const rule_rt *rt, state *s, int64_t t, const vg_engine_sink *sink)
{
    vg_evidence ev[VG_RULE_COUNT_MAX];
    const vg_alert a = gate_alert(rt, s, ev, t);
    s->mode = IDLE;
    if (sink->change) {
        sink->change(sink->ctx, &a, VG_RECOVERED);
    }
}

void stage_recover(vg_engine *e, rule_rt *rt, const hit *h, const vg_key *k)
{
    state *s = gate_of(e, rt, k, false);
    if (!s || s->mode != OPEN || h->t < s->c[STAGE_TIMES].gate.opened ||
        s->c[STAGE_TIMES].gate.over) {
        return;
    }
    if (rt->rule->stage.hold_us == 0) {
        recovered(rt, s, h->t, h->sink);
        return;
    }
    s->c[STAGE_TIMES].gate.over = h->t + rt->rule->stage.hold_us;
    rearm(e, rt, s);
}

// --- time ---------------------------------------------------------------------------------------
static void rise(const rule_rt *rt, state *s, int64_t due, const vg_engine_sink *sink)
{
    const vg_rule_stage *g = &rt->rule->stage;
    for (size_t i = 0; i < g->n_rungs; i++) {
        if (s->c[STAGE_PLACE].place.reserved >> i & 1 ||
            s->c[STAGE_TIMES].gate.opened + g->rungs[i].after_us != due) {
            continue;
        }
        vg_evidence ev[VG_RULE_COUNT_MAX];
        vg_alert a = gate_alert(rt, s, ev, due);
        s->c[STAGE_PLACE].place.reserved |= 1u << i;
        a.level = g->rungs[i].level;
        if (sink->change) {
            sink->change(sink->ctx, &a, VG_ESCALATED);
        }
    }
}

static void timed_out(vg_engine *e, rule_rt *rt, state *s, const vg_engine_sink *sink)
{
    const int64_t due = s->due;
    if (s->mode == HELD) {
        vg_evidence ev[VG_RULE_COUNT_MAX];
        const vg_alert a = gate_alert(rt, s, ev, due);
        open_gate(e, rt, s, &a, sink);
    } else if (s->c[STAGE_TIMES].gate.over && s->c[STAGE_TIMES].gate.over <= due) {
        recovered(rt, s, due, sink);
    } else {
        rise(rt, s, due, sink);
        rearm(e, rt, s);
    }
}

void stage_due(vg_engine *e, const wheel_item *it, const vg_engine_sink *sink)
{
    rule_rt *rt = &e->rules[it->rule - e->set->n_rules];
    state *s = table_at(&rt->gates, it->state);
    if (!s->timed || s->c[STAGE_ARMED].ev.t != it->due) {
        return;  // armed anew since
    }
    s->timed = 0;
    if (s->mode != HELD && s->mode != OPEN) {
        return;
    }
    const int64_t due = s->mode == OPEN ? next_due(rt, s) : s->due;
    if (due == it->due) {
        s->due = due;
        timed_out(e, rt, s, sink);
    } else if (due < INT64_MAX) {
        arm(e, rt, s, due);
    }
}
