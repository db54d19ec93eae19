// SPDX-License-Identifier: Apache-2.0
// Text to records, for back-tests: one event a line, columns by name. The corpus's own form is
//   <epoch s>[.<fraction>] <site> <zone> <device> <kind> <value> [<source seq>]
// and CSV with a header line has the same columns in any order. Log 0; raised and authenticated unless a
// column says otherwise. The sequence by which an event is cited is the column seq, else the line number.
#pragma once

#include "engine/intern.h"
#include "engine/record.h"

enum { VG_TEXT_LINE = 4096, VG_TEXT_COLUMNS = 16 };
// Later moments are taken for a slip (milliseconds written as seconds): 1 January 2100.
#define VG_TEXT_TIME_MAX (INT64_C(4102444800) * 1000000)

typedef struct vg_text_format {
    uint8_t column[VG_TEXT_COLUMNS];
    uint32_t n, required;  // the last n - required columns may be missing in a line
    char between;          // ' ', ',' or ';'
} vg_text_format;

// "time,site,zone,device,kind,value[,seq]", the columns of a line with blanks between them; "-" is a column
// nobody asks for. Errors: VG_EINVALID with the word as the field.
vg_status vg_text_columns(vg_str s, vg_text_format *ret, vg_err *err) VG_USE_RESULT;
// The header line of a CSV file, as it stands in the file: the same names with commas or semicolons between them.
vg_status vg_text_header(vg_str line, vg_text_format *ret, vg_err *err) VG_USE_RESULT;

typedef struct vg_text {
    vg_names *names;
    vg_text_format format;  // zeroed: the corpus's
    int64_t line;           // lines read so far
    bool skip;              // bad lines are counted and passed over
    int64_t skipped;
} vg_text;

extern const char *const vg_text_verbs[VG_VERB_N];

// Reads whole lines from *text (which moves past them) until ret is full or no line end is left.
// Errors: VG_EINVALID or VG_ETOOBIG with the line number.
vg_status vg_text_read(vg_text *t, vg_str *text, vg_record *ret_v, size_t max, size_t *ret_n,
                       vg_err *err) VG_USE_RESULT;
