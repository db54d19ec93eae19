// SPDX-License-Identifier: Apache-2.0
// A crate: one file of a backup, encrypted. In order, nothing left out, nothing of another crate, its end where it was.
#pragma once

#include "base/err.h"

enum { VG_CRATE_KEY = 32 };

// `name` is what the file is in its backup: a crate opens under its own name only. `to` is made (0600, VG_ECONFLICT
// if it is there) and on the disk when this returns; after a failure it is gone again. VG_ENOTFOUND: no `from`.
vg_status vg_crate_pack(const char *from, const char *to, const char *name,
                        const unsigned char key[VG_CRATE_KEY], vg_err *err) VG_USE_RESULT;
// VG_ECORRUPT: changed, cut, another's, or another key.
vg_status vg_crate_unpack(const char *from, const char *to, const char *name,
                          const unsigned char key[VG_CRATE_KEY], vg_err *err) VG_USE_RESULT;
