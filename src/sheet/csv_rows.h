// SPDX-License-Identifier: Apache-2.0
// CSV row by row, for logs that are too long to hold as a sheet: UTF-8, one separator, quotes as RFC 4180 has them. No
// copy is made but of quoted cells that hold quotes. Pure.
#pragma once

#include "base/arena.h"
#include "base/str.h"

typedef struct vg_csv_rows {
    vg_str rest;     // what is still to be read; borrowed
    char separator;  // ';', ',', tab or '|'
    int64_t line;    // of the row last given, from 1
    int64_t next;    // the caller's not to touch
} vg_csv_rows;

enum { VG_CSV_CELLS = 200, VG_CSV_CELL_BYTES = 4096 };

// Takes a byte order mark off and chooses the separator that cuts the first line most.
vg_csv_rows vg_csv_rows_on(vg_str text);
// The next row that is not empty; cells live in text or in a. False at the end. More cells than max, or a cell that is
// too long: VG_ETOOBIG with the line in the detail; a quote that never closes or text that is not UTF-8: VG_EINVALID.
vg_status vg_csv_rows_next(vg_csv_rows *r, vg_arena *a, vg_str *cells, size_t max, size_t *ret_n,
                           bool *ret_more, vg_err *err) VG_USE_RESULT;
