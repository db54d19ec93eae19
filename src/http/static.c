// SPDX-License-Identifier: Apache-2.0
// Files are few and sorted by nobody, so they are searched one by one; their tags are hashes computed on
// demand. What lies under assets/ has its content's hash in its name and may be kept for ever; the rest is
// asked for again each time and answered 304. "name.gz" beside "name" is the same content, compressed at
// build time. Deliberately absent: ranges, directory listings, files from the disk.
#include "http/static.h"

#include "base/id.h"

static const struct {
    const char *ext, *type;
} TYPES[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".mp3", "audio/mpeg"},
    {".ogg", "audio/ogg"},
    {".wav", "audio/wav"},
};

const char *const http_security_headers[] = {
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src "
    "'self'; "
    "connect-src 'self'; media-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action "
    "'self'; "
    "worker-src 'self'; manifest-src 'self'",
    "X-Content-Type-Options",
    "nosniff",
    "Referrer-Policy",
    "no-referrer",
    "X-Frame-Options",
    "DENY",
    "Cross-Origin-Opener-Policy",
    "same-origin",
    "Cross-Origin-Resource-Policy",
    "same-origin",
    "Permissions-Policy",
    "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    NULL,
};

static const vg_embedded *find(const vg_embedded *files, vg_str name)
{
    for (const vg_embedded *f = files; f && f->name; f++) {
        if (vg_str_eqc(name, f->name)) {
            return f;
        }
    }
    return NULL;
}

static const char *type_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < VG_LEN(TYPES); i++) {
        if (strcmp(dot, TYPES[i].ext) == 0) {
            return TYPES[i].type;
        }
    }
    return "application/octet-stream";
}

static bool is_page(vg_str path)
{
    const char *slash = memrchr(path.p, '/', path.n);
    const size_t from = slash ? (size_t)(slash - path.p) : 0;
    return !memchr(path.p + from, '.', path.n - from);
}

static const vg_embedded *compressed(const vg_embedded *files, const vg_http_request *rq,
                                     const char *name)
{
    const vg_str gz = vg_str_f(rq->arena, "%s.gz", name);
    return gz.p && vg_http_list_has(vg_http_header(rq, "Accept-Encoding"), "gzip") ? find(files, gz)
                                                                                   : NULL;
}

static void answer(vg_http_request *rq, const vg_embedded *f, const char *name, bool gz)
{
    unsigned char h[VG_HASH_BYTES];
    char hex[33];
    vg_hash(f->data, f->size, h);
    vg_hex(h, 16, hex);
    const vg_str tag = vg_str_f(rq->arena, "\"%s\"", hex);
    const bool forever = strncmp(name, "assets/", 7) == 0;
    vg_http_set(rq, "ETag", tag.p ? tag.p : "\"\"");
    vg_http_set(rq, "Cache-Control", forever ? "public, max-age=31536000, immutable" : "no-cache");
    vg_http_set(rq, "Vary", "Accept-Encoding");
    if (vg_http_etag_matches(vg_http_header(rq, "If-None-Match"), tag)) {
        rq->reply.status = 304;
        return;
    }
    if (gz) {
        vg_http_set(rq, "Content-Encoding", "gzip");
    }
    rq->reply.type = type_of(name);
    rq->reply.fixed = (vg_str){(const char *)f->data, f->size};
}

bool http_static(const vg_embedded *files, vg_http_request *rq)
{
    const vg_str name = {rq->path.p + 1, rq->path.n - 1};
    if (!vg_str_eqc(rq->method, "GET")) {
        return false;
    }
    const vg_embedded *f = find(files, name.n ? name : VG_S("index.html"));
    if (!f && is_page(rq->path)) {
        f = find(files, VG_S("index.html"));
    }
    if (!f) {
        return false;
    }
    const vg_embedded *gz = compressed(files, rq, f->name);
    answer(rq, gz ? gz : f, f->name, gz != NULL);
    return true;
}
