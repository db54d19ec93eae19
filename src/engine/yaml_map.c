// SPDX-License-Identifier: Apache-2.0
// libyaml gives the tree of one document; these readers turn it into plain values. Aliases are shared
// nodes and our schemas have a fixed depth, so no document can expand into more than its own size.
// Nothing here knows rules.
#include "engine/yaml_map.h"

#include "base/clock.h"

#include <assert.h>

enum { NEAR = 2, WORD_MAX = 32 };

size_t yaml_line(const yaml_node_t *n)
{
    return n->start_mark.line + 1;
}

vg_status yaml_fail(const yaml_file *f, const yaml_node_t *n, const char *field, const char *key,
                    vg_err *err)
{
    return vg_fail(err, VG_EINVALID, field, key, "%s:%zu", f->name, yaml_line(n));
}

// Edit distance of two short words; anything over NEAR is as good as infinite.
static size_t distance(const char *a, const char *b)
{
    const size_t na = strlen(a), nb = strlen(b);
    if (na > WORD_MAX || nb > WORD_MAX) {
        return NEAR + 1;
    }
    size_t row[WORD_MAX + 1];
    for (size_t j = 0; j <= nb; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= na; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            const size_t change = diagonal + (a[i - 1] != b[j - 1]);
            const size_t gap = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < gap ? change : gap;
        }
    }
    return row[nb];
}

static const char *nearest(const char *word, const char *const *words, size_t stride, size_t n)
{
    const char *best = NULL;
    size_t best_d = NEAR + 1;
    for (size_t i = 0; i < n; i++) {
        const char *w = *(const char *const *)(const void *)((const char *)words + i * stride);
        const size_t d = distance(word, w);
        if (d < best_d && d < strlen(w)) {
            best_d = d;
            best = w;
        }
    }
    return best;
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

static vg_status map_pair(yaml_file *f, const yaml_node_pair_t *p, const yaml_field *fields,
                          size_t n_fields, void *into, uint32_t *seen, vg_err *err)
{
    static const char *const unknown_keys[] = {"engine.err.unknown_key",
                                               "engine.err.unknown_key_near"};
    const yaml_node_t *k = yaml_document_get_node(f->doc, p->key);
    const yaml_node_t *v = yaml_document_get_node(f->doc, p->value);
    const char *key = scalar(k);
    if (!key) {
        return yaml_fail(f, k, "", "engine.err.not_a_text", err);
    }
    size_t i = 0;
    while (i < n_fields && strcmp(fields[i].key, key) != 0) {
        i++;
    }
    if (i == n_fields) {
        return unknown(f->name, yaml_line(k), key,
                       nearest(key, &fields->key, sizeof *fields, n_fields), unknown_keys, err);
    }
    if (*seen & UINT32_C(1) << i) {
        return yaml_fail(f, k, key, "engine.err.key_twice", err);
    }
    *seen |= UINT32_C(1) << i;
    return fields[i].read(f, v, into, err);
}

vg_status yaml_map(yaml_file *f, const yaml_node_t *n, const yaml_field *fields, size_t n_fields,
                   void *into, uint32_t *ret_seen, vg_err *err)
{
    if (n->type != YAML_MAPPING_NODE) {
        return yaml_fail(f, n, "", "engine.err.not_a_mapping", err);
    }
    assert(n_fields <= YAML_FIELDS_MAX);
    uint32_t seen = 0;
    for (const yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top;
         p++) {
        VG_TRY(map_pair(f, p, fields, n_fields, into, &seen, err));
    }
    *ret_seen = seen;
    return VG_OK;
}

vg_status yaml_text(yaml_file *f, const yaml_node_t *n, size_t max_bytes, const char **ret,
                    vg_err *err)
{
    const char *z = scalar(n);
    if (!z || !*z) {
        return yaml_fail(f, n, "", "engine.err.not_a_text", err);
    }
    const size_t len = strlen(z);
    const char *copy = len <= max_bytes ? vg_str_z(f->arena, vg_str_c(z)) : NULL;
    if (!copy) {
        return vg_fail(err, VG_ETOOBIG, "", "engine.err.text_too_long", "%s:%zu", f->name,
                       yaml_line(n));
    }
    *ret = copy;
    return VG_OK;
}

vg_status yaml_texts(yaml_file *f, const yaml_node_t *n, size_t max, const char ***ret_v,
                     size_t *ret_n, vg_err *err)
{
    const bool list = n->type == YAML_SEQUENCE_NODE;
    const yaml_node_item_t *items = list ? n->data.sequence.items.start : NULL;
    const size_t count = list ? (size_t)(n->data.sequence.items.top - items) : 1;
    if (count == 0) {
        return yaml_fail(f, n, "", "engine.err.empty_list", err);
    }
    const char **v = count <= max ? vg_arena_get(f->arena, count * sizeof *v) : NULL;
    if (!v) {
        return vg_fail(err, VG_ETOOBIG, "", "engine.err.list_too_long", "%s:%zu", f->name,
                       yaml_line(n));
    }
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *item = list ? yaml_document_get_node(f->doc, items[i]) : n;
        VG_TRY(yaml_text(f, item, 64, &v[i], err));
    }
    *ret_v = v;
    *ret_n = count;
    return VG_OK;
}

vg_status yaml_bool(yaml_file *f, const yaml_node_t *n, bool *ret, vg_err *err)
{
    const char *z = scalar(n);
    const bool yes = z && strcmp(z, "true") == 0;
    if (!yes && !(z && strcmp(z, "false") == 0)) {
        return yaml_fail(f, n, z ? z : "", "engine.err.not_a_bool", err);
    }
    *ret = yes;
    return VG_OK;
}

vg_status yaml_uint(yaml_file *f, const yaml_node_t *n, uint32_t min, uint32_t max, uint32_t *ret,
                    vg_err *err)
{
    const char *z = scalar(n);
    int64_t v;
    if (!z || vg_str_i64(vg_str_c(z), min, max, &v, NULL) != VG_OK) {
        return vg_fail(err, VG_EINVALID, z ? z : "", "engine.err.number_range", "%u–%u (%s:%zu)",
                       min, max, f->name, yaml_line(n));
    }
    *ret = (uint32_t)v;
    return VG_OK;
}

vg_status yaml_span(yaml_file *f, const yaml_node_t *n, int64_t *ret_us, vg_err *err)
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
    return yaml_fail(f, n, z ? z : "", "engine.err.timespan", err);
}

vg_status yaml_one_of(const char *file, size_t line, const char *word, const char *const *words,
                      size_t n_words, uint32_t *ret, vg_err *err)
{
    static const char *const keys[] = {"engine.err.unknown_word", "engine.err.unknown_word_near"};
    for (size_t i = 0; i < n_words; i++) {
        if (strcmp(words[i], word) == 0) {
            *ret = (uint32_t)i;
            return VG_OK;
        }
    }
    return unknown(file, line, word, nearest(word, words, sizeof *words, n_words), keys, err);
}

vg_status yaml_word(yaml_file *f, const yaml_node_t *n, const char *const *words, size_t n_words,
                    uint32_t *ret, vg_err *err)
{
    const char *z = scalar(n);
    if (!z) {
        return yaml_fail(f, n, "", "engine.err.not_a_text", err);
    }
    return yaml_one_of(f->name, yaml_line(n), z, words, n_words, ret, err);
}
