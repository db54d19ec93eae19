// SPDX-License-Identifier: Apache-2.0
// One thread, of normal priority, owns the queue, asks the store, has the password hashed (core/pwhash.h: one at a time, giving
// way to the rest of the node) and answers. An unknown name costs the same hash as a known one.
//
// Whoever has a second factor says name, password and code in one request: nothing is remembered between two steps, and
// there is no session before all is right. That a code is wanted is told only after a right password, which then
// counts neither as a failure nor as a success.
//
// Failures are counted per (name, address): a stranger elsewhere cannot lock an officer out of his desk.
// When failures come in numbers from everywhere, attempts by pairs that never succeeded are put off by a second
// and pairs that did go first. One address has few places in the queue but for pairs that succeeded before, is not served
// twice in a row while another waits, and in a full queue gives up its place to one with fewer. Counts live in memory, in
// two tables of fixed size: who succeeded, who failed. Names made up by the thousand push out one another, but neither
// those who succeeded nor, while it lasts, anybody's wait. Deliberately absent: any permanent lock.
#include "http/login.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/wake.h"
#include "core/pwhash.h"

#include <pthread.h>
#include <sodium.h>

enum {
    QUEUE_MAX = 256,    // a shift that logs in at once; at most a quarter of a minute for the last
    PEER_MAX = 16,      // of them from one address, by pairs that never succeeded
    AGED_US = 2000000,  // who has waited so long is not passed by any more
    PAIR_WAYS = 8,
    PAIRS = 4096,
    FREE_TRIES = 5,
    MAX_WAIT_S = 300,
    FORGET_S = 3600,
    STORM_PER_MIN = 30,
    STORM_DELAY_US = 1000000
};

typedef struct pair {
    uint64_t key;  // 0 = empty
    int64_t last_us, until_us;
    int failures;
} pair;

struct http_login {
    http_login_source source;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool stop;
    http_login_job *queue;
    size_t queued;
    char served[48];           // the address of the last job
    pair *failed, *succeeded;  // tables of PAIRS
    int64_t minute;            // of recent
    int recent;                // failures in this minute
    uint64_t counts[HTTP_LOGIN_COUNTS];
    char dummy[crypto_pwhash_STRBYTES];
};

// --- who must wait ------------------------------------------------------------------------------
static uint64_t pair_key(const char *login, const char *peer)
{
    unsigned char h[VG_HASH_BYTES];
    char text[128];
    const int n = snprintf(text, sizeof text, "%s\n%s", login, peer);
    for (int i = 0; i < n; i++) {  // "ADMIN" is no new name
        text[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]);
    }
    vg_hash(text, (size_t)n, h);
    uint64_t k;
    memcpy(&k, h, sizeof k);
    return k ? k : 1;
}

static pair *pair_find(pair *table, uint64_t key)
{
    for (size_t i = 0; i < PAIR_WAYS; i++) {
        pair *p = &table[(key + i) % PAIRS];
        if (p->key == key) {
            return p;
        }
    }
    return NULL;
}

// The pair's place: found, or one of eight neighbours; of those first one that does not wait, then the one used longest
// ago.
static pair *pair_at(pair *table, uint64_t key, int64_t now)
{
    pair *found = pair_find(table, key), *worst = NULL;
    for (size_t i = 0; !found && i < PAIR_WAYS; i++) {
        pair *p = &table[(key + i) % PAIRS];
        const bool waits = p->until_us > now, worst_waits = worst && worst->until_us > now;
        if (!worst || (waits == worst_waits ? p->last_us < worst->last_us : worst_waits)) {
            worst = p;
        }
    }
    if (!found) {
        *worst = (pair){.key = key};
    }
    return found ? found : worst;
}

int http_login_wait_s(http_login *l, const char *login, const char *peer)
{
    const int64_t now = vg_mono_us();
    pthread_mutex_lock(&l->lock);
    const pair *p = pair_find(l->failed, pair_key(login, peer));
    const int64_t left = p ? p->until_us - now : 0;
    l->counts[HTTP_LOGIN_MUST_WAIT] += left > 0;
    pthread_mutex_unlock(&l->lock);
    return left > 0 ? (int)((left + VG_SECOND_US - 1) / VG_SECOND_US) : 0;
}

static void note_failure(pair *p, int64_t now)
{
    p->failures = now - p->last_us > FORGET_S * VG_SECOND_US ? 1 : p->failures + 1;
    const int over = p->failures - FREE_TRIES;
    if (over >= 0) {
        const int64_t s = over < 8 ? INT64_C(2) << over : MAX_WAIT_S;
        p->until_us = now + s * VG_SECOND_US;
    }
}

