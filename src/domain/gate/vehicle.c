// SPDX-License-Identifier: Apache-2.0
// Lists of registered vehicles, as an agency keeps them: plate, class, whose, until when. Each row is a holder like any
// other; a plate that is there already is brought up to date. What was entered by mistake is taken back while it has
// not passed anywhere.
#include "domain/gate/gate.h"

#include "domain/holder.h"

const vg_field gate_vehicle_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},  {"plate", VG_F_TEXT, VG_REQUIRED, .max = 24},
    {"class", VG_F_TEXT, .max = 40}, {"company", VG_F_TEXT, .max = 120},
    {"valid_until", VG_F_TIME},      {NULL},
};
const vg_field gate_vehicle_withdraw_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {NULL}};

VG_HANDLER(gate_vehicle_add)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "gate.badge", &site, err));
    VG_TRY(vg_label_of(cx, site.agency, VG_C_GATE, site.id, VG_S_NORMAL, &label, err));
    const vg_holder_new h = {.agency = site.agency,
                             .site = site.id,
                             .kind = VG_S("vehicle"),
                             .class = vg_arg_str(args, "class"),
                             .name = vg_arg_str(args, "plate"),
                             .company = vg_arg_str(args, "company"),
                             .valid_until_us = vg_arg_i64(args, "valid_until", 0),
                             .label = label};
    VG_TRY(vg_holder_make(cx, &h, id, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_HANDLER(gate_vehicle_withdraw)
{
    gate_holder h;
    int64_t used = 0;
    VG_TRY(gate_holder_at(cx, vg_arg_str(args, "id"), &h, err));
    const char *site = vg_str_z(cx->arena, h.site);
    VG_TRY(vg_require_own(cx, "gate.badge", site, h.agency, err));
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM passage WHERE holder = ? LIMIT 1", VG_VALS(vg_z(h.id)),
                      0, &used, err));
    if (used || !vg_str_eqc(h.kind, "vehicle") || !vg_str_eqc(h.state, "active")) {
        return vg_fail(err, VG_ECONFLICT, "id", "gate.vehicle_used", "%s", "");
    }
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"gate.holder_ended", site, h.id, h.label}, err);
}

static const char SITES[] = "SELECT t.id, t.code, t.name FROM v_site t WHERE t.state = 'active'";

static const vg_import_field fields[] = {
    {"site", VG_IMP_NEW_ONLY, SITES},
    {"plate", VG_IMP_NEW_ONLY, NULL},
    {"class", 0, NULL},
    {"company", 0, NULL},
    {"valid_until", 0, NULL},
    {NULL},
};

const vg_import gate_imports[] = {
    {.name = "registered-vehicles",
     .permission = "gate.badge_own",
     .add = "gate.vehicle_add",
     .update = "gate.holder_update",
     .withdraw = "gate.vehicle_withdraw",
     .fields = fields,
     .keys = {{"site plate",
               "SELECT h.id FROM gate_holder h JOIN gate_card c ON c.holder = h.id WHERE h.site = ?"
               " AND c.name = ? AND h.kind = 'vehicle' AND h.state = 'active'"}},
     .read = "SELECT h.site, c.name, COALESCE(h.class, ''), COALESCE(c.company, ''),"
             " COALESCE(h.valid_until, '') FROM gate_holder h JOIN gate_card c ON c.holder = h.id"
             " WHERE h.id = ? AND h.state = 'active'",
     .max_rows = 20000},
    {NULL},
};
