// SPDX-License-Identifier: Apache-2.0
// One engine per log, all of one rule set, fed on arrival (the fast lane). It turns names into the engine's
// numbers on the way in and back on the way out, and answers its questions about facts from what the same log
// (and the node's, merged by time) has said so far. One thread at a time.
#include "domain/alerts/brain.h"

#include "domain/alerts/facts.h"

#include "engine/engine.h"
#include "engine/explain.h"

#include <assert.h>
#include <dirent.h>

enum { RULE_FILE_MAX = 1 << 20, PROOFS_MAX = VG_RULE_COUNT_MAX + 8 };

typedef struct lane {
    uint32_t log;
    vg_engine *engine;
    alerts_facts *facts;
} lane;

struct alerts_brain {
    vg_ruleset *set;
    vg_xname *facts;
    size_t n_facts;
    vg_names names;
    lane *lanes;
    size_t n_lanes, cap_lanes;
};

static const char *const kinds[] = {
#define X(name, urgency) #name,
#include "core/signal_kinds.def"
#undef X
    "source_silent",
    "link_down",
    "line_test_failed",
};
static const char *const verbs[VG_VERB_N] = {
    [VG_VERB_RAISE] = "raise",   [VG_VERB_RESTORE] = "restore", [VG_VERB_ARM] = "arm",
    [VG_VERB_DISARM] = "disarm", [VG_VERB_BYPASS] = "bypass",   [VG_VERB_UNBYPASS] = "unbypass",
    [VG_VERB_TEST] = "test",     [VG_VERB_POLL] = "poll",       [VG_VERB_OTHER] = "other",
};

const char *const *alerts_brain_kinds(size_t *ret_n)
{
    *ret_n = VG_LEN(kinds);
    return kinds;
}

// --- rules --------------------------------------------------------------------------------------
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

static vg_status load_rules(alerts_brain *b, const vg_embedded *shipped, const char *dir,
                            vg_err *err)
{
    VG_TRY(vg_ruleset_facts(b->set, b->facts, b->n_facts, err));
    for (const vg_embedded *f = shipped; f && f->name; f++) {
        VG_TRY(vg_ruleset_add(b->set, f->name, (vg_str){(const char *)f->data, f->size}, err));
    }
    VG_TRY(add_dir(b->set, dir, err));
    return vg_ruleset_finish(b->set, err);
}

vg_status alerts_brain_create(const alerts_brain_opts *opts, alerts_brain **ret, vg_err *err)
{
    alerts_brain *b = vg_alloc(sizeof *b);
    b->n_facts = opts->n_facts;
    b->facts = vg_alloc((opts->n_facts + 1) * sizeof *b->facts);
    if (opts->n_facts) {
        memcpy(b->facts, opts->facts, opts->n_facts * sizeof *b->facts);
    }
    vg_names_init(&b->names);
    b->set = vg_ruleset_create((vg_texts){kinds, VG_LEN(kinds)});
    const vg_status st = load_rules(b, opts->shipped, opts->dir, err);
    if (st != VG_OK) {
        alerts_brain_destroy(b);
        return st;
    }
    *ret = b;
    return VG_OK;
}

void alerts_brain_destroy(alerts_brain *b)
{
    if (b) {
        for (size_t i = 0; i < b->n_lanes; i++) {
            vg_engine_destroy(b->lanes[i].engine);
            alerts_facts_destroy(b->lanes[i].facts);
        }
        free(b->lanes);
        free(b->facts);
        vg_names_done(&b->names);
        vg_ruleset_destroy(b->set);
        free(b);
    }
}

size_t alerts_brain_rules(const alerts_brain *b)
{
    return b->set->n_rules;
}

void alerts_brain_rule(const alerts_brain *b, size_t i, alerts_rule *ret)
{
    const vg_rule *r = &b->set->rules[i];
    *ret = (alerts_rule){.name = r->name,
                         .title_vi = vg_rule_title(r, VG_VI),
                         .title_en = vg_rule_title(r, VG_EN),
                         .level = vg_rule_level_text(r->level),
                         .situation = r->situation ? r->situation : "",
                         .version = r->version,
                         .file = r->file};
}

void alerts_brain_sentence(const alerts_brain *b, size_t i, bool vietnamese, vg_buf *out)
{
    vg_rule_explain(b->set, i, vietnamese ? VG_VI : VG_EN, out);
}

