// SPDX-License-Identifier: Apache-2.0
// The outbox: what is to be sent over a link, written in the transaction of what it tells. A sender (one
// thread a link kind) takes what is due, sends, and settles; a dead host costs rows and nothing else. At
// least once: a parcel sent and not settled before a crash is sent again, with the same number.
#pragma once

#include "core/link.h"

typedef struct vg_parcel {
    int64_t number;  // of this parcel, for ever: the receiver's key against repetition
    char link[VG_ID_TEXT];
    char subject[VG_ID_TEXT];  // what it is about: an alert, an incident
    const char *kind;          // "alert", "escalation", "test", …: which template
    const char *to;  // recipients of this kind of link, separated by commas; "" = the link's own
    vg_str body;     // JSON: all that the message may say
    int32_t label;
    int64_t world, created_us;
    int attempts;
} vg_parcel;

enum { VG_PARCEL_TAKE_MAX = 64, VG_PARCEL_BODY_MAX = 16384 };

// In a command: one more parcel. number, created_us and attempts are set by the outbox. urgent ones go
// first. Errors: VG_ETOOBIG (body), VG_EBUSY (more than 100,000 wait on this link).
vg_status vg_outbox_put(vg_cx *cx, const vg_parcel *p, bool urgent, vg_err *err) VG_USE_RESULT;

// Any thread but the scribe's: up to VG_PARCEL_TAKE_MAX of a link that are due now, in a; urgent first, then
// oldest. *ret_next_us: when the next one is due, INT64_MAX if none waits.
vg_status vg_outbox_take(vg_core *c, const char *link, vg_arena *a, vg_parcel **ret, size_t *n,
                         int64_t *ret_next_us, vg_err *err) VG_USE_RESULT;

uint64_t vg_outbox_generation(const vg_core *c);  // another number: something was put since

typedef struct vg_parcel_result {
    int64_t number;
    const char *problem;  // catalogue key ("link.unreachable"); NULL = delivered
    bool for_good;        // the receiver will never take it: do not try again
} vg_parcel_result;
// One transaction for all. Delivered: the parcel goes, core.sent is journaled. Not: it is tried again after
// 5 s doubling to 15 min; after a day, or for_good, it goes and core.send_failed is journaled.
vg_status vg_outbox_settle(vg_core *c, const vg_parcel_result *v, size_t n,
                           vg_err *err) VG_USE_RESULT;
