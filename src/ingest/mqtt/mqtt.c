// SPDX-License-Identifier: Apache-2.0
// One broker's worker: dial when egress allows, read some messages, make signals of what is news, wait until
// they are on disk, then let the acknowledgements go. A commit that fails takes the memory back and cuts the
// line, so that the broker sends all of it again. Signals are proven when the line is (TLS, or this machine
// itself, and a login); else they may raise and never clear. Floods are dropped by topic and by broker, and
// said of the link. A broker that is gone makes no signals: its sources fall silent by their own deadlines.
#include "ingest/mqtt/mqtt.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "core/egress.h"
#include "core/signal_state.h"
#include "ingest/follow.h"
#include "ingest/mqtt/client.h"
#include "ingest/mqtt/memory.h"
#include "net/peers.h"

#include <mosquitto.h>
#include <pthread.h>

enum {
    BATCH = 256,
    MESSAGE_SIGNALS = 2 * MQTT_SAYINGS,
    READ_MS = 200,
    RETRY_MAX_S = 30,
    TOPIC_RATE = 50,
    BROKER_RATE = 500,
    FLOOD_SHOWN_S = 10,
    ARENA_BYTES = 8 << 20,
    LOG_GAP_S = 10
};

struct vg_mqtt {
    vg_core *core;
    vg_follow *follow;
    unsigned char key[32];
    _Atomic uint64_t counts[VG_MQTT_COUNTS];
};

typedef struct broker {
    vg_mqtt *all;
    vg_core *core;
    char link[VG_ID_TEXT], scope[24], peer[48], host[VG_LINK_HOST];
    uint16_t port;
    unsigned turn;  // of the host's addresses, counted on
    int32_t label;
    bool proven;
    const mqtt_map *map;
    mqtt_setup setup;
    vg_arena *kept, *a;  // the setup's texts; a message's
    vg_str filters[MQTT_FILTERS];
    mqtt_client *client;
    mqtt_memory *memory;
    uint64_t forgotten;
    vg_peers *topics, *lives, *strangers;
    vg_bucket whole;
    int64_t flood_us, logged_us;
    vg_follow_told told;
    const vg_register_snap *snap;  // of this batch
    vg_signal v[BATCH];
    vg_signals batch;
    pthread_mutex_t lock;
    pthread_cond_t back;
    bool away;
    vg_status st;
    const _Atomic bool *stop;  // of the worker
    bool failed;               // a part of this round is not on disk: no answers
} broker;

const char *vg_mqtt_count_name(vg_mqtt_count c)
{
    static const char *const names[] = {
#define X(name) #name,
#include "ingest/mqtt/counters.def"
#undef X
    };
    return names[c];
}

uint64_t vg_mqtt_count_of(const vg_mqtt *m, vg_mqtt_count c)
{
    return atomic_load_explicit(&m->counts[c], memory_order_relaxed);
}

static void add(broker *b, vg_mqtt_count c, uint64_t n)
{
    atomic_fetch_add_explicit(&b->all->counts[c], n, memory_order_relaxed);
}

// --- names --------------------------------------------------------------------------------------
// s in cap bytes with the NUL; what does not fit is cut at a character and ends in "~" and a hash of the whole.
static void fit(vg_str s, size_t hash_digits, char *out, size_t cap)
{
    unsigned char h[VG_HASH_BYTES];
    char hex[2 * VG_HASH_BYTES + 1];
    if (s.n < cap) {
        snprintf(out, cap, "%.*s", (int)s.n, s.n ? s.p : "");
        return;
    }
    vg_hash(s.p, s.n, h);
    vg_hex(h, sizeof h, hex);
    const vg_str head = {s.p, cap - 2 - hash_digits};
    snprintf(out, cap, "%.*s~%.*s", (int)vg_utf8_prefix(head), head.p, (int)hash_digits, hex);
}

