// SPDX-License-Identifier: Apache-2.0
// Arguments of commands and queries: checked once, here, against their declared fields. What a handler
// sees is typed, composed (NFC) and within its limits. An unknown member is an error that names the
// nearest field, so that a misspelt option is never silently ignored.
#include "core/command.h"

#include "base/clock.h"
#include "base/near.h"
#include "base/text.h"

enum { TEXT_MAX = 200, JSON_MAX = 16384, SECRET_MAX = 512 };

static vg_status unknown(const vg_field *fields, const char *name, vg_err *err)
{
    size_t n = 0;
    while (fields && fields[n].name) {
        n++;
    }
    const char *near = n ? vg_near(name, &fields->name, sizeof *fields, n, 3) : NULL;
    return near ? vg_fail(err, VG_EINVALID, name, "err.field_unknown_near", "%s → %s", name, near)
                : vg_fail(err, VG_EINVALID, name, "err.field_unknown", "%s", name);
}

static vg_status as_text(vg_arena *a, const vg_field *f, const json_t *j, vg_str *ret, vg_err *err)
{
    if (!json_is_string(j)) {
        return vg_fail(err, VG_EINVALID, f->name, "err.field_text", "%s", f->name);
    }
    const vg_str raw = {json_string_value(j), json_string_length(j)};
    if (f->type == VG_F_SECRET) {
        if (raw.n > (f->max ? (size_t)f->max : SECRET_MAX)) {
            return vg_fail(err, VG_ETOOBIG, f->name, "err.field_long", "%s", f->name);
        }
        *ret = vg_str_dup(a, raw);
        return ret->p ? VG_OK : vg_fail(err, VG_ETOOBIG, f->name, NULL, "%s", f->name);
    }
    const size_t max = f->max ? (size_t)f->max : TEXT_MAX;
    if (raw.n > max * 4) {
        return vg_fail(err, VG_ETOOBIG, f->name, "err.field_long", "%s", f->name);
    }
    vg_str nfc;
    const vg_status s = vg_nfc(a, raw, &nfc, err);
    if (s != VG_OK) {
        return vg_fail(err, s, f->name, "err.field_characters", "%s", f->name);
    }
    nfc = vg_str_trim(nfc);
    if (vg_utf8_count(nfc) > max) {
        return vg_fail(err, VG_ETOOBIG, f->name, "err.field_long", "%s > %zu", f->name, max);
    }
    if (!nfc.n && (f->flags & (VG_REQUIRED | VG_IN_PATH))) {
        return vg_fail(err, VG_EINVALID, f->name, "err.field_missing", "%s", f->name);
    }
    *ret = vg_str_dup(a, nfc);
    return ret->p ? VG_OK : vg_fail(err, VG_ETOOBIG, f->name, NULL, "%s", f->name);
}

static vg_status as_id(vg_arena *a, const vg_field *f, const json_t *j, vg_str *ret, vg_err *err)
{
    const char *z = json_is_string(j) ? json_string_value(j) : "";
    if (strlen(z) != VG_ID_TEXT - 1 ||
        strspn(z, "0123456789abcdefghjkmnpqrstvwxyz") != VG_ID_TEXT - 1) {
        return vg_fail(err, VG_EINVALID, f->name, "err.field_id", "%s", f->name);
    }
    *ret = vg_str_dup(a, vg_str_c(z));
    return ret->p ? VG_OK : vg_fail(err, VG_ETOOBIG, f->name, NULL, "%s", f->name);
}

static vg_status as_int(const vg_field *f, const json_t *j, int64_t *ret, vg_err *err)
{
    if (json_is_integer(j)) {
        *ret = json_integer_value(j);
    } else if (!json_is_string(j) || vg_str_i64(vg_str_c(json_string_value(j)), INT64_MIN,
                                                INT64_MAX, ret, NULL) != VG_OK) {
        return vg_fail(err, VG_EINVALID, f->name, "err.field_number", "%s", f->name);
    }
    if ((f->min || f->max) && (*ret < f->min || *ret > f->max)) {
        return vg_fail(err, VG_EINVALID, f->name, "err.field_range", "%s (%lld–%lld)", f->name,
                       (long long)f->min, (long long)f->max);
    }
    return VG_OK;
}

static vg_status as_bool(const vg_field *f, const json_t *j, int64_t *ret, vg_err *err)
{
    const char *z = json_is_string(j) ? json_string_value(j) : "";
    if (json_is_boolean(j)) {
        *ret = json_is_true(j);
    } else if (strcmp(z, "true") == 0 || strcmp(z, "1") == 0) {
        *ret = 1;
    } else if (strcmp(z, "false") == 0 || strcmp(z, "0") == 0) {
        *ret = 0;
    } else {
        return vg_fail(err, VG_EINVALID, f->name, "err.field_bool", "%s", f->name);
    }
    return VG_OK;
}

