// SPDX-License-Identifier: Apache-2.0
// Senders with a kind that keeps what it was given: what is delivered, what waits, what a hanging host costs.
#include "notify/sender.h"

#include "core/core_kit_test.h"

#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

typedef struct line {
    char address[64];
} line;

static _Atomic int delivered, tried, opened, hanging;
static _Atomic bool dead;

static void *open_line(vg_core *core, const vg_link *l, vg_str secret, const char **ret_problem)
{
    (void)core;
    (void)secret;
    if (strncmp(l->address, "wrong", 5) == 0) {
        *ret_problem = "link.options";
        return NULL;
    }
    line *x = vg_alloc(sizeof *x);
    snprintf(x->address, sizeof x->address, "%s", l->address);
    opened++;
    return x;
}

static void nap(int ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

static void send_line(void *state, vg_arena *a, const vg_parcel *v, size_t n, vg_parcel_result *ret)
{
    (void)a;
    const line *x = state;
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(v[i].kind, "test");
        tried++;
        if (strncmp(x->address, "hang", 4) == 0) {
            hanging++;
            nap(1500);
        }
        ret[i].problem = dead ? "link.unreachable" : NULL;
        delivered += dead ? 0 : 1;
    }
}

static const vg_sender_kind MAIL = {
    .kind = "smtp", .open = open_line, .close = free, .send = send_line};
static const vg_sender_kind *const KINDS[] = {&MAIL, NULL};

typedef struct bench {
    char dir[300];
    vg_core *core;
    vg_senders *senders;
} bench;

static void run(bench *b, const char *name, const char *args, char id[VG_ID_TEXT])
{
    static const vg_principal local = {.kind = VG_P_LOCAL};
    vg_command_call call = {
        .name = name, .args = vg_str_c(args), .who = &local, .id = vg_cmd_random()};
    vg_core_run(b->core, &call);
    if (call.st != VG_OK) {
        fail_msg("%s: %s %s", name, call.err.field, call.err.detail);
    }
    if (id) {
        vg_arena *a = vg_arena_create(4096);
        snprintf(id, VG_ID_TEXT, "%.*s", VG_FMT(vg_js_str(a, vg_buf_str(&call.reply), "id")));
        vg_arena_destroy(a);
    }
    vg_buf_done(&call.reply);
}

static void add(bench *b, const char *address, char id[VG_ID_TEXT])
{
    char args[300];
    snprintf(
        args, sizeof args,
        "{\"kind\":\"smtp\",\"name\":\"x\",\"address\":\"%s:25\",\"options\":{\"from\":\"a@b\"}}",
        address);
    run(b, "links.add", args, id);
}

static void try_it(bench *b, const char *id)
{
    char args[80];
    snprintf(args, sizeof args, "{\"id\":\"%s\"}", id);
    run(b, "links.try", args, NULL);
}

static int64_t ask(bench *b, const char *sql)
{
    vg_db *db = NULL;
    int64_t v = -1;
    assert_int_equal(vg_inner_take(b->core, &db, NULL), VG_OK);
    assert_int_equal(vg_one_i64(db, sql, VG_NOVALS, 0, &v, NULL), VG_OK);
    vg_inner_give(b->core, db);
    return v;
}

static void until(bench *b, const char *sql, int64_t want)
{
    for (int i = 0; i < 500 && ask(b, sql) != want; i++) {
        nap(20);
    }
    assert_int_equal(ask(b, sql), want);
}

static int setup(void **state)
{
    bench *b = vg_alloc(sizeof *b);
    *b = (bench){0};
    delivered = tried = opened = hanging = 0;
    dead = false;
    vg_log_level(VG_ERROR);
    vg_temp_create(b->dir);
    assert_int_equal(vg_core_create(b->dir, NULL), VG_OK);
    assert_int_equal(vg_core_open(b->dir, &b->core, NULL), VG_OK);
    assert_int_equal(vg_core_start(b->core, NULL), VG_OK);
    assert_int_equal(vg_senders_start(b->core, KINDS, &b->senders, NULL), VG_OK);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    bench *b = *state;
    vg_senders_stop(b->senders);
    vg_core_stop(b->core);
    vg_core_close(b->core);
    vg_temp_remove(b->dir);
    free(b);
    return 0;
}

static void what_is_put_is_sent_and_the_line_is_up(void **state)
{
    bench *b = *state;
    char id[VG_ID_TEXT];
    add(b, "host", id);
    for (int i = 0; i < 100; i++) {
        try_it(b, id);
    }
    until(b, "SELECT count(*) FROM event WHERE kind = 'core.sent'", 100);
    assert_int_equal(delivered, 100);
    assert_int_equal(ask(b, "SELECT count(*) FROM outbox"), 0);
    until(b, "SELECT count(*) FROM link WHERE state = 'up'", 1);
}

static void a_dead_host_keeps_its_parcels_and_says_so_once(void **state)
{
    bench *b = *state;
    char id[VG_ID_TEXT];
    dead = true;
    add(b, "host", id);
    try_it(b, id);
    try_it(b, id);
    until(b, "SELECT count(*) FROM outbox WHERE attempts > 0", 2);
    until(b, "SELECT count(*) FROM event WHERE kind = 'links.down'", 1);
    assert_int_equal(ask(b, "SELECT count(*) FROM event WHERE kind = 'core.send_failed'"), 0);
}

static void a_hanging_host_delays_no_other(void **state)
{
    bench *b = *state;
    char slow[VG_ID_TEXT], quick[VG_ID_TEXT];
    add(b, "hang", slow);
    add(b, "host", quick);
    try_it(b, slow);
    for (int i = 0; i < 500 && !hanging; i++) {
        nap(10);
    }
    assert_int_equal(hanging, 1);
    try_it(b, quick);
    until(b, "SELECT count(*) FROM event WHERE kind = 'core.sent'", 1);
    assert_int_equal(ask(b, "SELECT count(*) FROM outbox"), 1);  // the slow one is still under way
}

static void only_a_changed_link_is_opened_anew(void **state)
{
    bench *b = *state;
    char one[VG_ID_TEXT], two[VG_ID_TEXT], args[80];
    add(b, "host", one);
    add(b, "other", two);
    try_it(b, one);
    try_it(b, two);
    until(b, "SELECT count(*) FROM event WHERE kind = 'core.sent'", 2);
    assert_int_equal(opened, 2);
    snprintf(args, sizeof args, "{\"id\":\"%s\",\"secret\":\"s\"}", one);
    run(b, "links.secret", args, NULL);
    for (int i = 0; i < 500 && opened < 3; i++) {
        nap(20);  // until then the old worker may still take what is put
    }
    try_it(b, one);
    until(b, "SELECT count(*) FROM event WHERE kind = 'core.sent'", 3);
    assert_int_equal(opened, 3);
}

static void unusable_settings_are_said(void **state)
{
    bench *b = *state;
    char id[VG_ID_TEXT];
    add(b, "wrong", id);
    until(b, "SELECT count(*) FROM link WHERE state = 'down' AND problem = 'link.options'", 1);
    assert_int_equal(tried, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_put_is_sent_and_the_line_is_up, setup, teardown),
        cmocka_unit_test_setup_teardown(a_dead_host_keeps_its_parcels_and_says_so_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_hanging_host_delays_no_other, setup, teardown),
        cmocka_unit_test_setup_teardown(only_a_changed_link_is_opened_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(unusable_settings_are_said, setup, teardown),
    };
    return cmocka_run_group_tests_name("notify.sender", tests, NULL, NULL);
}
