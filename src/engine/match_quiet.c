// SPDX-License-Identifier: Apache-2.0
// Rules about repetition and silence: the first of a run speaks for all (x-suppress, event), and what should
// have come and did not (x-absence, by a deadline on the wheel).
#include "engine/match.h"

// --- suppress and event -------------------------------------------------------------------------
void match_suppress(vg_engine *e, rule_rt *rt, const hit *h)
{
    state *s = rt->span ? match_state(e, rt, h, NULL) : NULL;
    if (!s) {  // no window, or no room for one: an alarm is never lost for that
        const vg_evidence ev = match_evidence(h);
        match_emit(e, rt, h, &ev, 1);
        return;
    }
    // What was excused or is over hides nothing that comes after it.
    const bool silent = s->n && h->t <= s->due && !stage_idle(rt, &s->key);
    if (!silent) {
        s->n = 1;
        s->count = 0;
        s->c[0].ev = match_evidence(h);
    }
    s->count++;
    if (!silent || (rt->rule->window == VG_WINDOW_FROM_LAST && h->t + rt->span > s->due)) {
        s->due = h->t + rt->span;
    }
    vg_alert a = match_alert(rt, h, &s->c[0].ev, 1);
    a.count = s->count;
    if (!silent) {
        stage_alert(e, rt, &a, h->sink);
    } else if (rt->rule->keep_count) {
        stage_repeat(rt, &a, h->sink);
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

void match_absence(vg_engine *e, rule_rt *rt, const hit *h)
{
    uint32_t at;
    state *s = match_state(e, rt, h, &at);
    if (!s || (s->n && h->t <= s->c[0].ev.t)) {
        return;
    }
    if (s->n == 0 || h->t + rt->span > s->due) {
        s->due = h->t + rt->span;
    }
    s->n = 1;
    s->c[0].ev = match_evidence(h);
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

static void absence_fire(vg_engine *e, rule_rt *rt, state *s, const vg_engine_sink *sink)
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
                        .level = rt->rule->level,
                        .count = 1,
                        .n_evidence = 1,
                        .evidence = &s->c[0].ev};
    stage_alert(e, rt, &a, sink);
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
            absence_fire(e, rt, s, sink);
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
