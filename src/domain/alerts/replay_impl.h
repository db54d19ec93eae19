// SPDX-License-Identifier: Apache-2.0
// Between reading the journal again (replay.c) and comparing (replay_compare.c).
#pragma once

#include "domain/alerts/replay.h"
#include "domain/alerts/watch_impl.h"

typedef struct replay {
    watch w;  // first: the engine's reader hands this back
    alerts_on_found fn;
    void *ctx;
} replay;

typedef vg_status (*replay_on_log)(void *ctx, uint32_t log, vg_err *err);

void replay_init(replay *r, alerts_on_found fn, void *ctx);  // makes the arena, the caller's to end
vg_status replay_log(replay *r, vg_db *db, uint32_t log, int64_t *ret_last,
                     vg_err *err) VG_USE_RESULT;
// What the rules across sites find, of all that replay_log has read.
vg_status replay_across(replay *r, vg_db *db, vg_err *err) VG_USE_RESULT;
vg_status replay_each_log(vg_db *db, replay_on_log fn, void *ctx, vg_err *err) VG_USE_RESULT;
