// SPDX-License-Identifier: Apache-2.0
// The supervisor compares the links with its workers whenever a link changed; a worker belongs to one link
// as it was then and ends when that is no longer so. Workers look at the clock ten times a second and at
// the outbox only when something was put into it or a retry is due: an idle link costs no SQL.
#include "notify/sender.h"

#include "base/clock.h"
#include "base/log.h"

#include <pthread.h>
#include <sodium.h>
#include <time.h>

enum { WORKERS_MAX = 64, TICK_MS = 100 };

static void tick(void)
{
    nanosleep(&(struct timespec){.tv_nsec = TICK_MS * 1000000L}, NULL);
}

typedef struct worker {
    vg_core *core;
    const vg_sender_kind *kind;
    char link[VG_ID_TEXT];
    int64_t version;      // of the link's settings
    const char *problem;  // last reported
    bool reported;
    void *state;
    pthread_t thread;
    _Atomic bool stop;
} worker;

struct vg_senders {
    vg_core *core;
    const vg_sender_kind *const *kinds;
    pthread_t thread;
    _Atomic bool stop;
    worker *v[WORKERS_MAX];
    size_t n;
};

// --- one link -----------------------------------------------------------------------------------
// The line is down when the host could not be dealt with, not when it refused one message.
static const char *line_problem(const vg_parcel_result *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!v[i].problem || v[i].for_good) {
            return NULL;
        }
    }
    return v[0].problem;
}

static void report(worker *w, const char *problem)
{
    if (!w->reported || w->problem != problem) {
        vg_link_report(w->core, w->link, problem);
        w->problem = problem;
        w->reported = true;
    }
}

static bool deliver(worker *w, vg_arena *a, int64_t *ret_next_us)
{
    vg_parcel *v = NULL;
    vg_parcel_result results[VG_PARCEL_TAKE_MAX] = {0};
    vg_err err = {0};
    size_t n = 0;
    vg_status s = vg_outbox_take(w->core, w->link, a, &v, &n, ret_next_us, &err);
    if (s == VG_OK && n > 0) {
        w->kind->send(w->state, a, v, n, results);
        for (size_t i = 0; i < n; i++) {
            results[i].number = v[i].number;
        }
        s = vg_outbox_settle(w->core, results, n, &err);
        report(w, line_problem(results, n));
    }
    if (s != VG_OK) {
        vg_log(VG_WARN, "sender.failed", "link=%s status=%s detail=%s", w->link, vg_status_name(s),
               err.detail);
        *ret_next_us = vg_now_us() + 5 * VG_SECOND_US;
        return false;
    }
    return n > 0;
}

static void *serve_link(void *arg)
{
    worker *w = arg;
    vg_arena *a = vg_arena_create((size_t)8 << 20);
    uint64_t seen = 0;
    int64_t next_us = 0, busy_us = vg_now_us();
    while (!w->stop) {
        const uint64_t now = vg_outbox_generation(w->core);
        vg_arena_reset(a);
        if (now != seen || vg_now_us() >= next_us) {
            seen = now;
            if (deliver(w, a, &next_us)) {
                busy_us = vg_now_us();
                next_us = 0;  // perhaps more
                continue;
            }
        }
        if (w->kind->idle && vg_now_us() - busy_us >= w->kind->idle_ms * VG_MS_US) {
            report(w, w->kind->idle(w->state, a));
            busy_us = vg_now_us();
        }
        tick();
    }
    vg_arena_destroy(a);
    return NULL;
}

// --- all links ----------------------------------------------------------------------------------
static void end_worker(worker *w)
{
    w->stop = true;
    pthread_join(w->thread, NULL);
    w->kind->close(w->state);
    free(w);
}

