// SPDX-License-Identifier: Apache-2.0
// Watching counts: how long until a chart cries wolf, which threshold a budget of false alarms allows, what is
// usual at this hour of the week. Pure functions of arrays; any thread; nothing is kept.
#pragma once

#include "base/err.h"

// --- CUSUM --------------------------------------------------------------------------------------
// S = max(0, S + x - k), an alarm at S >= h. k stands between what is usual (mu0) and what must be noticed (mu1).
double vg_cusum_k(double mu0, double mu1);
static inline double vg_cusum_step(double s, double x, double k)
{
    return s + x - k > 0 ? s + x - k : 0;
}

// Mean number of looks until an alarm when counts are Poisson with mean mu (Brook and Evans). h and k are taken on
// the grid of 1/VG_CUSUM_GRID, where the chain is exact. VG_EINVALID: nothing sensible; VG_ETOOBIG: too many states.
enum { VG_CUSUM_GRID = 10, VG_CUSUM_STATES = 800 };
vg_status vg_cusum_arl_poisson(double h, double k, double mu, double *ret,
                               vg_err *err) VG_USE_RESULT;
// The smallest h on the grid whose run length at mu0 is at least arl0.
vg_status vg_cusum_h_poisson(double k, double mu0, double arl0, double *ret_h,
                             vg_err *err) VG_USE_RESULT;
// The same for standard normal looks whose mean has moved by shift (Gauss-Legendre); here to check against what
// others publish.
double vg_cusum_arl_normal(double h, double k, double shift, bool two_sided);

// --- the budget ---------------------------------------------------------------------------------
// streams x looks a month, so many false alarms accepted a month: the run length each stream must have.
double vg_budget_arl0(double streams, double looks_a_month, double alarms_a_month);

// --- EARS C1 ------------------------------------------------------------------------------------
enum { VG_C1_DAYS = 7 };
// The limit for look i >= VG_C1_DAYS: mean of the seven looks before it + z of their standard deviations. An alarm
// is x[i] > limit.
double vg_ears_c1(const double *x, size_t i, double z);
#define VG_Z_001 3.0902323061678132  // the normal quantile of 1 - 0.001

// --- hour-of-week baseline ----------------------------------------------------------------------
enum { VG_WEEK_HOURS = 168 };

typedef struct vg_week {  // what was seen, by hour of the week; index 0 is Monday 00:00
    double total[VG_WEEK_HOURS], squares[VG_WEEK_HOURS];  // sums of the counts and of their squares
    double hours[VG_WEEK_HOURS];                          // how many such hours were watched
} vg_week;

typedef struct vg_baseline {
    double mean[VG_WEEK_HOURS];  // an hour, drawn towards the whole week's mean (Gamma prior)
    double all;                  // an hour, over the whole week
    double size;                 // of the negative binomial; INFINITY: Poisson
    double weeks;                // watched
} vg_baseline;

void vg_week_add(vg_week *w, int hour, double count);
void vg_baseline_make(const vg_week *w, vg_baseline *ret);
// Surprise: P(X >= x) when mu is usual. size INFINITY: Poisson, else negative binomial with variance mu + mu^2/size.
double vg_tail(int64_t x, double mu, double size);
// The smallest count in a window (a part of an hour, or hours) that by chance is reached at most alarms_a_month
// times a month in one stream. ret_expected: how often then.
int64_t vg_baseline_threshold(const vg_baseline *b, double window_hours, double alarms_a_month,
                              double *ret_expected);

// --- a proportion -------------------------------------------------------------------------------
// Wilson's interval for k of n at 95 %; n 0: from 0 to 1.
void vg_wilson(int64_t k, int64_t n, double *ret_low, double *ret_high);
