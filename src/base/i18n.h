// SPDX-License-Identifier: Apache-2.0
// The catalogue: every text a person reads, Vietnamese first. Sources are po/<lang>/<area>.po, where
// msgid is the key; the build compiles them into sorted tables (and one JSON file for the console).
#pragma once

#include "base/str.h"

typedef enum vg_lang { VG_VI, VG_EN } vg_lang;

vg_lang vg_lang_parse(vg_str tag);  // "en…" is English, all else Vietnamese
// The text of key, or the key itself when it is missing (a test fails on missing keys).
const char *vg_tr(vg_lang lang, const char *key);
const char *vg_tr_known(const char *key);  // the catalogue's own copy of key, NULL if it has none
// Appends the text with each {name} replaced; args alternate name, value, NULL.
void vg_tr_add(vg_buf *out, vg_lang lang, const char *key, const char *const *args);
void vg_tr_err(vg_buf *out, vg_lang lang, const vg_err *err);  // one sentence for a person

// Made by tools/catalogue.py: rows sorted by key.
typedef struct vg_tr_row {
    const char *key;
    const char *text[2];  // by vg_lang
} vg_tr_row;
extern const vg_tr_row vg_tr_rows[];
extern const size_t vg_tr_n;
