// SPDX-License-Identifier: Apache-2.0
// YAML to rules. A file is a run of documents: event documents (detection) name sets of events,
// correlation documents are rules over them. Each mapping is one table of readers; which keys a type
// needs and which it may have is one table more (TYPES), because a key that changes the answer (pick,
// consume, refire, window, fire) must be written and a key that would be ignored must not be.
// What it does not do: guess. Unknown keys, words, types and references are errors with file and line.
#include "base/yaml.h"
#include "engine/rule_impl.h"

enum { TITLE_BYTES = 240, NAME_BYTES = 63 };

enum seen {  // in the order of the tables below
    TOP_NAME = 1,
    TOP_TITLE = 2,
    TOP_TITLE_EN = 4,
    TOP_LEVEL = 8,
    TOP_DETECTION = 16,
    TOP_CORRELATION = 32,
    TOP_X = 64,
    C_TYPE = 1,
    C_RULES = 2,
    C_GROUP = 4,
    C_SPAN = 8,
    C_CONDITION = 16,
    X_PICK = 1,
    X_CONSUME = 2,
    X_REFIRE = 4,
    X_FIRE = 8,
    X_WINDOW = 16,
    X_KEEP = 32,
    X_DEDUPE = 64,
    X_ACTIVE = 128,
    X_OFFLINE = 256,
    X_CLEARS = 512,
    X_INCIDENT = 1024,
    X_SITUATION = 2048,
    X_ANY = X_INCIDENT | X_SITUATION | X_ACTIVE
};

typedef struct draft {  // one document being read
    vg_rule_event event;
    vg_rule rule;
    rule_refs refs;
    const vg_xschema *schema;
    bool has_kind;
    uint32_t top, corr, x;
} draft;

static const struct {
    uint32_t corr_need, x_need, x_may;
} TYPES[VG_RULE_TYPES_N] = {
    [VG_RULE_SEQUENCE] = {C_SPAN, X_PICK | X_CONSUME, X_ANY | X_CLEARS},
    [VG_RULE_COUNT] = {C_SPAN | C_CONDITION, X_REFIRE, X_ANY | X_CLEARS},
    [VG_RULE_ABSENCE] = {C_SPAN, X_FIRE, X_ANY | X_CLEARS | X_OFFLINE},
    [VG_RULE_SUPPRESS] = {C_SPAN, X_WINDOW, X_ANY | X_CLEARS | X_KEEP},
    [VG_RULE_EVENT] = {0, 0, X_ANY | X_CLEARS | X_KEEP | X_DEDUPE},
};

static const char *const TYPE_WORDS[] = {
#define X(name, text, sigma) text,
    VG_RULE_TYPES(X)
#undef X
};
// Known to Sigma or to the design and not built yet: a different message than for a misspelling.
static const char *const LATER_TYPES[] = {"temporal",      "value_count",      "value_sum",
                                          "value_avg",     "value_percentile", "x-neighbours",
                                          "x-rate-anomaly"};
static const char *const LEVELS[] = {"low", "medium", "high", "critical"};
static const char *const FIELDS[] = {"site", "zone", "device", "source", "kind"};
static const char *const VERBS[] = {"raise",    "restore", "arm",  "disarm", "bypass",
                                    "unbypass", "test",    "poll", "other",  "any"};
static const char *const SITUATIONS[] = {"illegal_entry",
                                         "kite_balloon_uav",
                                         "throwing_objects",
                                         "dumping_on_fence",
                                         "stop_park_5m",
                                         "filming_sketching_prohibited",
                                         "damage_climb_gate_fence",
                                         "disrupting_agency",
                                         "force_threat_disobey_guard",
                                         "crowd_disorder_at_target",
                                         "other",
                                         "intrusion",
                                         "sabotage",
                                         "vault_robbery",
                                         "fire",
                                         "terrorism",
                                         "crowd_petition",
                                         "disorder",
                                         "leaflet",
                                         "uav",
                                         "technical"};

const char *vg_rule_type_text(vg_rule_type t)
{
    return TYPE_WORDS[t];
}

const char *vg_rule_level_text(vg_rule_level l)
{
    return LEVELS[l];
}

const char *vg_field_text(vg_rule_field f)
{
    return FIELDS[f];
}

// --- readers of single values -------------------------------------------------------------------
static vg_status list(vg_yaml_file *f, const yaml_node_t *n, vg_texts *into, vg_err *err)
{
    const char **v;
    size_t count;
    VG_TRY(vg_yaml_texts(f, n, VG_YAML_LIST, &v, &count, err));
    *into = (vg_texts){v, count};
    return VG_OK;
}

