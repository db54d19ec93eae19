// SPDX-License-Identifier: Apache-2.0
// A long journal: proving it, folding it again, and opening a node on it, beside bare loops that hash and
// write the same rows; and what an idle demonstration node holds in memory.
#include "app/bench.h"

#include "core/rebuild.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static double per_s(int64_t n, int64_t us)
{
    return us > 0 ? (double)n * 1e6 / (double)us : 0;
}

static vg_status verify(bench *b, const char *path, vg_err *err)
{
    vg_db *db;
    vg_verify_report rep;
    int64_t events, us;
    VG_TRY(bench_floor_verify(path, &events, &us, err));  // the first one warms the page cache
    VG_TRY(bench_floor_verify(path, &events, &us, err));
    VG_TRY(vg_db_open(path, VG_DB_READER, &db, err));
    const int64_t t = vg_mono_us();
    const vg_status s = vg_journal_verify(db, NULL, &rep, err);
    const int64_t took = vg_mono_us() - t;
    vg_db_close(db);
    if (s == VG_OK) {
        bench_row r = {"verify",
                       "/s",
                       per_s(rep.events, took),
                       .floor = per_s(events, us),
                       .goal = 0.6,
                       .kind = BENCH_SHARE};
        snprintf(r.note, sizeof r.note, "%lld events, %lld seals", (long long)rep.events,
                 (long long)rep.seals);
        bench_note(b, &r);
    }
    return s;
}

static vg_status rebuild(bench *b, const char *dir, const char *path, const char *base, vg_err *err)
{
    vg_rebuild_report rep;
    bench_floor f = {.from = path, .base = base};
    VG_TRY(bench_floor_fold(b, &f, err));
    const int64_t t = vg_mono_us();
    VG_TRY(vg_rebuild(dir, &rep, err));
    bench_row r = {"rebuild",
                   "/s",
                   per_s(rep.events, vg_mono_us() - t),
                   .floor = per_s(f.events, f.took_us),
                   .goal = 0.5,
                   .kind = BENCH_SHARE};
    snprintf(r.note, sizeof r.note, "%lld events", (long long)rep.events);
    bench_note(b, &r);
    return VG_OK;
}

static vg_status ready(bench *b, const char *dir, vg_err *err)
{
    vg_core *c;
    const int64_t t = vg_mono_us();
    VG_TRY(vg_core_open(dir, &c, err));
    const vg_status s = vg_core_start(c, err);
    const double ms = (double)(vg_mono_us() - t) / 1000;
    vg_core_close(c);
    bench_row r = {"ready", "ms", ms, .goal = 1000, .kind = BENCH_MOST};
    snprintf(r.note, sizeof r.note, "%lld events in the journal", (long long)b->events);
    bench_note(b, &r);
    return s;
}

vg_status bench_journal(bench *b, vg_err *err)
{
    bench_node n;
    char path[440], base[440];
    VG_TRY(bench_node_make(b, "journal", 64, &n, err));
    snprintf(path, sizeof path, "%s/vonggac.db", n.dir);
    snprintf(base, sizeof base, "%s/base.db", n.dir);
    bench_load l = {.producers = 400, .stop_after = b->events};
    vg_status s = vg_db_copy(path, base, err);
    if (s == VG_OK) {
        s = bench_direct(&n, &l, err);
    }
    bench_sample_done(&l.latency_us);
    bench_node_done(&n);
    if (s == VG_OK) {
        s = verify(b, path, err);
    }
    if (s == VG_OK) {
        s = ready(b, n.dir, err);
    }
    return s == VG_OK ? rebuild(b, n.dir, path, base, err) : s;
}

// --- memory ---------------------------------------------------------------------------------------
static pid_t start(char *const argv[])
{
    const pid_t pid = fork();
    if (pid == 0) {
        if (freopen("/dev/null", "w", stdout) && freopen("/dev/null", "w", stderr)) {
            execv("/proc/self/exe", argv);
        }
        _exit(127);
    }
    return pid;
}

static vg_status await_file(const char *path, pid_t pid, vg_err *err)
{
    for (int i = 0; i < 300; i++) {
        if (access(path, R_OK) == 0) {
            return VG_OK;
        }
        if (waitpid(pid, NULL, WNOHANG) == pid) {
            break;
        }
        usleep(100000);
    }
    return vg_fail(err, VG_EUNAVAIL, "", NULL, "%s", path);
}

vg_status bench_memory(bench *b, vg_err *err)
{
    char dir[400], run_json[440], v[8][16] = {"vonggac", "init",   "--demo",      "--data",
                                              "serve",   "--http", "127.0.0.1:0", "--https"};
    char dc09[] = "--dc09", any[] = "127.0.0.1:0";
    int code = -1;
    VG_TRY(bench_dir(b, "demo", dir, err));
    char *const init[] = {v[0], v[1], v[2], v[3], dir, NULL};
    char *const serve[] = {v[0], v[4], v[3], dir, v[5], v[6], v[7], any, dc09, any, NULL};
    pid_t pid = start(init);
    if (pid < 0 || waitpid(pid, &code, 0) != pid || code != 0) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "init --demo: %d", code);
    }
    pid = start(serve);
    snprintf(run_json, sizeof run_json, "%s/run.json", dir);
    const vg_status s = await_file(run_json, pid, err);
    if (s == VG_OK) {
        sleep(3);
        bench_note(b, &(bench_row){"memory.idle_demo", "MB", bench_rss_mb(pid), .goal = 48,
                                   .kind = BENCH_MOST});
        kill(pid, SIGTERM);
        waitpid(pid, NULL, 0);
    }
    return s;
}
