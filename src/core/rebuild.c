// SPDX-License-Identifier: Apache-2.0
// One cursor per log, merged by the time of recording, which is the order in which the scribe folded them.
// apply() sees exactly what it saw then, minus the running core. Comparing is by a digest of the rows of
// each projection in key order, every column.
#include "core/rebuild.h"

#include "core/core_impl.h"

#include <sodium.h>
#include <unistd.h>

// What apply() may look at: not the command, the ciphertext and its key, or the hash.
#define FOLD_COLUMNS                                                                     \
    "e.id, e.kind, e.version, e.label, e.purpose, e.world, e.site, e.subject, e.actor, " \
    "e.cause, e.captured, e.received, e.recorded, e.source, e.source_seq, e.body"

typedef struct log_cursor {
    vg_rows *rows;
    vg_event e;
} log_cursor;

typedef struct merge {
    log_cursor *all;
    log_cursor **v;  // heap by recorded time
    size_t n;
} merge;

static void sift(merge *m, size_t i)
{
    for (;;) {
        size_t k = 2 * i + 1;
        if (k >= m->n) {
            return;
        }
        k += k + 1 < m->n && m->v[k + 1]->e.recorded_us < m->v[k]->e.recorded_us;
        if (m->v[i]->e.recorded_us <= m->v[k]->e.recorded_us) {
            return;
        }
        log_cursor *t = m->v[i];
        m->v[i] = m->v[k];
        m->v[k] = t;
        i = k;
    }
}

static void read_event(vg_rows *r, vg_event *e)
{
    const int64_t id = vg_row_i64(r, 0), cause = vg_row_i64(r, 9);
    const int64_t mask = (INT64_C(1) << VG_SEQ_BITS) - 1;
    *e = (vg_event){.log = (uint32_t)(id >> VG_SEQ_BITS),
                    .seq = id & mask,
                    .kind = vg_row_str(r, 1),
                    .version = (int32_t)vg_row_i64(r, 2),
                    .label = (int32_t)vg_row_i64(r, 3),
                    .purpose = (int32_t)vg_row_i64(r, 4),
                    .world = vg_row_i64(r, 5),
                    .site = vg_row_str(r, 6),
                    .subject = vg_row_str(r, 7),
                    .actor = vg_row_str(r, 8),
                    .cause_log = (uint32_t)(cause >> VG_SEQ_BITS),
                    .cause_seq = cause & mask,
                    .captured_us = vg_row_i64(r, 10),
                    .received_us = vg_row_i64(r, 11),
                    .recorded_us = vg_row_i64(r, 12),
                    .source = vg_row_str(r, 13),
                    .source_seq = vg_row_i64(r, 14),
                    .body = vg_row_str(r, 15)};
}

static vg_status open_merge(vg_db *from, merge *m, vg_err *err)
{
    static const char sql[] =
        "SELECT " FOLD_COLUMNS " FROM event e WHERE e.id > ? AND e.id < ? ORDER BY e.id";
    int64_t logs;
    VG_TRY(vg_one_i64(from, "SELECT max(log) FROM log", VG_NOVALS, 0, &logs, err));
    m->all = vg_alloc((size_t)logs * sizeof *m->all);
    m->v = vg_alloc((size_t)logs * sizeof *m->v);
    for (int64_t log = 1; log <= logs; log++) {
        vg_rows *r;
        VG_TRY(vg_rows_open(from, sql,
                            VG_VALS(vg_i(VG_EVENT_ROWID(log, 0)), vg_i(VG_EVENT_ROWID(log + 1, 0))),
                            &r, err));
        if (!vg_rows_next(r)) {
            VG_TRY(vg_rows_close(r, err));
            continue;
        }
        log_cursor *cur = &m->all[m->n];
        cur->rows = r;
        read_event(r, &cur->e);
        m->v[m->n++] = cur;
    }
    for (size_t i = m->n / 2 + 1; i-- > 0;) {
        sift(m, i);
    }
    return VG_OK;
}

