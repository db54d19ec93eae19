// SPDX-License-Identifier: Apache-2.0
// What happens in a day of the invented province. Each role of a device has a planner that draws from the seed:
// offices open and close, people badge, rounds are walked, now and then a detector is wrong or the mains fail.
// The told stories (demo/story.jsonl) come on top. A plan depends on seed, number of the day and fleet alone, and
// each device has its own stream of chance: a device more does not change what the others do.
#include "app/demo_impl.h"
#include "app/simulate.h"
#include "base/clock.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

typedef struct planner {
    sim_plan *plan;
    const sim_device *d;
    uint16_t index;
    uint64_t chance;
    int64_t start_us;
} planner;

// --- chance ---------------------------------------------------------------------------------------
static uint64_t mix(uint64_t x)  // splitmix64
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static int between(planner *p, int from, int to)  // both included
{
    p->chance = mix(p->chance);
    return from + (int)(p->chance % (uint64_t)(to - from + 1));
}

static bool percent(planner *p, int n)
{
    return between(p, 1, 100) <= n;
}

// --- the plan -------------------------------------------------------------------------------------
static void add(sim_plan *p, sim_say s)
{
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 512;
        p->v = vg_realloc(p->v, p->cap * sizeof *p->v);
    }
    s.order = (uint32_t)p->n;
    p->v[p->n++] = s;
}

static void say(planner *p, int second, sim_act act, int point, int user)
{
    if (second >= 0 && second < DAY_S) {
        add(p->plan, (sim_say){.at_us = p->start_us + second * VG_SECOND_US,
                               .device = p->index,
                               .user = (uint16_t)user,
                               .act = (uint8_t)act,
                               .point = (uint8_t)point});
    }
}

static int by_time(const void *x, const void *y)
{
    const sim_say *a = x, *b = y;
    return a->at_us != b->at_us  ? (a->at_us < b->at_us ? -1 : 1)
           : a->order < b->order ? -1
                                 : a->order > b->order;
}

// A point whose detector is of this kind, or SIM_NO_POINT.
static int point_of(planner *p, const char *kind)
{
    int found[SIM_MAX_POINTS], n = 0;
    for (int i = 0; i < p->d->n_points; i++) {
        if (strcmp(p->d->points[i].kind, kind) == 0) {
            found[n++] = i;
        }
    }
    return n ? found[between(p, 0, n - 1)] : SIM_NO_POINT;
}

static void false_alarm(planner *p, const char *kind, int odds, int from_h, int to_h)
{
    const int point = point_of(p, kind);
    const int at = between(p, from_h * HOUR_S, to_h * HOUR_S - 1), lasts = between(p, 20, 150);
    if (percent(p, odds) && point != SIM_NO_POINT) {
        say(p, at, SIM_alarm, point, 0);
        say(p, at + lasts, SIM_restore, point, 0);
    }
}

// --- roles ----------------------------------------------------------------------------------------
static void office_hours(planner *p, int open_min, int close_min)
{
    const int keeper = between(p, 1, 9);
    say(p, open_min * MINUTE_S + between(p, -600, 600), SIM_disarm, SIM_NO_POINT, keeper);
    say(p, close_min * MINUTE_S + between(p, -900, 1500), SIM_arm, SIM_NO_POINT, between(p, 1, 9));
}

static void plan_vault(planner *p)
{
    office_hours(p, 7 * 60 + 50, 16 * 60 + 50);
    false_alarm(p, "motion_alarm", 15, 0, 24);
    false_alarm(p, "seismic", 4, 8, 16);
}

static void plan_office(planner *p)
{
    office_hours(p, 6 * 60 + 50, 18 * 60 + 10);
    false_alarm(p, "motion_alarm", 40, 19, 24);
    false_alarm(p, "motion_alarm", 25, 0, 6);
    false_alarm(p, "glass_break", 8, 0, 24);
}

static void plan_fence(planner *p)
{
    false_alarm(p, "fence_alarm", 30, 0, 6);
    false_alarm(p, "fence_alarm", 30, 12, 24);
}

static void plan_fire(planner *p)
{
    false_alarm(p, "smoke", 12, 10, 13);
    false_alarm(p, "heat", 3, 10, 18);
}

static void badge(planner *p, int second)
{
    const int point = p->d->n_points ? between(p, 0, p->d->n_points - 1) : SIM_NO_POINT,
              user = between(p, 10, 199);
    if (percent(p, 3)) {
        say(p, second, SIM_denied, point, user);
        second += between(p, 4, 9);
    }
    say(p, second, SIM_granted, point, user);
    say(p, second + 1, SIM_opened, point, 0);
    say(p, second + between(p, 4, 11), SIM_closed, point, 0);
}

