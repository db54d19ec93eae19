// SPDX-License-Identifier: Apache-2.0
// The verdict on one heading and the score of all. A stale statement is worth less than one nobody confirmed, and
// both more than none, so that writing something down never lowers the score and ageing never raises it. The credits
// are ours, not the law's.
#include "domain/dossier/judge.h"

static const struct {
    const char *name;
    int credit;  // of 100
} VERDICTS[] = {
    [DOSSIER_MISSING] = {"missing", 0},
    [DOSSIER_STALE] = {"stale", 40},
    [DOSSIER_UNVERIFIED] = {"unverified", 70},
    [DOSSIER_GOOD] = {"good", 100},
};

dossier_verdict dossier_judge(const dossier_want *want, const dossier_have *have)
{
    if (have->n <= 0) {
        return DOSSIER_MISSING;
    }
    if (want->stale_days > 0 && have->age_days > want->stale_days) {
        return DOSSIER_STALE;
    }
    return want->verified && !have->verified ? DOSSIER_UNVERIFIED : DOSSIER_GOOD;
}

const char *dossier_verdict_name(dossier_verdict v)
{
    return VERDICTS[v].name;
}

int dossier_score(const dossier_want *want, const dossier_verdict *verdict, size_t n)
{
    int64_t got = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        got += (int64_t)want[i].weight * VERDICTS[verdict[i]].credit;
        all += want[i].weight;
    }
    const int score = all > 0 ? (int)(got / all) : 100;
    return score == 0 && got > 0 ? 1 : score;  // something is not nothing
}
