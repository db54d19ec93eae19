// SPDX-License-Identifier: Apache-2.0
// What a site sets for its visitors: when it closes, how many a host may have at a time, how far behind the escort may
// come, whether contractors need a certificate, and the house rules. Each text of the rules has a number, so that it is
// known which one somebody was told.
#include "domain/visits/visits.h"

const vg_field visits_setting_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"closing_min", VG_F_INT, .min = 0, .max = 1439},
    {"host_most", VG_F_INT, .min = 0, .max = 1000},
    {"escort_s", VG_F_INT, .min = 0, .max = 3600},
    {"certificates", VG_F_BOOL},
    {NULL},
};
const vg_field visits_rules_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"text_vi", VG_F_TEXT, VG_REQUIRED, .max = 4000},
    {"text_en", VG_F_TEXT, VG_REQUIRED, .max = 4000},
    {NULL},
};

VG_HANDLER(visits_setting_set)
{
    vg_site_ref site;
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "visits.edit", &site, err));
    VG_TRY(vg_label_of(cx, site.agency, VG_C_GATE, site.id, VG_S_NORMAL, &label, err));
    vg_body(cx);
    vg_body_args(cx, args, "site");
    return vg_say(cx, &(vg_saying){"visits.setting_set", site.id, site.id, label}, err);
}

VG_FOLDER(visits_on_setting_set)
{
    return vg_put(
        ap, e,
        "INSERT INTO visit_setting (site, closing_min, host_most, escort_s, certificates, at,"
        " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site) DO UPDATE SET "
        "closing_min"
        " = COALESCE(excluded.closing_min, closing_min), host_most ="
        " COALESCE(excluded.host_most, host_most), escort_s = COALESCE(excluded.escort_s,"
        " escort_s), certificates = COALESCE(excluded.certificates, certificates), at ="
        " excluded.at",
        "@subject closing_min host_most escort_s certificates @at @label @world", err);
}

VG_HANDLER(visits_rules_set)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int64_t last = 0;
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "visits.edit", &site, err));
    VG_TRY(vg_label_of(cx, site.agency, VG_C_GATE, site.id, VG_S_NORMAL, &label, err));
    VG_TRY(vg_one_i64(cx->db, "SELECT max(n) FROM visit_rules WHERE site = ?",
                      VG_VALS(vg_z(site.id)), 0, &last, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_ki64(&cx->body, "n", last + 1);
    vg_body_args(cx, args, "site");
    VG_TRY(vg_say(cx, &(vg_saying){"visits.rules_set", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    vg_jw_ki64(&cx->reply, "n", last + 1);
    return VG_OK;
}

VG_FOLDER(visits_on_rules_set)
{
    return vg_put(ap, e,
                  "INSERT INTO visit_rules (id, site, n, text_vi, text_en, at, label, world) VALUES"
                  " (?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site n text_vi text_en @at @label @world", err);
}
