// SPDX-License-Identifier: Apache-2.0
// What may stand in a correlation and in its x-vonggac part. Which keys a type needs and which it may have is
// one table (TYPES), because a key that changes the answer (pick, consume, refire, window, fire) must be
// written and a key that would be ignored must not be.
#include "engine/rule_impl.h"

enum seen {  // in the order of the tables below
    C_TYPE = 1,
    C_RULES = 2,
    C_GROUP = 4,
    C_SPAN = 8,
    C_CONDITION = 16,
    N_GTE = 1,
    N_GT = 2,
    N_FIELD = 4,
    U_RULES = 1,
    U_BEFORE = 2,
    U_AFTER = 4,
    R_RULES = 1,
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
    X_UNLESS = 1 << 12,
    X_RECOVERY = 1 << 13,
    X_ESCALATE = 1 << 14,
    X_RATIO = 1 << 15,
    X_THRESHOLD = 1 << 16,
    X_ACROSS = 1 << 17,
    X_ANY = X_INCIDENT | X_SITUATION | X_ACTIVE | X_UNLESS | X_RECOVERY | X_ESCALATE
};

static const struct {
    uint32_t corr_need, x_need, x_may;
} TYPES[VG_RULE_TYPES_N] = {
    [VG_RULE_SEQUENCE] = {C_SPAN, X_PICK | X_CONSUME, X_ANY | X_CLEARS | X_ACROSS},
    [VG_RULE_TOGETHER] = {C_SPAN, X_CONSUME, X_ANY | X_CLEARS | X_ACROSS},
    [VG_RULE_COUNT] = {C_SPAN | C_CONDITION, X_REFIRE, X_ANY | X_CLEARS | X_ACROSS},
    [VG_RULE_DISTINCT] = {C_SPAN | C_CONDITION, X_REFIRE, X_ANY | X_CLEARS | X_ACROSS},
    [VG_RULE_ABSENCE] = {C_SPAN, X_FIRE, X_ANY | X_CLEARS | X_OFFLINE},
    [VG_RULE_SUPPRESS] = {C_SPAN, X_WINDOW, X_ANY | X_CLEARS | X_KEEP},
    [VG_RULE_NEIGHBOURS] = {C_SPAN | C_CONDITION, X_REFIRE, X_ANY | X_CLEARS},
    [VG_RULE_RATE] = {0, X_RATIO | X_THRESHOLD, X_ANY},
    [VG_RULE_EVENT] = {0, 0, X_ANY | X_CLEARS | X_KEEP | X_DEDUPE},
};

static const char *const TYPE_WORDS[] = {
#define X(name, text, sigma) text,
    VG_RULE_TYPES(X)
#undef X
};
// Known to Sigma and of no use here: a different message than for a misspelling.
static const char *const OTHER_TYPES[] = {"value_sum", "value_avg", "value_percentile"};
static const char *const LEVELS[] = {"low", "medium", "high", "critical"};
static const char *const FIELDS[] = {"site", "zone", "device", "source", "kind"};
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

static vg_rule *rule_of(void *into)
{
    return &((rule_draft *)into)->rule;
}

// --- readers of single values -------------------------------------------------------------------
vg_status rule_read_condition(vg_yaml_file *f, const yaml_node_t *n, const vg_xschema *schema,
                              const vg_expr **into, vg_err *err)
{
    const char *text;
    VG_TRY(vg_yaml_text(f, n, VG_X_BYTES, &text, err));
    const vg_xorigin origin = {f->name, vg_yaml_line(n)};
    return vg_expr_compile(f->arena, schema, vg_str_c(text), &origin, into, err);
}

vg_status rule_read_level(vg_yaml_file *f, const yaml_node_t *n, vg_rule_level *into, vg_err *err)
{
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, LEVELS, VG_LEN(LEVELS), &i, err));
    *into = (vg_rule_level)i;
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
    const char **v;
    size_t count;
    VG_TRY(vg_yaml_texts(f, n, VG_YAML_LIST, &v, &count, err));
    if (count > VG_RULE_STEPS) {
        return vg_yaml_fail(f, n, "rules", "yaml.list_too_long", err);
    }
    *into = (vg_texts){v, count};
    return VG_OK;
}

