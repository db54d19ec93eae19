// SPDX-License-Identifier: Apache-2.0
// The DC-09 sender over UDP: against our own receiver (driver and decoder, a key, a clock that is off), and against
// a bare socket that loses the first datagrams, talks nonsense, or is not there.
#include "notify/senders.h"

#include "core/core_kit_test.h"
#include "ingest/dc09/data.h"
#include "ingest/dc09/encode.h"
#include "ingest/dc09/wire.h"
#include "ingest/driver.h"
#include "ingest/ingest.h"

#include <netinet/in.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#define KEY "00112233445566778899aabbccddeeff"
#define ACCOUNT "\"account\":\"1A2B\",\"transport\":\"udp\",\"poll_s\":10"
#define VAULT "{\"number\":\"CB-NHNN-0001\",\"kind\":\"door_forced\",\"verb\":\"raise\"}"

static void *line_to(node *n, uint16_t port, const char *options, vg_str secret)
{
    char address[40];
    const char *problem = NULL;
    snprintf(address, sizeof address, "127.0.0.1:%u", port);
    const vg_link l = {.name = "c", .address = address, .user = "", .options = options};
    void *line = vg_sender_dc09.open(n->core, &l, secret, &problem);
    assert_non_null(line);
    return line;
}

static vg_parcel_result send_one(void *line, int64_t number)
{
    vg_arena *a = vg_arena_create(1 << 20);
    const vg_parcel p = {.number = number, .kind = "alert", .to = "", .body = VG_S(VAULT)};
    vg_parcel_result result = {0};
    vg_sender_dc09.send(line, a, &p, 1, &result);
    vg_arena_destroy(a);
    return result;
}

static const char *supervise(void *line)
{
    vg_arena *a = vg_arena_create(1 << 20);
    const char *problem = vg_sender_dc09.idle(line, a);
    vg_arena_destroy(a);
    return problem;
}

// --- our own receiver ---------------------------------------------------------------------------
typedef struct receiver {
    pthread_mutex_t lock;
    vg_signal seen[16];
    size_t n;
    vg_register *reg;
    vg_driver *driver;
} receiver;

static bool submit(void *ctx, vg_signals *b)
{
    receiver *r = ctx;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < b->n && r->n < VG_LEN(r->seen); i++) {
        r->seen[r->n++] = b->v[i];
    }
    pthread_mutex_unlock(&r->lock);
    b->done(b->ctx, VG_OK);
    return true;
}

static int64_t clock_ahead(void)
{
    return vg_now_us() + 300 * VG_SECOND_US;
}

static void receiver_open(receiver *r, int64_t (*clock)(void))
{
    vg_source src = {.flags = VG_SRC_ENCRYPTED_REQUIRED, .key_len = 16};
    vg_err err = {0};
    *r = (receiver){.reg = vg_register_create()};
    pthread_mutex_init(&r->lock, NULL);
    memcpy(src.id, "src", 4);
    memcpy(src.proto, "dc09", 5);
    memcpy(src.address, "1A2B", 5);
    assert_true(vg_unhex(VG_S(KEY), src.key, src.key_len));
    vg_register_replace(r->reg, &src, 1);
    const vg_driver_options o = {.proto = &vg_ingest_dc09,
                                 .udp = "127.0.0.1:0",
                                 .sources = r->reg,
                                 .submit = submit,
                                 .submit_ctx = r,
                                 .now_us = clock};
    assert_int_equal(vg_driver_start(&o, &r->driver, &err), VG_OK);
}

static void receiver_close(receiver *r)
{
    vg_driver_stop(r->driver);
    vg_register_destroy(r->reg);
    pthread_mutex_destroy(&r->lock);
}

