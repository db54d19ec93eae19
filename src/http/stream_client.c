// SPDX-License-Identifier: Apache-2.0
// The queue holds references to shared blocks, so a thousand clients waiting for the same rows hold them
// once. It is bounded: who does not read gets a "reset" instead of the past. The lock is held for
// copying one chunk at most; suspending and resuming the connection happen under it, so that no wake-up
// is lost.
#include "http/stream_client.h"

#include <pthread.h>
#include <stdatomic.h>

struct http_block {
    atomic_int refs;
    size_t n;
    char text[];
};

struct http_client {
    vg_http_stream st;
    pthread_mutex_t lock;
    atomic_int refs;     // the hub's and the server's
    http_block **queue;  // ring
    uint32_t cap, head, n;
    size_t bytes, offset;  // offset: of the first block, already sent
    bool waiting, ending, dead;
};

http_block *http_block_create(vg_str text)
{
    http_block *b = vg_alloc(sizeof *b + text.n);
    atomic_init(&b->refs, 1);
    b->n = text.n;
    memcpy(b->text, text.p, text.n);
    return b;
}

http_block *http_block_ref(http_block *b)
{
    atomic_fetch_add(&b->refs, 1);
    return b;
}

void http_block_unref(http_block *b)
{
    if (b && atomic_fetch_sub(&b->refs, 1) == 1) {
        free(b);
    }
}

// --- the ring, under the lock -------------------------------------------------------------------
static http_block *first(const http_client *c)
{
    return c->queue[c->head];
}

static void pop(http_client *c)
{
    c->bytes -= first(c)->n;
    http_block_unref(first(c));
    c->head = (c->head + 1) % c->cap;
    c->n--;
    c->offset = 0;
}

static void grow(http_client *c)
{
    const uint32_t cap = c->cap ? c->cap * 2 : 8;
    http_block **q = vg_alloc(cap * sizeof *q);
    for (uint32_t i = 0; i < c->n; i++) {
        q[i] = c->queue[(c->head + i) % c->cap];
    }
    free(c->queue);
    c->queue = q;
    c->cap = cap;
    c->head = 0;
}

static void append(http_client *c, http_block *b)
{
    if (c->n == c->cap) {
        grow(c);
    }
    c->queue[(c->head + c->n++) % c->cap] = http_block_ref(b);
    c->bytes += b->n;
}

// Drops all but a block that is half sent: an event must not be cut.
static void drop_waiting(http_client *c)
{
    const uint32_t keep = c->offset ? 1 : 0;
    while (c->n > keep) {
        http_block *last = c->queue[(c->head + c->n - 1) % c->cap];
        c->bytes -= last->n;
        http_block_unref(last);
        c->n--;
    }
}

static void wake(http_client *c)
{
    if (c->waiting) {
        c->waiting = false;
        vg_http_stream_wake(&c->st);
    }
}

// --- the server's side --------------------------------------------------------------------------
static ptrdiff_t on_read(void *ctx, char *buf, size_t max)
{
    http_client *c = ctx;
    size_t done = 0;
    pthread_mutex_lock(&c->lock);
    while (c->n && done < max) {
        const http_block *b = first(c);
        const size_t left = b->n - c->offset, n = left < max - done ? left : max - done;
        memcpy(buf + done, b->text + c->offset, n);
        done += n;
        c->offset += n;
        if (c->offset == b->n) {
            pop(c);
        }
    }
    const bool end = !done && c->ending;
    if (!done && !end) {
        c->waiting = true;
        vg_http_stream_wait(&c->st);
    }
    pthread_mutex_unlock(&c->lock);
    return end ? -1 : (ptrdiff_t)done;
}

static void on_closed(void *ctx)
{
    http_client *c = ctx;
    pthread_mutex_lock(&c->lock);
    c->dead = true;
    c->waiting = false;
    pthread_mutex_unlock(&c->lock);
    http_client_unref(c);
}

// --- the hub's side -----------------------------------------------------------------------------
http_client *http_client_create(void)
{
    http_client *c = vg_alloc(sizeof *c);
    pthread_mutex_init(&c->lock, NULL);
    atomic_init(&c->refs, 2);
    c->st = (vg_http_stream){.read = on_read, .closed = on_closed, .ctx = c};
    return c;
}

void http_client_unref(http_client *c)
{
    if (atomic_fetch_sub(&c->refs, 1) != 1) {
        return;
    }
    c->offset = 0;
    drop_waiting(c);
    pthread_mutex_destroy(&c->lock);
    free(c->queue);
    free(c);
}

vg_http_stream *http_client_stream(http_client *c)
{
    return &c->st;
}

bool http_client_push(http_client *c, http_block *b)
{
    pthread_mutex_lock(&c->lock);
    const bool room =
        c->n < HTTP_QUEUE_BLOCKS && (c->n == 0 || c->bytes + b->n <= HTTP_QUEUE_BYTES);
    if (c->dead || c->ending) {
        pthread_mutex_unlock(&c->lock);
        return true;
    }
    if (room) {
        append(c, b);
        wake(c);
    }
    pthread_mutex_unlock(&c->lock);
    return room;
}

void http_client_replace(http_client *c, http_block *b)
{
    pthread_mutex_lock(&c->lock);
    if (!c->dead && !c->ending) {
        drop_waiting(c);
        append(c, b);
        wake(c);
    }
    pthread_mutex_unlock(&c->lock);
}

void http_client_end(http_client *c)
{
    pthread_mutex_lock(&c->lock);
    c->ending = true;
    if (!c->dead) {
        wake(c);
    }
    pthread_mutex_unlock(&c->lock);
}

bool http_client_dead(http_client *c)
{
    pthread_mutex_lock(&c->lock);
    const bool dead = c->dead;
    pthread_mutex_unlock(&c->lock);
    return dead;
}
