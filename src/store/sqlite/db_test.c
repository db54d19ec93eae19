// SPDX-License-Identifier: Apache-2.0
// Connections: the cache of statements, errors by their meaning, transactions, changes, migrations, copies;
// and secrecy at the bottom: on a scoped connection a forgotten filter does not compile.
#include "store/store.h"

#include "base/clock.h"
#include "store/temp_test.h"

#include <setjmp.h>
#include <cmocka.h>

static const char SCHEMA[] =
    "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, label INTEGER NOT NULL, "
    "world BIGINT NOT NULL);"
    "CREATE TABLE kind (code TEXT PRIMARY KEY); CREATE TABLE secret (id INTEGER PRIMARY KEY, v "
    "BLOB);"
    "INSERT INTO kind VALUES ('a'), ('b'); INSERT INTO secret VALUES (1, x'00ff');"
    "INSERT INTO note VALUES "
    "(1,'one',0,0),(2,'two',1,0),(3,'drill',0,7),(4,'odd',64,0),(5,'none',-1,0);";
static const vg_table TABLES[] = {{"note", VG_PROJECTION, false},
                                  {"kind", VG_PROJECTION, true},
                                  {"secret", VG_VAULT, false},
                                  {0}};

typedef struct rig {
    char dir[300], path[340];
    vg_db *w;
} rig;

static int setup(void **state)
{
    rig *r = vg_alloc(sizeof *r);
    vg_temp_create(r->dir);
    snprintf(r->path, sizeof r->path, "%s/t.db", r->dir);
    assert_int_equal(vg_db_open(r->path, VG_DB_WRITER, &r->w, NULL), VG_OK);
    assert_int_equal(vg_script(r->w, SCHEMA, NULL), VG_OK);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig *r = *state;
    vg_db_close(r->w);
    vg_temp_remove(r->dir);
    free(r);
    return 0;
}

static int64_t one(vg_db *db, const char *sql)
{
    int64_t v = -99;
    vg_err err = {0};
    assert_int_equal(vg_one_i64(db, sql, VG_NOVALS, -1, &v, &err), VG_OK);
    return v;
}

static vg_status try_sql(vg_db *db, const char *sql)
{
    vg_err err = {0};
    vg_rows *rows;
    const vg_status s = vg_rows_open_once(db, sql, VG_NOVALS, &rows, &err);
    if (s != VG_OK) {
        return s;
    }
    while (vg_rows_next(rows)) {
    }
    return vg_rows_close(rows, &err);
}

// --- statements -----------------------------------------------------------------------------------
static void test_cursors_of_one_text(void **state)
{
    rig *r = *state;
    static const char sql[] = "SELECT id FROM note WHERE id >= ? ORDER BY id";
    vg_rows *a, *b;
    assert_int_equal(vg_rows_open(r->w, sql, VG_VALS(vg_i(1)), &a, NULL), VG_OK);
    assert_int_equal(vg_rows_open(r->w, sql, VG_VALS(vg_i(4)), &b, NULL),
                     VG_OK);  // the first not yet stepped
    assert_true(vg_rows_next(a) && vg_rows_next(b));
    assert_int_equal(vg_row_i64(a, 0), 1);
    assert_int_equal(vg_row_i64(b, 0), 4);
    assert_int_equal(vg_rows_close(b, NULL), VG_OK);
    while (vg_rows_next(a)) {
    }
    assert_int_equal(vg_rows_open(r->w, sql, VG_VALS(vg_i(5)), &b, NULL),
                     VG_OK);  // the first is at its end
    assert_true(vg_rows_next(b));
    assert_int_equal(vg_rows_close(a, NULL), VG_OK);
    assert_int_equal(vg_row_i64(b, 0), 5);
    assert_false(vg_rows_next(b));
    assert_int_equal(vg_rows_close(b, NULL), VG_OK);
}