// One of a list of words, as its index; the enums are in the order of their words.
static vg_status choice(vg_yaml_file *f, const yaml_node_t *n, const char *const *words,
                        size_t n_words, uint32_t *into, vg_err *err)
{
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, words, n_words, &i, err));
    *into = i;
    return VG_OK;
}
#define CHOICE(into, ...)                                       \
    do {                                                        \
        static const char *const words_[] = {__VA_ARGS__};      \
        uint32_t i_ = 0;                                        \
        VG_TRY(choice(f, n, words_, VG_LEN(words_), &i_, err)); \
        (into) = i_;                                            \
    } while (0)

// --- correlation --------------------------------------------------------------------------------
RULE_READER(corr_type)
{
    for (size_t i = 0; i < VG_LEN(OTHER_TYPES); i++) {
        uint32_t which = 0;
        if (vg_yaml_word(f, n, &OTHER_TYPES[i], 1, &which, NULL) == VG_OK) {
            return vg_yaml_fail(f, n, OTHER_TYPES[i], "engine.err.not_supported", err);
        }
    }
    uint32_t type = 0;
    VG_TRY(vg_yaml_word(f, n, TYPE_WORDS, VG_LEN(TYPE_WORDS), &type, err));
    rule_of(into)->type = (vg_rule_type)type;
    return VG_OK;
}
RULE_READER(corr_rules)
{
    return steps(f, n, &((rule_draft *)into)->refs.events, err);
}
RULE_READER(corr_group)
{
    vg_rule *r = rule_of(into);
    return fields(f, n, r->group, &r->n_group, err);
}
RULE_READER(corr_span)
{
    return vg_yaml_span(f, n, &rule_of(into)->span_us, err);
}
RULE_READER(cond_gte)
{
    return vg_yaml_uint(f, n, 1, VG_RULE_COUNT_MAX, &rule_of(into)->count, err);
}
RULE_READER(cond_gt)
{
    uint32_t more_than = 0;
    VG_TRY(vg_yaml_uint(f, n, 0, VG_RULE_COUNT_MAX - 1, &more_than, err));
    rule_of(into)->count = more_than + 1;
    return VG_OK;
}
RULE_READER(cond_field)
{
    CHOICE(rule_of(into)->distinct, "site", "zone", "device", "source", "kind");
    return VG_OK;
}

static const vg_yaml_field COND_KEYS[] = {
    {"gte", cond_gte}, {"gt", cond_gt}, {"field", cond_field}};

RULE_READER(corr_condition)
{
    uint32_t seen;
    VG_TRY(vg_yaml_map(f, n, COND_KEYS, VG_LEN(COND_KEYS), into, &seen, err));
    const uint32_t bounds = seen & (N_GTE | N_GT);
    if (bounds != N_GTE && bounds != N_GT) {
        return vg_yaml_fail(f, n, "gte", "yaml.key_missing", err);
    }
    ((rule_draft *)into)->has_field = seen & N_FIELD;
    return VG_OK;
}

static const vg_yaml_field CORR_KEYS[] = {{"type", corr_type},
                                          {"rules", corr_rules},
                                          {"group-by", corr_group},
                                          {"timespan", corr_span},
                                          {"condition", corr_condition}};

vg_status rule_read_correlation(vg_yaml_file *f, const yaml_node_t *n, void *into, vg_err *err)
{
    return vg_yaml_map(f, n, CORR_KEYS, VG_LEN(CORR_KEYS), into, &((rule_draft *)into)->corr, err);
}

