// SPDX-License-Identifier: Apache-2.0
// The harness: samples and percentiles, the disk's own sync time, the row printed for each figure, and the
// node under test. It measures nothing of the product itself.
#include "app/bench.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

const unsigned char BENCH_KEY[BENCH_KEY_BYTES] = {1, 2,  3,  4,  5,  6,  7,  8,
                                                  9, 10, 11, 12, 13, 14, 15, 16};
static const char KEY_HEX[] = "0102030405060708090a0b0c0d0e0f10";

void bench_add(bench_sample *s, int64_t v)
{
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 4096;
        s->v = vg_realloc(s->v, s->cap * sizeof *s->v);
    }
    s->v[s->n++] = v;
    s->sorted = false;
}

static int by_value(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int64_t bench_at(bench_sample *s, double share)
{
    if (!s->n) {
        return 0;
    }
    if (!s->sorted) {
        qsort(s->v, s->n, sizeof *s->v, by_value);
        s->sorted = true;
    }
    return s->v[(size_t)((double)(s->n - 1) * share + 0.5)];
}

void bench_sample_done(bench_sample *s)
{
    free(s->v);
    *s = (bench_sample){0};
}

void bench_sync(bench *b)
{
    enum { ROUNDS = 400 };
    char path[400], block[4096];
    snprintf(path, sizeof path, "%s/sync", b->top);
    memset(block, 'x', sizeof block);
    bench_sample_done(&b->sync);
    const int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    for (int i = 0; fd >= 0 && i < ROUNDS; i++) {
        const int64_t t = vg_mono_us();
        if (write(fd, block, sizeof block) != (ssize_t)sizeof block || fdatasync(fd) != 0) {
            break;
        }
        bench_add(&b->sync, vg_mono_us() - t);
    }
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
}

double bench_sync_ms(bench *b, double share)
{
    return (double)bench_at(&b->sync, share) / 1000;
}

static bool reached(const bench_row *r)
{
    switch (r->kind) {
    case BENCH_SHARE:
        return r->ratio >= r->goal;
    case BENCH_ABOVE:
        return r->value <= r->floor + r->goal;
    case BENCH_MOST:
        return r->value <= r->goal;
    case BENCH_LEAST:
        return r->value >= r->goal;
    case BENCH_PLAIN:
    default:
        return true;
    }
}

static void keep(bench *b, const bench_row *r)
{
    vg_jw_open(&b->w, '{');
    vg_jw_kz(&b->w, "name", r->name);
    vg_jw_key(&b->w, "value");
    vg_jw_f64(&b->w, r->value);
    vg_jw_kz(&b->w, "unit", r->unit);
    if (r->floor > 0) {
        vg_jw_key(&b->w, "floor");
        vg_jw_f64(&b->w, r->floor);
        vg_jw_key(&b->w, r->kind == BENCH_ABOVE ? "above" : "ratio");
        vg_jw_f64(&b->w, r->ratio);
    }
    if (r->goal > 0) {
        vg_jw_key(&b->w, "goal");
        vg_jw_f64(&b->w, r->goal);
        vg_jw_kbool(&b->w, "reached", reached(r));
    }
    vg_jw_kz(&b->w, "note", r->note);
    vg_jw_close(&b->w, '}');
}

void bench_note(bench *b, const bench_row *given)
{
    static const char *const sign[] = {"", ">=", "<= +", "<=", ">="};
    bench_row r = *given;
    r.ratio = r.floor <= 0 ? 0 : r.kind == BENCH_ABOVE ? r.value - r.floor : r.value / r.floor;
    const bool ok = reached(&r);
    b->below = b->below || !ok;
    keep(b, &r);
    if (b->json) {
        return;
    }
    char floor[32] = "", ratio[32] = "", goal[48] = "";
    if (r.floor > 0) {
        snprintf(floor, sizeof floor, "%.*f", r.floor < 100 ? 3 : 0, r.floor);
        snprintf(ratio, sizeof ratio, r.kind == BENCH_ABOVE ? "%+.3f" : "%.2f", r.ratio);
    }
    if (r.goal > 0) {
        snprintf(goal, sizeof goal, "%s%g %s", sign[r.kind], r.goal, ok ? "ok" : "BELOW");
    }
    printf("%-26s %12.*f %-4s %12s %8s  %-14s %s\n", r.name, r.value < 100 ? 3 : 0, r.value, r.unit,
           floor, ratio, goal, r.note);
    fflush(stdout);
}

double bench_rss_mb(int pid)
{
    char path[64], line[256];
    long kb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", pid ? pid : getpid());
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f)) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            kb = strtol(line + 6, NULL, 10);
        }
    }
    if (f) {
        fclose(f);
    }
    return (double)kb / 1024;
}

