// SPDX-License-Identifier: Apache-2.0
// The correlation engine: an ordered stream of records in, alerts out. Time is a field of the record
// and of the journaled clock tick, never the machine's. One instance per log, one thread at a time; the
// same input gives the same alerts, byte for byte, however it is cut into calls and wherever a snapshot
// was taken.
#pragma once

#include "engine/intern.h"
#include "engine/rule.h"

typedef struct vg_engine vg_engine;

enum { VG_NEIGHBOURS_MAX = 64 };

typedef struct vg_key {
    uint32_t id[VG_RULE_GROUP];  // interned, in the order of the rule's group-by; the rest 0
    uint32_t world;
    uint32_t test;  // 1: events with purpose = test
} vg_key;

typedef struct vg_evidence {  // the name of a journal event, and its time
    int64_t t, seq;
    uint32_t log, tag;  // tag: the engine's own; 0 in an alert
} vg_evidence;

typedef struct vg_alert {
    uint32_t rule;  // index in the ruleset
    vg_key key;
    int64_t t;  // event time at which the condition came true
    uint32_t site, zone, device, source,
        kind;  // of the closing event (absence: of the last one seen)
    vg_rule_level level;
    uint32_t count;  // events it stands for, growing in repeats
    size_t n_evidence;
    const vg_evidence *evidence;  // opening evidence first; borrowed for the call
} vg_alert;

typedef enum vg_alert_change { VG_ESCALATED, VG_RECOVERED } vg_alert_change;

typedef struct vg_engine_sink {
    void *ctx;
    void (*alert)(void *ctx, const vg_alert *a);
    // One more event of an alert already given (event and x-suppress rules): same opening evidence, so
    // the same id. May be NULL.
    void (*repeat)(void *ctx, const vg_alert *a);
    // An alert already given has risen to a->level, or is over at a->t: same opening evidence, so the same
    // id. May be NULL.
    void (*change)(void *ctx, const vg_alert *a, vg_alert_change what);
    // A condition came true at a->t and was excused: no alert. May be NULL.
    void (*excused)(void *ctx, const vg_alert *a);
    void (*late)(void *ctx, const vg_record *r);  // later than slack, not evaluated; may be NULL
    // A rule's keys are full and r was not evaluated by it; once until room is found. May be NULL.
    void (*full)(void *ctx, uint32_t rule, const vg_record *r);
} vg_engine_sink;

typedef enum vg_engine_run {
    VG_RUN_ALL,   // one stream of all sites
    VG_RUN_SITE,  // of one site's log: all but the rules across sites
    VG_RUN_ACROSS  // of all logs: only those; the alerts of the others come in as records of kind alert:NAME
} vg_engine_run;

typedef struct vg_engine_opts {
    vg_engine_run run;
    int64_t slack_us;   // 0: evaluate on arrival (fast lane)
    uint32_t max_keys;  // per rule; 0 = 262,144
    uint32_t
        max_waiting;  // records in the reorder buffer; 0 = 1 Mi; past it the oldest are released
    // What a condition's fact is at this time; key is empty when it has none. It must be a function of the
    // journal. NULL: unknown.
    vg_xvalue (*fact)(void *ctx, const vg_xname *fact, vg_str key, int64_t t);
    void *fact_ctx;
    // The zones next to a zone, at most VG_NEIGHBOURS_MAX, in an order that does not depend on their ids; a
    // function of the journal too. NULL: there are none.
    size_t (*neighbours)(void *ctx, uint32_t site, uint32_t zone, uint32_t ret_zones[]);
    void *neighbours_ctx;
} vg_engine_opts;

// set and names are borrowed and must outlive the engine; names gains the rules' own words. Errors:
// VG_ETOOBIG when names is full.
vg_status vg_engine_create(const vg_ruleset *set, vg_names *names, const vg_engine_opts *opts,
                           vg_engine **ret, vg_err *err) VG_USE_RESULT;
void vg_engine_destroy(vg_engine *e);  // NULL is fine

void vg_engine_feed(vg_engine *e, const vg_record *v, size_t n, const vg_engine_sink *sink);
// A journaled clock tick: deadlines before now_us (less slack) fire.
void vg_engine_advance(vg_engine *e, int64_t now_us, const vg_engine_sink *sink);
// Evaluates what still waits in the reorder buffer (end of a back-test). Deadlines do not fire.
void vg_engine_flush(vg_engine *e, const vg_engine_sink *sink);

// H(rule, version, key as names, opening evidence): the command id that makes an alert idempotent.
vg_cmd_id vg_alert_id(const vg_engine *e, const vg_alert *a);
size_t vg_engine_keys(const vg_engine *e, uint32_t rule);  // states in use
// Nothing that happened before this time is still to be evaluated.
int64_t vg_engine_confirmed(const vg_engine *e);
// When time alone could next make a rule speak: the moment after which a clock event is worth journaling. With
// slack also when records wait that came out of order or start a deadline: the others change no answer.
// INT64_MAX: never.
int64_t vg_engine_next_due(const vg_engine *e);

// State for a restart. Restoring needs an engine fresh from create with the same rules and options;
// names may differ (ids are mapped). Errors: VG_ECORRUPT, VG_EPRECOND (other rules or options).
void vg_engine_save(const vg_engine *e, vg_buf *out);
vg_status vg_engine_restore(vg_engine *e, vg_str saved, vg_err *err) VG_USE_RESULT;
// The same into an engine of other rules: what a rule of the same version knew goes on, the rest begins anew.
// Errors: VG_ECORRUPT, VG_EPRECOND (other options).
vg_status vg_engine_adopt(vg_engine *e, vg_str saved, vg_err *err) VG_USE_RESULT;
