// SPDX-License-Identifier: Apache-2.0
// A bounded table of network peers: token buckets and a quarantine. Memory does not grow with the number
// of attackers; a peer pushed out of the table starts afresh, a quarantined one is pushed out last.
#pragma once

#include "base/err.h"

typedef struct vg_peers vg_peers;

typedef struct vg_bucket {
    int64_t at_us;  // 0: full
    double tokens;
} vg_bucket;

// One token, refilled at rate per second up to burst. False: none left.
bool vg_bucket_take(vg_bucket *b, double rate_per_s, double burst, int64_t now_us);

typedef struct vg_peers_limits {
    double rate_per_s, burst;  // vg_peers_take
    int bad_max;               // this many bad deeds without enough good ones between: quarantine
    int64_t quarantine_us;
} vg_peers_limits;

vg_peers *vg_peers_create(const vg_peers_limits *limits);
void vg_peers_destroy(vg_peers *p);
bool vg_peers_take(vg_peers *p, uint64_t key, int64_t now_us);
bool vg_peers_quarantined(vg_peers *p, uint64_t key, int64_t now_us);
bool vg_peers_bad(vg_peers *p, uint64_t key, int64_t now_us);   // true: quarantine begins now
void vg_peers_good(vg_peers *p, uint64_t key, int64_t now_us);  // forgives one bad deed