void alerts_brain_cancel(const alerts_brain *b, size_t i, bool vietnamese, vg_buf *out)
{
    vg_rule_cancel(b->set, i, vietnamese ? VG_VI : VG_EN, out);
}

// --- lanes --------------------------------------------------------------------------------------
static const lane *find_lane(const alerts_brain *b, uint32_t log)
{
    for (size_t i = 0; i < b->n_lanes; i++) {
        if (b->lanes[i].log == log) {
            return &b->lanes[i];
        }
    }
    return NULL;
}

static vg_xvalue fact_of(void *ctx, const vg_xname *x, vg_str key, int64_t t)
{
    return alerts_facts_get(ctx, x, key, t);
}

static vg_status add_lane(alerts_brain *b, uint32_t log, vg_err *err)
{
    lane l = {.log = log, .facts = alerts_facts_create()};
    const vg_engine_opts opts = {.fact = fact_of, .fact_ctx = l.facts};
    const vg_status st = vg_engine_create(b->set, &b->names, &opts, &l.engine, err);
    if (st != VG_OK) {
        alerts_facts_destroy(l.facts);
        return st;
    }
    if (b->n_lanes == b->cap_lanes) {
        b->cap_lanes = b->cap_lanes ? b->cap_lanes * 2 : 8;
        b->lanes = vg_realloc(b->lanes, b->cap_lanes * sizeof *b->lanes);
    }
    b->lanes[b->n_lanes++] = l;
    return VG_OK;
}

static vg_status lane_of(alerts_brain *b, uint32_t log, lane *ret, vg_err *err)
{
    if (!find_lane(b, log)) {
        VG_TRY(add_lane(b, log, err));
    }
    const lane *l = find_lane(b, log);
    assert(l);
    *ret = *l;
    return VG_OK;
}

vg_status alerts_brain_fact(alerts_brain *b, uint32_t log, const alerts_fact *f, vg_err *err)
{
    lane l;
    VG_TRY(lane_of(b, log, &l, err));
    if (f->name.n) {
        alerts_facts_set(l.facts, f->name, f->key, f->value, f->until_us);
    }
    if (f->node_seq) {
        *alerts_facts_node_seq(l.facts) = f->node_seq;
    }
    return VG_OK;
}

int64_t alerts_brain_node_seq(const alerts_brain *b, uint32_t log)
{
    const lane *l = find_lane(b, log);
    return l ? *alerts_facts_node_seq(l->facts) : 0;
}

// --- in -----------------------------------------------------------------------------------------
typedef struct turn {
    alerts_brain *b;
    vg_engine *engine;
    vg_arena *arena;
    const alerts_seen *seen;
    alerts_on_found fn;
    void *ctx;
} turn;

static uint32_t id_of(alerts_brain *b, vg_space space, vg_str name)
{
    return vg_intern_id(b->names.of[space], name);
}

static uint8_t verb_of(vg_str verb)
{
    for (uint8_t i = 0; i < VG_VERB_N; i++) {
        if (vg_str_eqc(verb, verbs[i])) {
            return i;
        }
    }
    return VG_VERB_OTHER;
}

static void to_record(alerts_brain *b, const alerts_seen *s, vg_record *r)
{
    *r = (vg_record){
        .t_event = s->t_event,
        .t_arrival = s->t_arrival,
        .seq = s->seq,
        .source_seq = s->source_seq,
        .log = s->log,
        .site = id_of(b, VG_SITE, s->site),
        .zone = id_of(b, VG_ZONE, s->zone),
        .device = id_of(b, VG_DEVICE, s->device),
        .source = id_of(b, VG_SOURCE, s->source),
        .world = s->world,
        .kind = (uint16_t)id_of(b, VG_KIND, s->kind),
        .verb = verb_of(s->verb),
        .flags =
            (uint8_t)((s->authenticated ? VG_REC_AUTHENTICATED : 0) | (s->test ? VG_REC_TEST : 0)),
    };
}

// --- out ----------------------------------------------------------------------------------------
static vg_str key_text(const turn *t, const vg_alert *a)
{
    const vg_rule *r = &t->b->set->rules[a->rule];
    vg_str key = {"", 0};
    for (size_t i = 0; i < r->n_group; i++) {
        const vg_space space = (vg_space)r->group[i];
        const vg_str name = vg_intern_text(t->b->names.of[space], a->key.id[i]);
        key = i ? vg_str_f(t->arena, "%.*s|%.*s", VG_FMT(key), VG_FMT(name))
                : vg_str_dup(t->arena, name);
    }
    return key;
}

