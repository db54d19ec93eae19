// SPDX-License-Identifier: Apache-2.0
// Mail against hosts that serve, refuse, put off, hang and die half way. STARTTLS and real mail software:
// tests/notify.
#include "notify/senders.h"

#include "notify/peer_test.h"

#include <sodium.h>

#define ALERT "{\"number\":\"CB-NHNN-0001\",\"urgency\":3,\"site\":\"NHNN\",\"title\":\"Kho tiền\"}"

static const peer_line HELLO = {"", "220 mail.example ESMTP\r\n"};
#define SESSION                                        \
    {                                                  \
        "\r\n", "250-mail.example\r\n250 8BITMIME\r\n" \
    }
#define LETTER(end)                                                            \
    {"\r\n", "250 ok\r\n"}, {"\r\n", "250 ok\r\n"}, {"\r\n", "354 go on\r\n"}, \
    {                                                                          \
        "\r\n.\r\n", end                                                       \
    }

typedef struct rig {
    node *node;
    vg_arena *a;
    peer *peer;
    void *post;
} rig;

static int setup(void **state)
{
    rig *r = vg_alloc(sizeof *r);
    r->node = node_create();
    r->a = vg_arena_create(1 << 20);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig *r = *state;
    if (r->post) {
        vg_sender_mail.close(r->post);
    }
    if (r->peer) {
        peer_destroy(r->peer);
    }
    node_destroy(r->node);
    vg_arena_destroy(r->a);
    free(r);
    return 0;
}

static void *open_mail(rig *r, uint16_t port, const char *user, const char *options)
{
    char address[40];
    const char *problem = NULL;
    snprintf(address, sizeof address, "127.0.0.1:%u", port);
    const vg_link l = {.id = "0123456789abcdef",
                       .name = "m",
                       .address = address,
                       .user = user,
                       .options = options};
    void *post = vg_sender_mail.open(r->node->core, &l, VG_S("s3cret"), &problem);
    assert_true((post == NULL) == (problem != NULL));
    return post;
}

static void start(rig *r, const peer_line *script)
{
    r->peer = peer_create(&HELLO, script);
    r->post =
        open_mail(r, r->peer->port, "", "{\"from\":\"vonggac@nhnn.example\",\"tls\":\"none\"}");
    assert_non_null(r->post);
}

static void send_n(rig *r, size_t n, const char *to, vg_parcel_result *ret)
{
    vg_parcel v[4] = {0};
    for (size_t i = 0; i < n; i++) {
        v[i] = (vg_parcel){.number = 41 + (int64_t)i,
                           .kind = "alert",
                           .to = to,
                           .body = vg_str_c(ALERT),
                           .created_us = vg_time_civil(2026, 11, 22, 7, 5, 9)};
    }
    memset(ret, 0, n * sizeof *ret);
    vg_sender_mail.send(r->post, r->a, v, n, ret);
}

static bool heard(const rig *r, const char *text)
{
    return strstr(r->peer->heard, text) != NULL;
}

static void a_batch_goes_over_one_connection(void **state)
{
    static const peer_line script[] = {SESSION,
                                       LETTER("250 taken\r\n"),
                                       LETTER("250 taken\r\n"),
                                       {"QUIT\r\n", "221 bye\r\n"},
                                       {0}};
    rig *r = *state;
    vg_parcel_result v[2];
    start(r, script);
    send_n(r, 2, "truc@nhnn.example", v);
    assert_null(v[0].problem);
    assert_null(v[1].problem);
    assert_int_equal(r->peer->connections, 1);
    assert_true(heard(r, "EHLO nhnn.example\r\n"));
    assert_true(heard(r, "MAIL FROM:<vonggac@nhnn.example>\r\nRCPT TO:<truc@nhnn.example>\r\n"));
    assert_true(heard(r, "Message-ID: <41.0123456789abcdef@nhnn.example>\r\n"));
    assert_true(heard(r, "Message-ID: <42."));
    assert_true(heard(r, "Date: Sun, 22 Nov 2026 14:05:09 +0700\r\n"));
    assert_true(heard(r, "To: <truc@nhnn.example>\r\n"));
    assert_true(heard(r, "Subject: =?UTF-8?B?"));
}

