// SPDX-License-Identifier: Apache-2.0
// Inside of the sites module: what the files of drawings share.
#pragma once

#include "domain/sites/drawing_plan.h"
#include "domain/sites/sites.h"

typedef struct sites_drawing_ref {
    const char *id, *site;
    int32_t label;
    int64_t version;
    vg_str frame;
} sites_drawing_ref;

// An active drawing the caller may edit.
vg_status sites_drawing_at(vg_cx *cx, vg_str id, sites_drawing_ref *ret, vg_err *err) VG_USE_RESULT;

// drawing_floors.c: the landings of a plan as it is and as the table has it, and the folds that join floors.
void sites_write_landings(vg_jw *w, vg_arena *a, const plan *p);
vg_status sites_kept_landings(vg_db *db, const char *drawing, vg_jw *w, vg_err *err) VG_USE_RESULT;
vg_status sites_fold_landings(vg_apply *ap, const vg_event *e, vg_err *err) VG_USE_RESULT;
vg_status sites_join_floors(vg_apply *ap, const vg_event *e, vg_err *err) VG_USE_RESULT;
