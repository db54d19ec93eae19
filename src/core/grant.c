// SPDX-License-Identifier: Apache-2.0
// Sorted by receiver, giver, compartment and site: a receiver's grants are one slice, and a label is looked up in it
// by halving.
#include "core/grant.h"

struct vg_grants {
    size_t n;
    vg_grant v[];
};

static int order(const vg_grant *a, const vg_grant *b)
{
    int c = strcmp(a->to, b->to);
    c = c ? c : strcmp(a->from, b->from);
    c = c ? c : (int)a->compartment - (int)b->compartment;
    return c ? c : strcmp(a->site, b->site);
}

static int compare(const void *a, const void *b)
{
    return order(a, b);
}

vg_grants *vg_grants_create(const vg_grant *v, size_t n)
{
    vg_grants *g = vg_alloc(sizeof *g + n * sizeof *g->v);
    g->n = n;
    if (n) {
        memcpy(g->v, v, n * sizeof *v);
        qsort(g->v, n, sizeof *v, compare);
    }
    return g;
}

void vg_grants_destroy(vg_grants *g)
{
    free(g);
}

// The first of n sorted grants that does not come before x.
static const vg_grant *from_here(const vg_grant *v, size_t n, const vg_grant *x)
{
    while (n) {
        const size_t half = n / 2;
        if (order(&v[half], x) < 0) {
            v += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return v;
}

static void sooner(int64_t *until_us, int64_t t, int64_t now_us)
{
    if (t > now_us && t < *until_us) {
        *until_us = t;
    }
}

vg_granted vg_grants_to(const vg_grants *g, const char *agency, int64_t now_us)
{
    vg_granted r = {.now_us = now_us, .until_us = INT64_MAX};
    vg_grant x = {0};
    if (!g || !*agency) {
        return r;
    }
    snprintf(x.to, sizeof x.to, "%s", agency);
    r.v = from_here(g->v, g->n, &x);
    for (const vg_grant *v = r.v; v < g->v + g->n && strcmp(v->to, agency) == 0; v++) {
        r.n++;
        sooner(&r.until_us, v->from_us, now_us);
        sooner(&r.until_us, v->until_us, now_us);
    }
    return r;
}

static bool covers(const vg_granted *r, const vg_grant *x)
{
    const vg_grant *end = r->v + r->n;
    for (const vg_grant *v = from_here(r->v, r->n, x); v < end && order(v, x) == 0; v++) {
        if (x->ceiling <= v->ceiling && r->now_us >= v->from_us &&
            (!v->until_us || r->now_us < v->until_us)) {
            return true;
        }
    }
    return false;
}

bool vg_granted_has(const vg_granted *r, const vg_grant *wanted)
{
    vg_grant everywhere = *wanted;
    if (!r->n) {
        return false;
    }
    everywhere.site[0] = '\0';
    return covers(r, wanted) || (*wanted->site && covers(r, &everywhere));
}
