// SPDX-License-Identifier: Apache-2.0
// A signal is one device report, decoded by an ingest protocol and not yet journaled. Fixed size and
// plain values: drivers fill arrays of them, the scribe appends them in bulk, nothing is allocated per
// signal. Texts are NUL-terminated UTF-8, cut to size.
#pragma once

#include "base/str.h"

typedef enum vg_signal_verb {
    VG_SIG_RAISE,    // alarm, trouble or any condition begins ("kind" says which)
    VG_SIG_RESTORE,  // that condition ends
    VG_SIG_ARM,      // a zone or area is armed (closing)
    VG_SIG_DISARM,   // opening
    VG_SIG_BYPASS,
    VG_SIG_UNBYPASS,
    VG_SIG_TEST,  // test report
    VG_SIG_POLL,  // supervision only: counted, not journaled
    VG_SIG_OTHER  // understood as a frame, its code not classified: journaled as such
} vg_signal_verb;

enum {
    VG_SIG_AUTHENTICATED = 1,  // proven by a key: may clear, disarm and keep alive
    VG_SIG_UNCLASSIFIED = 2,   // code not in our tables
    VG_SIG_PURPOSE_TEST = 4,   // an authorised test
    VG_SIG_IMAGE_LOST = 8,     // a picture came with it and could not be kept
    VG_SIG_STATE = 16          // frame holds a state to be kept (signal_state.h)
};

#define VG_SOURCE_NONE UINT32_MAX

enum { VG_SIG_FRAME_BYTES = 16 };

typedef struct vg_signal {
    uint32_t source;  // index in the register, or VG_SOURCE_NONE: goes to the waiting list
    uint8_t verb, flags;
    int64_t captured_us;  // the device's own time, 0 if it gave none
    int64_t received_us;
    int64_t source_seq;  // the device's own sequence number, -1 if none
    // What its ingest knows the report by when it is sent again; zeros: nothing. Journaled with the event.
    unsigned char frame[VG_SIG_FRAME_BYTES];
    char proto[12];    // of core/source_protos.def
    char address[40];  // account or token name as on the wire
    char peer[48];     // network address it came from
    char kind[32];     // what the code means: see core/signal_kinds.def
    char code[8];      // as on the wire: "BA", "133"
    char area[12], point[16], user[16];
    char text[112];
    char image[44];  // name in the object store (core/object.h), or ""
} vg_signal;

// One hand-over to the scribe. The caller owns the memory and leaves it alone until done() was called
// (on the scribe's thread, after the batch is on disk or has failed: st says which; keep it short).
typedef struct vg_signals {
    vg_signal *v;
    size_t n;
    void (*done)(void *ctx, vg_status st);
    void *ctx;
    struct vg_signals *next;  // the scribe's
} vg_signals;
