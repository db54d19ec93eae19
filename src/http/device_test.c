// SPDX-License-Identifier: Apache-2.0
// A device from its code to being revoked, over HTTP; and every way of not being it: another key, another path, body,
// method, account, time, the same words again.
#include "http/kit_test.h"

#include "base/clock.h"
#include "core/device_kit_test.h"
#include "http/nonces.h"

#define TARGET "/api/v1/session"

static test_node node;
static test_device device;
static char account[VG_ID_TEXT], site[VG_ID_TEXT];

static void member(const char *json, const char *name, char *out, size_t max)
{
    vg_arena *a = vg_arena_create(65536);
    snprintf(out, max, "%.*s", VG_FMT(vg_js_str(a, vg_str_c(json), name)));
    vg_arena_destroy(a);
}

// Runs a command as the system; the reply's member, "" without one.
static void run(const char *name, const char *args, const char *what, char *out, size_t max)
{
    vg_command_call call = {
        .name = name, .args = vg_str_c(args), .who = vg_core_system(), .id = vg_cmd_random()};
    vg_core_run(node.core, &call);
    test_ok(call.st, &call.err);
    if (what) {
        member(vg_buf_z(&call.reply), what, out, max);
    }
    vg_buf_done(&call.reply);
}

static void run_id(const char *name, const char *id, const char *more, const char *what, char *out)
{
    char args[200];
    snprintf(args, sizeof args, "{\"id\":\"%s\"%s}", id, more);
    run(name, args, what, out, 40);
}

static test_answer enrol(const char *code, const char *key)
{
    char body[300];
    snprintf(body, sizeof body, "{\"code\":\"%s\",\"key\":\"%s\",\"name\":\"Máy 1\"}", code, key);
    return test_request(node.port, "POST", "/api/v1/devices/enrol", "", body);
}

static int enrol_status(const char *code, const char *key)
{
    test_answer a = enrol(code, key);
    const int status = a.status;
    test_done(&a);
    return status;
}

static int start(void **state)
{
    char args[300], code[40];
    (void)state;
    test_node_start(&node, NULL);
    test_device_make(&device);
    snprintf(args, sizeof args,
             "{\"code\":\"NH\",\"name\":\"Ngân hàng\",\"kind\":\"other\",\"agency\":\"%s\"}",
             node.agency);
    test_command(node.core, "sites.site_add", args, site);
    snprintf(args, sizeof args,
             "{\"kind\":\"gate\",\"name\":\"Cổng chính\",\"site\":\"%s\",\"days\":30}", site);
    run("accounts.device_add", args, "code", code, sizeof code);
    assert_int_equal(enrol_status("0000-0000", device.text), 401);
    test_answer a = enrol(code, device.text);
    assert_int_equal(a.status, 200);
    member(a.body, "id", account, sizeof account);
    test_done(&a);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    test_device_done(&device);
    test_node_stop(&node);
    return 0;
}

// --- signing ------------------------------------------------------------------------------------
typedef struct words {
    const test_device *by;
    const char *account, *method, *target, *body;
    int64_t ts;
    char nonce[HTTP_NONCE_TEXT + 1];
} words;

static words plain(void)
{
    unsigned char b[HTTP_NONCE_BYTES];
    words w = {&device, account, "GET", TARGET, "", vg_now_us() / VG_MS_US, ""};
    randombytes_buf(b, sizeof b);
    test_base64url(b, sizeof b, w.nonce, sizeof w.nonce);
    return w;
}

static void header_of(const words *w, char out[512])
{
    char text[512], digest[HTTP_DIGEST_TEXT + 1], sig[VG_DEVICE_SIG_TEXT + 1];
    unsigned char h[32];
    crypto_hash_sha256(h, (const unsigned char *)w->body, strlen(w->body));
    test_base64url(h, sizeof h, digest, sizeof digest);
    const int n = snprintf(text, sizeof text, "vonggac request 1\n%s\n%lld\n%s\n%s\n%s %s",
                           w->account, (long long)w->ts, w->nonce, digest, w->method, w->target);
    test_device_sign_text(w->by, (vg_str){text, (size_t)n}, sig);
    snprintf(out, 512, "Authorization: Device %s;ts=%lld;nonce=%s;body=%s;sig=%s\r\n", w->account,
             (long long)w->ts, w->nonce, digest, sig);
}

static int ask(const words *w)
{
    char headers[512];
    header_of(w, headers);
    return test_status(node.port, "GET", TARGET, headers, NULL);
}

