// SPDX-License-Identifier: Apache-2.0
// Two arrays: open-addressed (hash, index) slots with linear probing at most half full, and the dense
// states they point to. States are freed only in sweeps, after which the slots are built anew (no
// tombstones) and room that is no longer needed is given back. Nothing is ever emitted in table order.
#include "engine/table.h"

enum { FIRST = 64 };

static uint32_t hash_key(const vg_key *k)
{
    uint64_t w[3];
    memcpy(w, k, sizeof w);
    uint64_t h = w[0] * 0x9E3779B97F4A7C15u;
    h = (h ^ h >> 32 ^ w[1]) * 0xBF58476D1CE4E5B9u;
    h = (h ^ h >> 32 ^ w[2]) * 0x94D049BB133111EBu;
    return (uint32_t)(h >> 32);
}

void table_init(table *t, size_t cells, uint32_t max)
{
    *t = (table){.mask = FIRST * 2 - 1,
                 .stride = sizeof(state) + cells * sizeof(cell),
                 .free_head = TABLE_NONE,
                 .max = max};
    t->slots = vg_alloc(FIRST * 2 * sizeof *t->slots);
    memset(t->slots, 0xFF, FIRST * 2 * sizeof *t->slots);
}

void table_done(table *t)
{
    free(t->slots);
    free(t->states);
    *t = (table){0};
}

static bool same(const vg_key *a, const vg_key *b)
{
    uint64_t x[3], y[3];
    memcpy(x, a, sizeof x);
    memcpy(y, b, sizeof y);
    return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2])) == 0;
}

uint32_t table_find(const table *t, const vg_key *k)
{
    const uint32_t hash = hash_key(k);
    for (uint32_t i = hash & t->mask;; i = (i + 1) & t->mask) {
        const table_slot *s = &t->slots[i];
        if (s->at == TABLE_NONE || (s->hash == hash && same(&table_at(t, s->at)->key, k))) {
            return s->at;
        }
    }
}

void table_foresee(const table *t, const vg_key *k, bool near)
{
    const table_slot *s = &t->slots[hash_key(k) & t->mask];
    if (!near) {
        __builtin_prefetch(s);
    } else if (s->at != TABLE_NONE) {
        const char *at = t->states + s->at * t->stride;
        __builtin_prefetch(at);
        __builtin_prefetch(at + t->stride - 1);
    }
}

static void put(table *t, uint32_t hash, uint32_t at)
{
    uint32_t i = hash & t->mask;
    while (t->slots[i].at != TABLE_NONE) {
        i = (i + 1) & t->mask;
    }
    t->slots[i] = (table_slot){hash, at};
}

static void table_reindex(table *t)
{
    memset(t->slots, 0xFF, ((size_t)t->mask + 1) * sizeof *t->slots);
    for (uint32_t at = 0; at < t->high; at++) {
        const state *s = table_at(t, at);
        if (s->used) {
            put(t, s->hash, at);
        }
    }
}

static uint32_t take(table *t)
{
    if (t->free_head != TABLE_NONE) {
        const uint32_t at = t->free_head;
        t->free_head = table_at(t, at)->count;
        return at;
    }
    if (t->high == t->cap) {
        t->cap = t->cap ? t->cap * 2 : FIRST;
        t->states = vg_realloc(t->states, t->cap * t->stride);
    }
    return t->high++;
}

uint32_t table_add(table *t, const vg_key *k)
{
    if (t->used >= t->max) {
        return TABLE_NONE;
    }
    const uint32_t at = take(t);
    state *s = table_at(t, at);
    memset(s, 0, t->stride);
    s->key = *k;
    s->hash = hash_key(k);
    s->used = 1;
    if (++t->used > t->mask / 2) {
        t->mask = t->mask * 2 + 1;
        t->slots = vg_realloc(t->slots, ((size_t)t->mask + 1) * sizeof *t->slots);
        table_reindex(t);
    } else {
        put(t, s->hash, at);
    }
    return at;
}

void table_free(table *t, uint32_t at)
{
    state *s = table_at(t, at);
    s->used = 0;
    s->count = t->free_head;
    t->free_head = at;
    t->used--;
}

static void trim_states(table *t)
{
    while (t->high && !table_at(t, t->high - 1)->used) {
        t->high--;
    }
    t->free_head = TABLE_NONE;
    for (uint32_t at = t->high; at-- > 0;) {
        state *s = table_at(t, at);
        if (!s->used) {
            s->count = t->free_head;
            t->free_head = at;
        }
    }
    if (t->cap > FIRST && t->high < t->cap / 4) {
        t->cap = t->high < FIRST / 2 ? FIRST : t->high * 2;
        t->states = vg_realloc(t->states, t->cap * t->stride);
    }
}

void table_trim(table *t)
{
    uint32_t mask = t->mask;
    trim_states(t);
    while (mask > FIRST * 2 - 1 && t->used < mask / 8) {
        mask /= 2;
    }
    if (mask < t->mask) {
        t->mask = mask;
        t->slots = vg_realloc(t->slots, ((size_t)mask + 1) * sizeof *t->slots);
    }
    table_reindex(t);
}
