// SPDX-License-Identifier: Apache-2.0
// The real driver on loopback with a core of our own: what is answered, when, and what never is.
#include "ingest/dc09/dc09_kit.h"
#include "ingest/driver.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct core {  // stands for the scribe: commits at once, when told, or refuses
    pthread_mutex_t lock;
    bool refuse, keep;
    vg_status st;
    vg_signals *kept[64];
    size_t n_kept;
    vg_signal seen[4096];
    size_t n;
} core;

typedef struct rig {
    core core;
    vg_register *reg;
    vg_driver *d;
    vg_dc09_crypt *crypt;
    char frame[DC09_FRAME_MAX];
} rig;

static void take(core *c, const vg_signals *b)
{
    for (size_t i = 0; i < b->n && c->n < VG_LEN(c->seen); i++) {
        c->seen[c->n++] = b->v[i];
    }
}

static bool submit(void *ctx, vg_signals *b)
{
    core *c = ctx;
    pthread_mutex_lock(&c->lock);
    const bool refuse = c->refuse, keep = c->keep;
    const vg_status st = c->st;
    if (keep) {
        c->kept[c->n_kept++] = b;
    } else if (!refuse && st == VG_OK) {
        take(c, b);
    }
    pthread_mutex_unlock(&c->lock);
    if (!refuse && !keep) {
        b->done(b->ctx, st);
    }
    return !refuse;
}

static void commit_kept(core *c, vg_status st)
{
    pthread_mutex_lock(&c->lock);
    c->keep = false;
    const size_t n = c->n_kept;
    c->n_kept = 0;
    pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; i < n; i++) {
        if (st == VG_OK) {
            pthread_mutex_lock(&c->lock);
            take(c, c->kept[i]);
            pthread_mutex_unlock(&c->lock);
        }
        c->kept[i]->done(c->kept[i]->ctx, st);
    }
}

static size_t seen(rig *r)
{
    pthread_mutex_lock(&r->core.lock);
    const size_t n = r->core.n;
    pthread_mutex_unlock(&r->core.lock);
    return n;
}

static void set(rig *r, bool refuse, bool keep, vg_status st)
{
    pthread_mutex_lock(&r->core.lock);
    r->core.refuse = refuse;
    r->core.keep = keep;
    r->core.st = st;
    pthread_mutex_unlock(&r->core.lock);
}

static int64_t kit_clock(void)
{
    return KIT_NOW;
}

static void rig_start(rig *r, const vg_driver_options *over)
{
    vg_driver_options o = over ? *over : (vg_driver_options){.source_rate = 1000};
    o.proto = &vg_ingest_dc09;
    o.tcp = "127.0.0.1:0";
    o.udp = "[::1]:0";
    o.sources = r->reg;
    o.submit = submit;
    o.submit_ctx = &r->core;
    o.now_us = kit_clock;
    vg_err err = {0};
    assert_int_equal(vg_driver_start(&o, &r->d, &err), VG_OK);
}

static rig *rig_create(const vg_driver_options *over)
{
    rig *r = vg_alloc(sizeof *r);
    pthread_mutex_init(&r->core.lock, NULL);
    r->reg = kit_register();
    r->crypt = vg_dc09_crypt_create();
    rig_start(r, over);
    return r;
}

static void rig_destroy(rig *r)
{
    vg_driver_stop(r->d);
    vg_dc09_crypt_destroy(r->crypt);
    vg_register_destroy(r->reg);
    pthread_mutex_destroy(&r->core.lock);
    free(r);
}

