// SPDX-License-Identifier: Apache-2.0
// Connections live in slots; an id is (generation, slot). Reading is level-triggered, one read a turn
// and connection, so that no peer starves the others. A connection is freed only by drop(), and never
// while its own data callback runs: closing there only marks it.
// TLS will sit between read_some/flush and the descriptor; nothing else here would change.
#include "net/tcp.h"

#include "base/clock.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ACCEPTS_PER_TURN = 64, BACKLOG = 128, SLOT_BITS = 16 };

typedef struct conn {
    vg_watch w;
    vg_tcp *t;
    vg_addr peer;
    uint64_t id, peer_key;
    int64_t heard_us;    // last byte
    int64_t partial_us;  // since when bytes wait for their rest; 0 = none wait
    unsigned holds;
    bool eof, closing, busy;  // busy: its data callback is running
    uint32_t events;
    size_t in_n, out_n;
    char *in, *out;
} conn;

struct vg_tcp {
    vg_loop *l;
    vg_watch w;
    vg_tcp_options o;
    vg_timer sweep;
    conn **slots;
    unsigned open;
    uint64_t generation;
    bool quiet;
};

static void watch_conn(conn *c)
{
    const uint32_t want =
        (c->eof || c->t->quiet ? 0U : (uint32_t)EPOLLIN) | (c->out_n ? (uint32_t)EPOLLOUT : 0U);
    if (want != c->events) {
        c->events = want;
        vg_loop_rewatch(c->t->l, &c->w, want);
    }
}

static void drop(conn *c, vg_tcp_why why)
{
    vg_tcp *t = c->t;
    if (c->busy) {
        c->closing = true;
        return;
    }
    vg_loop_unwatch(t->l, &c->w);
    close(c->w.fd);
    t->slots[c->id & ((1U << SLOT_BITS) - 1)] = NULL;
    t->open--;
    if (t->o.closed) {
        t->o.closed(t->o.ctx, c->id, &c->peer, why);
    }
    free(c->in);
    free(c->out);
    free(c);
}

static conn *find(const vg_tcp *t, uint64_t id)
{
    const size_t slot = id & ((1U << SLOT_BITS) - 1);
    conn *c = slot < t->o.connections ? t->slots[slot] : NULL;
    return c && c->id == id && !c->closing ? c : NULL;
}

// False: the connection is gone.
static bool flush(conn *c)
{
    if (c->out_n == 0) {
        return true;
    }
    const ssize_t n = send(c->w.fd, c->out, c->out_n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        drop(c, VG_TCP_BY_PEER);
        return false;
    }
    if (n > 0) {
        c->out_n -= (size_t)n;
        memmove(c->out, c->out + n, c->out_n);
    }
    return true;
}

// After anything that may have finished a connection whose peer stopped sending.
static void settle(conn *c)
{
    if (c->closing || (c->eof && c->holds == 0 && c->out_n == 0)) {
        drop(c, c->closing ? VG_TCP_BY_US : VG_TCP_BY_PEER);
        return;
    }
    watch_conn(c);
}

static void feed(conn *c)
{
    c->busy = true;
    const size_t took = c->t->o.data(c->t->o.ctx, c->id, &c->peer, (vg_str){c->in, c->in_n});
    c->busy = false;
    if (took == VG_TCP_CLOSE) {
        c->closing = true;
        return;
    }
    c->in_n -= took;
    memmove(c->in, c->in + took, c->in_n);
    if (took > 0 || c->partial_us == 0) {
        c->partial_us = c->in_n ? c->heard_us : 0;
    }
}

// False: the connection is gone.
static bool read_some(conn *c)
{
    const size_t room = c->t->o.in_bytes - c->in_n;
    if (room == 0) {
        drop(c, VG_TCP_STUCK);
        return false;
    }
    const ssize_t n = recv(c->w.fd, c->in + c->in_n, room, MSG_DONTWAIT);
    if (n < 0) {
        if (errno == EAGAIN || errno == EINTR) {
            return true;
        }
        drop(c, VG_TCP_BY_PEER);
        return false;
    }
    c->eof = n == 0;
    if (n > 0) {
        c->in_n += (size_t)n;
        c->heard_us = vg_mono_us();
        feed(c);
    }
    return true;
}

static void on_conn(void *ctx, uint32_t events)
{
    conn *c = ctx;
    if (events & EPOLLERR) {
        drop(c, VG_TCP_BY_PEER);
        return;
    }
    if ((events & (EPOLLIN | EPOLLHUP)) && !c->eof && !c->t->quiet && !read_some(c)) {
        return;
    }
    if ((events & EPOLLHUP) &&
        (c->eof || c->t->quiet)) {  // both ways closed: nobody is left to answer
        drop(c, VG_TCP_BY_PEER);
        return;
    }
    if (flush(c)) {
        settle(c);
    }
}

static unsigned count_peer(const vg_tcp *t, uint64_t key)
{
    unsigned n = 0;
    for (unsigned i = 0; i < t->o.connections; i++) {
        n += t->slots[i] && t->slots[i]->peer_key == key;
    }
    return n;
}

static bool admitted(const vg_tcp *t, const vg_addr *peer)
{
    return t->open < t->o.connections && count_peer(t, vg_addr_key(peer)) < t->o.per_peer &&
           (!t->o.admit || t->o.admit(t->o.ctx, peer));
}

