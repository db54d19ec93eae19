// SPDX-License-Identifier: Apache-2.0
// A turn: wait, dispatch descriptors, run due timers, run posted tasks, call the end-of-turn hook.
// Invariants: a watch removed during a turn is also struck from the events still to be dispatched, so
// its memory may go at once; tasks form a lock-protected list that is taken whole, so a task may post
// again; timers are few (sweeps, batch windows), hence a sorted list.
// It does not know sockets: tcp.c and udp.c do.
#include "net/loop.h"

#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { EVENTS_PER_TURN = 128, LONGEST_WAIT_MS = 60000 };

struct vg_loop {
    int epoll, wake;
    pthread_t thread;
    bool started, stop;
    struct epoll_event ev[EVENTS_PER_TURN];
    int ev_n, ev_at;
    vg_timer *timers;
    void (*turn)(void *ctx);
    void *turn_ctx;
    pthread_mutex_t lock;  // guards the task list only
    vg_task *first, **last;
};

vg_status vg_loop_create(vg_loop **ret, vg_err *err)
{
    vg_loop *l = vg_alloc(sizeof *l);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    l->last = &l->first;
    pthread_mutex_init(&l->lock, NULL);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
    if (l->epoll < 0 || l->wake < 0 || epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->wake, &e) < 0) {
        const int why = errno;
        vg_loop_destroy(l);
        return vg_fail(err, VG_EIO, "", NULL, "epoll: %s", strerrordesc_np(why));
    }
    *ret = l;
    return VG_OK;
}

static void close_fd(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}

