// SPDX-License-Identifier: Apache-2.0
// Telephone numbers as people write them. Pure, any thread, no allocation. Patterns: data/phones.txt.
#pragma once

#include "base/str.h"

typedef enum vg_phone_class {
    VG_PHONE_MOBILE,
    VG_PHONE_FIXED,
    VG_PHONE_FORCE,    // 069: public security and army
    VG_PHONE_SERVICE,  // 1800, 1900
    VG_PHONE_SHORT,    // 113, 114, 115, ...: kept as dialled
    VG_PHONE_FOREIGN
} vg_phone_class;

typedef struct vg_phone {
    vg_phone_class cls;
    char key[20];   // what equal numbers have in common: "+84912345678", "113", "19001234"
    char text[32];  // as shown: "0912 345 678", "+44 7911123456"
    char ext[8];    // digits after "ext", "máy lẻ", "#"; "" if none
    bool repaired;  // a leading zero was missing (a spreadsheet drops it): ask whoever brought it
} vg_phone;

// VG_EINVALID, field "phone": ident.phone_empty, ident.phone_character, ident.phone_unknown, or for the
// eleven-digit mobile numbers that ended in 2018 ident.phone_moved with the present number as detail.
vg_status vg_phone_parse(vg_str s, vg_phone *ret, vg_err *err) VG_USE_RESULT;
const char *vg_phone_class_name(vg_phone_class c);  // "mobile"
