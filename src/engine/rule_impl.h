// SPDX-License-Identifier: Apache-2.0
// Between the loader (which reads) and the ruleset (which keeps, resolves and hashes).
#pragma once

#include "base/yaml.h"
#include "engine/rule.h"

enum { RULES_MAX = 4096, STRATA_MAX = 8 };

typedef struct rule_refs {  // names of event documents or rules, not resolved yet
    vg_texts events, clears, excuses, recovers;
} rule_refs;

typedef struct rule_draft {  // one document being read
    vg_rule_event event;
    vg_rule rule;
    rule_refs refs;
    const vg_xschema *schema;
    bool has_kind, has_field;
    uint32_t top, corr, x;
} rule_draft;

// rule_keys.c: what may stand in a correlation and in x-vonggac, and which type needs what
vg_status rule_read_correlation(vg_yaml_file *f, const yaml_node_t *n, void *into,
                                vg_err *err) VG_USE_RESULT;
vg_status rule_read_extension(vg_yaml_file *f, const yaml_node_t *n, void *into,
                              vg_err *err) VG_USE_RESULT;
vg_status rule_check_keys(vg_yaml_file *f, const yaml_node_t *n, const rule_draft *d,
                          vg_err *err) VG_USE_RESULT;
vg_status rule_hold_keys(vg_yaml_file *f, const yaml_node_t *n, const vg_yaml_field *keys,
                         uint32_t seen, uint32_t need, uint32_t may, vg_err *err) VG_USE_RESULT;
vg_status rule_read_condition(vg_yaml_file *f, const yaml_node_t *n, const vg_xschema *schema,
                              const vg_expr **into, vg_err *err) VG_USE_RESULT;
vg_status rule_read_level(vg_yaml_file *f, const yaml_node_t *n, vg_rule_level *into,
                          vg_err *err) VG_USE_RESULT;
#define RULE_READER(name) \
    static vg_status name(vg_yaml_file *f, const yaml_node_t *n, void *into, vg_err *err)

vg_status rule_set_add_event(vg_ruleset *set, const vg_rule_event *e, const char *file, size_t line,
                             vg_err *err) VG_USE_RESULT;
vg_status rule_set_add_rule(vg_ruleset *set, const vg_rule *r, const rule_refs *refs,
                            vg_err *err) VG_USE_RESULT;
