// SPDX-License-Identifier: Apache-2.0
// Single steps by example; many holders in many areas against counting everybody again after each passage.
#include "solve/passage.h"

#include "base/prop_test.h"

#include <setjmp.h>
#include <cmocka.h>

enum { SITE = 7, YARD = 1, HALL = 2, VAULT = 3, AREAS = 4, PEOPLE = 9, STEPS = 400 };
#define MIN INT64_C(60000000)

static unsigned step(vg_where *w, int minute, uint64_t from, uint64_t to, int64_t again_us)
{
    const vg_pass p = {
        .at_us = minute * MIN, .site = SITE, .from = from, .to = to, .again_us = again_us};
    return vg_pass_step(w, &p);
}

static void in_and_out_is_right(void **state)
{
    (void)state;
    vg_where w = {0};
    assert_int_equal(step(&w, 0, VG_OUTSIDE, YARD, VG_PASS_ALWAYS), 0);
    assert_int_equal(step(&w, 1, YARD, VAULT, VG_PASS_ALWAYS), 0);
    assert_int_equal(step(&w, 2, VAULT, YARD, VG_PASS_ALWAYS), 0);
    assert_int_equal(step(&w, 3, YARD, VG_OUTSIDE, VG_PASS_ALWAYS), 0);
    assert_int_equal(w.area, VG_OUTSIDE);
}

static void a_card_handed_back_over_the_fence_is_seen(void **state)
{
    (void)state;
    vg_where w = {0};
    assert_int_equal(step(&w, 0, VG_OUTSIDE, YARD, VG_PASS_ALWAYS), 0);
    assert_int_equal(step(&w, 1, VG_OUTSIDE, YARD, VG_PASS_ALWAYS), VG_PASS_AGAIN);
    assert_int_equal(step(&w, 2, VG_OUTSIDE, YARD, 0), VG_PASS_TWICE);  // no anti-passback there
    assert_int_equal(step(&w, 11, VG_OUTSIDE, YARD, 10 * MIN), VG_PASS_AGAIN);  // 9 minutes after
    assert_int_equal(step(&w, 21, VG_OUTSIDE, YARD, 10 * MIN), VG_PASS_TWICE);  // ten: too late
}

static void what_was_not_seen_is_told(void **state)
{
    (void)state;
    vg_where w = {0};
    assert_int_equal(step(&w, 0, YARD, VG_OUTSIDE, 0), VG_PASS_UNSEEN);
    assert_int_equal(step(&w, 1, YARD, VG_OUTSIDE, 0), VG_PASS_UNENTERED);
    assert_int_equal(step(&w, 2, VG_OUTSIDE, YARD, 0), 0);
    assert_int_equal(step(&w, 3, YARD, VAULT, 0), 0);
    assert_int_equal(step(&w, 4, YARD, VG_OUTSIDE, 0), VG_PASS_SKIPPED);
    assert_int_equal(step(&w, 5, VG_OUTSIDE, YARD, 0), 0);
    const vg_pass other = {.at_us = 6 * MIN, .site = 8, .from = VG_OUTSIDE, .to = YARD};
    assert_int_equal(vg_pass_step(&w, &other), VG_PASS_ELSEWHERE);
    assert_int_equal(w.site, 8);
}

static void seen_is_not_entered(void **state)
{
    (void)state;
    vg_where w = {0};
    assert_int_equal(step(&w, 0, VG_ANYWHERE, YARD, VG_PASS_ALWAYS), 0);
    assert_int_equal(step(&w, 1, VG_ANYWHERE, YARD, VG_PASS_ALWAYS), 0);
    assert_int_equal(w.since_us, 0);
    assert_int_equal(step(&w, 2, VG_ANYWHERE, VAULT, VG_PASS_ALWAYS), 0);
    assert_int_equal(w.area, VAULT);
}

static void forgiven_is_forgotten(void **state)
{
    (void)state;
    vg_where w = {0};
    (void)step(&w, 0, VG_OUTSIDE, YARD, VG_PASS_ALWAYS);
    assert_int_equal(vg_pass_step(&w, &(vg_pass){.at_us = MIN, .forgive = true}), 0);
    assert_false(w.known);
    assert_int_equal(step(&w, 2, VG_OUTSIDE, YARD, VG_PASS_ALWAYS), 0);
}

// --- many ---------------------------------------------------------------------------------------
static const vg_area areas[AREAS] = {
    [YARD] = {.limit = 6},
    [HALL] = {.parent = YARD, .limit = 3, .first_mask = 1},
    [VAULT] = {.parent = HALL, .alone_us = 5 * MIN, .pair_mask = {2, 4}},
};

