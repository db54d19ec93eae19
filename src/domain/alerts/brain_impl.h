// SPDX-License-Identifier: Apache-2.0
// Inside of the brain: rulesets by generation (brain.c), a pair of engines a log (brain_lane.c).
#pragma once

#include "domain/alerts/brain.h"
#include "domain/alerts/facts.h"
#include "domain/alerts/graph.h"
#include "engine/engine.h"
#include "engine/explain.h"

enum {
    ACROSS_SLACK_S = 30,     // of rules across sites: an alert they cite is recorded after its time
    CONFIRM_SLACK_S = 5,     // how late an event may come and still be put in its place
    UNCONFIRMED_MAX = 4096,  // past it the oldest alerts pass as confirmed
    FLOOD_S = 600,
    FLOOD_ALERTS = 60,  // of one rule at one site in FLOOD_S
    PROOFS_MAX = VG_RULE_COUNT_MAX + 8
};

typedef struct own_rule {
    char *name, *version, *text;
    bool shadow;
} own_rule;

typedef struct generation {
    int64_t from;  // sequence in the node's log of the change that made it
    vg_ruleset *set;
    bool owned;  // else the one before it, which is the same
    own_rule *own;
    size_t n_own;
} generation;

typedef struct unconfirmed {  // raised by the fast lane, not found yet by the confirm lane
    vg_cmd_id id;
    int64_t t;
    char version[VG_RULE_VERSION];
    bool test;
    char key[160], site[40], zone[40];
} unconfirmed;

typedef struct flood {
    int64_t since;
    uint32_t n;
} flood;

typedef struct lane {
    alerts_brain *brain;
    uint32_t log;
    size_t gen;
    vg_engine *fast, *confirm;
    alerts_facts *facts;
    alerts_graph *graph;
    unconfirmed *raised;
    size_t n_raised, cap_raised;
    flood *floods;  // by rule
} lane;

struct alerts_brain {
    alerts_brain_opts opts;
    vg_xname *facts;
    vg_names names;
    generation *gens;
    size_t n_gens, cap_gens;
    lane **lanes;
    size_t n_lanes, cap_lanes;
};

// brain.c
vg_status brain_lane(alerts_brain *b, uint32_t log, lane **ret, vg_err *err) VG_USE_RESULT;
lane *brain_find(const alerts_brain *b, uint32_t log);  // NULL if there is none

// brain_lane.c
vg_status lane_create(alerts_brain *b, uint32_t log, size_t gen, lane **ret,
                      vg_err *err) VG_USE_RESULT;
void lane_destroy(lane *l);  // NULL is fine
// Goes on under another generation; rules of the same version keep what they know.
vg_status lane_switch(lane *l, size_t gen, vg_err *err) VG_USE_RESULT;
