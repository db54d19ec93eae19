// SPDX-License-Identifier: Apache-2.0
// What one log's engine knows of the facts: the last value of each (name, key), fed by the journal's own events
// in order, so that the same journal gives the same answers. A value past its end is unknown. At most MAX facts;
// what comes beyond is dropped, and unknown. Not a reader of the fact table: that shows now, not then.
#include "domain/alerts/facts.h"

#include "domain/facts.h"

enum { MAX = 65536, VALUE = 64, KEY = 160 };

typedef struct slot {
    char key[KEY];  // "name key"; "" = free
    char value[VALUE];
    int64_t until_us;  // 0 = no end
} slot;

struct alerts_facts {
    slot *v;
    size_t n, cap;  // cap: a power of two
    int64_t node_seq;
};

alerts_facts *alerts_facts_create(void)
{
    alerts_facts *f = vg_alloc(sizeof *f);
    f->cap = 64;
    f->v = vg_alloc(f->cap * sizeof *f->v);
    return f;
}

void alerts_facts_destroy(alerts_facts *f)
{
    if (f) {
        free(f->v);
        free(f);
    }
}

int64_t *alerts_facts_node_seq(alerts_facts *f)
{
    return &f->node_seq;
}

static bool make_key(char out[KEY], vg_str name, vg_str key)
{
    return snprintf(out, KEY, "%.*s %.*s", VG_FMT(name), VG_FMT(key)) < KEY && name.n;
}

static slot *find(const alerts_facts *f, const char *key)
{
    uint64_t h = UINT64_C(1469598103934665603);
    for (const char *c = key; *c; c++) {
        h = (h ^ (unsigned char)*c) * UINT64_C(1099511628211);
    }
    for (size_t i = h & (f->cap - 1);; i = (i + 1) & (f->cap - 1)) {
        if (!*f->v[i].key || strcmp(f->v[i].key, key) == 0) {
            return &f->v[i];
        }
    }
}

static void grow(alerts_facts *f)
{
    const alerts_facts old = *f;
    f->cap *= 2;
    f->v = vg_alloc(f->cap * sizeof *f->v);
    for (size_t i = 0; i < old.cap; i++) {
        if (*old.v[i].key) {
            *find(f, old.v[i].key) = old.v[i];
        }
    }
    free(old.v);
}

void alerts_facts_set(alerts_facts *f, vg_str name, vg_str key, vg_str value, int64_t until_us)
{
    char k[KEY];
    if (!make_key(k, name, key) || value.n >= VALUE) {
        return;
    }
    slot *s = find(f, k);
    if (!*s->key) {
        if (f->n == MAX) {
            return;
        }
        f->n++;
        memcpy(s->key, k, KEY);
    }
    snprintf(s->value, VALUE, "%.*s", VG_FMT(value));
    s->until_us = until_us;
    if (f->n * 2 > f->cap) {
        grow(f);
    }
}

vg_xvalue alerts_facts_get(const alerts_facts *f, const vg_xname *x, vg_str key, int64_t t)
{
    char k[KEY];
    const slot *s = make_key(k, vg_str_c(x->name), key) ? find(f, k) : NULL;
    const bool stands = s && *s->key && (!s->until_us || t < s->until_us);
    return stands ? vg_fact_value(x, vg_str_c(s->value)) : vg_x_unknown(x->type);
}

// --- a restart ----------------------------------------------------------------------------------
void alerts_facts_save(const alerts_facts *f, vg_buf *out)
{
    const uint64_t n = f->n;
    vg_buf_add(out, &n, sizeof n);
    vg_buf_add(out, &f->node_seq, sizeof f->node_seq);
    for (size_t i = 0; i < f->cap; i++) {
        if (*f->v[i].key) {
            vg_buf_add(out, &f->v[i], sizeof f->v[i]);
        }
    }
}

vg_status alerts_facts_restore(alerts_facts *f, vg_str *saved, vg_err *err)
{
    uint64_t n = 0;
    const size_t head = sizeof n + sizeof f->node_seq;
    if (saved->n < head) {
        return vg_fail(err, VG_ECORRUPT, "", NULL, "facts");
    }
    memcpy(&n, saved->p, sizeof n);
    if (n > MAX || n * sizeof(slot) > saved->n - head) {
        return vg_fail(err, VG_ECORRUPT, "", NULL, "facts");
    }
    memcpy(&f->node_seq, saved->p + sizeof n, sizeof f->node_seq);
    for (uint64_t i = 0; i < n; i++) {
        slot s;
        memcpy(&s, saved->p + head + i * sizeof s, sizeof s);
        s.key[KEY - 1] = s.value[VALUE - 1] = 0;
        const char *blank = strchr(s.key, ' ');
        if (blank) {
            alerts_facts_set(f, (vg_str){s.key, (size_t)(blank - s.key)}, vg_str_c(blank + 1),
                             vg_str_c(s.value), s.until_us);
        }
    }
    saved->p += head + n * sizeof(slot);
    saved->n -= head + n * sizeof(slot);
    return VG_OK;
}
