// SPDX-License-Identifier: Apache-2.0
// The simulator's lines against the real DC-09 driver with a core of our own, its HTTP devices against the real device
// port, and all against receivers that are wrong: silent, absent, with a clock that is off. The plan of a day: the same for the same seed.
#include "app/simulate_kit.h"

#include "core/source_token.h"
#include "ingest/device/device.h"
#include "ingest/driver.h"
#include "ingest/webhook/webhook.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct rig {
    pthread_mutex_t lock;
    vg_signal seen[256];
    size_t n;
    vg_register *reg;
    vg_driver *driver;
    sim_fleet fleet;
    sim_net net;
    unsigned told, answered;
} rig;

static bool submit(void *ctx, vg_signals *b)
{
    rig *r = ctx;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < b->n && r->n < VG_LEN(r->seen); i++) {
        r->seen[r->n++] = b->v[i];
    }
    pthread_mutex_unlock(&r->lock);
    b->done(b->ctx, VG_OK);
    return true;
}

static void told(void *ctx, const sim_device *d, const sim_say *s, sim_answer a, int64_t took_us)
{
    rig *r = ctx;
    (void)d;
    (void)s;
    (void)took_us;
    r->told++;
    r->answered += a == SIM_ACK;
}

static int64_t slow_clock(void)
{
    return vg_now_us() - 300 * VG_SECOND_US;
}

// Every transport, kept and single connections, clear and encrypted, both code forms.
static void add_devices(sim_fleet *f)
{
    static const sim_device KINDS[] = {
        {.name = "tcp", .address = "A001", .transport = SIM_TCP, .keep = true, .key_len = 32},
        {.name = "single", .address = "A002", .transport = SIM_TCP, .key_len = 16},
        {.name = "udp", .address = "A003", .transport = SIM_UDP, .key_len = 16},
        {.name = "clear", .address = "A004", .transport = SIM_UDP},
        {.name = "cid", .address = "A005", .transport = SIM_TCP, .keep = true, .cid = true},
    };
    static const sim_point POINTS[] = {{"004", "door_forced", "CUA KHO"},
                                       {"007", "smoke", "KHOI KHO"}};
    for (size_t i = 0; i < VG_LEN(KINDS); i++) {
        sim_device *d = &f->v[f->n++];
        *d = KINDS[i];
        d->fd = -1;
        d->n_points = VG_LEN(POINTS);
        memcpy(d->points, POINTS, sizeof POINTS);
        memset(d->key, 'k', sizeof d->key);
    }
}

static vg_register *register_of(const sim_fleet *f)
{
    vg_source v[8];
    memset(v, 0, sizeof v);
    for (size_t i = 0; i < f->n; i++) {
        snprintf(v[i].id, sizeof v[i].id, "src%zu", i);
        snprintf(v[i].proto, sizeof v[i].proto, "dc09");
        snprintf(v[i].address, sizeof v[i].address, "%s", f->v[i].address);
        v[i].flags = f->v[i].key_len ? VG_SRC_ENCRYPTED_REQUIRED : 0;
        v[i].key_len = (uint8_t)f->v[i].key_len;
        memcpy(v[i].key, f->v[i].key, sizeof v[i].key);
    }
    vg_register *r = vg_register_create();
    vg_register_replace(r, v, f->n);
    return r;
}

static vg_addr loopback(uint16_t port)
{
    vg_addr a;
    char text[32];
    snprintf(text, sizeof text, "127.0.0.1:%u", port);
    assert_int_equal(vg_addr_parse(vg_str_c(text), &a, NULL), VG_OK);
    return a;
}

static rig *rig_create(int64_t (*clock)(void))
{
    vg_err err = {0};
    rig *r = vg_alloc(sizeof *r);
    pthread_mutex_init(&r->lock, NULL);
    add_devices(&r->fleet);
    r->reg = register_of(&r->fleet);
    // One number for both transports: take a free TCP port, UDP's is free with it as good as always.
    for (uint16_t port = 27411; !r->driver && port < 27511; port++) {
        char at[32];
        snprintf(at, sizeof at, "127.0.0.1:%u", port);
        const vg_driver_options o = {.proto = &vg_ingest_dc09,
                                     .tcp = at,
                                     .udp = at,
                                     .sources = r->reg,
                                     .submit = submit,
                                     .submit_ctx = r,
                                     .now_us = clock};
        if (vg_driver_start(&o, &r->driver, &err) == VG_OK) {
            r->net.dc09 = loopback(port);
        }
    }
    assert_non_null(r->driver);
    r->net.crypt = vg_dc09_crypt_create();
    r->net.told = told;
    r->net.ctx = r;
    return r;
}

