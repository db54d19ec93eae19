// SPDX-License-Identifier: Apache-2.0
// The rules in force, generation by generation, and the logs that run under them. A generation is what was in
// force from one event of the node's log to the next change: the shipped rules and those of DATA/rules, and
// over them the node's own, which replace rules of the same name. Each log changes over when it has read that
// far, so a replay of the journal changes over at the same events. One thread at a time.
#include "domain/alerts/brain_impl.h"

#include <assert.h>
#include <dirent.h>

enum { RULE_FILE_MAX = 1 << 20 };

static const char *const kinds[] = {
#define X(name, urgency) #name,
#include "core/signal_kinds.def"
#undef X
    "source_silent",  "source_clock_off", "link_down",  "line_test_failed",  "gate_queue_fork",
    "gate_queue_gap", "gate_ban_missed",  "gate_alone", "gate_contradicted", "gate_unescorted",
};

const char *const *alerts_brain_kinds(size_t *ret_n)
{
    *ret_n = VG_LEN(kinds);
    return kinds;
}

// --- files --------------------------------------------------------------------------------------
static bool is_yaml(const char *name)
{
    const size_t n = strlen(name);
    return n > 5 && name[0] != '.' && strcmp(name + n - 5, ".yaml") == 0;
}

static vg_status add_file(vg_ruleset *set, const char *dir, const char *name, vg_err *err)
{
    char path[512];
    vg_buf text;
    char piece[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "re");
    if (!f) {
        return vg_fail(err, VG_EIO, "", NULL, "%s", name);
    }
    vg_buf_init(&text, RULE_FILE_MAX);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;) {
        vg_buf_add(&text, piece, n);
    }
    const bool bad = ferror(f) || text.failed;
    fclose(f);
    const vg_status st = bad ? vg_fail(err, VG_ETOOBIG, "", NULL, "%s", name)
                             : vg_ruleset_add(set, name, vg_buf_str(&text), err);
    vg_buf_done(&text);
    return st;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static vg_status add_dir(vg_ruleset *set, const char *dir, vg_err *err)
{
    struct dirent **list = NULL;
    const int n = dir ? scandir(dir, &list, NULL, by_name) : 0;
    vg_status st = VG_OK;
    for (int i = 0; i < n; i++) {
        if (st == VG_OK && is_yaml(list[i]->d_name)) {
            st = add_file(set, dir, list[i]->d_name, err);
        }
        free(list[i]);
    }
    free(list);
    return st;
}

// --- generations --------------------------------------------------------------------------------
static vg_status add_texts(const alerts_brain *b, vg_ruleset *set, const own_rule *own,
                           size_t n_own, vg_err *err)
{
    VG_TRY(vg_ruleset_facts(set, b->facts, b->opts.n_facts, err));
    for (const vg_embedded *f = b->opts.shipped; f && f->name; f++) {
        VG_TRY(vg_ruleset_add(set, f->name, (vg_str){(const char *)f->data, f->size}, err));
    }
    VG_TRY(add_dir(set, b->opts.dir, err));
    for (size_t i = 0; i < n_own; i++) {
        VG_TRY(vg_ruleset_replace(set, own[i].name, vg_str_c(own[i].text), own[i].shadow, err));
    }
    return vg_ruleset_finish(set, err);
}

static vg_status load(const alerts_brain *b, const own_rule *own, size_t n_own, vg_ruleset **ret,
                      vg_err *err)
{
    vg_ruleset *set = vg_ruleset_create((vg_texts){kinds, VG_LEN(kinds)});
    const vg_status st = add_texts(b, set, own, n_own, err);
    if (st != VG_OK) {
        vg_ruleset_destroy(set);
        return st;
    }
    *ret = set;
    return VG_OK;
}

static void own_done(own_rule *own, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(own[i].name);
        free(own[i].version);
        free(own[i].text);
    }
    free(own);
}

static void add_generation(alerts_brain *b, const generation *g)
{
    if (b->n_gens == b->cap_gens) {
        b->cap_gens = b->cap_gens ? b->cap_gens * 2 : 4;
        b->gens = vg_realloc(b->gens, b->cap_gens * sizeof *b->gens);
    }
    b->gens[b->n_gens++] = *g;
}

static char *copy(vg_str s)
{
    char *z = vg_alloc(s.n + 1);
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    return z;
}

