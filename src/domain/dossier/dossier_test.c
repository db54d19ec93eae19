// SPDX-License-Identifier: Apache-2.0
// The dossier: statements are kept, replaced and withdrawn, never altered; another person confirms; what a heading
// says decides who reads it; what is missing comes first, and closed headings are not held against the reader.
#include "domain/test_kit.h"

#include "domain/day.h"
#include "domain/dossier/dossier.h"

extern const vg_module vg_module_dossier;

static const char STATE[] = "{\"site\":\"%s\",\"heading\":\"%s\",\"text\":\"%s\",\"source_kind\":"
                            "\"survey\",\"source\":\"Khảo sát\",\"as_of\":\"%s\"}";

static const char *completeness(kit *k, vg_principal *who)
{
    const vg_query *q = vg_module_dossier.queries;
    vg_principal local = {.kind = VG_P_LOCAL};
    vg_read rd = {.core = k->core, .arena = vg_arena_create(1 << 20), .who = who ? who : &local};
    vg_err err = {0};
    vg_args args;
    vg_buf b;
    json_t *tree = json_pack("{s:s}", "id", k->site);
    vg_buf_init(&b, sizeof k->text - 1);
    rd.out = vg_jw_on(&b);
    assert_int_equal(vg_args_parse(rd.arena, q->fields, tree, &args, &err), VG_OK);
    assert_int_equal(vg_reader_take(k->core, who ? who : &local, &rd.db, &err), VG_OK);
    if (q->run(&rd, &args, &err) != VG_OK) {
        fail_msg("%s %s", err.key ? err.key : "", err.detail);
    }
    vg_reader_give(k->core, rd.db);
    snprintf(k->text, sizeof k->text, "%.*s", VG_FMT(vg_buf_str(&b)));
    vg_buf_done(&b);
    vg_arena_destroy(rd.arena);
    json_decref(tree);
    vg_principal_done(&local);
    return k->text;
}

static int score(kit *k, vg_principal *who)
{
    return (int)vg_js_i64(vg_str_c(completeness(k, who)), "score", -1);
}

