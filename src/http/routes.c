// SPDX-License-Identifier: Apache-2.0
// The one place where tables become routes. A route taken twice stops the start: it is a fault of the
// tables, not of the world.
#include "http/http_impl.h"

#include "http/device.h"
#include "http/session_routes.h"

static void note_permission(vg_http *h, const char *permission)
{
    if (!permission || !*permission) {
        return;
    }
    for (size_t i = 0; i < h->n_permissions; i++) {
        if (strcmp(h->permissions[i], permission) == 0) {
            return;
        }
    }
    if (h->n_permissions < VG_LEN(h->permissions)) {
        h->permissions[h->n_permissions++] = permission;
    }
}

static vg_status add_resource(vg_http *h, const vg_resource *r, vg_err *err)
{
    char route[160];
    note_permission(h, r->permission);
    if (!r->path) {  // only in the stream
        return VG_OK;
    }
    snprintf(route, sizeof route, "GET %s", r->path);
    VG_TRY(http_router_add(h->router, HTTP_BASE, route, (http_target){HTTP_T_LIST, r}, err));
    snprintf(route, sizeof route, "GET %s/{id}", r->path);
    return http_router_add(h->router, HTTP_BASE, route, (http_target){HTTP_T_ROW, r}, err);
}

static vg_status add_module(vg_http *h, const vg_module *m, vg_err *err)
{
    for (const vg_resource *r = m->resources; r && r->name; r++) {
        VG_TRY(add_resource(h, r, err));
    }
    for (const vg_query *q = m->queries; q && q->name; q++) {
        note_permission(h, q->permission);
        VG_TRY(
            http_router_add(h->router, HTTP_BASE, q->route, (http_target){HTTP_T_QUERY, q}, err));
    }
    for (const vg_command *c = m->commands; c && c->name; c++) {
        note_permission(h, c->permission);
        if (c->route) {
            VG_TRY(http_router_add(h->router, HTTP_BASE, c->route, (http_target){HTTP_T_COMMAND, c},
                                   err));
        }
    }
    return VG_OK;
}

static vg_status add_own(vg_http *h, const http_own_route *v, vg_err *err)
{
    for (; v->route; v++) {
        note_permission(h, v->permission);
        VG_TRY(http_router_add(h->router, "", v->route, (http_target){HTTP_T_OWN, v}, err));
    }
    return VG_OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

vg_status http_routes_build(vg_http *h, vg_err *err)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        VG_TRY(add_module(h, m, err));
        if (m->auth) {
            h->auth = m->auth;
        }
    }
    VG_TRY(add_own(h, http_session_routes, err));
    VG_TRY(add_own(h, http_node_routes, err));
    VG_TRY(add_own(h, http_device_routes, err));
    for (const vg_http_raw *r = h->o.raw; r && r->route; r++) {
        note_permission(h, r->permission);
        VG_TRY(http_router_add(h->router, "", r->route, (http_target){HTTP_T_RAW, r}, err));
    }
    qsort(h->permissions, h->n_permissions, sizeof h->permissions[0], by_text);
    return VG_OK;
}