// The letter's body, read back.
static void what_is_in_the_letter(void **state)
{
    static const peer_line script[] = {
        SESSION, LETTER("250 taken\r\n"), {"\r\n", "221 bye\r\n"}, {0}};
    rig *r = *state;
    vg_parcel_result v;
    unsigned char text[1024];
    size_t n = 0;
    start(r, script);
    send_n(r, 1, "truc@nhnn.example", &v);
    assert_null(v.problem);
    const char *body = strstr(r->peer->heard, "\r\n\r\n");
    assert_non_null(body);
    const char *end = strstr(body + 4, "\r\n.\r\n");
    assert_non_null(end);
    assert_int_equal(sodium_base642bin(text, sizeof text, body + 4, (size_t)(end - body - 4),
                                       "\r\n", &n, NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    assert_non_null(memmem(text, n, "Mở vọng gác để xem.", strlen("Mở vọng gác để xem.")));
    assert_non_null(memmem(text, n, "22/11/2026 14:05", 16));
}

static void several_do_not_see_one_another(void **state)
{
    static const peer_line script[] = {SESSION,
                                       {"\r\n", "250 ok\r\n"},
                                       {"\r\n", "250 ok\r\n"},
                                       {"\r\n", "550 unknown here\r\n"},
                                       {"\r\n", "354 go on\r\n"},
                                       {"\r\n.\r\n", "250 taken\r\n"},
                                       {"\r\n", "221 bye\r\n"},
                                       {0}};
    rig *r = *state;
    vg_parcel_result v;
    start(r, script);
    send_n(r, 1, "a@nhnn.example,b@nhnn.example,\r\nBcc:c@x", &v);
    assert_null(v.problem);  // one is unknown there: the other has it
    assert_true(heard(r, "RCPT TO:<a@nhnn.example>\r\nRCPT TO:<b@nhnn.example>\r\nDATA\r\n"));
    assert_true(heard(r, "To: undisclosed-recipients:;\r\n"));
    assert_false(heard(r, "Bcc"));
    assert_null(strstr(strstr(r->peer->heard, "DATA"), "a@nhnn.example"));
}

static void refusals(void **state)
{
    static const struct {
        peer_line script[8];
        const char *problem;
        bool for_good;
    } ROW[] = {
        {{SESSION, {"\r\n", "250 ok\r\n"}, {"\r\n", "550 no such user\r\n"}, {"\r\n", "221\r\n"}},
         "link.refused",
         true},
        {{SESSION, {"\r\n", "250 ok\r\n"}, {"\r\n", "451 later\r\n"}, {"\r\n", "221\r\n"}},
         "link.refused",
         false},
        {{SESSION, {"\r\n", "553 not you\r\n"}, {"\r\n", "221\r\n"}}, "link.refused", false},
        {{SESSION, LETTER("554 looks like spam\r\n"), {"\r\n", "221\r\n"}}, "link.refused", true},
        {{SESSION, LETTER("452 full\r\n"), {"\r\n", "221\r\n"}}, "link.refused", false},
        {{SESSION, {"\r\n", "250 ok\r\n"}, {0}}, "link.unreachable", false},  // dies half way
    };
    rig *r = *state;
    for (size_t i = 0; i < VG_LEN(ROW); i++) {
        vg_parcel_result v;
        start(r, ROW[i].script);
        send_n(r, 1, "truc@nhnn.example", &v);
        print_message("# %zu %s\n", i, v.problem ? v.problem : "none");
        assert_string_equal(v.problem, ROW[i].problem);
        assert_int_equal(v.for_good, ROW[i].for_good);
        vg_sender_mail.close(r->post);
        peer_destroy(r->peer);
        r->post = r->peer = NULL;
    }
}

static void a_host_that_is_not_there_holds_the_batch(void **state)
{
    static const peer_line script[] = {SESSION, {0}};
    rig *r = *state;
    vg_parcel_result v[3];
    start(r, script);
    peer_destroy(r->peer);
    r->peer = NULL;
    send_n(r, 3, "truc@nhnn.example", v);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(v[i].problem, "link.unreachable");
        assert_false(v[i].for_good);
    }
}

static void one_that_offers_no_tls_gets_nothing(void **state)
{
    static const peer_line script[] = {SESSION, {"\r\n", "221 bye\r\n"}, {0}};
    rig *r = *state;
    vg_parcel_result v;
    r->peer = peer_create(&HELLO, script);
    r->post = open_mail(r, r->peer->port, "vonggac", "{\"from\":\"vonggac@nhnn.example\"}");
    assert_non_null(r->post);
    send_n(r, 1, "truc@nhnn.example", &v);
    assert_string_equal(v.problem, "link.no_tls");
    assert_false(heard(r, "AUTH"));
    assert_false(heard(r, "MAIL"));
}

static void settings_that_cannot_be_used(void **state)
{
    rig *r = *state;
    assert_null(open_mail(r, 25, "user", "{\"from\":\"a@b.example\",\"tls\":\"none\"}"));
    assert_null(open_mail(r, 25, "", "{\"from\":\"a@b.example>\\r\\nRCPT TO:<x@y\"}"));
    assert_null(open_mail(r, 25, "", "{\"from\":\"nobody\"}"));
}

static void without_a_recipient_it_is_over(void **state)
{
    static const peer_line script[] = {{0}};
    rig *r = *state;
    vg_parcel_result v;
    start(r, script);
    send_n(r, 1, "no address", &v);
    assert_string_equal(v.problem, "link.no_recipient");
    assert_true(v.for_good);
    assert_int_equal(r->peer->connections, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_batch_goes_over_one_connection, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_in_the_letter, setup, teardown),
        cmocka_unit_test_setup_teardown(several_do_not_see_one_another, setup, teardown),
        cmocka_unit_test_setup_teardown(refusals, setup, teardown),
        cmocka_unit_test_setup_teardown(a_host_that_is_not_there_holds_the_batch, setup, teardown),
        cmocka_unit_test_setup_teardown(one_that_offers_no_tls_gets_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(settings_that_cannot_be_used, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_recipient_it_is_over, setup, teardown),
    };
    return cmocka_run_group_tests_name("notify.mail_out", tests, NULL, NULL);
}
