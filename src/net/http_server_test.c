// SPDX-License-Identifier: Apache-2.0
// Over real sockets from several loopback addresses: an address that holds as many connections as it may gets no
// more, and nobody else notices.
#include "net/http_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { PER_PEER = 3, WAIT_MS = 10000 };

static size_t no_body(void *ctx, vg_http_request *rq)
{
    (void)ctx;
    (void)rq;
    return 0;
}

static void say_yes(void *ctx, vg_http_request *rq)
{
    (void)ctx;
    rq->reply.type = "text/plain";
    rq->reply.fixed = VG_S("yes");
}

static void say_no(void *ctx, vg_http_request *rq, const vg_err *err)
{
    (void)ctx;
    (void)err;
    rq->reply.status = 400;
}

static int setup(void **state)
{
    const vg_http_options o = {.address = "127.0.0.1:0",
                               .threads = 2,
                               .connections = 64,
                               .per_peer = PER_PEER,
                               .arena_bytes = 1 << 16,
                               .idle_s = 60,
                               .body_max = no_body,
                               .handle = say_yes,
                               .refuse = say_no};
    vg_http_server *s;
    vg_err err;
    if (vg_http_server_start(&o, &s, &err) != VG_OK) {
        return -1;
    }
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    vg_http_server_stop(*state);
    return 0;
}

static int dial(const vg_http_server *s, const char *from)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in own = {.sin_family = AF_INET};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(vg_http_server_port(s))};
    assert_int_equal(inet_pton(AF_INET, from, &own.sin_addr), 1);
    assert_int_equal(inet_pton(AF_INET, "127.0.0.1", &to.sin_addr), 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

// True: it was served, and the connection stays open.
static bool served(int fd)
{
    static const char ask[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    char got[512];
    struct pollfd p = {.fd = fd, .events = POLLIN};
    if (send(fd, ask, sizeof ask - 1, MSG_NOSIGNAL) < 0) {
        return false;
    }
    assert_int_equal(poll(&p, 1, WAIT_MS), 1);
    const ssize_t n = recv(fd, got, sizeof got, 0);
    return n > 12 && memcmp(got, "HTTP/1.1 200", 12) == 0;
}

static bool wait_served(vg_http_server *s, const char *from)
{
    bool yes = false;
    for (int i = 0; i < WAIT_MS / 10 && !yes; i++) {
        const int fd = dial(s, from);
        yes = served(fd);
        close(fd);
        usleep(yes ? 0 : 10000);
    }
    return yes;
}

static void an_address_over_its_limit_stops_nobody_else(void **state)
{
    vg_http_server *s = *state;
    vg_http_stats stats;
    int held[PER_PEER];
    for (int i = 0; i < PER_PEER; i++) {
        held[i] = dial(s, "127.0.0.2");
        assert_true(served(held[i]));
    }
    for (int i = 0; i < 5; i++) {
        const int more = dial(s, "127.0.0.2");
        assert_false(served(more));
        close(more);
    }
    vg_http_server_stats(s, &stats);
    assert_int_equal(stats.peer_full, 5);
    const int other = dial(s, "127.0.0.3");
    assert_true(served(other));
    assert_true(served(held[0]));  // those it has go on
    close(other);
    close(held[0]);
    assert_true(wait_served(s, "127.0.0.2"));  // room again
    for (int i = 1; i < PER_PEER; i++) {
        close(held[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_address_over_its_limit_stops_nobody_else, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