void vg_mqtt_address(vg_str scope, vg_str device, char out[VG_MQTT_ADDRESS])
{
    char whole[24 + 1 + MQTT_TOPIC_MAX + 1];
    const int n =
        snprintf(whole, sizeof whole, "%.*s/%.*s", scope.n < 24 ? (int)scope.n : 24, scope.p,
                 device.n < MQTT_TOPIC_MAX ? (int)device.n : MQTT_TOPIC_MAX, device.p);
    fit((vg_str){whole, (size_t)n}, 8, out, VG_MQTT_ADDRESS);
}

// --- signals ------------------------------------------------------------------------------------
static vg_signal *next_signal(broker *b, const vg_source *src, const char *address, int64_t now_us)
{
    vg_signal *s = &b->v[b->batch.n++];
    *s = (vg_signal){.source = src ? src->index : VG_SOURCE_NONE,
                     .flags = b->proven ? VG_SIG_AUTHENTICATED : 0,
                     .received_us = now_us,
                     .source_seq = -1,
                     .proto = "mqtt"};
    snprintf(s->address, sizeof s->address, "%s", address);
    snprintf(s->peer, sizeof s->peer, "%s", b->peer);
    return s;
}

static void fill(vg_signal *s, const mqtt_saying *say, uint8_t verb)
{
    s->verb = verb;
    s->captured_us = say->captured_us;
    snprintf(s->kind, sizeof s->kind, "%s", say->kind);
    fit(say->point, 4, s->point, sizeof s->point);
    const vg_str text = {say->text.p,
                         say->text.n < sizeof s->text ? say->text.n : sizeof s->text - 1};
    memcpy(s->text, text.p ? text.p : "", vg_utf8_prefix(text));
}

static uint64_t key_of(vg_str s)
{
    unsigned char h[VG_HASH_BYTES];
    uint64_t k;
    vg_hash(s.p, s.n, h);
    memcpy(&k, h, sizeof k);
    return k;
}

// Nobody registered it: it is for the waiting list, once a minute.
static void stranger(broker *b, const char *address, const mqtt_saying *say, int64_t now_us)
{
    add(b, VG_MQTT_unknown, 1);
    if (!vg_peers_take(b->strangers, key_of(vg_str_c(address)), vg_mono_us())) {
        add(b, VG_MQTT_stranger_limited, 1);
        return;
    }
    vg_signal *s = next_signal(b, NULL, address, now_us);
    fill(s, say, VG_SIG_OTHER);
    add(b, VG_MQTT_signals, 1);
}

static void alive(broker *b, const vg_source *src, const char *address, int64_t now_us)
{
    if (vg_peers_take(b->lives, key_of(vg_str_c(address)), vg_mono_us())) {
        next_signal(b, src, address, now_us)->verb = VG_SIG_POLL;
        add(b, VG_MQTT_polls, 1);
    }
}

static void tell(broker *b, const vg_source *src, const char *address, const mqtt_saying *say,
                 int64_t now_us)
{
    const mqtt_news news = mqtt_memory_tell(b->memory, src->id, say, now_us);
    add(b, VG_MQTT_unchanged, news.n == 0 ? 1 : 0);
    for (size_t i = 0; i < news.n; i++) {
        vg_signal *s = next_signal(b, src, address, now_us);
        fill(s, say, news.verb[i]);
        if (news.kept) {
            vg_signal_state_set(s, news.thing, news.value);
        }
        add(b, VG_MQTT_signals, 1);
    }
}

static void one_saying(broker *b, const mqtt_saying *say, bool retained, int64_t now_us)
{
    char address[VG_MQTT_ADDRESS];
    if (retained && say->form != MQTT_STATE) {
        add(b, VG_MQTT_retained, say->form == MQTT_ONCE ? 1 : 0);
        return;
    }
    vg_mqtt_address(vg_str_c(b->scope), say->device, address);
    const vg_source *src = vg_register_find(b->snap, "mqtt", address);
    if (!src) {
        stranger(b, address, say, now_us);
    } else if (src->flags & VG_SRC_DISABLED) {
        add(b, VG_MQTT_disabled, 1);
    } else if (say->form == MQTT_ALIVE) {
        alive(b, src, address, now_us);
    } else {
        tell(b, src, address, say, now_us);
    }
}

