// SPDX-License-Identifier: Apache-2.0
// Logging in by two steps, a new token each time, and sessions that are seen and ended from elsewhere.
#include "http/kit_test.h"

#include "base/clock.h"
#include "http/session.h"

#include <liboath/oath.h>

static test_node node;

static int start(void **state)
{
    (void)state;
    test_node_start(&node, NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    test_node_stop(&node);
    return 0;
}

static void member(const char *json, const char *name, char *out, size_t max)
{
    vg_arena *a = vg_arena_create(65536);
    snprintf(out, max, "%.*s", VG_FMT(vg_js_str(a, vg_str_c(json), name)));
    vg_arena_destroy(a);
}

static void assert_key(test_answer a, int status, const char *key)
{
    char got[80], cookie[200];
    member(a.body, "key", got, sizeof got);
    assert_int_equal(a.status, status);
    assert_string_equal(got, key);
    test_header(&a, "Set-Cookie", cookie, sizeof cookie);
    assert_string_equal(cookie, "");
    test_done(&a);
}

static test_answer enter(const char *login, const char *password, const char *code,
                         const char *headers)
{
    char body[300];
    snprintf(body, sizeof body, "{\"login\":\"%s\",\"password\":\"%s\"%s%s%s}", login, password,
             code ? ",\"code\":\"" : "", code ? code : "", code ? "\"" : "");
    return test_request(node.port, "POST", "/api/v1/session", headers, body);
}

static int64_t count(const char *sql)
{
    vg_db *db;
    vg_err err = {0};
    int64_t n = -1;
    test_ok(vg_inner_take(node.core, &db, &err), &err);
    test_ok(vg_one_i64(db, sql, VG_NOVALS, 0, &n, &err), &err);
    vg_inner_give(node.core, db);
    return n;
}

static void never_takes_a_token_from_outside(void **state)
{
    (void)state;
    static const char planted[] =
        "Cookie: vg_session=00000000000000000000000000000000000000000000000000000000000000aa\r\n";
    char cookie[200], mine[400], both[420];
    test_answer a = enter("truc.ban", TEST_PASSWORD, NULL, planted);
    assert_int_equal(a.status, 200);
    test_header(&a, "Set-Cookie", cookie, sizeof cookie);
    assert_null(strstr(cookie, "0000000000aa"));
    test_done(&a);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", planted, NULL), 401);
    // What was open in this browser is over when somebody logs in anew.
    test_login(&node, "truc.ban", mine);
    snprintf(both, sizeof both, "%.*s\r\n", (int)strcspn(mine, "\r"), mine);
    a = enter("truc.ban", TEST_PASSWORD, NULL, both);
    assert_int_equal(a.status, 200);
    test_done(&a);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", mine, NULL), 401);
}

typedef struct seed {
    char *raw;
    size_t n;
} seed;

static void code_at(const seed *s, int64_t at_s, char out[8])
{
    assert_int_equal(oath_totp_generate(s->raw, s->n, at_s, 30, 0, 6, out), OATH_OK);
}

static void post_ok(const char *path, const char *headers, const char *body, char *out, size_t max)
{
    test_answer a = test_request(node.port, "POST", path, headers, body);
    if (a.status != 200) {
        fail_msg("%s: %s", path, a.text);
    }
    snprintf(out, max, "%s", a.body);
    test_done(&a);
}

static void set_up(const char *user, const char *headers, int64_t at_s, seed *s)
{
    char path[100], body[100], answer[8192], shown[64], packed[64] = "", code[8];
    snprintf(path, sizeof path, "/api/v1/users/%s/factor", user);
    post_ok(path, headers, "{\"password\":\"" TEST_PASSWORD "\"}", answer, sizeof answer);
    member(answer, "seed", shown, sizeof shown);
    for (size_t i = 0, n = 0; shown[i]; i++) {
        if (shown[i] != ' ') {
            packed[n++] = shown[i];
        }
    }
    assert_int_equal(oath_base32_decode(packed, strlen(packed), &s->raw, &s->n), OATH_OK);
    code_at(s, at_s, code);
    snprintf(path, sizeof path, "/api/v1/users/%s/factor/confirm", user);
    snprintf(body, sizeof body, "{\"code\":\"%s\"}", code);
    post_ok(path, headers, body, answer, sizeof answer);
    assert_non_null(strstr(answer, "codes"));
}

static void wants_the_second_step(void **state)
{
    (void)state;
    seed s = {0};
    char mine[400], code[8], id[VG_ID_TEXT];
    test_user(&node, "hai.buoc", "duty_officer", id);
    test_login(&node, "hai.buoc", mine);
    const int64_t at_s = vg_now_us() / VG_SECOND_US;
    set_up(id, mine, at_s, &s);
    code_at(&s, at_s + 30, code);
    assert_key(enter("hai.buoc", "khong phai the", NULL, ""), 401, "http.err.login");
    assert_key(enter("hai.buoc", "khong phai the", code, ""), 401, "http.err.login");
    assert_key(enter("hai.buoc", TEST_PASSWORD, NULL, ""), 401, "http.err.login_code");
    assert_key(enter("hai.buoc", TEST_PASSWORD, "12345x", ""), 401, "http.err.login_code_wrong");
    test_answer a = enter("hai.buoc", TEST_PASSWORD, code, "");
    assert_int_equal(a.status, 200);
    test_done(&a);
    assert_key(enter("hai.buoc", TEST_PASSWORD, code, ""), 401, "http.err.login_code_wrong");
    // Wrong codes and wrong passwords fill one measure, which a password alone does not empty.
    int status = 0, tries = 0;
    for (; tries < 12 && status != 429; tries++) {
        a = enter("hai.buoc", tries % 2 ? TEST_PASSWORD : "sai", "12345x", "");
        status = a.status;
        test_done(&a);
        a = enter("hai.buoc", TEST_PASSWORD, NULL, "");
        test_done(&a);
    }
    assert_in_range(tries, 4, 6);
    char other[400];
    test_login(&node, "truc.ban", other);  // nobody else waits
    free(s.raw);
}

static void session_ids(const char *headers, const char *query, char out[8][24], size_t *n,
                        int *current)
{
    char path[100];
    snprintf(path, sizeof path, "/api/v1/sessions%s", query);
    test_answer a = test_request(node.port, "GET", path, headers, NULL);
    assert_int_equal(a.status, 200);
    *n = 0;
    *current = -1;
    for (const char *p = a.body; *n < 8 && (p = strstr(p, "\"id\":\"")); p += 6) {
        const char *end = strchr(p, '}');
        const char *now = strstr(p, "\"current\":true");
        if (now && now < end) {
            *current = (int)*n;
        }
        snprintf(out[(*n)++], 24, "%.16s", p + 6);
    }
    test_done(&a);
}

// Reads what a stream says until it is closed; false: it was still open after some seconds.
static bool closed(int fd)
{
    const struct timeval limit = {4, 0};
    char buf[4096];
    const int64_t end = vg_mono_us() + 3 * VG_SECOND_US;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    while (vg_mono_us() < end) {
        if (recv(fd, buf, sizeof buf, 0) <= 0) {
            return true;
        }
    }
    return false;
}

static void shows_and_ends_sessions(void **state)
{
    (void)state;
    char keeper[400], other[400], ids[8][24], path[100], id[VG_ID_TEXT], who[400], agent[700];
    size_t n;
    int current;
    test_user(&node, "ba.phien", "custodian", id);
    test_login(&node, "ba.phien", keeper);
    test_login(&node, "ba.phien", other);
    session_ids(keeper, "", ids, &n, &current);
    assert_int_equal(n, 2);
    assert_in_range(current, 0, 1);
    const int fd = test_connect(node.port);
    snprintf(agent, sizeof agent, "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
             other);
    test_send(fd, agent, strlen(agent));
    char hello[256];
    assert_true(recv(fd, hello, sizeof hello, 0) > 0);
    snprintf(path, sizeof path, "/api/v1/sessions/%s/end", ids[1 - current]);
    assert_int_equal(test_status(node.port, "POST", path, keeper, ""), 200);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", other, NULL), 401);
    assert_true(closed(fd));
    close(fd);
    assert_int_equal(count("SELECT count(*) FROM event WHERE kind = 'accounts.session_ended'"), 0);
    // others of one's own, all at once
    test_login(&node, "ba.phien", other);
    assert_int_equal(test_status(node.port, "POST", "/api/v1/sessions/end-others", keeper, ""),
                     200);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", other, NULL), 401);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", keeper, NULL), 200);
    // another's: administrators only, and the journal keeps it
    test_login(&node, "truc.ban", who);
    snprintf(path, sizeof path, "/api/v1/sessions?user=%s", id);
    assert_int_equal(test_status(node.port, "GET", path, who, NULL), 403);
    session_ids(keeper, "", ids, &n, &current);
    snprintf(path, sizeof path, "/api/v1/sessions/%s/end", ids[0]);
    assert_int_equal(test_status(node.port, "POST", path, who, ""), 404);
    snprintf(path, sizeof path, "?user=%s", node.officer);
    session_ids(keeper, path, ids, &n, &current);
    assert_true(n >= 1);
    assert_int_equal(current, -1);
    for (size_t i = 0; i < n; i++) {
        snprintf(path, sizeof path, "/api/v1/sessions/%s/end", ids[i]);
        assert_int_equal(test_status(node.port, "POST", path, keeper, ""), 200);
    }
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", who, NULL), 401);
    for (int i = 0;
         i < 200 &&
         count("SELECT count(*) FROM event WHERE kind = 'accounts.session_ended'") < (int64_t)n;
         i++) {
        usleep(10000);
    }
    assert_int_equal(count("SELECT count(*) FROM event WHERE kind = 'accounts.session_ended'"), n);
}

