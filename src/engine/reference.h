// SPDX-License-Identifier: Apache-2.0
// A naive second engine for the tests: it keeps every key's whole history and works each answer out
// from the wording of the rule, with no shared state, table, wheel or window. Slow and plain on purpose.
// Input is in order of time; the answers come out in the engine's order.
#pragma once

#include "base/clock.h"
#include "engine/engine.h"

typedef enum ref_what { REF_ALERT, REF_ESCALATED, REF_RECOVERED, REF_EXCUSED } ref_what;

typedef struct ref_alert {
    uint32_t rule, count, n_evidence, sub;  // sub 0: a deadline before record `at`; 1: that record
    uint32_t order,
        rank;  // among what one moment brings: whose deadline; excuse, condition, recovery
    ref_what what;
    vg_rule_level level;
    size_t at;
    vg_key key;
    int64_t t, seq;
    vg_evidence evidence[VG_RULE_COUNT_MAX];
} ref_alert;

typedef struct ref_out {
    ref_alert *v;
    size_t n, cap;
} ref_out;

typedef struct ref_item {  // one event of one key of one rule
    vg_key key;
    size_t at;
    uint32_t steps;  // bit per matching step
    bool clear, excuse, recover;
} ref_item;

typedef struct ref {
    const vg_ruleset *set;
    const vg_names *names;
    const vg_record *v;
    size_t n;
    int64_t end;  // the last tick
    ref_out *out;
    const vg_rule *rule;
    uint32_t index;
    bool sources;  // some source falls silent or returns
    bool (*next_to)(const vg_names *names, uint32_t zone, uint32_t other);  // x-neighbours
} ref;

static inline bool ref_has(vg_texts t, const vg_intern *in, uint32_t id)
{
    for (size_t i = 0; i < t.n; i++) {
        if (vg_str_eqc(vg_intern_text(in, id), t.v[i])) {
            return true;
        }
    }
    return t.n == 0;
}

static inline bool ref_accepts(const ref *f, uint32_t event, const vg_record *r, bool proven)
{
    const vg_rule_event *e = &f->set->events[event];
    return ref_has(e->kinds, f->names->of[VG_KIND], r->kind) && e->verbs >> r->verb & 1 &&
           ref_has(e->sites, f->names->of[VG_SITE], r->site) &&
           ref_has(e->zones, f->names->of[VG_ZONE], r->zone) &&
           ref_has(e->devices, f->names->of[VG_DEVICE], r->device) &&
           (!(proven || e->authenticated) || r->flags & VG_REC_AUTHENTICATED);
}

static inline vg_key ref_key(const ref *f, const vg_record *r)
{
    const uint32_t fields[] = {r->site, r->zone, r->device, r->source, r->kind};
    vg_key k = {.world = r->world, .test = (r->flags & VG_REC_TEST) != 0};
    for (size_t i = 0; i < f->rule->n_group; i++) {
        k.id[i] = fields[f->rule->group[i]];
    }
    return k;
}

static inline vg_evidence ref_name(const ref *f, size_t at)
{
    return (vg_evidence){.t = f->v[at].t_event, .seq = f->v[at].seq, .log = f->v[at].log};
}

enum { REF_EXCUSE = 1, REF_STEP, REF_RECOVER };

static inline ref_alert *ref_emit(ref *f, const vg_key *key, size_t at, const size_t *ev, size_t n)
{
    if (f->out->n == f->out->cap) {
        f->out->cap = f->out->cap ? f->out->cap * 2 : 256;
        f->out->v = vg_realloc(f->out->v, f->out->cap * sizeof *f->out->v);
    }
    ref_alert *a = &f->out->v[f->out->n++];
    memset(a, 0, sizeof *a);
    a->rule = a->order = f->index;
    a->rank = REF_STEP;
    a->level = f->rule->level;
    a->key = *key;
    a->at = at;
    a->sub = 1;
    a->t = at < f->n ? f->v[at].t_event : 0;
    a->count = a->n_evidence = (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        a->evidence[i] = ref_name(f, ev[i]);
    }
    a->seq = a->evidence[0].seq;
    return a;
}