static int connect_tcp(rig *r)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons(vg_driver_port(r->d, VG_INGEST_TCP)),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static int connect_udp(rig *r)
{
    const int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in6 a = {.sin6_family = AF_INET6,
                             .sin6_port = htons(vg_driver_port(r->d, VG_INGEST_UDP)),
                             .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static void write_all(int fd, vg_str s)
{
    assert_int_equal(send(fd, s.p, s.n, MSG_NOSIGNAL), (ssize_t)s.n);
}

static vg_str frame(rig *r, const vg_dc09_message *m)
{
    return (vg_str){r->frame, vg_dc09_encode(r->crypt, m, r->frame, sizeof r->frame)};
}

static vg_dc09_message alarm_of(const char *account, unsigned seq)
{
    vg_dc09_message m = kit_message(account, "SIA-DCS", "");
    m.data = VG_S("|Nri1/BA05");
    m.seq = seq;
    return m;
}

// Bytes of one answer within ms, or 0; end of connection gives -1.
static ssize_t answer_within(int fd, char *out, size_t cap, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    if (poll(&p, 1, ms) <= 0) {
        return 0;
    }
    const ssize_t n = recv(fd, out, cap, 0);
    return n <= 0 ? -1 : n;
}

static int acks(rig *r, int fd, int want, int ms)
{
    char buf[16384];
    size_t n = 0;
    int got = 0;
    const int64_t end = vg_mono_us() + ms * VG_MS_US;
    const vg_str key = {(const char *)KIT_KEY, 16};
    while (got < want && vg_mono_us() < end) {
        const ssize_t k = answer_within(fd, buf + n, sizeof buf - n, 50);
        if (k < 0) {
            return got;
        }
        n += (size_t)k;
        vg_dc09_reply reply;
        while (vg_dc09_reply_parse(r->crypt, (vg_str){buf, n}, key, &reply) == VG_INGEST_DONE) {
            got += reply.answer == VG_ANSWER_ACK;
            n -= reply.consumed;
            memmove(buf, buf + reply.consumed, n);
        }
    }
    return got;
}

static void await(rig *r, vg_ingest_count c, uint64_t at_least)
{
    const int64_t end = vg_mono_us() + 5 * VG_SECOND_US;
    while (vg_driver_count(r->d, c) < at_least && vg_mono_us() < end) {
        usleep(2000);
    }
    assert_true(vg_driver_count(r->d, c) >= at_least);
}

static void an_alarm_is_acknowledged_over_both_transports(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    const int tcp = connect_tcp(r), udp = connect_udp(r);
    const vg_dc09_message a = alarm_of("1234", 1), b = alarm_of("AB12", 2);
    write_all(tcp, frame(r, &a));
    assert_int_equal(acks(r, tcp, 1, 3000), 1);
    write_all(udp, frame(r, &b));
    assert_int_equal(acks(r, udp, 1, 3000), 1);
    assert_int_equal(seen(r), 2);
    assert_string_equal(r->core.seen[0].kind, "intrusion");
    assert_string_equal(r->core.seen[0].peer, "127.0.0.1");
    assert_int_equal(r->core.seen[0].flags & VG_SIG_AUTHENTICATED, 0);
    assert_int_equal(r->core.seen[1].flags & VG_SIG_AUTHENTICATED, VG_SIG_AUTHENTICATED);
    assert_string_equal(r->core.seen[1].peer, "::1");
    close(tcp);
    close(udp);
    rig_destroy(r);
}

static void no_answer_before_the_commit(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    const int fd = connect_tcp(r);
    const vg_dc09_message a = alarm_of("1234", 7);
    set(r, false, true, VG_OK);
    write_all(fd, frame(r, &a));
    assert_int_equal(acks(r, fd, 1, 200), 0);
    write_all(fd, frame(r, &a));  // a repetition while the first is on its way
    await(r, VG_INGEST_duplicates, 1);
    assert_int_equal(acks(r, fd, 1, 200), 0);
    commit_kept(&r->core, VG_OK);
    assert_int_equal(acks(r, fd, 2, 3000), 2);
    assert_int_equal(seen(r), 1);
    write_all(fd, frame(r, &a));  // and one after it
    assert_int_equal(acks(r, fd, 1, 3000), 1);
    assert_int_equal(seen(r), 1);
    close(fd);
    rig_destroy(r);
}

static void a_failed_or_refused_batch_is_not_answered_and_its_repetition_is_new(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    const int fd = connect_tcp(r);
    const vg_dc09_message a = alarm_of("AB12", 8);
    set(r, false, false, VG_EIO);
    write_all(fd, frame(r, &a));
    await(r, VG_INGEST_failed, 1);
    set(r, true, false, VG_OK);
    write_all(fd, frame(r, &a));
    await(r, VG_INGEST_busy, 1);
    assert_int_equal(acks(r, fd, 1, 200), 0);
    set(r, false, false, VG_OK);
    write_all(fd, frame(r, &a));
    assert_int_equal(acks(r, fd, 1, 3000), 1);
    assert_int_equal(seen(r), 1);
    close(fd);
    rig_destroy(r);
}

static size_t many(rig *r, unsigned n, char *out, size_t cap)
{
    size_t used = 0;
    for (unsigned i = 0; i < n; i++) {
        const vg_dc09_message m = alarm_of("1234", i + 100);
        used += vg_dc09_encode(r->crypt, &m, out + used, cap - used);
        out[used++] = '\0';  // as some panels do
    }
    return used;
}

// Stands for the journal: what was committed, as if it had been age_s ago.
typedef struct memory {
    rig *r;
    int age_s;
    int64_t since_us;
} memory;

static vg_status remembered(void *ctx, int64_t since_us, vg_recent_fn fn, void *fn_ctx, vg_err *err)
{
    memory *m = ctx;
    (void)err;
    m->since_us = since_us;
    const vg_register_snap *snap = vg_register_acquire(m->r->reg);
    for (size_t i = 0; i < m->r->core.n; i++) {
        const vg_signal *g = &m->r->core.seen[i];
        vg_recent x = {.proto = VG_S("dc09"),
                       .source = vg_register_at(snap, g->source),
                       .authenticated = g->flags & VG_SIG_AUTHENTICATED,
                       .recorded_us = KIT_NOW - m->age_s * VG_SECOND_US};
        memcpy(x.frame, g->frame, sizeof x.frame);
        fn(fn_ctx, &x);
    }
    vg_register_release(m->r->reg, snap);
    return VG_OK;
}

// Sends both to a node started anew that remembers; how many of them it took for new. Both are acknowledged.
static size_t sent_again(memory *m, const unsigned char *key, const vg_dc09_message v[2])
{
    const vg_driver_options o = {
        .source_rate = 1000, .key = key, .recall = remembered, .recall_ctx = m};
    vg_driver_stop(m->r->d);
    rig_start(m->r, &o);
    const size_t before = seen(m->r);
    const int fd = connect_tcp(m->r);
    for (int i = 0; i < 2; i++) {
        write_all(fd, frame(m->r, &v[i]));
    }
    assert_int_equal(acks(m->r, fd, 2, 3000), 2);
    close(fd);
    return seen(m->r) - before;
}

static void what_was_committed_before_a_restart_is_known_after_it(void **state)
{
    (void)state;
    static const unsigned char other[VG_INGEST_KEY_BYTES] = "another key....";
    const vg_driver_options o = {.source_rate = 1000, .key = KIT_KEY};
    rig *r = rig_create(&o);
    memory m = {.r = r, .age_s = 30};
    vg_dc09_message v[2] = {alarm_of("1234", 1), alarm_of("AB12", 2)};
    assert_int_equal(sent_again(&m, KIT_KEY, v), 2);  // the first time
    assert_int_equal(sent_again(&m, KIT_KEY, v), 0);
    assert_int_equal(vg_driver_count(r->d, VG_INGEST_duplicates), 2);
    assert_int_equal(vg_driver_count(r->d, VG_INGEST_recalled), 3);  // the sealed one has two
    assert_true(m.since_us <= KIT_NOW - 60 * VG_SECOND_US);
    v[1].seq = 99;  // what stands outside the encryption does not make an old frame new
    assert_int_equal(sent_again(&m, KIT_KEY, v), 0);
    v[0].seq = 3;  // a new report of the same kind
    assert_int_equal(sent_again(&m, KIT_KEY, v), 1);
    assert_int_equal(sent_again(&m, other, v), 2);
    m.age_s = 120;  // nobody repeats for so long
    assert_int_equal(sent_again(&m, KIT_KEY, v), 2);
    rig_destroy(r);
}

static void a_forged_clear_frame_does_not_stand_for_the_sealed_one(void **state)
{
    (void)state;
    const vg_driver_options o = {.source_rate = 1000, .key = KIT_KEY};
    rig *r = rig_create(&o);
    memory m = {.r = r};
    vg_dc09_message clear[2] = {alarm_of("AB12", 5), alarm_of("1234", 6)};
    clear[0].key_len = 0;
    assert_int_equal(sent_again(&m, KIT_KEY, clear), 2);
    const vg_dc09_message v[2] = {alarm_of("AB12", 5), alarm_of("1234", 6)};
    assert_int_equal(sent_again(&m, KIT_KEY, v), 1);
    rig_destroy(r);
}

static void several_frames_in_one_segment_and_byte_by_byte(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    char bytes[8192];
    const int fd = connect_tcp(r), slow = connect_tcp(r);
    const size_t n = many(r, 30, bytes, sizeof bytes);
    write_all(fd, (vg_str){bytes, n});
    assert_int_equal(acks(r, fd, 30, 3000), 30);
    const vg_dc09_message m = alarm_of("AB12", 9);
    const vg_str f = frame(r, &m);
    for (size_t i = 0; i < f.n; i++) {
        write_all(slow, (vg_str){f.p + i, 1});
        usleep(500);
    }
    assert_int_equal(acks(r, slow, 1, 3000), 1);
    assert_int_equal(seen(r), 31);
    close(fd);
    close(slow);
    rig_destroy(r);
}

static void half_closed_peers_still_get_their_answer(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    const int fd = connect_tcp(r);
    const vg_dc09_message a = alarm_of("1234", 11);
    set(r, false, true, VG_OK);
    write_all(fd, frame(r, &a));
    shutdown(fd, SHUT_WR);
    await(r, VG_INGEST_accepted, 1);
    usleep(100000);
    commit_kept(&r->core, VG_OK);
    assert_int_equal(acks(r, fd, 1, 3000), 1);
    char c;
    assert_int_equal(answer_within(fd, &c, 1, 3000), -1);  // and then it is closed
    close(fd);
    rig_destroy(r);
}

static void a_gone_peer_loses_its_answer_only(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    const int fd = connect_tcp(r);
    const vg_dc09_message a = alarm_of("1234", 12);
    set(r, false, true, VG_OK);
    write_all(fd, frame(r, &a));
    await(r, VG_INGEST_accepted, 1);
    const struct linger hard = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(fd);  // RST
    usleep(100000);
    commit_kept(&r->core, VG_OK);
    await(r, VG_INGEST_lost_answers, 1);
    assert_int_equal(seen(r), 1);
    rig_destroy(r);
}

static void garbage_leads_to_quarantine(void **state)
{
    (void)state;
    const vg_driver_options o = {.bad_max = 5, .quarantine_s = 1};
    rig *r = rig_create(&o);
    const int fd = connect_tcp(r);
    char c;
    for (int i = 0; i < 5; i++) {
        (void)!send(fd, "\nGET / HTTP/1.1\r\n", 17, MSG_NOSIGNAL);
    }
    assert_int_equal(answer_within(fd, &c, 1, 3000), -1);
    await(r, VG_INGEST_quarantines, 1);
    const int again = connect_tcp(r);
    assert_int_equal(answer_within(again, &c, 1, 3000), -1);
    assert_int_equal(vg_driver_count(r->d, VG_INGEST_refused), 1);
    sleep(1);
    usleep(100000);
    const int later = connect_tcp(r);
    const vg_dc09_message a = alarm_of("1234", 13);
    write_all(later, frame(r, &a));
    assert_int_equal(acks(r, later, 1, 3000), 1);
    close(fd);
    close(again);
    close(later);
    rig_destroy(r);
}

static void bad_datagrams_shut_nobody_out(void **state)
{
    (void)state;
    const vg_driver_options o = {.bad_max = 5, .source_rate = 1000};
    rig *r = rig_create(&o);
    const int fd = connect_udp(r);
    char two[1024];
    for (int i = 0; i < 50; i++) {  // anybody can write another's address on them
        write_all(fd, VG_S("\n0000001A\"SIA-DCS\"0001L0#1234[]\r"));
    }
    write_all(fd, VG_S(""));
    await(r, VG_INGEST_bad_crc, 50);
    write_all(fd, (vg_str){two, many(r, 2, two, sizeof two)});  // two frames in one datagram
    assert_int_equal(acks(r, fd, 2, 3000), 2);
    vg_dc09_message late = alarm_of("AB12", 3);
    late.time_us -= 60 * VG_SECOND_US;
    write_all(fd, frame(r, &late));
    await(r, VG_INGEST_naks, 1);
    assert_int_equal(vg_driver_count(r->d, VG_INGEST_quarantines), 0);
    assert_int_equal(seen(r), 2);
    close(fd);
    rig_destroy(r);
}

static void oversized_frames_end_the_connection(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    const int fd = connect_tcp(r);
    char big[6000];
    memset(big, 'x', sizeof big);
    memcpy(big, "\n12340FFF\"SIA-DCS\"", 18);
    write_all(fd, (vg_str){big, sizeof big});
    char c;
    assert_int_equal(answer_within(fd, &c, 1, 3000), -1);
    assert_int_equal(vg_driver_count(r->d, VG_INGEST_oversize), 1);
    close(fd);
    rig_destroy(r);
}

static void a_frame_that_never_ends_is_not_waited_for(void **state)
{
    (void)state;
    const vg_driver_options o = {.partial_s = 1, .idle_s = 60};
    rig *r = rig_create(&o);
    const int fd = connect_tcp(r);
    const vg_dc09_message a = alarm_of("1234", 14);
    const vg_str f = frame(r, &a);
    char c;
    ssize_t end = 0;
    for (size_t i = 0; i + 1 < f.n && end == 0;
         i++) {  // a byte at a time keeps no connection alive
        (void)!send(fd, f.p + i, 1, MSG_NOSIGNAL);
        end = answer_within(fd, &c, 1, 100);
    }
    assert_int_equal(end, -1);
    await(r, VG_INGEST_stuck, 1);  // told after the line is closed
    assert_int_equal(vg_driver_count(r->d, VG_INGEST_stuck), 1);
    close(fd);
    rig_destroy(r);
}

static void connections_are_capped(void **state)
{
    (void)state;
    const vg_driver_options o = {.connections = 8, .per_peer = 4};
    rig *r = rig_create(&o);
    int fd[6];
    for (int i = 0; i < 6; i++) {
        fd[i] = connect_tcp(r);
    }
    char c;
    assert_int_equal(answer_within(fd[5], &c, 1, 3000), -1);
    assert_int_equal(answer_within(fd[0], &c, 1, 50), 0);
    for (int i = 0; i < 6; i++) {
        close(fd[i]);
    }
    rig_destroy(r);
}

static void a_source_has_its_rate(void **state)
{
    (void)state;
    const vg_driver_options o = {.source_rate = 1};  // burst 5
    rig *r = rig_create(&o);
    char bytes[8192];
    const int fd = connect_tcp(r);
    write_all(fd, (vg_str){bytes, many(r, 20, bytes, sizeof bytes)});
    await(r, VG_INGEST_rate_limited, 14);
    const vg_dc09_message other = alarm_of("AB12", 1);  // others are not touched
    write_all(fd, frame(r, &other));
    assert_true(acks(r, fd, 20, 500) >= 6);
    assert_true(seen(r) <= 7);
    close(fd);
    rig_destroy(r);
}

static void strangers_are_reported_once_and_answered(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    const int fd = connect_tcp(r);
    vg_dc09_message m = kit_message("BEEF", "NULL", "");
    for (unsigned i = 0; i < 5; i++) {
        m.seq = i;
        write_all(fd, frame(r, &m));
    }
    assert_int_equal(acks(r, fd, 5, 3000), 5);
    assert_int_equal(seen(r), 1);
    assert_int_equal(r->core.seen[0].source, VG_SOURCE_NONE);
    assert_int_equal(vg_driver_count(r->d, VG_INGEST_unknown), 5);
    close(fd);
    rig_destroy(r);
}

static void stopping_waits_for_what_is_on_its_way(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    const int fd = connect_tcp(r);
    const vg_dc09_message a = alarm_of("1234", 15);
    set(r, false, true, VG_OK);
    write_all(fd, frame(r, &a));
    await(r, VG_INGEST_accepted, 1);
    usleep(50000);
    pthread_t t;
    assert_int_equal(
        pthread_create(&t, NULL, (void *(*)(void *))(void (*)(void))vg_driver_stop, r->d), 0);
    usleep(100000);
    commit_kept(&r->core, VG_OK);
    pthread_join(t, NULL);
    assert_int_equal(acks(r, fd, 1, 3000), 1);
    r->d = NULL;
    close(fd);
    rig_destroy(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alarm_is_acknowledged_over_both_transports),
        cmocka_unit_test(no_answer_before_the_commit),
        cmocka_unit_test(a_failed_or_refused_batch_is_not_answered_and_its_repetition_is_new),
        cmocka_unit_test(what_was_committed_before_a_restart_is_known_after_it),
        cmocka_unit_test(a_forged_clear_frame_does_not_stand_for_the_sealed_one),
        cmocka_unit_test(several_frames_in_one_segment_and_byte_by_byte),
        cmocka_unit_test(half_closed_peers_still_get_their_answer),
        cmocka_unit_test(a_gone_peer_loses_its_answer_only),
        cmocka_unit_test(garbage_leads_to_quarantine),
        cmocka_unit_test(bad_datagrams_shut_nobody_out),
        cmocka_unit_test(oversized_frames_end_the_connection),
        cmocka_unit_test(a_frame_that_never_ends_is_not_waited_for),
        cmocka_unit_test(connections_are_capped),
        cmocka_unit_test(a_source_has_its_rate),
        cmocka_unit_test(strangers_are_reported_once_and_answered),
        cmocka_unit_test(stopping_waits_for_what_is_on_its_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
