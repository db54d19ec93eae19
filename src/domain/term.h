// SPDX-License-Identifier: Apache-2.0
// Numbers that come from the law, as they were in force on a day: read from the law module's table.
#pragma once

#include "domain/kit.h"

typedef struct vg_term {
    int64_t value;
    vg_str unit, ref;  // "day", "tt72-2009/danh-muc"; in the call's arena
    bool known;        // false: the law of that day has no such number on record
} vg_term;

vg_status vg_term_on(vg_cx *cx, const char *code, int day, vg_term *ret, vg_err *err) VG_USE_RESULT;
// The day a term that began on `day` ends; days, working days, months and years only.
int vg_term_ends(const vg_term *t, int day);
