// SPDX-License-Identifier: Apache-2.0
// One step of one holder is all there is to anti-passback: he is where his last passage left him. Timed passback is
// the same with an end to it. What crowds may do is counted beside it, an area and those around it a passage: the
// work grows with the depth of the areas (three or four), not with how many people there are. Nothing here knows
// what follows from a flag.
#include "solve/passage.h"

#include "base/arena.h"

unsigned vg_pass_step(vg_where *w, const vg_pass *p)
{
    unsigned flags = 0;
    if (p->forgive) {
        w->known = false;
        return 0;
    }
    if (!w->known) {
        flags = p->from != VG_OUTSIDE && p->from != VG_ANYWHERE ? VG_PASS_UNSEEN : 0;
    } else if (w->area != VG_OUTSIDE && w->site != p->site) {
        flags = VG_PASS_ELSEWHERE;
    } else if (w->area == p->from || p->from == VG_ANYWHERE) {
        flags = 0;
    } else if (w->area == p->to && p->to != VG_OUTSIDE) {
        flags = p->at_us - w->since_us < p->again_us ? VG_PASS_AGAIN : VG_PASS_TWICE;
    } else if (w->area == VG_OUTSIDE) {
        flags = VG_PASS_UNENTERED;
    } else {
        flags = VG_PASS_SKIPPED;
    }
    const bool stays = w->known && w->site == p->site && w->area == p->to &&
                       (p->from == p->to || p->from == VG_ANYWHERE);
    *w = (vg_where){
        .known = true, .site = p->site, .area = p->to, .since_us = stays ? w->since_us : p->at_us};
    return flags;
}

// --- many ---------------------------------------------------------------------------------------
typedef struct inside {
    uint32_t n;
    uint32_t in_group[32];
    int64_t alone_since_us;  // while n is 1
} inside;

struct vg_walk {
    const vg_area *areas;
    const uint32_t *groups;
    size_t n_areas, n_holders;
    vg_where *where;
    inside *in;
};

vg_walk *vg_walk_create(const vg_area *areas, size_t n_areas, const uint32_t *groups,
                        size_t n_holders)
{
    vg_walk *w = vg_alloc(sizeof *w);
    *w = (vg_walk){.areas = areas, .groups = groups, .n_areas = n_areas, .n_holders = n_holders};
    w->where = vg_alloc((n_holders + 1) * sizeof *w->where);
    w->in = vg_alloc((n_areas + 1) * sizeof *w->in);
    return w;
}

void vg_walk_destroy(vg_walk *w)
{
    if (w) {
        free(w->where);
        free(w->in);
        free(w);
    }
}

static uint32_t around(const vg_walk *w, uint64_t area)
{
    return area && area < w->n_areas ? w->areas[area].parent : VG_OUTSIDE;
}

static uint32_t area_of(const vg_walk *w, uint64_t area)
{
    return area < w->n_areas ? (uint32_t)area : VG_OUTSIDE;
}

// Is area outer, or within it?
static bool within(const vg_walk *w, uint64_t area, uint32_t outer)
{
    for (size_t depth = 0; area != VG_OUTSIDE && depth < 64; depth++) {
        if (area == outer) {
            return true;
        }
        area = around(w, area);
    }
    return false;
}

static void count(inside *in, uint32_t groups, int by)
{
    in->n += (uint32_t)by;
    for (uint32_t g = groups; g; g &= g - 1) {
        in->in_group[__builtin_ctz(g)] += (uint32_t)by;
    }
}

static bool has_of(const inside *in, uint32_t mask)
{
    for (uint32_t g = mask; g; g &= g - 1) {
        if (in->in_group[__builtin_ctz(g)]) {
            return true;
        }
    }
    return !mask;
}

static unsigned alone_too_long(const vg_area *a, const inside *in, int64_t now_us)
{
    return a->alone_us && in->n == 1 && now_us - in->alone_since_us > a->alone_us ? VG_CROWD_ALONE
                                                                                  : 0;
}

// What is wrong with an area that somebody has just entered.
static unsigned entered(const vg_area *a, const inside *in, bool first_was_in, uint32_t groups)
{
    unsigned flags = 0;
    if (a->limit && in->n > a->limit) {
        flags |= VG_CROWD_OVER;
    }
    if (a->first_mask && !first_was_in && !(groups & a->first_mask)) {
        flags |= VG_CROWD_FIRST;
    }
    if (a->alone_us && in->n > 1 &&
        (!has_of(in, a->pair_mask[0]) || !has_of(in, a->pair_mask[1]))) {
        flags |= VG_CROWD_PAIR;
    }
    return flags;
}

typedef struct crossing {
    uint32_t groups;
    int64_t at_us;
    unsigned flags;
    uint32_t area;
} crossing;

static void note(crossing *x, unsigned flags, uint32_t area)
{
    if (flags && !x->flags) {
        x->area = area;
    }
    x->flags |= flags && x->area == area ? flags : 0;
}

static void cross(vg_walk *w, uint32_t area, int by, crossing *x)
{
    const vg_area *a = &w->areas[area];
    inside *in = &w->in[area];
    const bool first_was_in = a->first_mask && has_of(in, a->first_mask);
    unsigned flags = alone_too_long(a, in, x->at_us);
    count(in, x->groups, by);
    if (in->n == 1) {
        in->alone_since_us = x->at_us;
    }
    note(x, flags | (by > 0 ? entered(a, in, first_was_in, x->groups) : 0), area);
}

// Moves a holder between the areas that count him.
static void shift(vg_walk *w, uint32_t was, uint32_t is, crossing *x)
{
    for (uint32_t a = was; a != VG_OUTSIDE; a = around(w, a)) {
        if (!within(w, is, a)) {
            cross(w, a, -1, x);
        }
    }
    for (uint32_t a = is; a != VG_OUTSIDE; a = around(w, a)) {
        if (!within(w, was, a)) {
            cross(w, a, 1, x);
        }
    }
}

void vg_walk_seed(vg_walk *w, uint32_t holder, const vg_where *where)
{
    crossing x = {.groups = w->groups ? w->groups[holder] : 0, .at_us = where->since_us};
    w->where[holder] = *where;
    shift(w, VG_OUTSIDE, where->known ? area_of(w, where->area) : VG_OUTSIDE, &x);
}

unsigned vg_walk_step(vg_walk *w, const vg_moved *m, unsigned *ret_crowd, uint32_t *ret_area)
{
    vg_where *at = &w->where[m->holder];
    const uint32_t was = at->known ? area_of(w, at->area) : VG_OUTSIDE;
    const unsigned flags = vg_pass_step(at, &m->pass);
    const uint32_t is = at->known ? area_of(w, at->area) : VG_OUTSIDE;
    crossing x = {.groups = w->groups ? w->groups[m->holder] : 0, .at_us = m->pass.at_us};
    shift(w, was, is, &x);
    *ret_crowd = x.flags;
    *ret_area = x.area;
    return flags;
}

const vg_where *vg_walk_where(const vg_walk *w, uint32_t holder)
{
    return &w->where[holder];
}

uint32_t vg_walk_inside(const vg_walk *w, uint32_t area)
{
    return w->in[area].n;
}
