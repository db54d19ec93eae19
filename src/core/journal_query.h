// SPDX-License-Identifier: Apache-2.0
// Reading the journal by people: newest first over all logs a principal may see, one event, and the state
// of verification.
#pragma once

#include "core/module.h"

extern const vg_col vg_event_cols[];
extern const vg_query vg_journal_queries[];

// The name in the object store (core/object.h) of the picture that came with an event, "log-seq", in a. VG_ENOTFOUND: the
// scope does not show such an event, or none came with it.
vg_status vg_event_image(vg_db *scoped, vg_arena *a, vg_str id, vg_str *ret_name,
                         vg_err *err) VG_USE_RESULT;

// Asks the upkeep thread to verify the whole journal now; the result shows in GET /journal/verification.
void vg_request_verify(vg_core *core);
