// SPDX-License-Identifier: Apache-2.0
// Reading the journal by people: newest first over all logs a principal may see, one event, and the state
// of verification.
#pragma once

#include "core/module.h"

extern const vg_col vg_event_cols[];
extern const vg_query vg_journal_queries[];

// Asks the upkeep thread to verify the whole journal now; the result shows in GET /journal/verification.
void vg_request_verify(vg_core *core);
