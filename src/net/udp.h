// SPDX-License-Identifier: Apache-2.0
// A bound UDP socket, read in batches. Loop thread only. Nothing about the sender's address is proven.
#pragma once

#include "net/addr.h"
#include "net/loop.h"

enum { VG_UDP_BYTES = 4352 };  // a longer datagram is dropped

typedef struct vg_udp vg_udp;
typedef void (*vg_udp_fn)(void *ctx, const vg_addr *peer, vg_str bytes);

vg_status vg_udp_open(vg_loop *l, const vg_addr *at, vg_udp_fn fn, void *ctx, vg_udp **ret,
                      vg_err *err) VG_USE_RESULT;
void vg_udp_destroy(vg_udp *u);  // NULL is fine
void vg_udp_quiet(vg_udp *u);    // reads no more; sending goes on
vg_addr vg_udp_local(const vg_udp *u);
bool vg_udp_send(vg_udp *u, const vg_addr *peer, vg_str bytes);  // false: not sent, not queued
