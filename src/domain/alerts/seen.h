// SPDX-License-Identifier: Apache-2.0
// Journal events as the engine's events.
#pragma once

#include "core/core.h"
#include "domain/alerts/brain.h"
#include "domain/kit.h"

// Kinds of what only whoever keeps the gates may know. An alert that cites such an event has the same reach, and it is
// in no count or trial that others read.
#define ALERTS_GATE "gate_"

// False when the event is none of the engine's. Texts are in a. kind "" is a tick of the engine's clock.
bool alerts_seen_of(vg_arena *a, const vg_event *e, alerts_seen *ret);
// The same for the engine of the rules across sites, which sees the alerts of the sites' rules besides.
bool alerts_seen_across(vg_arena *a, const vg_event *e, alerts_seen *ret);
