// SPDX-License-Identifier: Apache-2.0
// "Did you mean …?": the nearest of some words.
#pragma once

#include "base/err.h"

// The word at most max edits from the given one (nearest first, then first in the list) that is not all edits
// away; NULL if there is none. Words stand stride bytes apart, so that a table's first member can be searched.
const char *vg_near(const char *word, const char *const *words, size_t stride, size_t n,
                    size_t max);
