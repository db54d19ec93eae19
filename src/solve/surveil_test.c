// SPDX-License-Identifier: Apache-2.0
// The statistics against what others have published, and run lengths against playing the chart itself. The salmonella
// series comes from R's surveillance package where it is installed (VG_AGONA names a file of its 312 counts; see
// tests/stats/run): the data are GPL and not ours to ship.
#include "solve/surveil.h"

#include "base/prop_test.h"

#include <math.h>
#include <setjmp.h>
#include <cmocka.h>

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by)) {
        fail_msg("%.9g, not %.9g", got, want);
    }
}

// R package spc, xcusum.arl(k=.5, h, mu, sided="two")
static void normal_run_lengths_as_published(void **state)
{
    (void)state;
    near(vg_cusum_arl_normal(4, .5, 0, true), 167.684, .001);
    near(vg_cusum_arl_normal(4, .5, 1, true), 8.383, .001);
    near(vg_cusum_arl_normal(5, .5, 0, true), 465.444, .001);
    near(vg_cusum_arl_normal(5, .5, 1, true), 10.376, .001);
    near(vg_cusum_arl_normal(4, .5, 0, false), 2 * 167.684, .002);
}

// R package surveillance, arlCusum(h, k, theta)
static void poisson_run_lengths_as_published(void **state)
{
    (void)state;
    static const double table[][4] = {
        {4, 1.5, 1, 121.952}, {4, 1.5, 2, 7.506}, {5, 1.5, 1, 273.650}, {5, 1.5, 2, 9.438},
        {5, 3, 2, 188.491},   {6, 3, 2, 412.471}, {6, 3, 4, 6.190},
    };
    for (size_t i = 0; i < VG_LEN(table); i++) {
        double arl = 0;
        assert_int_equal(vg_cusum_arl_poisson(table[i][0], table[i][1], table[i][2], &arl, NULL),
                         VG_OK);
        near(arl, table[i][3], .0006);
    }
}

static void the_smallest_threshold_that_holds(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("the_smallest_threshold_that_holds");
    for (int i = 0; i < 20; i++) {
        const double mu0 = .1 + (double)vg_prop_below(&p, 40) / 10;
        const double k = round(vg_cusum_k(mu0, 2 * mu0) * 2 + .5) / 2;
        const double arl0 = 50 + (double)vg_prop_below(&p, 40000);
        double h = 0, arl = 0;
        assert_int_equal(vg_cusum_h_poisson(k, mu0, arl0, &h, NULL), VG_OK);
        assert_int_equal(vg_cusum_arl_poisson(h, k, mu0, &arl, NULL), VG_OK);
        assert_true(arl >= arl0);
        assert_int_equal(vg_cusum_arl_poisson(h - (k == floor(k) ? 1 : .5), k, mu0, &arl, NULL),
                         VG_OK);
        assert_true(arl < arl0);
    }
}

static void nonsense_is_refused(void **state)
{
    (void)state;
    double v = 7;
    assert_int_equal(vg_cusum_arl_poisson(NAN, 1, 1, &v, NULL), VG_EINVALID);
    assert_int_equal(vg_cusum_arl_poisson(4, -1, 1, &v, NULL), VG_EINVALID);
    assert_int_equal(vg_cusum_arl_poisson(4, 1, -1, &v, NULL), VG_EINVALID);
    assert_int_equal(vg_cusum_arl_poisson(1e5, 1.3, 1, &v, NULL), VG_ETOOBIG);
    assert_int_equal(vg_cusum_h_poisson(1, 2, 100, &v, NULL), VG_EINVALID);
    assert_true(v == 7);
}

// --- by playing ---------------------------------------------------------------------------------
static double unit(vg_prop *p)
{
    return ((double)(vg_prop_next(p) >> 11) + .5) / 9007199254740992.0;
}

static int64_t draw_poisson(vg_prop *p, double mu)
{
    const double stop = exp(-mu);
    double product = unit(p);
    int64_t n = 0;
    for (; product > stop; n++) {
        product *= unit(p);
    }
    return n;
}

