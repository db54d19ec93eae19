// SPDX-License-Identifier: Apache-2.0
// The promises of the scribe and of one data directory: a repeated command, a failed one, a spoilt signal, a
// full disk, deadlines, time, erasure, labels. The disk is filled by the file size limit of the process.
#include "core/core_kit_test.h"

#include "core/core_impl.h"

#include <signal.h>
#include <sys/resource.h>

// The engine has its own to say at any time.
static const char SITES_EVENTS[] = "SELECT count(*) FROM event WHERE kind LIKE 'sites.%'";

static int setup(void **state)
{
    node *n = node_create();
    node_furnish(n);
    *state = n;
    return 0;
}

static int teardown(void **state)
{
    node_destroy(*state);
    return 0;
}

// --- commands -------------------------------------------------------------------------------------
static void test_repeated(void **state)
{
    node *n = *state;
    const vg_cmd_id id = vg_cmd_random();
    char args[200], first[512];
    snprintf(args, sizeof args, "{\"site\":\"%s\",\"name\":\"P\"}", n->site);
    assert_int_equal(node_run_id(n, id, "sites.post_add", args), VG_OK);
    assert_false(n->repeated);
    memcpy(first, n->reply, sizeof first);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(node_run_id(n, id, "sites.post_add", args), VG_OK);
        assert_true(n->repeated);
        assert_string_equal(n->reply, first);
        node_stop(n);  // also over a restart
        node_start(n);
    }
    assert_int_equal(node_int(n, "SELECT count(*) FROM post"), 1);
    assert_int_equal(node_int(n, "SELECT count(*) FROM event WHERE kind = 'sites.post_added'"), 1);
}

static void test_refused_alone(void **state)
{
    node *n = *state;
    const int64_t events = node_int(n, SITES_EVENTS),
                  labels = node_int(n, "SELECT count(*) FROM label");
    assert_int_equal(node_run(n, "sites.post_add", "{\"site\":\"%s\",\"nane\":\"x\"}", n->site),
                     VG_EINVALID);
    assert_int_equal(
        node_run(n, "sites.site_add",
                 "{\"code\":\"S\",\"name\":\"x\",\"kind\":\"venue\",\"agency\":\"%s\"}", n->agency),
        VG_ECONFLICT);  // refused after it may have made a label
    assert_int_equal(node_run(n, "no.such", "{}"), VG_ENOTFOUND);
    assert_int_equal(node_run(n, "sites.post_add", "{"), VG_EINVALID);
    assert_int_equal(node_int(n, SITES_EVENTS), events);
    assert_int_equal(node_int(n, "SELECT count(*) FROM label"), labels);
    assert_int_equal(node_run(n, "sites.post_add", "{\"site\":\"%s\",\"name\":\"x\"}", n->site),
                     VG_OK);
    node_proven(n);
}

typedef struct hammer {
    pthread_t thread;
    node *n;
    int refused, ran;
} hammer;

static void *hammer_main(void *arg)
{
    hammer *h = arg;
    char args[200];
    for (int i = 0; i < 60; i++) {
        snprintf(args, sizeof args,
                 i % 3 ? "{\"site\":\"%s\",\"name\":\"P\"}" : "{\"site\":\"%s\"}", h->n->site);
        vg_command_call call = {
            .name = "sites.post_add", .args = vg_str_c(args), .who = &LOCAL, .id = vg_cmd_random()};
        vg_core_run(h->n->core, &call);
        h->ran += call.st == VG_OK;
        h->refused += call.st == VG_EINVALID;
        vg_buf_done(&call.reply);
    }
    return NULL;
}

