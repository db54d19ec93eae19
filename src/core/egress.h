// SPDX-License-Identifier: Apache-2.0
// The only way out. Whatever leaves the node for another machine on the node's own initiative asks here
// first; a standalone node never opens a connection, a federated one never lets a labelled secret go.
#pragma once

#include "core/core.h"

// May something of this label leave for host:port? Errors: VG_EDENIED (profile, secrecy). The decision is
// logged without the content.
vg_status vg_egress_allow(vg_core *c, int32_t label, const char *host, uint16_t port,
                          vg_err *err) VG_USE_RESULT;
// Allowed, resolved and connected TCP socket. Caller closes.
vg_status vg_egress_connect(vg_core *c, int32_t label, const char *host, uint16_t port, int *ret_fd,
                            vg_err *err) VG_USE_RESULT;
