// SPDX-License-Identifier: Apache-2.0
// The list of what is due, over the deadlines of all modules.
#pragma once

#include "core/module.h"

// GET /due: with titles and pages, soonest first.
extern const vg_field vg_due_fields[];
vg_status vg_due_read(vg_read *rd, const vg_args *args, vg_err *err);
// GET /deadlines: bare rows, and their changes on the stream.
extern const vg_col vg_due_cols[];
extern const vg_filter vg_due_filters[];
