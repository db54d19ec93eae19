// SPDX-License-Identifier: Apache-2.0
// The API as a client sees it: real sockets against a real node.
#include "http/kit_test.h"

#include "base/clock.h"

static test_node node;
static char officer[400], custodian[400];

static int start(void **state)
{
    (void)state;
    test_node_start(&node, NULL);
    test_login(&node, "truc.ban", officer);
    test_login(&node, "quan.tri", custodian);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    test_node_stop(&node);
    return 0;
}

static void assert_problem(const char *method, const char *path, const char *headers,
                           const char *body, int status)
{
    test_answer a = test_request(node.port, method, path, headers, body);
    char type[80], *at;
    if (a.status != status) {
        fail_msg("%s %.60s: %d instead of %d: %.300s", method, path, a.status, status, a.text);
    }
    test_header(&a, "Content-Type", type, sizeof type);
    assert_string_equal(type, "application/problem+json");
    at = strstr(a.text, "\"status\":");
    assert_non_null(at);
    assert_int_equal((int)strtol(at + 9, NULL, 10), status);
    assert_non_null(strstr(a.text, "\"type\":\"urn:vonggac:problem:"));
    assert_null(strstr(a.body, "http.title"));  // the title has a text
    test_done(&a);
}

static void answers_health_to_anybody(void **state)
{
    (void)state;
    assert_int_equal(test_status(node.port, "GET", "/healthz", "", NULL), 200);
    assert_int_equal(test_status(node.port, "HEAD", "/healthz", "", NULL), 200);
    test_answer a = test_request(node.port, "GET", "/readyz", "", NULL);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.body, "{\"ready\":true}");
    char v[400];
    test_header(&a, "Content-Security-Policy", v, sizeof v);
    assert_non_null(strstr(v, "default-src 'none'"));
    assert_null(strstr(v, "unsafe"));
    test_header(&a, "X-Content-Type-Options", v, sizeof v);
    assert_string_equal(v, "nosniff");
    test_done(&a);
}

static void refuses_who_is_not_logged_in(void **state)
{
    (void)state;
    assert_problem("GET", "/api/v1/users", "", NULL, 401);
    assert_problem("GET", "/api/v1/session", "", NULL, 401);
    assert_problem("GET", "/api/v1/stream", "", NULL, 401);
    assert_problem("GET", "/metrics", "", NULL, 401);
    assert_problem("POST", "/api/v1/users", "", "{}", 401);
    assert_problem("GET", "/api/v1/users",
                   "Cookie: vg_session=0123456789012345678901234567890123\r\n", NULL, 401);
    assert_problem("GET", "/api/v1/users", "Authorization: Bearer 01234567890123456789\r\n", NULL,
                   401);
    assert_problem("POST", "/api/v1/session", "", "{\"login\":\"truc.ban\",\"password\":\"x\"}",
                   401);
    assert_problem("POST", "/api/v1/session", "", "{\"login\":\"nobody\",\"password\":\"x\"}", 401);
}

static void knows_who_asks(void **state)
{
    (void)state;
    test_answer a = test_request(node.port, "GET", "/api/v1/session", officer, NULL);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "\"login\":\"truc.ban\""));
    assert_non_null(strstr(a.body, "\"role\":\"duty_officer\""));
    assert_non_null(strstr(a.body, "\"accounts.read\""));
    assert_null(strstr(a.body, "\"accounts.edit\""));
    test_done(&a);
    assert_int_equal(
        test_status(node.port, "PATCH", "/api/v1/session", officer, "{\"lang\":\"en\"}"), 200);
    a = test_request(node.port, "GET", "/api/v1/nothing", officer, NULL);
    test_done(&a);
    a = test_request(node.port, "POST", "/api/v1/users", officer, "{}");
    assert_non_null(strstr(a.body, "You are not allowed"));  // his session's language now
    test_done(&a);
    assert_int_equal(
        test_status(node.port, "PATCH", "/api/v1/session", officer, "{\"lang\":\"vi\"}"), 200);
    assert_problem("PATCH", "/api/v1/session", officer, "{\"lang\":\"fr\"}", 400);
}

