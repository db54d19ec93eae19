// SPDX-License-Identifier: Apache-2.0
// recvmmsg takes up to BATCH datagrams a call, one call a turn. A full send buffer loses the reply, as
// the network might: senders repeat.
#include "net/udp.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 32, RECEIVE_BUFFER = 1 << 20 };

struct vg_udp {
    vg_loop *l;
    vg_watch w;
    vg_udp_fn fn;
    void *ctx;
    struct mmsghdr m[BATCH];
    struct iovec io[BATCH];
    vg_addr from[BATCH];
    char data[BATCH][VG_UDP_BYTES];
};

static void on_datagrams(void *ctx, uint32_t events)
{
    vg_udp *u = ctx;
    (void)events;
    for (int i = 0; i < BATCH; i++) {
        u->m[i].msg_hdr.msg_namelen = sizeof u->from[i].u;
    }
    const int n = recvmmsg(u->w.fd, u->m, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < n; i++) {
        if (!(u->m[i].msg_hdr.msg_flags & MSG_TRUNC)) {
            u->from[i].len = u->m[i].msg_hdr.msg_namelen;
            u->fn(u->ctx, &u->from[i], (vg_str){u->data[i], u->m[i].msg_len});
        }
    }
}

static vg_status bind_socket(vg_udp *u, const vg_addr *at, vg_err *err)
{
    const int off = 0, buffer = RECEIVE_BUFFER;
    u->w.fd = socket(at->u.sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (u->w.fd >= 0) {
        setsockopt(u->w.fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
        if (at->u.sa.sa_family == AF_INET6) {
            setsockopt(u->w.fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
        }
    }
    if (u->w.fd < 0 || bind(u->w.fd, &at->u.sa, at->len) < 0) {
        const int why = errno;
        char text[VG_ADDR_TEXT];
        vg_addr_text(at, text);
        return vg_fail(err, VG_EIO, "address", "ingest.err.listen", "udp %s: %s", text,
                       strerrordesc_np(why));
    }
    return vg_loop_watch(u->l, &u->w, EPOLLIN, err);
}

vg_status vg_udp_open(vg_loop *l, const vg_addr *at, vg_udp_fn fn, void *ctx, vg_udp **ret,
                      vg_err *err)
{
    vg_udp *u = vg_alloc(sizeof *u);
    u->l = l;
    u->w = (vg_watch){-1, on_datagrams, u};
    u->fn = fn;
    u->ctx = ctx;
    for (int i = 0; i < BATCH; i++) {
        u->io[i] = (struct iovec){u->data[i], VG_UDP_BYTES};
        u->m[i].msg_hdr.msg_iov = &u->io[i];
        u->m[i].msg_hdr.msg_iovlen = 1;
        u->m[i].msg_hdr.msg_name = &u->from[i].u;
    }
    const vg_status st = bind_socket(u, at, err);
    if (st != VG_OK) {
        vg_udp_destroy(u);
        return st;
    }
    *ret = u;
    return VG_OK;
}

void vg_udp_destroy(vg_udp *u)
{
    if (!u) {
        return;
    }
    if (u->w.fd >= 0) {
        vg_loop_unwatch(u->l, &u->w);
        close(u->w.fd);
    }
    free(u);
}

void vg_udp_quiet(vg_udp *u)
{
    vg_loop_rewatch(u->l, &u->w, 0);
}

vg_addr vg_udp_local(const vg_udp *u)
{
    vg_addr a = {.len = sizeof a.u};
    getsockname(u->w.fd, &a.u.sa, &a.len);
    return a;
}

bool vg_udp_send(vg_udp *u, const vg_addr *peer, vg_str bytes)
{
    const ssize_t n =
        sendto(u->w.fd, bytes.p, bytes.n, MSG_DONTWAIT | MSG_NOSIGNAL, &peer->u.sa, peer->len);
    return n == (ssize_t)bytes.n;
}