static vg_status advance(merge *m, vg_err *err)
{
    log_cursor *top = m->v[0];
    if (vg_rows_next(top->rows)) {
        read_event(top->rows, &top->e);
    } else {
        VG_TRY(vg_rows_close(top->rows, err));
        m->v[0] = m->v[--m->n];
    }
    sift(m, 0);
    return VG_OK;
}

static vg_status fold_all(merge *m, vg_db *to, int64_t *ret_events, vg_err *err)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(64 << 20);
    vg_apply ap = {.db = to, .arena = a};
    vg_str last_kind = {0};
    const vg_event_def *def = NULL;
    while (m->n) {
        const vg_event *e = &m->v[0]->e;
        if (!def || !vg_str_eqc(e->kind, def->kind)) {
            def = vg_core_event(e->kind);
            last_kind = e->kind;
        }
        if (!def) {
            return vg_fail(err, VG_ECORRUPT, "", "err.event_unknown", "%.*s", VG_FMT(last_kind));
        }
        if (def->apply) {
            vg_arena_reset(a);
            ap.event = e;
            VG_TRY(def->apply(&ap, e, err));
        }
        ++*ret_events;
        VG_TRY(advance(m, err));
    }
    return VG_OK;
}

vg_status vg_fold_journal(vg_db *from, vg_db *to, int64_t *ret_events, vg_err *err)
{
    merge m = {0};
    *ret_events = 0;
    vg_db_gather(to);
    vg_status s = open_merge(from, &m, err);
    if (s == VG_OK) {
        s = fold_all(&m, to, ret_events, err);
    }
    for (size_t i = 0; i < m.n; i++) {
        vg_err ignored;
        const vg_status closed = vg_rows_close(m.v[i]->rows, &ignored);
        (void)closed;  // the fold's own error matters
    }
    free(m.v);
    free(m.all);
    return s;
}

// --- comparing ----------------------------------------------------------------------------------
static void digest_row(crypto_generichash_state *st, vg_rows *r)
{
    const int n = vg_rows_columns(r);
    for (int i = 0; i < n; i++) {
        const vg_str s = vg_row_null(r, i) ? VG_S("\1null") : vg_row_str(r, i);
        const uint64_t len = s.n;
        crypto_generichash_update(st, (const unsigned char *)&len, sizeof len);
        crypto_generichash_update(st, (const unsigned char *)s.p, s.n);
    }
}

static vg_status digest_table(vg_db *db, const char *table, int64_t *rows, unsigned char out[32],
                              vg_err *err)
{
    crypto_generichash_state st;
    char sql[160];
    vg_rows *r;
    snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1, 2", table);
    VG_TRY(vg_rows_open_once(db, sql, VG_NOVALS, &r, err));
    crypto_generichash_init(&st, NULL, 0, 32);
    while (vg_rows_next(r)) {
        digest_row(&st, r);
        ++*rows;
    }
    crypto_generichash_final(&st, out, 32);
    return vg_rows_close(r, err);
}

static vg_status compare(vg_db *a, vg_db *b, vg_rebuild_report *rep, vg_err *err)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_table *t = m->tables; t && t->name; t++) {
            if (t->cls != VG_PROJECTION) {
                continue;
            }
            unsigned char x[32], y[32];
            int64_t ignored = 0;
            VG_TRY(digest_table(a, t->name, &rep->rows, x, err));
            VG_TRY(digest_table(b, t->name, &ignored, y, err));
            rep->tables++;
            if (memcmp(x, y, sizeof x) != 0) {
                snprintf(rep->bad_table, sizeof rep->bad_table, "%s", t->name);
                return vg_fail(err, VG_ECORRUPT, "", "err.rebuild_differs", "%s", t->name);
            }
        }
    }
    return VG_OK;
}

static void remove_db(const char *path)
{
    char side[520];
    unlink(path);
    snprintf(side, sizeof side, "%s-wal", path);
    unlink(side);
    snprintf(side, sizeof side, "%s-shm", path);
    unlink(side);
}