// --- what passes --------------------------------------------------------------------------------
static void test_a_signed_request_is_the_device(void **state)
{
    (void)state;
    char headers[512];
    words w = plain();
    header_of(&w, headers);
    test_answer a = test_request(node.port, "GET", TARGET, headers, NULL);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "gate_terminal"));
    assert_non_null(strstr(a.body, account));
    assert_non_null(strstr(a.body, "Cổng chính"));
    test_done(&a);
    w = plain();
    w.target = "/api/v1/sites?limit=5";
    header_of(&w, headers);
    a = test_request(node.port, "GET", w.target, headers, NULL);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, site));
    test_done(&a);
    w = plain();  // no permission is no matter of who it is
    w.target = "/api/v1/users";
    header_of(&w, headers);
    assert_int_equal(test_status(node.port, "GET", w.target, headers, NULL), 403);
    w = plain();
    w.target = "/api/v1/stream";
    header_of(&w, headers);
    assert_int_equal(test_status(node.port, "GET", w.target, headers, NULL), 403);
}

static void test_a_body_is_signed(void **state)
{
    (void)state;
    char headers[512];
    words w = plain();
    w.method = "POST";
    w.target = "/api/v1/sessions/end-others";
    w.body = "{}";
    header_of(&w, headers);
    assert_int_equal(test_status(node.port, "POST", w.target, headers, "{}"), 200);
    w = plain();
    w.method = "POST";
    w.target = "/api/v1/sessions/end-others";
    w.body = "{}";
    header_of(&w, headers);
    assert_int_equal(test_status(node.port, "POST", w.target, headers, "{ }"), 401);
    w = plain();  // a GET with a body nobody signed
    header_of(&w, headers);
    assert_int_equal(test_status(node.port, "GET", TARGET, headers, "{}"), 401);
    w = plain();  // on an open route he is nobody
    w.target = "/api/v1/node";
    header_of(&w, headers);
    test_answer a = test_request(node.port, "GET", w.target, headers, "{}");
    assert_non_null(strstr(a.body, "\"logged_in\":false"));
    test_done(&a);
}

// --- what does not ------------------------------------------------------------------------------
static void test_other_words_are_nobody(void **state)
{
    (void)state;
    test_device other;
    test_device_make(&other);
    words w = plain();
    w.by = &other;
    assert_int_equal(ask(&w), 401);
    w = plain();
    w.target = "/api/v1/session?x=1";
    assert_int_equal(ask(&w), 401);
    w = plain();
    w.target = "/api/v1/sites";
    assert_int_equal(ask(&w), 401);
    w = plain();
    w.method = "POST";
    assert_int_equal(ask(&w), 401);
    w = plain();
    w.account = "0123456789abcdef";
    assert_int_equal(ask(&w), 401);
    w = plain();
    assert_int_equal(ask(&w), 200);
    assert_int_equal(ask(&w), 401);  // said already
    w.ts++;
    assert_int_equal(ask(&w), 401);  // nor with the same nonce at another time
    test_device_done(&other);
}

static void test_a_wrong_clock_is_told_the_time(void **state)
{
    (void)state;
    char headers[512], time[40];
    static const int64_t off[] = {-125000, 125000, -3600000};
    for (size_t i = 0; i < VG_LEN(off); i++) {
        words w = plain();
        w.ts += off[i];
        header_of(&w, headers);
        test_answer a = test_request(node.port, "GET", TARGET, headers, NULL);
        assert_int_equal(a.status, 401);
        test_header(&a, "Vonggac-Time", time, sizeof time);
        assert_true(llabs(strtoll(time, NULL, 10) - vg_now_us() / VG_MS_US) < 5000);
        test_done(&a);
    }
}

// However few are remembered, none passes twice: what is forgotten is a floor.
static void test_forgetting_opens_nothing(void **state)
{
    (void)state;
    enum { N = 3 * HTTP_NONCES };
    const int64_t now = 1000 * VG_SECOND_US;
    bool note;
    http_device_words *w = vg_alloc(N * sizeof *w);
    http_nonces *m = http_nonces_create(now - 100 * VG_SECOND_US);
    for (size_t i = 0; i < N; i++) {
        snprintf(w[i].account, sizeof w[i].account, "a%zu", i % 2);
        randombytes_buf(w[i].nonce, sizeof w[i].nonce);
        w[i].at_us = now - VG_SECOND_US + (int64_t)i;
        assert_int_equal(http_nonces_take(m, &w[i], now, &note), HTTP_NONCE_NEW);
        assert_true(note == (i < 2));
    }
    for (size_t i = 0; i < N; i++) {
        assert_int_not_equal(http_nonces_take(m, &w[i], now, &note), HTTP_NONCE_NEW);
    }
    for (size_t i = 0; i < 2 * HTTP_NONCE_ACCOUNTS;
         i++) {  // so many others that the two are forgotten
        http_device_words x = {.at_us = now};
        snprintf(x.account, sizeof x.account, "b%zu", i);
        randombytes_buf(x.nonce, sizeof x.nonce);
        (void)http_nonces_take(m, &x, now, &note);
    }
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(http_nonces_take(m, &w[i], now, &note), HTTP_NONCE_STALE);
    }
    http_device_words old = {.account = "c", .at_us = now - 101 * VG_SECOND_US};
    assert_int_equal(http_nonces_take(m, &old, now, &note), HTTP_NONCE_STALE);  // before the start
    http_nonces_destroy(m);
    free(w);
}

