// SPDX-License-Identifier: Apache-2.0
// The engine as the alerts module uses it: names in, alerts out as plain texts. Knows nothing of the core
// (whose vg_field and vg_event_def are other things than the engine's), so only brain.c includes the engine.
#pragma once

#include "base/embed.h"
#include "base/id.h"
#include "expr/expr.h"

typedef struct alerts_brain alerts_brain;

typedef struct alerts_seen {  // one journal event
    uint32_t log;
    int64_t seq, t_event, t_arrival, source_seq;
    vg_str site, zone, device, source, kind, verb;
    uint32_t world;
    bool authenticated, test;
} alerts_seen;

typedef struct alerts_proof {
    uint32_t log;
    int64_t seq;
} alerts_proof;

typedef struct alerts_key {
    const char *field;  // "zone"
    vg_str name;
} alerts_key;

typedef struct alerts_found {
    vg_cmd_id id;  // the same for every repeat
    bool repeat, test;
    size_t rule;
    size_t n_keys;
    alerts_key keys[4];  // the key by its fields
    vg_str key;          // "site/zone", in the arena given to feed
    vg_str site, zone, source, kind;
    int64_t t;
    uint32_t count;
    size_t n_proofs;
    const alerts_proof *proofs;  // opening evidence first; borrowed for the call
} alerts_found;

typedef void (*alerts_on_found)(void *ctx, const alerts_found *f);

typedef struct alerts_rule {
    const char *name, *title_vi, *title_en, *level, *situation, *version,
        *file;  // situation: "" = none
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
// One event, in the order of its log. fn is called for every alert it completes.
vg_status alerts_brain_feed(alerts_brain *b, vg_arena *a, const alerts_seen *s, alerts_on_found fn,
                            void *ctx, vg_err *err) VG_USE_RESULT;
// A journaled clock tick of one log.
vg_status alerts_brain_tick(alerts_brain *b, vg_arena *a, const alerts_seen *s, alerts_on_found fn,
                            void *ctx, vg_err *err) VG_USE_RESULT;
// Time alone has made a deadline of the rules pass: a tick is worth journaling.
bool alerts_brain_wants_tick(const alerts_brain *b, uint32_t log, int64_t now_us);

typedef struct alerts_fact {
    vg_str name, key, value;  // name "": only the position
    int64_t until_us;         // 0 = no end
    int64_t node_seq;         // of an event of the node's log: its place there; else 0
} alerts_fact;
// A fact as this log's engine sees it from now on.
vg_status alerts_brain_fact(alerts_brain *b, uint32_t log, const alerts_fact *f,
                            vg_err *err) VG_USE_RESULT;
int64_t alerts_brain_node_seq(const alerts_brain *b, uint32_t log);

const char *const *alerts_brain_kinds(size_t *ret_n);  // what a rule may ask for
size_t alerts_brain_rules(const alerts_brain *b);
void alerts_brain_rule(const alerts_brain *b, size_t i, alerts_rule *ret);
void alerts_brain_sentence(const alerts_brain *b, size_t i, bool vietnamese, vg_buf *out);
void alerts_brain_cancel(const alerts_brain *b, size_t i, bool vietnamese, vg_buf *out);

// State of one log's engine. A state of other rules is not restored (VG_EPRECOND): start fresh then.
void alerts_brain_save(const alerts_brain *b, uint32_t log, vg_buf *out);
vg_status alerts_brain_restore(alerts_brain *b, uint32_t log, vg_str saved,
                               vg_err *err) VG_USE_RESULT;
