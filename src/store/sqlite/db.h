// SPDX-License-Identifier: Apache-2.0
// Inside of an SQLite connection; for src/store/sqlite only.
#pragma once

#include "store/store.h"

#include <sqlite3.h>

enum { STMT_SLOTS = 512, TABLE_SETS = 64 };

struct vg_rows {
    vg_db *db;
    sqlite3_stmt *st;
    bool *taken;  // of the cache's slot; NULL: not in the cache, finalised on close
    int rc;
    vg_rows *next_free;
};

struct vg_db {
    sqlite3 *h;
    vg_db_mode mode;
    char path[512];
    struct {
        const char *sql;  // the caller's pointer: the cache key, checked against the text
        sqlite3_stmt *st;
        bool taken;  // by an open cursor, stepped or not
    } slot[STMT_SLOTS];
    vg_rows *free_rows;
    void (*on_change)(void *ctx, const char *table, int64_t rowid);
    void *change_ctx;
    vg_scope scope;
    const void *reader;
    bool sees_all;
    bool pretends;  // writing statements are not run
    int64_t deadline_us;
    bool views_open;                   // the authorizer lets vg_db_views create them
    const vg_table *sets[TABLE_SETS];  // what vg_db_views was given, for the authorizer
    size_t n_sets;
    struct vg_latest *latest;  // NULL: vg_exec_latest is vg_exec
    bool kept_back;            // latest has something to write
};

// latest.c
vg_status vg_latest_write(vg_db *db, vg_err *err) VG_USE_RESULT;
void vg_latest_forget(vg_db *db);

vg_status vg_sqlite_fail(vg_db *db, int rc, vg_err *err);
