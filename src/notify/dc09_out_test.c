// SPDX-License-Identifier: Apache-2.0
// The DC-09 sender against a monitoring centre made of the receiver's own parts: one that refuses the clock
// first, one that does not understand, one that dies and comes back. Sealing by a key is tested with the codec.
#include "notify/senders.h"

#include "core/core_kit_test.h"
#include "ingest/dc09/data.h"
#include "ingest/dc09/encode.h"
#include "ingest/dc09/wire.h"

#include <netinet/in.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

enum { AHEAD_S = 300 };

typedef struct centre {
    int listener;
    uint16_t port;
    pthread_t thread;
    _Atomic bool stop, wrong_clock, deaf;
    _Atomic int frames, naks, polls;
    char last[512];  // content of the last frame that was accepted
} centre;

static size_t answer_frame(centre *c, const dc09_frame *f, char *out, size_t cap)
{
    char body[256], stamp[DC09_TIME_BYTES];
    dc09_content content;
    assert_true(dc09_content_parse(f->rest, false, &content));
    const int64_t now = vg_now_us() + AHEAD_S * VG_SECOND_US;
    const int64_t late = content.time_us - now;
    c->frames++;
    if (c->wrong_clock && (late > 20 * VG_SECOND_US || late < -40 * VG_SECOND_US)) {
        c->naks++;
        dc09_time_text(now, stamp);
        const int n = snprintf(body, sizeof body, "\"NAK\"0000R0L0A0[]_%s", stamp);
        return dc09_wrap((vg_str){body, (size_t)n}, false, out, cap);
    }
    c->polls += vg_str_eqc(f->id, "NULL");
    if (!vg_str_eqc(f->id, "NULL")) {
        snprintf(c->last, sizeof c->last, "%.*s", VG_FMT(content.data));
    }
    const int n = snprintf(body, sizeof body, "\"%s\"%.*s%.*s[]", c->deaf ? "DUH" : "ACK",
                           VG_FMT(f->seq), VG_FMT(f->path));
    return dc09_wrap((vg_str){body, (size_t)n}, false, out, cap);
}

static void serve(centre *c, int fd)
{
    char buf[DC09_FRAME_MAX], out[512];
    size_t n = 0;
    const struct timeval limit = {.tv_usec = 100000};
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    while (!c->stop) {
        dc09_frame f;
        size_t consumed = 0;
        vg_ingest_count why;
        const ssize_t r = recv(fd, buf + n, sizeof buf - n, 0);
        if (r == 0) {
            return;
        }
        n += r > 0 ? (size_t)r : 0;
        if (n && dc09_split((vg_str){buf, n}, false, &f, &consumed, &why) == VG_INGEST_DONE) {
            assert_true(f.crc_ok && f.length_ok && dc09_header(&f));
            const size_t k = answer_frame(c, &f, out, sizeof out);
            assert_int_equal(send(fd, out, k, MSG_NOSIGNAL), (ssize_t)k);
            memmove(buf, buf + consumed, n - consumed);
            n -= consumed;
        }
    }
}

static void *run_centre(void *arg)
{
    centre *c = arg;
    while (!c->stop) {
        const int fd = accept(c->listener, NULL, NULL);
        if (fd >= 0) {
            serve(c, fd);
            close(fd);
        }
    }
    return NULL;
}

static void centre_open(centre *c)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    c->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval limit = {.tv_usec = 100000};
    assert_int_equal(setsockopt(c->listener, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    assert_int_equal(bind(c->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(c->listener, 4), 0);
    assert_int_equal(getsockname(c->listener, (struct sockaddr *)&at, &n), 0);
    c->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&c->thread, NULL, run_centre, c), 0);
}

static void centre_close(centre *c)
{
    c->stop = true;
    pthread_join(c->thread, NULL);
    close(c->listener);
}

typedef struct rig {
    node *node;
    centre centre;
    void *line;
    vg_arena *arena;
} rig;

static int setup(void **state)
{
    rig *r = vg_alloc(sizeof *r);
    *r = (rig){.node = node_create(), .arena = vg_arena_create(1 << 20)};
    centre_open(&r->centre);
    char address[40];
    snprintf(address, sizeof address, "127.0.0.1:%u", r->centre.port);
    const vg_link l = {.name = "c",
                       .address = address,
                       .user = "",
                       .options = "{\"account\":\"1A2B\",\"receiver\":\"1\",\"prefix\":\"2\","
                                  "\"poll_s\":10}"};
    const char *problem = NULL;
    r->line = vg_sender_dc09.open(r->node->core, &l, VG_S(""), &problem);
    assert_non_null(r->line);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig *r = *state;
    vg_sender_dc09.close(r->line);
    centre_close(&r->centre);
    node_destroy(r->node);
    vg_arena_destroy(r->arena);
    free(r);
    return 0;
}

