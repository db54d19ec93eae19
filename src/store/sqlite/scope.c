// SPDX-License-Identifier: Apache-2.0
// Secrecy at the bottom. A scoped connection has one temporary view v_<table> per table, filtered by
// vg_visible(label, world), and an authorizer that lets a base table be read only from inside such a
// view: a query that forgets its filter does not compile, it cannot leak.
#include "store/sqlite/db.h"

static void visible(sqlite3_context *cx, int argc, sqlite3_value **argv)
{
    (void)argc;
    const vg_db *db = sqlite3_user_data(cx);
    const int64_t label = sqlite3_value_int64(argv[0]), world = sqlite3_value_int64(argv[1]);
    const vg_scope *s = &db->scope;
    const bool seen = db->sees_all || (label >= 0 && (uint64_t)label < s->n_labels &&
                                       (s->bits[label >> 6] >> (label & 63) & 1) &&
                                       (world == 0 || world == s->world));
    sqlite3_result_int(cx, seen);
}

static bool is_open(const vg_db *db, const char *table)
{
    for (size_t i = 0; i < db->n_sets; i++) {
        for (const vg_table *t = db->sets[i]; t && t->name; t++) {
            if (t->open && strcmp(t->name, table) == 0) {
                return true;
            }
        }
    }
    return false;
}

static int authorize(void *ctx, int action, const char *a, const char *b, const char *db_name,
                     const char *view)
{
    (void)db_name;
    const vg_db *db = ctx;
    if (db->views_open) {
        return SQLITE_OK;
    }
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        return SQLITE_OK;
    case SQLITE_READ:
        // the view itself, or a base table from inside one of our views
        if ((a && strncmp(a, "v_", 2) == 0) || (view && strncmp(view, "v_", 2) == 0)) {
            return SQLITE_OK;
        }
        // count(*) of an open view is flattened into its table, of which no column is read
        return a && b && !*b && is_open(db, a) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

void vg_db_scope(vg_db *db, const vg_scope *scope)
{
    db->scope = scope ? *scope : (vg_scope){0};
    db->sees_all = false;
}

void vg_db_for(vg_db *db, const void *reader)
{
    db->reader = reader;
}

const void *vg_db_reader(const vg_db *db)
{
    return db->reader;
}

void vg_db_see_all(vg_db *db)
{
    db->sees_all = true;
}

static vg_status one_view(vg_db *db, const vg_table *t, vg_err *err)
{
    char sql[512];
    snprintf(sql, sizeof sql, "CREATE TEMP VIEW IF NOT EXISTS v_%s AS SELECT %s* FROM main.%s%s",
             t->name, t->keyed ? "" : "rowid AS row_id, ", t->name,
             t->open ? "" : " WHERE vg_visible(label, world)");
    return vg_script(db, sql, err);
}

vg_status vg_db_views(vg_db *db, const vg_table *tables, vg_err *err)
{
    if (db->mode == VG_DB_WRITER) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "views on a writer");
    }
    if (db->n_sets == TABLE_SETS) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "more than %d modules", TABLE_SETS);
    }
    db->sets[db->n_sets++] = tables;
    // neither deterministic (it depends on the scope) nor direct-only (the views call it)
    int rc = sqlite3_create_function(db->h, "vg_visible", 2, SQLITE_UTF8, db, visible, NULL, NULL);
    if (rc == SQLITE_OK && db->mode == VG_DB_SCOPED) {
        rc = sqlite3_set_authorizer(db->h, authorize, db);
    }
    if (rc != SQLITE_OK) {
        return vg_sqlite_fail(db, rc, err);
    }
    db->views_open = true;  // before the pragma: the authorizer refuses pragmas, too
    vg_status s = vg_script(db, "PRAGMA query_only=OFF", err);
    for (const vg_table *t = tables; s == VG_OK && t && t->name; t++) {
        s = t->cls == VG_VAULT ? VG_OK : one_view(db, t, err);
    }
    if (s == VG_OK) {
        s = vg_script(db, "PRAGMA query_only=ON", err);
    }
    db->views_open = false;
    return s;
}

static void on_update(void *ctx, int op, const char *db_name, const char *table,
                      sqlite3_int64 rowid)
{
    (void)db_name;
    const vg_db *db = ctx;
    if (op != SQLITE_DELETE) {
        db->on_change(db->change_ctx, table, rowid);
    }
}

void vg_db_on_change(vg_db *db, void (*fn)(void *ctx, const char *table, int64_t rowid), void *ctx)
{
    db->on_change = fn;
    db->change_ctx = ctx;
    sqlite3_update_hook(db->h, fn ? on_update : NULL, db);
}
