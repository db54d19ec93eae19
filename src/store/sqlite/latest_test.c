// SPDX-License-Identifier: Apache-2.0
// Writes kept back: whatever is mixed with them, a database that gathers is never told apart from one that
// writes at once, except by how often it writes.
#include "store/store.h"

#include "base/prop_test.h"
#include "store/temp_test.h"

#include <setjmp.h>
#include <cmocka.h>

enum { ZONES = 3000, STEPS = 20000 };

static const char LAST[] = "UPDATE zone SET at = ?, kind = ? WHERE id = ?";
static const char OTHER[] = "UPDATE zone SET kind = ? WHERE id = ?";
static const char LONG[] =
    "a kind whose name is far too long to be kept back beside a thousand others, "
    "so it goes straight in";

typedef struct rig {
    char dir[300];
    vg_db *plain, *gathers;
    int64_t writes[2];
} rig;

static void on_change(void *ctx, const char *table, int64_t rowid)
{
    (void)table;
    (void)rowid;
    ++*(int64_t *)ctx;
}

static vg_db *open_one(rig *r, const char *name, size_t i)
{
    char path[340];
    vg_db *db = NULL;
    snprintf(path, sizeof path, "%s/%s", r->dir, name);
    assert_int_equal(vg_db_open(path, VG_DB_WRITER, &db, NULL), VG_OK);
    assert_int_equal(
        vg_script(
            db,
            "CREATE TABLE zone (id TEXT PRIMARY KEY, at BIGINT, kind TEXT NOT NULL, n INTEGER "
            "NOT NULL DEFAULT 0); WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 "
            "FROM k WHERE i < 2999) INSERT INTO zone (id, kind) SELECT 'z' || i, '' FROM k",
            NULL),
        VG_OK);
    vg_db_on_change(db, on_change, &r->writes[i]);
    return db;
}

static int setup(void **state)
{
    rig *r = vg_alloc(sizeof *r);
    vg_temp_create(r->dir);
    r->plain = open_one(r, "plain", 0);
    r->gathers = open_one(r, "gathers", 1);
    vg_db_gather(r->gathers);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig *r = *state;
    vg_db_close(r->plain);
    vg_db_close(r->gathers);
    vg_temp_remove(r->dir);
    free(r);
    return 0;
}

static void last(vg_db *db, const char *zone, int64_t at, const char *kind)
{
    assert_int_equal(vg_exec_latest(db, LAST, VG_VALS(vg_i(at), vg_z(kind), vg_z(zone)), NULL),
                     VG_OK);
}

static int64_t at_of(vg_db *db, const char *zone)
{
    int64_t v = -1;
    assert_int_equal(
        vg_one_i64(db, "SELECT at FROM zone WHERE id = ?", VG_VALS(vg_z(zone)), -1, &v, NULL),
        VG_OK);
    return v;
}

static int64_t sum(vg_db *db)
{
    int64_t v = -1;
    assert_int_equal(vg_one_i64(db,
                                "SELECT sum(rowid * (at * 7 + length(kind) + n * 31 + "
                                "coalesce(unicode(kind), 0))) FROM zone",
                                VG_NOVALS, -1, &v, NULL),
                     VG_OK);
    return v;
}

