// SPDX-License-Identifier: Apache-2.0
// The life of a rule that people write: draft, shadow, back-test, approved by another person, in force, retired.
#pragma once

#include "core/core.h"
#include "domain/alerts/rule_set.h"
#include "domain/kit.h"

// rule_text.c: texts and what an engine says of them
typedef struct alerts_mix {  // what is in force, as sources; all in the arena
    alerts_sources sources;
    alerts_text own[ALERTS_OWN_MAX];
} alerts_mix;
// The rules in force but the one named except ("" = none left out). db is unscoped.
vg_status alerts_mix_load(vg_core *core, vg_db *db, vg_arena *a, const char *except,
                          alerts_mix **ret, vg_err *err) VG_USE_RESULT;
// The text together with all other rules in force: refused with the engine's error, or described.
vg_status alerts_text_look(vg_core *core, vg_db *db, vg_arena *a, vg_str text, alerts_look *ret,
                           vg_err *err) VG_USE_RESULT;
extern const vg_field alerts_check_fields[], alerts_name_fields[];
VG_HANDLER(alerts_rules_check);
vg_status alerts_rule_source(vg_read *rd, const vg_args *args, vg_err *err);
vg_status alerts_rule_words(vg_read *rd, const vg_args *args, vg_err *err);

// rule_life.c: from draft to retired
extern const vg_field alerts_draft_fields[], alerts_shadow_fields[], alerts_try_fields[],
    alerts_text_id_fields[], alerts_approve_fields[], alerts_retire_own_fields[];
VG_HANDLER(alerts_rule_draft);
VG_HANDLER(alerts_rule_shadow);
VG_HANDLER(alerts_rule_try);
VG_HANDLER(alerts_rule_try_cancel);
VG_HANDLER(alerts_rule_approve);
VG_HANDLER(alerts_rule_retire_own);
VG_MARK(alerts_second_retire);

typedef struct alerts_rule_row {
    const char *id;
    vg_str name, version, text, state, agency, authors, trial_state, sites;
    int64_t over, asked, budget;
    int32_t label;
} alerts_rule_row;
vg_status alerts_rule_row_at(vg_cx *cx, vg_str id, alerts_rule_row *ret, vg_err *err) VG_USE_RESULT;

// rule_found.c: what back-tests and shadows found
extern const vg_field alerts_tried_fields[], alerts_trial_seen_fields[], alerts_trial_step_fields[],
    alerts_shadow_seen_fields[];
VG_HANDLER(alerts_rule_tried);
VG_HANDLER(alerts_rule_trial_seen);
VG_HANDLER(alerts_rule_trial_step);
VG_HANDLER(alerts_rule_shadow_seen);

// rule_fold.c
VG_FOLDER(alerts_on_rule_drafted);
VG_FOLDER(alerts_on_rule_shadowed);
VG_FOLDER(alerts_on_rule_try_asked);
VG_FOLDER(alerts_on_rule_try_cancelled);
VG_FOLDER(alerts_on_rule_tried);
VG_FOLDER(alerts_on_rule_trial_seen);
VG_FOLDER(alerts_on_rule_approved);
VG_FOLDER(alerts_on_rule_own_retired);
VG_FOLDER(alerts_on_rule_shadow_seen);

// rule_trial.c: the back-test's thread
typedef struct alerts_trial alerts_trial;
vg_status alerts_trial_start(vg_core *core, alerts_trial **ret, vg_err *err) VG_USE_RESULT;
void alerts_trial_stop(alerts_trial *t);  // NULL is fine

// rule_list.c
extern const vg_col alerts_text_cols[], alerts_site_cols[], alerts_progress_cols[],
    alerts_shadow_cols[];
extern const vg_filter alerts_text_filters[], alerts_site_filters[], alerts_shadow_filters[];
