// SPDX-License-Identifier: Apache-2.0
// A tree by path segment: literal children are searched by bisection, one child may stand for any
// segment ("{id}"). A literal wins over a parameter, without going back: two patterns of which one hides part
// of the other are a fault of the tables, found by the unit test. Deliberately no wildcards over
// several segments and no regular expressions.
#include "http/router.h"

typedef struct node {
    char *segment;  // NULL in the root and in parameter nodes
    struct node **kids;
    size_t n_kids;
    struct node *any;
    char *param;  // name, of a parameter node
    struct {
        char method[8];
        http_target target;
    } * ends;
    size_t n_ends;
} node;

struct http_router {
    node root;
};

http_router *http_router_create(void)
{
    return vg_alloc(sizeof(http_router));
}

static void node_done(node *n)
{
    for (size_t i = 0; i < n->n_kids; i++) {
        node_done(n->kids[i]);
        free(n->kids[i]);
    }
    if (n->any) {
        node_done(n->any);
        free(n->any);
    }
    free(n->kids);
    free(n->ends);
    free(n->segment);
    free(n->param);
}

void http_router_destroy(http_router *r)
{
    if (r) {
        node_done(&r->root);
        free(r);
    }
}

static int compare(vg_str a, const char *z)
{
    const size_t nz = strlen(z);
    const int c = memcmp(a.p, z, a.n < nz ? a.n : nz);
    return c ? c : (a.n > nz) - (a.n < nz);
}

// Index of the first child not before s.
static size_t lower_bound(const node *n, vg_str s)
{
    size_t lo = 0, hi = n->n_kids;
    while (lo < hi) {
        const size_t mid = (lo + hi) / 2;
        if (compare(s, n->kids[mid]->segment) > 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

static node *find_kid(const node *n, vg_str s)
{
    const size_t i = lower_bound(n, s);
    return i < n->n_kids && vg_str_eqc(s, n->kids[i]->segment) ? n->kids[i] : NULL;
}

static char *copy(vg_str s)
{
    char *z = vg_alloc(s.n + 1);
    memcpy(z, s.p, s.n);
    return z;
}

static node *add_kid(node *n, vg_str s)
{
    if (s.n > 2 && s.p[0] == '{') {
        if (!n->any) {
            n->any = vg_alloc(sizeof *n->any);
            n->any->param = copy((vg_str){s.p + 1, s.n - 2});
        }
        return n->any;
    }
    const size_t at = lower_bound(n, s);
    n->kids = vg_realloc(n->kids, (n->n_kids + 1) * sizeof *n->kids);
    memmove(n->kids + at + 1, n->kids + at, (n->n_kids - at) * sizeof *n->kids);
    n->n_kids++;
    n->kids[at] = vg_alloc(sizeof(node));
    n->kids[at]->segment = copy(s);
    return n->kids[at];
}

static vg_str next_segment(vg_str *rest)
{
    const vg_str s = {rest->p + 1, rest->n - 1};  // after the '/'
    const char *end = s.n ? memchr(s.p, '/', s.n) : NULL;
    const size_t n = end ? (size_t)(end - s.p) : s.n;
    *rest = (vg_str){s.p + n, s.n - n};
    return (vg_str){s.p, n};
}

static node *descend(node *n, vg_str path)
{
    while (path.n > 1) {
        const vg_str s = next_segment(&path);
        node *kid = s.p[0] == '{' ? n->any : find_kid(n, s);
        n = kid ? kid : add_kid(n, s);
    }
    return n;
}

vg_status http_router_add(http_router *r, const char *base, const char *route, http_target t,
                          vg_err *err)
{
    const char *space = strchr(route, ' ');
    if (!space || space[1] != '/' || space - route >= 8) {
        return vg_fail(err, VG_EINVALID, "", NULL, "route %s", route);
    }
    node *n = descend(descend(&r->root, vg_str_c(base)), vg_str_c(space + 1));
    const vg_str method = {route, (size_t)(space - route)};
    for (size_t i = 0; i < n->n_ends; i++) {
        if (vg_str_eqc(method, n->ends[i].method)) {
            return vg_fail(err, VG_ECONFLICT, "", NULL, "route %s", route);
        }
    }
    n->ends = vg_realloc(n->ends, (n->n_ends + 1) * sizeof *n->ends);
    memset(&n->ends[n->n_ends], 0, sizeof *n->ends);
    memcpy(n->ends[n->n_ends].method, method.p, method.n);
    n->ends[n->n_ends++].target = t;
    return VG_OK;
}

static const node *walk(const http_router *r, vg_str path, http_match *m)
{
    const node *n = &r->root;
    path.n = path.n == 1 ? 0 : path.n;  // "/" is the root; any other last slash opens a segment
    while (n && path.n) {
        const vg_str s = next_segment(&path);
        const node *kid = find_kid(n, s);
        if (!kid && n->any && s.n && m->n_params < HTTP_MAX_PARAMS) {
            kid = n->any;
            m->param[m->n_params].name = kid->param;
            m->param[m->n_params++].value = s;
        }
        n = kid;
    }
    return n;
}

vg_status http_router_find(const http_router *r, vg_str method, vg_str path, http_match *ret)
{
    *ret = (http_match){0};
    const node *n = walk(r, path, ret);
    if (!n || !n->n_ends) {
        return VG_ENOTFOUND;
    }
    size_t at = 0;
    for (size_t i = 0; i < n->n_ends; i++) {
        if (vg_str_eqc(method, n->ends[i].method)) {
            ret->target = n->ends[i].target;
            return VG_OK;
        }
        const int w = snprintf(ret->allow + at, sizeof ret->allow - at, "%s%s", i ? ", " : "",
                               n->ends[i].method);
        at = at + (size_t)w < sizeof ret->allow ? at + (size_t)w : sizeof ret->allow - 1;
    }
    return VG_EGONE;
}

vg_str http_match_param(const http_match *m, const char *name)
{
    for (size_t i = 0; i < m->n_params; i++) {
        if (strcmp(m->param[i].name, name) == 0) {
            return m->param[i].value;
        }
    }
    return (vg_str){"", 0};
}
