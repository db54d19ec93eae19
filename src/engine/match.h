// SPDX-License-Identifier: Apache-2.0
// Between the matchers: keys, states, and the way out. One function per rule type, in match_*.c.
#pragma once

#include "engine/ask.h"

typedef void match_fn(vg_engine *e, rule_rt *rt, const hit *h);
match_fn match_sequence, match_together, match_count, match_distinct, match_neighbours, match_rate,
    match_suppress, match_absence;

uint32_t match_field(const vg_record *r, vg_rule_field f);
vg_key match_key(const vg_rule *rule, const vg_record *r);
// The state of the event's key, made if need be; NULL when the rule's keys are full. ret_at may be NULL.
state *match_state(vg_engine *e, rule_rt *rt, const hit *h, uint32_t *ret_at);
state *match_known(const rule_rt *rt, const hit *h);  // NULL if there is none
vg_alert match_alert(const rule_rt *rt, const hit *h, const vg_evidence *ev, size_t n);
void match_emit(vg_engine *e, rule_rt *rt, const hit *h, const vg_evidence *ev, size_t n);

static inline vg_evidence match_evidence(const hit *h)
{
    return (vg_evidence){.t = h->t, .seq = h->r->seq, .log = h->r->log};
}
