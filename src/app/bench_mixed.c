// SPDX-License-Identifier: Apache-2.0
// Every port at once: a node with its real edges (DC-09 over TCP and UDP, the HTTP devices, the broker's client) and
// the API's webhook takes --rate signals a second, each port its share, and answers each when it is on disk. Beside
// it a thread writes and syncs, as long as the load lasts: the disk's own time under that load is the floor. At
// the end the journal is counted: nothing lost that was answered, nothing twice.
#include "app/bench_mixed.h"

#include "app/edge.h"
#include "app/webhook_route.h"
#include "ingest/dc09/encode.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

// All devices of the bench have one address, and a limit of each address is not what is measured.
static const char INI[] =
    "[dc09]\npeer_rate = 1000000\nsource_rate = 1000\nper_peer = 1000\n[device]\n"
    "peer_rate = 1000000\nper_peer = 1000\n";
static const char KEY_HEX[] = "0102030405060708090a0b0c0d0e0f10";
enum { TCP_LINES = 256, UDP_LINES = 64, GOAL_MS = 50, SYNC_EVERY_MS = 20 };

typedef struct served {  // what listens
    vg_http *http;
    vg_webhook_route *webhook;
    void *dc09, *device, *mqtt;
} served;

// --- the node's furniture -------------------------------------------------------------------------
static vg_status add_source(mixed *m, const mixed_kind *g, const char *site, mixed_line *l,
                            vg_err *err)
{
    char args[400];
    snprintf(args, sizeof args,
             "{\"site\":\"%s\",\"name\":\"%s\",\"proto\":\"%s\",\"address\":\"%s\","
             "\"rate_per_s\":1000,\"key\":\"%s\"}",
             site, l->address, g->proto, l->address, KEY_HEX);
    VG_TRY(bench_run(m->node.core, "sites.source_add", args, NULL, err));
    vg_register *reg = vg_core_register(m->node.core);
    const vg_register_snap *snap = vg_register_acquire(reg);
    const vg_source *s = vg_register_find(snap, g->proto, l->address);
    if (s) {
        (void)vg_source_token(s, l->token);
    }
    vg_register_release(reg, snap);
    return VG_OK;
}

static void name_it(mixed_port port, size_t i, char out[40])
{
    static const char *const form[] = {
        [MIXED_TCP] = "%zu",        [MIXED_UDP] = "%zu",
        [MIXED_WEBHOOK] = "w%zu",   [MIXED_HIKVISION] = "02:00:5e:10:00:%02zx",
        [MIXED_ZKTECO] = "ZK%06zu", [MIXED_MQTT] = "mixed/%zu"};
    const size_t panel = 1000 + i + (port == MIXED_UDP ? TCP_LINES : 0);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(out, 40, form[port], port <= MIXED_UDP ? panel : i);
#pragma GCC diagnostic pop
}

static vg_status furnish(mixed *m, vg_err *err)
{
    char args[200], own[VG_ID_TEXT];
    snprintf(args, sizeof args,
             "{\"code\":\"M\",\"name\":\"M\",\"kind\":\"state_bank\",\"agency\":\"%s\"}",
             m->node.agency);
    VG_TRY(bench_run(m->node.core, "sites.site_add", args, own, err));
    for (size_t k = 0; k < MIXED_PORTS; k++) {
        mixed_kind *g = &m->kind[k];
        g->v = vg_alloc((g->lines + 1) * sizeof *g->v);
        for (size_t i = 0; i < g->lines; i++) {
            mixed_line *l = &g->v[i];
            l->port = (mixed_port)k;
            name_it(l->port, i, l->address);
            const char *site = k == MIXED_MQTT ? own : m->node.site[i % VG_LEN(m->node.site)];
            VG_TRY(k <= MIXED_UDP ? VG_OK : add_source(m, g, site, l, err));
        }
    }
    if (!m->broker) {
        return VG_OK;
    }
    char link[600];
    snprintf(link, sizeof link,
             "{\"kind\":\"mqtt\",\"name\":\"b\",\"site\":\"%s\",\"address\":\"127.0.0.1:%u\","
             "\"options\":{\"map\":\"generic\",\"scope\":\"mixed\",\"rules\":[{\"topic\":\"mixed/"
             "+\",\"device\":2,\"is\":\"any\",\"verb\":\"other\",\"kind\":\"door_opened\"}]}}",
             own, mixed_broker_port(m->broker));
    return bench_run(m->node.core, "links.add", link, NULL, err);
}

