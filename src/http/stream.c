// SPDX-License-Identifier: Apache-2.0
// One thread reads each changed row once per *view* and hands the same bytes to everybody who has that view.
// A view is what decides a principal's scope: agency, clearance, world and assignments; clients are grouped
// by it. Rows are read through a reader scoped to the group, so secrecy is enforced where it always is:
// at the bottom, joined columns included. No label is looked at here.
//
// Joining, resuming and changes all happen on this thread, so a client never sees an older state after a
// newer one. What changes all the time (a resource "on request": when a source was last heard) goes only to
// streams opened for it, and is thrown away at the door while there are none. Everything is bounded: the list of changes waiting (past it everybody reloads), the past, the
// queue of a client. Deliberately absent: history, filters by the client, delivery guarantees.
#include "http/stream.h"

#include "base/clock.h"
#include "base/log.h"
#include "http/stream_client.h"
#include "http/stream_ring.h"

#include <pthread.h>

enum {
    PENDING_MAX = 65536,
    PACE_US = 10000,
    BLOCK_MAX = 8 << 20,
    CHECK_EVERY_S = 5,
    RETRY_MS = 2000
};

// What decides a scope, as comparable bytes.
typedef struct view {
    char agency[VG_ID_TEXT];
    uint8_t clearance, kind;
    int64_t world;
    const vg_resource *only;
    size_t n;
    vg_assignment assignments[VG_MAX_ASSIGNMENTS];
} view;

typedef struct group {
    struct group *next;
    view view;
    vg_principal who;  // one of its clients, for the reader
    size_t members;
    http_block *block;  // of this pass
    bool failed;        // its rows could not be read
} group;

typedef struct member {
    struct member *next;
    http_client *client;
    http_session_key key;
    http_session_kind kind;
    vg_principal who;  // until it has a group
    const vg_resource *only;
    group *group;
    bool resume;
    char last_id[HTTP_TOKEN_B64];
} member;

struct http_hub {
    http_hub_source source;
    http_sessions *sessions;
    size_t max_clients;
    char boot[VG_ID_TEXT];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    vg_change *pending;
    size_t n_pending, cap_pending;
    bool overflow, recheck, stop;
    member *joining;
    // the hub thread's own
    member *members;
    group *groups;
    http_ring *ring;
    vg_buf text;
    int64_t next_tick_us;
    unsigned ticks;
    _Atomic int64_t n_asking;  // streams of something on request
    _Atomic int64_t n_clients, n_groups, changes, rows_read, blocks, resets, resumed;
};

// --- from other threads -------------------------------------------------------------------------
void http_hub_changes(void *ctx, const vg_change *v, size_t n)
{
    http_hub *h = ctx;
    if (!n) {
        return;
    }
    pthread_mutex_lock(&h->lock);
    if (h->n_pending + n > PENDING_MAX) {
        h->overflow = true;
        h->n_pending = 0;
    } else if (!h->overflow) {
        if (h->n_pending + n > h->cap_pending) {
            h->cap_pending = (h->n_pending + n) * 2;
            h->pending = vg_realloc(h->pending, h->cap_pending * sizeof *h->pending);
        }
        for (size_t i = 0; i < n; i++) {
            if (!v[i].resource->on_request || h->n_asking) {
                h->pending[h->n_pending++] = v[i];
            }
        }
    }
    pthread_cond_signal(&h->wake);
    pthread_mutex_unlock(&h->lock);
}

void http_hub_recheck(http_hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->recheck = true;
    pthread_cond_signal(&h->wake);
    pthread_mutex_unlock(&h->lock);
}

static void copy_who(vg_principal *to, const vg_principal *from)
{
    *to = *from;
    to->scope_bits = NULL;
    to->scope_labels = 0;
}

vg_status http_hub_join(http_hub *h, vg_http_request *rq, const http_caller *caller, vg_str last_id,
                        const vg_resource *only, vg_err *err)
{
    member *m = vg_alloc(sizeof *m);
    m->key = caller->key;
    m->kind = caller->kind;
    copy_who(&m->who, &caller->who);
    m->only = only;
    m->resume = last_id.n > 0 && !only;
    if (m->resume && last_id.n < sizeof m->last_id) {
        memcpy(m->last_id, last_id.p, last_id.n);
    }
    pthread_mutex_lock(&h->lock);
    const bool room = !h->stop && h->n_clients < (int64_t)h->max_clients;
    if (room) {
        h->n_clients++;
        h->n_asking += only != NULL;
        m->client = http_client_create();
        rq->reply.stream = http_client_stream(m->client);
        m->next = h->joining;
        h->joining = m;
        pthread_cond_signal(&h->wake);
    }
    pthread_mutex_unlock(&h->lock);
    if (!room) {
        free(m);
        return vg_fail(err, VG_EUNAVAIL, "", "http.err.streams", "%zu", h->max_clients);
    }
    return VG_OK;
}

