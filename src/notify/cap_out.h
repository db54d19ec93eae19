// SPDX-License-Identifier: Apache-2.0
// An alert as a CAP 1.2 message: the text alone, no network (the webhook's sender posts it).
#pragma once

#include "core/outbox.h"

typedef struct vg_cap_style {
    vg_str sender, addresses;
    vg_str restriction;  // given: scope Restricted; else Private
} vg_cap_style;

// Appends the whole message. Texts are escaped; sender may hold no blank, comma, < or & (checked at the link).
void vg_cap_write(vg_buf *b, vg_arena *a, const vg_cap_style *s, const vg_parcel *p);
