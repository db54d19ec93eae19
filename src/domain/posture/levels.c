// SPDX-License-Identifier: Apache-2.0
// The levels that the program brings along. One event an edition; a later one takes the place of the one before. What
// was declared keeps the rank it was declared with. The codes stand here too, for rules are checked against them
// before any edition is read.
#include "domain/posture/posture.h"

#include "domain/shipped.h"

extern const vg_embedded vg_posture_files[];

const char *const posture_words[] = {"thuong_xuyen", "tang_cuong", "cao_diem", "dac_biet", NULL};

static const char *const LISTS[] = {"levels", NULL};

const vg_field posture_ship_fields[] = {
    {"digest", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"content", VG_F_JSON, VG_REQUIRED, .max = VG_SHIPPED_MAX},
    {NULL},
};

vg_status posture_start(vg_core *core, void **ret_state, vg_err *err)
{
    const vg_shipment s = {
        vg_posture_files, LISTS, "posture.ship",
        "SELECT digest FROM posture_edition ORDER BY at DESC, rowid DESC LIMIT 1"};
    *ret_state = NULL;
    return vg_ship(core, &s, err);
}

VG_HANDLER(posture_ship)
{
    int32_t label = 0;
    VG_TRY(vg_label_of(cx, "", VG_C_SHARED, "", VG_S_NORMAL, &label, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    const char *subject = vg_str_z(cx->arena, vg_arg_str(args, "digest"));
    return vg_say(cx, &(vg_saying){"posture.shipped", "", subject, label}, err);
}

static vg_val text_of(vg_apply *ap, vg_str row, const char *key)
{
    const vg_str s = vg_js_str(ap->arena, row, key);
    return s.n ? vg_t(s) : vg_nil();
}

static vg_status fold_level(vg_apply *ap, const vg_event *e, vg_str row, vg_err *err)
{
    return vg_exec(
        ap->db,
        "INSERT INTO posture_level (code, rank, two, valid_from, name_vi, name_en, about_vi,"
        " about_en, origin, ref, at, label) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        VG_VALS(text_of(ap, row, "code"), vg_i(vg_js_i64(row, "rank", 0)),
                vg_i(vg_js_i64(row, "two", 0)), text_of(ap, row, "from"),
                text_of(ap, row, "name_vi"), text_of(ap, row, "name_en"),
                text_of(ap, row, "about_vi"), text_of(ap, row, "about_en"),
                text_of(ap, row, "origin"), text_of(ap, row, "ref"), vg_i(e->recorded_us),
                vg_i(e->label)),
        err);
}

VG_FOLDER(posture_on_shipped)
{
    vg_str content = {"{}", 2}, list, row;
    size_t at = 0;
    (void)vg_js_find(e->body, "content", &content);
    VG_TRY(vg_exec(ap->db, "DELETE FROM posture_level", NULL, 0, err));
    if (vg_js_find(content, "levels", &list)) {
        while (vg_js_each(list, &at, NULL, &row)) {
            VG_TRY(fold_level(ap, e, row, err));
        }
    }
    return vg_exec(ap->db,
                   "INSERT INTO posture_edition (digest, at, label) VALUES (?, ?, ?)"
                   " ON CONFLICT (digest) DO UPDATE SET at = excluded.at",
                   VG_VALS(vg_t(e->subject), vg_i(e->recorded_us), vg_i(e->label)), err);
}
