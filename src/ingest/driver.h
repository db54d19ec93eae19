// SPDX-License-Identifier: Apache-2.0
// The generic driver: one protocol on a TCP and a UDP address, on a thread of its own. It limits (peers,
// sources, connections), recognises repetitions, gathers the signals of one loop turn into one hand-over
// and answers a device only after that hand-over is on disk.
//
// TCP peers that send too many bad frames are shut out for a while. UDP peers are not: their address is
// not proven, and a forger could shut out an honest panel.
#pragma once

#include "core/recent.h"
#include "ingest/ingest.h"
#include "net/addr.h"

typedef struct vg_driver vg_driver;

typedef struct vg_driver_options {
    const vg_ingest *proto;
    const char *tcp, *udp;  // "ADDR:PORT"; NULL: not this transport
    vg_register *sources;
    // The core's entrance (vg_scribe_signals). False: refused, done() will not be called.
    bool (*submit)(void *ctx, vg_signals *batch);
    void *submit_ctx;
    // What was journaled before this start (vg_recent_signals), told under the same key as then. NULL: nothing
    // is recalled. key: VG_INGEST_KEY_BYTES, or NULL for one of this run only.
    vg_status (*recall)(void *ctx, int64_t since_us, vg_recent_fn fn, void *fn_ctx, vg_err *err);
    void *recall_ctx;
    const unsigned char *key;
    int64_t (*now_us)(void);  // NULL: the wall clock
    // 0 gives the default in brackets
    unsigned connections, per_peer;  // [1024, 64]
    int idle_s, partial_s;           // [900, 10]: silence; an unfinished frame
    int peer_rate, source_rate;      // [500, 20] frames per second
    int bad_max, quarantine_s;       // [20, 60]
} vg_driver_options;

vg_status vg_driver_start(const vg_driver_options *o, vg_driver **ret, vg_err *err) VG_USE_RESULT;
// Stops reading, waits until every batch handed over came back (the core must still run), answers those,
// closes and frees. NULL is fine.
void vg_driver_stop(vg_driver *d);
// Any thread.
uint64_t vg_driver_count(const vg_driver *d, vg_ingest_count c);
uint16_t vg_driver_port(const vg_driver *d, int transport);  // VG_INGEST_TCP or _UDP; 0: not open