// --- one key's history, one function per type ---------------------------------------------------
// latest: from the last step backwards, always the newest event before; first: each step keeps the
// oldest chain whose window is open.
static inline size_t ref_chain_latest(const ref *f, const ref_item *h, size_t from, size_t i,
                                      size_t *ev)
{
    size_t k = f->rule->n_events, at = i;
    ev[--k] = h[i].at;
    while (k && at > from) {
        at--;
        if (h[at].steps >> (k - 1) & 1) {
            ev[--k] = h[at].at;
        }
    }
    return k;  // 0: complete
}

static inline void ref_sequence_latest(ref *f, const ref_item *h, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        size_t ev[VG_RULE_STEPS];
        from = h[i].clear ? i : from;  // cleared first; then it may be a step itself
        const size_t last = f->rule->n_events - 1;
        if (!(h[i].steps >> last & 1) || ref_chain_latest(f, h, from, i, ev) != 0 ||
            f->v[h[i].at].t_event - f->v[ev[0]].t_event > f->rule->span_us) {
            continue;
        }
        ref_emit(f, &h[i].key, h[i].at, ev, last + 1);
        from = f->rule->consume ? i : from;  // it may itself begin the next
    }
}

static inline void ref_sequence_first(ref *f, const ref_item *h, size_t n)
{
    size_t chain[VG_RULE_STEPS][VG_RULE_STEPS];
    bool held[VG_RULE_STEPS] = {false};
    const size_t last = f->rule->n_events - 1;
    for (size_t i = 0; i < n; i++) {
        const int64_t t = f->v[h[i].at].t_event;
        for (size_t s = 0; s < last; s++) {
            held[s] = held[s] && !h[i].clear && t - f->v[chain[s][0]].t_event <= f->rule->span_us;
        }
        for (size_t s = last + 1; s-- > 0;) {
            if (!(h[i].steps >> s & 1) || (s && !held[s - 1]) || (s < last && held[s])) {
                continue;
            }
            if (s) {
                memcpy(chain[s], chain[s - 1], s * sizeof chain[s][0]);
            }
            chain[s][s] = h[i].at;
            held[s] = s < last;
            if (s == last) {
                ref_emit(f, &h[i].key, h[i].at, chain[s], s + 1);
                memset(held, 0, f->rule->consume ? sizeof held : 0);
            }
        }
    }
}

static inline void ref_sequence(ref *f, const ref_item *h, size_t n)
{
    (f->rule->pick == VG_PICK_FIRST ? ref_sequence_first : ref_sequence_latest)(f, h, n);
}

static inline void ref_count(ref *f, const ref_item *h, size_t n)
{
    size_t *counted = vg_alloc((n + 1) * sizeof *counted), m = 0;
    int64_t silent_until = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        const int64_t t = f->v[h[i].at].t_event;
        if (h[i].clear) {
            m = 0;
            silent_until = INT64_MIN;
        }
        if (!h[i].steps || t <= silent_until) {
            continue;
        }
        counted[m++] = h[i].at;
        size_t in_window = 0;
        for (size_t k = m; k-- > 0 && t - f->v[counted[k]].t_event <= f->rule->span_us;) {
            in_window++;
        }
        if (in_window < f->rule->count) {
            continue;
        }
        const size_t *ev = counted + m - f->rule->count;
        ref_emit(f, &h[i].key, h[i].at, ev, f->rule->count);
        if (f->rule->refire == VG_REFIRE_AFTER_WINDOW) {
            silent_until = f->v[ev[0]].t_event + f->rule->span_us;
        }
        m = f->rule->refire == VG_REFIRE_EACH ? m : 0;
    }
    free(counted);
}

static inline void ref_suppress(ref *f, const ref_item *h, size_t n)
{
    bool open = false;
    int64_t mark = 0;
    for (size_t i = 0; i < n; i++) {
        const int64_t t = f->v[h[i].at].t_event;
        open = open && !h[i].clear;
        if (!h[i].steps) {
            continue;
        }
        // A staged rule gives every event: its gate decides what is a repetition.
        const bool silent =
            open && f->rule->span_us && t - mark <= f->rule->span_us && !vg_rule_staged(f->rule);
        if (!silent) {
            ref_emit(f, &h[i].key, h[i].at, &h[i].at, 1);
        }
        mark = silent && f->rule->window == VG_WINDOW_FROM_FIRST ? mark : t;
        open = true;
    }
}

