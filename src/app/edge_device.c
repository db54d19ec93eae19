// SPDX-License-Identifier: Apache-2.0
// Devices that speak HTTP, on an address of their own, apart from the API: what may be loose here (no TLS where a
// device knows none, tokens in paths, empty Digests) is not loose there. The port (ingest/device) understands and
// remembers; here are the listeners, the limits per peer, the pictures and the answer after the commit. The signed
// webhook is served here too, by the same handler as on the API. Off unless an address is given.
#include "app/edge.h"
#include "app/tls_keys.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/object.h"
#include "core/recent.h"
#include "http/http.h"
#include "ingest/device/device.h"
#include "net/addr.h"
#include "net/http_server.h"
#include "net/peers.h"

#include <pthread.h>

enum {
    ARENA_BYTES = 24 << 20,  // of a request beside its body: pictures out of base64
    CONNECTIONS = 256,
    PER_PEER = 64,
    IDLE_S = 75,
    THREADS = 2,
    PEER_RATE = 100,
    BAD_MAX = 20,
    QUARANTINE_S = 60,
    IMAGE_DAYS = 30,
    RECALL_S = 86400,
    LOG_EVERY_S = 10
};

typedef struct edge {
    vg_core *core;
    vg_device_port *port;
    vg_http_server *plain, *secure;
    vg_tls tls;
    pthread_mutex_t lock;  // peers, logged
    vg_peers *peers;
    int64_t logged_us;
    int image_days;
    const vg_http_raw *_Atomic raw;  // the API's own routes for devices
} edge;

// One call on its way to disk.
typedef struct flight {
    edge *e;
    vg_http_request *rq;
    vg_signals batch;
    vg_device_call call;
} flight;

static void answer(vg_http_request *rq, const vg_device_reply *r)
{
    rq->reply.status = r->status;
    rq->reply.type = r->type;
    vg_buf_init(&rq->reply.body, VG_DEVICE_REPLY);
    vg_buf_add(&rq->reply.body, r->text, r->n);
}

static void answer_plain(vg_http_request *rq, int status)
{
    vg_device_reply r = {.status = status, .type = "text/plain", .text = "ERROR", .n = 5};
    answer(rq, &r);
}

static void on_disk(void *ctx, vg_status st)
{
    flight *f = ctx;
    vg_device_end(f->e->port, &f->call, st);
    answer(f->rq, &f->call.reply);
    vg_http_complete(f->rq);
    free(f);
}

// --- peers ----------------------------------------------------------------------------------------
static bool peer_may(edge *e, const vg_http_request *rq)
{
    const int64_t now = vg_mono_us();
    const uint64_t key = vg_addr_key_of(rq->peer);
    pthread_mutex_lock(&e->lock);
    const bool may = !vg_peers_quarantined(e->peers, key, now) && vg_peers_take(e->peers, key, now);
    pthread_mutex_unlock(&e->lock);
    if (!may) {
        vg_device_add(e->port, VG_DEVICE_peer_limited);
    }
    return may;
}

// One line in ten seconds; the counters tell the rest.
static void note(edge *e, const vg_http_request *rq, int status, bool bad)
{
    const int64_t now = vg_mono_us();
    const uint64_t key = vg_addr_key_of(rq->peer);
    pthread_mutex_lock(&e->lock);
    const bool shut = bad && vg_peers_bad(e->peers, key, now);
    const bool say = status >= 400 && now - e->logged_us > LOG_EVERY_S * VG_SECOND_US;
    if (!bad) {
        vg_peers_good(e->peers, key, now);
    }
    e->logged_us = say ? now : e->logged_us;
    pthread_mutex_unlock(&e->lock);
    if (shut) {
        vg_device_add(e->port, VG_DEVICE_quarantines);
    }
    if (say || shut) {
        vg_log(VG_WARN, shut ? "device.quarantine" : "device.refused", "peer=%s status=%d",
               rq->peer, status);
    }
}

// --- one request ----------------------------------------------------------------------------------
static size_t described(const vg_http_request *rq, vg_device_query q[VG_DEVICE_QUERIES],
                        vg_device_request *ret)
{
    size_t n = 0;
    for (; n < rq->n_query && n < VG_DEVICE_QUERIES; n++) {
        q[n] = (vg_device_query){rq->query[n].name, rq->query[n].value};
    }
    *ret = (vg_device_request){.method = rq->method,
                               .path = rq->path,
                               .query = q,
                               .n_query = n,
                               .content_type = vg_http_header(rq, "Content-Type"),
                               .authorization = vg_http_header(rq, "Authorization"),
                               .timestamp = vg_http_header(rq, "X-Vonggac-Timestamp"),
                               .signature = vg_http_header(rq, "X-Vonggac-Signature"),
                               .body = rq->body,
                               .certificate = rq->certificate,
                               .peer = rq->peer,
                               .now_us = vg_now_us()};
    return n;
}

