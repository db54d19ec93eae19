// SPDX-License-Identifier: Apache-2.0
// One epoll loop on one thread: descriptors, a few timers, and tasks posted by other threads. All
// functions run on the loop's thread (or before it starts) except vg_loop_post and vg_loop_stop.
// Watches, timers and tasks are the caller's memory: the loop allocates nothing while it runs.
#pragma once

#include "base/err.h"

typedef struct vg_loop vg_loop;

typedef struct vg_watch {
    int fd;
    void (*fn)(void *ctx, uint32_t events);  // EPOLLIN, EPOLLOUT, ... as epoll names them
    void *ctx;
} vg_watch;

typedef struct vg_timer {
    void (*fn)(void *ctx);
    void *ctx;
    int64_t due_us;  // vg_mono_us
    struct vg_timer *next;
    bool set;
} vg_timer;

typedef struct vg_task {
    void (*fn)(void *ctx);
    void *ctx;
    struct vg_task *next;  // the loop's, until fn runs
} vg_task;

vg_status vg_loop_create(vg_loop **ret, vg_err *err) VG_USE_RESULT;
void vg_loop_destroy(vg_loop *l);  // stops it first; NULL is fine
vg_status vg_loop_start(vg_loop *l, const char *thread_name, vg_err *err) VG_USE_RESULT;
// Any thread but the loop's: ends the thread after the turn it is in and joins it. Tasks already
// posted have run.
void vg_loop_stop(vg_loop *l);
// Any thread, never fails, never blocks: fn runs once on the loop's thread, in the order of posting. The
// task must stay until then and must not be posted twice at once.
void vg_loop_post(vg_loop *l, vg_task *t);
// Runs fn on the loop's thread and waits for it; on the loop's thread, or without one, at once.
void vg_loop_call(vg_loop *l, void (*fn)(void *ctx), void *ctx);

vg_status vg_loop_watch(vg_loop *l, vg_watch *w, uint32_t events, vg_err *err) VG_USE_RESULT;
void vg_loop_rewatch(vg_loop *l, vg_watch *w, uint32_t events);
void vg_loop_unwatch(vg_loop *l, vg_watch *w);                     // w may be freed at once
void vg_loop_timer(vg_loop *l, vg_timer *t, int64_t due_mono_us);  // sets or moves it
void vg_loop_untimer(vg_loop *l, vg_timer *t);
// fn runs at the end of each turn in which anything happened: the place to hand over what was gathered.
void vg_loop_each_turn(vg_loop *l, void (*fn)(void *ctx), void *ctx);
