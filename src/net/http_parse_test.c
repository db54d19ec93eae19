// SPDX-License-Identifier: Apache-2.0
#include "net/http_parse.h"

#include <setjmp.h>

#include <cmocka.h>

static vg_arena *a;

static int setup(void **state)
{
    (void)state;
    a = vg_arena_create(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    vg_arena_destroy(a);
    return 0;
}

static vg_status parse(const char *raw, vg_http_target *t)
{
    vg_err err;
    return vg_http_target_parse(a, vg_str_c(raw), t, &err);
}

static void reads_paths_and_queries(void **state)
{
    (void)state;
    vg_http_target t;
    assert_int_equal(parse("/a/b%20c?x=1&y=%C4%91%E1%BB%93ng+h%E1%BB%93&z&&w=", &t), VG_OK);
    assert_true(vg_str_eqc(t.path, "/a/b c"));
    assert_int_equal(t.n_query, 4);
    assert_true(vg_str_eqc(t.query[1].name, "y"));
    assert_true(vg_str_eqc(t.query[1].value, "đồng hồ"));
    assert_true(vg_str_eqc(t.query[2].name, "z"));
    assert_int_equal(t.query[2].value.n, 0);
    assert_int_equal(parse("/", &t), VG_OK);
    assert_int_equal(parse("/a/?", &t), VG_OK);
    assert_int_equal(parse("/a+b", &t), VG_OK);
    assert_true(vg_str_eqc(t.path, "/a+b"));  // a plus is a blank in queries only
}

static void refuses_what_has_two_readings(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",        "*",         "a",           "http://x/a",    "//a",    "/a//b",   "/./a",
        "/a/..",   "/%2e/a",    "/%2E%2e",     "/a%2fb",        "/a%2Fb", "/a%",     "/a%4",
        "/a%zz",   "/a%00",     "/a%0a",       "/a%7f",         "/%ff",   "/%c0%af", "/?a=%00",
        "/?%ff=1", "/?a=1&a=2", "/?a=1&%61=2", "/?a=%ed%a0%80",
    };
    vg_http_target t;
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        if (parse(bad[i], &t) != VG_EINVALID) {
            fail_msg("%s", bad[i]);
        }
    }
    char many[VG_HTTP_MAX_TARGET + 2];
    memset(many, 'a', sizeof many);
    many[0] = '/';
    many[sizeof many - 1] = '\0';
    assert_int_equal(parse(many, &t), VG_ETOOBIG);
    size_t n = 2;
    snprintf(many, sizeof many, "/?");
    for (int i = 0; i <= VG_HTTP_MAX_PAIRS; i++) {
        n += (size_t)snprintf(many + n, sizeof many - n, "p%d=1&", i);
    }
    assert_int_equal(parse(many, &t), VG_ETOOBIG);
}

static void finds_cookies(void **state)
{
    (void)state;
    const vg_str h = VG_S("a=1; vg_session=abc=d; b=2; vg_session=zzz");
    assert_true(vg_str_eqc(vg_http_cookie_find(h, "vg_session"), "abc=d"));
    assert_true(vg_str_eqc(vg_http_cookie_find(h, "b"), "2"));
    assert_int_equal(vg_http_cookie_find(h, "session").n, 0);
    assert_int_equal(vg_http_cookie_find(VG_S(""), "a").n, 0);
    assert_int_equal(vg_http_cookie_find(VG_S(";;=;a"), "a").n, 0);
}

static void reads_lists(void **state)
{
    (void)state;
    assert_true(vg_http_list_has(VG_S("br, GZIP;q=0.5"), "gzip"));
    assert_false(vg_http_list_has(VG_S("br, gzip;q=0.000"), "gzip"));
    assert_false(vg_http_list_has(VG_S("xgzip"), "gzip"));
    assert_true(vg_http_etag_matches(VG_S("\"a\", W/\"b\""), VG_S("\"b\"")));
    assert_true(vg_http_etag_matches(VG_S("*"), VG_S("\"b\"")));
    assert_false(vg_http_etag_matches(VG_S(""), VG_S("\"b\"")));
    assert_false(vg_http_etag_matches(VG_S("\"bb\""), VG_S("\"b\"")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_paths_and_queries, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_what_has_two_readings, setup, teardown),
        cmocka_unit_test_setup_teardown(finds_cookies, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_lists, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
