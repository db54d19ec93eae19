// SPDX-License-Identifier: Apache-2.0
// Numeric addresses only: a listener must not depend on a name server, and neither may a log line.
// A v4 address that arrives through a v6 socket is shown and counted as the v4 address it is.
#include "net/addr.h"

#include <arpa/inet.h>

static vg_status parse_port(vg_str s, in_port_t *ret, vg_err *err)
{
    int64_t port;
    VG_TRY(vg_str_i64(s, 0, 65535, &port, err));
    *ret = htons((uint16_t)port);
    return VG_OK;
}

static vg_status set_host(const char *host, in_port_t port, vg_addr *a)
{
    memset(a, 0, sizeof *a);
    if (strcmp(host, "*") == 0) {
        host = "::";
    }
    if (inet_pton(AF_INET, host, &a->u.v4.sin_addr) == 1) {
        a->u.v4.sin_family = AF_INET;
        a->u.v4.sin_port = port;
        a->len = sizeof a->u.v4;
        return VG_OK;
    }
    memset(a, 0, sizeof *a);
    if (inet_pton(AF_INET6, host, &a->u.v6.sin6_addr) == 1) {
        a->u.v6.sin6_family = AF_INET6;
        a->u.v6.sin6_port = port;
        a->len = sizeof a->u.v6;
        return VG_OK;
    }
    return VG_EINVALID;
}

vg_status vg_addr_parse(vg_str text, vg_addr *ret, vg_err *err)
{
    char host[VG_PEER_TEXT];
    const char *colon = text.n ? memrchr(text.p, ':', text.n) : NULL;
    const size_t whole = colon ? (size_t)(colon - text.p) : 0;
    vg_str h = {text.p, whole};
    if (h.n > 2 && h.p[0] == '[' && h.p[h.n - 1] == ']') {
        h = (vg_str){h.p + 1, h.n - 2};
    } else if (h.n && memchr(h.p, ':', h.n)) {
        h.n = 0;  // a bare v6 address hides where the port begins
    }
    if (h.n == 0 || h.n >= sizeof host) {
        return vg_fail(err, VG_EINVALID, "address", "ingest.err.address", "%.*s",
                       (int)(text.n > 100 ? 100 : text.n), text.p);
    }
    memcpy(host, h.p, h.n);
    host[h.n] = '\0';
    in_port_t port;
    VG_TRY(parse_port((vg_str){colon + 1, text.n - whole - 1}, &port, err));
    vg_addr a = {0};
    if (set_host(host, port, &a) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "address", "ingest.err.address", "%s", host);
    }
    *ret = a;
    return VG_OK;
}

static bool mapped_v4(const vg_addr *a)
{
    return a->u.sa.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&a->u.v6.sin6_addr);
}

uint16_t vg_addr_port(const vg_addr *a)
{
    return ntohs(a->u.sa.sa_family == AF_INET6 ? a->u.v6.sin6_port : a->u.v4.sin_port);
}

void vg_addr_peer(const vg_addr *a, char out[VG_PEER_TEXT])
{
    const void *raw = &a->u.v4.sin_addr;
    int family = AF_INET;
    if (mapped_v4(a)) {
        raw = &a->u.v6.sin6_addr.s6_addr[12];
    } else if (a->u.sa.sa_family == AF_INET6) {
        raw = &a->u.v6.sin6_addr;
        family = AF_INET6;
    }
    if (!inet_ntop(family, raw, out, VG_PEER_TEXT)) {
        out[0] = '\0';
    }
}

void vg_addr_text(const vg_addr *a, char out[VG_ADDR_TEXT])
{
    char host[VG_PEER_TEXT];
    vg_addr_peer(a, host);
    snprintf(out, VG_ADDR_TEXT, strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, vg_addr_port(a));
}

uint64_t vg_addr_key(const vg_addr *a)
{
    uint32_t v4;
    uint64_t v6;
    if (a->u.sa.sa_family == AF_INET6 && !mapped_v4(a)) {
        memcpy(&v6, a->u.v6.sin6_addr.s6_addr, sizeof v6);
        return v6 | 1;  // never 0, never a v4 key
    }
    if (mapped_v4(a)) {
        memcpy(&v4, &a->u.v6.sin6_addr.s6_addr[12], sizeof v4);
    } else {
        memcpy(&v4, &a->u.v4.sin_addr, sizeof v4);
    }
    return (uint64_t)v4 << 1;
}

uint64_t vg_addr_key_of(const char *peer)
{
    char text[VG_PEER_TEXT + 8];
    vg_addr a = {0};
    snprintf(text, sizeof text, strchr(peer, ':') ? "[%.*s]:1" : "%.*s:1", VG_PEER_TEXT - 1, peer);
    return vg_addr_parse(vg_str_c(text), &a, NULL) == VG_OK ? vg_addr_key(&a) : 0;
}
