// SPDX-License-Identifier: Apache-2.0
// A cell as the value of a field. People write dates as dd/MM/yyyy, yes as "x", kinds by their Vietnamese names;
// spreadsheets take telephone numbers for numbers and lose the zero. What is meant is found here, and what cannot
// be meant is an error that names the cell; the field's own limits are checked by the command itself.
//
// Canonical values: ids, enum words, µs of times, 0/1, composed text.
#include "domain/imports/imports.h"

#include "base/clock.h"
#include "base/text.h"
#include "ident/phone.h"

static vg_status unusable(const vg_cell *cell, const vg_field *f, vg_err *err)
{
    static const struct {
        vg_cell_kind kind;
        const char *key;
    } REFUSED[] = {{VG_CELL_ERROR, "imports.cell_error"},
                   {VG_CELL_FORMULA, "imports.cell_formula"},
                   {VG_CELL_LONG, "imports.cell_long"}};
    for (size_t i = 0; i < VG_LEN(REFUSED); i++) {
        if (cell->kind == REFUSED[i].kind) {
            return vg_fail(err, VG_EINVALID, f->name, REFUSED[i].key, "%.*s", VG_FMT(cell->text));
        }
    }
    return VG_OK;
}

// As the commands keep it; a zero that a spreadsheet took away comes back (912345678).
static vg_status as_phone(vg_arena *a, const vg_field *f, vg_str s, vg_str *ret, vg_err *err)
{
    vg_phone p;
    if (vg_phone_parse(s, &p, err) != VG_OK) {
        if (err) {
            snprintf(err->field, sizeof err->field, "%s", f->name);
        }
        return VG_EINVALID;
    }
    *ret = *p.ext ? vg_str_f(a, "%s #%s", p.text, p.ext) : vg_str_f(a, "%s", p.text);
    return VG_OK;
}

static bool part(vg_str s, size_t *at, int *ret)
{
    int n = 0, digits = 0;
    while (*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9' && digits < 4) {
        n = n * 10 + (s.p[(*at)++] - '0');
        digits++;
    }
    *ret = n;
    return digits > 0;
}

static bool sign(vg_str s, size_t *at, const char *any)
{
    return *at < s.n && strchr(any, s.p[*at]) && ++*at;
}

static int days_in(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : DAYS[month - 1];
}

// dd/MM/yyyy, d.M.yyyy, dd-MM-yyyy or yyyy-MM-dd, then perhaps HH:mm[:ss], in Viet Nam's time.
static bool date_of(vg_str s, int64_t *ret)
{
    int v[6] = {0};
    size_t at = 0;
    if (!part(s, &at, &v[0]) || !sign(s, &at, "/-.") || !part(s, &at, &v[1]) ||
        !sign(s, &at, "/-.") || !part(s, &at, &v[2])) {
        return false;
    }
    if (v[0] > 31) {
        const int year = v[0];
        v[0] = v[2];
        v[2] = year;
    }
    if (at < s.n && (!sign(s, &at, " T") || !part(s, &at, &v[3]) || !sign(s, &at, ":hg") ||
                     !part(s, &at, &v[4]) || (sign(s, &at, ":") && !part(s, &at, &v[5])))) {
        return false;
    }
    if (at != s.n || v[2] < 1900 || v[2] > 2200 || v[1] < 1 || v[1] > 12 || v[0] < 1 ||
        v[0] > days_in(v[2], v[1]) || v[3] > 23 || v[4] > 59 || v[5] > 59) {
        return false;
    }
    *ret = vg_time_civil(v[2], v[1], v[0], v[3], v[4], v[5]) - 7 * 3600 * VG_SECOND_US;
    return true;
}

static vg_status as_time(vg_arena *keep, const vg_field *f, vg_str s, vg_str *ret, vg_err *err)
{
    int64_t us;
    if (!date_of(s, &us) && vg_time_parse(s, &us, NULL) != VG_OK) {
        return vg_fail(err, VG_EINVALID, f->name, "imports.not_a_date", "%.*s", VG_FMT(s));
    }
    *ret = vg_str_f(keep, "%lld", (long long)us);
    return VG_OK;
}

static vg_status as_bool(vg_arena *a, const vg_field *f, vg_str s, vg_str *ret, vg_err *err)
{
    const bool yes = imports_named("import.yes", a, s);
    if (!yes && !imports_named("import.no", a, s)) {
        return vg_fail(err, VG_EINVALID, f->name, "imports.not_yes_no", "%.*s", VG_FMT(s));
    }
    *ret = yes ? VG_S("1") : VG_S("0");
    return VG_OK;
}

