// SPDX-License-Identifier: Apache-2.0
// Each of our fields is one column, one number or one value; what a form cannot get right by accident (a kind
// that is none, a map to nowhere) is refused when it is saved, not when the first file comes at night.
#include "core/link_columns.h"

#include "base/text.h"

enum { COLUMNS_BYTES = 4096, NAME_MAX_BYTES = 200 };

const char *const vg_csv_field_names[VG_CSV_FIELDS + 1] = {
#define X(name) #name,
    VG_CSV_COLUMNS(X)
#undef X
        NULL};

static const char *const VERBS[] = {"raise",    "restore", "arm",  "disarm", "bypass",
                                    "unbypass", "test",    "poll", "other"};

int vg_signal_verb_of(vg_str name)
{
    for (size_t i = 0; i < VG_LEN(VERBS); i++) {
        if (vg_str_eqc(name, VERBS[i])) {
            return (int)i;
        }
    }
    return -1;
}

const char *vg_signal_kind_of(vg_str name)
{
    static const char *const kinds[] = {
#define X(kind, urgency) #kind,
#include "core/signal_kinds.def"
#undef X
    };
    for (size_t i = 0; i < VG_LEN(kinds); i++) {
        if (vg_str_eqc(name, kinds[i])) {
            return kinds[i];
        }
    }
    return NULL;
}

bool vg_csv_column_given(const vg_csv_column *c)
{
    return c->head.n || c->number || c->is.n;
}

static vg_status fail_at(size_t field, const char *key, vg_str detail, vg_err *err)
{
    char path[40];
    snprintf(path, sizeof path, "columns.%s", vg_csv_field_names[field]);
    return vg_fail(err, VG_EINVALID, path, key, "%.*s", VG_FMT(detail));
}

static vg_status text_of(vg_arena *a, size_t field, const json_t *v, vg_str *ret, vg_err *err)
{
    vg_str raw = {json_string_value(v), json_string_length(v)};
    if (!json_is_string(v) || raw.n == 0 || raw.n > NAME_MAX_BYTES) {
        return fail_at(field, "links.column", vg_str_c(""), err);
    }
    if (vg_nfc(a, raw, &raw, NULL) != VG_OK) {
        return fail_at(field, "err.field_characters", vg_str_c(""), err);
    }
    *ret = vg_str_dup(a, vg_str_trim(raw));
    return VG_OK;
}

// A word of ours, where the field has such.
static vg_status is_ours(size_t field, vg_str word, vg_err *err)
{
    if (field == VG_CSV_kind && !vg_signal_kind_of(word)) {
        return fail_at(field, "ingest.err.kind", word, err);
    }
    if (field == VG_CSV_verb && vg_signal_verb_of(word) < 0) {
        return fail_at(field, "ingest.err.verb", word, err);
    }
    return VG_OK;
}

static vg_status words_of(vg_arena *a, size_t field, const json_t *map, vg_csv_column *c,
                          vg_err *err)
{
    const char *from;
    json_t *to;
    const size_t n = json_object_size(map);
    vg_csv_word *v = n && n <= VG_CSV_WORDS ? vg_arena_get(a, n * sizeof *v) : NULL;
    if (!v) {
        return fail_at(field, "links.column_map", vg_str_c(""), err);
    }
    union {
        const json_t *borrowed;
        json_t *plain;
    } u = {map};
    json_object_foreach(u.plain, from, to)
    {
        vg_csv_word *w = &v[c->n_words++];
        w->from = vg_str_dup(a, vg_str_c(from));
        VG_TRY(text_of(a, field, to, &w->to, err));
        VG_TRY(is_ours(field, w->to, err));
    }
    c->words = v;
    return VG_OK;
}

static vg_status column_of(vg_arena *a, size_t field, const json_t *v, vg_csv_column *c,
                           vg_err *err)
{
    if (json_is_integer(v)) {
        const json_int_t n = json_integer_value(v);
        c->number = n >= 1 && n <= VG_CSV_COLUMN_MAX ? (int)n : 0;
        return c->number ? VG_OK : fail_at(field, "links.column", vg_str_c(""), err);
    }
    return text_of(a, field, v, &c->head, err);
}

static vg_status field_of(vg_arena *a, size_t field, const json_t *v, vg_csv_column *c, vg_err *err)
{
    if (!json_is_object(v)) {
        return column_of(a, field, v, c, err);
    }
    const json_t *is = json_object_get(v, "is"), *column = json_object_get(v, "column"),
                 *map = json_object_get(v, "map");
    const size_t known = (is ? 1u : 0u) + (column ? 1u : 0u) + (map ? 1u : 0u);
    if (known != json_object_size(v) || (is && (column || map)) || (!is && !column)) {
        return fail_at(field, "links.column", vg_str_c(""), err);
    }
    if (is) {
        VG_TRY(text_of(a, field, is, &c->is, err));
        return is_ours(field, c->is, err);
    }
    VG_TRY(column_of(a, field, column, c, err));
    return map ? words_of(a, field, map, c, err) : VG_OK;
}

static vg_status all_fields(vg_arena *a, const json_t *o, vg_link_columns *ret, vg_err *err)
{
    size_t known = 0;
    for (size_t i = 0; i < VG_CSV_FIELDS; i++) {
        const json_t *v = json_object_get(o, vg_csv_field_names[i]);
        known += v ? 1u : 0u;
        if (v) {
            VG_TRY(field_of(a, i, v, &ret->v[i], err));
        }
    }
    if (known != json_object_size(o)) {
        return vg_fail(err, VG_EINVALID, "columns", "links.column_unknown", "%s", "");
    }
    return vg_csv_column_given(&ret->v[VG_CSV_kind])
               ? VG_OK
               : fail_at(VG_CSV_kind, "err.field_missing", vg_str_c("kind"), err);
}

vg_status vg_link_columns_parse(vg_arena *a, vg_str json, vg_link_columns *ret, vg_err *err)
{
    json_t *o = NULL;
    *ret = (vg_link_columns){0};
    VG_TRY(vg_json_parse(json, COLUMNS_BYTES, &o, err));
    const vg_status s =
        json_is_object(o) ? all_fields(a, o, ret, err)
                          : vg_fail(err, VG_EINVALID, "columns", "links.column_unknown", "%s", "");
    json_decref(o);
    return s;
}
