// SPDX-License-Identifier: Apache-2.0
// Devices that speak HTTP, each maker in its own way: cameras, access terminals, plate readers. Bytes and headers
// in, signals and the maker's answer out; no sockets. One vg_device_port serves all threads of a listener.
//
//   begin     who is it, may it speak, what does it say, what of that is new
//   (caller)  keeps the picture, hands the signals to the core, waits for the commit
//   end       settles what was claimed and writes the answer
//
// Proof is a secret: the source's token in the path (or as the user name of Dahua's empty Digest), its signature,
// or the certificate that is registered for the source. Where one is registered, nothing else is proof.
// Who gives only a serial number is heard, never believed (VG_SIG_AUTHENTICATED is not set).
#pragma once

#include "core/recent.h"
#include "core/signal.h"
#include "ingest/ingest.h"

typedef struct vg_device_port vg_device_port;

typedef enum vg_device_count {
#define X(name) VG_DEVICE_##name,
#include "ingest/device/counters.def"
#undef X
    VG_DEVICE_COUNTS
} vg_device_count;
const char *vg_device_count_name(vg_device_count c);

enum { VG_DEVICE_QUERIES = 16, VG_DEVICE_REPLY = 512, VG_DEVICE_STRANGER_BYTES = 256 << 10 };

typedef struct vg_device_query {
    vg_str name, value;
} vg_device_query;

typedef struct vg_device_request {  // borrowed
    vg_str method, path;            // decoded; starts with '/'
    const vg_device_query *query;
    size_t n_query;
    vg_str content_type, authorization, timestamp, signature;  // headers; "" when missing
    vg_str body;
    const unsigned char *certificate;  // SHA-256 of the one that the device showed, or NULL
    const char *peer;
    int64_t now_us;
} vg_device_request;

typedef struct vg_device_reply {
    int status;
    const char *type;  // static
    char text[VG_DEVICE_REPLY];
    size_t n;
} vg_device_reply;

typedef struct vg_device_claim {  // of one signal, settled by end
    uint64_t key;
    enum { VG_DEVICE_NO_CLAIM, VG_DEVICE_STATE, VG_DEVICE_PULSE } what;
} vg_device_claim;

typedef struct vg_device_call {
    vg_signal *v;  // owned: freed by vg_device_end
    vg_device_claim *claim;
    size_t n, n_real;  // signals to hand over; of them no polls
    vg_str image;      // JPEG that came with them, in the body or the arena; "" if none
    int image_days;    // the source's, 0 = default
    vg_device_reply reply;
    const struct device_profile *profile;
    vg_arena *arena;
} vg_device_call;

typedef struct vg_device_options {
    vg_register *sources;
    const unsigned char
        *key;  // VG_INGEST_KEY_BYTES: the same at every start, or nothing is recalled
} vg_device_options;

vg_device_port *vg_device_create(const vg_device_options *o);
void vg_device_destroy(vg_device_port *p);  // NULL is fine
// At the start, for vg_recent_signals: conditions that last and reports that may be sent again.
void vg_device_learn(void *port, const vg_recent *r);

// All below: any thread.
// The largest body this request may have; its body is not yet there.
size_t vg_device_body_max(vg_device_port *p, const vg_device_request *rq);
// True: hand over call->v, then call end. False: call->reply says it all (end must not be called). bad, when set:
// this peer did something that honest devices do not.
bool vg_device_begin(vg_device_port *p, vg_arena *a, const vg_device_request *rq,
                     vg_device_call *call, bool *ret_bad);
void vg_device_end(vg_device_port *p, vg_device_call *call, vg_status committed);
void vg_device_add(vg_device_port *p, vg_device_count c);
uint64_t vg_device_count_of(const vg_device_port *p, vg_device_count c);
