// SPDX-License-Identifier: Apache-2.0
// One thread writes lists into a file without a name in the data directory, page by page with a reader that is
// given back after each, so that the WAL is never held for long; then the file is sent. Pages follow the list's
// key: a row added meanwhile may be missing, none stands twice. One file at a time, few waiting, rows limited.
//
// What is left out: ids, and codes that stand beside their name; texts of the other language. Titles are the
// catalogue's "col.<list>.<column>" or "col.<column>".
#include "http/export.h"

#include "base/log.h"
#include "http/http_impl.h"
#include "sheet/sheet.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

enum { PAGE_ROWS = 500, ROWS_MAX = 1000000, WAITING_MAX = 8, RETRY_S = 5 };

typedef struct job {
    struct job *next;
    http_call *call;
    const vg_resource *r;
    vg_page page;
    bool xlsx;
} job;

struct http_exporter {
    vg_core *core;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    job *head;
    size_t waiting;
    _Atomic bool stop;
};

typedef struct out {
    vg_sheet_writer *w;
    const vg_resource *r;
    const vg_opaque *opaque;  // of this page
    vg_lang lang;
    bool shown[64];
    size_t rows;
} out;

// --- columns --------------------------------------------------------------------------------------
static bool has_column(const vg_resource *r, const char *name, size_t n, const char *end)
{
    for (const vg_col *c = r->cols; c->name; c++) {
        if (strlen(c->name) == n + strlen(end) && memcmp(c->name, name, n) == 0 &&
            strcmp(c->name + n, end) == 0) {
            return true;
        }
    }
    return false;
}

static bool shows(const vg_resource *r, const vg_col *c, vg_lang lang)
{
    const size_t n = strlen(c->name);
    const char *other = lang == VG_VI ? "_en" : "_vi", *mine = lang == VG_VI ? "_vi" : "_en";
    if (strcmp(c->name, "id") == 0 || c->type >= VG_COL_JSON) {
        return false;
    }
    if (n > 3 && strcmp(c->name + n - 3, other) == 0) {
        return !has_column(r, c->name, n - 3, mine);
    }
    return !has_column(r, c->name, n, "_name") && !has_column(r, c->name, n, mine) &&
           !has_column(r, c->name, n, "_n");
}

static const char *title_of(const vg_resource *r, const vg_col *c, vg_lang lang)
{
    char key[128];
    snprintf(key, sizeof key, "col.%s.%s", r->name, c->name);
    const char *known = vg_tr_known(key);
    if (!known) {
        snprintf(key, sizeof key, "col.%s", c->name);
        known = vg_tr_known(key);
    }
    return known ? vg_tr(lang, known) : c->name;
}

static void put_head(out *o)
{
    for (size_t i = 0; i < VG_LEN(o->shown) && o->r->cols[i].name; i++) {
        o->shown[i] = shows(o->r, &o->r->cols[i], o->lang);
        if (o->shown[i]) {
            vg_sheet_put_text(o->w, vg_str_c(title_of(o->r, &o->r->cols[i], o->lang)));
        }
    }
    vg_sheet_end_row(o->w);
}

static void put_row(void *ctx, vg_rows *row)
{
    out *o = ctx;
    for (int i = 0; i < (int)VG_LEN(o->shown) && o->r->cols[i].name; i++) {
        if (!o->shown[i]) {
            continue;
        }
        if (vg_row_null(row, i)) {
            vg_sheet_put_empty(o->w);
        } else if (o->r->cols[i].type == VG_COL_INT) {
            vg_sheet_put_i64(o->w, vg_row_i64(row, i));
        } else if (o->r->cols[i].type == VG_COL_TIME) {
            vg_sheet_put_time(o->w, vg_time_told(o->opaque, vg_row_i64(row, i)));
        } else if (o->r->cols[i].type == VG_COL_BOOL) {
            vg_sheet_put_text(
                o->w, vg_str_c(vg_tr(o->lang, vg_row_i64(row, i) ? "export.yes" : "export.no")));
        } else if (o->r->cols[i].type == VG_COL_EVENT) {
            char name[VG_EVENT_NAME];
            (void)vg_event_say_stored(o->opaque, vg_row_str(row, i), name);
            vg_sheet_put_text(o->w, vg_str_c(name));
        } else {
            vg_sheet_put_text(o->w, vg_row_str(row, i));
        }
    }
    vg_sheet_end_row(o->w);
    o->rows++;
}

// --- writing --------------------------------------------------------------------------------------
static vg_status put_pages(http_exporter *x, job *j, out *o, vg_err *err)
{
    char next[VG_CURSOR] = "";
    do {
        vg_db *db;
        if (x->stop) {
            return vg_fail(err, VG_EUNAVAIL, "", "http.err.busy", "%s", "");
        }
        char cursor[VG_CURSOR];
        memcpy(cursor, next, sizeof cursor);
        j->page.cursor = vg_str_c(cursor);
        VG_TRY(vg_reader_take(x->core, &j->call->caller.who, &db, err));
        o->opaque = vg_opaque_at(db);
        const vg_status st = vg_resource_each(j->r, db, &j->page, put_row, o, next, err);
        vg_reader_give(x->core, db);
        VG_TRY(st);
    } while (*next && o->rows < ROWS_MAX);
    return VG_OK;
}