// --- to the journal -----------------------------------------------------------------------------
static void on_done(void *ctx, vg_status st)
{
    broker *b = ctx;
    pthread_mutex_lock(&b->lock);
    b->st = st;
    b->away = false;
    pthread_cond_signal(&b->back);
    pthread_mutex_unlock(&b->lock);
}

static bool hand_over(broker *b)
{
    b->away = true;
    while (!vg_scribe_signals(vg_core_scribe(b->core), &b->batch)) {
        add(b, VG_MQTT_busy, 1);
        if (*b->stop) {
            b->away = false;
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = 50 * 1000000L}, NULL);
    }
    pthread_mutex_lock(&b->lock);
    while (b->away) {
        pthread_cond_wait(&b->back, &b->lock);
    }
    pthread_mutex_unlock(&b->lock);
    return b->st == VG_OK;
}

// True: all that was read is on disk.
static bool settle(broker *b)
{
    const bool ok = b->batch.n == 0 || hand_over(b);
    if (!ok) {
        add(b, VG_MQTT_failed, b->batch.n);
        vg_log(VG_ERROR, "mqtt.batch.failed", "link=%s signals=%zu", b->link, b->batch.n);
    }
    mqtt_memory_settle(b->memory, ok);
    const uint64_t forgotten = mqtt_memory_forgotten(b->memory);
    add(b, VG_MQTT_forgotten, forgotten - b->forgotten);
    b->forgotten = forgotten;
    b->batch.n = 0;
    return ok;
}

// --- messages -----------------------------------------------------------------------------------
static void log_refused(broker *b, const char *why)
{
    const int64_t now = vg_mono_us();
    if (!b->logged_us || now - b->logged_us > LOG_GAP_S * VG_SECOND_US) {
        b->logged_us = now;
        vg_log(VG_WARN, "mqtt.message.refused", "link=%s why=%s", b->link, why);
    }
}

static bool within_limits(broker *b, const mqtt_message *m)
{
    const int64_t now = vg_mono_us();
    if (m->topic.n > MQTT_TOPIC_MAX || m->payload.n > MQTT_PAYLOAD_MAX) {
        add(b, VG_MQTT_oversize, 1);
        log_refused(b, "oversize");
        return false;
    }
    if (!vg_peers_take(b->topics, key_of(m->topic), now)) {
        add(b, VG_MQTT_topic_limited, 1);
    } else if (!vg_bucket_take(&b->whole, BROKER_RATE, 4 * BROKER_RATE, now)) {
        add(b, VG_MQTT_broker_limited, 1);
    } else {
        return true;
    }
    b->flood_us = now;
    log_refused(b, "flood");
    return false;
}

// The library may find any number of messages in one reading (a TLS record full of them, QoS 2 set free).
static bool has_room(broker *b)
{
    if (!b->failed && b->batch.n + MESSAGE_SIGNALS > BATCH) {
        b->failed = !settle(b);
    }
    return !b->failed;
}

static void on_message(void *ctx, const mqtt_message *got)
{
    broker *b = ctx;
    mqtt_message m = *got;
    mqtt_said said = {.n = 0};
    if (!has_room(b)) {
        return;  // it comes again: nothing of this round is answered
    }
    add(b, VG_MQTT_messages, 1);
    vg_arena_reset(b->a);
    if (!within_limits(b, &m) || vg_nfc(b->a, m.topic, &m.topic, NULL) != VG_OK) {
        return;
    }
    const mqtt_verdict v = b->map->read(&b->setup, b->a, &m, &said);
    add(b, VG_MQTT_withheld, said.withheld);
    if (v != MQTT_READ) {
        add(b, v == MQTT_MALFORMED ? VG_MQTT_malformed : VG_MQTT_passed_over, 1);
        return;
    }
    const int64_t now = vg_now_us();
    for (size_t i = 0; i < said.n; i++) {
        one_saying(b, &said.v[i], m.retained, now);
    }
}