static bool naive_within(uint64_t area, uint64_t outer)
{
    return area == outer || (area && naive_within(areas[area].parent, outer));
}

static uint32_t naive_count(const vg_where *where, uint64_t area, const uint32_t *groups,
                            uint32_t mask)
{
    uint32_t n = 0;
    for (size_t i = 0; i < PEOPLE; i++) {
        n += where[i].known && where[i].area && naive_within(where[i].area, area) &&
             (!mask || groups[i] & mask);
    }
    return n;
}

typedef struct naive {
    vg_where where[PEOPLE];
    int64_t alone_since[AREAS];
} naive;

// The flags of area a when one moves from was to is; where has been updated already.
static unsigned naive_flags(naive *v, uint64_t a, const uint32_t *groups, const vg_moved *m,
                            const vg_where *before, bool in)
{
    const uint32_t then = naive_count(before, a, groups, 0),
                   now = naive_count(v->where, a, groups, 0);
    unsigned flags = 0;
    if (areas[a].alone_us && then == 1 && m->pass.at_us - v->alone_since[a] > areas[a].alone_us) {
        flags |= VG_CROWD_ALONE;
    }
    if (now == 1) {
        v->alone_since[a] = m->pass.at_us;
    }
    if (!in) {
        return flags;
    }
    flags |= areas[a].limit && now > areas[a].limit ? VG_CROWD_OVER : 0;
    flags |= areas[a].first_mask && !naive_count(before, a, groups, areas[a].first_mask) &&
                     !(groups[m->holder] & areas[a].first_mask)
                 ? VG_CROWD_FIRST
                 : 0;
    flags |= areas[a].alone_us && now > 1 &&
                     (!naive_count(v->where, a, groups, 2) || !naive_count(v->where, a, groups, 4))
                 ? VG_CROWD_PAIR
                 : 0;
    return flags;
}

static void walk_like_counting_anew(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("walk_like_counting_anew");
    unsigned met = 0;
    for (int round = 0; round < 40; round++) {
        uint32_t groups[PEOPLE];
        for (size_t i = 0; i < PEOPLE; i++) {
            groups[i] = (uint32_t)vg_prop_below(&p, 8);
        }
        vg_walk *w = vg_walk_create(areas, AREAS, groups, PEOPLE);
        naive v = {0};
        int64_t at = 0;
        for (int i = 0; i < STEPS; i++) {
            static const uint64_t doors[][2] = {{0, YARD}, {YARD, HALL}, {HALL, VAULT}};
            const uint64_t *d = doors[vg_prop_below(&p, 3)];
            const bool out = vg_prop_below(&p, 2);
            at += (int64_t)vg_prop_below(&p, 4) * MIN;
            const vg_moved m = {.holder = (uint32_t)vg_prop_below(&p, PEOPLE),
                                .pass = {.at_us = at,
                                         .site = SITE,
                                         .from = d[out],
                                         .to = d[!out],
                                         .again_us = VG_PASS_ALWAYS,
                                         .forgive = vg_prop_below(&p, 40) == 0}};
            vg_where before[PEOPLE];
            memcpy(before, v.where, sizeof before);
            const unsigned want = vg_pass_step(&v.where[m.holder], &m.pass);
            unsigned crowd = 0, all = 0;
            uint32_t area = 0;
            assert_int_equal(vg_walk_step(w, &m, &crowd, &area), want);
            for (uint32_t a = YARD; a < AREAS; a++) {
                const bool was = before[m.holder].known && before[m.holder].area &&
                                 naive_within(before[m.holder].area, a);
                const bool is = v.where[m.holder].known && v.where[m.holder].area &&
                                naive_within(v.where[m.holder].area, a);
                assert_int_equal(vg_walk_inside(w, a), naive_count(v.where, a, groups, 0));
                if (was != is) {
                    const unsigned f = naive_flags(&v, a, groups, &m, before, is);
                    all |= f;
                    assert_true(a != area || f == crowd);
                }
            }
            assert_int_equal(crowd != 0, all != 0);
            met |= all;
        }
        vg_walk_destroy(w);
    }
    assert_int_equal(met, VG_CROWD_OVER | VG_CROWD_ALONE | VG_CROWD_PAIR | VG_CROWD_FIRST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_and_out_is_right),
        cmocka_unit_test(a_card_handed_back_over_the_fence_is_seen),
        cmocka_unit_test(what_was_not_seen_is_told),
        cmocka_unit_test(seen_is_not_entered),
        cmocka_unit_test(forgiven_is_forgotten),
        cmocka_unit_test(walk_like_counting_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
