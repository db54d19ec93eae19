// SPDX-License-Identifier: Apache-2.0
// Webhooks held against our own receiver's verifier and parser, and against hosts that redirect, refuse, put
// off, talk without end.
#include "notify/senders.h"

#include "ingest/cap/cap.h"
#include "ingest/webhook/webhook.h"
#include "notify/peer_test.h"

#define KEY "a key of both sides"
#define OK "HTTP/1.1 204 No Content\r\n\r\n"

typedef struct rig {
    node *node;
    vg_arena *a;
    peer *peer;
    void *hook;
} rig;

static void *open_hook(rig *r, const char *address, const char *secret)
{
    const char *problem = NULL;
    const vg_link l = {
        .id = "0123456789abcdef", .name = "w", .address = address, .user = "", .options = "{}"};
    void *hook = vg_sender_webhook.open(r->node->core, &l, vg_str_c(secret), &problem);
    assert_true((hook == NULL) == (problem != NULL));
    return hook;
}

static int setup(void **state)
{
    rig *r = vg_alloc(sizeof *r);
    r->node = node_create();
    node_ini(r->node, "[egress]\nloopback = yes\n");
    r->a = vg_arena_create(1 << 20);
    *state = r;
    return 0;
}

static void end_play(rig *r)
{
    if (r->hook) {
        vg_sender_webhook.close(r->hook);
    }
    if (r->peer) {
        peer_destroy(r->peer);
    }
    r->hook = r->peer = NULL;
}

static int teardown(void **state)
{
    rig *r = *state;
    end_play(r);
    node_destroy(r->node);
    vg_arena_destroy(r->a);
    free(r);
    return 0;
}

static void start(rig *r, const peer_line *script)
{
    char address[80];
    r->peer = peer_create(NULL, script);
    snprintf(address, sizeof address, "http://127.0.0.1:%u/api/v1/ingest/webhook/nut-2?x=1",
             r->peer->port);
    r->hook = open_hook(r, address, KEY);
    assert_non_null(r->hook);
}

static vg_parcel_result send_one(rig *r, const char *kind, const char *body)
{
    const vg_parcel p = {
        .number = 41, .kind = kind, .to = "", .body = vg_str_c(body), .created_us = vg_now_us()};
    vg_parcel_result ret = {0};
    vg_sender_webhook.send(r->hook, r->a, &p, 1, &ret);
    return ret;
}

static vg_str header(const rig *r, const char *name)
{
    const char *at = strstr(r->peer->heard, name);
    assert_non_null(at);
    at += strlen(name) + 2;
    return (vg_str){at, strcspn(at, "\r")};
}

// What the peer read, as the receiver takes it; the first event.
static vg_signal received(rig *r, vg_str *ret_id)
{
    const vg_source source = {.index = 1,
                              .id = "x",
                              .proto = "webhook",
                              .address = "nut-2",
                              .key = KEY,
                              .key_len = sizeof KEY - 1};
    vg_signal *v = vg_arena_get(r->a, VG_WEBHOOK_EVENTS_MAX * sizeof *v);
    const char *body = strstr(r->peer->heard, "\r\n\r\n") + 4;
    const vg_webhook_request q = {.source = &source,
                                  .timestamp = header(r, VG_WEBHOOK_TIMESTAMP),
                                  .signature = header(r, VG_WEBHOOK_SIGNATURE),
                                  .body = vg_str_c(body),
                                  .peer = "192.0.2.9",
                                  .now_us = vg_now_us()};
    vg_webhook_events e = {.v = v};
    vg_err err = {0};
    assert_int_equal(vg_webhook_verify(&q, &err), VG_OK);
    if (vg_webhook_parse(r->a, &q, &e, &err) != VG_OK) {
        fail_msg("%s %s %s", err.field, err.key, err.detail);
    }
    assert_int_equal(e.n, 1);
    *ret_id = vg_str_dup(r->a, e.id);
    return v[0];
}

static void another_node_takes_it(void **state)
{
    static const peer_line script[] = {{"}", OK}, {0}};
    rig *r = *state;
    vg_str id;
    start(r, script);
    assert_null(send_one(r, "alert",
                         "{\"number\":\"CB-NHNN-0001\",\"kind\":\"vault_alarm\",\"verb\":\"raise\","
                         "\"urgency\":3,\"site\":\"NHNN\",\"title\":\"Kho tiền\"}")
                    .problem);
    const vg_signal s = received(r, &id);
    assert_true(vg_str_eqc(id, "0123456789abcdef-41"));
    assert_int_equal(s.verb, VG_SIG_RAISE);
    assert_string_equal(s.kind, "vault_alarm");
    assert_int_equal(s.source_seq, 41);
    assert_non_null(strstr(s.text, "CB-NHNN-0001"));
    assert_null(strstr(r->peer->heard, "Kho ti"));
    assert_non_null(strstr(r->peer->heard, "POST /api/v1/ingest/webhook/nut-2?x=1 HTTP/1.1\r\n"));
}

