// SPDX-License-Identifier: Apache-2.0
// A table of sets: a key may stand in any of the 16 places of its set, and the one heard of longest ago makes
// room, unless its change is on its way. What was claimed and not committed becomes unknown, so that the
// next word is a change again.
#include "ingest/device/states.h"

#include "base/clock.h"

enum { SETS = 4096, WAYS = 16 };

typedef struct place {
    uint64_t key;  // 0: free
    int64_t heard_us;
    bool active, known, pending;
} place;

struct states {
    place v[SETS][WAYS];
};

states *states_create(void)
{
    return vg_alloc(sizeof(states));
}

void states_destroy(states *s)
{
    free(s);
}

static place *find(states *s, uint64_t key)
{
    place *set = s->v[key % SETS];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == key) {
            return &set[i];
        }
    }
    return NULL;
}

static place *make(states *s, uint64_t key)
{
    place *set = s->v[key % SETS], *oldest = NULL;
    for (size_t i = 0; i < WAYS; i++) {
        if (!set[i].pending && (!oldest || set[i].heard_us < oldest->heard_us)) {
            oldest = &set[i];
        }
    }
    if (oldest) {
        *oldest = (place){.key = key};
    }
    return oldest;
}

states_say states_take(states *s, uint64_t key, bool active, bool only_known, int64_t now_us)
{
    place *p = find(s, key);
    if (p && p->pending) {
        return STATES_PENDING;
    }
    if (only_known && !(p && p->known && p->active)) {
        return STATES_SAME;
    }
    const bool again = p && p->known && p->active == active;
    const bool fresh = p && now_us - p->heard_us <= STATES_QUIET_S * VG_SECOND_US;
    p = p ? p : make(s, key);
    if (!p) {
        return STATES_PENDING;  // the whole set is on its way: rare, and the device repeats
    }
    p->heard_us = now_us;
    if (again && (fresh || !active)) {
        return STATES_SAME;
    }
    p->active = active;
    p->known = p->pending = true;
    return STATES_NEW;
}

void states_settle(states *s, uint64_t key, bool committed)
{
    place *p = find(s, key);
    if (p) {
        p->pending = false;
        p->known = committed;
    }
}

void states_learn(states *s, uint64_t key, bool active, int64_t recorded_us)
{
    if (!find(s, key)) {
        place *p = make(s, key);
        if (p) {
            *p = (place){.key = key, .heard_us = recorded_us, .active = active, .known = true};
        }
    }
}
