// SPDX-License-Identifier: Apache-2.0
// The chain: appending, undoing, sealing, and that verification notices every change anybody could make to
// what was written: any byte of any column, a row too many or too few, a log cut short, a seal of another
// key. Random cases print their seed.
#include "journal/journal.h"

#include "base/prop_test.h"
#include "journal/chain.h"
#include "store/temp_test.h"

#include <setjmp.h>
#include <cmocka.h>

static const unsigned char SEED[32] = {1}, OTHER_SEED[32] = {2};
static const char *const SITES[] = {"", "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"};

typedef struct rig {
    char dir[300], path[340];
    vg_db *db;
    vg_journal *j;
    vg_prop prop;
    int64_t now_us;
    unsigned char key[32];
} rig;

static int setup(void **state)
{
    rig *r = vg_alloc(sizeof *r);
    vg_temp_create(r->dir);
    snprintf(r->path, sizeof r->path, "%s/j.db", r->dir);
    assert_int_equal(vg_db_open(r->path, VG_DB_WRITER, &r->db, NULL), VG_OK);
    assert_int_equal(vg_journal_open(r->db, SEED, &r->j, NULL), VG_OK);
    assert_int_equal(vg_script(r->db, "PRAGMA synchronous=OFF", NULL), VG_OK);
    vg_journal_public_key(SEED, r->key);
    r->prop = vg_prop_seed("journal");
    r->now_us = INT64_C(1800000000000000);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig *r = *state;
    vg_journal_close(r->j);
    vg_db_close(r->db);
    vg_temp_remove(r->dir);
    free(r);
    return 0;
}

static vg_event random_event(rig *r, const char *site, char body[80])
{
    vg_prop *p = &r->prop;
    snprintf(body, 80, "{\"n\":%llu}", (unsigned long long)vg_prop_next(p));
    vg_event e = {.kind = VG_S("t.happened"),
                  .version = (int32_t)vg_prop_below(p, 9),
                  .label = (int32_t)vg_prop_below(p, 300),
                  .purpose = (int32_t)vg_prop_below(p, 2),
                  .world = (int64_t)vg_prop_below(p, 3),
                  .site = vg_str_c(site),
                  .subject = VG_S("0123456789abcdef"),
                  .actor = VG_S("device"),
                  .captured_us = r->now_us - (int64_t)vg_prop_below(p, 1000000),
                  .received_us = r->now_us,
                  .source = VG_S("ssssssssssssssss"),
                  .source_seq = (int64_t)vg_prop_below(p, 10000) - 1,
                  .cause_log = (uint32_t)vg_prop_below(p, 3),
                  .cause_seq = (int64_t)vg_prop_below(p, 3),
                  .body = vg_str_c(body)};
    e.command = vg_cmd_random();
    if (vg_prop_below(p, 3) == 0) {
        e.personal = VG_S("\x01\x02\x03\x00\xFFpersonal");
        e.person = VG_S("pppppppppppppppp");
    }
    return e;
}

static void append(rig *r, const char *site, int n)
{
    char body[80];
    assert_int_equal(vg_begin(r->db, NULL), VG_OK);
    for (int i = 0; i < n; i++) {
        vg_event e = random_event(r, site, body);
        assert_int_equal(vg_journal_log(r->j, e.site, &e.log, NULL), VG_OK);
        r->now_us += (int64_t)vg_prop_below(&r->prop, 2000);
        assert_int_equal(vg_journal_append(r->j, &e, r->now_us, NULL), VG_OK);
    }
    assert_int_equal(vg_journal_seal(r->j, r->now_us, false, NULL), VG_OK);
    assert_int_equal(vg_commit(r->db, NULL), VG_OK);
    vg_journal_settle(r->j, true);
}

static void seal_all(rig *r)
{
    assert_int_equal(vg_begin(r->db, NULL), VG_OK);
    assert_int_equal(vg_journal_seal(r->j, r->now_us, true, NULL), VG_OK);
    assert_int_equal(vg_commit(r->db, NULL), VG_OK);
    vg_journal_settle(r->j, true);
}

static void fill(rig *r, int rounds, int each)
{
    for (int i = 0; i < rounds; i++) {
        append(r, SITES[vg_prop_below(&r->prop, VG_LEN(SITES))], each);
    }
    seal_all(r);
}

static vg_status verify(rig *r, vg_verify_report *rep)
{
    vg_err err = {0};
    return vg_journal_verify(r->db, r->key, rep, &err);
}

