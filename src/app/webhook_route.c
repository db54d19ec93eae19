// SPDX-License-Identifier: Apache-2.0
// The handler verifies, parses and hands the events to the scribe; the answer is written by done(), on the
// scribe's thread, after the commit. A source that nobody registered gets the same answer as a wrong
// signature: an unsigned stranger leaves no trace in the journal, only in the log and the counters.
//
// Who signs wrong too often is not heard for a minute, as on the DC-09 port: counted by the connection's address, so
// that nobody can shut out another. Not so the machine itself, where a proxy speaks for many.
#include "app/webhook_route.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/recent.h"
#include "ingest/webhook/webhook.h"
#include "net/addr.h"
#include "net/peers.h"

#include <pthread.h>
#include <stdatomic.h>

enum { BAD_MAX = 20, QUARANTINE_S = 60 };

typedef enum counted {
    ACCEPTED,
    REPEATED,
    REFUSED,
    BAD_SIGNATURE,
    SHUT_OUT,
    QUARANTINES,
    COUNTS
} counted;

struct vg_webhook_route {
    vg_core *core;
    vg_webhook_gate *gate;
    vg_http_raw routes[2];
    pthread_mutex_t lock;  // peers
    vg_peers *peers;
    _Atomic uint64_t counts[COUNTS];
};

// One call on its way to disk.
typedef struct flight {
    vg_webhook_route *route;
    vg_http_request *rq;
    vg_ingest_identity identity;
    vg_lang lang;
    vg_signals batch;
    vg_signal v[];
} flight;

static void answer_ok(vg_http_request *rq, size_t n, bool repeated)
{
    vg_buf_init(&rq->reply.body, 256);
    vg_buf_f(&rq->reply.body, "{\"accepted\":%zu,\"repeated\":%s}", n, repeated ? "true" : "false");
    rq->reply.type = "application/json";
    rq->reply.status = 200;
}

static void on_disk(void *ctx, vg_status st)
{
    flight *f = ctx;
    vg_webhook_settle(f->route->gate, &f->identity, st == VG_OK);
    if (st == VG_OK) {
        f->route->counts[ACCEPTED]++;
        answer_ok(f->rq, f->batch.n, false);
    } else {
        vg_err err = {0};
        (void)vg_fail(&err, st, "", NULL, "%s", "");
        vg_http_raw_call call = {.rq = f->rq, .lang = f->lang};
        vg_http_problem(&call, &err);
    }
    vg_http_complete(f->rq);
    free(f);
}

static vg_status read_call(flight *f, const vg_register_snap *snap, vg_str name, vg_str *ret_id,
                           vg_err *err)
{
    vg_http_request *rq = f->rq;
    const char *address = vg_str_z(rq->arena, name);
    const vg_webhook_request r = {.source =
                                      address ? vg_register_find(snap, "webhook", address) : NULL,
                                  .timestamp = vg_http_header(rq, VG_WEBHOOK_TIMESTAMP),
                                  .signature = vg_http_header(rq, VG_WEBHOOK_SIGNATURE),
                                  .body = rq->body,
                                  .certificate = rq->certificate,
                                  .peer = rq->peer,
                                  .now_us = vg_now_us()};
    vg_webhook_events ev = {.v = f->v};
    VG_TRY(vg_webhook_verify(&r, err));
    VG_TRY(vg_webhook_parse(rq->arena, &r, &ev, err));
    f->batch.n = ev.n;
    *ret_id = ev.id;
    f->identity = vg_webhook_identity(f->route->gate, &r, ev.id);
    for (size_t i = 0; i < ev.n; i++) {
        memcpy(f->v[i].frame, &f->identity, sizeof f->identity);
    }
    return VG_OK;
}

// True: the flight belongs to the scribe now.
static bool take_off(flight *f, vg_http_raw_call *call, vg_err *err)
{
    const vg_webhook_claim claim = vg_webhook_claim_it(f->route->gate, &f->identity, vg_now_us());
    if (claim == VG_WEBHOOK_DONE) {
        f->route->counts[REPEATED]++;
        answer_ok(f->rq, f->batch.n, true);
        return false;
    }
    if (claim == VG_WEBHOOK_PENDING) {
        (void)vg_fail(err, VG_EBUSY, "", NULL, "%s", "");
        vg_http_problem(call, err);
        return false;
    }
    vg_http_later(f->rq);
    if (vg_scribe_signals(vg_core_scribe(f->route->core), &f->batch)) {
        return true;
    }
    on_disk(f, VG_EUNAVAIL);
    return true;
}

// --- who signs wrong ------------------------------------------------------------------------------
static bool speaks_for_many(const char *peer)
{
    return strcmp(peer, "127.0.0.1") == 0 || strcmp(peer, "::1") == 0;
}

static vg_status not_shut_out(vg_webhook_route *w, const vg_http_request *rq, vg_err *err)
{
    pthread_mutex_lock(&w->lock);
    const bool out = vg_peers_quarantined(w->peers, vg_addr_key_of(rq->peer), vg_mono_us());
    pthread_mutex_unlock(&w->lock);
    w->counts[SHUT_OUT] += out;
    return out ? vg_fail(err, VG_EBUSY, "", "ingest.err.shut_out", "%d", QUARANTINE_S) : VG_OK;
}

