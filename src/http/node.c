// SPDX-License-Identifier: Apache-2.0
// What a node says about itself: who it is, whether it lives, whether it is ready, its metrics, its API,
// and its live stream. /healthz, /readyz and, to who is not logged in, /node say nothing about the site.
#include "http/http_impl.h"

#include "base/clock.h"
#include "http/metrics.h"

static void text_reply(http_call *c, int status, const char *type, vg_buf *b)
{
    c->rq->reply.status = status;
    c->rq->reply.type = type;
    c->rq->reply.body = *b;
    vg_http_set(c->rq, "Cache-Control", "no-store");
}

static void get_healthz(http_call *c)
{
    vg_buf b;
    vg_buf_init(&b, 64);
    vg_buf_c(&b, "ok\n");
    text_reply(c, 200, "text/plain; charset=utf-8", &b);
}

static void get_readyz(http_call *c)
{
    vg_health x;
    vg_core_health(c->h->core, &x);
    const char *why = x.stopping    ? "stopping"
                      : x.disk_full ? "disk_full"
                      : x.ready     ? NULL
                                    : "not_ready";
    vg_buf b;
    vg_buf_init(&b, 256);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kbool(&w, "ready", !why);
    vg_jw_kz(&w, "reason", why);
    vg_jw_close(&w, '}');
    text_reply(c, why ? 503 : 200, "application/json", &b);
}

// How busy the node is tells a partner how much happens that he may not see: figures are the custodian's.
static void write_health(const vg_http *h, bool figures, vg_jw *w)
{
    vg_health x;
    vg_core_health(h->core, &x);
    vg_jw_key(w, "health");
    vg_jw_open(w, '{');
    vg_jw_kbool(w, "ready", x.ready && !x.stopping);
    vg_jw_kbool(w, "disk_full", x.disk_full);
    if (figures) {
        vg_jw_ki64(w, "queue_depth", x.queue_depth);
        vg_jw_key(w, "sync_ms");
        vg_jw_f64(w, (double)x.sync_p99_us / 1000.0);
        vg_jw_ki64(w, "wal_bytes", x.wal_bytes);
        vg_jw_ki64(w, "clock_steps", x.clock_steps);
        if (h->o.health_more) {
            h->o.health_more(h->o.ctx, w);
        }
    }
    vg_jw_close(w, '}');
}

static void write_inside(const http_call *c, vg_jw *w)
{
    const vg_http *h = c->h;
    vg_jw_kz(w, "version", VG_VERSION);
    vg_jw_kz(w, "profile", h->o.profile ? h->o.profile : "federated");
    vg_jw_kz(w, "boot", h->boot);
    vg_jw_ktime(w, "started", h->started_us);
    write_health(h, vg_may(&c->caller.who, "node.metrics", NULL), w);
}

// Open: what the log-in page says anyway, and whether the asker is logged in, so that a console need not provoke
// a refusal to find out. Version, start and health are for who may read them.
static void get_node(http_call *c)
{
    const vg_http *h = c->h;
    const bool known = http_know(c);
    vg_buf b = http_json_buf();
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "name", h->o.name ? h->o.name : "");
    vg_jw_ktime(&w, "server_time", vg_now_us());
    vg_jw_kbool(&w, "demo", h->o.demo);
    vg_jw_kbool(&w, "logged_in", known);
    if (known && vg_may(&c->caller.who, "node.read", NULL)) {
        write_inside(c, &w);
    }
    vg_jw_close(&w, '}');
    http_json(c->rq, &b);
}

static void get_metrics(http_call *c)
{
    vg_buf b;
    vg_buf_init(&b, 1 << 20);
    http_metrics(c->h, &b);
    text_reply(c, 200, "text/plain; version=0.0.4; charset=utf-8", &b);
}

static void get_openapi(http_call *c)
{
    const vg_http *h = c->h;
    vg_http_set(c->rq, "ETag", h->openapi_etag);
    vg_http_set(c->rq, "Cache-Control", "no-cache");
    if (vg_http_etag_matches(vg_http_header(c->rq, "If-None-Match"), vg_str_c(h->openapi_etag))) {
        c->rq->reply.status = 304;
        return;
    }
    c->rq->reply.type = "application/json";
    c->rq->reply.fixed = vg_buf_str(&h->openapi);
}

// "only": a stream of one resource on request.
static vg_status wish_of(const http_call *c, const vg_resource **ret, vg_err *err)
{
    vg_str name = {0};
    *ret = NULL;
    if (!vg_http_query(c->rq, "only", &name)) {
        return VG_OK;
    }
    const char *z = vg_str_z(c->rq->arena, name);
    *ret = z ? vg_core_resource(z) : NULL;
    return *ret && (*ret)->on_request
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "only", "http.err.parameter", "%s", "only");
}

static void get_stream(http_call *c)
{
    vg_err err = {0};
    const vg_resource *only;
    if (c->caller.kind == HTTP_BY_DEVICE) {  // a stream outlives the one request that was signed
        (void)!vg_fail(&err, VG_EDENIED, "", NULL, "%s", "");
        http_fail(c, &err);
        return;
    }
    const vg_str last = vg_http_header(c->rq, "Last-Event-ID");
    vg_str by_query = {0};
    (void)vg_http_query(c->rq, "last_event_id", &by_query);
    if (wish_of(c, &only, &err) != VG_OK ||
        http_hub_join(c->h->hub, c->rq, &c->caller, last.n ? last : by_query, only, &err) !=
            VG_OK) {
        http_fail(c, &err);
        return;
    }
    c->rq->reply.type = "text/event-stream; charset=utf-8";
    vg_http_set(c->rq, "Cache-Control", "no-store");
    vg_http_set(c->rq, "X-Accel-Buffering", "no");
    http_caller_done(&c->caller);  // the arena, and this call with it, ends when the stream begins
    c->known = false;
    c->rq->user = NULL;
}

const http_own_route http_node_routes[] = {
    {"GET /healthz", NULL, get_healthz},
    {"GET /readyz", NULL, get_readyz},
    {"GET /metrics", "node.metrics", get_metrics},
    {"GET /api/openapi.json", NULL, get_openapi},
    {"GET " HTTP_BASE "/node", NULL, get_node},
    {"GET " HTTP_BASE "/stream", "", get_stream},
    {"GET " HTTP_BASE "/events/{id}/image", "sites.read", http_get_event_image},
    {0},
};
