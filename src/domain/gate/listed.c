// SPDX-License-Identifier: Apache-2.0
// Lists as an agency keeps them: registered vehicles (plate, class, whose, until when), and who has which badge. Each row
// is a holder like any other, one of badges has his badge in his hands; what is there already is brought up to date. A
// badge that another has is his until it is given back. What was entered by mistake is taken back while it has not
// passed anywhere.
#include "domain/gate/gate.h"

#include "domain/holder.h"

const vg_field gate_vehicle_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},  {"plate", VG_F_TEXT, VG_REQUIRED, .max = 24},
    {"class", VG_F_TEXT, .max = 40}, {"company", VG_F_TEXT, .max = 120},
    {"valid_until", VG_F_TIME},      {NULL},
};
static const char *const kinds[] = {"staff", "contractor", NULL};
const vg_field gate_badge_hand_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"code", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"kind", VG_F_ENUM, .values = kinds},
    {"person", VG_F_ID},
    {"company", VG_F_TEXT, .max = 120},
    {"valid_until", VG_F_TIME},
    {NULL},
};
const vg_field gate_listed_withdraw_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {NULL}};

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

// A second badge is no second person.
static vg_status no_record_yet(vg_cx *cx, vg_str person, const char *site, vg_err *err)
{
    int64_t has = 0;
    VG_TRY(
        vg_one_i64(cx->db,
                   "SELECT 1 FROM gate_holder WHERE person = ? AND site = ? AND kind = 'staff' AND"
                   " state = 'active' LIMIT 1",
                   VG_VALS(vg_t(person), vg_z(site)), 0, &has, err));
    return has ? vg_fail(err, VG_ECONFLICT, "person", "gate.person_has", "%s", "") : VG_OK;
}

VG_HANDLER(gate_badge_hand)
{
    vg_site_ref site;
    char id[VG_ID_TEXT], badge[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "gate.badge", &site, err));
    VG_TRY(gate_person_ok(cx, vg_arg_str(args, "person"), site.agency, err));
    VG_TRY(no_record_yet(cx, vg_arg_str(args, "person"), site.id, err));
    VG_TRY(vg_label_of(cx, site.agency, VG_C_GATE, site.id, VG_S_NORMAL, &label, err));
    const vg_holder_new h = {.agency = site.agency,
                             .site = site.id,
                             .kind = vg_arg_has(args, "kind") ? vg_arg_str(args, "kind")
                                                              : VG_S("staff"),
                             .person = vg_arg_str(args, "person"),
                             .name = vg_arg_str(args, "name"),
                             .company = vg_arg_str(args, "company"),
                             .valid_until_us = vg_arg_i64(args, "valid_until", 0),
                             .label = label};
    VG_TRY(vg_holder_make(cx, &h, id, err));
    const gate_handed b = {id, vg_arg_str(args, "code"), "card", 0};  // as long as he may
    VG_TRY(gate_badge_give(cx, &b, site.id, site.agency, label, badge, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_HANDLER(gate_listed_withdraw)
{
    gate_holder h;
    int64_t used = 0;
    VG_TRY(gate_holder_at(cx, vg_arg_str(args, "id"), &h, err));
    const char *site = vg_str_z(cx->arena, h.site);
    VG_TRY(vg_require_own(cx, "gate.badge", site, h.agency, err));
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM passage WHERE holder = ? LIMIT 1", VG_VALS(vg_z(h.id)),
                      0, &used, err));
    if (used || vg_str_eqc(h.kind, "visitor") || !vg_str_eqc(h.state, "active")) {
        return vg_fail(err, VG_ECONFLICT, "id", "gate.listed_used", "%s", "");
    }
    VG_TRY(gate_end_badges(cx, h.id, site, h.label, err));
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"gate.holder_ended", site, h.id, h.label}, err);
}

static const char SITES[] = "SELECT t.id, t.code, t.name FROM v_site t WHERE t.state = 'active'";

static const char PERSONS[] =
    "SELECT c.person, c.code, c.code FROM v_person_card c JOIN v_person p ON p.id = c.person WHERE"
    " c.code IS NOT NULL AND p.state = 'active'";

static const vg_import_field badge_fields[] = {
    {"site", VG_IMP_NEW_ONLY, SITES},
    {"code", VG_IMP_NEW_ONLY, NULL},
    {"name", VG_IMP_NEW_ONLY, NULL},
    {"kind", VG_IMP_NEW_ONLY, NULL},
    {"company", 0, NULL},
    {"valid_until", 0, NULL},
    {"person", VG_IMP_NEW_ONLY, PERSONS},
    {NULL},
};

static const vg_import_field vehicle_fields[] = {
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
     .withdraw = "gate.listed_withdraw",
     .fields = vehicle_fields,
     .keys = {{"site plate",
               "SELECT h.id FROM gate_holder h JOIN gate_card c ON c.holder = h.id WHERE h.site = ?"
               " AND c.name = ? AND h.kind = 'vehicle' AND h.state = 'active'"}},
     .read = "SELECT h.site, c.name, COALESCE(h.class, ''), COALESCE(c.company, ''),"
             " COALESCE(h.valid_until, '') FROM gate_holder h JOIN gate_card c ON c.holder = h.id"
             " WHERE h.id = ? AND h.state = 'active'",
     .max_rows = 20000},
    {.name = "badges",
     .permission = "gate.badge_own",
     .add = "gate.badge_hand",
     .update = "gate.holder_update",
     .withdraw = "gate.listed_withdraw",
     .fields = badge_fields,
     // The same badge in other hands is no change of his name.
     .keys = {{"site code name",
               "SELECT h.id FROM badge b JOIN gate_holder h ON h.id = b.holder JOIN gate_card c ON"
               " c.holder = h.id WHERE b.site = ? AND b.code = ? AND c.name = ? AND b.state ="
               " 'issued' AND h.state = 'active'"}},
     .read =
         "SELECT h.site, COALESCE((SELECT b.code FROM badge b WHERE b.holder = h.id AND b.state ="
         " 'issued' ORDER BY b.at, b.id LIMIT 1), ''), c.name, h.kind, COALESCE(c.company, ''),"
         " COALESCE(h.valid_until, ''), COALESCE(h.person, '') FROM gate_holder h JOIN gate_card"
         " c ON c.holder = h.id WHERE h.id = ? AND h.state = 'active'",
     .max_rows = 50000},
    {NULL},
};
