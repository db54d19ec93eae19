// SPDX-License-Identifier: Apache-2.0
// A checklist's template as plain values, read from its YAML.
#pragma once

#include "base/json.h"
#include "expr/expr.h"

enum { SPEC_ITEMS = 200, SPEC_CHOICES = 20, SPEC_LAWS = 12, SPEC_BYTES = 60000 };

typedef enum spec_kind {
    SPEC_YES_NO,
    SPEC_NUMBER,
    SPEC_TEXT,
    SPEC_CHOICE,
    SPEC_PHOTO,
    SPEC_SIGNATURE
} spec_kind;

typedef struct spec_choice {
    const char *code, *text, *text_en;
    bool finding;
} spec_choice;

typedef struct spec_item {
    const char *code, *text, *text_en, *section, *section_en, *law, *unit, *unit_en;
    spec_kind kind;
    bool optional;
    const char *finding;  // yes_no: the answer that raises one ("no" unless said), or "never"
    const char *level;
    const char *min, *max;  // decimal texts, or NULL
    spec_choice choices[SPEC_CHOICES];
    size_t n_choices;
    const char *applies_text;
    size_t applies_line;
    const vg_expr *applies;  // NULL: always
} spec_item;

typedef struct spec {
    const char *code, *title, *title_en, *kind, *place, *compartment;
    const char *law[SPEC_LAWS];
    size_t n_law;
    uint32_t signs;     // persons who sign, 1 or 2
    int64_t within_us;  // to be done so long after the start; 0 = no deadline
    spec_item *items;
    size_t n_items;
} spec;

enum {
    ASK_SITE_KIND,
    ASK_SITE_CODE,
    ASK_SITE_KEY,
    ASK_POST_CENTRAL,
    ASK_FACT,
    ASK_ITEM
};  // ids; items from ASK_ITEM

// facts: what `applies-when` may ask besides the site, the post and earlier items. Errors: VG_EINVALID with
// file:line in the detail.
vg_status spec_read(vg_arena *a, const char *file, vg_str yaml, const vg_xname *facts,
                    size_t n_facts, const spec **ret, vg_err *err) VG_USE_RESULT;
const spec_item *spec_find(const spec *s, vg_str code);  // NULL: none
// Is value an answer to this item? VG_EINVALID naming it, if not.
vg_status spec_check(const spec_item *i, vg_str value, vg_err *err) VG_USE_RESULT;
bool spec_is_bad(const spec_item *i, vg_str value);  // raises a finding
vg_xvalue spec_value(const spec_item *i, vg_str value);
void spec_json(const spec *s, vg_jw *out);  // for screens, with the conditions as sentences
