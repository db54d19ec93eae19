// SPDX-License-Identifier: Apache-2.0
// Which conditions last, so that "still so" is not told again. Fixed memory: a condition that had to be forgotten
// is told once more. Not thread-safe.
#pragma once

#include "base/err.h"

typedef struct states states;

typedef enum states_say {
    STATES_NEW,     // a change: report it, then settle
    STATES_SAME,    // known
    STATES_PENDING  // the change is on its way to disk
} states_say;

enum { STATES_QUIET_S = 60 };  // said to be so again after this long without a word: it began anew

states *states_create(void);
void states_destroy(states *s);
// A condition nobody ever spoke of is unknown: both its beginning and its end are a change. only_known: the end of
// one that is not known to last is none.
states_say states_take(states *s, uint64_t key, bool active, bool only_known, int64_t now_us);
void states_settle(states *s, uint64_t key, bool committed);
// At the start, newest first: what is known already stays.
void states_learn(states *s, uint64_t key, bool active, int64_t recorded_us);
