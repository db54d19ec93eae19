// SPDX-License-Identifier: Apache-2.0
// What the program brings along: how long each class of personal data is kept by default, and a draft of the notice to
// visitors. One event an edition; a later one takes the place of the one before. What an agency decided stands in
// tables of its own and is never touched.
#include "domain/privacy/privacy.h"

#include "domain/shipped.h"

extern const vg_embedded vg_privacy_files[];

static const char *const LISTS[] = {"classes", "notices", NULL};

const vg_field privacy_ship_fields[] = {
    {"digest", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"content", VG_F_JSON, VG_REQUIRED, .max = VG_SHIPPED_MAX},
    {NULL},
};

vg_status privacy_start(vg_core *core, void **ret_state, vg_err *err)
{
    const vg_shipment s = {
        vg_privacy_files, LISTS, "privacy.ship",
        "SELECT digest FROM privacy_edition ORDER BY at DESC, rowid DESC LIMIT 1"};
    *ret_state = NULL;
    VG_TRY(vg_ship(core, &s, err));
    return privacy_sweeper_start(core, ret_state, err);
}

VG_HANDLER(privacy_ship)
{
    int32_t label = 0;
    VG_TRY(vg_label_of(cx, "", VG_C_SHARED, "", VG_S_NORMAL, &label, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    const char *subject = vg_str_z(cx->arena, vg_arg_str(args, "digest"));
    return vg_say(cx, &(vg_saying){"privacy.shipped", "", subject, label}, err);
}

// --- folding ------------------------------------------------------------------------------------
static vg_val text_of(vg_apply *ap, vg_str row, const char *key)
{
    const vg_str s = vg_js_str(ap->arena, row, key);
    return s.n ? vg_t(s) : vg_nil();
}

static vg_status fold_class(vg_apply *ap, const vg_event *e, vg_str row, int64_t rank, vg_err *err)
{
    return vg_exec(
        ap->db,
        "INSERT INTO retention_class (code, name_vi, name_en, days, about_vi, about_en, enforced,"
        " fixed, how_vi, how_en, origin, ref, rank, at, label)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        VG_VALS(text_of(ap, row, "code"), text_of(ap, row, "name_vi"), text_of(ap, row, "name_en"),
                vg_i(vg_js_i64(row, "days", 0)), text_of(ap, row, "about_vi"),
                text_of(ap, row, "about_en"), vg_i(vg_js_i64(row, "enforced", 0)),
                vg_i(vg_js_i64(row, "fixed", 0)), text_of(ap, row, "how_vi"),
                text_of(ap, row, "how_en"), text_of(ap, row, "origin"), text_of(ap, row, "ref"),
                vg_i(rank), vg_i(e->recorded_us), vg_i(e->label)),
        err);
}

static vg_status fold_notice(vg_apply *ap, const vg_event *e, vg_str row, vg_err *err)
{
    return vg_exec(ap->db,
                   "INSERT INTO notice_text (code, text_vi, text_en, at, label)"
                   " VALUES (?, ?, ?, ?, ?)",
                   VG_VALS(text_of(ap, row, "code"), text_of(ap, row, "text_vi"),
                           text_of(ap, row, "text_en"), vg_i(e->recorded_us), vg_i(e->label)),
                   err);
}

VG_FOLDER(privacy_on_shipped)
{
    vg_str content = {"{}", 2}, list, row;
    size_t at = 0;
    int64_t rank = 0;
    (void)vg_js_find(e->body, "content", &content);
    VG_TRY(vg_exec(ap->db, "DELETE FROM retention_class", NULL, 0, err));
    VG_TRY(vg_exec(ap->db, "DELETE FROM notice_text", NULL, 0, err));
    if (vg_js_find(content, "classes", &list)) {
        while (vg_js_each(list, &at, NULL, &row)) {
            VG_TRY(fold_class(ap, e, row, ++rank, err));
        }
    }
    at = 0;
    if (vg_js_find(content, "notices", &list)) {
        while (vg_js_each(list, &at, NULL, &row)) {
            VG_TRY(fold_notice(ap, e, row, err));
        }
    }
    return vg_exec(ap->db,
                   "INSERT INTO privacy_edition (digest, at, label) VALUES (?, ?, ?)"
                   " ON CONFLICT (digest) DO UPDATE SET at = excluded.at",
                   VG_VALS(vg_t(e->subject), vg_i(e->recorded_us), vg_i(e->label)), err);
}
