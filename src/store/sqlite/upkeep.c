// SPDX-License-Identifier: Apache-2.0
// Migrations, online copies and checkpoints. Migrations are files of a module applied once, in name
// order, each in its own transaction together with the row that says so.
#include "store/sqlite/db.h"

#include "base/clock.h"

#include <sys/stat.h>
#include <unistd.h>

static const char VERSIONS[] =
    "CREATE TABLE IF NOT EXISTS schema_version ("
    "module TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (module, file))";

static vg_status apply_file(vg_db *db, const char *module, const vg_embedded *f, vg_err *err)
{
    int64_t done;
    VG_TRY(vg_one_i64(db, "SELECT 1 FROM schema_version WHERE module = ? AND file = ?",
                      VG_VALS(vg_z(module), vg_z(f->name)), 0, &done, err));
    if (done) {
        return VG_OK;
    }
    VG_TRY(vg_begin(db, err));
    vg_status s = vg_script(db, (const char *)f->data, err);
    if (s == VG_OK) {
        s = vg_exec(db, "INSERT INTO schema_version (module, file) VALUES (?, ?)",
                    VG_VALS(vg_z(module), vg_z(f->name)), err);
    }
    if (s == VG_OK) {
        s = vg_commit(db, err);
    }
    if (s != VG_OK) {
        vg_rollback(db);
    }
    return s;
}

vg_status vg_migrate(vg_db *db, const char *module, const vg_embedded *files, vg_err *err)
{
    VG_TRY(vg_script(db, VERSIONS, err));
    for (const vg_embedded *f = files; f && f->name; f++) {
        VG_TRY(apply_file(db, module, f, err));
    }
    return VG_OK;
}

static vg_status copy_pages(vg_db *src, vg_db *dst, vg_err *err)
{
    sqlite3_backup *b = sqlite3_backup_init(dst->h, "main", src->h, "main");
    if (!b) {
        return vg_sqlite_fail(dst, sqlite3_errcode(dst->h), err);
    }
    int rc;
    do {
        rc = sqlite3_backup_step(b, -1);
        if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED) {
            sqlite3_sleep(20);
        }
    } while (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED);
    const int end = sqlite3_backup_finish(b);
    return rc == SQLITE_DONE && end == SQLITE_OK ? VG_OK : vg_sqlite_fail(dst, rc, err);
}

vg_status vg_db_copy(const char *from, const char *to, vg_err *err)
{
    vg_db *src = NULL, *dst = NULL;
    VG_TRY(vg_db_open(from, VG_DB_READER, &src, err));
    vg_status s = vg_db_open(to, VG_DB_WRITER, &dst, err);
    if (s == VG_OK) {
        s = copy_pages(src, dst, err);
    }
    vg_db_close(dst);
    vg_db_close(src);
    return s;
}

static int past_deadline(void *ctx)
{
    const vg_db *db = ctx;
    return vg_mono_us() > db->deadline_us;
}

void vg_db_deadline(vg_db *db, int64_t mono_us)
{
    enum { STEPS = 2000 };
    db->deadline_us = mono_us;
    sqlite3_progress_handler(db->h, STEPS, mono_us ? past_deadline : NULL, db);
}

int64_t vg_db_wal_bytes(const char *path)
{
    char wal[600];
    struct stat st;
    snprintf(wal, sizeof wal, "%s-wal", path);
    return stat(wal, &st) == 0 ? (int64_t)st.st_size : 0;
}

vg_status vg_db_checkpoint(vg_db *db, int64_t *ret_left, vg_err *err)
{
    int frames = 0, moved = 0;
    const int rc =
        sqlite3_wal_checkpoint_v2(db->h, NULL, SQLITE_CHECKPOINT_PASSIVE, &frames, &moved);
    *ret_left = frames > moved ? frames - moved : 0;
    return rc == SQLITE_OK || rc == SQLITE_BUSY ? VG_OK : vg_sqlite_fail(db, rc, err);
}