static int64_t one(rig *r, const char *sql)
{
    int64_t v;
    assert_int_equal(vg_one_i64(r->db, sql, VG_NOVALS, -1, &v, NULL), VG_OK);
    return v;
}

static void script(rig *r, const char *sql)
{
    vg_err err = {0};
    if (vg_script(r->db, sql, &err) != VG_OK) {
        fail_msg("%s: %s", sql, err.detail);
    }
}

static void test_whole(void **state)
{
    rig *r = *state;
    fill(r, 30, 50);
    vg_verify_report rep;
    assert_int_equal(verify(r, &rep), VG_OK);
    assert_int_equal(rep.events, 1500);
    assert_int_equal(rep.logs, one(r, "SELECT count(DISTINCT id >> 40) FROM event"));
    assert_int_equal(rep.seals, one(r, "SELECT count(*) FROM seal"));
    assert_int_equal(
        one(r,
            "SELECT count(*) FROM (SELECT recorded <= lag(recorded) OVER (ORDER BY recorded) AS bad"
            " FROM event) WHERE bad"),
        0);
    assert_int_equal(
        one(r, "SELECT count(*) FROM (SELECT recorded <= lag(recorded) OVER (PARTITION BY id >> 40"
               " ORDER BY id) AS bad FROM event) WHERE bad"),
        0);
    append(r, "", 5000);  // more than a page of verification
    assert_int_equal(verify(r, &rep), VG_OK);
}

static void test_pages(void **state)
{
    rig *r = *state;
    for (int n = 4094; n <= 4098; n++) {  // at the edge of a page, with the seal at it
        script(r, "DELETE FROM event; DELETE FROM seal");
        vg_journal_close(r->j);
        assert_int_equal(vg_journal_open(r->db, SEED, &r->j, NULL), VG_OK);
        append(r, "", n);
        seal_all(r);
        vg_verify_report rep;
        assert_int_equal(verify(r, &rep), VG_OK);
        assert_int_equal(rep.events, n);
    }
}

// --- every column ---------------------------------------------------------------------------------
static const struct column {
    const char *name;
    char type;  // i integer, n narrow integer, t text, b blob
} EVENT_COLUMNS[] =
    {
        {"id", 'i'},       {"kind", 't'},     {"version", 'n'}, {"label", 'n'},
        {"purpose", 'n'},  {"world", 'i'},    {"site", 't'},    {"subject", 't'},
        {"actor", 't'},    {"command", 'b'},  {"cause", 'i'},   {"captured", 'i'},
        {"received", 'i'}, {"recorded", 'i'}, {"source", 't'},  {"source_seq", 'i'},
        {"body", 't'},     {"personal", 'b'}, {"person", 't'},  {"hash", 'b'},
        {"salt", 'b'},
},
  SEAL_COLUMNS[] = {{"id", 'i'}, {"hash", 'b'}, {"sealed", 'i'}, {"key", 'b'}, {"signature", 'b'}};

static void spoil_text(rig *r, const char *table, const struct column *c, int64_t id, vg_str old)
{
    char sql[160];
    unsigned char bytes[256];
    assert_true(old.n < sizeof bytes - 1);
    memcpy(bytes, old.p, old.n);
    size_t n = old.n;
    const uint64_t how = vg_prop_below(&r->prop, n ? 3 : 1);
    if (how == 0) {
        bytes[n++] = 'x';
    } else if (how == 1) {
        n--;
    } else {
        bytes[vg_prop_below(&r->prop, n)] ^=
            (unsigned char)(1u << vg_prop_below(&r->prop, c->type == 't' ? 5 : 8));
    }
    snprintf(sql, sizeof sql, "UPDATE %s SET %s = ? WHERE id = ?", table, c->name);
    const vg_str v = {(const char *)bytes, n};
    assert_int_equal(
        vg_exec(r->db, sql, VG_VALS(c->type == 't' ? vg_t(v) : vg_b(v.p, v.n), vg_i(id)), NULL),
        VG_OK);
}

