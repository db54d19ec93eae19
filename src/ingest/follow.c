// SPDX-License-Identifier: Apache-2.0
// One thread compares the links with the workers whenever a link changed. All workers that must go are told
// before any is waited for: the slowest counts, not the sum. It knows nothing of what the workers do.
#include "ingest/follow.h"

#include "base/log.h"

#include <pthread.h>
#include <sodium.h>
#include <time.h>

enum { WORKERS_MAX = 64, TICK_MS = 100 };

typedef struct worker {
    const vg_follow_kind *kind;
    char link[VG_ID_TEXT];
    int64_t version;
    void *state;
    pthread_t thread;
    _Atomic bool stop;
} worker;

struct vg_follow {
    vg_core *core;
    const vg_follow_kind *kind;
    void *ctx;
    pthread_t thread;
    _Atomic bool stop;
    worker *v[WORKERS_MAX];
    size_t n;
};

void vg_follow_report(vg_core *c, const char *link, vg_follow_told *last, const char *problem)
{
    const bool same = last->problem == problem ||
                      (last->problem && problem && strcmp(last->problem, problem) == 0);
    if (!last->told || !same) {
        vg_link_report(c, link, problem);
        *last = (vg_follow_told){problem, true};
    }
}

static void *work(void *arg)
{
    worker *w = arg;
    w->kind->run(w->state, &w->stop);
    return NULL;
}

static void begin(vg_follow *f, const vg_link *l, vg_arena *a)
{
    vg_str secret = {"", 0};
    vg_err err = {0};
    const char *problem = "link.options";
    const vg_status st = vg_link_secret(f->core, a, l->id, &secret, &err);
    if (st != VG_OK && st != VG_ENOTFOUND) {
        vg_log(VG_ERROR, "follow.secret", "link=%s status=%s", l->id, vg_status_name(st));
    }
    void *state = f->kind->open(f->core, f->ctx, l, secret, &problem);
    if (secret.n) {
        sodium_memzero((char *)(uintptr_t)secret.p, secret.n);
    }
    if (!state) {
        vg_link_report(f->core, l->id, problem);
        return;
    }
    worker *w = vg_alloc(sizeof *w);
    *w = (worker){.kind = f->kind, .version = l->version, .state = state};
    memcpy(w->link, l->id, sizeof w->link);
    if (pthread_create(&w->thread, NULL, work, w) != 0) {
        vg_log(VG_ERROR, "follow.thread", "link=%s", l->id);
        f->kind->close(state);
        free(w);
        return;
    }
    f->v[f->n++] = w;
}

static const worker *serving(const vg_follow *f, const char *link)
{
    for (size_t i = 0; i < f->n; i++) {
        if (strcmp(f->v[i]->link, link) == 0) {
            return f->v[i];
        }
    }
    return NULL;
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

static void end_others(vg_follow *f, const vg_link *v, size_t n)
{
    worker *going[WORKERS_MAX];
    size_t gone = 0, kept = 0;
    for (size_t i = 0; i < f->n; i++) {
        worker *w = f->v[i];
        if (as_it_was(w, v, n)) {
            f->v[kept++] = w;
        } else {
            w->stop = true;
            going[gone++] = w;
        }
    }
    f->n = kept;
    while (gone > 0) {
        worker *w = going[--gone];
        pthread_join(w->thread, NULL);
        w->kind->close(w->state);
        free(w);
    }
}

static void follow(vg_follow *f)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create((size_t)16 << 20);
    vg_link *v = NULL;
    size_t n = 0;
    vg_err err = {0};
    if (vg_links_read(f->core, f->kind->kind, a, &v, &n, &err) != VG_OK) {
        vg_log(VG_ERROR, "follow.links", "kind=%s detail=%s", f->kind->kind, err.detail);
        return;
    }
    end_others(f, v, n);
    for (size_t i = 0; i < n; i++) {
        if (!serving(f, v[i].id)) {
            if (f->n == WORKERS_MAX) {
                vg_log(VG_ERROR, "follow.too_many", "kind=%s", f->kind->kind);
                return;
            }
            begin(f, &v[i], a);
        }
    }
}

static void *supervise(void *arg)
{
    vg_follow *f = arg;
    uint64_t seen = vg_links_generation(f->core);
    follow(f);
    while (!f->stop) {
        const uint64_t now = vg_links_generation(f->core);
        if (now != seen) {
            seen = now;
            follow(f);
        }
        nanosleep(&(struct timespec){.tv_nsec = TICK_MS * 1000000L}, NULL);
    }
    end_others(f, NULL, 0);
    return NULL;
}

vg_status vg_follow_start(vg_core *c, const vg_follow_kind *k, void *ctx, vg_follow **ret,
                          vg_err *err)
{
    vg_follow *f = vg_alloc(sizeof *f);
    *f = (vg_follow){.core = c, .kind = k, .ctx = ctx};
    if (pthread_create(&f->thread, NULL, supervise, f) != 0) {
        free(f);
        return vg_fail(err, VG_EUNAVAIL, "", NULL, "thread");
    }
    *ret = f;
    return VG_OK;
}

void vg_follow_ask(vg_follow *f)
{
    f->stop = true;
}

void vg_follow_stop(vg_follow *f)
{
    if (f) {
        f->stop = true;
        pthread_join(f->thread, NULL);
        free(f);
    }
}
