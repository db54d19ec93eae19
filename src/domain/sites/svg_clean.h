// SPDX-License-Identifier: Apache-2.0
// SVG from outside made harmless: what is not on the list does not come through.
#pragma once

#include "base/str.h"

enum {
    SVG_BYTES_MAX = 2 << 20,
    SVG_PIXELS_MAX = 64000000  // of the pictures in one drawing: what a browser makes room for
};

typedef struct svg_size {
    int32_t width, height;  // drawing units, from viewBox (else width and height)
} svg_size;

// Appends the cleaned document to out. Errors: VG_EINVALID (not well-formed, DTD, foreign entity, no size)
// with the byte offset as detail, VG_ETOOBIG (bytes, depth, elements).
vg_status svg_clean(vg_str svg, vg_buf *out, svg_size *ret_size, vg_err *err) VG_USE_RESULT;