static vg_status as_enum(vg_arena *a, const vg_field *f, const json_t *j, vg_str *ret,
                         int64_t *ret_i, vg_err *err)
{
    const char *z = json_is_string(j) ? json_string_value(j) : "";
    char all[120] = "";
    size_t n = 0;
    for (int i = 0; f->values[i]; i++) {
        if (strcmp(f->values[i], z) == 0) {
            *ret_i = i;
            *ret = vg_str_dup(a, vg_str_c(z));
            return ret->p ? VG_OK : vg_fail(err, VG_ETOOBIG, f->name, NULL, "%s", f->name);
        }
        const int m = snprintf(all + n, sizeof all - n, "%s%s", i ? ", " : "", f->values[i]);
        n = n + (size_t)m < sizeof all ? n + (size_t)m : sizeof all - 1;
    }
    return vg_fail(err, VG_EINVALID, f->name, "err.field_enum", "%s: %s", f->name, all);
}

static vg_status as_json(vg_arena *a, const vg_field *f, const json_t *j, vg_str *ret, vg_err *err)
{
    const size_t max = f->max ? (size_t)f->max : JSON_MAX;
    const size_t n = json_dumpb(j, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);
    char *p = n <= max ? vg_arena_get(a, n + 1) : NULL;
    if (!p) {
        return vg_fail(err, VG_ETOOBIG, f->name, "err.field_long", "%s > %zu", f->name, max);
    }
    json_dumpb(j, p, n, JSON_COMPACT | JSON_ENCODE_ANY);
    *ret = (vg_str){p, n};
    return VG_OK;
}

static vg_status convert(vg_arena *a, const vg_field *f, const json_t *j, vg_args *ret, size_t i,
                         vg_err *err)
{
    ret->v[i].present = true;
    switch (f->type) {
    case VG_F_ID:
        return as_id(a, f, j, &ret->v[i].s, err);
    case VG_F_INT:
        return as_int(f, j, &ret->v[i].i, err);
    case VG_F_BOOL:
        return as_bool(f, j, &ret->v[i].i, err);
    case VG_F_TIME: {
        const vg_str t = vg_str_c(json_is_string(j) ? json_string_value(j) : "");
        const vg_status s = vg_time_parse(t, &ret->v[i].i, err);
        if (s != VG_OK && err) {
            snprintf(err->field, sizeof err->field, "%s", f->name);
        }
        return s;
    }
    case VG_F_ENUM:
        return as_enum(a, f, j, &ret->v[i].s, &ret->v[i].i, err);
    case VG_F_JSON:
        return as_json(a, f, j, &ret->v[i].s, err);
    case VG_F_TEXT:
    case VG_F_SECRET:
    default:
        return as_text(a, f, j, &ret->v[i].s, err);
    }
}

vg_status vg_args_parse(vg_arena *a, const vg_field *fields, const json_t *object, vg_args *ret,
                        vg_err *err)
{
    *ret = (vg_args){.fields = fields};
    if (!json_is_object(object)) {
        return vg_fail(err, VG_EINVALID, "", "err.not_an_object", "%s", "");
    }
    size_t seen = 0;
    for (const vg_field *f = fields; f && f->name; f++, ret->n++) {
        const json_t *j = json_object_get(object, f->name);
        seen += j != NULL;
        if (j && !json_is_null(j)) {
            VG_TRY(convert(a, f, j, ret, ret->n, err));
        } else if (f->flags & (VG_REQUIRED | VG_IN_PATH)) {
            return vg_fail(err, VG_EINVALID, f->name, "err.field_missing", "%s", f->name);
        }
    }
    if (seen == json_object_size(object)) {
        return VG_OK;
    }
    union {
        const json_t *borrowed;
        json_t *plain;
    } u = {object};  // jansson's iterator takes no const
    for (void *it = json_object_iter(u.plain); it; it = json_object_iter_next(u.plain, it)) {
        const char *name = json_object_iter_key(it);
        bool known = false;
        for (const vg_field *f = fields; f && f->name; f++) {
            known = known || strcmp(f->name, name) == 0;
        }
        if (!known) {
            return unknown(fields, name, err);
        }
    }
    return VG_OK;
}

static size_t index_of(const vg_args *a, const char *name)
{
    for (size_t i = 0; i < a->n; i++) {
        if (strcmp(a->fields[i].name, name) == 0) {
            return i;
        }
    }
    fprintf(stderr, "level=error event=args.undeclared name=%s\n", name);
    abort();  // our bug: a handler asks for a field it did not declare
}

bool vg_arg_has(const vg_args *a, const char *name)
{
    return a->v[index_of(a, name)].present;
}

vg_str vg_arg_str(const vg_args *a, const char *name)
{
    const size_t i = index_of(a, name);
    return a->v[i].present && a->v[i].s.p ? a->v[i].s : (vg_str){"", 0};
}

int64_t vg_arg_i64(const vg_args *a, const char *name, int64_t missing)
{
    const size_t i = index_of(a, name);
    return a->v[i].present ? a->v[i].i : missing;
}
