// SPDX-License-Identifier: Apache-2.0
// SQLite in WAL mode with synchronous=FULL. A statement is prepared once per connection and found again
// by the address of its text (checked against the text itself, so a reused address cannot mislead).
// Errors of the library become our codes here and nowhere else. Its words name tables and columns: they are the
// detail, for the log, and no text with an err.store key says them.
#include "store/sqlite/db.h"

#include <errno.h>
#include <pthread.h>

// What the library says names tables and columns: it is the detail, for the log. No text of these keys shows it.
static const struct {
    int rc;
    vg_status code;
    const char *key;
} FAULTS[] = {
    {SQLITE_FULL, VG_EFULL, NULL},
    {SQLITE_CORRUPT, VG_ECORRUPT, "err.store.corrupt"},
    {SQLITE_NOTADB, VG_ECORRUPT, "err.store.corrupt"},
    {SQLITE_CONSTRAINT, VG_ECONFLICT, "err.store.conflict"},
    {SQLITE_AUTH, VG_EDENIED, "err.store.denied"},
    {SQLITE_BUSY, VG_EBUSY, NULL},
    {SQLITE_LOCKED, VG_EBUSY, NULL},
    {SQLITE_INTERRUPT, VG_EBUSY, "err.read_too_long"},
    {SQLITE_TOOBIG, VG_ETOOBIG, "err.store.too_big"},
    {SQLITE_IOERR, VG_EIO, "err.store.io"},
    {SQLITE_CANTOPEN, VG_EIO, "err.store.io"},
    {SQLITE_READONLY, VG_EIO, "err.store.io"},
};

vg_status vg_sqlite_fail(vg_db *db, int rc, vg_err *err)
{
    const char *msg = db->h ? sqlite3_errmsg(db->h) : sqlite3_errstr(rc);
    // a write that failed for lack of room can also surface as an I/O error
    if ((rc & 0xFF) == SQLITE_IOERR && db->h && sqlite3_system_errno(db->h) == ENOSPC) {
        return vg_fail(err, VG_EFULL, "", NULL, "%s", msg);
    }
    for (size_t i = 0; i < VG_LEN(FAULTS); i++) {
        if (FAULTS[i].rc == (rc & 0xFF)) {
            return vg_fail(err, FAULTS[i].code, "", FAULTS[i].key, "%s", msg);
        }
    }
    return vg_fail(err, VG_EINTERNAL, "", "err.store.fault", "%s", msg);
}

static vg_status pragmas(vg_db *db, vg_err *err)
{
    static const char writer[] =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF;"
        "PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY;"
        "PRAGMA journal_size_limit=16777216; PRAGMA secure_delete=ON;";
    static const char reader[] =
        "PRAGMA query_only=ON; PRAGMA cache_size=-1024; PRAGMA temp_store=MEMORY;";
    return vg_script(db, db->mode == VG_DB_WRITER ? writer : reader, err);
}

// Without its memory statistics SQLite takes no lock shared by all connections.
static void configure(void)
{
    const int rc = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)rc;  // too late only if somebody used SQLite before: slower, not wrong
}

vg_status vg_db_open(const char *path, vg_db_mode mode, vg_db **ret, vg_err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure);
    vg_db *db = vg_alloc(sizeof *db);
    db->mode = mode;
    snprintf(db->path, sizeof db->path, "%s", path);
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE |
                      (mode == VG_DB_WRITER ? SQLITE_OPEN_CREATE : 0);
    const int rc = sqlite3_open_v2(path, &db->h, flags, NULL);
    if (rc != SQLITE_OK) {
        const vg_status st = vg_sqlite_fail(db, rc, err);
        vg_db_close(db);
        return st;
    }
    sqlite3_busy_timeout(db->h, 5000);
    sqlite3_extended_result_codes(db->h, 1);
    const vg_status st = pragmas(db, err);
    if (st != VG_OK) {
        vg_db_close(db);
        return st;
    }
    *ret = db;
    return VG_OK;
}

void vg_db_close(vg_db *db)
{
    if (!db) {
        return;
    }
    for (size_t i = 0; i < STMT_SLOTS; i++) {
        sqlite3_finalize(db->slot[i].st);
    }
    while (db->free_rows) {
        vg_rows *r = db->free_rows;
        db->free_rows = r->next_free;
        free(r);
    }
    sqlite3_close(db->h);
    free(db->latest);
    free(db);
}

