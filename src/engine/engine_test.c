// SPDX-License-Identifier: Apache-2.0
// What the engine promises apart from the answers: drills and tests apart, clears only from the proven,
// the two lanes, the cap on keys, identities, damaged snapshots.
#include "engine/test_help.h"

#define T0 (INT64_C(1764000000) * VG_SECOND_US)

typedef struct bench {
    vg_ruleset *set;
    vg_names names;
    vg_engine *e;
    help_got got;
    int64_t seq;
} bench;

// In place: the engine borrows the names.
static void open_bench_on(bench *b, vg_ruleset *set, vg_engine_opts opts)
{
    *b = (bench){.set = set};
    vg_names_init(&b->names);
    b->e = help_engine(b->set, &b->names, opts);
    b->got.e = b->e;
}

static void open_bench(bench *b, const char *rules, vg_engine_opts opts)
{
    open_bench_on(b, help_rules(rules), opts);
}

static void close_bench(bench *b)
{
    help_got_done(&b->got);
    vg_engine_destroy(b->e);
    vg_names_done(&b->names);
    vg_ruleset_destroy(b->set);
}

static vg_record at(bench *b, int second, const char *kind)
{
    return (vg_record){.t_event = T0 + second * VG_SECOND_US,
                       .seq = ++b->seq,
                       .source_seq = b->seq,
                       .site = 1,
                       .zone = 1,
                       .device = 1,
                       .flags = VG_REC_AUTHENTICATED,
                       .kind = (uint16_t)vg_intern_id(b->names.of[VG_KIND], vg_str_c(kind))};
}

static void feed(bench *b, vg_record r)
{
    const vg_engine_sink sink = help_sink(&b->got);
    vg_engine_feed(b->e, &r, 1, &sink);
}

static size_t fired(const bench *b, const char *rule)
{
    size_t n = 0;
    for (size_t i = 0; i < b->got.out.n; i++) {
        n += strcmp(b->set->rules[b->got.out.v[i].rule].name, rule) == 0;
    }
    return n;
}

static void bounds_are_inclusive(void **state)
{
    (void)state;
    bench b;
    open_bench(&b, "tests/data/bench_rules.yaml", (vg_engine_opts){0});
    feed(&b, at(&b, 0, "fence_alarm"));
    feed(&b, at(&b, 60, "door_forced"));
    assert_int_equal(fired(&b, "R1"), 1);
    feed(&b, at(&b, 60, "door_forced"));  // consumed
    feed(&b, at(&b, 100, "fence_alarm"));
    feed(&b, at(&b, 161, "door_forced"));
    assert_int_equal(fired(&b, "R1"), 1);
    close_bench(&b);
}

static void suppression_hides_nothing_from_others(void **state)
{
    (void)state;
    bench b;
    open_bench(&b, "tests/data/bench_rules.yaml", (vg_engine_opts){0});
    feed(&b, at(&b, 0, "fence_alarm"));
    feed(&b, at(&b, 5, "door_forced"));  // repeated alarm of the device for R4, the answer for R1
    assert_int_equal(fired(&b, "R4"), 1);
    assert_int_equal(fired(&b, "R1"), 1);
    assert_int_equal(b.got.repeats, 1);
    close_bench(&b);
}

static void drills_and_tests_are_apart(void **state)
{
    (void)state;
    bench b;
    open_bench(&b, "tests/data/bench_rules.yaml", (vg_engine_opts){0});
    vg_record drill = at(&b, 0, "fence_alarm"), test = at(&b, 0, "fence_alarm");
    drill.world = 7;
    test.flags |= VG_REC_TEST;
    feed(&b, drill);
    feed(&b, test);
    feed(&b, at(&b, 1, "door_forced"));
    assert_int_equal(fired(&b, "R1"), 0);
    drill = at(&b, 2, "door_forced");
    drill.world = 7;
    feed(&b, drill);
    assert_int_equal(fired(&b, "R1"), 1);
    assert_int_equal(b.got.out.v[b.got.out.n - 1].key.world, 7);
    close_bench(&b);
}

static void absence_fires_on_a_tick_and_waits_for_the_next(void **state)
{
    (void)state;
    bench b;
    open_bench(&b, "tests/data/bench_rules.yaml", (vg_engine_opts){0});
    const vg_engine_sink sink = help_sink(&b.got);
    feed(&b, at(&b, 0, "checkpoint"));
    vg_engine_advance(b.e, T0 + 1800 * VG_SECOND_US, &sink);
    assert_int_equal(fired(&b, "R2"), 0);
    vg_engine_advance(b.e, T0 + 1800 * VG_SECOND_US + 1, &sink);
    vg_engine_advance(b.e, T0 + 9999 * VG_SECOND_US, &sink);
    assert_int_equal(fired(&b, "R2"), 1);
    assert_int_equal(b.got.out.v[0].t, T0 + 1800 * VG_SECOND_US);
    vg_engine_advance(b.e, INT64_MAX, &sink);
    close_bench(&b);
}