static vg_status serve(mixed *m, served *s, vg_err *err)
{
    char at[40];
    m->at[MIXED_TCP] = m->at[MIXED_UDP] = mixed_free_port();
    snprintf(at, sizeof at, "127.0.0.1:%u", m->at[MIXED_TCP]);
    VG_TRY(vg_edge_dc09.start(m->node.core, at, &s->dc09, err));
    VG_TRY(vg_edge_device.start(m->node.core, "127.0.0.1:0", &s->device, err));
    VG_TRY(vg_edge_mqtt.start(m->node.core, NULL, &s->mqtt, err));
    s->webhook = vg_webhook_route_create(m->node.core);
    const vg_http_opts opts = {.http_address = "127.0.0.1:0",
                               .raw = vg_webhook_routes(s->webhook),
                               .name = "bench",
                               .profile = "federated"};
    VG_TRY(vg_http_start(m->node.core, &opts, &s->http, err));
    m->at[MIXED_WEBHOOK] = vg_http_port(s->http, false);
    m->at[MIXED_HIKVISION] = m->at[MIXED_ZKTECO] = vg_edge_device.port(s->device);
    return VG_OK;
}

static void stop(served *s)
{
    if (s->mqtt) {
        vg_edge_mqtt.stop(s->mqtt);
    }
    if (s->device) {
        vg_edge_device.stop(s->device);
    }
    if (s->dc09) {
        vg_edge_dc09.stop(s->dc09);
    }
    vg_http_stop(s->http);
    vg_webhook_route_destroy(s->webhook);
}

// --- the disk beside it ---------------------------------------------------------------------------
typedef struct disk {
    char path[400];
    pthread_t thread;
    _Atomic bool stop;
    bench_sample took_us;
} disk;

