// SPDX-License-Identifier: Apache-2.0
// What two versions of a rule found at one site, set side by side. Pure.
#pragma once

#include "base/json.h"
#include "domain/alerts/brain.h"

enum {
    ALERTS_HITS_MAX = 100000,
    ALERTS_WEEKS = 60,
    ALERTS_EXAMPLES = 10,  // of each kind
    ALERTS_HIT_PROOFS = 5
};

typedef struct alerts_hit {
    int64_t t;
    uint64_t key;  // a hash of it
    int64_t seqs[ALERTS_HIT_PROOFS];
    uint32_t n_seqs;
    char zone[VG_ID_TEXT], source[VG_ID_TEXT], kind[33];
} alerts_hit;

typedef struct alerts_hits {  // zero is empty
    alerts_hit *v;
    size_t n, cap;
    bool full;  // there were more than HITS_MAX
} alerts_hits;
void alerts_hits_add(alerts_hits *h, const alerts_found *f);
void alerts_hits_done(alerts_hits *h);

typedef struct alerts_example {
    alerts_hit hit;
    const char *of;  // "draft", "active", "both"
} alerts_example;

typedef struct alerts_tally {
    int64_t from, to;
    int64_t only_draft, only_active, both;
    int64_t weeks[ALERTS_WEEKS][2];  // of the draft, of the active; counted back from `to`
    alerts_example examples[3 * ALERTS_EXAMPLES];
    size_t n_examples;
} alerts_tally;
// Two findings are one if their keys are the same and they lie within a minute. Sorts both sides.
void alerts_tally_compare(alerts_tally *y, alerts_hits *draft, alerts_hits *active);
void alerts_tally_join(alerts_tally *all, const alerts_tally *one);  // counts and weeks
int64_t alerts_tally_most(const alerts_tally *y);  // the draft's findings in its worst week
// Of log 0, which is no journal, the evidence has its numbers only. Members only_draft only_active both weeks examples of the open object.
void alerts_tally_say(const alerts_tally *y, uint32_t log, vg_jw *w);