// What he does then is a drill's; the registers are refused; it is his session's, not his.
static void stands_in_a_drill(void **state)
{
    (void)state;
    static const char *const wrong[] = {"{}", "{\"world\":-1}", "{\"world\":10000}"};
    for (size_t i = 0; i < VG_LEN(wrong); i++) {
        assert_problem("PATCH", "/api/v1/session", officer, wrong[i], 400);
    }
    test_answer a = test_request(node.port, "PATCH", "/api/v1/session", officer, "{\"world\":7}");
    assert_non_null(strstr(a.body, "\"world\":7"));
    test_done(&a);
    a = test_request(node.port, "GET", "/api/v1/session", officer, NULL);
    assert_non_null(strstr(a.body, "\"world\":7"));
    test_done(&a);
    a = test_request(node.port, "PATCH", "/api/v1/session", officer, "{\"world\":0}");
    assert_non_null(strstr(a.body, "\"world\":0"));
    test_done(&a);
}

static void lists_and_shows(void **state)
{
    (void)state;
    char etag[80], headers[600], path[100];
    test_answer a = test_request(node.port, "GET", "/api/v1/agencies", officer, NULL);
    if (a.status != 200) {
        fail_msg("%s", a.text);
    }
    assert_non_null(strstr(a.body, "\"total\":1"));
    assert_non_null(strstr(a.body, "\"next\":null"));
    test_done(&a);
    snprintf(path, sizeof path, "/api/v1/agencies/%s", node.agency);
    a = test_request(node.port, "GET", path, officer, NULL);
    assert_int_equal(a.status, 200);
    test_header(&a, "ETag", etag, sizeof etag);
    assert_int_equal(strncmp(etag, "W/\"", 3), 0);
    test_done(&a);
    snprintf(headers, sizeof headers, "%sIf-None-Match: %s\r\n", officer, etag);
    assert_int_equal(test_status(node.port, "GET", path, headers, NULL), 304);
    assert_problem("GET", "/api/v1/agencies/zzzzzzzzzzzzzzzz", officer, NULL, 404);
    assert_problem("GET", "/api/v1/agencies?limit=0", officer, NULL, 400);
    assert_problem("GET", "/api/v1/agencies?limit=501", officer, NULL, 400);
    assert_problem("GET", "/api/v1/agencies?colour=red", officer, NULL, 400);
    assert_problem("GET", "/api/v1/agencies?limit=5&limit=6", officer, NULL, 400);
    assert_problem("GET", "/api/v1/agencies?cursor=nonsense", officer, NULL, 400);
    assert_problem("GET", "/api/v1/users?disabled=%00", officer, NULL, 400);
    assert_problem("GET", "/api/v1/users?disabled=%ff", officer, NULL, 400);
    assert_problem("GET", "/api/v1/us%2fers", officer, NULL, 400);
    assert_problem("GET", "/api/v1/../v1/users", officer, NULL, 400);
}

static void pages_go_on_where_they_stopped(void **state)
{
    (void)state;
    char path[200] = "/api/v1/users?limit=1", next[100];
    int pages = 0;
    for (; pages < 10; pages++) {
        test_answer a = test_request(node.port, "GET", path, custodian, NULL);
        assert_int_equal(a.status, 200);
        const char *p = strstr(a.body, "\"next\":\"");
        if (!p) {
            test_done(&a);
            break;
        }
        snprintf(next, sizeof next, "%.*s", (int)strcspn(p + 8, "\""), p + 8);
        snprintf(path, sizeof path, "/api/v1/users?limit=1&cursor=%s", next);
        test_done(&a);
    }
    assert_in_range(pages, 1, 5);
}

static void runs_commands_once(void **state)
{
    (void)state;
    char headers[600];
    const char *body = "{\"code\":\"QS\",\"name\":\"Bộ chỉ huy quân sự tỉnh\"}";
    snprintf(headers, sizeof headers, "%sIdempotency-Key: k1\r\n", custodian);
    test_answer a = test_request(node.port, "POST", "/api/v1/agencies", headers, body);
    assert_int_equal(a.status, 200);
    test_answer b = test_request(node.port, "POST", "/api/v1/agencies", headers, body);
    assert_int_equal(b.status, 200);
    assert_string_equal(a.body, b.body);
    test_done(&a);
    test_done(&b);
    a = test_request(node.port, "GET", "/api/v1/agencies", custodian, NULL);
    assert_non_null(strstr(a.body, "\"total\":2"));
    test_done(&a);
    snprintf(headers, sizeof headers, "%sIdempotency-Key: \x01\r\n", custodian);
    const int status = test_status(node.port, "POST", "/api/v1/agencies", headers, body);
    assert_true(status == 400 || status == 0);
}

