// SPDX-License-Identifier: Apache-2.0
// The set of rules: keeps documents, resolves names over all files once, and gives each rule a version:
// the hash of its resolved content in a fixed spelling, so that layout, comments and the order of keys
// do not make a new version while any change of meaning or text does.
#include "base/yaml.h"
#include "engine/ask.h"
#include "engine/rule_impl.h"

enum { SET_BYTES = 16 << 20, CANON_BYTES = 1 << 20 };

struct vg_rule_refs {
    rule_refs refs;
};

vg_ruleset *vg_ruleset_create(vg_texts known_kinds)
{
    vg_ruleset *set = vg_alloc(sizeof *set);
    set->arena = vg_arena_create(SET_BYTES);
    set->known_kinds = known_kinds;
    (void)ask_schema(set->arena, NULL, 0, &set->schema);
    return set;
}

vg_status vg_ruleset_facts(vg_ruleset *set, const vg_xname *facts, size_t n, vg_err *err)
{
    return ask_schema(set->arena, facts, n, &set->schema)
               ? VG_OK
               : vg_fail(err, VG_ETOOBIG, "", NULL, "facts");
}

void vg_ruleset_destroy(vg_ruleset *set)
{
    if (set) {
        vg_arena_destroy(set->arena);
        free(set->rules);
        free(set->events);
        free(set->refs);
        free(set);
    }
}

