// SPDX-License-Identifier: Apache-2.0
// Rules over alerts of rules, and rules over months: what the property test's short streams cannot show.
// The rules over alerts are held against two passes of the naive reference: the lower rules first, their
// alerts written into the stream as events, then the upper rules alone. VG_SEED repeats a run.
#include "engine/explain.h"
#include "engine/test_help.h"

#define DOC(name, kind) \
    "name: " name "\ndetection: { selection: { kind: '" kind "' }, condition: selection }\n---\n"
#define LOWER                                                                                      \
    DOC("a", "a")                                                                                  \
    DOC("b", "b")                                                                                  \
    "name: pair\ntitle: Cặp\nlevel: low\n"                                                       \
    "correlation: { type: temporal_ordered, rules: [a, b], group-by: [site, zone], timespan: 30s " \
    "}\n"                                                                                          \
    "x-vonggac: { pick: latest, consume: true }\n---\n"                                            \
    "name: quiet\ntitle: Vắng\nlevel: low\n"                                                     \
    "correlation: { type: x-absence, rules: [b], group-by: [site], timespan: 40s }\n"              \
    "x-vonggac: { fire: once-until-next }\n"
#define UPPER(pair, quiet)                                                                    \
    "name: pairs\ntitle: x\nlevel: high\n"                                                    \
    "correlation: { type: event_count, rules: [" pair "], group-by: [site], timespan: 3m, "   \
    "condition: { gte: 3 } }\nx-vonggac: { refire: reset }\n---\n"                            \
    "name: pair_then_quiet\ntitle: x\nlevel: high\n"                                          \
    "correlation: { type: temporal_ordered, rules: [" pair ", " quiet "], group-by: [site], " \
    "timespan: 2m }\nx-vonggac: { pick: latest, consume: true }\n---\n"                       \
    "name: no_pair\ntitle: x\nlevel: low\n"                                                   \
    "correlation: { type: x-absence, rules: [" pair "], group-by: [site], timespan: 90s }\n"  \
    "x-vonggac: { fire: once-until-next }\n"

static uint64_t seed_of(void)
{
    const char *given = getenv("VG_SEED");
    const uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)vg_now_us();
    print_message("# VG_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

static uint32_t below(uint64_t *s, uint32_t n)
{
    *s = *s * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*s >> 33) % n;
}

static uint32_t id(vg_names *names, vg_space space, const char *z)
{
    return vg_intern_id(names->of[space], vg_str_c(z));
}

enum { EVENTS = 900 };
#define T0 (INT64_C(1764000000) * VG_SECOND_US)

static void stream(uint64_t *g, vg_names *names, vg_record *v)
{
    static const char *const sites[] = {"s1", "s2"}, *const zones[] = {"z1", "z2", "z3"};
    int64_t t = T0;
    for (size_t i = 0; i < EVENTS; i++) {
        t += (int64_t)below(g, 60) * VG_SECOND_US / 4 + 1;  // no two at one time
        v[i] = (vg_record){.t_event = t,
                           .seq = (int64_t)i + 1,
                           .source_seq = (int64_t)i + 1,
                           .site = id(names, VG_SITE, sites[below(g, 2)]),
                           .zone = id(names, VG_ZONE, zones[below(g, 3)]),
                           .kind = (uint16_t)id(names, VG_KIND, below(g, 2) ? "a" : "b"),
                           .flags = VG_REC_AUTHENTICATED};
    }
}

