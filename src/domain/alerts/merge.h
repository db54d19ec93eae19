// SPDX-License-Identifier: Apache-2.0
// Several logs read as one, in the order of recording. One scribe writes them all and no two events are recorded at
// one time, so this order is the order in which they came to be, whenever it is read.
#pragma once

#include "journal/journal.h"

typedef struct alerts_strand {
    uint32_t log;
    int64_t after;  // the sequence number up to which it was read
} alerts_strand;

typedef vg_status (*alerts_on_merged)(void *ctx, const vg_event *e, vg_err *err);

typedef struct alerts_strands {
    alerts_strand *v;  // move on past what fn was given
    size_t n;
    int64_t until;  // recorded until then
    size_t most;    // events
    size_t told;    // result
} alerts_strands;

// The order holds if all that was recorded until then is on disk, as it is when something recorded then was read before.
vg_status alerts_merge(vg_db *db, alerts_strands *of, alerts_on_merged fn, void *ctx,
                       vg_err *err) VG_USE_RESULT;
