// SPDX-License-Identifier: Apache-2.0
// The writer and the strict reader. The writer never produces invalid JSON from valid calls; bytes
// that are not UTF-8 are replaced, so a panel's stray byte cannot break a page.
#include "base/json.h"

#include "base/clock.h"
#include "base/text.h"

#include <math.h>

vg_status vg_json_parse(vg_str text, size_t max_bytes, json_t **ret_tree, vg_err *err)
{
    if (text.n > max_bytes) {
        return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%zu > %zu", text.n, max_bytes);
    }
    // jansson takes a NUL after a number for white space; no JSON text holds one.
    const char *nul = text.n ? memchr(text.p, 0, text.n) : NULL;
    if (nul) {
        return vg_fail(err, VG_EINVALID, "", "err.json", "NUL at byte %zu", (size_t)(nul - text.p));
    }
    json_error_t je;
    json_t *t = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &je);
    if (!t) {
        return vg_fail(err, VG_EINVALID, "", "err.json", "%d:%d %s", je.line, je.column, je.text);
    }
    *ret_tree = t;
    return VG_OK;
}

static void value(vg_jw *w)
{
    if (w->comma) {
        vg_buf_ch(w->b, ',');
    }
    w->comma = true;
}

void vg_jw_open(vg_jw *w, char bracket)
{
    value(w);
    vg_buf_ch(w->b, bracket);
    w->comma = false;
}

void vg_jw_close(vg_jw *w, char bracket)
{
    vg_buf_ch(w->b, bracket);
    w->comma = true;
}

static void escaped(vg_buf *b, vg_str s)
{
    static const char hex[] = "0123456789abcdef";
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        const unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        vg_buf_add(b, s.p + from, i - from);
        from = i + 1;
        const char *const named = c == '"'    ? "\\\""
                                  : c == '\\' ? "\\\\"
                                  : c == '\n' ? "\\n"
                                  : c == '\r' ? "\\r"
                                  : c == '\t' ? "\\t"
                                              : NULL;
        if (named) {
            vg_buf_add(b, named, 2);
        } else {
            const char u[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            vg_buf_add(b, u, sizeof u);
        }
    }
    vg_buf_add(b, s.p + from, s.n - from);
}

// How much of s needs neither escaping nor a look at its UTF-8: of a key, all of it.
static size_t plain(vg_str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] >= 0x20 && s.p[n] < 0x7f && s.p[n] != '"' && s.p[n] != '\\') {
        n++;
    }
    return n;
}

static void quoted(vg_buf *b, vg_str s)
{
    const size_t n = plain(s);
    vg_buf_ch(b, '"');
    vg_buf_add(b, s.p, n);
    s = n ? (vg_str){s.p + n, s.n - n} : s;  // an empty text may have no address
    while (s.n) {
        const size_t good = vg_utf8_prefix(s);
        escaped(b, (vg_str){s.p, good});
        s.p += good;
        s.n -= good;
        if (s.n) {
            vg_buf_add(b, "\xEF\xBF\xBD", 3);
            s.p++;
            s.n--;
        }
    }
    vg_buf_ch(b, '"');
}

void vg_jw_key(vg_jw *w, const char *key)
{
    value(w);
    quoted(w->b, vg_str_c(key));
    vg_buf_ch(w->b, ':');
    w->comma = false;
}

void vg_jw_str(vg_jw *w, vg_str s)
{
    value(w);
    quoted(w->b, s);
}

void vg_jw_i64(vg_jw *w, int64_t v)
{
    value(w);
    vg_buf_i64(w->b, v);
}

void vg_jw_f64(vg_jw *w, double v)
{
    if (!isfinite(v)) {
        vg_jw_null(w);
        return;
    }
    value(w);
    vg_buf_f(w->b, "%.6g", v);
}

void vg_jw_bool(vg_jw *w, bool v)
{
    value(w);
    vg_buf_c(w->b, v ? "true" : "false");
}

void vg_jw_null(vg_jw *w)
{
    value(w);
    vg_buf_c(w->b, "null");
}

void vg_jw_raw(vg_jw *w, vg_str json)
{
    value(w);
    vg_buf_s(w->b, json);
}

void vg_jw_time(vg_jw *w, int64_t us)
{
    vg_jw_time_exact(w, us / VG_MS_US * VG_MS_US);
}

void vg_jw_time_exact(vg_jw *w, int64_t us)
{
    if (us == 0) {
        vg_jw_null(w);
        return;
    }
    char t[VG_TIME_TEXT];
    vg_time_rfc3339(us, t);
    vg_jw_str(w, vg_str_c(t));
}

void vg_jw_kstr(vg_jw *w, const char *key, vg_str s)
{
    vg_jw_key(w, key);
    vg_jw_str(w, s);
}

void vg_jw_kz(vg_jw *w, const char *key, const char *z)
{
    if (z) {
        vg_jw_kstr(w, key, vg_str_c(z));
    }
}

void vg_jw_ki64(vg_jw *w, const char *key, int64_t v)
{
    vg_jw_key(w, key);
    vg_jw_i64(w, v);
}

void vg_jw_kbool(vg_jw *w, const char *key, bool v)
{
    vg_jw_key(w, key);
    vg_jw_bool(w, v);
}

void vg_jw_ktime(vg_jw *w, const char *key, int64_t us)
{
    vg_jw_key(w, key);
    vg_jw_time(w, us);
}

void vg_jw_ktime_exact(vg_jw *w, const char *key, int64_t us)
{
    vg_jw_key(w, key);
    vg_jw_time_exact(w, us);
}

void vg_jw_kraw(vg_jw *w, const char *key, vg_str json)
{
    vg_jw_key(w, key);
    vg_jw_raw(w, json);
}
