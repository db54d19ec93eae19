// SPDX-License-Identifier: Apache-2.0
// The parts of a multipart body (form-data or mixed), one after another, as views into it: nothing is copied,
// nothing nested is opened. Limits: 16 parts, 2 KiB of headers and 16 headers a part, 70 bytes of boundary.
#pragma once

#include "base/str.h"

enum {
    MULTIPART_PARTS = 16,
    MULTIPART_HEADERS = 16,
    MULTIPART_HEADER_BYTES = 2048,
    MULTIPART_BOUNDARY = 70
};

typedef struct multipart {
    vg_str rest;
    char mark[MULTIPART_BOUNDARY + 5];  // "\r\n--boundary"
    size_t mark_n;
    int parts;
    bool ended;
} multipart;

typedef struct multipart_part {
    vg_str type, name, file;  // without parameters and quotes; "" when missing
    vg_str data;
} multipart_part;

bool multipart_is(vg_str content_type);
// Errors: VG_EINVALID (no boundary, or the body does not begin with it), VG_ETOOBIG.
vg_status multipart_begin(multipart *m, vg_str content_type, vg_str body,
                          vg_err *err) VG_USE_RESULT;
// VG_ENOTFOUND: that was the last. VG_EINVALID: no sound part (the end is missing); VG_ETOOBIG: past a limit.
vg_status multipart_next(multipart *m, multipart_part *ret, vg_err *err) VG_USE_RESULT;
