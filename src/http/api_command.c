// SPDX-License-Identifier: Apache-2.0
// Commands: the body and the path's parameters become one JSON object, checked here so that nonsense never
// reaches the scribe; then the connection sleeps until the command is on disk. The command id derives
// from the caller, the path and his Idempotency-Key, so a retry gets the first answer.
#include "http/http_impl.h"

#include "core/second.h"
#include "http/session_store.h"

enum { KEY_MAX = 128, RETRY_S = 1 };

static vg_status parse_body(const http_call *c, json_t **ret, vg_err *err)
{
    const vg_str body = c->rq->body;
    if (!body.n) {
        *ret = json_object();
        return VG_OK;
    }
    json_t *j;
    VG_TRY(vg_json_parse(body, HTTP_BODY_MAX, &j, err));
    if (!json_is_object(j)) {
        json_decref(j);
        return vg_fail(err, VG_EINVALID, "", "err.not_an_object", "%s", "");
    }
    *ret = j;
    return VG_OK;
}

static vg_status to_text(vg_arena *a, const json_t *j, vg_str *ret, vg_err *err)
{
    const size_t n = json_dumpb(j, NULL, 0, JSON_COMPACT);
    char *p = vg_arena_get(a, n + 1);
    if (!p) {
        return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%zu", n);
    }
    json_dumpb(j, p, n, JSON_COMPACT);
    *ret = (vg_str){p, n};
    return VG_OK;
}

static vg_status read_args(const http_call *c, const vg_command *cmd, vg_str *ret, vg_err *err)
{
    json_t *object = NULL;
    vg_args checked;
    VG_TRY(parse_body(c, &object, err));
    vg_status st = http_merge_params(c, cmd->fields, object, err);
    if (st == VG_OK) {
        st = vg_args_parse(c->rq->arena, cmd->fields, object, &checked, err);
    }
    if (st == VG_OK) {
        st = to_text(c->rq->arena, object, ret, err);
    }
    json_decref(object);
    return st;
}

static vg_status command_id(const http_call *c, vg_cmd_id *ret, vg_err *err)
{
    const vg_str key = vg_http_header(c->rq, "Idempotency-Key");
    if (!key.n) {
        *ret = vg_cmd_random();
        return VG_OK;
    }
    for (size_t i = 0; i < key.n; i++) {
        if (key.n > KEY_MAX || key.p[i] < 0x20 || key.p[i] > 0x7e) {
            return vg_fail(err, VG_EINVALID, "Idempotency-Key", "http.err.idempotency_key", "%d",
                           KEY_MAX);
        }
    }
    const vg_str what = vg_str_f(c->rq->arena, "%.*s\n%.*s", VG_FMT(c->rq->path), VG_FMT(key));
    if (!what.p) {
        return vg_fail(err, VG_ETOOBIG, "Idempotency-Key", NULL, "%s", "");
    }
    *ret = vg_cmd_derive("http", vg_str_c(c->caller.who.user), what);
    return VG_OK;
}

// Nothing was done: it waits for a second person.
static void say_waiting(http_call *c, vg_str reply)
{
    const vg_str request = vg_second_waits(c->rq->arena, reply);
    if (request.n) {
        const vg_str where =
            vg_str_f(c->rq->arena, HTTP_BASE "/second-requests/%.*s", VG_FMT(request));
        c->rq->reply.status = 202;
        vg_http_set(c->rq, "Location", where.p ? where.p : "");
    }
}

// Who guesses a secret in an open session waits like who guesses at the door.
static void note_denied(const http_call *c, const vg_command *cmd, vg_status st, const vg_err *err)
{
    if (cmd->proves && st == VG_EDENIED && err->field[0] && c->caller.kind == HTTP_BY_COOKIE) {
        http_login_failed(c->h->login, c->caller.login, c->rq->peer);
    }
}

static bool must_wait(http_call *c, const vg_command *cmd)
{
    const int wait = cmd->proves ? http_login_wait_s(c->h->login, c->caller.login, c->rq->peer) : 0;
    if (wait > 0) {
        http_wait_first(c, wait);
    }
    return wait > 0;
}

// A new password ends every session begun with the old one, but for the one it was set in.
static void go_on(http_call *c, const vg_command_call *call)
{
    const int64_t secret_us = vg_js_i64(vg_buf_str(&call->reply), "secret_us", 0);
    if (secret_us && c->caller.kind == HTTP_BY_COOKIE) {
        c->caller.who.secret_us = secret_us;
        http_session_secret(c->h->sessions, &c->caller.key, secret_us);
        http_session_keep_later(c->h->core, &c->caller);
    }
}

static void finish(vg_command_call *call)  // the scribe's thread
{
    http_call *c = call->ctx;
    const vg_command *cmd = c->match.target.what;
    if (cmd->proves && call->st == VG_OK) {
        go_on(c, call);
    }
    note_denied(c, cmd, call->st, &call->err);
    if (call->st == VG_OK) {
        say_waiting(c, vg_buf_str(&call->reply));
        http_json(c->rq, &call->reply);
    } else {
        http_fail(c, &call->err);
    }
    vg_buf_done(&call->reply);
    vg_http_complete(c->rq);
}

static vg_status prepare(http_call *c, const vg_command *cmd, vg_command_call *call, vg_err *err)
{
    *call = (vg_command_call){.name = cmd->name, .who = &c->caller.who, .done = finish, .ctx = c};
    call->if_match = vg_str_dup(c->rq->arena, vg_http_header(c->rq, "If-Match"));
    VG_TRY(command_id(c, &call->id, err));
    VG_TRY(read_args(c, cmd, &call->args, err));
    if (!cmd->prepare) {
        return VG_OK;
    }
    // One at a time: somebody who asks over and over holds up one of the server's threads, not all of them.
    if (atomic_flag_test_and_set(&c->h->preparing)) {
        return vg_fail(err, VG_EUNAVAIL, "", "http.err.busy", "%s", "");
    }
    const vg_status st = vg_command_prepare(c->h->core, cmd, c->rq->arena, call, err);
    atomic_flag_clear(&c->h->preparing);
    note_denied(c, cmd, st, err);
    return st;
}

static bool is_json(const vg_http_request *rq)
{
    const vg_str type = vg_http_header(rq, "Content-Type");
    const vg_str head = {type.p, type.n > 16 ? 16 : type.n};
    return !rq->body.n || (head.n == 16 && strncasecmp(head.p, "application/json", 16) == 0 &&
                           (type.n == 16 || type.p[16] == ';' || type.p[16] == ' '));
}

void http_post_command(http_call *c, const vg_command *cmd)
{
    vg_err err = {0};
    vg_command_call *call = vg_arena_get(c->rq->arena, sizeof *call);
    if (!is_json(c->rq)) {
        (void)!vg_fail(&err, VG_EINVALID, "Content-Type", "http.err.content_type", "%s",
                       "application/json");
        http_problem_as(c->rq, c->lang, &err, 415, 0);
        return;
    }
    if (must_wait(c, cmd)) {
        return;
    }
    if (!call || prepare(c, cmd, call, &err) != VG_OK) {
        http_fail(c, &err);
        return;
    }
    vg_http_later(c->rq);
    if (!vg_scribe_command(vg_core_scribe(c->h->core), call)) {
        (void)!vg_fail(&err, VG_EUNAVAIL, "", "http.err.busy", "%s", "");
        http_problem_as(c->rq, c->lang, &err, 503, RETRY_S);
        vg_http_complete(c->rq);
    }
}
