// SPDX-License-Identifier: Apache-2.0
// Opening and closing a data directory, and the pools of reader connections. DATA holds: lock, node.key
// (0600: every other key derives from it), vonggac.db (+ WAL), vonggac.ini, control.sock, tls/ (certificates only: their keys
// are in the vault).
#include "core/core_impl.h"

#include "base/clock.h"
#include "core/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PREPARE_MAX = 64 << 10 };

static vg_status sys(vg_err *err, const char *what)
{
    const vg_status s = errno == ENOSPC ? VG_EFULL : errno == ENOENT ? VG_ENOTFOUND : VG_EIO;
    return vg_fail(err, s, "data", NULL, "%s: %s", what, strerror(errno));
}

// --- keys ---------------------------------------------------------------------------------------
static void key_path(const char *dir, char out[440])
{
    snprintf(out, 440, "%s/node.key", dir);
}

static vg_status write_key(const char *dir, vg_err *err)
{
    unsigned char key[VG_SECRET_BYTES];
    randombytes_buf(key, sizeof key);
    const vg_status st = vg_node_key_write(dir, key, NULL, err);
    sodium_memzero(key, sizeof key);
    return st;
}

void vg_key_derive(const unsigned char node_key[32], const char *purpose, unsigned char out[32])
{
    crypto_generichash(out, 32, (const unsigned char *)purpose, strlen(purpose), node_key, 32);
}

// --- create and open ----------------------------------------------------------------------------
vg_status vg_core_create(const char *dir, vg_err *err)
{
    char path[440];
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        return sys(err, dir);
    }
    key_path(dir, path);
    if (access(path, F_OK) == 0) {
        return vg_fail(err, VG_ECONFLICT, "data", "err.data_exists", "%s", dir);
    }
    VG_TRY(write_key(dir, err));
    vg_core *c;
    VG_TRY(vg_core_open(dir, &c, err));
    vg_core_close(c);
    return VG_OK;
}

static vg_status lock_data(const char *dir, int *ret_fd, vg_err *err)
{
    char path[440];
    key_path(dir, path);
    if (access(path, F_OK) != 0) {
        return vg_fail(err, VG_ENOTFOUND, "data", "err.no_data", "%s", dir);
    }
    snprintf(path, sizeof path, "%s/lock", dir);
    *ret_fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (*ret_fd < 0) {
        return sys(err, path);
    }
    if (flock(*ret_fd, LOCK_EX | LOCK_NB) != 0) {
        return vg_fail(err, VG_ECONFLICT, "data", "err.data_in_use", "%s", dir);
    }
    return VG_OK;
}

vg_status vg_core_settle(const char *dir, vg_err *err)
{
    int fd = -1;
    vg_status s = lock_data(dir, &fd, err);
    s = s == VG_OK ? vg_rotation_settle(dir, err) : s == VG_ECONFLICT ? VG_OK : s;
    if (fd >= 0) {
        close(fd);
    }
    return s;
}

vg_status vg_core_migrate(vg_db *db, vg_err *err)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        VG_TRY(vg_migrate(db, m->name, m->sql, err));
    }
    return VG_OK;
}

static vg_status open_objects(vg_core *c, vg_err *err)
{
    char dir[440];
    unsigned char key[32];
    const vg_objects_limits max = {
        .bytes = vg_conf_i64(c->conf, "objects.max_mb", 0) << 20,
        .count = vg_conf_i64(c->conf, "objects.max_count", 0),
    };
    snprintf(dir, sizeof dir, "%s/objects", c->dir);
    vg_core_key(c, "objects", key);
    const vg_status st = vg_objects_open(dir, key, &max, &c->objects, err);
    sodium_memzero(key, sizeof key);
    return st;
}

