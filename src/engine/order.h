// SPDX-License-Identifier: Apache-2.0
// The reorder buffer: records wait until the watermark has passed them and leave in the one order
// (event time, source by name, source seq, log, seq).
#pragma once

#include "engine/intern.h"
#include "engine/record.h"

typedef struct order {
    vg_record *v;  // a heap
    size_t n, cap;
    const vg_intern *sources;  // ids depend on who was met first, names do not
} order;

void order_done(order *o);
void order_push(order *o, const vg_record *r);
void order_pop(order *o, vg_record *ret);  // not when empty
