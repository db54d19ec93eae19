// SPDX-License-Identifier: Apache-2.0
// bench: the product's speed on this machine, each figure beside a floor of the same run. It works in a
// directory of its own under --dir (or TMPDIR) and never touches a node's data. The exit code is 0 also when
// a goal is missed: a loaded machine is no fault of the program.
#include "app/bench.h"
#include "app/cli.h"
#include "base/log.h"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const vg_option OPTIONS[] = {{"dir", false, "DIR"},
                                    {"seconds", false, "N"},
                                    {"events", false, "N"},
                                    {"rate", false, "N"},
                                    {0}};

static const struct {
    const char *name;
    vg_status (*run)(bench *b, vg_err *err);
} BENCHES[] = {
#define X(name) {#name, bench_##name},
#include "app/bench.def"
#undef X
};

static void remove_all(const char *dir)
{
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[700];
        snprintf(path, sizeof path, "%.400s/%.255s", dir, e->d_name);
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && unlink(path) != 0) {
            remove_all(path);
        }
    }
    if (d) {
        closedir(d);
    }
    rmdir(dir);
}

static vg_status setup(bench *b, const vg_cli *cli, vg_err *err)
{
    const char *given = vg_cli_get(cli, "dir"), *tmp = getenv("TMPDIR");
    const char *top = given ? given : tmp && *tmp ? tmp : "/tmp";
    VG_TRY(vg_cli_i64(cli, "seconds", 1, 600, 3, &b->seconds, err));
    VG_TRY(vg_cli_i64(cli, "events", 1000, 10000000, 200000, &b->events, err));
    VG_TRY(vg_cli_i64(cli, "rate", 100, 8000, 5000, &b->rate, err));
    b->json = cli->json;
    b->lang = cli->lang;
    snprintf(b->top, sizeof b->top, "%.200s/vonggac-bench-XXXXXX", top);
    if (!mkdtemp(b->top)) {
        return vg_fail(err, VG_EIO, "dir", NULL, "%s", top);
    }
    vg_buf_init(&b->rows, 1 << 20);
    b->w = vg_jw_on(&b->rows);
    vg_jw_open(&b->w, '{');
    return VG_OK;
}

static void machine(bench *b, const char *load_name)
{
    double load[3] = {0};
    (void)getloadavg(load, 3);
    bench_sync(b);
    const bench_row rows[] = {
        {load_name, "", load[0]},
        {"disk.sync.p50", "ms", bench_sync_ms(b, 0.5)},
        {"disk.sync.p99", "ms", bench_sync_ms(b, 0.99)},
    };
    for (size_t i = 0; i < VG_LEN(rows); i++) {
        bench_note(b, &rows[i]);
    }
}

static void raise_file_limit(void)  // both ends of every connection are ours
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < r.rlim_max) {
        r.rlim_cur = r.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &r);
    }
}

static vg_status run_chosen(bench *b, const vg_cli *cli, vg_err *err)
{
    for (size_t i = 0; i < VG_LEN(BENCHES); i++) {
        bool chosen = cli->n_words == 0;
        for (int w = 0; w < cli->n_words; w++) {
            chosen = chosen || strcmp(cli->word[w], BENCHES[i].name) == 0;
        }
        if (chosen) {
            VG_TRY(BENCHES[i].run(b, err));
        }
    }
    return VG_OK;
}

static vg_status known(const vg_cli *cli, vg_err *err)
{
    for (int w = 0; w < cli->n_words; w++) {
        size_t i = 0;
        while (i < VG_LEN(BENCHES) && strcmp(cli->word[w], BENCHES[i].name) != 0) {
            i++;
        }
        if (i == VG_LEN(BENCHES)) {
            return vg_fail(err, VG_EINVALID, "name", "bench.unknown", "%s", cli->word[w]);
        }
    }
    return VG_OK;
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    bench b = {0};
    VG_TRY(known(cli, err));
    VG_TRY(setup(&b, cli, err));
    vg_log_level(VG_ERROR);
    raise_file_limit();
    if (!cli->json) {
        vg_say_line(cli, "bench.heading", NULL);
    }
    vg_jw_key(&b.w, "rows");
    vg_jw_open(&b.w, '[');
    machine(&b, "load.start");
    const vg_status s = run_chosen(&b, cli, err);
    machine(&b, "load.end");
    vg_jw_close(&b.w, ']');
    vg_jw_kbool(&b.w, "below", b.below);
    vg_jw_close(&b.w, '}');
    if (cli->json && s == VG_OK) {
        vg_say_json(&b.rows);
    } else if (s == VG_OK) {
        vg_say_line(cli, b.below ? "bench.below" : "bench.reached", NULL);
    }
    vg_buf_done(&b.rows);
    bench_sample_done(&b.sync);
    remove_all(b.top);
    return s;
}

const vg_verb vg_verb_bench = {"bench", OPTIONS,
                               "[signals|alert|incidents|journal|http|stream|notify|search|match|"
                               "scope|mixed|import|memory|engine]",
                               run};