static void note_outcome(http_login *l, const char *login, const char *peer, bool ok)
{
    const int64_t now = vg_mono_us();
    pthread_mutex_lock(&l->lock);
    const uint64_t key = pair_key(login, peer);
    pair *p = ok ? pair_find(l->failed, key) : pair_at(l->failed, key, now);
    l->counts[ok ? HTTP_LOGIN_TAKEN : HTTP_LOGIN_WRONG]++;
    if (ok) {
        pair_at(l->succeeded, key, now)->last_us = now;
        if (p) {
            *p = (pair){0};
        }
    } else {
        note_failure(p, now);
        p->last_us = now;
        l->recent++;
    }
    pthread_mutex_unlock(&l->lock);
}

void http_login_failed(http_login *l, const char *login, const char *peer)
{
    note_outcome(l, login, peer, false);
}

// --- the login thread ---------------------------------------------------------------------------
static vg_status second_step(http_login *l, http_login_job *j, const vg_principal *who)
{
    if (!who->factor) {
        return VG_OK;
    }
    return j->code[0] ? l->source.second(l->source.ctx, who->user, j->code, &j->err)
                      : vg_fail(&j->err, VG_EAUTH, "code", "http.err.login_code", "%s", "");
}

// Both steps, and what is to be remembered of them.
static void judge(http_login *l, http_login_job *j, const vg_principal *who, bool good)
{
    j->st =
        good ? second_step(l, j, who) : vg_fail(&j->err, VG_EAUTH, "", "http.err.login", "%s", "");
    const bool wrong = !good || (j->st == VG_EAUTH && j->code[0]);
    if (j->st == VG_OK || wrong) {
        note_outcome(l, j->login, j->peer, !wrong);
        l->source.note(l->source.ctx, j, who->user, !wrong);
    }
}

static void run_job(http_login *l, http_login_job *j)
{
    char hash[128] = "";
    vg_principal who = {0};
    vg_err err = {0};
    const vg_status st = l->source.user(l->source.ctx, j->login, &who, hash, &err);
    const bool missing = st == VG_ENOTFOUND || st == VG_EDENIED || st == VG_EAUTH;
    if (st != VG_OK && !missing) {
        j->st = st;
        j->err = err;
    } else {
        hash[sizeof hash - 1] = '\0';
        const bool known = st == VG_OK && hash[0];
        const vg_str password = {j->password, j->password_n};
        const bool good = vg_pwhash_is(known ? hash : l->dummy, password) && known;
        if (st != VG_OK) {
            who.user[0] = '\0';
        }
        judge(l, j, &who, good);
    }
    sodium_memzero(hash, sizeof hash);
    sodium_memzero(j->password, sizeof j->password);
    sodium_memzero(j->code, sizeof j->code);
    if (j->st == VG_OK) {
        j->who = who;
    } else {
        vg_principal_done(&who);
    }
    j->done(j);
}

// How well a job's turn has come: an address other than the last one's, then pairs that succeeded before.
static int turn(const http_login *l, const http_login_job *j, int64_t now)
{
    const bool other = strcmp(j->peer, l->served) != 0;
    return 2 * other + (j->trusted || now - j->since_us > AGED_US);
}

static http_login_job *pick(http_login *l, int64_t now)
{
    http_login_job **best = NULL;
    for (http_login_job **at = &l->queue; *at; at = &(*at)->next) {
        if ((*at)->not_before_us <= now && (!best || turn(l, *at, now) > turn(l, *best, now))) {
            best = at;
        }
    }
    if (!best) {
        return NULL;
    }
    http_login_job *j = *best;
    *best = j->next;
    l->queued--;
    snprintf(l->served, sizeof l->served, "%s", j->peer);
    return j;
}

static void wait_a_little(http_login *l)
{
    if (l->queue) {
        vg_wake_wait(&l->wake, &l->lock, 50);
    } else {
        pthread_cond_wait(&l->wake, &l->lock);
    }
}

static void give_up(http_login_job *j, const char *why)
{
    sodium_memzero(j->password, sizeof j->password);
    sodium_memzero(j->code, sizeof j->code);
    j->st = vg_fail(&j->err, VG_EUNAVAIL, "", why, "%s", "");
    j->done(j);
}

