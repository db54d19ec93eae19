// SPDX-License-Identifier: Apache-2.0
// A list of persons, half as many as --events says (100,000 of itself): until its preview stands, until it is
// applied, until it is taken back; and what the answer time of signals becomes meanwhile, beside the same load
// without an import.
#include "app/bench.h"

#include "domain/imports/imports.h"

#include <pthread.h>
#include <unistd.h>

enum { EVENTS_PER_ROW = 2, PANELS = 16, PER_S = 100, PATIENCE_S = 600 };

typedef struct side {
    pthread_t thread;
    bench_node *node;
    bench_load load;
    vg_status st;
    vg_err err;
} side;

static void *side_main(void *arg)
{
    side *s = arg;
    s->st = bench_tcp(s->node, &s->load, &s->err);
    return NULL;
}

static long long rows_of(const bench *b)
{
    return b->events / EVENTS_PER_ROW;
}

static void make_list(long long rows, vg_buf *b)
{
    vg_buf_c(b, "Họ và tên;Số hiệu;Đơn vị;Cấp bậc;Chức vụ;Số điện thoại;Ngày nhận công tác\n");
    for (long long i = 0; i < rows; i++) {
        vg_buf_f(
            b, "Nguyễn Văn Giả Định %lld;%06lld;BV;Trung sĩ;Chiến sĩ;09%08lld;%02lld/%02lld/2020\n",
            i, i, i, 1 + i % 28, 1 + i % 12);
    }
}

static vg_status state_of(bench_node *n, const char *id, char state[16], vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    VG_TRY(vg_inner_take(n->core, &db, err));
    vg_status st = imports_state_of(db, id, &r, err);
    if (st == VG_OK) {
        const vg_str now = vg_rows_next(r) ? vg_row_str(r, 0) : (vg_str){"", 0};
        snprintf(state, 16, "%.*s", VG_FMT(now));
        st = vg_rows_close(r, err);
    }
    vg_inner_give(n->core, db);
    return st;
}

// Runs the command on the job and waits for the state; ret_ms: how long that took.
static vg_status step(bench_node *n, const char *id, const char *command, const char *until,
                      double *ret_ms, vg_err *err)
{
    char args[64], state[16] = "";
    const int64_t t = vg_mono_us();
    snprintf(args, sizeof args, "{\"id\":\"%s\"}", id);
    if (command) {
        VG_TRY(bench_run(n->core, command, args, NULL, err));
    }
    while (strcmp(state, until) != 0) {
        if (vg_mono_us() - t > PATIENCE_S * VG_SECOND_US || strcmp(state, "failed") == 0 ||
            strcmp(state, "unreadable") == 0) {
            return vg_fail(err, VG_EINTERNAL, "import", NULL, "%s", state);
        }
        usleep(2000);
        VG_TRY(state_of(n, id, state, err));
    }
    *ret_ms = (double)(vg_mono_us() - t) / 1000;
    return VG_OK;
}

static void note_latency(bench *b, const char *name, side *s, int64_t quiet_us)
{
    bench_row r = {name,
                   "ms",
                   (double)bench_at(&s->load.latency_us, 0.99) / 1000,
                   .floor = (double)quiet_us / 1000,
                   .goal = 25,
                   .kind = BENCH_ABOVE};
    snprintf(r.note, sizeof r.note, "p50 %.1f, most %.1f, %zu signals",
             (double)bench_at(&s->load.latency_us, 0.5) / 1000,
             (double)bench_at(&s->load.latency_us, 1) / 1000, s->load.latency_us.n);
    bench_note(b, &r);
}

typedef struct phase {
    const char *command, *until, *name;  // command NULL: nothing but waiting
    double goal;
} phase;

static vg_status beside(bench *b, bench_node *n, const char *id, const phase *p, int64_t quiet_us,
                        vg_err *err)
{
    char row[64];
    double took = 0;
    side s = {.node = n,
              .load = {.producers = PANELS,
                       .first = 0,
                       .for_us = 12 * VG_SECOND_US,
                       .per_s = PER_S,
                       .code = "DO"}};
    if (pthread_create(&s.thread, NULL, side_main, &s) != 0) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "%s", "thread");
    }
    const vg_status st = step(n, id, p->command, p->until, &took, err);
    pthread_join(s.thread, NULL);
    if (st == VG_OK && s.st == VG_OK) {
        bench_row r = {p->name, "ms", took, .goal = p->goal,
                       .kind = p->goal > 0 ? BENCH_MOST : BENCH_PLAIN};
        snprintf(r.note, sizeof r.note, "%lld rows, %.0f/s", rows_of(b),
                 (double)rows_of(b) * 1000 / took);
        bench_note(b, &r);
        snprintf(row, sizeof row, "%s.ack.p99", p->name);
        note_latency(b, row, &s, quiet_us);
    }
    bench_sample_done(&s.load.latency_us);
    return st == VG_OK ? s.st : st;
}

static vg_status run(bench *b, bench_node *n, vg_buf *list, vg_err *err)
{
    char unit[VG_ID_TEXT], id[VG_ID_TEXT], args[160];
    side quiet = {
        .node = n,
        .load = {.producers = PANELS, .for_us = 3 * VG_SECOND_US, .per_s = PER_S, .code = "DO"}};
    VG_TRY(bench_run(n->core, "people.unit_add",
                     "{\"code\":\"BV\",\"name\":\"BV\",\"force\":\"guard\"}", unit, err));
    (void)side_main(&quiet);
    const int64_t quiet_us = bench_at(&quiet.load.latency_us, 0.99);
    bench_sample_done(&quiet.load.latency_us);
    VG_TRY(quiet.st);
    make_list(rows_of(b), list);
    vg_id_random(id);
    VG_TRY(imports_file_write(n->core, id, IMPORTS_UPLOAD, vg_buf_str(list), err));
    snprintf(args, sizeof args, "{\"id\":\"%s\",\"target\":\"persons\",\"file\":\"bench.csv\"}",
             id);
    VG_TRY(bench_run(n->core, "imports.begin", args, NULL, err));
    static const phase preview = {NULL, "ready", "import.preview", 5000},
                       apply = {"imports.apply", "applied", "import.apply", 20000},
                       undo = {"imports.undo", "undone", "import.undo", 0};
    VG_TRY(beside(b, n, id, &preview, quiet_us, err));
    VG_TRY(beside(b, n, id, &apply, quiet_us, err));
    vg_health h;
    vg_core_health(n->core, &h);
    bench_note(b, &(bench_row){"import.wal", "MB", (double)h.wal_bytes / 1048576.0});
    bench_note(b, &(bench_row){"import.rss", "MB", bench_rss_mb(0)});
    return beside(b, n, id, &undo, quiet_us, err);
}

vg_status bench_import(bench *b, vg_err *err)
{
    bench_node n;
    vg_buf list;
    VG_TRY(bench_node_make(b, "import", PANELS, &n, err));
    vg_buf_init(&list, 32 << 20);
    const vg_status st = run(b, &n, &list, err);
    vg_buf_done(&list);
    bench_node_done(&n);
    return st;
}