static void test_bytes_are_verified_later(void **state)
{
    (void)state;
    vg_db *db;
    vg_err err = {0};
    char text[200], sig[VG_DEVICE_SIG_TEXT + 1], bare[VG_DEVICE_SIG_TEXT + 1];
    const vg_str bytes = VG_S("{\"vào\":1}");
    const int n = snprintf(text, sizeof text, "vonggac bytes 1\n%s\n%.*s", account, VG_FMT(bytes));
    test_device_sign_text(&device, (vg_str){text, (size_t)n}, sig);
    test_device_sign_text(&device, bytes, bare);
    test_ok(vg_inner_take(node.core, &db, &err), &err);
    const vg_str who = vg_str_c(account);
    test_ok(vg_device_verify(node.core, db, who, bytes, vg_str_c(sig), &err), &err);
    assert_int_equal(vg_device_verify(node.core, db, who, bytes, vg_str_c(bare), NULL), VG_EAUTH);
    assert_int_equal(vg_device_verify(node.core, db, who, VG_S("{}"), vg_str_c(sig), NULL),
                     VG_EAUTH);
    assert_int_equal(
        vg_device_verify(node.core, db, VG_S("0123456789abcdef"), bytes, vg_str_c(sig), NULL),
        VG_EAUTH);
    assert_int_equal(vg_device_verify(node.core, db, who, bytes, VG_S("x"), NULL), VG_EAUTH);
    vg_inner_give(node.core, db);
}

// --- its end ------------------------------------------------------------------------------------
static void test_bound_again_ends_the_old_key(void **state)
{
    (void)state;
    char code[40];
    test_device next;
    test_device_make(&next);
    run_id("accounts.device_code", account, "", "code", code);
    words w = plain();
    assert_int_equal(ask(&w), 200);  // a code alone ends nothing
    assert_int_equal(enrol_status(code, "AAAA"), 400);
    assert_int_equal(enrol_status(code, next.text), 200);
    assert_int_equal(enrol_status(code, next.text), 200);    // the answer was lost: the same again
    assert_int_equal(enrol_status(code, device.text), 401);  // the code is used
    w = plain();
    assert_int_equal(ask(&w), 401);
    w = plain();
    w.by = &next;
    assert_int_equal(ask(&w), 200);
    run_id("accounts.device_code", account, "", "code", code);
    for (char *p = code; *p; p++) {  // as it is said: capitals, blanks for dashes
        *p = (char)(*p == '-' ? ' ' : *p >= 'a' && *p <= 'z' ? *p - 32 : *p);
    }
    assert_int_equal(enrol_status(code, device.text), 200);
    test_device_done(&next);
}

static void test_revoked_is_out_at_once(void **state)
{
    (void)state;
    words w = plain();
    assert_int_equal(ask(&w), 200);
    run_id("accounts.device_revoke", account, "", NULL, NULL);
    w = plain();
    assert_int_equal(ask(&w), 401);
}

static void test_guessing_waits(void **state)
{
    (void)state;
    int last = 0;
    for (int i = 0; i < 8; i++) {
        char code[16];
        snprintf(code, sizeof code, "zzzz-zzz%d", i);
        last = enrol_status(code, device.text);
    }
    assert_int_equal(last, 429);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_signed_request_is_the_device),
        cmocka_unit_test(test_a_body_is_signed),
        cmocka_unit_test(test_other_words_are_nobody),
        cmocka_unit_test(test_a_wrong_clock_is_told_the_time),
        cmocka_unit_test(test_forgetting_opens_nothing),
        cmocka_unit_test(test_bytes_are_verified_later),
        cmocka_unit_test(test_bound_again_ends_the_old_key),
        cmocka_unit_test(test_revoked_is_out_at_once),
        cmocka_unit_test(test_guessing_waits),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, start, stop);
}
