// SPDX-License-Identifier: Apache-2.0
// Whose plate it may be, as more than one module needs it: the vehicles known at a site and those expected there.
#pragma once

#include "domain/kit.h"
#include "ident/plate.h"

enum { VG_PLATES_MAX = 20 };
// Classes of vehicles that were let through once and are not known for it: nobody had told of them, or somebody had.
#define VG_VEHICLE_UNKNOWN "unknown"
#define VG_VEHICLE_EXPECTED "expected"

typedef struct vg_plate_known {  // texts in the call's arena
    vg_plate_match match;
    vg_str plate, holder, expected, class;  // one of holder and expected; ids
    bool inside, registered;                // registered: known, not only let through once
    int64_t starts_us, until_us;            // 0: not told
    vg_str goods, host;
} vg_plate_known;

// Those whose plate it is, the registered and the expected first; when there is none, those it may be misread for. ret
// has room for VG_PLATES_MAX.
vg_status vg_plates_find(vg_cx *cx, const char *site, const vg_plate *plate, vg_plate_known *ret,
                         size_t *ret_n, vg_err *err) VG_USE_RESULT;
void vg_plates_json(vg_jw *w, const char *key, const vg_plate_known *v, size_t n);
