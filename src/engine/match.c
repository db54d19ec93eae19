// SPDX-License-Identifier: Apache-2.0
// What all matchers share: the key of an event, the state of a key, and the table of matchers: one short
// function per rule type, each a constant amount of work per event (match_order.c, match_count.c,
// match_quiet.c, match_rate.c). A state whose windows are over means the same as no state, so sweeping such
// states never changes an answer.
#include "engine/match.h"

uint32_t match_field(const vg_record *r, vg_rule_field f)
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

vg_key match_key(const vg_rule *rule, const vg_record *r)
{
    vg_key k = {.world = r->world, .test = (r->flags & VG_REC_TEST) != 0};
    for (size_t i = 0; i < rule->n_group; i++) {
        k.id[i] = match_field(r, rule->group[i]);
    }
    return k;
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
    case VG_RULE_TOGETHER:
        for (size_t i = 0; i < rt->rule->n_events; i++) {
            if (s->n >> i & 1 && now - s->c[i].ev.t <= rt->span) {
                return false;
            }
        }
        return true;
    case VG_RULE_COUNT:
    case VG_RULE_DISTINCT:
    case VG_RULE_NEIGHBOURS:
        return s->due < now && (s->n == 0 || now - s->c[s->n - 1].ev.t > rt->span);
    case VG_RULE_RATE:
        return false;  // a baseline is the work of weeks
    case VG_RULE_ABSENCE:
        return s->n == 0 && !s->timed;
    default:
        return s->n == 0 || s->due < now;
    }
}

void match_sweep(table *t, rule_rt *rt, int64_t now,
                 bool (*over)(const rule_rt *, const state *, int64_t))
{
    const uint32_t used = t->used;
    for (uint32_t at = 0; at < t->high; at++) {
        const state *s = table_at(t, at);
        if (s->used && over(rt, s, now)) {
            table_free(t, at);
        }
    }
    if (t->used != used) {
        table_trim(t);
        rt->full = false;
    }
    t->kept = t->used;
    rt->sweep_at = now + (rt->span > 8 * VG_SECOND_US ? rt->span / 8 : VG_SECOND_US);
}

// A large table is swept when its keys have doubled, or long after the last time: a crowd that went leaves no
// memory behind, and the work is a constant for each key that came.
bool match_sweep_pays(const table *t, const rule_rt *rt, int64_t now)
{
    enum { LARGE = 4096 };
    return t->cap >= LARGE && now >= rt->sweep_at &&
           (t->used / 2 >= t->kept || rt->sweep_at < now - 8 * rt->span);
}

state *match_state(vg_engine *e, rule_rt *rt, const hit *h, uint32_t *ret_at)
{
    const vg_key k = match_key(rt->rule, h->r);
    uint32_t at = table_find(&rt->states, &k);
    if (at == TABLE_NONE) {
        if (match_sweep_pays(&rt->states, rt, e->now)) {
            match_sweep(&rt->states, rt, e->now, stale);
        }
        at = table_add(&rt->states, &k);
    }
    if (at == TABLE_NONE && e->now >= rt->sweep_at) {
        match_sweep(&rt->states, rt, e->now, stale);
        at = table_add(&rt->states, &k);
    }
    if (at == TABLE_NONE) {
        if (!rt->full && h->sink->full) {
            h->sink->full(h->sink->ctx, rt->index, h->r);
        }
        rt->full = true;
        return NULL;
    }
    if (ret_at) {
        *ret_at = at;
    }
    return table_at(&rt->states, at);
}

vg_alert match_alert(const rule_rt *rt, const hit *h, const vg_evidence *ev, size_t n)
{
    return (vg_alert){.rule = rt->index,
                      .key = match_key(rt->rule, h->r),
                      .t = h->t,
                      .site = h->r->site,
                      .zone = h->r->zone,
                      .device = h->r->device,
                      .source = h->r->source,
                      .kind = h->r->kind,
                      .level = rt->rule->level,
                      .count = (uint32_t)n,
                      .n_evidence = n,
                      .evidence = ev};
}

void match_emit(vg_engine *e, rule_rt *rt, const hit *h, const vg_evidence *ev, size_t n)
{
    const vg_alert a = match_alert(rt, h, ev, n);
    stage_alert(e, rt, &a, h->sink);
}

state *match_known(const rule_rt *rt, const hit *h)
{
    const vg_key k = match_key(rt->rule, h->r);
    const uint32_t at = table_find(&rt->states, &k);
    return at == TABLE_NONE ? NULL : table_at(&rt->states, at);
}

// --- by type ------------------------------------------------------------------------------------
static match_fn *const MATCH[VG_RULE_TYPES_N] = {
    [VG_RULE_SEQUENCE] = match_sequence,     [VG_RULE_TOGETHER] = match_together,
    [VG_RULE_COUNT] = match_count,           [VG_RULE_DISTINCT] = match_distinct,
    [VG_RULE_ABSENCE] = match_absence,       [VG_RULE_SUPPRESS] = match_suppress,
    [VG_RULE_NEIGHBOURS] = match_neighbours, [VG_RULE_RATE] = match_rate,
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

static void clear(rule_rt *rt, const hit *h)
{
    state *s = match_known(rt, h);
    if (s) {
        s->n = 0;
        s->due = 0;
    }
}

void match_use(vg_engine *e, rule_rt *rt, const hit *h, hook_use use)
{
    const vg_key k = match_key(rt->rule, h->r);
    if (use == USE_EXCUSE) {
        stage_excuse(e, rt, h, &k);
    } else if (use == USE_RECOVER) {
        stage_recover(e, rt, h, &k);
    } else {
        clear(rt, h);
    }
}

size_t match_cells(const vg_rule *r)
{
    const size_t k = r->n_events;
    switch (r->type) {
    case VG_RULE_SEQUENCE:
        return k * (k - 1) / 2;
    case VG_RULE_TOGETHER:
        return k;
    case VG_RULE_COUNT:
    case VG_RULE_DISTINCT:
        return r->count;
    case VG_RULE_RATE:
        return rate_cells();
    case VG_RULE_ABSENCE:
        return 3;
    default:
        return 1;
    }
}
