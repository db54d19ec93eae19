// SPDX-License-Identifier: Apache-2.0
// A libcurl handle whose only way out is core/egress.h, with the settings that all senders share: TLS 1.2 or
// later against the authority given or the system's, no proxy, no redirect, nothing from files or environment,
// ten seconds for everything. One thread uses it.
#pragma once

#include "core/outbox.h"

#include <curl/curl.h>

enum { VG_DIAL_S = 10 };

typedef struct vg_dial_to {
    vg_core *core;
    int32_t label;
    const char *scheme;  // "smtp", "https"
    const char *host;
    uint16_t port;
    const char *path;  // after the port, "" or "/…"
    vg_str ca;         // PEM of the only authority to trust; "" = the system's
    bool url;          // somebody typed it as a URL: vg_egress_connect_url
} vg_dial_to;

typedef struct vg_dial vg_dial;

vg_dial *vg_dial_create(const vg_dial_to *to);  // copies; no network. NULL: not a usable address
void vg_dial_destroy(vg_dial *d);               // NULL is fine
CURL *vg_dial_handle(vg_dial *d);               // for further options
// Performs; NULL or the problem ("link.unreachable", "link.certificate", …).
const char *vg_dial_perform(vg_dial *d);
long vg_dial_code(vg_dial *d);  // the last answer's, 0: none came
const char *vg_dial_words(
    vg_dial *d);  // libcurl's words on the last failure, for the log; "" if none

// May this parcel leave for the host? False with *ret filled: its label forbids it for good, or the node's
// profile forbids everything.
bool vg_dial_may_leave(vg_core *c, const vg_parcel *p, const char *host, uint16_t port,
                       vg_parcel_result *ret);
