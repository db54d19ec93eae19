// SPDX-License-Identifier: Apache-2.0
// A list of chunks, newest first; a piece is cut from the newest. Pieces larger than a chunk get a
// chunk of their own.
#include "base/arena.h"

enum { CHUNK_BYTES = 8192, ALIGN = 16 };

typedef struct chunk {
    struct chunk *next;
    size_t size, used;
    _Alignas(ALIGN) char data[];
} chunk;

struct vg_arena {
    chunk *head;
    size_t limit, used;
};

static chunk *chunk_create(size_t size, chunk *next)
{
    chunk *c = vg_alloc(sizeof *c + size);
    c->next = next;
    c->size = size;
    return c;
}

vg_arena *vg_arena_create(size_t limit_bytes)
{
    vg_arena *a = vg_alloc(sizeof *a);
    a->limit = limit_bytes;
    a->head = chunk_create(CHUNK_BYTES, NULL);
    return a;
}

static void drop_all_but_last(vg_arena *a)
{
    while (a->head->next) {
        chunk *next = a->head->next;
        free(a->head);
        a->head = next;
    }
}

void vg_arena_destroy(vg_arena *a)
{
    if (!a) {
        return;
    }
    drop_all_but_last(a);
    free(a->head);
    free(a);
}

void vg_arena_reset(vg_arena *a)
{
    drop_all_but_last(a);
    memset(a->head->data, 0, a->head->used);
    a->head->used = 0;
    a->used = 0;
}

void *vg_arena_get(vg_arena *a, size_t n)
{
    if (n > a->limit - a->used) {
        return NULL;
    }
    const size_t need = (n + ALIGN - 1) / ALIGN * ALIGN;
    if (need > a->head->size - a->head->used) {
        a->head = chunk_create(need > CHUNK_BYTES ? need : CHUNK_BYTES, a->head);
    }
    void *p = a->head->data + a->head->used;
    a->head->used += need;
    a->used = need > a->limit - a->used ? a->limit : a->used + need;
    return p;
}

size_t vg_arena_used(const vg_arena *a)
{
    return a->used;
}