static void a_warning_system_gets_cap(void **state)
{
    static const peer_line script[] = {{"</alert>\n", OK}, {0}};
    rig *r = *state;
    char address[80];
    vg_cap c;
    vg_err err = {0};
    const char *problem = NULL;
    r->peer = peer_create(NULL, script);
    snprintf(address, sizeof address, "http://127.0.0.1:%u/cap", r->peer->port);
    const vg_link l = {.id = "0123456789abcdef",
                       .name = "c",
                       .address = address,
                       .user = "",
                       .options =
                           "{\"sender\":\"vg@mau.invalid\",\"addresses\":\"qs@mau.invalid\"}"};
    r->hook = vg_sender_cap.open(r->node->core, &l, VG_S(""), &problem);
    assert_non_null(r->hook);
    assert_null(
        send_one(r, "alert", "{\"number\":\"CB-NHNN-0001\",\"urgency\":3,\"title\":\"Đột nhập\"}")
            .problem);
    assert_true(vg_str_starts(header(r, "Content-Type"), "application/cap+xml"));
    const vg_str body = vg_str_c(strstr(r->peer->heard, "\r\n\r\n") + 4);
    assert_int_equal(vg_cap_read(r->a, body, &c, &err), VG_OK);
    assert_int_equal(c.scope, CAP_PRIVATE);
    assert_true(vg_str_eqc(c.info[0].headline, "Đột nhập"));
}

static void what_no_device_reports_is_other(void **state)
{
    static const peer_line script[] = {{"}", OK}, {0}};
    rig *r = *state;
    vg_str id;
    start(r, script);
    assert_null(send_one(r, "alert", "{\"number\":\"A\",\"kind\":\"post.unmanned\"}").problem);
    assert_string_equal(received(r, &id).kind, "other");
}

static void a_test_is_a_poll(void **state)
{
    static const peer_line script[] = {{"}", OK}, {0}};
    rig *r = *state;
    vg_str id;
    start(r, script);
    assert_null(send_one(r, "test", "{}").problem);
    assert_int_equal(received(r, &id).verb, VG_SIG_POLL);
}

static void answers(void **state)
{
    static const struct {
        peer_line script[2];
        const char *problem;
        bool for_good;
    } ROW[] = {
        {{{"}", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}}, NULL, false},
        {{{"}", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"}}, "link.refused", true},
        {{{"}", "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"}}, "link.refused", true},
        {{{"}", "HTTP/1.1 408 Timeout\r\nContent-Length: 0\r\n\r\n"}}, "link.refused", false},
        {{{"}", "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n"}}, "link.refused", false},
        {{{"}", "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"}}, "link.refused", false},
        {{{"}", "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"}}, "link.bad_login", false},
        {{{"}",
           "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"}},
         "link.bad_answer",
         false},
        {{{"}", "what?\r\n\r\n"}}, "link.bad_answer", false},
        {{{0}}, "link.unreachable", false},  // hangs up
    };
    rig *r = *state;
    for (size_t i = 0; i < VG_LEN(ROW); i++) {
        start(r, ROW[i].script);
        const vg_parcel_result v = send_one(r, "alert", "{\"number\":\"A\"}");
        print_message("# %zu %s\n", i, v.problem ? v.problem : "none");
        assert_string_equal(v.problem ? v.problem : "", ROW[i].problem ? ROW[i].problem : "");
        assert_int_equal(v.for_good, ROW[i].for_good);
        assert_true(r->peer->connections <= 1);
        end_play(r);
    }
}

static void an_endless_answer_is_cut_off(void **state)
{
    static char text[80000] = "HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n";
    static const peer_line script[] = {{"}", text}, {"never", NULL}, {0}};
    rig *r = *state;
    memset(text + strlen(text), 'x', sizeof text - strlen(text) - 1);
    start(r, script);
    const int64_t t = vg_mono_us();
    assert_null(send_one(r, "alert", "{\"number\":\"A\"}").problem);  // 200 was said
    assert_true(vg_mono_us() - t < 9 * VG_SECOND_US);                 // not by the time limit
}

static void where_it_may_not_go(void **state)
{
    static const peer_line script[] = {{"}", OK}, {0}};
    rig *r = *state;
    char address[80];
    node_ini(r->node, "");
    r->peer = peer_create(NULL, script);
    const char *const hosts[] = {
        "http://127.0.0.1",         "http://localhost", "http://[::1]",
        "http://2130706433",        "http://0x7f.1",    "http://169.254.169.254",
        "http://[::ffff:127.0.0.1]"};
    for (size_t i = 0; i < VG_LEN(hosts); i++) {
        snprintf(address, sizeof address, "%s:%u/", hosts[i], r->peer->port);
        r->hook = open_hook(r, address, KEY);
        assert_non_null(r->hook);
        assert_string_equal(send_one(r, "alert", "{}").problem, "link.address_refused");
        vg_sender_webhook.close(r->hook);
        r->hook = NULL;
    }
    assert_int_equal(r->peer->connections, 0);
}

static void addresses_that_are_no_use(void **state)
{
    rig *r = *state;
    const char *const bad[] = {"ftp://x.example/",   "https://user:pw@x.example/",
                               "https://",           "https://x.example/#top",
                               "file:///etc/passwd", "http://x.example:0/"};
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        assert_null(open_hook(r, bad[i], KEY));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(another_node_takes_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_warning_system_gets_cap, setup, teardown),
        cmocka_unit_test_setup_teardown(what_no_device_reports_is_other, setup, teardown),
        cmocka_unit_test_setup_teardown(a_test_is_a_poll, setup, teardown),
        cmocka_unit_test_setup_teardown(answers, setup, teardown),
        cmocka_unit_test_setup_teardown(an_endless_answer_is_cut_off, setup, teardown),
        cmocka_unit_test_setup_teardown(where_it_may_not_go, setup, teardown),
        cmocka_unit_test_setup_teardown(addresses_that_are_no_use, setup, teardown),
    };
    setenv("http_proxy", "http://127.0.0.1:1", 1);  // would fail everything, were it looked at
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    return cmocka_run_group_tests_name("notify.webhook_out", tests, NULL, NULL);
}
