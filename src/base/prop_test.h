// SPDX-License-Identifier: Apache-2.0
// Random cases for property tests: a seed that is printed, and set again by VG_SEED.
#pragma once

#include "base/clock.h"

#include <unistd.h>

typedef struct vg_prop {
    uint64_t s;
} vg_prop;

static inline uint64_t vg_prop_next(vg_prop *p)  // splitmix64
{
    uint64_t z = p->s += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static inline uint64_t vg_prop_below(vg_prop *p, uint64_t n)
{
    return vg_prop_next(p) % n;
}

static inline vg_prop vg_prop_seed(const char *name)
{
    const char *given = getenv("VG_SEED");
    const uint64_t seed =
        given ? strtoull(given, NULL, 0) : (uint64_t)vg_now_us() ^ (uint64_t)getpid() << 40;
    printf("# %s: VG_SEED=%llu\n", name, (unsigned long long)seed);
    fflush(stdout);
    return (vg_prop){seed};
}