static void statements_are_kept(void **state)
{
    (void)state;
    kit *k = kit_world();
    char first[VG_ID_TEXT], second[VG_ID_TEXT];
    kit_do(k, "dossier.state", STATE, k->site, "structure", "Nhà hai tầng", "2024-01-10");
    kit_id(k, first);
    kit_do(k, "dossier.state",
           "{\"site\":\"%s\",\"heading\":\"structure\",\"text\":\"Nhà ba tầng\",\"source_kind\":"
           "\"document\",\"source\":\"Hồ sơ hoàn công\",\"as_of\":\"2025-02-01\",\"supersedes\":"
           "\"%s\"}",
           k->site, first);
    kit_id(k, second);
    assert_int_equal(kit_try(k, NULL, "dossier.verify", "{\"id\":\"%s\"}", first), VG_ECONFLICT);
    assert_int_equal(kit_try(k, NULL, "dossier.withdraw", "{\"id\":\"%s\"}", second), VG_EINVALID);
    kit_do(k, "dossier.withdraw", "{\"id\":\"%s\",\"reason\":\"nhầm mục tiêu\"}", second);
    assert_string_equal(kit_text(k, "SELECT group_concat(state, ' ') FROM (SELECT state FROM"
                                    " dossier_statement ORDER BY at)"),
                        "superseded withdrawn");
    assert_int_equal(
        kit_try(k, NULL, "dossier.state", STATE, k->site, "structure", "x", "2199-01-01"),
        VG_EINVALID);
    // what takes another's place is of the same heading
    kit_do(k, "dossier.state", STATE, k->site, "fire", "Bể nước 50 m³", "2025-02-01");
    kit_id(k, first);
    assert_int_equal(
        kit_try(k, NULL, "dossier.state",
                "{\"site\":\"%s\",\"heading\":\"rules\",\"text\":\"x\",\"source_kind\":\"other\","
                "\"source\":\"x\",\"as_of\":\"2025-02-01\",\"supersedes\":\"%s\"}",
                k->site, first),
        VG_ECONFLICT);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void another_person_confirms(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    vg_principal *one = kit_user(k, "one", k->bank, "agency_officer", k->site);
    vg_principal *two = kit_user(k, "two", k->bank, "agency_officer", k->site);
    assert_int_equal(
        kit_try(k, one, "dossier.state", STATE, k->site, "assets", "Kho", "2025-02-01"), VG_OK);
    kit_id(k, id);
    assert_int_equal(kit_try(k, one, "dossier.verify", "{\"id\":\"%s\"}", id), VG_EDENIED);
    assert_int_equal(kit_try(k, two, "dossier.verify", "{\"id\":\"%s\"}", id), VG_OK);
    assert_non_null(strstr(kit_list(k, one, "statements"), "\"verified_by_name\":\"two\""));
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void a_heading_decides_who_reads(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    vg_principal *police = kit_user(k, "staff", k->police, "staff_officer", "");
    vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    vg_principal *auditor = kit_user(k, "audit", k->bank, "auditor", k->site);
    static const char *const closed[] = {"structure",    "assets",  "forces",       "means",
                                         "surroundings", "history", "vulnerability"};
    static const char *const open[] = {"importance", "location", "host", "fire", "rules"};
    for (size_t i = 0; i < VG_LEN(closed); i++) {
        assert_int_equal(
            kit_try(k, bank, "dossier.state", STATE, k->site, closed[i], closed[i], "2025-02-01"),
            VG_OK);
    }
    kit_id(k, id);
    for (size_t i = 0; i < VG_LEN(open); i++) {
        assert_int_equal(
            kit_try(k, bank, "dossier.state", STATE, k->site, open[i], open[i], "2025-02-01"),
            VG_OK);
    }
    char text[32];
    for (size_t i = 0; i < VG_LEN(closed); i++) {  // another agency reads none of them
        snprintf(text, sizeof text, "\"text\":\"%s\"", closed[i]);
        assert_null(strstr(kit_list(k, police, "statements"), text));
        assert_non_null(strstr(kit_list(k, bank, "statements"), text));
    }
    for (size_t i = 0; i < VG_LEN(open); i++) {
        snprintf(text, sizeof text, "\"text\":\"%s\"", open[i]);
        assert_non_null(strstr(kit_list(k, police, "statements"), text));
    }
    // within the agency too: a weakness is not for every role
    assert_null(strstr(kit_list(k, guard, "statements"), "\"vulnerability\""));
    assert_null(strstr(kit_list(k, auditor, "statements"), "\"vulnerability\""));
    assert_null(strstr(completeness(k, guard), "vulnerability"));
    assert_int_equal(kit_try(k, police, "dossier.verify", "{\"id\":\"%s\"}", id), VG_ENOTFOUND);
    // nor does the journal say so
    assert_null(strstr(kit_list(k, police, "events"), "\"text\":\"vulnerability\""));
    // no secret may be stored on a federated node
    assert_int_equal(
        kit_try(k, bank, "dossier.state",
                "{\"site\":\"%s\",\"heading\":\"rules\",\"text\":\"x\",\"source_kind\":\"other\","
                "\"source\":\"x\",\"as_of\":\"2025-02-01\",\"secrecy\":\"mat\"}",
                k->site),
        VG_EDENIED);
    kit_done(k);
}

static void a_level_has_a_term_and_is_due_before_it(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], late[VG_ID_TEXT], path[128], day[VG_DAY_TEXT], soon[VG_DAY_TEXT];
    const int today = vg_day_of(vg_now_us());
    kit_close(k);
    snprintf(path, sizeof path, "%s/vonggac.ini", k->dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("[node]\nprofile = standalone\n", f);
    fclose(f);
    kit_reopen(k);
    vg_principal *a = kit_user(k, "a", k->bank, "agency_officer", k->site);
    vg_principal *low = kit_user(k, "low", k->bank, "agency_officer", k->site);
    kit_do(k, "accounts.user_update", "{\"id\":\"%s\",\"clearance\":3}", a->user);
    a->clearance = 3;
#define SECRET                                                                             \
    "{\"site\":\"%s\",\"heading\":\"structure\",\"text\":\"x\",\"source_kind\":\"other\"," \
    "\"source\":"                                                                          \
    "\"x\",\"as_of\":\"2015-02-01\",\"secrecy\":\"%s\",\"until\":\"%s\"}"
    static const struct {
        const char *level;
        int years;
    } most[] = {{"mat", 10}, {"toi_mat", 20}, {"tuyet_mat", 30}};
    for (size_t i = 0; i < VG_LEN(most); i++) {
        const int last = vg_day_add(today, most[i].years, VG_DAY_YEAR);
        vg_day_text(last + 1, day);
        assert_int_equal(kit_try(k, a, "dossier.state", SECRET, k->site, most[i].level, day),
                         VG_EINVALID);
        assert_string_equal(k->err.key, "level.until");
        vg_day_text(last, day);
        assert_int_equal(kit_try(k, a, "dossier.state", SECRET, k->site, most[i].level, ""), VG_OK);
        kit_id(k, id);
        assert_string_equal(
            kit_text(k, "SELECT until FROM dossier_statement ORDER BY at DESC, id DESC"), day);
    }
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'dossier.term'"), 3);
    assert_int_equal(kit_try(k, a, "dossier.withdraw", "{\"id\":\"%s\",\"reason\":\"x\"}", id),
                     VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'dossier.term'"), 2);
    // no level, no term
    assert_int_equal(kit_try(k, a, "dossier.state", SECRET, k->site, "normal", day), VG_EINVALID);

    vg_day_text(today + 30, soon);  // within the sixty days: said at once
    assert_int_equal(kit_try(k, a, "dossier.state", SECRET, k->site, "mat", soon), VG_OK);
    kit_id(k, late);
    kit_wait(k, "SELECT max(reminded) FROM dossier_statement", 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'dossier.term_near'"), 1);
    assert_null(strstr(kit_list(k, low, "statements"), late));
    assert_null(strstr(kit_list(k, low, "deadlines"), late));
    assert_non_null(strstr(kit_list(k, a, "deadlines"), late));
    assert_int_equal(kit_try(k, low, "dossier.prolong",
                             "{\"id\":\"%s\",\"until\":\"%s\",\"reason\":\"x\"}", late, day),
                     VG_ENOTFOUND);
    vg_day_text(vg_day_add(today + 30, 10, VG_DAY_YEAR) + 1, day);
    assert_int_equal(kit_try(k, a, "dossier.prolong",
                             "{\"id\":\"%s\",\"until\":\"%s\",\"reason\":\"x\"}", late, day),
                     VG_EINVALID);
    assert_string_equal(k->err.key, "level.prolong_until");
    vg_day_text(vg_day_add(today + 30, 1, VG_DAY_YEAR), day);
    assert_int_equal(kit_try(k, a, "dossier.prolong",
                             "{\"id\":\"%s\",\"until\":\"%s\",\"reason\":\"x\"}", late, day),
                     VG_OK);
    assert_int_equal(kit_int(k, "SELECT max(reminded) FROM dossier_statement"), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'dossier.term'"), 3);
    kit_close(k);
    kit_same_after_rebuild(k);
    kit_reopen(k);
    kit_done(k);
}

static void what_is_missing_comes_first(void **state)
{
    (void)state;
    kit *k = kit_world();
    char today[VG_DAY_TEXT], id[VG_ID_TEXT];
    vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    vg_day_text(vg_day_of(vg_now_us()), today);
    const int before = score(k, NULL);
    assert_in_range(before, 1, 30);
    kit_do(k, "dossier.state", STATE, k->site, "forces", "Hai tổ", "2020-01-01");
    const int stale = score(k, NULL);
    assert_true(stale > before);
    kit_do(k, "dossier.state", STATE, k->site, "forces", "Ba tổ", today);
    kit_id(k, id);
    const int fresh = score(k, NULL);
    assert_true(fresh > stale);
    kit_do(k, "dossier.verify", "{\"id\":\"%s\"}", id);
    assert_true(score(k, NULL) > fresh);
    const char *text = completeness(k, NULL);
    const char *missing = strstr(text, "\"state\":\"missing\""), *good = strstr(text, "\"good\"");
    assert_true(missing && good && missing < good);
    assert_null(strstr(good, "\"missing\""));
    // a guard is not told what he may not read, nor marked down for it
    assert_null(strstr(completeness(k, guard), "forces"));
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_are_kept),
        cmocka_unit_test(another_person_confirms),
        cmocka_unit_test(a_heading_decides_who_reads),
        cmocka_unit_test(a_level_has_a_term_and_is_due_before_it),
        cmocka_unit_test(what_is_missing_comes_first),
    };
    return cmocka_run_group_tests_name("domain.dossier", tests, NULL, NULL);
}