// The stream with the alerts of the lower rules in it, each where it came up.
static size_t with_alerts(vg_names *names, const vg_ruleset *lower, const vg_record *v,
                          const ref_out *alerts, vg_record *into)
{
    size_t n = 0, next = 0;
    for (size_t i = 0; i <= EVENTS; i++) {
        for (int sub = 0; sub < 2; sub++) {
            if (sub && i < EVENTS) {
                into[n++] = v[i];
            }
            for (; next < alerts->n && alerts->v[next].at == i &&
                   alerts->v[next].sub == (uint32_t)sub;
                 next++) {
                const ref_alert *a = &alerts->v[next];
                const vg_evidence *last = &a->evidence[a->n_evidence - 1];
                char kind[32];
                snprintf(kind, sizeof kind, "alert-%s", lower->rules[a->rule].name);
                into[n++] = (vg_record){.t_event = a->t,
                                        .seq = last->seq,
                                        .site = a->key.id[0],
                                        .kind = (uint16_t)id(names, VG_KIND, kind),
                                        .flags = VG_REC_AUTHENTICATED};
            }
        }
    }
    return n;
}

static int by_moment(const void *a, const void *b)
{
    const ref_alert *x = a, *y = b;
    const int64_t kx[] = {x->t, x->rule, x->key.id[0]}, ky[] = {y->t, y->rule, y->key.id[0]};
    for (size_t i = 0; i < VG_LEN(kx); i++) {
        if (kx[i] != ky[i]) {
            return kx[i] < ky[i] ? -1 : 1;
        }
    }
    return 0;
}

static void rules_over_alerts_as_in_two_passes(void **state)
{
    (void)state;
    uint64_t g = seed_of();
    vg_ruleset *whole = help_rules_of("whole", vg_str_c(LOWER "---\n" UPPER("pair", "quiet")));
    vg_ruleset *lower = help_rules_of("lower", vg_str_c(LOWER));
    vg_ruleset *upper = help_rules_of(
        "upper", vg_str_c(DOC("p", "alert-pair") DOC("q", "alert-quiet") UPPER("p", "q")));
    size_t fired[3] = {0};
    for (int round = 0; round < 20; round++) {
        vg_names names;
        vg_names_init(&names);
        vg_record *v = vg_alloc(EVENTS * sizeof *v), *both = vg_alloc(3 * EVENTS * sizeof *both);
        stream(&g, &names, v);
        const int64_t end = v[EVENTS - 1].t_event + 1000 * VG_SECOND_US;
        ref_out first = {0}, want = {0};
        ref_run(lower, &names, v, EVENTS, end, &first);
        const size_t n = with_alerts(&names, lower, v, &first, both);
        ref_run(upper, &names, both, n, end, &want);
        help_got got = {0};
        vg_engine *e = help_engine(whole, &names, (vg_engine_opts){0});
        const vg_engine_sink sink = help_sink(&got);
        vg_engine_feed(e, v, EVENTS, &sink);
        vg_engine_advance(e, end, &sink);
        size_t m = 0;  // the upper rules' alone, numbered as in their own file
        for (size_t i = 0; i < got.out.n; i++) {
            if (got.out.v[i].rule >= 2) {
                got.out.v[m] = got.out.v[i];
                got.out.v[m++].rule -= 2;
            }
        }
        got.out.n = m;
        qsort(got.out.v, got.out.n, sizeof *got.out.v, by_moment);
        qsort(want.v, want.n, sizeof *want.v, by_moment);
        for (size_t i = 0; i < want.n; i++) {
            fired[want.v[i].rule]++;
        }
        help_compare(upper, &want, &got.out, true, "strata");
        vg_engine_destroy(e);
        help_got_done(&got);
        free(first.v);
        free(want.v);
        free(v);
        free(both);
        vg_names_done(&names);
    }
    assert_true(fired[0] && fired[1] && fired[2]);
    assert_int_equal(whole->rules[2].stratum, 1);
    vg_ruleset_destroy(whole);
    vg_ruleset_destroy(lower);
    vg_ruleset_destroy(upper);
}

// --- across sites -------------------------------------------------------------------------------
#define ACROSS(pair)                                                                           \
    "name: pairs_at_two\ntitle: x\nlevel: high\n"                                              \
    "correlation: { type: value_count, rules: [" pair "], timespan: 2m, condition: { gte: 2, " \
    "field: site } }\nx-vonggac: { across: sites, refire: reset }\n---\n"                      \
    "name: a_then_pair\ntitle: x\nlevel: high\n"                                               \
    "correlation: { type: temporal_ordered, rules: [a, " pair "], timespan: 20s }\n"           \
    "x-vonggac: { across: sites, pick: latest, consume: true }\n"

