// SPDX-License-Identifier: Apache-2.0
// The engine's state as bytes: names, clock, waiting records, used states; then a hash over all of it.
// The wheel and the table slots are not saved but made again, which is safe because nothing leaves the
// engine in their order. Ids are mapped through the saved names, so the new process may have met its
// names in another order; ids that stand for no name pass unchanged. Same machine only: the byte order
// is checked, not converted.
#include "engine/engine_impl.h"

#include <assert.h>

enum { VERSION = 3, ORDER_MARK = 0x01020304 };
static const char MAGIC[8] = {'V', 'G', 'E', 'N', 'G', 'I', 'N', 'E'};

typedef struct head {
    char magic[8];
    uint32_t version, order_mark;
    unsigned char rules[VG_HASH_BYTES];
    int64_t slack_us, now, watermark, newest;
    uint32_t max_keys, max_waiting;
    uint64_t n_waiting;
    uint32_t unsettled, n_rules;
} head;

typedef struct rule_head {  // before the two tables of a rule
    char version[VG_RULE_VERSION + 7];
    uint64_t bytes;  // of both
} rule_head;

typedef struct table_head {
    int64_t sweep_at;
    uint32_t full, used;
    uint64_t stride;
} table_head;

// --- saving -------------------------------------------------------------------------------------
static void save_names(const vg_names *names, vg_buf *out)
{
    for (int s = 0; s < VG_SPACES; s++) {
        const uint32_t n = vg_intern_count(names->of[s]);
        vg_buf_add(out, &n, sizeof n);
        for (uint32_t id = 1; id <= n; id++) {
            const vg_str text = vg_intern_text(names->of[s], id);
            const uint32_t len = (uint32_t)text.n;
            vg_buf_add(out, &len, sizeof len);
            vg_buf_s(out, text);
        }
    }
}

static void save_table(const table *t, int64_t sweep_at, bool full, vg_buf *out)
{
    const table_head h = {.sweep_at = sweep_at, .full = full, .used = t->used, .stride = t->stride};
    vg_buf_add(out, &h, sizeof h);
    for (uint32_t at = 0; at < t->high; at++) {
        const state *s = table_at(t, at);
        if (s->used) {
            vg_buf_add(out, s, t->stride);
        }
    }
}

static uint64_t table_bytes(const table *t)
{
    return sizeof(table_head) + (uint64_t)t->used * t->stride;
}

void vg_engine_save(const vg_engine *e, vg_buf *out)
{
    const size_t start = out->n;
    head h = {.version = VERSION,
              .order_mark = ORDER_MARK,
              .slack_us = e->opts.slack_us,
              .now = e->now,
              .watermark = e->watermark,
              .max_keys = e->opts.max_keys,
              .max_waiting = e->opts.max_waiting,
              .n_waiting = e->waiting.n,
              .newest = e->newest,
              .unsettled = e->unsettled,
              .n_rules = (uint32_t)e->set->n_rules};
    memcpy(h.magic, MAGIC, sizeof MAGIC);
    memcpy(h.rules, e->set->hash, sizeof h.rules);
    vg_buf_add(out, &h, sizeof h);
    save_names(e->names, out);
    if (e->waiting.n) {
        vg_buf_add(out, e->waiting.v, e->waiting.n * sizeof *e->waiting.v);
    }
    save_table(&e->sources, 0, false, out);
    for (size_t i = 0; i < e->set->n_rules; i++) {
        const rule_rt *rt = &e->rules[i];
        rule_head rule = {.bytes = table_bytes(&rt->states) + table_bytes(&rt->gates)};
        memcpy(rule.version, rt->rule->version, VG_RULE_VERSION);
        vg_buf_add(out, &rule, sizeof rule);
        save_table(&rt->states, rt->sweep_at, rt->full, out);
        save_table(&rt->gates, rt->sweep_at, rt->full, out);
    }
    if (out->failed) {
        return;
    }
    unsigned char hash[VG_HASH_BYTES];
    vg_hash(out->p + start, out->n - start, hash);
    vg_buf_add(out, hash, sizeof hash);
}

// --- restoring ----------------------------------------------------------------------------------
typedef struct reader {
    vg_str left;
    uint32_t *map[VG_SPACES];  // old id to new
    uint32_t n_map[VG_SPACES];
    bool adopt;  // rules that are not here are passed over
} reader;

static bool take(reader *r, void *into, size_t n)
{
    if (n > r->left.n) {
        return false;
    }
    memcpy(into, r->left.p, n);
    r->left.p += n;
    r->left.n -= n;
    return true;
}

static vg_status damaged(vg_err *err, const char *what)
{
    return vg_fail(err, VG_ECORRUPT, "", "engine.err.snapshot", "%s", what);
}

