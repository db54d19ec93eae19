// SPDX-License-Identifier: Apache-2.0
// Vietnamese text as machines wrote it before Unicode: lists and spreadsheets kept for twenty years come in
// TCVN3 (the .Vn fonts, "ABC"), VNI or Windows-1258, as bytes or, copied out of a program that took the
// bytes for Western European, as UTF-8. Pure, any thread, no allocation.
#pragma once

#include "base/str.h"

typedef enum vg_legacy {
    VG_LEGACY_UTF8,  // also: plain ASCII
    VG_LEGACY_TCVN3,
    VG_LEGACY_VNI,
    VG_LEGACY_CP1258,
    VG_LEGACY_TCVN3_IN_UTF8,  // "NguyÔn V¨n A"
    VG_LEGACY_VNI_IN_UTF8,    // "Nguyeãn Vaên A"
    VG_LEGACY_UNKNOWN
} vg_legacy;

// How the sample is most likely written: the reading under which the accented words are Vietnamese syllables.
// Give a whole column or file rather than one cell; the first 64 KiB are looked at. UNKNOWN: not UTF-8 and no
// reading gives Vietnamese.
vg_legacy vg_legacy_detect(vg_str sample);

// Writes s as UTF-8 in composed form. `VG_LEGACY_ROOM(s.n)` bytes are always enough; VG_ETOOBIG past cap,
// VG_EINVALID for VG_LEGACY_UNKNOWN. ret_bad (may be NULL) counts the bytes that mean nothing in this
// encoding and became U+FFFD. TCVN3 holds capitals only by its font: a field (up to a comma, tab, semicolon,
// bar or line's end) whose plain letters are all capitals is given capitals throughout.
#define VG_LEGACY_ROOM(n) ((n)*3 + 1)
vg_status vg_legacy_to_utf8(vg_legacy how, vg_str s, char *out, size_t cap, size_t *ret_n,
                            size_t *ret_bad, vg_err *err) VG_USE_RESULT;

// "utf-8", "tcvn3", "vni", "windows-1258", "tcvn3-in-utf-8", "vni-in-utf-8", "unknown"; parse: UNKNOWN if
// none of them.
const char *vg_legacy_name(vg_legacy how);
vg_legacy vg_legacy_parse(vg_str name);
