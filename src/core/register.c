// SPDX-License-Identifier: Apache-2.0
// Snapshots are immutable and reference-counted; lookup is open addressing over (proto, address). Replacing
// is rare (somebody edits a source), looking up happens for every frame.
#include "core/register.h"

#include <pthread.h>

struct vg_register_snap {
    size_t refs;
    vg_source *v;  // by index; a removed source leaves a row with id ""
    size_t n;
    uint32_t *table;  // index + 1, 0 = empty
    size_t mask;
    vg_source_point *points;
};

struct vg_register {
    pthread_mutex_t lock;
    vg_register_snap *now;
};

static uint64_t hash(const char *proto, const char *address)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (const char *p = proto; *p; p++) {
        h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
    }
    h = (h ^ '/') * UINT64_C(1099511628211);
    for (const char *p = address; *p; p++) {
        h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
    }
    return h;
}

static vg_register_snap *snap_create(size_t n, size_t n_points)
{
    vg_register_snap *s = vg_alloc(sizeof *s);
    s->refs = 1;
    s->n = n;
    s->v = vg_alloc(n * sizeof *s->v);
    s->points = vg_alloc(n_points * sizeof *s->points);
    s->mask = 15;
    while (s->mask < 2 * n) {
        s->mask = s->mask * 2 + 1;
    }
    s->table = vg_alloc((s->mask + 1) * sizeof *s->table);
    return s;
}

static void snap_destroy(vg_register_snap *s)
{
    free(s->v);
    free(s->points);
    free(s->table);
    free(s);
}

vg_register *vg_register_create(void)
{
    vg_register *r = vg_alloc(sizeof *r);
    pthread_mutex_init(&r->lock, NULL);
    r->now = snap_create(0, 0);
    return r;
}

void vg_register_destroy(vg_register *r)
{
    if (r) {
        snap_destroy(r->now);
        pthread_mutex_destroy(&r->lock);
        free(r);
    }
}

const vg_register_snap *vg_register_acquire(vg_register *r)
{
    pthread_mutex_lock(&r->lock);
    vg_register_snap *s = r->now;
    s->refs++;
    pthread_mutex_unlock(&r->lock);
    return s;
}

void vg_register_release(vg_register *r, const vg_register_snap *snap)
{
    pthread_mutex_lock(&r->lock);
    union {
        const vg_register_snap *borrowed;
        vg_register_snap *owned;
    } u = {snap};  // handed out const, ours to count
    vg_register_snap *s = u.owned;
    const bool last = --s->refs == 0;
    pthread_mutex_unlock(&r->lock);
    if (last) {
        snap_destroy(s);
    }
}

const vg_source *vg_register_find(const vg_register_snap *s, const char *proto, const char *address)
{
    for (size_t i = hash(proto, address) & s->mask; s->table[i]; i = (i + 1) & s->mask) {
        const vg_source *x = &s->v[s->table[i] - 1];
        if (strcmp(x->proto, proto) == 0 && strcmp(x->address, address) == 0) {
            return x;
        }
    }
    return NULL;
}

const vg_source *vg_register_at(const vg_register_snap *s, uint32_t index)
{
    return index < s->n && s->v[index].id[0] ? &s->v[index] : NULL;
}

size_t vg_register_count(const vg_register_snap *s)
{
    return s->n;
}

static size_t index_of(const vg_register_snap *s, const char *id,
                       size_t hint)  // mostly the order stays
{
    for (size_t k = 0; k < s->n; k++) {
        const size_t i = (hint + k) % s->n;
        if (strcmp(s->v[i].id, id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void place(vg_register_snap *s, size_t index, const vg_source *from, size_t *points_at)
{
    vg_source *x = &s->v[index];
    *x = *from;
    x->index = (uint32_t)index;
    if (from->n_points) {
        memcpy(s->points + *points_at, from->points, from->n_points * sizeof *from->points);
    }
    x->points = s->points + *points_at;
    *points_at += from->n_points;
    size_t i = hash(x->proto, x->address) & s->mask;
    while (s->table[i]) {
        i = (i + 1) & s->mask;
    }
    s->table[i] = (uint32_t)index + 1;
}

void vg_register_replace(vg_register *r, const vg_source *v, size_t n)
{
    const vg_register_snap *old = r->now;  // only this thread replaces
    size_t n_points = 0, next = old->n, at = 0;
    size_t *where = vg_alloc(n * sizeof *where);
    for (size_t i = 0; i < n; i++) {
        n_points += v[i].n_points;
        where[i] = index_of(old, v[i].id, i ? where[i - 1] + 1 : 0);
        if (where[i] == SIZE_MAX) {
            where[i] = next++;
        }
    }
    vg_register_snap *s = snap_create(next, n_points);
    for (size_t i = 0; i < n; i++) {
        place(s, where[i], &v[i], &at);
    }
    free(where);
    pthread_mutex_lock(&r->lock);
    vg_register_snap *gone = r->now;
    r->now = s;
    const bool last = --gone->refs == 0;
    pthread_mutex_unlock(&r->lock);
    if (last) {
        snap_destroy(gone);
    }
}

bool vg_source_shown(const vg_source *s, const unsigned char *certificate)
{
    return !(s->flags & VG_SRC_CERTIFICATE) ||
           (certificate && memcmp(certificate, s->certificate, sizeof s->certificate) == 0);
}
