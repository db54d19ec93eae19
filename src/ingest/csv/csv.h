// SPDX-License-Identifier: Apache-2.0
// Watched folders: tables (CSV, XLSX) that other systems put down, a reader for each link of kind "csv". See csv.md.
#pragma once

#include "core/link.h"

typedef struct vg_csv vg_csv;

typedef enum vg_csv_count {
#define VG_CSV_COUNTERS(X) \
    X(files)               \
    X(failed)              \
    X(repeated)            \
    X(rows)                \
    X(bad_rows)
#define X(name) VG_CSV_N_##name,
    VG_CSV_COUNTERS(X)
#undef X
        VG_CSV_COUNTS
} vg_csv_count;

const char *vg_csv_count_name(vg_csv_count c);
vg_status vg_csv_start(vg_core *core, vg_csv **ret, vg_err *err) VG_USE_RESULT;
void vg_csv_stop(vg_csv *c);  // while the scribe still answers; NULL is fine
uint64_t vg_csv_count_of(const vg_csv *c, vg_csv_count n);
