// SPDX-License-Identifier: Apache-2.0
// What a handler may rely on: arguments are of their type, composed, trimmed, within limits, and a name
// nobody declared is an error that says which one was meant.
#include "core/command.h"

#include <setjmp.h>
#include <cmocka.h>

static const char *const colours[] = {"red", "green", NULL};
static const vg_field FIELDS[] = {
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 5},
    {"id", VG_F_ID},
    {"level", VG_F_INT, .min = 1, .max = 4},
    {"any", VG_F_INT},
    {"on", VG_F_BOOL},
    {"at", VG_F_TIME},
    {"colour", VG_F_ENUM, .values = colours},
    {"key", VG_F_SECRET},
    {"shape", VG_F_JSON, .max = 20},
    {NULL},
};

static vg_status parse(vg_arena *a, const char *json, vg_args *ret, vg_err *err)
{
    json_t *t = NULL;
    *err = (vg_err){0};
    assert_int_equal(vg_json_parse(vg_str_c(json), 1 << 16, &t, NULL), VG_OK);
    const vg_status s = vg_args_parse(a, FIELDS, t, ret, err);
    json_decref(t);
    return s;
}

static void test_good(void **state)
{
    (void)state;
    vg_arena *a = vg_arena_create(1 << 16);
    vg_args x;
    vg_err err;
    assert_int_equal(
        parse(a,
              "{\"name\":\" o\xCC\x82n \",\"id\":\"0123456789abcdef\",\"level\":\"3\",\"on\":\"1\","
              "\"at\":\"1970-01-01T00:00:01Z\",\"colour\":\"green\",\"key\":\" k \",\"any\":null,"
              "\"shape\":{\"x\":[1, 2]}}",
              &x, &err),
        VG_OK);
    assert_true(vg_str_eqc(vg_arg_str(&x, "name"), "ôn"));
    assert_int_equal(vg_arg_i64(&x, "level", 0), 3);
    assert_int_equal(vg_arg_i64(&x, "on", 0), 1);
    assert_int_equal(vg_arg_i64(&x, "at", 0), 1000000);
    assert_int_equal(vg_arg_i64(&x, "colour", -1), 1);
    assert_true(vg_str_eqc(vg_arg_str(&x, "key"), " k "));  // a secret is taken as it is
    assert_true(vg_str_eqc(vg_arg_str(&x, "shape"), "{\"x\":[1,2]}"));
    assert_false(vg_arg_has(&x, "any"));
    assert_int_equal(vg_arg_i64(&x, "any", 77), 77);
    vg_arena_destroy(a);
}

static void test_bad(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        vg_status st;
        const char *field, *key;
    } cases[] = {
        {"{}", VG_EINVALID, "name", "err.field_missing"},
        {"{\"name\":\"  \"}", VG_EINVALID, "name", "err.field_missing"},
        {"{\"name\":null}", VG_EINVALID, "name", "err.field_missing"},
        {"{\"name\":5}", VG_EINVALID, "name", "err.field_text"},
        {"{\"name\":\"abcdef\"}", VG_ETOOBIG, "name", "err.field_long"},
        {"{\"name\":\"a\\u0007\"}", VG_EINVALID, "name", "err.field_characters"},
        {"{\"name\":\"a\",\"colr\":\"red\"}", VG_EINVALID, "colr", "err.field_unknown_near"},
        {"{\"name\":\"a\",\"zzzzzzzzz\":1}", VG_EINVALID, "zzzzzzzzz", "err.field_unknown"},
        {"{\"name\":\"a\",\"id\":\"0123456789abcdei\"}", VG_EINVALID, "id", "err.field_id"},
        {"{\"name\":\"a\",\"level\":5}", VG_EINVALID, "level", "err.field_range"},
        {"{\"name\":\"a\",\"level\":1.5}", VG_EINVALID, "level", "err.field_number"},
        {"{\"name\":\"a\",\"on\":\"yes\"}", VG_EINVALID, "on", "err.field_bool"},
        {"{\"name\":\"a\",\"at\":\"tomorrow\"}", VG_EINVALID, "at", "err.time_format"},
        {"{\"name\":\"a\",\"colour\":\"blue\"}", VG_EINVALID, "colour", "err.field_enum"},
        {"{\"name\":\"a\",\"shape\":\"1234567890123456789012345\"}", VG_ETOOBIG, "shape",
         "err.field_long"},
        {"[]", VG_EINVALID, "", "err.not_an_object"},
    };
    vg_arena *a = vg_arena_create(1 << 16);
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        vg_args x;
        vg_err err;
        assert_int_equal(parse(a, cases[i].json, &x, &err), cases[i].st);
        assert_string_equal(err.field, cases[i].field);
        assert_string_equal(err.key, cases[i].key);
    }
    vg_arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_good), cmocka_unit_test(test_bad)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
