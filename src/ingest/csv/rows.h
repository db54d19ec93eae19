// SPDX-License-Identifier: Apache-2.0
// Rows of a table as signals, by the columns of the link (core/link_columns.h). Pure.
#pragma once

#include "core/link_columns.h"
#include "sheet/sheet.h"

typedef struct csv_places {
    int at[VG_CSV_FIELDS];  // index of the cell, -1: none
    size_t first;           // first row of data
} csv_places;

// Where the columns are: by their heads, in the first row, when any has one. Errors: VG_EINVALID, a head that is
// not there (the detail names it).
vg_status csv_places_find(const vg_link_columns *c, const vg_sheet *t, csv_places *ret,
                          vg_err *err) VG_USE_RESULT;
// Fills what the row says; the rest of s is the caller's. NULL: it did. Else a catalogue key, *ret_field is the
// field at fault.
const char *csv_row_read(const vg_link_columns *c, const csv_places *p, const vg_sheet_row *row,
                         vg_signal *s, const char **ret_field);
