// SPDX-License-Identifier: Apache-2.0
// The language by example: answers with the unknown in every place, times over midnight, types refused with
// line, column and what was meant, canonical text and sentences; and every example of docs/expression.md.
#include "expr/test_help.h"

#include "base/clock.h"

#include <setjmp.h>
#include <cmocka.h>

static vg_status compile(vg_arena *a, const char *text, const vg_expr **x, vg_err *err)
{
    *err = (vg_err){0};
    return vg_expr_compile(a, &world, vg_str_c(text), NULL, x, err);
}

static vg_tri ask(const char *text, const vg_xenv *env)
{
    vg_arena *a = vg_arena_create(1 << 18);
    const vg_expr *x = NULL;
    vg_err err;
    if (compile(a, text, &x, &err) != VG_OK) {
        print_error("%s: %s %s %s\n", text, err.key ? err.key : "", err.field, err.detail);
        fail();
    }
    const vg_tri t = vg_expr_ask(x, env);
    vg_arena_destroy(a);
    return t;
}

static void answers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        vg_tri want;
    } cases[] = {
        {"true", VG_TRUE},
        {"not true", VG_FALSE},
        {"site.kind = \"state_bank\"", VG_TRUE},
        {"zone.level >= 3 and people < 12.5", VG_TRUE},
        {"zone.level + 1 - 2 = 2", VG_TRUE},
        {"people in 1..11", VG_FALSE},
        {"people in {1, 2, 10..12}", VG_TRUE},
        {"people not in {1, 2, 10..12}", VG_FALSE},
        {"-1 < zone.level", VG_TRUE},
        {"post.manned[\"p1\"]", VG_TRUE},
        {"post.manned[\"p2\"]", VG_FALSE},
        {"posture[site.kind] in {\"tang_cuong\", \"cao_diem\"}", VG_TRUE},
        {"group.eta[\"g\"] <= 6m", VG_TRUE},
        {"group.eta[\"g\"] < 5m59s", VG_FALSE},
        {"now - drill.last > 30d", VG_TRUE},
        {"drill.last + 41d < now", VG_FALSE},
        {"date = 2026-11-22", VG_TRUE},
        {"date - 2026-11-20 = 2d", VG_TRUE},
        {"date in 2026-11-01..2026-11-22", VG_TRUE},
        {"day = sun", VG_TRUE},
        {"day in fri..mon", VG_TRUE},
        {"day in mon..fri", VG_FALSE},
        {"time in 22:00..05:00", VG_TRUE},
        {"time in 05:00..22:00", VG_FALSE},
        {"time in 22:00..23:30", VG_FALSE},  // up to, not including
        {"time in 23:30..23:30", VG_TRUE},   // all day
        {"time >= 23:30:00", VG_TRUE},
        {"\"first_aid\" in skills[\"an\"]", VG_TRUE},
        {"\"driver\" not in skills[\"an\"]", VG_TRUE},
        {"\"driver\" in skills[\"ghost\"]", VG_UNKNOWN},
        // the unknown
        {"fever > 38", VG_UNKNOWN},
        {"not fever > 38", VG_UNKNOWN},
        {"fever > 38 and false", VG_FALSE},
        {"false and fever > 38", VG_FALSE},
        {"fever > 38 and true", VG_UNKNOWN},
        {"fever > 38 or true", VG_TRUE},
        {"true or fever > 38", VG_TRUE},
        {"fever > 38 or false", VG_UNKNOWN},
        {"fever = fever", VG_UNKNOWN},
        {"fever + 1 > 0", VG_UNKNOWN},
        {"fever in {38}", VG_UNKNOWN},
        {"known fever", VG_FALSE},
        {"known people and not known post.manned[\"p9\"]", VG_TRUE},
        {"post.manned[\"p9\"] or post.manned[\"p1\"]", VG_TRUE},
    };
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        const vg_tri got = ask(cases[i].text, &world_env);
        if (got != cases[i].want) {
            print_error("%s gives %d\n", cases[i].text, (int)got);
        }
        assert_int_equal(got, cases[i].want);
    }
}

