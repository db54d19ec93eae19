// SPDX-License-Identifier: Apache-2.0
// One log's engines: the fast lane evaluates on arrival, since an intrusion must not wait; the confirm lane is
// the same matcher behind a slack of CONFIRM_SLACK_S, in the order of events. What is found goes out once: by
// the fast lane at once, by the confirm lane when the fast one missed it. An alert that the confirm lane does
// not find by the time it is past it is amended, never silently dropped. Absence speaks from the confirm lane
// alone: what came out of order must not look like nothing came.
//
// The lane of the rules across sites is the same, fed with all logs' events in the order of their recording.
//
// Names become the engine's numbers on the way in and texts again on the way out; questions about facts and
// neighbours are answered from what the same log (and the node's, merged by time) has said so far.
#include "domain/alerts/brain_impl.h"

#include "base/clock.h"

static const char *const verbs[VG_VERB_N] = {
    [VG_VERB_RAISE] = "raise",   [VG_VERB_RESTORE] = "restore", [VG_VERB_ARM] = "arm",
    [VG_VERB_DISARM] = "disarm", [VG_VERB_BYPASS] = "bypass",   [VG_VERB_UNBYPASS] = "unbypass",
    [VG_VERB_TEST] = "test",     [VG_VERB_POLL] = "poll",       [VG_VERB_OTHER] = "other",
};

static vg_ruleset *set_of(const lane *l)
{
    return l->brain->gens[l->gen].set;
}

// --- life ---------------------------------------------------------------------------------------
static vg_xvalue fact_of(void *ctx, const vg_xname *x, vg_str key, int64_t t)
{
    return alerts_facts_get(((lane *)ctx)->facts, x, key, t);
}

static size_t near_of(void *ctx, uint32_t site, uint32_t zone, uint32_t ret_zones[])
{
    const lane *l = ctx;
    vg_intern *zones = l->brain->names.of[VG_ZONE];
    vg_str near[VG_NEIGHBOURS_MAX];
    (void)site;  // a log is a site's
    const size_t n =
        alerts_graph_near(l->graph, vg_intern_text(zones, zone), near, VG_NEIGHBOURS_MAX);
    for (size_t i = 0; i < n; i++) {
        ret_zones[i] = vg_intern_id(zones, near[i]);
    }
    return n;
}

static vg_status engines_create(lane *l, vg_engine **fast, vg_engine **confirm, vg_err *err)
{
    const bool across = l->log == ALERTS_ACROSS;
    vg_engine_opts opts = {.run = across ? VG_RUN_ACROSS : VG_RUN_SITE,
                           .fact = fact_of,
                           .fact_ctx = l,
                           .neighbours = near_of,
                           .neighbours_ctx = l};
    VG_TRY(vg_engine_create(set_of(l), &l->brain->names, &opts, fast, err));
    opts.slack_us = (across ? ACROSS_SLACK_S : CONFIRM_SLACK_S) * VG_SECOND_US;
    const vg_status st = vg_engine_create(set_of(l), &l->brain->names, &opts, confirm, err);
    if (st != VG_OK) {
        vg_engine_destroy(*fast);
    }
    return st;
}

vg_status lane_create(alerts_brain *b, uint32_t log, size_t gen, lane **ret, vg_err *err)
{
    lane *l = vg_alloc(sizeof *l);
    *l = (lane){.brain = b, .log = log, .gen = gen};
    l->facts = alerts_facts_create();
    l->graph = alerts_graph_create();
    const vg_status st = engines_create(l, &l->fast, &l->confirm, err);
    if (st != VG_OK) {
        l->fast = l->confirm = NULL;
        lane_destroy(l);
        return st;
    }
    l->floods = vg_alloc((set_of(l)->n_rules + 1) * sizeof *l->floods);
    *ret = l;
    return VG_OK;
}

void lane_destroy(lane *l)
{
    if (l) {
        vg_engine_destroy(l->fast);
        vg_engine_destroy(l->confirm);
        alerts_facts_destroy(l->facts);
        alerts_graph_destroy(l->graph);
        free(l->raised);
        free(l->floods);
        free(l);
    }
}

