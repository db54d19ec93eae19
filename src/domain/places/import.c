// SPDX-License-Identifier: Apache-2.0
// Importing the official list of units as it stood on a day: [{"Code","FullName","Wards":[{"Code","FullName"}…]}…].
// The command compares it with what stands and journals the differences, one event a province and one for the whole
// edition with the digest of the file: at most a few dozen events for three thousand units, all or none of them.
// What is no longer listed under a province that is listed has ended; provinces that are not listed have ended only
// when the list says it is complete. A name that differs in its accents only (Khánh Hoà, Khánh Hòa) is the same name.
#include "domain/places/places.h"

#include "base/text.h"
#include "domain/day.h"

enum { FILE_MAX = 1 << 20, PROVINCES_MAX = 100, WARDS_MAX = 500, NAME_MAX_CHARS = 100 };

const vg_field places_import_fields[] = {
    {"content", VG_F_TEXT, VG_REQUIRED, .max = FILE_MAX},
    {"as_of", VG_F_TEXT, VG_REQUIRED, .max = 10, .law = "qd19-2025"},
    {"since", VG_F_TEXT, .max = 10},
    {"title", VG_F_TEXT},
    {"complete", VG_F_BOOL},
    {NULL},
};

typedef struct import {
    vg_cx *cx;
    const char *as_of, *since;  // since NULL: what is new is known from as_of only
    char edition[VG_ID_TEXT], last[VG_DAY_TEXT];
    int32_t label;
    json_t *listed;  // code of every unit of the file
    int64_t units, added, changed, ended;
} import;

// --- reading the file ---------------------------------------------------------------------------
static bool is_code(const char *code)
{
    const size_t n = code ? strlen(code) : 0;
    return n >= 2 && n <= 8 && strspn(code, "0123456789") == n;
}

static vg_status check_unit(const json_t *u, vg_err *err)
{
    const char *code = json_string_value(json_object_get(u, "Code"));
    const char *name = json_string_value(json_object_get(u, "FullName"));
    if (!is_code(code)) {
        return vg_fail(err, VG_EINVALID, "content", "places.bad_code", "%s", code ? code : "");
    }
    const size_t n = name ? vg_utf8_count(vg_str_c(name)) : 0;
    return n >= 2 && n <= NAME_MAX_CHARS
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "content", "places.bad_name", "%s", code);
}

static vg_status list_unit(import *im, const json_t *u, vg_err *err)
{
    VG_TRY(check_unit(u, err));
    const char *code = json_string_value(json_object_get(u, "Code"));
    if (json_object_get(im->listed, code)) {
        return vg_fail(err, VG_EINVALID, "content", "places.code_twice", "%s", code);
    }
    json_object_set_new(im->listed, code, json_true());
    im->units++;
    return VG_OK;
}

static vg_status list_all(import *im, const json_t *file, vg_err *err)
{
    size_t i, k;
    const json_t *p, *w;
    if (!json_is_array(file) || !json_array_size(file) || json_array_size(file) > PROVINCES_MAX) {
        return vg_fail(err, VG_EINVALID, "content", "places.bad_file", "%s", "");
    }
    json_array_foreach(file, i, p)
    {
        VG_TRY(list_unit(im, p, err));
        const json_t *wards = json_object_get(p, "Wards");
        if (!json_is_array(wards) || json_array_size(wards) > WARDS_MAX) {
            return vg_fail(err, VG_EINVALID, "content", "places.bad_file", "%s",
                           json_string_value(json_object_get(p, "Code")));
        }
        json_array_foreach(wards, k, w)
        {
            VG_TRY(list_unit(im, w, err));
        }
    }
    return VG_OK;
}

// --- comparing ----------------------------------------------------------------------------------
typedef struct standing {
    vg_str id, name, parent, from;
    bool found;
} standing;

static vg_status stands(import *im, const char *code, standing *ret, vg_err *err)
{
    vg_str c[4];
    const vg_status st = vg_look(im->cx,
                                 "SELECT id, name, COALESCE(parent, ''), valid_from FROM place_unit"
                                 " WHERE code = ? AND valid_to IS NULL",
                                 vg_str_c(code), c, 4, err);
    if (st == VG_OK) {
        *ret = (standing){c[0], c[1], c[2], c[3], true};
    }
    return st == VG_ENOTFOUND ? VG_OK : st;
}

