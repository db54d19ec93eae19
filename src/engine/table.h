// SPDX-License-Identifier: Apache-2.0
// The states of one rule: key to a fixed-size state, addressed by index so that growth moves nothing a
// timer points to.
#pragma once

#include "engine/engine.h"

#define TABLE_NONE UINT32_MAX

// What follows a state's head: evidence; for an absence and a gate also where it was last seen and the time
// its item on the wheel carries (older than the deadline until lazily moved); for a gate the times it goes by.
typedef union cell {
    vg_evidence ev;
    int64_t armed_for;
    struct {
        uint32_t site, zone, device, source, kind, reserved;
    } place;
    struct {
        int64_t excused, opened, over;  // last excuse, opening, when its recovery counts; 0 = none
    } gate;
    uint32_t counts[6];  // of a baseline
    struct {
        int64_t first, hour;
        double score;
    } rate;
} cell;

typedef struct state {
    vg_key key;
    uint32_t hash;
    uint32_t count;  // a free state: the next free one
    int64_t due;  // absence, gate: deadline · count: silent until · suppress: end of the window
    uint16_t n;   // evidence held; sequence: bit per chain
    uint8_t used, timed;
    uint32_t mode;  // a gate's; a baseline's: 1 once it has begun
    cell c[];
} state;

typedef struct table_slot {
    uint32_t hash, at;
} table_slot;

typedef struct table {
    table_slot *slots;
    uint32_t mask;
    char *states;
    size_t stride;
    uint32_t high, cap, used, free_head, max;
    uint32_t kept;  // in use after the last sweep
} table;

void table_init(table *t, size_t cells, uint32_t max);
void table_done(table *t);
uint32_t table_find(const table *t, const vg_key *k);  // TABLE_NONE if absent
// What table_find will read of this key is fetched: the slot, and once that is near, the state.
void table_foresee(const table *t, const vg_key *k, bool near);
uint32_t table_add(table *t, const vg_key *k);  // absent before; TABLE_NONE when full
void table_free(table *t, uint32_t at);         // the index is stale until table_trim
void table_trim(
    table *t);  // low states are used first, so what is left behind at the end is given back

static inline state *table_at(const table *t, uint32_t at)
{
    return (state *)(void *)(t->states + at * t->stride);
}
