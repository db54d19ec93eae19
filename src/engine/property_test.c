// SPDX-License-Identifier: Apache-2.0
// Random streams through every rule type at once, against the naive reference; then the same stream cut
// into single records, shuffled within the slack, and interrupted by a snapshot. VG_SEED repeats a run.
#include "engine/test_help.h"

enum { ROUNDS = 30, EVENTS_MAX = 1500 };

typedef struct rng {
    uint64_t s;
} rng;

static uint32_t below(rng *r, uint32_t n)
{
    uint64_t z = (r->s += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) >> 16) % n;
}

static uint32_t name(vg_names *n, vg_space space, const char *prefix, uint32_t i)
{
    char z[16];
    snprintf(z, sizeof z, "%s%u", prefix, i);
    return vg_intern_id(n->of[space], vg_str_c(z));
}

static vg_record random_record(rng *g, vg_names *n, int64_t t, int64_t seq)
{
    static const char *const kinds[] = {
        "a", "b", "c", "ab", "other", "source_silent", "source_returned"};
    static const uint8_t verbs[] = {VG_VERB_RAISE, VG_VERB_RAISE,   VG_VERB_RAISE, VG_VERB_RAISE,
                                    VG_VERB_RAISE, VG_VERB_RESTORE, VG_VERB_ARM};
    const uint32_t kind = below(g, 50);
    return (vg_record){.t_event = t,
                       .t_arrival = below(g, 2) ? t + below(g, 5) : 0,
                       .seq = seq,
                       .source_seq = seq,
                       .site = name(n, VG_SITE, "s", below(g, 4)),
                       .zone = below(g, 9) ? name(n, VG_ZONE, "z", below(g, 5)) : 0,
                       .device = name(n, VG_DEVICE, "d", below(g, 6)),
                       .source = name(n, VG_SOURCE, "src", below(g, 2)),
                       .world = below(g, 8) == 0,
                       .value = (int32_t)kind,
                       .kind = (uint16_t)vg_intern_id(
                           n->of[VG_KIND], vg_str_c(kinds[kind >= 48 ? kind - 43 : kind % 5])),
                       .verb = verbs[below(g, VG_LEN(verbs))],
                       .flags = (uint8_t)((below(g, 3) ? VG_REC_AUTHENTICATED : 0) |
                                          (below(g, 8) ? 0 : VG_REC_TEST))};
}

// Bursts, equal times, quiet minutes and now and then a jump of hours.
static size_t random_stream(rng *g, vg_names *names, vg_record *v)
{
    const size_t n = 50 + below(g, EVENTS_MAX - 50);
    int64_t t = INT64_C(1764000000) * VG_SECOND_US;
    for (size_t i = 0; i < n; i++) {
        const uint32_t pace = below(g, 1000);
        t += pace < 300   ? 0
             : pace < 900 ? below(g, 12) * VG_SECOND_US / 4
             : pace < 995 ? below(g, 90) * VG_SECOND_US
                          : (int64_t)below(g, 20000) * VG_SECOND_US;
        v[i] = random_record(g, names, t, (int64_t)i + 1);
        v[i].source_seq = (int64_t)i;
    }
    return n;
}

// z0 - z1 - z2 - z3 - z4, and z0 is next to z4 too.
static uint32_t ordinal(const vg_names *names, uint32_t zone)
{
    const vg_str z = vg_intern_text(names->of[VG_ZONE], zone);
    return z.n == 2 ? (uint32_t)(z.p[1] - '0') : 99;
}

static bool next_to(const vg_names *names, uint32_t zone, uint32_t other)
{
    const uint32_t a = ordinal(names, zone), b = ordinal(names, other);
    return a < 5 && b < 5 && (a + 1 == b || b + 1 == a || a + b == 4) && a != b &&
           (a + b != 4 || a == 0 || b == 0);
}