static void an_unknown_moment_and_the_ends_of_time(void **state)
{
    (void)state;
    const vg_xenv none = {.get = world_get};
    assert_int_equal(ask("time in 22:00..05:00", &none), VG_UNKNOWN);
    assert_int_equal(ask("day = mon or date > 2026-01-01 or now = now", &none), VG_UNKNOWN);
    assert_int_equal(ask("\"x\" in skills[\"an\"]", &none), VG_UNKNOWN);
    const vg_xenv end = {.get = world_get, .now_us = INT64_MAX};
    assert_int_equal(ask("now + 1s > now", &end), VG_UNKNOWN);
    const vg_xenv start = {.get = world_get, .now_us = INT64_MIN};
    assert_int_equal(ask("now - 1s < now", &start), VG_UNKNOWN);
    const vg_xenv before = {.get = world_get,
                            .now_us = -1};  // a second to seven, the first Thursday
    assert_int_equal(ask("day = thu and date = 1970-01-01 and time = 06:59:59", &before), VG_TRUE);
}

static void faults_say_where_and_what(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key, *field, *detail;
    } cases[] = {
        {"", "expr.err.want_name", "", "1:1"},
        {"peple > 3", "expr.err.name_near", "peple", "people (1:1)"},
        {"people > 3 and\n  tme > 05:00", "expr.err.name_near", "tme", "time (2:3)"},
        {"xyzzy", "expr.err.name", "xyzzy", "1:1"},
        {"people == 3", "expr.err.sign_near", "==", "= (1:8)"},
        {"people > 3 && true", "expr.err.sign_near", "&&", "and (1:12)"},
        {"people > 3 %", "expr.err.sign", "%", "1:12"},
        {"site.kind = \"đ", "expr.err.text_end", "\"", "1:13"},
        {"\"đđ\" = site.kind or 5", "expr.err.want_bool", "5", "number (1:21)"},
        {"people", "expr.err.want_bool", "people", "number (1:1)"},
        {"people > 05:00", "expr.err.two_types", ">", "number, time (1:8)"},
        {"people in {1, 2m}", "expr.err.two_types", "{", "number, duration (1:11)"},
        {"people in 9..1", "expr.err.backwards", "9", "1:11"},
        {"people in {fever}", "expr.err.want_literal", "fever", "1:12"},
        {"people in 9", "expr.err.want", "", ".. (1:12)"},
        {"1 < people < 3", "expr.err.rest", "<", "1:12"},
        {"(people > 3", "expr.err.want", "", ") (1:12)"},
        {"post.manned", "expr.err.key_missing", "post.manned", "1:1"},
        {"people[\"a\"] > 1", "expr.err.key_not_here", "people", "1:1"},
        {"post.manned[3]", "expr.err.key_text", "3", "number (1:13)"},
        {"posture[\"a\"] = \"tang_cuog\"", "expr.err.word_near", "\"tang_cuog\"",
         "tang_cuong (1:16)"},
        {"posture[\"a\"] = \"x\"", "expr.err.word", "\"x\"", "1:16"},
        {"site.kind < \"a\"", "expr.err.no_order", "<", "text (1:11)"},
        {"day < mon", "expr.err.no_order", "<", "day (1:5)"},
        {"skills[\"a\"]", "expr.err.set_alone", "skills", "1:1"},
        {"\"a\" in site.kind", "expr.err.not_a_set", "site.kind", "1:8"},
        {"time = 24:00", "expr.err.literal", "24", "1:8"},
        {"time = 5:0", "expr.err.literal", "5", "1:8"},
        {"date = 2026-02-29", "expr.err.literal", "2026", "1:8"},
        {"group.eta[\"g\"] < 30m1h", "expr.err.literal", "30m1h", "1:18"},
        {"group.eta[\"g\"] < 5y", "expr.err.literal", "5y", "1:18"},
        {"people > 1.2345", "expr.err.literal", "1.2345", "1:10"},
        {"-people > 1", "expr.err.minus", "people", "1:2"},
        {"date + 1d > date", "expr.err.two_types", "+", "date, duration (1:6)"},
        {"not", "expr.err.want_name", "", "1:4"},
        {"known 3", "expr.err.want_name", "3", "1:7"},
        {"people not 3", "expr.err.want", "3", "in (1:12)"},
    };
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        vg_arena *a = vg_arena_create(1 << 18);
        const vg_expr *x = NULL;
        vg_err err;
        assert_int_equal(compile(a, cases[i].text, &x, &err), VG_EINVALID);
        if (strcmp(err.key, cases[i].key) != 0 || strcmp(err.field, cases[i].field) != 0 ||
            strcmp(err.detail, cases[i].detail) != 0) {
            print_error("%s: %s “%s” %s\n", cases[i].text, err.key, err.field, err.detail);
            fail();
        }
        assert_non_null(vg_tr_known(err.key));
        vg_arena_destroy(a);
    }
}

