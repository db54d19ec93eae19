// SPDX-License-Identifier: Apache-2.0
// /session: log in, who am I, change language, log out (/sessions: session_list.c). Logging in answers from the login
// thread; the
// journal learns of every attempt through the accounts module, but a journal that cannot write (disk
// full) does not keep people from looking.
#include "http/session_routes.h"

#include "base/clock.h"
#include "base/log.h"
#include "http/session_store.h"

#include <sodium.h>

static const vg_field LOGIN_FIELDS[] = {
    {.name = "login", .type = VG_F_TEXT, .flags = VG_REQUIRED, .max = 64},
    {.name = "password", .type = VG_F_SECRET, .flags = VG_REQUIRED},
    {.name = "code", .type = VG_F_SECRET},
    {0},
};
static const char *const LANGS[] = {"vi", "en", NULL};
// world: 0 is real, else the number of a drill.
static const vg_field CHANGE_FIELDS[] = {
    {.name = "lang", .type = VG_F_ENUM, .values = LANGS},
    {.name = "world", .type = VG_F_INT, .min = 0, .max = 9999},
    {0},
};

static void write_user(const http_caller *c, vg_jw *w)
{
    const vg_principal *p = &c->who;
    vg_jw_key(w, "user");
    vg_jw_open(w, '{');
    vg_jw_kz(w, "id", p->user);
    vg_jw_kz(w, "name", p->name);
    vg_jw_kz(w, "login", c->login);
    vg_jw_kz(w, "agency", p->agency);
    vg_jw_kbool(w, "factor", p->factor);
    vg_jw_key(w, "roles");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < p->n_assignments; i++) {
        vg_jw_open(w, '{');
        vg_jw_kz(w, "role", p->assignments[i].role);
        vg_jw_key(w, "site");
        if (p->assignments[i].site[0]) {
            vg_jw_str(w, vg_str_c(p->assignments[i].site));
        } else {
            vg_jw_null(w);
        }
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
    vg_jw_close(w, '}');
}

// A right to one's own things is asked for by name; whether it is one to anybody's the console has to know, too.
static void say_any(vg_jw *w, const vg_http *h, const vg_principal *who, const char *own)
{
    char any[80];
    const size_t n = strlen(own);
    if (n < 5 || n - 4 >= sizeof any || strcmp(own + n - 4, "_own") != 0) {
        return;
    }
    snprintf(any, sizeof any, "%.*s", (int)(n - 4), own);
    for (size_t i = 0; i < h->n_permissions; i++) {
        if (strcmp(h->permissions[i], any) == 0) {
            return;  // said already
        }
    }
    if (vg_may(who, any, NULL)) {
        vg_jw_str(w, vg_str_c(any));
    }
}

static vg_buf session_json(const vg_http *h, const http_caller *c)
{
    vg_buf b = http_json_buf();
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    write_user(c, &w);
    vg_jw_kz(&w, "lang", c->who.lang == VG_VI ? "vi" : "en");
    vg_jw_ki64(&w, "world", c->who.world);
    vg_jw_kz(&w, "csrf", c->csrf);
    vg_jw_key(&w, "permissions");
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < h->n_permissions; i++) {
        if (vg_may(&c->who, h->permissions[i], NULL)) {
            vg_jw_str(&w, vg_str_c(h->permissions[i]));
            say_any(&w, h, &c->who, h->permissions[i]);
        }
    }
    vg_jw_close(&w, ']');
    vg_jw_ktime(&w, "expires", c->expires_us);
    vg_jw_close(&w, '}');
    return b;
}

static void answer_session(http_call *c, const http_caller *caller)
{
    vg_buf b = session_json(c->h, caller);
    http_json(c->rq, &b);
}

static vg_status parse_fields(const http_call *c, const vg_field *fields, vg_args *ret, vg_err *err)
{
    json_t *j;
    VG_TRY(vg_json_parse(c->rq->body, HTTP_BODY_OPEN, &j, err));
    const vg_status st = vg_args_parse(c->rq->arena, fields, j, ret, err);
    json_decref(j);
    return st;
}

// --- log in -------------------------------------------------------------------------------------
static void set_cookie(http_call *c, const char *token, int max_age_s)
{
    const vg_str v =
        vg_str_f(c->rq->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s",
                 http_cookie_name(), token, max_age_s, c->rq->tls ? "; Secure" : "");
    if (v.p) {
        vg_http_set(c->rq, "Set-Cookie", v.p);
    }
}

