// SPDX-License-Identifier: Apache-2.0
// Unicode at the edge: validity, composition (NFC) and folding for search.
#pragma once

#include "base/str.h"

size_t vg_utf8_prefix(vg_str s);  // bytes of the longest valid UTF-8 prefix
bool vg_utf8_valid(vg_str s);
size_t vg_utf8_count(vg_str s);  // code points, for length limits people can count
// Composed form (utf8proc). Errors: VG_EINVALID if s is not UTF-8 or has control characters other
// than tab and line feed; VG_ETOOBIG past the arena.
vg_status vg_nfc(vg_arena *a, vg_str s, vg_str *ret, vg_err *err) VG_USE_RESULT;
// Lower case without marks, đ to d, blanks collapsed: "Nguyễn  Đức" -> "nguyen duc". Empty if not UTF-8.
vg_str vg_fold(vg_arena *a, vg_str s);
// The same into out: returns the length; what does not fit in cap - 1 bytes is left out at a character.
size_t vg_fold_to(vg_str s, char *out, size_t cap);
