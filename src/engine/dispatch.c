// SPDX-License-Identifier: Apache-2.0
// From (site, kind) to the places in rules an event can go to. Hooks that hold everywhere are a plain
// array by kind; hooks bound to sites are found by one hash look-up, so a thousand rules for a thousand
// sites cost an event no more than one. Both runs are sorted by (rule, use, last step first):
// the order in which one event is offered is part of the answer.
#include "engine/engine_impl.h"

typedef struct pair {  // one hook under one (site, kind); site 0 = every site
    uint32_t site, kind;
    hook h;
} pair;

typedef struct draft {
    pair *v;
    size_t n, cap, n_ids;
    uint32_t *ids;
    const vg_ruleset *set;
    vg_engine_run run;
    vg_names *names;
} draft;

enum { HOOKS_MAX = 1 << 22 };

static int by_place(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    const uint64_t kx[] = {x->site, x->kind, x->h.rule, x->h.use, UINT16_MAX - x->h.step};
    const uint64_t ky[] = {y->site, y->kind, y->h.rule, y->h.use, UINT16_MAX - y->h.step};
    for (size_t i = 0; i < VG_LEN(kx); i++) {
        if (kx[i] != ky[i]) {
            return kx[i] < ky[i] ? -1 : 1;
        }
    }
    return 0;
}

static vg_status intern(draft *d, vg_space space, const char *word, uint32_t *ret, vg_err *err)
{
    const uint32_t id = vg_intern_id(d->names->of[space], vg_str_c(word));
    if (id == VG_INTERN_FULL) {
        return vg_fail(err, VG_ETOOBIG, word, NULL, "%s", word);
    }
    *ret = id;
    return VG_OK;
}

static vg_status id_list(draft *d, vg_space space, vg_texts t, const uint32_t **ret,
                         uint32_t *ret_n, vg_err *err)
{
    *ret = d->ids + d->n_ids;
    *ret_n = (uint32_t)t.n;
    for (size_t i = 0; i < t.n; i++) {
        VG_TRY(intern(d, space, t.v[i], &d->ids[d->n_ids++], err));
    }
    return VG_OK;
}

static vg_status add_pair(draft *d, const vg_rule_event *e, size_t site, size_t kind, const hook *h,
                          vg_err *err)
{
    pair p = {.h = *h};
    if (d->n >= HOOKS_MAX) {
        return vg_fail(err, VG_ETOOBIG, e->name, NULL, "%s", e->name);
    }
    if (e->sites.n) {
        VG_TRY(intern(d, VG_SITE, e->sites.v[site], &p.site, err));
    }
    VG_TRY(intern(d, VG_KIND, e->kinds.v[kind], &p.kind, err));
    if (d->n == d->cap) {
        d->cap = d->cap ? d->cap * 2 : 64;
        d->v = vg_realloc(d->v, d->cap * sizeof *d->v);
    }
    d->v[d->n++] = p;
    return VG_OK;
}

static vg_status add_event(draft *d, uint32_t event, hook h, vg_err *err)
{
    const vg_rule_event *e = &d->set->events[event];
    h.verbs = e->verbs;
    h.authenticated |= e->authenticated;
    h.where = e->where;
    VG_TRY(id_list(d, VG_ZONE, e->zones, &h.zones, &h.n_zones, err));
    VG_TRY(id_list(d, VG_DEVICE, e->devices, &h.devices, &h.n_devices, err));
    for (size_t s = 0; s < (e->sites.n ? e->sites.n : 1); s++) {
        for (size_t k = 0; k < e->kinds.n; k++) {
            VG_TRY(add_pair(d, e, s, k, &h, err));
        }
    }
    return VG_OK;
}

typedef struct part {  // one list of events of a rule, and what they are to it
    const uint32_t *v;
    size_t n;
    hook_use use;
} part;

enum { PARTS = 4 };

static void parts_of(const vg_rule *r, part ret[PARTS])
{
    ret[0] = (part){r->events, r->n_events, USE_STEP};
    ret[1] = (part){r->clears, r->n_clears, USE_CLEAR};
    ret[2] = (part){r->stage.excuses, r->stage.n_excuses, USE_EXCUSE};
    ret[3] = (part){r->stage.recovers, r->stage.n_recovers, USE_RECOVER};
}

