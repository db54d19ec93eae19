// SPDX-License-Identifier: Apache-2.0
// Where somebody is logged in, shown to himself and to who administers accounts, and ended from there. Ending happens
// in memory first and does not wait for the disk; the next request is refused and the live stream closed at once. Not
// shown: anything a session could be used with.
#include "http/session_routes.h"

#include "http/session_store.h"

enum { SHOWN_MAX = 200 };

// --- what it was opened with --------------------------------------------------------------------
typedef struct known {
    const char *part, *name;
} known;

static const char *first_of(vg_str text, const known *v)
{
    for (; v->part; v++) {
        if (memmem(text.p, text.n, v->part, strlen(v->part))) {
            return v->name;
        }
    }
    return NULL;
}

void http_device_of(vg_str agent, char out[HTTP_DEVICE_TEXT])
{
    static const known browsers[] = {{"Edg", "Edge"},        {"OPR/", "Opera"},
                                     {"coc_coc", "Cốc Cốc"}, {"Firefox/", "Firefox"},
                                     {"FxiOS/", "Firefox"},  {"CriOS/", "Chrome"},
                                     {"Chrome/", "Chrome"},  {"Safari/", "Safari"},
                                     {"curl/", "curl"},      {NULL, NULL}};
    static const known systems[] = {
        {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"},
        {"Mac OS X", "macOS"},  {"Linux", "Linux"},   {NULL, NULL}};
    const vg_str text = agent.p ? agent : VG_S("");
    const char *browser = first_of(text, browsers), *system = first_of(text, systems);
    snprintf(out, HTTP_DEVICE_TEXT, "%s%s%s", browser ? browser : "", browser && system ? ", " : "",
             system ? system : "");
}

// --- showing ------------------------------------------------------------------------------------
static bool administers(const http_call *c)
{
    return vg_may(&c->caller.who, "accounts.edit", VG_EVERYWHERE);
}

static int by_use(const void *a, const void *b)
{
    const http_session_row *x = a, *y = b;
    return (x->used_us < y->used_us) - (x->used_us > y->used_us);
}

static void write_row(const http_call *c, const http_session_row *r, vg_jw *w)
{
    vg_jw_open(w, '{');
    vg_jw_kz(w, "id", r->id);
    vg_jw_ktime(w, "since", r->begun_us);
    vg_jw_ktime(w, "seen", r->used_us);
    vg_jw_ktime(w, "expires", r->expires_us);
    vg_jw_kz(w, "address", r->peer);
    vg_jw_kz(w, "device", r->device);
    vg_jw_kbool(w, "current", memcmp(&r->key, &c->caller.key, sizeof r->key) == 0);
    vg_jw_close(w, '}');
}

void http_get_sessions(http_call *c)
{
    vg_err err = {0};
    vg_str asked;
    http_session_row *v = vg_arena_get(c->rq->arena, SHOWN_MAX * sizeof *v);
    const bool other =
        vg_http_query(c->rq, "user", &asked) && !vg_str_eqc(asked, c->caller.who.user);
    if (other && !administers(c)) {
        (void)!vg_fail(&err, VG_EDENIED, "", NULL, "%s", "");
        http_fail(c, &err);
        return;
    }
    const char *user = other ? vg_str_z(c->rq->arena, asked) : c->caller.who.user;
    const size_t n = v && user ? http_sessions_of(c->h->sessions, user, v, SHOWN_MAX) : 0;
    if (n) {
        qsort(v, n, sizeof *v, by_use);
    }
    vg_buf b = http_json_buf();
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_key(&w, "items");
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < n; i++) {
        write_row(c, &v[i], &w);
    }
    vg_jw_close(&w, ']');
    vg_jw_close(&w, '}');
    http_json(c->rq, &b);
}

// --- ending -------------------------------------------------------------------------------------
void http_session_end(vg_http *h, const http_session_key *key)
{
    if (!http_session_close(h->sessions, key)) {
        return;
    }
    http_session_forget(h->core, key);
    http_hub_recheck(h->hub);
}

static void answer_count(http_call *c, size_t n)
{
    vg_buf b = http_json_buf();
    vg_buf_f(&b, "{\"ended\":%zu}", n);
    http_json(c->rq, &b);
}

void http_end_session(http_call *c)
{
    vg_err err = {0};
    http_session_row r;
    const bool found = http_session_named(c->h->sessions, http_match_param(&c->match, "id"), &r);
    const bool own = found && strcmp(r.user, c->caller.who.user) == 0;
    if (!own && !(found && administers(c))) {
        (void)!vg_fail(&err, VG_ENOTFOUND, "", NULL, "%s", "");
        http_fail(c, &err);
        return;
    }
    http_session_end(c->h, &r.key);
    if (!own) {
        http_session_note(c->h->core, &c->caller.who, r.user, 1);
    }
    answer_count(c, 1);
}

void http_end_others(http_call *c)
{
    size_t ended = 0;
    http_session_row *v = vg_arena_get(c->rq->arena, SHOWN_MAX * sizeof *v);
    const size_t n = v ? http_sessions_of(c->h->sessions, c->caller.who.user, v, SHOWN_MAX) : 0;
    for (size_t i = 0; i < n; i++) {
        if (memcmp(&v[i].key, &c->caller.key, sizeof v[i].key) != 0) {
            http_session_end(c->h, &v[i].key);
            ended++;
        }
    }
    answer_count(c, ended);
}