// --- x-vonggac: how it matches ------------------------------------------------------------------
RULE_READER(x_pick)
{
    CHOICE(rule_of(into)->pick, "latest", "first");
    return VG_OK;
}
RULE_READER(x_consume)
{
    return vg_yaml_bool(f, n, &rule_of(into)->consume, err);
}
RULE_READER(x_refire)
{
    CHOICE(rule_of(into)->refire, "after-window", "reset", "each");
    return VG_OK;
}
// The word has one meaning today; the key must stand there so that a second one can come.
RULE_READER(x_fire)
{
    (void)into;
    uint32_t only;
    CHOICE(only, "once-until-next");
    (void)only;
    return VG_OK;
}
RULE_READER(x_window)
{
    CHOICE(rule_of(into)->window, "from-first", "from-last");
    return VG_OK;
}
RULE_READER(x_keep_count)
{
    return vg_yaml_bool(f, n, &rule_of(into)->keep_count, err);
}
RULE_READER(x_dedupe)
{
    return vg_yaml_span(f, n, &rule_of(into)->span_us, err);
}
RULE_READER(x_active_when)
{
    return rule_read_condition(f, n, ((rule_draft *)into)->schema, &rule_of(into)->active_when,
                               err);
}
RULE_READER(x_offline)
{
    uint32_t only;
    CHOICE(only, "hold");
    rule_of(into)->hold_offline = only == 0;
    return VG_OK;
}
RULE_READER(x_clears)
{
    return steps(f, n, &((rule_draft *)into)->refs.clears, err);
}
RULE_READER(x_ratio)
{
    return vg_yaml_decimal(f, n, 1.05, 100, &rule_of(into)->ratio, err);
}
RULE_READER(x_threshold)
{
    return vg_yaml_decimal(f, n, 0.5, 1000, &rule_of(into)->threshold, err);
}

RULE_READER(x_across)
{
    uint32_t only;
    CHOICE(only, "sites");
    rule_of(into)->across = only == 0;
    return VG_OK;
}

// --- x-vonggac: what comes of it ----------------------------------------------------------------
RULE_READER(unless_rules)
{
    return steps(f, n, &((rule_draft *)into)->refs.excuses, err);
}
RULE_READER(unless_before)
{
    return vg_yaml_span(f, n, &rule_of(into)->stage.before_us, err);
}
RULE_READER(unless_after)
{
    return vg_yaml_span(f, n, &rule_of(into)->stage.after_us, err);
}
RULE_READER(x_unless)
{
    static const vg_yaml_field keys[] = {
        {"rules", unless_rules}, {"before", unless_before}, {"after", unless_after}};
    uint32_t seen;
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), into, &seen, err));
    if (!(seen & U_RULES) || !(seen & (U_BEFORE | U_AFTER))) {
        return vg_yaml_fail(f, n, seen & U_RULES ? "before" : "rules", "yaml.key_missing", err);
    }
    return VG_OK;
}
RULE_READER(recovery_rules)
{
    return steps(f, n, &((rule_draft *)into)->refs.recovers, err);
}
RULE_READER(recovery_hold)
{
    return vg_yaml_span(f, n, &rule_of(into)->stage.hold_us, err);
}
RULE_READER(x_recovery)
{
    static const vg_yaml_field keys[] = {{"rules", recovery_rules}, {"hold", recovery_hold}};
    uint32_t seen;
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), into, &seen, err));
    return seen & R_RULES ? VG_OK : vg_yaml_fail(f, n, "rules", "yaml.key_missing", err);
}

static vg_status rung(vg_yaml_file *f, const yaml_node_t *n, void *into, vg_rule_level level,
                      vg_err *err)
{
    vg_rule_stage *s = &rule_of(into)->stage;
    vg_rung *r = &s->rungs[s->n_rungs++];  // a key stands once, so there are at most three
    r->level = level;
    return vg_yaml_span(f, n, &r->after_us, err);
}
RULE_READER(to_medium)
{
    return rung(f, n, into, VG_MEDIUM, err);
}
RULE_READER(to_high)
{
    return rung(f, n, into, VG_HIGH, err);
}
RULE_READER(to_critical)
{
    return rung(f, n, into, VG_CRITICAL, err);
}
RULE_READER(x_escalate)
{
    static const vg_yaml_field keys[] = {
        {"medium", to_medium}, {"high", to_high}, {"critical", to_critical}};
    uint32_t seen;
    return vg_yaml_map(f, n, keys, VG_LEN(keys), into, &seen, err);
}
RULE_READER(x_incident_key)
{
    vg_rule *r = rule_of(into);
    return fields(f, n, r->incident_key, &r->n_incident_key, err);
}
RULE_READER(x_situation)
{
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, SITUATIONS, VG_LEN(SITUATIONS), &i, err));
    rule_of(into)->situation = SITUATIONS[i];
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
                                       {"situation", x_situation},
                                       {"unless", x_unless},
                                       {"recovery", x_recovery},
                                       {"escalate", x_escalate},
                                       {"ratio", x_ratio},
                                       {"threshold", x_threshold},
                                       {"across", x_across}};

