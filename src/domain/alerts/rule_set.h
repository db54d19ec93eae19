// SPDX-License-Identifier: Apache-2.0
// Rule texts put together: shipped files, the node's own files, and the rules people wrote in the console, as the
// one list of files that an engine loads (the live one, a back-test, a check). Knows the engine and not the core.
// Pure: the same sources give the same list.
#pragma once

#include "base/embed.h"
#include "base/i18n.h"
#include "expr/expr.h"

enum { ALERTS_TEXT_BYTES = 65536, ALERTS_OWN_MAX = 512, ALERTS_SITES_MAX = 64 };

// What the lines of a text being checked are called in errors: "text:12".
#define ALERTS_DRAFT_FILE "text"

typedef struct alerts_text {  // a rule people wrote: one rule and the event documents it needs
    const char *name;         // of its rule; "" while it is being written
    vg_str text;
} alerts_text;

typedef struct alerts_sources {
    const vg_embedded *shipped;
    const char *dir;  // its *.yaml come after the shipped ones; NULL or missing: none
    const alerts_text *own;
    size_t n_own;
    const vg_xname *facts;
    size_t n_facts;
} alerts_sources;

// Files in the order in which an engine loads them. A rule of own with the name of one in another file stands in
// its place: that document is blanked, so that the lines of the rest keep their numbers. An event document that
// own repeats with the same meaning is blanked in own; with another meaning it is an error, for other rules
// would change with it. Own files are called "own/NAME", a text without a name ALERTS_DRAFT_FILE.
typedef struct alerts_files alerts_files;
// A text must hold exactly one rule (alerts.rule_one). Files of dir that do not load are left out, as the live
// engine does. Errors: the engine's, VG_EINVALID with file:line.
vg_status alerts_files_create(const alerts_sources *s, alerts_files **ret,
                              vg_err *err) VG_USE_RESULT;
void alerts_files_destroy(alerts_files *f);                   // NULL is fine
const vg_embedded *alerts_files_list(const alerts_files *f);  // ends with a NULL name; borrowed

// The name of the text's rule; the text is read by itself.
vg_status alerts_text_name(const alerts_sources *s, vg_str text, vg_arena *a, const char **ret_name,
                           vg_err *err) VG_USE_RESULT;

typedef struct alerts_look {  // one rule as people are shown it; texts in the arena
    const char *name, *type, *level, *title_vi, *title_en, *situation, *version, *file;
    vg_str sentence_vi, sentence_en, cancel_vi, cancel_en;
    bool portable;  // plain Sigma
    uint32_t stratum;
    int64_t span_us;
    size_t n_sites;  // 0: it works at every site; else only at these
    const char *sites[ALERTS_SITES_MAX];
} alerts_look;

// The rule of the file or, with file NULL, the rule of that name. VG_ENOTFOUND.
vg_status alerts_files_look(const alerts_files *f, const char *file, const char *name, vg_arena *a,
                            alerts_look *ret, vg_err *err) VG_USE_RESULT;
// The file's rule takes signals of the gate together with others, itself or by what it cites. Its alerts would be read by
// whoever keeps the gates alone, and hide the others' signals from those who must see them.
bool alerts_files_mix_gate(const alerts_files *f, const char *file);
// The documents of a rule: the events it names, then the rule. VG_ENOTFOUND.
vg_status alerts_files_text(const alerts_files *f, const char *name, vg_arena *a, vg_str *ret_text,
                            vg_err *err) VG_USE_RESULT;

// What a form may offer. Called once per event document and per rule, in the order of the files.
typedef struct alerts_word {
    const char *name, *title_vi, *title_en;  // titles: of a rule
    const char *const *kinds;
    size_t n_kinds;
    bool rule, limited;  // limited: to sites, zones, devices or by a condition
} alerts_word;
void alerts_files_words(const alerts_files *f, void (*fn)(void *ctx, const alerts_word *w),
                        void *ctx);
