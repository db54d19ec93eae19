// SPDX-License-Identifier: Apache-2.0
// Inside of the checklists module.
#pragma once

#include "domain/checklists/spec.h"
#include "domain/facts.h"
#include "domain/kit.h"

// template.c
extern const vg_field checklists_publish_fields[], checklists_ship_fields[], checklists_id_fields[];
VG_HANDLER(checklists_publish);
VG_HANDLER(checklists_ship);
VG_HANDLER(checklists_retire);
VG_FOLDER(checklists_on_published);
VG_FOLDER(checklists_on_retired);
vg_status checklists_start(vg_core *core, void **ret_state, vg_err *err);  // ships the templates
// The template by id; spec in the call's arena.
vg_status checklists_template(vg_cx *cx, vg_str id, const spec **ret, vg_err *err) VG_USE_RESULT;

// run.c
typedef struct run_ref {
    const char *id, *site, *agency, *post;
    vg_str template, number, state, first_by, skipped;
    int64_t at_us;
    int32_t label;
    const spec *spec;
} run_ref;
// VG_ENOTFOUND unless it can be seen; VG_ECONFLICT unless its state is one of the words.
vg_status checklists_run_at(vg_cx *cx, vg_str id, const char *permission, const char *states,
                            run_ref *ret, vg_err *err) VG_USE_RESULT;
vg_status checklists_say(vg_cx *cx, const run_ref *r, const char *kind, vg_err *err) VG_USE_RESULT;
extern const vg_field checklists_run_fields[], checklists_cancel_fields[], checklists_due_fields[];
VG_HANDLER(checklists_run);
VG_HANDLER(checklists_cancel);
VG_HANDLER(checklists_overdue);
VG_FOLDER(checklists_on_started);
VG_FOLDER(checklists_on_cancelled);
VG_FOLDER(checklists_on_overdue);

// applies.c: which items are asked
typedef struct tally {
    vg_str value[SPEC_ITEMS];  // answers so far, empty = none
    vg_str note[SPEC_ITEMS];
    bool asked[SPEC_ITEMS];
    size_t n_asked, n_answered;
    const spec_item *missing;  // the first that must be answered and is not
} tally;
// Reads the answers, lays item's new answer over them (NULL: none), and asks every condition.
vg_status checklists_tally(vg_cx *cx, const run_ref *r, const spec_item *item, vg_str value,
                           tally *ret, vg_err *err) VG_USE_RESULT;
void checklists_tally_body(const spec *s, const tally *t, vg_jw *body);

// answer.c
extern const vg_field checklists_answer_fields[], checklists_sign_fields[];
VG_HANDLER(checklists_answer);
VG_HANDLER(checklists_sign);
VG_FOLDER(checklists_on_answered);
VG_FOLDER(checklists_on_signed);
VG_FOLDER(checklists_on_finding);

// resources.c
extern const vg_resource checklists_resources[];
