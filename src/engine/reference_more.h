// SPDX-License-Identifier: Apache-2.0
// The naive engine, continued: rules about several kinds, values, places and rates, and the gate behind every
// rule.
#pragma once

#include "engine/reference.h"

#include <math.h>

// --- in any order -------------------------------------------------------------------------------
static inline void ref_sort(const ref *f, size_t *ev, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        for (size_t k = i; k && (f->v[ev[k - 1]].t_event > f->v[ev[k]].t_event ||
                                 (f->v[ev[k - 1]].t_event == f->v[ev[k]].t_event &&
                                  f->v[ev[k - 1]].seq > f->v[ev[k]].seq));
             k--) {
            const size_t swap = ev[k];
            ev[k] = ev[k - 1];
            ev[k - 1] = swap;
        }
    }
}

// At every event: the latest of each step since the rule last began, and how far apart these lie.
static inline void ref_together(ref *f, const ref_item *h, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        size_t ev[VG_RULE_STEPS], found = 0;
        from = h[i].clear ? i : from;
        for (size_t s = 0; h[i].steps && s < f->rule->n_events; s++) {
            size_t k = i + 1;
            while (k > from && !(h[k - 1].steps >> s & 1)) {
                k--;
            }
            if (k > from) {
                ev[found++] = h[k - 1].at;
            }
        }
        if (!h[i].steps || found < f->rule->n_events) {
            continue;
        }
        ref_sort(f, ev, found);
        if (f->v[ev[found - 1]].t_event - f->v[ev[0]].t_event > f->rule->span_us) {
            continue;
        }
        ref_emit(f, &h[i].key, h[i].at, ev, found);
        from = f->rule->consume ? i + 1 : from;
    }
}

// --- distinct values ----------------------------------------------------------------------------
static inline uint32_t ref_value(const ref *f, const vg_record *r)
{
    const uint32_t fields[] = {r->site, r->zone, r->device, r->source, r->kind};
    return fields[f->rule->distinct];
}

static inline void ref_distinct(ref *f, const ref_item *h, size_t n)
{
    size_t *counted = vg_alloc((n + 1) * sizeof *counted), m = 0;
    int64_t silent_until = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        const int64_t t = f->v[h[i].at].t_event;
        size_t ev[VG_RULE_COUNT_MAX], found = 0;
        if (h[i].clear) {
            m = 0;
            silent_until = INT64_MIN;
        }
        if (!h[i].steps || t <= silent_until || !ref_value(f, &f->v[h[i].at])) {
            continue;
        }
        counted[m++] = h[i].at;
        for (size_t k = m;
             k-- > 0 && found < f->rule->count;) {  // the latest of each value, backwards
            bool seen = false;
            for (size_t x = 0; x < found; x++) {
                seen |= ref_value(f, &f->v[ev[x]]) == ref_value(f, &f->v[counted[k]]);
            }
            if (!seen && t - f->v[counted[k]].t_event <= f->rule->span_us) {
                ev[found++] = counted[k];
            }
        }
        if (found < f->rule->count) {
            continue;
        }
        for (size_t x = 0; x < found / 2; x++) {
            const size_t swap = ev[x];
            ev[x] = ev[found - 1 - x];
            ev[found - 1 - x] = swap;
        }
        ref_emit(f, &h[i].key, h[i].at, ev, found);
        if (f->rule->refire == VG_REFIRE_AFTER_WINDOW) {
            silent_until = f->v[ev[0]].t_event + f->rule->span_us;
        }
        m = f->rule->refire == VG_REFIRE_EACH ? m : 0;
    }
    free(counted);
}

// --- neighbours ---------------------------------------------------------------------------------
// Over all keys at once, in the order of events: the latest usable event of each other zone next to this one.
static inline bool ref_same_place(const vg_record *a, const vg_record *b)
{
    return a->site == b->site && a->world == b->world && !((a->flags ^ b->flags) & VG_REC_TEST);
}

