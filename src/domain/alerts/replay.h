// SPDX-License-Identifier: Apache-2.0
// The journal read again by the engine, in the way the engine's thread reads it: for back-tests on a node's own
// history and for proving that what was recorded follows from what was seen. Writes nothing.
#pragma once

#include "domain/alerts/brain.h"
#include "journal/journal.h"

// All logs, each in its order; fn hears every alert, repeats left out. ret_events: events of the journal read.
vg_status alerts_replay_all(vg_db *db, alerts_brain *b, alerts_on_found fn, void *ctx,
                            int64_t *ret_events, vg_err *err) VG_USE_RESULT;

typedef enum alerts_only { ALERTS_ONLY_JOURNAL, ALERTS_ONLY_REPLAY, ALERTS_BOTH } alerts_only;

typedef struct alerts_compared {
    int64_t events;  // of the journal
    int64_t raised, more,
        changes;    // recorded: alerts · evidence added · escalated, recovered, amended
    int64_t found;  // alerts of the replay
    // Not compared, each with its reason:
    int64_t other_rules;  // recorded by rules that are no longer in force
    int64_t not_due;      // found, but before the rule was in force or after the engine's position
    int64_t quiet;   // found, while the engine read an old journal again and was to raise nothing
    int64_t folded;  // found, and submitted: it added nothing to what the open alert had already
    int64_t uncounted;  // recorded, and found; but not how many events it is
    int64_t differences;
    // The first difference: where (log, seq), which rule, and who says it (both: they say it differently).
    uint32_t log;
    int64_t seq;
    alerts_only only;
    char rule[64];
} alerts_compared;
// With the rules that a node on this directory would run. Errors: as reading.
vg_status alerts_replay_compare(vg_db *db, const char *data, alerts_compared *ret,
                                vg_err *err) VG_USE_RESULT;
