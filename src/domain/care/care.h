// SPDX-License-Identifier: Apache-2.0
// Inside of the module.
#pragma once

#include "domain/kit.h"

VG_HANDLER(care_start_dismiss);
VG_FOLDER(care_on_start_dismissed);
vg_status care_start(vg_read *rd, const vg_args *args, vg_err *err);
