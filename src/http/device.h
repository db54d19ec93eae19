// SPDX-License-Identifier: Apache-2.0
// Devices that sign each request with the key bound to their account, and the route that binds one.
#pragma once

#include "http/http_impl.h"
#include "http/nonces.h"

typedef enum http_device_count {
    HTTP_DEVICE_TAKEN,
    HTTP_DEVICE_MALFORMED,
    HTTP_DEVICE_UNKNOWN,  // or revoked, over, not bound
    HTTP_DEVICE_FORGED,   // signed by another key, or over another method, path or body
    HTTP_DEVICE_STALE,
    HTTP_DEVICE_REPLAYED,
    HTTP_DEVICE_BODY,  // not the one that was signed
    HTTP_DEVICE_BOUND,
    HTTP_DEVICE_NO_CODE,
    HTTP_DEVICE_MUST_WAIT,
    HTTP_DEVICE_COUNTS
} http_device_count;

// words: what follows "Device " in Authorization. VG_EAUTH for whatever is wrong, with the node's time in a header.
vg_status http_device_enter(http_call *c, vg_str words, vg_err *err) VG_USE_RESULT;
// The body has come: a caller that signed another one is nobody.
void http_device_body(http_call *c);
void http_device_metrics(vg_http *h, vg_buf *out);
extern const http_own_route http_device_routes[];
