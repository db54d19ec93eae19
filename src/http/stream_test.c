// SPDX-License-Identifier: Apache-2.0
// The live stream over real sockets: rows arrive once, only where they may be seen, resume after a cut,
// and a thousand screens fit.
#include "http/kit_test.h"

#include "base/clock.h"
#include "http/stream_client.h"
#include "http/stream_ring.h"

#include <poll.h>
#include <stdatomic.h>
#include <sys/resource.h>

enum { SCREENS = 1000, ROUNDS = 40 };

static test_node node;
static char officer[400], custodian[400], guard[400];

static int start(void **state)
{
    (void)state;
    struct rlimit r = {0};
    getrlimit(RLIMIT_NOFILE, &r);
    r.rlim_cur = r.rlim_max;
    setrlimit(RLIMIT_NOFILE, &r);
    test_node_start(&node, NULL);
    test_user(&node, "linh.gac", "guard", NULL);
    test_login(&node, "truc.ban", officer);
    test_login(&node, "quan.tri", custodian);
    test_login(&node, "linh.gac", guard);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    test_node_stop(&node);
    return 0;
}

// --- a screen -----------------------------------------------------------------------------------
typedef struct screen {
    int fd;
    size_t n;
    char text[1 << 16];
} screen;

static int open_stream(const char *headers, const char *last_id)
{
    char q[800];
    const int fd = test_connect(node.port);
    assert_true(fd >= 0);
    const int n =
        snprintf(q, sizeof q, "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\n%s%s%s%s\r\n", headers,
                 last_id ? "Last-Event-ID: " : "", last_id ? last_id : "", last_id ? "\r\n" : "");
    test_send(fd, q, (size_t)n);
    return fd;
}

static void screen_open(screen *s, const char *headers, const char *last_id)
{
    memset(s, 0, sizeof *s);
    s->fd = open_stream(headers, last_id);
}

// Reads until text appears (true) or the time is over.
static bool screen_sees(screen *s, const char *text, int timeout_ms)
{
    const int64_t end = vg_mono_us() + timeout_ms * VG_MS_US;
    while (!strstr(s->text, text)) {
        struct pollfd p = {s->fd, POLLIN, 0};
        const int64_t left = (end - vg_mono_us()) / VG_MS_US;
        if (left <= 0 || poll(&p, 1, (int)left) <= 0) {
            return false;
        }
        const ssize_t r = recv(s->fd, s->text + s->n, sizeof s->text - 1 - s->n, 0);
        if (r <= 0) {
            return strstr(s->text, text) != NULL;
        }
        s->n += (size_t)r;
        s->text[s->n] = '\0';
    }
    return true;
}

static void last_id(const screen *s, char out[HTTP_TOKEN_B64])
{
    const char *p = s->text, *last = NULL;
    while ((p = strstr(p, "\nid: "))) {
        last = p + 5;
        p++;
    }
    assert_non_null(last);
    snprintf(out, HTTP_TOKEN_B64, "%.64s", last);
    assert_int_equal(strcspn(out, "\r\n"), 64);
}

static void add_agency(const char *code)
{
    char args[200];
    snprintf(args, sizeof args, "{\"code\":\"%s\",\"name\":\"Cơ quan %s\"}", code, code);
    test_command(node.core, "accounts.agency_add", args, NULL);
}

static int open_only(const char *headers)
{
    char q[600];
    const int fd = test_connect(node.port);
    assert_true(fd >= 0);
    const int n = snprintf(
        q, sizeof q, "GET /api/v1/stream?only=source-seen HTTP/1.1\r\nHost: x\r\n%s\r\n", headers);
    test_send(fd, q, (size_t)n);
    return fd;
}

static void on_polled(void *ctx, vg_status st)
{
    assert_int_equal(st, VG_OK);
    *(atomic_bool *)ctx = true;
}

