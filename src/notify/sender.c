// SPDX-License-Identifier: Apache-2.0
// A worker of ingest/follow.h for each link: it looks at the clock ten times a second and at the outbox only
// when something was put into it or a retry is due, so an idle link costs no SQL.
#include "notify/sender.h"

#include "base/clock.h"
#include "base/log.h"
#include "ingest/follow.h"

#include <assert.h>
#include <time.h>

enum { KINDS_MAX = 16, TICK_MS = 100 };

typedef struct worker {
    vg_core *core;
    const vg_sender_kind *kind;
    char link[VG_ID_TEXT];
    void *state;
    vg_follow_told told;
} worker;

typedef struct service {
    const vg_sender_kind *kind;
    vg_follow_kind follow;
    vg_follow *running;
} service;

struct vg_senders {
    service v[KINDS_MAX];
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
        vg_follow_report(w->core, w->link, &w->told, line_problem(results, n));
    }
    if (s != VG_OK) {
        vg_log(VG_WARN, "sender.failed", "link=%s status=%s detail=%s", w->link, vg_status_name(s),
               err.detail);
        *ret_next_us = vg_now_us() + 5 * VG_SECOND_US;
        return false;
    }
    return n > 0;
}

static void serve(void *state, const _Atomic bool *stop)
{
    worker *w = state;
    vg_arena *a = vg_arena_create((size_t)8 << 20);
    uint64_t seen = 0;
    int64_t next_us = 0, busy_us = vg_now_us();
    while (!*stop) {
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
            vg_follow_report(w->core, w->link, &w->told, w->kind->idle(w->state, a));
            busy_us = vg_now_us();
        }
        nanosleep(&(struct timespec){.tv_nsec = TICK_MS * 1000000L}, NULL);
    }
    vg_arena_destroy(a);
}

static void *open_worker(vg_core *c, void *ctx, const vg_link *l, vg_str secret,
                         const char **ret_problem)
{
    const service *s = ctx;
    void *state = s->kind->open(c, l, secret, ret_problem);
    if (!state) {
        return NULL;
    }
    worker *w = vg_alloc(sizeof *w);
    *w = (worker){.core = c, .kind = s->kind, .state = state};
    memcpy(w->link, l->id, sizeof w->link);
    return w;
}

static void close_worker(void *state)
{
    worker *w = state;
    w->kind->close(w->state);
    free(w);
}

// --- all kinds ----------------------------------------------------------------------------------
vg_status vg_senders_start(vg_core *c, const vg_sender_kind *const *kinds, vg_senders **ret,
                           vg_err *err)
{
    vg_senders *all = vg_alloc(sizeof *all);
    *all = (vg_senders){0};
    for (size_t i = 0; kinds[i]; i++) {
        assert(i < KINDS_MAX);
        service *s = &all->v[i];
        s->kind = kinds[i];
        s->follow = (vg_follow_kind){kinds[i]->kind, open_worker, serve, close_worker};
        const vg_status st = vg_follow_start(c, &s->follow, s, &s->running, err);
        if (st != VG_OK) {
            vg_senders_stop(all);
            return st;
        }
        all->n++;
    }
    *ret = all;
    return VG_OK;
}

void vg_senders_stop(vg_senders *all)
{
    for (size_t i = 0; all && i < all->n; i++) {
        vg_follow_ask(all->v[i].running);
    }
    for (size_t i = 0; all && i < all->n; i++) {
        vg_follow_stop(all->v[i].running);
    }
    free(all);
}
