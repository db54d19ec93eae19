// SPDX-License-Identifier: Apache-2.0
// Between the loader (which reads) and the ruleset (which keeps, resolves and hashes).
#pragma once

#include "engine/rule.h"

enum { RULES_MAX = 4096 };

typedef struct rule_refs {  // names of event documents, not resolved yet
    vg_texts events, clears;
} rule_refs;

vg_status rule_set_add_event(vg_ruleset *set, const vg_rule_event *e, const char *file, size_t line,
                             vg_err *err) VG_USE_RESULT;
vg_status rule_set_add_rule(vg_ruleset *set, const vg_rule *r, const rule_refs *refs,
                            vg_err *err) VG_USE_RESULT;
