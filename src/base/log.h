// SPDX-License-Identifier: Apache-2.0
// The program's own log: one line of key=value to standard error with a stable event name. What
// happened at a site belongs in the journal, not here. Never log secrets or dispositions of forces.
#pragma once

#include "base/err.h"

typedef enum vg_level { VG_DEBUG, VG_INFO, VG_WARN, VG_ERROR } vg_level;

void vg_log_level(vg_level lowest);  // the process's only global
void vg_log(vg_level level, const char *event, const char *fmt, ...) VG_PRINTF(3, 4);
