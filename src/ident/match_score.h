// SPDX-License-Identifier: Apache-2.0
// One written name against one of the list. For src/ident only.
#pragma once

#include "ident/match_impl.h"

typedef struct match_record {  // a name of an entry; what is asked of every one stands first
    uint32_t entry, fold[MATCH_SYLLABLES];
    int16_t birth_year;  // the entry's
    uint8_t which, n;
    uint8_t thi;  // bits: which syllables are Thị or thi
    bool marks;
    char code[MATCH_SYLLABLES][MATCH_FOLD + 8];
} match_record;

typedef struct match_written {
    match_name name;
    match_odds odds;
    const match_near *near[MATCH_SYLLABLES];  // of each syllable to each fold of the list
} match_written;

// What match_alignment gives at most, at a fraction of its cost.
double match_at_most(const match_written *w, const match_record *r);
// log2 P(written | the record's person), at most 0; reasons are added to *why.
double match_alignment(const match_written *w, const match_record *r, uint32_t *why);
// Bits that the years add; 0 for one that is not known.
double match_year(int seen, int listed, uint32_t *why);
