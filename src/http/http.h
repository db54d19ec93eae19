// SPDX-License-Identifier: Apache-2.0
// The API and the console over HTTP. Routes come from the modules' tables; what is neither a command, a
// resource nor a query is a raw route given by the program (webhook ingest, images, downloads).
#pragma once

#include "base/embed.h"
#include "core/core.h"
#include "net/http_server.h"

typedef struct vg_http vg_http;

// A raw handler's view of the call. It fills rq->reply, or calls vg_http_later and finishes elsewhere (then
// who is no longer valid: copy what is needed).
typedef struct vg_http_raw_call {
    vg_http_request *rq;
    vg_principal *who;  // NULL on open routes; may be handed to vg_reader_take
    vg_lang lang;
    vg_str param[4];  // of {…} in the route, in order
    bool bad;         // set by a handler that answered itself: no honest device does this
} vg_http_raw_call;

typedef struct vg_http_raw {
    const char *route;       // "POST /ingest/webhook/{source}": a whole path; NULL ends the array
    const char *permission;  // NULL: open to all; the handler knows its own credentials
    size_t body_max;
    void (*fn)(void *ctx, vg_http_raw_call *call);
    void *ctx;
} vg_http_raw;

typedef struct vg_http_opts {
    const char *http_address;   // plain, loopback only; NULL = none
    const char *https_address;  // NULL = none
    const char *cert_pem, *key_pem;
    const vg_embedded *files;  // the console; NULL = none
    const vg_http_raw *raw;    // NULL = none
    const char *name;          // of the node, shown to people
    const char *profile;       // "federated" or "standalone"
    bool demo;
    // Adds members to GET /api/v1/node ("health" is open: e.g. "verify"); may be NULL.
    void (*health_more)(void *ctx, vg_jw *health);
    // Appends Prometheus lines (HELP and TYPE of each); may be NULL.
    void (*metrics_more)(void *ctx, vg_buf *out);
    void *ctx;
} vg_http_opts;

// After vg_core_start. The texts of opts must stay until vg_http_stop.
vg_status vg_http_start(vg_core *core, const vg_http_opts *opts, vg_http **ret,
                        vg_err *err) VG_USE_RESULT;
// Before vg_core_stop: ends streams, waits for commands under way. NULL is fine.
void vg_http_stop(vg_http *h);
uint16_t vg_http_port(const vg_http *h, bool tls);  // 0 when there is no such listener
// The OpenAPI document, for `vonggac openapi` and tests. The caller ends the buffer.
void vg_http_openapi(const vg_http_raw *raw, vg_buf *ret);
// For raw handlers.
// The answer is a file, as an attachment of that name. Takes fd over; who and param are no longer valid.
void vg_http_send_file(vg_http_raw_call *call, int fd, const char *type, const char *name);
void vg_http_problem(vg_http_raw_call *call, const vg_err *err);
