// SPDX-License-Identifier: Apache-2.0
// A binary heap of whole records. The tie-break is part of the answer: without it two events of one
// second change places between a live run and a replay.
#include "engine/order.h"

enum { FIRST = 64 };

void order_done(order *o)
{
    free(o->v);
    *o = (order){0};
}

static int by_source(const vg_intern *sources, uint32_t a, uint32_t b)
{
    const vg_str x = vg_intern_text(sources, a), y = vg_intern_text(sources, b);
    const int c = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);
    if (c || x.n != y.n) {
        return c ? c : x.n < y.n ? -1 : 1;
    }
    return a < b ? -1 : a > b;  // two ids without names
}

static bool before(const order *o, const vg_record *a, const vg_record *b)
{
    if (a->t_event != b->t_event) {
        return a->t_event < b->t_event;
    }
    if (a->source != b->source) {
        return by_source(o->sources, a->source, b->source) < 0;
    }
    if (a->source_seq != b->source_seq) {
        return a->source_seq < b->source_seq;
    }
    return a->log != b->log ? a->log < b->log : a->seq < b->seq;
}

void order_push(order *o, const vg_record *r)
{
    if (o->n == o->cap) {
        o->cap = o->cap ? o->cap * 2 : FIRST;
        o->v = vg_realloc(o->v, o->cap * sizeof *o->v);
    }
    size_t i = o->n++;
    while (i && before(o, r, &o->v[(i - 1) / 2])) {
        o->v[i] = o->v[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    o->v[i] = *r;
}

void order_pop(order *o, vg_record *ret)
{
    *ret = o->v[0];
    const vg_record last = o->v[--o->n];
    size_t i = 0;
    for (size_t kid; (kid = 2 * i + 1) < o->n; i = kid) {
        if (kid + 1 < o->n && before(o, &o->v[kid + 1], &o->v[kid])) {
            kid++;
        }
        if (!before(o, &o->v[kid], &last)) {
            break;
        }
        o->v[i] = o->v[kid];
    }
    if (o->n) {
        o->v[i] = last;
    }
}
