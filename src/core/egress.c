// SPDX-License-Identifier: Apache-2.0
// connect() and getaddrinfo() stand in this file and nowhere else in the node's layers (a check holds it).
#include "core/egress.h"

#include "base/log.h"

#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

vg_status vg_egress_allow(vg_core *c, int32_t label, const char *host, uint16_t port, vg_err *err)
{
    vg_label l;
    const bool standalone =
        strcmp(vg_conf_get(vg_core_conf(c), "node.profile", "federated"), "standalone") == 0;
    if (standalone) {
        vg_log(VG_WARN, "egress.refused", "host=%s port=%u why=standalone", host, port);
        return vg_fail(err, VG_EDENIED, "", "err.egress_standalone", "%s:%u", host, port);
    }
    if (!vg_label_get(vg_core_labels(c), label, &l) || l.secrecy > VG_S_NORMAL) {
        vg_log(VG_WARN, "egress.refused", "host=%s port=%u why=secrecy", host, port);
        return vg_fail(err, VG_EDENIED, "", "err.egress_secrecy", "%s:%u", host, port);
    }
    return VG_OK;
}

vg_status vg_egress_connect(vg_core *c, int32_t label, const char *host, uint16_t port, int *ret_fd,
                            vg_err *err)
{
    VG_TRY(vg_egress_allow(c, label, host, port, err));
    char service[8];
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    snprintf(service, sizeof service, "%u", port);
    const int e = getaddrinfo(host, service, &hints, &list);
    if (e) {
        return vg_fail(err, VG_EUNAVAIL, "", NULL, "%s: %s", host, gai_strerror(e));
    }
    int fd = -1;
    for (const struct addrinfo *a = list; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(list);
    if (fd < 0) {
        return vg_fail(err, VG_EUNAVAIL, "", NULL, "%s:%u: %s", host, port, strerror(errno));
    }
    *ret_fd = fd;
    return VG_OK;
}