static vg_status read_space(reader *r, vg_intern *in, int space, vg_err *err)
{
    uint32_t n, len;
    if (!take(r, &n, sizeof n) || n > r->left.n / sizeof len) {
        return damaged(err, "names");
    }
    r->map[space] = vg_alloc(((size_t)n + 1) * sizeof **r->map);
    r->n_map[space] = n + 1;
    for (uint32_t id = 1; id <= n; id++) {
        if (!take(r, &len, sizeof len) || len > r->left.n) {
            return damaged(err, "names");
        }
        r->map[space][id] = vg_intern_id(in, (vg_str){r->left.p, len});
        if (r->map[space][id] == VG_INTERN_FULL) {
            return vg_fail(err, VG_ETOOBIG, "", "engine.err.snapshot", "names");
        }
        r->left.p += len;
        r->left.n -= len;
    }
    return VG_OK;
}

static uint32_t mapped(const reader *r, vg_space space, uint32_t id)
{
    return id < r->n_map[space] ? r->map[space][id] : id;
}

static void map_record(const reader *r, vg_record *rec)
{
    rec->site = mapped(r, VG_SITE, rec->site);
    rec->zone = mapped(r, VG_ZONE, rec->zone);
    rec->device = mapped(r, VG_DEVICE, rec->device);
    rec->source = mapped(r, VG_SOURCE, rec->source);
    rec->kind = (uint16_t)mapped(r, VG_KIND, rec->kind);
}

static vg_status read_waiting(reader *r, vg_engine *e, uint64_t n, vg_err *err)
{
    for (uint64_t i = 0; i < n; i++) {
        vg_record rec;
        if (!take(r, &rec, sizeof rec)) {
            return damaged(err, "waiting");
        }
        map_record(r, &rec);
        order_push(&e->waiting, &rec);
    }
    return VG_OK;
}

static bool read_state(reader *r, table *t, const vg_rule_field *group, size_t n_group,
                       uint32_t *ret_at)
{
    state saved;
    if (t->stride > r->left.n) {
        return false;
    }
    memcpy(&saved, r->left.p, sizeof saved);
    for (size_t i = 0; i < n_group; i++) {
        saved.key.id[i] = mapped(r, (vg_space)group[i], saved.key.id[i]);
    }
    const uint32_t at =
        table_find(t, &saved.key) == TABLE_NONE ? table_add(t, &saved.key) : TABLE_NONE;
    if (at == TABLE_NONE) {
        return false;
    }
    state *s = table_at(t, at);
    saved.hash = s->hash;
    memcpy(s, r->left.p, t->stride);
    memcpy(s, &saved, sizeof saved);
    r->left.p += t->stride;
    r->left.n -= t->stride;
    *ret_at = at;
    return true;
}

static void map_place(const reader *r, cell *p)
{
    p->place.site = mapped(r, VG_SITE, p->place.site);
    p->place.zone = mapped(r, VG_ZONE, p->place.zone);
    p->place.device = mapped(r, VG_DEVICE, p->place.device);
    p->place.source = mapped(r, VG_SOURCE, p->place.source);
    p->place.kind = mapped(r, VG_KIND, p->place.kind);
}

// What was on the wheel goes back at its old time, even if cleared since: until it is popped its state
// cannot be swept, and that is part of the behaviour when keys are full.
static void resume(const reader *r, vg_engine *e, const rule_rt *rt, uint32_t at)
{
    state *s = table_at(&rt->states, at);
    if (rt->rule->type == VG_RULE_DISTINCT) {
        for (size_t i = 0; i < s->n; i++) {
            s->c[i].ev.tag = mapped(r, (vg_space)rt->rule->distinct, s->c[i].ev.tag);
        }
    }
    if (rt->rule->type != VG_RULE_ABSENCE) {
        return;
    }
    map_place(r, &s->c[1]);
    if (s->timed) {
        wheel_add(&e->deadlines, &(wheel_item){.due = s->c[2].armed_for,
                                               .seq = s->c[0].ev.seq,
                                               .log = s->c[0].ev.log,
                                               .rule = rt->index,
                                               .state = at});
    }
}

static void resume_gate(const reader *r, vg_engine *e, const rule_rt *rt, uint32_t at)
{
    state *s = table_at(&rt->gates, at);
    map_place(r, &s->c[STAGE_PLACE]);
    if (s->timed) {
        wheel_add(&e->deadlines, &(wheel_item){.due = s->c[STAGE_ARMED].ev.t,
                                               .seq = s->c[STAGE_ARMED].ev.seq,
                                               .log = s->c[STAGE_ARMED].ev.log,
                                               .rule = rt->index + (uint32_t)e->set->n_rules,
                                               .state = at});
    }
}

