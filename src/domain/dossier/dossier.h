// SPDX-License-Identifier: Apache-2.0
// Inside of the dossier module: handlers and folds, tied together in module.c.
#pragma once

#include "domain/dossier/judge.h"
#include "domain/kit.h"

// heading.c: the headings of a dossier
typedef struct dossier_heading {
    const char *name;
    vg_compartment compartment;
    const char *see;  // permission that shows it
    dossier_want want;
} dossier_heading;
extern const dossier_heading dossier_headings[];
extern const char *const dossier_heading_names[];
const dossier_heading *dossier_heading_of(vg_str name);  // NULL if there is none

// statement.c
extern const vg_field dossier_state_fields[], dossier_verify_fields[], dossier_withdraw_fields[],
    dossier_prolong_fields[], dossier_due_fields[];
VG_HANDLER(dossier_state);
VG_HANDLER(dossier_verify);
VG_HANDLER(dossier_withdraw);
VG_HANDLER(dossier_prolong);
VG_HANDLER(dossier_near);
VG_FOLDER(dossier_on_stated);
VG_FOLDER(dossier_on_verified);
VG_FOLDER(dossier_on_withdrawn);
VG_FOLDER(dossier_on_prolonged);
VG_FOLDER(dossier_on_near);

// completeness.c
extern const vg_field dossier_completeness_fields[];
vg_status dossier_completeness(vg_read *rd, const vg_args *args, vg_err *err);
