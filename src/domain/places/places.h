// SPDX-License-Identifier: Apache-2.0
// Inside of the places module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/kit.h"

// import.c: a list of the units as they stood on a day
extern const vg_field places_import_fields[];
VG_HANDLER(places_import);

// history.c: units that stood once, and into what they went; shipped ones at start
extern const vg_field places_history_fields[], places_ship_fields[];
VG_HANDLER(places_history);
VG_HANDLER(places_ship);
vg_status places_start(vg_core *core, void **ret_state, vg_err *err);

// fold.c
VG_FOLDER(places_on_units);
VG_FOLDER(places_on_history);
VG_FOLDER(places_on_edition);
// The name without its rank ("Thành phố Hà Nội" -> "ha noi"); folded gives it with.
vg_str places_bare(vg_arena *a, vg_str name);

// find.c
extern const vg_field places_find_fields[];
vg_status places_find(vg_read *rd, const vg_args *args, vg_err *err);
