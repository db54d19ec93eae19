// SPDX-License-Identifier: Apache-2.0
// The list of vehicles that are expected: plate, when, what they bring, who waits for them. The plate and the driver
// stand beside the journal, which gets them only encrypted. One that comes within its window (half an hour early or
// late) is ticked off by itself; the guard decides all the same.
#include "domain/vehicles/vehicles.h"

#include "ident/plate.h"

const vg_field vehicles_expect_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},     {"plate", VG_F_TEXT, VG_REQUIRED, .max = 24},
    {"starts", VG_F_TIME, VG_REQUIRED}, {"ends", VG_F_TIME, VG_REQUIRED},
    {"goods", VG_F_TEXT, .max = 200},   {"host", VG_F_TEXT, .max = 120},
    {"driver", VG_F_TEXT, .max = 80},   {NULL},
};
const vg_field vehicles_cancel_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {NULL},
};
const vg_field vehicles_withdraw_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {NULL}};
const vg_field vehicles_forget_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {NULL}};

vg_status vehicles_point(vg_cx *cx, vg_str point, const char *permission, vehicles_at *ret,
                         vg_err *err)
{
    vg_str c[4];
    const vg_status st = vg_look(cx,
                                 "SELECT p.site, s.agency, p.source, p.label FROM gate_point p JOIN"
                                 " site s ON s.id = p.site WHERE p.id = ?",
                                 point, c, 4, err);
    if (st != VG_OK || vg_seen(cx, (int32_t)vg_int(c[3]), "id", err) != VG_OK) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
    }
    *ret = (vehicles_at){.id = vg_str_z(cx->arena, point),
                         .site = vg_str_z(cx->arena, c[0]),
                         .agency = vg_str_z(cx->arena, c[1]),
                         .source = vg_str_z(cx->arena, c[2])};
    VG_TRY(vg_require_own(cx, permission, ret->site, ret->agency, err));
    return vg_label_of(cx, ret->agency, VG_C_GATE, ret->site, VG_S_NORMAL, &ret->label, err);
}

vg_status vehicles_holder(vg_cx *cx, vg_str holder, vg_err *err)
{
    vg_str c[2];
    const vg_status st =
        vg_look(cx, "SELECT kind, label FROM gate_holder WHERE id = ?", holder, c, 2, err);
    return st == VG_OK && vg_str_eqc(c[0], "vehicle") &&
                   vg_seen(cx, (int32_t)vg_int(c[1]), "holder", err) == VG_OK
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "holder", "vehicles.no_vehicle", "%s", "");
}

// --- expected -------------------------------------------------------------------------------------
static vg_status say_personal(vg_cx *cx, const vg_args *args, const vg_saying *s, vg_err *err)
{
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kstr(&w, "plate", vg_arg_str(args, "plate"));
    vg_jw_kstr(&w, "driver", vg_arg_str(args, "driver"));
    vg_jw_close(&w, '}');
    const vg_draft d = {.kind = s->kind,
                        .site = s->site,
                        .subject = s->subject,
                        .label = s->label,
                        .person = s->subject,
                        .personal = vg_buf_str(&b)};
    const vg_status st = vg_emit(cx, &d, NULL, err);
    vg_buf_done(&b);
    return st;
}

VG_HANDLER(vehicles_expect)
{
    vg_site_ref site;
    vg_plate plate;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "gate.badge", &site, err));
    VG_TRY(vg_plate_parse(vg_arg_str(args, "plate"), &plate, err));
    if (vg_arg_i64(args, "ends", 0) <= vg_arg_i64(args, "starts", 0)) {
        return vg_fail(err, VG_EINVALID, "ends", "vehicles.ends", "%s", "");
    }
    VG_TRY(vg_label_of(cx, site.agency, VG_C_GATE, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    VG_TRY(vg_exec(cx->db,
                   "INSERT INTO vehicle_plate (expected, plate, find, driver, label, world) VALUES"
                   " (?, ?, ?, NULLIF(?, ''), ?, ?)",
                   VG_VALS(vg_z(id), vg_t(vg_arg_str(args, "plate")), vg_z(plate.key),
                           vg_t(vg_arg_str(args, "driver")), vg_i(label), vg_i(cx->world)),
                   err));
    vg_body(cx);
    vg_body_args(cx, args, "site plate driver");
    VG_TRY(say_personal(cx, args, &(vg_saying){"vehicles.expected", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(vehicles_on_expected)
{
    return vg_put(ap, e,
                  "INSERT INTO vehicle_expected (id, site, starts, ends, goods, host, changed_at,"
                  " at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site starts ends goods host @at @at @label @world", err);
}

VG_HANDLER(vehicles_cancel)
{
    vg_str c[3];
    vg_site_ref site;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(
        vg_look(cx, "SELECT site, label, state FROM vehicle_expected WHERE id = ?", id, c, 3, err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[1]), "id", err));
    VG_TRY(vg_site_at(cx, c[0], "gate.badge", &site, err));
    if (!vg_str_eqc(c[2], "expected")) {
        return vg_fail(err, VG_ECONFLICT, "id", "vehicles.not_expected", "%s", "");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    return vg_say(
        cx,
        &(vg_saying){"vehicles.cancelled", site.id, vg_str_z(cx->arena, id), (int32_t)vg_int(c[1])},
        err);
}

VG_FOLDER(vehicles_on_cancelled)
{
    return vg_put(ap, e,
                  "UPDATE vehicle_expected SET state = 'cancelled', reason = ?, changed_at = ?"
                  " WHERE id = ?",
                  "reason @at @subject", err);
}

VG_FOLDER(vehicles_on_arrived)
{
    return vg_put(ap, e,
                  "UPDATE vehicle_expected SET state = 'arrived', holder = ?, changed_at = ? WHERE"
                  " id = ?",
                  "holder @at @subject", err);
}

// Reaction to core.person_erased: a plate that was expected, or an owner of goods.
VG_HANDLER(vehicles_forget)
{
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_exec(cx->db, "DELETE FROM vehicle_plate WHERE expected = ?", VG_VALS(vg_t(id)), err));
    return vg_exec(cx->db, "DELETE FROM goods_owner WHERE move = ?", VG_VALS(vg_t(id)), err);
}

// --- lists ------------------------------------------------------------------------------------------
static const vg_import_field list_fields[] = {
    {"site", 0, "SELECT t.id, t.code, t.name FROM v_site t WHERE t.state = 'active'"},
    {"plate", 0, NULL},
    {"starts", 0, NULL},
    {"ends", 0, NULL},
    {"goods", 0, NULL},
    {"host", 0, NULL},
    {"driver", 0, NULL},
    {NULL},
};

const vg_import vehicles_imports[] = {
    {.name = "vehicles",
     .permission = "gate.badge_own",
     .add = "vehicles.expect",
     .withdraw = "vehicles.withdraw",
     .fields = list_fields,
     .keys = {{"site plate starts",
               "SELECT x.id FROM vehicle_expected x JOIN vehicle_plate v ON v.expected = x.id WHERE"
               " x.site = ? AND v.plate = ? AND x.starts = ? AND x.state = 'expected'"}},
     .read =
         "SELECT x.site, v.plate, x.starts, x.ends, COALESCE(x.goods, ''), COALESCE(x.host, ''),"
         " COALESCE(v.driver, '') FROM vehicle_expected x JOIN vehicle_plate v ON v.expected ="
         " x.id WHERE x.id = ?",
     .max_rows = 20000},
    {NULL},
};