static void says_what_is_wrong_with_a_command(void **state)
{
    (void)state;
    assert_problem("POST", "/api/v1/agencies", custodian, "{\"code\":", 400);
    assert_problem("POST", "/api/v1/agencies", custodian, "[]", 400);
    assert_problem("POST", "/api/v1/agencies", custodian,
                   "{\"code\":\"A\",\"code\":\"B\",\"name\":\"x\"}", 400);
    assert_problem("POST", "/api/v1/agencies", custodian, "{\"code\":\"A\\u0000B\",\"name\":\"x\"}",
                   400);
    assert_problem("POST", "/api/v1/agencies", custodian, "{\"code\":\"A\xff\",\"name\":\"x\"}",
                   400);
    assert_problem("POST", "/api/v1/agencies", custodian, "{\"code\":\"A\"}", 400);
    assert_problem("POST", "/api/v1/agencies", custodian,
                   "{\"code\":\"A\",\"name\":\"x\",\"nmae\":1}", 400);
    test_answer a =
        test_request(node.port, "POST", "/api/v1/agencies", custodian, "{\"code\":\"A\"}");
    assert_non_null(strstr(a.body, "\"field\":\"name\""));
    test_done(&a);
    assert_problem("POST", "/api/v1/agencies", officer, "{\"code\":\"A\",\"name\":\"x\"}", 403);
    assert_problem("PUT", "/api/v1/agencies", custodian, "{}", 405);
    a = test_request(node.port, "DELETE", "/api/v1/agencies", custodian, NULL);
    char allow[60];
    test_header(&a, "Allow", allow, sizeof allow);
    assert_non_null(strstr(allow, "GET"));
    assert_non_null(strstr(allow, "POST"));
    test_done(&a);
}

static void wants_the_csrf_token(void **state)
{
    (void)state;
    char headers[600], cookie[400];
    snprintf(cookie, sizeof cookie, "%s", custodian);
    strstr(cookie, "\r\n")[2] = '\0';
    assert_problem("POST", "/api/v1/agencies", cookie, "{\"code\":\"A\",\"name\":\"x\"}", 403);
    snprintf(headers, sizeof headers, "%sX-CSRF-Token: %064d\r\n", cookie, 0);
    assert_problem("POST", "/api/v1/agencies", headers, "{\"code\":\"A\",\"name\":\"x\"}", 403);
    snprintf(headers, sizeof headers, "%sSec-Fetch-Site: cross-site\r\n", custodian);
    assert_problem("POST", "/api/v1/agencies", headers, "{\"code\":\"A\",\"name\":\"x\"}", 403);
    assert_problem("DELETE", "/api/v1/session", cookie, NULL, 403);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", cookie, NULL), 200);
}

static void takes_json_only(void **state)
{
    (void)state;
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_buf_f(&b,
             "POST /api/v1/agencies HTTP/1.1\r\nHost: x\r\n%sContent-Type: "
             "text/plain\r\nContent-Length: 2\r\n\r\n{}",
             custodian);
    const int fd = test_connect(node.port);
    test_send(fd, b.p, b.n);
    test_answer a = test_read(fd);
    assert_int_equal(a.status, 415);
    test_done(&a);
    close(fd);
    vg_buf_done(&b);
}

static void bounds_what_it_reads(void **state)
{
    (void)state;
    char *big = vg_alloc((300 << 10) + 1);
    memset(big, ' ', 300 << 10);
    assert_problem("POST", "/api/v1/session", "", big, 413);  // who is not known may send little
    assert_problem("POST", "/api/v1/agencies", custodian, big, 413);
    big[200 << 10] = '\0';
    assert_problem("POST", "/api/v1/agencies", custodian, big, 400);
    char *headers = vg_alloc(40 << 10);
    size_t n = 0;
    while (n < 30 << 10) {
        n += (size_t)snprintf(headers + n, (40 << 10) - n, "X-Long-%zu: %0200d\r\n", n, 0);
    }
    const int status = test_status(node.port, "GET", "/healthz", headers, NULL);
    assert_true(status == 431 || status == 413 || status == 0);
    memset(big, 'a', 5000);
    memcpy(big, "/healthz?", 9);
    big[5000] = '\0';
    assert_problem("GET", big, "", NULL, 413);
    free(headers);
    free(big);
}