static void size_and_depth_have_limits(void **state)
{
    (void)state;
    vg_arena *a = vg_arena_create(1 << 20);
    const vg_expr *x = NULL;
    vg_err err;
    vg_buf b;
    vg_buf_init(&b, 1 << 16);
    for (int i = 0; i < 33; i++) {
        vg_buf_ch(&b, '(');
    }
    assert_int_equal(compile(a, vg_buf_z(&b), &x, &err), VG_EINVALID);
    assert_string_equal(err.key, "expr.err.too_deep");
    vg_buf_reset(&b);
    for (int i = 0; i < 100; i++) {
        vg_buf_c(&b, "not ");
    }
    vg_buf_c(&b, "true");
    assert_int_equal(compile(a, vg_buf_z(&b), &x, &err), VG_EINVALID);
    vg_buf_reset(&b);
    vg_buf_c(&b, "true");
    for (int i = 0; i < 200; i++) {
        vg_buf_c(&b, " or true");
    }
    assert_int_equal(compile(a, vg_buf_z(&b), &x, &err), VG_EINVALID);
    assert_string_equal(err.key, "expr.err.too_long");
    while (b.n <= VG_X_BYTES) {
        vg_buf_ch(&b, ' ');
    }
    assert_int_equal(compile(a, vg_buf_z(&b), &x, &err), VG_ETOOBIG);
    vg_buf_done(&b);
    vg_arena_destroy(a);
}

static void places_count_from_the_file(void **state)
{
    (void)state;
    vg_arena *a = vg_arena_create(1 << 18);
    const vg_expr *x = NULL;
    vg_err err = {0};
    assert_int_equal(
        vg_expr_compile(a, &world, VG_S("true and\nxyzzy"), &(vg_xorigin){"a.yaml", 10}, &x, &err),
        VG_EINVALID);
    assert_string_equal(err.detail, "a.yaml:11:1");
    vg_arena_destroy(a);
}

static void an_open_schema_asks_anything(void **state)
{
    (void)state;
    static const vg_xschema open = {.open = true};
    vg_arena *a = vg_arena_create(1 << 18);
    const vg_expr *x = NULL;
    vg_err err = {0};
    assert_int_equal(vg_expr_compile(a, &open, VG_S("on_duty and not gone[\"x\"]"), NULL, &x, &err),
                     VG_OK);
    assert_string_equal(vg_expr_name(x, 0)->name, "on_duty");
    assert_true(vg_expr_name(x, 1)->keyed);
    assert_null(vg_expr_name(x, 2));
    vg_arena_destroy(a);
}

