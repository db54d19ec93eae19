// SPDX-License-Identifier: Apache-2.0
// `vonggac import passages FILE --map MAP --site CODE [--apply]`, and --undo ID.
#pragma once

#include "app/cli.h"

vg_status app_import_passages(const vg_cli *cli, const char *path, vg_err *err) VG_USE_RESULT;
