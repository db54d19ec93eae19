// SPDX-License-Identifier: Apache-2.0
// What the files of the matcher share: weights, syllables, how common they are. For src/ident only.
#pragma once

#include "ident/match.h"

enum {
    MATCH_SYLLABLES = 8,  // of a name; more are left out
    MATCH_FOLD = 16,
    MATCH_RAW = 64,  // of a word before it is cut into syllables
};
#define MATCH_NEVER (-1000.0)

// Weights in bits: log2 of a share. Ours, set on the generated set (docs/matching.md).
enum { MATCH_YEARS = 45 };        // years of birth that visitors have
#define MATCH_W_NO_THI (-2.5)     // Thị left out
#define MATCH_W_MISSING (-3.5)    // another middle syllable left out
#define MATCH_W_NO_FAMILY (-7.0)  // the first syllable left out
#define MATCH_W_NO_GIVEN (-10.0)  // the last one
#define MATCH_W_EXTRA (-4.5)      // one more, of those that are common in the middle
#define MATCH_W_ORDER (-5.0)
#define MATCH_W_INITIAL (-5.0)
#define MATCH_W_KEYS (-5.0)
#define MATCH_W_IY (-3.0)
#define MATCH_W_SOUND (-7.0)
#define MATCH_W_FEWER_MARKS (-5.0)
#define MATCH_W_MARKS (-7.0)
#define MATCH_W_SWAPPED (-9.5)
#define MATCH_W_DOUBLED (-9.0)
#define MATCH_W_OMITTED (-9.5)
#define MATCH_W_NEIGHBOUR (-10.5)
#define MATCH_W_INSERTED (-11.5)
#define MATCH_W_OTHER_LETTER (-13.0)
#define MATCH_W_YEAR_SAME 5.4
#define MATCH_W_YEAR_NEAR (-2.5)
#define MATCH_W_YEAR_SWAPPED (-3.0)
#define MATCH_W_YEAR_OTHER (-9.0)
#define MATCH_W_DOC_SAME 40.0
#define MATCH_W_DOC_OTHER (-7.0)
#define MATCH_W_DOC_SLIP 4.5  // another number that ends in the same four digits
#define MATCH_W_LAST4 13.0
#define MATCH_W_LAST4_OTHER (-6.0)
#define MATCH_W_SHOW (-2.0)  // what is told though it is this much below asking
#define MATCH_OTHERS 1.7     // asks if fewer than this many others are expected to fit as well

typedef struct match_syllable {
    char fold[MATCH_FOLD];      // "nguyen"
    char code[MATCH_FOLD + 8];  // "nguy3n4": shapes as digits, the tone last
} match_syllable;

typedef struct match_name {
    match_syllable s[MATCH_SYLLABLES];
    uint8_t n;
    bool marks;   // written with marks
    bool joined;  // syllables had to be cut apart
} match_name;

// --- match_map.c: 64-bit keys to numbers, several to a key --------------------------------------------
typedef struct match_map {
    struct match_node {
        uint64_t key;
        uint32_t value, next;
    } * node;
    uint32_t *head;
    uint32_t n, cap, heads;
} match_map;
uint64_t match_hash(const void *p, size_t n);
void match_map_put(match_map *m, uint64_t key, uint32_t value);
// The first node of the key after `at` (0: from the start); 0: no more.
uint32_t match_map_next(const match_map *m, uint64_t key, uint32_t at);
void match_map_done(match_map *m);

// --- match_names.c: how common names are ------------------------------------------------------------
enum { MATCH_FAMILY, MATCH_MIDDLE_M, MATCH_MIDDLE_F, MATCH_GIVEN_M, MATCH_GIVEN_F, MATCH_CLASSES };

typedef struct match_names match_names;
match_names *match_names_create(void);
void match_names_destroy(match_names *t);
bool match_names_has(const match_names *t, const char *fold);
double match_names_share(const match_names *t, const char *fold);  // of all classes, 0 if unknown
void match_names_learn(match_names *t,
                       const char *fold);  // exists, though in no class: to cut words by
// How likely anybody's name is written so, as log2; with its marks or without regard to them. extra: what each
// syllable costs as one more than an entry has.
typedef struct match_odds {
    double bits[2];  // [0] folded, [1] with marks
    double extra[MATCH_SYLLABLES];
} match_odds;
void match_names_odds(const match_names *t, const match_name *n, match_odds *ret);

// --- match_text.c: from text to syllables -----------------------------------------------------------
// False: no letter. Words of several syllables are cut apart when `joined` says so.
bool match_parse(const match_names *t, vg_str text, bool cut, match_name *ret);

// --- match_near.c: is the one a way of writing the other ---------------------------------------------
typedef struct match_form {  // a folded syllable, prepared
    char fold[MATCH_FOLD];
    uint64_t h_fold, h_keys, h_iy, h_sound;
    uint32_t letters;
    uint8_t n;
    bool initial, keys;  // may stand for a longer one; has keys of Telex or VNI
} match_form;
void match_form_make(const char *fold, match_form *ret);
typedef struct match_near {
    float bits;
    uint32_t why;
} match_near;
// What is written against what is meant.
match_near match_near_of(const match_form *written, const match_form *meant);
