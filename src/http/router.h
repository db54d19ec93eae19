// SPDX-License-Identifier: Apache-2.0
// Paths to handlers. Built once at start from the modules' tables, read by every thread after that.
#pragma once

#include "base/str.h"

enum { HTTP_MAX_PARAMS = 4 };

typedef struct http_router http_router;

// What a route leads to; the router only carries it.
typedef struct http_target {
    enum {
        HTTP_T_LIST,     // const vg_resource *
        HTTP_T_ROW,      // const vg_resource *
        HTTP_T_QUERY,    // const vg_query *
        HTTP_T_COMMAND,  // const vg_command *
        HTTP_T_RAW,      // const vg_http_raw *
        HTTP_T_OWN       // const http_own_route *
    } kind;
    const void *what;
} http_target;

typedef struct http_match {
    http_target target;
    size_t n_params;
    struct {
        const char *name;  // as in the pattern, borrowed from the router
        vg_str value;      // borrowed from the path
    } param[HTTP_MAX_PARAMS];
    char allow[48];  // VG_EGONE: the methods that would do
} http_match;

http_router *http_router_create(void);
void http_router_destroy(http_router *r);  // NULL is fine
// route "POST /alerts/{id}/acknowledge" under base ("/api/v1" or ""). The texts are copied. Errors:
// VG_ECONFLICT (the route is taken), VG_EINVALID (not a route).
vg_status http_router_add(http_router *r, const char *base, const char *route, http_target t,
                          vg_err *err) VG_USE_RESULT;
// VG_OK, VG_ENOTFOUND (no such path) or VG_EGONE (the path exists, not for this method: ret->allow).
vg_status http_router_find(const http_router *r, vg_str method, vg_str path,
                           http_match *ret) VG_USE_RESULT;
vg_str http_match_param(const http_match *m, const char *name);  // empty view if there is none
