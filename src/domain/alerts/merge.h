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

// At most `most` events recorded until `until`; the strands move on past what fn was given. The order holds if all
// that was recorded until then is on disk, as it is when something recorded then was read before.
vg_status alerts_merge(vg_db *db, alerts_strand *v, size_t n, int64_t until, size_t most,
                       alerts_on_merged fn, void *ctx, size_t *ret_n, vg_err *err) VG_USE_RESULT;
