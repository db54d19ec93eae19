// SPDX-License-Identifier: Apache-2.0
// The one way YAML comes in. A first pass over the parser's events, before any tree is made, refuses what is
// too deep, aliases and tags (no document can expand into more than its own size, none names a type); then
// libyaml gives the tree of one document at a time, in which no mapping may have a key twice. The readers turn
// nodes into plain values; each error names file and line. Nothing here knows rules or checklists.
#include "base/yaml.h"

#include "base/clock.h"
#include "base/near.h"

#include <assert.h>

enum { NEAR = 2, DEPTH_MAX = 16, DOCS_MAX = 4096, PAIRS_MAX = 512 };

// --- a file -------------------------------------------------------------------------------------
static vg_status bad_syntax(const yaml_parser_t *p, const char *name, vg_err *err)
{
    return vg_fail(err, VG_EINVALID, "", "yaml.syntax", "%s:%zu: %s", name,
                   p->problem_mark.line + 1, p->problem ? p->problem : "");
}

static bool tagged(const yaml_event_t *e)
{
    return (e->type == YAML_SCALAR_EVENT && e->data.scalar.tag) ||
           (e->type == YAML_SEQUENCE_START_EVENT && e->data.sequence_start.tag) ||
           (e->type == YAML_MAPPING_START_EVENT && e->data.mapping_start.tag);
}

static const char *refused(const yaml_event_t *e, int *depth, int *docs)
{
    const bool opens = e->type == YAML_SEQUENCE_START_EVENT || e->type == YAML_MAPPING_START_EVENT;
    const bool closes = e->type == YAML_SEQUENCE_END_EVENT || e->type == YAML_MAPPING_END_EVENT;
    *depth += opens - closes;
    *docs += e->type == YAML_DOCUMENT_START_EVENT;
    if (e->type == YAML_ALIAS_EVENT) {
        return "yaml.alias";
    }
    return tagged(e)            ? "yaml.tag"
           : *depth > DEPTH_MAX ? "yaml.too_deep"
           : *docs > DOCS_MAX   ? "yaml.too_many"
                                : NULL;
}

static vg_status screen(yaml_parser_t *p, const char *name, vg_err *err)
{
    int depth = 0, docs = 0;
    for (;;) {
        yaml_event_t e;
        if (!yaml_parser_parse(p, &e)) {
            return bad_syntax(p, name, err);
        }
        const char *key = refused(&e, &depth, &docs);
        const bool end = e.type == YAML_STREAM_END_EVENT;
        const size_t line = e.start_mark.line + 1;
        yaml_event_delete(&e);
        if (key) {
            return vg_fail(err, VG_EINVALID, "", key, "%s:%zu", name, line);
        }
        if (end) {
            return VG_OK;
        }
    }
}

static const char *scalar(const yaml_node_t *n);

static vg_status keys_once(const vg_yaml_file *f, const yaml_node_t *n, vg_err *err)
{
    const yaml_node_pair_t *from = n->data.mapping.pairs.start, *to = n->data.mapping.pairs.top;
    if (to - from > PAIRS_MAX) {
        return vg_fail(err, VG_ETOOBIG, "", "yaml.list_too_long", "%s:%zu", f->name,
                       vg_yaml_line(n));
    }
    for (const yaml_node_pair_t *p = from; p < to; p++) {
        const yaml_node_t *k = yaml_document_get_node(f->doc, p->key);
        const char *key = scalar(k);
        if (!key) {
            return vg_yaml_fail(f, k, "", "yaml.not_a_text", err);
        }
        for (const yaml_node_pair_t *q = from; q < p; q++) {
            const char *earlier = scalar(yaml_document_get_node(f->doc, q->key));
            if (earlier && strcmp(earlier, key) == 0) {
                return vg_yaml_fail(f, k, key, "yaml.key_twice", err);
            }
        }
    }
    return VG_OK;
}

static vg_status one_document(vg_yaml_file *f, const vg_yaml_reader *reader, vg_err *err)
{
    const yaml_node_t *root = yaml_document_get_root_node(f->doc);
    if (root->type == YAML_SCALAR_NODE && root->data.scalar.length == 0) {
        return VG_OK;  // only a comment
    }
    for (const yaml_node_t *n = f->doc->nodes.start; n < f->doc->nodes.top; n++) {
        if (n->type == YAML_MAPPING_NODE) {
            VG_TRY(keys_once(f, n, err));
        }
    }
    return reader->document(f, root, reader->into, err);
}

static vg_status load_all(yaml_parser_t *p, const char *name, const vg_yaml_reader *reader,
                          vg_err *err)
{
    for (;;) {
        yaml_document_t doc;
        if (!yaml_parser_load(p, &doc)) {
            return bad_syntax(p, name, err);
        }
        vg_yaml_file f = {&doc, name, reader->arena};
        const bool more = yaml_document_get_root_node(&doc) != NULL;
        const vg_status st = more ? one_document(&f, reader, err) : VG_OK;
        yaml_document_delete(&doc);
        if (!more || st != VG_OK) {
            return st;
        }
    }
}

