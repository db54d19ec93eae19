// SPDX-License-Identifier: Apache-2.0
// Decisions: opening incidents, one after another and from eight at once, listing them when ten thousand are
// open; and the way of an alarm from the device's frame to the row of its alert.
#include "app/bench.h"

#include "ingest/dc09/encode.h"

#include <pthread.h>
#include <unistd.h>

enum { CLIENTS = 8, OPEN_MAX = 10000, PAGE = 200, LISTS = 100 };

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

// A page of 200 with the true total, over HTTP and (the note) without it.
static vg_status list_inside(vg_core *c, vg_buf *out, vg_err *err)
{
    static vg_principal local = {.kind = VG_P_LOCAL};
    const vg_resource *res = vg_core_resource("incidents");
    vg_db *db;
    vg_page page = {.limit = PAGE};
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

static vg_status list(bench *b, bench_site *s, vg_err *err)
{
    char request[BENCH_REQUEST];
    const char *const requests[] = {request};
    bench_loop l = {
        .port = s->port, .request = requests, .n_requests = 1, .n_conns = 1, .stop_after = LISTS};
    bench_sample inside = {0};
    vg_buf out;
    vg_buf_init(&out, 8 << 20);
    bench_request(s, "GET", "/api/v1/incidents?state=open&limit=200", "", request);
    vg_status st = bench_loop_run(&l, err);
    for (int i = 0; i < LISTS && st == VG_OK; i++) {
        const int64_t t = vg_mono_us();
        st = list_inside(s->n.core, &out, err);
        bench_add(&inside, vg_mono_us() - t);
    }
    if (st == VG_OK) {
        bench_row r = {"incidents.list200.p50", "ms", (double)bench_at(&l.took_us, 0.5) / 1000,
                       .goal = 3, .kind = BENCH_MOST};
        snprintf(r.note, sizeof r.note, "%lld open; %.2f ms without HTTP",
                 (long long)vg_js_i64(vg_buf_str(&out), "total", 0),
                 (double)bench_at(&inside, 0.5) / 1000);
        bench_note(b, &r);
    }
    vg_buf_done(&out);
    bench_sample_done(&l.took_us);
    bench_sample_done(&inside);
    return st;
}

typedef char requests[CLIENTS][BENCH_REQUEST];

static vg_status open_over_http(const bench_site *s, size_t n_clients, size_t n, int64_t for_us,
                                bench_loop *ret, vg_err *err)
{
    requests text;
    const char *each[CLIENTS];
    for (size_t i = 0; i < CLIENTS; i++) {
        char body[256];
        snprintf(body, sizeof body,
                 "{\"site\":\"%s\",\"situation\":\"illegal_entry\",\"title\":\"bench %zu\"}",
                 s->n.site[i % VG_LEN(s->n.site)], i);
        bench_request(s, "POST", "/api/v1/incidents", body, text[i]);
        each[i] = text[i];
    }
    *ret = (bench_loop){.port = s->port,
                        .request = each,
                        .n_requests = CLIENTS,
                        .n_conns = n_clients,
                        .stop_after = n,
                        .for_us = for_us};
    const vg_status st = bench_loop_run(ret, err);
    ret->request = NULL;
    return st;
}

static void note_rate(bench *b, const char *name, double per_s, bench_sample *took, double goal)
{
    bench_row r = {name,
                   "/s",
                   per_s,
                   .floor = goal,
                   .goal = goal > 0,
                   .kind = goal > 0 ? BENCH_SHARE : BENCH_PLAIN};
    snprintf(r.note, sizeof r.note, "%sp50 %.2f, p99 %.2f ms",
             goal > 0 ? "the floor is the goal; " : "", (double)bench_at(took, 0.5) / 1000,
             (double)bench_at(took, 0.99) / 1000);
    bench_note(b, &r);
}

static vg_status open_all(bench *b, bench_site *s, vg_err *err)
{
    bench_loop l;
    bench_sample inside = {0};
    int64_t us = 0;
    bench_sync(b);
    vg_status st = open_over_http(s, 1, 1000, 0, &l, err);
    if (st == VG_OK) {
        bench_note(b, &(bench_row){"incidents.open.p50", "ms",
                                   (double)bench_at(&l.took_us, 0.5) / 1000,
                                   .floor = bench_sync_ms(b, 0.5), .goal = 1, .kind = BENCH_ABOVE});
    }
    bench_sample_done(&l.took_us);
    if (st == VG_OK) {
        st = open_over_http(s, CLIENTS, OPEN_MAX / 2, 0, &l, err);
        note_rate(b, "incidents.open.8", bench_loop_rate(&l), &l.took_us, 3000);
        bench_sample_done(&l.took_us);
    }
    if (st == VG_OK) {
        st = run_clients(&s->n, CLIENTS, 60 * VG_SECOND_US, (OPEN_MAX / 2 - 1000) / CLIENTS,
                         &inside, &us, err);
        note_rate(b, "incidents.scribe.8", (double)inside.n * 1e6 / (double)us, &inside, 0);
        bench_sample_done(&inside);
    }
    return st;
}

vg_status bench_incidents(bench *b, vg_err *err)
{
    bench_site s;
    VG_TRY(bench_site_make(b, "incidents", &s, err));
    vg_status st = open_all(b, &s, err);
    if (st == VG_OK) {
        st = list(b, &s, err);
    }
    bench_site_done(&s);
    return st;
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