static vg_status adopt(vg_engine *to, const vg_engine *from, vg_err *err)
{
    vg_buf saved;
    vg_buf_init(&saved, (size_t)1 << 30);
    vg_engine_save(from, &saved);
    const vg_status st = saved.failed ? vg_fail(err, VG_ETOOBIG, "", NULL, "state")
                                      : vg_engine_adopt(to, vg_buf_str(&saved), err);
    vg_buf_done(&saved);
    return st;
}

vg_status lane_switch(lane *l, size_t gen, vg_err *err)
{
    const size_t old = l->gen;
    vg_engine *fast, *confirm;
    l->gen = gen;
    vg_status st = engines_create(l, &fast, &confirm, err);
    if (st != VG_OK) {
        l->gen = old;
        return st;
    }
    st = adopt(fast, l->fast, err);
    if (st == VG_OK) {
        st = adopt(confirm, l->confirm, err);
    }
    vg_engine_destroy(l->fast);
    vg_engine_destroy(l->confirm);
    l->fast = fast;
    l->confirm = confirm;
    free(l->floods);
    l->floods = vg_alloc((set_of(l)->n_rules + 1) * sizeof *l->floods);
    return st;
}

// --- in -----------------------------------------------------------------------------------------
typedef struct turn {
    lane *l;
    vg_engine *engine;  // whose finding is being told
    vg_arena *arena;
    const alerts_seen *seen;  // NULL at a flush
    const alerts_out *out;
    size_t n_raised;  // before the event
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
        .kind = (uint16_t)vg_intern_find(b->names.of[VG_KIND], s->kind),  // no rule's: 0
        .verb = verb_of(s->verb),
        .flags =
            (uint8_t)((s->authenticated ? VG_REC_AUTHENTICATED : 0) | (s->test ? VG_REC_TEST : 0)),
    };
}

// --- out ----------------------------------------------------------------------------------------
static vg_str key_text(const turn *t, const vg_alert *a)
{
    const vg_rule *r = &set_of(t->l)->rules[a->rule];
    vg_str key = {"", 0};
    for (size_t i = 0; i < r->n_group; i++) {
        const vg_space space = (vg_space)r->group[i];
        const vg_str name = vg_intern_text(t->l->brain->names.of[space], a->key.id[i]);
        key = i ? vg_str_f(t->arena, "%.*s|%.*s", VG_FMT(key), VG_FMT(name))
                : vg_str_dup(t->arena, name);
    }
    return key;
}

static void split_key(const turn *t, const vg_alert *a, alerts_found *f)
{
    const vg_rule *r = &set_of(t->l)->rules[a->rule];
    _Static_assert(VG_LEN(f->keys) == VG_RULE_GROUP, "room for every field of a key");
    f->n_keys = r->n_group;
    for (size_t i = 0; i < r->n_group; i++) {
        const vg_intern *names = t->l->brain->names.of[r->group[i]];
        f->keys[i] = (alerts_key){vg_field_text(r->group[i]),
                                  vg_str_dup(t->arena, vg_intern_text(names, a->key.id[i]))};
    }
}

// The confirm lane says everything when its time has come; the fast lane what was due before the record.
static bool by_time(const turn *t, int64_t at)
{
    const alerts_seen *s = t->seen;
    return s && s->kind.n &&
           (t->engine == t->l->confirm ||
            at < (s->t_arrival < s->t_event ? s->t_arrival : s->t_event));
}