static void test_same_address_other_text(void **state)
{
    rig *r = *state;
    char sql[40];
    for (int i = 0; i < 3000; i++) {  // more texts than slots
        snprintf(sql, sizeof sql, "SELECT %d", i);
        assert_int_equal(one(r->w, sql), i);
    }
}

static void test_errors(void **state)
{
    rig *r = *state;
    vg_err err;
    assert_int_equal(vg_exec(r->w, "INSERT INTO note VALUES (9,'one',0,0)", VG_NOVALS, &err),
                     VG_ECONFLICT);
    assert_int_equal(vg_exec(r->w, "INSERT INTO note VALUES (9,?,0,0)", VG_NOVALS, &err),
                     VG_EINTERNAL);
    assert_int_equal(vg_exec(r->w, "SELECT nonsense", VG_NOVALS, &err), VG_EINTERNAL);
    vg_db *db;
    assert_int_equal(vg_db_open("/nonexistent/x.db", VG_DB_READER, &db, &err), VG_EIO);
    assert_int_equal(vg_db_open(r->path, VG_DB_READER, &db, &err), VG_OK);
    assert_int_equal(vg_exec(db, "DELETE FROM note", VG_NOVALS, &err),
                     VG_EIO);  // a reader only reads
    vg_db_close(db);
}

static void test_values(void **state)
{
    rig *r = *state;
    vg_rows *rows;
    assert_int_equal(
        vg_rows_open(r->w, "SELECT ?, ?, ?, ?, '12', 0.5",
                     VG_VALS(vg_i(INT64_MIN), vg_t(VG_S("a\0b")), vg_b("\0\1", 2), vg_nil()), &rows,
                     NULL),
        VG_OK);
    assert_true(vg_rows_next(rows));
    assert_true(vg_row_i64(rows, 0) == INT64_MIN);
    static const int types[] = {VG_V_I64, VG_V_TEXT, VG_V_BLOB, VG_V_NULL, VG_V_TEXT, -1};
    for (int i = 0; i < (int)VG_LEN(types); i++) {
        assert_int_equal(vg_row_type(rows, i), types[i]);
    }
    assert_int_equal(vg_row_str(rows, 1).n, 3);
    assert_int_equal(vg_row_str(rows, 2).n, 2);
    assert_true(vg_row_null(rows, 3) && vg_row_str(rows, 3).n == 0 && vg_row_i64(rows, 3) == 0);
    assert_int_equal(vg_rows_close(rows, NULL), VG_OK);
}

static void test_savepoints(void **state)
{
    rig *r = *state;
    assert_false(vg_in_transaction(r->w));
    assert_int_equal(vg_begin(r->w, NULL), VG_OK);
    assert_int_equal(vg_exec(r->w, "DELETE FROM note WHERE id = 1", VG_NOVALS, NULL), VG_OK);
    assert_int_equal(vg_savepoint(r->w, NULL), VG_OK);
    assert_int_equal(vg_exec(r->w, "DELETE FROM note", VG_NOVALS, NULL), VG_OK);
    assert_int_equal(vg_changes(r->w), 4);
    vg_rollback_to(r->w);
    assert_true(vg_in_transaction(r->w));
    assert_int_equal(vg_commit(r->w, NULL), VG_OK);
    assert_int_equal(one(r->w, "SELECT count(*) FROM note"), 4);
    vg_rollback(r->w);  // nothing open: no harm
}

static void note_change(void *ctx, const char *table, int64_t rowid)
{
    if (strcmp(table, "note") == 0) {
        *(int64_t *)ctx = *(int64_t *)ctx * 10 + rowid;
    }
}