// --- groups -------------------------------------------------------------------------------------
static view view_of(const vg_principal *p, const vg_resource *only)
{
    view v;
    memset(&v, 0, sizeof v);
    v.only = only;
    snprintf(v.agency, sizeof v.agency, "%s", p->agency);
    v.clearance = p->clearance;
    v.kind = p->kind == VG_P_SYSTEM || p->kind == VG_P_LOCAL;
    v.world = p->world;
    v.n = p->n_assignments;
    for (size_t i = 0; i < p->n_assignments; i++) {
        snprintf(v.assignments[i].role, sizeof v.assignments[i].role, "%s", p->assignments[i].role);
        snprintf(v.assignments[i].site, sizeof v.assignments[i].site, "%s", p->assignments[i].site);
        v.assignments[i].until_us = p->assignments[i].until_us;
    }
    return v;
}

static group *group_for(http_hub *h, const vg_principal *who, const vg_resource *only)
{
    const view v = view_of(who, only);
    for (group *g = h->groups; g; g = g->next) {
        // Padding is zeroed; a false difference would only cost a group.
        // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
        if (memcmp(&g->view, &v, sizeof v) == 0) {
            return g;
        }
    }
    group *g = vg_alloc(sizeof *g);
    g->view = v;
    copy_who(&g->who, who);
    g->next = h->groups;
    h->groups = g;
    h->n_groups++;
    return g;
}

static void enter(http_hub *h, member *m, const vg_principal *who)
{
    m->group = group_for(h, who, m->only);
    m->group->members++;
}

static void group_free(http_hub *h, group *g)
{
    vg_principal_done(&g->who);
    http_block_unref(g->block);
    free(g);
    h->n_groups--;
}

static void sweep_groups(http_hub *h)
{
    for (group **at = &h->groups; *at;) {
        group *g = *at;
        if (g->members) {
            vg_principal_done(
                &g->who);  // its scope is computed anew: labels may have been taken back
            at = &g->next;
            continue;
        }
        *at = g->next;
        group_free(h, g);
    }
}

// --- text ---------------------------------------------------------------------------------------
static void add_id(http_hub *h)
{
    char token[HTTP_TOKEN_B64];
    http_ring_seal(h->ring, h->ring->last, token);
    vg_buf_f(&h->text, "id: %s\n", token);
}

static http_block *take_block(http_hub *h)
{
    h->blocks++;
    http_block *b = h->text.n && !h->text.failed ? http_block_create(vg_buf_str(&h->text)) : NULL;
    vg_buf_reset(&h->text);
    return b;
}

static http_block *time_block(http_hub *h, const char *event, bool boot)
{
    vg_buf_reset(&h->text);
    if (boot) {
        vg_buf_f(&h->text, "retry: %d\n", RETRY_MS);
    }
    vg_buf_f(&h->text, "event: %s\n", event);
    add_id(h);
    vg_buf_c(&h->text, "data: ");
    vg_jw w = vg_jw_on(&h->text);
    vg_jw_open(&w, '{');
    vg_jw_ktime(&w, "server_time", vg_now_us());
    if (boot) {
        vg_jw_kz(&w, "boot", h->boot);
    }
    vg_jw_close(&w, '}');
    vg_buf_c(&h->text, "\n\n");
    return take_block(h);
}

static void reset_member(http_hub *h, member *m)
{
    vg_buf_reset(&h->text);
    vg_buf_c(&h->text, "event: reset\n");
    add_id(h);
    vg_buf_c(&h->text, "data: {}\n\n");
    http_block *b = take_block(h);
    http_client_replace(m->client, b);
    http_block_unref(b);
    h->resets++;
}

static void push(http_hub *h, member *m, http_block *b)
{
    if (b && !http_client_push(m->client, b)) {
        reset_member(h, m);
    }
}

// Appends one event; the text goes back to where it was when the row is not shown.
static bool add_row(http_hub *h, vg_db *db, const vg_change *c)
{
    const size_t before = h->text.n;
    vg_buf_c(&h->text, "event: row\n");
    vg_buf_c(&h->text, "data: {\"resource\":\"");
    vg_buf_c(&h->text, c->resource->name);
    vg_buf_c(&h->text, "\",\"row\":");
    vg_jw w = vg_jw_on(&h->text);
    const vg_status st = h->source.row(h->source.ctx, db, c, &w);
    vg_buf_c(&h->text, "}\n\n");
    h->rows_read++;
    if (st != VG_OK) {
        h->text.n = before;
    }
    return st == VG_OK || st == VG_ENOTFOUND;
}

