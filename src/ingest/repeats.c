// SPDX-License-Identifier: Apache-2.0
// Set-associative, like the table of peers: identities are keyed hashes, so nobody can aim at a set. The
// place given up is the one that ends first; a pending one is never given up. Room for half a million
// (some 4000 encrypted events a second over a minute); the pages are touched only as they fill.
#include "ingest/repeats.h"

enum { SETS = 65536, WAYS = 8 };

struct repeats {
    repeat v[SETS][WAYS];
};

repeats *repeats_create(void)
{
    return vg_alloc(sizeof(repeats));
}

void repeats_destroy(repeats *r)
{
    free(r);
}

static bool same(const repeat *e, const vg_ingest_identity *id)
{
    return e->id == *id && e->until_us != 0;
}

const repeat *repeats_find(const repeats *r, const vg_ingest_identity *id, int64_t now_us)
{
    const repeat *set = r->v[*id % SETS];
    for (int i = 0; i < WAYS; i++) {
        if (same(&set[i], id) && (set[i].batch || set[i].until_us > now_us)) {
            return &set[i];
        }
    }
    return NULL;
}

bool repeats_add(repeats *r, const repeat *e, int64_t now_us)
{
    repeat *set = r->v[e->id % SETS], *place = NULL;
    for (int i = 0; i < WAYS; i++) {
        if (!set[i].batch && (!place || set[i].until_us < place->until_us)) {
            place = &set[i];
        }
    }
    const bool lost = !place || place->until_us > now_us;
    if (place) {
        *place = *e;
    }
    return lost;
}

static repeat *pending(repeats *r, const vg_ingest_identity *id)
{
    repeat *set = r->v[*id % SETS];
    for (int i = 0; i < WAYS; i++) {
        if (same(&set[i], id) && set[i].batch) {
            return &set[i];
        }
    }
    return NULL;
}

void repeats_commit(repeats *r, const vg_ingest_identity *id)
{
    repeat *e = pending(r, id);
    if (e) {
        e->batch = NULL;
    }
}

void repeats_forget(repeats *r, const vg_ingest_identity *id)
{
    repeat *e = pending(r, id);
    if (e) {
        *e = (repeat){0};
    }
}