static void *write_and_sync(void *ctx)
{
    disk *d = ctx;
    char block[4096];
    memset(block, 'x', sizeof block);
    const int fd = open(d->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    while (fd >= 0 && !d->stop) {
        const int64_t t = vg_mono_us();
        if (write(fd, block, sizeof block) != (ssize_t)sizeof block || fdatasync(fd) != 0) {
            break;
        }
        bench_add(&d->took_us, vg_mono_us() - t);
        nanosleep(&(struct timespec){.tv_nsec = SYNC_EVERY_MS * 1000000L}, NULL);
    }
    if (fd >= 0) {
        close(fd);
    }
    return NULL;
}

static vg_status drive(mixed *m, disk *d, vg_err *err)
{
    snprintf(d->path, sizeof d->path, "%s/beside", m->b->top);
    if (pthread_create(&d->thread, NULL, write_and_sync, d) != 0) {
        return vg_fail(err, VG_EUNAVAIL, "", NULL, "%s", "thread");
    }
    const vg_status s = mixed_drive(m, err);
    d->stop = true;
    pthread_join(d->thread, NULL);
    unlink(d->path);
    return s;
}

// --- counting -------------------------------------------------------------------------------------
// A report is known by its text (number) or its own time; the broker's trials (0) do not count.
static vg_status count(const char *path, int64_t *ret_all, int64_t *ret_distinct, vg_err *err)
{
    static const char sql[] =
        "SELECT count(*), count(DISTINCT p || ' ' || CASE WHEN p IN ('hikvision', 'zkteco') THEN "
        "at "
        "ELSE t END) FROM (SELECT json_extract(body, '$.proto') AS p, json_extract(body, '$.text') "
        "AS t, captured AS at FROM event WHERE kind = 'sites.signal') WHERE t IS NOT '0'";
    sqlite3 *h = NULL;
    sqlite3_stmt *st = NULL;
    const bool ok = sqlite3_open_v2(path, &h, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
                    sqlite3_prepare_v2(h, sql, -1, &st, NULL) == SQLITE_OK &&
                    sqlite3_step(st) == SQLITE_ROW;
    *ret_all = ok ? sqlite3_column_int64(st, 0) : 0;
    *ret_distinct = ok ? sqlite3_column_int64(st, 1) : 0;
    const vg_status s =
        ok ? VG_OK : vg_fail(err, VG_EINTERNAL, "", NULL, "count: %s", sqlite3_errmsg(h));
    sqlite3_finalize(st);
    sqlite3_close(h);
    return s;
}

static void note_port(bench *b, mixed_kind *g, disk *d)
{
    char name[40];
    const double p50 = (double)bench_at(&d->took_us, 0.5) / 1000;
    const double p99 = (double)bench_at(&d->took_us, 0.99) / 1000;
    snprintf(name, sizeof name, "mixed.%s.p50", g->name);
    bench_row r = {name, "ms", (double)bench_at(&g->latency_us, 0.5) / 1000, .floor = p50};
    snprintf(r.note, sizeof r.note, "%lld sent, %lld answered, %lld again, at most %.0f ms late",
             (long long)g->sent, (long long)g->done, (long long)g->again,
             (double)g->late_us / 1000);
    bench_note(b, &r);
    snprintf(name, sizeof name, "mixed.%s.p99", g->name);
    bench_note(b, &(bench_row){name, "ms", (double)bench_at(&g->latency_us, 0.99) / 1000,
                               .floor = p99, .goal = GOAL_MS, .kind = BENCH_ABOVE});
}

static vg_status note_all(mixed *m, disk *d, vg_err *err)
{
    char path[440];
    int64_t sent = 0, done = 0, all, distinct;
    for (size_t k = 0; k < MIXED_PORTS; k++) {
        sent += m->kind[k].sent;
        done += m->kind[k].done;
    }
    snprintf(path, sizeof path, "%s/vonggac.db", m->node.dir);
    VG_TRY(count(path, &all, &distinct, err));
    bench_row r = {"mixed.rate", "/s", (double)done * 1e6 / (double)m->took_us};
    snprintf(r.note, sizeof r.note, "offered %lld/s for %lld s", (long long)m->b->rate,
             (long long)m->b->seconds);
    bench_note(m->b, &r);
    for (size_t k = 0; k < MIXED_PORTS; k++) {
        if (m->kind[k].lines) {
            note_port(m->b, &m->kind[k], d);
        }
    }
    bench_row lost = {"mixed.lost", "", (double)(sent - distinct), .kind = BENCH_MOST};
    snprintf(lost.note, sizeof lost.note, "%lld sent, %lld answered, %lld in the journal",
             (long long)sent, (long long)done, (long long)all);
    bench_note(m->b, &lost);
    bench_note(m->b, &(bench_row){"mixed.twice", "", (double)(all - distinct), .kind = BENCH_MOST,
                                  .note = "must be 0, as the lost"});
    return VG_OK;
}

// --- all of it ------------------------------------------------------------------------------------
static vg_status run(mixed *m, served *s, disk *d, vg_err *err)
{
    char path[440];
    snprintf(path, sizeof path, "%s/vonggac.db", m->node.dir);
    VG_TRY(furnish(m, err));
    VG_TRY(serve(m, s, err));
    VG_TRY(mixed_dial(m, err));
    VG_TRY(m->broker ? mixed_broker_meet(m->broker, path, err) : VG_OK);
    return drive(m, d, err);
}

static void shares(mixed *m)
{
    static const mixed_kind given[] = {
        {"dc09_tcp", "dc09", TCP_LINES, 52}, {"dc09_udp", "dc09", UDP_LINES, 20},
        {"webhook", "webhook", 32, 10},      {"hikvision", "hikvision", 32, 6},
        {"zkteco", "zkteco", 32, 6},         {"mqtt", "mqtt", 32, 6}};
    memcpy(m->kind, given, sizeof given);
    if (!m->broker) {
        m->kind[MIXED_TCP].share += m->kind[MIXED_MQTT].share;
        m->kind[MIXED_MQTT].lines = 0;
        m->kind[MIXED_MQTT].share = 0;
    }
}

vg_status bench_mixed(bench *b, vg_err *err)
{
    mixed m = {.b = b, .ep = epoll_create1(EPOLL_CLOEXEC), .crypt = vg_dc09_crypt_create()};
    served s = {0};
    disk d = {0};
    b->ini = INI;
    vg_status st = mixed_broker_start(b, &m.broker, err);
    shares(&m);
    if (st == VG_OK) {
        st = bench_node_make(b, "mixed", TCP_LINES + UDP_LINES, &m.node, err);
    }
    b->ini = NULL;
    if (st == VG_OK) {
        st = run(&m, &s, &d, err);
        stop(&s);
        bench_node_done(&m.node);
    }
    st = st == VG_OK ? note_all(&m, &d, err) : st;
    mixed_hang_up(&m);
    mixed_broker_stop(m.broker);
    bench_sample_done(&d.took_us);
    vg_dc09_crypt_destroy(m.crypt);
    close(m.ep);
    return st;
}