// The raw route of the API that a path stands for ("POST /ingest/webhook/{source}"), and its parameter.
static const vg_http_raw *raw_of(edge *e, const vg_http_request *rq, vg_str *ret_param)
{
    for (const vg_http_raw *r = e->raw; r && r->route; r++) {
        const char *path = strchr(r->route, ' ') + 1;
        const char *brace = strchr(path, '{');
        const size_t n = brace ? (size_t)(brace - path) : 0;
        const bool method =
            vg_str_eq(rq->method, (vg_str){r->route, (size_t)(path - 1 - r->route)});
        if (!r->permission && n && method && rq->path.n > n && memcmp(rq->path.p, path, n) == 0 &&
            !memchr(rq->path.p + n, '/', rq->path.n - n)) {
            *ret_param = (vg_str){rq->path.p + n, rq->path.n - n};
            return r;
        }
    }
    return NULL;
}

static size_t body_max(void *ctx, vg_http_request *rq)
{
    edge *e = ctx;
    vg_device_query q[VG_DEVICE_QUERIES];
    vg_device_request d;
    vg_str param;
    const vg_http_raw *raw = raw_of(e, rq, &param);
    if (raw) {
        return raw->body_max;
    }
    (void)described(rq, q, &d);
    return vg_device_body_max(e->port, &d);
}

static void keep_image(edge *e, vg_device_call *call)
{
    const int days = call->image_days > 0 ? call->image_days : e->image_days;
    const int64_t until_us = vg_now_us() + days * INT64_C(86400) * VG_SECOND_US;
    vg_err err = {0};
    char name[VG_OBJECT_NAME] = "";
    if (call->image.n == 0) {
        return;
    }
    const vg_status st = vg_object_put(vg_core_objects(e->core), call->image, until_us, name, &err);
    vg_device_add(e->port, st == VG_OK ? VG_DEVICE_images : VG_DEVICE_images_lost);
    if (st != VG_OK) {
        vg_log(VG_ERROR, "device.image", "status=%s detail=%s", vg_status_name(st), err.detail);
    }
    for (size_t i = 0; i < call->n_real; i++) {
        memcpy(call->v[i].image, name, sizeof name);
        call->v[i].flags |= st == VG_OK ? 0 : VG_SIG_IMAGE_LOST;
    }
}

static void hand_over(edge *e, vg_http_request *rq, const vg_device_call *call)
{
    flight *f = vg_alloc(sizeof *f);
    *f = (flight){.e = e,
                  .rq = rq,
                  .call = *call,
                  .batch = {.v = call->v, .n = call->n, .done = on_disk, .ctx = f}};
    keep_image(e, &f->call);
    vg_http_later(rq);
    if (!vg_scribe_signals(vg_core_scribe(e->core), &f->batch)) {
        on_disk(f, VG_EUNAVAIL);
    }
}

static void handle(void *ctx, vg_http_request *rq)
{
    edge *e = ctx;
    vg_device_query q[VG_DEVICE_QUERIES];
    vg_device_request d;
    vg_device_call call;
    bool bad = false;
    vg_str param = VG_S("");
    const vg_http_raw *raw = raw_of(e, rq, &param);
    if (!peer_may(e, rq)) {
        answer_plain(rq, 429);
        return;
    }
    if (raw) {
        vg_http_raw_call rc = {.rq = rq, .lang = VG_VI, .param = {param}};
        raw->fn(raw->ctx, &rc);  // rq may be gone
        if (rc.bad) {
            vg_device_add(e->port, VG_DEVICE_bad_token);
            note(e, rq, rq->reply.status, true);
        }
        return;
    }
    (void)described(rq, q, &d);
    if (vg_device_begin(e->port, rq->arena, &d, &call, &bad)) {
        note(e, rq, 200, false);
        hand_over(e, rq, &call);
        return;
    }
    note(e, rq, call.reply.status, bad);
    answer(rq, &call.reply);
}

// Before the body was read. Where nothing may be sent there is nothing, or a wrong token.
static void refuse(void *ctx, vg_http_request *rq, const vg_err *err)
{
    edge *e = ctx;
    const bool nothing = err->code == VG_ETOOBIG && body_max(e, rq) == 0;
    const bool token = nothing && vg_str_starts(rq->path, "/d/");
    const int status = nothing ? 404 : vg_status_http(err->code);
    vg_device_add(e->port, token                     ? VG_DEVICE_bad_token
                           : nothing                 ? VG_DEVICE_no_route
                           : err->code == VG_ETOOBIG ? VG_DEVICE_oversize
                                                     : VG_DEVICE_unparseable);
    (void)peer_may(e, rq);
    note(e, rq, status, true);
    answer_plain(rq, status);
}

// --- start and stop -------------------------------------------------------------------------------
static const char *const HEADERS[] = {"Cache-Control", "no-store", "X-Content-Type-Options",
                                      "nosniff", NULL};