// The first record after t, or n: what makes a deadline at t fire.
static inline size_t ref_after(const ref *f, int64_t t)
{
    size_t lo = 0, hi = f->n;
    while (lo < hi) {
        const size_t mid = (lo + hi) / 2;
        if (f->v[mid].t_event > t) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    return lo;
}

static inline int ref_source_change(const ref *f, const vg_record *r, const vg_record *like)
{
    const vg_intern *in = f->names->of[VG_KIND];
    if (r->source != like->source || r->world != like->world ||
        (r->flags ^ like->flags) & VG_REC_TEST) {
        return 0;
    }
    if (vg_str_eqc(vg_intern_text(in, r->kind), "source_silent")) {
        return r->verb == VG_VERB_RAISE ? -1 : 1;
    }
    return vg_str_eqc(vg_intern_text(in, r->kind), "source_returned") ? 1 : 0;
}

// The deadline after the event at `at`, put off by what its source did; INT64_MAX if never.
static inline int64_t ref_deadline(const ref *f, size_t at)
{
    int64_t due = f->v[at].t_event + f->rule->span_us;
    while (f->rule->hold_offline && f->sources) {
        const size_t end = ref_after(f, due);
        bool offline = false;
        int64_t returned = INT64_MIN / 2;
        for (size_t i = 0; i < end; i++) {
            const int change = ref_source_change(f, &f->v[i], &f->v[at]);
            offline = change ? change < 0 : offline;
            returned = change > 0 ? f->v[i].t_event : returned;
        }
        for (size_t i = end; offline && i < f->n; i++) {
            if (ref_source_change(f, &f->v[i], &f->v[at]) > 0) {
                returned = f->v[i].t_event;
                offline = false;
            }
        }
        if (offline) {
            return INT64_MAX;
        }
        if (returned + f->rule->span_us <= due) {
            break;
        }
        due = returned + f->rule->span_us;
    }
    return due;
}

static inline void ref_absence(ref *f, const ref_item *h, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const int64_t t = f->v[h[i].at].t_event;
        if (!h[i].steps) {
            continue;
        }
        // Of several at one time the first is kept, unless it was cleared in between.
        size_t first = i;
        while (first && !h[first].clear && h[first - 1].steps &&
               f->v[h[first - 1].at].t_event == t) {
            first--;
        }
        const size_t next = i + 1;
        const int64_t due = ref_deadline(f, h[first].at);
        if (due >= f->end || (next < n && f->v[h[next].at].t_event <= due)) {
            continue;
        }
        ref_alert *a = ref_emit(f, &h[i].key, ref_after(f, due), &h[first].at, 1);
        a->sub = 0;
        a->t = due;
    }
}

// --- all ----------------------------------------------------------------------------------------
static inline int ref_by_key(const void *a, const void *b)
{
    const ref_item *x = a, *y = b;
    const int c = memcmp(&x->key, &y->key, sizeof x->key);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static inline int ref_by_time(const void *a, const void *b)
{
    const ref_alert *x = a, *y = b;
    const int64_t kx[] = {(int64_t)x->at, x->sub, x->sub ? 0 : x->t, x->order,
                          x->rank,        x->seq, x->level};
    const int64_t ky[] = {(int64_t)y->at, y->sub, y->sub ? 0 : y->t, y->order,
                          y->rank,        y->seq, y->level};
    for (size_t i = 0; i < VG_LEN(kx); i++) {
        if (kx[i] != ky[i]) {
            return kx[i] < ky[i] ? -1 : 1;
        }
    }
    return 0;
}

static inline size_t ref_items(const ref *f, ref_item *items)
{
    size_t m = 0;
    for (size_t i = 0; i < f->n; i++) {
        ref_item it = {.at = i};
        for (size_t s = 0; s < f->rule->n_events; s++) {
            it.steps |= (uint32_t)ref_accepts(f, f->rule->events[s], &f->v[i], false) << s;
        }
        for (size_t c = 0; c < f->rule->n_clears; c++) {
            it.clear |= ref_accepts(f, f->rule->clears[c], &f->v[i], true);
        }
        const vg_rule_stage *g = &f->rule->stage;
        for (size_t x = 0; x < g->n_excuses; x++) {
            it.excuse |= ref_accepts(f, g->excuses[x], &f->v[i], true);
        }
        for (size_t x = 0; x < g->n_recovers; x++) {
            it.recover |= ref_accepts(f, g->recovers[x], &f->v[i], true);
        }
        if (it.steps || it.clear || it.excuse || it.recover) {
            it.key = ref_key(f, &f->v[i]);
            items[m++] = it;
        }
    }
    return m;
}
