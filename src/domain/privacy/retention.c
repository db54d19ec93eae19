// SPDX-License-Identifier: Apache-2.0
// How long an agency keeps what, where it decided otherwise than the default. Each change is an event with its reason;
// the row holds the last one. The clearing itself is in sweep.c; which classes the program clears, and how, is said in
// the shipped list.
#include "domain/privacy/privacy.h"

const vg_field privacy_retention_fields[] = {
    {"agency", VG_F_ID},
    {"class", VG_F_TEXT, VG_REQUIRED, .max = 40},
    {"days", VG_F_INT, VG_REQUIRED, .min = 1, .max = 36500},
    {"ref", VG_F_TEXT, .max = 60},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};

// What is kept for fewer days is gone with the next sweep, so it takes two like erasing itself.
VG_MARK(privacy_second_retention)
{
    int64_t now = 0;
    VG_TRY(privacy_days(cx, cx->who->agency, vg_str_z(cx->arena, vg_arg_str(args, "class")), &now,
                        err));
    *ret = vg_arg_i64(args, "days", 0) < now;
    return VG_OK;
}

VG_HANDLER(privacy_retention_set)
{
    vg_str fixed;
    const char *agency = NULL;
    int32_t label = 0;
    const vg_str class = vg_arg_str(args, "class");
    VG_TRY(privacy_agency(cx, args, &agency, err));
    if (vg_look(cx, "SELECT fixed FROM retention_class WHERE code = ?", class, &fixed, 1, err) !=
        VG_OK) {
        return vg_fail(err, VG_EINVALID, "class", "privacy.no_class", "%.*s", VG_FMT(class));
    }
    if (vg_int(fixed)) {
        return vg_fail(err, VG_EINVALID, "class", "privacy.fixed", "%s", "");
    }
    if (vg_arg_has(args, "ref")) {
        VG_TRY(privacy_ref(cx, vg_arg_str(args, "ref"), err));
    }
    VG_TRY(vg_label_of(cx, agency, VG_C_PERSONAL, "", VG_S_NORMAL, &label, err));
    vg_body(cx);
    vg_body_args(cx, args, "agency");
    vg_jw_kz(&cx->body, "agency", agency);
    const char *id = vg_str_z(cx->arena, vg_str_f(cx->arena, "%s.%.*s", agency, VG_FMT(class)));
    VG_TRY(vg_say(cx, &(vg_saying){"privacy.retention_set", "", id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(privacy_on_retention_set)
{
    return vg_put(
        ap, e,
        "INSERT INTO retention_choice (id, agency, class, days, ref, reason, chosen_by, chosen_at,"
        " at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " days = excluded.days, ref = excluded.ref, reason = excluded.reason,"
        " chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at",
        "@subject agency class days ref reason @actor @at @at @label @world", err);
}