static bool runs(const draft *d, const vg_rule *r)
{
    return d->run == VG_RUN_ALL || r->across == (d->run == VG_RUN_ACROSS);
}

static vg_status add_rules(draft *d, vg_err *err)
{
    for (uint32_t i = 0; i < d->set->n_rules; i++) {
        part parts[PARTS];
        parts_of(&d->set->rules[i], parts);
        for (size_t p = 0; runs(d, &d->set->rules[i]) && p < PARTS; p++) {
            for (uint16_t step = 0; step < parts[p].n; step++) {
                // Only what is proven by a key may clear, excuse or end.
                const hook h = {.rule = i,
                                .step = parts[p].use == USE_STEP ? step : 0,
                                .use = parts[p].use,
                                .authenticated = parts[p].use != USE_STEP};
                VG_TRY(add_event(d, parts[p].v[step], h, err));
            }
        }
    }
    return VG_OK;
}

static size_t count_ids(const vg_ruleset *set)
{
    size_t n = 1;
    for (size_t i = 0; i < set->n_rules; i++) {
        part parts[PARTS];
        parts_of(&set->rules[i], parts);
        for (size_t p = 0; p < PARTS; p++) {
            for (size_t k = 0; k < parts[p].n; k++) {
                const vg_rule_event *e = &set->events[parts[p].v[k]];
                n += e->zones.n + e->devices.n;
            }
        }
    }
    return n;
}

static uint32_t bucket_hash(uint64_t key)
{
    return (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 32);
}

static hook_range *bucket(const dispatch *d, uint64_t key, bool add)
{
    for (uint32_t i = bucket_hash(key) & d->sites_mask;; i = (i + 1) & d->sites_mask) {
        hook_bucket *b = &d->sites[i];
        if (b->key == 0 && add) {
            b->key = key;
        }
        if (b->key == key) {
            return &b->range;
        }
        if (b->key == 0) {
            return NULL;
        }
    }
}

// Ranges over the sorted hooks: all of one (site, kind) stand together.
static void index_hooks(dispatch *d, const draft *dr)
{
    d->hooks = vg_alloc((dr->n + 1) * sizeof *d->hooks);
    d->n_hooks = dr->n;
    d->n_kinds = vg_intern_count(dr->names->of[VG_KIND]) + 1;
    d->any = vg_alloc(d->n_kinds * sizeof *d->any);
    d->bound = vg_alloc(d->n_kinds * sizeof *d->bound);
    d->timed = vg_alloc(d->n_kinds * sizeof *d->timed);
    for (d->sites_mask = 15; d->sites_mask < 2 * dr->n; d->sites_mask = d->sites_mask * 2 + 1) {
    }
    d->sites = vg_alloc(((size_t)d->sites_mask + 1) * sizeof *d->sites);
    for (uint32_t i = 0; i < dr->n; i++) {
        const pair *p = &dr->v[i];
        d->hooks[i] = p->h;
        d->bound[p->kind] |= p->site != 0;
        d->timed[p->kind] |= dr->set->rules[p->h.rule].type == VG_RULE_ABSENCE;
        hook_range *range =
            p->site ? bucket(d, (uint64_t)p->site << 16 | p->kind, true) : &d->any[p->kind];
        range->start = range->n ? range->start : i;
        range->n++;
    }
}

vg_status dispatch_build(dispatch *d, const vg_ruleset *set, vg_engine_run run, vg_names *names,
                         vg_err *err)
{
    draft dr = {
        .set = set, .run = run, .names = names, .ids = vg_alloc(count_ids(set) * sizeof(uint32_t))};
    d->ids = dr.ids;
    const vg_status st = add_rules(&dr, err);
    if (st == VG_OK) {
        if (dr.n) {
            qsort(dr.v, dr.n, sizeof *dr.v, by_place);
        }
        index_hooks(d, &dr);
    }
    free(dr.v);
    return st;
}

void dispatch_done(dispatch *d)
{
    free(d->hooks);
    free(d->any);
    free(d->bound);
    free(d->timed);
    free(d->sites);
    free(d->ids);
}

hook_range dispatch_at(const dispatch *d, uint32_t site, uint32_t kind)
{
    const hook_range *r = site ? bucket(d, (uint64_t)site << 16 | kind, false) : NULL;
    return r ? *r : (hook_range){0, 0};
}
