// SPDX-License-Identifier: Apache-2.0
// Conditions of rules: their names, and asking them.
#pragma once

#include "engine/engine_impl.h"

// The fields of an event and then the facts; facts NULL: any other name is a fact. False past the arena.
bool ask_schema(vg_arena *a, const vg_xname *facts, size_t n, vg_xschema *ret);
// whole: r is an event; else only where it happened.
vg_tri ask(const vg_engine *e, const vg_expr *x, const vg_record *r, bool whole, int64_t t);
