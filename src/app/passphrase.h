// SPDX-License-Identifier: Apache-2.0
// Pass phrases that are read out and typed: words any keyboard can type, six bits each.
#pragma once

#include "base/err.h"

enum { VG_PASSPHRASE = 64 };

void vg_passphrase(int words, char out[VG_PASSPHRASE]);  // 1 to 10 words; a secret