static void test_changes(void **state)
{
    rig *r = *state;
    int64_t seen = 0;
    vg_db_on_change(r->w, note_change, &seen);
    assert_int_equal(vg_exec(r->w, "UPDATE note SET world = 1 WHERE id IN (2,4)", VG_NOVALS, NULL),
                     VG_OK);
    assert_int_equal(vg_exec(r->w, "DELETE FROM note WHERE id = 3", VG_NOVALS, NULL), VG_OK);
    assert_int_equal(vg_exec(r->w, "INSERT INTO note VALUES (9,'new',0,0)", VG_NOVALS, NULL),
                     VG_OK);
    assert_int_equal(seen, 249);  // the deletion is not a row to show
}

static void test_migrations(void **state)
{
    rig *r = *state;
    static const char one_sql[] = "CREATE TABLE m (x INTEGER);",
                      two_sql[] = "INSERT INTO m VALUES (1); nonsense;";
    const vg_embedded files[] = {{"0001.sql", (const unsigned char *)one_sql, sizeof one_sql - 1},
                                 {"0002.sql", (const unsigned char *)two_sql, sizeof two_sql - 1},
                                 {0}};
    vg_err err;
    assert_int_not_equal(vg_migrate(r->w, "m", files, &err), VG_OK);
    assert_int_not_equal(vg_migrate(r->w, "m", files, &err),
                         VG_OK);  // 0001 not twice, 0002 undone whole
    assert_int_equal(one(r->w, "SELECT count(*) FROM m"), 0);
    assert_int_equal(one(r->w, "SELECT count(*) FROM schema_version WHERE module = 'm'"), 1);
}

static void test_copy(void **state)
{
    rig *r = *state;
    char to[360];
    vg_db *db;
    snprintf(to, sizeof to, "%s/copy.db", r->dir);
    assert_int_equal(vg_begin(r->w, NULL), VG_OK);
    assert_int_equal(vg_exec(r->w, "DELETE FROM note", VG_NOVALS, NULL), VG_OK);
    assert_int_equal(vg_db_copy(r->path, to, NULL),
                     VG_OK);  // beside a writer in the middle of its work
    assert_int_equal(vg_commit(r->w, NULL), VG_OK);
    assert_int_equal(vg_db_open(to, VG_DB_READER, &db, NULL), VG_OK);
    assert_int_equal(one(db, "SELECT count(*) FROM note"), 5);
    vg_db_close(db);
    assert_true(vg_db_wal_bytes(r->path) > 0);
    int64_t left = -1;
    assert_int_equal(vg_db_checkpoint(r->w, &left, NULL), VG_OK);
    assert_int_equal(left, 0);
}

static void test_deadline(void **state)
{
    rig *r = *state;
    vg_db *db;
    assert_int_equal(vg_db_open(r->path, VG_DB_READER, &db, NULL), VG_OK);
    vg_db_deadline(db, vg_mono_us() + 20000);
    assert_int_equal(try_sql(db, "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t) "
                                 "SELECT count(*) FROM t"),
                     VG_EBUSY);
    vg_db_deadline(db, 0);
    assert_int_equal(one(db, "SELECT count(*) FROM note"), 5);
    vg_db_close(db);
}

// --- secrecy --------------------------------------------------------------------------------------
static vg_db *scoped(rig *r)
{
    vg_db *db;
    vg_err err = {0};
    assert_int_equal(vg_db_open(r->path, VG_DB_SCOPED, &db, NULL), VG_OK);
    assert_int_equal(vg_db_views(db, TABLES, &err), VG_OK);
    return db;
}

