// SPDX-License-Identifier: Apache-2.0
// YAML to rules. A file is a run of documents: event documents (detection) name sets of events,
// correlation documents are rules over them. Each mapping is one table of readers; what a correlation may
// hold is in rule_keys.c. What it does not do: guess. Unknown keys, words, types and references are errors
// with file and line.
#include "engine/rule_impl.h"

enum { TITLE_BYTES = 240, NAME_BYTES = 63 };

enum seen {  // in the order of TOP_KEYS
    TOP_NAME = 1,
    TOP_TITLE = 2,
    TOP_TITLE_EN = 4,
    TOP_LEVEL = 8,
    TOP_DETECTION = 16,
    TOP_CORRELATION = 32,
    TOP_X = 64
};

static const char *const VERBS[] = {"raise",    "restore", "arm",  "disarm", "bypass",
                                    "unbypass", "test",    "poll", "other",  "any"};

static vg_status list(vg_yaml_file *f, const yaml_node_t *n, vg_texts *into, vg_err *err)
{
    const char **v;
    size_t count;
    VG_TRY(vg_yaml_texts(f, n, VG_YAML_LIST, &v, &count, err));
    *into = (vg_texts){v, count};
    return VG_OK;
}

// --- detection ----------------------------------------------------------------------------------
RULE_READER(sel_kind)
{
    rule_draft *d = into;
    d->has_kind = true;
    return list(f, n, &d->event.kinds, err);
}
RULE_READER(sel_site)
{
    return list(f, n, &((rule_draft *)into)->event.sites, err);
}
RULE_READER(sel_zone)
{
    return list(f, n, &((rule_draft *)into)->event.zones, err);
}
RULE_READER(sel_device)
{
    return list(f, n, &((rule_draft *)into)->event.devices, err);
}
RULE_READER(sel_verb)
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
    ((rule_draft *)into)->event.verbs = verbs;
    return VG_OK;
}
RULE_READER(sel_authenticated)
{
    return vg_yaml_bool(f, n, &((rule_draft *)into)->event.authenticated, err);
}
RULE_READER(sel_where)
{
    rule_draft *d = into;
    return rule_read_condition(f, n, d->schema, &d->event.where, err);
}
RULE_READER(det_selection)
{
    static const vg_yaml_field keys[] = {{"kind", sel_kind},  {"site", sel_site},
                                         {"zone", sel_zone},  {"device", sel_device},
                                         {"verb", sel_verb},  {"authenticated", sel_authenticated},
                                         {"where", sel_where}};
    uint32_t seen;
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), into, &seen, err));
    if (!((rule_draft *)into)->has_kind) {
        return vg_yaml_fail(f, n, "kind", "yaml.key_missing", err);
    }
    return VG_OK;
}
RULE_READER(det_condition)
{
    (void)into;
    static const char *const words[] = {"selection"};
    uint32_t i = 0;
    return vg_yaml_word(f, n, words, VG_LEN(words), &i, err);
}
RULE_READER(top_detection)
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

// --- the document -------------------------------------------------------------------------------
RULE_READER(top_name)
{
    rule_draft *d = into;
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
RULE_READER(top_title)
{
    return vg_yaml_text(f, n, TITLE_BYTES, &((rule_draft *)into)->rule.title, err);
}
RULE_READER(top_title_en)
{
    return vg_yaml_text(f, n, TITLE_BYTES, &((rule_draft *)into)->rule.title_en, err);
}
RULE_READER(top_level)
{
    return rule_read_level(f, n, &((rule_draft *)into)->rule.level, err);
}

static const vg_yaml_field TOP_KEYS[] = {{"name", top_name},
                                         {"title", top_title},
                                         {"title-en", top_title_en},
                                         {"level", top_level},
                                         {"detection", top_detection},
                                         {"correlation", rule_read_correlation},
                                         {"x-vonggac", rule_read_extension}};
static vg_status check_rule(vg_yaml_file *f, const yaml_node_t *n, const rule_draft *d, vg_err *err)
{
    VG_TRY(rule_hold_keys(f, n, TOP_KEYS, d->top,
                          TOP_NAME | TOP_TITLE | TOP_LEVEL | TOP_CORRELATION, TOP_TITLE_EN | TOP_X,
                          err));
    return rule_check_keys(f, n, d, err);
}

static vg_status keep(vg_yaml_file *f, const yaml_node_t *n, vg_ruleset *set, rule_draft *d,
                      vg_err *err)
{
    if (d->top & TOP_DETECTION) {
        VG_TRY(rule_hold_keys(f, n, TOP_KEYS, d->top, TOP_NAME | TOP_DETECTION, 0, err));
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
    rule_draft d = {.event = {.verbs = 1 << VG_VERB_RAISE},
                    .rule = {.keep_count = true},
                    .schema = &((vg_ruleset *)into)->schema};
    VG_TRY(vg_yaml_map(f, root, TOP_KEYS, VG_LEN(TOP_KEYS), &d, &d.top, err));
    return keep(f, root, into, &d, err);
}

vg_status vg_ruleset_add(vg_ruleset *set, const char *file, vg_str yaml, vg_err *err)
{
    return vg_yaml_read(file, yaml, &(vg_yaml_reader){set->arena, one_document, set}, err);
}
