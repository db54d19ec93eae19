// SPDX-License-Identifier: Apache-2.0
// How long one waits at a point for an answer, by part of the day.
#pragma once

#include "domain/kit.h"

enum { GATETESTS_BANDS = 3 };  // morning, afternoon, night
typedef struct gatetests_service {
    struct {
        uint32_t *waits;  // NULL: none yet
        int64_t n, slot, in_slot, busiest, busiest_us;
    } v[GATETESTS_BANDS];
} gatetests_service;

int gatetests_band(int64_t us);
// One who passed at that moment. asked_us 0: not known.
void gatetests_count(vg_arena *a, gatetests_service *s, int64_t asked_us, int64_t at_us);
// One who was turned away: waited too, but did not go through.
void gatetests_count_turned(vg_arena *a, gatetests_service *s, int64_t asked_us, int64_t at_us);
// queue: how long one waited for the guard to look, in the same figures.
void gatetests_service_json(vg_jw *w, const gatetests_service *s, const gatetests_service *queue,
                            const char *point, vg_str name);
extern const char *const gatetests_bands[];

// What the advice wanted done first and the guard let through without, of all he decided.
enum { GATETESTS_CHECKS = 4 };  // rules, certificate, pass, escort
typedef struct gatetests_checks {
    struct {
        int64_t n, without, of[GATETESTS_CHECKS];  // without: of any of them
    } v[GATETESTS_BANDS];
} gatetests_checks;
void gatetests_count_checks(gatetests_checks *c, vg_str reasons, int64_t at_us);
void gatetests_checks_json(vg_jw *w, const gatetests_checks *c, const char *point, vg_str name);