static vg_status fields(vg_yaml_file *f, const yaml_node_t *n, vg_rule_field *into, size_t *into_n,
                        vg_err *err)
{
    const char **v;
    size_t count;
    uint32_t seen = 0;
    VG_TRY(vg_yaml_texts(f, n, VG_RULE_GROUP, &v, &count, err));
    for (size_t i = 0; i < count; i++) {
        uint32_t which = 0;
        VG_TRY(vg_yaml_one_of(f->name, vg_yaml_line(n), v[i], FIELDS, VG_LEN(FIELDS), &which, err));
        if (seen & UINT32_C(1) << which) {
            return vg_yaml_fail(f, n, v[i], "yaml.key_twice", err);
        }
        seen |= UINT32_C(1) << which;
        into[i] = (vg_rule_field)which;
    }
    *into_n = count;
    return VG_OK;
}

static vg_status steps(vg_yaml_file *f, const yaml_node_t *n, vg_texts *into, vg_err *err)
{
    VG_TRY(list(f, n, into, err));
    if (into->n > VG_RULE_STEPS) {
        return vg_yaml_fail(f, n, "rules", "yaml.list_too_long", err);
    }
    return VG_OK;
}

#define READER(name) \
    static vg_status name(vg_yaml_file *f, const yaml_node_t *n, void *into, vg_err *err)

// A word that has exactly one meaning today; the key must stand there so that a second one can come.
static vg_status only(vg_yaml_file *f, const yaml_node_t *n, const char *word, vg_err *err)
{
    uint32_t i = 0;
    return vg_yaml_word(f, n, &word, 1, &i, err);
}

// --- detection ----------------------------------------------------------------------------------
READER(sel_kind)
{
    draft *d = into;
    d->has_kind = true;
    return list(f, n, &d->event.kinds, err);
}
READER(sel_site)
{
    return list(f, n, &((draft *)into)->event.sites, err);
}
READER(sel_zone)
{
    return list(f, n, &((draft *)into)->event.zones, err);
}
READER(sel_device)
{
    return list(f, n, &((draft *)into)->event.devices, err);
}
READER(sel_verb)
{
    const char **v;
    size_t count;
    VG_TRY(vg_yaml_texts(f, n, VG_VERB_N, &v, &count, err));
    uint32_t verbs = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t which = 0;
        VG_TRY(vg_yaml_one_of(f->name, vg_yaml_line(n), v[i], VERBS, VG_LEN(VERBS), &which, err));
        verbs |= which == VG_VERB_N ? (UINT32_C(1) << VG_VERB_N) - 1 : UINT32_C(1) << which;
    }
    ((draft *)into)->event.verbs = verbs;
    return VG_OK;
}
READER(sel_authenticated)
{
    return vg_yaml_bool(f, n, &((draft *)into)->event.authenticated, err);
}
static vg_status condition(vg_yaml_file *f, const yaml_node_t *n, const vg_xschema *schema,
                           const vg_expr **into, vg_err *err)
{
    const char *text;
    VG_TRY(vg_yaml_text(f, n, VG_X_BYTES, &text, err));
    const vg_xorigin origin = {f->name, vg_yaml_line(n)};
    return vg_expr_compile(f->arena, schema, vg_str_c(text), &origin, into, err);
}
READER(sel_where)
{
    draft *d = into;
    return condition(f, n, d->schema, &d->event.where, err);
}
READER(det_selection)
{
    static const vg_yaml_field keys[] = {{"kind", sel_kind},  {"site", sel_site},
                                         {"zone", sel_zone},  {"device", sel_device},
                                         {"verb", sel_verb},  {"authenticated", sel_authenticated},
                                         {"where", sel_where}};
    uint32_t seen;
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), into, &seen, err));
    if (!((draft *)into)->has_kind) {
        return vg_yaml_fail(f, n, "kind", "yaml.key_missing", err);
    }
    return VG_OK;
}
READER(det_condition)
{
    (void)into;
    return only(f, n, "selection", err);
}
READER(top_detection)
{
    static const vg_yaml_field keys[] = {{"selection", det_selection},
                                         {"condition", det_condition}};
    uint32_t seen;
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), into, &seen, err));
    if (seen != 3) {
        return vg_yaml_fail(f, n, seen & 1 ? "condition" : "selection", "yaml.key_missing", err);
    }
    return VG_OK;
}

