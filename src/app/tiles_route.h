// SPDX-License-Identifier: Apache-2.0
// Map pictures the operator has put into DATA/tiles/{z}/{x}/{y}.png, for whoever may know of sites.
#pragma once

#include "http/http.h"

enum { VG_TILES_ROUTES = 2, VG_RAW_ROUTES = 8 };

// Appends the routes of tiles to others (ended by a NULL route) into out. core NULL: for the description only.
void vg_tiles_routes(vg_core *core, const vg_http_raw *others, vg_http_raw out[VG_RAW_ROUTES]);
