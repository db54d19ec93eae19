// SPDX-License-Identifier: Apache-2.0
// Inside of src/http: one running HTTP side of a node.
#pragma once

#include "http/export.h"
#include "http/http.h"
#include "http/login.h"
#include "http/problem.h"
#include "http/router.h"
#include "http/session.h"
#include "http/stream.h"

#include <stdatomic.h>

enum {
    HTTP_ARENA_BYTES = 4 << 20,  // of a request; taken as needed
    HTTP_STATUSES = 600,
    HTTP_BODY_MAX = 256 << 10,  // of a command, from somebody who is logged in
    HTTP_BODY_OPEN = 4 << 10,   // from anybody else
    HTTP_REPLY_MAX = 16 << 20,
    HTTP_CONNECTIONS = 2048,
    HTTP_PER_PEER = 512,  // some sixty consoles behind one address
    HTTP_STREAMS_MAX = 1500,
    HTTP_THREADS = 4,
    HTTP_IDLE_S = 75,
    HTTP_MAX_PERMISSIONS = 256,
    HTTP_DEVICE_OUTCOMES = 10
};

#define HTTP_BASE "/api/v1"

struct vg_http {
    vg_core *core;
    vg_http_opts o;
    http_router *router;
    http_sessions *sessions;
    http_login *login;
    http_hub *hub;
    http_exporter *exporter;
    vg_http_server *plain, *secure;
    const vg_auth *auth;  // NULL: nobody can log in
    const char *permissions[HTTP_MAX_PERMISSIONS];
    size_t n_permissions;
    vg_buf openapi;
    char openapi_etag[40];
    int64_t started_us;
    atomic_flag preparing;
    char boot[VG_ID_TEXT];
    _Atomic int64_t by_status[HTTP_STATUSES], slow;  // answers; over 100 ms
    struct http_nonces *nonces;
    _Atomic int64_t devices[HTTP_DEVICE_OUTCOMES];  // http_device_count
};

// One request on its way through the handlers.
struct http_call {
    vg_http *h;
    vg_http_request *rq;
    http_match match;
    http_caller caller;
    bool known;           // caller is set
    bool whole;           // the body is there
    bool device_refused;  // device.c: once is enough
    unsigned char signed_body[32];
    vg_lang lang;
};

// dispatch.c: the whole way of a request
void http_handle(void *ctx, vg_http_request *rq);
void http_refuse(void *ctx, vg_http_request *rq, const vg_err *err);
size_t http_body_max(void *ctx, vg_http_request *rq);
const char *http_permission_of(const http_target *t);  // NULL: open to all
void http_request_done(void *ctx, vg_http_request *rq);
void http_unread(void *ctx, int status);  // the library refused what it could not read
void http_fail(http_call *c, const vg_err *err);
void http_wait_first(http_call *c, int seconds);  // too many wrong passwords or codes
// Takes over an object or array as the reply (application/json, no-store).
void http_json(vg_http_request *rq, vg_buf *body);
vg_buf http_json_buf(void);

// auth.c: cookie or bearer token to caller. VG_EAUTH when there is none or it is not good.
vg_status http_authenticate(http_call *c, vg_err *err) VG_USE_RESULT;
// The same where nobody need be logged in: takes his language, too. False: nobody known.
bool http_know(http_call *c);
vg_status http_check_csrf(const http_call *c, vg_err *err) VG_USE_RESULT;
const char *http_cookie_name(void);
http_auth_source http_auth_from_core(vg_http *h);

// api_read.c, api_command.c
void http_get_list(http_call *c, const vg_resource *r);
void http_get_row(http_call *c, const vg_resource *r);
void http_get_query(http_call *c, const vg_query *q);
void http_post_command(http_call *c, const vg_command *cmd);
// Path and query parameters as members of object; texts become what the fields say.
vg_status http_merge_params(const http_call *c, const vg_field *fields, json_t *object,
                            vg_err *err) VG_USE_RESULT;

// routes.c
vg_status http_routes_build(vg_http *h, vg_err *err) VG_USE_RESULT;

// The program's own routes have the whole call at hand, unlike vg_http_raw.
typedef struct http_own_route {
    const char *route;
    const char *permission;  // NULL: open; "" : anybody logged in
    void (*fn)(http_call *c);
} http_own_route;
void http_get_event_image(http_call *c);         // image.c
extern const http_own_route http_node_routes[];  // node.c; ended by a NULL route
