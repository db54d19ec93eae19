// SPDX-License-Identifier: Apache-2.0
// Any bytes as a rule file: refused with an error, or loaded, explained and run on a few records.
#include "engine/engine.h"
#include "engine/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(void *ctx, const vg_alert *a)
{
    (void)ctx;
    (void)a;
}

static void use(const vg_ruleset *set)
{
    vg_buf b;
    vg_buf_init(&b, 1 << 16);
    for (size_t i = 0; i < set->n_rules; i++) {
        vg_rule_explain(set, i, (vg_lang)(i % 2), &b);
        vg_rule_cancel(set, i, (vg_lang)(i % 2), &b);
    }
    vg_buf_done(&b);
    vg_names names;
    vg_names_init(&names);
    vg_engine *e;
    if (vg_engine_create(set, &names, &(vg_engine_opts){.max_keys = 64}, &e, NULL) == VG_OK) {
        const vg_engine_sink sink = {.alert = ignore};
        for (uint32_t i = 0; i < 256; i++) {
            const vg_record r = {.t_event = i * INT64_C(700000),
                                 .seq = i,
                                 .site = i % 3,
                                 .zone = i % 5,
                                 .device = i,
                                 .kind = (uint16_t)(i * 7 % 11),
                                 .flags = 1};
            vg_engine_feed(e, &r, 1, &sink);
        }
        vg_engine_advance(e, INT64_MAX, &sink);
        vg_engine_destroy(e);
    }
    vg_names_done(&names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vg_ruleset *set = vg_ruleset_create((vg_texts){0});
    vg_err err = {0};
    if (vg_ruleset_add(set, "fuzz", (vg_str){(const char *)data, size}, &err) == VG_OK &&
        vg_ruleset_finish(set, &err) == VG_OK) {
        use(set);
    }
    vg_ruleset_destroy(set);
    return 0;
}