typedef struct entering {
    http_login_job job;
    http_call *call;
    http_session_key before;  // of the cookie that came along
    char device[HTTP_DEVICE_TEXT];
} entering;

// Always a new token: one that somebody put into the browser before is worth nothing, and what it stood for is over.
static void enter(entering *x, http_login_job *j)
{
    http_call *c = x->call;
    char token[HTTP_TOKEN_TEXT];
    const http_begun from = {j->login, j->peer, x->device};
    j->who.kind = VG_P_USER;
    c->lang = j->who.lang;  // the account's language
    if (c->known) {
        http_caller_done(&c->caller);  // who this browser was before
    }
    http_session_open(c->h->sessions, &j->who, &from, token, &c->caller);
    c->known = true;
    vg_principal_done(&j->who);
    http_session_end(c->h, &x->before);
    http_session_keep(c->h->core, &c->caller);
    set_cookie(c, token, HTTP_SESSION_MAX_S);
    answer_session(c, &c->caller);
}

static void on_login_done(http_login_job *j)  // the login thread
{
    entering *x = j->ctx;
    if (j->st == VG_OK) {
        enter(x, j);
    } else {
        http_fail(x->call, &j->err);
    }
    vg_http_complete(x->call->rq);
}

static void suspend(void *ctx)
{
    const entering *x = ctx;
    vg_http_later(x->call->rq);
}

void http_wait_first(http_call *c, int seconds)
{
    vg_err err;
    (void)!vg_fail(&err, VG_EBUSY, "", "http.err.login_wait", "%d", seconds);
    http_problem_as(c->rq, c->lang, &err, 429, seconds);
}

static vg_status read_login(http_call *c, http_login_job *j, vg_err *err)
{
    vg_args a;
    VG_TRY(parse_fields(c, LOGIN_FIELDS, &a, err));
    const vg_str login = vg_arg_str(&a, "login"), password = vg_arg_str(&a, "password"),
                 code = vg_str_trim(vg_arg_str(&a, "code"));
    if (login.n >= sizeof j->login || password.n >= sizeof j->password ||
        code.n >= sizeof j->code) {
        return vg_fail(err, VG_EAUTH, "", "http.err.login", "%s", "");
    }
    memcpy(j->login, login.p, login.n);
    memcpy(j->password, password.p, password.n);
    memcpy(j->code, code.n ? code.p : "", code.n);
    j->password_n = password.n;
    memcpy(j->peer, c->rq->peer, sizeof j->peer);
    return VG_OK;
}

static void post_session(http_call *c)
{
    vg_err err = {0};
    entering *x = vg_arena_get(c->rq->arena, sizeof *x);
    http_login_job *j = &x->job;
    if (!c->h->auth) {
        (void)!vg_fail(&err, VG_EUNAVAIL, "", "http.err.no_accounts", "%s", "");
        http_fail(c, &err);
        return;
    }
    if (read_login(c, j, &err) != VG_OK) {
        http_fail(c, &err);
        return;
    }
    const int wait = http_login_wait_s(c->h->login, j->login, j->peer);
    if (wait > 0) {
        http_wait_first(c, wait);
        return;
    }
    const vg_str cookie = vg_http_cookie_find(vg_http_header(c->rq, "Cookie"), http_cookie_name());
    x->before = http_session_hash(cookie);
    x->call = c;
    http_device_of(vg_http_header(c->rq, "User-Agent"), x->device);
    j->ctx = x;
    j->done = on_login_done;
    if (!http_login_submit(c->h->login, j, suspend)) {
        (void)!vg_fail(&err, VG_EUNAVAIL, "", "http.err.busy", "%s", "");
        http_problem_as(c->rq, c->lang, &err, 503, 2);
    }
}

// --- the rest -----------------------------------------------------------------------------------
static void get_session(http_call *c)
{
    answer_session(c, &c->caller);
}

