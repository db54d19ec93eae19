// SPDX-License-Identifier: Apache-2.0
// The broker of the mixed bench: a mosquitto of our own on loopback, and a publisher at QoS 1. Nobody tells a
// publisher that its message stands in another program's journal, so the journal is asked: what a second
// connection to the database sees has been synced (WAL, synchronous=FULL). Payloads are numbers; 0 is a trial.
#include "app/bench_mixed.h"

#include <errno.h>
#include <fcntl.h>
#include <mosquitto.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char PROGRAM[] = "/usr/sbin/mosquitto";

struct mixed_broker {
    pid_t pid;
    uint16_t port;
    struct mosquitto *m;
    sqlite3 *h;
    sqlite3_stmt *news;
    int64_t last, sent_us[MIXED_WAITING];  // by number
};

static void rest_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
}

static bool write_conf(const bench *b, const mixed_broker *k, char path[400])
{
    snprintf(path, 400, "%s/mosquitto.conf", b->top);
    FILE *f = fopen(path, "we");
    if (!f) {
        return false;
    }
    fprintf(f,
            "%slistener %u 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
            "max_queued_messages 0\n",
            geteuid() == 0 ? "user root\n" : "", k->port);
    return fclose(f) == 0;
}

static void become(const char *conf)
{
    const int null = open("/dev/null", O_RDWR);
    if (null >= 0) {
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
    }
    execl(PROGRAM, PROGRAM, "-c", conf, (char *)NULL);
    _exit(127);
}

static bool listens(const mixed_broker *k)
{
    for (int i = 0; i < 100; i++) {
        const int fd = bench_dial(k->port);
        if (fd >= 0) {
            close(fd);
            return true;
        }
        rest_ms(50);
    }
    return false;
}

static vg_status fail(vg_err *err, const char *what)
{
    return vg_fail(err, VG_EUNAVAIL, "", NULL, "mosquitto: %s", what);
}

vg_status mixed_broker_start(bench *b, mixed_broker **ret, vg_err *err)
{
    char conf[400];
    *ret = NULL;
    if (access(PROGRAM, X_OK) != 0) {
        return VG_OK;
    }
    mixed_broker *k = *ret = vg_alloc(sizeof *k);
    k->port = mixed_free_port();
    if (!k->port || !write_conf(b, k, conf)) {
        return fail(err, "port");
    }
    k->pid = fork();
    if (k->pid == 0) {
        become(conf);
    }
    if (k->pid < 0 || !listens(k)) {
        return fail(err, "start");
    }
    mosquitto_lib_init();
    k->m = mosquitto_new("bench", true, NULL);
    return k->m && mosquitto_max_inflight_messages_set(k->m, 0) == MOSQ_ERR_SUCCESS &&
                   mosquitto_connect(k->m, "127.0.0.1", k->port, 60) == MOSQ_ERR_SUCCESS
               ? VG_OK
               : fail(err, "connect");
}

void mixed_broker_stop(mixed_broker *k)
{
    if (!k) {
        return;
    }
    sqlite3_finalize(k->news);
    sqlite3_close(k->h);
    if (k->m) {
        mosquitto_disconnect(k->m);
        mosquitto_destroy(k->m);
        mosquitto_lib_cleanup();
    }
    if (k->pid > 0) {
        kill(k->pid, SIGTERM);
        waitpid(k->pid, NULL, 0);
    }
    free(k);
}

uint16_t mixed_broker_port(const mixed_broker *k)
{
    return k->port;
}

vg_status mixed_broker_send(mixed_broker *k, size_t device, int64_t number, vg_err *err)
{
    char topic[40], payload[24];
    snprintf(topic, sizeof topic, "mixed/%zu", device);
    const int n = snprintf(payload, sizeof payload, "%lld", (long long)number);
    k->sent_us[number % MIXED_WAITING] = vg_mono_us();
    return mosquitto_publish(k->m, NULL, topic, n, payload, 1, false) == MOSQ_ERR_SUCCESS
               ? VG_OK
               : fail(err, "publish");
}

// Rowids are log and number in it; the devices of the broker have a site, so a log, of their own.
static vg_status listen_to_journal(mixed_broker *k, const char *path, vg_err *err)
{
    static const char find[] = "SELECT max(id) FROM event WHERE kind = 'sites.signal' AND "
                               "json_extract(body, '$.proto') = 'mqtt'";
    static const char news[] =
        "SELECT id, json_extract(body, '$.text') FROM event WHERE id > ? AND "
        "id < ? AND kind = 'sites.signal' AND json_extract(body, "
        "'$.proto') = 'mqtt' ORDER BY id";
    sqlite3_stmt *st = NULL;
    if (!k->h && sqlite3_open_v2(path, &k->h, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        return fail(err, "database");
    }
    if (sqlite3_prepare_v2(k->h, find, -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW) {
        k->last = sqlite3_column_int64(st, 0);
    }
    sqlite3_finalize(st);
    return k->news || sqlite3_prepare_v2(k->h, news, -1, &k->news, NULL) == SQLITE_OK
               ? VG_OK
               : fail(err, sqlite3_errmsg(k->h));
}

static vg_status push(mixed_broker *k, vg_err *err)
{
    return mosquitto_loop(k->m, 0, 8) == MOSQ_ERR_SUCCESS ? VG_OK : fail(err, "line");
}

vg_status mixed_broker_meet(mixed_broker *k, const char *path, vg_err *err)
{
    for (int i = 0; i < 200 && !k->last; i++) {
        VG_TRY(mixed_broker_send(k, 0, 0, err));
        for (int j = 0; j < 5; j++) {
            VG_TRY(push(k, err));
            rest_ms(20);
        }
        VG_TRY(listen_to_journal(k, path, err));
    }
    rest_ms(500);  // the last trials
    VG_TRY(listen_to_journal(k, path, err));
    return k->last ? VG_OK : fail(err, "the node does not subscribe");
}

vg_status mixed_broker_turn(mixed_broker *k, bench_sample *latency_us, int64_t *ret_done,
                            vg_err *err)
{
    VG_TRY(push(k, err));
    sqlite3_bind_int64(k->news, 1, k->last);
    sqlite3_bind_int64(k->news, 2, ((k->last >> VG_SEQ_BITS) + 1) << VG_SEQ_BITS);
    while (sqlite3_step(k->news) == SQLITE_ROW) {
        const int64_t number = sqlite3_column_int64(k->news, 1);
        k->last = sqlite3_column_int64(k->news, 0);
        if (number > 0) {
            bench_add(latency_us, vg_mono_us() - k->sent_us[number % MIXED_WAITING]);
            ++*ret_done;
        }
    }
    sqlite3_reset(k->news);
    return VG_OK;
}