static void a_silent_source_holds_absence(void **state)
{
    (void)state;
    bench b;
    open_bench(&b, "tests/data/bench_rules.yaml", (vg_engine_opts){0});
    const vg_engine_sink sink = help_sink(&b.got);
    feed(&b, at(&b, 0, "checkpoint"));
    feed(&b, at(&b, 600, "source_silent"));
    vg_engine_advance(b.e, T0 + 80000 * VG_SECOND_US, &sink);
    assert_int_equal(fired(&b, "R2"), 0);
    feed(&b, at(&b, 90000, "source_returned"));
    vg_engine_advance(b.e, T0 + 91800 * VG_SECOND_US, &sink);
    assert_int_equal(fired(&b, "R2"), 0);
    vg_engine_advance(b.e, T0 + 91801 * VG_SECOND_US, &sink);
    assert_int_equal(fired(&b, "R2"), 1);
    close_bench(&b);
}

static vg_xvalue since(void *ctx, const vg_xname *fact, vg_str key, int64_t t)
{
    assert_int_equal(key.n, 0);
    assert_string_equal(fact->name, "patrol_on_duty");
    return vg_x_bool(t > *(int64_t *)ctx);
}

static void a_fact_that_does_not_hold_puts_off(void **state)
{
    (void)state;
    int64_t on_duty = T0 + 4000 * VG_SECOND_US;
    bench b;
    open_bench(&b, "tests/data/bench_rules.yaml",
               (vg_engine_opts){.fact = since, .fact_ctx = &on_duty});
    const vg_engine_sink sink = help_sink(&b.got);
    feed(&b, at(&b, 0, "checkpoint"));
    for (int s = 1; s <= 5400; s++) {
        vg_engine_advance(b.e, T0 + s * VG_SECOND_US, &sink);
    }
    assert_int_equal(fired(&b, "R2"), 0);
    vg_engine_advance(b.e, T0 + 5401 * VG_SECOND_US, &sink);
    assert_int_equal(fired(&b, "R2"), 1);
    close_bench(&b);
}

// A condition is asked of each event, at its own time; a rule sleeps only while it is known that it should.
static void conditions_are_asked_of_each_event(void **state)
{
    (void)state;
    static const char yaml[] = "name: hot\ndetection: { selection: { kind: heat, where: 'value > "
                               "60 and zone != \"kitchen\"' },"
                               " condition: selection }\n---\n"
                               "name: R\ntitle: Nóng\nlevel: high\n"
                               "correlation: { type: event, rules: [hot], group-by: [zone] }\n"
                               "x-vonggac: { active-when: 'not patrol_on_duty or day = sun' }\n";
    bench b;
    int64_t on_duty = T0 + 10 * VG_SECOND_US;  // on duty after that
    open_bench_on(&b, help_rules_of("f", vg_str_c(yaml)),
                  (vg_engine_opts){.fact = since, .fact_ctx = &on_duty});
    static const struct {
        int second, value;
        const char *zone;
        size_t fired;
    } steps[] = {
        {1, 60, "vault", 0}, {2, 61, "vault", 1}, {3, 99, "kitchen", 1},
        {4, 99, NULL, 1},    {5, 61, "vault", 2}, {11, 61, "vault", 2},
    };
    for (size_t i = 0; i < VG_LEN(steps); i++) {
        vg_record r = at(&b, steps[i].second, "heat");
        r.value = steps[i].value;
        r.zone = steps[i].zone ? vg_intern_id(b.names.of[VG_ZONE], vg_str_c(steps[i].zone)) : 0;
        feed(&b, r);
        assert_int_equal(fired(&b, "R"), steps[i].fired);
    }
    close_bench(&b);
}

static void only_the_proven_clear(void **state)
{
    (void)state;
    bench b;
    open_bench(&b, "tests/data/mixed_rules.yaml", (vg_engine_opts){0});
    feed(&b, at(&b, 0, "a"));
    vg_record clear = at(&b, 1, "c");
    clear.verb = VG_VERB_RESTORE;
    clear.flags = 0;
    feed(&b, clear);
    feed(&b, at(&b, 2, "b"));
    assert_int_equal(fired(&b, "seq_first_kept"), 1);
    clear = at(&b, 3, "c");
    clear.verb = VG_VERB_RESTORE;
    feed(&b, clear);
    feed(&b, at(&b, 4, "b"));
    assert_int_equal(fired(&b, "seq_first_kept"), 1);
    close_bench(&b);
}