// A name has one version in force at most, and one in its shadow.
static bool gives_way(const own_rule *o, const alerts_own_rule *r)
{
    if (!vg_str_eqc(r->name, o->name)) {
        return false;
    }
    return vg_str_eqc(r->version, o->version) || (vg_str_eqc(r->state, "active") && !o->shadow) ||
           (vg_str_eqc(r->state, "shadow") && o->shadow);
}

// The own rules of the generation before, with this one put in, changed or taken out.
static own_rule *change_own(const generation *last, const alerts_own_rule *r, size_t *ret_n)
{
    own_rule *own = vg_alloc((last->n_own + 1) * sizeof *own);
    const bool shadow = vg_str_eqc(r->state, "shadow");
    size_t n = 0;
    for (size_t i = 0; i < last->n_own; i++) {
        const own_rule *o = &last->own[i];
        if (!gives_way(o, r)) {
            own[n++] = (own_rule){copy(vg_str_c(o->name)), copy(vg_str_c(o->version)),
                                  copy(vg_str_c(o->text)), o->shadow};
        }
    }
    if (shadow || vg_str_eqc(r->state, "active")) {
        own[n++] = (own_rule){copy(r->name), copy(r->version), copy(r->text), shadow};
    }
    *ret_n = n;
    return own;
}

vg_status alerts_brain_rules_change(alerts_brain *b, int64_t node_seq, const alerts_own_rule *r,
                                    vg_err *err)
{
    const generation *last = &b->gens[b->n_gens - 1];
    generation g = {.from = node_seq, .set = last->set};
    if (node_seq <= last->from) {
        return VG_OK;  // told before
    }
    g.own = change_own(last, r, &g.n_own);
    const vg_status st = load(b, g.own, g.n_own, &g.set, err);
    g.owned = st == VG_OK;
    if (st != VG_OK) {
        const alerts_own_rule none = {0};
        own_done(g.own, g.n_own);
        g.own = change_own(last, &none, &g.n_own);
    }
    add_generation(b, &g);
    return st;
}

size_t alerts_brain_sets(const alerts_brain *b)
{
    return b->n_gens;
}

// --- life ---------------------------------------------------------------------------------------
vg_status alerts_brain_create(const alerts_brain_opts *opts, alerts_brain **ret, vg_err *err)
{
    alerts_brain *b = vg_alloc(sizeof *b);
    generation first = {.owned = true};
    b->opts = *opts;
    b->facts = vg_alloc((opts->n_facts + 1) * sizeof *b->facts);
    if (opts->n_facts) {
        memcpy(b->facts, opts->facts, opts->n_facts * sizeof *b->facts);
    }
    b->opts.dir = opts->dir ? copy(vg_str_c(opts->dir)) : NULL;
    vg_names_init(&b->names);
    const vg_status st = load(b, NULL, 0, &first.set, err);
    if (st != VG_OK) {
        alerts_brain_destroy(b);
        return st;
    }
    add_generation(b, &first);
    *ret = b;
    return VG_OK;
}

static char *unconst(const char *z)
{
    char *p;
    memcpy(&p, &z, sizeof p);
    return p;
}

void alerts_brain_destroy(alerts_brain *b)
{
    if (!b) {
        return;
    }
    for (size_t i = 0; i < b->n_lanes; i++) {
        lane_destroy(b->lanes[i]);
    }
    for (size_t i = 0; i < b->n_gens; i++) {
        if (b->gens[i].owned) {
            vg_ruleset_destroy(b->gens[i].set);
        }
        own_done(b->gens[i].own, b->gens[i].n_own);
    }
    free(b->lanes);
    free(b->gens);
    free(b->facts);
    free(unconst(b->opts.dir));
    vg_names_done(&b->names);
    free(b);
}

// --- looking at rules ---------------------------------------------------------------------------
size_t alerts_brain_rules(const alerts_brain *b, size_t set)
{
    return b->gens[set].set->n_rules;
}

void alerts_brain_rule(const alerts_brain *b, size_t set, size_t i, alerts_rule *ret)
{
    const vg_rule *r = &b->gens[set].set->rules[i];
    *ret = (alerts_rule){.name = r->name,
                         .title_vi = vg_rule_title(r, VG_VI),
                         .title_en = vg_rule_title(r, VG_EN),
                         .level = vg_rule_level_text(r->level),
                         .situation = r->situation ? r->situation : "",
                         .version = r->version,
                         .file = r->file,
                         .shadow = r->shadow,
                         .across = r->across,
                         .span_us = r->span_us};
}

