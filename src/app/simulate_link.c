// SPDX-License-Identifier: Apache-2.0
// One device's line. A message is put into a frame once and sent up to five times, as panels do: the same bytes,
// so that the receiver can know a repetition, until they are too old for its clock or it says NAK; then a new
// frame is made. What was not answered after that is given up and counted, never silently. Lines to a node that
// is not there rest a little longer each time, so that starting in the wrong order is harmless.
#include "app/simulate.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    TRIES = 5,
    WAIT_S = 4,
    REST_S = 1,
    OLD_S = 15,
    GAP_MS = 60
};  // a receiver takes 20 a second of one source

bool sim_addr_is_loopback(const vg_addr *a)
{
    return a->u.sa.sa_family == AF_INET    ? ntohl(a->u.v4.sin_addr.s_addr) >> 24 == 127
           : a->u.sa.sa_family == AF_INET6 ? IN6_IS_ADDR_LOOPBACK(&a->u.v6.sin6_addr)
                                           : false;
}

static void hang_up(sim_device *d)
{
    if (d->fd >= 0) {
        close(d->fd);
    }
    d->fd = -1;
    d->in_n = 0;
}

// --- the queue ------------------------------------------------------------------------------------
static const sim_say *current(const sim_device *d)
{
    return &d->queue[d->head];
}

void sim_queue(sim_device *d, const sim_say *s, int64_t now_us)
{
    if (s->act == SIM_silent) {
        d->silent_us = now_us + s->for_s * VG_SECOND_US;
        d->n_queue = 0;
        d->out_n = 0;
        hang_up(d);
        d->state = SIM_IDLE;
        return;
    }
    if (now_us < d->silent_us) {
        return;
    }
    if (d->n_queue == SIM_QUEUE) {
        d->overflow++;
        return;
    }
    d->queue[(d->head + d->n_queue++) % SIM_QUEUE] = *s;
}

static void take_off(sim_device *d)
{
    d->head = (d->head + 1) % SIM_QUEUE;
    d->n_queue--;
    d->out_n = 0;
    d->tries = 0;
}

static void rest(sim_device *d, int64_t us, int64_t now_us)
{
    d->state = SIM_RESTING;
    d->until_us = now_us + us;
}

static void finish(sim_net *net, sim_device *d, sim_answer a, int64_t now_us)
{
    const sim_say said = *current(d);
    take_off(d);
    rest(d, GAP_MS * VG_MS_US, now_us);
    if (!d->keep || d->transport == SIM_HTTP) {
        hang_up(d);
    }
    net->count.polls += said.act == SIM_poll && a == SIM_ACK;
    net->count.told += said.act != SIM_poll && a == SIM_ACK;
    net->told(net->ctx, d, &said, a, now_us - d->sent_us);
}

static void again(sim_net *net, sim_device *d, int64_t now_us)
{
    hang_up(d);
    if (++d->tries >= TRIES) {
        net->count.lost++;
        finish(net, d, SIM_MORE, now_us);
        return;
    }
    rest(d, REST_S * VG_SECOND_US * (int64_t)d->tries, now_us);
}

