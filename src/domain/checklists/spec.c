// SPDX-License-Identifier: Apache-2.0
// Templates from YAML: tables of readers over the one loader. Every item has its words in both languages. What
// `applies-when` may ask about is known only when all items are read (an item may ask about another's answer),
// so conditions are compiled at the end. Unknown keys are errors, as everywhere.
#include "domain/checklists/spec.h"

#include "base/yaml.h"

enum { TEXT_BYTES = 400, CODE_BYTES = 32, NAME_BYTES = 48 };

static const char *const kinds[] = {"yes_no", "number", "text", "choice", "photo", "signature"};
static const char *const levels[] = {"low", "medium", "high", "critical"};

typedef struct draft {
    spec s;
    spec_item *item;
    spec_choice *choice;
    const vg_xname *facts;
    size_t n_facts;
    bool done;
} draft;

#define READER(name) \
    static vg_status name(vg_yaml_file *f, const yaml_node_t *n, void *into, vg_err *err)
#define TEXT_READER(name, place)                                             \
    READER(name)                                                             \
    {                                                                        \
        return vg_yaml_text(f, n, TEXT_BYTES, &((draft *)into)->place, err); \
    }

static vg_status code(vg_yaml_file *f, const yaml_node_t *n, const char **ret, vg_err *err)
{
    VG_TRY(vg_yaml_text(f, n, CODE_BYTES, ret, err));
    for (const char *c = *ret; *c; c++) {
        const bool letter = *c >= 'a' && *c <= 'z';
        if (!letter && (c == *ret || !((*c >= '0' && *c <= '9') || *c == '_'))) {
            return vg_yaml_fail(f, n, *ret, "checklists.code_form", err);
        }
    }
    return VG_OK;
}

static vg_status word(vg_yaml_file *f, const yaml_node_t *n, const char *const *words,
                      size_t n_words, const char **ret, vg_err *err)
{
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, words, n_words, &i, err));
    *ret = words[i];
    return VG_OK;
}

static vg_status decimal(vg_yaml_file *f, const yaml_node_t *n, const char **ret, vg_err *err)
{
    VG_TRY(vg_yaml_text(f, n, 20, ret, err));
    const vg_xvalue v = spec_value(&(spec_item){.kind = SPEC_NUMBER}, vg_str_c(*ret));
    return v.known ? VG_OK : vg_yaml_fail(f, n, *ret, "checklists.number_form", err);
}

// --- choices ------------------------------------------------------------------------------------
READER(choice_code)
{
    return code(f, n, &((draft *)into)->choice->code, err);
}
TEXT_READER(choice_text, choice->text)
TEXT_READER(choice_text_en, choice->text_en)
READER(choice_finding)
{
    return vg_yaml_bool(f, n, &((draft *)into)->choice->finding, err);
}
READER(one_choice)
{
    static const vg_yaml_field keys[] = {{"code", choice_code},
                                         {"text", choice_text},
                                         {"text-en", choice_text_en},
                                         {"finding", choice_finding}};
    draft *d = into;
    uint32_t seen = 0;
    d->choice = &d->item->choices[d->item->n_choices];
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), d, &seen, err));
    VG_TRY(vg_yaml_keys(f, n, keys, 7 & ~seen, err));
    d->item->n_choices++;
    return VG_OK;
}