// Changes one value of one row; false when the row has nothing to change there.
static bool spoil(rig *r, const char *table, const struct column *c, int64_t id)
{
    char sql[160];
    vg_rows *rows;
    snprintf(sql, sizeof sql, "SELECT %s FROM %s WHERE id = %lld", c->name, table, (long long)id);
    assert_int_equal(vg_rows_open_once(r->db, sql, VG_NOVALS, &rows, NULL), VG_OK);
    assert_true(vg_rows_next(rows));
    const bool null = vg_row_null(rows, 0);
    const int64_t i = vg_row_i64(rows, 0);
    char copy[200];
    vg_str old = vg_row_str(rows, 0);
    memcpy(copy, old.p, old.n < sizeof copy ? old.n : sizeof copy);
    old.p = copy;
    assert_int_equal(vg_rows_close(rows, NULL), VG_OK);
    if (null) {
        return false;
    }
    if (c->type == 't' || c->type == 'b') {
        spoil_text(r, table, c, id, old);
        return true;
    }
    const int64_t bit = INT64_C(1) << vg_prop_below(&r->prop, strcmp(c->name, "id") == 0 ? 40 : 63);
    snprintf(sql, sizeof sql, "UPDATE OR IGNORE %s SET %s = ? WHERE id = ?", table, c->name);
    assert_int_equal(vg_exec(r->db, sql, VG_VALS(vg_i(i ^ bit), vg_i(id)), NULL), VG_OK);
    return vg_changes(r->db) == 1;
}

static void each_column(rig *r, const char *table, const struct column *cols, size_t n_cols,
                        int tries)
{
    char sql[100];
    snprintf(
        sql, sizeof sql,
        "SELECT id FROM %s ORDER BY id LIMIT 1 OFFSET abs(random()) %% (SELECT count(*) FROM %s)",
        table, table);
    for (size_t c = 0; c < n_cols; c++) {
        for (int done = 0; done < tries;) {
            script(r, "SAVEPOINT try");
            const int64_t id = one(r, sql);
            if (spoil(r, table, &cols[c], id)) {
                vg_verify_report rep;
                if (verify(r, &rep) != VG_ECORRUPT || !rep.why || !rep.bad_log) {
                    fail_msg("a change of %s.%s at %lld went unnoticed", table, cols[c].name,
                             (long long)id);
                }
                done++;
            }
            script(r, "ROLLBACK TO try; RELEASE try");
        }
    }
}

// The same bytes as another type: the hash is the same, but no query by kind, site or subject finds them.
static void test_another_type(void **state)
{
    rig *r = *state;
    char sql[160];
    vg_verify_report rep;
    fill(r, 4, 10);
    for (size_t c = 0; c < VG_LEN(EVENT_COLUMNS); c++) {
        const struct column *col = &EVENT_COLUMNS[c];
        if (col->type == 't' || col->type == 'b') {
            script(r, "SAVEPOINT try");
            snprintf(sql, sizeof sql, "UPDATE event SET %s = CAST(%s AS %s) WHERE %s IS NOT NULL",
                     col->name, col->name, col->type == 't' ? "BLOB" : "TEXT", col->name);
            script(r, sql);
            assert_int_equal(verify(r, &rep), VG_ECORRUPT);
            script(r, "ROLLBACK TO try; RELEASE try");
        }
    }
    script(r, "UPDATE event SET person = '' WHERE person IS NULL");
    assert_int_equal(verify(r, &rep), VG_ECORRUPT);
}

static void test_any_column(void **state)
{
    rig *r = *state;
    fill(r, 12, 20);
    each_column(r, "event", EVENT_COLUMNS, VG_LEN(EVENT_COLUMNS), 12);
    each_column(r, "seal", SEAL_COLUMNS, VG_LEN(SEAL_COLUMNS), 12);
    vg_verify_report rep;
    assert_int_equal(verify(r, &rep), VG_OK);
}

