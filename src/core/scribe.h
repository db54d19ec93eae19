// SPDX-License-Identifier: Apache-2.0
// The scribe: the one writer. It takes signals and commands from any thread, runs them inside one
// transaction a batch (each command in a savepoint), lets the modules fold the events, commits, and only
// then calls the completions. What was acknowledged is on disk.
#pragma once

#include "core/command.h"
#include "core/signal.h"

typedef struct vg_scribe vg_scribe;

// Any thread; never blocks. False (and done() is not called) when the queue is full or the node is
// stopping: the caller answers "busy".
bool vg_scribe_signals(vg_scribe *s, vg_signals *batch) VG_USE_RESULT;
bool vg_scribe_command(vg_scribe *s, vg_command_call *call) VG_USE_RESULT;
// The same for work of which there is much and for which nobody waits: behind all others, in slices of some
// milliseconds (slice.c).
bool vg_scribe_later(vg_scribe *s, vg_command_call *call) VG_USE_RESULT;
