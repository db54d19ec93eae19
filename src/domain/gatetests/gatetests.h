// SPDX-License-Identifier: Apache-2.0
// Inside of the module of gate tests: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/kit.h"

extern const char *const gatetests_kinds[];

// test.c
extern const vg_field gatetests_plan_fields[], gatetests_close_fields[];
VG_HANDLER(gatetests_plan);
VG_HANDLER(gatetests_close);
VG_FOLDER(gatetests_on_planned);
VG_FOLDER(gatetests_on_closed);
VG_FOLDER(gatetests_on_told);
VG_FOLDER(gatetests_on_finding);

// figures.c
extern const vg_field gatetests_figures_fields[];
vg_status gatetests_figures(vg_read *rd, const vg_args *args, vg_err *err);

extern const vg_resource gatetests_resources[];
