// SPDX-License-Identifier: Apache-2.0
// The engine as the alerts module uses it: names in, alerts out as plain texts. Knows nothing of the core
// (whose vg_field and vg_event_def are other things than the engine's), so only brain*.c include the engine.
#pragma once

#include "base/embed.h"
#include "base/id.h"
#include "expr/expr.h"

typedef struct alerts_brain alerts_brain;

// Rules across sites run in an engine of the node, under the number of the node's own log.
enum { ALERTS_ACROSS = 1 };

typedef struct alerts_seen {  // one journal event
    uint32_t log;
    int64_t seq, t_event, t_arrival, source_seq;
    vg_str site, zone, device, source, kind, verb;
    uint32_t world;
    bool authenticated, test;
    bool across;  // for the engine across sites
} alerts_seen;

typedef struct alerts_proof {
    uint32_t log;
    int64_t seq;
} alerts_proof;

typedef struct alerts_key {
    const char *field;  // "zone"
    vg_str name;
} alerts_key;

typedef enum alerts_what {
    FOUND_ALERT,
    FOUND_REPEAT,     // one more event of an alert
    FOUND_ESCALATED,  // an alert rose to `level`
    FOUND_RECOVERED,  // an alert is over
    FOUND_AMENDED,    // in the order of events an alert's condition did not come true
    FOUND_FLOOD,      // a rule gives more alerts than people can read; these are counted in one
    FOUND_FULL        // a rule has no room for further keys and does not see some events
} alerts_what;

typedef struct alerts_found {
    vg_cmd_id id;  // of the alert; the same for all that is found about it
    alerts_what what;
    bool test, shadow;
    bool across;   // of a rule across sites: site is where its last event was
    bool by_time;  // found while a record was fed, which has no part in it but the time it gave
    size_t rule;   // with set: see alerts_brain_rule
    size_t set;
    const char *level;
    size_t n_keys;
    alerts_key keys[4];  // the key by its fields
    vg_str key;          // "site|zone", in the arena given to feed
    vg_str site, zone, source, kind;
    int64_t t;
    uint32_t count;
    size_t n_proofs;
    const alerts_proof *proofs;  // opening evidence first; borrowed for the call
} alerts_found;

typedef void (*alerts_on_found)(void *ctx, const alerts_found *f);

typedef struct alerts_out {
    void *ctx;
    alerts_on_found found;
    void (*late)(void *ctx,
                 const alerts_seen *s);  // came too late even for the confirm lane; may be NULL
} alerts_out;

typedef struct alerts_rule {
    const char *name, *title_vi, *title_en, *level, *situation, *version,
        *file;  // situation: "" = none
    bool shadow, across;
    int64_t span_us;
} alerts_rule;

typedef struct alerts_brain_opts {
    const vg_embedded *shipped;
    const char *dir;  // its *.yaml come after the shipped rules; NULL or missing: none
    const vg_xname
        *facts;  // what conditions may ask about; the array is copied, its texts are borrowed
    size_t n_facts;
} alerts_brain_opts;
// Errors: VG_EINVALID with file:line.
vg_status alerts_brain_create(const alerts_brain_opts *opts, alerts_brain **ret,
                              vg_err *err) VG_USE_RESULT;
void alerts_brain_destroy(alerts_brain *b);

// --- rules --------------------------------------------------------------------------------------
typedef struct alerts_own_rule {        // a rule of the node's own, as the journal has it
    vg_str name, version, state, text;  // state: active, shadow; else this version is out of force
} alerts_own_rule;
// From event node_seq of the node's log on, this is so; to be told in order, each once. A rule that does not load
// with the others changes nothing (its error is returned, and the step counts). Ruleset 0 is what was created.
vg_status alerts_brain_rules_change(alerts_brain *b, int64_t node_seq, const alerts_own_rule *r,
                                    vg_err *err);
size_t alerts_brain_sets(const alerts_brain *b);
size_t alerts_brain_rules(const alerts_brain *b, size_t set);
void alerts_brain_rule(const alerts_brain *b, size_t set, size_t i, alerts_rule *ret);
void alerts_brain_sentence(const alerts_brain *b, size_t set, size_t i, bool vietnamese,
                           vg_buf *out);
void alerts_brain_cancel(const alerts_brain *b, size_t set, size_t i, bool vietnamese, vg_buf *out);

// --- one log's engine ---------------------------------------------------------------------------
// One event, in the order of its log.
vg_status alerts_brain_feed(alerts_brain *b, vg_arena *a, const alerts_seen *s,
                            const alerts_out *out, vg_err *err) VG_USE_RESULT;
// A journaled clock tick of one log.
vg_status alerts_brain_tick(alerts_brain *b, vg_arena *a, const alerts_seen *s,
                            const alerts_out *out, vg_err *err) VG_USE_RESULT;
// Everything that still waits for its turn, at the end of a back-test.
void alerts_brain_flush(alerts_brain *b, vg_arena *a, const alerts_out *out);
// Time alone has made a deadline of the rules pass: a tick is worth journaling.
bool alerts_brain_wants_tick(const alerts_brain *b, uint32_t log, int64_t now_us);

typedef struct alerts_fact {
    vg_str name, key, value;
    int64_t until_us;  // 0 = no end
} alerts_fact;
// A fact as this log's engine sees it from now on.
vg_status alerts_brain_fact(alerts_brain *b, uint32_t log, const alerts_fact *f,
                            vg_err *err) VG_USE_RESULT;
// The links of a drawing of the log's site (graph.h).
vg_status alerts_brain_graph(alerts_brain *b, uint32_t log, vg_arena *a, vg_str drawing,
                             vg_str links, vg_err *err) VG_USE_RESULT;
// An engine of the same rules, facts and places for this log, which has seen nothing.
vg_status alerts_brain_like(const alerts_brain *b, uint32_t log, alerts_brain **ret,
                            vg_err *err) VG_USE_RESULT;
size_t alerts_brain_set(const alerts_brain *b, uint32_t log);  // the ruleset it is under
// There are rules across sites, now or in what came into force since their engine was fed last.
bool alerts_brain_across(const alerts_brain *b);
// How far the node's own log was taken in by this log; past a change of rules the log goes on under the new ones.
int64_t alerts_brain_node_seq(const alerts_brain *b, uint32_t log);
vg_status alerts_brain_node_at(alerts_brain *b, uint32_t log, int64_t node_seq,
                               vg_err *err) VG_USE_RESULT;

const char *const *alerts_brain_kinds(size_t *ret_n);  // what a rule may ask for

// State of one log's engine. Restoring drops what rules of other versions knew.
void alerts_brain_save(const alerts_brain *b, uint32_t log, vg_buf *out);
vg_status alerts_brain_restore(alerts_brain *b, uint32_t log, vg_str saved,
                               vg_err *err) VG_USE_RESULT;
