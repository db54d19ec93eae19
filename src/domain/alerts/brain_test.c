// SPDX-License-Identifier: Apache-2.0
// What a finding says of itself: whether the record being fed made it, or only the time that the record gave.
#include "domain/alerts/brain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

extern const vg_embedded vg_shipped_rules[];

static const char rule[] =
    "name: out\ndetection: { selection: { kind: mains_trouble }, condition: selection }\n---\n"
    "name: in\ndetection: { selection: { kind: mains_trouble, verb: restore }, condition: "
    "selection }\n---\n"
    "name: dark\ntitle: Mất điện lưới\nlevel: low\n"
    "correlation: { type: event, rules: [out], group-by: [site, source] }\n"
    "x-vonggac: { recovery: { rules: in }, escalate: { high: 60s } }\n";

typedef struct heard {  // of the rule above
    const alerts_brain *brain;
    int n;
    alerts_what what[8];
    bool by_time[8];
} heard;

static void on_found(void *ctx, const alerts_found *f)
{
    heard *h = ctx;
    alerts_rule of;
    alerts_brain_rule(h->brain, f->set, f->rule, &of);
    if (strcmp(of.name, "dark") != 0) {
        return;
    }
    assert_in_range(h->n, 0, 7);
    h->what[h->n] = f->what;
    h->by_time[h->n++] = f->by_time;
}

static alerts_seen at(int64_t s, const char *source, const char *kind, const char *verb)
{
    static int64_t seq;
    seq++;
    return (alerts_seen){.log = 2,
                         .seq = seq,
                         .t_event = s * 1000000,
                         .t_arrival = s * 1000000,
                         .site = VG_S("site"),
                         .source = vg_str_c(source),
                         .kind = vg_str_c(kind),
                         .verb = vg_str_c(verb),
                         .authenticated = true};
}

static void test_time_or_record(void **state)
{
    (void)state;
    vg_err err = {0};
    alerts_brain *b;
    vg_arena *a = vg_arena_create(1 << 20);
    const alerts_own_rule own = {VG_S("dark"), VG_S("v1"), VG_S("active"), vg_str_c(rule)};
    static const vg_xname asked = {.name = "zone.gate", .type = VG_X_BOOL, .keyed = true};
    const alerts_brain_opts opts = {.shipped = vg_shipped_rules, .facts = &asked, .n_facts = 1};
    assert_int_equal(alerts_brain_create(&opts, &b, &err), VG_OK);
    heard h = {.brain = b};
    const alerts_out out = {&h, on_found, NULL};
    assert_int_equal(alerts_brain_rules_change(b, 1, &own, &err), VG_OK);
    assert_int_equal(alerts_brain_node_at(b, 2, 1, &err), VG_OK);
    const alerts_seen fed[] = {at(1000, "p1", "mains_trouble", "raise"),  // the record itself
                               at(1070, "p2", "test", "poll"),  // another's; it rises at 1060
                               at(1080, "p1", "mains_trouble", "restore"),  // the record itself
                               at(1090, "p3", "mains_trouble", "raise")};
    for (size_t i = 0; i < VG_LEN(fed); i++) {
        assert_int_equal(alerts_brain_feed(b, a, &fed[i], &out, &err), VG_OK);
    }
    const alerts_seen tick = {.log = 2, .t_event = 1200000000, .t_arrival = 1200000000};
    assert_int_equal(alerts_brain_tick(b, a, &tick, &out, &err), VG_OK);
    static const alerts_what kinds[] = {FOUND_ALERT, FOUND_ESCALATED, FOUND_RECOVERED, FOUND_ALERT,
                                        FOUND_ESCALATED};
    static const bool times[] = {false, true, false, false, false};
    assert_int_equal(h.n, VG_LEN(kinds));
    for (size_t i = 0; i < VG_LEN(kinds); i++) {
        assert_int_equal(h.what[i], kinds[i]);
        assert_int_equal(h.by_time[i], times[i]);
    }
    alerts_brain_destroy(b);
    vg_arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_time_or_record)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
