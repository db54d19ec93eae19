// SPDX-License-Identifier: Apache-2.0
// Rules are checked like the arguments of a command, one object each, so that a misspelt member is refused with
// the nearest name. Nothing here knows a broker.
#include "core/link_rules.h"

#include <assert.h>
#include <math.h>

enum { RULES_BYTES = 16384, POINT_MAX = 15 };

static const char *const TESTS[] = {"equals", "not", "greater", "less", "contains", "any", NULL};
static const char *const VERBS[] = {"raise",    "restore", "arm",  "disarm", "bypass",
                                    "unbypass", "test",    "poll", "other",  NULL};
static const char *const KINDS[] = {
#define X(name, urgency) #name,
#include "core/signal_kinds.def"
#undef X
    NULL};

static const vg_field FIELDS[] = {
    {"topic", VG_F_TEXT, VG_REQUIRED, .max = VG_LINK_TOPIC},
    {"device", VG_F_JSON, VG_REQUIRED, .max = 200},
    {"path", VG_F_TEXT, .max = 120},
    {"is", VG_F_ENUM, .values = TESTS},
    {"value", VG_F_JSON, .max = 400},
    {"kind", VG_F_ENUM, .values = KINDS},
    {"verb", VG_F_ENUM, .values = VERBS},
    {"point", VG_F_TEXT, .max = POINT_MAX},
    {"else", VG_F_BOOL},
    {NULL},
};

// --- topics -------------------------------------------------------------------------------------
// The part before the next '/', which is taken off; false at the end.
static bool part(vg_str *rest, vg_str *ret)
{
    if (!rest->p) {
        return false;
    }
    const char *slash = rest->n ? memchr(rest->p, '/', rest->n) : NULL;
    *ret = (vg_str){rest->p, slash ? (size_t)(slash - rest->p) : rest->n};
    *rest = slash ? (vg_str){slash + 1, rest->n - ret->n - 1} : (vg_str){NULL, 0};
    return true;
}

bool vg_topic_filter_ok(vg_str filter)
{
    vg_str rest = filter, p;
    if (filter.n == 0 || filter.n > VG_LINK_TOPIC) {
        return false;
    }
    while (part(&rest, &p)) {
        const bool wild = p.n && (memchr(p.p, '+', p.n) || memchr(p.p, '#', p.n));
        if ((wild && p.n != 1) || (vg_str_eqc(p, "#") && rest.p)) {
            return false;
        }
    }
    return true;
}

bool vg_topic_matches(vg_str filter, vg_str topic)
{
    vg_str f, t;
    if (topic.n && topic.p[0] == '$' && filter.n && filter.p[0] != '$') {
        return false;
    }
    while (part(&filter, &f)) {
        if (vg_str_eqc(f, "#")) {
            return true;
        }
        if (!part(&topic, &t)) {
            return false;
        }
        if (!vg_str_eqc(f, "+") && !vg_str_eq(f, t)) {
            return false;
        }
    }
    return !topic.p;
}

vg_str vg_topic_level(vg_str topic, int level)
{
    vg_str p = {"", 0};
    for (int i = 0; i < level; i++) {
        if (!part(&topic, &p)) {
            return (vg_str){"", 0};
        }
    }
    return p;
}

// --- comparing ----------------------------------------------------------------------------------
static bool number_of(vg_str s, double *ret)
{
    char z[64], *end;
    if (s.n == 0 || s.n >= sizeof z) {
        return false;
    }
    snprintf(z, sizeof z, "%.*s", VG_FMT(s));
    *ret = strtod(z, &end);
    return *end == '\0' && isfinite(*ret);
}

bool vg_link_rule_holds(const vg_link_rule *r, vg_str value)
{
    double x;
    switch (r->is) {
    case VG_IS_EQUALS:
        return vg_str_eq(value, r->value);
    case VG_IS_NOT:
        return !vg_str_eq(value, r->value);
    case VG_IS_GREATER:
        return number_of(value, &x) && x > r->number;
    case VG_IS_LESS:
        return number_of(value, &x) && x < r->number;
    case VG_IS_CONTAINS:
        return memmem(value.p, value.n, r->value.p, r->value.n) != NULL;
    case VG_IS_ANY:
        return true;
    }
    return false;
}

// --- parsing ------------------------------------------------------------------------------------
// A JSON scalar as the text that a payload would hold.
static vg_str scalar(vg_arena *a, vg_str raw)
{
    return raw.n && raw.p[0] == '"' ? vg_js_decode(a, raw) : raw;
}