static void says_with_what(void **state)
{
    (void)state;
    char keeper[400], mine[400], body[120], path[100];
    test_answer a =
        enter("quan.tri", TEST_PASSWORD, NULL,
              "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101"
              " Firefox/128.0\r\n");
    assert_int_equal(a.status, 200);
    test_done(&a);
    test_login(&node, "quan.tri", keeper);
    a = test_request(node.port, "GET", "/api/v1/sessions", keeper, NULL);
    assert_non_null(strstr(a.body, "\"device\":\"Firefox, Windows\""));
    assert_non_null(strstr(a.body, "\"address\":\"127.0.0.1\""));
    test_done(&a);
    // A guess in an open session waits like a guess at the door.
    test_login(&node, "truc.ban", mine);
    snprintf(path, sizeof path, "/api/v1/users/%s/password", node.officer);
    snprintf(body, sizeof body, "{\"password\":\"mot mat khau moi\",\"old\":\"doan mo\"}");
    int status = 403, tries = 0;
    for (; tries < 12 && status == 403; tries++) {
        status = test_status(node.port, "POST", path, mine, body);
    }
    assert_int_equal(status, 429);
    assert_in_range(tries, 5, 7);
}

// Last: after it the node's time is half a day ahead of the clock.
static void ends_whatever_the_clock_says(void **state)
{
    (void)state;
    char mine[400];
    vg_labels *labels = vg_core_labels(node.core);
    test_login(&node, "quan.tri", mine);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", mine, NULL), 200);
    vg_labels_publish(labels, vg_now_us() + (HTTP_SESSION_MAX_S - 60) * VG_SECOND_US);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", mine, NULL), 200);
    // It was that late once; that the clock is half a day behind now extends nothing.
    vg_labels_publish(labels, vg_now_us() + (HTTP_SESSION_MAX_S + 60) * VG_SECOND_US);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", mine, NULL), 401);
    test_login(&node, "quan.tri", mine);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", mine, NULL), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(never_takes_a_token_from_outside), cmocka_unit_test(wants_the_second_step),
        cmocka_unit_test(shows_and_ends_sessions),          cmocka_unit_test(says_with_what),
        cmocka_unit_test(ends_whatever_the_clock_says),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
