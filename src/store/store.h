// SPDX-License-Identifier: Apache-2.0
// SQL: connections, statements, values. One connection belongs to one thread at a time. Statements are
// prepared once per connection; the SQL text must outlive the connection (literals, or text built at
// start). Parameters only, never text pasted into SQL.
#pragma once

#include "base/embed.h"
#include "base/str.h"

typedef struct vg_db vg_db;
typedef struct vg_rows vg_rows;

typedef enum vg_db_mode {
    VG_DB_WRITER,  // creates the file; WAL, synchronous=FULL
    VG_DB_READER,  // unscoped, read-only: for the program itself (rebuild, verify, engine)
    VG_DB_SCOPED   // read-only; base tables refused by the authorizer, only v_<table> views answer
} vg_db_mode;

vg_status vg_db_open(const char *path, vg_db_mode mode, vg_db **ret, vg_err *err) VG_USE_RESULT;
void vg_db_close(vg_db *db);  // NULL is fine

// --- values and statements ----------------------------------------------------------------------
typedef struct vg_val {
    enum { VG_V_NULL, VG_V_I64, VG_V_TEXT, VG_V_BLOB } type;
    int64_t i;
    vg_str s;
} vg_val;

static inline vg_val vg_i(int64_t i)
{
    return (vg_val){.type = VG_V_I64, .i = i};
}
static inline vg_val vg_t(vg_str s)  // text
{
    return (vg_val){.type = VG_V_TEXT, .s = s};
}
static inline vg_val vg_z(const char *z)  // text; NULL is SQL NULL
{
    return z ? vg_t(vg_str_c(z)) : (vg_val){.type = VG_V_NULL};
}
static inline vg_val vg_b(const void *p, size_t n)  // blob
{
    return (vg_val){.type = VG_V_BLOB, .s = {p, n}};
}
static inline vg_val vg_nil(void)
{
    return (vg_val){.type = VG_V_NULL};
}
#define VG_VALS(...) \
    (const vg_val[]){__VA_ARGS__}, sizeof((const vg_val[]){__VA_ARGS__}) / sizeof(vg_val)
#define VG_NOVALS NULL, 0

// Errors of all: VG_EFULL (disk full), VG_ECORRUPT, VG_ECONFLICT (unique or check), VG_EDENIED (the
// authorizer), VG_EBUSY, VG_EIO, VG_EINTERNAL (bad SQL).
vg_status vg_exec(vg_db *db, const char *sql, const vg_val *v, size_t n, vg_err *err) VG_USE_RESULT;
int64_t vg_changes(vg_db *db);  // rows changed by the last vg_exec
// A write that sets columns of the one row its last value names, so that only the latest of several counts.
// After vg_db_gather such writes are kept back until any other statement of this connection.
vg_status vg_exec_latest(vg_db *db, const char *sql, const vg_val *v, size_t n,
                         vg_err *err) VG_USE_RESULT;
void vg_db_gather(vg_db *db);  // for folding a journal again
vg_status vg_script(vg_db *db, const char *sql,
                    vg_err *err) VG_USE_RESULT;  // several statements, uncached

// Cursor over a result: open, while (next) read columns, close. close gives the error that ended it.
vg_status vg_rows_open(vg_db *db, const char *sql, const vg_val *v, size_t n, vg_rows **ret,
                       vg_err *err) VG_USE_RESULT;
// The same for a text made on the spot: not kept prepared.
vg_status vg_rows_open_once(vg_db *db, const char *sql, const vg_val *v, size_t n, vg_rows **ret,
                            vg_err *err) VG_USE_RESULT;
bool vg_rows_next(vg_rows *r);
vg_status vg_rows_close(vg_rows *r, vg_err *err) VG_USE_RESULT;
int vg_rows_columns(const vg_rows *r);
int64_t vg_row_i64(vg_rows *r, int col);  // NULL gives 0
vg_str vg_row_str(vg_rows *r, int col);   // text or blob; borrowed until the next step
bool vg_row_null(vg_rows *r, int col);
int vg_row_type(vg_rows *r, int col);  // as stored: VG_V_…, or -1, a number with a fraction

// One integer of one row, or `missing` when there is no row.
vg_status vg_one_i64(vg_db *db, const char *sql, const vg_val *v, size_t n, int64_t missing,
                     int64_t *ret, vg_err *err) VG_USE_RESULT;

// --- transactions -------------------------------------------------------------------------------
vg_status vg_begin(vg_db *db, vg_err *err) VG_USE_RESULT;  // immediate on a writer
vg_status vg_commit(vg_db *db, vg_err *err) VG_USE_RESULT;
void vg_rollback(vg_db *db);
bool vg_in_transaction(
    const vg_db *db);  // false after an error that made the store roll back by itself
vg_status vg_savepoint(vg_db *db, vg_err *err) VG_USE_RESULT;
vg_status vg_release(vg_db *db, vg_err *err) VG_USE_RESULT;
void vg_rollback_to(vg_db *db);  // undoes to the savepoint and drops it

// --- changes, scope, upkeep ---------------------------------------------------------------------
// Called for every row inserted or updated through this connection (rowid tables only).
void vg_db_on_change(vg_db *db, void (*fn)(void *ctx, const char *table, int64_t rowid), void *ctx);

// What a scoped connection may see: bit number = label. NULL sees nothing. Borrowed until replaced.
typedef struct vg_scope {
    const uint64_t *bits;
    size_t n_labels;
    int64_t world;  // 0, or the drill that is seen besides the real world
} vg_scope;
void vg_db_scope(vg_db *db, const vg_scope *scope);
// For whom the connection reads, whatever scope it is given meanwhile; nothing of it is looked at here. NULL: nobody.
void vg_db_for(vg_db *db, const void *reader);
const void *vg_db_reader(const vg_db *db);
void vg_db_see_all(
    vg_db *db);  // every label and world: for the program's own reads through the views

// Statements that would write are taken for done and not run: to try a command on a reader (core, vg_command_try).
void vg_db_pretend(vg_db *db, bool pretend);

typedef enum vg_table_class { VG_PROJECTION, VG_VOLATILE, VG_VAULT } vg_table_class;
typedef struct vg_table {
    const char *name;
    vg_table_class cls;
    bool
        open;  // no label: every principal may read it (catalogues). A vault table has no view at all.
    bool keyed;  // WITHOUT ROWID: its view has no row_id, and nobody is told of its changes
} vg_table;
// Makes v_<name> for each table (name NULL ends the array). A labelled table has columns label and
// world; its view also shows row_id (unless keyed).
vg_status vg_db_views(vg_db *db, const vg_table *tables, vg_err *err) VG_USE_RESULT;

// Applies the not yet applied files of a module in name order, each in a transaction of its own.
vg_status vg_migrate(vg_db *db, const char *module, const vg_embedded *files,
                     vg_err *err) VG_USE_RESULT;
vg_status vg_db_copy(const char *from, const char *to,
                     vg_err *err) VG_USE_RESULT;  // consistent, online
// A statement still running at this moment (vg_mono_us) ends with VG_EBUSY: no reader holds the WAL back for
// long. 0 = no limit.
void vg_db_deadline(vg_db *db, int64_t mono_us);
int64_t vg_db_wal_bytes(const char *path);
// Moves the WAL into the database as far as it goes without waiting for anybody (PASSIVE). ret_left: frames that
// remain; at 0 the next write starts the WAL anew, unless a reader still needs it.
vg_status vg_db_checkpoint(vg_db *db, int64_t *ret_left, vg_err *err) VG_USE_RESULT;