static vg_status fold_fresh(const char *path, vg_db *from, vg_rebuild_report *rep, vg_err *err)
{
    vg_db *fresh;
    VG_TRY(vg_db_open(path, VG_DB_WRITER, &fresh, err));
    vg_status s = vg_script(fresh, "PRAGMA synchronous=OFF", err);
    if (s == VG_OK) {
        s = vg_core_migrate(fresh, err);
    }
    if (s == VG_OK) {
        s = vg_begin(fresh, err);
    }
    if (s == VG_OK) {
        s = vg_fold_journal(from, fresh, &rep->events, err);
    }
    if (s == VG_OK) {
        s = vg_commit(fresh, err);
    }
    if (s == VG_OK) {
        s = compare(from, fresh, rep, err);
    }
    vg_db_close(fresh);
    return s;
}

vg_status vg_rebuild_check(const char *dir, vg_rebuild_report *ret, vg_err *err)
{
    char db[440], copy[440], fresh[440];
    *ret = (vg_rebuild_report){0};
    snprintf(db, sizeof db, "%s/vonggac.db", dir);
    snprintf(copy, sizeof copy, "%s/rebuild-copy.tmp", dir);
    snprintf(fresh, sizeof fresh, "%s/rebuild-fold.tmp", dir);
    remove_db(copy);
    remove_db(fresh);
    vg_db *from = NULL;
    vg_status s = vg_db_copy(db, copy, err);
    if (s == VG_OK) {
        s = vg_db_open(copy, VG_DB_READER, &from, err);
    }
    if (s == VG_OK) {
        s = fold_fresh(fresh, from, ret, err);
    }
    vg_db_close(from);
    remove_db(copy);
    remove_db(fresh);
    return s;
}

// The projections as they are before the first event: empty, but for what the migrations bring along
// (catalogues of situations, of law). It is taken from a node that is made for it.
static vg_status begin_again(vg_db *db, vg_err *err)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_table *t = m->tables; t && t->name; t++) {
            char sql[200];
            snprintf(
                sql, sizeof sql,
                "DELETE FROM main.%s; INSERT INTO main.%s SELECT * FROM fresh.%s ORDER BY rowid",
                t->name, t->name, t->name);
            if (t->cls == VG_PROJECTION) {
                VG_TRY(vg_script(db, sql, err));
            }
        }
    }
    return VG_OK;
}

static vg_status make_fresh(const char *path, vg_err *err)
{
    vg_db *fresh;
    remove_db(path);
    VG_TRY(vg_db_open(path, VG_DB_WRITER, &fresh, err));
    vg_status s = vg_script(fresh, "PRAGMA synchronous=OFF", err);
    if (s == VG_OK) {
        s = vg_core_migrate(fresh, err);
    }
    vg_db_close(fresh);
    return s;
}

static vg_status fold_anew(vg_db *db, int64_t *ret_events, vg_err *err)
{
    VG_TRY(vg_begin(db, err));
    vg_status s = begin_again(db, err);
    if (s == VG_OK) {
        s = vg_fold_journal(db, db, ret_events, err);
    }
    if (s == VG_OK) {
        s = vg_commit(db, err);
    }
    if (s != VG_OK) {
        vg_rollback(db);
    }
    return s;
}

vg_status vg_rebuild(const char *dir, vg_rebuild_report *ret, vg_err *err)
{
    vg_core *c;
    char fresh[440];
    *ret = (vg_rebuild_report){0};
    snprintf(fresh, sizeof fresh, "%s/rebuild-fold.tmp", dir);
    VG_TRY(vg_core_open(dir, &c, err));
    vg_db_on_change(c->db, NULL, NULL);  // nobody is watching
    vg_status s = make_fresh(fresh, err);
    if (s == VG_OK) {
        s = vg_exec(c->db, "ATTACH ? AS fresh", VG_VALS(vg_z(fresh)), err);
    }
    if (s == VG_OK) {
        s = vg_search_forget(c->search, c->db, err);
    }
    if (s == VG_OK) {
        s = fold_anew(c->db, &ret->events, err);
    }
    vg_core_close(c);
    remove_db(fresh);
    return s;
}
