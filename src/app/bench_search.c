// SPDX-License-Identifier: Apache-2.0
// Searching a million rows: how fast the index is made in the background, and how long an answer takes for
// words that stand everywhere, words that are seldom, beginnings of words, and nothing at all. Asked by one who
// sees everything: for others less is walked through.
#include "app/bench.h"

#include "core/search.h"

#include <unistd.h>

enum { ROUNDS = 30, ROWS_PER_EVENT = 5 };

static vg_status ask(vg_core *c, const char *q, bench_sample *took, bool *ret_building, vg_err *err)
{
    static vg_principal local = {.kind = VG_P_LOCAL};
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(16 << 20);
    vg_args args;
    vg_buf b;
    json_t *tree = json_pack("{s:s}", "q", q);
    vg_status s = vg_args_parse(a, vg_search_fields, tree, &args, err);
    json_decref(tree);
    VG_TRY(s);
    vg_buf_init(&b, 1 << 20);
    vg_read rd = {.core = c, .arena = a, .who = &local, .out = vg_jw_on(&b)};
    const int64_t t = vg_mono_us();
    VG_TRY(vg_reader_take(c, &local, &rd.db, err));
    s = vg_search_read(&rd, &args, err);
    vg_reader_give(c, rd.db);
    bench_add(took, vg_mono_us() - t);
    *ret_building = strstr(vg_buf_z(&b), "\"building\":true") != NULL;
    vg_buf_done(&b);
    return s;
}

static vg_status wait_built(bench *b, vg_core *c, int64_t rows, vg_err *err)
{
    bench_sample ignored = {0};
    bool building = true;
    const int64_t t = vg_mono_us();
    while (building) {
        usleep(50000);
        VG_TRY(ask(c, "zzzz", &ignored, &building, err));
    }
    const double s = (double)(vg_mono_us() - t) / 1e6;
    bench_sample_done(&ignored);
    bench_note(b, &(bench_row){.name = "search.build", .unit = "/s", .value = (double)rows / s});
    return VG_OK;
}

static vg_status measure(bench *b, vg_core *c, bench_floor_search *f, vg_err *err)
{
    static const struct {
        const char *name, *q, *word;
    } KINDS[] = {
        {"search.common.p95", "nguyen", "nguyen"},
        {"search.two_common.p95", "duong dien", "dien"},
        {"search.rare.p95", "lam12", "lam12"},
        {"search.common_rare.p95", "van tran kham1", "kham1"},
        {"search.prefix2.p95", "ng", "nguyen"},
        {"search.number.p95", "VV-B3-0000123", "0000123"},
        {"search.nothing.p95", "khong co gi", "khong"},
    };
    for (size_t i = 0; i < VG_LEN(KINDS); i++) {
        bench_sample took = {0};
        bool building;
        for (int k = 0; k < ROUNDS; k++) {
            VG_TRY(ask(c, KINDS[i].q, &took, &building, err));
        }
        VG_TRY(bench_search_floor(f, KINDS[i].word, err));
        VG_TRY(bench_search_floor(f, KINDS[i].word, err));  // what it reads is in memory now
        bench_row r = {.name = KINDS[i].name,
                       .unit = "ms",
                       .value = (double)bench_at(&took, 0.95) / 1000,
                       .floor = (double)f->took_us / 1000,
                       .goal = 50,
                       .kind = BENCH_MOST};
        snprintf(r.note, sizeof r.note, "\"%s\", p50 %.3f ms", KINDS[i].q,
                 (double)bench_at(&took, 0.5) / 1000);
        bench_note(b, &r);
        bench_sample_done(&took);
    }
    return VG_OK;
}

vg_status bench_search(bench *b, vg_err *err)
{
    bench_node n = {0};
    char path[440];
    VG_TRY(bench_node_make(b, "search", 1, &n, err));
    vg_core_close(n.core);
    n.core = NULL;
    snprintf(path, sizeof path, "%s/vonggac.db", n.dir);
    bench_floor_search f = {.path = path, .rows = b->events * ROWS_PER_EVENT};
    vg_status s = bench_search_fill(&f, err);
    s = s == VG_OK ? vg_core_open(n.dir, &n.core, err) : s;
    s = s == VG_OK ? vg_core_start(n.core, err) : s;
    s = s == VG_OK ? wait_built(b, n.core, f.rows, err) : s;
    s = s == VG_OK ? measure(b, n.core, &f, err) : s;
    bench_node_done(&n);
    return s;
}
