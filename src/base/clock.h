// SPDX-License-Identifier: Apache-2.0
// Time is int64 microseconds since 1970 UTC everywhere inside. Viet Nam's +07:00 appears only in text
// written for people or for the API.
#pragma once

#include "base/str.h"

#define VG_SECOND_US INT64_C(1000000)
#define VG_MS_US INT64_C(1000)
#define VG_TIME_TEXT 36

int64_t vg_now_us(void);   // wall clock
int64_t vg_mono_us(void);  // monotonic, for measuring and for waiting
void vg_time_rfc3339(int64_t us, char out[VG_TIME_TEXT]);  // 2026-11-22T14:05:09.123456+07:00
vg_status vg_time_parse(vg_str s, int64_t *ret_us,
                        vg_err *err) VG_USE_RESULT;  // RFC 3339, any offset
// Civil date and time, UTC, to microseconds; months 1-12; no validation (callers check ranges).
int64_t vg_time_civil(int year, int month, int day, int hour, int min, int sec);
void vg_time_split(int64_t us, int offset_min, int out[6]);  // year month day hour min sec
