// SPDX-License-Identifier: Apache-2.0
// The reorder buffer: records wait until the watermark has passed them and leave in the one order
// (event time, source, source seq, log, seq).
#pragma once

#include "engine/record.h"

typedef struct order {
    vg_record *v;  // a heap
    size_t n, cap;
} order;

void order_done(order *o);
void order_push(order *o, const vg_record *r);
void order_pop(order *o, vg_record *ret);  // not when empty
