// SPDX-License-Identifier: Apache-2.0
// Names of people as keys to compare by. Pure, any thread, no allocation.
#pragma once

#include "base/str.h"

enum { VG_NAME_KEY = 160 };

// The words of the name, folded (base/text.h: đ to d, no marks, small letters) and put in order, with one
// blank between: "Nguyễn Thị Đào", "NGUYEN THI DAO" and "Đào Nguyễn Thị" have the same key. Returns its
// length; 0 if the text is not UTF-8 or has no word. Words that do not fit are left out.
size_t vg_name_key(vg_str name, char out[VG_NAME_KEY]);

typedef enum vg_name_match {
    VG_NAME_SAME,       // letter for letter, case and form of composition aside
    VG_NAME_NO_MARKS,   // one is written without its marks, or with other ones
    VG_NAME_ANY_ORDER,  // the same words in another order
    VG_NAME_DIFFERENT
} vg_name_match;
vg_name_match vg_name_compare(vg_str a, vg_str b);
