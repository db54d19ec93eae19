// SPDX-License-Identifier: Apache-2.0
// More than usual for this place at this hour of the week (x-rate-anomaly): a Poisson CUSUM over the key's own
// baseline of 168 hours. The score of an hour with x events where mu are expected is x ln r - mu (r - 1), the
// log likelihood ratio of a rise r times; the sum never falls below 0 and the rule speaks when it reaches the
// threshold, which comes from a false-alarm budget (solve/surveil.h; science of it: docs/rules.md).
//
// It speaks within the hour: the count only grows. Until a key has VG_RATE_WEEKS weeks behind it the rule is
// silent, and says so in its sentence. The expected count is shrunk toward the key's mean hour by the weight of
// one week, so that an hour never seen busy is not infinitely surprising. Hours are Viet Nam's. A key unheard
// for ten weeks begins anew. What it does not do: seasons, holidays.
#include "engine/match.h"

#include <math.h>

enum {
    HOURS = 168,
    AT_RATE = HOURS / 6,
    AT_HOUR,
    AT_EVIDENCE,
    FORGET_HOURS = 10 * HOURS,
    THURSDAY_S = 3 * 24  // 1970-01-01; hours from Monday
};
#define HOUR_US (3600 * VG_SECOND_US)
#define VIET_NAM_HOURS 7
#define MU_LEAST 0.01

size_t rate_cells(void)
{
    return AT_EVIDENCE + RATE_EVIDENCE;
}

static uint32_t *baseline(state *s, int64_t hour)
{
    const size_t at = (size_t)((hour + VIET_NAM_HOURS + THURSDAY_S) % HOURS);
    return &s->c[at / 6].counts[at % 6];
}

// Of this hour of the week, in the weeks before this one.
static double expected(state *s)
{
    const int64_t hours = s->c[AT_RATE].rate.hour - s->c[AT_RATE].rate.first;
    const double mean = hours ? (double)s->c[AT_HOUR].counts[2] / (double)hours : 0;
    const int64_t weeks = hours / HOURS;  // whole ones
    const double mu = (*baseline(s, s->c[AT_RATE].rate.hour) + mean) / (double)(weeks + 1);
    return mu < MU_LEAST ? MU_LEAST : mu;
}

static bool speaks(const state *s)
{
    return s->c[AT_RATE].rate.hour - s->c[AT_RATE].rate.first >= VG_RATE_WEEKS * HOURS;
}

static double score(const vg_rule *r, state *s)
{
    const double z = s->c[AT_RATE].rate.score + s->c[AT_HOUR].counts[0] * log(r->ratio) -
                     expected(s) * (r->ratio - 1);
    return z > 0 ? z : 0;
}

static void close_hour(const vg_rule *r, state *s)
{
    uint32_t *now = s->c[AT_HOUR].counts;  // count, has fired, sum of all hours
    s->c[AT_RATE].rate.score = !speaks(s) || now[1] ? 0 : score(r, s);
    *baseline(s, s->c[AT_RATE].rate.hour) += now[0];
    now[2] += now[0];
    now[0] = now[1] = 0;
    s->n = 0;
    s->c[AT_RATE].rate.hour++;
}

// Brings the state to the event's hour. False: the hour is over and the event was only learned.
static bool reach_hour(const vg_rule *r, state *s, int64_t hour)
{
    if (s->mode == 0 || hour - s->c[AT_RATE].rate.hour > FORGET_HOURS) {
        memset(s->c, 0, rate_cells() * sizeof *s->c);
        s->mode = 1;
        s->n = 0;
        s->c[AT_RATE].rate.first = s->c[AT_RATE].rate.hour = hour;
    }
    if (hour < s->c[AT_RATE].rate.hour) {
        if (hour >= s->c[AT_RATE].rate.first) {
            (*baseline(s, hour))++;
            s->c[AT_HOUR].counts[2]++;
        }
        return false;
    }
    while (s->c[AT_RATE].rate.hour < hour) {
        close_hour(r, s);
    }
    return true;
}

void match_rate(vg_engine *e, rule_rt *rt, const hit *h)
{
    state *s = match_state(e, rt, h, NULL);
    if (!s || !reach_hour(rt->rule, s, h->t / HOUR_US)) {
        return;
    }
    uint32_t *now = s->c[AT_HOUR].counts;
    now[0]++;
    if (s->n == RATE_EVIDENCE) {
        memmove(&s->c[AT_EVIDENCE], &s->c[AT_EVIDENCE + 1], --s->n * sizeof *s->c);
    }
    s->c[AT_EVIDENCE + s->n++].ev = match_evidence(h);
    if (now[1] || !speaks(s) || score(rt->rule, s) < rt->rule->threshold) {
        return;
    }
    now[1] = 1;
    for (size_t i = 0; i < s->n; i++) {
        e->scratch[i] = s->c[AT_EVIDENCE + i].ev;
    }
    vg_alert a = match_alert(rt, h, e->scratch, s->n);
    a.count = now[0];
    stage_alert(e, rt, &a, h->sink);
}
