// SPDX-License-Identifier: Apache-2.0
// An open-addressing table of (hash, id) over one growing block of text. Names are never removed, so
// there are no tombstones; ids index the table of text positions. The hash is fixed, because a replay
// must not depend on the process; the number of names is bounded instead.
#include "engine/intern.h"

enum { FIRST_SLOTS = 64, MAX_TEXT_BYTES = 1 << 28 };

typedef struct slot {
    uint32_t hash, id;  // id 0 = free
} slot;

typedef struct place {
    uint32_t at, n;
} place;

struct vg_intern {
    slot *slots;
    uint32_t mask, n, max, cap;
    place *names;  // by id - 1
    char *text;
    size_t text_n, text_cap;
};

vg_intern *vg_intern_create(uint32_t max_names)
{
    vg_intern *in = vg_alloc(sizeof *in);
    in->slots = vg_alloc(FIRST_SLOTS * sizeof *in->slots);
    in->mask = FIRST_SLOTS - 1;
    in->max = max_names;
    return in;
}

void vg_intern_destroy(vg_intern *in)
{
    if (in) {
        free(in->slots);
        free(in->names);
        free(in->text);
        free(in);
    }
}

static uint32_t hash_of(vg_str s)
{
    uint64_t h = 0x9E3779B97F4A7C15u ^ s.n;
    const char *p = s.p;
    size_t n = s.n;
    for (; n >= 8; p += 8, n -= 8) {
        uint64_t w;
        memcpy(&w, p, 8);
        h = (h ^ w) * 0xBF58476D1CE4E5B9u;
        h ^= h >> 29;
    }
    uint64_t w = 0;
    for (size_t i = 0; i < n; i++) {
        w = w << 8 | (unsigned char)p[i];
    }
    h = (h ^ w) * 0x94D049BB133111EBu;
    return (uint32_t)(h >> 32 ^ h);
}

vg_str vg_intern_text(const vg_intern *in, uint32_t id)
{
    if (id == 0 || id > in->n) {
        return (vg_str){"", 0};
    }
    return (vg_str){in->text + in->names[id - 1].at, in->names[id - 1].n};
}

uint32_t vg_intern_count(const vg_intern *in)
{
    return in->n;
}

static slot *seek(const vg_intern *in, vg_str name, uint32_t hash)
{
    for (uint32_t i = hash & in->mask;; i = (i + 1) & in->mask) {
        slot *s = &in->slots[i];
        if (s->id == 0 || (s->hash == hash && vg_str_eq(vg_intern_text(in, s->id), name))) {
            return s;
        }
    }
}

static void grow_slots(vg_intern *in)
{
    slot *old = in->slots;
    const uint32_t n = in->mask + 1;
    in->mask = n * 2 - 1;
    in->slots = vg_alloc((size_t)n * 2 * sizeof *in->slots);
    for (uint32_t i = 0; i < n; i++) {
        if (old[i].id) {
            uint32_t at = old[i].hash & in->mask;
            while (in->slots[at].id) {
                at = (at + 1) & in->mask;
            }
            in->slots[at] = old[i];
        }
    }
    free(old);
}

static void append(vg_intern *in, vg_str name)
{
    if (in->n == in->cap) {
        in->cap = in->cap ? in->cap * 2 : FIRST_SLOTS;
        in->names = vg_realloc(in->names, in->cap * sizeof *in->names);
    }
    if (name.n > in->text_cap - in->text_n) {
        in->text_cap = (in->text_cap + name.n) * 2;
        in->text = vg_realloc(in->text, in->text_cap);
    }
    memcpy(in->text + in->text_n, name.p, name.n);
    in->names[in->n++] = (place){(uint32_t)in->text_n, (uint32_t)name.n};
    in->text_n += name.n;
}

uint32_t vg_intern_id(vg_intern *in, vg_str name)
{
    if (name.n == 0) {
        return 0;
    }
    const uint32_t hash = hash_of(name);
    slot *s = seek(in, name, hash);
    if (s->id) {
        return s->id;
    }
    if (in->n >= in->max || name.n > MAX_TEXT_BYTES - in->text_n) {
        return VG_INTERN_FULL;
    }
    append(in, name);
    *s = (slot){hash, in->n};
    if (in->n > in->mask / 2) {
        grow_slots(in);
    }
    return in->n;
}

uint32_t vg_intern_find(const vg_intern *in, vg_str name)
{
    return name.n ? seek(in, name, hash_of(name))->id : 0;
}

void vg_names_init(vg_names *n)
{
    for (int i = 0; i < VG_SPACES; i++) {
        n->of[i] = vg_intern_create(i == VG_KIND ? UINT16_MAX : UINT32_C(1) << 22);
    }
}

void vg_names_done(vg_names *n)
{
    for (int i = 0; i < VG_SPACES; i++) {
        vg_intern_destroy(n->of[i]);
        n->of[i] = NULL;
    }
}