static bool wanted(const group *g, const vg_resource *r)
{
    return (g->view.only ? r == g->view.only : !r->on_request) &&
           vg_may(&g->who, r->permission, NULL);
}

// Reads the rows for one group into h->text. Only the end of the block has a token (an id without data makes no
// event, it just moves the client's place): who loses the line inside a block gets the whole block again.
static bool read_rows(http_hub *h, group *g, const vg_change *v, size_t n)
{
    bool ok = true;
    vg_db *db = NULL;
    vg_buf_reset(&h->text);
    for (size_t i = 0; i < n && ok; i++) {
        if (!wanted(g, v[i].resource)) {
            continue;
        }
        db = db ? db : h->source.take(h->source.ctx, &g->who);  // what ended by now is out of who
        ok = db && (!wanted(g, v[i].resource) || add_row(h, db, &v[i]));
    }
    if (db) {
        h->source.give(h->source.ctx, db);
    }
    if (h->text.n && ok) {
        add_id(h);
        vg_buf_c(&h->text, "\n");
    }
    return ok && !h->text.failed;
}

// --- one pass -----------------------------------------------------------------------------------
static void reset_all(http_hub *h)
{
    for (member *m = h->members; m; m = m->next) {
        reset_member(h, m);
    }
}

static void spread(http_hub *h, const vg_change *v, size_t n)
{
    for (group *g = h->groups; g; g = g->next) {
        g->failed = g->members && !read_rows(h, g, v, n);
        g->block = g->members && !g->failed ? take_block(h) : NULL;
    }
    for (member *m = h->members; m; m = m->next) {
        if (m->group->failed) {
            reset_member(h, m);
        } else {
            push(h, m, m->group->block);
        }
    }
    for (group *g = h->groups; g; g = g->next) {
        http_block_unref(g->block);
        g->block = NULL;
    }
}

static size_t distinct(vg_change *v, size_t n)
{
    size_t k = 0;
    qsort(v, n, sizeof *v, http_change_order);
    for (size_t i = 0; i < n; i++) {
        if (!k || http_change_order(&v[k - 1], &v[i]) != 0) {
            v[k++] = v[i];
        }
    }
    return k;
}

static void on_changes(http_hub *h, vg_change *v, size_t n, bool overflow)
{
    if (overflow) {
        h->ring->last += HTTP_RING + 1;  // nobody can resume across the gap
        vg_log(VG_WARN, "stream.overflow", "clients=%lld", (long long)h->n_clients);
        reset_all(h);
        return;
    }
    n = distinct(v, n);
    h->changes += (int64_t)n;
    for (size_t i = 0; i < n; i++) {
        if (!v[i].resource->on_request) {
            http_ring_add(h->ring, &v[i]);
        }
    }
    if (n) {
        spread(h, v, n);
    }
}

static void catch_up(http_hub *h, member *m)
{
    uint64_t number;
    size_t n = 0;
    vg_change *v = vg_alloc(HTTP_RESUME_MAX * sizeof *v);
    const bool known = http_ring_open(h->ring, vg_str_c(m->last_id), &number) &&
                       http_ring_since(h->ring, number, v, &n);
    if (!known || !read_rows(h, m->group, v, n)) {
        reset_member(h, m);
    } else {
        http_block *b = take_block(h);
        push(h, m, b);
        http_block_unref(b);
        h->resumed++;
    }
    free(v);
}

static void welcome(http_hub *h, member *list)
{
    while (list) {
        member *m = list;
        list = m->next;
        m->next = h->members;
        h->members = m;
        enter(h, m, &m->who);
        http_block *b = time_block(h, "hello", true);
        push(h, m, b);
        http_block_unref(b);
        if (m->resume) {
            catch_up(h, m);
        }
    }
}

static void leave(http_hub *h, member *m)
{
    m->group->members--;
    h->n_asking -= m->only != NULL;
    http_client_unref(m->client);
    free(m);
    h->n_clients--;
}

// Is he still who he was? A new view means a new start; no session means the end.
static void check(http_hub *h, member *m)
{
    http_caller now;
    vg_err err;
    const vg_status st = http_session_find(h->sessions, &m->key, m->kind, &now, &err);
    if (st == VG_EAUTH) {
        http_client_end(m->client);
    }
    if (st != VG_OK) {
        return;
    }
    const view v = view_of(&now.who, m->only);
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
    if (memcmp(&v, &m->group->view, sizeof v) != 0) {
        m->group->members--;
        enter(h, m, &now.who);
        reset_member(h, m);
    }
    http_caller_done(&now);
}