static void split_key(const turn *t, const vg_alert *a, alerts_found *f)
{
    const vg_rule *r = &t->b->set->rules[a->rule];
    _Static_assert(VG_LEN(f->keys) == VG_RULE_GROUP, "room for every field of a key");
    f->n_keys = r->n_group;
    for (size_t i = 0; i < r->n_group; i++) {
        f->keys[i] = (alerts_key){
            vg_field_text(r->group[i]),
            vg_str_dup(t->arena, vg_intern_text(t->b->names.of[r->group[i]], a->key.id[i]))};
    }
}

static void found(turn *t, const vg_alert *a, bool repeat)
{
    alerts_proof proofs[PROOFS_MAX];
    const size_t n = a->n_evidence < PROOFS_MAX ? a->n_evidence : PROOFS_MAX;
    for (size_t i = 0; i < n; i++) {
        proofs[i] = (alerts_proof){a->evidence[i].log, a->evidence[i].seq};
    }
    vg_intern *const *of = t->b->names.of;
    alerts_found f = {
        .id = vg_alert_id(t->engine, a),
        .repeat = repeat,
        .test = a->key.test != 0,
        .rule = a->rule,
        .key = key_text(t, a),
        .site = vg_str_dup(t->arena, vg_intern_text(of[VG_SITE], a->site)),
        .zone = vg_str_dup(t->arena, vg_intern_text(of[VG_ZONE], a->zone)),
        .source = vg_str_dup(t->arena, vg_intern_text(of[VG_SOURCE], a->source)),
        .kind = vg_str_dup(t->arena, vg_intern_text(of[VG_KIND], a->kind)),
        .t = a->t,
        .count = a->count,
        .n_proofs = n,
        .proofs = proofs,
    };
    split_key(t, a, &f);
    t->fn(t->ctx, &f);
}

static void on_alert(void *ctx, const vg_alert *a)
{
    found(ctx, a, false);
}

static void on_repeat(void *ctx, const vg_alert *a)
{
    found(ctx, a, true);
}

vg_status alerts_brain_feed(alerts_brain *b, vg_arena *a, const alerts_seen *s, alerts_on_found fn,
                            void *ctx, vg_err *err)
{
    vg_record r;
    turn t = {b, NULL, a, s, fn, ctx};
    lane l;
    VG_TRY(lane_of(b, s->log, &l, err));
    t.engine = l.engine;
    to_record(b, s, &r);
    vg_engine_feed(t.engine, &r, 1,
                   &(vg_engine_sink){.ctx = &t, .alert = on_alert, .repeat = on_repeat});
    return VG_OK;
}

vg_status alerts_brain_tick(alerts_brain *b, vg_arena *a, const alerts_seen *s, alerts_on_found fn,
                            void *ctx, vg_err *err)
{
    turn t = {b, NULL, a, s, fn, ctx};
    lane l;
    VG_TRY(lane_of(b, s->log, &l, err));
    t.engine = l.engine;
    vg_engine_advance(t.engine, s->t_arrival,
                      &(vg_engine_sink){.ctx = &t, .alert = on_alert, .repeat = on_repeat});
    return VG_OK;
}

bool alerts_brain_wants_tick(const alerts_brain *b, uint32_t log, int64_t now_us)
{
    const lane *l = find_lane(b, log);
    return l && vg_engine_next_due(l->engine) < now_us;
}

// --- snapshots ----------------------------------------------------------------------------------
void alerts_brain_save(const alerts_brain *b, uint32_t log, vg_buf *out)
{
    const lane *l = find_lane(b, log);
    if (l) {
        alerts_facts_save(l->facts, out);
        vg_engine_save(l->engine, out);
    }
}

vg_status alerts_brain_restore(alerts_brain *b, uint32_t log, vg_str saved, vg_err *err)
{
    lane l;
    VG_TRY(lane_of(b, log, &l, err));
    if (saved.n) {  // the facts stand whatever rules ask about them
        VG_TRY(alerts_facts_restore(l.facts, &saved, err));
    }
    return saved.n ? vg_engine_restore(l.engine, saved, err) : VG_OK;
}