static void reads_back(void **state)
{
    (void)state;
    static const struct {
        const char *text, *canonical, *vi, *en;
    } cases[] = {
        {"((people>3))and(not(true or  false))", "people > 3 and not (true or false)", NULL, NULL},
        {"(true and true) and true or true", "true and true and true or true", NULL, NULL},
        {"true and (true and true)", "true and (true and true)", NULL, NULL},
        {"group.eta [ \"g\\\"1\\\\\" ]<90m", "group.eta[\"g\\\"1\\\\\"] < 1h30m", NULL, NULL},
        {"people - (zone.level - 1.50) = -0.5", "people - (zone.level - 1.5) = -0.5", NULL, NULL},
        {"(day = mon) = true", "(day = mon) = true", NULL, NULL},
        {"time in 22:00..05:00 and day not in {sat, sun}",
         "time in 22:00..05:00 and day not in {sat, sun}",
         "giờ trong ngày thuộc từ 22:00 đến trước 05:00 và ngày trong tuần không thuộc thứ Bảy "
         "hoặc "
         "Chủ nhật",
         "the time of day is among 22:00 until before 05:00 and the day of the week is not among "
         "Saturday or Sunday"},
        {"now-drill.last>1d12h", "now - drill.last > 1d12h",
         "thời điểm hiện tại trừ drill.last lớn hơn 1 ngày 12 giờ",
         "now minus drill.last is more than 1 d 12 h"},
        {"date < 2026-11-05 or known post.manned[\"p1\"]",
         "date < 2026-11-05 or known post.manned[\"p1\"]",
         "ngày trước 05/11/2026 hoặc đã biết post.manned [“p1”]",
         "the date is before 05/11/2026 or post.manned [“p1”] is known"},
        {"posture[\"a\"] = \"tang_cuong\"", "posture[\"a\"] = \"tang_cuong\"",
         "tư thế tại mục tiêu [“a”] là “tang_cuong”", NULL},
    };
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        vg_arena *a = vg_arena_create(1 << 18);
        const vg_expr *x = NULL;
        vg_err err;
        vg_buf b;
        vg_buf_init(&b, 8192);
        assert_int_equal(compile(a, cases[i].text, &x, &err), VG_OK);
        vg_expr_print(x, &b);
        assert_string_equal(vg_buf_z(&b), cases[i].canonical);
        const char *const say[2] = {cases[i].vi, cases[i].en};
        for (vg_lang l = VG_VI; l <= VG_EN; l++) {
            vg_buf_reset(&b);
            vg_expr_say(x, l, &b);
            if (say[l]) {
                assert_string_equal(vg_buf_z(&b), say[l]);
            }
            assert_true(b.n > 0 && !strchr(vg_buf_z(&b), '{'));
        }
        vg_buf_done(&b);
        vg_arena_destroy(a);
    }
}

// Lines of the page's ```expr blocks are compiled; "# -> true" behind one says the answer in this world.
static void every_example_of_the_page_holds(void **state)
{
    (void)state;
    char path[400], line[1000];
    const char *root = getenv("VG_ROOT");
    snprintf(path, sizeof path, "%s/docs/expression.md", root ? root : ".");
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    bool inside = false;
    int seen = 0;
    while (fgets(line, sizeof line, f)) {
        if (strncmp(line, "```", 3) == 0) {
            inside = strncmp(line, "```expr", 7) == 0;
            continue;
        }
        char *answer = strstr(line, "# -> ");
        if (!inside || !answer) {
            continue;
        }
        *answer = 0;
        const char *const words[] = {"false", "true", "unknown"};
        const vg_tri got = ask(line, &world_env);
        if (strncmp(answer + 5, words[got], strlen(words[got])) != 0) {
            print_error("%s is %s\n", line, words[got]);
            fail();
        }
        seen++;
    }
    assert_int_equal(fclose(f), 0);
    assert_true(seen >= 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers),
        cmocka_unit_test(an_unknown_moment_and_the_ends_of_time),
        cmocka_unit_test(faults_say_where_and_what),
        cmocka_unit_test(size_and_depth_have_limits),
        cmocka_unit_test(places_count_from_the_file),
        cmocka_unit_test(an_open_schema_asks_anything),
        cmocka_unit_test(reads_back),
        cmocka_unit_test(every_example_of_the_page_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