static void rig_destroy(rig *r)
{
    sim_fleet_done(&r->fleet);
    vg_driver_stop(r->driver);
    vg_dc09_crypt_destroy(r->net.crypt);
    vg_register_destroy(r->reg);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static void say_all(rig *r, sim_act act, uint8_t point)
{
    for (uint16_t i = 0; i < r->fleet.n; i++) {
        const sim_say s = {.device = i, .act = (uint8_t)act, .point = point, .user = 7};
        sim_queue(&r->fleet.v[i], &s, vg_mono_us());
    }
}

static void every_frame_is_acknowledged(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    say_all(r, SIM_poll, SIM_NO_POINT);
    say_all(r, SIM_alarm, 0);
    say_all(r, SIM_restore, 0);
    say_all(r, SIM_arm, SIM_NO_POINT);
    say_all(r, SIM_mains, SIM_NO_POINT);
    say_all(r, SIM_test, SIM_NO_POINT);
    sim_kit_drain(&r->net, &r->fleet, false);
    assert_int_equal(r->answered, 6 * r->fleet.n);
    assert_int_equal(r->net.count.acks, 6 * r->fleet.n);
    assert_int_equal(
        r->net.count.naks + r->net.count.duhs + r->net.count.strange + r->net.count.lost, 0);
    assert_int_equal(r->n, 6 * r->fleet.n);
    rig_destroy(r);
}

static void an_act_keeps_its_meaning(void **state)
{
    static const struct {
        sim_act act;
        uint8_t point;
        vg_signal_verb verb;
        const char *kind, *number;
    } CASES[] = {{SIM_alarm, 0, VG_SIG_RAISE, "door_forced", "004"},
                 {SIM_restore, 0, VG_SIG_RESTORE, "door_forced", "004"},
                 {SIM_tamper, 0, VG_SIG_RAISE, "tamper", "004"},
                 {SIM_tamper_end, 0, VG_SIG_RESTORE, "tamper", "004"},
                 {SIM_arm, SIM_NO_POINT, VG_SIG_ARM, "armed", ""},
                 {SIM_disarm, SIM_NO_POINT, VG_SIG_DISARM, "disarmed", ""},
                 {SIM_denied, 0, VG_SIG_RAISE, "badge_denied", NULL},
                 {SIM_mains, SIM_NO_POINT, VG_SIG_RAISE, "mains_trouble", NULL},
                 {SIM_mains_end, SIM_NO_POINT, VG_SIG_RESTORE, "mains_trouble", NULL},
                 {SIM_battery, SIM_NO_POINT, VG_SIG_RAISE, "battery_trouble", NULL},
                 {SIM_battery_end, SIM_NO_POINT, VG_SIG_RESTORE, "battery_trouble", NULL},
                 {SIM_test, SIM_NO_POINT, VG_SIG_TEST, "test", NULL}};
    (void)state;
    for (size_t i = 0; i < VG_LEN(CASES); i++) {
        rig *r = rig_create(NULL);
        say_all(r, CASES[i].act, CASES[i].point);
        sim_kit_drain(&r->net, &r->fleet, false);
        assert_int_equal(r->n, r->fleet.n);
        for (size_t k = 0; k < r->n; k++) {
            assert_string_equal(r->seen[k].kind, CASES[i].kind);
            assert_int_equal(r->seen[k].verb, CASES[i].verb);
            if (CASES[i].number) {
                assert_string_equal(r->seen[k].point, CASES[i].number);
            }
        }
        rig_destroy(r);
    }
}

static void a_smoke_detector_tells_of_smoke_or_fire(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    say_all(r, SIM_alarm, 1);
    sim_kit_drain(&r->net, &r->fleet, false);
    for (size_t k = 0; k < r->n; k++) {  // the point's own kind, smoke, is the register's to say
        assert_true(strcmp(r->seen[k].kind, "fire") == 0 || strcmp(r->seen[k].kind, "smoke") == 0);
        assert_string_equal(r->seen[k].point, "007");
        assert_non_null(strstr(r->seen[k].text, "KHOI KHO"));
    }
    rig_destroy(r);
}

static vg_str header_of(const char *request, const char *name)
{
    const char *at = strstr(request, name);
    assert_non_null(at);
    at += strlen(name) + 2;
    return (vg_str){at, strcspn(at, "\r")};
}

static void a_signed_message_is_taken(void **state)
{
    (void)state;
    char text[SIM_FRAME_BYTES + 1];
    vg_signal v[VG_WEBHOOK_EVENTS_MAX];
    vg_err err = {0};
    sim_device d = {.name = "hook",
                    .address = "tuan-tra",
                    .transport = SIM_HTTP,
                    .speech = SIM_HOOK,
                    .key_len = 32,
                    .n_points = 1,
                    .points = {{"T1", "checkpoint", "Điểm 1 – cổng chính"}}};
    memset(d.key, 'w', sizeof d.key);
    vg_source src = {.key_len = 32};
    memcpy(src.key, d.key, sizeof src.key);
    const sim_say says[] = {{.act = SIM_checkpoint}, {.act = SIM_poll, .point = SIM_NO_POINT}};
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(1 << 20);
    for (size_t i = 0; i < VG_LEN(says); i++) {
        const int64_t now = vg_now_us();
        const size_t n = sim_frame(NULL, &d, &says[i], now, text, SIM_FRAME_BYTES);
        assert_true(n > 0);
        text[n] = 0;
        const char *body = strstr(text, "\r\n\r\n") + 4;
        const vg_webhook_request q = {&src,
                                      header_of(text, VG_WEBHOOK_TIMESTAMP),
                                      header_of(text, VG_WEBHOOK_SIGNATURE),
                                      vg_str_c(body),
                                      "127.0.0.1",
                                      now};
        vg_webhook_events e = {.v = v};
        assert_int_equal(vg_webhook_verify(&q, &err), VG_OK);
        assert_int_equal(vg_webhook_parse(a, &q, &e, &err), VG_OK);
        assert_int_equal(e.n, 1);
        assert_int_equal(v[0].verb, i == 0 ? VG_SIG_OTHER : VG_SIG_POLL);
        assert_string_equal(v[0].point, i == 0 ? "T1" : "");
        assert_string_equal(v[0].kind, i == 0 ? "checkpoint" : "");
    }
}

// --- makers' devices through the node's own device port -------------------------------------------
typedef struct heard {
    vg_arena *arena;
    vg_register *reg;
    vg_device_port *port;
    sim_device camera, terminal;
} heard;

static void heard_make(heard *h)
{
    static const unsigned char key[VG_INGEST_KEY_BYTES] = "a key of tests.";
    vg_source v[2] = {{.key_len = 32}, {.key_len = 0}};
    *h = (heard){.arena = vg_arena_create(4 << 20),
                 .reg = vg_register_create(),
                 .camera = {.address = "44:19:b6:5e:10:01",
                            .id = "source0000000001",
                            .transport = SIM_HTTP,
                            .speech = SIM_HIKVISION,
                            .key_len = 32,
                            .n_points = 1,
                            .points = {{"1", "vehicle_stopped", "Xe dừng"}}},
                 .terminal = {.address = "MAU0000000016",
                              .id = "source0000000002",
                              .transport = SIM_HTTP,
                              .speech = SIM_ZKTECO}};
    memset(h->camera.key, 'c', sizeof h->camera.key);
    memset(v[0].key, 'c', 32);
    snprintf(v[0].id, sizeof v[0].id, "%s", h->camera.id);
    snprintf(v[0].proto, sizeof v[0].proto, "hikvision");
    snprintf(v[0].address, sizeof v[0].address, "%s", h->camera.address);
    snprintf(v[1].id, sizeof v[1].id, "%s", h->terminal.id);
    snprintf(v[1].proto, sizeof v[1].proto, "zkteco");
    snprintf(v[1].address, sizeof v[1].address, "%s", h->terminal.address);
    vg_register_replace(h->reg, v, 2);
    h->port = vg_device_create(&(vg_device_options){h->reg, key});
}

static void heard_end(heard *h)
{
    vg_device_destroy(h->port);
    vg_register_destroy(h->reg);
    vg_arena_destroy(h->arena);
}

// The request line's path and query, as a server would have them.
static size_t split_query(vg_str *path, vg_device_query q[4])
{
    size_t n = 0;
    const char *mark = memchr(path->p, '?', path->n), *end = path->p + path->n;
    for (const char *p = mark; p && p < end && n < 4; n++) {
        const char *amp = memchr(p + 1, '&', (size_t)(end - p - 1)), *to = amp ? amp : end;
        const char *eq = memchr(p + 1, '=', (size_t)(to - p - 1));
        assert_non_null(eq);
        q[n] = (vg_device_query){{p + 1, (size_t)(eq - p - 1)}, {eq + 1, (size_t)(to - eq - 1)}};
        p = amp;
    }
    path->n = mark ? (size_t)(mark - path->p) : path->n;
    return n;
}

// Signals that came of it into v, at most 4; their number, -1 when it was not understood.
static int hear(heard *h, sim_device *d, sim_act act, uint8_t point, vg_signal v[4])
{
    char text[SIM_FRAME_BYTES + 1];
    const sim_say say = {.act = (uint8_t)act, .point = point, .user = 104};
    const int64_t now = vg_now_us();
    const size_t n = sim_frame(NULL, d, &say, now, text, SIM_FRAME_BYTES);
    assert_true(n > 0);
    text[n] = 0;
    const char *space = strchr(text, ' '), *body = strstr(text, "\r\n\r\n") + 4;
    vg_device_query q[4];
    vg_device_request rq = {.method = {text, (size_t)(space - text)},
                            .path = {space + 1, strcspn(space + 1, " ")},
                            .query = q,
                            .content_type = header_of(text, "Content-Type"),
                            .authorization = VG_S(""),
                            .timestamp = VG_S(""),
                            .signature = VG_S(""),
                            .body = vg_str_c(body),
                            .peer = "127.0.0.1",
                            .now_us = now};
    char length[24];
    snprintf(length, sizeof length, "%zu", strlen(body));
    assert_true(vg_str_eqc(header_of(text, "Content-Length"), length));
    rq.n_query = split_query(&rq.path, q);
    vg_device_call call;
    bool bad = false;
    vg_arena_reset(h->arena);
    if (!vg_device_begin(h->port, h->arena, &rq, &call, &bad)) {
        return -1;
    }
    const int got = (int)call.n;
    for (int i = 0; i < got && i < 4; i++) {
        v[i] = call.v[i];
    }
    vg_device_end(h->port, &call, VG_OK);
    assert_int_equal(call.reply.status, 200);
    return got;
}

static void a_camera_and_a_terminal_are_understood(void **state)
{
    (void)state;
    vg_signal v[4];
    heard h;
    memset(v, 0, sizeof v);
    heard_make(&h);
    assert_int_equal(hear(&h, &h.camera, SIM_alarm, 0, v), 1);
    assert_string_equal(v[0].kind, "vehicle_stopped");
    assert_int_equal(v[0].verb, VG_SIG_RAISE);
    assert_string_equal(v[0].point, "1");
    assert_true(v[0].flags & VG_SIG_AUTHENTICATED);  // by the token
    assert_int_equal(hear(&h, &h.camera, SIM_restore, 0, v), 1);
    assert_int_equal(v[0].verb, VG_SIG_RESTORE);
    assert_int_equal(hear(&h, &h.camera, SIM_poll, SIM_NO_POINT, v), 1);
    assert_int_equal(v[0].verb, VG_SIG_POLL);
    assert_int_equal(hear(&h, &h.terminal, SIM_granted, 1, v), 1);
    assert_string_equal(v[0].kind, "badge_granted");
    assert_string_equal(v[0].user, "104");
    assert_string_equal(v[0].area, "out");
    assert_true(vg_now_us() - v[0].captured_us < 5 * VG_SECOND_US);
    assert_false(v[0].flags & VG_SIG_AUTHENTICATED);  // a serial number is no proof
    assert_int_equal(hear(&h, &h.terminal, SIM_poll, SIM_NO_POINT, v), 1);
    assert_int_equal(v[0].verb, VG_SIG_POLL);
    heard_end(&h);
}

static void what_a_device_has_no_word_for_is_not_said(void **state)
{
    (void)state;
    char text[SIM_FRAME_BYTES];
    heard h;
    heard_make(&h);
    for (int act = 0; act < SIM_ACTS_N; act++) {
        const sim_say s = {.act = (uint8_t)act, .point = 0};
        const bool camera = act == SIM_poll || act == SIM_alarm || act == SIM_restore ||
                            act == SIM_tamper || act == SIM_tamper_end,
                   terminal = act == SIM_poll || act == SIM_granted;
        assert_int_equal(sim_frame(NULL, &h.camera, &s, vg_now_us(), text, sizeof text) > 0,
                         camera);
        assert_int_equal(sim_frame(NULL, &h.terminal, &s, vg_now_us(), text, sizeof text) > 0,
                         terminal);
    }
    heard_end(&h);
}

static void without_a_port_they_are_not_there(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    sim_device *d = &r->fleet.v[r->fleet.n++];
    *d = (sim_device){.address = "MAU0000000016",
                      .transport = SIM_HTTP,
                      .speech = SIM_ZKTECO,
                      .poll_s = 1,
                      .fd = -1};
    sim_fleet_mute(&r->fleet, SIM_ZKTECO);
    say_all(r, SIM_disarm, SIM_NO_POINT);
    sim_kit_drain(&r->net, &r->fleet, false);
    assert_int_equal(d->n_queue, 0);
    assert_int_equal(r->told, r->fleet.n - 1);
    assert_int_equal(r->net.count.refused, 0);
    rig_destroy(r);
}

static void a_wrong_clock_is_told_and_given_up(void **state)
{
    (void)state;
    rig *r = rig_create(slow_clock);
    say_all(r, SIM_alarm, 0);
    sim_kit_drain(&r->net, &r->fleet, true);
    assert_int_equal(r->answered, 0);
    assert_int_equal(r->told, r->fleet.n);
    assert_int_equal(r->net.count.lost, r->fleet.n);
    assert_true(r->net.count.naks >= r->fleet.n);
    rig_destroy(r);
}

static void nobody_there_is_counted_not_fatal(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    const int fd =
        socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);  // takes datagrams, says nothing; no TCP
    vg_addr mute = loopback(0);
    assert_int_equal(bind(fd, &mute.u.sa, mute.len), 0);
    assert_int_equal(getsockname(fd, &mute.u.sa, &mute.len), 0);
    r->net.dc09 = mute;
    say_all(r, SIM_alarm, 0);
    sim_kit_drain(&r->net, &r->fleet, true);
    assert_int_equal(r->answered, 0);
    assert_int_equal(r->net.count.lost, r->fleet.n);
    assert_int_equal(r->net.count.timeouts, 2 * 5);  // the two UDP devices, five times each
    assert_int_equal(r->net.count.refused, 3 * 5);
    close(fd);
    rig_destroy(r);
}

