// SPDX-License-Identifier: Apache-2.0
// connect() and getaddrinfo() stand in this file and nowhere else in the node's layers (a check holds it).
#include "core/egress.h"

#include "base/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECT_MS = 5000, IO_S = 10 };

static vg_status not_secret(vg_core *c, int32_t label, const char *host, uint16_t port, vg_err *err)
{
    vg_label l;
    if (!vg_label_get(vg_core_labels(c), label, &l) || l.secrecy > VG_S_NORMAL) {
        vg_log(VG_WARN, "egress.refused", "host=%s port=%u why=secrecy", host, port);
        return vg_fail(err, VG_EDENIED, "", "err.egress_secrecy", "%s:%u", host, port);
    }
    return VG_OK;
}

bool vg_egress_is_here(const char *host)
{
    static const unsigned char one[16] = {[15] = 1};
    unsigned char ip[16];
    return strcmp(host, "localhost") == 0 || (inet_pton(AF_INET, host, ip) == 1 && ip[0] == 127) ||
           (inet_pton(AF_INET6, host, ip) == 1 && memcmp(ip, one, sizeof one) == 0);
}

vg_status vg_egress_allow_reading(vg_core *c, int32_t label, const char *host, uint16_t port,
                                  vg_err *err)
{
    return vg_egress_is_here(host) ? not_secret(c, label, host, port, err)
                                   : vg_egress_allow(c, label, host, port, err);
}

vg_status vg_egress_allow(vg_core *c, int32_t label, const char *host, uint16_t port, vg_err *err)
{
    const bool standalone =
        strcmp(vg_conf_get(vg_core_conf(c), "node.profile", "federated"), "standalone") == 0;
    if (standalone) {
        vg_log(VG_WARN, "egress.refused", "host=%s port=%u why=standalone", host, port);
        return vg_fail(err, VG_EDENIED, "", "err.egress_standalone", "%s:%u", host, port);
    }
    return not_secret(c, label, host, port, err);
}

// A host that swallows packets holds the caller for CONNECT_MS, not for the minutes that TCP would; later
// reads and writes for IO_S at most.
static int open_to(const struct addrinfo *a)
{
    const int fd =
        socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    int failed = 0;
    socklen_t n = sizeof failed;
    const struct timeval limit = {.tv_sec = IO_S};
    if (fd >= 0 && (connect(fd, a->ai_addr, a->ai_addrlen) == 0 || errno == EINPROGRESS) &&
        poll(&p, 1, CONNECT_MS) == 1 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &n) == 0 &&
        failed == 0 && fcntl(fd, F_SETFL, 0) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0) {
        return fd;
    }
    if (fd >= 0) {
        const int why = failed ? failed : errno;
        close(fd);
        errno = why;
    }
    return -1;
}

static bool says_yes(vg_core *c, const char *key, const char *missing)
{
    return strcmp(vg_conf_get(vg_core_conf(c), key, missing), "yes") == 0;
}

typedef struct way {
    vg_core *core;
    const char *host;
    uint16_t port;
    bool url;   // a form is no way to what listens behind this machine's back
    bool here;  // it must be this machine
    bool datagram;
} way;

static bool may_be(const way *w, const struct sockaddr *to)
{
    switch (vg_egress_class_of(to)) {
    case VG_EGRESS_PUBLIC:
        return !w->here;
    case VG_EGRESS_PRIVATE:
        return !w->here && (!w->url || says_yes(w->core, "egress.private", "yes"));
    case VG_EGRESS_LOOPBACK:
        return !w->url || says_yes(w->core, "egress.loopback", "no");
    case VG_EGRESS_NEVER:
        break;
    }
    return false;
}

static vg_status refuse(const way *w, vg_err *err)
{
    vg_log(VG_WARN, "egress.refused", "host=%s port=%u why=address", w->host, w->port);
    return vg_fail(err, VG_EDENIED, "", "err.egress_address", "%s:%u", w->host, w->port);
}