static void test_tampering(void **state)
{
    rig *r = *state;
    static const struct {
        const char *sql, *why;
    } cases[] = {
        {"DELETE FROM event WHERE id = (1 << 40) + 7", "verify.gap"},
        {"DELETE FROM event WHERE id = (1 << 40) + 1", "verify.gap"},
        {"DELETE FROM event WHERE id = (SELECT max(id) FROM event)", "verify.cut"},
        {"DELETE FROM event WHERE id > (1 << 40) + 30 AND id < (2 << 40)", "verify.cut"},
        {"DELETE FROM event WHERE id >> 40 = 2", "verify.cut"},
        {"DELETE FROM event", "verify.cut"},
        {"INSERT INTO event SELECT id + 500, kind, version, label, purpose, world, site, subject, "
         "actor, command, cause,"
         " captured, received, recorded, source, source_seq, body, personal, person, hash, salt "
         "FROM event"
         " WHERE id = (3 << 40) + 1",
         "verify.gap"},
        {"INSERT INTO event SELECT -5, kind, version, label, purpose, world, site, subject, actor, "
         "command, cause,"
         " captured, received, recorded, source, source_seq, body, personal, person, hash, salt "
         "FROM event"
         " WHERE id = (1 << 40) + 1",
         "verify.site"},
        {"UPDATE event SET version = version || 'x' WHERE id = (1 << 40) + 3", "verify.hash"},
        {"UPDATE event SET label = label + (1 << 32) WHERE id = (1 << 40) + 3", "verify.hash"},
        {"UPDATE event SET hash = hash || x'00' WHERE id = (1 << 40) + 3", "verify.hash"},
        {"UPDATE event SET salt = salt || x'00' WHERE id = (1 << 40) + 3", "verify.hash"},
        {"UPDATE journal_format SET format = 1", "verify.format"},
        {"DELETE FROM journal_format", "verify.format"},
        {"UPDATE event SET site = 'bbbbbbbbbbbbbbbb' WHERE id = (1 << 40) + 3", "verify.site"},
        {"UPDATE log SET site = 'cccccccccccccccc' WHERE log = 2", "verify.site"},
        {"DELETE FROM log WHERE log = 3", "verify.site"},
        {"UPDATE seal SET key = zeroblob(32)", "verify.seal"},
        {"UPDATE seal SET sealed = sealed + 1", "verify.seal"},
        {"UPDATE seal SET signature = (SELECT signature FROM seal ORDER BY id DESC LIMIT 1) WHERE "
         "id ="
         " (SELECT min(id) FROM seal)",
         "verify.seal"},
    };
    for (int i = 0; i < 3; i++) {
        append(r, SITES[i], 60);
    }
    seal_all(r);
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        vg_verify_report rep;
        script(r, "SAVEPOINT try");
        script(r, cases[i].sql);
        const vg_status s = verify(r, &rep);
        if (s != VG_ECORRUPT || strcmp(rep.why, cases[i].why) != 0) {
            fail_msg("%s: %s", cases[i].sql, s == VG_OK ? "unnoticed" : rep.why);
        }
        script(r, "ROLLBACK TO try; RELEASE try");
    }
}

// A journal from before the format was said is refused as such: opened, it would look broken.
static void test_older_format(void **state)
{
    rig *r = *state;
    vg_err err = {0};
    fill(r, 2, 10);
    vg_journal_close(r->j);
    r->j = NULL;
    script(r, "DROP TABLE journal_format");
    assert_int_equal(vg_journal_readable(r->db, &err), VG_ECORRUPT);
    assert_string_equal(err.key, "verify.format");
    assert_int_equal(vg_journal_open(r->db, SEED, &r->j, &err), VG_ECORRUPT);
    assert_string_equal(err.key, "verify.format");
    script(r, "INSERT INTO journal_format (format) VALUES (2)");
    assert_int_equal(vg_journal_open(r->db, SEED, &r->j, &err), VG_OK);
}

// The chain can be gone through with the leaves alone, and a leaf says nothing that can be guessed: the same event
// with another salt has another.
static void test_leaves(void **state)
{
    rig *r = *state;
    char body[80];
    unsigned char leaf[VG_HASH_BYTES], again[VG_HASH_BYTES], hash[VG_HASH_BYTES] = {0};
    assert_int_equal(vg_begin(r->db, NULL), VG_OK);
    for (int i = 0; i < 20; i++) {
        vg_event e = random_event(r, "", body);
        e.log = VG_LOG_NODE;
        assert_int_equal(vg_journal_append(r->j, &e, ++r->now_us, NULL), VG_OK);
        vg_chain_leaf(&e, leaf);
        vg_chain_step(hash, leaf, hash);
        assert_memory_equal(hash, e.hash, sizeof hash);
        e.salt[vg_prop_below(&r->prop, sizeof e.salt)] ^= 1;
        vg_chain_leaf(&e, again);
        assert_memory_not_equal(leaf, again, sizeof leaf);
    }
    assert_int_equal(vg_commit(r->db, NULL), VG_OK);
    vg_journal_settle(r->j, true);
}

