// SPDX-License-Identifier: Apache-2.0
// What the two halves of the search share; for src/core/search*.c only.
#pragma once

#include "core/search.h"

enum { SEARCH_WORD = 33, SEARCH_WORDS = 48, SEARCH_TEXT = 2048, SEARCH_RESOURCES = 64 };

typedef struct search_word {
    char w[SEARCH_WORD];
    uint8_t n, weight;
} search_word;

// Folds s and adds its words to v (at most max in all), those it has already only with a greater weight.
// Returns the new count.
size_t search_words(vg_str s, uint8_t weight, search_word *v, size_t n, size_t max);

// Texts of one searched resource; kept for the life of the index.
typedef struct search_source {
    const vg_resource *r;
    int64_t kind;  // of its name: what the index calls it
    char *one;     // a row's words by id, base tables
    char *chunk;   // rows after a row number, base tables
    char *show;    // what is shown of a row, by id, views
    char *triggers;
    int64_t signature;
} search_source;

struct vg_search_index {
    size_t n;
    search_source v[SEARCH_RESOURCES];
    _Atomic bool building;
    int64_t last_doc;  // the scribe's: numbers are not used again
};

// A row's words as search_doc keeps them: "4nguyen 3van ", a weight and a word each.
enum { SEARCH_WORDS_TEXT = SEARCH_WORDS * (SEARCH_WORD + 2) };
// The next one of such a text; false: there are no more. *rest begins as the text.
bool search_next_word(vg_str *rest, vg_str *ret, int *ret_weight);

const search_source *search_of_kind(const vg_search_index *x, int64_t kind);
