// SPDX-License-Identifier: Apache-2.0
// Exact plane geometry of drawings, in whole centimetres. Pure.
#pragma once

#include "base/err.h"

enum { SHAPE_LIMIT_CM = 200000 };  // coordinates beyond are refused before they come here

typedef struct shape_pt {
    int32_t x, y;
} shape_pt;

// Do the segments share a point? Touching counts.
bool shape_meet(shape_pt a, shape_pt b, shape_pt c, shape_pt d);
// A polygon that does not touch itself: no edge without length, no spike, no two edges that meet but neighbours in
// their corner.
bool shape_simple(const shape_pt *p, size_t n);
int64_t shape_area2(const shape_pt *p, size_t n);  // twice the area, never negative
// Inside or on the edge, for simple polygons.
bool shape_holds(const shape_pt *p, size_t n, shape_pt q);
