// SPDX-License-Identifier: Apache-2.0
// GET /manual.html and /manual.css, open to all.
#pragma once

#include "http/http.h"

enum { VG_MANUAL_ROUTES = 2 };
size_t vg_manual_routes(vg_http_raw out[VG_MANUAL_ROUTES]);  // returns how many it wrote