// --- items --------------------------------------------------------------------------------------
READER(item_code)
{
    return code(f, n, &((draft *)into)->item->code, err);
}
TEXT_READER(item_text, item->text)
TEXT_READER(item_text_en, item->text_en)
READER(item_kind)
{
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, kinds, VG_LEN(kinds), &i, err));
    ((draft *)into)->item->kind = (spec_kind)i;
    return VG_OK;
}
TEXT_READER(item_section, item->section)
TEXT_READER(item_section_en, item->section_en)
TEXT_READER(item_law, item->law)
TEXT_READER(item_unit, item->unit)
TEXT_READER(item_unit_en, item->unit_en)
READER(item_min)
{
    return decimal(f, n, &((draft *)into)->item->min, err);
}
READER(item_max)
{
    return decimal(f, n, &((draft *)into)->item->max, err);
}
READER(item_optional)
{
    return vg_yaml_bool(f, n, &((draft *)into)->item->optional, err);
}
READER(item_finding)
{
    static const char *const words[] = {"no", "yes", "never"};
    return word(f, n, words, VG_LEN(words), &((draft *)into)->item->finding, err);
}
READER(item_level)
{
    return word(f, n, levels, VG_LEN(levels), &((draft *)into)->item->level, err);
}
READER(item_choices)
{
    return vg_yaml_each(f, n, SPEC_CHOICES, one_choice, into, err);
}
READER(item_applies)
{
    spec_item *i = ((draft *)into)->item;
    i->applies_line = vg_yaml_line(n);
    return vg_yaml_text(f, n, VG_X_BYTES, &i->applies_text, err);
}
READER(one_item)
{
    static const vg_yaml_field keys[] = {
        {"code", item_code},      {"text", item_text},         {"text-en", item_text_en},
        {"kind", item_kind},      {"section", item_section},   {"section-en", item_section_en},
        {"law", item_law},        {"unit", item_unit},         {"min", item_min},
        {"max", item_max},        {"optional", item_optional}, {"finding", item_finding},
        {"level", item_level},    {"choices", item_choices},   {"applies-when", item_applies},
        {"unit-en", item_unit_en}};
    draft *d = into;
    uint32_t seen = 0;
    d->item = &d->s.items[d->s.n_items];
    *d->item = (spec_item){.finding = "no", .level = "medium"};
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), d, &seen, err));
    VG_TRY(vg_yaml_keys(f, n, keys, 15 & ~seen, err));
    if (spec_find(&d->s, vg_str_c(d->item->code))) {
        return vg_yaml_fail(f, n, d->item->code, "checklists.code_twice", err);
    }
    if ((d->item->kind == SPEC_CHOICE) != (d->item->n_choices > 1)) {
        return vg_yaml_fail(f, n, d->item->code, "checklists.choices", err);
    }
    d->s.n_items++;
    return VG_OK;
}

// --- the document -------------------------------------------------------------------------------
READER(top_code)
{
    return code(f, n, &((draft *)into)->s.code, err);
}
TEXT_READER(top_title, s.title)
TEXT_READER(top_title_en, s.title_en)
READER(top_kind)
{
    static const char *const words[] = {"inspection", "handover", "self_check",
                                        "survey",     "go_no_go", "standard"};
    return word(f, n, words, VG_LEN(words), &((draft *)into)->s.kind, err);
}
READER(top_place)
{
    static const char *const words[] = {"site", "post"};
    return word(f, n, words, VG_LEN(words), &((draft *)into)->s.place, err);
}
READER(top_compartment)
{
    static const char *const words[] = {"shared", "force", "means", "measures"};
    return word(f, n, words, VG_LEN(words), &((draft *)into)->s.compartment, err);
}
READER(one_law)
{
    spec *s = &((draft *)into)->s;
    return vg_yaml_text(f, n, TEXT_BYTES, &s->law[s->n_law++], err);
}
READER(top_law)
{
    return vg_yaml_each(f, n, SPEC_LAWS, one_law, into, err);
}
READER(top_signs)
{
    return vg_yaml_uint(f, n, 1, 2, &((draft *)into)->s.signs, err);
}
READER(top_within)
{
    return vg_yaml_span(f, n, &((draft *)into)->s.within_us, err);
}
READER(top_items)
{
    return vg_yaml_each(f, n, SPEC_ITEMS, one_item, into, err);
}

static vg_xtype type_of(spec_kind k)
{
    return k == SPEC_YES_NO ? VG_X_BOOL : k == SPEC_NUMBER ? VG_X_NUMBER : VG_X_TEXT;
}

