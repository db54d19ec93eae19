// SPDX-License-Identifier: Apache-2.0
// The rule language as plain values: what stands in the YAML files (Sigma correlations plus our x-
// types), checked and resolved. A ruleset owns its rules and texts; it does not change once finished.
#pragma once

#include "base/id.h"
#include "engine/record.h"
#include "expr/expr.h"

enum {
    VG_RULE_STEPS = 8,
    VG_RULE_GROUP = 4,
    VG_RULE_COUNT_MAX = 100,
    VG_RULE_RUNGS = 3,    // steps of an escalation: from low to critical
    VG_RATE_WEEKS = 4,    // of its own history before x-rate-anomaly speaks
    VG_RULE_VERSION = 17  // 16 hex digits and the NUL
};

// X(NAME, text in the file, is it portable Sigma)
#define VG_RULE_TYPES(X)                  \
    X(SEQUENCE, "temporal_ordered", true) \
    X(TOGETHER, "temporal", true)         \
    X(COUNT, "event_count", true)         \
    X(DISTINCT, "value_count", true)      \
    X(ABSENCE, "x-absence", false)        \
    X(SUPPRESS, "x-suppress", false)      \
    X(NEIGHBOURS, "x-neighbours", false)  \
    X(RATE, "x-rate-anomaly", false)      \
    X(EVENT, "event", false)

typedef enum vg_rule_type {
#define X(name, text, sigma) VG_RULE_##name,
    VG_RULE_TYPES(X)
#undef X
        VG_RULE_TYPES_N
} vg_rule_type;

typedef enum vg_rule_level { VG_LOW, VG_MEDIUM, VG_HIGH, VG_CRITICAL } vg_rule_level;
typedef enum vg_pick { VG_PICK_LATEST, VG_PICK_FIRST } vg_pick;
// after-window: silent until the first counted event + timespan · reset: counting starts anew at once ·
// each: every further event fires while the condition holds
typedef enum vg_refire { VG_REFIRE_AFTER_WINDOW, VG_REFIRE_RESET, VG_REFIRE_EACH } vg_refire;
typedef enum vg_window { VG_WINDOW_FROM_FIRST, VG_WINDOW_FROM_LAST } vg_window;
typedef enum vg_rule_field {
    VG_BY_SITE,
    VG_BY_ZONE,
    VG_BY_DEVICE,
    VG_BY_SOURCE,
    VG_BY_KIND,
    VG_BY_N
} vg_rule_field;

typedef struct vg_texts {
    const char *const *v;
    size_t n;
} vg_texts;

typedef struct vg_rule_event {  // one event document, or the alerts of a rule as events
    const char *name;
    bool alerts;  // of the rule of that name: its one kind is "alert:NAME"
    vg_texts kinds, sites, zones, devices;  // an empty list matches all (kinds is never empty)
    uint32_t verbs;                         // bit per vg_verb
    bool authenticated;                     // only events proven by a key
    const vg_expr *where;                   // only events of which this is true; NULL: all
} vg_rule_event;

typedef struct vg_rung {  // still not over so long after it opened: this level
    int64_t after_us;
    vg_rule_level level;
} vg_rung;

// What stands between a condition that came true and the alert, key by key: it may be excused ("unless an
// authorised opening"), stay open until it is over (recovery), and rise with time (escalate).
typedef struct vg_rule_stage {
    uint32_t excuses[VG_RULE_STEPS], recovers[VG_RULE_STEPS];  // indices of vg_rule_event
    size_t n_excuses, n_recovers;
    int64_t before_us, after_us;  // how long before, and after, an excuse counts
    int64_t hold_us;              // quiet for so long before it counts as over
    vg_rung rungs[VG_RULE_RUNGS];
    size_t n_rungs;
} vg_rule_stage;

