// SPDX-License-Identifier: Apache-2.0
// Memory of one request or one batch: many small pieces, freed together. Not shared between threads.
#pragma once

#include "base/err.h"

typedef struct vg_arena vg_arena;

// limit_bytes bounds the sum of all pieces; vg_arena_get past it returns NULL (callers report
// VG_ETOOBIG). The first chunk is kept by reset.
vg_arena *vg_arena_create(size_t limit_bytes);
void vg_arena_destroy(vg_arena *a);         // NULL is fine
void vg_arena_reset(vg_arena *a);           // everything handed out becomes invalid
void *vg_arena_get(vg_arena *a, size_t n);  // zeroed, aligned to 16; NULL past the limit
size_t vg_arena_used(const vg_arena *a);

static inline void vg_arena_cleanup(vg_arena **a)
{
    vg_arena_destroy(*a);
}
