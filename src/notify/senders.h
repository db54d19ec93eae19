// SPDX-License-Identifier: Apache-2.0
// The kinds of sender, a file each. What a parcel's body may hold for them, all optional: "number" (of the
// alert or incident, speakable), "kind" (core/signal_kinds.def), "verb" ("raise", "restore"), "urgency" (0-3),
// "site" (code), "area" (number), "title" (in the reader's language), "lines" (an array of texts; not of an
// alert), "at" (when it happened, microseconds; else when the parcel was made).
#pragma once

#include "notify/sender.h"

extern const vg_sender_kind vg_sender_cap, vg_sender_dc09, vg_sender_mail, vg_sender_webhook,
    vg_sender_sms, vg_sender_syslog;
