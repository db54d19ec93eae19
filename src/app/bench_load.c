// SPDX-License-Identifier: Apache-2.0
// Load: panels that send the next report when the last one was acknowledged. Over TCP through the real
// driver (encrypted DC-09 frames, one client thread for all panels, so that the client costs little), or
// straight into the scribe. Every frame differs, or the driver would rightly take it for a repetition.
#include "app/bench.h"

#include "ingest/dc09/encode.h"
#include "ingest/driver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

// --- TCP ------------------------------------------------------------------------------------------
typedef struct panel {
    int fd;
    unsigned seq;
    char account[12];
    int64_t sent_us;  // 0: nothing on its way
    char in[512];
    size_t n;
} panel;

typedef struct fleet {
    bench_load *l;
    vg_dc09_crypt *crypt;
    panel *v;
    int ep;
    int64_t started_us, sent;
    size_t next;  // panel whose turn it is, when paced
} fleet;

static bool submit(void *ctx, vg_signals *batch)
{
    return vg_scribe_signals(ctx, batch);
}

static vg_status dial(fleet *f, size_t i, uint16_t port, vg_err *err)
{
    panel *p = &f->v[i];
    const struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1;
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(p->account, sizeof p->account, "%zu", 1000 + f->l->first + i);
    struct epoll_event ev = {.events = EPOLLIN, .data.u64 = i};
    if (p->fd < 0 || connect(p->fd, (const struct sockaddr *)&a, sizeof a) != 0 ||
        setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        epoll_ctl(f->ep, EPOLL_CTL_ADD, p->fd, &ev) != 0) {
        return vg_fail(err, VG_EIO, "", NULL, "panel %zu: %s", i, strerror(errno));
    }
    return VG_OK;
}

static vg_status send_one(fleet *f, panel *p, vg_err *err)
{
    char data[64], frame[1024];
    snprintf(data, sizeof data, "#%s|Nri1/%s%02u^%lld^", p->account, f->l->code, p->seq % 90 + 1,
             (long long)f->sent);
    p->seq = p->seq % 9999 + 1;
    const vg_dc09_message m = {.id = "SIA-DCS",
                               .seq = p->seq,
                               .path = "L0",
                               .account = p->account,
                               .data = vg_str_c(data),
                               .time_us = vg_now_us(),
                               .key = BENCH_KEY,
                               .key_len = BENCH_KEY_BYTES,
                               .pad_seed = (uint64_t)f->sent};
    const size_t n = vg_dc09_encode(f->crypt, &m, frame, sizeof frame);
    p->sent_us = vg_mono_us();
    f->sent++;
    return n && send(p->fd, frame, n, MSG_NOSIGNAL) == (ssize_t)n
               ? VG_OK
               : vg_fail(err, VG_EIO, "", NULL, "send: %s", strerror(errno));
}

static vg_status on_bytes(fleet *f, panel *p, bool *ret_acked, vg_err *err)
{
    const ssize_t k = recv(p->fd, p->in + p->n, sizeof p->in - p->n, 0);
    if (k <= 0) {
        return vg_fail(err, VG_EIO, "", NULL, "panel %s: closed", p->account);
    }
    p->n += (size_t)k;
    const char *end = memchr(p->in, '\r', p->n);
    *ret_acked = false;
    if (!end) {
        return VG_OK;
    }
    if (!memmem(p->in, p->n, "ACK\"", 4)) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "panel %s: %.*s", p->account,
                       (int)(end - p->in), p->in);
    }
    p->n = 0;
    *ret_acked = true;
    f->l->done++;
    bench_add(&f->l->latency_us, vg_mono_us() - p->sent_us);
    p->sent_us = 0;
    return VG_OK;
}

static bool over(const fleet *f)
{
    return f->l->stop_after ? f->sent >= f->l->stop_after
                            : vg_mono_us() - f->started_us >= f->l->for_us;
}

static vg_status pace(fleet *f, vg_err *err)
{
    const int64_t due = (vg_mono_us() - f->started_us) * f->l->per_s / VG_SECOND_US;
    for (size_t tries = 0; f->sent < due && tries < f->l->producers; tries++) {
        panel *p = &f->v[f->next++ % f->l->producers];
        if (!p->sent_us) {
            VG_TRY(send_one(f, p, err));
        }
    }
    return VG_OK;
}

static vg_status turn(fleet *f, vg_err *err)
{
    struct epoll_event ev[128];
    const int n = epoll_wait(f->ep, ev, (int)VG_LEN(ev), f->l->per_s ? 1 : 1000);
    for (int i = 0; i < n; i++) {
        bool acked = false;
        panel *p = &f->v[ev[i].data.u64];
        VG_TRY(on_bytes(f, p, &acked, err));
        if (acked && !f->l->per_s && !over(f)) {
            VG_TRY(send_one(f, p, err));
        }
    }
    return f->l->per_s && !over(f) ? pace(f, err) : VG_OK;
}