static void our_own_receiver_believes_it(void **state)
{
    node *n = *state;
    receiver r;
    receiver_open(&r, NULL);
    void *line = line_to(n, vg_driver_port(r.driver, VG_INGEST_UDP), "{" ACCOUNT "}", VG_S(KEY));
    assert_null(send_one(line, 41).problem);
    assert_int_equal(r.n, 1);
    assert_string_equal(r.seen[0].kind, "door_forced");
    assert_int_equal(r.seen[0].verb, VG_SIG_RAISE);
    assert_true(r.seen[0].flags & VG_SIG_AUTHENTICATED);
    assert_null(supervise(line));  // something was said a moment ago: not due
    assert_int_equal(r.n, 1);
    vg_sender_dc09.close(line);
    line = line_to(n, vg_driver_port(r.driver, VG_INGEST_UDP), "{" ACCOUNT "}", VG_S(KEY));
    assert_null(supervise(line));
    assert_int_equal(r.n, 2);
    assert_int_equal(r.seen[1].verb, VG_SIG_POLL);
    vg_sender_dc09.close(line);
    receiver_close(&r);
}

static void its_nak_sets_the_clock(void **state)
{
    node *n = *state;
    receiver r;
    receiver_open(&r, clock_ahead);
    void *line = line_to(n, vg_driver_port(r.driver, VG_INGEST_UDP), "{" ACCOUNT "}", VG_S(KEY));
    assert_null(send_one(line, 42).problem);
    assert_int_equal(vg_driver_count(r.driver, VG_INGEST_clock), 1);
    assert_null(send_one(line, 43).problem);
    assert_int_equal(vg_driver_count(r.driver, VG_INGEST_clock), 1);  // the difference was kept
    assert_int_equal(r.n, 2);
    vg_sender_dc09.close(line);
    receiver_close(&r);
}

// --- a bare socket ------------------------------------------------------------------------------
typedef struct bare {
    int fd;
    uint16_t port;
    pthread_t thread;
    _Atomic bool stop, noisy, naks;
    _Atomic int lose, heard, repeated;
    char last[512];
    size_t n;
} bare;

static void reply(const bare *b, const struct sockaddr_in *to, vg_str body)
{
    char out[300];
    const size_t k = dc09_wrap(body, false, out, sizeof out);
    assert_int_equal(sendto(b->fd, out, k, 0, (const struct sockaddr *)to, sizeof *to), (ssize_t)k);
}

static void answer(bare *b, const struct sockaddr_in *to)
{
    char body[200];
    dc09_frame f;
    size_t consumed = 0;
    vg_ingest_count why;
    assert_int_equal(dc09_split((vg_str){b->last, b->n}, false, &f, &consumed, &why),
                     VG_INGEST_DONE);
    assert_true(f.crc_ok && f.length_ok && dc09_header(&f));
    if (b->noisy) {  // of an exchange long over, cut short, empty, and no DC-09 at all
        reply(b, to, VG_S("\"ACK\"0007L0#1A2B[]"));
        assert_int_equal(sendto(b->fd, "\nABCD0", 6, 0, (const struct sockaddr *)to, sizeof *to),
                         6);
        assert_int_equal(sendto(b->fd, "", 0, 0, (const struct sockaddr *)to, sizeof *to), 0);
        assert_int_equal(sendto(b->fd, "hello\r", 6, 0, (const struct sockaddr *)to, sizeof *to),
                         6);
    }
    if (b->naks) {
        char stamp[DC09_TIME_BYTES];
        dc09_time_text(vg_now_us(), stamp);
        reply(b, to,
              (vg_str){body, (size_t)snprintf(body, sizeof body, "\"NAK\"0000R0L0A0[]_%s", stamp)});
        return;
    }
    reply(b, to,
          (vg_str){body, (size_t)snprintf(body, sizeof body, "\"ACK\"%.*s%.*s[]", VG_FMT(f.seq),
                                          VG_FMT(f.path))});
}

static void *listen_and_lose(void *arg)
{
    bare *b = arg;
    while (!b->stop) {
        char in[sizeof b->last];
        struct sockaddr_in from;
        socklen_t k = sizeof from;
        const ssize_t r = recvfrom(b->fd, in, sizeof in, 0, (struct sockaddr *)&from, &k);
        if (r <= 0) {
            continue;
        }
        b->repeated += (size_t)r == b->n && memcmp(in, b->last, b->n) == 0;
        memcpy(b->last, in, (size_t)r);
        b->n = (size_t)r;
        b->heard++;
        if (b->lose > 0) {
            b->lose--;
        } else {
            answer(b, &from);
        }
    }
    return NULL;
}

