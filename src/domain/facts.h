// SPDX-License-Identifier: Apache-2.0
// Facts as names and values of the expression language.
#pragma once

#include "expr/expr.h"

// The declared facts of all modules (vg_module.facts), at most max; how many there are.
size_t vg_fact_names(vg_xname *v, size_t max);
// A fact's stored text as a value of the name's type; what cannot be read is unknown.
vg_xvalue vg_fact_value(const vg_xname *x, vg_str s);
