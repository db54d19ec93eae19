// SPDX-License-Identifier: Apache-2.0
// One folder's reader. A file is read when it stopped changing (two looks apart alike, and some seconds old), row
// by row, in hand-overs that wait for the commit; then it is moved: to done/, or to failed/ with NAME.error that
// names the rows. How far a file was read is kept with the signals, by its content (core/signal_state.h): after
// a crash reading goes on where the disk has it, and the same table under another name says nothing again.
// Rows are unproven: whoever may write into the folder may raise and never clear. Links and folders in the
// folder are not followed.
#include "ingest/csv/csv.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/signal_state.h"
#include "ingest/csv/rows.h"
#include "ingest/follow.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BATCH = 256, FILES = 256, STABLE_S = 2, ERRORS_BYTES = 65536, NAME_BYTES = 256 };

struct vg_csv {
    vg_core *core;
    vg_follow *follow;
    _Atomic uint64_t counts[VG_CSV_COUNTS];
};

typedef struct seen_file {
    char name[NAME_BYTES];
    off_t size;
    int64_t mtime_us;
} seen_file;

typedef struct folder {
    vg_csv *all;
    vg_core *core;
    char link[VG_ID_TEXT], source[VG_ID_TEXT], path[VG_LINK_FOLDER];
    vg_arena *kept;
    vg_link_columns columns;
    int every_s;
    seen_file seen[FILES];
    size_t n_seen;
    vg_follow_told told;
    vg_signal v[BATCH];
    vg_signals batch;
    pthread_mutex_t lock;
    pthread_cond_t back;
    bool away;
    vg_status st;
} folder;

const char *vg_csv_count_name(vg_csv_count c)
{
    static const char *const names[] = {
#define X(name) #name,
        VG_CSV_COUNTERS(X)
#undef X
    };
    return names[c];
}

uint64_t vg_csv_count_of(const vg_csv *c, vg_csv_count n)
{
    return atomic_load_explicit(&c->counts[n], memory_order_relaxed);
}

static void add(folder *f, vg_csv_count c, uint64_t n)
{
    atomic_fetch_add_explicit(&f->all->counts[c], n, memory_order_relaxed);
}

// --- to the journal -----------------------------------------------------------------------------
static void on_done(void *ctx, vg_status st)
{
    folder *f = ctx;
    pthread_mutex_lock(&f->lock);
    f->st = st;
    f->away = false;
    pthread_cond_signal(&f->back);
    pthread_mutex_unlock(&f->lock);
}

static bool hand_over(folder *f, const _Atomic bool *stop)
{
    if (f->batch.n == 0) {
        return true;
    }
    f->away = true;
    while (!vg_scribe_signals(vg_core_scribe(f->core), &f->batch)) {
        if (*stop) {
            f->away = false;
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = 50 * 1000000L}, NULL);
    }
    pthread_mutex_lock(&f->lock);
    while (f->away) {
        pthread_cond_wait(&f->back, &f->lock);
    }
    pthread_mutex_unlock(&f->lock);
    f->batch.n = 0;
    return f->st == VG_OK;
}

// --- a table ------------------------------------------------------------------------------------
typedef struct reading {
    folder *f;
    const vg_source *source;
    uint64_t thing, done;  // rows that the journal has
    size_t good, bad;
    vg_buf errors;
} reading;

static void find_done(void *ctx, uint64_t thing, uint64_t value, int64_t at_us)
{
    reading *r = ctx;
    (void)at_us;
    if (thing == r->thing) {
        r->done = value;
    }
}

static void begin(const reading *r, vg_signal *s)
{
    *s = (vg_signal){
        .source = r->source->index, .received_us = vg_now_us(), .source_seq = -1, .proto = "csv"};
    snprintf(s->address, sizeof s->address, "%s", r->source->address);
}

static bool read_rows(reading *r, const vg_sheet *t, const csv_places *p, const _Atomic bool *stop)
{
    folder *f = r->f;
    for (size_t i = p->first; i < t->n_rows && !*stop; i++) {
        const char *field = "";
        vg_signal *s = &f->v[f->batch.n];
        begin(r, s);
        const char *problem = csv_row_read(&f->columns, p, &t->row[i], s, &field);
        if (problem) {
            r->bad++;
            vg_buf_f(&r->errors, "%lld\t%s\t%s\n", (long long)t->row[i].number, field, problem);
            continue;
        }
        if (i + 1 <= r->done) {
            continue;  // on disk since before
        }
        r->good++;
        vg_signal_state_set(s, r->thing, i + 1);
        f->batch.n++;
        if (f->batch.n == BATCH && !hand_over(f, stop)) {
            return false;
        }
    }
    return !*stop && hand_over(f, stop);
}

