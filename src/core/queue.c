// SPDX-License-Identifier: Apache-2.0
// What waits for the scribe: signals, commands, and commands that can wait. Whoever puts something in never
// blocks; the scribe takes everything there is, up to a batch.
#include "core/core_impl.h"

static bool admit(vg_scribe *s)  // under the lock
{
    if (s->stop || s->queued >= QUEUE_MAX) {
        s->refused++;
        return false;
    }
    s->queued++;
    return true;
}

bool vg_scribe_signals(vg_scribe *s, vg_signals *batch)
{
    pthread_mutex_lock(&s->lock);
    const bool ok = admit(s);
    if (ok) {
        batch->next = NULL;
        *s->signals_tail = batch;
        s->signals_tail = &batch->next;
        pthread_cond_signal(&s->wake);
    }
    pthread_mutex_unlock(&s->lock);
    return ok;
}

bool vg_scribe_command(vg_scribe *s, vg_command_call *call)
{
    pthread_mutex_lock(&s->lock);
    const bool ok = admit(s);
    if (ok) {
        call->next = NULL;
        *s->commands_tail = call;
        s->commands_tail = &call->next;
        pthread_cond_signal(&s->wake);
    }
    pthread_mutex_unlock(&s->lock);
    return ok;
}

bool vg_scribe_later(vg_scribe *s, vg_command_call *call)
{
    pthread_mutex_lock(&s->lock);
    const bool ok = admit(s);
    if (ok) {
        call->next = NULL;
        *s->later_tail = call;
        s->later_tail = &call->next;
        pthread_cond_signal(&s->wake);
    }
    pthread_mutex_unlock(&s->lock);
    return ok;
}

static void take_later(vg_scribe *s, vg_batch *b)  // under the lock
{
    vg_command_call **ct = &b->later;
    b->n_now = b->n;
    for (size_t n = 0; s->later_head && n < SLICE_MAX; n++) {
        *ct = s->later_head;
        s->later_head = (*ct)->next;
        (*ct)->next = NULL;
        ct = &(*ct)->next;
        b->n++;
    }
    b->rest = b->later;
    if (!s->later_head) {
        s->later_tail = &s->later_head;
    }
}

void vg_queue_give_back(vg_scribe *s, vg_batch *b)
{
    vg_command_call **last = &b->later;
    while (*last != b->rest) {
        last = &(*last)->next;
    }
    *last = NULL;
    if (!b->rest) {
        return;
    }
    pthread_mutex_lock(&s->lock);
    size_t n = 1;
    vg_command_call *end = b->rest;
    for (; end->next; end = end->next) {
        n++;
    }
    if (!s->later_head) {
        s->later_tail = &end->next;
    }
    end->next = s->later_head;
    s->later_head = b->rest;
    s->queued += n;
    pthread_mutex_unlock(&s->lock);
}

void vg_queue_take(vg_scribe *s, vg_batch *b)  // under the lock
{
    *b = (vg_batch){0};
    vg_signals **st = &b->signals;
    while (s->signals_head && b->n < BATCH_MAX) {
        *st = s->signals_head;
        s->signals_head = (*st)->next;
        (*st)->next = NULL;
        st = &(*st)->next;
        b->n++;
    }
    vg_command_call **ct = &b->commands;
    while (s->commands_head && b->n < BATCH_MAX) {
        *ct = s->commands_head;
        s->commands_head = (*ct)->next;
        (*ct)->next = NULL;
        ct = &(*ct)->next;
        b->n++;
    }
    if (!s->signals_head) {
        s->signals_tail = &s->signals_head;
    }
    if (!s->commands_head) {
        s->commands_tail = &s->commands_head;
    }
    take_later(s, b);
    s->queued -= b->n;
}

bool vg_scribe_awaited(vg_scribe *s)
{
    pthread_mutex_lock(&s->lock);
    const bool some = s->signals_head || s->commands_head;
    pthread_mutex_unlock(&s->lock);
    return some;
}