typedef struct vg_rule {
    const char *name, *title, *title_en;  // title_en may be NULL
    const char *file;
    size_t line;
    vg_rule_type type;
    vg_rule_level level;
    uint32_t
        events[VG_RULE_STEPS];  // indices of vg_rule_event; steps of a sequence, else alternatives
    size_t n_events;
    uint32_t clears[VG_RULE_STEPS];
    size_t n_clears;
    vg_rule_field group[VG_RULE_GROUP];
    size_t n_group;
    vg_rule_field incident_key[VG_RULE_GROUP];  // a hint for the merging of alerts; may be empty
    size_t n_incident_key;
    int64_t span_us;         // timespan, or dedupe of an event rule (0 = every event is an alert)
    uint32_t count;          // event_count, value_count, x-neighbours: at least so many
    vg_rule_field distinct;  // value_count: of what
    double ratio,
        threshold;  // x-rate-anomaly: the rise to find soon; of the score (solve/surveil.h)
    vg_pick pick;
    vg_refire refire;
    vg_window window;
    bool consume, keep_count, hold_offline;
    vg_rule_stage stage;
    bool across;                 // of the events of all sites together, not of each site's alone
    bool shadow;                 // on trial beside the rule of its name: nobody can cite it
    bool cited;                  // another rule takes its alerts for events
    uint32_t stratum;            // 0: of events alone; else one above the highest cited
    const vg_expr *active_when;  // the rule sleeps while this is false; NULL: never
    const char *situation;       // catalogue code of the situation, or NULL
    char version[VG_RULE_VERSION];
} vg_rule;

typedef struct vg_ruleset {
    vg_arena *arena;
    vg_rule *rules;
    size_t n_rules, cap_rules;
    vg_rule_event *events;
    size_t n_events, cap_events;
    vg_texts known_kinds;       // if set, other kinds are errors
    vg_xschema schema;          // what conditions may ask about
    struct vg_rule_refs *refs;  // names to resolve until finished
    const char *replacing;      // while vg_ruleset_replace adds: the one rule it may bring
    bool replacing_shadow;
    size_t replaced;  // how many it brought
    unsigned char hash[VG_HASH_BYTES];
} vg_ruleset;

vg_ruleset *vg_ruleset_create(vg_texts known_kinds);  // known_kinds is borrowed and may be empty
void vg_ruleset_destroy(vg_ruleset *set);             // NULL is fine
// The facts that conditions may ask about (borrowed), besides the fields of an event; before any file. Without
// this call every unlisted name is taken for a yes-or-no fact.
vg_status vg_ruleset_facts(vg_ruleset *set, const vg_xname *facts, size_t n,
                           vg_err *err) VG_USE_RESULT;
// Adds the documents of one file. Errors: VG_EINVALID with "file:line" in the detail and the offending
// word as the field; VG_ETOOBIG. After an error the set may only be destroyed.
vg_status vg_ruleset_add(vg_ruleset *set, const char *file, vg_str yaml, vg_err *err) VG_USE_RESULT;
// The same for one rule of the node's own: its correlation document must bear the given name and takes the place
// of the rule of that name, if there is one (a shadow stands beside it); an event document that is there already
// to the letter is no second one.
vg_status vg_ruleset_replace(vg_ruleset *set, const char *name, vg_str yaml, bool shadow,
                             vg_err *err) VG_USE_RESULT;
// Resolves the references between documents (of all files), lays the rules in strata (one may cite alerts of
// lower ones only: a circle is an error) and computes the versions.
vg_status vg_ruleset_finish(vg_ruleset *set, vg_err *err) VG_USE_RESULT;
// The index of a rule by name, shadows apart, or SIZE_MAX.
size_t vg_ruleset_find(const vg_ruleset *set, const char *name);

const char *vg_rule_type_text(vg_rule_type t);
const char *vg_rule_level_text(vg_rule_level l);  // "critical"
const char *vg_field_text(vg_rule_field f);       // "zone"
bool vg_rule_portable(const vg_rule *r);          // plain Sigma, no x- type
bool vg_rule_staged(const vg_rule *r);            // it has an excuse or a recovery