static void bare_open(bare *b, uint16_t port)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    socklen_t n = sizeof at;
    const struct timeval limit = {.tv_usec = 50000};
    b->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(setsockopt(b->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    assert_int_equal(bind(b->fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(b->fd, (struct sockaddr *)&at, &n), 0);
    b->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&b->thread, NULL, listen_and_lose, b), 0);
}

static void bare_close(bare *b)
{
    b->stop = true;
    pthread_join(b->thread, NULL);
    close(b->fd);
}

static void what_is_lost_is_sent_again_the_same(void **state)
{
    node *n = *state;
    bare b = {.lose = 2};
    bare_open(&b, 0);
    void *line = line_to(n, b.port, "{" ACCOUNT "}", VG_S(""));
    assert_null(send_one(line, 7).problem);
    assert_int_equal(b.heard, 3);
    assert_int_equal(b.repeated, 2);  // byte for byte: the centre knows it as one
    vg_sender_dc09.close(line);
    bare_close(&b);
}

// Whoever can put datagrams on the way can write an ACK in clear; without the key he cannot seal one.
static void five_times_and_a_forged_answer_is_none(void **state)
{
    node *n = *state;
    bare b = {.lose = 1};
    bare_open(&b, 0);
    void *line = line_to(n, b.port, "{" ACCOUNT "}", VG_S(KEY));
    const vg_parcel_result r = send_one(line, 7);
    assert_string_equal(r.problem, "link.unreachable");
    assert_false(r.for_good);  // the outbox tries again
    assert_int_equal(b.heard, 5);
    assert_int_equal(b.repeated, 4);
    vg_sender_dc09.close(line);
    bare_close(&b);
}

static void what_is_no_answer_is_passed_over(void **state)
{
    node *n = *state;
    bare b = {.noisy = true};
    bare_open(&b, 0);
    void *line = line_to(n, b.port, "{" ACCOUNT "}", VG_S(""));
    for (int i = 20; i < 24; i++) {
        assert_null(send_one(line, i).problem);
    }
    assert_int_equal(b.heard, 4);
    vg_sender_dc09.close(line);
    bare_close(&b);
}

// The second NAK may be an echo of a repetition: an alarm is not thrown away for it.
static void naks_alone_are_not_for_good(void **state)
{
    node *n = *state;
    bare b = {.naks = true};
    bare_open(&b, 0);
    void *line = line_to(n, b.port, "{" ACCOUNT "}", VG_S(""));
    const vg_parcel_result r = send_one(line, 7);
    assert_string_equal(r.problem, "link.refused");
    assert_false(r.for_good);
    assert_int_equal(b.heard, 2);
    vg_sender_dc09.close(line);
    bare_close(&b);
}

typedef struct late {
    bare b;
    pthread_t thread;
} late;

static void *come_late(void *arg)
{
    late *l = arg;
    usleep(600000);
    bare_open(&l->b, l->b.port);
    return NULL;
}

// "Port unreachable" is hearsay, and the centre's machine may just be starting.
static void who_comes_late_is_found(void **state)
{
    node *n = *state;
    late l = {0};
    bare_open(&l.b, 0);
    bare_close(&l.b);
    l.b = (bare){.port = l.b.port};
    void *line = line_to(n, l.b.port, "{" ACCOUNT "}", VG_S(""));
    assert_int_equal(pthread_create(&l.thread, NULL, come_late, &l), 0);
    assert_null(send_one(line, 9).problem);
    pthread_join(l.thread, NULL);
    assert_true(l.b.heard >= 1);
    vg_sender_dc09.close(line);
    bare_close(&l.b);
}

static int setup(void **state)
{
    *state = node_create();
    return 0;
}

static int teardown(void **state)
{
    node_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(our_own_receiver_believes_it, setup, teardown),
        cmocka_unit_test_setup_teardown(its_nak_sets_the_clock, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_lost_is_sent_again_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(five_times_and_a_forged_answer_is_none, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_answer_is_passed_over, setup, teardown),
        cmocka_unit_test_setup_teardown(naks_alone_are_not_for_good, setup, teardown),
        cmocka_unit_test_setup_teardown(who_comes_late_is_found, setup, teardown),
    };
    return cmocka_run_group_tests_name("notify.dc09_udp", tests, NULL, NULL);
}