static void step(vg_db *db, unsigned what, const char *zone, int64_t at)
{
    const char *const kinds[] = {"door", "motion", "fire", LONG};
    const char *kind = kinds[at % 4];
    if (what < 60) {
        last(db, zone, at, kind);
    } else if (what < 75) {
        assert_int_equal(vg_exec_latest(db, OTHER, VG_VALS(vg_z(kind), vg_z(zone)), NULL), VG_OK);
    } else if (what < 90) {  // reads what the others wrote
        assert_int_equal(vg_exec(db, "UPDATE zone SET n = n + coalesce(at, 1) WHERE id = ?",
                                 VG_VALS(vg_z(zone)), NULL),
                         VG_OK);
    } else if (what < 93) {
        assert_int_equal(vg_savepoint(db, NULL), VG_OK);
        last(db, zone, at + 1, "gone");
        vg_rollback_to(db);
    } else if (what < 96) {
        assert_int_equal(vg_savepoint(db, NULL), VG_OK);
        last(db, zone, at + 1, "kept");
        assert_int_equal(vg_release(db, NULL), VG_OK);
    } else if (what < 98) {
        assert_int_equal(vg_commit(db, NULL), VG_OK);
        assert_int_equal(vg_begin(db, NULL), VG_OK);
    } else {
        assert_int_equal(vg_script(db,
                                   "UPDATE zone SET n = n + at WHERE at IS NOT NULL AND "
                                   "rowid < 9",
                                   NULL),
                         VG_OK);
    }
}

static void test_like_writing_at_once(void **state)
{
    rig *r = *state;
    vg_prop p = vg_prop_seed("latest");
    const uint64_t zones = vg_prop_below(&p, 2) ? 20 : ZONES;  // few that repeat, or more than fit
    assert_int_equal(vg_begin(r->plain, NULL), VG_OK);
    assert_int_equal(vg_begin(r->gathers, NULL), VG_OK);
    for (int64_t i = 0; i < STEPS; i++) {
        char zone[16];
        const unsigned what = (unsigned)vg_prop_below(&p, 100);
        snprintf(zone, sizeof zone, "z%llu", (unsigned long long)vg_prop_below(&p, zones));
        step(r->plain, what, zone, i);
        step(r->gathers, what, zone, i);
        if (vg_prop_below(&p, 50) == 0) {
            assert_int_equal(at_of(r->gathers, zone), at_of(r->plain, zone));
        }
    }
    assert_int_equal(vg_commit(r->plain, NULL), VG_OK);
    assert_int_equal(vg_commit(r->gathers, NULL), VG_OK);
    assert_int_equal(sum(r->gathers), sum(r->plain));
    assert_true(r->writes[1] <= r->writes[0]);
}

static void test_many_cost_one(void **state)
{
    rig *r = *state;
    assert_int_equal(vg_begin(r->gathers, NULL), VG_OK);
    for (int64_t i = 1; i <= 1000; i++) {
        last(r->gathers, i % 2 ? "z1" : "z2", i, "door");
    }
    assert_int_equal(r->writes[1], 0);
    assert_int_equal(vg_commit(r->gathers, NULL), VG_OK);
    assert_int_equal(r->writes[1], 2);
    assert_int_equal(at_of(r->gathers, "z1"), 999);
    assert_int_equal(at_of(r->gathers, "z2"), 1000);
}

static void test_a_roll_back_forgets(void **state)
{
    rig *r = *state;
    assert_int_equal(vg_begin(r->gathers, NULL), VG_OK);
    last(r->gathers, "z1", 5, "door");
    vg_rollback(r->gathers);
    assert_int_equal(vg_begin(r->gathers, NULL), VG_OK);
    assert_int_equal(vg_commit(r->gathers, NULL), VG_OK);
    assert_int_equal(r->writes[1], 0);
    assert_int_equal(at_of(r->gathers, "z1"), -1);
}

// What cannot be written is told to whoever would have seen that it is missing.
static void test_a_late_error_is_told(void **state)
{
    rig *r = *state;
    assert_int_equal(vg_begin(r->gathers, NULL), VG_OK);
    assert_int_equal(vg_exec_latest(r->gathers, LAST, VG_VALS(vg_i(1), vg_nil(), vg_z("z1")), NULL),
                     VG_OK);
    assert_int_equal(vg_commit(r->gathers, NULL), VG_ECONFLICT);  // kind is NOT NULL
    vg_rollback(r->gathers);
    assert_int_equal(at_of(r->gathers, "z1"), -1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_like_writing_at_once),
        T(test_many_cost_one),
        T(test_a_roll_back_forgets),
        T(test_a_late_error_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