static void run_lengths_as_played(void **state)
{
    (void)state;
    enum { RUNS = 4000 };
    vg_prop p = vg_prop_seed("run_lengths_as_played");
    for (int i = 0; i < 6; i++) {
        const double mu = .2 + (double)vg_prop_below(&p, 25) / 10;
        const double k = mu + .3 + (double)vg_prop_below(&p, 5) / 10;
        const double h = 2 + (double)vg_prop_below(&p, 20) / 10;
        const double kg = round(k * 10) / 10;
        double sum = 0, squares = 0, arl = 0;
        for (int run = 0; run < RUNS; run++) {
            // In tenths, so that S >= h is decided as exactly as in the chain.
            int64_t s = 0, n = 0;
            do {
                s += 10 * draw_poisson(&p, mu) - llround(kg * 10);
                s = s > 0 ? s : 0;
                n++;
            } while (s < llround(h * 10));
            sum += (double)n;
            squares += (double)n * (double)n;
        }
        const double mean = sum / RUNS, sd = sqrt((squares / RUNS - mean * mean) / RUNS);
        assert_int_equal(vg_cusum_arl_poisson(h, kg, mu, &arl, NULL), VG_OK);
        // Six draws at four standard errors: a true chain fails one seed in some 2,600.
        near(arl, mean, 4 * sd);
    }
}

// With a seed of its own the promised three standard errors hold, and stay so.
static void run_length_within_three_standard_errors(void **state)
{
    (void)state;
    enum { RUNS = 20000 };
    vg_prop p = {20261129};
    printf("# seed 20261129\n");
    double sum = 0, squares = 0, arl = 0;
    for (int run = 0; run < RUNS; run++) {
        double s = 0, n = 0;
        do {
            s = vg_cusum_step(s, (double)draw_poisson(&p, 1), 1.5);
            n++;
        } while (s < 4);
        sum += n;
        squares += n * n;
    }
    const double mean = sum / RUNS;
    assert_int_equal(vg_cusum_arl_poisson(4, 1.5, 1, &arl, NULL), VG_OK);
    near(arl, mean, 3 * sqrt((squares / RUNS - mean * mean) / RUNS));
}

// --- EARS C1 ------------------------------------------------------------------------------------
static void c1_by_hand(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 4, 5, 6, 7, 30};  // mean 4, variance 28/6
    near(vg_ears_c1(x, 7, 0), 4, 1e-12);
    near(vg_ears_c1(x, 7, VG_Z_001), 4 + VG_Z_001 * sqrt(28.0 / 6), 1e-9);
}

static void c1_on_salmonella_agona(void **state)
{
    (void)state;
    const char *path = getenv("VG_AGONA");
    double x[312];
    size_t n = 0, alarms = 0;
    if (!path) {
        skip();
    }
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    while (n < VG_LEN(x) && fscanf(f, "%lf", &x[n]) == 1) {
        n++;
    }
    fclose(f);
    assert_int_equal(n, 312);
    static const double first[] = {3.638, 4.090, 8.321, 8.433, 8.030};
    for (size_t i = 19; i < n; i++) {  // weeks 20 to 312
        const double limit = vg_ears_c1(x, i, VG_Z_001);
        alarms += x[i] > limit;
        if (i - 19 < VG_LEN(first)) {
            near(limit, first[i - 19], .0006);
        }
    }
    assert_int_equal(alarms, 16);
}

// --- the budget and the week --------------------------------------------------------------------
static void the_budget_of_the_book(void **state)
{
    (void)state;
    near(vg_budget_arl0(200, 720, 4), 36000, 1e-9);
    assert_true(isinf(vg_budget_arl0(200, 720, 0)));
}

static void tails(void **state)
{
    (void)state;
    near(vg_tail(0, 3, INFINITY), 1, 0);
    near(vg_tail(1, 2, INFINITY), 1 - exp(-2), 1e-12);
    near(vg_tail(5, 0.6, INFINITY), 3.94486018e-4, 1e-12);  // R: ppois(4, .6, lower=FALSE)
    near(vg_tail(12, 7, 2), 0.179695747, 1e-9);             // R: pnbinom(11, size=2, mu=7, …)
    near(vg_tail(1, 2, 1), 2.0 / 3, 1e-12);                 // geometric: (mu/(1+mu))^x
    near(vg_tail(5, 2, 1), pow(2.0 / 3, 5), 1e-12);
    near(vg_tail(3, 0, INFINITY), 0, 0);
    for (int64_t x = 0; x < 60; x++) {  // a tail never grows, and scatter makes it fatter far out
        assert_true(vg_tail(x + 1, 7, 2) <= vg_tail(x, 7, 2));
        assert_true(x < 12 || vg_tail(x, 7, 2) >= vg_tail(x, 7, INFINITY));
    }
    near(vg_tail(12, 7, 1e9), vg_tail(12, 7, INFINITY), 1e-6);
}