static void a_silent_device_says_nothing_until_its_time(void **state)
{
    (void)state;
    rig *r = rig_create(NULL);
    sim_device *d = &r->fleet.v[0];
    d->poll_s = 30;
    const int64_t now = vg_mono_us();
    const sim_say silent = {.act = SIM_silent, .for_s = 100}, alarm = {.act = SIM_alarm};
    sim_queue(d, &silent, now);
    sim_queue(d, &alarm, now + VG_SECOND_US);
    assert_int_equal(d->n_queue, 0);
    (void)sim_line_step(&r->net, d, now + 99 * VG_SECOND_US);
    assert_int_equal(d->n_queue, 0);
    (void)sim_line_step(&r->net, d, now + 101 * VG_SECOND_US);
    assert_int_equal(d->n_queue, 1);
    rig_destroy(r);
}

static void only_this_machine(void **state)
{
    static const struct {
        const char *text;
        bool ok;
    } CASES[] = {{"127.0.0.1:9009", true},   {"127.9.9.9:1", true},
                 {"[::1]:9009", true},       {"*:9009", false},
                 {"192.0.2.10:9009", false}, {"[2001:db8::1]:9009", false},
                 {"0.0.0.0:9009", false},    {"[::ffff:192.0.2.1]:9", false}};
    (void)state;
    for (size_t i = 0; i < VG_LEN(CASES); i++) {
        vg_addr a;
        assert_int_equal(vg_addr_parse(vg_str_c(CASES[i].text), &a, NULL), VG_OK);
        assert_int_equal(sim_addr_is_loopback(&a), CASES[i].ok);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_frame_is_acknowledged),
        cmocka_unit_test(an_act_keeps_its_meaning),
        cmocka_unit_test(a_smoke_detector_tells_of_smoke_or_fire),
        cmocka_unit_test(a_signed_message_is_taken),
        cmocka_unit_test(a_camera_and_a_terminal_are_understood),
        cmocka_unit_test(what_a_device_has_no_word_for_is_not_said),
        cmocka_unit_test(without_a_port_they_are_not_there),
        cmocka_unit_test(a_wrong_clock_is_told_and_given_up),
        cmocka_unit_test(nobody_there_is_counted_not_fatal),
        cmocka_unit_test(a_silent_device_says_nothing_until_its_time),
        cmocka_unit_test(only_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
