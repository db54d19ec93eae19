// SPDX-License-Identifier: Apache-2.0
// A signature covers account, time, nonce, method, path with query, and the hash of the body, which stands in the header:
// so who speaks is known before a byte of the body is stored, and a stranger may send no more than a stranger. Account
// and key are read for every request: who is revoked is out with the next one. No cookie, so no forgery by other pages.
// All that is wrong is one answer; what it was is counted, in numbers only.
//
// Binding: wrong codes make their address wait, as wrong passwords do; they wait for nobody else. The command's id derives
// from code and key, so a device that did not hear the answer asks again and gets it.
#include "http/device.h"

#include "base/clock.h"
#include "base/log.h"
#include "http/session_store.h"

#include <sodium.h>

#define TIME_HEADER "Vonggac-Time"
static const char ENROL_NAME[] = "\n enrol";  // no log-in

static void count(http_call *c, http_device_count what)
{
    c->h->devices[what]++;
}

// --- a signed request ---------------------------------------------------------------------------
static vg_status refuse(http_call *c, http_device_count why, vg_err *err)
{
    if (!c->device_refused) {
        const vg_str now =
            vg_str_f(c->rq->arena, "%lld",
                     (long long)(vg_labels_now(vg_core_labels(c->h->core)) / VG_MS_US));
        count(c, why);
        vg_http_set(c->rq, TIME_HEADER, now.p ? now.p : "");
    }
    c->device_refused = true;
    return vg_fail(err, VG_EAUTH, "", NULL, "%s", "");
}

static vg_status look_up(http_call *c, const char *account, vg_principal *who, vg_device_key *key,
                         vg_err *err)
{
    const vg_http *h = c->h;
    vg_db *db;
    if (!h->auth || !h->auth->device) {
        return vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "");
    }
    VG_TRY(vg_inner_take(h->core, &db, err));
    const vg_status st = h->auth->device(h->core, db, vg_str_c(account), who, key, err);
    vg_inner_give(h->core, db);
    return st;
}