static void test_many_at_once(void **state)
{
    node *n = *state;
    hammer h[8] = {0};
    for (size_t i = 0; i < VG_LEN(h); i++) {
        h[i].n = n;
        assert_int_equal(pthread_create(&h[i].thread, NULL, hammer_main, &h[i]), 0);
    }
    for (size_t i = 0; i < VG_LEN(h); i++) {
        pthread_join(h[i].thread, NULL);
        assert_int_equal(h[i].ran, 40);
        assert_int_equal(h[i].refused, 20);
    }
    assert_int_equal(node_int(n, "SELECT count(*) FROM post"), 320);
    assert_int_equal(
        node_int(
            n,
            "SELECT count(*) FROM (SELECT recorded <= lag(recorded) OVER (ORDER BY rowid) AS bad,"
            " id >> 40 AS log FROM event WHERE id >> 40 = 2) WHERE bad"),
        0);
    node_proven(n);
}

// --- what can wait --------------------------------------------------------------------------------
enum { PATIENT = 2000 };

typedef struct patient {
    vg_command_call call[PATIENT];
    char args[PATIENT][80];
    _Atomic int done;
    int order[PATIENT];  // of the answers
} patient;

static void patient_done(vg_command_call *call)
{
    patient *p = call->ctx;
    const int n = p->done;
    p->order[n] = (int)(call - p->call);
    p->done = n + 1;
}

// Of a slice that holds a refused command all others stand; they are answered in their order, each once; and
// somebody's command passes them.
static void what_can_wait_is_passed_and_complete(void **state)
{
    node *n = *state;
    patient *p = vg_alloc(sizeof *p);
    for (int i = 0; i < PATIENT; i++) {
        // every 41st says nothing of its name; before it, one repeats what the one before did
        snprintf(p->args[i], sizeof p->args[i],
                 i % 41 == 40 ? "{\"site\":\"%s\"}" : "{\"site\":\"%s\",\"name\":\"P\"}", n->site);
        p->call[i] =
            (vg_command_call){.name = "sites.post_add",
                              .args = vg_str_c(p->args[i]),
                              .who = &LOCAL,
                              .id = vg_cmd_derive_row("test", VG_S("t"), i - (i % 41 == 39)),
                              .of_list = true,
                              .done = patient_done,
                              .ctx = p};
    }
    for (int i = 0; i < PATIENT; i++) {
        assert_true(vg_scribe_later(vg_core_scribe(n->core), &p->call[i]));
    }
    assert_int_equal(node_run(n, "sites.post_add", "{\"site\":\"%s\",\"name\":\"Q\"}", n->site),
                     VG_OK);
    assert_true(p->done < PATIENT);
    for (int i = 0; i < 60000 && p->done < PATIENT; i++) {
        usleep(1000);
    }
    assert_int_equal(p->done, PATIENT);
    int made = 0;
    for (int i = 0; i < PATIENT; i++) {
        assert_int_equal(p->order[i], i);
        assert_int_equal(p->call[i].st, i % 41 == 40 ? VG_EINVALID : VG_OK);
        assert_int_equal(p->call[i].repeated, i % 41 == 39);
        made += i % 41 < 39;
        vg_buf_done(&p->call[i].reply);
    }
    assert_int_equal(node_int(n, "SELECT count(*) FROM post WHERE name = 'P'"), made);
    assert_int_equal(node_int(n, "SELECT count(*) FROM event WHERE kind = 'sites.post_added'"),
                     made + 1);
    node_proven(n);
    free(p);
}

// --- signals --------------------------------------------------------------------------------------
static void from_outside(node *n, const char *sql)  // the scribe's connection is its thread's
{
    char path[400];
    vg_db *db;
    snprintf(path, sizeof path, "%s/vonggac.db", n->dir);
    assert_int_equal(vg_db_open(path, VG_DB_WRITER, &db, NULL), VG_OK);
    assert_int_equal(vg_script(db, sql, NULL), VG_OK);
    vg_db_close(db);
}

