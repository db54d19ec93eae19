// SPDX-License-Identifier: Apache-2.0
// A text as a QR code: a drawing for a page, or lines of half blocks for a terminal.
#pragma once

#include "base/str.h"

// Appends <svg …>; one unit a module, with the quiet zone the standard asks for. False: the text is too long.
bool vg_qr_svg(vg_buf *out, const char *text, const char *title);
bool vg_qr_terminal(vg_buf *out, const char *text);