// --- the line -----------------------------------------------------------------------------------
// Of several addresses the next one when the last did not come up.
static const char *dial(broker *b)
{
    vg_err err = {0};
    vg_egress_addresses to;
    const vg_status s = vg_egress_resolve_reading(b->core, b->label, b->host, b->port, &to, &err);
    if (s != VG_OK) {
        return vg_egress_problem(s, &err);
    }
    const char *problem = "link.unreachable";
    add(b, VG_MQTT_connects, 1);
    for (size_t i = 0; i < to.n && problem; i++) {
        problem = mqtt_client_dial(b->client, to.v[b->turn++ % to.n]);
    }
    return problem;
}

// One round: some messages, the commit, the answers. Not NULL: the line is down.
static const char *round_of(broker *b)
{
    b->failed = false;
    vg_register *reg = vg_core_register(b->core);
    b->snap = vg_register_acquire(reg);
    const char *problem = mqtt_client_read(b->client, READ_MS, BATCH / MESSAGE_SIGNALS);
    vg_register_release(reg, b->snap);
    b->snap = NULL;
    if (!settle(b) || b->failed) {
        return "link.commit";
    }
    return problem ? problem : mqtt_client_answer(b->client);
}

static const char *state_of(const broker *b)
{
    const bool flood = b->flood_us && vg_mono_us() - b->flood_us < FLOOD_SHOWN_S * VG_SECOND_US;
    return flood ? "link.flood" : NULL;
}

// Serves while the line holds.
static const char *serve(broker *b, const _Atomic bool *stop)
{
    const char *problem = dial(b);
    bool was_up = false;
    while (!problem && !*stop) {
        problem = round_of(b);
        if (!problem && mqtt_client_up(b->client)) {
            was_up = true;
            vg_follow_report(b->core, b->link, &b->told, state_of(b));
        }
    }
    b->turn -= was_up;  // it was well chosen
    add(b, VG_MQTT_losses, was_up && problem ? 1 : 0);
    mqtt_client_drop(b->client);
    return problem;
}

static void learn(void *ctx, uint64_t thing, uint64_t value, int64_t at_us)
{
    mqtt_memory_learn(ctx, thing, value, at_us);
}

static void run(void *state, const _Atomic bool *stop)
{
    broker *b = state;
    vg_err err = {0};
    b->stop = stop;
    if (vg_signal_states(b->core, "mqtt", learn, b->memory, &err) != VG_OK) {
        vg_log(VG_ERROR, "mqtt.states", "link=%s detail=%s", b->link, err.detail);
    }
    for (int wait_s = 1; !*stop; wait_s = wait_s * 2 < RETRY_MAX_S ? wait_s * 2 : RETRY_MAX_S) {
        const int64_t began = vg_mono_us();
        const char *problem = serve(b, stop);
        if (*stop || !problem) {
            break;
        }
        vg_log(VG_WARN, "mqtt.down", "link=%s problem=%s", b->link, problem);
        vg_follow_report(b->core, b->link, &b->told, problem);
        if (vg_mono_us() - began > 60 * VG_SECOND_US) {
            wait_s = 1;
        }
        for (int i = 0; i < wait_s * 10 && !*stop; i++) {
            nanosleep(&(struct timespec){.tv_nsec = 100 * 1000000L}, NULL);
        }
    }
}

// --- opening ------------------------------------------------------------------------------------
static bool read_options(broker *b, const vg_link *l)
{
    const vg_str o = vg_str_c(l->options);
    vg_str raw;
    vg_link_rule *rules = NULL;
    b->map = mqtt_map_of(vg_js_str(b->kept, o, "map"));
    if (!b->map || !vg_link_host(l, b->host, &b->port)) {
        return false;
    }
    b->setup.prefix = vg_str_dup(b->kept, vg_js_str(b->kept, o, "prefix"));
    if (!b->setup.prefix.n) {
        b->setup.prefix = vg_str_c(b->map->prefix);
    }
    if (vg_js_find(o, "rules", &raw) &&
        vg_link_rules(b->kept, raw, &rules, &b->setup.n_rules, NULL) != VG_OK) {
        return false;
    }
    b->setup.rules = rules;
    const vg_str scope = vg_js_str(b->kept, o, "scope");
    if (scope.n) {
        snprintf(b->scope, sizeof b->scope, "%.*s", VG_FMT(scope));
    } else {
        snprintf(b->scope, sizeof b->scope, "%s", l->id + strlen(l->id) - 6);
    }
    snprintf(b->peer, sizeof b->peer, "%.40s:%u", b->host, b->port);
    return true;
}

