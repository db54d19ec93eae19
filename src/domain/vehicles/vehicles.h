// SPDX-License-Identifier: Apache-2.0
// Inside of the module of vehicles and goods: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/kit.h"

// A point as a command needs it, in the call's arena.
typedef struct vehicles_at {
    const char *id, *site, *agency, *source;  // agency: the host's; source: "" none
    int32_t label;                            // of what happens here
} vehicles_at;
// VG_ENOTFOUND for a point not to be known of, or without the permission at its site.
vg_status vehicles_point(vg_cx *cx, vg_str point, const char *permission, vehicles_at *ret,
                         vg_err *err) VG_USE_RESULT;
// A vehicle of the gate's; VG_EINVALID (field "holder") for anything else.
vg_status vehicles_holder(vg_cx *cx, vg_str holder, vg_err *err) VG_USE_RESULT;

// expect.c: who is expected
extern const vg_field vehicles_expect_fields[], vehicles_cancel_fields[],
    vehicles_withdraw_fields[], vehicles_forget_fields[];
extern const vg_import vehicles_imports[];
VG_HANDLER(vehicles_expect);
VG_HANDLER(vehicles_cancel);
VG_HANDLER(vehicles_forget);
VG_FOLDER(vehicles_on_expected);
VG_FOLDER(vehicles_on_cancelled);
VG_FOLDER(vehicles_on_arrived);

// stay.c: how long one may stay
extern const vg_field vehicles_limit_fields[], vehicles_settle_fields[], vehicles_due_fields[];
VG_HANDLER(vehicles_limit);
VG_HANDLER(vehicles_settle);
VG_HANDLER(vehicles_overstay);
VG_FOLDER(vehicles_on_limit);
VG_FOLDER(vehicles_on_stay);
VG_FOLDER(vehicles_on_stay_over);
VG_FOLDER(vehicles_on_overstayed);

// check.c: looked into on suspicion; goods in and out
extern const vg_field vehicles_check_fields[], vehicles_goods_fields[];
VG_HANDLER(vehicles_check);
VG_HANDLER(vehicles_goods);
VG_FOLDER(vehicles_on_checked);
VG_FOLDER(vehicles_on_goods);

// look.c: whose plate
extern const vg_field vehicles_look_fields[];
VG_HANDLER(vehicles_look);

extern const vg_resource vehicles_resources[];
