// SPDX-License-Identifier: Apache-2.0
// Where people and vehicles are, worked out from the passages on record, and what in them cannot be right. Pure
// functions of arrays; any thread; nothing is kept. Areas, sites and holders are the caller's numbers.
//
// A passage is a fact: it is always taken, and it always decides where its holder is from then on. What contradicts
// the passages before it is flagged, never refused. The answer depends on the set of passages and not on the order
// in which they came: they are taken in order of (at_us, order).
#pragma once

#include "base/err.h"

enum { VG_OUTSIDE = 0 };
#define VG_ANYWHERE \
    UINT64_MAX  // as `from`: a record that tells only where somebody was seen, which is no entering

typedef enum vg_pass_flag {
    VG_PASS_AGAIN = 1,      // enters where he is by record, too soon (anti-passback)
    VG_PASS_UNENTERED = 2,  // leaves where he never entered: he is outside by record
    VG_PASS_SKIPPED = 4,    // leaves another area than the one he is in: a point was passed unseen
    VG_PASS_ELSEWHERE = 8,  // inside at another site by record
    VG_PASS_UNSEEN = 16,    // the first of him, and he comes from inside: the record began too late
    VG_PASS_TWICE = 32  // enters where he is by record, which the area allows (or allows by now)
} vg_pass_flag;

#define VG_PASS_ALWAYS INT64_MAX

typedef struct vg_pass {
    int64_t at_us;
    uint64_t order;           // among those of the same moment: the same wherever it is worked out
    uint64_t site, from, to;  // areas of that site; VG_OUTSIDE on one side of its gates
    // Entering `to` again counts as too soon until so long after he entered it: 0 never, VG_PASS_ALWAYS.
    int64_t again_us;
    bool forgive;  // not a passage: what was before no longer counts against him
} vg_pass;

typedef struct vg_where {
    bool known;
    uint64_t site, area;  // the innermost area; VG_OUTSIDE: not inside
    int64_t since_us;     // when he entered it
} vg_where;

// Takes one passage of a holder: the next in order. Flags, or 0.
unsigned vg_pass_step(vg_where *w, const vg_pass *p);

// --- many holders, many areas, over a period --------------------------------------------------------
// An area as rules about how many may be inside see it; its number is its place in the array, 0 being outside.
typedef struct vg_area {
    uint32_t parent;      // the area around it; VG_OUTSIDE
    uint32_t limit;       // most inside at once, those of the areas within it too; 0: none
    int64_t alone_us;     // two-person area: how long one may be inside alone; 0: any time
    uint32_t first_mask;  // groups of which one must be inside before others enter; 0: none
    uint32_t
        pair_mask[2];  // two-person area: one of each of these groups must be inside; 0: any two
} vg_area;

typedef struct vg_moved {  // one passage of the many
    vg_pass pass;          // from and to: numbers of areas
    uint32_t holder;       // 0 .. n_holders - 1
} vg_moved;

typedef enum vg_crowd_flag {
    VG_CROWD_OVER = 1,   // more inside than the limit
    VG_CROWD_ALONE = 2,  // one alone in a two-person area for too long
    VG_CROWD_PAIR = 4,   // two or more, but not one of each group
    VG_CROWD_FIRST = 8   // entered before one of the first group was inside
} vg_crowd_flag;

typedef struct vg_walk vg_walk;
// areas (n of them, [0] unused) and groups (a mask of the groups each holder is of; NULL: none) are borrowed.
vg_walk *vg_walk_create(const vg_area *areas, size_t n_areas, const uint32_t *groups,
                        size_t n_holders);
void vg_walk_destroy(vg_walk *w);
// Where a holder is before the first passage.
void vg_walk_seed(vg_walk *w, uint32_t holder, const vg_where *where);
// Takes the next passage of all, by (at_us, order, holder). ret_crowd: flags of the area entered (or left), and in
// ret_area which area they are about. VG_CROWD_ALONE tells of a stretch that ended or is over its time at this
// moment, so it stands at the first passage through that area after it.
unsigned vg_walk_step(vg_walk *w, const vg_moved *m, unsigned *ret_crowd, uint32_t *ret_area);
const vg_where *vg_walk_where(const vg_walk *w, uint32_t holder);
uint32_t vg_walk_inside(const vg_walk *w, uint32_t area);  // now, those of the areas within it too