static void begin_worker(vg_senders *s, const vg_sender_kind *kind, const vg_link *l, vg_arena *a)
{
    vg_str secret = {"", 0};
    vg_err err = {0};
    const char *problem = "link.options";
    const vg_status st = vg_link_secret(s->core, a, l->id, &secret, &err);
    if (st != VG_OK && st != VG_ENOTFOUND) {
        vg_log(VG_ERROR, "sender.secret", "link=%s status=%s", l->id, vg_status_name(st));
    }
    void *state = kind->open(s->core, l, secret, &problem);
    if (secret.n) {
        sodium_memzero((char *)(uintptr_t)secret.p, secret.n);
    }
    if (!state) {
        vg_link_report(s->core, l->id, problem);
        return;
    }
    worker *w = vg_alloc(sizeof *w);
    *w = (worker){.core = s->core, .kind = kind, .version = l->version, .state = state};
    memcpy(w->link, l->id, sizeof w->link);
    if (pthread_create(&w->thread, NULL, serve_link, w) != 0) {
        vg_log(VG_ERROR, "sender.thread", "link=%s", l->id);
        kind->close(state);
        free(w);
        return;
    }
    s->v[s->n++] = w;
}

static bool served(const vg_senders *s, const vg_link *l)
{
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->v[i]->link, l->id) == 0) {
            return true;
        }
    }
    return false;
}

static bool as_it_was(const worker *w, const vg_link *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(w->link, v[i].id) == 0) {
            return w->version == v[i].version;
        }
    }
    return false;
}

// All are told before any is waited for: the slowest counts, not the sum.
static void end_workers(vg_senders *s, const vg_sender_kind *kind, const vg_link *v, size_t n)
{
    worker *going[WORKERS_MAX];
    size_t gone = 0, kept = 0;
    for (size_t i = 0; i < s->n; i++) {
        worker *w = s->v[i];
        if (w->kind != kind || as_it_was(w, v, n)) {
            s->v[kept++] = w;
        } else {
            w->stop = true;
            going[gone++] = w;
        }
    }
    s->n = kept;
    while (gone > 0) {
        end_worker(going[--gone]);
    }
}

// The workers of one kind are made those of its links. A link that changed is a new link.
static void follow(vg_senders *s, const vg_sender_kind *kind, vg_arena *a)
{
    vg_link *v = NULL;
    size_t n = 0;
    vg_err err = {0};
    if (vg_links_read(s->core, kind->kind, a, &v, &n, &err) != VG_OK) {
        vg_log(VG_ERROR, "sender.links", "kind=%s detail=%s", kind->kind, err.detail);
        return;
    }
    end_workers(s, kind, v, n);
    for (size_t i = 0; i < n; i++) {
        if (s->n == WORKERS_MAX) {
            vg_log(VG_ERROR, "sender.too_many", "kind=%s", kind->kind);
            return;
        }
        if (!served(s, &v[i])) {
            begin_worker(s, kind, &v[i], a);
        }
    }
}

static void follow_all(vg_senders *s)
{
    vg_arena *a = vg_arena_create((size_t)16 << 20);
    for (size_t i = 0; s->kinds[i]; i++) {
        follow(s, s->kinds[i], a);
    }
    vg_arena_destroy(a);
}

static void *supervise(void *arg)
{
    vg_senders *s = arg;
    uint64_t seen = vg_links_generation(s->core);
    follow_all(s);
    while (!s->stop) {
        const uint64_t now = vg_links_generation(s->core);
        if (now != seen) {
            seen = now;
            follow_all(s);
        }
        tick();
    }
    for (size_t i = 0; s->kinds[i]; i++) {
        end_workers(s, s->kinds[i], NULL, 0);
    }
    return NULL;
}

vg_status vg_senders_start(vg_core *c, const vg_sender_kind *const *kinds, vg_senders **ret,
                           vg_err *err)
{
    vg_senders *s = vg_alloc(sizeof *s);
    *s = (vg_senders){.core = c, .kinds = kinds};
    if (pthread_create(&s->thread, NULL, supervise, s) != 0) {
        free(s);
        return vg_fail(err, VG_EUNAVAIL, "", NULL, "thread");
    }
    *ret = s;
    return VG_OK;
}

void vg_senders_stop(vg_senders *s)
{
    if (s) {
        s->stop = true;
        pthread_join(s->thread, NULL);
        free(s);
    }
}