static void test_spoilt_signal(void **state)
{
    node *n = *state;
    char id[VG_ID_TEXT];
    node_source(n, "1001", 0, id);
    vg_signal v[3] = {node_signal(n, "1001", "door_opened", VG_SIG_OTHER),
                      node_signal(n, "1001", "intrusion", VG_SIG_RAISE),
                      node_signal(n, "1001", "door_opened", VG_SIG_OTHER)};
    assert_int_equal(node_send(n, v, 1), VG_OK);
    // A fold that must fail: the table's own rule forbids it.
    from_outside(n, "CREATE TRIGGER spoil BEFORE INSERT ON zone_condition BEGIN"
                    " SELECT RAISE(ABORT, 'spoilt'); END");
    assert_int_equal(node_send(n, v, 3), VG_OK);
    assert_int_equal(node_int(n, "SELECT count(*) FROM event WHERE kind = 'sites.signal'"), 3);
    assert_int_equal(node_int(n, "SELECT count(*) FROM event WHERE kind = 'core.unfolded_signal'"),
                     1);
    from_outside(n, "DROP TRIGGER spoil");
    assert_int_equal(node_send(n, v, 3), VG_OK);
    assert_int_equal(node_int(n, "SELECT count(*) FROM event WHERE kind = 'sites.signal'"), 6);
    node_proven(n);
}

static void test_silence(void **state)
{
    node *n = *state;
    char id[VG_ID_TEXT];
    node_source(n, "1002", 1, id);
    vg_signal g = node_signal(n, "1002", "test", VG_SIG_POLL);
    assert_int_equal(node_send(n, &g, 1), VG_OK);
    node_until(n, "SELECT count(*) FROM event WHERE kind = 'sites.source_silent'", 1, 4000);
    const int64_t late_ms =
        (node_int(n, "SELECT recorded FROM event WHERE kind = 'sites.source_silent'") -
         g.received_us) /
        1000;
    assert_true(late_ms >= 1000 && late_ms < 1900);  // 1.1 s on an idle machine
    g.received_us = vg_now_us();
    assert_int_equal(node_send(n, &g, 1), VG_OK);
    assert_int_equal(node_int(n, "SELECT count(*) FROM event WHERE kind = 'sites.source_returned'"),
                     2);
    assert_int_equal(node_int(n, "SELECT count(*) FROM event WHERE kind = 'sites.signal'"),
                     0);  // polls are counted only
    node_proven(n);
}

// --- deadlines ------------------------------------------------------------------------------------
static void bypass(node *n, int64_t for_us)
{
    char until[VG_TIME_TEXT];
    vg_time_rfc3339(vg_now_us() + for_us, until);
    if (node_run(n, "sites.zone_bypass", "{\"id\":\"%s\",\"reason\":\"r\",\"until\":\"%s\"}",
                 n->zone, until) != VG_OK) {
        fail_msg("bypass: %s %s", n->err.key, n->err.detail);
    }
}

static const char ENDED[] = "SELECT count(*) FROM event WHERE kind = 'sites.zone_unbypassed'";

static void test_deadline(void **state)
{
    node *n = *state;
    const int64_t due = vg_now_us() + 300000;
    bypass(n, 300000);
    node_until(n, ENDED, 1, 3000);
    const int64_t late_us =
        node_int(n, "SELECT recorded FROM event WHERE kind = 'sites.zone_unbypassed'") - due;
    assert_true(late_us >= 0 && late_us < 900000);  // 100 ms on an idle machine
    usleep(300000);
    assert_int_equal(node_int(n, ENDED), 1);  // once
    assert_int_equal(node_int(n, "SELECT count(*) FROM deadline"), 0);
    node_proven(n);
}

static void test_deadline_over_restart(void **state)
{
    node *n = *state;
    bypass(n, 400000);
    node_stop(n);
    usleep(500000);  // it passes while the node is down
    node_start(n);
    node_until(n, ENDED, 1, 3000);
    node_proven(n);
}

// --- a full disk ----------------------------------------------------------------------------------
static void limit_file(rlim_t bytes)
{
    struct rlimit r;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &r), 0);
    r.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &r), 0);
}

