// SPDX-License-Identifier: Apache-2.0
// A worker, on a thread of its own, for every link of one kind that is switched on: begun when the link comes,
// ended when it goes, begun anew when anything of it changed.
#pragma once

#include "core/link.h"

#include <stdatomic.h>

typedef struct vg_follow vg_follow;

typedef struct vg_follow_kind {
    const char *kind;  // of links
    // Both texts are gone afterwards. NULL: it cannot be served, *ret_problem is a catalogue key.
    void *(*open)(vg_core *c, void *ctx, const vg_link *l, vg_str secret, const char **ret_problem);
    void (*run)(void *state, const _Atomic bool *stop);  // returns soon after *stop
    void (*close)(void *state);
} vg_follow_kind;

vg_status vg_follow_start(vg_core *c, const vg_follow_kind *k, void *ctx, vg_follow **ret,
                          vg_err *err) VG_USE_RESULT;
void vg_follow_ask(vg_follow *f);   // to end soon: asked of all, the slowest counts and not the sum
void vg_follow_stop(vg_follow *f);  // ends all workers; NULL is fine

// Says how the link is, when that is something else than it was told last. last: NULL at first.
typedef struct vg_follow_told {
    const char *problem;
    bool told;
} vg_follow_told;
void vg_follow_report(vg_core *c, const char *link, vg_follow_told *last, const char *problem);
