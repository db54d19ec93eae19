// SPDX-License-Identifier: Apache-2.0
// From the advice to the decision, by point and part of the day: the middle and the slowest tenth, and how many these
// stand on. With fewer than MIN_N there is a number and no figure: few passages in few hours would be one guard. The
// busiest five minutes beside it say whether there was a queue. Kept as counts, by tenths of a second up to a minute and
// by seconds up to ten, so that a year is no more than a day.
#include "domain/gatetests/service.h"

#include "solve/surveil.h"

enum { TENTHS = 600, WAITS = TENTHS + 540, MIN_N = 5 };  // longer was something else than an answer
#define TENTH_US INT64_C(100000)
#define SLOT_US INT64_C(300000000)
#define HOUR_US INT64_C(3600000000)

const char *const gatetests_bands[GATETESTS_BANDS] = {"morning", "afternoon", "night"};

int gatetests_band(int64_t us)
{
    const int64_t hour = (us / HOUR_US + 7) % 24;  // Viet Nam's
    return hour >= 6 && hour < 14 ? 0 : hour >= 14 && hour < 22 ? 1 : 2;
}

static int place_of(int64_t wait_us)
{
    const int64_t tenths = wait_us / TENTH_US, late = TENTHS + (tenths - TENTHS) / 10;
    return (int)(tenths < TENTHS ? tenths : late < WAITS ? late : WAITS - 1);
}

static int64_t ms_of(int place)
{
    return place < TENTHS ? place * 100 : 60000 + (place - TENTHS) * 1000;
}

void gatetests_count_turned(vg_arena *a, gatetests_service *s, int64_t asked_us, int64_t at_us)
{
    const int band = gatetests_band(at_us);
    if (!asked_us || asked_us > at_us) {
        return;
    }
    if (!s->v[band].waits) {
        s->v[band].waits = vg_arena_get(a, WAITS * sizeof *s->v[band].waits);
        if (!s->v[band].waits) {
            return;
        }
        memset(s->v[band].waits, 0, WAITS * sizeof *s->v[band].waits);
    }
    s->v[band].waits[place_of(at_us - asked_us)]++;
    s->v[band].n++;
}

void gatetests_count(vg_arena *a, gatetests_service *s, int64_t asked_us, int64_t at_us)
{
    const int band = gatetests_band(at_us);
    const int64_t slot = at_us / SLOT_US;
    s->v[band].in_slot = slot == s->v[band].slot ? s->v[band].in_slot + 1 : 1;
    s->v[band].slot = slot;
    if (s->v[band].in_slot > s->v[band].busiest) {
        s->v[band].busiest = s->v[band].in_slot;
        s->v[band].busiest_us = slot * SLOT_US;
    }
    gatetests_count_turned(a, s, asked_us, at_us);
}

// The longest of the shortest `share` of all.
static int64_t wait_ms(const uint32_t *waits, int64_t n, int share_percent)
{
    const int64_t want = (n * share_percent + 99) / 100;
    int64_t seen = 0;
    for (int i = 0; i < WAITS; i++) {
        seen += waits[i];
        if (seen >= want) {
            return ms_of(i);
        }
    }
    return ms_of(WAITS);
}

static void write_waits(vg_jw *w, const gatetests_service *s, int b, const char *const keys[3])
{
    vg_jw_ki64(w, keys[0], s->v[b].n);
    if (s->v[b].n >= MIN_N) {
        vg_jw_ki64(w, keys[1], wait_ms(s->v[b].waits, s->v[b].n, 50));
        vg_jw_ki64(w, keys[2], wait_ms(s->v[b].waits, s->v[b].n, 90));
    }
}

void gatetests_service_json(vg_jw *w, const gatetests_service *s, const gatetests_service *queue,
                            const char *point, vg_str name)
{
    static const char *const served[] = {"n", "half_ms", "ninety_ms"};
    static const char *const queued[] = {"queue_n", "queue_half_ms", "queue_ninety_ms"};
    for (int b = 0; b < GATETESTS_BANDS; b++) {
        if (!s->v[b].n && !s->v[b].busiest && !queue->v[b].n) {
            continue;
        }
        vg_jw_open(w, '{');
        vg_jw_kz(w, "point", point);
        vg_jw_kstr(w, "name", name);
        vg_jw_kz(w, "band", gatetests_bands[b]);
        write_waits(w, s, b, served);
        write_waits(w, queue, b, queued);
        vg_jw_ki64(w, "busiest", s->v[b].busiest);
        vg_jw_ktime(w, "busiest_at", s->v[b].busiest_us);
        vg_jw_close(w, '}');
    }
}

// --- checks left out --------------------------------------------------------------------------------
static const char *const check_names[GATETESTS_CHECKS] = {"rules", "certificate", "pass", "escort"};

static bool wants(vg_str reasons, const char *code)
{
    return memmem(reasons.p, reasons.n, code, strlen(code)) != NULL;
}

// As they stand in the reasons of advice.c; what was done at the gate is asked about anew and is no reason any more.
void gatetests_count_checks(gatetests_checks *c, vg_str reasons, int64_t at_us)
{
    const int b = gatetests_band(at_us);
    const bool of[GATETESTS_CHECKS] = {
        wants(reasons, "\"rules_unread\""),
        wants(reasons, "\"certificate_none\"") || wants(reasons, "\"certificate_over\""),
        wants(reasons, "\"pass_out\""), wants(reasons, "\"no_escort\"")};
    bool any = false;
    for (int i = 0; i < GATETESTS_CHECKS; i++) {
        c->v[b].of[i] += of[i];
        any = any || of[i];
    }
    c->v[b].n++;
    c->v[b].without += any;
}

void gatetests_checks_json(vg_jw *w, const gatetests_checks *c, const char *point, vg_str name)
{
    for (int b = 0; b < GATETESTS_BANDS; b++) {
        double low, high;
        if (!c->v[b].n) {
            continue;
        }
        vg_wilson(c->v[b].without, c->v[b].n, &low, &high);
        vg_jw_open(w, '{');
        vg_jw_kz(w, "point", point);
        vg_jw_kstr(w, "name", name);
        vg_jw_kz(w, "band", gatetests_bands[b]);
        vg_jw_ki64(w, "n", c->v[b].n);
        vg_jw_ki64(w, "without", c->v[b].without);
        vg_jw_key(w, "low");
        vg_jw_f64(w, low);
        vg_jw_key(w, "high");
        vg_jw_f64(w, high);
        for (int i = 0; i < GATETESTS_CHECKS; i++) {
            vg_jw_ki64(w, check_names[i], c->v[b].of[i]);
        }
        vg_jw_close(w, '}');
    }
}