static bool make_client(broker *b, const vg_link *l, vg_str secret)
{
    const vg_str o = vg_str_c(l->options);
    const vg_str named = vg_js_str(b->kept, o, "client");
    const bool tls = vg_js_bool(o, "tls", false);
    char password[1024];
    snprintf(password, sizeof password, "%.*s", VG_FMT(secret));
    const mqtt_client_options c = {
        .host = b->host,
        .port = b->port,
        .id = named.n ? vg_str_z(b->kept, named)
                      : vg_str_z(b->kept, vg_str_f(b->kept, "vonggac-%s", l->id)),
        .user = l->user,
        .secret = password,
        .tls = tls,
        .ca = vg_str_z(b->kept, vg_js_str(b->kept, o, "ca")),
        .filters = b->filters,
        .n_filters = b->map->filters(&b->setup, b->kept, b->filters),
        .message = on_message,
        .ctx = b};
    b->proven = (tls || vg_egress_is_here(b->host)) && l->user[0] && secret.n;
    b->client = mqtt_client_create(&c);
    explicit_bzero(password, sizeof password);
    return b->client != NULL;
}

static void close_broker(void *state)
{
    broker *b = state;
    mqtt_client_destroy(b->client);
    mqtt_memory_destroy(b->memory);
    vg_peers_destroy(b->topics);
    vg_peers_destroy(b->lives);
    vg_peers_destroy(b->strangers);
    vg_arena_destroy(b->kept);
    vg_arena_destroy(b->a);
    pthread_mutex_destroy(&b->lock);
    pthread_cond_destroy(&b->back);
    free(b);
}

static vg_peers *limit(double rate, double burst)
{
    return vg_peers_create(&(vg_peers_limits){.rate_per_s = rate, .burst = burst, .bad_max = 1});
}

static void *open_broker(vg_core *c, void *ctx, const vg_link *l, vg_str secret,
                         const char **ret_problem)
{
    vg_mqtt *all = ctx;
    broker *b = vg_alloc(sizeof *b);
    b->all = all;
    b->core = c;
    b->label = l->label;
    memcpy(b->link, l->id, sizeof b->link);
    b->kept = vg_arena_create(1 << 20);
    b->a = vg_arena_create(ARENA_BYTES);
    b->memory = mqtt_memory_create(all->key);
    b->topics = limit(TOPIC_RATE, 4 * TOPIC_RATE);
    b->lives = limit(0.2, 1);
    b->strangers = limit(1.0 / 60, 1);
    b->batch = (vg_signals){.v = b->v, .done = on_done, .ctx = b};
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->back, NULL);
    *ret_problem = "link.options";
    if (!read_options(b, l) || !make_client(b, l, secret)) {
        close_broker(b);
        return NULL;
    }
    return b;
}

// --- all of them --------------------------------------------------------------------------------
static const vg_follow_kind KIND = {"mqtt", open_broker, run, close_broker};

vg_status vg_mqtt_start(vg_core *core, vg_mqtt **ret, vg_err *err)
{
    vg_mqtt *m = vg_alloc(sizeof *m);
    m->core = core;
    vg_core_key(core, "ingest.mqtt", m->key);
    mosquitto_lib_init();
    const vg_status s = vg_follow_start(core, &KIND, m, &m->follow, err);
    if (s != VG_OK) {
        mosquitto_lib_cleanup();
        free(m);
        return s;
    }
    *ret = m;
    return VG_OK;
}

void vg_mqtt_stop(vg_mqtt *m)
{
    if (m) {
        vg_follow_stop(m->follow);
        mosquitto_lib_cleanup();
        free(m);
    }
}
