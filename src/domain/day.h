// SPDX-License-Identifier: Apache-2.0
// Whole days, as decisions and laws count them: "2026-11-22", in Viet Nam's time. A day is kept as that text, which
// orders as the days do.
#pragma once

#include "base/str.h"

enum { VG_DAY_TEXT = 11 };

typedef enum vg_day_unit { VG_DAY_DAY, VG_DAY_MONTH, VG_DAY_YEAR } vg_day_unit;

// ret_day counts from 1970-01-01. VG_EINVALID names the field: not a day of the calendar.
vg_status vg_day_parse(vg_str s, const char *field, int *ret_day, vg_err *err) VG_USE_RESULT;
void vg_day_text(int day, char out[VG_DAY_TEXT]);
int vg_day_of(int64_t us);         // the day it is in Viet Nam at this moment
int64_t vg_day_start_us(int day);  // its first moment there
// So many days, months or years later; the 31st becomes the last day of a shorter month.
int vg_day_add(int day, int64_t n, vg_day_unit unit);
// The n-th working day after this one, Monday to Friday. Holidays are not known here: the day found may be earlier than
// the law's, never later.
int vg_day_add_working(int day, int64_t n);

// The SQL of a resource's filter for rows that stood on a day. What is no day finds nothing.
#define VG_STOOD_ON(from, to)                                                                \
    "EXISTS (SELECT 1 FROM (SELECT ? AS d) AS q WHERE q.d LIKE '____-__-__' AND q.d BETWEEN" \
    " COALESCE(" from ", '') AND COALESCE(NULLIF(" to ", ''), '9999'))"
