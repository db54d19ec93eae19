// SPDX-License-Identifier: Apache-2.0
// The naive engine as a whole: every rule over every key's history, then the gates.
#pragma once

#include "engine/reference_more.h"

static inline void ref_run_with(const vg_ruleset *set, const vg_names *names, const vg_record *v,
                                size_t n, int64_t end,
                                bool (*next_to)(const vg_names *, uint32_t, uint32_t), ref_out *out)
{
    static void (*const by_type[VG_RULE_TYPES_N])(ref *, const ref_item *, size_t) = {
        [VG_RULE_SEQUENCE] = ref_sequence, [VG_RULE_TOGETHER] = ref_together,
        [VG_RULE_COUNT] = ref_count,       [VG_RULE_DISTINCT] = ref_distinct,
        [VG_RULE_ABSENCE] = ref_absence,   [VG_RULE_SUPPRESS] = ref_suppress,
        [VG_RULE_RATE] = ref_rate,         [VG_RULE_EVENT] = ref_suppress};
    ref f = {
        .set = set, .names = names, .v = v, .n = n, .end = end, .out = out, .next_to = next_to};
    for (size_t i = 0; i < n; i++) {
        f.sources |= ref_source_change(&f, &v[i], &v[i]) != 0;
    }
    ref_item *items = vg_alloc((n + 1) * sizeof *items), *own = vg_alloc((n + 1) * sizeof *own);
    for (f.index = 0; f.index < set->n_rules; f.index++) {
        f.rule = &set->rules[f.index];
        const size_t m = ref_items(&f, items);
        if (f.rule->type == VG_RULE_NEIGHBOURS) {
            ref_neighbours(&f, items, m);
            continue;
        }
        qsort(items, m, sizeof *items, ref_by_key);
        for (size_t i = 0, j; i < m; i = j) {
            for (j = i + 1; j < m && memcmp(&items[i].key, &items[j].key, sizeof(vg_key)) == 0;
                 j++) {
            }
            const size_t before = out->n;
            size_t steps = 0;
            for (size_t k = i; k < j; k++) {  // what only the gate wants is none of the matcher's
                if (items[k].steps || items[k].clear) {
                    own[steps++] = items[k];
                }
            }
            by_type[f.rule->type](&f, own, steps);
            if (vg_rule_staged(f.rule)) {
                ref_stage(&f, items + i, j - i, before);
            }
        }
    }
    free(items);
    free(own);
    if (out->n) {
        qsort(out->v, out->n, sizeof *out->v, ref_by_time);
    }
}

static inline void ref_run(const vg_ruleset *set, const vg_names *names, const vg_record *v,
                           size_t n, int64_t end, ref_out *out)
{
    ref_run_with(set, names, v, n, end, NULL, out);
}