static void *login_run(void *arg)
{
    http_login *l = arg;
    pthread_mutex_lock(&l->lock);
    while (!l->stop) {
        http_login_job *j = pick(l, vg_mono_us());
        if (!j) {
            wait_a_little(l);
            continue;
        }
        pthread_mutex_unlock(&l->lock);
        run_job(l, j);
        pthread_mutex_lock(&l->lock);
    }
    while (l->queue) {
        http_login_job *j = l->queue;
        l->queue = j->next;
        give_up(j, "http.err.stopping");
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

static size_t places_of(const http_login *l, const char *peer, bool strangers_only)
{
    size_t n = 0;
    for (const http_login_job *j = l->queue; j; j = j->next) {
        n += !(strangers_only && j->trusted) && strcmp(j->peer, peer) == 0;
    }
    return n;
}

// The newest job of the address with most of them.
static http_login_job **of_the_greediest(http_login *l, size_t *ret_n)
{
    http_login_job **most = NULL;
    *ret_n = 0;
    for (http_login_job **at = &l->queue; *at; at = &(*at)->next) {
        const size_t n = places_of(l, (*at)->peer, false);
        if (n >= *ret_n) {
            most = at;
            *ret_n = n;
        }
    }
    return most;
}

// Room for a job: its own, or in a full queue that of an address with more of them, whose job is taken out.
static bool room_for(http_login *l, const http_login_job *job, http_login_job **ret_out)
{
    size_t theirs;
    if (l->stop || (!job->trusted && places_of(l, job->peer, true) >= PEER_MAX)) {
        return false;
    }
    if (l->queued < QUEUE_MAX) {
        return true;
    }
    http_login_job **at = of_the_greediest(l, &theirs);
    if (!at || theirs <= places_of(l, job->peer, false) + 1) {
        return false;
    }
    *ret_out = *at;
    *at = (*at)->next;
    l->queued--;
    return true;
}

static void enqueue(http_login *l, http_login_job *job, int64_t now)
{
    http_login_job **end = &l->queue;
    if (now / (60 * VG_SECOND_US) != l->minute) {
        l->minute = now / (60 * VG_SECOND_US);
        l->recent = 0;
    }
    job->not_before_us = !job->trusted && l->recent > STORM_PER_MIN ? now + STORM_DELAY_US : 0;
    job->since_us = now;
    job->next = NULL;
    while (*end) {
        end = &(*end)->next;
    }
    *end = job;
    l->queued++;
    pthread_cond_signal(&l->wake);
}

bool http_login_submit(http_login *l, http_login_job *job, void (*suspend)(void *ctx))
{
    http_login_job *out = NULL;
    const uint64_t key = pair_key(job->login, job->peer);
    pthread_mutex_lock(&l->lock);
    job->trusted = pair_find(l->succeeded, key) != NULL;
    const bool room = room_for(l, job, &out);
    l->counts[HTTP_LOGIN_FULL] += !room || out;
    if (room) {
        suspend(job->ctx);
        enqueue(l, job, vg_mono_us());
    }
    pthread_mutex_unlock(&l->lock);
    if (out) {
        give_up(out, "http.err.busy");
    }
    return room;
}

void http_login_metrics(http_login *l, vg_buf *out)
{
    static const char *const what[] = {"taken", "wrong", "must_wait", "full"};
    _Static_assert(VG_LEN(what) == HTTP_LOGIN_COUNTS, "one word each");
    uint64_t v[HTTP_LOGIN_COUNTS];
    pthread_mutex_lock(&l->lock);
    memcpy(v, l->counts, sizeof v);
    pthread_mutex_unlock(&l->lock);
    vg_buf_c(out, "# HELP vonggac_login_total Log-ins and proofs of a password, by outcome.\n"
                  "# TYPE vonggac_login_total counter\n");
    for (size_t i = 0; i < HTTP_LOGIN_COUNTS; i++) {
        vg_buf_f(out, "vonggac_login_total{what=\"%s\"} %llu\n", what[i], (unsigned long long)v[i]);
    }
}

http_login *http_login_create(const http_login_source *source)
{
    http_login *l = vg_alloc(sizeof *l);
    l->source = *source;
    l->failed = vg_alloc(PAIRS * sizeof *l->failed);
    l->succeeded = vg_alloc(PAIRS * sizeof *l->succeeded);
    if (!vg_pwhash_make(vg_str_c("nobody"), l->dummy)) {
        vg_log(VG_ERROR, "login.no_memory", "bytes=%u", crypto_pwhash_MEMLIMIT_INTERACTIVE);
    }
    pthread_mutex_init(&l->lock, NULL);
    vg_wake_init(&l->wake);
    if (pthread_create(&l->thread, NULL, login_run, l) != 0) {
        vg_log(VG_ERROR, "login.no_thread", "what=login");
        abort();
    }
    return l;
}

void http_login_stop(http_login *l)
{
    pthread_mutex_lock(&l->lock);
    const bool first = !l->stop;
    l->stop = true;
    pthread_cond_broadcast(&l->wake);
    pthread_mutex_unlock(&l->lock);
    if (!first) {
        return;
    }
    pthread_join(l->thread, NULL);
}

void http_login_destroy(http_login *l)
{
    if (!l) {
        return;
    }
    http_login_stop(l);
    pthread_mutex_destroy(&l->lock);
    pthread_cond_destroy(&l->wake);
    free(l->failed);
    free(l->succeeded);
    free(l);
}
