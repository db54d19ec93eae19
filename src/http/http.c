// SPDX-License-Identifier: Apache-2.0
// Start and stop of the HTTP side. The order of stopping matters: no new connections, streams end, the
// login thread answers what it has, commands under way come back from the scribe, and only then do the
// servers stop; the core must still run until here.
#include "http/http_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "http/nonces.h"
#include "http/session_routes.h"
#include "http/session_store.h"
#include "http/static.h"

// --- the hub reads through the core -------------------------------------------------------------
static vg_db *hub_take(void *ctx, vg_principal *who)
{
    vg_db *db;
    return vg_reader_take(ctx, who, &db, NULL) == VG_OK ? db : NULL;
}

static void hub_give(void *ctx, vg_db *db)
{
    vg_reader_give(ctx, db);
}

static vg_status hub_row(void *ctx, vg_db *db, const vg_change *ch, vg_jw *out)
{
    (void)ctx;
    return vg_resource_row(ch->resource, db, (vg_str){0}, ch->rowid, NULL, out, NULL);
}

// --- start --------------------------------------------------------------------------------------
static vg_status start_server(vg_http *h, bool tls, vg_http_server **ret, vg_err *err)
{
    const vg_http_options o = {
        .address = tls ? h->o.https_address : h->o.http_address,
        .cert_pem = tls ? h->o.cert_pem : NULL,
        .key_pem = tls ? h->o.key_pem : NULL,
        .threads = HTTP_THREADS,
        .connections = HTTP_CONNECTIONS,
        .per_peer = tls ? HTTP_PER_PEER : 0,  // without TLS it is this machine, or its proxy
        .arena_bytes = HTTP_ARENA_BYTES,
        .idle_s = HTTP_IDLE_S,
        .headers = http_security_headers,
        .ctx = h,
        .body_max = http_body_max,
        .handle = http_handle,
        .refuse = http_refuse,
        .done = http_request_done,
        .unread = http_unread,
    };
    VG_TRY(vg_http_server_start(&o, ret, err));
    vg_log(VG_INFO, "http.listening", "address=%s port=%u tls=%d", o.address,
           vg_http_server_port(*ret), tls);
    return VG_OK;
}

static void make_openapi(vg_http *h)
{
    unsigned char hash[VG_HASH_BYTES];
    char hex[33];
    vg_http_openapi(h->o.raw, &h->openapi);
    vg_hash(h->openapi.p, h->openapi.n, hash);
    vg_hex(hash, 16, hex);
    snprintf(h->openapi_etag, sizeof h->openapi_etag, "\"%s\"", hex);
}

// Every change of rights is one that stands open for a third person's look, or a token's.
static bool of_rights(const vg_change *v)
{
    return strcmp(v->resource->table, "permission_change") == 0 ||
           strcmp(v->resource->table, "token") == 0;
}

// On the scribe's thread, before whoever asked for it is answered: what was taken away is gone with that answer.
static void changed(void *ctx, const vg_change *v, size_t n)
{
    vg_http *h = ctx;
    size_t i = 0;
    while (i < n && !of_rights(&v[i])) {
        i++;
    }
    if (i < n) {
        http_sessions_rights_changed(h->sessions);
        http_hub_recheck(h->hub);
    }
    http_hub_changes(h->hub, v, n);
}

static vg_status start_parts(vg_http *h, vg_err *err)
{
    VG_TRY(http_routes_build(h, err));
    make_openapi(h);
    const http_auth_source auth = http_auth_from_core(h);
    const http_login_source login = http_login_from_core(h);
    const http_hub_source rows = {h->core, hub_take, hub_give, hub_row};
    VG_TRY(http_exporter_start(h->core, &h->exporter, err));
    h->sessions = http_sessions_create(&auth, vg_core_labels(h->core));
    http_sessions_load(h->core, h->sessions);
    h->login = http_login_create(&login);
    h->hub = http_hub_create(&rows, h->sessions, HTTP_STREAMS_MAX, h->boot);
    vg_core_on_changes(h->core, changed, h);
    if (h->o.http_address) {
        VG_TRY(start_server(h, false, &h->plain, err));
    }
    return h->o.https_address ? start_server(h, true, &h->secure, err) : VG_OK;
}

vg_status vg_http_start(vg_core *core, const vg_http_opts *opts, vg_http **ret, vg_err *err)
{
    vg_http *h = vg_alloc(sizeof *h);
    h->core = core;
    h->o = *opts;
    h->router = http_router_create();
    h->started_us = vg_now_us();
    vg_id_random(h->boot);
    h->nonces = http_nonces_create(vg_labels_now(vg_core_labels(core)));
    const vg_status st = start_parts(h, err);
    if (st != VG_OK) {
        vg_http_stop(h);
        return st;
    }
    *ret = h;
    return VG_OK;
}

void vg_http_stop(vg_http *h)
{
    if (!h) {
        return;
    }
    vg_http_server *const servers[] = {h->plain, h->secure};
    for (size_t i = 0; i < VG_LEN(servers); i++) {
        if (servers[i]) {
            vg_http_server_quiesce(servers[i]);
        }
    }
    if (h->hub) {
        http_hub_stop(h->hub);
        http_login_stop(h->login);
    }
    http_exporter_stop(h->exporter);  // its answers are owed
    for (size_t i = 0; i < VG_LEN(servers); i++) {
        vg_http_server_stop(servers[i]);
    }
    if (h->hub) {
        vg_core_on_changes(h->core, NULL, h);
    }
    http_hub_destroy(h->hub);
    http_login_destroy(h->login);
    http_sessions_destroy(h->sessions);
    http_nonces_destroy(h->nonces);
    http_router_destroy(h->router);
    vg_buf_done(&h->openapi);
    free(h);
}

uint16_t vg_http_port(const vg_http *h, bool tls)
{
    const vg_http_server *s = tls ? h->secure : h->plain;
    return s ? vg_http_server_port(s) : 0;
}
