// SPDX-License-Identifier: Apache-2.0
// The demonstration: an invented province ("tỉnh Mẫu") with eight sites, invented people and devices.
#pragma once

#include "base/err.h"

// Fills a fresh data directory by running commands, as people would; writes DATA/demo-logins.txt.
vg_status vg_demo_fill(const char *dir, vg_err *err) VG_USE_RESULT;
