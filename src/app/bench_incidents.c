// SPDX-License-Identifier: Apache-2.0
// Decisions: opening incidents, one after another and from eight at once, listing them when ten thousand are
// open; and the way of an alarm from the device's frame to the row of its alert.
#include "app/bench.h"

#include "ingest/dc09/encode.h"

#include <pthread.h>
#include <unistd.h>

enum { CLIENTS = 8, OPEN_MAX = 10000, PAGE = 200 };

typedef struct client {
    pthread_t thread;
    bench_node *node;
    int64_t until_us;
    size_t at, n_max;
    bench_sample took_us;
    vg_status st;
    vg_err err;
} client;

static void *client_main(void *arg)
{
    client *c = arg;
    char args[256];
    for (; c->st == VG_OK && vg_mono_us() < c->until_us && c->took_us.n < c->n_max; c->at++) {
        snprintf(args, sizeof args,
                 "{\"site\":\"%s\",\"situation\":\"illegal_entry\",\"title\":\"bench %zu\"}",
                 c->node->site[c->at % VG_LEN(c->node->site)], c->at);
        const int64_t t = vg_mono_us();
        c->st = bench_run(c->node->core, "desk.open", args, NULL, &c->err);
        bench_add(&c->took_us, vg_mono_us() - t);
    }
    return NULL;
}

static vg_status run_clients(bench_node *n, size_t n_clients, int64_t for_us, size_t n_max,
                             bench_sample *all, int64_t *ret_us, vg_err *err)
{
    client v[CLIENTS] = {0};
    vg_status s = VG_OK;
    const int64_t t = vg_mono_us();
    for (size_t i = 0; i < n_clients; i++) {
        v[i] = (client){.node = n, .until_us = t + for_us, .at = i * 1000000, .n_max = n_max};
        if (pthread_create(&v[i].thread, NULL, client_main, &v[i]) != 0) {
            return vg_fail(err, VG_EINTERNAL, "", NULL, "%s", "thread");
        }
    }
    for (size_t i = 0; i < n_clients; i++) {
        pthread_join(v[i].thread, NULL);
        for (size_t k = 0; k < v[i].took_us.n; k++) {
            bench_add(all, v[i].took_us.v[k]);
        }
        bench_sample_done(&v[i].took_us);
        if (v[i].st != VG_OK) {
            s = v[i].st;
            *err = v[i].err;
        }
    }
    *ret_us = vg_mono_us() - t;
    return s;
}

static vg_status list_once(vg_core *c, const vg_resource *res, vg_str cursor, vg_buf *out,
                           vg_err *err)
{
    static vg_principal local = {.kind = VG_P_LOCAL};
    vg_db *db;
    vg_page page = {.limit = PAGE, .cursor = cursor};
    for (size_t i = 0; res->filters[i].param; i++) {
        if (strcmp(res->filters[i].param, "state") == 0) {
            page.filter[page.n_filters].index = i;
            page.filter[page.n_filters++].value = VG_S("open");
        }
    }
    vg_buf_reset(out);
    vg_jw w = vg_jw_on(out);
    VG_TRY(vg_reader_take(c, &local, &db, err));
    const vg_status s = vg_resource_list(res, db, &page, &w, err);
    vg_reader_give(c, db);
    return s;
}

static vg_status list(bench *b, bench_node *n, vg_err *err)
{
    const vg_resource *res = vg_core_resource("incidents");
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(1 << 20);
    bench_sample first = {0}, later = {0};
    vg_buf out;
    int64_t total = 0;
    vg_buf_init(&out, 8 << 20);
    vg_status s = VG_OK;
    for (int i = 0; i < 100 && s == VG_OK; i++) {
        int64_t t = vg_mono_us();
        s = list_once(n->core, res, VG_S(""), &out, err);
        bench_add(&first, vg_mono_us() - t);
        total = vg_js_i64(vg_buf_str(&out), "total", 0);
        const vg_str next = vg_str_dup(a, vg_js_str(a, vg_buf_str(&out), "next"));
        t = vg_mono_us();
        if (s == VG_OK) {
            s = list_once(n->core, res, next, &out, err);
        }
        bench_add(&later, vg_mono_us() - t);
    }
    vg_buf_done(&out);
    bench_row r = {"incidents.list200.p50", "ms", (double)bench_at(&first, 0.5) / 1000, .goal = 3,
                   .kind = BENCH_MOST};
    snprintf(r.note, sizeof r.note, "%lld open; second page %.2f ms", (long long)total,
             (double)bench_at(&later, 0.5) / 1000);
    bench_note(b, &r);
    bench_sample_done(&first);
    bench_sample_done(&later);
    return s;
}

