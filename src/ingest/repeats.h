// SPDX-License-Identifier: Apache-2.0
// Frames already seen, by identity, until their window has passed: a repetition is answered but not
// reported again. An entry is pending (its batch is on its way to disk) or committed. Fixed memory.
#pragma once

#include "ingest/ingest.h"

typedef struct repeats repeats;
struct batch;

typedef struct repeat {
    vg_ingest_identity id;
    int64_t until_us;     // monotonic
    struct batch *batch;  // while pending
} repeat;

repeats *repeats_create(void);
void repeats_destroy(repeats *r);
const repeat *repeats_find(const repeats *r, const vg_ingest_identity *id, int64_t now_us);
// True: an entry had to go before its time (or, all places pending, this one was not kept).
bool repeats_add(repeats *r, const repeat *e, int64_t now_us);
void repeats_commit(repeats *r, const vg_ingest_identity *id);
void repeats_forget(repeats *r, const vg_ingest_identity *id);