void vg_loop_destroy(vg_loop *l)
{
    if (!l) {
        return;
    }
    vg_loop_stop(l);
    close_fd(l->epoll);
    close_fd(l->wake);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

static int wait_ms(const vg_loop *l)
{
    if (!l->timers) {
        return LONGEST_WAIT_MS;
    }
    const int64_t left = (l->timers->due_us - vg_mono_us() + 999) / 1000;
    return left < 0 ? 0 : left > LONGEST_WAIT_MS ? LONGEST_WAIT_MS : (int)left;
}

static void dispatch(vg_loop *l)
{
    for (l->ev_at = 0; l->ev_at < l->ev_n; l->ev_at++) {
        const vg_watch *w = l->ev[l->ev_at].data.ptr;
        if (w) {
            w->fn(w->ctx, l->ev[l->ev_at].events);
        }
    }
    l->ev_n = 0;
}

static void run_timers(vg_loop *l)
{
    const int64_t now = vg_mono_us();
    while (l->timers && l->timers->due_us <= now) {
        vg_timer *t = l->timers;
        l->timers = t->next;
        t->set = false;
        t->fn(t->ctx);
    }
}

static void run_tasks(vg_loop *l)
{
    uint64_t count;
    const ssize_t n = read(l->wake, &count, sizeof count);
    (void)n;  // EAGAIN: nobody knocked
    pthread_mutex_lock(&l->lock);
    vg_task *t = l->first;
    l->first = NULL;
    l->last = &l->first;
    pthread_mutex_unlock(&l->lock);
    while (t) {
        vg_task *next = t->next;  // fn may free or post t
        t->fn(t->ctx);
        t = next;
    }
}

static void one_turn(vg_loop *l)
{
    const int n = epoll_wait(l->epoll, l->ev, EVENTS_PER_TURN, wait_ms(l));
    l->ev_n = n < 0 ? 0 : n;
    dispatch(l);
    run_timers(l);
    run_tasks(l);
    if (l->turn) {
        l->turn(l->turn_ctx);
    }
}

static void *loop_main(void *arg)
{
    vg_loop *l = arg;
    while (!l->stop) {
        one_turn(l);
    }
    return NULL;
}

vg_status vg_loop_start(vg_loop *l, const char *thread_name, vg_err *err)
{
    const int rc = pthread_create(&l->thread, NULL, loop_main, l);
    if (rc != 0) {
        return vg_fail(err, VG_EIO, "", NULL, "thread: %s", strerrordesc_np(rc));
    }
    pthread_setname_np(l->thread, thread_name);
    l->started = true;
    return VG_OK;
}

static void on_stop(void *ctx)
{
    vg_loop *l = ctx;
    l->stop = true;
}

void vg_loop_stop(vg_loop *l)
{
    if (!l->started) {
        return;
    }
    vg_task t = {.fn = on_stop, .ctx = l};
    vg_loop_post(l, &t);
    pthread_join(l->thread, NULL);
    l->started = false;
}

void vg_loop_post(vg_loop *l, vg_task *t)
{
    t->next = NULL;
    pthread_mutex_lock(&l->lock);
    const bool knock = l->first == NULL;
    *l->last = t;
    l->last = &t->next;
    if (knock) {  // under the lock: after a stop task was taken nobody touches the descriptor again
        const uint64_t one = 1;
        const ssize_t n = write(l->wake, &one, sizeof one);
        (void)n;  // EAGAIN: it is awake already
    }
    pthread_mutex_unlock(&l->lock);
}

typedef struct call {
    void (*fn)(void *ctx);
    void *ctx;
    pthread_mutex_t lock;
    pthread_cond_t done_cond;
    bool done;
} call;

static void run_call(void *ctx)
{
    call *c = ctx;
    c->fn(c->ctx);
    pthread_mutex_lock(&c->lock);
    c->done = true;
    pthread_cond_signal(&c->done_cond);
    pthread_mutex_unlock(&c->lock);
}

void vg_loop_call(vg_loop *l, void (*fn)(void *ctx), void *ctx)
{
    if (!l->started || pthread_equal(pthread_self(), l->thread)) {
        fn(ctx);
        return;
    }
    call c = {.fn = fn, .ctx = ctx};
    pthread_mutex_init(&c.lock, NULL);
    pthread_cond_init(&c.done_cond, NULL);
    vg_task t = {.fn = run_call, .ctx = &c};
    vg_loop_post(l, &t);
    pthread_mutex_lock(&c.lock);
    while (!c.done) {
        pthread_cond_wait(&c.done_cond, &c.lock);
    }
    pthread_mutex_unlock(&c.lock);
    pthread_cond_destroy(&c.done_cond);
    pthread_mutex_destroy(&c.lock);
}

vg_status vg_loop_watch(vg_loop *l, vg_watch *w, uint32_t events, vg_err *err)
{
    struct epoll_event e = {.events = events, .data.ptr = w};
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, w->fd, &e) < 0) {
        return vg_fail(err, VG_EIO, "", NULL, "epoll: %s", strerrordesc_np(errno));
    }
    return VG_OK;
}

void vg_loop_rewatch(vg_loop *l, vg_watch *w, uint32_t events)
{
    struct epoll_event e = {.events = events, .data.ptr = w};
    epoll_ctl(l->epoll, EPOLL_CTL_MOD, w->fd, &e);
}

void vg_loop_unwatch(vg_loop *l, vg_watch *w)
{
    epoll_ctl(l->epoll, EPOLL_CTL_DEL, w->fd, NULL);
    for (int i = l->ev_at; i < l->ev_n; i++) {
        if (l->ev[i].data.ptr == w) {
            l->ev[i].data.ptr = NULL;
        }
    }
}

void vg_loop_timer(vg_loop *l, vg_timer *t, int64_t due_mono_us)
{
    vg_loop_untimer(l, t);
    vg_timer **at = &l->timers;
    while (*at && (*at)->due_us <= due_mono_us) {
        at = &(*at)->next;
    }
    t->due_us = due_mono_us;
    t->next = *at;
    t->set = true;
    *at = t;
}

void vg_loop_untimer(vg_loop *l, vg_timer *t)
{
    for (vg_timer **at = &l->timers; t->set && *at; at = &(*at)->next) {
        if (*at == t) {
            *at = t->next;
            t->set = false;
            return;
        }
    }
}

void vg_loop_each_turn(vg_loop *l, void (*fn)(void *ctx), void *ctx)
{
    l->turn = fn;
    l->turn_ctx = ctx;
}
