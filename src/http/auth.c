// SPDX-License-Identifier: Apache-2.0
// From a request to a principal: a device's signature, a bearer token, or the session cookie. When a cookie is sent with
// one of the others it does not count, since they were set on purpose. A cookie's changes need the session's CSRF token; a browser
// that says the request comes from another site is refused even with it.
#include "http/http_impl.h"

#include "base/clock.h"
#include "http/device.h"

const char *http_cookie_name(void)
{
    return "vg_session";
}

static bool looks_like_token(vg_str s)
{
    return s.n >= 16 && s.n <= 256;
}

vg_status http_authenticate(http_call *c, vg_err *err)
{
    if (c->known) {
        return VG_OK;
    }
    const vg_str header = vg_http_header(c->rq, "Authorization");
    http_session_kind kind = HTTP_BY_COOKIE;
    vg_str token;
    if (header.n > 7 && strncasecmp(header.p, "Device ", 7) == 0) {
        return http_device_enter(c, (vg_str){header.p + 7, header.n - 7}, err);
    }
    if (header.n > 7 && strncasecmp(header.p, "Bearer ", 7) == 0) {
        kind = HTTP_BY_BEARER;
        token = vg_str_trim((vg_str){header.p + 7, header.n - 7});
    } else {
        token = vg_http_cookie_find(vg_http_header(c->rq, "Cookie"), http_cookie_name());
    }
    if (!looks_like_token(token)) {
        return vg_fail(err, VG_EAUTH, "", NULL, "%s", "");
    }
    const http_session_key key = http_session_hash(token);
    VG_TRY(http_session_find(c->h->sessions, &key, kind, &c->caller, err));
    c->known = true;
    if (kind == HTTP_BY_COOKIE) {
        c->lang = c->caller.who.lang;
    }
    return VG_OK;
}

bool http_know(http_call *c)
{
    vg_err ignored;
    return http_authenticate(c, &ignored) == VG_OK;
}

vg_status http_check_csrf(const http_call *c, vg_err *err)
{
    const vg_str site = vg_http_header(c->rq, "Sec-Fetch-Site");
    const bool foreign = vg_str_eqc(site, "cross-site") || vg_str_eqc(site, "same-site");
    if (c->caller.kind == HTTP_BY_COOKIE &&
        (foreign || !http_csrf_ok(&c->caller, vg_http_header(c->rq, "X-CSRF-Token")))) {
        return vg_fail(err, VG_EDENIED, "X-CSRF-Token", "http.err.csrf", "%s", "");
    }
    return VG_OK;
}

// --- the accounts module ------------------------------------------------------------------------
static vg_status by_id(void *ctx, vg_str user, vg_principal *ret, vg_err *err)
{
    const vg_http *h = ctx;
    vg_db *db;
    VG_TRY(vg_inner_take(h->core, &db, err));
    const vg_status st = h->auth->by_id(h->core, db, user, ret, err);
    vg_inner_give(h->core, db);
    return st;
}

static vg_status by_token(void *ctx, const http_session_key *key, vg_principal *ret, vg_err *err)
{
    const vg_http *h = ctx;
    if (!h->auth || !h->auth->token) {
        return vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "");
    }
    vg_db *db;
    VG_TRY(vg_inner_take(h->core, &db, err));
    const vg_status st = h->auth->token(h->core, db, key->b, ret, err);
    vg_inner_give(h->core, db);
    return st;
}

http_auth_source http_auth_from_core(vg_http *h)
{
    return (http_auth_source){h, by_id, by_token};
}