static void poll_once(void)
{
    vg_register *reg = vg_core_register(node.core);
    const vg_register_snap *snap = vg_register_acquire(reg);
    const vg_source *s = vg_register_find(snap, "dc09", "1234");
    vg_signal g = {.verb = VG_SIG_POLL, .source = s->index, .received_us = vg_now_us()};
    snprintf(g.proto, sizeof g.proto, "dc09");
    atomic_bool done = false;
    vg_signals batch = {.v = &g, .n = 1, .done = on_polled, .ctx = &done};
    vg_register_release(reg, snap);
    assert_true(vg_scribe_signals(vg_core_scribe(node.core), &batch));
    while (!done) {
        usleep(1000);
    }
}

// --- tests --------------------------------------------------------------------------------------
static void shows_what_changed(void **state)
{
    (void)state;
    static screen s;
    screen_open(&s, officer, NULL);
    assert_true(screen_sees(&s, "event: hello", 2000));
    assert_non_null(strstr(s.text, "text/event-stream"));
    assert_non_null(strstr(s.text, "\"server_time\""));
    add_agency("S1");
    assert_true(screen_sees(&s, "\"code\":\"S1\"", 2000));
    assert_non_null(strstr(s.text, "data: {\"resource\":\"agencies\",\"row\":{\"id\":"));
    assert_true(screen_sees(&s, "event: tick", 3000));
    close(s.fd);
}

static void shows_only_what_may_be_seen(void **state)
{
    (void)state;
    static screen a, b;
    screen_open(&a, custodian, NULL);
    screen_open(&b, guard, NULL);
    assert_true(screen_sees(&a, "event: hello", 2000));
    assert_true(screen_sees(&b, "event: hello", 2000));
    test_user(&node, "moi.den", "guard", NULL);
    add_agency("S2");
    assert_true(screen_sees(&a, "\"login\":\"moi.den\"", 2000));
    assert_true(screen_sees(&b, "\"code\":\"S2\"", 2000));  // later than the user
    assert_null(strstr(b.text, "moi.den"));
    assert_null(strstr(b.text, "\"resource\":\"users\""));
    close(a.fd);
    close(b.fd);
}

// What changes with every poll is for who looks at it: a stream of its own, and none of it in the others.
static void shows_on_request_what_always_changes(void **state)
{
    (void)state;
    static screen desk, looker, stranger;
    char site[VG_ID_TEXT], source[VG_ID_TEXT], args[300], said[80];
    test_command(node.core, "sites.site_add",
                 "{\"code\":\"S\",\"name\":\"Kho mẫu\",\"kind\":\"warehouse\"}", site);
    snprintf(args, sizeof args,
             "{\"site\":\"%s\",\"name\":\"Tủ\",\"proto\":\"dc09\",\"address\":\"1234\"}", site);
    test_command(node.core, "sites.source_add", args, source);
    assert_int_equal(test_status(node.port, "GET", "/api/v1/stream?only=sources", officer, NULL),
                     400);
    screen_open(&desk, officer, NULL);
    assert_true(screen_sees(&desk, "event: hello", 2000));
    looker = (screen){.fd = open_only(officer)};
    stranger = (screen){.fd = open_only(custodian)};
    assert_true(screen_sees(&looker, "event: hello", 2000));
    assert_true(screen_sees(&stranger, "event: hello", 2000));
    poll_once();
    snprintf(said, sizeof said, "{\"resource\":\"source-seen\",\"row\":{\"id\":\"%s\"", source);
    assert_true(screen_sees(&looker, said, 5000));
    assert_non_null(strstr(looker.text, "\"polls_n\":1"));
    add_agency("S9");
    assert_true(screen_sees(&desk, "\"code\":\"S9\"", 2000));
    assert_true(screen_sees(&desk, "event: tick", 3000));
    assert_null(strstr(desk.text, "source-seen"));
    assert_null(strstr(looker.text, "\"code\":\"S9\""));
    close(desk.fd);
    close(looker.fd);
    close(stranger.fd);
}

