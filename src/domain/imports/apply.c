// SPDX-License-Identifier: Apache-2.0
// Running staged rows through the scribe without holding it: rows are queued in groups, two of them under way, so
// that the scribe has the next one when it has done one; it takes them in slices of some milliseconds, behind
// everybody else's work (core/slice.c). A row's command id derives from the job and the row, so going on after a
// crash repeats nothing. All or nothing is kept by going on (applying) or going back (failing), never by one long transaction
// (docs/adr/0010).
#include "domain/imports/imports.h"

#include "base/clock.h"

#include <pthread.h>

enum { GROUP_MAX = 256, TELL_EVERY_MS = 300 };

typedef struct line {
    vg_str act, id, args, before, after;
    int64_t number;
} line;

typedef struct group {
    vg_command_call call[GROUP_MAX];
    char *text[GROUP_MAX];  // made arguments; NULL: the staged ones
    const line *of[GROUP_MAX];
    size_t n;
    pthread_mutex_t lock;
    pthread_cond_t cond;
    size_t waiting, refused;
} group;

static bool line_of(vg_str text, line *ret)
{
    vg_str raw[4] = {{0}};
    static const char *const KEYS[] = {"act", "id", "n", "args"};
    vg_js_pick(text, KEYS, 4, raw);
    *ret = (line){.args = raw[3]};
    (void)vg_js_find(text, "before", &ret->before);
    (void)vg_js_find(text, "after", &ret->after);
    if (raw[0].n < 2 || raw[1].n < 2 || !raw[3].n) {
        return false;
    }
    ret->act = (vg_str){raw[0].p + 1, raw[0].n - 2};
    ret->id = (vg_str){raw[1].p + 1, raw[1].n - 2};
    return vg_str_i64(raw[2], 0, INT64_MAX, &ret->number, NULL) == VG_OK;
}

static vg_status lines_of(vg_str staged, line **ret, size_t *ret_n, vg_err *err)
{
    size_t n = 0, k = 0;
    for (size_t i = 0; i < staged.n; i++) {
        n += staged.p[i] == '\n';
    }
    line *v = vg_alloc((n + 1) * sizeof *v);
    while (staged.n) {
        const char *nl = memchr(staged.p, '\n', staged.n);
        const vg_str one = {staged.p, nl ? (size_t)(nl - staged.p) : staged.n};
        if (!nl || !line_of(one, &v[k++])) {
            free(v);
            return vg_fail(err, VG_ECORRUPT, "file", "imports.file_damaged", "%zu", k);
        }
        staged = (vg_str){nl + 1, staged.n - one.n - 1};
    }
    *ret = v;
    *ret_n = n;
    return VG_OK;
}

// --- groups -------------------------------------------------------------------------------------
static void group_init(group *g)
{
    g->n = 0;
    pthread_mutex_init(&g->lock, NULL);
    pthread_cond_init(&g->cond, NULL);
}

static void group_clear(group *g)
{
    for (size_t i = 0; i < g->n; i++) {
        vg_buf_done(&g->call[i].reply);
        free(g->text[i]);
    }
    g->n = 0;
}

static void group_done(group *g)
{
    group_clear(g);
    pthread_cond_destroy(&g->cond);
    pthread_mutex_destroy(&g->lock);
}

static void one_done(vg_command_call *call)  // the scribe's thread
{
    group *g = call->ctx;
    pthread_mutex_lock(&g->lock);
    if (--g->waiting == 0) {
        pthread_cond_signal(&g->cond);
    }
    pthread_mutex_unlock(&g->lock);
}

static void group_add(group *g, const imports_job *j, const char *command, const char *tag,
                      const line *l, char *args)
{
    g->of[g->n] = l;
    g->text[g->n] = args;
    g->call[g->n++] = (vg_command_call){.name = command,
                                        .args = args ? vg_str_c(args) : l->args,
                                        .who = j->who,
                                        .id = vg_cmd_derive_row(tag, vg_str_c(j->id), l->number),
                                        .of_list = true,
                                        .done = one_done,
                                        .ctx = g};
}

static void group_send(group *g, vg_core *core)
{
    g->waiting = g->n;
    g->refused = 0;
    for (size_t i = 0; i < g->n; i++) {
        if (!vg_scribe_later(vg_core_scribe(core), &g->call[i])) {
            g->refused++;
            g->call[i].st = VG_EUNAVAIL;
            one_done(&g->call[i]);
        }
    }
}

// VG_EUNAVAIL: the queue was full or the node stops.
static vg_status group_wait(group *g, vg_err *err)
{
    pthread_mutex_lock(&g->lock);
    while (g->waiting) {
        pthread_cond_wait(&g->cond, &g->lock);
    }
    pthread_mutex_unlock(&g->lock);
    return g->refused ? vg_fail(err, VG_EUNAVAIL, "", NULL, "%zu", g->refused) : VG_OK;
}

// Not the row's fault: try again later.
static bool passing(vg_status st)
{
    return st == VG_EUNAVAIL || st == VG_EFULL || st == VG_EIO || st == VG_EBUSY;
}