static vg_status read_table(reader *r, vg_engine *e, rule_rt *rt, table *t,
                            void (*resumed)(const reader *, vg_engine *, const rule_rt *, uint32_t),
                            vg_err *err)
{
    table_head h;
    if (!take(r, &h, sizeof h) || h.stride != t->stride) {
        return damaged(err, rt->rule->name);
    }
    rt->sweep_at = h.sweep_at;
    rt->full = h.full;
    for (uint32_t i = 0; i < h.used; i++) {
        uint32_t at;
        if (!read_state(r, t, rt->rule->group, rt->rule->n_group, &at)) {
            return damaged(err, rt->rule->name);
        }
        resumed(r, e, rt, at);
    }
    return VG_OK;
}

static vg_status read_rule(reader *r, vg_engine *e, rule_rt *rt, vg_err *err)
{
    VG_TRY(read_table(r, e, rt, &rt->states, resume, err));
    return read_table(r, e, rt, &rt->gates, resume_gate, err);
}

static rule_rt *rule_of(vg_engine *e, const char *version)
{
    for (size_t i = 0; i < e->set->n_rules; i++) {
        if (memcmp(e->rules[i].rule->version, version, VG_RULE_VERSION) == 0) {
            return &e->rules[i];
        }
    }
    return NULL;
}

static vg_status read_rules(reader *r, vg_engine *e, uint32_t n, vg_err *err)
{
    for (uint32_t i = 0; i < n; i++) {
        rule_head h;
        if (!take(r, &h, sizeof h) || h.bytes > r->left.n) {
            return damaged(err, "rules");
        }
        rule_rt *rt = rule_of(e, h.version);
        if (rt) {
            VG_TRY(read_rule(r, e, rt, err));
        } else {  // without adopt the rules are the same, so it is found
            r->left.p += h.bytes;
            r->left.n -= h.bytes;
        }
    }
    return VG_OK;
}

static vg_status read_sources(reader *r, vg_engine *e, vg_err *err)
{
    static const vg_rule_field by_source[] = {VG_BY_SOURCE};
    table_head h;
    if (!take(r, &h, sizeof h) || h.stride != e->sources.stride) {
        return damaged(err, "sources");
    }
    for (uint32_t i = 0; i < h.used; i++) {
        uint32_t at;
        if (!read_state(r, &e->sources, by_source, 1, &at)) {
            return damaged(err, "sources");
        }
    }
    return VG_OK;
}

static vg_status read_head(reader *r, const vg_engine *e, head *h, vg_err *err)
{
    unsigned char hash[VG_HASH_BYTES];
    if (r->left.n < sizeof *h + sizeof hash) {
        return damaged(err, "size");
    }
    r->left.n -= sizeof hash;
    vg_hash(r->left.p, r->left.n, hash);
    if (memcmp(hash, r->left.p + r->left.n, sizeof hash) != 0 || !take(r, h, sizeof *h) ||
        memcmp(h->magic, MAGIC, sizeof MAGIC) != 0) {
        return damaged(err, "hash");
    }
    const bool same = h->version == VERSION && h->order_mark == ORDER_MARK &&
                      (r->adopt || memcmp(h->rules, e->set->hash, sizeof h->rules) == 0) &&
                      h->slack_us == e->opts.slack_us && h->max_keys == e->opts.max_keys &&
                      h->max_waiting == e->opts.max_waiting;
    return same ? VG_OK : vg_fail(err, VG_EPRECOND, "", "engine.err.snapshot_other", "rules");
}

static vg_status read_body(reader *r, vg_engine *e, const head *h, vg_err *err)
{
    for (int s = 0; s < VG_SPACES; s++) {
        VG_TRY(read_space(r, e->names->of[s], s, err));
    }
    VG_TRY(read_waiting(r, e, h->n_waiting, err));
    VG_TRY(read_sources(r, e, err));
    VG_TRY(read_rules(r, e, h->n_rules, err));
    e->now = h->now;
    e->newest = h->newest;
    e->unsettled = h->unsettled;
    e->watermark = h->watermark;
    return r->left.n ? damaged(err, "size") : VG_OK;
}

static vg_status restore(vg_engine *e, vg_str saved, bool adopt, vg_err *err)
{
    assert(e->now == INT64_MIN && e->waiting.n == 0);
    reader r = {.left = saved, .adopt = adopt};
    head h;
    VG_TRY(read_head(&r, e, &h, err));
    const vg_status st = read_body(&r, e, &h, err);
    for (int s = 0; s < VG_SPACES; s++) {
        free(r.map[s]);
    }
    return st;
}

vg_status vg_engine_restore(vg_engine *e, vg_str saved, vg_err *err)
{
    return restore(e, saved, false, err);
}

vg_status vg_engine_adopt(vg_engine *e, vg_str saved, vg_err *err)
{
    return restore(e, saved, true, err);
}