static void ends_endless_chunks(void **state)
{
    (void)state;
    char chunk[1100];
    const int fd = test_connect(node.port);
    const char *head =
        "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    test_send(fd, head, strlen(head));
    snprintf(chunk, sizeof chunk, "400\r\n%01024d\r\n", 0);
    for (int i = 0; i < 4000; i++) {
        test_send(fd, chunk, strlen(chunk));
    }
    test_answer a = test_read(fd);
    assert_int_equal(a.status, 0);  // cut off: no answer is due to a body without end
    test_done(&a);
    close(fd);
    assert_int_equal(test_status(node.port, "GET", "/healthz", "", NULL), 200);
}

static void slows_down_who_guesses(void **state)
{
    (void)state;
    int status = 0, tries = 0;
    while (tries < 12 && status != 429) {
        status = test_status(node.port, "POST", "/api/v1/session", "",
                             "{\"login\":\"doan.mo\",\"password\":\"x\"}");
        tries++;
    }
    assert_in_range(tries, 5, 7);
    char again[400];
    test_login(&node, "truc.ban", again);  // somebody else from the same place goes on
}

static void logs_out(void **state)
{
    (void)state;
    char mine[400];
    test_login(&node, "truc.ban", mine);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", mine, NULL), 200);
    assert_int_equal(test_status(node.port, "DELETE", "/api/v1/session", mine, NULL), 200);
    assert_problem("GET", "/api/v1/session", mine, NULL, 401);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", officer, NULL), 200);
}

static void takes_bearer_tokens(void **state)
{
    (void)state;
    char headers[200], token[100];
    test_answer a = test_request(node.port, "POST", "/api/v1/tokens", custodian,
                                 "{\"name\":\"giám sát\",\"role\":\"auditor\",\"days\":1}");
    if (a.status != 200) {
        fail_msg("%s", a.text);
    }
    const char *p = strstr(a.body, "\"token\":\"");
    assert_non_null(p);
    snprintf(token, sizeof token, "%.*s", (int)strcspn(p + 9, "\""), p + 9);
    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", token);
    test_done(&a);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/agencies", headers, NULL), 200);
    a = test_request(node.port, "GET", "/metrics", custodian, NULL);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "# TYPE vonggac_events_total counter\nvonggac_events_total "));
    test_done(&a);
    assert_problem("GET", "/metrics", officer, NULL, 403);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/node", headers, NULL), 200);
}

static void describes_itself(void **state)
{
    (void)state;
    test_answer a = test_request(node.port, "GET", "/api/openapi.json", "", NULL);
    json_t *doc;
    vg_err err;
    assert_int_equal(a.status, 200);
    test_ok(vg_json_parse((vg_str){a.body, a.body_n}, 1 << 20, &doc, &err), &err);
    const json_t *paths = json_object_get(doc, "paths");
    const json_t *agencies = json_object_get(paths, "/api/v1/agencies");
    assert_non_null(json_object_get(agencies, "get"));
    assert_non_null(json_object_get(agencies, "post"));
    assert_non_null(json_object_get(json_object_get(paths, "/api/v1/session"), "patch"));
    json_decref(doc);
    test_done(&a);
}

static void lives_with_many_connections(void **state)
{
    (void)state;
    static const int counts[] = {128, 256, 384};
    int fd[384];
    for (size_t k = 0; k < VG_LEN(counts); k++) {
        for (int i = 0; i < counts[k]; i++) {
            fd[i] = test_connect(node.port);
            assert_true(fd[i] >= 0);
        }
        const int64_t began = vg_mono_us();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < counts[k]; i++) {
                const char *q = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
                test_send(fd[i], q, strlen(q));
            }
            for (int i = 0; i < counts[k]; i++) {
                test_answer a = test_read(fd[i]);
                assert_int_equal(a.status, 200);
                test_done(&a);
            }
        }
        assert_true(vg_mono_us() - began < 10 * VG_SECOND_US);
        for (int i = 0; i < counts[k]; i++) {
            close(fd[i]);
        }
    }
}

