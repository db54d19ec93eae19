// SPDX-License-Identifier: Apache-2.0
// How complete a dossier is: pure arithmetic over what there is. Nothing here reads a clock or a table.
#pragma once

#include "base/err.h"

// From worst to best: a page lists them in this order.
typedef enum dossier_verdict {
    DOSSIER_MISSING,
    DOSSIER_STALE,
    DOSSIER_UNVERIFIED,
    DOSSIER_GOOD
} dossier_verdict;

typedef struct dossier_want {
    int weight;
    int stale_days;  // older than this is stale; 0: never
    bool verified;   // a second person must have confirmed it
} dossier_want;

typedef struct dossier_have {
    int64_t n;         // how many there are
    int64_t age_days;  // of the newest
    bool verified;     // the newest was confirmed
} dossier_have;

dossier_verdict dossier_judge(const dossier_want *want, const dossier_have *have);
const char *dossier_verdict_name(dossier_verdict v);
// 0 to 100: 0 only when all is missing, 100 only when all is good. Nothing wanted: 100.
int dossier_score(const dossier_want *want, const dossier_verdict *verdict, size_t n);
