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

static bool may_be(vg_core *c, vg_egress_class class, bool url)
{
    switch (class) {
    case VG_EGRESS_PUBLIC:
        return true;
    case VG_EGRESS_PRIVATE:
        return !url || says_yes(c, "egress.private", "yes");
    case VG_EGRESS_LOOPBACK:
        return !url || says_yes(c, "egress.loopback", "no");
    case VG_EGRESS_NEVER:
        break;
    }
    return false;
}

typedef struct way {
    vg_core *core;
    const char *host;
    uint16_t port;
    bool url;
} way;

// The first address that answers. What was checked is what is connected to: the name is asked for once.
static vg_status first_open(const way *w, const struct addrinfo *list, int *ret_fd, vg_err *err)
{
    bool refused = false;
    int fd = -1;
    errno = EHOSTUNREACH;
    for (const struct addrinfo *x = list; x && fd < 0; x = x->ai_next) {
        if (may_be(w->core, vg_egress_class_of(x->ai_addr), w->url)) {
            fd = open_to(x);
        } else {
            refused = true;
        }
    }
    if (fd >= 0) {
        *ret_fd = fd;
        return VG_OK;
    }
    if (refused) {
        vg_log(VG_WARN, "egress.refused", "host=%s port=%u why=address", w->host, w->port);
        return vg_fail(err, VG_EDENIED, "", "err.egress_address", "%s:%u", w->host, w->port);
    }
    return vg_fail(err, VG_EUNAVAIL, "", NULL, "%s:%u: %s", w->host, w->port, strerror(errno));
}

static vg_status resolve_and_open(const way *w, int *ret_fd, vg_err *err)
{
    char service[8];
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    snprintf(service, sizeof service, "%u", w->port);
    const int e = getaddrinfo(w->host, service, &hints, &list);
    if (e) {
        return vg_fail(err, VG_EUNAVAIL, "", NULL, "%s: %s", w->host, gai_strerror(e));
    }
    const vg_status s = first_open(w, list, ret_fd, err);
    freeaddrinfo(list);
    return s;
}

vg_status vg_egress_connect(vg_core *c, int32_t label, const char *host, uint16_t port, int *ret_fd,
                            vg_err *err)
{
    VG_TRY(vg_egress_allow(c, label, host, port, err));
    return resolve_and_open(&(way){c, host, port, false}, ret_fd, err);
}

vg_status vg_egress_connect_url(vg_core *c, int32_t label, const char *host, uint16_t port,
                                int *ret_fd, vg_err *err)
{
    VG_TRY(vg_egress_allow(c, label, host, port, err));
    return resolve_and_open(&(way){c, host, port, true}, ret_fd, err);
}
