// SPDX-License-Identifier: Apache-2.0
// Senders: one thread for each enabled link of a kind that sends, taking its parcels from the outbox. A host
// that hangs delays its own link and no other. A kind is a table row: how to open, send and close.
#pragma once

#include "core/outbox.h"

typedef struct vg_sender_kind {
    const char *kind;  // of the links it serves: "smtp"
    // What one link needs: connection, parsed options. Copies what it keeps; secret is empty if there is
    // none. NULL: the settings cannot be used (*ret_problem says why). No network here.
    void *(*open)(vg_core *core, const vg_link *l, vg_str secret, const char **ret_problem);
    void (*close)(void *state);
    // Tries all n in order and fills ret (number is set by the caller). Gives up on its own after some
    // 10 s without progress; what was not tried gets the problem of what was.
    void (*send)(void *state, vg_arena *a, const vg_parcel *v, size_t n, vg_parcel_result *ret);
    // When nothing was sent for idle_ms: supervision of the line. A problem, or NULL. May be NULL.
    const char *(*idle)(void *state, vg_arena *a);
    int idle_ms;
} vg_sender_kind;

typedef struct vg_senders vg_senders;

// kinds ends with NULL and must stay. Follows the links as they are added, changed and removed.
vg_status vg_senders_start(vg_core *c, const vg_sender_kind *const *kinds, vg_senders **ret,
                           vg_err *err) VG_USE_RESULT;
void vg_senders_stop(vg_senders *all);  // waits for what is being sent; NULL is fine