static void on_tick(http_hub *h)
{
    unsigned turn = h->ticks++;
    http_block *b = time_block(h, "tick", false);
    for (member **at = &h->members; *at;) {
        member *m = *at;
        if (http_client_dead(m->client)) {
            *at = m->next;
            leave(h, m);
            continue;
        }
        if (turn++ % CHECK_EVERY_S == 0) {
            check(h, m);
        }
        push(h, m, b);
        at = &m->next;
    }
    http_block_unref(b);
    if (h->ticks % CHECK_EVERY_S == 0) {
        sweep_groups(h);
    }
}

// --- the thread ---------------------------------------------------------------------------------
static void wait_for_work(http_hub *h)  // under the lock
{
    const int64_t left = h->next_tick_us - vg_mono_us();
    if (h->stop || h->joining || h->n_pending || h->overflow || h->recheck || left <= 0) {
        return;
    }
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    const int64_t ns = until.tv_nsec + left * 1000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_cond_timedwait(&h->wake, &h->lock, &until);
}

static void pace(void)
{
    const struct timespec t = {0, PACE_US * 1000L};
    nanosleep(&t, NULL);
}

static void *hub_run(void *arg)
{
    http_hub *h = arg;
    vg_change *mine = NULL;
    size_t cap = 0;
    h->next_tick_us = vg_mono_us() + VG_SECOND_US;
    pthread_mutex_lock(&h->lock);
    while (!h->stop) {
        wait_for_work(h);
        vg_change *const full = h->pending;
        const size_t full_cap = h->cap_pending, n = h->n_pending;
        const bool overflow = h->overflow;
        const bool recheck = h->recheck;
        member *joining = h->joining;
        h->pending = mine;  // swap: what came in against an empty one
        h->cap_pending = cap;
        h->n_pending = 0;
        h->overflow = h->recheck = false;
        h->joining = NULL;
        mine = full;
        cap = full_cap;
        pthread_mutex_unlock(&h->lock);
        welcome(h, joining);
        for (member *m = h->members; recheck && m; m = m->next) {
            check(h, m);
        }
        if (n || overflow) {
            on_changes(h, mine, n, overflow);
        }
        if (vg_mono_us() >= h->next_tick_us) {
            h->next_tick_us += VG_SECOND_US;
            on_tick(h);
        }
        if (n) {
            pace();  // under a storm of changes: coalesce instead of following every batch
        }
        pthread_mutex_lock(&h->lock);
    }
    pthread_mutex_unlock(&h->lock);
    free(mine);
    return NULL;
}

http_hub *http_hub_create(const http_hub_source *source, http_sessions *sessions,
                          size_t max_clients, const char *boot)
{
    http_hub *h = vg_alloc(sizeof *h);
    pthread_condattr_t attr;
    h->source = *source;
    h->sessions = sessions;
    h->max_clients = max_clients;
    snprintf(h->boot, sizeof h->boot, "%s", boot);
    h->ring = vg_alloc(sizeof *h->ring);
    http_ring_init(h->ring);
    vg_buf_init(&h->text, BLOCK_MAX);
    pthread_mutex_init(&h->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&h->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&h->thread, NULL, hub_run, h) != 0) {
        vg_log(VG_ERROR, "stream.no_thread", "what=hub");
        abort();
    }
    return h;
}

static void end_all(http_hub *h, member *list)
{
    while (list) {
        member *m = list;
        list = m->next;
        http_client_end(m->client);
        http_client_unref(m->client);
        free(m);
        h->n_clients--;
    }
}

void http_hub_stop(http_hub *h)
{
    pthread_mutex_lock(&h->lock);
    const bool first = !h->stop;
    h->stop = true;
    pthread_cond_signal(&h->wake);
    pthread_mutex_unlock(&h->lock);
    if (first) {
        pthread_join(h->thread, NULL);
        end_all(h, h->joining);
        end_all(h, h->members);
        h->joining = h->members = NULL;
    }
}

void http_hub_destroy(http_hub *h)
{
    if (!h) {
        return;
    }
    http_hub_stop(h);
    while (h->groups) {
        group *g = h->groups;
        h->groups = g->next;
        group_free(h, g);
    }
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->wake);
    vg_buf_done(&h->text);
    free(h->ring);
    free(h->pending);
    free(h);
}

void http_hub_stats_get(http_hub *h, http_hub_stats *ret)
{
    *ret = (http_hub_stats){h->n_clients, h->n_groups, h->changes, h->rows_read,
                            h->blocks,    h->resets,   h->resumed};
}
