// SPDX-License-Identifier: Apache-2.0
// Reading the pattern files of data/: lines of words, and patterns that say both what a number may be and
// how it is printed. For src/ident only. The files are our own, built in and tested: no errors here.
#pragma once

#include "base/str.h"

// The built-in file of that name; empty if there is none.
vg_str vg_ident_file(const char *name);

typedef struct vg_ident_line {
    vg_str word[2];  // the first two words
    vg_str rest;     // the remainder
} vg_ident_line;
// The next line of *file that is neither empty nor a comment; false at the end. word[1] and rest are "" if
// missing.
bool vg_ident_next(vg_str *file, vg_ident_line *ret);

// Does text (capitals and digits) fit the pattern? sets gives for 'a'..'z' the letters they stand for.
// Characters of `printed` in the pattern are not in the text.
typedef struct vg_ident_sets {
    vg_str of[26];
} vg_ident_sets;
bool vg_ident_fits(vg_str pattern, const vg_ident_sets *sets, const char *printed, vg_str text);
// Writes text as the pattern prints it (_ is a blank), NUL-terminated, cut at cap.
void vg_ident_print(vg_str pattern, const char *printed, vg_str text, char *out, size_t cap);
