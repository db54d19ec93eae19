// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <setjmp.h>

#include <cmocka.h>

static const char one[] = "one";

static void add(http_router *r, const char *route)
{
    vg_err err;
    assert_int_equal(http_router_add(r, "/api/v1", route, (http_target){HTTP_T_QUERY, one}, &err),
                     VG_OK);
}

static vg_status find(const http_router *r, const char *method, const char *path, http_match *m)
{
    return http_router_find(r, vg_str_c(method), vg_str_c(path), m);
}

static void finds_literals_and_parameters(void **state)
{
    (void)state;
    http_router *r = http_router_create();
    http_match m;
    add(r, "GET /alerts");
    add(r, "GET /alerts/{id}");
    add(r, "POST /alerts/{id}/acknowledge");
    add(r, "GET /alerts/summary");
    assert_int_equal(find(r, "GET", "/api/v1/alerts", &m), VG_OK);
    assert_int_equal(m.n_params, 0);
    assert_int_equal(find(r, "GET", "/api/v1/alerts/x7", &m), VG_OK);
    assert_true(vg_str_eqc(http_match_param(&m, "id"), "x7"));
    assert_int_equal(find(r, "GET", "/api/v1/alerts/summary", &m), VG_OK);
    assert_int_equal(m.n_params, 0);  // the literal wins
    assert_int_equal(find(r, "POST", "/api/v1/alerts/x7/acknowledge", &m), VG_OK);
    assert_true(vg_str_eqc(http_match_param(&m, "id"), "x7"));
    http_router_destroy(r);
}

static void tells_no_path_from_no_method(void **state)
{
    (void)state;
    http_router *r = http_router_create();
    http_match m;
    add(r, "GET /alerts");
    add(r, "POST /alerts");
    add(r, "POST /alerts/{id}/close");
    static const char *const none[] = {"/",
                                       "/api",
                                       "/api/v1",
                                       "/api/v1/",
                                       "/api/v1/alert",
                                       "/api/v1/alertss",
                                       "/api/v1/alerts/",
                                       "/api/v1/alerts/x",
                                       "/api/v1/alerts/x/close/y",
                                       "/api/v1/alerts//close",
                                       "/ALERTS"};
    for (size_t i = 0; i < VG_LEN(none); i++) {
        if (find(r, "GET", none[i], &m) != VG_ENOTFOUND) {
            fail_msg("%s", none[i]);
        }
    }
    assert_int_equal(find(r, "DELETE", "/api/v1/alerts", &m), VG_EGONE);
    assert_string_equal(m.allow, "GET, POST");
    assert_int_equal(find(r, "get", "/api/v1/alerts", &m), VG_EGONE);
    http_router_destroy(r);
}

static void refuses_a_route_taken_twice(void **state)
{
    (void)state;
    http_router *r = http_router_create();
    vg_err err;
    const http_target t = {HTTP_T_QUERY, one};
    add(r, "GET /alerts/{id}");
    assert_int_equal(http_router_add(r, "/api/v1", "GET /alerts/{other}", t, &err), VG_ECONFLICT);
    assert_int_equal(http_router_add(r, "", "GET alerts", t, &err), VG_EINVALID);
    assert_int_equal(http_router_add(r, "", "/alerts", t, &err), VG_EINVALID);
    assert_int_equal(http_router_add(r, "", "MUCHTOOLONG /alerts", t, &err), VG_EINVALID);
    http_router_destroy(r);
    http_router_destroy(NULL);
}

// Whatever the order of adding, each of many routes is found and none else.
static void keeps_many_apart(void **state)
{
    (void)state;
    http_router *r = http_router_create();
    char route[64], path[64];
    http_match m;
    for (unsigned i = 0; i < 500; i++) {
        snprintf(route, sizeof route, "GET /n%u/{id}/x%u", i * 7919u % 500u, i % 3u);
        add(r, route);
    }
    for (unsigned i = 0; i < 500; i++) {
        snprintf(path, sizeof path, "/api/v1/n%u/k/x%u", i * 7919u % 500u, i % 3u);
        assert_int_equal(find(r, "GET", path, &m), VG_OK);
        snprintf(path, sizeof path, "/api/v1/n%u/k/x%u", i * 7919u % 500u, i % 3u + 3u);
        assert_int_equal(find(r, "GET", path, &m), VG_ENOTFOUND);
    }
    http_router_destroy(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_literals_and_parameters),
        cmocka_unit_test(tells_no_path_from_no_method),
        cmocka_unit_test(refuses_a_route_taken_twice),
        cmocka_unit_test(keeps_many_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