// NULL: all that is sound is on disk. "": not now.
static const char *read_table(reading *r, vg_str bytes, const _Atomic bool *stop)
{
    vg_sheet *t = NULL;
    csv_places p;
    vg_err err = {0};
    if (vg_signal_states(r->f->core, "csv", find_done, r, &err) != VG_OK) {
        return "";
    }
    if (vg_sheet_read(bytes, SIZE_MAX, &t, &err) != VG_OK ||
        csv_places_find(&r->f->columns, t, &p, &err) != VG_OK) {
        vg_buf_f(&r->errors, "0\t%s\t%s\t%s\n", err.field,
                 err.key ? err.key : vg_status_name(err.code), err.detail);
        vg_sheet_destroy(t);
        return "sheet";
    }
    const bool ok = read_rows(r, t, &p, stop);
    vg_sheet_destroy(t);
    r->f->batch.n = 0;
    return ok ? NULL : "";
}

// --- files --------------------------------------------------------------------------------------
static bool join(char *out, size_t cap, const char *a, const char *b, const char *c)
{
    const int n = snprintf(out, cap, "%s/%s%s", a, b, c);
    return n > 0 && (size_t)n < cap;
}

// Into PATH/WHERE/NAME, or NAME.1 and so on: nothing is written over.
static bool put_away(const folder *f, const char *name, const char *where, const vg_buf *errors)
{
    char from[1024], dir[1024], to[1300], tail[16] = "";
    struct stat st;
    if (!join(from, sizeof from, f->path, name, "") || !join(dir, sizeof dir, f->path, where, "")) {
        return false;
    }
    (void)mkdir(dir, 0750);
    for (int i = 1; join(to, sizeof to, dir, name, tail) && lstat(to, &st) == 0 && i < 10000; i++) {
        snprintf(tail, sizeof tail, ".%d", i);
    }
    if (rename(from, to) != 0) {
        return false;
    }
    if (errors->n) {
        snprintf(tail + strlen(tail), sizeof tail - strlen(tail), ".error");
        const int fd = join(to, sizeof to, dir, name, tail)
                           ? open(to, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640)
                           : -1;
        const bool ok = fd >= 0 && write(fd, errors->p, errors->n) == (ssize_t)errors->n;
        if (fd >= 0) {
            close(fd);
        }
        return ok;
    }
    return true;
}

static bool read_file(const char *path, vg_buf *b)
{
    char piece[65536];
    ssize_t n;
    const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return false;
    }
    while ((n = read(fd, piece, sizeof piece)) > 0 && !b->failed) {
        vg_buf_add(b, piece, (size_t)n);
    }
    close(fd);
    return n == 0;
}

static uint64_t thing_of(const folder *f, const vg_buf *b)
{
    unsigned char h[VG_HASH_BYTES];
    vg_hash(b->p, b->n, h);
    const vg_cmd_id id =
        vg_cmd_derive("csv", vg_str_c(f->link), (vg_str){(const char *)h, sizeof h});
    uint64_t thing;
    memcpy(&thing, id.b, sizeof thing);
    return thing;
}

// The problem to show of the link, NULL: none.
static const char *take_file(folder *f, const char *name, const vg_source *source,
                             const _Atomic bool *stop)
{
    char path[1024];
    vg_buf bytes;
    reading r = {.f = f, .source = source};
    const char *problem = "link.folder";
    vg_buf_init(&bytes, VG_SHEET_BYTES + 1);
    vg_buf_init(&r.errors, ERRORS_BYTES);
    if (join(path, sizeof path, f->path, name, "") && read_file(path, &bytes)) {
        r.thing = thing_of(f, &bytes);
        const char *why = bytes.failed ? "sheet" : read_table(&r, vg_buf_str(&bytes), stop);
        if (bytes.failed) {
            vg_buf_f(&r.errors, "0\t\t%s\n", "err.too_big");
        }
        const bool later = why && !*why, bad = why || r.bad;
        if (later) {
            problem = *stop ? NULL : "link.commit";
        } else {
            const bool moved = put_away(f, name, bad ? "failed" : "done", &r.errors);
            problem = !moved ? "link.folder" : bad ? "link.bad_files" : NULL;
            add(f, bad ? VG_CSV_N_failed : VG_CSV_N_files, 1);
            add(f, VG_CSV_N_repeated, r.done && !r.good ? 1 : 0);
            add(f, VG_CSV_N_rows, r.good);
            add(f, VG_CSV_N_bad_rows, r.bad);
            vg_log(VG_INFO, "csv.file", "link=%s rows=%zu bad=%zu", f->link, r.good, r.bad);
        }
    }
    vg_buf_done(&bytes);
    vg_buf_done(&r.errors);
    return problem;
}

