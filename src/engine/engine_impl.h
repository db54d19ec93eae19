// SPDX-License-Identifier: Apache-2.0
// Inside the engine: what dispatch, matchers, deadlines and snapshots share.
#pragma once

#include "base/clock.h"
#include "engine/order.h"
#include "engine/table.h"
#include "engine/wheel.h"

typedef struct hook {  // one event document bound to one place in one rule
    uint32_t rule, verbs;
    uint16_t step;
    bool clear, authenticated;
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
    vg_evidence scratch[VG_RULE_COUNT_MAX + 1];
};

typedef struct hit {  // one record on its way through the rules
    const vg_record *r;
    int64_t t;
    uint16_t step;
    const vg_engine_sink *sink;
} hit;

vg_status dispatch_build(dispatch *d, const vg_ruleset *set, vg_names *names,
                         vg_err *err) VG_USE_RESULT;
void dispatch_done(dispatch *d);
hook_range dispatch_at(const dispatch *d, uint32_t site, uint32_t kind);

size_t match_cells(const vg_rule *r);  // room a state of this rule needs
void match_step(vg_engine *e, rule_rt *rt, const hit *h);
void match_clear(rule_rt *rt, const hit *h);
void match_source(vg_engine *e, const hit *h);  // keeps track of silent sources
void match_due(vg_engine *e, const wheel_item *it, const vg_engine_sink *sink);
