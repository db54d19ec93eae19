// SPDX-License-Identifier: Apache-2.0
// Inside of the muster module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/kit.h"

// An evacuation as a command needs it, in the call's arena.
typedef struct muster {
    const char *id, *site, *agency;  // agency: the host's
    vg_str state;
    int64_t declared_us;
    int64_t world;
    int32_t people;  // label of whoever is on its list
} muster;
// VG_ENOTFOUND for one not to be known of or without the permission at its site; VG_ECONFLICT for one of another
// world: a drill writes nothing into what is real.
vg_status muster_at(vg_cx *cx, vg_str id, const char *permission, muster *ret,
                    vg_err *err) VG_USE_RESULT;

// declare.c
extern const vg_field muster_declare_fields[], muster_end_fields[];
VG_HANDLER(muster_declare);
VG_HANDLER(muster_end);
VG_FOLDER(muster_on_declared);
VG_FOLDER(muster_on_listed);
VG_FOLDER(muster_on_ended);

// mark.c
extern const vg_field muster_mark_fields[], muster_exclude_fields[], muster_forget_fields[];
VG_HANDLER(muster_mark);
VG_HANDLER(muster_exclude);
VG_HANDLER(muster_forget);
VG_FOLDER(muster_on_added);
VG_FOLDER(muster_on_marked);
VG_FOLDER(muster_on_forgotten);

extern const vg_resource muster_resources[];
