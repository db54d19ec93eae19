// SPDX-License-Identifier: Apache-2.0
// Tests of gates on a real node: what would break is that the gate learns of one before it is over, that a failure
// leaves no finding, or that the figures count the test among the gate's own.
#include "domain/test_kit.h"

extern const vg_module vg_module_gatetests;

typedef struct world {
    kit *k;
    char yard[VG_ID_TEXT], gate[VG_ID_TEXT];
    vg_principal *guard, *chief;
} world;

static world *open_world(void)
{
    world *w = vg_alloc(sizeof *w);
    w->k = kit_world();
    kit_do(w->k, "gate.area_add", "{\"site\":\"%s\",\"name\":\"Khuôn viên\"}", w->k->site);
    kit_id(w->k, w->yard);
    kit_do(w->k, "gate.point_add", "{\"site\":\"%s\",\"name\":\"Cổng\",\"inner\":\"%s\"}",
           w->k->site, w->yard);
    kit_id(w->k, w->gate);
    w->guard = kit_user(w->k, "gac1", w->k->police, "guard", w->k->site);
    w->chief = kit_user(w->k, "chihuy1", w->k->police, "site_commander", w->k->site);
    return w;
}

static void close_world(world *w)
{
    kit_done(w->k);
    free(w);
}

static void enters(world *w, const char *name, const char *code)
{
    char id[VG_ID_TEXT];
    kit_do(w->k, "gate.holder_add", "{\"site\":\"%s\",\"kind\":\"staff\",\"name\":\"%s\"}",
           w->k->site, name);
    kit_id(w->k, id);
    kit_do(w->k, "gate.badge_issue", "{\"holder\":\"%s\",\"code\":\"%s\",\"kind\":\"card\"}", id,
           code);
    assert_int_equal(kit_try(w->k, w->guard, "gate.pass",
                             "{\"id\":\"%s\",\"badge\":\"%s\",\"way\":\"in\",\"why\":\"x\"}",
                             w->gate, code),
                     VG_OK);
}

static vg_status plan(world *w, const vg_principal *who, char out[VG_ID_TEXT])
{
    const vg_status st = kit_try(
        w->k, who, "gatetests.plan",
        "{\"site\":\"%s\",\"point\":\"%s\",\"kind\":\"expired_pass\",\"what\":\"Thẻ hết hạn\","
        "\"tester\":\"Tổ "
        "2\",\"starts\":\"2026-01-05T01:00:00Z\",\"ends\":\"2026-01-05T02:00:00Z\"}",
        w->k->site, w->gate);
    if (st == VG_OK) {
        kit_id(w->k, out);
    }
    return st;
}

static vg_status close_test(world *w, const vg_principal *who, const char *id, const char *more)
{
    return kit_try(w->k, who, "gatetests.close", "{\"id\":\"%s\",%s}", id, more);
}

static const char *figures(world *w, vg_principal *who)
{
    static vg_principal local = {.kind = VG_P_LOCAL};
    kit *k = w->k;
    vg_db *db;
    vg_err err = {0};
    vg_buf b;
    vg_args args;
    json_t *tree;
    char text[64];
    const vg_query *q = vg_module_gatetests.queries;
    vg_arena *a = vg_arena_create(1 << 20);
    snprintf(text, sizeof text, "{\"site\":\"%s\",\"days\":30}", k->site);
    assert_int_equal(vg_json_parse(vg_str_c(text), sizeof text, &tree, &err), VG_OK);
    assert_int_equal(vg_args_parse(a, q->fields, tree, &args, &err), VG_OK);
    vg_buf_init(&b, sizeof k->text - 1);
    vg_principal *p = who ? who : &local;
    assert_int_equal(vg_reader_take(k->core, p, &db, &err), VG_OK);
    vg_read rd = {k->core, db, a, p, vg_jw_on(&b)};
    assert_int_equal(q->run(&rd, &args, &err), VG_OK);
    vg_reader_give(k->core, db);
    snprintf(k->text, sizeof k->text, "%.*s", VG_FMT(vg_buf_str(&b)));
    vg_buf_done(&b);
    json_decref(tree);
    vg_arena_destroy(a);
    return k->text;
}

