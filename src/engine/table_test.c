// SPDX-License-Identifier: Apache-2.0
// What an engine holds follows what lives within its windows, not what ever came.
#include "engine/engine_impl.h"
#include "engine/test_help.h"

static void unheard(void *ctx, const vg_alert *a)
{
    (void)ctx;
    (void)a;
}

// A million keys nobody had heard, 100,000 of them within the window, from key `first` at time `from`.
static void a_million_keys(vg_engine *e, uint32_t first, int64_t from_us)
{
    enum { MILLION = 1000000, STEP_US = 600 };
    const vg_engine_sink sink = {.alert = unheard};
    for (uint32_t i = 0; i < MILLION; i++) {
        const vg_record r = {.t_event = from_us + (int64_t)i * STEP_US,
                             .seq = first + i,
                             .log = 2,
                             .device = first + i,
                             .kind = 1};
        vg_engine_feed(e, &r, 1, &sink);
    }
}

static void tables_grow_with_what_lives_and_shrink_after(void **unused)
{
    (void)unused;
    vg_names names;
    vg_names_init(&names);
    assert_int_equal(vg_intern_id(names.of[VG_KIND], VG_S("motion_alarm")), 1);
    vg_ruleset *set = help_rules_of(
        "crowd",
        VG_S("name: m\ndetection: { selection: { kind: motion_alarm }, condition: selection }\n"
             "---\nname: R\ntitle: R\nlevel: low\n"
             "correlation: { type: x-suppress, rules: [m], group-by: [device], timespan: 60s }\n"
             "x-vonggac: { window: from-first, keep-count: true }\n"));
    vg_engine *e = help_engine(set, &names, (vg_engine_opts){0});
    const table *t = &e->rules[0].states;
    a_million_keys(e, 1, VG_SECOND_US);
    const uint32_t cap = t->cap, mask = t->mask;
    assert_true(t->used >= 100000 && cap <= 1 << 18);
    a_million_keys(e, 1000001, 601 * VG_SECOND_US);
    assert_int_equal(t->cap, cap);
    assert_int_equal(t->mask, mask);
    for (uint32_t i = 0; i < 3; i++) {  // the crowd has gone; now and then there is somebody
        const vg_record r = {.t_event = (1801 + 600 * (int64_t)i) * VG_SECOND_US,
                             .seq = 3000000 + i,
                             .log = 2,
                             .device = 3000000 + i,
                             .kind = 1};
        vg_engine_feed(e, &r, 1, &(vg_engine_sink){.alert = unheard});
    }
    assert_true(t->cap < 4096 && t->mask < 8192);
    vg_engine_destroy(e);
    vg_ruleset_destroy(set);
    vg_names_done(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_grow_with_what_lives_and_shrink_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