static void resumes_where_it_was_cut(void **state)
{
    (void)state;
    static screen s, again, lost;
    char id[HTTP_TOKEN_B64];
    screen_open(&s, officer, NULL);
    assert_true(screen_sees(&s, "event: tick", 3000));
    last_id(&s, id);
    close(s.fd);
    add_agency("S3");
    add_agency("S4");
    screen_open(&again, officer, id);
    assert_true(screen_sees(&again, "\"code\":\"S3\"", 2000));
    assert_true(screen_sees(&again, "\"code\":\"S4\"", 2000));
    assert_null(strstr(again.text, "event: reset"));
    assert_null(strstr(again.text, "\"code\":\"S1\""));
    close(again.fd);
    id[5] = (char)(id[5] == 'A' ? 'B' : 'A');  // another boot's token looks like this
    screen_open(&lost, officer, id);
    assert_true(screen_sees(&lost, "event: reset", 2000));
    close(lost.fd);
    screen_open(&lost, officer, "short");
    assert_true(screen_sees(&lost, "event: reset", 2000));
    close(lost.fd);
}

static void ends_with_the_session(void **state)
{
    (void)state;
    static screen s;
    char mine[400];
    test_login(&node, "linh.gac", mine);
    screen_open(&s, mine, NULL);
    assert_true(screen_sees(&s, "event: hello", 2000));
    assert_int_equal(test_status(node.port, "DELETE", "/api/v1/session", mine, NULL), 200);
    assert_true(screen_sees(&s, "\r\n0\r\n\r\n", 8000));  // the last chunk
    close(s.fd);
}

static void drops_the_past_of_who_does_not_read(void **state)
{
    (void)state;
    http_client *c = http_client_create();
    http_block *b = http_block_create(VG_S("event: row\n\n")),
               *r = http_block_create(VG_S("reset"));
    vg_http_stream *st = http_client_stream(c);
    char buf[64];
    for (int i = 0; i < HTTP_QUEUE_BLOCKS; i++) {
        assert_true(http_client_push(c, b));
    }
    assert_int_equal(st->read(st->ctx, buf, 5), 5);  // half an event is out
    assert_false(http_client_push(c, b));
    http_client_replace(c, r);
    assert_int_equal(st->read(st->ctx, buf, sizeof buf), 7 + 5);
    assert_memory_equal(buf + 7, "reset", 5);
    http_client_end(c);
    assert_int_equal(st->read(st->ctx, buf, sizeof buf), -1);
    st->closed(st->ctx);
    assert_true(http_client_dead(c));
    http_client_unref(c);
    http_block_unref(b);
    http_block_unref(r);
}

static void seals_its_tokens(void **state)
{
    (void)state;
    http_ring *r = vg_alloc(sizeof *r), *other = vg_alloc(sizeof *other);
    char a[HTTP_TOKEN_B64], b[HTTP_TOKEN_B64];
    uint64_t n = 0;
    http_ring_init(r);
    http_ring_init(other);
    http_ring_seal(r, 7, a);
    http_ring_seal(r, 7, b);
    assert_string_not_equal(a, b);
    assert_int_equal(strlen(a), HTTP_TOKEN_B64 - 1);
    assert_true(http_ring_open(r, vg_str_c(a), &n));
    assert_int_equal(n, 7);
    assert_false(http_ring_open(other, vg_str_c(a), &n));
    for (size_t i = 0; i < HTTP_TOKEN_B64 - 1; i++) {
        char bad[HTTP_TOKEN_B64];
        memcpy(bad, a, sizeof bad);
        bad[i] = (char)(bad[i] == 'A' ? 'B' : 'A');
        assert_false(http_ring_open(r, vg_str_c(bad), &n));
    }
    vg_change *out = vg_alloc(HTTP_RESUME_MAX * sizeof *out), c = {0};
    size_t k = 0;
    for (int i = 0; i < 3 * HTTP_RING; i++) {
        c.rowid = i % 10;
        http_ring_add(r, &c);
    }
    assert_true(http_ring_since(r, r->last, out, &k));
    assert_int_equal(k, 0);
    assert_true(http_ring_since(r, r->last - 25, out, &k));
    assert_int_equal(k, 10);  // once each
    assert_true(http_ring_since(r, r->last - HTTP_RING, out, &k));
    assert_false(http_ring_since(r, r->last - HTTP_RING - 1, out, &k));
    assert_false(http_ring_since(r, r->last + 1, out, &k));
    free(out);
    free(r);
    free(other);
}

