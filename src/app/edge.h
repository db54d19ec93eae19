// SPDX-License-Identifier: Apache-2.0
// An edge is a way into or out of the node that `serve` starts beside the API: a listener for devices, a
// client of a broker, a sender. One file each, src/app/edge_<name>.c, and one row in edges.def; options,
// INI keys (listen.<name>), run.json and /metrics come from the table.
#pragma once

#include "base/str.h"
#include "core/core.h"

struct vg_http_raw;  // http/http.h

typedef struct vg_edge {
    const char *name;  // "dc09": --dc09 ADDR:PORT, listen.dc09
    const char
        *listen;  // default "ADDR:PORT", or "off"; NULL: it listens nowhere and has no option
    // After vg_core_start; at is NULL for an edge that does not listen. *ret may be NULL: nothing to do.
    vg_status (*start)(vg_core *core, const char *at, void **ret, vg_err *err);
    void (*stop)(void *edge);            // while the scribe still answers
    uint16_t (*port)(const void *edge);  // NULL when it does not listen
    void (*metrics)(const void *edge,
                    vg_buf *out);  // Prometheus lines with HELP and TYPE; may be NULL
    // The API's raw routes, for an edge that serves the open ones too; they outlive it. May be NULL.
    void (*share)(void *edge, const struct vg_http_raw *routes);
} vg_edge;

#define LISTENER(name) extern const vg_edge vg_edge_##name;
#define WORKER(name) LISTENER(name)
#include "app/edges.def"