static void open_conn(vg_tcp *t, int fd, const vg_addr *peer)
{
    unsigned slot = 0;
    while (t->slots[slot]) {
        slot++;
    }
    conn *c = vg_alloc(sizeof *c);
    *c = (conn){.w = {fd, on_conn, c},
                .t = t,
                .peer = *peer,
                .peer_key = vg_addr_key(peer),
                .id = ++t->generation << SLOT_BITS | slot,
                .heard_us = vg_mono_us(),
                .events = EPOLLIN,
                .in = vg_alloc(t->o.in_bytes),
                .out = vg_alloc(t->o.out_bytes)};
    t->slots[slot] = c;
    t->open++;
    const int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (vg_loop_watch(t->l, &c->w, c->events, NULL) != VG_OK) {
        drop(c, VG_TCP_BY_US);
    }
}

static void on_accept(void *ctx, uint32_t events)
{
    vg_tcp *t = ctx;
    (void)events;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        vg_addr peer = {.len = sizeof peer.u};
        const int fd = accept4(t->w.fd, &peer.u.sa, &peer.len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) {
                vg_loop_rewatch(t->l, &t->w, 0);  // the sweep tries again
            }
            return;
        }
        if (admitted(t, &peer)) {
            open_conn(t, fd, &peer);
        } else {
            close(fd);
        }
    }
}

static void on_sweep(void *ctx)
{
    vg_tcp *t = ctx;
    const int64_t now = vg_mono_us();
    for (unsigned i = 0; i < t->o.connections; i++) {
        conn *c = t->slots[i];
        if (!c) {
            continue;
        }
        const bool stuck = (c->partial_us && now - c->partial_us > t->o.partial_s * VG_SECOND_US) ||
                           (c->eof && now - c->heard_us > t->o.partial_s * VG_SECOND_US);
        if (stuck) {
            drop(c, VG_TCP_STUCK);
        } else if (now - c->heard_us > t->o.idle_s * VG_SECOND_US) {
            drop(c, VG_TCP_IDLE);
        }
    }
    if (!t->quiet) {
        vg_loop_rewatch(t->l, &t->w, EPOLLIN);
    }
    vg_loop_timer(t->l, &t->sweep, now + VG_SECOND_US);
}

static vg_status bind_listener(vg_tcp *t, const vg_addr *at, vg_err *err)
{
    const int one = 1, off = 0;
    t->w.fd = socket(at->u.sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (t->w.fd >= 0) {
        setsockopt(t->w.fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        if (at->u.sa.sa_family == AF_INET6) {
            setsockopt(t->w.fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
        }
    }
    if (t->w.fd < 0 || bind(t->w.fd, &at->u.sa, at->len) < 0 || listen(t->w.fd, BACKLOG) < 0) {
        const int why = errno;
        char text[VG_ADDR_TEXT];
        vg_addr_text(at, text);
        return vg_fail(err, VG_EIO, "address", "ingest.err.listen", "tcp %s: %s", text,
                       strerrordesc_np(why));
    }
    return vg_loop_watch(t->l, &t->w, EPOLLIN, err);
}

vg_status vg_tcp_listen(vg_loop *l, const vg_addr *at, const vg_tcp_options *o, vg_tcp **ret,
                        vg_err *err)
{
    assert(o->connections > 0 && o->connections < 1U << SLOT_BITS);
    vg_tcp *t = vg_alloc(sizeof *t);
    *t = (vg_tcp){.l = l, .w = {-1, on_accept, t}, .o = *o, .sweep = {.fn = on_sweep, .ctx = t}};
    t->slots = vg_alloc(o->connections * sizeof(conn *));
    const vg_status st = bind_listener(t, at, err);
    if (st != VG_OK) {
        vg_tcp_destroy(t);
        return st;
    }
    vg_loop_timer(l, &t->sweep, vg_mono_us() + VG_SECOND_US);
    *ret = t;
    return VG_OK;
}

void vg_tcp_destroy(vg_tcp *t)
{
    if (!t) {
        return;
    }
    for (unsigned i = 0; i < t->o.connections; i++) {
        if (t->slots[i]) {
            drop(t->slots[i], VG_TCP_BY_US);
        }
    }
    vg_loop_untimer(t->l, &t->sweep);
    if (t->w.fd >= 0) {
        vg_loop_unwatch(t->l, &t->w);
        close(t->w.fd);
    }
    free(t->slots);
    free(t);
}

void vg_tcp_quiet(vg_tcp *t)
{
    t->quiet = true;
    vg_loop_rewatch(t->l, &t->w, 0);
    for (unsigned i = 0; i < t->o.connections; i++) {
        if (t->slots[i]) {
            watch_conn(t->slots[i]);
        }
    }
}

vg_addr vg_tcp_local(const vg_tcp *t)
{
    vg_addr a = {.len = sizeof a.u};
    getsockname(t->w.fd, &a.u.sa, &a.len);
    return a;
}

unsigned vg_tcp_open_count(const vg_tcp *t)
{
    return t->open;
}

void vg_tcp_hold(vg_tcp *t, uint64_t id)
{
    conn *c = find(t, id);
    if (c) {
        c->holds++;
    }
}

void vg_tcp_release(vg_tcp *t, uint64_t id)
{
    conn *c = find(t, id);
    if (c && c->holds > 0) {
        c->holds--;
        if (!c->busy) {
            settle(c);
        }
    }
}

bool vg_tcp_send(vg_tcp *t, uint64_t id, vg_str bytes)
{
    conn *c = find(t, id);
    if (!c) {
        return false;
    }
    if (bytes.n > t->o.out_bytes - c->out_n) {
        drop(c, VG_TCP_STUCK);
        return false;
    }
    memcpy(c->out + c->out_n, bytes.p, bytes.n);
    c->out_n += bytes.n;
    if (c->busy) {  // on_conn flushes when the callback returns
        return true;
    }
    if (!flush(c)) {
        return false;
    }
    watch_conn(c);
    return true;
}

void vg_tcp_close(vg_tcp *t, uint64_t id)
{
    conn *c = find(t, id);
    if (c) {
        drop(c, VG_TCP_BY_US);
    }
}
