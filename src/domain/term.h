// SPDX-License-Identifier: Apache-2.0
// Numbers that come from the law, as they were in force on a day: read from the law module's table.
#pragma once

#include "domain/day.h"
#include "domain/kit.h"

typedef struct vg_term {
    int64_t value;
    vg_str unit, ref;  // "day", "tt72-2009/danh-muc"; in the call's arena
    bool known;        // false: the law of that day has no such number on record
} vg_term;

vg_status vg_term_on(vg_cx *cx, const char *code, int day, vg_term *ret, vg_err *err) VG_USE_RESULT;
// The day a term that began on `day` ends; days, working days, months and years only.
int vg_term_ends(const vg_term *t, int day);

// --- levels of secrecy ----------------------------------------------------------------------------
// One rule for all that takes a level (VG_S_MAT and above): a last day within the law's years, and the day it is due for
// a decision before that (the law's days, else sixty). The end of a term lowers nothing.
typedef struct vg_level_term {
    int last;  // 0: no term, because nothing is secret
    char until[VG_DAY_TEXT];
    int64_t remind_us;
    vg_str ref;
} vg_level_term;
// from: the day the term begins. until empty: as long as the law lets it. VG_EINVALID "until": before from, longer than the
// law lets it, without a level, or none at all and no number on record.
vg_status vg_level_term_on(vg_cx *cx, int64_t level, int from, vg_str until, vg_level_term *ret,
                           vg_err *err) VG_USE_RESULT;
// The same for what somebody else decided and is not ours to judge: a paper that comes with its term.
vg_status vg_level_term_said(vg_cx *cx, int64_t level, int from, vg_str until, vg_level_term *ret,
                             vg_err *err) VG_USE_RESULT;
// A term that ends on old goes on until `until`, each time for at most the law's years. late: the day of the reminder is past.
vg_status vg_level_prolong(vg_cx *cx, int64_t level, vg_str old, vg_str until, vg_level_term *ret,
                           bool *ret_late, vg_err *err) VG_USE_RESULT;