// Alerts of the upper two of four rules, numbered as in a file of their own.
static void run_upper(const vg_ruleset *set, vg_names *names, vg_engine_run run, const vg_record *v,
                      size_t n, help_got *got)
{
    vg_engine *e = help_engine(set, names, (vg_engine_opts){.run = run});
    const vg_engine_sink sink = help_sink(got);
    vg_engine_feed(e, v, n, &sink);
    vg_engine_destroy(e);
    size_t m = 0;
    for (size_t i = 0; i < got->out.n; i++) {
        assert_true(run == VG_RUN_ALL || (got->out.v[i].rule >= 2) == (run == VG_RUN_ACROSS));
        if (got->out.v[i].rule >= 2) {
            got->out.v[m] = got->out.v[i];
            got->out.v[m++].rule -= 2;
        }
    }
    got->out.n = m;
}

static void rules_across_sites_run_apart_as_together(void **state)
{
    (void)state;
    uint64_t g = seed_of();
    vg_ruleset *whole = help_rules_of("whole", vg_str_c(LOWER "---\n" ACROSS("pair")));
    vg_ruleset *lower = help_rules_of("lower", vg_str_c(LOWER));
    vg_ruleset *upper =
        help_rules_of("upper", vg_str_c(DOC("a", "a") DOC("p", "alert-pair") ACROSS("p")));
    size_t fired[2] = {0};
    for (int round = 0; round < 20; round++) {
        vg_names names;
        vg_names_init(&names);
        vg_record *v = vg_alloc(EVENTS * sizeof *v), *both = vg_alloc(3 * EVENTS * sizeof *both);
        stream(&g, &names, v);
        ref_out first = {0}, want = {0};
        ref_run(lower, &names, v, EVENTS, v[EVENTS - 1].t_event, &first);
        const size_t n = with_alerts(&names, lower, v, &first, both);
        ref_run(upper, &names, both, n, v[EVENTS - 1].t_event, &want);
        for (size_t i = 0; i < want.n; i++) {
            fired[want.v[i].rule]++;
        }
        help_got together = {0}, apart = {0}, site = {0};
        run_upper(whole, &names, VG_RUN_ALL, v, EVENTS, &together);
        run_upper(whole, &names, VG_RUN_SITE, v, EVENTS, &site);
        const uint32_t from = id(&names, VG_KIND, "alert-pair");
        for (size_t i = 0; i < n; i++) {
            both[i].kind =
                both[i].kind == from ? (uint16_t)id(&names, VG_KIND, "alert:pair") : both[i].kind;
        }
        run_upper(whole, &names, VG_RUN_ACROSS, both, n, &apart);
        assert_int_equal(site.out.n, 0);
        help_compare(upper, &want, &together.out, false, "together");
        help_compare(upper, &want, &apart.out, false, "apart");
        help_got_done(&together);
        help_got_done(&apart);
        help_got_done(&site);
        free(first.v);
        free(want.v);
        free(v);
        free(both);
        vg_names_done(&names);
    }
    assert_true(fired[0] && fired[1]);
    vg_ruleset_destroy(whole);
    vg_ruleset_destroy(lower);
    vg_ruleset_destroy(upper);
}

static void a_changed_lower_rule_changes_the_version_above(void **state)
{
    (void)state;
    vg_ruleset *one = help_rules_of("one", vg_str_c(LOWER "---\n" UPPER("pair", "quiet")));
    vg_buf text;
    vg_buf_init(&text, 1 << 16);
    vg_buf_c(&text, LOWER "---\n" UPPER("pair", "quiet"));
    char *span = strstr(vg_buf_z(&text), "30s");
    assert_non_null(span);
    span[0] = '2';
    vg_ruleset *two = help_rules_of("two", vg_buf_str(&text));
    assert_string_not_equal(one->rules[2].version, two->rules[2].version);
    vg_buf_reset(&text);
    vg_rule_explain(one, 2, VG_VI, &text);
    assert_non_null(strstr(vg_buf_z(&text), "báo động “Cặp”"));
    vg_buf_done(&text);
    vg_ruleset_destroy(one);
    vg_ruleset_destroy(two);
}

