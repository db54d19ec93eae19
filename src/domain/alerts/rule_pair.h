// SPDX-License-Identifier: Apache-2.0
// A text that people wrote and the rules in force, side by side: two engines that differ in nothing but one rule,
// fed alike, and what each of them found. One log (a site) at a time; the caller reads the events and keeps the time.
#pragma once

#include "domain/alerts/rule_life.h"
#include "domain/alerts/rule_match.h"

typedef struct alerts_side {
    alerts_files *files;
    alerts_brain *brain;
    size_t rule;  // SIZE_MAX: there is none of that name
    alerts_hits hits;
    size_t late;
    struct alerts_pair *of;
} alerts_side;

typedef struct alerts_pair {
    const char *name;  // of the rule
    int64_t from, to;  // what is found at these times counts
    vg_arena *page;    // what is found is put here; the caller empties it now and then
    const vg_xname *facts;
    size_t n_facts;
    alerts_side active, draft;
} alerts_pair;

// name, from, to and page are the caller's and set before. All texts in a.
vg_status alerts_pair_load(alerts_pair *p, vg_core *core, vg_arena *a, vg_str text,
                           vg_err *err) VG_USE_RESULT;
void alerts_pair_done(alerts_pair *p);  // safe on a zeroed one

// Engines that have seen nothing. Errors: VG_EINVALID for a rule across sites.
vg_status alerts_pair_open(alerts_pair *p, vg_err *err) VG_USE_RESULT;
vg_status alerts_pair_feed(alerts_pair *p, const alerts_seen *x, vg_err *err) VG_USE_RESULT;
// The log is read to its end at p->to.
vg_status alerts_pair_end(alerts_pair *p, uint32_t log, vg_err *err) VG_USE_RESULT;
void alerts_pair_close(alerts_pair *p);  // the findings stay until the next open
// What both found between from and to. Errors: VG_ETOOBIG.
vg_status alerts_pair_compare(alerts_pair *p, alerts_tally *ret, vg_err *err) VG_USE_RESULT;