static void plan_doors(planner *p)
{
    static const struct {
        int from_min, to_min, people;
    } WAVES[] = {{6 * 60 + 50, 7 * 60 + 40, 26},
                 {7 * 60 + 40, 11 * 60 + 20, 22},
                 {11 * 60 + 20, 12 * 60, 10},
                 {13 * 60, 13 * 60 + 40, 10},
                 {13 * 60 + 40, 16 * 60 + 30, 18},
                 {16 * 60 + 30, 17 * 60 + 45, 16},
                 {18 * 60, 23 * 60, 4},
                 {0, 6 * 60, 2}};
    for (size_t i = 0; i < VG_LEN(WAVES); i++) {
        for (int k = 0; k < WAVES[i].people; k++) {
            badge(p, between(p, WAVES[i].from_min * MINUTE_S, WAVES[i].to_min * MINUTE_S));
        }
    }
    if (percent(p, 25)) {  // somebody with a card that does not fit
        const int at = between(p, 8 * HOUR_S, 20 * HOUR_S),
                  point = between(p, 0, p->d->n_points - 1);
        for (int k = 0; k < 6; k++) {
            say(p, at + k * between(p, 9, 16), SIM_denied, point, 219);
        }
    }
}

static void plan_patrol(planner *p)
{
    for (int at = between(p, 5, 40) * MINUTE_S; at < DAY_S;) {
        const int n = p->d->n_points;
        const int first = n ? between(p, 0, n - 1) : 0, step = percent(p, 50) ? 1 : n - 1;
        for (int i = 0, t = at; i < n; i++, t += between(p, 80, 260)) {
            say(p, t, SIM_checkpoint, (first + i * step) % n, 0);
        }
        const int hour = at / HOUR_S;
        at += (hour < 5 || hour >= 22 ? between(p, 38, 75) : between(p, 95, 150)) * MINUTE_S;
    }
}

static void plan_approach(planner *p)
{
    for (int i = between(p, 2, 4); i > 0; i--) {
        const int at = between(p, 7 * HOUR_S, 18 * HOUR_S);
        say(p, at, SIM_alarm, 0, 0);
        say(p, at + between(p, 60, 400), SIM_restore, 0, 0);
    }
}

static void watch(planner *p, const char *kind, int at, int lasts)
{
    const int point = point_of(p, kind);
    if (point != SIM_NO_POINT) {
        say(p, at, SIM_alarm, point, 0);
        say(p, at + lasts, SIM_restore, point, 0);
    }
}

static void plan_camera(planner *p)
{
    for (int i = between(p, 1, 2); i > 0; i--) {
        watch(p, "vehicle_stopped", between(p, 8 * HOUR_S, 17 * HOUR_S), between(p, 60, 300));
    }
    if (percent(p, 50)) {
        watch(p, "loitering", between(p, 19 * HOUR_S, 23 * HOUR_S), between(p, 30, 240));
    }
}

// A terminal has no points: 1 stands for "on the way out" (simulate_http.c).
static void plan_terminal(planner *p)
{
    for (int i = 0; i < 18; i++) {
        const int who = 101 + i;
        say(p, between(p, 6 * HOUR_S + 45 * MINUTE_S, 8 * HOUR_S), SIM_granted, 0, who);
        say(p, between(p, 16 * HOUR_S + 30 * MINUTE_S, 18 * HOUR_S), SIM_granted, 1, who);
    }
    for (int i = between(p, 4, 8); i > 0; i--) {  // the night's programme
        say(p, between(p, 18 * HOUR_S, 23 * HOUR_S), SIM_granted, between(p, 0, 1),
            between(p, 119, 130));
    }
}

static void plan_stranger(planner *p)
{
    for (int at = between(p, 0, 3) * HOUR_S; at < DAY_S; at += between(p, 4, 7) * HOUR_S) {
        say(p, at, SIM_test, SIM_NO_POINT, 0);
    }
}

// What every panel has: a test at night; sometimes the mains.
static void plan_panel(planner *p)
{
    say(p, between(p, 2 * HOUR_S, 5 * HOUR_S), SIM_test, SIM_NO_POINT, 0);
    const bool fails = percent(p, 10), runs_low = percent(p, 30);
    const int at = between(p, 0, DAY_S - 1), lasts = between(p, 8, 90) * MINUTE_S;
    if (fails) {
        say(p, at, SIM_mains, SIM_NO_POINT, 0);
        say(p, at + lasts, SIM_mains_end, SIM_NO_POINT, 0);
    }
    if (fails && runs_low) {
        say(p, at + lasts * 2 / 3, SIM_battery, SIM_NO_POINT, 0);
        say(p, at + lasts + 20 * MINUTE_S, SIM_battery_end, SIM_NO_POINT, 0);
    }
}

