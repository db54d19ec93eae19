// SPDX-License-Identifier: Apache-2.0
// Edit distance (Levenshtein) of short words, for messages that name what was probably meant. Words longer
// than WORD_MAX are near to nothing: no misspelling of ours is that long, and the row stays on the stack.
#include "base/near.h"

enum { WORD_MAX = 63 };

static size_t distance(const char *a, const char *b)
{
    const size_t na = strlen(a), nb = strlen(b);
    if (na > WORD_MAX || nb > WORD_MAX) {
        return SIZE_MAX;
    }
    size_t row[WORD_MAX + 1];
    for (size_t j = 0; j <= nb; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= na; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            const size_t change = diagonal + (a[i - 1] != b[j - 1]);
            const size_t gap = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < gap ? change : gap;
        }
    }
    return row[nb];
}

const char *vg_near(const char *word, const char *const *words, size_t stride, size_t n, size_t max)
{
    const char *best = NULL;
    size_t best_d = max + 1;
    for (size_t i = 0; i < n; i++) {
        const char *w = *(const char *const *)(const void *)((const char *)words + i * stride);
        const size_t d = distance(word, w);
        if (d < best_d && d < strlen(w)) {
            best_d = d;
            best = w;
        }
    }
    return best;
}