static bool body_is(const http_call *c, const unsigned char digest[HTTP_DIGEST_BYTES])
{
    unsigned char h[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(h, (const unsigned char *)c->rq->body.p, c->rq->body.n);
    return sodium_memcmp(h, digest, sizeof h) == 0;
}

static void note_seen(const http_call *c)
{
    vg_buf b;
    vg_buf_init(&b, 64);
    vg_buf_f(&b, "{\"id\":\"%s\"}", c->caller.who.user);
    http_run_later(c->h->core, c->h->auth->seen, vg_core_system(), vg_cmd_random(), &b);
}

static vg_status take(http_call *c, const http_device_words *w, vg_principal *who, vg_err *err)
{
    bool note = false;
    switch (http_nonces_take(c->h->nonces, w, vg_labels_now(vg_core_labels(c->h->core)), &note)) {
    case HTTP_NONCE_STALE:
        return refuse(c, HTTP_DEVICE_STALE, err);
    case HTTP_NONCE_SEEN:
        return refuse(c, HTTP_DEVICE_REPLAYED, err);
    case HTTP_NONCE_NEW:
    default:
        break;
    }
    c->caller =
        (http_caller){.kind = HTTP_BY_DEVICE, .who = *who, .expires_us = vg_principal_until(who)};
    memcpy(c->signed_body, w->body, sizeof c->signed_body);
    c->known = true;
    count(c, HTTP_DEVICE_TAKEN);
    if (note) {
        note_seen(c);
    }
    http_device_body(c);
    return c->known ? VG_OK : refuse(c, HTTP_DEVICE_BODY, err);
}

vg_status http_device_enter(http_call *c, vg_str words, vg_err *err)
{
    http_device_words w;
    vg_principal who = {0};
    vg_device_key key = {0};
    if (c->device_refused) {
        return refuse(c, HTTP_DEVICE_MALFORMED, err);
    }
    if (!http_device_parse(words, &w)) {
        return refuse(c, HTTP_DEVICE_MALFORMED, err);
    }
    const vg_status st = look_up(c, w.account, &who, &key, err);
    if (st == VG_ENOTFOUND) {
        return refuse(c, HTTP_DEVICE_UNKNOWN, err);
    }
    VG_TRY(st);
    const vg_str text = http_device_text(c->rq->arena, &w, c->rq->method, c->rq->target);
    if (!text.p || !vg_device_sig_good(&key, text, w.sig)) {
        return refuse(c, HTTP_DEVICE_FORGED, err);
    }
    return take(c, &w, &who, err);
}

void http_device_body(http_call *c)
{
    vg_err ignored;
    if (c->whole && c->known && c->caller.kind == HTTP_BY_DEVICE && !body_is(c, c->signed_body)) {
        http_caller_done(&c->caller);
        c->known = false;
        (void)!refuse(c, HTTP_DEVICE_BODY, &ignored);
    }
}

// --- binding ------------------------------------------------------------------------------------
static const vg_field ENROL_FIELDS[] = {
    {.name = "code", .type = VG_F_SECRET, .flags = VG_REQUIRED},
    {.name = "key", .type = VG_F_TEXT, .flags = VG_REQUIRED},
    {.name = "name", .type = VG_F_TEXT, .flags = VG_REQUIRED, .max = 60},
    {0},
};

static void on_enrolled(vg_command_call *call)  // the scribe's thread
{
    http_call *c = call->ctx;
    if (call->st == VG_OK) {
        count(c, HTTP_DEVICE_BOUND);
        http_json(c->rq, &call->reply);
    } else {
        if (call->st == VG_EAUTH) {
            count(c, HTTP_DEVICE_NO_CODE);
            http_login_failed(c->h->login, ENROL_NAME, c->rq->peer);
        }
        http_fail(c, &call->err);
    }
    vg_buf_done(&call->reply);
    vg_http_complete(c->rq);
}

static vg_status read_enrol(http_call *c, vg_command_call *call, vg_err *err)
{
    json_t *j;
    vg_args a;
    vg_device_key key;
    VG_TRY(vg_json_parse(c->rq->body, HTTP_BODY_OPEN, &j, err));
    const vg_status st = vg_args_parse(c->rq->arena, ENROL_FIELDS, j, &a, err);
    json_decref(j);
    VG_TRY(st);
    VG_TRY(vg_device_key_read(vg_arg_str(&a, "key"), &key, err));
    *call = (vg_command_call){
        .name = c->h->auth->enrol,
        .args = c->rq->body,
        .who = vg_core_system(),
        .id = vg_cmd_derive("device.enrol", vg_arg_str(&a, "code"), vg_arg_str(&a, "key")),
        .done = on_enrolled,
        .ctx = c};
    return VG_OK;
}

static void post_enrol(http_call *c)
{
    vg_err err = {0};
    vg_command_call *call = vg_arena_get(c->rq->arena, sizeof *call);
    const int wait = http_login_wait_s(c->h->login, ENROL_NAME, c->rq->peer);
    if (!c->h->auth || !c->h->auth->enrol) {
        (void)!vg_fail(&err, VG_EUNAVAIL, "", "http.err.no_accounts", "%s", "");
        http_fail(c, &err);
        return;
    }
    if (wait > 0) {
        count(c, HTTP_DEVICE_MUST_WAIT);
        http_wait_first(c, wait);
        return;
    }
    if (read_enrol(c, call, &err) != VG_OK) {
        http_fail(c, &err);
        return;
    }
    vg_http_later(c->rq);
    if (!vg_scribe_command(vg_core_scribe(c->h->core), call)) {
        (void)!vg_fail(&err, VG_EUNAVAIL, "", "http.err.busy", "%s", "");
        http_fail(c, &err);
        vg_http_complete(c->rq);
    }
}

const http_own_route http_device_routes[] = {
    {"POST " HTTP_BASE "/devices/enrol", NULL, post_enrol},
    {0},
};

void http_device_metrics(vg_http *h, vg_buf *out)
{
    static const char *const what[HTTP_DEVICE_COUNTS] = {
        "taken",    "malformed", "unknown", "forged",       "stale",
        "replayed", "body",      "bound",   "no_such_code", "must_wait"};
    vg_buf_c(out,
             "# HELP vonggac_device_total Signed requests and bindings of devices, by outcome.\n"
             "# TYPE vonggac_device_total counter\n");
    for (size_t i = 0; i < HTTP_DEVICE_COUNTS; i++) {
        vg_buf_f(out, "vonggac_device_total{what=\"%s\"} %lld\n", what[i],
                 (long long)h->devices[i]);
    }
}
