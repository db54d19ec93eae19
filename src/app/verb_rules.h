// SPDX-License-Identifier: Apache-2.0
// What the parts of the verb `rules` share.
#pragma once

#include "app/cli.h"
#include "engine/engine.h"

typedef struct rules_file {  // one FILE of the command line
    const char *name;
    vg_buf text;
} rules_file;

typedef struct rules_files {
    rules_file v[VG_MAX_WORDS];
    size_t n;
    bool node;  // as a node takes them: only kinds and facts this program knows
} rules_files;

// The words after the first one. Errors: VG_EINVALID (none), VG_ENOTFOUND, VG_ETOOBIG.
vg_status rules_files_read(const vg_cli *cli, rules_files *ret, vg_err *err) VG_USE_RESULT;
void rules_files_done(rules_files *f);
// All of them as one set; the first error.
vg_status rules_files_load(const rules_files *f, vg_ruleset **ret, vg_err *err) VG_USE_RESULT;
// Every error, one a document, written to standard error in the reader's language. ret: how many.
size_t rules_files_errors(const rules_files *f, vg_lang lang);

typedef struct rules_out {  // alerts to standard output, counts to standard error
    vg_buf b;
    size_t *counts;
    size_t late, full, events, skipped;
} rules_out;
void rules_out_counts(const vg_cli *cli, const rules_out *o, const char *const *rules, size_t n);

vg_status rules_run(const vg_cli *cli, vg_err *err) VG_USE_RESULT;      // rules test
vg_status rules_journal(const vg_cli *cli, vg_err *err) VG_USE_RESULT;  // rules test --journal
vg_status rules_replay(const vg_cli *cli, vg_err *err) VG_USE_RESULT;
