// SPDX-License-Identifier: Apache-2.0
// The only way out. Whatever leaves the node for another machine on the node's own initiative asks here
// first; a standalone node never opens a connection, a federated one never lets a labelled secret go.
#pragma once

#include "core/core.h"

// May something of this label leave for host:port? Errors: VG_EDENIED (profile, secrecy). The decision is
// logged without the content.
vg_status vg_egress_allow(vg_core *c, int32_t label, const char *host, uint16_t port,
                          vg_err *err) VG_USE_RESULT;
// For a client that reads and tells nothing (a broker's subscriber) and connects by itself: the same, but what
// runs on this machine may be read by a standalone node, too.
vg_status vg_egress_allow_reading(vg_core *c, int32_t label, const char *host, uint16_t port,
                                  vg_err *err) VG_USE_RESULT;
// The same, and where that is: for a client that cannot be given a socket, the numeric addresses that it may
// connect to, in the resolver's order. The name is asked for here and nowhere else, so that what was checked is
// what is connected to: hand on only these, and ask anew for each connection. A host that is this machine by its
// form must be so by its address. Errors: VG_EDENIED (all of its addresses are refused), VG_EUNAVAIL.
enum { VG_EGRESS_ADDRESSES = 8, VG_EGRESS_NUMERIC = 64 };
typedef struct vg_egress_addresses {
    char v[VG_EGRESS_ADDRESSES][VG_EGRESS_NUMERIC];
    size_t n;
} vg_egress_addresses;
vg_status vg_egress_resolve_reading(vg_core *c, int32_t label, const char *host, uint16_t port,
                                    vg_egress_addresses *ret, vg_err *err) VG_USE_RESULT;
// This machine by the form of the address: "localhost", 127.0.0.0/8, ::1.
bool vg_egress_is_here(const char *host);
// Allowed, resolved and connected TCP socket. Caller closes. An address that no service of ours lives at
// (link-local with the clouds' metadata, multicast, unspecified) is refused whatever its name: VG_EDENIED.
vg_status vg_egress_connect(vg_core *c, int32_t label, const char *host, uint16_t port, int *ret_fd,
                            vg_err *err) VG_USE_RESULT;
// The same for datagrams: only what comes from that address and port is received.
vg_status vg_egress_connect_udp(vg_core *c, int32_t label, const char *host, uint16_t port,
                                int *ret_fd, vg_err *err) VG_USE_RESULT;
// As vg_egress_connect for a URL that somebody typed: loopback only with [egress] loopback = yes, private networks unless
// [egress] private = no, so that a form is no way to what listens behind this machine's back.
vg_status vg_egress_connect_url(vg_core *c, int32_t label, const char *host, uint16_t port,
                                int *ret_fd, vg_err *err) VG_USE_RESULT;

// How a refusal or failure of any of these is said of a link: a catalogue key. VG_OK: NULL.
const char *vg_egress_problem(vg_status s, const vg_err *err);

typedef enum vg_egress_class {
    VG_EGRESS_PUBLIC,
    VG_EGRESS_PRIVATE,
    VG_EGRESS_LOOPBACK,
    VG_EGRESS_NEVER
} vg_egress_class;
struct sockaddr;
// Of an IPv4 or IPv6 address; one that carries an IPv4 address inside is what that is.
vg_egress_class vg_egress_class_of(const struct sockaddr *a);