static void tell(const turn *t, const vg_alert *a, alerts_what what, vg_cmd_id id)
{
    alerts_rule rule;
    alerts_proof proofs[PROOFS_MAX];
    const size_t n = a->n_evidence < PROOFS_MAX ? a->n_evidence : PROOFS_MAX;
    for (size_t i = 0; i < n; i++) {
        proofs[i] = (alerts_proof){a->evidence[i].log, a->evidence[i].seq};
    }
    vg_intern *const *of = t->l->brain->names.of;
    alerts_brain_rule(t->l->brain, t->l->gen, a->rule, &rule);
    alerts_found f = {
        .id = id,
        .what = what,
        .test = a->key.test != 0,
        .shadow = rule.shadow,
        .across = rule.across,
        .by_time = by_time(t, a->t),
        .rule = a->rule,
        .set = t->l->gen,
        .level = vg_rule_level_text(a->level),
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
    t->out->found(t->out->ctx, &f);
}

// More alerts of one rule than people can read: those past FLOOD_ALERTS in FLOOD_S are told as one flood, whose
// id is the window's.
static bool flooded(const turn *t, const vg_alert *a, vg_cmd_id *ret_id)
{
    flood *f = &t->l->floods[a->rule];
    if (a->t - f->since > FLOOD_S * VG_SECOND_US || a->t < f->since) {
        *f = (flood){.since = a->t};
    }
    if (a->key.test || f->n++ < FLOOD_ALERTS) {
        return false;
    }
    char since[32];
    snprintf(since, sizeof since, "%u/%lld", t->l->log, (long long)f->since);
    *ret_id = vg_cmd_derive("alerts.flood", vg_str_c(set_of(t->l)->rules[a->rule].version),
                            vg_str_c(since));
    return true;
}

static void tell_alert(const turn *t, const vg_alert *a, vg_cmd_id id)
{
    vg_cmd_id of_flood;
    const bool many = flooded(t, a, &of_flood);
    tell(t, a, many ? FOUND_FLOOD : FOUND_ALERT, many ? of_flood : id);
}

static bool confirm_speaks(const turn *t, const vg_alert *a)
{
    return set_of(t->l)->rules[a->rule].type == VG_RULE_ABSENCE;
}

// --- what the fast lane said and the confirm lane has still to find --------------------------------
static void text(char *to, size_t n, vg_str s)
{
    snprintf(to, n, "%.*s", VG_FMT(s));
}

static void remember(const turn *t, const vg_alert *a, vg_cmd_id id)
{
    lane *l = t->l;
    if (l->n_raised == UNCONFIRMED_MAX) {
        memmove(l->raised, l->raised + 1, --l->n_raised * sizeof *l->raised);
    }
    if (l->n_raised == l->cap_raised) {
        l->cap_raised = l->cap_raised ? l->cap_raised * 2 : 16;
        l->raised = vg_realloc(l->raised, l->cap_raised * sizeof *l->raised);
    }
    unconfirmed *u = &l->raised[l->n_raised++];
    memset(u, 0, sizeof *u);
    *u = (unconfirmed){.id = id, .t = a->t, .test = a->key.test != 0};
    text(u->version, sizeof u->version, vg_str_c(set_of(l)->rules[a->rule].version));
    text(u->key, sizeof u->key, key_text(t, a));
    text(u->site, sizeof u->site, vg_intern_text(l->brain->names.of[VG_SITE], a->site));
    text(u->zone, sizeof u->zone, vg_intern_text(l->brain->names.of[VG_ZONE], a->zone));
}

static bool confirmed(lane *l, vg_cmd_id id)
{
    for (size_t i = 0; i < l->n_raised; i++) {
        if (memcmp(&l->raised[i].id, &id, sizeof id) == 0) {
            memmove(&l->raised[i], &l->raised[i + 1], (--l->n_raised - i) * sizeof *l->raised);
            return true;
        }
    }
    return false;
}

static void amend(const turn *t, const unconfirmed *u)
{
    const vg_ruleset *set = set_of(t->l);
    for (size_t i = 0; i < set->n_rules; i++) {
        alerts_rule rule;
        alerts_brain_rule(t->l->brain, t->l->gen, i, &rule);
        if (strcmp(set->rules[i].version, u->version) != 0 || rule.shadow) {
            continue;
        }
        const alerts_found f = {.id = u->id,
                                .what = FOUND_AMENDED,
                                .test = u->test,
                                .across = rule.across,
                                .by_time = by_time(t, u->t),
                                .rule = i,
                                .set = t->l->gen,
                                .level = rule.level,
                                .key = vg_str_dup(t->arena, vg_str_c(u->key)),
                                .site = vg_str_dup(t->arena, vg_str_c(u->site)),
                                .zone = vg_str_dup(t->arena, vg_str_c(u->zone)),
                                .t = u->t};
        t->out->found(t->out->ctx, &f);
    }
}

// The confirm lane is past these and did not find them.
static void settle(const turn *t)
{
    lane *l = t->l;
    const int64_t past = vg_engine_confirmed(l->confirm);
    size_t kept = 0;
    for (size_t i = 0; i < l->n_raised; i++) {
        if (l->raised[i].t < past) {
            amend(t, &l->raised[i]);
        } else {
            l->raised[kept++] = l->raised[i];
        }
    }
    l->n_raised = kept;
}

// --- the sinks ----------------------------------------------------------------------------------
static void fast_alert(void *ctx, const vg_alert *a)
{
    const turn *t = ctx;
    if (!confirm_speaks(t, a)) {
        const vg_cmd_id id = vg_alert_id(t->l->fast, a);
        remember(t, a, id);
        tell_alert(t, a, id);
    }
}

static void confirm_alert(void *ctx, const vg_alert *a)
{
    const turn *t = ctx;
    const vg_cmd_id id = vg_alert_id(t->l->confirm, a);
    if (confirm_speaks(t, a) || !confirmed(t->l, id)) {
        tell_alert(t, a, id);
    }
}

static void on_change(const turn *t, const vg_alert *a, vg_alert_change what)
{
    tell(t, a, what == VG_ESCALATED ? FOUND_ESCALATED : FOUND_RECOVERED, vg_alert_id(t->engine, a));
}

static void fast_change(void *ctx, const vg_alert *a, vg_alert_change what)
{
    if (!confirm_speaks(ctx, a)) {
        on_change(ctx, a, what);
    }
}

static void confirm_change(void *ctx, const vg_alert *a, vg_alert_change what)
{
    if (confirm_speaks(ctx, a)) {
        on_change(ctx, a, what);
    }
}

static void fast_repeat(void *ctx, const vg_alert *a)
{
    const turn *t = ctx;
    if (!confirm_speaks(t, a)) {
        tell(t, a, FOUND_REPEAT, vg_alert_id(t->l->fast, a));
    }
}

static void confirm_repeat(void *ctx, const vg_alert *a)
{
    const turn *t = ctx;
    if (confirm_speaks(t, a)) {
        tell(t, a, FOUND_REPEAT, vg_alert_id(t->l->confirm, a));
    }
}

// No room for a key: told once until room is found, by the fast lane.
static void fast_full(void *ctx, uint32_t rule, const vg_record *r)
{
    const turn *t = ctx;
    const vg_evidence ev = {.t = r->t_event, .seq = r->seq, .log = r->log};
    char seq[32];
    const vg_alert a = {.rule = rule,
                        .key = {.world = r->world, .test = (r->flags & VG_REC_TEST) != 0},
                        .t = r->t_event,
                        .site = r->site,
                        .zone = r->zone,
                        .device = r->device,
                        .source = r->source,
                        .kind = r->kind,
                        .level = VG_HIGH,
                        .count = 1,
                        .n_evidence = 1,
                        .evidence = &ev};
    snprintf(seq, sizeof seq, "%u/%lld", r->log, (long long)r->seq);
    tell(t, &a, FOUND_FULL,
         vg_cmd_derive("alerts.full", vg_str_c(set_of(t->l)->rules[rule].version), vg_str_c(seq)));
}

// The confirm lane will never find what the fast lane made of it: nothing is amended for that.
static void confirm_late(void *ctx, const vg_record *r)
{
    const turn *t = ctx;
    (void)r;
    t->l->n_raised = t->l->n_raised < t->n_raised ? t->l->n_raised : t->n_raised;
    if (t->out->late && t->seen) {
        t->out->late(t->out->ctx, t->seen);
    }
}

static vg_engine_sink fast_sink(turn *t)
{
    return (vg_engine_sink){.ctx = t,
                            .alert = fast_alert,
                            .repeat = fast_repeat,
                            .change = fast_change,
                            .full = fast_full};
}

static vg_engine_sink confirm_sink(turn *t)
{
    return (vg_engine_sink){.ctx = t,
                            .alert = confirm_alert,
                            .repeat = confirm_repeat,
                            .change = confirm_change,
                            .late = confirm_late};
}

// --- a turn -------------------------------------------------------------------------------------
vg_status alerts_brain_feed(alerts_brain *b, vg_arena *a, const alerts_seen *s,
                            const alerts_out *out, vg_err *err)
{
    vg_record r;
    lane *l;
    VG_TRY(brain_lane(b, s->across ? ALERTS_ACROSS : s->log, &l, err));
    turn t = {
        .l = l, .engine = l->fast, .arena = a, .seen = s, .out = out, .n_raised = l->n_raised};
    const vg_engine_sink fast = fast_sink(&t), confirm = confirm_sink(&t);
    to_record(b, s, &r);
    vg_engine_feed(l->fast, &r, 1, &fast);
    t.engine = l->confirm;
    vg_engine_feed(l->confirm, &r, 1, &confirm);
    settle(&t);
    return VG_OK;
}

vg_status alerts_brain_tick(alerts_brain *b, vg_arena *a, const alerts_seen *s,
                            const alerts_out *out, vg_err *err)
{
    lane *l;
    VG_TRY(brain_lane(b, s->across ? ALERTS_ACROSS : s->log, &l, err));
    turn t = {.l = l, .engine = l->fast, .arena = a, .seen = s, .out = out};
    const vg_engine_sink fast = fast_sink(&t), confirm = confirm_sink(&t);
    vg_engine_advance(l->fast, s->t_arrival, &fast);
    t.engine = l->confirm;
    vg_engine_advance(l->confirm, s->t_arrival, &confirm);
    settle(&t);
    return VG_OK;
}

void alerts_brain_flush(alerts_brain *b, vg_arena *a, const alerts_out *out)
{
    for (size_t i = 0; i < b->n_lanes; i++) {
        turn t = {.l = b->lanes[i], .engine = b->lanes[i]->confirm, .arena = a, .out = out};
        const vg_engine_sink confirm = confirm_sink(&t);
        vg_engine_flush(b->lanes[i]->confirm, &confirm);
        settle(&t);
    }
}

bool alerts_brain_wants_tick(const alerts_brain *b, uint32_t log, int64_t now_us)
{
    const lane *l = brain_find(b, log);
    return l && (vg_engine_next_due(l->fast) < now_us || vg_engine_next_due(l->confirm) < now_us);
}

// --- facts and places ---------------------------------------------------------------------------
vg_status alerts_brain_fact(alerts_brain *b, uint32_t log, const alerts_fact *f, vg_err *err)
{
    lane *l;
    VG_TRY(brain_lane(b, log, &l, err));
    alerts_facts_set(l->facts, f->name, f->key, f->value, f->until_us);
    return VG_OK;
}

vg_status alerts_brain_graph(alerts_brain *b, uint32_t log, vg_arena *a, vg_str drawing,
                             vg_str links, vg_err *err)
{
    lane *l;
    VG_TRY(brain_lane(b, log, &l, err));
    alerts_graph_set(l->graph, a, drawing, links);
    return VG_OK;
}

// --- snapshots ----------------------------------------------------------------------------------
typedef struct saved_head {
    uint64_t n_raised, n_floods, fast_bytes;
    char rules[2 * VG_HASH_BYTES];  // of the set, in hexadecimal: floods are by its indices
} saved_head;

static void hash_of(const lane *l, char out[2 * VG_HASH_BYTES])
{
    char hex[2 * VG_HASH_BYTES + 1];
    vg_hex(set_of(l)->hash, VG_HASH_BYTES, hex);
    memcpy(out, hex, 2 * VG_HASH_BYTES);
}

void alerts_brain_save(const alerts_brain *b, uint32_t log, vg_buf *out)
{
    const lane *l = brain_find(b, log);
    vg_buf fast;
    if (!l) {
        return;
    }
    alerts_facts_save(l->facts, out);
    alerts_graph_save(l->graph, out);
    vg_buf_init(&fast, (size_t)1 << 30);
    vg_engine_save(l->fast, &fast);
    saved_head h = {.n_raised = l->n_raised, .n_floods = set_of(l)->n_rules, .fast_bytes = fast.n};
    hash_of(l, h.rules);
    vg_buf_add(out, &h, sizeof h);
    if (l->n_raised) {
        vg_buf_add(out, l->raised, l->n_raised * sizeof *l->raised);
    }
    vg_buf_add(out, l->floods, h.n_floods * sizeof *l->floods);
    vg_buf_s(out, vg_buf_str(&fast));
    vg_engine_save(l->confirm, out);
    out->failed |= fast.failed;
    vg_buf_done(&fast);
}

static bool take(vg_str *from, void *into, uint64_t n)
{
    if (n > from->n) {
        return false;
    }
    if (n) {
        memcpy(into, from->p, (size_t)n);
    }
    from->p += n;
    from->n -= (size_t)n;
    return true;
}

static vg_status take_raised(lane *l, vg_str *saved, const saved_head *h, vg_err *err)
{
    if (h->n_raised > UNCONFIRMED_MAX || h->n_raised * sizeof *l->raised > saved->n) {
        return vg_fail(err, VG_ECORRUPT, "", NULL, "unconfirmed");
    }
    l->raised = vg_realloc(l->raised, ((size_t)h->n_raised + 1) * sizeof *l->raised);
    l->cap_raised = (size_t)h->n_raised + 1;
    l->n_raised = (size_t)h->n_raised;
    (void)take(saved, l->raised, h->n_raised * sizeof *l->raised);
    for (size_t i = 0; i < l->n_raised; i++) {
        unconfirmed *u = &l->raised[i];
        u->version[sizeof u->version - 1] = u->key[sizeof u->key - 1] = '\0';
        u->site[sizeof u->site - 1] = u->zone[sizeof u->zone - 1] = '\0';
    }
    return VG_OK;
}

static vg_status take_engines(lane *l, vg_str saved, const saved_head *h, vg_err *err)
{
    char rules[2 * VG_HASH_BYTES];
    hash_of(l, rules);
    const bool same =
        memcmp(rules, h->rules, sizeof rules) == 0 && h->n_floods == set_of(l)->n_rules;
    if (h->n_floods * sizeof *l->floods > saved.n) {
        return vg_fail(err, VG_ECORRUPT, "", NULL, "floods");
    }
    if (same) {
        memcpy(l->floods, saved.p, (size_t)h->n_floods * sizeof *l->floods);
    }
    saved.p += h->n_floods * sizeof *l->floods;
    saved.n -= (size_t)h->n_floods * sizeof *l->floods;
    if (h->fast_bytes > saved.n) {
        return vg_fail(err, VG_ECORRUPT, "", NULL, "engines");
    }
    const vg_str fast = {saved.p, (size_t)h->fast_bytes},
                 confirm = {saved.p + h->fast_bytes, saved.n - (size_t)h->fast_bytes};
    VG_TRY(vg_engine_adopt(l->fast, fast, err));
    return vg_engine_adopt(l->confirm, confirm, err);
}

vg_status alerts_brain_restore(alerts_brain *b, uint32_t log, vg_str saved, vg_err *err)
{
    lane *l;
    saved_head h;
    VG_TRY(brain_lane(b, log, &l, err));
    if (!saved.n) {
        return VG_OK;
    }
    VG_TRY(alerts_facts_restore(l->facts, &saved, err));
    VG_TRY(alerts_graph_restore(l->graph, &saved, err));
    VG_TRY(alerts_brain_node_at(b, log, *alerts_facts_node_seq(l->facts), err));
    if (!take(&saved, &h, sizeof h)) {
        return vg_fail(err, VG_ECORRUPT, "", NULL, "head");
    }
    VG_TRY(take_raised(l, &saved, &h, err));
    return take_engines(l, saved, &h, err);
}