static void later_than_slack_goes_aside(void **state)
{
    (void)state;
    bench b;
    open_bench(&b, "tests/data/bench_rules.yaml", (vg_engine_opts){.slack_us = 5 * VG_SECOND_US});
    const vg_engine_sink sink = help_sink(&b.got);
    feed(&b, at(&b, 10, "door_forced"));
    feed(&b, at(&b, 5, "fence_alarm"));  // exactly the slack: still in time
    feed(&b, at(&b, 4, "fence_alarm"));
    assert_int_equal(b.got.late, 1);
    assert_int_equal(b.got.out.n, 0);
    vg_engine_advance(b.e, T0 + 16 * VG_SECOND_US, &sink);
    assert_int_equal(fired(&b, "R1"), 1);
    close_bench(&b);
}

static void a_clock_ahead_of_its_arrival_does_not_lead(void **state)
{
    (void)state;
    bench b;
    open_bench(&b, "tests/data/bench_rules.yaml", (vg_engine_opts){0});
    feed(&b, at(&b, 0, "checkpoint"));
    vg_record ahead = at(&b, 5000000, "fence_alarm");
    ahead.t_arrival = T0 + VG_SECOND_US;
    feed(&b, ahead);
    assert_int_equal(fired(&b, "R2"), 0);
    close_bench(&b);
}

static void full_keys_are_reported_and_swept(void **state)
{
    (void)state;
    bench b;
    open_bench(&b, "tests/data/bench_rules.yaml", (vg_engine_opts){.max_keys = 10});
    for (uint32_t i = 1; i <= 20; i++) {
        vg_record r = at(&b, 0, "fence_alarm");
        r.zone = i;
        feed(&b, r);
    }
    assert_int_equal(b.got.full, 1);  // R4 keys by device, of which there is one
    assert_int_equal(vg_engine_keys(b.e, 0), 10);
    vg_record r = at(&b, 100, "fence_alarm");
    r.zone = 99;
    feed(&b, r);
    assert_int_equal(vg_engine_keys(b.e, 0), 1);
    close_bench(&b);
}

static void an_id_names_rule_key_and_opening(void **state)
{
    (void)state;
    bench b;
    open_bench(&b, "tests/data/bench_rules.yaml", (vg_engine_opts){0});
    feed(&b, at(&b, 0, "fence_alarm"));
    feed(&b, at(&b, 40, "fence_alarm"));
    feed(&b, at(&b, 41, "door_forced"));
    assert_int_equal(b.got.out.n, 3);
    assert_memory_not_equal(&b.got.ids[0], &b.got.ids[1], sizeof *b.got.ids);
    assert_memory_not_equal(&b.got.ids[1], &b.got.ids[2], sizeof *b.got.ids);
    close_bench(&b);
}

static void damaged_or_foreign_snapshots_are_refused(void **state)
{
    (void)state;
    bench b;
    open_bench(&b, "tests/data/bench_rules.yaml", (vg_engine_opts){0});
    bench other;
    open_bench(&other, "tests/data/mixed_rules.yaml", (vg_engine_opts){0});
    feed(&b, at(&b, 0, "fence_alarm"));
    feed(&b, at(&b, 0, "checkpoint"));
    vg_buf saved;
    vg_buf_init(&saved, 1 << 20);
    vg_engine_save(b.e, &saved);
    assert_int_equal(vg_engine_restore(other.e, vg_buf_str(&saved), NULL), VG_EPRECOND);
    vg_engine *fresh = help_engine(b.set, &b.names, (vg_engine_opts){0});
    for (size_t i = 0; i < saved.n; i++) {
        saved.p[i] = (char)(saved.p[i] ^ 4);
        assert_int_equal(vg_engine_restore(fresh, vg_buf_str(&saved), NULL), VG_ECORRUPT);
        saved.p[i] = (char)(saved.p[i] ^ 4);
        assert_int_equal(vg_engine_restore(fresh, (vg_str){saved.p, i}, NULL), VG_ECORRUPT);
    }
    assert_int_equal(vg_engine_restore(fresh, vg_buf_str(&saved), NULL), VG_OK);
    vg_engine_destroy(fresh);
    vg_buf_done(&saved);
    close_bench(&b);
    close_bench(&other);
}