// --- months -------------------------------------------------------------------------------------
#define RATE                                                                \
    DOC("a", "a")                                                           \
    "name: busy\ntitle: x\nlevel: low\n"                                    \
    "correlation: { type: x-rate-anomaly, rules: [a], group-by: [site] }\n" \
    "x-vonggac: { ratio: 3, threshold: 7 }\n"

// Seven weeks, busier by day; from week six on a fourfold rise on one evening.
static size_t weeks(uint64_t *g, vg_names *names, vg_record *v, size_t max)
{
    size_t n = 0;
    for (int64_t hour = 0; hour < 7 * 168; hour++) {
        const int64_t of_day = (hour + 7) % 24;
        const uint32_t mean = of_day >= 7 && of_day < 19 ? 6 : 1;
        // a rise that is one whatever is drawn around it
        const uint32_t count = hour == 5 * 168 + 40 ? 24 : below(g, 2 * mean + 1);
        for (uint32_t i = 0; i < count && n < max; i++, n++) {
            v[n] = (vg_record){.t_event =
                                   T0 + (hour * 3600 + (int64_t)i * 3599 / count) * VG_SECOND_US,
                               .seq = (int64_t)n + 1,
                               .source_seq = (int64_t)n + 1,
                               .site = id(names, VG_SITE, "s1"),
                               .kind = (uint16_t)id(names, VG_KIND, "a")};
        }
    }
    return n;
}

static void a_rise_is_found_after_four_weeks_as_the_reference_finds_it(void **state)
{
    (void)state;
    enum { MAX = 20000 };
    uint64_t g = seed_of();
    vg_ruleset *set = help_rules_of("rate", vg_str_c(RATE));
    vg_names names;
    vg_names_init(&names);
    vg_record *v = vg_alloc(MAX * sizeof *v);
    const size_t n = weeks(&g, &names, v, MAX);
    ref_out want = {0};
    ref_run(set, &names, v, n, v[n - 1].t_event, &want);
    help_got got = {0};
    vg_engine *e = help_engine(set, &names, (vg_engine_opts){0});
    const vg_engine_sink sink = help_sink(&got);
    vg_engine_feed(e, v, n / 2, &sink);
    vg_buf saved;  // a baseline outlives a restart
    vg_buf_init(&saved, 1 << 20);
    vg_engine_save(e, &saved);
    vg_engine_destroy(e);
    e = help_engine(set, &names, (vg_engine_opts){0});
    vg_err err = {0};
    assert_int_equal(vg_engine_restore(e, vg_buf_str(&saved), &err), VG_OK);
    vg_engine_feed(e, v + n / 2, n - n / 2, &sink);
    help_compare(set, &want, &got.out, true, "rate");
    assert_true(want.n > 0);
    for (size_t i = 0; i < want.n; i++) {  // silent until its weeks are over
        assert_true(want.v[i].t >= v[0].t_event +
                                       (int64_t)VG_RATE_WEEKS * 168 * 3600 * VG_SECOND_US -
                                       3600 * VG_SECOND_US);
    }
    vg_buf_done(&saved);
    vg_engine_destroy(e);
    free(want.v);
    free(v);
    help_got_done(&got);
    vg_names_done(&names);
    vg_ruleset_destroy(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_over_alerts_as_in_two_passes),
        cmocka_unit_test(rules_across_sites_run_apart_as_together),
        cmocka_unit_test(a_changed_lower_rule_changes_the_version_above),
        cmocka_unit_test(a_rise_is_found_after_four_weeks_as_the_reference_finds_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