static void test_full(void **state)
{
    node *n = *state;
    char id[VG_ID_TEXT];
    vg_health h;
    node_source(n, "1003", 0, id);
    const vg_signal g = node_signal(n, "1003", "door_opened", VG_SIG_OTHER);
    assert_int_equal(node_send(n, &g, 1), VG_OK);
    bypass(n, 600000);  // falls due while nothing can be written
    const int64_t events = node_int(n, SITES_EVENTS);
    signal(SIGXFSZ, SIG_IGN);
    limit_file(1);
    for (int i = 0; i < 5; i++) {
        assert_true(vg_store_failed(
            node_run(n, "sites.post_add", "{\"site\":\"%s\",\"name\":\"x\"}", n->site)));
        assert_true(vg_store_failed(node_send(n, &g, 1)));
        assert_int_equal(node_int(n, SITES_EVENTS), events);  // reading goes on
    }
    usleep(800000);
    vg_core_health(n->core, &h);
    assert_true(h.ready);
    limit_file(RLIM_INFINITY);
    node_until(n, ENDED, 1, 3000);  // what fell due meanwhile is done now
    assert_int_equal(node_run(n, "sites.post_add", "{\"site\":\"%s\",\"name\":\"x\"}", n->site),
                     VG_OK);
    assert_int_equal(node_send(n, &g, 1), VG_OK);
    vg_core_health(n->core, &h);
    assert_false(h.disk_full);
    assert_int_equal(node_int(n, "SELECT count(*) FROM event WHERE kind = 'sites.signal'"), 2);
    node_proven(n);
}

static void test_stop_while_full(void **state)
{
    node *n = *state;
    bypass(n, 300000);
    signal(SIGXFSZ, SIG_IGN);
    limit_file(1);
    usleep(700000);
    const clock_t cpu = clock();
    usleep(300000);
    assert_true(clock() - cpu < CLOCKS_PER_SEC / 4);  // it tries once a tick, not all the time
    node_stop(n);
    limit_file(RLIM_INFINITY);
    node_start(n);
    node_until(n, ENDED, 1, 3000);
    node_proven(n);
}

// --- time -----------------------------------------------------------------------------------------
static void test_clock_step(void **state)
{
    node *n = *state;
    node_stop(n);
    vg_err err = {0};
    assert_int_equal(vg_core_open(n->dir, &n->core, &err), VG_OK);
    // As if the wall clock had been an hour ahead when it was last read.
    n->core->scribe.last_wall_us = vg_now_us() + INT64_C(3600000000);
    n->core->scribe.last_tick_us = vg_mono_us();
    assert_int_equal(vg_core_start(n->core, &err), VG_OK);
    node_until(n, "SELECT count(*) FROM event WHERE kind = 'core.clock'", 1, 3000);
    assert_true(
        node_int(n, "SELECT json_extract(body, '$.step_ms') FROM event WHERE kind = 'core.clock'") <
        -3590000);
    usleep(300000);
    assert_int_equal(node_int(n, "SELECT count(*) FROM event WHERE kind = 'core.clock'"), 1);
    vg_health h;
    vg_core_health(n->core, &h);
    assert_int_equal(h.clock_steps, 1);
}

// --- who holds the data ---------------------------------------------------------------------------
static void test_one_holder(void **state)
{
    node *n = *state;
    vg_core *other;
    vg_err err = {0};
    assert_int_equal(vg_core_open(n->dir, &other, &err), VG_ECONFLICT);
    assert_string_equal(err.key, "err.data_in_use");
    assert_int_equal(vg_core_create(n->dir, &err), VG_ECONFLICT);
    assert_int_equal(vg_core_open("/nonexistent", &other, &err), VG_ENOTFOUND);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_repeated),      T(test_refused_alone),
        T(test_many_at_once),  T(what_can_wait_is_passed_and_complete),
        T(test_spoilt_signal), T(test_silence),
        T(test_deadline),      T(test_deadline_over_restart),
        T(test_full),          T(test_stop_while_full),
        T(test_clock_step),    T(test_one_holder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
