// SPDX-License-Identifier: Apache-2.0
// The live stream: changed rows, once each, to everybody who may see them (server-sent events).
#pragma once

#include "core/core.h"
#include "http/session.h"
#include "net/http_server.h"

typedef struct http_hub http_hub;

// Where rows come from; fakes in tests. All calls are made on the hub's thread.
typedef struct http_hub_source {
    void *ctx;
    // Begins reading as who sees; NULL when the store is busy.
    vg_db *(*take)(void *ctx, vg_principal *who);
    void (*give)(void *ctx, vg_db *db);
    // VG_ENOTFOUND: not visible, or gone.
    vg_status (*row)(void *ctx, vg_db *db, const vg_change *change, vg_jw *out);
} http_hub_source;

http_hub *http_hub_create(const http_hub_source *source, http_sessions *sessions,
                          size_t max_clients, const char *boot);
// Any thread: notes changes (short). From vg_core_on_changes (http.c).
void http_hub_changes(void *ctx, const vg_change *v, size_t n);
// Answers rq with a stream for caller (copied). last_id: the client's Last-Event-ID, or empty. only: a resource
// on request, of which alone this stream is (it cannot be resumed); NULL: of all the others. Errors: VG_EUNAVAIL
// (too many streams, stopping).
vg_status http_hub_join(http_hub *hub, vg_http_request *rq, const http_caller *caller,
                        vg_str last_id, const vg_resource *only, vg_err *err) VG_USE_RESULT;
// Any thread: asks of every stream at once whether its session still is; without it that takes some seconds.
void http_hub_recheck(http_hub *hub);
void http_hub_stop(http_hub *hub);     // ends every stream and joins the thread
void http_hub_destroy(http_hub *hub);  // after the HTTP servers have stopped; NULL is fine

typedef struct http_hub_stats {
    int64_t clients, groups, changes, rows_read, blocks, resets, resumed;
} http_hub_stats;
void http_hub_stats_get(http_hub *hub, http_hub_stats *ret);