static bool same_name(vg_arena *a, vg_str x, vg_str y)
{
    return vg_str_eq(vg_fold(a, x), vg_fold(a, y));
}

// The first day of a unit that was not known: since, unless its code was in use then.
static vg_status first_day(import *im, const char *code, const char **ret, bool *ret_exact,
                           vg_err *err)
{
    int64_t used = 0;
    *ret = im->since ? im->since : im->as_of;
    *ret_exact = im->since != NULL;
    VG_TRY(vg_one_i64(im->cx->db, "SELECT 1 FROM place_unit WHERE code = ? AND valid_to >= ?",
                      VG_VALS(vg_z(code), vg_z(*ret)), 0, &used, err));
    if (used) {
        *ret = im->as_of;
        *ret_exact = false;
    }
    return VG_OK;
}

// Writes one member of "new" when the unit differs from what stands.
static vg_status compare(import *im, const json_t *u, const char *parent, vg_err *err)
{
    vg_arena *a = im->cx->arena;
    const char *code = json_string_value(json_object_get(u, "Code"));
    const vg_str name = vg_str_c(json_string_value(json_object_get(u, "FullName")));
    standing was = {0};
    VG_TRY(stands(im, code, &was, err));
    if (was.found && same_name(a, was.name, name) && vg_str_eqc(was.parent, parent)) {
        return VG_OK;
    }
    const char *from = im->as_of;
    bool exact = false;
    if (!was.found) {
        VG_TRY(first_day(im, code, &from, &exact, err));
    } else if (strncmp(vg_str_z(a, was.from), im->as_of, VG_DAY_TEXT) >= 0) {
        return vg_fail(err, VG_ECONFLICT, "as_of", "places.older", "%s", code);
    }
    vg_jw *b = &im->cx->body;
    vg_jw_open(b, '{');
    vg_jw_kz(b, "c", code);
    vg_jw_kstr(b, "n", name);
    vg_jw_kz(b, "p", *parent ? parent : NULL);
    vg_jw_kz(b, "f", from);
    vg_jw_kbool(b, "x", exact);
    if (was.found) {
        vg_jw_kstr(b, "o", was.id);
    }
    vg_jw_close(b, '}');
    *(was.found ? &im->changed : &im->added) += 1;
    return VG_OK;
}

// Writes the ids of standing units of sql that the file does not list.
static vg_status gone(import *im, const char *sql, const char *province, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(im->cx->db, sql, VG_VALS(vg_z(province)), &r, err));
    bool older = false;
    while (vg_rows_next(r)) {
        const char *code = vg_str_z(im->cx->arena, vg_row_str(r, 1));
        if (!json_object_get(im->listed, code)) {
            older = older || strcmp(vg_str_z(im->cx->arena, vg_row_str(r, 2)), im->as_of) >= 0;
            vg_jw_str(&im->cx->body, vg_row_str(r, 0));
            im->ended++;
        }
    }
    VG_TRY(vg_rows_close(r, err));
    return older ? vg_fail(err, VG_ECONFLICT, "as_of", "places.older", "%s", province) : VG_OK;
}

// --- journaling ---------------------------------------------------------------------------------
static void open_units(import *im)
{
    vg_jw *b = vg_body(im->cx);
    vg_jw_kz(b, "edition", im->edition);
    vg_jw_kz(b, "last", im->last);
    vg_jw_key(b, "new");
    vg_jw_open(b, '[');
}

static vg_status close_units(import *im, const char *subject, int64_t before, vg_err *err)
{
    vg_jw_close(&im->cx->body, ']');
    if (im->added + im->changed + im->ended == before) {
        return VG_OK;  // nothing differs: no event; the next body begins anew
    }
    return vg_say(im->cx, &(vg_saying){"places.units", "", subject, im->label}, err);
}

static vg_status province(import *im, const json_t *p, vg_err *err)
{
    size_t i;
    const json_t *w;
    const char *code = json_string_value(json_object_get(p, "Code"));
    const int64_t before = im->added + im->changed + im->ended;
    open_units(im);
    VG_TRY(compare(im, p, "", err));
    json_array_foreach(json_object_get(p, "Wards"), i, w)
    {
        VG_TRY(compare(im, w, code, err));
    }
    vg_jw_close(&im->cx->body, ']');
    vg_jw_key(&im->cx->body, "gone");
    vg_jw_open(&im->cx->body, '[');
    VG_TRY(gone(im,
                "SELECT id, code, valid_from FROM place_unit WHERE parent = ? AND valid_to IS NULL"
                " ORDER BY id",
                code, err));
    return close_units(im, code, before, err);
}

