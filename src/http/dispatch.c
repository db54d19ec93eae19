// SPDX-License-Identifier: Apache-2.0
// The way of a request: route, caller, CSRF, permission, handler. Everything not listed in a table is
// refused (default deny). A path that exists but not for this caller answers 403 by permission alone,
// never by what the path names: whether a thing exists is decided by the scoped reader, as 404.
#include "http/http_impl.h"

#include "base/clock.h"
#include "http/device.h"
#include "http/session_store.h"
#include "http/static.h"

vg_buf http_json_buf(void)
{
    vg_buf b;
    vg_buf_init(&b, HTTP_REPLY_MAX);
    return b;
}

void http_json(vg_http_request *rq, vg_buf *body)
{
    rq->reply.body = *body;
    *body = (vg_buf){0};
    rq->reply.type = "application/json";
    vg_http_set(rq, "Cache-Control", "no-store");
}

void http_fail(http_call *c, const vg_err *err)
{
    http_problem(c->rq, c->lang, err);
}

void vg_http_problem(vg_http_raw_call *call, const vg_err *err)
{
    http_problem(call->rq, call->lang, err);
}

static http_call *call_of(vg_http *h, vg_http_request *rq)
{
    http_call *c = rq->user;
    if (!c) {
        c = vg_arena_get(rq->arena, sizeof *c);
        c->h = h;
        c->rq = rq;
        c->lang = http_accept_language(vg_http_header(rq, "Accept-Language"));
        rq->user = c;
    }
    return c;
}

size_t http_body_max(void *ctx, vg_http_request *rq)
{
    http_call *c = call_of(ctx, rq);
    if (vg_str_eqc(rq->method, "GET") ||
        http_router_find(c->h->router, rq->method, rq->path, &c->match) != VG_OK) {
        return HTTP_BODY_OPEN;
    }
    if (c->match.target.kind == HTTP_T_RAW) {
        const vg_http_raw *raw = c->match.target.what;  // large ones only from who may send them
        const bool may =
            !raw->permission || (http_know(c) && vg_may(&c->caller.who, raw->permission, NULL));
        return may ? raw->body_max : HTTP_BODY_OPEN;
    }
    return http_know(c) ? HTTP_BODY_MAX : HTTP_BODY_OPEN;
}

// --- one kind of target each --------------------------------------------------------------------
const char *http_permission_of(const http_target *t)
{
    switch (t->kind) {
    case HTTP_T_LIST:
    case HTTP_T_ROW:
        return ((const vg_resource *)t->what)->permission;
    case HTTP_T_QUERY:
        return ((const vg_query *)t->what)->permission;
    case HTTP_T_COMMAND:
        return ((const vg_command *)t->what)->permission;
    case HTTP_T_RAW:
        return ((const vg_http_raw *)t->what)->permission;
    case HTTP_T_OWN:
    default:
        return ((const http_own_route *)t->what)->permission;
    }
}

static void run_raw(http_call *c, const vg_http_raw *raw)
{
    vg_http_raw_call *rc = vg_arena_get(c->rq->arena, sizeof *rc);
    *rc = (vg_http_raw_call){.rq = c->rq, .who = c->known ? &c->caller.who : NULL, .lang = c->lang};
    for (size_t i = 0; i < c->match.n_params; i++) {
        rc->param[i] = c->match.param[i].value;
    }
    raw->fn(raw->ctx, rc);
}

static void run_target(http_call *c)
{
    const void *what = c->match.target.what;
    switch (c->match.target.kind) {
    case HTTP_T_LIST:
        http_get_list(c, what);
        break;
    case HTTP_T_ROW:
        http_get_row(c, what);
        break;
    case HTTP_T_QUERY:
        http_get_query(c, what);
        break;
    case HTTP_T_COMMAND:
        http_post_command(c, what);
        break;
    case HTTP_T_RAW:
        run_raw(c, what);
        break;
    case HTTP_T_OWN:
    default:
        ((const http_own_route *)what)->fn(c);
    }
}

