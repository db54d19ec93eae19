// SPDX-License-Identifier: Apache-2.0
// Access rules of a site: compiled, and asked about a case.
#pragma once

#include "domain/gate/gate.h"
#include "expr/expr.h"

enum { GATE_RULES_MAX = 50 };  // of a site

// Somebody passing: names as people know them. A text with p NULL is unknown.
typedef struct gate_case {
    vg_str kind, class, point, area, from, way;  // area: the one entered, "" outside
    int64_t at_us;
} gate_case;

typedef struct gate_rule {
    vg_str id, name;
    bool stops;  // else asks
    const vg_expr *condition;
} gate_rule;

vg_status gate_rule_compile(vg_arena *a, vg_str text, const vg_expr **ret,
                            vg_err *err) VG_USE_RESULT;
bool gate_rule_holds(const vg_expr *x, const gate_case *c);
// The rules in force at a site, in a; ret has room for GATE_RULES_MAX. db is unscoped.
vg_status gate_rules_load(vg_db *db, vg_arena *a, vg_str site, gate_rule *ret, size_t *ret_n,
                          vg_err *err) VG_USE_RESULT;

extern const vg_field gate_rule_add_fields[], gate_rule_update_fields[], gate_rule_check_fields[];
VG_HANDLER(gate_rule_add);
VG_HANDLER(gate_rule_update);
VG_HANDLER(gate_rule_check);
VG_FOLDER(gate_on_rule_added);
VG_FOLDER(gate_on_rule_changed);