static vg_status device_of(vg_arena *a, const vg_args *args, vg_link_rule *r, vg_err *err)
{
    const vg_str raw = vg_arg_str(args, "device");
    int64_t level = 0;
    if (raw.n && raw.p[0] == '"') {
        r->device = scalar(a, raw);
        return r->device.n ? VG_OK : vg_fail(err, VG_EINVALID, "device", "links.device", "%s", "");
    }
    if (vg_str_i64(raw, 1, 30, &level, NULL) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "device", "links.device", "%.*s", VG_FMT(raw));
    }
    r->level = (int)level;
    return VG_OK;
}

static vg_status value_of(vg_arena *a, const vg_args *args, vg_link_rule *r, vg_err *err)
{
    const vg_str raw = vg_arg_str(args, "value");
    r->is = vg_arg_has(args, "is")      ? (vg_link_test)vg_arg_i64(args, "is", 0)
            : vg_arg_has(args, "value") ? VG_IS_EQUALS
                                        : VG_IS_ANY;
    if (r->is == VG_IS_ANY) {
        return VG_OK;
    }
    if (!raw.n || raw.p[0] == '{' || raw.p[0] == '[') {
        return vg_fail(err, VG_EINVALID, "value", "links.rule_value", "%.*s", VG_FMT(raw));
    }
    r->value = scalar(a, raw);
    const bool compares = r->is == VG_IS_GREATER || r->is == VG_IS_LESS;
    if (compares && !number_of(r->value, &r->number)) {
        return vg_fail(err, VG_EINVALID, "value", "links.rule_number", "%.*s", VG_FMT(raw));
    }
    return VG_OK;
}

static vg_status verb_of(const vg_args *args, vg_link_rule *r, vg_err *err)
{
    static const char *const GIVEN[] = {
        [VG_SIG_ARM] = "armed",         [VG_SIG_DISARM] = "disarmed", [VG_SIG_BYPASS] = "bypassed",
        [VG_SIG_UNBYPASS] = "bypassed", [VG_SIG_TEST] = "test",       [VG_SIG_POLL] = "",
        [VG_SIG_OTHER] = "other",
    };
    r->verb = (uint8_t)vg_arg_i64(args, "verb", VG_SIG_RAISE);
    const bool state = r->verb == VG_SIG_RAISE || r->verb == VG_SIG_ARM || r->verb == VG_SIG_BYPASS;
    r->ends = state && r->is != VG_IS_ANY && vg_arg_i64(args, "else", 1) != 0;
    if (vg_arg_has(args, "kind")) {
        r->kind = KINDS[vg_arg_i64(args, "kind", 0)];
    } else {
        r->kind = GIVEN[r->verb];
    }
    return r->kind ? VG_OK : vg_fail(err, VG_EINVALID, "kind", "err.field_missing", "%s", "kind");
}

static vg_status rule_of(vg_arena *a, const json_t *o, vg_link_rule *r, vg_err *err)
{
    vg_args args;
    if (!json_is_object(o)) {
        return vg_fail(err, VG_EINVALID, "", "links.rule_object", "%s", "");
    }
    VG_TRY(vg_args_parse(a, FIELDS, o, &args, err));
    assert(r);
    *r = (vg_link_rule){.topic = vg_arg_str(&args, "topic"),
                        .path = vg_arg_str(&args, "path"),
                        .point = vg_arg_str(&args, "point")};
    if (!vg_topic_filter_ok(r->topic)) {
        return vg_fail(err, VG_EINVALID, "topic", "links.topic", "%.*s", VG_FMT(r->topic));
    }
    VG_TRY(device_of(a, &args, r, err));
    VG_TRY(value_of(a, &args, r, err));
    return verb_of(&args, r, err);
}

static vg_status at(size_t i, vg_status s, vg_err *err)
{
    char field[sizeof err->field];
    if (err) {
        snprintf(field, sizeof field, "rules[%zu]%s%.30s", i, err->field[0] ? "." : "", err->field);
        memcpy(err->field, field, sizeof field);
    }
    return s;
}

vg_status vg_link_rules(vg_arena *a, vg_str json, vg_link_rule **ret, size_t *ret_n, vg_err *err)
{
    json_t *list = NULL;
    VG_TRY(vg_json_parse(json, RULES_BYTES, &list, err));
    const size_t n = json_array_size(list);
    vg_link_rule *v = n && n <= VG_LINK_RULES ? vg_arena_get(a, n * sizeof *v) : NULL;
    vg_status s =
        v ? VG_OK : vg_fail(err, VG_EINVALID, "rules", "links.rules", "%d", VG_LINK_RULES);
    for (size_t i = 0; s == VG_OK && i < n; i++) {
        s = rule_of(a, json_array_get(list, i), &v[i], err);
        s = s == VG_OK ? s : at(i, s, err);
    }
    json_decref(list);
    if (s == VG_OK) {
        *ret = v;
        *ret_n = n;
    }
    return s;
}
