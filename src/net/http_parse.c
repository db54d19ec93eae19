// SPDX-License-Identifier: Apache-2.0
// Strict on purpose: a target that could be read in two ways (an escaped slash, a dot segment, a
// parameter given twice) is refused instead of being guessed at, so that what is authorised is what is
// served. Deliberately no support for path parameters (";"), fragments or absolute-form targets.
#include "net/http_parse.h"

#include <strings.h>

#include "base/text.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static vg_status bad(vg_err *err)
{
    return vg_fail(err, VG_EINVALID, "", "http.err.target", "%s", "");
}

// Decodes %XX (and '+' in queries) of raw into the arena.
static vg_status decode(vg_arena *a, vg_str raw, bool query, vg_str *ret, vg_err *err)
{
    char *out = vg_arena_get(a, raw.n + 1);
    if (!out) {
        return vg_fail(err, VG_ETOOBIG, "", "http.err.target", "%s", "");
    }
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '%') {
            if (raw.n - i < 3 || hex_digit(raw.p[i + 1]) < 0 || hex_digit(raw.p[i + 2]) < 0) {
                return bad(err);
            }
            c = (char)(hex_digit(raw.p[i + 1]) * 16 + hex_digit(raw.p[i + 2]));
            i += 2;
            if (c == '/' && !query) {
                return bad(err);
            }
        } else if (c == '+' && query) {
            c = ' ';
        }
        if ((unsigned char)c < 0x20 || c == 0x7f) {
            return bad(err);
        }
        out[n++] = c;
    }
    *ret = (vg_str){out, n};
    return vg_utf8_valid(*ret) ? VG_OK : bad(err);
}

static bool segments_are_plain(vg_str path)
{
    size_t from = 1;
    for (size_t i = 1; i <= path.n; i++) {
        if (i < path.n && path.p[i] != '/') {
            continue;
        }
        const size_t n = i - from;
        const char *s = path.p + from;
        const bool dots = (n == 1 && s[0] == '.') || (n == 2 && s[0] == '.' && s[1] == '.');
        if (dots || (n == 0 && i < path.n)) {
            return false;
        }
        from = i + 1;
    }
    return true;
}

static vg_str cut(vg_str *rest, char at)
{
    const char *end = rest->n ? memchr(rest->p, at, rest->n) : NULL;
    const size_t n = end ? (size_t)(end - rest->p) : rest->n;
    const vg_str head = {rest->p, n};
    const size_t skip = end ? n + 1 : n;
    *rest = (vg_str){rest->p + skip, rest->n - skip};
    return head;
}

static bool has_param(const vg_http_target *t, vg_str name)
{
    for (size_t i = 0; i < t->n_query; i++) {
        if (vg_str_eq(t->query[i].name, name)) {
            return true;
        }
    }
    return false;
}

static vg_status parse_query(vg_arena *a, vg_str rest, vg_http_target *t, vg_err *err)
{
    t->query = vg_arena_get(a, sizeof *t->query * VG_HTTP_MAX_PAIRS);
    if (!t->query) {
        return vg_fail(err, VG_ETOOBIG, "", "http.err.target", "%s", "");
    }
    while (rest.n) {
        vg_str pair = cut(&rest, '&');
        if (pair.n == 0) {
            continue;
        }
        if (t->n_query == VG_HTTP_MAX_PAIRS) {
            return vg_fail(err, VG_ETOOBIG, "", "http.err.parameters", "%d", VG_HTTP_MAX_PAIRS);
        }
        vg_http_pair p;
        const vg_str name = cut(&pair, '=');
        VG_TRY(decode(a, name, true, &p.name, err));
        VG_TRY(decode(a, pair, true, &p.value, err));
        if (has_param(t, p.name)) {
            return vg_fail(err, VG_EINVALID, "", "http.err.parameter_twice", "%.*s",
                           (int)(p.name.n > 100 ? 100 : p.name.n), p.name.p);
        }
        t->query[t->n_query++] = p;
    }
    return VG_OK;
}

vg_status vg_http_target_parse(vg_arena *a, vg_str raw, vg_http_target *ret, vg_err *err)
{
    if (raw.n > VG_HTTP_MAX_TARGET) {
        return vg_fail(err, VG_ETOOBIG, "", "http.err.target", "%s", "");
    }
    vg_http_target t = {0};
    vg_str rest = raw;
    const vg_str path = cut(&rest, '?');
    if (path.n == 0 || path.p[0] != '/') {
        return bad(err);
    }
    VG_TRY(decode(a, path, false, &t.path, err));
    if (!segments_are_plain(t.path)) {
        return bad(err);
    }
    if (rest.n) {
        VG_TRY(parse_query(a, rest, &t, err));
    }
    *ret = t;
    return VG_OK;
}

vg_str vg_http_cookie_find(vg_str header, const char *name)
{
    while (header.n) {
        vg_str pair = vg_str_trim(cut(&header, ';'));
        const vg_str key = cut(&pair, '=');
        if (vg_str_eqc(key, name)) {
            return pair;
        }
    }
    return (vg_str){"", 0};
}

// "q=0", "q=0.", "q=0.000": refused by the client.
static bool weight_is_zero(vg_str params)
{
    while (params.n) {
        vg_str p = vg_str_trim(cut(&params, ';'));
        if (p.n < 3 || (p.p[0] | 0x20) != 'q' || p.p[1] != '=') {
            continue;
        }
        for (size_t i = 2; i < p.n; i++) {
            if (p.p[i] != '0' && p.p[i] != '.') {
                return false;
            }
        }
        return true;
    }
    return false;
}

bool vg_http_list_has(vg_str header, const char *token)
{
    const size_t n = strlen(token);
    while (header.n) {
        vg_str part = cut(&header, ',');
        const vg_str name = vg_str_trim(cut(&part, ';'));
        if (name.n == n && strncasecmp(name.p, token, n) == 0) {
            return !weight_is_zero(part);
        }
    }
    return false;
}

static vg_str strip_weak(vg_str tag)
{
    return vg_str_starts(tag, "W/") ? (vg_str){tag.p + 2, tag.n - 2} : tag;
}

bool vg_http_etag_matches(vg_str header, vg_str etag)
{
    while (header.n) {
        const vg_str tag = vg_str_trim(cut(&header, ','));
        if (vg_str_eqc(tag, "*") || (tag.n && vg_str_eq(strip_weak(tag), strip_weak(etag)))) {
            return true;
        }
    }
    return false;
}
