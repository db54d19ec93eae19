// SPDX-License-Identifier: Apache-2.0
// The SIEM's side: counted lines, every seal with its hash, nothing lost when it was away. TLS and rsyslog:
// tests/notify.
#include "notify/senders.h"

#include "notify/peer_test.h"

typedef struct rig {
    node *node;
    vg_arena *a;
    peer *peer;
    void *siem;
    char address[40];
} rig;

static const peer_line EVER[] = {{"never said", ""}, {0}};

static int setup(void **state)
{
    rig *r = vg_alloc(sizeof *r);
    *r = (rig){.node = node_create(), .a = vg_arena_create(1 << 20)};
    node_quiet(r->node);  // what it begins with has seals too
    r->peer = peer_create(NULL, EVER);
    snprintf(r->address, sizeof r->address, "127.0.0.1:%u", r->peer->port);
    const char *problem = NULL;
    const vg_link l = {
        .id = "0123456789abcdef", .name = "s", .address = r->address, .user = "", .options = "{}"};
    r->siem = vg_sender_syslog.open(r->node->core, &l, VG_S(""), &problem);
    assert_non_null(r->siem);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig *r = *state;
    vg_sender_syslog.close(r->siem);
    if (r->peer) {
        peer_destroy(r->peer);
    }
    node_destroy(r->node);
    vg_arena_destroy(r->a);
    free(r);
    return 0;
}

// Reads what the peer heard as octet-counted lines; how many are seals of the journal with their true hash.
static int true_seals(rig *r)
{
    int found = 0;
    const char *p = r->peer->heard, *end = p + r->peer->n;
    while (p < end) {
        char *text = NULL;
        const long n = strtol(p, &text, 10);
        assert_true(n > 0 && n < 1024 && *text == ' ' && text + 1 + n <= end);
        const vg_str line = {text + 1, (size_t)n};
        unsigned log = 0;
        long long seq = 0;
        char hash[65] = "";
        assert_true(vg_str_starts(line, "<1"));
        assert_null(memchr(line.p, '\n', line.n));
        const char *sd = memmem(line.p, line.n, "[vonggac@32473 log=", 19);
        if (sd && memmem(line.p, line.n, " seal ", 6)) {
            assert_int_equal(sscanf(sd,
                                    "[vonggac@32473 log=\"%u\" seq=\"%lld\" hash=\"%64[0-9a-f]\"",
                                    &log, &seq, hash),
                             3);
            const vg_str sql = vg_str_f(
                r->a, "SELECT count(*) FROM event WHERE id = %lld AND lower(hex(hash)) = '%s'",
                (long long)VG_EVENT_ROWID(log, seq), hash);
            found += (int)node_int(r->node, vg_str_z(r->a, sql));
        }
        p = line.p + line.n;
    }
    return found;
}

static void settle(rig *r)
{
    node_until(r->node,
               "SELECT (SELECT max(id) FROM event WHERE id < 2 << 40) ="
               " COALESCE((SELECT max(id) FROM seal WHERE id < 2 << 40), 0)",
               1, 5000);
}

static const char *tell(rig *r)
{
    settle(r);
    return vg_sender_syslog.idle(r->siem, r->a);
}

static void until_heard(rig *r, int seals)
{
    for (int i = 0; i < 400; i++) {
        const size_t n = r->peer->n;
        usleep(10000);
        if (n == r->peer->n && n > 0 && true_seals(r) >= seals) {
            break;
        }
    }
    assert_int_equal(true_seals(r), seals);
}

static void do_something(rig *r, const char *code)
{
    assert_int_equal(node_run(r->node, "accounts.agency_add",
                              "{\"code\":\"%s\",\"name\":\"A\",\"custodian\":false}", code),
                     VG_OK);
}

static void every_seal_arrives_once(void **state)
{
    rig *r = *state;
    do_something(r, "A1");
    assert_null(tell(r));
    until_heard(r, 1);  // it begins with the head
    assert_null(tell(r));
    until_heard(r, 1);
    do_something(r, "A2");
    assert_null(tell(r));
    until_heard(r, 2);
    assert_int_equal(r->peer->connections, 1);
}

static void while_it_is_away_nothing_piles_up(void **state)
{
    rig *r = *state;
    do_something(r, "A1");
    assert_null(tell(r));
    until_heard(r, 1);
    peer_destroy(r->peer);
    r->peer = NULL;
    for (int i = 0; i < 3; i++) {
        char code[8];
        snprintf(code, sizeof code, "B%d", i);
        do_something(r, code);
        assert_string_equal(tell(r), "link.unreachable");
    }
    assert_int_equal(node_int(r->node, "SELECT count(*) FROM outbox"), 0);
    r->peer = peer_create(NULL, EVER);
    vg_sender_syslog.close(r->siem);
    const char *problem = NULL;
    snprintf(r->address, sizeof r->address, "127.0.0.1:%u", r->peer->port);
    const vg_link l = {
        .id = "0123456789abcdef", .name = "s", .address = r->address, .user = "", .options = "{}"};
    r->siem = vg_sender_syslog.open(r->node->core, &l, VG_S(""), &problem);
    assert_null(tell(r));
    until_heard(r, 3);
}

static void a_peer_that_hung_up_is_seen(void **state)
{
    rig *r = *state;
    do_something(r, "A1");
    assert_null(tell(r));
    until_heard(r, 1);
    peer_destroy(r->peer);
    r->peer = NULL;
    assert_string_equal(tell(r), "link.unreachable");  // though there is nothing to say
}

static void a_test_is_a_line(void **state)
{
    rig *r = *state;
    const vg_parcel p = {.number = 41, .kind = "test", .to = "", .created_us = vg_now_us()};
    vg_parcel_result v = {0};
    vg_sender_syslog.send(r->siem, r->a, &p, 1, &v);
    assert_null(v.problem);
    for (int i = 0; i < 400 && !peer_heard(r->peer, "what=\"test\"]"); i++) {
        usleep(10000);
    }
    assert_true(peer_heard(r->peer, "[vonggac@32473 parcel=\"41\" what=\"test\"]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_seal_arrives_once, setup, teardown),
        cmocka_unit_test_setup_teardown(while_it_is_away_nothing_piles_up, setup, teardown),
        cmocka_unit_test_setup_teardown(a_peer_that_hung_up_is_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(a_test_is_a_line, setup, teardown),
    };
    return cmocka_run_group_tests_name("notify.syslog_out", tests, NULL, NULL);
}