static size_t zones_next_to(void *ctx, uint32_t site, uint32_t zone, uint32_t ret_zones[])
{
    vg_names *names = ctx;
    size_t n = 0;
    (void)site;
    for (uint32_t i = 0; i < 5; i++) {
        const uint32_t other = name(names, VG_ZONE, "z", i);
        if (next_to(names, zone, other)) {
            ret_zones[n++] = other;
        }
    }
    return n;
}

static vg_engine *engine_of(const vg_ruleset *set, vg_names *names, vg_engine_opts opts)
{
    opts.neighbours = zones_next_to;
    opts.neighbours_ctx = names;
    return help_engine(set, names, opts);
}

static void run(vg_engine *e, const vg_record *v, size_t n, size_t step, help_got *got)
{
    const vg_engine_sink sink = help_sink(got);
    for (size_t i = 0; i < n; i += step) {
        vg_engine_feed(e, v + i, step < n - i ? step : n - i, &sink);
    }
}

static void finish(vg_engine *e, int64_t end, help_got *got)
{
    const vg_engine_sink sink = help_sink(got);
    vg_engine_advance(e, end, &sink);
}

typedef struct round {
    const vg_ruleset *set;
    vg_names names;
    vg_record *v;
    size_t n;
    int64_t end;
    ref_out want;
    rng g;
} round_state;

static void cut(round_state *r, size_t step, const char *what)
{
    vg_engine *e = engine_of(r->set, &r->names, (vg_engine_opts){0});
    help_got got = {.e = e};
    run(e, r->v, r->n, step, &got);
    finish(e, r->end, &got);
    help_compare(r->set, &r->want, &got.out, true, what);
    help_got_done(&got);
    vg_engine_destroy(e);
}

// The records again under names met in another order.
static void rename_all(const round_state *r, vg_names *to, vg_record *v)
{
    vg_intern_id(to->of[VG_DEVICE], VG_S("a stranger"));
    vg_intern_id(to->of[VG_KIND], VG_S("nothing"));
    for (size_t i = r->n; i-- > 0;) {
        v[i] = r->v[i];
        v[i].site = vg_intern_id(to->of[VG_SITE], vg_intern_text(r->names.of[VG_SITE], v[i].site));
        v[i].zone = vg_intern_id(to->of[VG_ZONE], vg_intern_text(r->names.of[VG_ZONE], v[i].zone));
        v[i].device =
            vg_intern_id(to->of[VG_DEVICE], vg_intern_text(r->names.of[VG_DEVICE], v[i].device));
        v[i].source =
            vg_intern_id(to->of[VG_SOURCE], vg_intern_text(r->names.of[VG_SOURCE], v[i].source));
        v[i].kind = (uint16_t)vg_intern_id(to->of[VG_KIND],
                                           vg_intern_text(r->names.of[VG_KIND], v[i].kind));
    }
}

static void interrupted(round_state *r, vg_engine_opts opts)
{
    vg_engine *whole = engine_of(r->set, &r->names, opts),
              *first = engine_of(r->set, &r->names, opts);
    help_got want = {.e = whole}, got = {.e = first};
    run(whole, r->v, r->n, r->n, &want);
    finish(whole, r->end, &want);
    const size_t at = below(&r->g, (uint32_t)r->n);
    run(first, r->v, at, 7, &got);
    vg_buf saved;
    vg_buf_init(&saved, 64 << 20);
    vg_engine_save(first, &saved);
    vg_engine_destroy(first);
    vg_names other;
    vg_names_init(&other);
    vg_record *again = vg_alloc(r->n * sizeof *again);
    rename_all(r, &other, again);
    vg_engine *second = engine_of(r->set, &other, opts);
    vg_err err = {0};
    assert_int_equal(vg_engine_restore(second, vg_buf_str(&saved), &err), VG_OK);
    got.e = second;
    run(second, again + at, r->n - at, 11, &got);
    finish(second, r->end, &got);
    help_compare(r->set, &want.out, &got.out, false, "snapshot");
    assert_memory_equal(want.ids, got.ids, want.out.n * sizeof *want.ids);
    assert_int_equal(want.full, got.full);
    free(again);
    vg_engine_destroy(whole);
    vg_engine_destroy(second);
    vg_names_done(&other);
    vg_buf_done(&saved);
    help_got_done(&want);
    help_got_done(&got);
}