static void the_gate_learns_only_when_it_is_over(void **state)
{
    (void)state;
    char test[VG_ID_TEXT], sql[160];
    world *w = open_world();
    enters(w, "Người thử", "T-1");
    assert_int_equal(plan(w, w->guard, test), VG_EDENIED);
    assert_int_equal(plan(w, w->chief, test), VG_OK);
    assert_null(strstr(kit_list(w->k, w->guard, "gate_tests"), test));
    assert_non_null(strstr(kit_list(w->k, w->chief, "gate_tests"), test));
    snprintf(sql, sizeof sql, "\"result\":\"not_caught\",\"passage\":\"%s\"",
             kit_text(w->k, "SELECT id FROM passage"));
    assert_int_equal(close_test(w, w->guard, test, sql), VG_EDENIED);
    assert_int_equal(close_test(w, w->chief, test, sql), VG_OK);
    assert_int_equal(close_test(w, w->chief, test, sql), VG_ECONFLICT);
    assert_non_null(strstr(kit_list(w->k, w->chief, "gate_tests"), "\"stopped\":false"));
    // One who was stopped: the refusal is what it was about.
    assert_int_equal(plan(w, w->chief, test), VG_OK);
    assert_int_equal(kit_try(w->k, w->guard, "gate.refuse",
                             "{\"id\":\"%s\",\"badge\":\"T-1\",\"way\":\"in\",\"why\":\"x\"}",
                             w->gate),
                     VG_OK);
    snprintf(sql, sizeof sql, "\"result\":\"caught\",\"passage\":\"%s\"",
             kit_text(w->k, "SELECT id FROM refusal"));
    assert_int_equal(close_test(w, w->chief, test, sql), VG_OK);
    assert_non_null(strstr(kit_list(w->k, w->chief, "gate_tests"), "\"stopped\":true"));
    // Told: point, kind, result; not who tried and how.
    assert_non_null(strstr(kit_list(w->k, w->guard, "gate_test_results"), "\"caught\":false"));
    assert_null(strstr(w->k->text, "Tổ 2"));
    assert_null(strstr(kit_list(w->k, w->guard, "gate_findings"), "expired_pass"));
    assert_non_null(strstr(kit_list(w->k, w->chief, "gate_findings"), "Thẻ hết hạn"));
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE kind = 'gatetests.finding'"),
                     1);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void not_done_is_not_told(void **state)
{
    (void)state;
    char test[VG_ID_TEXT];
    world *w = open_world();
    assert_int_equal(plan(w, w->chief, test), VG_OK);
    assert_int_equal(close_test(w, w->chief, test,
                                "\"result\":\"caught\",\"passage\":"
                                "\"zy23456789abcdef\""),
                     VG_EINVALID);
    assert_int_equal(close_test(w, w->chief, test, "\"result\":\"not_done\""), VG_OK);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM gate_test_told"), 0);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM gate_finding"), 0);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void figures_by_point_day_and_hour(void **state)
{
    (void)state;
    char test[VG_ID_TEXT], more[120];
    world *w = open_world();
    enters(w, "Người thử", "T-1");
    assert_int_equal(plan(w, w->chief, test), VG_OK);
    snprintf(more, sizeof more, "\"result\":\"not_caught\",\"passage\":\"%s\"",
             kit_text(w->k, "SELECT id FROM passage"));
    assert_int_equal(close_test(w, w->chief, test, more), VG_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(plan(w, w->chief, test), VG_OK);
        assert_int_equal(close_test(w, w->chief, test, "\"result\":\"caught\""), VG_OK);
    }
    enters(w, "Nguyễn Văn An", "T-2");
    // Out and out again: unentered, and against advice with a reason.
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kit_try(w->k, w->guard, "gate.pass",
                                 "{\"id\":\"%s\",\"badge\":\"T-2\",\"way\":\"out\",\"why\":\"x\"}",
                                 w->gate),
                         VG_OK);
    }
    const char *got = figures(w, w->guard);
    assert_non_null(strstr(got, "\"in\":1,\"out\":2,\"against\":1,\"unsaid\":0,\"unentered\":1"));
    assert_non_null(strstr(got, "\"n\":4,\"caught\":3,\"low\":0.300642,\"high\":0.954413"));
    assert_non_null(strstr(got, "\"busiest\":3"));
    assert_non_null(strstr(got, "\"service\":[{\"point\":"));
    assert_non_null(strstr(
        got, "\"n\":0,\"queue_n\":0,\"busiest\":3"));  // the test is not counted, nobody was timed
    assert_non_null(strstr(got, "\"inside\":[]"));     // who came in today is not overdue
    assert_non_null(strstr(got, "Nguyễn Văn An"));     // went out, never came in
    close_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gate_learns_only_when_it_is_over),
        cmocka_unit_test(not_done_is_not_told),
        cmocka_unit_test(figures_by_point_day_and_hour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
