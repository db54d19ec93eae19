// SPDX-License-Identifier: Apache-2.0
// Statistics of alarms over counts. Run lengths come from the chain of Brook and Evans (1972): the states are the
// values S can take below h, Q their moves without an alarm, and the mean run from 0 is the first element of
// (I-Q)^-1 1. With counts and k on a grid the chain is exact, not an approximation. A weekly baseline is drawn
// towards the mean of the whole week by a Gamma prior fitted by moments, so that an hour seen four times is not
// believed more than it deserves; where counts scatter more than Poisson's, the negative binomial's tail is used,
// because the thin tail is what drowns a desk. Nothing here decides: thresholds are proposals for people.
#include "solve/surveil.h"

#include <float.h>
#include <math.h>

double vg_cusum_k(double mu0, double mu1)
{
    return fabs(mu1 - mu0) < DBL_EPSILON ? mu0 : (mu1 - mu0) / log(mu1 / mu0);
}

// --- linear equations ---------------------------------------------------------------------------
// Solves a x = b in place, a being n x n and diagonally dominant as I-Q is: no pivoting needed.
static void eliminate(double *a, double *b, size_t n)
{
    for (size_t p = 0; p < n; p++) {
        for (size_t i = p + 1; i < n; i++) {
            const double f = a[i * n + p] / a[p * n + p];
            for (size_t j = p + 1; f != 0 && j < n; j++) {
                a[i * n + j] -= f * a[p * n + j];
            }
            b[i] -= f * b[p];
        }
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++) {
            b[i] -= a[i * n + j] * b[j];
        }
        b[i] /= a[i * n + i];
    }
}

// --- Poisson ------------------------------------------------------------------------------------
static double poisson(int64_t x, double mu)
{
    if (x < 0) {
        return 0;
    }
    return mu <= 0 ? (double)(x == 0) : exp((double)x * log(mu) - mu - lgamma((double)x + 1));
}

static double poisson_up_to(int64_t x, double mu)
{
    double sum = 0;
    for (int64_t i = 0; i <= x; i++) {
        sum += poisson(i, mu);
    }
    return sum;
}

