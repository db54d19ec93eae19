// SPDX-License-Identifier: Apache-2.0
// Units that stood once and into what they went, so that papers with old names still resolve: [{code, name, parent?,
// from?, to?, law?, into?[codes]}]. The provinces before July 2025 come with the program; a province adds the old
// districts and communes of its own papers. A row that is put again replaces itself; nothing is deleted.
#include "domain/places/places.h"

#include "domain/day.h"
#include "domain/shipped.h"

extern const vg_embedded vg_place_files[];

enum { ROWS_MAX = 1000, HISTORY_MAX = 128 << 10 };

static const char *const LISTS[] = {"units", NULL};
static const char SHIPPED[] = "shipped";

const vg_field places_history_fields[] = {
    {"units", VG_F_JSON, VG_REQUIRED, .max = HISTORY_MAX},
    {"title", VG_F_TEXT, VG_REQUIRED},
    {NULL},
};
const vg_field places_ship_fields[] = {
    {"digest", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"content", VG_F_JSON, VG_REQUIRED, .max = VG_SHIPPED_MAX},
    {NULL},
};
static const vg_field row_fields[] = {
    {"code", VG_F_TEXT, VG_REQUIRED, .max = 8},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 100},
    {"parent", VG_F_TEXT, .max = 8},
    {"from", VG_F_TEXT, .max = 10},
    {"to", VG_F_TEXT, .max = 10},
    {"law", VG_F_TEXT, .max = 60},
    {"into", VG_F_JSON, .max = 400},
    {NULL},
};

vg_status places_start(vg_core *core, void **ret_state, vg_err *err)
{
    const vg_shipment s = {vg_place_files, LISTS, "places.ship",
                           "SELECT digest FROM place_edition WHERE id = 'shipped'"};
    *ret_state = NULL;
    return vg_ship(core, &s, err);
}

static bool is_code(vg_str s)
{
    bool good = s.n >= 2 && s.n <= 8;
    for (size_t i = 0; good && i < s.n; i++) {
        good = s.p[i] >= '0' && s.p[i] <= '9';
    }
    return good;
}

static vg_status check_into(const vg_args *row, vg_arena *a, vg_err *err)
{
    const vg_str into = vg_arg_str(row, "into");
    vg_str raw;
    size_t at = 0;
    if (into.n && into.p[0] != '[') {
        return vg_fail(err, VG_EINVALID, "units", "places.bad_code", "%.*s", VG_FMT(into));
    }
    while (into.n && vg_js_each(into, &at, NULL, &raw)) {
        const vg_str code = vg_js_decode(a, raw);
        if (!is_code(code)) {
            return vg_fail(err, VG_EINVALID, "units", "places.bad_code", "%.*s", VG_FMT(code));
        }
    }
    return into.n && !vg_arg_has(row, "to")
               ? vg_fail(err, VG_EINVALID, "units", "places.into_standing", "%.*s",
                         VG_FMT(vg_arg_str(row, "code")))
               : VG_OK;
}

static vg_status check_row(const json_t *row, vg_err *err)
{
    vg_args got;
    int from = INT32_MIN, to = INT32_MAX;
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(1 << 16);
    VG_TRY(vg_args_parse(a, row_fields, row, &got, err));
    if (!is_code(vg_arg_str(&got, "code")) ||
        (vg_arg_has(&got, "parent") && !is_code(vg_arg_str(&got, "parent")))) {
        return vg_fail(err, VG_EINVALID, "units", "places.bad_code", "%.*s",
                       VG_FMT(vg_arg_str(&got, "code")));
    }
    if (vg_arg_has(&got, "from")) {
        VG_TRY(vg_day_parse(vg_arg_str(&got, "from"), "from", &from, err));
    }
    if (vg_arg_has(&got, "to")) {
        VG_TRY(vg_day_parse(vg_arg_str(&got, "to"), "to", &to, err));
    }
    if (from > to) {
        return vg_fail(err, VG_EINVALID, "to", "places.to_before_from", "%.*s",
                       VG_FMT(vg_arg_str(&got, "code")));
    }
    return check_into(&got, a, err);
}

static vg_status check_rows(vg_str text, size_t *ret_n, vg_err *err)
{
    json_t *rows = NULL;
    size_t i;
    const json_t *row;
    VG_TRY(vg_json_parse(text, VG_SHIPPED_MAX, &rows, err));
    vg_status st = json_is_array(rows) && json_array_size(rows) <= ROWS_MAX
                       ? VG_OK
                       : vg_fail(err, VG_EINVALID, "units", "places.bad_file", "%s", "");
    *ret_n = json_array_size(rows);
    json_array_foreach(rows, i, row)
    {
        st = st == VG_OK ? check_row(row, err) : st;
    }
    json_decref(rows);
    return st;
}

typedef struct entry {
    const char *edition, *title, *digest, *origin;
    vg_str units;
} entry;

static vg_status enter(vg_cx *cx, const entry *x, vg_err *err)
{
    char today[VG_DAY_TEXT];
    int32_t label = 0;
    size_t n = 0;
    VG_TRY(vg_require(cx, "places.edit", VG_EVERYWHERE, err));
    VG_TRY(check_rows(x->units, &n, err));
    VG_TRY(vg_label_of(cx, "", VG_C_SHARED, "", VG_S_NORMAL, &label, err));
    vg_jw *b = vg_body(cx);
    vg_jw_kz(b, "edition", x->edition);
    vg_jw_kraw(b, "units", x->units);
    VG_TRY(vg_say(cx, &(vg_saying){"places.history", "", x->edition, label}, err));
    b = vg_body(cx);
    vg_day_text(vg_day_of(cx->now_us), today);
    vg_jw_kz(b, "title", x->title);
    vg_jw_kz(b, "as_of", today);
    vg_jw_kz(b, "digest", x->digest);
    vg_jw_ki64(b, "units", (int64_t)n);
    vg_jw_ki64(b, "added", (int64_t)n);
    vg_jw_ki64(b, "changed", 0);
    vg_jw_ki64(b, "ended", 0);
    vg_jw_kz(b, "origin", x->origin);
    VG_TRY(vg_say(cx, &(vg_saying){"places.imported", "", x->edition, label}, err));
    vg_jw_kz(&cx->reply, "id", x->edition);
    vg_jw_ki64(&cx->reply, "units", (int64_t)n);
    return VG_OK;
}

VG_HANDLER(places_history)
{
    unsigned char hash[VG_HASH_BYTES];
    char digest[2 * VG_HASH_BYTES + 1], id[VG_ID_TEXT];
    const vg_str units = vg_arg_str(args, "units");
    vg_hash(units.p, units.n, hash);
    vg_hex(hash, sizeof hash, digest);
    vg_new_id(cx, id);
    return enter(
        cx, &(entry){id, vg_str_z(cx->arena, vg_arg_str(args, "title")), digest, "history", units},
        err);
}

VG_HANDLER(places_ship)
{
    vg_str units = {"[]", 2};
    (void)vg_js_find(vg_arg_str(args, "content"), "units", &units);
    return enter(
        cx,
        &(entry){SHIPPED, SHIPPED, vg_str_z(cx->arena, vg_arg_str(args, "digest")), SHIPPED, units},
        err);
}