// Tuesday nights are busier than the rest: after eight weeks the baseline knows, and believes a quiet cell as much
// as the week around it.
static void a_busy_hour_is_learnt(void **state)
{
    (void)state;
    enum { BUSY = 24 + 22, WEEKS = 8 };
    vg_prop p = vg_prop_seed("a_busy_hour_is_learnt");
    vg_week w = {0};
    vg_baseline b;
    for (int week = 0; week < WEEKS; week++) {
        for (int h = 0; h < VG_WEEK_HOURS; h++) {
            vg_week_add(&w, h, (double)draw_poisson(&p, h == BUSY ? 20 : .5));
        }
    }
    vg_baseline_make(&w, &b);
    near(b.weeks, WEEKS, 1e-9);
    near(b.mean[BUSY], 20, 6);
    for (int h = 0; h < VG_WEEK_HOURS; h++) {
        const double raw = w.total[h] / w.hours[h];
        assert_true(h == BUSY || (b.mean[h] > 0 && b.mean[h] < 2));
        assert_true((b.mean[h] - raw) * (b.all - raw) >= -1e-12);  // drawn towards the week's
    }
    // Drawn, so the bound is some five times what is expected.
    assert_true(vg_tail(5, b.mean[3], b.size) < .05);
    assert_true(vg_tail(5, b.mean[BUSY], b.size) > .5);
}

static void nothing_seen_is_nothing_usual(void **state)
{
    (void)state;
    const vg_week none = {0};
    vg_baseline b;
    double often = -1;
    vg_baseline_make(&none, &b);
    assert_true(b.weeks == 0 && b.all == 0 && b.mean[5] == 0 && isinf(b.size));
    assert_int_equal(vg_baseline_threshold(&b, 1, 1, &often), 1);
    assert_true(often == 0);
}

static void a_threshold_keeps_its_budget(void **state)
{
    (void)state;
    enum { MONTHS = 400 };
    vg_prop p = vg_prop_seed("a_threshold_keeps_its_budget");
    vg_baseline b = {.size = INFINITY, .all = 2, .weeks = 8};
    double often = 0;
    for (int h = 0; h < VG_WEEK_HOURS; h++) {
        b.mean[h] = h % 24 < 8 ? .5 : 3;
    }
    const int64_t x = vg_baseline_threshold(&b, 1, 2, &often);
    assert_true(often <= 2 && often > 0);
    double fewer = 0;
    for (int h = 0; h < VG_WEEK_HOURS; h++) {
        fewer += vg_tail(x - 1, b.mean[h], b.size) / VG_WEEK_HOURS * 720;
    }
    assert_true(fewer > 2);  // one less would break it
    int64_t alarms = 0;
    for (int hour = 0; hour < MONTHS * 720; hour++) {
        alarms += draw_poisson(&p, b.mean[hour % VG_WEEK_HOURS]) >= x;
    }
    near((double)alarms / MONTHS, often, 4 * sqrt(often / MONTHS) + .02);
}

// Wilson's interval, as in Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29
static void wilson_as_published(void **state)
{
    (void)state;
    static const struct {
        int64_t k, n;
        double low, high;
    } table[] = {
        {81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, 0, .1611}, {1, 29, .0061, .1718}};
    for (size_t i = 0; i < VG_LEN(table); i++) {
        double low, high;
        vg_wilson(table[i].k, table[i].n, &low, &high);
        near(low, table[i].low, .00005);
        near(high, table[i].high, .00005);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_run_lengths_as_published),
        cmocka_unit_test(poisson_run_lengths_as_published),
        cmocka_unit_test(the_smallest_threshold_that_holds),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(run_lengths_as_played),
        cmocka_unit_test(run_length_within_three_standard_errors),
        cmocka_unit_test(c1_by_hand),
        cmocka_unit_test(c1_on_salmonella_agona),
        cmocka_unit_test(the_budget_of_the_book),
        cmocka_unit_test(tails),
        cmocka_unit_test(a_busy_hour_is_learnt),
        cmocka_unit_test(nothing_seen_is_nothing_usual),
        cmocka_unit_test(a_threshold_keeps_its_budget),
        cmocka_unit_test(wilson_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
