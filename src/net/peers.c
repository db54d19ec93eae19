// SPDX-License-Identifier: Apache-2.0
// Set-associative: a key has WAYS places; the place to give up is the one idle longest among those not
// quarantined. Times are monotonic microseconds given by the caller.
#include "net/peers.h"

enum { SETS = 1024, WAYS = 4 };

typedef struct peer {
    uint64_t key;
    int64_t seen_us, free_us;  // free_us: end of quarantine
    vg_bucket bucket;
    int bad;
} peer;

struct vg_peers {
    vg_peers_limits limits;
    peer v[SETS][WAYS];
};

vg_peers *vg_peers_create(const vg_peers_limits *limits)
{
    vg_peers *p = vg_alloc(sizeof *p);
    p->limits = *limits;
    return p;
}

void vg_peers_destroy(vg_peers *p)
{
    free(p);
}

bool vg_bucket_take(vg_bucket *b, double rate_per_s, double burst, int64_t now_us)
{
    if (b->at_us == 0) {
        b->tokens = burst;
    } else if (now_us > b->at_us) {
        b->tokens += (double)(now_us - b->at_us) * rate_per_s / 1e6;
    }
    b->tokens = b->tokens > burst ? burst : b->tokens;
    b->at_us = now_us > 0 ? now_us : 1;
    if (b->tokens < 1) {
        return false;
    }
    b->tokens -= 1;
    return true;
}

static int64_t worth(const peer *p, int64_t now_us)
{
    return p->key == 0 ? INT64_MIN : p->free_us > now_us ? INT64_MAX : p->seen_us;
}

static peer *find(vg_peers *p, uint64_t key, int64_t now_us)
{
    key = key ? key : UINT64_MAX;  // 0 marks an empty place
    peer *set = p->v[(key * UINT64_C(0x9E3779B97F4A7C15)) >> 54];
    peer *oldest = &set[0];
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key) {
            set[i].seen_us = now_us;
            return &set[i];
        }
        oldest = worth(&set[i], now_us) < worth(oldest, now_us) ? &set[i] : oldest;
    }
    *oldest = (peer){.key = key, .seen_us = now_us};
    return oldest;
}

bool vg_peers_take(vg_peers *p, uint64_t key, int64_t now_us)
{
    return vg_bucket_take(&find(p, key, now_us)->bucket, p->limits.rate_per_s, p->limits.burst,
                          now_us);
}

bool vg_peers_quarantined(vg_peers *p, uint64_t key, int64_t now_us)
{
    return find(p, key, now_us)->free_us > now_us;
}

bool vg_peers_bad(vg_peers *p, uint64_t key, int64_t now_us)
{
    peer *e = find(p, key, now_us);
    e->bad++;
    if (e->bad < p->limits.bad_max || e->free_us > now_us) {
        return false;
    }
    e->bad = 0;
    e->free_us = now_us + p->limits.quarantine_us;
    return true;
}

void vg_peers_good(vg_peers *p, uint64_t key, int64_t now_us)
{
    peer *e = find(p, key, now_us);
    e->bad -= e->bad > 0;
}
