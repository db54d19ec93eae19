// SPDX-License-Identifier: Apache-2.0
// Inside of the bans module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/kit.h"

extern const vg_field bans_propose_fields[], bans_decide_fields[], bans_review_fields[],
    bans_end_fields[], bans_due_fields[], bans_forget_fields[];

// entry.c
typedef struct bans_entry {
    const char *id, *agency, *site;  // site "": all sites of the agency
    vg_str state, proposed_by;
    int64_t expires_us;
    int32_t label;
} bans_entry;
// VG_ENOTFOUND for one not to be known of.
vg_status bans_at(vg_cx *cx, vg_str id, bans_entry *ret, vg_err *err) VG_USE_RESULT;
vg_status bans_require(vg_cx *cx, const char *permission, const bans_entry *e,
                       vg_err *err) VG_USE_RESULT;
VG_HANDLER(bans_propose);
VG_HANDLER(bans_decide);
VG_FOLDER(bans_on_proposed);
VG_FOLDER(bans_on_decided);

// life.c
VG_HANDLER(bans_review);
VG_HANDLER(bans_end);
VG_HANDLER(bans_expire);
VG_HANDLER(bans_review_late);
VG_HANDLER(bans_erase);
VG_HANDLER(bans_forget);
VG_FOLDER(bans_on_reviewed);
VG_FOLDER(bans_on_ended);
VG_FOLDER(bans_on_review_late);
VG_FOLDER(bans_on_forgotten);

// look.c
extern const vg_field bans_look_fields[];
VG_HANDLER(bans_look);

// list.c: what is in force, in memory
vg_status bans_start(vg_core *core, void **ret_state, vg_err *err);
void bans_close(void *state);

extern const vg_resource bans_resources[];