// --- sending --------------------------------------------------------------------------------------
static bool dial(sim_net *net, sim_device *d, int64_t now_us)
{
    const vg_addr *to = d->speech == SIM_DC09   ? &net->dc09
                        : d->speech == SIM_HOOK ? &net->http
                                                : &net->device;
    const int type = d->transport == SIM_UDP ? SOCK_DGRAM : SOCK_STREAM;
    d->fd = socket(to->u.sa.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (d->fd < 0 || (connect(d->fd, &to->u.sa, to->len) != 0 && errno != EINPROGRESS)) {
        net->count.refused++;
        again(net, d, now_us);
        return false;
    }
    d->state = SIM_CONNECTING;
    d->until_us = now_us + WAIT_S * VG_SECOND_US;
    return true;
}

static void push(sim_net *net, sim_device *d, int64_t now_us)
{
    while (d->out_at < d->out_n) {
        const ssize_t n = send(d->fd, d->out + d->out_at, d->out_n - d->out_at, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
        if (n < 0) {
            net->count.refused++;
            again(net, d, now_us);
            return;
        }
        d->out_at += (size_t)n;
    }
    d->state = SIM_WAITING;
}

static void send_frame(sim_net *net, sim_device *d, int64_t now_us)
{
    d->state = SIM_SENDING;
    d->sent_us = now_us;
    d->until_us = now_us + WAIT_S * VG_SECOND_US;
    d->out_at = 0;
    push(net, d, now_us);
}

static void begin(sim_net *net, sim_device *d, int64_t now_us)
{
    if (d->out_n == 0 || now_us - d->framed_us > OLD_S * VG_SECOND_US) {
        d->out_n = sim_frame(net->crypt, d, current(d), vg_now_us(), d->out, sizeof d->out);
        d->framed_us = now_us;
    }
    if (d->out_n == 0) {
        net->count.lost++;
        finish(net, d, SIM_STRANGE, now_us);
        return;
    }
    if (d->fd >= 0 || dial(net, d, now_us)) {
        if (d->state != SIM_CONNECTING || d->transport == SIM_UDP) {
            send_frame(net, d, now_us);
        }
    }
}

// --- the outside ----------------------------------------------------------------------------------
static void poll_due(sim_device *d, int64_t now_us)
{
    if (d->poll_s && now_us >= d->poll_us && now_us >= d->silent_us) {
        d->poll_us = now_us + d->poll_s * VG_SECOND_US;
        const sim_say s = {.act = SIM_poll, .point = SIM_NO_POINT};
        sim_queue(d, &s, now_us);
    }
}

int64_t sim_line_step(sim_net *net, sim_device *d, int64_t now_us)
{
    poll_due(d, now_us);
    if (d->state != SIM_IDLE && now_us >= d->until_us) {
        if (d->state == SIM_RESTING) {
            d->state = SIM_IDLE;
        } else {
            net->count.timeouts++;
            again(net, d, now_us);
        }
    }
    if (d->state == SIM_IDLE && d->n_queue) {
        begin(net, d, now_us);
    }
    if (d->state == SIM_IDLE && d->n_queue) {
        return now_us;
    }
    const int64_t wake =
        d->poll_s ? (d->poll_us > d->silent_us ? d->poll_us : d->silent_us) : INT64_MAX;
    return d->state != SIM_IDLE && d->until_us < wake ? d->until_us : wake;
}

short sim_line_events(const sim_device *d)
{
    return d->fd < 0 ? 0 : d->state == SIM_CONNECTING || d->state == SIM_SENDING ? POLLOUT : POLLIN;
}

static void judge(sim_net *net, sim_device *d, sim_answer a, int64_t now_us)
{
    switch (a) {
    case SIM_ACK:
        net->count.acks++;
        finish(net, d, a, now_us);
        break;
    case SIM_NAK:  // a new frame with the right time
        net->count.naks++;
        d->out_n = 0;
        again(net, d, now_us);
        break;
    case SIM_DUH:
        net->count.duhs++;
        finish(net, d, a, now_us);
        break;
    case SIM_STRANGE:
        net->count.strange++;
        again(net, d, now_us);
        break;
    case SIM_MORE:
        break;
    }
}

static void receive(sim_net *net, sim_device *d, int64_t now_us)
{
    const ssize_t n = recv(d->fd, d->in + d->in_n, sizeof d->in - d->in_n, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (n > 0) {
        d->in_n += (size_t)n;
    }
    if (d->state == SIM_WAITING && n > 0) {
        judge(net, d, sim_read_answer(net->crypt, d), now_us);
    } else if (d->state != SIM_WAITING) {
        d->in_n = 0;  // an answer to what was given up
    }
    if (n <= 0 && d->fd >= 0) {  // the node hung up; with a message under way it is sent again
        hang_up(d);
        if (d->state == SIM_WAITING) {
            net->count.refused++;
            again(net, d, now_us);
        }
    }
}

static bool connected(const sim_device *d)
{
    int e = 0;
    socklen_t len = sizeof e;
    return getsockopt(d->fd, SOL_SOCKET, SO_ERROR, &e, &len) == 0 && e == 0;
}

void sim_line_ready(sim_net *net, sim_device *d, short events, int64_t now_us)
{
    if (d->state == SIM_CONNECTING) {
        if (connected(d) && !(events & POLLERR)) {
            send_frame(net, d, now_us);
        } else {
            net->count.refused++;
            again(net, d, now_us);
        }
    } else if (d->state == SIM_SENDING) {
        push(net, d, now_us);
    } else {
        receive(net, d, now_us);
    }
}
