// SPDX-License-Identifier: Apache-2.0
// Names to small numbers, at the edge of the engine. Ids count from 1 in order of first sight and are
// never reused; the empty name is 0. One thread at a time.
#pragma once

#include "base/str.h"

#define VG_INTERN_FULL UINT32_MAX

typedef struct vg_intern vg_intern;

vg_intern *vg_intern_create(uint32_t max_names);
void vg_intern_destroy(vg_intern *in);                      // NULL is fine
uint32_t vg_intern_id(vg_intern *in, vg_str name);          // VG_INTERN_FULL past max_names
uint32_t vg_intern_find(const vg_intern *in, vg_str name);  // 0 if never seen
vg_str vg_intern_text(const vg_intern *in, uint32_t id);    // borrowed until the next vg_intern_id
uint32_t vg_intern_count(const vg_intern *in);

// The name spaces of a record's ids.
typedef enum vg_space { VG_SITE, VG_ZONE, VG_DEVICE, VG_SOURCE, VG_KIND, VG_SPACES } vg_space;

typedef struct vg_names {
    vg_intern *of[VG_SPACES];
} vg_names;

void vg_names_init(vg_names *n);  // up to 65,535 kinds, 4 M of each other
void vg_names_done(vg_names *n);  // safe on a zeroed one
