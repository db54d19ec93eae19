// SPDX-License-Identifier: Apache-2.0
// Text corpora to records: one event a line,
//   <epoch s>.<ms> <site> <zone> <device> <kind> <value> [<source seq>]
// Without the last column the line number is the sequence. Log 0, verb raise, authenticated.
#pragma once

#include "engine/intern.h"
#include "engine/record.h"

typedef struct vg_text {
    vg_names *names;
    int64_t line;  // lines read so far
} vg_text;

// Reads whole lines from *text (which moves past them) until ret is full or no line end is left.
// Errors: VG_EINVALID or VG_ETOOBIG with the line number.
vg_status vg_text_read(vg_text *t, vg_str *text, vg_record *ret_v, size_t max, size_t *ret_n,
                       vg_err *err) VG_USE_RESULT;
