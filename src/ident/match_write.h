// SPDX-License-Identifier: Apache-2.0
// Ways in which a name gets written. For match_set.c only.
#pragma once

#include "ident/match_set.h"

typedef struct match_dice {
    uint64_t s;
} match_dice;

static inline uint64_t match_dice_below(match_dice *d, uint64_t n)  // splitmix64
{
    uint64_t z = d->s += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (z ^ z >> 31) % n;
}

void match_write_title(const char *small, char out[VG_MATCH_SET_NAME]);  // "Nguyễn Văn An"
bool match_write(match_dice *d, int kind, const char *name, char out[VG_MATCH_SET_NAME]);
