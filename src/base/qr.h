// SPDX-License-Identifier: Apache-2.0
// A text as a QR code: a drawing for a page, lines of half blocks for a terminal, or bits.
#pragma once

#include "base/str.h"

// Appends <svg …>; one unit a module, with the quiet zone the standard asks for. False: the text is too long.
bool vg_qr_svg(vg_buf *out, const char *text, const char *title);
bool vg_qr_terminal(vg_buf *out, const char *text);
// The modules as they are, for whoever draws himself: lines of 0 and 1 with '/' between, no quiet zone.
bool vg_qr_rows(vg_buf *out, const char *text);
