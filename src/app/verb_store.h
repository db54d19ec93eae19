// SPDX-License-Identifier: Apache-2.0
// What the verbs about a data directory share.
#pragma once

#include "app/cli.h"

// --data's database; VG_ENOTFOUND: there is none.
vg_status app_db_path(const vg_cli *cli, char out[440], vg_err *err) VG_USE_RESULT;
vg_status app_verify(const vg_cli *cli, vg_err *err) VG_USE_RESULT;  // the verb
// For `doctor` and the console: when something was last done. That it could not be noted is no failure of it.
void app_note(const vg_cli *cli, const char *what, bool ok);
// An act with keys (core.note_key) into the journal of --data, running or not, before it is done: what cannot be noted is
// not done.
vg_status app_note_key(const vg_cli *cli, const char *act, vg_err *err) VG_USE_RESULT;
// A whole file onto ret, which sets the limit. VG_ENOTFOUND, VG_EIO, VG_ETOOBIG with the path.
vg_status app_slurp(const char *path, vg_buf *ret, vg_err *err) VG_USE_RESULT;