// --- a thousand screens -------------------------------------------------------------------------
static size_t resident_bytes(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    long total = 0, resident = 0;
    assert_int_equal(fscanf(f, "%ld %ld", &total, &resident), 2);
    fclose(f);
    return (size_t)resident * 4096;
}

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static char tail_of[SCREENS][64];

// Waits until every screen has seen code; writes when each did.
static size_t gather(struct pollfd *p, const char *code, int64_t began, int64_t *took)
{
    static char buf[8192], joined[8192 + 64];
    size_t seen = 0;
    bool done[SCREENS] = {0};
    const int64_t end = began + 20 * VG_SECOND_US;
    while (seen < SCREENS && vg_mono_us() < end && poll(p, SCREENS, 1000) >= 0) {
        for (size_t i = 0; i < SCREENS; i++) {
            if (!(p[i].revents & POLLIN)) {
                continue;
            }
            const ssize_t r = recv(p[i].fd, buf, sizeof buf - 1, MSG_DONTWAIT);
            assert_true(r > 0);
            buf[r] = '\0';
            snprintf(joined, sizeof joined, "%s%s", tail_of[i], buf);
            const size_t n = strlen(joined);
            memcpy(tail_of[i], joined + (n > 63 ? n - 63 : 0), (n > 63 ? 63 : n) + 1);
            if (!done[i] && strstr(joined, code)) {
                done[i] = true;
                took[seen++] = vg_mono_us() - began;
            }
        }
    }
    return seen;
}

static void serves_a_thousand_screens(void **state)
{
    (void)state;
    static struct pollfd p[SCREENS];
    static int64_t took[ROUNDS * SCREENS];
    char code[32], want[48];
    const size_t before = resident_bytes();
    for (size_t i = 0; i < SCREENS; i++) {
        p[i] = (struct pollfd){open_stream(i % 3   ? officer
                                           : i % 2 ? custodian
                                                   : guard,
                                           NULL),
                               POLLIN, 0};
    }
    assert_int_equal(gather(p, "event: hello", vg_mono_us(), took), SCREENS);
    size_t n = 0;
    for (int k = 0; k < ROUNDS; k++) {
        snprintf(code, sizeof code, "T%d", k);
        snprintf(want, sizeof want, "\"code\":\"%s\"", code);
        const int64_t began = vg_mono_us();
        add_agency(code);
        assert_int_equal(gather(p, want, began, took + n), SCREENS);
        n += SCREENS;
    }
    const size_t grown = resident_bytes() - before;
    qsort(took, n, sizeof *took, by_time);
    printf("# %d screens: %.1f MB more, change to screen p50 %.1f ms p99 %.1f ms worst %.1f ms\n",
           SCREENS, (double)grown / 1048576.0, (double)took[n / 2] / 1e3,
           (double)took[n * 99 / 100] / 1e3, (double)took[n - 1] / 1e3);
    for (size_t i = 0; i < SCREENS; i++) {
        close(p[i].fd);
    }
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    assert_true(grown < 64u << 20);
    assert_true(took[n * 99 / 100] < 500 * VG_MS_US);  // the goal is 50 ms on a quiet machine
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_what_changed),
        cmocka_unit_test(shows_only_what_may_be_seen),
        cmocka_unit_test(shows_on_request_what_always_changes),
        cmocka_unit_test(resumes_where_it_was_cut),
        cmocka_unit_test(ends_with_the_session),
        cmocka_unit_test(drops_the_past_of_who_does_not_read),
        cmocka_unit_test(seals_its_tokens),
        cmocka_unit_test(serves_a_thousand_screens),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
