// SPDX-License-Identifier: Apache-2.0
// What the engine's tests share: files of the tree, a collecting sink, and comparing with the reference.
#pragma once

#include "engine/reference_run.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static inline char *help_slurp(const char *path, size_t *ret_n)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        return NULL;
    }
    vg_buf b;
    vg_buf_init(&b, (size_t)1 << 30);
    char chunk[65536];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;) {
        vg_buf_add(&b, chunk, n);
    }
    fclose(f);
    *ret_n = b.n;
    vg_buf_z(&b);
    return b.p;
}

static inline char *help_file(const char *name, size_t *ret_n)  // relative to the tree
{
    const char *root = getenv("VG_ROOT");
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", root ? root : ".", name);
    return help_slurp(path, ret_n);
}

static inline vg_ruleset *help_rules_of(const char *name, vg_str yaml)
{
    vg_ruleset *set = vg_ruleset_create((vg_texts){0});
    vg_err err = {0};
    if (vg_ruleset_add(set, name, yaml, &err) != VG_OK || vg_ruleset_finish(set, &err) != VG_OK) {
        fail_msg("%s: %s %s %s", name, err.key, err.field, err.detail);
    }
    return set;
}

static inline vg_ruleset *help_rules(const char *name)
{
    size_t n = 0;
    char *yaml = help_file(name, &n);
    assert_non_null(yaml);
    vg_ruleset *set = help_rules_of(name, (vg_str){yaml, n});
    free(yaml);
    return set;
}

static inline vg_engine *help_engine(const vg_ruleset *set, vg_names *names, vg_engine_opts opts)
{
    vg_engine *e = NULL;
    vg_err err = {0};
    if (vg_engine_create(set, names, &opts, &e, &err) != VG_OK) {
        fail_msg("%s %s", vg_status_name(err.code), err.detail);
    }
    return e;
}

typedef struct help_got {  // collects; a is the engine for the ids
    ref_out out;
    const vg_engine *e;
    vg_cmd_id *ids;
    size_t cap_ids, repeats, late, full;
} help_got;

static inline void help_take(help_got *g, const vg_alert *a, ref_what what)
{
    if (g->out.n == g->out.cap) {
        g->out.cap = g->out.cap ? g->out.cap * 2 : 256;
        g->out.v = vg_realloc(g->out.v, g->out.cap * sizeof *g->out.v);
        g->ids = vg_realloc(g->ids, g->out.cap * sizeof *g->ids);
    }
    assert_in_range(a->n_evidence, 1, VG_RULE_COUNT_MAX);
    g->ids[g->out.n] = g->e ? vg_alert_id(g->e, a) : (vg_cmd_id){{0}};
    ref_alert *r = &g->out.v[g->out.n++];
    memset(r, 0, sizeof *r);
    r->rule = a->rule;
    r->what = what;
    r->level = a->level;
    r->key = a->key;
    r->t = a->t;
    r->count = a->count;
    r->n_evidence = (uint32_t)a->n_evidence;
    memcpy(r->evidence, a->evidence, a->n_evidence * sizeof *a->evidence);
}

static inline void help_on_alert(void *ctx, const vg_alert *a)
{
    help_take(ctx, a, REF_ALERT);
}

static inline void help_on_change(void *ctx, const vg_alert *a, vg_alert_change what)
{
    help_take(ctx, a, what == VG_ESCALATED ? REF_ESCALATED : REF_RECOVERED);
}

static inline void help_on_excused(void *ctx, const vg_alert *a)
{
    help_take(ctx, a, REF_EXCUSED);
}

static inline void help_on_repeat(void *ctx, const vg_alert *a)
{
    (void)a;
    ((help_got *)ctx)->repeats++;
}

static inline void help_on_late(void *ctx, const vg_record *r)
{
    (void)r;
    ((help_got *)ctx)->late++;
}

static inline void help_on_full(void *ctx, uint32_t rule, const vg_record *r)
{
    (void)rule;
    (void)r;
    ((help_got *)ctx)->full++;
}

static inline vg_engine_sink help_sink(help_got *g)
{
    return (vg_engine_sink){.ctx = g,
                            .alert = help_on_alert,
                            .repeat = help_on_repeat,
                            .change = help_on_change,
                            .excused = help_on_excused,
                            .late = help_on_late,
                            .full = help_on_full};
}

static inline void help_got_done(help_got *g)
{
    free(g->out.v);
    free(g->ids);
    *g = (help_got){0};
}

static inline bool help_same(const ref_alert *x, const ref_alert *y, bool keys)
{
    return x->rule == y->rule && x->what == y->what && x->t == y->t && x->level == y->level &&
           (x->what != REF_ALERT || x->count == y->count) && x->n_evidence == y->n_evidence &&
           (!keys || memcmp(&x->key, &y->key, sizeof x->key) == 0) &&
           memcmp(x->evidence, y->evidence, x->n_evidence * sizeof *x->evidence) == 0;
}

// Fails with the first difference; keys are ids and comparable only under the same names.
static inline void help_compare(const vg_ruleset *set, const ref_out *want, const ref_out *got,
                                bool keys, const char *what)
{
    for (size_t i = 0; i < want->n && i < got->n; i++) {
        const ref_alert *w = &want->v[i], *g = &got->v[i];
        if (!help_same(w, g, keys)) {
            fail_msg("%s: alert %zu: want %s/%d t=%lld opening %lld (%u), got %s/%d t=%lld opening "
                     "%lld (%u)",
                     what, i, set->rules[w->rule].name, (int)w->what, (long long)w->t,
                     (long long)w->evidence[0].seq, w->n_evidence, set->rules[g->rule].name,
                     (int)g->what, (long long)g->t, (long long)g->evidence[0].seq, g->n_evidence);
        }
    }
    if (want->n != got->n) {
        fail_msg("%s: %zu alerts wanted, %zu got", what, want->n, got->n);
    }
}