static vg_status write_file(http_exporter *x, job *j, const char *path, vg_err *err)
{
    out o = {.r = j->r, .lang = j->call->lang};
    VG_TRY(vg_sheet_writer_open(path, j->xlsx, &o.w, err));
    put_head(&o);
    vg_err ignored;
    const vg_status st = put_pages(x, j, &o, err);
    const vg_status closed = vg_sheet_writer_close(o.w, st == VG_OK ? err : &ignored);
    return st == VG_OK ? closed : st;
}

// --- sending --------------------------------------------------------------------------------------
typedef struct sending {
    vg_http_stream stream;
    int fd;
} sending;

static ptrdiff_t send_more(void *ctx, char *buf, size_t max)
{
    const ssize_t n = read(((sending *)ctx)->fd, buf, max);
    return n > 0 ? n : -1;
}

static void sent(void *ctx)
{
    close(((sending *)ctx)->fd);
    free(ctx);
}

static void send_file(http_call *c, int fd, const char *type, vg_str name)
{
    vg_http_request *rq = c->rq;
    sending *s = vg_alloc(sizeof *s);
    *s = (sending){.stream = {send_more, sent, s, NULL}, .fd = fd};
    const vg_str as = vg_str_f(rq->arena, "attachment; filename=\"%.*s\"", VG_FMT(name));
    vg_http_set(rq, "Content-Disposition", as.p ? as.p : "attachment");
    vg_http_set(rq, "Cache-Control", "no-store");
    rq->reply.type = type;
    rq->reply.stream = &s->stream;
    http_caller_done(&c->caller);  // a stream outlives the request's arena, where the caller is
    rq->user = NULL;
}

void vg_http_send_file(vg_http_raw_call *call, int fd, const char *type, const char *name)
{
    send_file(call->rq->user, fd, type, vg_str_c(name));
}

static void answer_file(job *j, int fd)
{
    const vg_str name = vg_str_f(j->call->rq->arena, "%s.%s", j->r->name, j->xlsx ? "xlsx" : "csv");
    send_file(j->call, fd,
              j->xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                      : "text/csv; charset=utf-8",
              name);
}

static void do_job(http_exporter *x, job *j)
{
    char path[480];
    vg_err err = {0};
    http_call *c = j->call;
    vg_http_request *rq = c->rq;
    snprintf(path, sizeof path, "%s/export-XXXXXX", vg_core_dir(x->core));
    int fd = mkstemp(path);
    vg_status st =
        fd < 0 ? vg_fail(&err, VG_EIO, "", NULL, "%s", "mkstemp") : write_file(x, j, path, &err);
    if (fd >= 0) {
        close(fd);
        fd = st == VG_OK ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        (void)unlink(path);
    }
    if (fd >= 0) {
        answer_file(j, fd);
    } else {
        vg_log(VG_WARN, "export.failed", "list=%s detail=%s", j->r->name, err.detail);
        if (st == VG_OK) {
            (void)!vg_fail(&err, VG_EIO, "", NULL, "%s", "open");
        }
        http_fail(c, &err);
    }
    vg_http_complete(rq);
}

static void *exporter_main(void *arg)
{
    http_exporter *x = arg;
    for (;;) {
        pthread_mutex_lock(&x->lock);
        while (!x->head && !x->stop) {
            pthread_cond_wait(&x->wake, &x->lock);
        }
        job *j = x->head;
        if (j) {
            x->head = j->next;
            x->waiting--;
        }
        pthread_mutex_unlock(&x->lock);
        if (!j) {
            return NULL;
        }
        do_job(x, j);
    }
}

vg_status http_exporter_start(vg_core *core, http_exporter **ret, vg_err *err)
{
    http_exporter *x = vg_alloc(sizeof *x);
    x->core = core;
    pthread_mutex_init(&x->lock, NULL);
    pthread_cond_init(&x->wake, NULL);
    const int e = pthread_create(&x->thread, NULL, exporter_main, x);
    if (e) {
        free(x);
        return vg_fail(err, VG_EINTERNAL, "", NULL, "thread: %s", strerror(e));
    }
    *ret = x;
    return VG_OK;
}

void http_exporter_stop(http_exporter *x)
{
    if (!x) {
        return;
    }
    pthread_mutex_lock(&x->lock);
    x->stop = true;
    pthread_cond_signal(&x->wake);
    pthread_mutex_unlock(&x->lock);
    pthread_join(x->thread, NULL);
    pthread_cond_destroy(&x->wake);
    pthread_mutex_destroy(&x->lock);
    free(x);
}

void http_export(http_call *c, http_exporter *x, const vg_resource *r, const vg_page *page,
                 bool xlsx)
{
    vg_err err = {0};
    job *j = vg_arena_get(c->rq->arena, sizeof *j);
    pthread_mutex_lock(&x->lock);
    const bool full = !j || x->stop || x->waiting >= WAITING_MAX;
    if (!full) {
        *j = (job){.call = c, .r = r, .page = *page, .xlsx = xlsx};
        j->page.limit = PAGE_ROWS;
        vg_http_later(c->rq);
        job **tail = &x->head;
        while (*tail) {
            tail = &(*tail)->next;
        }
        *tail = j;
        x->waiting++;
        pthread_cond_signal(&x->wake);
    }
    pthread_mutex_unlock(&x->lock);
    if (full) {
        (void)!vg_fail(&err, VG_EUNAVAIL, "", "http.err.busy", "%s", "");
        http_problem_as(c->rq, c->lang, &err, 503, RETRY_S);
    }
}