static inline void ref_neighbours(ref *f, const ref_item *h, size_t n)
{
    int64_t *silent = vg_alloc((n + 1) * sizeof *silent);  // item i: its zone is silent until then
    bool *used = vg_alloc((n + 1) * sizeof *used), *heard = vg_alloc((n + 1) * sizeof *heard);
    for (size_t i = 0; i < n; i++) {
        const vg_record *r = &f->v[h[i].at];
        size_t ev[VG_NEIGHBOURS_MAX + 1], item[VG_NEIGHBOURS_MAX + 1], found = 0;
        silent[i] = INT64_MIN;
        used[i] = heard[i] = false;
        for (size_t k = 0; k < i; k++) {
            const vg_record *o = &f->v[h[k].at];
            if (ref_same_place(o, r) && o->zone == r->zone && silent[k] > silent[i]) {
                silent[i] = silent[k];
            }
        }
        if (h[i].clear) {
            silent[i] = INT64_MIN;
            for (size_t k = 0; k < i; k++) {
                const vg_record *o = &f->v[h[k].at];
                if (ref_same_place(o, r) && o->zone == r->zone) {
                    used[k] = true;
                    silent[k] = INT64_MIN;
                }
            }
        }
        if (!h[i].steps || !r->zone || r->t_event <= silent[i]) {
            continue;
        }
        heard[i] = true;
        uint32_t zones[VG_NEIGHBOURS_MAX];
        for (size_t k = i; k-- > 0 && found + 1 < f->rule->count;) {
            const vg_record *o = &f->v[h[k].at];
            bool seen = o->zone == r->zone || !f->next_to(f->names, r->zone, o->zone);
            for (size_t x = 0; x < found; x++) {
                seen |= zones[x] == o->zone;
            }
            bool newer = false;  // a later event of that zone, used or not, stands in its place
            for (size_t x = k + 1; x < i; x++) {
                newer |=
                    heard[x] && ref_same_place(&f->v[h[x].at], o) && f->v[h[x].at].zone == o->zone;
            }
            if (seen || newer || !heard[k] || used[k] || !ref_same_place(o, r) ||
                r->t_event - o->t_event > f->rule->span_us) {
                continue;
            }
            zones[found] = o->zone;
            item[found] = k;
            ev[found++] = h[k].at;
        }
        if (found + 1 < f->rule->count) {
            continue;
        }
        item[found] = i;
        ev[found++] = h[i].at;
        ref_sort(f, ev, found);
        ref_emit(f, &h[i].key, h[i].at, ev, found);
        for (size_t x = 0; x < found; x++) {
            used[item[x]] = f->rule->refire != VG_REFIRE_EACH;
            if (f->rule->refire == VG_REFIRE_AFTER_WINDOW) {
                silent[item[x]] = f->v[ev[0]].t_event + f->rule->span_us;
            }
        }
    }
    free(silent);
    free(used);
    free(heard);
}

// --- rate ---------------------------------------------------------------------------------------
// The counts of all hours from the first, then the sum from its beginning for every event.
static inline double ref_rate_score(const ref *f, const uint32_t *hours, const bool *fired,
                                    size_t now)
{
    double z = 0;
    for (size_t i = 0; i <= now; i++) {
        double same = 0, all = 0;
        for (size_t k = 0; k < i; k++) {
            same += (i - k) % 168 == 0 ? hours[k] : 0;
            all += hours[k];
        }
        double mu = (same + (i ? all / (double)i : 0)) / (double)(i / 168 + 1);
        mu = mu < 0.01 ? 0.01 : mu;
        z += hours[i] * log(f->rule->ratio) - mu * (f->rule->ratio - 1);
        z = i < VG_RATE_WEEKS * 168 || z < 0 || (i < now && fired[i]) ? 0 : z;
    }
    return z;
}

