// SPDX-License-Identifier: Apache-2.0
// What a force lets its partners at a site know: "one reaction group, class B, 6 minutes, until 02:00". The fields are
// fixed, so that a name, a strength, an arm or a route has nowhere to stand. It ends by itself.
#include "domain/coord/coord.h"

static const char *const kinds[] = {"reaction", "guard", "fire", "medical", "technical", NULL};
static const char *const classes[] = {"A", "B", "C", NULL};

const vg_field coord_capability_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = kinds},
    {"class", VG_F_ENUM, VG_REQUIRED, .values = classes},
    {"groups", VG_F_INT, VG_REQUIRED, .min = 1, .max = 9},
    {"minutes", VG_F_INT, VG_REQUIRED, .min = 0, .max = 240},
    {"until", VG_F_TIME, VG_REQUIRED},
    {"agency", VG_F_ID},
    {NULL},
};

VG_HANDLER(coord_capability_offer)
{
    char id[VG_ID_TEXT];
    vg_str found;
    const char *agency;
    int32_t label = 0;
    const char *site = vg_str_z(cx->arena, vg_arg_str(args, "site"));
    VG_TRY(vg_require(cx, "coord.capability", site, err));
    VG_TRY(coord_agency(cx, args, &agency, err));
    if (vg_look(cx, "SELECT id FROM site WHERE id = ?", vg_str_c(site), &found, 1, err) != VG_OK) {
        return vg_fail(err, VG_ENOTFOUND, "site", NULL, "%s", "");
    }
    if (vg_arg_i64(args, "until", 0) <= cx->now_us) {
        return vg_fail(err, VG_EINVALID, "until", "coord.until_past", "%s", "");
    }
    VG_TRY(vg_label_of(cx, agency, VG_C_CAPABILITY, site, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "agency site");
    vg_jw_kz(&cx->body, "agency", agency);
    vg_jw_kz(&cx->reply, "id", id);
    return vg_say(cx, &(vg_saying){"coord.capability_offered", site, id, label}, err);
}

VG_FOLDER(coord_on_capability)
{
    VG_TRY(
        vg_put(ap, e,
               "INSERT INTO capability (id, agency, site, kind, class, groups, minutes, until, at,"
               " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               "@subject agency @site kind class groups minutes until @at @label @world", err));
    return vg_deadline_set(ap, "coord.capability", vg_str_z(ap->arena, e->subject),
                           vg_str_z(ap->arena, e->site), vg_js_i64(e->body, "until", 0), err);
}

static vg_status end_it(vg_cx *cx, vg_str id, vg_err *err)
{
    vg_str c[4];
    VG_TRY(vg_look(cx, "SELECT agency, site, label, state FROM capability WHERE id = ?", id, c, 4,
                   err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[2]), "id", err));
    if (*cx->who->agency && !vg_str_eqc(c[0], cx->who->agency)) {
        return vg_fail(err, VG_EDENIED, "id", "coord.not_giver", "%s", "");
    }
    vg_body(cx);
    return vg_str_eqc(c[3], "ended")
               ? VG_OK
               : vg_say(cx,
                        &(vg_saying){"coord.capability_ended", vg_str_z(cx->arena, c[1]),
                                     vg_str_z(cx->arena, id), (int32_t)vg_int(c[2])},
                        err);
}

VG_HANDLER(coord_capability_end)
{
    vg_jw_kstr(&cx->reply, "id", vg_arg_str(args, "id"));
    return end_it(cx, vg_arg_str(args, "id"), err);
}

VG_HANDLER(coord_capability_over)
{
    return end_it(cx, vg_arg_str(args, "id"), err);
}

VG_FOLDER(coord_on_capability_ended)
{
    VG_TRY(vg_put(ap, e, "UPDATE capability SET state = 'ended' WHERE id = ?", "@subject", err));
    return vg_deadline_clear(ap, "coord.capability", vg_str_z(ap->arena, e->subject), err);
}