// That one of those who administer the node read the journal, or who looked whom up, stands in the journal itself: once
// an hour, for the command's id is the hour's.
static void note_reading(http_call *c, const char *permission)
{
    const vg_principal *who = &c->caller.who;
    char hour[24];
    vg_buf args;
    if ((strcmp(permission, "journal.read") != 0 && strcmp(permission, "people.lookups") != 0) ||
        !who->user[0] || !vg_may(who, "accounts.edit", NULL)) {
        return;
    }
    snprintf(hour, sizeof hour, "%lld", (long long)(vg_now_us() / (3600 * VG_SECOND_US)));
    vg_buf_init(&args, 160);
    vg_buf_f(&args, "{\"user\":\"%s\",\"permission\":\"%s\"}", who->user, permission);
    http_run_later(c->h->core, "core.note_reading", vg_core_system(),
                   vg_cmd_derive(permission, vg_str_c(who->user), vg_str_c(hour)), &args);
}

static vg_status admit(http_call *c, vg_err *err)
{
    const char *permission = http_permission_of(&c->match.target);
    if (!permission) {
        return VG_OK;
    }
    VG_TRY(http_authenticate(c, err));
    if (!vg_str_eqc(c->rq->method, "GET")) {
        VG_TRY(http_check_csrf(c, err));
    }
    if (*permission && !vg_may(&c->caller.who, permission, NULL)) {
        return vg_fail(err, VG_EDENIED, "", NULL, "%s", "");
    }
    note_reading(c, permission);
    return VG_OK;
}

static void no_route(http_call *c, vg_status found)
{
    vg_err err;
    if (found != VG_EGONE && !vg_str_starts(c->rq->path, "/api/") &&
        http_static(c->h->o.files, c->rq)) {
        return;
    }
    (void)http_know(c);  // refusals are in his language, too
    if (found == VG_EGONE) {
        const vg_str allow = vg_str_f(c->rq->arena, "%s", c->match.allow);
        vg_http_set(c->rq, "Allow", allow.p ? allow.p : "GET");
        (void)!vg_fail(&err, VG_EINVALID, "", "http.err.method", "%s", c->match.allow);
        http_problem_as(c->rq, c->lang, &err, 405, 0);
        return;
    }
    (void)!vg_fail(&err, VG_ENOTFOUND, "", NULL, "%.*s",
                   (int)(c->rq->path.n > 100 ? 100 : c->rq->path.n), c->rq->path.p);
    http_fail(c, &err);
}

// Who was known when the header came is asked for again when the body is there: that may be half a minute later.
static void forget_caller(http_call *c)
{
    if (c->known && c->caller.kind != HTTP_BY_DEVICE) {
        http_caller_done(&c->caller);
        c->known = false;
    }
}

void http_handle(void *ctx, vg_http_request *rq)
{
    http_call *c = call_of(ctx, rq);
    vg_err err = {0};
    c->whole = true;
    http_device_body(c);
    forget_caller(c);
    const vg_status found = http_router_find(c->h->router, rq->method, rq->path, &c->match);
    if (found != VG_OK) {
        no_route(c, found);
        return;
    }
    if (admit(c, &err) != VG_OK) {
        http_fail(c, &err);
        return;
    }
    run_target(c);
}

void http_refuse(void *ctx, vg_http_request *rq, const vg_err *err)
{
    http_call *c = call_of(ctx, rq);
    (void)http_know(c);
    http_problem(rq, c->lang, err);
}

void http_unread(void *ctx, int status)
{
    vg_http *h = ctx;
    h->by_status[(unsigned)status % HTTP_STATUSES]++;
}

void http_request_done(void *ctx, vg_http_request *rq)
{
    vg_http *h = ctx;
    http_call *c = rq->user;
    const int status = rq->reply.status ? rq->reply.status : 200;
    h->by_status[status % HTTP_STATUSES] += rq->answered;
    if (rq->began_us && c && vg_mono_us() - rq->began_us > 100 * VG_MS_US) {
        h->slow++;
    }
    if (c && c->known) {
        http_caller_done(&c->caller);
    }
}
