// SPDX-License-Identifier: Apache-2.0
// Strict where it costs an honest device nothing: a part must have its headers ended and a boundary after it, so a
// cut body is refused whole. Lenient where devices differ: lone LF for CRLF, blanks, text before the first
// boundary, a missing last "--". Each byte is looked at a fixed number of times.
#include "ingest/device/multipart.h"

#include <stdio.h>
#include <strings.h>

static vg_status bad(vg_err *err, const char *what)
{
    return vg_fail(err, VG_EINVALID, "", "ingest.err.multipart", "%s", what);
}

static bool is_word(vg_str s, const char *z)
{
    return s.n == strlen(z) && strncasecmp(s.p, z, s.n) == 0;
}

bool multipart_is(vg_str content_type)
{
    return content_type.n > 10 && strncasecmp(content_type.p, "multipart/", 10) == 0;
}

// The value of ;name=value or ;name="value" in a header; the empty view if there is none.
static vg_str parameter(vg_str header, const char *name)
{
    while (header.n) {
        const char *semi = memchr(header.p, ';', header.n);
        if (!semi) {
            break;
        }
        header = (vg_str){semi + 1, header.n - (size_t)(semi + 1 - header.p)};
        const char *eq = memchr(header.p, '=', header.n);
        const char *next = memchr(header.p, ';', header.n);
        if (!eq || (next && next < eq)) {
            continue;
        }
        const bool mine = is_word(vg_str_trim((vg_str){header.p, (size_t)(eq - header.p)}), name);
        vg_str v = {eq + 1, header.n - (size_t)(eq + 1 - header.p)};
        if (v.n && *v.p == '"') {
            const char *close = memchr(v.p + 1, '"', v.n - 1);
            if (!close) {
                break;
            }
            header = (vg_str){close + 1, header.n - (size_t)(close + 1 - header.p)};
            v = (vg_str){v.p + 1, (size_t)(close - v.p - 1)};
        } else {
            v.n = next ? (size_t)(next - v.p) : v.n;
            v = vg_str_trim(v);
        }
        if (mine) {
            return v;
        }
    }
    return VG_S("");
}

static vg_str before_parameters(vg_str header)
{
    const char *semi = memchr(header.p, ';', header.n);
    return vg_str_trim((vg_str){header.p, semi ? (size_t)(semi - header.p) : header.n});
}

static void skip(vg_str *s, size_t n)
{
    *s = (vg_str){s->p + n, s->n - n};
}

// After a boundary: "--" ends it all, else the rest of the line goes.
static bool after_mark(multipart *m)
{
    if (m->rest.n >= 2 && memcmp(m->rest.p, "--", 2) == 0) {
        m->ended = true;
        return true;
    }
    while (m->rest.n && (*m->rest.p == ' ' || *m->rest.p == '\t')) {
        skip(&m->rest, 1);
    }
    if (m->rest.n && *m->rest.p == '\r') {
        skip(&m->rest, 1);
    }
    if (m->rest.n == 0) {
        m->ended = true;  // a last boundary without its dashes
        return true;
    }
    if (*m->rest.p != '\n') {
        return false;
    }
    skip(&m->rest, 1);
    return true;
}

vg_status multipart_begin(multipart *m, vg_str content_type, vg_str body, vg_err *err)
{
    const vg_str b = parameter(content_type, "boundary");
    *m = (multipart){.rest = body};
    if (b.n == 0 || b.n > MULTIPART_BOUNDARY || memchr(b.p, 0, b.n) || memchr(b.p, '\n', b.n)) {
        return bad(err, "boundary");
    }
    m->mark_n = (size_t)snprintf(m->mark, sizeof m->mark, "\r\n--%.*s", VG_FMT(b));
    const char *at = memmem(body.p, body.n, m->mark + 2, m->mark_n - 2);
    if (!at || (at > body.p && at[-1] != '\n')) {
        return bad(err, "boundary");
    }
    skip(&m->rest, (size_t)(at - body.p) + m->mark_n - 2);
    return after_mark(m) ? VG_OK : bad(err, "boundary");
}

static vg_status headers(multipart *m, multipart_part *ret, vg_err *err)
{
    size_t bytes = 0;
    for (int n = 0; n <= MULTIPART_HEADERS; n++) {
        const char *lf = memchr(m->rest.p, '\n', m->rest.n);
        if (!lf) {
            return bad(err, "headers");
        }
        const vg_str line = vg_str_trim((vg_str){m->rest.p, (size_t)(lf - m->rest.p)});
        bytes += (size_t)(lf + 1 - m->rest.p);
        skip(&m->rest, (size_t)(lf + 1 - m->rest.p));
        if (bytes > MULTIPART_HEADER_BYTES) {
            break;
        }
        if (line.n == 0) {
            return VG_OK;
        }
        const char *colon = memchr(line.p, ':', line.n);
        if (!colon) {
            return bad(err, "headers");
        }
        const vg_str name = {line.p, (size_t)(colon - line.p)};
        const vg_str value = vg_str_trim((vg_str){colon + 1, line.n - name.n - 1});
        if (is_word(name, "Content-Type")) {
            ret->type = before_parameters(value);
        } else if (is_word(name, "Content-Disposition")) {
            ret->name = parameter(value, "name");
            ret->file = parameter(value, "filename");
        }
    }
    return vg_fail(err, VG_ETOOBIG, "", "ingest.err.multipart", "%s", "headers");
}

// The boundary that ends a part: after CRLF, or after a lone LF.
static const char *find_end(const multipart *m, size_t *ret_eol)
{
    const vg_str from = m->rest;
    const char *dashes = m->mark + 2;
    const size_t n = m->mark_n - 2;
    if (from.n >= n && memcmp(from.p, dashes, n) == 0) {
        *ret_eol = 0;  // an empty part
        return from.p;
    }
    const char *at = memmem(from.p, from.n, m->mark + 1, n + 1);  // "\n--boundary"
    *ret_eol = at && at > from.p && at[-1] == '\r' ? 2 : 1;
    return at ? at + 1 : NULL;
}

vg_status multipart_next(multipart *m, multipart_part *ret, vg_err *err)
{
    size_t eol = 0;
    if (m->ended) {
        return VG_ENOTFOUND;
    }
    if (m->parts++ == MULTIPART_PARTS) {
        return vg_fail(err, VG_ETOOBIG, "", "ingest.err.multipart", "%s", "parts");
    }
    *ret = (multipart_part){VG_S(""), VG_S(""), VG_S(""), VG_S("")};
    VG_TRY(headers(m, ret, err));
    const char *end = find_end(m, &eol);
    if (!end) {
        return bad(err, "end");
    }
    ret->data = (vg_str){m->rest.p, (size_t)(end - m->rest.p) - eol};
    skip(&m->rest, (size_t)(end - m->rest.p) + m->mark_n - 2);
    return after_mark(m) ? VG_OK : bad(err, "boundary");
}
