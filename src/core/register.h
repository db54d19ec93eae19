// SPDX-License-Identifier: Apache-2.0
// The in-memory register of sources: what ingest needs to know about a device before it believes a
// byte of it. Immutable snapshots, replaced whole when a source changes; an index is never reused.
#pragma once

#include "base/cidr.h"
#include "base/id.h"

enum {
    VG_SRC_ENCRYPTED_REQUIRED = 1,
    VG_SRC_LENIENT_LENGTH = 2,
    VG_SRC_DISABLED = 4,
    VG_SRC_SILENT = 16,        // its last known state, for the scribe's supervision at start
    VG_SRC_KNOWN = 32,         // has been heard before
    VG_SRC_PROVEN = 64,        // was last heard with proof (a key)
    VG_SRC_CERTIFICATE = 128,  // its device must show a certificate to be believed
    VG_SRC_CLOCK_OFF = 256,    // its clock was last found to be off
    VG_SRC_ACCEPT_CLOCK = 8    // do not enforce the time window (drifting panels)
};

enum { VG_SOURCE_PRINT = 32 };

typedef struct vg_source_point {
    char area[12], point[16];  // as on the wire; area "" matches any
    char zone[VG_ID_TEXT];
    char kind[32];  // meaning that overrides the code's, or ""
} vg_source_point;

typedef struct vg_source {
    uint32_t index;
    char id[VG_ID_TEXT];
    char proto[12], address[40];
    uint32_t log;
    int32_t label;
    char site[VG_ID_TEXT], zone[VG_ID_TEXT];  // zone: where points say nothing; may be ""
    char kind[32];  // meaning of its signals where points say nothing, or "": what the code says
    uint32_t flags;
    int32_t deadline_s;                 // silence longer than this is an event; 0 = not supervised
    int32_t time_ahead_s, time_late_s;  // acceptance window of the device's clock
    int32_t rate_per_s;                 // more than this is dropped and counted; 0 = default
    char peers[VG_CIDR_LIST];           // may speak from these networks only; "": from anywhere
    int32_t body_kb, image_days;        // of devices that send pictures; 0 = default
    unsigned char key[32];              // AES key (16, 24, 32) or HMAC key (32)
    unsigned char certificate[VG_SOURCE_PRINT];  // SHA-256 of it, with VG_SRC_CERTIFICATE
    uint8_t key_len;                             // 0 = unauthenticated
    const vg_source_point *points;
    size_t n_points;
} vg_source;

// False only where a certificate is registered and this one (SHA-256, or NULL) is another or none.
bool vg_source_shown(const vg_source *s, const unsigned char *certificate);

typedef struct vg_register vg_register;
typedef struct vg_register_snap vg_register_snap;

vg_register *vg_register_create(void);
void vg_register_destroy(vg_register *r);
// Any thread. A snapshot stays valid until released.
const vg_register_snap *vg_register_acquire(vg_register *r);
void vg_register_release(vg_register *r, const vg_register_snap *s);
// NULL if unknown; disabled sources are found (the caller checks flags). Borrowed from the snapshot.
const vg_source *vg_register_find(const vg_register_snap *s, const char *proto,
                                  const char *address);
const vg_source *vg_register_at(const vg_register_snap *s, uint32_t index);
size_t vg_register_count(const vg_register_snap *s);
// Publishes a new set (copied). Sources that stay keep their index: matched by id. Scribe thread.
void vg_register_replace(vg_register *r, const vg_source *v, size_t n);
