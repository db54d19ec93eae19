// SPDX-License-Identifier: Apache-2.0
// Inside of src/sheet: how readers build a sheet.
#pragma once

#include "sheet/sheet.h"

// Cells of the row being read, then the row. Errors stay: a builder that failed takes no more.
typedef struct sheet_builder {
    vg_sheet *s;
    vg_cell *now;  // VG_SHEET_COLUMNS of them
    uint32_t n_now;
    size_t cap_rows;
    size_t text_bytes;
    vg_status st;
    vg_err *err;
} sheet_builder;

vg_status sheet_begin(sheet_builder *b, const char *format, vg_err *err) VG_USE_RESULT;
void sheet_cell(sheet_builder *b, uint32_t col, vg_cell_kind kind, vg_str text);
void sheet_row(sheet_builder *b, int64_t number);  // ends the row; one without a word is dropped
void sheet_drop(sheet_builder *b);                 // after a failure
void sheet_done(sheet_builder *b);                 // frees what only building needs

vg_status sheet_read_csv(vg_str file, vg_sheet **ret, vg_err *err) VG_USE_RESULT;
vg_status sheet_read_xlsx(vg_str file, size_t which, vg_sheet **ret, vg_err *err) VG_USE_RESULT;

// xlsx_number.c: what a cell's stored number is shown as. format: 0 plain, 1 date, more: that many digits less one
enum { XLSX_PLAIN = 0, XLSX_DATE = 1, XLSX_DIGITS = 16 };
int xlsx_format_of(int id, vg_str code);
vg_cell_kind xlsx_number(vg_str raw, int format, bool from_1904, char out[48]);
