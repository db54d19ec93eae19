// SPDX-License-Identifier: Apache-2.0
// What was last said of a thing, for an ingest that is told states over and over (a retained message, a file
// found again): it makes a signal of a change only, and after a restart it must know what it had told. A
// signal marked VG_SIG_STATE bears in its frame the thing and its value; the scribe keeps the latest value in
// the transaction that holds the signal, so the two never differ.
#pragma once

#include "core/core.h"
#include "core/signal.h"

enum { VG_SIGNAL_STATES_MAX = 65536 };  // older ones are dropped at a start

// Both are the ingest's own (keyed hashes, counters). s->frame and VG_SIG_STATE are set.
void vg_signal_state_set(vg_signal *s, uint64_t thing, uint64_t value);

typedef void (*vg_signal_state_fn)(void *ctx, uint64_t thing, uint64_t value, int64_t at_us);
// All of a protocol, oldest first. Any thread but the scribe's.
vg_status vg_signal_states(vg_core *c, const char *proto, vg_signal_state_fn fn, void *ctx,
                           vg_err *err) VG_USE_RESULT;

// The scribe's.
vg_status vg_signal_state_keep(vg_db *db, const vg_signal *s, int64_t now_us,
                               vg_err *err) VG_USE_RESULT;
vg_status vg_signal_state_prune(vg_db *db, vg_err *err) VG_USE_RESULT;