static inline void ref_rate(ref *f, const ref_item *h, size_t n)
{
    enum { HOURS = 24 * 7 * 30 };
    uint32_t *hours = vg_alloc(HOURS * sizeof *hours);
    bool *fired = vg_alloc(HOURS * sizeof *fired);
    memset(hours, 0, HOURS * sizeof *hours);
    memset(fired, 0, HOURS * sizeof *fired);
    const int64_t hour_us = 3600 * VG_SECOND_US;
    int64_t first = -1;
    for (size_t i = 0; i < n; i++) {
        const int64_t hour = f->v[h[i].at].t_event / hour_us;
        if (!h[i].steps) {
            continue;
        }
        first = first < 0 ? hour : first;
        const size_t now = (size_t)(hour - first);
        if (now >= HOURS) {
            break;
        }
        hours[now]++;
        if (now < VG_RATE_WEEKS * 168 || fired[now] ||
            ref_rate_score(f, hours, fired, now) < f->rule->threshold) {
            continue;
        }
        fired[now] = true;
        size_t ev[5], k = i + 1, m = 0;
        while (k > 0 && m < VG_LEN(ev) && f->v[h[k - 1].at].t_event / hour_us == hour) {
            if (h[--k].steps) {
                ev[m++] = h[k].at;
            }
        }
        ref_sort(f, ev, m);
        ref_emit(f, &h[i].key, h[i].at, ev, m)->count = hours[now];
    }
    free(hours);
    free(fired);
}

// --- the gate -----------------------------------------------------------------------------------
typedef struct ref_gate {
    enum { G_IDLE, G_HELD, G_OPEN, G_PASSED } mode;
    ref_alert opening;
    int64_t excused, opened, over, held_until, mark;  // INT64_MIN: not yet
    uint32_t rungs;
} ref_gate;

static inline void ref_put(ref *f, const ref_alert *a)
{
    const size_t none = 0;
    ref_alert *to = ref_emit(f, &a->key, 0, &none, 1);
    *to = *a;
}

// Something of the opening's alert, at a deadline.
static inline void ref_gate_say(ref *f, const ref_gate *g, ref_what what, int64_t t,
                                vg_rule_level level)
{
    ref_alert a = g->opening;
    a.what = what;
    a.level = level;
    a.t = t;
    a.at = ref_after(f, t);
    a.sub = 0;
    a.order = f->index + (uint32_t)f->set->n_rules;
    ref_put(f, &a);
}

static inline int64_t ref_gate_due(const ref *f, const ref_gate *g)
{
    int64_t due = INT64_MAX;
    if (g->mode == G_HELD) {
        return g->held_until;
    }
    if (g->mode != G_OPEN) {
        return due;
    }
    due = g->over != INT64_MIN ? g->over : due;
    for (size_t i = 0; i < f->rule->stage.n_rungs; i++) {
        const int64_t at = g->opened + f->rule->stage.rungs[i].after_us;
        due = !(g->rungs >> i & 1) && at < due ? at : due;
    }
    return due;
}

static inline void ref_gate_open(ref *f, ref_gate *g, int64_t t)
{
    g->mode = f->rule->stage.n_recovers ? G_OPEN : G_PASSED;
    g->opened = t;
    g->over = INT64_MIN;
    g->rungs = 0;
}

static inline void ref_gate_time(ref *f, ref_gate *g)
{
    const int64_t due = ref_gate_due(f, g);
    if (g->mode == G_HELD) {
        ref_gate_open(f, g, due);
        ref_gate_say(f, g, REF_ALERT, due, f->rule->level);
        return;
    }
    if (g->over == due) {
        g->mode = G_IDLE;
        ref_gate_say(f, g, REF_RECOVERED, due, f->rule->level);
        return;
    }
    for (size_t i = 0; i < f->rule->stage.n_rungs; i++) {
        if (g->opened + f->rule->stage.rungs[i].after_us == due) {
            g->rungs |= 1u << i;
            ref_gate_say(f, g, REF_ESCALATED, due, f->rule->stage.rungs[i].level);
        }
    }
}