static vg_status drive(fleet *f, uint16_t port, vg_err *err)
{
    for (size_t i = 0; i < f->l->producers; i++) {
        f->v[i].fd = -1;
    }
    for (size_t i = 0; i < f->l->producers; i++) {
        VG_TRY(dial(f, i, port, err));
    }
    f->started_us = vg_mono_us();
    for (size_t i = 0; !f->l->per_s && i < f->l->producers; i++) {
        VG_TRY(send_one(f, &f->v[i], err));
    }
    while (!over(f) || f->l->done < f->sent) {
        VG_TRY(turn(f, err));
        if (vg_mono_us() - f->started_us > f->l->for_us + 20 * VG_SECOND_US) {
            return vg_fail(err, VG_EINTERNAL, "", NULL, "%lld of %lld unanswered",
                           (long long)(f->sent - f->l->done), (long long)f->sent);
        }
    }
    f->l->took_us = vg_mono_us() - f->started_us;
    return VG_OK;
}

vg_status bench_tcp(bench_node *n, bench_load *l, vg_err *err)
{
    const vg_driver_options o = {.proto = &vg_ingest_dc09,
                                 .tcp = "127.0.0.1:0",
                                 .sources = vg_core_register(n->core),
                                 .submit = submit,
                                 .submit_ctx = vg_core_scribe(n->core),
                                 .per_peer = 1000,
                                 .peer_rate = 10000000,
                                 .source_rate = 1000000};
    vg_driver *d;
    VG_TRY(vg_driver_start(&o, &d, err));
    fleet f = {.l = l, .crypt = vg_dc09_crypt_create(), .ep = epoll_create1(EPOLL_CLOEXEC)};
    f.v = vg_alloc(l->producers * sizeof *f.v);
    const vg_status s = drive(&f, vg_driver_port(d, VG_INGEST_TCP), err);
    for (size_t i = 0; i < l->producers; i++) {
        if (f.v[i].fd >= 0) {
            close(f.v[i].fd);
        }
    }
    close(f.ep);
    free(f.v);
    vg_dc09_crypt_destroy(f.crypt);
    vg_driver_stop(d);
    return s;
}

// --- straight into the scribe ---------------------------------------------------------------------
typedef struct direct {
    bench_load *l;
    vg_scribe *scribe;
    pthread_mutex_t lock;
    pthread_cond_t cond;
    int64_t started_us, sent, back;
    vg_status st;
} direct;

typedef struct producer {
    direct *d;
    vg_signal signal;
    vg_signals batch;
    int64_t sent_us;
} producer;

static void next(producer *p)
{
    direct *d = p->d;
    p->sent_us = vg_mono_us();
    p->signal.received_us = p->signal.captured_us = vg_now_us();
    p->signal.source_seq = ++d->sent % 10000;
    if (!vg_scribe_signals(d->scribe, &p->batch)) {
        d->st = VG_EBUSY;
        d->back++;
    }
}

static void on_done(void *ctx, vg_status st)
{
    producer *p = ctx;
    direct *d = p->d;
    pthread_mutex_lock(&d->lock);
    d->back++;
    d->l->done++;
    bench_add(&d->l->latency_us, vg_mono_us() - p->sent_us);
    d->st = st != VG_OK ? st : d->st;
    const bool over = d->l->stop_after ? d->sent >= d->l->stop_after
                                       : vg_mono_us() - d->started_us >= d->l->for_us;
    if (!over && d->st == VG_OK) {
        next(p);
    }
    pthread_cond_signal(&d->cond);
    pthread_mutex_unlock(&d->lock);
}

static void prepare(producer *p, direct *d, const vg_register_snap *snap, size_t i)
{
    char address[40];
    snprintf(address, sizeof address, "%zu", 1000 + i);
    const vg_source *s = vg_register_find(snap, "dc09", address);
    p->d = d;
    p->signal = (vg_signal){.source = s ? s->index : VG_SOURCE_NONE,
                            .verb = VG_SIG_OTHER,
                            .flags = VG_SIG_AUTHENTICATED,
                            .proto = "dc09",
                            .peer = "127.0.0.1",
                            .kind = "door_opened",
                            .code = "DO",
                            .area = "1",
                            .point = "5",
                            .text = "bench"};
    memcpy(p->signal.address, address, sizeof address);
    p->batch = (vg_signals){.v = &p->signal, .n = 1, .done = on_done, .ctx = p};
}

vg_status bench_direct(bench_node *n, bench_load *l, vg_err *err)
{
    direct d = {.l = l,
                .scribe = vg_core_scribe(n->core),
                .lock = PTHREAD_MUTEX_INITIALIZER,
                .cond = PTHREAD_COND_INITIALIZER,
                .started_us = vg_mono_us()};
    producer *v = vg_alloc(l->producers * sizeof *v);
    const vg_register_snap *snap = vg_register_acquire(vg_core_register(n->core));
    for (size_t i = 0; i < l->producers; i++) {
        prepare(&v[i], &d, snap, i % n->n_sources);
    }
    vg_register_release(vg_core_register(n->core), snap);
    pthread_mutex_lock(&d.lock);
    for (size_t i = 0; i < l->producers; i++) {
        next(&v[i]);
    }
    while (d.back < d.sent) {
        pthread_cond_wait(&d.cond, &d.lock);
    }
    pthread_mutex_unlock(&d.lock);
    l->took_us = vg_mono_us() - d.started_us;
    free(v);
    return d.st == VG_OK ? VG_OK : vg_fail(err, d.st, "", NULL, "%s", "signals refused");
}
