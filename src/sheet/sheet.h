// SPDX-License-Identifier: Apache-2.0
// Tables as people keep them in files: CSV (any separator, any encoding Vietnam has used) and XLSX, read whole
// into memory under limits that hold before anything is allocated. Pure: no files, no clock, any thread.
#pragma once

#include "base/arena.h"
#include "base/str.h"

typedef enum vg_cell_kind {
    VG_CELL_EMPTY,
    VG_CELL_TEXT,
    VG_CELL_NUMBER,   // was a number in the file: zeros in front may be lost
    VG_CELL_DATE,     // text is dd/MM/yyyy or dd/MM/yyyy HH:mm:ss
    VG_CELL_BOOL,     // "1" or "0"
    VG_CELL_ERROR,    // "#N/A" and its kind
    VG_CELL_FORMULA,  // a formula whose value is not in the file; text is empty
    VG_CELL_LONG      // longer than the limit; text is the beginning
} vg_cell_kind;

typedef struct vg_cell {
    vg_str text;  // UTF-8
    vg_cell_kind kind;
} vg_cell;

typedef struct vg_sheet_row {
    int64_t number;  // as the program that made the file shows it, from 1
    uint32_t n;      // cells up to the last one that is not empty
    const vg_cell *cell;
} vg_sheet_row;

enum {
    VG_SHEET_BYTES = 32 << 20,  // of a file
    VG_SHEET_ROWS = 200000,     // that are not empty
    VG_SHEET_COLUMNS = 200,
    VG_SHEET_CELL_BYTES = 4096,          // of one cell's text; longer ones are marked
    VG_SHEET_TEXT_BYTES = 96 << 20,      // of all cells
    VG_SHEET_UNPACKED_BYTES = 320 << 20  // of all parts of an XLSX that are read
};

typedef struct vg_sheet {
    vg_arena *arena;
    vg_sheet_row *row;
    size_t n_rows;
    uint32_t n_columns;      // widest row
    const char *format;      // "xlsx" or "csv"
    const char *encoding;    // how the text was written: "utf-8", "utf-16", "tcvn3" …
    char separator;          // CSV
    size_t n_sheets, sheet;  // XLSX: how many, and which one was read
    vg_str sheet_name;
} vg_sheet;

// `which`: the sheet of an XLSX, from 0; SIZE_MAX takes the first that is shown. Errors: VG_EINVALID (no table,
// damaged), VG_ETOOBIG (past a limit), all with keys "sheet.…".
vg_status vg_sheet_read(vg_str file, size_t which, vg_sheet **ret, vg_err *err) VG_USE_RESULT;
void vg_sheet_destroy(vg_sheet *s);                    // NULL is fine
void vg_sheet_column_name(uint32_t col, char out[8]);  // 0 is "A"

// --- writing --------------------------------------------------------------------------------------
// A table into a file, row after row, in bounded memory. Texts stay texts: what a spreadsheet could take for a
// formula is given an apostrophe in CSV and written as a string in XLSX. Times are shown as dd/MM/yyyy HH:mm:ss
// (+07:00).
typedef struct vg_sheet_writer vg_sheet_writer;
vg_status vg_sheet_writer_open(const char *path, bool xlsx, vg_sheet_writer **ret,
                               vg_err *err) VG_USE_RESULT;
void vg_sheet_put_text(vg_sheet_writer *w, vg_str s);
void vg_sheet_put_i64(vg_sheet_writer *w, int64_t v);
void vg_sheet_put_time(vg_sheet_writer *w, int64_t us);
void vg_sheet_put_empty(vg_sheet_writer *w);
void vg_sheet_end_row(vg_sheet_writer *w);  // the first one ended is the head: bold, stays in sight
vg_status vg_sheet_writer_close(vg_sheet_writer *w,
                                vg_err *err) VG_USE_RESULT;  // frees it in any case