static void tell_progress(const imports_job *j, size_t done, int64_t *last_us)
{
    char args[96];
    const int64_t now = vg_mono_us();
    if (now - *last_us < TELL_EVERY_MS * VG_MS_US) {
        return;
    }
    *last_us = now;
    snprintf(args, sizeof args, "{\"id\":\"%s\",\"done\":%zu}", j->id, done);
    const vg_status st = imports_tell(j->core, "imports.note", vg_str_c(args), NULL, NULL);
    (void)st;  // only for the eye
}

// --- forward ------------------------------------------------------------------------------------
static bool made_as_planned(const group *g, size_t i)
{
    vg_str raw = {0};
    return !vg_str_eqc(g->of[i]->act, "add") ||
           (vg_js_find(vg_buf_str(&g->call[i].reply), "id", &raw) && raw.n == g->of[i]->id.n + 2 &&
            memcmp(raw.p + 1, g->of[i]->id.p, raw.n - 2) == 0);
}

// VG_OK with ret->row set: a row was refused.
static vg_status look_at(const group *g, imports_result *ret, vg_err *err)
{
    for (size_t i = 0; i < g->n; i++) {
        vg_err why = g->call[i].err;
        vg_status st = g->call[i].st;
        if (passing(st)) {
            return vg_fail(err, st, "", NULL, "%s", why.detail);
        }
        if (st == VG_OK && !made_as_planned(g, i)) {
            st = vg_fail(&why, VG_EINTERNAL, "", NULL, "%s", "other id");
        }
        if (st != VG_OK && !ret->row) {
            ret->row = g->of[i]->number;
            ret->err = why;
            ret->err.code = st;
        }
        ret->done += st == VG_OK;
    }
    return VG_OK;
}

// --- the walk -------------------------------------------------------------------------------------
typedef struct walk {
    const imports_job *j;
    const line *v;
    size_t n, at;
    imports_result *ret;
    // Puts the next rows into the group, as many as it holds; at == n: there are no more.
    vg_status (*fill)(struct walk *w, group *g, vg_err *err);
    vg_status (*look)(const group *g, imports_result *ret, vg_err *err);
    bool stops;  // at the first refusal
    int64_t told_us;
} walk;

// Not so: the list was decided by a version that made ids another way. What it has made is found by the ids of
// the list and taken back.
static bool id_as_planned(const vg_cmd_id *cmd, const line *l)
{
    char id[VG_ID_TEXT];
    vg_id_derive_row(cmd, 0, id);
    return vg_str_eqc(l->id, id);
}

static vg_status fill_forward(walk *w, group *g, vg_err *err)
{
    const vg_import *t = vg_core_import(w->j->target);
    for (; w->at < w->n && g->n < GROUP_MAX; w->at++) {
        const bool add = vg_str_eqc(w->v[w->at].act, "add");
        group_add(g, w->j, add ? t->add : t->update, "import", &w->v[w->at], NULL);
        if (add && !id_as_planned(&g->call[g->n - 1].id, &w->v[w->at])) {
            return vg_fail(err, VG_ECORRUPT, "file", "imports.file_damaged", "%s", "ids");
        }
    }
    return VG_OK;
}

// Waits for what was sent and looks at it.
static vg_status settle(walk *w, group *g, vg_err *err)
{
    if (!g->n) {
        return VG_OK;
    }
    vg_status st = group_wait(g, err);
    st = st == VG_OK ? w->look(g, w->ret, err) : st;
    group_clear(g);
    tell_progress(w->j, w->ret->done, &w->told_us);
    return st;
}

static vg_status walk_on(walk *w, group g[2], vg_err *err)
{
    vg_status st = VG_OK;
    for (int now = 0; st == VG_OK; now = !now) {
        const bool over = w->at == w->n || (w->stops && w->ret->row);
        if (!over && *w->j->stop) {
            st = vg_fail(err, VG_EUNAVAIL, "", NULL, "%s", "stopping");
        } else if (!over) {
            st = w->fill(w, &g[now], err);
        }
        if (st == VG_OK && g[now].n) {
            group_send(&g[now], w->j->core);
        } else {
            group_clear(&g[now]);
        }
        const bool idle = over && !g[!now].n;
        vg_err other = {0};
        const vg_status before = settle(w, &g[!now], st == VG_OK ? err : &other);
        st = st == VG_OK ? before : st;
        if (idle) {
            break;
        }
    }
    vg_err ignored;
    for (int i = 0; i < 2; i++) {
        const vg_status late = settle(w, &g[i], &ignored);
        (void)late;  // the first failure is told
    }
    return st;
}

static vg_status walk_rows(walk *w, vg_err *err)
{
    group *g = vg_alloc(2 * sizeof *g);
    group_init(&g[0]);
    group_init(&g[1]);
    w->told_us = vg_mono_us();
    const vg_status st = walk_on(w, g, err);
    group_done(&g[0]);
    group_done(&g[1]);
    free(g);
    return st;
}

