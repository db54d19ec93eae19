// SPDX-License-Identifier: Apache-2.0
// Chained hash table that only grows. Whoever looks up compares the thing itself: two keys may be equal by
// accident.
#include "ident/match_impl.h"

uint64_t match_hash(const void *p, size_t n)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++) {
        h = (h ^ ((const unsigned char *)p)[i]) * UINT64_C(0x100000001b3);
    }
    return h ^ h >> 29;
}

static void grow(match_map *m)
{
    m->cap = m->cap ? m->cap * 2 : 64;
    m->heads = m->cap * 2;
    m->node = vg_realloc(m->node, m->cap * sizeof *m->node);
    free(m->head);
    m->head = vg_alloc(m->heads * sizeof *m->head);
    for (uint32_t i = 1; i < m->n; i++) {
        uint32_t *h = &m->head[m->node[i].key & (m->heads - 1)];
        m->node[i].next = *h;
        *h = i;
    }
}

void match_map_put(match_map *m, uint64_t key, uint32_t value)
{
    if (m->n == 0 || m->n == m->cap) {
        m->n = m->n ? m->n : 1;  // 0 ends a chain
        grow(m);
    }
    uint32_t *h = &m->head[key & (m->heads - 1)];
    m->node[m->n] = (struct match_node){key, value, *h};
    *h = m->n++;
}

uint32_t match_map_next(const match_map *m, uint64_t key, uint32_t at)
{
    if (!m->n) {
        return 0;
    }
    at = at ? m->node[at].next : m->head[key & (m->heads - 1)];
    while (at && m->node[at].key != key) {
        at = m->node[at].next;
    }
    return at;
}

void match_map_done(match_map *m)
{
    free(m->node);
    free(m->head);
    *m = (match_map){0};
}