static inline void ref_gate_condition(ref *f, ref_gate *g, const ref_alert *a)
{
    const vg_rule_stage *s = &f->rule->stage;
    const bool window =
        f->rule->span_us && g->mark != INT64_MIN && a->t - g->mark <= f->rule->span_us;
    const bool repeats = f->rule->type == VG_RULE_EVENT || f->rule->type == VG_RULE_SUPPRESS;
    if (repeats && !(window && g->mode != G_IDLE && f->rule->window == VG_WINDOW_FROM_FIRST)) {
        g->mark = a->t;
    }
    if (g->mode == G_OPEN || g->mode == G_HELD) {
        g->over = INT64_MIN;
        g->opening.count += a->count;
        return;
    }
    if (g->mode == G_PASSED && repeats && window) {
        return;
    }
    g->opening = *a;
    if (g->excused != INT64_MIN && a->t - g->excused <= s->before_us) {
        g->mode = G_IDLE;
        g->opening.what = REF_EXCUSED;
        ref_put(f, &g->opening);
        g->opening.what = REF_ALERT;
    } else if (s->after_us) {
        g->mode = G_HELD;
        g->held_until = a->t + s->after_us;
    } else {
        ref_gate_open(f, g, a->t);
        ref_put(f, a);
    }
}

static inline void ref_gate_word(ref *f, ref_gate *g, const ref_item *h, bool excuse)
{
    const int64_t t = f->v[h->at].t_event;
    ref_alert a = g->opening;
    a.t = t;
    a.at = h->at;
    a.sub = 1;
    a.order = f->index;
    if (excuse) {
        g->excused = t;
        if (g->mode == G_HELD) {
            g->mode = G_IDLE;
            a.what = REF_EXCUSED;
            a.rank = REF_EXCUSE;
            ref_put(f, &a);
        }
        return;
    }
    if (g->mode != G_OPEN || g->over != INT64_MIN) {
        return;
    }
    if (f->rule->stage.hold_us) {
        g->over = t + f->rule->stage.hold_us;
        return;
    }
    g->mode = G_IDLE;
    a.what = REF_RECOVERED;
    a.rank = REF_RECOVER;
    ref_put(f, &a);
}

// Deadlines that fire before record `at`, or before time t of a matcher's own deadline.
static inline void ref_gate_until(ref *f, ref_gate *g, size_t at, int64_t t)
{
    for (int64_t due; (due = ref_gate_due(f, g)) < t && due < f->end && ref_after(f, due) <= at;) {
        ref_gate_time(f, g);
    }
}

// The raw findings of one key (out[from..]) go through the gate; what comes out takes their place.
static inline void ref_stage(ref *f, const ref_item *h, size_t n, size_t from)
{
    const size_t m = f->out->n - from;
    ref_alert *raw = vg_alloc((m + 1) * sizeof *raw);
    if (m) {
        memcpy(raw, f->out->v + from, m * sizeof *raw);
    }
    f->out->n = from;
    ref_gate g = {.excused = INT64_MIN, .over = INT64_MIN, .mark = INT64_MIN};
    size_t next = 0;
    for (size_t i = 0; i <= n; i++) {
        const size_t at = i < n ? h[i].at : f->n;
        // what the matcher found before this item: its deadlines, and nothing else
        while (next < m && (raw[next].at < at || (raw[next].at == at && raw[next].sub == 0))) {
            ref_gate_until(f, &g, raw[next].at, raw[next].sub ? INT64_MAX : raw[next].t);
            ref_gate_condition(f, &g, &raw[next++]);
        }
        ref_gate_until(f, &g, at, INT64_MAX);
        if (i == n) {
            break;
        }
        if (h[i].clear) {
            g.mark = INT64_MIN;
        }
        if (h[i].excuse) {
            ref_gate_word(f, &g, &h[i], true);
        }
        while (next < m && raw[next].at == at) {
            ref_gate_condition(f, &g, &raw[next++]);
        }
        if (h[i].recover) {
            ref_gate_word(f, &g, &h[i], false);
        }
    }
    free(raw);
}