static vg_status with_parser(const char *name, vg_str text, const vg_yaml_reader *reader,
                             vg_err *err)
{
    yaml_parser_t p;
    if (!yaml_parser_initialize(&p)) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "libyaml");
    }
    yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&p, (const unsigned char *)text.p, text.n);
    const vg_status st = reader ? load_all(&p, name, reader, err) : screen(&p, name, err);
    yaml_parser_delete(&p);
    return st;
}

vg_status vg_yaml_read(const char *name, vg_str text, const vg_yaml_reader *reader, vg_err *err)
{
    const char *kept = vg_str_z(reader->arena, vg_str_c(name));
    if (text.n > VG_YAML_BYTES || !kept) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", name);
    }
    VG_TRY(with_parser(kept, text, NULL, err));
    return with_parser(kept, text, reader, err);
}

// --- values -------------------------------------------------------------------------------------
size_t vg_yaml_line(const yaml_node_t *n)
{
    return n->start_mark.line + 1;
}

vg_status vg_yaml_fail(const vg_yaml_file *f, const yaml_node_t *n, const char *field,
                       const char *key, vg_err *err)
{
    return vg_fail(err, VG_EINVALID, field, key, "%s:%zu", f->name, vg_yaml_line(n));
}

static vg_status unknown(const char *file, size_t line, const char *word, const char *meant,
                         const char *const keys[2], vg_err *err)
{
    if (meant) {
        return vg_fail(err, VG_EINVALID, word, keys[1], "%s (%s:%zu)", meant, file, line);
    }
    return vg_fail(err, VG_EINVALID, word, keys[0], "%s:%zu", file, line);
}

static const char *scalar(const yaml_node_t *n)  // libyaml ends scalars with a NUL
{
    return n->type == YAML_SCALAR_NODE &&
                   strlen((const char *)n->data.scalar.value) == n->data.scalar.length
               ? (const char *)n->data.scalar.value
               : NULL;
}

static vg_status map_pair(vg_yaml_file *f, const yaml_node_pair_t *p, const vg_yaml_field *fields,
                          size_t n_fields, void *into, uint32_t *seen, vg_err *err)
{
    static const char *const unknown_keys[] = {"yaml.unknown_key", "yaml.unknown_key_near"};
    const yaml_node_t *k = yaml_document_get_node(f->doc, p->key);
    const yaml_node_t *v = yaml_document_get_node(f->doc, p->value);
    const char *key = scalar(k);
    if (!key) {
        return vg_yaml_fail(f, k, "", "yaml.not_a_text", err);
    }
    size_t i = 0;
    while (i < n_fields && strcmp(fields[i].key, key) != 0) {
        i++;
    }
    if (i == n_fields) {
        return unknown(f->name, vg_yaml_line(k), key,
                       vg_near(key, &fields->key, sizeof *fields, n_fields, NEAR), unknown_keys,
                       err);
    }
    *seen |= UINT32_C(1) << i;
    return fields[i].read(f, v, into, err);
}

vg_status vg_yaml_map(vg_yaml_file *f, const yaml_node_t *n, const vg_yaml_field *fields,
                      size_t n_fields, void *into, uint32_t *ret_seen, vg_err *err)
{
    if (n->type != YAML_MAPPING_NODE) {
        return vg_yaml_fail(f, n, "", "yaml.not_a_mapping", err);
    }
    assert(n_fields <= VG_YAML_FIELDS);
    uint32_t seen = 0;
    for (const yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top;
         p++) {
        VG_TRY(map_pair(f, p, fields, n_fields, into, &seen, err));
    }
    *ret_seen = seen;
    return VG_OK;
}

vg_status vg_yaml_text(vg_yaml_file *f, const yaml_node_t *n, size_t max_bytes, const char **ret,
                       vg_err *err)
{
    const char *z = scalar(n);
    if (!z || !*z) {
        return vg_yaml_fail(f, n, "", "yaml.not_a_text", err);
    }
    const size_t len = strlen(z);
    const char *copy = len <= max_bytes ? vg_str_z(f->arena, vg_str_c(z)) : NULL;
    if (!copy) {
        return vg_fail(err, VG_ETOOBIG, "", "yaml.text_too_long", "%s:%zu", f->name,
                       vg_yaml_line(n));
    }
    *ret = copy;
    return VG_OK;
}

vg_status vg_yaml_texts(vg_yaml_file *f, const yaml_node_t *n, size_t max, const char ***ret_v,
                        size_t *ret_n, vg_err *err)
{
    const bool list = n->type == YAML_SEQUENCE_NODE;
    const yaml_node_item_t *items = list ? n->data.sequence.items.start : NULL;
    const size_t count = list ? (size_t)(n->data.sequence.items.top - items) : 1;
    if (count == 0) {
        return vg_yaml_fail(f, n, "", "yaml.empty_list", err);
    }
    const char **v = count <= max ? vg_arena_get(f->arena, count * sizeof *v) : NULL;
    if (!v) {
        return vg_fail(err, VG_ETOOBIG, "", "yaml.list_too_long", "%s:%zu", f->name,
                       vg_yaml_line(n));
    }
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *item = list ? yaml_document_get_node(f->doc, items[i]) : n;
        VG_TRY(vg_yaml_text(f, item, 64, &v[i], err));
    }
    *ret_v = v;
    *ret_n = count;
    return VG_OK;
}