// A complete list ends the provinces it leaves out, with their communes.
static vg_status rest(import *im, vg_err *err)
{
    const int64_t before = im->added + im->changed + im->ended;
    open_units(im);
    vg_jw_close(&im->cx->body, ']');
    vg_jw_key(&im->cx->body, "gone");
    vg_jw_open(&im->cx->body, '[');
    VG_TRY(gone(im,
                "SELECT id, code, valid_from FROM place_unit WHERE '' = ? AND valid_to IS NULL"
                " ORDER BY id",
                "", err));
    return close_units(im, "rest", before, err);
}

static vg_status edition(import *im, const vg_args *args, vg_err *err)
{
    unsigned char hash[VG_HASH_BYTES];
    char digest[2 * VG_HASH_BYTES + 1];
    const vg_str content = vg_arg_str(args, "content"), title = vg_arg_str(args, "title");
    vg_hash(content.p, content.n, hash);
    vg_hex(hash, sizeof hash, digest);
    vg_jw *b = vg_body(im->cx);
    vg_jw_kstr(b, "title", title.n ? title : vg_str_c(im->as_of));
    vg_jw_kz(b, "as_of", im->as_of);
    vg_jw_kz(b, "digest", digest);
    vg_jw_kbool(b, "complete", vg_arg_i64(args, "complete", 0) != 0);
    vg_jw_ki64(b, "units", im->units);
    vg_jw_ki64(b, "added", im->added);
    vg_jw_ki64(b, "changed", im->changed);
    vg_jw_ki64(b, "ended", im->ended);
    vg_jw_kz(b, "origin", "import");
    return vg_say(im->cx, &(vg_saying){"places.imported", "", im->edition, im->label}, err);
}

static vg_status run(import *im, const vg_args *args, const json_t *file, vg_err *err)
{
    size_t i;
    const json_t *p;
    VG_TRY(list_all(im, file, err));
    VG_TRY(vg_label_of(im->cx, "", VG_C_SHARED, "", VG_S_NORMAL, &im->label, err));
    json_array_foreach(file, i, p)
    {
        VG_TRY(province(im, p, err));
    }
    if (vg_arg_i64(args, "complete", 0)) {
        VG_TRY(rest(im, err));
    }
    VG_TRY(edition(im, args, err));
    vg_jw_kz(&im->cx->reply, "id", im->edition);
    vg_jw_ki64(&im->cx->reply, "units", im->units);
    vg_jw_ki64(&im->cx->reply, "added", im->added);
    vg_jw_ki64(&im->cx->reply, "changed", im->changed);
    vg_jw_ki64(&im->cx->reply, "ended", im->ended);
    return VG_OK;
}

VG_HANDLER(places_import)
{
    int as_of = 0, since = 0;
    json_t *file = NULL;
import im = {.cx = cx, .as_of = vg_str_z(cx->arena, vg_arg_str(args, "as_of")) };
    VG_TRY(vg_require(cx, "places.edit", VG_EVERYWHERE, err));
    VG_TRY(vg_day_parse(vg_arg_str(args, "as_of"), "as_of", &as_of, err));
    if (vg_arg_has(args, "since")) {
        im.since = vg_str_z(cx->arena, vg_arg_str(args, "since"));
        VG_TRY(vg_day_parse(vg_arg_str(args, "since"), "since", &since, err));
    }
    if (as_of > vg_day_of(cx->now_us) || (im.since && since > as_of)) {
        return vg_fail(err, VG_EINVALID, im.since && since > as_of ? "since" : "as_of",
                       "places.later", "%s", im.as_of);
    }
    vg_day_text(as_of - 1, im.last);
    vg_new_id(cx, im.edition);
    VG_TRY(vg_json_parse(vg_arg_str(args, "content"), FILE_MAX * 4, &file, err));
    im.listed = json_object();
    const vg_status st = run(&im, args, file, err);
    json_decref(im.listed);
    json_decref(file);
    return st;
}
