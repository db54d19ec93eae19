// SPDX-License-Identifier: Apache-2.0
// Inside of the posture module: levels as they are shipped, periods as they are declared, tied together in module.c.
#pragma once

#include "domain/kit.h"

// levels.c
extern const char *const posture_words[];  // what the fact can be
extern const vg_field posture_ship_fields[];
vg_status posture_start(vg_core *core, void **ret_state, vg_err *err);
VG_HANDLER(posture_ship);
VG_FOLDER(posture_on_shipped);

// period.c
extern const vg_field posture_declare_fields[], posture_prolong_fields[], posture_end_fields[],
    posture_due_fields[], posture_site_fields[];
VG_MARK(posture_second_declare);
VG_MARK(posture_second_prolong);
VG_HANDLER(posture_declare);
VG_HANDLER(posture_prolong);
VG_HANDLER(posture_step_down);
VG_HANDLER(posture_begin);
VG_HANDLER(posture_over);
VG_HANDLER(posture_settle_new);
VG_FOLDER(posture_on_declared);
VG_FOLDER(posture_on_began);
VG_FOLDER(posture_on_prolonged);
VG_FOLDER(posture_on_stepped_down);
VG_FOLDER(posture_on_over);

extern const vg_resource posture_resources[];
