// SPDX-License-Identifier: Apache-2.0
// The pools of reader connections: scoped ones for people, inner ones for the program itself. A reader is in
// one read transaction from take to give, at most two seconds. SQLite starts its WAL anew only when no reader
// needs an older one, and among busy readers that moment may never come by itself: the scribe can ask for it.
#include "core/core_impl.h"

#include "base/clock.h"

enum { READ_MAX_US = 2000000 };

static vg_status open_reader(vg_core *c, vg_db_mode mode, vg_db **ret, vg_err *err)
{
    const vg_module *m;
    vg_db *db;
    VG_TRY(vg_db_open(c->db_path, mode, &db, err));
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        const vg_status s = vg_db_views(db, m->tables, err);
        if (s != VG_OK) {
            vg_db_close(db);
            return s;
        }
    }
    *ret = db;
    return VG_OK;
}

static void reader_back(vg_core *c)
{
    pthread_mutex_lock(&c->pool_lock);
    c->readers_out--;
    pthread_cond_broadcast(&c->pool_cond);
    pthread_mutex_unlock(&c->pool_lock);
}

static vg_status pool_take(vg_core *c, vg_db_mode mode, vg_db **ret, vg_err *err)
{
    vg_db **pool = mode == VG_DB_SCOPED ? c->scoped : c->inner;
    size_t *n = mode == VG_DB_SCOPED ? &c->n_scoped : &c->n_inner;
    vg_db *db = NULL;
    pthread_mutex_lock(&c->pool_lock);
    while (c->readers_held) {
        pthread_cond_wait(&c->pool_cond, &c->pool_lock);
    }
    c->readers_out++;
    if (*n) {
        db = pool[--*n];
    }
    pthread_mutex_unlock(&c->pool_lock);
    vg_status s = db ? VG_OK : open_reader(c, mode, &db, err);
    if (s == VG_OK) {
        s = vg_begin(db, err);
    }
    if (s != VG_OK) {
        vg_db_close(db);
        reader_back(c);
        return s;
    }
    vg_db_deadline(db, vg_mono_us() + READ_MAX_US);
    *ret = db;
    return VG_OK;
}

static void pool_give(vg_core *c, vg_db_mode mode, vg_db *db)
{
    vg_db **pool = mode == VG_DB_SCOPED ? c->scoped : c->inner;
    size_t *n = mode == VG_DB_SCOPED ? &c->n_scoped : &c->n_inner;
    vg_db_deadline(db, 0);
    vg_rollback(db);
    vg_db_scope(db, NULL);
    vg_db_for(db, NULL);
    pthread_mutex_lock(&c->pool_lock);
    const bool kept = *n < POOL;
    if (kept) {
        pool[(*n)++] = db;
    }
    c->readers_out--;
    pthread_cond_broadcast(&c->pool_cond);
    pthread_mutex_unlock(&c->pool_lock);
    if (!kept) {
        vg_db_close(db);
    }
}

vg_status vg_reader_take(vg_core *c, vg_principal *who, vg_db **ret, vg_err *err)
{
    vg_scope scope;
    VG_TRY(pool_take(c, VG_DB_SCOPED, ret, err));
    vg_scope_compute(who, c->labels, &scope);
    vg_opaque_for(c, who, &who->opaque);
    vg_db_scope(*ret, &scope);
    vg_db_for(*ret, &who->opaque);
    return VG_OK;
}

void vg_reader_give(vg_core *c, vg_db *db)
{
    pool_give(c, VG_DB_SCOPED, db);
}

// Inner readers see every label and the real world (drills are read by their own sessions).
vg_status vg_inner_take(vg_core *c, vg_db **ret, vg_err *err)
{
    VG_TRY(pool_take(c, VG_DB_READER, ret, err));
    vg_db_see_all(*ret);
    return VG_OK;
}

void vg_inner_give(vg_core *c, vg_db *db)
{
    pool_give(c, VG_DB_READER, db);
}

// --- a moment without readers --------------------------------------------------------------------
bool vg_readers_hold(vg_core *c, int for_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += for_ms / 1000;
    until.tv_nsec += for_ms % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&c->pool_lock);
    c->readers_held = true;
    while (c->readers_out && pthread_cond_timedwait(&c->pool_cond, &c->pool_lock, &until) == 0) {
    }
    const bool alone = c->readers_out == 0;
    pthread_mutex_unlock(&c->pool_lock);
    return alone;
}

void vg_readers_let(vg_core *c)
{
    pthread_mutex_lock(&c->pool_lock);
    c->readers_held = false;
    pthread_cond_broadcast(&c->pool_cond);
    pthread_mutex_unlock(&c->pool_lock);
}