// Has it stood still since the last look?
static bool still(folder *f, const char *name, const struct stat *st)
{
    const int64_t mtime_us = st->st_mtim.tv_sec * VG_SECOND_US + st->st_mtim.tv_nsec / 1000;
    for (size_t i = 0; i < f->n_seen; i++) {
        seen_file *s = &f->seen[i];
        if (strcmp(s->name, name) == 0) {
            const bool same = s->size == st->st_size && s->mtime_us == mtime_us;
            s->size = st->st_size;
            s->mtime_us = mtime_us;
            return same && llabs(vg_now_us() - mtime_us) >= STABLE_S * VG_SECOND_US;
        }
    }
    if (f->n_seen < FILES) {
        seen_file *s = &f->seen[f->n_seen++];
        snprintf(s->name, sizeof s->name, "%s", name);
        s->size = st->st_size;
        s->mtime_us = mtime_us;
    }
    return false;
}

static bool is_table(const char *name)
{
    static const char *const ends[] = {".csv", ".txt", ".xlsx"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && name[0] != '.' && i < VG_LEN(ends); i++) {
        if (strcasecmp(dot, ends[i]) == 0) {
            return strlen(name) < NAME_BYTES - 32;
        }
    }
    return false;
}

static const vg_source *source_of(const vg_register_snap *snap, const char *id)
{
    for (uint32_t i = 0; i < vg_register_count(snap); i++) {
        const vg_source *s = vg_register_at(snap, i);
        if (s && strcmp(s->id, id) == 0 && !(s->flags & VG_SRC_DISABLED)) {
            return s;
        }
    }
    return NULL;
}

static const char *look(folder *f, const vg_source *source, const _Atomic bool *stop)
{
    const char *problem = NULL;
    const struct dirent *e;
    struct stat st;
    DIR *d = opendir(f->path);
    if (!d || access(f->path, W_OK) != 0) {
        if (d) {
            closedir(d);
        }
        return "link.folder";
    }
    if (f->n_seen == FILES) {
        f->n_seen = 0;  // of files long gone: they are looked at anew
    }
    while ((e = readdir(d)) && !*stop) {
        if (is_table(e->d_name) && fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(st.st_mode) && still(f, e->d_name, &st)) {
            const char *p = take_file(f, e->d_name, source, stop);
            problem = p ? p : problem;
        }
    }
    closedir(d);
    return problem;
}

static void run(void *state, const _Atomic bool *stop)
{
    folder *f = state;
    const char *bad = NULL;
    while (!*stop) {
        vg_register *reg = vg_core_register(f->core);
        const vg_register_snap *snap = vg_register_acquire(reg);
        const vg_source *source = source_of(snap, f->source);
        const char *problem = source ? look(f, source, stop) : "link.no_source";
        vg_register_release(reg, snap);
        // A bad file is shown until a link is changed: it is gone from the folder, but somebody must look.
        bad = problem && strcmp(problem, "link.bad_files") == 0 ? problem : bad;
        if (!*stop) {
            vg_follow_report(f->core, f->link, &f->told, problem ? problem : bad);
        }
        for (int i = 0; i < f->every_s * 10 && !*stop; i++) {
            nanosleep(&(struct timespec){.tv_nsec = 100 * 1000000L}, NULL);
        }
    }
}

static void close_folder(void *state)
{
    folder *f = state;
    vg_arena_destroy(f->kept);
    pthread_mutex_destroy(&f->lock);
    pthread_cond_destroy(&f->back);
    free(f);
}

static void *open_folder(vg_core *c, void *ctx, const vg_link *l, vg_str secret,
                         const char **ret_problem)
{
    folder *f = vg_alloc(sizeof *f);
    vg_str raw = {"", 0};
    const vg_str o = vg_str_c(l->options);
    (void)secret;
    f->all = ctx;
    f->core = c;
    memcpy(f->link, l->id, sizeof f->link);
    f->kept = vg_arena_create(1 << 20);
    snprintf(f->source, sizeof f->source, "%.*s", VG_FMT(vg_js_str(f->kept, o, "source")));
    f->every_s = (int)vg_js_i64(o, "every_s", 5);
    f->batch = (vg_signals){.v = f->v, .done = on_done, .ctx = f};
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->back, NULL);
    *ret_problem = "link.options";
    if (!vg_js_find(o, "columns", &raw) ||
        vg_link_columns_parse(f->kept, vg_str_dup(f->kept, raw), &f->columns, NULL) != VG_OK) {
        close_folder(f);
        return NULL;
    }
    if (vg_link_folder(c, l, f->path, NULL) != VG_OK) {
        *ret_problem = "link.folder";
        close_folder(f);
        return NULL;
    }
    return f;
}

static const vg_follow_kind KIND = {"csv", open_folder, run, close_folder};

vg_status vg_csv_start(vg_core *core, vg_csv **ret, vg_err *err)
{
    vg_csv *c = vg_alloc(sizeof *c);
    c->core = core;
    const vg_status s = vg_follow_start(core, &KIND, c, &c->follow, err);
    if (s != VG_OK) {
        free(c);
        return s;
    }
    *ret = c;
    return VG_OK;
}

void vg_csv_stop(vg_csv *c)
{
    if (c) {
        vg_follow_stop(c->follow);
        free(c);
    }
}