static int64_t gcd(int64_t a, int64_t b)
{
    return b == 0 ? a : gcd(b, a % b);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

// States i/d for 0 <= i < h; k and h are counted in 1/d. A count x moves i to i + x d - k.
static double chain_arl(int64_t h, int64_t k, int64_t d, double mu)
{
    const size_t n = (size_t)h;
    double *a = vg_alloc(n * n * sizeof *a), *b = vg_alloc(n * sizeof *b);
    for (int64_t i = 0; i < h; i++) {
        for (int64_t j = 0; j < h; j++) {
            double p = 0;
            if (j == 0) {
                p = poisson_up_to(floor_div(k - i, d), mu);
            } else if ((j - i + k) % d == 0) {
                p = poisson((j - i + k) / d, mu);
            }
            a[(size_t)i * n + (size_t)j] = (double)(i == j) - p;
        }
        b[i] = 1;
    }
    eliminate(a, b, n);
    const double arl = b[0];
    free(a);
    free(b);
    return arl;
}

static vg_status on_grid(double v, const char *name, int64_t *ret, vg_err *err)
{
    if (!isfinite(v) || v < 0 || v > 1e6) {
        return vg_fail(err, VG_EINVALID, name, "err.not_a_number", "%g", v);
    }
    *ret = llround(v * VG_CUSUM_GRID);
    return VG_OK;
}

vg_status vg_cusum_arl_poisson(double h, double k, double mu, double *ret, vg_err *err)
{
    int64_t hi = 0, ki = 0, d = VG_CUSUM_GRID;
    VG_TRY(on_grid(h, "h", &hi, err));
    VG_TRY(on_grid(k, "k", &ki, err));
    if (!isfinite(mu) || mu < 0) {
        return vg_fail(err, VG_EINVALID, "mu", "err.not_a_number", "%g", mu);
    }
    if (hi == 0) {
        *ret = 1;
        return VG_OK;
    }
    // S only takes multiples of what k and 1 have in common: h goes up to the next of them.
    const int64_t common = gcd(d, ki);
    d /= common;
    ki /= common;
    hi = (hi + common - 1) / common;
    if (hi > VG_CUSUM_STATES) {
        return vg_fail(err, VG_ETOOBIG, "h", "err.too_long", "%g", h);
    }
    const double arl = chain_arl(hi, ki, d, mu);
    // Beyond the precision of the elimination (or never): not a number to promise.
    *ret = isfinite(arl) && arl >= 1 && arl < 1e12 ? arl : INFINITY;
    return VG_OK;
}

vg_status vg_cusum_h_poisson(double k, double mu0, double arl0, double *ret_h, vg_err *err)
{
    int64_t ki = 0, low = 0;  // low is too small, high large enough
    double arl = 1;
    VG_TRY(on_grid(k, "k", &ki, err));
    if (k <= mu0) {  // it drifts upwards by itself: no h is enough
        return vg_fail(err, VG_EINVALID, "k", "err.not_a_number", "%g", k);
    }
    const int64_t common = gcd(VG_CUSUM_GRID, ki), most = VG_CUSUM_STATES;
    int64_t high = 1;
    while (high <= most) {
        VG_TRY(vg_cusum_arl_poisson((double)(high * common) / VG_CUSUM_GRID, k, mu0, &arl, err));
        if (arl >= arl0) {
            break;
        }
        low = high;
        high *= 2;
    }
    if (high > most) {
        return vg_fail(err, VG_ETOOBIG, "arl0", "err.too_long", "%g", arl0);
    }
    while (high - low > 1) {
        const int64_t mid = (low + high) / 2;
        VG_TRY(vg_cusum_arl_poisson((double)(mid * common) / VG_CUSUM_GRID, k, mu0, &arl, err));
        *(arl >= arl0 ? &high : &low) = mid;
    }
    *ret_h = (double)(high * common) / VG_CUSUM_GRID;
    return VG_OK;
}

// --- normal -------------------------------------------------------------------------------------
enum { NODES = 48 };

// Nodes and weights of Gauss and Legendre on (0, h).
static void legendre(double h, double x[NODES], double w[NODES])
{
    for (int i = 0; i < NODES; i++) {
        double z = cos(M_PI * (i + 0.75) / (NODES + 0.5)), slope = 1;
        for (int turn = 0; turn < 50; turn++) {
            double p0 = 1, p1 = z;
            for (int n = 2; n <= NODES; n++) {
                const double p2 = ((2 * n - 1) * z * p1 - (n - 1) * p0) / n;
                p0 = p1;
                p1 = p2;
            }
            slope = NODES * (z * p1 - p0) / (z * z - 1);
            z -= p1 / slope;
        }
        x[i] = h / 2 * (1 - z);
        w[i] = h / ((1 - z * z) * slope * slope);
    }
}

static double density(double z)
{
    return exp(-z * z / 2) / sqrt(2 * M_PI);
}

static double below(double z)
{
    return erfc(-z / M_SQRT2) / 2;
}

// L(s) = 1 + L(0) P(s + x - k <= 0) + integral of L(y) f(y - s + k) over (0, h), at 0 and at the nodes.
static double one_sided(double h, double k, double shift)
{
    enum { N = NODES + 1 };
    double x[NODES], w[NODES], at[N], b[N];
    double *a = vg_alloc((size_t)N * N * sizeof *a);
    legendre(h, x, w);
    at[0] = 0;
    memcpy(at + 1, x, sizeof x);
    for (int i = 0; i < N; i++) {
        a[i * N] = (double)(i == 0) - below(k - at[i] - shift);
        for (int j = 1; j < N; j++) {
            a[i * N + j] = (double)(i == j) - w[j - 1] * density(at[j] - at[i] + k - shift);
        }
        b[i] = 1;
    }
    eliminate(a, b, N);
    free(a);
    return b[0];
}

double vg_cusum_arl_normal(double h, double k, double shift, bool two_sided)
{
    const double up = one_sided(h, k, shift);
    return two_sided ? 1 / (1 / up + 1 / one_sided(h, k, -shift)) : up;  // Kemp: exact from zero
}

double vg_budget_arl0(double streams, double looks_a_month, double alarms_a_month)
{
    return alarms_a_month > 0 ? streams * looks_a_month / alarms_a_month : INFINITY;
}

double vg_ears_c1(const double *x, size_t i, double z)
{
    double sum = 0, squares = 0;
    for (size_t j = i - VG_C1_DAYS; j < i; j++) {
        sum += x[j];
    }
    const double mean = sum / VG_C1_DAYS;
    for (size_t j = i - VG_C1_DAYS; j < i; j++) {
        squares += (x[j] - mean) * (x[j] - mean);
    }
    return mean + z * sqrt(squares / (VG_C1_DAYS - 1));
}

// --- the week -----------------------------------------------------------------------------------
void vg_week_add(vg_week *w, int hour, double count)
{
    w->total[hour] += count;
    w->squares[hour] += count * count;
    w->hours[hour] += 1;
}

// Shape and rate of the prior by moments: how far the cells' rates differ beyond what Poisson explains. A rate of
// INFINITY: they do not, every cell is the whole week's.
static void prior(const vg_week *w, double mean, double *ret_shape, double *ret_rate)
{
    double spread = 0, noise = 0;
    int cells = 0;
    for (int c = 0; c < VG_WEEK_HOURS; c++) {
        if (w->hours[c] > 0) {
            const double rate = w->total[c] / w->hours[c];
            spread += (rate - mean) * (rate - mean);
            noise += mean / w->hours[c];
            cells++;
        }
    }
    const double extra = cells > 1 ? spread / (cells - 1) - noise / cells : 0;
    *ret_rate = extra > 0 ? mean / extra : INFINITY;
    *ret_shape = extra > 0 ? mean * mean / extra : INFINITY;
}

// The negative binomial's size by moments, over all hours with their own means.
static double size_of(const vg_week *w, const double mean[VG_WEEK_HOURS])
{
    double over = 0, squares = 0;
    for (int c = 0; c < VG_WEEK_HOURS; c++) {
        const double m = mean[c];
        over += w->squares[c] - 2 * m * w->total[c] + m * m * w->hours[c] - m * w->hours[c];
        squares += m * m * w->hours[c];
    }
    return over > 0 && squares > 0 ? squares / over : INFINITY;
}

void vg_baseline_make(const vg_week *w, vg_baseline *ret)
{
    double total = 0, hours = 0, shape, rate;
    for (int c = 0; c < VG_WEEK_HOURS; c++) {
        total += w->total[c];
        hours += w->hours[c];
    }
    *ret = (vg_baseline){.all = hours > 0 ? total / hours : 0, .weeks = hours / VG_WEEK_HOURS};
    prior(w, ret->all, &shape, &rate);
    for (int c = 0; c < VG_WEEK_HOURS; c++) {
        ret->mean[c] = isfinite(rate) ? (shape + w->total[c]) / (rate + w->hours[c]) : ret->all;
    }
    ret->size = size_of(w, ret->mean);
}

static double count_mass(int64_t x, double mu, double size)
{
    if (!isfinite(size)) {
        return poisson(x, mu);
    }
    const double n = (double)x;
    return exp(lgamma(n + size) - lgamma(size) - lgamma(n + 1) - size * log1p(mu / size) +
               n * (log(mu) - log(mu + size)));
}

double vg_tail(int64_t x, double mu, double size)
{
    double sum = 0;
    if (x <= 0) {
        return 1;
    }
    if (!(mu > 0)) {
        return 0;
    }
    if ((double)x <= mu) {
        for (int64_t i = 0; i < x; i++) {
            sum += count_mass(i, mu, size);
        }
        return sum < 1 ? 1 - sum : 0;
    }
    // Above the mean the terms fall: from the first one on, until they add nothing.
    double term = count_mass(x, mu, size);
    for (int64_t i = x; term > sum * 1e-15; i++) {
        sum += term;
        const double n = (double)i;
        term *= isfinite(size) ? (n + size) / (n + 1) * (mu / (mu + size)) : mu / (n + 1);
    }
    return sum;
}

static double expected(const vg_baseline *b, double window_hours, int64_t x)
{
    enum { MONTH_HOURS = 720 };
    double sum = 0;
    for (int c = 0; c < VG_WEEK_HOURS; c++) {
        sum += vg_tail(x, b->mean[c] * window_hours, b->size);
    }
    return sum / VG_WEEK_HOURS * MONTH_HOURS / window_hours;
}

int64_t vg_baseline_threshold(const vg_baseline *b, double window_hours, double alarms_a_month,
                              double *ret_expected)
{
    enum { MOST = 1 << 20 };
    int64_t low = 0, high = 1;
    while (high < MOST && expected(b, window_hours, high) > alarms_a_month) {
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        const int64_t mid = (low + high) / 2;
        *(expected(b, window_hours, mid) > alarms_a_month ? &low : &high) = mid;
    }
    *ret_expected = expected(b, window_hours, high);
    return high;
}

void vg_wilson(int64_t k, int64_t n, double *ret_low, double *ret_high)
{
    static const double z = 1.959963984540054;
    if (n <= 0) {
        *ret_low = 0;
        *ret_high = 1;
        return;
    }
    const double m = (double)n, p = (double)k / m, zz = z * z;
    const double centre = (p + zz / (2 * m)) / (1 + zz / m);
    const double half = z / (1 + zz / m) * sqrt(p * (1 - p) / m + zz / (4 * m * m));
    *ret_low = k == 0 || centre < half ? 0 : centre - half;
    *ret_high = k == n || centre + half > 1 ? 1 : centre + half;
}