// --- correlation --------------------------------------------------------------------------------
READER(corr_type)
{
    for (size_t i = 0; i < VG_LEN(LATER_TYPES); i++) {
        if (only(f, n, LATER_TYPES[i], NULL) == VG_OK) {
            return vg_yaml_fail(f, n, LATER_TYPES[i], "engine.err.not_yet_supported", err);
        }
    }
    uint32_t type = 0;
    VG_TRY(vg_yaml_word(f, n, TYPE_WORDS, VG_LEN(TYPE_WORDS), &type, err));
    ((draft *)into)->rule.type = (vg_rule_type)type;
    return VG_OK;
}
READER(corr_rules)
{
    return steps(f, n, &((draft *)into)->refs.events, err);
}
READER(corr_group)
{
    vg_rule *r = &((draft *)into)->rule;
    return fields(f, n, r->group, &r->n_group, err);
}
READER(corr_span)
{
    return vg_yaml_span(f, n, &((draft *)into)->rule.span_us, err);
}
READER(cond_gte)
{
    return vg_yaml_uint(f, n, 1, VG_RULE_COUNT_MAX, &((draft *)into)->rule.count, err);
}
READER(cond_gt)
{
    uint32_t more_than = 0;
    VG_TRY(vg_yaml_uint(f, n, 0, VG_RULE_COUNT_MAX - 1, &more_than, err));
    ((draft *)into)->rule.count = more_than + 1;
    return VG_OK;
}
READER(corr_condition)
{
    static const vg_yaml_field keys[] = {{"gte", cond_gte}, {"gt", cond_gt}};
    uint32_t seen;
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), into, &seen, err));
    if (seen != 1 && seen != 2) {
        return vg_yaml_fail(f, n, "gte", "yaml.key_missing", err);
    }
    return VG_OK;
}
READER(top_correlation)
{
    static const vg_yaml_field keys[] = {{"type", corr_type},
                                         {"rules", corr_rules},
                                         {"group-by", corr_group},
                                         {"timespan", corr_span},
                                         {"condition", corr_condition}};
    return vg_yaml_map(f, n, keys, VG_LEN(keys), into, &((draft *)into)->corr, err);
}

// --- x-vonggac ----------------------------------------------------------------------------------
READER(x_pick)
{
    static const char *const words[] = {"latest", "first"};
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, words, VG_LEN(words), &i, err));
    ((draft *)into)->rule.pick = (vg_pick)i;
    return VG_OK;
}
READER(x_consume)
{
    return vg_yaml_bool(f, n, &((draft *)into)->rule.consume, err);
}
READER(x_refire)
{
    static const char *const words[] = {"after-window", "reset", "each"};
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, words, VG_LEN(words), &i, err));
    ((draft *)into)->rule.refire = (vg_refire)i;
    return VG_OK;
}
READER(x_fire)
{
    (void)into;
    return only(f, n, "once-until-next", err);
}
READER(x_window)
{
    static const char *const words[] = {"from-first", "from-last"};
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, words, VG_LEN(words), &i, err));
    ((draft *)into)->rule.window = (vg_window)i;
    return VG_OK;
}
READER(x_keep_count)
{
    return vg_yaml_bool(f, n, &((draft *)into)->rule.keep_count, err);
}
READER(x_dedupe)
{
    return vg_yaml_span(f, n, &((draft *)into)->rule.span_us, err);
}
READER(x_active_when)
{
    draft *d = into;
    return condition(f, n, d->schema, &d->rule.active_when, err);
}
READER(x_offline)
{
    ((draft *)into)->rule.hold_offline = true;
    return only(f, n, "hold", err);
}
READER(x_clears)
{
    return steps(f, n, &((draft *)into)->refs.clears, err);
}
READER(x_incident_key)
{
    vg_rule *r = &((draft *)into)->rule;
    return fields(f, n, r->incident_key, &r->n_incident_key, err);
}
READER(x_situation)
{
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, SITUATIONS, VG_LEN(SITUATIONS), &i, err));
    ((draft *)into)->rule.situation = SITUATIONS[i];
    return VG_OK;
}

static const vg_yaml_field X_KEYS[] = {{"pick", x_pick},
                                       {"consume", x_consume},
                                       {"refire", x_refire},
                                       {"fire", x_fire},
                                       {"window", x_window},
                                       {"keep-count", x_keep_count},
                                       {"dedupe", x_dedupe},
                                       {"active-when", x_active_when},
                                       {"when-source-offline", x_offline},
                                       {"clears-on", x_clears},
                                       {"incident-key", x_incident_key},
                                       {"situation", x_situation}};

READER(top_x)
{
    return vg_yaml_map(f, n, X_KEYS, VG_LEN(X_KEYS), into, &((draft *)into)->x, err);
}