vg_status bench_incidents(bench *b, vg_err *err)
{
    bench_node n;
    bench_sample took = {0}, all = {0};
    int64_t us = 0;
    VG_TRY(bench_node_make(b, "incidents", 0, &n, err));
    bench_sync(b);
    vg_status s = run_clients(&n, 1, b->seconds * VG_SECOND_US, 1000, &took, &us, err);
    if (s == VG_OK) {
        bench_note(b, &(bench_row){"incidents.open.p50", "ms", (double)bench_at(&took, 0.5) / 1000,
                                   .floor = bench_sync_ms(b, 0.5), .goal = 1, .kind = BENCH_ABOVE});
        s = run_clients(&n, CLIENTS, 60 * VG_SECOND_US, (OPEN_MAX - took.n) / CLIENTS, &all, &us,
                        err);
    }
    if (s == VG_OK) {
        bench_row r = {"incidents.open.8", "/s",      (double)all.n * 1e6 / (double)us,
                       .floor = 3000,      .goal = 1, .kind = BENCH_SHARE};
        snprintf(r.note, sizeof r.note, "the floor is the goal; p99 %.2f ms",
                 (double)bench_at(&all, 0.99) / 1000);
        bench_note(b, &r);
        s = list(b, &n, err);
    }
    bench_sample_done(&took);
    bench_sample_done(&all);
    bench_node_done(&n);
    return s;
}

// --- alerts ---------------------------------------------------------------------------------------
typedef struct seen {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    int64_t n, at_us;
} seen;

static void on_changes(void *ctx, const vg_change *v, size_t n)
{
    seen *s = ctx;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(v[i].resource->name, "alerts") == 0) {
            pthread_mutex_lock(&s->lock);
            s->n++;
            s->at_us = vg_mono_us();
            pthread_cond_signal(&s->cond);
            pthread_mutex_unlock(&s->lock);
            return;
        }
    }
}

static bool await_alert(seen *s, int64_t before)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 2;
    pthread_mutex_lock(&s->lock);
    while (s->n == before && pthread_cond_timedwait(&s->cond, &s->lock, &until) == 0) {
    }
    const bool ok = s->n != before;
    pthread_mutex_unlock(&s->lock);
    return ok;
}

vg_status bench_alert(bench *b, vg_err *err)
{
    enum { ALARMS = 200 };
    bench_node n;
    seen s_alerts = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};
    bench_sample took = {0};
    int missed = 0;
    VG_TRY(bench_node_make(b, "alert", ALARMS, &n, err));
    usleep(500000);  // the engine reads the beginning of the journal
    vg_core_on_changes(n.core, on_changes, &s_alerts);
    bench_sync(b);
    vg_status s = VG_OK;
    for (size_t i = 0; i < ALARMS && s == VG_OK; i++) {
        const int64_t before = s_alerts.n, t = vg_mono_us();
        bench_load l = {
            .producers = 1, .stop_after = 1, .for_us = VG_SECOND_US, .code = "HA", .first = i};
        s = bench_tcp(&n, &l, err);
        if (s == VG_OK && await_alert(&s_alerts, before)) {
            bench_add(&took, s_alerts.at_us - t);
        } else {
            missed++;
        }
        bench_sample_done(&l.latency_us);
    }
    vg_core_on_changes(n.core, NULL, &s_alerts);
    bench_node_done(&n);
    bench_row r = {"alert.p50", "ms", (double)bench_at(&took, 0.5) / 1000,
                   .floor = bench_sync_ms(b, 0.5)};
    snprintf(r.note, sizeof r.note, "%zu alarms, %d without an alert", took.n, missed);
    bench_note(b, &r);
    bench_note(b, &(bench_row){"alert.p99", "ms", (double)bench_at(&took, 0.99) / 1000,
                               .floor = bench_sync_ms(b, 0.99), .goal = 20, .kind = BENCH_ABOVE});
    bench_sample_done(&took);
    return s;
}
