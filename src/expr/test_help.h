// SPDX-License-Identifier: Apache-2.0
// A small world to ask about, for the tests of the language and of its page of documentation.
#pragma once

#include "expr/expr.h"

enum { W_KIND, W_LEVEL, W_COUNT, W_FEVER, W_LAST, W_OK, W_MANNED, W_POSTURE, W_ETA, W_SKILLS };

static const char *const world_postures[] = {"thuong_xuyen", "tang_cuong", "cao_diem", NULL};
static const vg_xname world_names[] = {
    {.name = "site.kind", .type = VG_X_TEXT, .id = W_KIND},
    {.name = "zone.level", .type = VG_X_NUMBER, .id = W_LEVEL},
    {.name = "people", .type = VG_X_NUMBER, .id = W_COUNT},
    {.name = "fever", .type = VG_X_NUMBER, .id = W_FEVER},
    {.name = "drill.last", .type = VG_X_TIME, .id = W_LAST},
    {.name = "post.central", .type = VG_X_BOOL, .id = W_OK},
    {.name = "post.manned", .type = VG_X_BOOL, .keyed = true, .id = W_MANNED},
    {.name = "posture", .type = VG_X_TEXT, .keyed = true, .words = world_postures, .id = W_POSTURE},
    {.name = "group.eta", .type = VG_X_DURATION, .keyed = true, .id = W_ETA},
    {.name = "skills", .type = VG_X_TEXT, .keyed = true, .set = true, .id = W_SKILLS},
};
static const vg_xschema world = {.names = world_names,
                                 .n = sizeof world_names / sizeof *world_names};

// 2026-11-22 23:30 in Viet Nam, a Sunday.
#define WORLD_NOW INT64_C(1795365000000000)

static inline vg_xvalue world_get(void *ctx, const vg_xname *x, vg_str key)
{
    (void)ctx;
    switch (x->id) {
    case W_KIND:
        return vg_x_text(VG_S("state_bank"));
    case W_LEVEL:
        return vg_x_number(3);
    case W_COUNT:
        return vg_x_number(12);
    case W_LAST:
        return vg_x_int(VG_X_TIME, WORLD_NOW - INT64_C(40) * 86400 * 1000000);
    case W_OK:
        return vg_x_bool(true);
    case W_MANNED:
        return vg_str_eqc(key, "p1")   ? vg_x_bool(true)
               : vg_str_eqc(key, "p2") ? vg_x_bool(false)
                                       : vg_x_unknown(VG_X_BOOL);
    case W_POSTURE:
        return vg_x_text(VG_S("tang_cuong"));
    case W_ETA:
        return vg_x_int(VG_X_DURATION, INT64_C(360) * 1000000);
    default:  // fever: nobody knows
        return vg_x_unknown(x->type);
    }
}

static inline vg_tri world_has(void *ctx, const vg_xname *x, vg_str key, vg_str member)
{
    (void)ctx;
    (void)x;
    return vg_str_eqc(key, "ghost")          ? VG_UNKNOWN
           : vg_str_eqc(member, "first_aid") ? VG_TRUE
                                             : VG_FALSE;
}

static const vg_xenv world_env = {.now_us = WORLD_NOW, .get = world_get, .has = world_has};