// It is no earlier than the last thing that was written down: an event, an answer, a sign of life of a device.
static vg_status know_the_time(vg_core *c, vg_err *err)
{
    int64_t us = 0;
    VG_TRY(vg_one_i64(c->db,
                      "SELECT max(COALESCE((SELECT max(at) FROM command), 0),"
                      " COALESCE((SELECT max(last_seen) FROM source_seen), 0))",
                      VG_NOVALS, 0, &us, err));
    const int64_t recorded_us = vg_journal_latest(c->journal);
    vg_labels_publish(c->labels, us > recorded_us ? us : recorded_us);
    return VG_OK;
}

static vg_status open_parts(vg_core *c, vg_err *err)
{
    char path[440];
    unsigned char seed[32];
    VG_TRY(lock_data(c->dir, &c->lock_fd, err));
    VG_TRY(vg_rotation_settle(c->dir, err));
    VG_TRY(vg_node_key_read(c->dir, c->node_key, err));
    snprintf(path, sizeof path, "%s/vonggac.ini", c->dir);
    VG_TRY(vg_conf_load(path, &c->conf, err));
    VG_TRY(vg_db_open(c->db_path, VG_DB_WRITER, &c->db, err));
    vg_core_key(c, "seal", seed);
    VG_TRY(vg_journal_open(c->db, seed, &c->journal, err));
    sodium_memzero(seed, sizeof seed);
    VG_TRY(vg_core_migrate(c->db, err));
    VG_TRY(vg_seal_key_fits(c, err));
    VG_TRY(vg_keys_load(c, err));
    VG_TRY(vg_labels_load(c->db, &c->labels, err));
    VG_TRY(know_the_time(c, err));
    c->reg = vg_register_create();
    VG_TRY(open_objects(c, err));
    return vg_scribe_init(c, err);
}

vg_status vg_core_open(const char *dir, vg_core **ret, vg_err *err)
{
    vg_core *c = vg_alloc(sizeof *c);
    pthread_condattr_t attr;
    c->lock_fd = -1;
    snprintf(c->dir, sizeof c->dir, "%s", dir);
    snprintf(c->db_path, sizeof c->db_path, "%s/vonggac.db", dir);
    pthread_mutex_init(&c->pool_lock, NULL);
    pthread_mutex_init(&c->commit_lock, NULL);
    pthread_mutex_init(&c->listen_lock, NULL);
    pthread_mutex_init(&c->health_lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&c->commit_cond, &attr);
    pthread_cond_init(&c->pool_cond, &attr);
    pthread_condattr_destroy(&attr);
    const vg_status s =
        sodium_init() < 0 ? vg_fail(err, VG_EINTERNAL, "", NULL, "libsodium") : open_parts(c, err);
    if (s != VG_OK) {
        vg_core_close(c);
        return s;
    }
    *ret = c;
    return VG_OK;
}

// --- start and stop -----------------------------------------------------------------------------
static vg_status start_modules(vg_core *c, vg_err *err)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)) && i < MAX_STATES; i++) {
        if (m->start) {
            VG_TRY(m->start(c, &c->states[i], err));
        }
    }
    return VG_OK;
}

static void close_modules(vg_core *c)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)) && i < MAX_STATES; i++) {
        if (m->close && c->states[i]) {
            m->close(c->states[i]);
            c->states[i] = NULL;
        }
    }
}

void *vg_core_state(vg_core *c, const char *module)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)) && i < MAX_STATES; i++) {
        if (strcmp(m->name, module) == 0) {
            return c->states[i];
        }
    }
    return NULL;
}

static void set_ready(vg_core *c, bool ready)
{
    pthread_mutex_lock(&c->health_lock);
    c->health.ready = ready;
    pthread_mutex_unlock(&c->health_lock);
}

// What a standalone node took in must not come to lie behind the open lines of a federated one. A label stays for ever,
// and so does what the journal holds under it.
static vg_status profile_fits(vg_core *c, vg_err *err)
{
    vg_label l;
    int64_t secret = 0;
    if (strcmp(vg_conf_get(c->conf, "node.profile", "federated"), "standalone") == 0) {
        return VG_OK;
    }
    for (size_t i = 0; i < vg_labels_count(c->labels); i++) {
        secret += vg_label_get(c->labels, (int32_t)i, &l) && l.secrecy > VG_S_NORMAL;
    }
    return secret ? vg_fail(err, VG_ECONFLICT, "node.profile", "core.profile_secret", "%lld",
                            (long long)secret)
                  : VG_OK;
}