// --- the document -------------------------------------------------------------------------------
READER(top_name)
{
    draft *d = into;
    VG_TRY(vg_yaml_text(f, n, NAME_BYTES, &d->event.name, err));
    for (const char *c = d->event.name; *c; c++) {
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
              *c == '_' || *c == '-' || *c == '.')) {
            return vg_yaml_fail(f, n, d->event.name, "engine.err.name_form", err);
        }
    }
    d->rule.name = d->event.name;
    return VG_OK;
}
READER(top_title)
{
    return vg_yaml_text(f, n, TITLE_BYTES, &((draft *)into)->rule.title, err);
}
READER(top_title_en)
{
    return vg_yaml_text(f, n, TITLE_BYTES, &((draft *)into)->rule.title_en, err);
}
READER(top_level)
{
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, LEVELS, VG_LEN(LEVELS), &i, err));
    ((draft *)into)->rule.level = (vg_rule_level)i;
    return VG_OK;
}

static const vg_yaml_field TOP_KEYS[] = {
    {"name", top_name},   {"title", top_title},         {"title-en", top_title_en},
    {"level", top_level}, {"detection", top_detection}, {"correlation", top_correlation},
    {"x-vonggac", top_x}};
static const vg_yaml_field CORR_KEYS[] = {
    {"type", NULL}, {"rules", NULL}, {"group-by", NULL}, {"timespan", NULL}, {"condition", NULL}};

// The first key of mask, as the file spells it.
static const char *key_of(const vg_yaml_field *keys, uint32_t mask)
{
    return keys[__builtin_ctz(mask)].key;
}

static vg_status hold_keys(vg_yaml_file *f, const yaml_node_t *n, const vg_yaml_field *keys,
                           uint32_t seen, uint32_t need, uint32_t may, vg_err *err)
{
    if (need & ~seen) {
        return vg_yaml_fail(f, n, key_of(keys, need & ~seen), "yaml.key_missing", err);
    }
    if (seen & ~(need | may)) {
        return vg_yaml_fail(f, n, key_of(keys, seen & ~(need | may)), "engine.err.key_not_here",
                            err);
    }
    return VG_OK;
}

static vg_status check_rule(vg_yaml_file *f, const yaml_node_t *n, const draft *d, vg_err *err)
{
    const vg_rule *r = &d->rule;
    const uint32_t c_need = C_TYPE | C_RULES | C_GROUP;
    VG_TRY(hold_keys(f, n, TOP_KEYS, d->top, TOP_NAME | TOP_TITLE | TOP_LEVEL | TOP_CORRELATION,
                     TOP_TITLE_EN | TOP_X, err));
    VG_TRY(hold_keys(f, n, CORR_KEYS, d->corr, c_need, C_SPAN | C_CONDITION, err));
    VG_TRY(hold_keys(f, n, CORR_KEYS, d->corr, c_need | TYPES[r->type].corr_need, 0, err));
    VG_TRY(hold_keys(f, n, X_KEYS, d->x, TYPES[r->type].x_need, TYPES[r->type].x_may, err));
    if (r->type == VG_RULE_SEQUENCE && d->refs.events.n < 2) {
        return vg_yaml_fail(f, n, "rules", "engine.err.two_steps", err);
    }
    if (r->type == VG_RULE_EVENT && (d->x & (X_CLEARS | X_KEEP)) && !(d->x & X_DEDUPE)) {
        return vg_yaml_fail(f, n, "dedupe", "yaml.key_missing", err);
    }
    return VG_OK;
}

static vg_status keep(vg_yaml_file *f, const yaml_node_t *n, vg_ruleset *set, draft *d, vg_err *err)
{
    if (d->top & TOP_DETECTION) {
        VG_TRY(hold_keys(f, n, TOP_KEYS, d->top, TOP_NAME | TOP_DETECTION, 0, err));
        return rule_set_add_event(set, &d->event, f->name, vg_yaml_line(n), err);
    }
    if (!(d->top & TOP_CORRELATION)) {
        return vg_yaml_fail(f, n, "detection", "yaml.key_missing", err);
    }
    VG_TRY(check_rule(f, n, d, err));
    d->rule.file = f->name;
    d->rule.line = vg_yaml_line(n);
    return rule_set_add_rule(set, &d->rule, &d->refs, err);
}

static vg_status one_document(vg_yaml_file *f, const yaml_node_t *root, void *into, vg_err *err)
{
    draft d = {.event = {.verbs = 1 << VG_VERB_RAISE},
               .rule = {.keep_count = true},
               .schema = &((vg_ruleset *)into)->schema};
    VG_TRY(vg_yaml_map(f, root, TOP_KEYS, VG_LEN(TOP_KEYS), &d, &d.top, err));
    return keep(f, root, into, &d, err);
}

vg_status vg_ruleset_add(vg_ruleset *set, const char *file, vg_str yaml, vg_err *err)
{
    return vg_yaml_read(file, yaml, &(vg_yaml_reader){set->arena, one_document, set}, err);
}