static void test_scope(void **state)
{
    rig *r = *state;
    vg_db *db = scoped(r);
    static const uint64_t zero[] = {1}, both[] = {3}, far[] = {0, 1};
    assert_int_equal(one(db, "SELECT count(*) FROM v_note"), 0);  // no scope: nothing
    vg_db_scope(db, &(vg_scope){zero, 64, 0});
    assert_int_equal(one(db, "SELECT sum(id) FROM v_note"), 1);  // label 0, real world
    vg_db_scope(db, &(vg_scope){zero, 64, 7});
    assert_int_equal(one(db, "SELECT sum(id) FROM v_note"), 4);  // and its own drill
    vg_db_scope(db, &(vg_scope){zero, 64, 8});
    assert_int_equal(one(db, "SELECT sum(id) FROM v_note"), 1);  // not another's
    vg_db_scope(db, &(vg_scope){both, 2, 0});
    assert_int_equal(one(db, "SELECT sum(id) FROM v_note"), 3);
    vg_db_scope(db, &(vg_scope){far, 65, 0});
    assert_int_equal(one(db, "SELECT sum(id) FROM v_note"), 4);
    vg_db_scope(db,
                &(vg_scope){far, 64, 0});  // a label past the end is not seen, nor a negative one
    assert_int_equal(one(db, "SELECT count(*) FROM v_note"), 0);
    assert_int_equal(one(db, "SELECT row_id FROM v_note"), -1);
    assert_int_equal(one(db, "SELECT count(*) FROM v_kind"), 2);  // a catalogue
    vg_db_scope(db, NULL);
    assert_int_equal(one(db, "SELECT count(*) FROM v_note"), 0);
    vg_db_close(db);
}

static void test_refused(void **state)
{
    rig *r = *state;
    vg_db *db = scoped(r);
    static const uint64_t all[] = {UINT64_MAX};
    static const char *const refused[] = {
        "SELECT count(*) FROM note",
        "SELECT v.text FROM v_note v JOIN note n ON n.id = v.id",
        "SELECT text FROM v_note WHERE id IN (SELECT id FROM note)",
        "WITH x AS (SELECT * FROM note) SELECT * FROM x",
        "SELECT * FROM secret",
        "SELECT * FROM kind",
        "SELECT * FROM main.note",
        "SELECT sql FROM sqlite_master",
        "PRAGMA query_only = 0",
        "DELETE FROM note",
        "INSERT INTO note VALUES (9,'x',0,0)",
        "CREATE TEMP VIEW v_x AS SELECT * FROM note",
        "DROP VIEW v_note",
        "ATTACH ':memory:' AS other",
    };
    vg_db_scope(db, &(vg_scope){all, 64, 0});
    for (size_t i = 0; i < VG_LEN(refused); i++) {
        if (try_sql(db, refused[i]) != VG_EDENIED) {
            fail_msg("not refused: %s", refused[i]);
        }
    }
    assert_int_not_equal(try_sql(db, "DELETE FROM v_note"), VG_OK);
    assert_int_not_equal(try_sql(db, "SELECT * FROM pragma_table_info('note')"), VG_OK);
    assert_int_equal(try_sql(db, "SELECT * FROM v_secret"),
                     VG_EINTERNAL);  // a vault has no view at all
    assert_int_equal(
        try_sql(db, "SELECT n.text FROM v_note n LEFT JOIN v_kind k ON k.code = n.text"), VG_OK);
    vg_db_close(db);
}

static void test_see_all(void **state)
{
    rig *r = *state;
    vg_db *db;
    assert_int_equal(vg_db_open(r->path, VG_DB_READER, &db, NULL), VG_OK);
    assert_int_equal(vg_db_views(db, TABLES, NULL), VG_OK);
    vg_db_see_all(db);
    assert_int_equal(one(db, "SELECT count(*) FROM v_note"), 5);
    assert_int_equal(one(db, "SELECT count(*) FROM note"), 5);
    vg_db_scope(db, NULL);
    assert_int_equal(one(db, "SELECT count(*) FROM v_note"), 0);
    vg_db_close(db);
    assert_int_equal(vg_db_views(r->w, TABLES, NULL), VG_EINTERNAL);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_cursors_of_one_text),
        T(test_same_address_other_text),
        T(test_errors),
        T(test_values),
        T(test_savepoints),
        T(test_changes),
        T(test_migrations),
        T(test_copy),
        T(test_deadline),
        T(test_scope),
        T(test_refused),
        T(test_see_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
