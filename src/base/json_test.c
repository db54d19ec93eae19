// SPDX-License-Identifier: Apache-2.0
// Our writer and scanner against jansson over random trees: what we write jansson reads back equal, and what
// the scanner finds in it is what jansson holds. Then cut and changed texts, which must only be "not found".
#include "base/json.h"
#include "base/text.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/prop_test.h"

static void random_text(vg_prop *p, vg_buf *out)
{
    static const char *const bits[] = {"a", "\"",   "\\", "\n", "\x01", "đ", "ố", "𠮷",
                                       "/", "\x7f", "é",  "{",  "]",    ",", ":", "\t"};
    vg_buf_reset(out);
    for (uint64_t n = vg_prop_below(p, 12); n; n--) {
        vg_buf_c(out, bits[vg_prop_below(p, VG_LEN(bits))]);
    }
}

// Writes a random value with our writer and makes the same one of jansson's.
static json_t *random_value(vg_prop *p, vg_jw *w, int depth)
{
    vg_buf text;
    json_t *j;
    vg_buf_init(&text, 4096);
    switch (vg_prop_below(p, depth > 0 ? 7 : 5)) {
    case 0:
        vg_jw_null(w);
        j = json_null();
        break;
    case 1:
        vg_jw_bool(w, vg_prop_next(p) & 1);
        j = json_null();
        break;
    case 2: {
        const int64_t v = (int64_t)vg_prop_next(p) >> vg_prop_below(p, 64);
        vg_jw_i64(w, v);
        j = json_integer(v);
        break;
    }
    case 3:
    case 4:
        random_text(p, &text);
        vg_jw_str(w, vg_buf_str(&text));
        j = json_stringn(text.p ? text.p : "", text.n);
        break;
    case 5:
        j = json_array();
        vg_jw_open(w, '[');
        for (uint64_t n = vg_prop_below(p, 5); n; n--) {
            json_array_append_new(j, random_value(p, w, depth - 1));
        }
        vg_jw_close(w, ']');
        break;
    default:
        j = json_object();
        vg_jw_open(w, '{');
        for (uint64_t n = 0, end = vg_prop_below(p, 6); n < end; n++) {
            char key[24];
            snprintf(key, sizeof key, "k%llu", (unsigned long long)n);
            vg_jw_key(w, key);
            json_object_set_new(j, key, random_value(p, w, depth - 1));
        }
        vg_jw_close(w, '}');
    }
    vg_buf_done(&text);
    return j;
}

static bool alike(const json_t *mine, const json_t *theirs)  // booleans were noted as null
{
    return json_is_boolean(mine) ? json_is_null(theirs) : json_typeof(mine) == json_typeof(theirs);
}

static void compare(vg_arena *a, vg_str raw, const json_t *j)
{
    vg_str key, value;
    size_t n = 0;
    if (json_is_object(j)) {
        for (size_t at = 0; vg_js_each(raw, &at, &key, &value); n++) {
            const char *k = vg_str_z(a, key);
            vg_str again;
            assert_true(vg_js_find(raw, k, &again));
            assert_true(again.p == value.p && again.n == value.n);
            compare(a, value, json_object_get(j, k));
        }
        assert_int_equal(n, json_object_size(j));
        assert_false(vg_js_find(raw, "absent", &value));
    } else if (json_is_array(j)) {
        for (size_t at = 0; vg_js_each(raw, &at, NULL, &value); n++) {
            compare(a, value, json_array_get(j, n));
        }
        assert_int_equal(n, json_array_size(j));
    } else if (json_is_string(j)) {
        const vg_str s = vg_js_decode(a, raw);
        assert_true(vg_str_eq(s, (vg_str){json_string_value(j), json_string_length(j)}));
    } else if (json_is_integer(j)) {
        int64_t v;
        assert_int_equal(vg_str_i64(raw, INT64_MIN, INT64_MAX, &v, NULL), VG_OK);
        assert_true(v == json_integer_value(j));
    }
}