vg_status vg_yaml_bool(vg_yaml_file *f, const yaml_node_t *n, bool *ret, vg_err *err)
{
    const char *z = scalar(n);
    const bool yes = z && strcmp(z, "true") == 0;
    if (!yes && !(z && strcmp(z, "false") == 0)) {
        return vg_yaml_fail(f, n, z ? z : "", "yaml.not_a_bool", err);
    }
    *ret = yes;
    return VG_OK;
}

vg_status vg_yaml_uint(vg_yaml_file *f, const yaml_node_t *n, uint32_t min, uint32_t max,
                       uint32_t *ret, vg_err *err)
{
    const char *z = scalar(n);
    int64_t v;
    if (!z || vg_str_i64(vg_str_c(z), min, max, &v, NULL) != VG_OK) {
        return vg_fail(err, VG_EINVALID, z ? z : "", "yaml.number_range", "%u–%u (%s:%zu)", min,
                       max, f->name, vg_yaml_line(n));
    }
    *ret = (uint32_t)v;
    return VG_OK;
}

vg_status vg_yaml_decimal(vg_yaml_file *f, const yaml_node_t *n, double min, double max,
                          double *ret, vg_err *err)
{
    const char *z = scalar(n);
    const size_t len = z ? strlen(z) : 0;
    char *end = NULL;
    // No sign, exponent, hexadecimal or "inf": what strtod takes and people do not mean.
    const bool plain = len && len < 24 && strspn(z, "0123456789.") == len;
    const double v = plain ? strtod(z, &end) : 0;
    if (!plain || *end || v < min || v > max) {
        return vg_fail(err, VG_EINVALID, z ? z : "", "yaml.number_range", "%g–%g (%s:%zu)", min,
                       max, f->name, vg_yaml_line(n));
    }
    *ret = v;
    return VG_OK;
}

vg_status vg_yaml_span(vg_yaml_file *f, const yaml_node_t *n, int64_t *ret_us, vg_err *err)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    const char *z = scalar(n);
    const size_t len = z ? strlen(z) : 0;
    int64_t v = 0;
    if (len >= 2 && vg_str_i64((vg_str){z, len - 1}, 1, 2592000, &v, NULL) == VG_OK) {
        for (size_t i = 0; i < VG_LEN(units); i++) {
            if (units[i].unit == z[len - 1] && v * units[i].seconds <= 2592000) {
                *ret_us = v * units[i].seconds * VG_SECOND_US;
                return VG_OK;
            }
        }
    }
    return vg_yaml_fail(f, n, z ? z : "", "yaml.timespan", err);
}

vg_status vg_yaml_one_of(const char *file, size_t line, const char *word, const char *const *words,
                         size_t n_words, uint32_t *ret, vg_err *err)
{
    static const char *const keys[] = {"yaml.unknown_word", "yaml.unknown_word_near"};
    for (size_t i = 0; i < n_words; i++) {
        if (strcmp(words[i], word) == 0) {
            *ret = (uint32_t)i;
            return VG_OK;
        }
    }
    return unknown(file, line, word, vg_near(word, words, sizeof *words, n_words, NEAR), keys, err);
}

vg_status vg_yaml_word(vg_yaml_file *f, const yaml_node_t *n, const char *const *words,
                       size_t n_words, uint32_t *ret, vg_err *err)
{
    const char *z = scalar(n);
    if (!z) {
        return vg_yaml_fail(f, n, "", "yaml.not_a_text", err);
    }
    return vg_yaml_one_of(f->name, vg_yaml_line(n), z, words, n_words, ret, err);
}

vg_status vg_yaml_each(vg_yaml_file *f, const yaml_node_t *n, size_t max,
                       vg_status (*read)(vg_yaml_file *f, const yaml_node_t *n, void *into,
                                         vg_err *err),
                       void *into, vg_err *err)
{
    if (n->type != YAML_SEQUENCE_NODE) {
        return vg_yaml_fail(f, n, "", "yaml.not_a_list", err);
    }
    const yaml_node_item_t *from = n->data.sequence.items.start, *to = n->data.sequence.items.top;
    if ((size_t)(to - from) > max) {
        return vg_fail(err, VG_ETOOBIG, "", "yaml.list_too_long", "%s:%zu", f->name,
                       vg_yaml_line(n));
    }
    for (const yaml_node_item_t *i = from; i < to; i++) {
        VG_TRY(read(f, yaml_document_get_node(f->doc, *i), into, err));
    }
    return VG_OK;
}

vg_status vg_yaml_keys(const vg_yaml_file *f, const yaml_node_t *n, const vg_yaml_field *fields,
                       uint32_t missing, vg_err *err)
{
    return missing ? vg_yaml_fail(f, n, fields[__builtin_ctz(missing)].key, "yaml.key_missing", err)
                   : VG_OK;
}
