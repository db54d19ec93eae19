// SPDX-License-Identifier: Apache-2.0
// Is the visitor on the list? The document number first, then the names, each candidate with a score and the
// reasons for it. It advises to ask, never to refuse: names are shared, and a person decides. Pure: no clock, no
// I/O. Any number of threads may find in a list at a time; adding and ending need it alone (they take
// microseconds: a lock around them is short). The model and its figures: docs/matching.md.
#pragma once

#include "base/id.h"
#include "base/str.h"

enum { VG_MATCH_HASH = 32, VG_MATCH_NAMES = 8 };

typedef struct vg_match_doc {
    uint8_t kind;  // of the number; 0: none known, no hash
    unsigned char
        hash[VG_MATCH_HASH];  // keyed; numbers of different kinds say nothing of one another
    char last4[5];            // "" if not known
} vg_match_doc;

typedef struct vg_match_entry {
    char ref[VG_ID_TEXT];
    const vg_str
        *names;  // the name and its aliases, as written (UTF-8), at most VG_MATCH_NAMES are used
    size_t n_names;
    int birth_year;  // 0: not known
    vg_match_doc doc;
} vg_match_entry;

typedef struct vg_match_query {
    vg_str name;
    int birth_year;           // 0: not known
    const vg_match_doc *doc;  // NULL: none shown
} vg_match_query;

#define VG_MATCH_WHYS(X)                                                                 \
    X(DOC_SAME, "doc_same")             /* the same document */                          \
    X(DOC_OTHER, "doc_other")           /* another number of the same kind */            \
    X(DOC_LAST4, "doc_last4")           /* which ends in the same four digits */         \
    X(DOC_NAME_OTHER, "doc_name_other") /* the same document under another name */       \
    X(NAME_SAME, "name_same")           /* letter for letter */                          \
    X(NO_MARKS, "no_marks")             /* one of the two is written without marks */    \
    X(MARKS, "marks")                   /* other marks on a syllable */                  \
    X(ORDER, "order")                   /* the same syllables in another order */        \
    X(MISSING, "missing")               /* a syllable of the entry is not in the name */ \
    X(NO_THI, "no_thi")                 /* that syllable is the women's Thị */         \
    X(EXTRA, "extra")                   /* the name has a syllable more */               \
    X(INITIALS, "initials")             /* "N. V. An", "Ng Văn An" */                   \
    X(KEYS, "keys")                     /* Telex or VNI keys left: "Nguyeenx" */         \
    X(TYPO, "typo")                     /* a letter more, less, other or swapped */      \
    X(SOUND, "sound")                   /* l/n, s/x, ch/tr, d/gi/r, i/y */               \
    X(JOINED, "joined")                 /* "NguyenVanAn" */                              \
    X(YEAR_SAME, "year_same")                                                            \
    X(YEAR_NEAR, "year_near")       /* one off */                                        \
    X(YEAR_SWAPPED, "year_swapped") /* 1967, 1976, or one digit other */                 \
    X(YEAR_OTHER, "year_other")                                                          \
    X(YEAR_UNKNOWN, "year_unknown")                                                      \
    X(RARE, "rare") /* hardly another visitor has such a name */

enum {
#define X(name, word) VG_MATCH_BIT_##name,
    VG_MATCH_WHYS(X)
#undef X
        VG_MATCH_N_WHYS
};
enum {
#define X(name, word) VG_MATCH_##name = 1 << VG_MATCH_BIT_##name,
    VG_MATCH_WHYS(X)
#undef X
};
const char *vg_match_why_name(int bit);  // "doc_same", a word for keys and JSON; NULL past the last

typedef enum vg_match_advice { VG_MATCH_NONE, VG_MATCH_ASK } vg_match_advice;

typedef struct vg_match_candidate {
    char ref[VG_ID_TEXT];
    double score;   // bits: 2^score times likelier if this is the person than if it is anybody
    double others;  // how many other visitors would fit as well, of all who come
    uint32_t why;   // VG_MATCH_…
    uint8_t name;   // which of the entry's names
    vg_match_advice advice;
} vg_match_candidate;

typedef struct vg_match_list vg_match_list;
// visitors: how many different people come (0: 50,000); it says when a name is rare.
vg_match_list *vg_match_list_create(double visitors);
void vg_match_list_destroy(vg_match_list *l);  // NULL is fine
// An entry of the same ref is replaced. A name without a letter is passed over.
void vg_match_add(vg_match_list *l, const vg_match_entry *given);
bool vg_match_end(vg_match_list *l, const char *ref);  // false: no such entry
size_t vg_match_count(const vg_match_list *l);
// The best candidates first, at most cap; returns how many. Weak ones are told too, with advice NONE.
size_t vg_match_find(const vg_match_list *l, const vg_match_query *q, vg_match_candidate *out,
                     size_t cap);
