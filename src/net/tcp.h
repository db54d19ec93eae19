// SPDX-License-Identifier: Apache-2.0
// A TCP listener with its connections: bounded buffers, a connection cap (all and per peer), and time
// limits on silence and on bytes that complete nothing. Loop thread only. A connection is named by a
// number that is never used again, so an answer that comes late cannot reach a stranger.
#pragma once

#include "net/addr.h"
#include "net/loop.h"

#define VG_TCP_CLOSE SIZE_MAX

typedef struct vg_tcp vg_tcp;

typedef enum vg_tcp_why {
    VG_TCP_BY_PEER,
    VG_TCP_BY_US,
    VG_TCP_IDLE,
    VG_TCP_STUCK,  // an unfinished frame for too long, or a full buffer
} vg_tcp_why;

typedef struct vg_tcp_options {
    size_t in_bytes, out_bytes;      // per connection
    unsigned connections, per_peer;  // at most 65535
    int idle_s, partial_s;
    void *ctx;
    bool (*admit)(void *ctx, const vg_addr *peer);
    // Takes what it can of bytes and returns how much, or VG_TCP_CLOSE. Called again when more came.
    size_t (*data)(void *ctx, uint64_t id, const vg_addr *peer, vg_str bytes);
    void (*closed)(void *ctx, uint64_t id, const vg_addr *peer, vg_tcp_why why);  // may be NULL
} vg_tcp_options;

vg_status vg_tcp_listen(vg_loop *l, const vg_addr *at, const vg_tcp_options *o, vg_tcp **ret,
                        vg_err *err) VG_USE_RESULT;
void vg_tcp_destroy(vg_tcp *t);  // closes everything; NULL is fine
void vg_tcp_quiet(vg_tcp *t);    // accepts and reads no more; sending goes on
vg_addr vg_tcp_local(const vg_tcp *t);
unsigned vg_tcp_open_count(const vg_tcp *t);
// An answer will follow: the connection outlives the peer's half-close until it was released.
void vg_tcp_hold(vg_tcp *t, uint64_t id);
void vg_tcp_release(vg_tcp *t, uint64_t id);
// False when the connection is gone, or its peer does not read (then it is closed).
bool vg_tcp_send(vg_tcp *t, uint64_t id, vg_str bytes);
void vg_tcp_close(vg_tcp *t, uint64_t id);  // takes effect at the latest when the callback returns