vg_status vg_core_start(vg_core *c, vg_err *err)
{
    VG_TRY(profile_fits(c, err));
    VG_TRY(vg_scribe_start(c, err));
    const int e = pthread_create(&c->upkeep, NULL, vg_upkeep_main, c);
    if (e) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "thread: %s", strerror(e));
    }
    c->upkeep_running = true;
    VG_TRY(start_modules(c, err));
    VG_TRY(vg_control_start(c, err));
    set_ready(c, true);
    return VG_OK;
}

void vg_core_stop(vg_core *c)
{
    c->stopping = true;
    set_ready(c, false);
    pthread_mutex_lock(&c->commit_lock);
    pthread_cond_broadcast(&c->commit_cond);
    pthread_mutex_unlock(&c->commit_lock);
    vg_control_stop(c);
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)) && i < MAX_STATES; i++) {
        if (m->stop && c->states[i]) {
            m->stop(c->states[i]);
            c->states[i] = NULL;
        }
    }
    vg_scribe_stop(c);
    if (c->upkeep_running) {
        pthread_join(c->upkeep, NULL);
        c->upkeep_running = false;
    }
}

void vg_core_close(vg_core *c)
{
    if (!c) {
        return;
    }
    if (c->scribe.running || c->control || c->upkeep_running) {
        vg_core_stop(c);
    }
    for (size_t i = 0; i < c->n_scoped; i++) {
        vg_db_close(c->scoped[i]);
    }
    for (size_t i = 0; i < c->n_inner; i++) {
        vg_db_close(c->inner[i]);
    }
    vg_scribe_done(c);
    close_modules(c);
    vg_register_destroy(c->reg);
    vg_objects_close(c->objects);
    vg_labels_destroy(c->labels);
    vg_journal_close(c->journal);
    vg_search_close(c->search);
    vg_db_close(c->db);
    vg_conf_destroy(c->conf);
    if (c->lock_fd >= 0) {
        close(c->lock_fd);
    }
    pthread_cond_destroy(&c->commit_cond);
    pthread_cond_destroy(&c->pool_cond);
    pthread_mutex_destroy(&c->commit_lock);
    pthread_mutex_destroy(&c->pool_lock);
    pthread_mutex_destroy(&c->listen_lock);
    pthread_mutex_destroy(&c->health_lock);
    sodium_memzero(c, sizeof *c);
    free(c);
}

// --- small answers ------------------------------------------------------------------------------
const char *vg_core_dir(const vg_core *c)
{
    return c->dir;
}

const char *vg_core_db_path(const vg_core *c)
{
    return c->db_path;
}

const vg_conf *vg_core_conf(const vg_core *c)
{
    return c->conf;
}

vg_scribe *vg_core_scribe(vg_core *c)
{
    return &c->scribe;
}

vg_register *vg_core_register(vg_core *c)
{
    return c->reg;
}

vg_objects *vg_core_objects(vg_core *c)
{
    return c->objects;
}

vg_labels *vg_core_labels(vg_core *c)
{
    return c->labels;
}

int64_t vg_core_now(vg_core *c)
{
    return vg_labels_now(c->labels);
}

vg_search_index *vg_core_search(vg_core *c)
{
    return c->search;
}

bool vg_core_stopping(const vg_core *c)
{
    return c->stopping;
}

const vg_principal *vg_core_system(void)
{
    static const vg_principal system = {
        .kind = VG_P_SYSTEM, .name = "system", .clearance = VG_S_TUYET_MAT};
    return &system;
}

uint64_t vg_core_wait(vg_core *c, uint64_t after, int timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += timeout_ms % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&c->commit_lock);
    while (c->commit_number == after && !c->stopping &&
           pthread_cond_timedwait(&c->commit_cond, &c->commit_lock, &until) == 0) {
    }
    const uint64_t now = c->commit_number;
    pthread_mutex_unlock(&c->commit_lock);
    return now;
}

