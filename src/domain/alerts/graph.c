// SPDX-License-Identifier: Apache-2.0
// The zone graph for the rules on neighbouring zones: the links of the drawings (sites.graph_drawn), fed by the
// journal's own events in order. A site has some dozens of zones: a plain list is searched. At most MAX links;
// what comes beyond is dropped.
#include "domain/alerts/graph.h"

enum { MAX = 4096, NAME = 40 };

typedef struct link {
    char drawing[NAME], a[NAME], b[NAME];
} link;

struct alerts_graph {
    link *v;
    size_t n, cap;
};

alerts_graph *alerts_graph_create(void)
{
    return vg_alloc(sizeof(alerts_graph));
}

void alerts_graph_destroy(alerts_graph *g)
{
    if (g) {
        free(g->v);
        free(g);
    }
}

static void add(alerts_graph *g, const link *l)
{
    if (g->n >= MAX) {
        return;
    }
    if (g->n == g->cap) {
        g->cap = g->cap ? g->cap * 2 : 16;
        g->v = vg_realloc(g->v, g->cap * sizeof *g->v);
    }
    g->v[g->n++] = *l;
}

static bool name(char to[NAME], vg_str text)
{
    return text.n && text.n < NAME && snprintf(to, NAME, "%.*s", VG_FMT(text)) > 0;
}

void alerts_graph_set(alerts_graph *g, vg_arena *a, vg_str drawing, vg_str links)
{
    size_t kept = 0, at = 0;
    vg_str item;
    for (size_t i = 0; i < g->n; i++) {
        if (!vg_str_eqc(drawing, g->v[i].drawing)) {
            g->v[kept++] = g->v[i];
        }
    }
    g->n = kept;
    while (links.n && vg_js_each(links, &at, NULL, &item)) {
        link l;
        if (name(l.drawing, drawing) && name(l.a, vg_js_str(a, item, "a")) &&
            name(l.b, vg_js_str(a, item, "b")) && strcmp(l.a, l.b) != 0) {
            add(g, &l);
        }
    }
}

static size_t insert(vg_str *v, size_t n, size_t max, vg_str zone)
{
    size_t at = n;
    while (at && strcmp(v[at - 1].p, zone.p) > 0) {
        at--;
    }
    if ((at && vg_str_eq(v[at - 1], zone)) || n == max) {
        return n;
    }
    memmove(v + at + 1, v + at, (n - at) * sizeof *v);
    v[at] = zone;
    return n + 1;
}

size_t alerts_graph_near(const alerts_graph *g, vg_str zone, vg_str *ret, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        const link *l = &g->v[i];
        if (vg_str_eqc(zone, l->a)) {
            n = insert(ret, n, max, vg_str_c(l->b));
        } else if (vg_str_eqc(zone, l->b)) {
            n = insert(ret, n, max, vg_str_c(l->a));
        }
    }
    return n;
}

void alerts_graph_save(const alerts_graph *g, vg_buf *out)
{
    const uint64_t n = g->n;
    vg_buf_add(out, &n, sizeof n);
    if (n) {
        vg_buf_add(out, g->v, g->n * sizeof *g->v);
    }
}

vg_status alerts_graph_restore(alerts_graph *g, vg_str *saved, vg_err *err)
{
    uint64_t n = 0;
    if (saved->n < sizeof n) {
        return vg_fail(err, VG_ECORRUPT, "", NULL, "graph");
    }
    memcpy(&n, saved->p, sizeof n);
    if (n > MAX || saved->n - sizeof n < n * sizeof(link)) {
        return vg_fail(err, VG_ECORRUPT, "", NULL, "graph");
    }
    const char *at = saved->p + sizeof n;
    for (uint64_t i = 0; i < n; i++, at += sizeof(link)) {
        link l;
        memcpy(&l, at, sizeof l);
        l.drawing[NAME - 1] = l.a[NAME - 1] = l.b[NAME - 1] = '\0';
        add(g, &l);
    }
    saved->p += sizeof n + n * sizeof(link);
    saved->n -= sizeof n + n * sizeof(link);
    return VG_OK;
}