void alerts_brain_sentence(const alerts_brain *b, size_t set, size_t i, bool vietnamese,
                           vg_buf *out)
{
    vg_rule_explain(b->gens[set].set, i, vietnamese ? VG_VI : VG_EN, out);
}

void alerts_brain_cancel(const alerts_brain *b, size_t set, size_t i, bool vietnamese, vg_buf *out)
{
    vg_rule_cancel(b->gens[set].set, i, vietnamese ? VG_VI : VG_EN, out);
}

// --- lanes --------------------------------------------------------------------------------------
lane *brain_find(const alerts_brain *b, uint32_t log)
{
    for (size_t i = 0; i < b->n_lanes; i++) {
        if (b->lanes[i]->log == log) {
            return b->lanes[i];
        }
    }
    return NULL;
}

vg_status brain_lane(alerts_brain *b, uint32_t log, lane **ret, vg_err *err)
{
    *ret = brain_find(b, log);
    if (*ret) {
        return VG_OK;
    }
    VG_TRY(lane_create(b, log, 0, ret, err));
    if (b->n_lanes == b->cap_lanes) {
        b->cap_lanes = b->cap_lanes ? b->cap_lanes * 2 : 8;
        b->lanes = vg_realloc(b->lanes, b->cap_lanes * sizeof(lane *));
    }
    b->lanes[b->n_lanes++] = *ret;
    return VG_OK;
}

int64_t alerts_brain_node_seq(const alerts_brain *b, uint32_t log)
{
    const lane *l = brain_find(b, log);
    return l ? *alerts_facts_node_seq(l->facts) : 0;
}

vg_status alerts_brain_node_at(alerts_brain *b, uint32_t log, int64_t node_seq, vg_err *err)
{
    lane *l;
    VG_TRY(brain_lane(b, log, &l, err));
    size_t gen = 0;
    while (gen + 1 < b->n_gens && b->gens[gen + 1].from <= node_seq) {
        gen++;
    }
    *alerts_facts_node_seq(l->facts) = node_seq;
    return gen == l->gen ? VG_OK : lane_switch(l, gen, err);
}

size_t alerts_brain_set(const alerts_brain *b, uint32_t log)
{
    const lane *l = brain_find(b, log);
    return l ? l->gen : b->n_gens - 1;
}

bool alerts_brain_across(const alerts_brain *b)
{
    const lane *l = brain_find(b, ALERTS_ACROSS);
    for (size_t g = l ? l->gen : 0; g < b->n_gens; g++) {
        for (size_t i = 0; i < b->gens[g].set->n_rules; i++) {
            if (b->gens[g].set->rules[i].across) {
                return true;
            }
        }
    }
    return false;
}

static vg_status know_as(const lane *from, alerts_brain *to, vg_err *err)
{
    lane *l;
    vg_buf saved;
    VG_TRY(brain_lane(to, from->log, &l, err));
    vg_buf_init(&saved, (size_t)64 << 20);
    alerts_facts_save(from->facts, &saved);
    alerts_graph_save(from->graph, &saved);
    vg_str left = vg_buf_str(&saved);
    vg_status st = alerts_facts_restore(l->facts, &left, err);
    if (st == VG_OK) {
        st = alerts_graph_restore(l->graph, &left, err);
    }
    vg_buf_done(&saved);
    return st;
}

vg_status alerts_brain_like(const alerts_brain *b, uint32_t log, alerts_brain **ret, vg_err *err)
{
    const generation *g = &b->gens[alerts_brain_set(b, log)];
    alerts_brain_opts opts = b->opts;
    alerts_brain *like = NULL;
    opts.facts = b->facts;
    VG_TRY(alerts_brain_create(&opts, &like, err));
    vg_status st = VG_OK;
    for (size_t i = 0; st == VG_OK && i < g->n_own; i++) {
        const alerts_own_rule r = {vg_str_c(g->own[i].name), vg_str_c(g->own[i].version),
                                   g->own[i].shadow ? VG_S("shadow") : VG_S("active"),
                                   vg_str_c(g->own[i].text)};
        st = alerts_brain_rules_change(like, (int64_t)i + 1, &r, err);
    }
    const lane *l = brain_find(b, log);
    if (st == VG_OK && l) {
        st = know_as(l, like, err);
    }
    if (st == VG_OK) {
        st = alerts_brain_node_at(like, log, (int64_t)g->n_own, err);
    }
    if (st != VG_OK) {
        alerts_brain_destroy(like);
        return st;
    }
    *ret = like;
    return VG_OK;
}