static vg_status listen_at(edge *e, const char *at, bool tls, vg_http_server **ret, vg_err *err)
{
    const vg_conf *conf = vg_core_conf(e->core);
    const vg_http_options o = {
        .address = at,
        .cert_pem = tls ? vg_buf_z(&e->tls.cert) : NULL,
        .key_pem = tls ? vg_buf_z(&e->tls.key) : NULL,
        .ask_client = tls,
        .plain_anywhere = true,
        .threads = THREADS,
        .connections = (unsigned)vg_conf_i64(conf, "device.connections", CONNECTIONS),
        .per_peer = (unsigned)vg_conf_i64(conf, "device.per_peer", PER_PEER),
        .arena_bytes = ARENA_BYTES,
        .idle_s = IDLE_S,
        .headers = HEADERS,
        .ctx = e,
        .body_max = body_max,
        .handle = handle,
        .refuse = refuse,
    };
    return vg_http_server_start(&o, ret, err);
}

// A second address with the site's certificate, for devices that know TLS.
static vg_status listen_secure(edge *e, const char *at, vg_err *err)
{
    if (!at) {
        return VG_OK;
    }
    VG_TRY(app_tls_open(e->core, NULL, &e->tls, err));
    return listen_at(e, at, true, &e->secure, err);
}

static void learn(edge *e)
{
    vg_err err = {0};
    const int64_t since_us = vg_now_us() - RECALL_S * VG_SECOND_US;
    if (vg_recent_signals(e->core, since_us, vg_device_learn, e->port, &err) != VG_OK) {
        vg_log(VG_ERROR, "device.recall", "detail=%s", err.detail);
    }
}

static void stop(void *p)
{
    edge *e = p;
    vg_http_server_stop(e->plain);
    vg_http_server_stop(e->secure);
    vg_device_destroy(e->port);
    vg_peers_destroy(e->peers);
    pthread_mutex_destroy(&e->lock);
    vg_tls_done(&e->tls);
    free(e);
}

static vg_status start(vg_core *core, const char *at, void **ret, vg_err *err)
{
    unsigned char key[32];
    const vg_conf *conf = vg_core_conf(core);
    const vg_peers_limits limits = {
        .rate_per_s = (double)vg_conf_i64(conf, "device.peer_rate", PEER_RATE),
        .burst = 3 * (double)vg_conf_i64(conf, "device.peer_rate", PEER_RATE),
        .bad_max = BAD_MAX,
        .quarantine_us = QUARANTINE_S * VG_SECOND_US,
    };
    vg_core_key(core, "ingest.device", key);
    edge *e = vg_alloc(sizeof *e);
    e->core = core;
    e->image_days = (int)vg_conf_i64(conf, "objects.days", IMAGE_DAYS);
    e->peers = vg_peers_create(&limits);
    pthread_mutex_init(&e->lock, NULL);
    e->port = vg_device_create(&(vg_device_options){.sources = vg_core_register(core), .key = key});
    explicit_bzero(key, sizeof key);
    learn(e);
    vg_status st = listen_at(e, at, false, &e->plain, err);
    if (st == VG_OK) {
        st = listen_secure(e, vg_conf_get(conf, "device.tls", NULL), err);
    }
    if (st != VG_OK) {
        stop(e);
        return st;
    }
    *ret = e;
    return VG_OK;
}

static void share(void *p, const vg_http_raw *routes)
{
    edge *e = p;
    e->raw = routes;
}

static uint16_t port(const void *p)
{
    const edge *e = p;
    return vg_http_server_port(e->plain);
}

static int64_t peer_full(vg_http_server *s)
{
    vg_http_stats stats = {0};
    if (s) {
        vg_http_server_stats(s, &stats);
    }
    return stats.peer_full;
}

static void metrics(const void *p, vg_buf *out)
{
    const edge *e = p;
    vg_objects_stats o;
    vg_buf_c(out, "# HELP vonggac_device_total What the HTTP device listener saw, by outcome.\n"
                  "# TYPE vonggac_device_total counter\n");
    for (int c = 0; c < VG_DEVICE_COUNTS; c++) {
        vg_buf_f(out, "vonggac_device_total{what=\"%s\"} %llu\n",
                 vg_device_count_name((vg_device_count)c),
                 (unsigned long long)vg_device_count_of(e->port, (vg_device_count)c));
    }
    vg_buf_f(out,
             "# HELP vonggac_device_connections_refused_total Connections of an address that had "
             "too many.\n"
             "# TYPE vonggac_device_connections_refused_total counter\n"
             "vonggac_device_connections_refused_total %lld\n",
             (long long)peer_full(e->plain) + (long long)peer_full(e->secure));
    vg_objects_figures(vg_core_objects(e->core), &o);
    vg_buf_f(out,
             "# HELP vonggac_images_bytes Pictures of events on disk.\n"
             "# TYPE vonggac_images_bytes gauge\nvonggac_images_bytes %lld\n"
             "# HELP vonggac_images Pictures of events on disk.\n"
             "# TYPE vonggac_images gauge\nvonggac_images %lld\n"
             "# HELP vonggac_images_swept_total Pictures deleted because their time was over.\n"
             "# TYPE vonggac_images_swept_total counter\nvonggac_images_swept_total %lld\n",
             (long long)o.bytes, (long long)o.count, (long long)o.swept);
}

const vg_edge vg_edge_device = {"device", "off", start, stop, port, metrics, share};