vg_status imports_run(const imports_job *j, vg_str staged, imports_result *ret, vg_err *err)
{
    line *v = NULL;
    size_t n = 0;
    *ret = (imports_result){0};
    VG_TRY(lines_of(staged, &v, &n, err));
    walk w = {
        .j = j, .v = v, .n = n, .ret = ret, .fill = fill_forward, .look = look_at, .stops = true};
    const vg_status st = walk_rows(&w, err);
    free(v);
    return st;
}

// --- back ---------------------------------------------------------------------------------------
typedef enum stand { NOT_THERE, AS_IMPORTED, AS_BEFORE, CHANGED_SINCE } stand;

static bool equals(vg_arena *a, vg_str object, const vg_import *t, const vg_str *now)
{
    for (size_t f = 0; t->fields[f].name; f++) {
        vg_str raw;
        if (object.n && !(t->fields[f].flags & VG_IMP_UNREAD) &&
            vg_js_find(object, t->fields[f].name, &raw) &&
            !vg_str_eq(vg_js_decode(a, raw), now[f])) {
            return false;
        }
    }
    return true;
}

static vg_status stand_of(vg_db *db, vg_arena *a, const vg_import *t, const line *l, stand *ret,
                          vg_err *err)
{
    vg_rows *r;
    vg_str now[IMPORTS_FIELDS] = {{0}};
    VG_TRY(vg_rows_open(db, t->read, VG_VALS(vg_t(l->id)), &r, err));
    const bool found = vg_rows_next(r);
    for (size_t f = 0; found && t->fields[f].name; f++) {
        now[f] = vg_str_dup(a, vg_row_str(r, (int)f));
    }
    VG_TRY(vg_rows_close(r, err));
    *ret = !found                                        ? NOT_THERE
           : equals(a, l->after, t, now)                 ? AS_IMPORTED
           : l->before.n && equals(a, l->before, t, now) ? AS_BEFORE
                                                         : CHANGED_SINCE;
    return VG_OK;
}

// {"id":…} or the old values as arguments of the update.
static char *back_args(const vg_import *t, const line *l, vg_arena *a)
{
    json_t *o = json_object();
    const vg_command *c = vg_core_command(t->update ? t->update : t->add);
    json_object_set_new(o, "id", json_stringn(l->id.p, l->id.n));
    for (size_t f = 0; l->before.n && t->fields[f].name; f++) {
        vg_str raw;
        const vg_field *field = imports_field_of(c, t->fields[f].name);
        if (!field || !vg_js_find(l->before, field->name, &raw)) {
            continue;
        }
        const vg_str value = vg_js_decode(a, raw);
        json_object_set_new(o, field->name,
                            value.n || field->type == VG_F_TEXT || field->type == VG_F_BOOL
                                ? imports_json_of(field, value)
                                : json_null());
    }
    char *text = json_dumps(o, JSON_COMPACT);
    json_decref(o);
    return text;
}

// The next rows from the end, as far as a group goes; what is no longer there needs no command.
static vg_status fill_back(walk *w, group *g, vg_err *err)
{
    const vg_import *t = vg_core_import(w->j->target);
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(8 << 20);
    vg_db *db;
    vg_status st = VG_OK;
    VG_TRY(vg_inner_take(w->j->core, &db, err));
    for (size_t looked = 0; w->at < w->n && g->n < GROUP_MAX && looked < GROUP_MAX && st == VG_OK;
         w->at++, looked++) {
        const line *l = &w->v[w->n - 1 - w->at];
        stand how = NOT_THERE;
        vg_arena_reset(a);
        st = stand_of(db, a, t, l, &how, err);
        if (st == VG_OK && how == AS_IMPORTED) {
            const bool add = vg_str_eqc(l->act, "add");
            group_add(g, w->j, add ? t->withdraw : t->update, "import-back", l, back_args(t, l, a));
        }
        w->ret->kept += how == CHANGED_SINCE;
    }
    vg_inner_give(w->j->core, db);
    return st;
}

static vg_status look_back(const group *g, imports_result *ret, vg_err *err)
{
    for (size_t i = 0; i < g->n; i++) {
        if (passing(g->call[i].st)) {
            return vg_fail(err, g->call[i].st, "", NULL, "%s", g->call[i].err.detail);
        }
        ret->done += g->call[i].st == VG_OK;
        if (g->call[i].st != VG_OK) {
            ret->kept++;
            if (!ret->row) {
                ret->row = g->of[i]->number;
                ret->err = g->call[i].err;
            }
        }
    }
    return VG_OK;
}

vg_status imports_run_back(const imports_job *j, vg_str staged, imports_result *ret, vg_err *err)
{
    line *v = NULL;
    size_t n = 0;
    *ret = (imports_result){0};
    VG_TRY(lines_of(staged, &v, &n, err));
    walk w = {.j = j, .v = v, .n = n, .ret = ret, .fill = fill_back, .look = look_back};
    const vg_status st = walk_rows(&w, err);
    free(v);
    return st;
}
