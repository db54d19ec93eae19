// SPDX-License-Identifier: Apache-2.0
// Inside the engine: what dispatch, matchers, deadlines and snapshots share.
#pragma once

#include "base/clock.h"
#include "engine/order.h"
#include "engine/table.h"
#include "engine/wheel.h"

// In the order in which one event is offered to the places of one rule.
typedef enum hook_use { USE_CLEAR, USE_EXCUSE, USE_STEP, USE_RECOVER } hook_use;

typedef struct hook {  // one event document bound to one place in one rule
    uint32_t rule, verbs;
    uint16_t step;
    hook_use use;
    bool authenticated;
    const uint32_t *zones, *devices;  // ids; empty = all
    uint32_t n_zones, n_devices;
    const vg_expr *where;
} hook;

typedef struct hook_range {
    uint32_t start, n;
} hook_range;

typedef struct hook_bucket {  // hooks of one (site, kind); key 0 = free
    uint64_t key;
    hook_range range;
} hook_bucket;

typedef struct dispatch {
    hook *hooks;
    size_t n_hooks;
    hook_range *any;     // by kind: hooks that hold at every site
    bool *timed;         // by kind: some absence rule listens
    bool *bound;         // by kind: some hooks hold at named sites only
    uint32_t n_kinds;    // kinds above are in no rule
    hook_bucket *sites;  // open addressing
    uint32_t sites_mask;
    uint32_t *ids;  // zones and devices of all hooks
} dispatch;

typedef struct rule_rt {
    const vg_rule *rule;
    uint32_t index;
    int64_t span;
    table states;
    table gates;       // of a staged rule
    uint16_t kind;     // of its alerts as events; 0 when no rule here cites them
    int64_t sweep_at;  // no sweep before
    bool full;         // already reported
} rule_rt;

struct vg_engine {
    const vg_ruleset *set;
    vg_names *names;
    vg_engine_opts opts;
    rule_rt *rules;
    dispatch on;
    wheel deadlines;
    order waiting;
    table sources;  // offline or returned, by (source, world, test)
    uint32_t kind_silent, kind_returned;
    int64_t now, watermark;
    int64_t newest;    // of what waits or waited
    bool unsettled;    // something that waits came after a newer one, or starts a deadline
    vg_record *cited;  // alerts on their way to the rules that cite them; empty between records
    size_t n_cited, cap_cited;
    vg_evidence scratch[VG_RULE_COUNT_MAX + 1];
};

typedef struct hit {  // one record on its way through the rules
    const vg_record *r;
    int64_t t;
    uint16_t step;
    uint32_t steps;  // together: all steps it is, a bit each
    const vg_engine_sink *sink;
} hit;

vg_status dispatch_build(dispatch *d, const vg_ruleset *set, vg_engine_run run, vg_names *names,
                         vg_err *err) VG_USE_RESULT;
void dispatch_done(dispatch *d);
hook_range dispatch_at(const dispatch *d, uint32_t site, uint32_t kind);

size_t match_cells(const vg_rule *r);  // room a state of this rule needs
void match_step(vg_engine *e, rule_rt *rt, const hit *h);
void match_use(vg_engine *e, rule_rt *rt, const hit *h, hook_use use);  // all but a step
void match_source(vg_engine *e, const hit *h);  // keeps track of silent sources
void match_due(vg_engine *e, const wheel_item *it, const vg_engine_sink *sink);
bool match_sweep_pays(const table *t, const rule_rt *rt, int64_t now);
void match_sweep(table *t, rule_rt *rt, int64_t now,
                 bool (*over)(const rule_rt *, const state *, int64_t));

enum { STAGE_PLACE, STAGE_TIMES, STAGE_ARMED, STAGE_EVIDENCE };  // cells of a gate
// stage.c: from a condition that came true to what people see
size_t stage_cells(const vg_rule *r);
void stage_alert(vg_engine *e, rule_rt *rt, const vg_alert *a, const vg_engine_sink *sink);
void stage_repeat(rule_rt *rt, const vg_alert *a, const vg_engine_sink *sink);
bool stage_idle(const rule_rt *rt,
                const vg_key *k);  // staged, and nothing of this key is out or held
void stage_excuse(vg_engine *e, rule_rt *rt, const hit *h, const vg_key *k);
void stage_recover(vg_engine *e, rule_rt *rt, const hit *h, const vg_key *k);
// Items of gates stand on the wheel under their rule's number plus the number of rules.
void stage_due(vg_engine *e, const wheel_item *it, const vg_engine_sink *sink);

enum { RATE_EVIDENCE = 5 };
size_t rate_cells(void);
