// SPDX-License-Identifier: Apache-2.0
// Folding the whole journal again, and comparing what it gives with what is stored.
#pragma once

#include "core/core.h"

typedef struct vg_rebuild_report {
    int64_t events, tables, rows;
    char bad_table[64];  // first table that differs, "" = none
} vg_rebuild_report;

// Copies the database (a running node is not disturbed), folds its journal into a fresh one beside it and
// compares every projection row by row. VG_ECORRUPT names the first table that differs. Temporary files go
// to DATA and are removed.
vg_status vg_rebuild_check(const char *dir, vg_rebuild_report *ret, vg_err *err) VG_USE_RESULT;
// Replaces the projections by what the journal says, in one transaction. The node must not run.
vg_status vg_rebuild(const char *dir, vg_rebuild_report *ret, vg_err *err) VG_USE_RESULT;
// Folds events of `from` into `to` in the order of recording (may be the same connection).
vg_status vg_fold_journal(vg_db *from, vg_db *to, int64_t *ret_events, vg_err *err) VG_USE_RESULT;
