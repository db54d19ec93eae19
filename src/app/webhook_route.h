// SPDX-License-Identifier: Apache-2.0
// Where the signed webhook meets HTTP: POST /ingest/webhook/{source}. Answers 200 only after the events are
// on disk.
#pragma once

#include "http/http.h"

typedef struct vg_webhook_route vg_webhook_route;

vg_webhook_route *vg_webhook_route_create(vg_core *core);
void vg_webhook_route_destroy(vg_webhook_route *w);  // after vg_http_stop; NULL is fine
const vg_http_raw *vg_webhook_routes(
    vg_webhook_route *w);  // NULL w: for the API's description only
void vg_webhook_metrics(const vg_webhook_route *w, vg_buf *out);