static vg_status add_item_name(vg_arena *a, const spec_item *i, int id, vg_xname *x, vg_err *err)
{
    char name[NAME_BYTES];
    const char **words = NULL;
    snprintf(name, sizeof name, "item.%s", i->code);
    if (i->kind == SPEC_CHOICE) {
        words = vg_arena_get(a, (i->n_choices + 1) * sizeof *words);
        for (size_t k = 0; words && k < i->n_choices; k++) {
            words[k] = i->choices[k].code;
        }
    }
    *x = (vg_xname){
        .name = vg_str_z(a, vg_str_c(name)), .type = type_of(i->kind), .words = words, .id = id};
    return x->name && (words || i->kind != SPEC_CHOICE)
               ? VG_OK
               : vg_fail(err, VG_ETOOBIG, "", NULL, "%s", name);
}

static vg_status compile(vg_yaml_file *f, draft *d, vg_err *err)
{
    static const vg_xname fixed[] = {
        {.name = "site.kind", .type = VG_X_TEXT, .id = ASK_SITE_KIND},
        {.name = "site.code", .type = VG_X_TEXT, .id = ASK_SITE_CODE},
        {.name = "site.key", .type = VG_X_BOOL, .id = ASK_SITE_KEY},
        {.name = "post.central", .type = VG_X_BOOL, .id = ASK_POST_CENTRAL},
    };
    const size_t n = VG_LEN(fixed) + d->n_facts + d->s.n_items;
    vg_xname *names = vg_arena_get(f->arena, n * sizeof *names);
    if (!names) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%zu", n);
    }
    memcpy(names, fixed, sizeof fixed);
    for (size_t i = 0; i < d->n_facts; i++) {
        names[VG_LEN(fixed) + i] = d->facts[i];
        names[VG_LEN(fixed) + i].id = ASK_FACT;
    }
    for (size_t i = 0; i < d->s.n_items; i++) {
        VG_TRY(add_item_name(f->arena, &d->s.items[i], ASK_ITEM + (int)i,
                             &names[VG_LEN(fixed) + d->n_facts + i], err));
    }
    const vg_xschema schema = {.names = names, .n = n};
    for (size_t i = 0; i < d->s.n_items; i++) {
        spec_item *item = &d->s.items[i];
        if (item->applies_text) {
            VG_TRY(vg_expr_compile(f->arena, &schema, vg_str_c(item->applies_text),
                                   &(vg_xorigin){f->name, item->applies_line}, &item->applies,
                                   err));
        }
    }
    return VG_OK;
}

READER(document)
{
    static const vg_yaml_field keys[] = {
        {"code", top_code},         {"title", top_title},
        {"title-en", top_title_en}, {"kind", top_kind},
        {"place", top_place},       {"items", top_items},
        {"law", top_law},           {"signs", top_signs},
        {"within", top_within},     {"compartment", top_compartment}};
    draft *d = into;
    uint32_t seen = 0;
    if (d->done) {
        return vg_yaml_fail(f, n, "", "checklists.one_document", err);
    }
    d->done = true;
    d->s.items = vg_arena_get(f->arena, SPEC_ITEMS * sizeof *d->s.items);
    if (!d->s.items) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "items");
    }
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), d, &seen, err));
    VG_TRY(vg_yaml_keys(f, n, keys, 63 & ~seen, err));
    return compile(f, d, err);
}

vg_status spec_read(vg_arena *a, const char *file, vg_str yaml, const vg_xname *facts,
                    size_t n_facts, const spec **ret, vg_err *err)
{
    draft *d = vg_arena_get(a, sizeof *d);
    if (!d || yaml.n > SPEC_BYTES) {
        return vg_fail(err, VG_ETOOBIG, "yaml", NULL, "%zu", yaml.n);
    }
    *d = (draft){.s = {.signs = 1, .compartment = "measures"}, .facts = facts, .n_facts = n_facts};
    VG_TRY(vg_yaml_read(file, yaml, &(vg_yaml_reader){a, document, d}, err));
    if (!d->s.n_items) {
        return vg_fail(err, VG_EINVALID, "items", "yaml.key_missing", "%s:1", file);
    }
    *ret = &d->s;
    return VG_OK;
}
