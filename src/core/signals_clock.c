// SPDX-License-Identifier: Apache-2.0
// Is a source's clock right? One report says little: it may be a stray, or have waited in the device until the line
// was back. So a clock is ahead when RUN reports in a row came from the future, which nothing but a clock explains.
// It is behind when reports of a source that speaks live are late by the same amount for BEHIND_S: what waited comes
// at once, and each report of it is late by another amount. It is right again after RUN reports that are off by less
// than half. What comes late without being a sign of either says nothing. Each turn is one event; the times of the
// reports stay as they are.
#include "core/core_impl.h"

#include "base/clock.h"

enum { RUN = 3, OFF_S = 30, STEADY_S = 5, BEHIND_S = 60 };

typedef enum sign { SIGN_NONE, SIGN_RIGHT, SIGN_AHEAD, SIGN_BEHIND } sign;

// Rows of a file, warnings of an authority and states told again are late by their nature.
static bool speaks_live(const vg_source *s, const vg_signal *g)
{
    return !(g->flags & VG_SIG_STATE) && strcmp(s->proto, "csv") != 0 &&
           strcmp(s->proto, "cap") != 0;
}

static sign sign_of(const vg_source *s, const vg_source_state *st, const vg_signal *g)
{
    const int64_t most = OFF_S * VG_SECOND_US / (st->clock.off ? 2 : 1);
    if (!g->captured_us) {
        return SIGN_NONE;
    }
    if (st->skew_us > most) {
        return SIGN_AHEAD;
    }
    if (st->skew_us >= -most) {
        return SIGN_RIGHT;
    }
    return speaks_live(s, g) ? SIGN_BEHIND : SIGN_NONE;
}

static bool goes_on(const vg_source_state *st, sign of)
{
    const int64_t moved = st->skew_us - st->clock.skew_us;
    return st->clock.sign == of && (of != SIGN_BEHIND || (moved <= STEADY_S * VG_SECOND_US &&
                                                          moved >= -STEADY_S * VG_SECOND_US));
}

static vg_status turn(vg_core *c, const vg_source *s, vg_source_state *st, const vg_signal *g,
                      vg_err *err)
{
    char args[96], tag[40];
    st->clock.off = !st->clock.off;
    snprintf(args, sizeof args, "{\"id\":\"%s\",\"skew_ms\":%lld}", s->id,
             (long long)(st->skew_us / VG_MS_US));
    snprintf(tag, sizeof tag, "%d/%lld", st->clock.off, (long long)g->received_us);
    const vg_cmd_id id = vg_cmd_derive("clock", vg_str_c(s->id), vg_str_c(tag));
    return vg_run_own(c, st->clock.off ? "sites.source_clock_off" : "sites.source_clock_right",
                      vg_str_c(args), &id, err);
}

vg_status vg_watch_clock(vg_core *c, const vg_source *s, vg_source_state *st, const vg_signal *g,
                         vg_err *err)
{
    const sign of = sign_of(s, st, g);
    if (of == SIGN_NONE) {
        return VG_OK;
    }
    if (!goes_on(st, of)) {
        st->clock.sign = (uint8_t)of;
        st->clock.run = 0;
        st->clock.since_us = g->received_us;
        st->clock.skew_us = st->skew_us;
    }
    st->clock.run = (uint8_t)(st->clock.run < RUN ? st->clock.run + 1 : RUN);
    const bool told =
        st->clock.run == RUN &&
        (of != SIGN_BEHIND || g->received_us - st->clock.since_us >= BEHIND_S * VG_SECOND_US);
    return told && (of != SIGN_RIGHT) != st->clock.off ? turn(c, s, st, g, err) : VG_OK;
}