// The bench rules, all but one of their versions.
static vg_ruleset *changed_rules(const char *from, const char *to)
{
    size_t n = 0;
    char *yaml = help_file("tests/data/bench_rules.yaml", &n);
    assert_non_null(yaml);
    char *at = strstr(yaml, from);
    assert_non_null(at);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    vg_ruleset *set = help_rules_of("changed", (vg_str){yaml, n});
    free(yaml);
    return set;
}

static void what_an_unchanged_rule_knew_outlives_a_change_of_rules(void **state)
{
    (void)state;
    bench b;
    vg_buf saved;
    open_bench(&b, "tests/data/bench_rules.yaml", (vg_engine_opts){0});
    feed(&b, at(&b, 0, "fence_alarm"));
    feed(&b, at(&b, 0, "checkpoint"));
    vg_buf_init(&saved, 1 << 20);
    vg_engine_save(b.e, &saved);
    static const struct {
        const char *from, *to;
        size_t r1, r2;
    } changes[] = {{"gte: 5", "gte: 6", 1, 1},
                   {"timespan: 60s", "timespan: 61s", 0, 1},
                   {"timespan: 30m", "timespan: 31m", 1, 0}};
    for (size_t i = 0; i < VG_LEN(changes); i++) {
        bench c;
        open_bench_on(&c, changed_rules(changes[i].from, changes[i].to), (vg_engine_opts){0});
        c.seq = 10;
        assert_int_equal(vg_engine_restore(c.e, vg_buf_str(&saved), NULL), VG_EPRECOND);
        assert_int_equal(vg_engine_adopt(c.e, vg_buf_str(&saved), NULL), VG_OK);
        feed(&c, at(&c, 30, "door_forced"));
        feed(&c, at(&c, 3000, "badge_denied"));
        assert_int_equal(fired(&c, "R1"), changes[i].r1);
        assert_int_equal(fired(&c, "R2"), changes[i].r2);
        close_bench(&c);
    }
    vg_buf_done(&saved);
    close_bench(&b);
}

static void a_tick_is_wanted_for_deadlines_and_disorder_only(void **state)
{
    (void)state;
    bench b;
    open_bench(&b, "tests/data/bench_rules.yaml", (vg_engine_opts){.slack_us = 5 * VG_SECOND_US});
    assert_true(vg_engine_next_due(b.e) == INT64_MAX);
    feed(&b, at(&b, 10, "fence_alarm"));
    feed(&b, at(&b, 11, "door_forced"));
    assert_true(vg_engine_next_due(b.e) == INT64_MAX);  // in order: the fast lane has said it all
    feed(&b, at(&b, 9, "fence_alarm"));
    assert_int_equal(vg_engine_next_due(b.e), T0 + 14 * VG_SECOND_US);
    const vg_engine_sink sink = help_sink(&b.got);
    vg_engine_advance(b.e, T0 + 17 * VG_SECOND_US, &sink);
    assert_int_equal(vg_engine_confirmed(b.e), T0 + 12 * VG_SECOND_US);
    feed(&b, at(&b, 18, "checkpoint"));  // starts a deadline
    assert_int_equal(vg_engine_next_due(b.e), T0 + 23 * VG_SECOND_US);
    feed(&b, at(&b, 24, "fence_alarm"));
    vg_engine_advance(b.e, T0 + 30 * VG_SECOND_US, &sink);
    assert_int_equal(vg_engine_next_due(b.e), T0 + (18 + 1800 + 5) * VG_SECOND_US);
    close_bench(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_inclusive),
        cmocka_unit_test(suppression_hides_nothing_from_others),
        cmocka_unit_test(drills_and_tests_are_apart),
        cmocka_unit_test(absence_fires_on_a_tick_and_waits_for_the_next),
        cmocka_unit_test(a_silent_source_holds_absence),
        cmocka_unit_test(a_fact_that_does_not_hold_puts_off),
        cmocka_unit_test(conditions_are_asked_of_each_event),
        cmocka_unit_test(only_the_proven_clear),
        cmocka_unit_test(later_than_slack_goes_aside),
        cmocka_unit_test(a_clock_ahead_of_its_arrival_does_not_lead),
        cmocka_unit_test(full_keys_are_reported_and_swept),
        cmocka_unit_test(an_id_names_rule_key_and_opening),
        cmocka_unit_test(damaged_or_foreign_snapshots_are_refused),
        cmocka_unit_test(what_an_unchanged_rule_knew_outlives_a_change_of_rules),
        cmocka_unit_test(a_tick_is_wanted_for_deadlines_and_disorder_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