static vg_status as_enum(const imports_reader *rd, const imports_plan *p, const vg_field *f,
                         vg_str s, vg_str *ret, vg_err *err)
{
    for (int i = 0; f->values[i]; i++) {
        char key[128];
        snprintf(key, sizeof key, "import.%s.%s.%s", p->target->name, f->name, f->values[i]);
        if (vg_str_eqc(s, f->values[i]) || imports_named(key, rd->scratch, s)) {
            *ret = vg_str_c(f->values[i]);
            return VG_OK;
        }
    }
    return vg_fail(err, VG_EINVALID, f->name, "imports.not_a_value", "%.*s", VG_FMT(s));
}

static vg_status as_name(const imports_reader *rd, size_t field, const vg_field *f, vg_str s,
                         vg_str *ret, vg_err *err)
{
    const vg_status st = imports_names_find(rd->names[field], rd->scratch, s, ret);
    if (st == VG_OK) {
        return VG_OK;
    }
    return vg_fail(err, VG_EINVALID, f->name,
                   st == VG_ECONFLICT ? "imports.name_of_several" : "imports.names_nothing", "%.*s",
                   VG_FMT(s));
}

vg_status imports_value(const imports_reader *rd, const imports_plan *p, size_t field,
                        const vg_cell *cell, vg_arena *keep, vg_str *ret, vg_err *err)
{
    const vg_import_field *mf = &p->target->fields[field];
    const vg_field *f = imports_field_of(p->add, mf->name);
    vg_str s;
    *ret = (vg_str){0};
    VG_TRY(unusable(cell, f, err));
    if (vg_nfc(rd->scratch, cell->text, &s, err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, f->name, "err.field_characters", "%s", f->name);
    }
    s = vg_str_trim(s);
    if (s.n > 1 && s.p[0] == '\'' && strchr("=+-@", s.p[1])) {
        s = (vg_str){s.p + 1, s.n - 1};  // as our own lists keep a text from running as a formula
    }
    if (!s.n) {
        return VG_OK;
    }
    if (mf->names) {
        VG_TRY(as_name(rd, field, f, s, ret, err));
    } else if (mf->flags & VG_IMP_PHONE) {
        VG_TRY(as_phone(rd->scratch, f, s, ret, err));
    } else if (f->type == VG_F_TIME) {
        VG_TRY(as_time(keep, f, s, ret, err));
    } else if (f->type == VG_F_BOOL) {
        VG_TRY(as_bool(rd->scratch, f, s, ret, err));
    } else if (f->type == VG_F_ENUM) {
        VG_TRY(as_enum(rd, p, f, s, ret, err));
    } else {
        *ret = s;
    }
    *ret = vg_str_dup(keep, *ret);
    return ret->p ? VG_OK : vg_fail(err, VG_ETOOBIG, f->name, "sheet.too_much_text", "%d", 0);
}

json_t *imports_json_of(const vg_field *f, vg_str v)
{
    int64_t n = 0;
    char text[VG_TIME_TEXT];
    switch (f->type) {
    case VG_F_BOOL:
        return json_boolean(vg_str_eqc(v, "1"));
    case VG_F_TIME:
        if (vg_str_i64(v, INT64_MIN, INT64_MAX, &n, NULL) != VG_OK) {
            return json_null();
        }
        vg_time_rfc3339(n, text);
        return json_string(text);
    case VG_F_INT:
    case VG_F_TEXT:
    case VG_F_ID:
    case VG_F_ENUM:
    case VG_F_SECRET:
    case VG_F_JSON:
    default:
        return json_stringn(v.p, v.n);
    }
}

json_t *imports_args(const imports_table *t, const imports_row *r, const vg_command *c,
                     const vg_str *values, const vg_str *but)
{
    json_t *o = json_object();
    for (size_t i = 0; i < t->plan.n_fields; i++) {
        const vg_field *f = imports_field_of(c, t->target->fields[i].name);
        const bool same = but && but[i].p && vg_str_eq(values[i], but[i]);
        if (f && values[i].p && !same) {
            json_object_set_new(o, f->name, imports_json_of(f, values[i]));
        }
    }
    if (c != t->plan.add) {
        json_object_set_new(o, "id", json_string(r->id));
    }
    return o;
}