// A clock that is wrong is no forgery: only the signature counts.
static bool signed_wrong(vg_status st, const vg_err *err)
{
    return st == VG_EAUTH && strcmp(err->field, VG_WEBHOOK_SIGNATURE) == 0;
}

static void judge(vg_webhook_route *w, const vg_http_request *rq, bool bad)
{
    const uint64_t key = vg_addr_key_of(rq->peer);
    bool begins = false;
    w->counts[BAD_SIGNATURE] += bad;
    pthread_mutex_lock(&w->lock);
    if (!bad) {
        vg_peers_good(w->peers, key, vg_mono_us());
    } else if (!speaks_for_many(rq->peer)) {
        begins = vg_peers_bad(w->peers, key, vg_mono_us());
    }
    pthread_mutex_unlock(&w->lock);
    if (begins) {
        w->counts[QUARANTINES]++;
        vg_log(VG_WARN, "webhook.quarantine", "peer=%s seconds=%d", rq->peer, QUARANTINE_S);
    }
}

static vg_status hear(flight *f, const vg_http_raw_call *call, vg_err *err)
{
    vg_webhook_route *w = f->route;
    vg_str id;
    VG_TRY(not_shut_out(w, f->rq, err));
    vg_register *reg = vg_core_register(w->core);
    const vg_register_snap *snap = vg_register_acquire(reg);
    const vg_status st = read_call(f, snap, call->param[0], &id, err);
    vg_register_release(reg, snap);
    judge(w, f->rq, signed_wrong(st, err));
    return st;
}

static void handle(void *ctx, vg_http_raw_call *call)
{
    vg_webhook_route *w = ctx;
    flight *f = vg_alloc(sizeof *f + VG_WEBHOOK_EVENTS_MAX * sizeof *f->v);
    *f = (flight){.route = w,
                  .rq = call->rq,
                  .lang = call->lang,
                  .batch = {.done = on_disk, .ctx = f, .v = f->v}};
    vg_err err = {0};
    const vg_status s = hear(f, call, &err);
    if (s != VG_OK) {
        call->bad = signed_wrong(s, &err);
        w->counts[REFUSED]++;
        vg_log(VG_WARN, "webhook.refused", "peer=%s status=%s", call->rq->peer, vg_status_name(s));
        vg_http_problem(call, &err);
        free(f);
    } else if (!take_off(f, call, &err)) {
        free(f);
    }
}

static void learn(void *ctx, const vg_recent *r)
{
    if (vg_str_eqc(r->proto, "webhook")) {
        vg_ingest_identity id;
        memcpy(&id, r->frame, sizeof id);
        vg_webhook_learn(ctx, &id, r->recorded_us);
    }
}

static void recall(vg_webhook_route *w)
{
    vg_err err = {0};
    const int64_t since_us = vg_now_us() - VG_WEBHOOK_KEEP_S * VG_SECOND_US;
    if (vg_recent_signals(w->core, since_us, learn, w->gate, &err) != VG_OK) {
        vg_log(VG_ERROR, "webhook.recall", "detail=%s", err.detail);
    }
}

vg_webhook_route *vg_webhook_route_create(vg_core *core)
{
    unsigned char key[32];
    vg_webhook_route *w = vg_alloc(sizeof *w);
    w->core = core;
    vg_core_key(core, "ingest.webhook", key);
    w->gate = vg_webhook_gate_create(key);
    pthread_mutex_init(&w->lock, NULL);
    w->peers = vg_peers_create(
        &(vg_peers_limits){.bad_max = BAD_MAX, .quarantine_us = QUARANTINE_S * VG_SECOND_US});
    recall(w);
    w->routes[0] =
        (vg_http_raw){"POST /ingest/webhook/{source}", NULL, VG_WEBHOOK_BODY_MAX, handle, w};
    return w;
}

void vg_webhook_route_destroy(vg_webhook_route *w)
{
    if (w) {
        vg_webhook_gate_destroy(w->gate);
        vg_peers_destroy(w->peers);
        pthread_mutex_destroy(&w->lock);
        free(w);
    }
}

const vg_http_raw *vg_webhook_routes(vg_webhook_route *w)
{
    static const vg_http_raw described[] = {
        {"POST /ingest/webhook/{source}", NULL, VG_WEBHOOK_BODY_MAX, handle, NULL}, {0}};
    return w ? w->routes : described;
}

void vg_webhook_metrics(const vg_webhook_route *w, vg_buf *out)
{
    static const char *const what[COUNTS] = {"accepted",      "repeated", "refused",
                                             "bad_signature", "shut_out", "quarantines"};
    vg_buf_c(out, "# HELP vonggac_webhook_total Calls of the signed webhook, by outcome.\n"
                  "# TYPE vonggac_webhook_total counter\n");
    for (size_t i = 0; i < COUNTS; i++) {
        vg_buf_f(out, "vonggac_webhook_total{what=\"%s\"} %llu\n", what[i],
                 (unsigned long long)w->counts[i]);
    }
}