typedef struct moved {
    int64_t arrives;
    vg_record r;
} moved;

static int by_arrival(const void *a, const void *b)
{
    const moved *x = a, *y = b;
    return x->arrives != y->arrives ? (x->arrives > y->arrives) - (x->arrives < y->arrives)
                                    : (x->r.seq > y->r.seq) - (x->r.seq < y->r.seq);
}

// Every record comes up to `slack` late: the confirm lane must give what the order of events gives.
static void shuffled(round_state *r)
{
    const int64_t slack = 5 * VG_SECOND_US;
    moved *m = vg_alloc(r->n * sizeof *m);
    for (size_t i = 0; i < r->n; i++) {
        m[i].r = r->v[i];
        m[i].r.source = 0;  // one source: the tie-break is its sequence
        m[i].r.t_arrival = 0;
        m[i].arrives = r->v[i].t_event + (below(&r->g, 3) ? 0 : below(&r->g, 6) * VG_SECOND_US);
    }
    vg_record *in_order = vg_alloc(r->n * sizeof *in_order),
              *arrived = vg_alloc(r->n * sizeof *arrived);
    for (size_t i = 0; i < r->n; i++) {
        in_order[i] = m[i].r;
    }
    qsort(m, r->n, sizeof *m, by_arrival);
    for (size_t i = 0; i < r->n; i++) {
        arrived[i] = m[i].r;
    }
    ref_out want = {0};
    ref_run_with(r->set, &r->names, in_order, r->n, r->end, next_to, &want);
    vg_engine *e = engine_of(r->set, &r->names, (vg_engine_opts){.slack_us = slack});
    help_got got = {.e = e};
    run(e, arrived, r->n, 1 + below(&r->g, 9), &got);
    finish(e, r->end + slack, &got);
    assert_int_equal(got.late, 0);
    help_compare(r->set, &want, &got.out, true, "shuffled");
    free(want.v);
    free(m);
    free(in_order);
    free(arrived);
    help_got_done(&got);
    vg_engine_destroy(e);
}

static void one_round(const vg_ruleset *set, uint64_t seed, size_t *fired)
{
    round_state r = {.set = set, .g = {seed}, .v = vg_alloc(EVENTS_MAX * sizeof(vg_record))};
    vg_names_init(&r.names);
    r.n = random_stream(&r.g, &r.names, r.v);
    r.end = r.v[r.n - 1].t_event + (int64_t)below(&r.g, 10000) * VG_SECOND_US + 1;
    ref_run_with(set, &r.names, r.v, r.n, r.end, next_to, &r.want);
    cut(&r, r.n, "bulk");
    cut(&r, 1, "one by one");
    interrupted(&r, (vg_engine_opts){0});
    interrupted(&r, (vg_engine_opts){.slack_us = 3 * VG_SECOND_US});
    interrupted(&r, (vg_engine_opts){.max_keys = 5});
    shuffled(&r);
    for (size_t i = 0; i < r.want.n; i++) {
        fired[r.want.v[i].rule]++;
    }
    free(r.want.v);
    free(r.v);
    vg_names_done(&r.names);
}

static void every_type_as_the_reference(void **state)
{
    (void)state;
    const char *given = getenv("VG_SEED");
    const uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)vg_now_us();
    vg_ruleset *set = help_rules("tests/data/mixed_rules.yaml");
    size_t *fired = vg_alloc(set->n_rules * sizeof *fired);
    for (uint64_t i = 0; i < (given ? 1 : ROUNDS); i++) {
        print_message("# VG_SEED=%llu\n", (unsigned long long)(seed + i));
        one_round(set, seed + i, fired);
    }
    for (size_t i = 0; i < set->n_rules; i++) {
        print_message("# %s: %zu\n", set->rules[i].name, fired[i]);
        assert_true(given || fired[i] > 0);
    }
    free(fired);
    vg_ruleset_destroy(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_type_as_the_reference)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