// The world goes with a session of a person, over a restart too: he must not do in earnest what he takes for a drill.
static vg_status change(http_call *c, const vg_args *a, vg_err *err)
{
    http_caller *me = &c->caller;
    if (!vg_arg_has(a, "lang") && !vg_arg_has(a, "world")) {
        return vg_fail(err, VG_EINVALID, "lang", "err.field_missing", "%s", "lang");
    }
    if (vg_arg_has(a, "world") && me->kind != HTTP_BY_COOKIE) {
        return vg_fail(err, VG_EDENIED, "world", NULL, "%s", "");
    }
    if (vg_arg_has(a, "lang")) {
        me->who.lang = vg_lang_parse(vg_arg_str(a, "lang"));
        http_session_lang(c->h->sessions, &me->key, me->who.lang);
    }
    if (vg_arg_has(a, "world")) {
        me->who.world = vg_arg_i64(a, "world", 0);
        http_session_world(c->h->sessions, &me->key, me->who.world);
        http_session_keep_later(c->h->core, me);
    }
    return VG_OK;
}

static void patch_session(http_call *c)
{
    vg_err err = {0};
    vg_args a;
    vg_status st = parse_fields(c, CHANGE_FIELDS, &a, &err);
    if (st == VG_OK) {
        st = change(c, &a, &err);
    }
    if (st != VG_OK) {
        http_fail(c, &err);
        return;
    }
    answer_session(c, &c->caller);
}

static void delete_session(http_call *c)
{
    http_session_end(c->h, &c->caller.key);
    set_cookie(c, "", 0);
    vg_buf b = http_json_buf();
    vg_buf_c(&b, "{}");
    http_json(c->rq, &b);
}

const http_own_route http_session_routes[] = {
    {"POST " HTTP_BASE "/session", NULL, post_session},
    {"GET " HTTP_BASE "/session", "", get_session},
    {"PATCH " HTTP_BASE "/session", "", patch_session},
    {"DELETE " HTTP_BASE "/session", "", delete_session},
    {"GET " HTTP_BASE "/sessions", "", http_get_sessions},
    {"POST " HTTP_BASE "/sessions/end-others", "", http_end_others},
    {"POST " HTTP_BASE "/sessions/{id}/end", "", http_end_session},
    {0},
};

// --- the accounts module ------------------------------------------------------------------------
static vg_status find_user(void *ctx, const char *login, vg_principal *ret, char hash[128],
                           vg_err *err)
{
    const vg_http *h = ctx;
    vg_db *db;
    VG_TRY(vg_inner_take(h->core, &db, err));
    const vg_status st = h->auth->user(h->core, db, vg_str_c(login), ret, hash, err);
    vg_inner_give(h->core, db);
    return st;
}

static vg_status second_factor(void *ctx, const char *user, const char *code, vg_err *err)
{
    const vg_http *h = ctx;
    vg_buf args;
    vg_buf_init(&args, 512);
    vg_jw w = vg_jw_on(&args);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "user", user);
    vg_jw_kz(&w, "code", code);
    vg_jw_close(&w, '}');
    vg_command_call call = {.name = h->auth->second,
                            .args = vg_buf_str(&args),
                            .who = vg_core_system(),
                            .id = vg_cmd_random()};
    vg_core_run(h->core, &call);
    sodium_memzero(args.p, args.n);
    vg_buf_done(&args);
    vg_buf_done(&call.reply);
    *err = call.err;
    return call.st == VG_EDENIED
               ? vg_fail(err, VG_EAUTH, "code", "http.err.login_code_wrong", "%s", "")
               : call.st;
}

static void note_login(void *ctx, const http_login_job *job, const char *user, bool ok)
{
    const vg_http *h = ctx;
    if (!vg_core_command("accounts.note_login")) {
        return;
    }
    vg_buf args;
    vg_buf_init(&args, 1024);
    vg_jw w = vg_jw_on(&args);
    vg_jw_open(&w, '{');
    if (*user) {
        vg_jw_kz(&w, "user", user);
    }
    vg_jw_kbool(&w, "ok", ok);
    vg_jw_kz(&w, "peer", job->peer);
    vg_jw_close(&w, '}');
    vg_command_call call = {.name = "accounts.note_login",
                            .args = vg_buf_str(&args),
                            .who = vg_core_system(),
                            .id = vg_cmd_random()};
    vg_core_run(h->core, &call);
    if (call.st != VG_OK) {
        vg_log(VG_WARN, "login.not_journaled", "code=%s detail=\"%s\"", vg_status_name(call.st),
               call.err.detail);
    }
    vg_buf_done(&call.reply);
    vg_buf_done(&args);
}

http_login_source http_login_from_core(vg_http *h)
{
    return (http_login_source){h, find_user, second_factor, note_login};
}