static vg_parcel_result send_alarm(rig *r, int64_t number, const char *body)
{
    const vg_parcel p = {.number = number, .kind = "alert", .to = "", .body = vg_str_c(body)};
    vg_parcel_result result = {0};
    vg_sender_dc09.send(r->line, r->arena, &p, 1, &result);
    return result;
}

#define VAULT "{\"number\":\"CB-NHNN-0001\",\"kind\":\"door_forced\",\"verb\":\"raise\"}"

static void an_alarm_is_acknowledged(void **state)
{
    rig *r = *state;
    assert_null(send_alarm(r, 20000, VAULT).problem);
    assert_string_equal(r->centre.last, "Nri1/DF0^CB-NHNN-0001^");
    assert_null(send_alarm(r, 20001, "{\"kind\":\"door_forced\",\"verb\":\"restore\"}").problem);
    assert_string_equal(r->centre.last, "Nri1/DR0^^");
    assert_null(send_alarm(r, 20002, "{\"kind\":\"never_heard_of\"}").problem);
    assert_string_equal(r->centre.last, "Nri1/BA0^^");
    assert_int_equal(r->centre.frames, 3);
}

static void a_nak_sets_the_clock_once(void **state)
{
    rig *r = *state;
    r->centre.wrong_clock = true;
    assert_null(send_alarm(r, 1, VAULT).problem);
    assert_int_equal(r->centre.naks, 1);
    assert_null(send_alarm(r, 2, VAULT).problem);
    assert_int_equal(r->centre.naks, 1);  // the difference was kept
    assert_int_equal(r->centre.frames, 3);
}

static void a_centre_that_does_not_understand_is_not_asked_again(void **state)
{
    rig *r = *state;
    r->centre.deaf = true;
    const vg_parcel_result result = send_alarm(r, 1, VAULT);
    assert_string_equal(result.problem, "link.refused");
    assert_true(result.for_good);
}

static void a_dead_centre_is_tried_again(void **state)
{
    rig *r = *state;
    assert_null(send_alarm(r, 1, VAULT).problem);
    centre_close(&r->centre);
    const vg_parcel_result result = send_alarm(r, 2, VAULT);
    assert_string_equal(result.problem, "link.unreachable");
    assert_false(result.for_good);
    r->centre = (centre){0};
    centre_open(&r->centre);
}

static void the_line_is_supervised(void **state)
{
    rig *r = *state;
    assert_null(vg_sender_dc09.idle(r->line, r->arena));
    assert_int_equal(r->centre.polls, 1);
    assert_null(vg_sender_dc09.idle(r->line, r->arena));  // not due again yet
    assert_int_equal(r->centre.polls, 1);
}

static void a_wrong_setting_is_not_served(void **state)
{
    rig *r = *state;
    static const struct {
        const char *address, *options, *secret;
    } wrong[] = {{"127.0.0.1", "{\"account\":\"1A2B\"}", ""},
                 {"127.0.0.1:9", "{\"account\":\"xy\"}", ""},
                 {"127.0.0.1:9", "{\"account\":\"1A2B\"}", "0011"}};
    for (size_t i = 0; i < VG_LEN(wrong); i++) {
        const vg_link l = {
            .name = "c", .user = "", .address = wrong[i].address, .options = wrong[i].options};
        const char *problem = NULL;
        assert_null(vg_sender_dc09.open(r->node->core, &l, vg_str_c(wrong[i].secret), &problem));
        assert_string_equal(problem, "link.options");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_alarm_is_acknowledged, setup, teardown),
        cmocka_unit_test_setup_teardown(a_nak_sets_the_clock_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_centre_that_does_not_understand_is_not_asked_again, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_dead_centre_is_tried_again, setup, teardown),
        cmocka_unit_test_setup_teardown(the_line_is_supervised, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_setting_is_not_served, setup, teardown),
    };
    return cmocka_run_group_tests_name("notify.dc09_out", tests, NULL, NULL);
}