static vg_status prepare(vg_db *db, const char *sql, bool keep, sqlite3_stmt **ret, vg_err *err)
{
    const unsigned flags = keep ? SQLITE_PREPARE_PERSISTENT : 0;
    const int rc = sqlite3_prepare_v3(db->h, sql, -1, flags, ret, NULL);
    return rc == SQLITE_OK ? VG_OK : vg_sqlite_fail(db, rc, err);
}

// The cached statement for sql, or a fresh one (ret_taken NULL) when the cached one is in use or its
// neighbourhood is full.
static vg_status statement(vg_db *db, const char *sql, sqlite3_stmt **ret, bool **ret_taken,
                           vg_err *err)
{
    const size_t h = (size_t)(((uint64_t)(uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15)) >> 40);
    for (size_t k = 0; k < 16; k++) {
        const size_t i = (h + k) % STMT_SLOTS;
        if (!db->slot[i].st) {
            VG_TRY(prepare(db, sql, true, &db->slot[i].st, err));
            db->slot[i].sql = sql;
        } else if (db->slot[i].sql != sql || strcmp(sqlite3_sql(db->slot[i].st), sql) != 0) {
            continue;
        } else if (db->slot[i].taken) {
            break;
        }
        db->slot[i].taken = true;
        *ret = db->slot[i].st;
        *ret_taken = &db->slot[i].taken;
        return VG_OK;
    }
    *ret_taken = NULL;
    return prepare(db, sql, false, ret, err);
}

static int bind_one(sqlite3_stmt *st, int at, const vg_val *v)
{
    switch (v->type) {
    case VG_V_I64:
        return sqlite3_bind_int64(st, at, v->i);
    case VG_V_TEXT:
        return sqlite3_bind_text(st, at, v->s.p ? v->s.p : "", (int)v->s.n, SQLITE_STATIC);
    case VG_V_BLOB:
        return sqlite3_bind_blob(st, at, v->s.p ? v->s.p : "", (int)v->s.n, SQLITE_STATIC);
    case VG_V_NULL:
    default:
        return sqlite3_bind_null(st, at);
    }
}

static vg_status bind(vg_db *db, sqlite3_stmt *st, const vg_val *v, size_t n, vg_err *err)
{
    const int want = sqlite3_bind_parameter_count(st);
    if (want != (int)n) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "%d parameters, %zu values", want, n);
    }
    for (size_t i = 0; i < n; i++) {
        const int rc = bind_one(st, (int)i + 1, &v[i]);
        if (rc != SQLITE_OK) {
            return vg_sqlite_fail(db, rc, err);
        }
    }
    return VG_OK;
}

// Bindings stay: bind() sets every one before the next step, and nothing looks at them in between.
static void release(sqlite3_stmt *st, bool *taken)
{
    if (taken) {
        sqlite3_reset(st);
        *taken = false;
    } else {
        sqlite3_finalize(st);
    }
}

// What was kept back comes before whatever could see that it is missing.
static inline vg_status settle(vg_db *db, vg_err *err)
{
    return db->kept_back ? vg_latest_write(db, err) : VG_OK;
}

vg_status vg_exec(vg_db *db, const char *sql, const vg_val *v, size_t n, vg_err *err)
{
    sqlite3_stmt *st;
    bool *taken;
    VG_TRY(settle(db, err));
    VG_TRY(statement(db, sql, &st, &taken, err));
    vg_status s = bind(db, st, v, n, err);
    if (s == VG_OK && (!db->pretends || sqlite3_stmt_readonly(st))) {
        int rc;
        do {
            rc = sqlite3_step(st);
        } while (rc == SQLITE_ROW);
        s = rc == SQLITE_DONE ? VG_OK : vg_sqlite_fail(db, rc, err);
    }
    release(st, taken);
    return s;
}

void vg_db_pretend(vg_db *db, bool pretend)
{
    db->pretends = pretend;
}

int64_t vg_changes(vg_db *db)
{
    return sqlite3_changes64(db->h);
}

