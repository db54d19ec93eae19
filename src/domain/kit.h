// SPDX-License-Identifier: Apache-2.0
// What every domain module needs and no layer below can know: binding event bodies to SQL, copying
// arguments into bodies, looking up the site a command is about, speakable numbers.
#pragma once

#include "core/module.h"

#define VG_HANDLER(name) vg_status name(vg_cx *cx, const vg_args *args, vg_err *err)
#define VG_MARK(name) vg_status name(vg_cx *cx, const vg_args *args, bool *ret, vg_err *err)
#define VG_FOLDER(name) vg_status name(vg_apply *ap, const vg_event *e, vg_err *err)

// Runs sql with one value per word of keys: a member of the body (text, integer, boolean as 0/1, object or
// array as its text; missing is NULL) or of the event itself: @subject @site @actor @label @world @at
// (recorded) @received @name ("3-142") @test.
vg_status vg_put(vg_apply *ap, const vg_event *e, const char *sql, const char *keys,
                 vg_err *err) VG_USE_RESULT;
vg_str vg_event_name(vg_arena *a, uint32_t log, int64_t seq);  // "3-142"

// The columns of the one row sql finds for key, copied into the arena. No row: VG_ENOTFOUND.
vg_status vg_look(vg_cx *cx, const char *sql, vg_str key, vg_str *ret_cols, size_t n,
                  vg_err *err) VG_USE_RESULT;
int64_t vg_int(vg_str column);  // of vg_look; empty or not a number: 0

// The agency that runs the node. VG_ENOTFOUND before there is one.
vg_status vg_custodian(vg_cx *cx, vg_str *ret, vg_err *err) VG_USE_RESULT;

// Adds the arguments that were given (no secrets, not `id`, not the words of skip) to the open body.
void vg_body_args(vg_cx *cx, const vg_args *args, const char *skip);

// By what it is judged whether something that was given for a time is over: a clock that is set back makes nothing last
// longer. What is written down is cx->now_us.
int64_t vg_time_known(const vg_cx *cx);

// The telephone number of an argument as it is shown and dialled, "" if none was given.
vg_status vg_arg_phone(vg_cx *cx, const vg_args *args, const char *name, vg_str *ret,
                       vg_err *err) VG_USE_RESULT;

// --- the site a command is about ----------------------------------------------------------------
typedef struct vg_site_ref {
    const char *id, *agency;  // in the call's arena
    vg_str code, name;
} vg_site_ref;

// Finds the site and checks permission there. VG_ENOTFOUND (field "site") if there is none to be known of.
vg_status vg_site_at(vg_cx *cx, vg_str id, const char *permission, vg_site_ref *ret,
                     vg_err *err) VG_USE_RESULT;
// As vg_require, but a role that holds only "<permission>_own" may act for its own agency's things.
vg_status vg_require_own(vg_cx *cx, const char *permission, const char *site, const char *agency,
                         vg_err *err) VG_USE_RESULT;
// VG_ENOTFOUND unless the label is one that who may see.
vg_status vg_seen(vg_cx *cx, int32_t label, const char *field, vg_err *err) VG_USE_RESULT;

// A site named in passing, in a field or within a list: `complaint` unless there is one that who may see, in the same
// words whether it is hidden or was never there.
vg_status vg_site_seen(vg_cx *cx, vg_str id, const char *field, const char *complaint,
                       vg_err *err) VG_USE_RESULT;

typedef struct vg_saying {
    const char *kind, *site, *subject;
    int32_t label;
} vg_saying;
// vg_emit of a plain event.
vg_status vg_say(vg_cx *cx, const vg_saying *s, vg_err *err) VG_USE_RESULT;

// --- speakable numbers --------------------------------------------------------------------------
typedef struct vg_number {
    int year;  // in Viet Nam's time
    int64_t n;
    char text[112];  // "CB-NHNN-0142"
} vg_number;

// The next number of an agency and year. sql reads the last one used: its parameters are agency and year.
// The event's body must carry agency, year and n, and apply must keep them.
vg_status vg_number_next(vg_cx *cx, const char *sql, const char *agency, const char *prefix,
                         vg_number *ret, vg_err *err) VG_USE_RESULT;