static void plan_device(planner *p)
{
    static const struct {
        const char *role;
        void (*plan)(planner *p);
        bool panel;
    } ROLES[] = {{"vault", plan_vault, true},        {"office", plan_office, true},
                 {"fence", plan_fence, true},        {"fire", plan_fire, true},
                 {"doors", plan_doors, true},        {"patrol", plan_patrol, false},
                 {"approach", plan_approach, false}, {"stranger", plan_stranger, false},
                 {"camera", plan_camera, false},     {"terminal", plan_terminal, false}};
    for (size_t i = 0; i < VG_LEN(ROLES); i++) {
        if (strcmp(ROLES[i].role, p->d->role) == 0) {
            ROLES[i].plan(p);
            if (ROLES[i].panel) {
                plan_panel(p);
            }
        }
    }
}

// --- told stories ---------------------------------------------------------------------------------
typedef struct teller {
    sim_plan *plan;
    const sim_fleet *fleet;
    int64_t from_us;
    bool opening;
} teller;

static bool second_of(const char *at, bool opening, int *ret)
{
    int h, m, s;
    char end;
    if (at[0] == '+') {
        return opening && sscanf(at + 1, "%d%c", ret, &end) == 1;
    }
    if (opening || sscanf(at, "%d:%d:%d%c", &h, &m, &s, &end) != 3) {
        return false;
    }
    *ret = h * HOUR_S + m * MINUTE_S + s;
    return true;
}

static uint8_t number_index(const sim_device *d, const char *number)
{
    for (uint8_t i = 0; i < d->n_points; i++) {
        if (strcmp(d->points[i].number, number) == 0) {
            return i;
        }
    }
    return SIM_NO_POINT;
}

static vg_status tell(void *ctx, json_t *line, vg_err *err)
{
    const teller *t = ctx;
    const char *at = json_string_value(json_object_get(line, "at")),
               *who = json_string_value(json_object_get(line, "device")),
               *what = json_string_value(json_object_get(line, "act")),
               *where = json_string_value(json_object_get(line, "point"));
    const int device = sim_fleet_find(t->fleet, who ? who : "");
    const sim_act act = sim_act_parse(what ? what : "");
    int second = 0;
    if (at && who && device < 0) {
        return VG_OK;  // data made before this device was invented
    }
    if (!at || device < 0 || act == SIM_ACTS_N) {
        return vg_fail(err, VG_EINVALID, "demo", "simulate.story_line", "%s %s", who ? who : "",
                       what ? what : "");
    }
    const sim_device *d = &t->fleet->v[device];
    const uint8_t point = where ? number_index(d, where) : SIM_NO_POINT;
    if (where && point == SIM_NO_POINT) {
        return vg_fail(err, VG_EINVALID, "demo", "simulate.story_line", "%s %s", who, where);
    }
    if (second_of(at, t->opening, &second)) {
        add(t->plan,
            (sim_say){.at_us = t->from_us + second * VG_SECOND_US,
                      .device = (uint16_t)device,
                      .user = (uint16_t)json_integer_value(json_object_get(line, "user")),
                      .act = (uint8_t)act,
                      .point = point,
                      .for_s = (uint16_t)json_integer_value(json_object_get(line, "for_s"))});
    }
    return VG_OK;
}

static void sort(sim_plan *p)
{
    if (p->n) {
        qsort(p->v, p->n, sizeof *p->v, by_time);
    }
}

vg_status sim_plan_opening(sim_plan *p, const sim_fleet *f, int64_t from_us, vg_err *err)
{
    teller t = {p, f, from_us, true};
    p->n = 0;
    VG_TRY(demo_each_line("story.jsonl", tell, &t, err));
    sort(p);
    return VG_OK;
}

vg_status sim_plan_day(sim_plan *p, const sim_fleet *f, uint64_t seed, int day, int64_t start_us,
                       vg_err *err)
{
    teller t = {p, f, start_us, false};
    p->n = 0;
    for (uint16_t i = 0; i < f->n; i++) {
        uint64_t chance = mix(seed ^ mix((uint64_t)day));
        for (const char *c = f->v[i].name; *c; c++) {
            chance = mix(chance ^ (unsigned char)*c);
        }
        planner one = {p, &f->v[i], i, chance, start_us};
        plan_device(&one);
    }
    VG_TRY(demo_each_line("story.jsonl", tell, &t, err));
    sort(p);
    return VG_OK;
}

void sim_plan_done(sim_plan *p)
{
    free(p->v);
    *p = (sim_plan){0};
}
