// SPDX-License-Identifier: Apache-2.0
// The invented province as a whole: every command of demo/province.jsonl succeeds, the journal gives the same
// tables again, the two files are there for their owner only, every device of the fleet is believed by the node,
// and the story of the first minutes raises the alert it is told for.
#include "app/demo_impl.h"
#include "app/simulate_kit.h"
#include "core/core.h"
#include "core/rebuild.h"
#include "ingest/driver.h"

#include <ftw.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct place {
    char dir[64];
    vg_core *core;
    vg_driver *driver;
    sim_fleet fleet;
    sim_net net;
} place;

static int64_t ask(place *p, const char *sql)
{
    vg_db *db;
    int64_t n = -1;
    vg_err err = {0};
    assert_int_equal(vg_inner_take(p->core, &db, &err), VG_OK);
    assert_int_equal(vg_one_i64(db, sql, VG_NOVALS, -1, &n, &err), VG_OK);
    vg_inner_give(p->core, db);
    return n;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static int setup(void **state)
{
    vg_err err = {0};
    place *p = vg_alloc(sizeof *p);
    snprintf(p->dir, sizeof p->dir, "/tmp/vonggac-demo-XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    snprintf(p->dir + strlen(p->dir), 8, "/d");
    assert_int_equal(vg_core_create(p->dir, &err), VG_OK);
    if (vg_demo_fill(p->dir, &err) != VG_OK) {
        print_error("%s %s: %s\n", err.key ? err.key : "", err.field, err.detail);
        fail();
    }
    assert_int_equal(sim_fleet_load(p->dir, &p->fleet, &err), VG_OK);
    for (uint16_t i = 0; i < p->fleet.n; i++) {
        p->fleet.v[i].poll_s = 0;  // only what a test says
    }
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    place *p = *state;
    sim_fleet_done(&p->fleet);
    *strrchr(p->dir, '/') = 0;
    nftw(p->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(p);
    return 0;
}

static void told(void *ctx, const sim_device *d, const sim_say *s, sim_answer a, int64_t took_us)
{
    (void)ctx;
    (void)took_us;
    if (a != SIM_ACK) {
        fail_msg("%s %s: %d", d->name, sim_act_name((sim_act)s->act), (int)a);
    }
}

static bool submit(void *ctx, vg_signals *batch)
{
    return vg_scribe_signals(ctx, batch);
}

static void start(place *p)
{
    vg_err err = {0};
    assert_int_equal(vg_core_open(p->dir, &p->core, &err), VG_OK);
    assert_int_equal(vg_core_start(p->core, &err), VG_OK);
    for (unsigned port = 27611; !p->driver && port < 27711; port++) {
        char at[32];
        snprintf(at, sizeof at, "127.0.0.1:%u", port);
        const vg_driver_options o = {.proto = &vg_ingest_dc09,
                                     .tcp = at,
                                     .udp = at,
                                     .submit = submit,
                                     .sources = vg_core_register(p->core),
                                     .submit_ctx = vg_core_scribe(p->core)};
        if (vg_driver_start(&o, &p->driver, &err) == VG_OK) {
            assert_int_equal(vg_addr_parse(vg_str_c(at), &p->net.dc09, &err), VG_OK);
        }
    }
    assert_non_null(p->driver);
    p->net.crypt = vg_dc09_crypt_create();
    p->net.told = told;
}

static void stop(place *p)
{
    vg_driver_stop(p->driver);
    vg_core_stop(p->core);
    vg_core_close(p->core);
    vg_dc09_crypt_destroy(p->net.crypt);
    p->driver = NULL;
    p->core = NULL;
}

// --- tests ----------------------------------------------------------------------------------------
static void the_province_is_whole(void **state)
{
    static const struct {
        const char *sql;
        int64_t least, most;
    } COUNTS[] = {
        {"SELECT count(*) FROM site", 8, 8},
        {"SELECT count(*) FROM agency", 2, 20},
        {"SELECT count(*) FROM agency WHERE custodian = 1", 1, 1},
        {"SELECT count(*) FROM site s WHERE (SELECT count(*) FROM post p WHERE p.site = s.id AND "
         "central = 1) = 1",
         8, 8},
        {"SELECT count(*) FROM site s WHERE (SELECT count(*) FROM drawing d WHERE d.site = s.id) "
         ">= 1",
         8, 8},
        {"SELECT count(*) FROM site s WHERE (SELECT count(*) FROM gate g WHERE g.site = s.id) >= 1",
         8, 8},
        {"SELECT count(*) FROM site s WHERE (SELECT count(*) FROM contact c WHERE c.site = s.id) "
         ">= 2",
         8, 8},
        {"SELECT count(*) FROM site s WHERE (SELECT count(*) FROM source x WHERE x.site = s.id) "
         "BETWEEN 2 AND 6",
         8, 8},
        {"SELECT count(*) FROM zone WHERE class = 'vault'", 2, 9},
        {"SELECT count(*) FROM source WHERE proto = 'webhook'", 2, 9},
        {"SELECT count(*) FROM source WHERE proto = 'dc09' AND key_len = 0", 2, 40},
        {"SELECT count(*) FROM source WHERE key_len = 32", 2, 40},
        {"SELECT count(*) FROM source WHERE deadline_s = 0", 0, 0},
        {"SELECT count(*) FROM zone z WHERE NOT EXISTS (SELECT 1 FROM drawing_layer l WHERE l.site "
         "="
         " z.site AND instr(l.elements, z.id) > 0)",
         0, 0},
        {"SELECT count(*) FROM source s WHERE NOT EXISTS (SELECT 1 FROM drawing_layer l WHERE "
         "l.site"
         " = s.site AND instr(l.elements, s.id) > 0)",
         0, 0},
        {"SELECT count(DISTINCT site) FROM zone_link WHERE state = 'active'", 5, 8},
        {"SELECT count(*) FROM site_position WHERE lat IS NOT NULL", 8, 8},
        {"SELECT count(*) FROM user_account", 8, 20},
    };
    place *p = *state;
    start(p);
    for (size_t i = 0; i < VG_LEN(COUNTS); i++) {
        const int64_t n = ask(p, COUNTS[i].sql);
        if (n < COUNTS[i].least || n > COUNTS[i].most) {
            fail_msg("%lld: %s", (long long)n, COUNTS[i].sql);
        }
    }
    assert_int_equal(p->fleet.n, ask(p, "SELECT count(*) FROM source") + 1);  // and the stranger
    stop(p);
}

static void the_journal_gives_the_same_tables(void **state)
{
    place *p = *state;
    vg_rebuild_report r;
    vg_err err = {0};
    assert_int_equal(vg_rebuild_check(p->dir, &r, &err), VG_OK);
    assert_true(r.events > 400 && r.rows > 400);
}

static void a_table_that_was_tampered_with_is_found_and_mended(void **state)
{
    static const struct {
        const char *table, *sql;
    } EVILS[] = {
        {"zone", "UPDATE zone SET last_signal_at = 5 WHERE rowid = 3"},
        {"site", "DELETE FROM site WHERE rowid = 2"},
        {"situation", "DELETE FROM situation"},  // came with the program, not by an event
        {"label", "UPDATE label SET agency = '' WHERE id = 2"},
    };
    const place *p = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/vonggac.db", p->dir);
    for (size_t i = 0; i < VG_LEN(EVILS); i++) {
        vg_db *db;
        vg_rebuild_report r;
        vg_err err = {0};
        assert_int_equal(vg_db_open(path, VG_DB_WRITER, &db, &err), VG_OK);
        assert_int_equal(vg_script(db, EVILS[i].sql, &err), VG_OK);
        vg_db_close(db);
        assert_int_equal(vg_rebuild_check(p->dir, &r, &err), VG_ECORRUPT);
        assert_string_equal(r.bad_table, EVILS[i].table);
        assert_int_equal(vg_rebuild(p->dir, &r, &err), VG_OK);
        assert_int_equal(vg_rebuild_check(p->dir, &r, &err), VG_OK);
    }
}

static void secrets_are_for_the_owner_only(void **state)
{
    static const char *const FILES[] = {"demo-logins.txt", "demo-devices.json"};
    const place *p = *state;
    for (size_t i = 0; i < VG_LEN(FILES); i++) {
        struct stat st;
        char path[128];
        snprintf(path, sizeof path, "%s/%s", p->dir, FILES[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_true(st.st_size > 500);
    }
}

static void a_plan_depends_on_the_seed_alone(void **state)
{
    const place *p = *state;
    sim_plan a = {0}, b = {0}, other = {0};
    vg_err err = {0};
    assert_int_equal(sim_plan_day(&a, &p->fleet, 7, 0, 0, &err), VG_OK);
    assert_int_equal(sim_plan_day(&b, &p->fleet, 7, 0, 1000, &err), VG_OK);
    assert_int_equal(sim_plan_day(&other, &p->fleet, 8, 0, 0, &err), VG_OK);
    assert_true(a.n == b.n && a.n > 500 && a.n < 20000);
    for (size_t i = 0; i < a.n; i++) {
        assert_int_equal(a.v[i].at_us + 1000, b.v[i].at_us);
        assert_true(a.v[i].device == b.v[i].device && a.v[i].act == b.v[i].act &&
                    a.v[i].point == b.v[i].point);
        assert_true(i == 0 || a.v[i - 1].at_us <= a.v[i].at_us);
    }
    assert_true(a.n != other.n || memcmp(a.v, other.v, a.n * sizeof *a.v) != 0);
    sim_plan_done(&a);
    sim_plan_done(&b);
    sim_plan_done(&other);
}

typedef struct told_lines {
    const sim_fleet *fleet;
    size_t opening;
} told_lines;

static vg_status count_line(void *ctx, json_t *line, vg_err *err)
{
    told_lines *t = ctx;
    const char *who = json_string_value(json_object_get(line, "device"));
    (void)err;
    if (sim_fleet_find(t->fleet, who) < 0) {
        fail_msg("the story tells of %s", who);
    }
    t->opening += json_string_value(json_object_get(line, "at"))[0] == '+';
    return VG_OK;
}

// On data of an older edition the rest of the story is told; on its own, all of it.
static void the_story_is_told_whole_where_its_devices_are(void **state)
{
    place *p = *state;
    sim_plan plan = {0};
    told_lines t = {.fleet = &p->fleet};
    vg_err err = {0};
    assert_int_equal(demo_each_line("story.jsonl", count_line, &t, &err), VG_OK);
    assert_int_equal(sim_plan_opening(&plan, &p->fleet, 0, &err), VG_OK);
    assert_int_equal(plan.n, t.opening);
    const int gone = sim_fleet_find(&p->fleet, "treasury_camera");
    char *name = p->fleet.v[gone].name;
    name[0] = 'x';
    assert_int_equal(sim_plan_opening(&plan, &p->fleet, 0, &err), VG_OK);
    name[0] = 't';
    assert_int_equal(plan.n, t.opening - 2);
    sim_plan_done(&plan);
}

static void every_device_is_believed(void **state)
{
    place *p = *state;
    start(p);
    for (uint16_t i = 0; i < p->fleet.n; i++) {
        sim_device *d = &p->fleet.v[i];
        const sim_say poll = {.device = i, .act = SIM_poll, .point = SIM_NO_POINT};
        if (d->transport != SIM_HTTP && strcmp(d->role, "stranger") != 0) {
            sim_queue(d, &poll, vg_mono_us());
        }
    }
    sim_kit_drain(&p->net, &p->fleet, false);
    assert_int_equal(ask(p, "SELECT count(*) FROM source WHERE proto = 'dc09' AND key_len > 0 AND "
                            "state <> 'alive'"),
                     0);
    assert_int_equal(ask(p, "SELECT count(*) FROM source WHERE proto = 'dc09' AND key_len = 0 AND "
                            "state <> 'unproven'"),
                     0);
    stop(p);
}

static void the_story_raises_its_alert(void **state)
{
    place *p = *state;
    sim_plan plan = {0};
    vg_err err = {0};
    start(p);
    assert_int_equal(sim_plan_opening(&plan, &p->fleet, 0, &err), VG_OK);
    assert_true(plan.n > 4);
    for (size_t i = 0; i < plan.n && plan.v[i].at_us < 80 * VG_SECOND_US; i++) {
        sim_queue(&p->fleet.v[plan.v[i].device], &plan.v[i], vg_mono_us());
        sim_kit_drain(&p->net, &p->fleet, false);
    }
    sim_plan_done(&plan);
    int64_t found = 0;
    for (int i = 0; i < 100 && found == 0; i++) {
        found = ask(p, "SELECT count(*) FROM alert a JOIN zone z ON z.id = a.zone"
                       " WHERE a.rule = 'fence_then_door' AND z.class = 'corridor'");
        usleep(found ? 0 : 50000);
    }
    assert_int_equal(found, 1);
    stop(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_province_is_whole),
        cmocka_unit_test(the_journal_gives_the_same_tables),
        cmocka_unit_test(a_table_that_was_tampered_with_is_found_and_mended),
        cmocka_unit_test(secrets_are_for_the_owner_only),
        cmocka_unit_test(a_plan_depends_on_the_seed_alone),
        cmocka_unit_test(the_story_is_told_whole_where_its_devices_are),
        cmocka_unit_test(every_device_is_believed),
        cmocka_unit_test(the_story_raises_its_alert),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, setup, teardown);
}