// The first address that answers. What was checked is what is connected to: the name is asked for once.
static vg_status first_open(const way *w, const struct addrinfo *list, int *ret_fd, vg_err *err)
{
    bool refused = false;
    int fd = -1;
    errno = EHOSTUNREACH;
    for (const struct addrinfo *x = list; x && fd < 0; x = x->ai_next) {
        if (may_be(w, x->ai_addr)) {
            fd = open_to(x);
        } else {
            refused = true;
        }
    }
    if (fd >= 0) {
        *ret_fd = fd;
        return VG_OK;
    }
    return refused ? refuse(w, err)
                   : vg_fail(err, VG_EUNAVAIL, "", NULL, "%s:%u: %s", w->host, w->port,
                             strerror(errno));
}

static vg_status resolve(const way *w, struct addrinfo **ret, vg_err *err)
{
    char service[8];
    const struct addrinfo hints = {.ai_socktype = w->datagram ? SOCK_DGRAM : SOCK_STREAM};
    snprintf(service, sizeof service, "%u", w->port);
    const int e = getaddrinfo(w->host, service, &hints, ret);
    return e ? vg_fail(err, VG_EUNAVAIL, "", NULL, "%s: %s", w->host, gai_strerror(e)) : VG_OK;
}

static vg_status resolve_and_open(const way *w, int *ret_fd, vg_err *err)
{
    struct addrinfo *list = NULL;
    VG_TRY(resolve(w, &list, err));
    const vg_status s = first_open(w, list, ret_fd, err);
    freeaddrinfo(list);
    return s;
}

static vg_status numbers_of(const way *w, const struct addrinfo *list, vg_egress_addresses *ret,
                            vg_err *err)
{
    vg_egress_addresses found = {.n = 0};
    for (const struct addrinfo *x = list; x && found.n < VG_EGRESS_ADDRESSES; x = x->ai_next) {
        if (may_be(w, x->ai_addr) && getnameinfo(x->ai_addr, x->ai_addrlen, found.v[found.n],
                                                 VG_EGRESS_NUMERIC, NULL, 0, NI_NUMERICHOST) == 0) {
            found.n++;
        }
    }
    if (found.n == 0) {
        return refuse(w, err);
    }
    *ret = found;
    return VG_OK;
}

vg_status vg_egress_resolve_reading(vg_core *c, int32_t label, const char *host, uint16_t port,
                                    vg_egress_addresses *ret, vg_err *err)
{
    const way w = {.core = c, .host = host, .port = port, .here = vg_egress_is_here(host)};
    struct addrinfo *list = NULL;
    VG_TRY(vg_egress_allow_reading(c, label, host, port, err));
    VG_TRY(resolve(&w, &list, err));
    const vg_status s = numbers_of(&w, list, ret, err);
    freeaddrinfo(list);
    return s;
}

vg_status vg_egress_connect(vg_core *c, int32_t label, const char *host, uint16_t port, int *ret_fd,
                            vg_err *err)
{
    VG_TRY(vg_egress_allow(c, label, host, port, err));
    return resolve_and_open(&(way){.core = c, .host = host, .port = port}, ret_fd, err);
}

vg_status vg_egress_connect_udp(vg_core *c, int32_t label, const char *host, uint16_t port,
                                int *ret_fd, vg_err *err)
{
    VG_TRY(vg_egress_allow(c, label, host, port, err));
    return resolve_and_open(&(way){.core = c, .host = host, .port = port, .datagram = true}, ret_fd,
                            err);
}

vg_status vg_egress_connect_url(vg_core *c, int32_t label, const char *host, uint16_t port,
                                int *ret_fd, vg_err *err)
{
    VG_TRY(vg_egress_allow(c, label, host, port, err));
    return resolve_and_open(&(way){.core = c, .host = host, .port = port, .url = true}, ret_fd,
                            err);
}

const char *vg_egress_problem(vg_status s, const vg_err *err)
{
    return s == VG_OK                                                ? NULL
           : s != VG_EDENIED                                         ? "link.unreachable"
           : err->key && strcmp(err->key, "err.egress_address") == 0 ? "link.address_refused"
                                                                     : "link.not_allowed";
}