vg_status bench_dir(bench *b, const char *name, char out[400], vg_err *err)
{
    snprintf(out, 400, "%s/%s", b->top, name);
    return access(out, F_OK) != 0 ? VG_OK
                                  : vg_fail(err, VG_ECONFLICT, "dir", "err.data_exists", "%s", out);
}

// --- the node -------------------------------------------------------------------------------------
vg_status bench_run(vg_core *c, const char *name, const char *args, char id[VG_ID_TEXT],
                    vg_err *err)
{
    static const vg_principal local = {.kind = VG_P_LOCAL, .name = "bench"};
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(1 << 16);
    vg_command_call call = {
        .name = name, .args = vg_str_c(args), .who = &local, .id = vg_cmd_random()};
    vg_core_run(c, &call);
    if (call.st == VG_OK && id) {
        snprintf(id, VG_ID_TEXT, "%.*s", VG_FMT(vg_js_str(a, vg_buf_str(&call.reply), "id")));
    } else if (call.st != VG_OK && err) {
        *err = call.err;
    }
    vg_buf_done(&call.reply);
    return call.st;
}

static vg_status one_source(bench_node *n, size_t i, vg_err *err)
{
    char args[400], zone[VG_ID_TEXT];
    const char *site = n->site[i % VG_LEN(n->site)];
    snprintf(args, sizeof args, "{\"site\":\"%s\",\"name\":\"z%zu\",\"class\":\"controlled\"}",
             site, i);
    VG_TRY(bench_run(n->core, "sites.zone_add", args, zone, err));
    snprintf(args, sizeof args,
             "{\"site\":\"%s\",\"name\":\"s%zu\",\"proto\":\"dc09\",\"address\":\"%zu\",\"zone\":"
             "\"%s\",\"key\":\"%s\"}",
             site, i, 1000 + i, zone, KEY_HEX);
    return bench_run(n->core, "sites.source_add", args, NULL, err);
}

static vg_status furnish(bench_node *n, size_t n_sources, vg_err *err)
{
    VG_TRY(bench_run(n->core, "accounts.agency_add",
                     "{\"code\":\"B\",\"name\":\"bench\",\"custodian\":true}", n->agency, err));
    for (size_t i = 0; i < VG_LEN(n->site); i++) {
        char args[200];
        snprintf(args, sizeof args,
                 "{\"code\":\"S%zu\",\"name\":\"S%zu\",\"kind\":\"state_bank\",\"agency\":\"%s\"}",
                 i, i, n->agency);
        VG_TRY(bench_run(n->core, "sites.site_add", args, n->site[i], err));
    }
    for (; n->n_sources < n_sources; n->n_sources++) {
        VG_TRY(one_source(n, n->n_sources, err));
    }
    return VG_OK;
}

static vg_status write_ini(const char *dir, const char *text, vg_err *err)
{
    char path[440];
    snprintf(path, sizeof path, "%s/vonggac.ini", dir);
    FILE *f = text ? fopen(path, "we") : NULL;
    const bool ok = !text || (f && fputs(text, f) >= 0);
    return (f && fclose(f) != 0) || !ok ? vg_fail(err, VG_EIO, "dir", NULL, "%s", path) : VG_OK;
}

vg_status bench_node_make(bench *b, const char *name, size_t n_sources, bench_node *ret,
                          vg_err *err)
{
    *ret = (bench_node){0};
    VG_TRY(bench_dir(b, name, ret->dir, err));
    VG_TRY(vg_core_create(ret->dir, err));
    VG_TRY(write_ini(ret->dir, b->ini, err));
    VG_TRY(vg_core_open(ret->dir, &ret->core, err));
    vg_status s = vg_core_start(ret->core, err);
    if (s == VG_OK) {
        s = furnish(ret, n_sources, err);
    }
    if (s != VG_OK) {
        bench_node_done(ret);
    }
    return s;
}

void bench_node_done(bench_node *n)
{
    vg_core_close(n->core);
    n->core = NULL;
}