void vg_core_on_changes(vg_core *c, void (*fn)(void *ctx, const vg_change *v, size_t n), void *ctx)
{
    pthread_mutex_lock(&c->listen_lock);
    size_t i = 0;
    while (i < c->n_listeners && c->listeners[i].ctx != ctx) {
        i++;
    }
    if (!fn && i < c->n_listeners) {
        c->listeners[i] = c->listeners[--c->n_listeners];
    } else if (fn && i == c->n_listeners && i < MAX_LISTENERS) {
        c->listeners[i].fn = fn;
        c->listeners[c->n_listeners++].ctx = ctx;
    }
    pthread_mutex_unlock(&c->listen_lock);
}

static int by_value(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void vg_core_health(vg_core *c, vg_health *ret)
{
    int64_t v[VG_LEN(c->sync_us)];
    pthread_mutex_lock(&c->health_lock);
    *ret = c->health;
    const size_t n = c->n_sync < VG_LEN(v) ? c->n_sync : VG_LEN(v);
    memcpy(v, c->sync_us, n * sizeof *v);
    pthread_mutex_unlock(&c->health_lock);
    qsort(v, n, sizeof *v, by_value);
    ret->sync_p99_us = n ? v[(n - 1) * 99 / 100] : 0;
    pthread_mutex_lock(&c->scribe.lock);
    ret->queue_depth = (int64_t)c->scribe.queued;
    ret->refused = c->scribe.refused;
    pthread_mutex_unlock(&c->scribe.lock);
    ret->stopping = c->stopping;
}

typedef struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    bool done;
} waiter;

static void on_done(vg_command_call *call)
{
    waiter *w = call->ctx;
    pthread_mutex_lock(&w->lock);
    w->done = true;
    pthread_cond_signal(&w->cond);
    pthread_mutex_unlock(&w->lock);
}

static vg_status dump(vg_arena *a, const json_t *tree, vg_str *ret, vg_err *err)
{
    const size_t n = json_dumpb(tree, NULL, 0, JSON_COMPACT);
    char *p = vg_arena_get(a, n + 1);
    if (!p) {
        return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%zu", n);
    }
    json_dumpb(tree, p, n, JSON_COMPACT);
    *ret = (vg_str){p, n};
    return VG_OK;
}

vg_status vg_command_prepare(vg_core *c, const vg_command *cmd, vg_arena *a, vg_command_call *call,
                             vg_err *err)
{
    json_t *tree;
    if (!cmd || !cmd->prepare) {
        return VG_OK;
    }
    VG_TRY(vg_json_parse(call->args, PREPARE_MAX, &tree, err));
    vg_status st = json_is_object(tree) ? cmd->prepare(c, call->who, tree, err) : VG_OK;
    st = st == VG_OK ? dump(a, tree, &call->args, err) : st;
    json_decref(tree);
    return st;
}

static void run_prepared(vg_core *c, vg_command_call *call)
{
    waiter w = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
    call->done = on_done;
    call->ctx = &w;
    if (!vg_scribe_command(&c->scribe, call)) {
        call->st = vg_fail(&call->err, VG_EUNAVAIL, "", "err.queue_full", "%s", call->name);
        return;
    }
    pthread_mutex_lock(&w.lock);
    while (!w.done) {
        pthread_cond_wait(&w.cond, &w.lock);
    }
    pthread_mutex_unlock(&w.lock);
}

void vg_core_run(vg_core *c, vg_command_call *call)
{
    const vg_command *cmd = vg_core_command(call->name);
    if (!cmd || !cmd->prepare) {
        run_prepared(c, call);
        return;
    }
    const vg_str given = call->args;
    vg_arena *a = vg_arena_create(2 * PREPARE_MAX);
    call->st = vg_command_prepare(c, cmd, a, call, &call->err);
    if (call->st == VG_OK) {
        run_prepared(c, call);
    }
    call->args = given;
    vg_arena_destroy(a);
}