static void test_other_key(void **state)
{
    rig *r = *state;
    fill(r, 3, 10);
    vg_verify_report rep;
    unsigned char other[32];
    vg_journal_public_key(OTHER_SEED, other);
    assert_int_equal(vg_journal_verify(r->db, other, &rep, NULL), VG_ECORRUPT);
    assert_string_equal(rep.why, "verify.seal");
    assert_int_equal(vg_journal_verify(r->db, NULL, &rep, NULL), VG_OK);
}

// --- undoing --------------------------------------------------------------------------------------
static void test_undo(void **state)
{
    rig *r = *state;
    char body[80];
    fill(r, 2, 10);
    for (int round = 0; round < 300; round++) {
        assert_int_equal(vg_begin(r->db, NULL), VG_OK);
        for (int k = 0; k < 4; k++) {
            vg_journal_mark(r->j);
            assert_int_equal(vg_savepoint(r->db, NULL), VG_OK);
            vg_event e = random_event(r, SITES[vg_prop_below(&r->prop, VG_LEN(SITES))], body);
            assert_int_equal(vg_journal_log(r->j, e.site, &e.log, NULL), VG_OK);
            assert_int_equal(vg_journal_append(r->j, &e, ++r->now_us, NULL), VG_OK);
            if (vg_prop_below(&r->prop, 3) == 0) {
                vg_rollback_to(r->db);
                vg_journal_undo(r->j);
            } else {
                assert_int_equal(vg_release(r->db, NULL), VG_OK);
            }
        }
        assert_int_equal(vg_journal_seal(r->j, r->now_us, round % 7 == 0, NULL), VG_OK);
        const bool keep = vg_prop_below(&r->prop, 3) != 0;
        if (keep) {
            assert_int_equal(vg_commit(r->db, NULL), VG_OK);
        } else {
            vg_rollback(r->db);
        }
        vg_journal_settle(r->j, keep);
    }
    seal_all(r);
    vg_verify_report rep;
    assert_int_equal(verify(r, &rep), VG_OK);
    for (uint32_t log = 1; log <= 3; log++) {
        char sql[100];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM event WHERE id >> 40 = %u", log);
        assert_int_equal(vg_journal_head(r->j, log), one(r, sql));
    }
}

static void test_reopen(void **state)
{
    rig *r = *state;
    vg_verify_report rep;
    for (int i = 0; i < 20; i++) {
        append(r, SITES[i % 3], (int)vg_prop_below(&r->prop, 40) + 1);
        vg_journal_close(r->j);
        assert_int_equal(vg_journal_open(r->db, SEED, &r->j, NULL), VG_OK);
    }
    seal_all(r);
    assert_int_equal(verify(r, &rep), VG_OK);
}

// --- time -----------------------------------------------------------------------------------------
static void test_clock_back(void **state)
{
    rig *r = *state;
    append(r, SITES[1], 5);
    const int64_t last = one(r, "SELECT max(recorded) FROM event");
    r->now_us -= INT64_C(3600000000);  // an hour back
    append(r, SITES[2], 5);            // in another log too: the order is over all
    assert_int_equal(one(r, "SELECT min(recorded) FROM event WHERE id >> 40 = 3") > last, 1);
    vg_journal_close(r->j);
    assert_int_equal(vg_journal_open(r->db, SEED, &r->j, NULL), VG_OK);
    append(r, SITES[1], 5);
    assert_int_equal(one(r, "SELECT count(*) FROM event"),
                     one(r, "SELECT count(DISTINCT recorded) FROM event"));
    vg_verify_report rep;
    seal_all(r);
    assert_int_equal(verify(r, &rep), VG_OK);
}

static void test_seals(void **state)
{
    rig *r = *state;
    append(r, "", 10);
    assert_int_equal(one(r, "SELECT count(*) FROM seal"), 0);
    assert_false(vg_journal_seal_due(r->j, r->now_us));
    assert_true(vg_journal_seal_due(r->j, r->now_us + VG_SEAL_AFTER_US));
    append(r, "", 246);
    assert_int_equal(one(r, "SELECT count(*) FROM seal"), 1);  // 256 events
    assert_false(vg_journal_seal_due(r->j, r->now_us + VG_SEAL_AFTER_US));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_whole),     T(test_pages),        T(test_any_column), T(test_another_type),
        T(test_tampering), T(test_older_format), T(test_leaves),     T(test_other_key),
        T(test_undo),      T(test_reopen),       T(test_clock_back), T(test_seals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
