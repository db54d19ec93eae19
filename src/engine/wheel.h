// SPDX-License-Identifier: Apache-2.0
// Deadlines in event time: a hashed wheel of 4096 seconds and an overflow list (Varghese and Lauck).
// What comes due leaves in the order (due, rule, log, seq), whatever order it was added in.
#pragma once

#include "base/err.h"

typedef struct wheel_item {
    int64_t due, seq;  // seq and log: the evidence the deadline rests on
    uint32_t log, rule, state;
} wheel_item;

enum { WHEEL_SLOTS = 4096 };

typedef struct wheel {
    struct wheel_node *nodes;
    uint32_t high, cap, free_head, waiting;  // waiting: in slots or overflow
    uint32_t slot[WHEEL_SLOTS], overflow;
    wheel_item *near;  // a heap of what lies in or before the current second
    size_t n_near, cap_near;
    int64_t cursor;   // the current second
    int64_t next_us;  // nothing to do before this time
} wheel;

void wheel_init(wheel *w);
void wheel_done(wheel *w);
void wheel_add(wheel *w, const wheel_item *it);
int64_t wheel_earliest(const wheel *w);  // due time of the first item, INT64_MAX if there is none
// The first item with due < now, after moving the wheel there.
bool wheel_pop(wheel *w, int64_t now_us, wheel_item *ret);
