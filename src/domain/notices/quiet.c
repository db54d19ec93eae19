// SPDX-License-Identifier: Apache-2.0
// Quiet hours: pure arithmetic on Viet Nam's clock, which has had no daylight saving since 1975.
#include "domain/notices/notices.h"

#include "base/clock.h"

int64_t notices_after_quiet(int64_t t_us, int from_min, int to_min)
{
    static const int64_t minute_us = 60 * VG_SECOND_US, day_us = 86400 * VG_SECOND_US,
                         offset_us = 7 * 3600 * VG_SECOND_US;
    if (from_min < 0 || to_min < 0 || from_min == to_min) {
        return t_us;
    }
    const int64_t in_day = (t_us + offset_us) % day_us;
    const int64_t from = from_min * minute_us, to = to_min * minute_us;
    const bool quiet = from < to ? in_day >= from && in_day < to : in_day >= from || in_day < to;
    if (!quiet) {
        return t_us;
    }
    return t_us - in_day + to + (in_day >= to ? day_us : 0);
}
