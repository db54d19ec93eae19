// SPDX-License-Identifier: Apache-2.0
// Network addresses as values: "ADDR:PORT" text, v4 or [v6], and a key for tables per peer.
#pragma once

#include "base/str.h"

#include <netinet/in.h>

#define VG_ADDR_TEXT 56  // with port and NUL
#define VG_PEER_TEXT 48  // without port

typedef struct vg_addr {
    union {
        struct sockaddr sa;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } u;
    socklen_t len;
} vg_addr;

// "127.0.0.1:9000", "[::1]:9000", "*:9000" (every address, both families). Numbers only: no name is
// looked up. Errors: VG_EINVALID.
vg_status vg_addr_parse(vg_str text, vg_addr *ret, vg_err *err) VG_USE_RESULT;
void vg_addr_text(const vg_addr *a, char out[VG_ADDR_TEXT]);
void vg_addr_peer(const vg_addr *a, char out[VG_PEER_TEXT]);  // v4 in v6 is shown as v4
uint16_t vg_addr_port(const vg_addr *a);
// What limits count by: the v4 address, or the /64 of a v6 one (a host may own all of it).
uint64_t vg_addr_key(const vg_addr *a);
uint64_t vg_addr_key_of(const char *peer);  // of an address without port; 0: it is none
