// SPDX-License-Identifier: Apache-2.0
// Codes of the second factor: six digits of RFC 6238 (SHA-1, steps of 30 s), as every telephone's program makes them.
#pragma once

#include "base/str.h"

enum { TOTP_SEED_BYTES = 20, TOTP_STEP_S = 30, TOTP_WINDOW = 1, TOTP_DIGITS = 6 };

// The step a code belongs to, if it is one of the window around now_us and comes after the step `used`; else 0.
// Spaces do not matter.
int64_t accounts_totp_step(const unsigned char seed[TOTP_SEED_BYTES], vg_str code, int64_t now_us,
                           int64_t used);
