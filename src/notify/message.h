// SPDX-License-Identifier: Apache-2.0
// What a notification says, by its kind, in Vietnamese: never more than the parcel's body may tell
// (notify/senders.h). Pure.
#pragma once

#include "core/outbox.h"

enum { VG_SMS_UCS2 = 70, VG_SMS_PLAIN = 160 };

typedef struct vg_letter {
    vg_str subject, body;
} vg_letter;

vg_letter vg_message_letter(vg_arena *a, const vg_parcel *p);
// One short message: at most VG_SMS_UCS2 UTF-16 units; or plain: unaccented, at most VG_SMS_PLAIN characters
// that GSM-7 and ASCII share.
vg_str vg_message_short(vg_arena *a, const vg_parcel *p, bool plain);