static void outlives_rubbish(void **state)
{
    (void)state;
    static const char *const rubbish[] = {
        "\r\n\r\n\r\n",
        "GET\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "GET / HTTP/9.9\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{",
    };
    for (size_t i = 0; i < VG_LEN(rubbish); i++) {
        const int fd = test_connect(node.port);
        test_send(fd, rubbish[i], strlen(rubbish[i]));
        shutdown(fd, SHUT_WR);
        test_answer a = test_read(fd);
        assert_true(a.status == 0 || a.status >= 400 || a.status == 200);
        test_done(&a);
        close(fd);
    }
    assert_int_equal(test_status(node.port, "GET", "/healthz", "", NULL), 200);
}

// Every log is read, whatever its number; a new password ends what was begun with the old one.
static void reads_every_log(void **state)
{
    (void)state;
    test_answer a = test_request(node.port, "GET", "/api/v1/events?log=1&limit=1", custodian, NULL);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "\"log\":1,"));
    test_done(&a);
    test_command(node.core, "sites.site_add",
                 "{\"code\":\"S\",\"name\":\"Kho mẫu\",\"kind\":\"warehouse\"}", NULL);
    a = test_request(node.port, "GET", "/api/v1/events?kind=sites.site_added", custodian, NULL);
    assert_non_null(strstr(a.body, "\"urgency\":\"info\""));
    test_done(&a);
    a = test_request(node.port, "GET", "/api/v1/events?kind=accounts.agency_added", custodian,
                     NULL);
    assert_non_null(strstr(a.body, "\"code\":\"QS\""));
    assert_null(strstr(a.body, "\"urgency\""));  // in no feed
    test_done(&a);
    // That he read stands there too, once for the hour: what was asked for before this command is done before it.
    test_command(node.core, "sites.site_add",
                 "{\"code\":\"S2\",\"name\":\"Kho mẫu 2\",\"kind\":\"warehouse\"}", NULL);
    int64_t n = 0;
    vg_err err = {0};
    vg_db *db;
    test_ok(vg_inner_take(node.core, &db, &err), &err);
    test_ok(vg_one_i64(db, "SELECT count(*) FROM event WHERE kind = 'core.journal_read'", VG_NOVALS,
                       0, &n, &err),
            &err);
    vg_inner_give(node.core, db);
    assert_in_range(n, 1, 2);  // an hour may have ended meanwhile
}

// What the database says names our tables: it is for the log, a person gets a reference to it.
static void keeps_the_databases_words_to_itself(void **state)
{
    (void)state;
    vg_err err = {0};
    vg_db *db;
    test_ok(vg_db_open(vg_core_db_path(node.core), VG_DB_WRITER, &db, &err), &err);
    test_ok(vg_script(db, "ALTER TABLE agency RENAME COLUMN name TO nome", &err), &err);
    assert_problem("GET", "/api/v1/agencies", officer, NULL, 500);
    test_answer a = test_request(node.port, "GET", "/api/v1/agencies", officer, NULL);
    assert_non_null(strstr(a.body, "\"key\":\"err.store.fault\""));
    assert_null(strcasestr(a.body, "column"));
    assert_null(strstr(a.body, "nome"));
    const char *reference = strstr(a.body, "\"reference\":\"");
    assert_non_null(reference);
    char again[9];
    snprintf(again, sizeof again, "%.8s", reference + 13);
    assert_true(strstr(a.body, again) < reference);  // said in the text, too
    test_done(&a);
    test_ok(vg_script(db, "ALTER TABLE agency RENAME COLUMN nome TO name", &err), &err);
    vg_db_close(db);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/agencies", officer, NULL), 200);
}

