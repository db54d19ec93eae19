// SPDX-License-Identifier: Apache-2.0
// Which elements, attributes and values of a drawing may pass.
#pragma once

#include "base/str.h"

bool svg_element_known(vg_str name);
bool svg_has_text(vg_str name);  // its text is kept
bool svg_attribute_known(vg_str name);
bool svg_name_char(int c);
bool svg_plain_id(vg_str s);
bool svg_value_ok(vg_str v);  // no references but url(#id), no escapes, no markup of style sheets
// Of an embedded PNG or JPEG, as it says itself; 0: it is none.
int64_t svg_picture_pixels(vg_str v);
