// SPDX-License-Identifier: Apache-2.0
// What the engine reads: one event as 64 bytes of numbers (a cache line). Names were turned into ids at
// the edge (engine/intern.h); nothing here is text. Id 0 means "none" everywhere.
#pragma once

#include "base/err.h"

typedef enum vg_record_verb {  // same order as core/signal.h; whoever fills records asserts it
    VG_VERB_RAISE,
    VG_VERB_RESTORE,
    VG_VERB_ARM,
    VG_VERB_DISARM,
    VG_VERB_BYPASS,
    VG_VERB_UNBYPASS,
    VG_VERB_TEST,
    VG_VERB_POLL,
    VG_VERB_OTHER,
    VG_VERB_N
} vg_record_verb;

enum {
    VG_REC_AUTHENTICATED = 1,  // proven by a key: only such events may clear
    VG_REC_TEST = 4            // purpose = test: lives in keys of its own
};

typedef struct vg_record {
    int64_t t_event;     // µs; when t_arrival is set, a later t_event counts as t_arrival
    int64_t t_arrival;   // µs; 0 = not known
    int64_t seq;         // with log: the name of the journal event, cited as evidence
    int64_t source_seq;  // tie-break of events of one source at one time
    uint32_t log;
    uint32_t site, zone, device, source;
    uint32_t world;  // 0 = real, else a drill
    int32_t value;
    uint16_t kind;
    uint8_t verb, flags;
} vg_record;

_Static_assert(sizeof(vg_record) == 64, "a record is one cache line");