static void test_trees(void **state)
{
    vg_prop *p = *state;
    vg_arena *a = vg_arena_create(1 << 22);
    vg_buf b;
    vg_buf_init(&b, 1 << 20);
    for (int i = 0; i < 3000; i++) {
        vg_arena_reset(a);
        vg_buf_reset(&b);
        vg_jw w = vg_jw_on(&b);
        json_t *mine = random_value(p, &w, 5), *read = NULL;
        assert_int_equal(vg_json_parse(vg_buf_str(&b), 1 << 20, &read, NULL), VG_OK);
        assert_true(alike(read, mine) || json_is_null(mine));
        compare(a, vg_buf_str(&b), mine);
        char *dumped = json_dumps(read, JSON_COMPACT | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
        compare(a, vg_str_c(dumped), mine);  // every character as \u: the other way of writing it
        free(dumped);
        json_decref(read);
        json_decref(mine);
    }
    vg_buf_done(&b);
    vg_arena_destroy(a);
}

// Reads everything there is in it; must end, and stay inside (a sanitizer watches).
static void scan_all(vg_arena *a, vg_str raw, int depth)
{
    vg_str key, value;
    (void)vg_js_decode(a, raw);
    (void)vg_js_i64(raw, "k1", 0);
    for (size_t at = 0; depth && vg_js_each(raw, &at, &key, &value);) {
        assert_true(value.p >= raw.p && value.p + value.n <= raw.p + raw.n);
        scan_all(a, value, depth - 1);
    }
}

static void test_broken(void **state)
{
    vg_prop *p = *state;
    vg_arena *a = vg_arena_create(1 << 24);
    vg_buf b;
    vg_buf_init(&b, 1 << 20);
    for (int i = 0; i < 5000; i++) {
        vg_arena_reset(a);
        vg_buf_reset(&b);
        vg_jw w = vg_jw_on(&b);
        json_decref(random_value(p, &w, 4));
        const size_t n = vg_prop_below(p, b.n + 1);
        char *exact = vg_alloc(n);  // so that one byte too far is seen
        memcpy(exact, b.p, n);
        for (uint64_t k = vg_prop_below(p, 4); k && n; k--) {
            exact[vg_prop_below(p, n)] = "\"\\{}[],:u0 \0"[vg_prop_below(p, 12)];
        }
        scan_all(a, (vg_str){exact, n}, 8);
        free(exact);
    }
    vg_buf_done(&b);
    vg_arena_destroy(a);
}

static void test_members(void **state)
{
    (void)state;
    vg_arena *a = vg_arena_create(1 << 16);
    const vg_str body =
        VG_S(" {\"a\" : 1 "
             ",\"b\":\"x\\u0111\\ud842\\udfb7\\ud842!\",\"c\":true,\"d\":null,\"e\":{\"a\":2}}");
    assert_int_equal(vg_js_i64(body, "a", -1), 1);
    assert_int_equal(vg_js_i64(body, "b", -1), -1);
    assert_true(vg_str_eqc(vg_js_str(a, body, "b"), "xđ𠮷\uFFFD!"));
    assert_true(vg_js_bool(body, "c", false));
    assert_true(vg_js_bool(body, "d", true));
    assert_int_equal(vg_js_str(a, body, "d").n, 0);
    vg_str e;
    assert_true(vg_js_find(body, "e", &e));
    static const char *const keys[] = {"e", "none", "a", "aa", ""};
    vg_str picked[VG_LEN(keys)];
    vg_js_pick(body, keys, VG_LEN(keys), picked);
    assert_true(picked[0].p == e.p && picked[0].n == e.n && vg_str_eqc(picked[2], "1"));
    assert_int_equal(picked[1].n + picked[3].n + picked[4].n, 0);
    assert_int_equal(vg_js_i64(e, "a", -1), 2);
    vg_arena_destroy(a);
}

static void test_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {"",      "{",         "{\"a\":1,\"a\":2}", "[1,]",
                                      "nul",   "\"\xFF\"",  "{\"a\":NaN}",       "\"\\u0000\"",
                                      "[1] x", "{\"a\":01}"};
    json_t *t = NULL;
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        vg_err err = {0};
        assert_int_equal(vg_json_parse(vg_str_c(bad[i]), 1000, &t, &err), VG_EINVALID);
        assert_string_equal(err.key, "err.json");
    }
    assert_int_equal(vg_json_parse(VG_S("[1,2,3]"), 3, &t, NULL), VG_ETOOBIG);
    char deep[5000];
    memset(deep, '[', sizeof deep);
    assert_int_equal(vg_json_parse((vg_str){deep, sizeof deep}, 1 << 20, &t, NULL), VG_EINVALID);
}

static void test_writer(void **state)
{
    (void)state;
    vg_buf b;
    vg_buf_init(&b, 1000);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kstr(&w, "bad",
               VG_S("a\xFF"
                    "b\xC3"));
    vg_jw_kz(&w, "left_out", NULL);
    vg_jw_key(&w, "f");
    vg_jw_f64(&w, 0.5);
    vg_jw_key(&w, "nan");
    vg_jw_f64(&w, 0.0 / 0.0);
    vg_jw_ktime(&w, "t", 0);
    vg_jw_ktime(&w, "ms", 1234567);
    vg_jw_ktime_exact(&w, "us", 1234567);
    vg_jw_key(&w, "l");
    vg_jw_open(&w, '[');
    vg_jw_close(&w, ']');
    vg_jw_close(&w, '}');
    assert_string_equal(vg_buf_z(&b),
                        "{\"bad\":\"a\uFFFDb\uFFFD\",\"f\":0.5,\"nan\":null,\"t\":null,"
                        "\"ms\":\"1970-01-01T07:00:01.234000+07:00\","
                        "\"us\":\"1970-01-01T07:00:01.234567+07:00\",\"l\":[]}");
    vg_buf_done(&b);
}

int main(void)
{
    vg_prop p = vg_prop_seed("json");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_trees, &p),
        cmocka_unit_test_prestate(test_broken, &p),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_strict),
        cmocka_unit_test(test_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