vg_status rule_read_extension(vg_yaml_file *f, const yaml_node_t *n, void *into, vg_err *err)
{
    return vg_yaml_map(f, n, X_KEYS, VG_LEN(X_KEYS), into, &((rule_draft *)into)->x, err);
}

// --- the whole ----------------------------------------------------------------------------------
vg_status rule_hold_keys(vg_yaml_file *f, const yaml_node_t *n, const vg_yaml_field *keys,
                         uint32_t seen, uint32_t need, uint32_t may, vg_err *err)
{
    VG_TRY(vg_yaml_keys(f, n, keys, need & ~seen, err));
    const uint32_t odd = seen & ~(need | may);
    return odd ? vg_yaml_fail(f, n, keys[__builtin_ctz(odd)].key, "engine.err.key_not_here", err)
               : VG_OK;
}

// Each rung later and higher than the one before, the first above the rule's own level.
static vg_status check_rungs(vg_yaml_file *f, const yaml_node_t *n, const vg_rule *r, vg_err *err)
{
    vg_rung last = {0, r->level};
    for (size_t i = 0; i < r->stage.n_rungs; i++) {
        const vg_rung *x = &r->stage.rungs[i];
        if (x->level <= last.level || x->after_us <= last.after_us) {
            return vg_yaml_fail(f, n, vg_rule_level_text(x->level), "engine.err.rung_order", err);
        }
        last = *x;
    }
    return VG_OK;
}

// A zone, a device and a source are one site's: grouped by them a rule across sites would never see two.
static vg_status check_across(vg_yaml_file *f, const yaml_node_t *n, const vg_rule *r, vg_err *err)
{
    for (size_t i = 0; r->across && i < r->n_group; i++) {
        if (r->group[i] != VG_BY_KIND) {
            return vg_yaml_fail(f, n, vg_field_text(r->group[i]), "engine.err.across_group", err);
        }
    }
    return VG_OK;
}

static bool grouped_by(const vg_rule *r, vg_rule_field a, vg_rule_field b)
{
    return r->n_group == 2 &&
           ((r->group[0] == a && r->group[1] == b) || (r->group[0] == b && r->group[1] == a));
}

vg_status rule_check_keys(vg_yaml_file *f, const yaml_node_t *n, const rule_draft *d, vg_err *err)
{
    const vg_rule *r = &d->rule;
    const uint32_t c_need = C_TYPE | C_RULES | (r->across ? 0 : C_GROUP);
    VG_TRY(rule_hold_keys(f, n, CORR_KEYS, d->corr, c_need, C_GROUP | C_SPAN | C_CONDITION, err));
    VG_TRY(
        rule_hold_keys(f, n, CORR_KEYS, d->corr, c_need | TYPES[r->type].corr_need, C_GROUP, err));
    VG_TRY(rule_hold_keys(f, n, X_KEYS, d->x, TYPES[r->type].x_need, TYPES[r->type].x_may, err));
    if ((r->type == VG_RULE_SEQUENCE || r->type == VG_RULE_TOGETHER) && d->refs.events.n < 2) {
        return vg_yaml_fail(f, n, "rules", "engine.err.two_steps", err);
    }
    if (r->type == VG_RULE_EVENT && (d->x & (X_CLEARS | X_KEEP)) && !(d->x & X_DEDUPE)) {
        return vg_yaml_fail(f, n, "dedupe", "yaml.key_missing", err);
    }
    if ((r->type == VG_RULE_DISTINCT) != d->has_field) {
        return vg_yaml_fail(f, n, "field",
                            d->has_field ? "engine.err.key_not_here" : "yaml.key_missing", err);
    }
    if (r->type == VG_RULE_NEIGHBOURS && !grouped_by(r, VG_BY_SITE, VG_BY_ZONE)) {
        return vg_yaml_fail(f, n, "group-by", "engine.err.by_site_zone", err);
    }
    if (d->x & X_ESCALATE && !(d->x & X_RECOVERY)) {
        return vg_yaml_fail(f, n, "recovery", "yaml.key_missing", err);
    }
    VG_TRY(check_across(f, n, r, err));
    return check_rungs(f, n, r, err);
}