vg_status vg_script(vg_db *db, const char *sql, vg_err *err)
{
    VG_TRY(settle(db, err));
    const int rc = sqlite3_exec(db->h, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? VG_OK : vg_sqlite_fail(db, rc, err);
}

static vg_status open_on(vg_db *db, vg_rows from, const vg_val *v, size_t n, vg_rows **ret,
                         vg_err *err)
{
    const vg_status s = bind(db, from.st, v, n, err);
    if (s != VG_OK) {
        release(from.st, from.taken);
        return s;
    }
    vg_rows *r = db->free_rows;
    if (r) {
        db->free_rows = r->next_free;
    } else {
        r = vg_alloc(sizeof *r);
    }
    *r = from;
    *ret = r;
    return VG_OK;
}

vg_status vg_rows_open(vg_db *db, const char *sql, const vg_val *v, size_t n, vg_rows **ret,
                       vg_err *err)
{
    vg_rows from = {.db = db, .rc = SQLITE_ROW};
    VG_TRY(settle(db, err));
    VG_TRY(statement(db, sql, &from.st, &from.taken, err));
    return open_on(db, from, v, n, ret, err);
}

vg_status vg_rows_open_once(vg_db *db, const char *sql, const vg_val *v, size_t n, vg_rows **ret,
                            vg_err *err)
{
    vg_rows from = {.db = db, .rc = SQLITE_ROW};
    VG_TRY(settle(db, err));
    VG_TRY(prepare(db, sql, false, &from.st, err));
    return open_on(db, from, v, n, ret, err);
}

bool vg_rows_next(vg_rows *r)
{
    if (r->rc == SQLITE_ROW) {
        r->rc = sqlite3_step(r->st);
    }
    return r->rc == SQLITE_ROW;
}

vg_status vg_rows_close(vg_rows *r, vg_err *err)
{
    vg_db *db = r->db;
    const vg_status s =
        r->rc == SQLITE_ROW || r->rc == SQLITE_DONE ? VG_OK : vg_sqlite_fail(db, r->rc, err);
    release(r->st, r->taken);
    r->next_free = db->free_rows;
    db->free_rows = r;
    return s;
}

int vg_rows_columns(const vg_rows *r)
{
    return sqlite3_column_count(r->st);
}

int64_t vg_row_i64(vg_rows *r, int col)
{
    return sqlite3_column_int64(r->st, col);
}

vg_str vg_row_str(vg_rows *r, int col)
{
    const void *p = sqlite3_column_blob(r->st, col);  // of a text: its bytes; of a number: its text
    return (vg_str){p ? p : "", (size_t)sqlite3_column_bytes(r->st, col)};
}

bool vg_row_null(vg_rows *r, int col)
{
    return sqlite3_column_type(r->st, col) == SQLITE_NULL;
}

int vg_row_type(vg_rows *r, int col)
{
    switch (sqlite3_column_type(r->st, col)) {
    case SQLITE_NULL:
        return VG_V_NULL;
    case SQLITE_INTEGER:
        return VG_V_I64;
    case SQLITE_TEXT:
        return VG_V_TEXT;
    case SQLITE_BLOB:
        return VG_V_BLOB;
    default:
        return -1;
    }
}

vg_status vg_one_i64(vg_db *db, const char *sql, const vg_val *v, size_t n, int64_t missing,
                     int64_t *ret, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db, sql, v, n, &r, err));
    *ret = vg_rows_next(r) && !vg_row_null(r, 0) ? vg_row_i64(r, 0) : missing;
    return vg_rows_close(r, err);
}

vg_status vg_begin(vg_db *db, vg_err *err)
{
    return vg_exec(db, db->mode == VG_DB_WRITER ? "BEGIN IMMEDIATE" : "BEGIN", VG_NOVALS, err);
}

vg_status vg_commit(vg_db *db, vg_err *err)
{
    return vg_exec(db, "COMMIT", VG_NOVALS, err);
}

void vg_rollback(vg_db *db)
{
    vg_latest_forget(db);
    if (!sqlite3_get_autocommit(db->h)) {
        const int rc = sqlite3_exec(db->h, "ROLLBACK", NULL, NULL, NULL);
        (void)rc;  // SQLite may have rolled back by itself
    }
}

bool vg_in_transaction(const vg_db *db)
{
    return !sqlite3_get_autocommit(db->h);
}

vg_status vg_savepoint(vg_db *db, vg_err *err)
{
    return vg_exec(db, "SAVEPOINT cmd", VG_NOVALS, err);
}

vg_status vg_release(vg_db *db, vg_err *err)
{
    return vg_exec(db, "RELEASE cmd", VG_NOVALS, err);
}

void vg_rollback_to(vg_db *db)
{
    vg_latest_forget(db);  // all of it came after the savepoint, which is a statement
    if (!sqlite3_get_autocommit(db->h)) {
        const int rc = sqlite3_exec(db->h, "ROLLBACK TO cmd; RELEASE cmd", NULL, NULL, NULL);
        (void)rc;
    }
}
