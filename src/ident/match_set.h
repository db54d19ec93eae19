// SPDX-License-Identifier: Apache-2.0
// Invented people, how their names get written, and what the matcher says of them: a labelled set from a seed.
// For tests and the bench. The ways of writing are made here without the matcher's code; only the shares of
// data/names.txt are common to both.
#pragma once

#include "ident/match.h"

#define VG_MATCH_KINDS(X) /* name, share of a hundred */         \
    X(AS_IS, "as_is", 24)                                        \
    X(BARE, "bare", 20)        /* without marks */               \
    X(CAPITALS, "capitals", 8) /* and in capitals */             \
    X(ORDER, "order", 9)                                         \
    X(LEFT_OUT, "left_out", 7) /* Thị or another middle one */ \
    X(INITIALS, "initials", 3)                                   \
    X(KEYS, "keys", 5) /* Telex or VNI not converted */          \
    X(SLIP, "slip", 9) /* a letter, on the keyboard */           \
    X(SOUND, "sound", 3)                                         \
    X(TONE, "tone", 5) /* a wrong or missing mark */             \
    X(JOINED, "joined", 4)                                       \
    X(SPELLING, "spelling", 3) /* Mỹ, Mĩ; Hòa, Hoà */
enum {
#define X(name, word, share) VG_MATCH_KIND_##name,
    VG_MATCH_KINDS(X)
#undef X
        VG_MATCH_N_KINDS
};
const char *vg_match_kind_name(int kind);

enum { VG_MATCH_SET_NAME = 160 };

typedef struct vg_match_person {
    char name[VG_MATCH_SET_NAME];
    int birth_year;
    uint64_t number;  // of the document
} vg_match_person;

typedef struct vg_match_set vg_match_set;
vg_match_set *vg_match_set_create(uint64_t seed);
void vg_match_set_destroy(vg_match_set *s);
uint64_t vg_match_set_below(vg_match_set *s, uint64_t n);
void vg_match_set_person(vg_match_set *s, vg_match_person *ret);
// The name written in some way; returns which.
int vg_match_set_write(vg_match_set *s, const char *name, char out[VG_MATCH_SET_NAME]);
// In that way; false: it does not apply to the name.
bool vg_match_set_write_as(vg_match_set *s, int kind, const char *name,
                           char out[VG_MATCH_SET_NAME]);

typedef struct vg_match_trial {
    size_t entries, listed, others;  // visitors who are on the list, who are not
    int docs_listed, docs_shown;     // of a hundred: entries with a number, visitors who show one
    bool years;  // visitors' years of birth are known (one in a hundred is wrong)
} vg_match_trial;

typedef struct vg_match_figures {
    size_t listed, found;  // found: the entry itself asked for
    size_t others, asked;  // asked: of people who are not on the list
    size_t twins;          // others whose very name and year stand on the list
    size_t kind[VG_MATCH_N_KINDS], kind_found[VG_MATCH_N_KINDS];
} vg_match_figures;
void vg_match_trial_run(vg_match_set *s, const vg_match_trial *t, vg_match_figures *ret);
// The list of a trial and a visitor, for whoever takes the time. name: where the query's text lives.
vg_match_list *vg_match_trial_list(vg_match_set *s, const vg_match_trial *t,
                                   vg_match_person *ret_people);