// In the words of the session, else of the browser; what nobody is told is told in neither.
static void refuses_in_the_readers_language(void **state)
{
    (void)state;
    static const struct {
        const char *accept, *says;
    } cases[] = {
        {"", "Không tìm thấy"},
        {"Accept-Language: en-GB,en;q=0.9\r\n", "Not found"},
        {"Accept-Language: fr, vi;q=0.3, en;q=0.7\r\n", "Not found"},
        {"Accept-Language: en;q=0.2, vi\r\n", "Không tìm thấy"},
        {"Accept-Language: en;q=0\r\n", "Không tìm thấy"},
    };
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        test_answer a =
            test_request(node.port, "GET", "/api/v1/no-such-thing", cases[i].accept, NULL);
        assert_int_equal(a.status, 404);
        assert_non_null(strstr(a.body, cases[i].says));
        test_done(&a);
    }
    assert_int_equal(
        test_status(node.port, "PATCH", "/api/v1/session", officer, "{\"lang\":\"en\"}"), 200);
    test_answer a = test_request(node.port, "GET", "/api/v1/no-such-thing", officer, NULL);
    assert_non_null(strstr(a.body, "Not found"));
    test_done(&a);
    a = test_request(node.port, "PUT", "/api/v1/users", officer, "{}");
    assert_non_null(strstr(a.body, "Method not allowed"));
    test_done(&a);
    assert_int_equal(
        test_status(node.port, "PATCH", "/api/v1/session", officer, "{\"lang\":\"vi\"}"), 200);
}

// The log-in page asks before anybody is known: it is answered, and learns nothing of the inside.
static void tells_strangers_its_name_only(void **state)
{
    (void)state;
    test_answer a = test_request(node.port, "GET", "/api/v1/node", "", NULL);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "\"name\":\"Thử\""));
    assert_non_null(strstr(a.body, "\"logged_in\":false"));
    assert_null(strstr(a.body, "version"));
    assert_null(strstr(a.body, "started"));
    assert_null(strstr(a.body, "health"));
    test_done(&a);
    a = test_request(node.port, "GET", "/api/v1/node", officer, NULL);
    assert_non_null(strstr(a.body, "\"logged_in\":true"));
    assert_non_null(strstr(a.body, "\"version\""));
    test_done(&a);
}

// The one that changed it stays, the others end.
static void ends_sessions_with_the_password(void **state)
{
    (void)state;
    char mine[400], path[100];
    test_login(&node, "quan.tri", mine);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", mine, NULL), 200);
    snprintf(path, sizeof path, "/api/v1/users/%s/password", node.custodian);
    assert_problem("POST", path, mine, "{\"password\":\"mat khau hoan toan moi\"}", 400);
    assert_problem("POST", path, mine,
                   "{\"password\":\"mat khau hoan toan moi\",\"old\":\"khong phai\"}", 403);
    assert_int_equal(test_status(node.port, "POST", path, mine,
                                 "{\"password\":\"mat khau hoan toan moi\",\"old\":\"" TEST_PASSWORD
                                 "\"}"),
                     200);
    sleep(6);  // HTTP_REFRESH_S and one
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", mine, NULL), 200);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", custodian, NULL), 401);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/session", officer, NULL), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_health_to_anybody),
        cmocka_unit_test(refuses_who_is_not_logged_in),
        cmocka_unit_test(knows_who_asks),
        cmocka_unit_test(stands_in_a_drill),
        cmocka_unit_test(lists_and_shows),
        cmocka_unit_test(pages_go_on_where_they_stopped),
        cmocka_unit_test(runs_commands_once),
        cmocka_unit_test(says_what_is_wrong_with_a_command),
        cmocka_unit_test(wants_the_csrf_token),
        cmocka_unit_test(takes_json_only),
        cmocka_unit_test(bounds_what_it_reads),
        cmocka_unit_test(ends_endless_chunks),
        cmocka_unit_test(takes_bearer_tokens),
        cmocka_unit_test(logs_out),
        cmocka_unit_test(describes_itself),
        cmocka_unit_test(lives_with_many_connections),
        cmocka_unit_test(outlives_rubbish),
        cmocka_unit_test(slows_down_who_guesses),
        cmocka_unit_test(reads_every_log),
        cmocka_unit_test(refuses_in_the_readers_language),
        cmocka_unit_test(tells_strangers_its_name_only),
        cmocka_unit_test(keeps_the_databases_words_to_itself),
        cmocka_unit_test(ends_sessions_with_the_password),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
