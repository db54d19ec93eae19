// SPDX-License-Identifier: Apache-2.0
// A slot holds exactly the items of one second of the coming 4096; later ones wait in the overflow
// list, which is looked through once in 2048 seconds. Entering a second moves its items to a small heap
// that orders them by microsecond. Items are never cancelled: whoever pops one compares it with the
// state's own deadline and adds it again if that has moved (lazy re-arm), so a deadline that is pushed
// back on every event costs nothing until it would have fired.
#include "engine/wheel.h"

#include "base/clock.h"

#define NONE UINT32_MAX
enum { REVIEW_S = WHEEL_SLOTS / 2, FIRST = 64 };

typedef struct wheel_node {
    wheel_item it;
    uint32_t next;
} wheel_node;

void wheel_init(wheel *w)
{
    *w = (wheel){.free_head = NONE, .overflow = NONE, .next_us = INT64_MAX};
    memset(w->slot, 0xFF, sizeof w->slot);
}

void wheel_done(wheel *w)
{
    free(w->nodes);
    free(w->near);
    w->nodes = NULL;
    w->near = NULL;
}

static int64_t second_of(int64_t us)  // floor
{
    return us >= 0 ? us / VG_SECOND_US : -((-us + VG_SECOND_US - 1) / VG_SECOND_US);
}

// --- heap ---------------------------------------------------------------------------------------
static bool before(const wheel_item *a, const wheel_item *b)
{
    if (a->due != b->due) {
        return a->due < b->due;
    }
    if (a->rule != b->rule) {
        return a->rule < b->rule;
    }
    if (a->log != b->log) {
        return a->log < b->log;
    }
    return a->seq < b->seq;
}

static void near_push(wheel *w, const wheel_item *it)
{
    if (w->n_near == w->cap_near) {
        w->cap_near = w->cap_near ? w->cap_near * 2 : FIRST;
        w->near = vg_realloc(w->near, w->cap_near * sizeof *w->near);
    }
    size_t i = w->n_near++;
    while (i && before(it, &w->near[(i - 1) / 2])) {
        w->near[i] = w->near[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    w->near[i] = *it;
}

static void near_pop(wheel *w, wheel_item *ret)
{
    *ret = w->near[0];
    const wheel_item last = w->near[--w->n_near];
    size_t i = 0;
    for (size_t kid; (kid = 2 * i + 1) < w->n_near; i = kid) {
        if (kid + 1 < w->n_near && before(&w->near[kid + 1], &w->near[kid])) {
            kid++;
        }
        if (!before(&w->near[kid], &last)) {
            break;
        }
        w->near[i] = w->near[kid];
    }
    if (w->n_near) {
        w->near[i] = last;
    }
}

// --- wheel --------------------------------------------------------------------------------------
static void link_node(wheel *w, uint32_t node)
{
    const int64_t s = second_of(w->nodes[node].it.due);
    uint32_t *head = s - w->cursor < WHEEL_SLOTS ? &w->slot[s & (WHEEL_SLOTS - 1)] : &w->overflow;
    w->nodes[node].next = *head;
    *head = node;
}

static void plan_next(wheel *w)
{
    int64_t next = w->waiting ? (w->cursor + 1) * VG_SECOND_US : INT64_MAX;
    if (w->n_near && w->near[0].due < next) {
        next = w->near[0].due + 1;
    }
    w->next_us = next;
}

void wheel_add(wheel *w, const wheel_item *it)
{
    if (second_of(it->due) <= w->cursor) {
        near_push(w, it);
        plan_next(w);
        return;
    }
    uint32_t node = w->free_head;
    if (node != NONE) {
        w->free_head = w->nodes[node].next;
    } else {
        if (w->high == w->cap) {
            w->cap = w->cap ? w->cap * 2 : FIRST;
            w->nodes = vg_realloc(w->nodes, w->cap * sizeof *w->nodes);
        }
        node = w->high++;
    }
    w->nodes[node].it = *it;
    link_node(w, node);
    w->waiting++;
    plan_next(w);
}

// Takes a whole list: what is due by the cursor goes to the heap, the rest is linked again.
static void review(wheel *w, uint32_t *head)
{
    uint32_t node = *head;
    *head = NONE;
    while (node != NONE) {
        const uint32_t next = w->nodes[node].next;
        if (second_of(w->nodes[node].it.due) <= w->cursor) {
            near_push(w, &w->nodes[node].it);
            w->nodes[node].next = w->free_head;
            w->free_head = node;
            w->waiting--;
        } else {
            link_node(w, node);
        }
        node = next;
    }
}

static void turn(wheel *w, int64_t second)
{
    const int64_t from = w->cursor;
    if (second <= from) {
        return;
    }
    w->cursor = second;
    if (w->waiting == 0) {
        return;
    }
    const int64_t slots = second - from < WHEEL_SLOTS ? second - from : WHEEL_SLOTS;
    for (int64_t i = 1; i <= slots; i++) {
        review(w, &w->slot[(from + i) & (WHEEL_SLOTS - 1)]);
    }
    if (second / REVIEW_S != from / REVIEW_S) {
        review(w, &w->overflow);
    }
}

bool wheel_pop(wheel *w, int64_t now_us, wheel_item *ret)
{
    if (now_us < w->next_us) {
        return false;
    }
    turn(w, second_of(now_us));
    const bool due = w->n_near && w->near[0].due < now_us;
    if (due) {
        near_pop(w, ret);
    }
    plan_next(w);
    return due;
}

static int64_t earliest_of(const wheel *w, uint32_t node, int64_t least)
{
    for (; node != NONE; node = w->nodes[node].next) {
        least = w->nodes[node].it.due < least ? w->nodes[node].it.due : least;
    }
    return least;
}

int64_t wheel_earliest(const wheel *w)
{
    int64_t least = w->n_near ? w->near[0].due : INT64_MAX;
    for (int64_t i = 1; w->waiting && least == INT64_MAX && i <= WHEEL_SLOTS; i++) {
        least = earliest_of(w, w->slot[(w->cursor + i) & (WHEEL_SLOTS - 1)], least);
    }
    return w->waiting ? earliest_of(w, w->overflow, least) : least;
}
