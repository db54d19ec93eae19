// SPDX-License-Identifier: Apache-2.0
// Signals on disk and acknowledged, a second: from 1, 64 and 256 panels, over TCP and straight into the scribe,
// beside the floor that writes the same rows in batches of the same size; then the answer time at a paced
// thousand a second. The floor has one core to itself, the product's other threads and the panels take theirs.
#include "app/bench.h"

#include <unistd.h>

enum { PANELS = 256 };

typedef vg_status (*load_fn)(bench_node *n, bench_load *l, vg_err *err);

typedef struct trial {
    const char *name;
    load_fn run;
    size_t producers;
    double goal;
} trial;

static vg_status floor_of(bench *b, const bench_node *n, const char *base, const trial *t,
                          double mean, double rate, vg_err *err)
{
    char from[440];
    snprintf(from, sizeof from, "%s/vonggac.db", n->dir);
    bench_floor f = {.from = from, .base = base, .batch = mean < 1 ? 1 : (size_t)(mean + 0.5)};
    VG_TRY(bench_floor_signals(b, &f, err));
    const double floor = (double)f.events * 1e6 / (double)f.took_us;
    bench_row r = {t->name,
                   "/s",
                   rate,
                   .floor = floor,
                   .goal = t->goal,
                   .kind = t->goal > 0 ? BENCH_SHARE : BENCH_PLAIN};
    snprintf(r.note, sizeof r.note, "batch %.1f, sync p50 %.2f ms", mean, bench_sync_ms(b, 0.5));
    bench_note(b, &r);
    return VG_OK;
}

static vg_status one(bench *b, const trial *t, vg_err *err)
{
    bench_node n;
    char name[64], base[440], from[440];
    snprintf(name, sizeof name, "%s", t->name);
    VG_TRY(bench_node_make(b, name, PANELS, &n, err));
    snprintf(from, sizeof from, "%s/vonggac.db", n.dir);
    snprintf(base, sizeof base, "%s/base.db", n.dir);
    bench_load l = {.producers = t->producers, .for_us = b->seconds * VG_SECOND_US, .code = "DO"};
    vg_health before, after;
    bench_sync(b);
    vg_status s = vg_db_copy(from, base, err);
    vg_core_health(n.core, &before);
    if (s == VG_OK) {
        s = t->run(&n, &l, err);
    }
    vg_core_health(n.core, &after);
    bench_node_done(&n);
    if (s == VG_OK) {
        const double batches = (double)(after.batches - before.batches);
        s = floor_of(b, &n, base, t,
                     (double)(after.events - before.events) / (batches > 0 ? batches : 1),
                     (double)l.done * 1e6 / (double)l.took_us, err);
    }
    if (s == VG_OK && t->producers == PANELS) {
        char wal[64];
        snprintf(wal, sizeof wal, "%s.wal", t->name);
        bench_note(b, &(bench_row){wal, "MB", (double)after.wal_bytes / 1048576.0});
    }
    bench_sample_done(&l.latency_us);
    return s;
}

static vg_status paced(bench *b, vg_err *err)
{
    bench_node n;
    VG_TRY(bench_node_make(b, "signals.paced", PANELS, &n, err));
    bench_load l = {
        .producers = PANELS, .for_us = b->seconds * VG_SECOND_US, .per_s = 1000, .code = "DO"};
    bench_sync(b);
    const vg_status s = bench_tcp(&n, &l, err);
    bench_node_done(&n);
    if (s == VG_OK) {
        bench_row r = {"signals.ack.p50", "ms", (double)bench_at(&l.latency_us, 0.5) / 1000,
                       .floor = bench_sync_ms(b, 0.5)};
        snprintf(r.note, sizeof r.note, "%.0f/s offered 1000/s",
                 (double)l.done * 1e6 / (double)l.took_us);
        bench_note(b, &r);
        bench_note(
            b, &(bench_row){"signals.ack.p99", "ms", (double)bench_at(&l.latency_us, 0.99) / 1000,
                            .floor = bench_sync_ms(b, 0.99), .goal = 5, .kind = BENCH_ABOVE});
    }
    bench_sample_done(&l.latency_us);
    return s;
}

vg_status bench_signals(bench *b, vg_err *err)
{
    static const trial trials[] = {
        {"signals.direct.1", bench_direct, 1, 0},     {"signals.direct.64", bench_direct, 64, 0},
        {"signals.direct.256", bench_direct, 256, 0}, {"signals.tcp.1", bench_tcp, 1, 0},
        {"signals.tcp.64", bench_tcp, 64, 0},         {"signals.tcp.256", bench_tcp, 256, 0.6},
    };
    for (size_t i = 0; i < VG_LEN(trials); i++) {
        VG_TRY(one(b, &trials[i], err));
    }
    return paced(b, err);
}
