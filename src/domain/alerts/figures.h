// SPDX-License-Identifier: Apache-2.0
// What the queries on alarms share: the period and scope that was asked for, the standards in force.
#pragma once

#include "base/clock.h"
#include "domain/alerts/alerts.h"

enum { ALARM_SLOT_S = 600, ALARM_DAY_S = 86400, ALARM_EAST_S = 7 * 3600 };

// ?1 and ?2 first and last day, ?3 site or '', ?4 agency or ''
#define ALARM_SCOPE(site)                                                                          \
    " AND (?3 = '' OR " site " = ?3) AND (?4 = '' OR " site " IN (SELECT w.id FROM v_site w WHERE" \
    " w.agency = ?4))"
#define ALARM_DAYS "d.world = 0 AND d.day BETWEEN ?1 AND ?2" ALARM_SCOPE("d.site")

typedef struct alerts_period {
    int64_t now_us, first_day, last_day, from_us, to_us;  // to: now, if that is earlier
    vg_val v[4];
} alerts_period;
// So many days up to today, at a site or an agency's sites ("": all).
void alerts_period_of(int64_t days, vg_str site, vg_str agency, alerts_period *ret);

typedef struct alerts_standards {
    int64_t acceptable, flood, stale_h;
} alerts_standards;
// Those in force today; also writes the member "standards" to the answer.
vg_status alerts_standards_of(vg_read *rd, int64_t now_us, alerts_standards *ret,
                              vg_err *err) VG_USE_RESULT;

void alerts_jw_f64(vg_jw *w, const char *key, double v);
// "judged", "share_false", "low", "high": how often it was wrong, of what somebody judged.
void alerts_jw_share(vg_jw *w, int64_t n_false, int64_t n_real);
