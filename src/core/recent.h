// SPDX-License-Identifier: Apache-2.0
// What devices reported lately, as the journal holds it: an ingest driver recognises by it, after a restart,
// the frames that were committed and are sent again.
#pragma once

#include "core/core.h"
#include "core/signal.h"

enum { VG_RECENT_MAX = 1 << 18 };

typedef struct vg_recent {
    vg_str proto;
    const vg_source *source;  // NULL: nobody registered it
    unsigned char frame[VG_SIG_FRAME_BYTES];
    bool authenticated;
    int64_t recorded_us;
} vg_recent;

typedef void (*vg_recent_fn)(void *ctx, const vg_recent *r);

// Every signal with an identity recorded at since_us or later, log by log, the newest first. At most
// VG_RECENT_MAX events are looked at, each log having its share. Any thread; what fn gets is borrowed.
vg_status vg_recent_signals(vg_core *c, int64_t since_us, vg_recent_fn fn, void *ctx,
                            vg_err *err) VG_USE_RESULT;
