// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 on one address, plain or TLS, over libmicrohttpd; nothing of that library shows here. The
// handler runs on one of the server's threads with the whole request in memory. It fills the reply and
// returns, or calls vg_http_later first and lets another thread finish.
#pragma once

#include "net/http_parse.h"

enum { VG_HTTP_MAX_HEADERS = 14, VG_HTTP_PEER = 48, VG_HTTP_PRINT = 32 };

typedef struct vg_http_server vg_http_server;

// An answer without an end (server-sent events). read runs on a server thread: it returns bytes
// written, 0 after vg_http_stream_wait (both under the owner's lock, so that no wake is lost), or -1 to end.
// closed is the last call; after it no function may be called with the stream.
typedef struct vg_http_stream {
    ptrdiff_t (*read)(void *ctx, char *buf, size_t max);
    void (*closed)(void *ctx);
    void *ctx;
    void *conn;  // the server's
} vg_http_stream;

typedef struct vg_http_reply {
    int status;              // 0 = 200
    const char *type;        // static; NULL when there is no body
    vg_buf body;             // owned; taken over by the server
    vg_str fixed;            // instead of body: bytes that outlive the server
    vg_http_stream *stream;  // instead of both
    size_t n_headers;
    struct {
        const char *name, *value;  // static or in the request's arena
    } header[VG_HTTP_MAX_HEADERS];
} vg_http_reply;

typedef struct vg_http_request {
    vg_str method, path;  // HEAD comes as GET (the server leaves the body out)
    vg_str target;        // path and query as they were sent
    size_t n_query;
    vg_http_pair *query;
    vg_str body;
    char peer[VG_HTTP_PEER];  // address without port
    bool loopback, tls;
    const unsigned char
        *certificate;  // SHA-256 of the client's, whose key it proved to have; or NULL
    int64_t began_us;  // vg_mono_us
    vg_arena *arena;   // freed after the reply was sent, or when a stream begins
    void *user;        // the handler's, see vg_http_options.done
    vg_http_reply reply;
    bool answered;  // for done: not given up before
} vg_http_request;

typedef struct vg_http_options {
    const char *address;             // "127.0.0.1:8080"; port 0 takes a free one
    const char *cert_pem, *key_pem;  // both or neither; plain only on loopback (VG_EINVALID)
    // With TLS: clients are asked for a certificate and may have none. Any that they can prove is taken, whoever
    // issued it; what it is worth is the handler's.
    bool ask_client;
    bool plain_anywhere;   // for devices that know no TLS, on a network of their own
    int threads;           // 2..4
    unsigned connections;  // at most this many at once
    unsigned per_peer;     // of them from one address (a /64 in IPv6); 0: no limit
    size_t arena_bytes;    // limit of a request's arena, not counting its body
    int idle_s;            // a connection that says nothing is closed; streams are not
    const char *const
        *headers;  // on every answer that does not set them itself: name, value, …, NULL
    void *ctx;
    // Largest body this request may send (method, path and headers are known). Called before a byte of
    // it is stored.
    size_t (*body_max)(void *ctx, vg_http_request *rq);
    // Fills rq->reply. err of refused requests (bad target, too big) comes with handle = refuse.
    void (*handle)(void *ctx, vg_http_request *rq);
    void (*refuse)(void *ctx, vg_http_request *rq, const vg_err *err);
    void (*done)(void *ctx,
                 vg_http_request *rq);      // last call for rq: answered or given up; may be NULL
    void (*unread)(void *ctx, int status);  // refused before there was a request; may be NULL
} vg_http_options;

typedef struct vg_http_stats {
    int64_t requests, refused, open_connections, open_streams, bytes_streamed;
    int64_t peer_full;  // connections refused because their address had per_peer
} vg_http_stats;

vg_status vg_http_server_start(const vg_http_options *o, vg_http_server **ret,
                               vg_err *err) VG_USE_RESULT;
// No new connections from here on; those that exist go on.
void vg_http_server_quiesce(vg_http_server *s);
// Waits for answers that are still owed (vg_http_later), then ends everything. Streams must have been
// told to end (read returns -1). NULL is fine.
void vg_http_server_stop(vg_http_server *s);
uint16_t vg_http_server_port(const vg_http_server *s);
void vg_http_server_stats(vg_http_server *s, vg_http_stats *ret);

// --- inside the handler -------------------------------------------------------------------------
vg_str vg_http_header(const vg_http_request *rq, const char *name);  // empty view if missing
// false when the parameter is missing
bool vg_http_query(const vg_http_request *rq, const char *name, vg_str *ret);
void vg_http_set(vg_http_request *rq, const char *name, const char *value);
// Another thread will fill the reply and call vg_http_complete, once. Call this before telling it.
void vg_http_later(vg_http_request *rq);
void vg_http_complete(vg_http_request *rq);  // any thread; rq is gone afterwards

void vg_http_stream_wait(vg_http_stream *s);  // only in read, before returning 0
void vg_http_stream_wake(vg_http_stream *s);  // any thread, once after each wait
