// SPDX-License-Identifier: Apache-2.0
// The word a device without cryptography proves itself by: derived from its source's key, typed into the device as
// a part of the address it reports to. Who changes the key changes the word.
#pragma once

#include "core/register.h"

enum { VG_SOURCE_TOKEN = 27 };  // 26 characters, 130 bits, and the NUL

// False: the source has no key, so no word.
bool vg_source_token(const vg_source *s, char out[VG_SOURCE_TOKEN]);