size_t vg_ruleset_find(const vg_ruleset *set, const char *name)
{
    for (size_t i = 0; i < set->n_rules; i++) {
        if (!set->rules[i].shadow && strcmp(set->rules[i].name, name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static size_t find_event(const vg_ruleset *set, const char *name)
{
    for (size_t i = 0; i < set->n_events; i++) {
        if (strcmp(set->events[i].name, name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

bool vg_rule_portable(const vg_rule *r)
{
    static const bool sigma[] = {
#define X(name, text, portable) portable,
        VG_RULE_TYPES(X)
#undef X
    };
    return sigma[r->type];
}

static void put_list(vg_buf *b, const char *key, vg_texts t)
{
    for (size_t i = 0; i < t.n; i++) {
        vg_buf_f(b, "%s=%zu:%s\n", key, strlen(t.v[i]), t.v[i]);
    }
}

static void put_event(vg_buf *b, const vg_ruleset *set, const vg_rule_event *e)
{
    vg_buf_f(b, "=%s verbs=%x auth=%d\n", e->name, e->verbs, e->authenticated);
    if (e->alerts) {  // so that a change of the cited rule is one of this rule too
        vg_buf_f(b, " version=%s\n", set->rules[vg_ruleset_find(set, e->name)].version);
    }
    if (e->where) {
        vg_buf_c(b, " where=");
        vg_expr_print(e->where, b);
        vg_buf_ch(b, '\n');
    }
    put_list(b, " kind", e->kinds);
    put_list(b, " site", e->sites);
    put_list(b, " zone", e->zones);
    put_list(b, " device", e->devices);
}
static void put_events(vg_buf *b, const char *key, const vg_ruleset *set, const uint32_t *v,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        vg_buf_c(b, key);
        put_event(b, set, &set->events[v[i]]);
    }
}

static vg_status new_name(const vg_ruleset *set, const char *name, const char *file, size_t line,
                          vg_err *err)
{
    if (find_event(set, name) != SIZE_MAX || vg_ruleset_find(set, name) != SIZE_MAX) {
        return vg_fail(err, VG_EINVALID, name, "engine.err.name_twice", "%s:%zu", file, line);
    }
    if (set->n_events >= RULES_MAX || set->n_rules >= RULES_MAX) {
        return vg_fail(err, VG_ETOOBIG, name, "engine.err.too_many_rules", "%s:%zu", file, line);
    }
    return VG_OK;
}

// Two event documents of one name that mean the same.
static bool same_event(const vg_ruleset *set, const vg_rule_event *a, const vg_rule_event *b)
{
    vg_buf x, y;
    vg_buf_init(&x, CANON_BYTES);
    vg_buf_init(&y, CANON_BYTES);
    put_event(&x, set, a);
    put_event(&y, set, b);
    const bool same = vg_str_eq(vg_buf_str(&x), vg_buf_str(&y));
    vg_buf_done(&x);
    vg_buf_done(&y);
    return same;
}

bool vg_rule_staged(const vg_rule *r)
{
    return r->stage.n_excuses || r->stage.n_recovers;
}

vg_status rule_set_add_event(vg_ruleset *set, const vg_rule_event *e, const char *file, size_t line,
                             vg_err *err)
{
    const size_t known = set->replacing ? find_event(set, e->name) : SIZE_MAX;
    if (known != SIZE_MAX && same_event(set, &set->events[known], e)) {
        return VG_OK;
    }
    VG_TRY(new_name(set, e->name, file, line, err));
    for (size_t i = 0; set->known_kinds.n && i < e->kinds.n; i++) {
        uint32_t which = 0;
        VG_TRY(vg_yaml_one_of(file, line, e->kinds.v[i], set->known_kinds.v, set->known_kinds.n,
                              &which, err));
    }
    if (set->n_events == set->cap_events) {
        set->cap_events = set->cap_events ? set->cap_events * 2 : 16;
        set->events = vg_realloc(set->events, set->cap_events * sizeof *set->events);
    }
    set->events[set->n_events++] = *e;
    return VG_OK;
}

vg_status rule_set_add_rule(vg_ruleset *set, const vg_rule *r, const rule_refs *refs, vg_err *err)
{
    if (set->replacing) {
        if (strcmp(r->name, set->replacing) != 0 || set->replaced++) {
            return vg_fail(err, VG_EINVALID, r->name, "engine.err.one_rule", "%s:%zu", r->file,
                           r->line);
        }
        const size_t at = set->replacing_shadow ? SIZE_MAX : vg_ruleset_find(set, r->name);
        if (at != SIZE_MAX) {
            set->rules[at] = *r;
            set->refs[at].refs = *refs;
            return VG_OK;
        }
    }
    if (!set->replacing_shadow) {
        VG_TRY(new_name(set, r->name, r->file, r->line, err));
    }
    if (set->n_rules == set->cap_rules) {
        set->cap_rules = set->cap_rules ? set->cap_rules * 2 : 16;
        set->rules = vg_realloc(set->rules, set->cap_rules * sizeof *set->rules);
        set->refs = vg_realloc(set->refs, set->cap_rules * sizeof *set->refs);
    }
    set->refs[set->n_rules].refs = *refs;
    set->rules[set->n_rules] = *r;
    set->rules[set->n_rules++].shadow = set->replacing_shadow;
    return VG_OK;
}

vg_status vg_ruleset_replace(vg_ruleset *set, const char *name, vg_str yaml, bool shadow,
                             vg_err *err)
{
    set->replacing = name;
    set->replacing_shadow = shadow;
    set->replaced = 0;
    const vg_status st = vg_ruleset_add(set, name, yaml, err);
    set->replacing = NULL;
    set->replacing_shadow = false;
    if (st == VG_OK && set->replaced == 0) {
        return vg_fail(err, VG_EINVALID, name, "engine.err.one_rule", "%s:1", name);
    }
    return st;
}

// --- resolving ----------------------------------------------------------------------------------
// The event that stands for the alerts of a rule, made when one first cites it. SIZE_MAX: no room.
static size_t alerts_as_event(vg_ruleset *set, size_t rule)
{
    vg_rule *r = &set->rules[rule];
    const char **kind = vg_arena_get(set->arena, sizeof *kind);
    const vg_str text = vg_str_f(set->arena, "alert:%s", r->name);
    if (!kind || !text.p || set->n_events >= 2 * RULES_MAX) {
        return SIZE_MAX;
    }
    *kind = text.p;
    if (set->n_events == set->cap_events) {
        set->cap_events *= 2;  // a rule stands on an event: it is not 0
        set->events = vg_realloc(set->events, set->cap_events * sizeof *set->events);
    }
    r->cited = true;
    set->events[set->n_events] = (vg_rule_event){
        .name = r->name, .alerts = true, .kinds = {kind, 1}, .verbs = 1 << VG_VERB_RAISE};
    return set->n_events++;
}

static vg_status resolve_list(vg_ruleset *set, const vg_rule *r, vg_texts names, uint32_t *into,
                              size_t *into_n, vg_err *err)
{
    for (size_t i = 0; i < names.n; i++) {
        size_t at = find_event(set, names.v[i]);
        const size_t rule = at == SIZE_MAX ? vg_ruleset_find(set, names.v[i]) : SIZE_MAX;
        if (rule != SIZE_MAX && set->rules[rule].across && !r->across) {
            return vg_fail(err, VG_EINVALID, names.v[i], "engine.err.cites_across", "%s:%zu",
                           r->file, r->line);
        }
        if (rule != SIZE_MAX) {
            at = alerts_as_event(set, rule);
        }
        if (at == SIZE_MAX) {
            return vg_fail(err, VG_EINVALID, names.v[i], "engine.err.no_such_event", "%s:%zu",
                           r->file, r->line);
        }
        into[i] = (uint32_t)at;
    }
    *into_n = names.n;
    return VG_OK;
}

static vg_status resolve(vg_ruleset *set, size_t i, vg_err *err)
{
    vg_rule *r = &set->rules[i];
    const rule_refs *refs = &set->refs[i].refs;
    vg_rule_stage *s = &r->stage;
    VG_TRY(resolve_list(set, r, refs->events, r->events, &r->n_events, err));
    VG_TRY(resolve_list(set, r, refs->clears, r->clears, &r->n_clears, err));
    VG_TRY(resolve_list(set, r, refs->excuses, s->excuses, &s->n_excuses, err));
    return resolve_list(set, r, refs->recovers, s->recovers, &s->n_recovers, err);
}

// --- strata -------------------------------------------------------------------------------------
typedef struct citing {  // the lists in which a rule may cite another
    const uint32_t *v;
    size_t n;
} citing;

static bool raise_over(vg_ruleset *set, vg_rule *r)
{
    const citing lists[] = {{r->events, r->n_events},
                            {r->clears, r->n_clears},
                            {r->stage.excuses, r->stage.n_excuses},
                            {r->stage.recovers, r->stage.n_recovers}};
    const uint32_t before = r->stratum;
    for (size_t l = 0; l < VG_LEN(lists); l++) {
        for (size_t i = 0; i < lists[l].n; i++) {
            const vg_rule_event *e = &set->events[lists[l].v[i]];
            const size_t cited = e->alerts ? vg_ruleset_find(set, e->name) : SIZE_MAX;
            if (cited != SIZE_MAX && set->rules[cited].stratum >= r->stratum) {
                r->stratum = set->rules[cited].stratum + 1;
            }
        }
    }
    return r->stratum != before;
}

// Raises every rule over what it cites until nothing moves; higher than there are strata is a circle.
static vg_status strata(vg_ruleset *set, vg_err *err)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t i = 0; i < set->n_rules; i++) {
            vg_rule *r = &set->rules[i];
            moved |= raise_over(set, r);
            if (r->stratum > STRATA_MAX) {
                return vg_fail(err, VG_EINVALID, r->name, "engine.err.circle", "%s:%zu", r->file,
                               r->line);
            }
        }
    }
    return VG_OK;
}

// --- versions -----------------------------------------------------------------------------------
static void put_fields(vg_buf *b, const char *key, const vg_rule_field *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        vg_buf_f(b, "%s=%s\n", key, vg_field_text(v[i]));
    }
}

// Nothing is written of what a rule does not use, so that its version outlives new keys of the language.
static void put_stage(vg_buf *b, const vg_ruleset *set, const vg_rule *r)
{
    const vg_rule_stage *s = &r->stage;
    vg_buf_c(b, r->across ? "across=sites\n" : "");
    if (r->type == VG_RULE_DISTINCT) {
        vg_buf_f(b, "distinct=%s\n", vg_field_text(r->distinct));
    }
    if (r->type == VG_RULE_RATE) {
        vg_buf_f(b, "ratio=%.6g threshold=%.6g\n", r->ratio, r->threshold);
    }
    if (vg_rule_staged(r)) {
        vg_buf_f(b, "before=%lld after=%lld hold=%lld\n", (long long)s->before_us,
                 (long long)s->after_us, (long long)s->hold_us);
    }
    put_events(b, "unless", set, s->excuses, s->n_excuses);
    put_events(b, "recovery", set, s->recovers, s->n_recovers);
    for (size_t i = 0; i < s->n_rungs; i++) {
        vg_buf_f(b, "rung=%s %lld\n", vg_rule_level_text(s->rungs[i].level),
                 (long long)s->rungs[i].after_us);
    }
}

static void canonical(vg_buf *b, const vg_ruleset *set, const vg_rule *r)
{
    vg_buf_f(
        b,
        "vonggac-rule 1\nname=%s\ntitle=%s\ntitle-en=%s\nlevel=%s\ntype=%s\nspan=%lld\ncount=%u\n",
        r->name, r->title, r->title_en ? r->title_en : "", vg_rule_level_text(r->level),
        vg_rule_type_text(r->type), (long long)r->span_us, r->count);
    vg_buf_f(b, "pick=%d consume=%d refire=%d window=%d keep=%d hold=%d\nactive=", (int)r->pick,
             r->consume, (int)r->refire, (int)r->window, r->keep_count, r->hold_offline);
    if (r->active_when) {
        vg_expr_print(r->active_when, b);
    }
    vg_buf_f(b, "\nsituation=%s\n", r->situation ? r->situation : "");
    put_stage(b, set, r);
    put_fields(b, "by", r->group, r->n_group);
    put_fields(b, "incident", r->incident_key, r->n_incident_key);
    put_events(b, "on", set, r->events, r->n_events);
    put_events(b, "clear", set, r->clears, r->n_clears);
}

// Lower strata first: a version covers the versions of the rules it cites.
static vg_status versions(vg_ruleset *set, vg_err *err)
{
    vg_buf b, all;
    vg_buf_init(&b, CANON_BYTES);
    vg_buf_init(&all, CANON_BYTES);
    for (uint32_t stratum = 0; stratum <= STRATA_MAX; stratum++) {
        for (size_t i = 0; i < set->n_rules; i++) {
            if (set->rules[i].stratum != stratum) {
                continue;
            }
            unsigned char hash[VG_HASH_BYTES];
            vg_buf_reset(&b);
            canonical(&b, set, &set->rules[i]);
            vg_hash(vg_buf_str(&b).p, b.n, hash);
            vg_hex(hash, (VG_RULE_VERSION - 1) / 2, set->rules[i].version);
            vg_buf_add(&all, hash, sizeof hash);
        }
    }
    const bool failed = b.failed || all.failed;
    vg_hash(vg_buf_str(&all).p, all.n, set->hash);
    vg_buf_done(&b);
    vg_buf_done(&all);
    return failed ? vg_fail(err, VG_ETOOBIG, "", "engine.err.too_many_rules", "%zu", set->n_rules)
                  : VG_OK;
}

vg_status vg_ruleset_finish(vg_ruleset *set, vg_err *err)
{
    for (size_t i = 0; i < set->n_rules; i++) {
        VG_TRY(resolve(set, i, err));
    }
    VG_TRY(strata(set, err));
    return versions(set, err);
}
