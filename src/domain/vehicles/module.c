// SPDX-License-Identifier: Apache-2.0
// The module of vehicles and goods as tables. A vehicle is a holder of the gate's; its passages are the gate's too.
#include "domain/vehicles/vehicles.h"

extern const vg_embedded vg_sql_vehicles[];
extern const vg_module vg_module_vehicles;

static const vg_table tables[] = {
    {"vehicle_expected", VG_PROJECTION}, {"vehicle_plate", VG_VOLATILE},
    {"vehicle_limit", VG_PROJECTION},    {"vehicle_stay", VG_PROJECTION},
    {"vehicle_check", VG_PROJECTION},    {"goods_move", VG_PROJECTION},
    {"goods_owner", VG_VOLATILE},        {NULL},
};

static const char *check_weight(vg_str body)
{
    vg_str raw;
    return vg_js_find(body, "result", &raw) && vg_str_eqc(raw, "\"found\"") ? "attention" : NULL;
}

static const char *goods_weight(vg_str body)
{
    vg_str raw;
    return vg_js_find(body, "advice", &raw) && vg_str_eqc(raw, "\"ask\"") ? "attention" : NULL;
}

static const vg_event_def events[] = {
    {"vehicles.expected", 1, vehicles_on_expected},
    {"vehicles.cancelled", 1, vehicles_on_cancelled},
    {"vehicles.arrived", 1, vehicles_on_arrived},
    {"vehicles.limit_set", 1, vehicles_on_limit},
    {"vehicles.stays", 1, vehicles_on_stay},
    {"vehicles.left", 1, vehicles_on_stay_over},
    {"vehicles.overstayed", 1, vehicles_on_overstayed, "attention"},
    {"vehicles.checked", 1, vehicles_on_checked, "attention", .weigh = check_weight},
    {"vehicles.goods_moved", 1, vehicles_on_goods, "attention", .weigh = goods_weight},
    {NULL},
};

static const vg_command commands[] = {
    {"vehicles.expect", "POST /expected-vehicles", "gate.badge_own", vehicles_expect_fields,
     vehicles_expect},
    {"vehicles.cancel", "POST /expected-vehicles/{id}/cancel", "gate.badge_own",
     vehicles_cancel_fields, vehicles_cancel},
    {"vehicles.withdraw", NULL, "gate.badge_own", vehicles_withdraw_fields, vehicles_cancel},
    {"vehicles.limit", "POST /vehicle-limits", "gate.edit_own", vehicles_limit_fields,
     vehicles_limit},
    {"vehicles.check", "POST /vehicle-checks", "gate.pass", vehicles_check_fields, vehicles_check},
    {"vehicles.goods", "POST /goods-movements", "gate.pass", vehicles_goods_fields, vehicles_goods},
    {"vehicles.look", "POST /gate-points/{id}/plate", "gate.pass", vehicles_look_fields,
     vehicles_look},
    {"vehicles.settle", NULL, "gate.pass", vehicles_settle_fields, vehicles_settle},
    {"vehicles.overstay", NULL, "gate.pass", vehicles_due_fields, vehicles_overstay},
    {"vehicles.forget", NULL, "gate.badge", vehicles_forget_fields, vehicles_forget},
    {NULL},
};

static bool to_settle(vg_arena *a, const vg_event *e, vg_jw *args)
{
    if (!vg_str_eqc(vg_js_str(a, e->body, "holder_kind"), "vehicle")) {
        return false;
    }
    vg_jw_kstr(args, "holder", vg_js_str(a, e->body, "holder"));
    vg_jw_kstr(args, "passage", e->subject);
    return true;
}

static bool to_forget(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "id", e->subject);
    return true;
}

static const vg_reaction reactions[] = {
    {"gate.passed", "vehicles.settle", to_settle},
    {"core.person_erased", "vehicles.forget", to_forget},
    {NULL},
};

static const vg_deadline_def deadlines[] = {
    {"vehicles.overstay", "vehicles.overstay",
     "SELECT c.name, '/vehicles' FROM v_vehicle_stay t LEFT JOIN v_gate_card c ON c.holder ="
     " t.holder WHERE t.holder = ?"},
    {NULL},
};

const vg_module vg_module_vehicles = {
    .name = "vehicles",
    .sql = vg_sql_vehicles,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = vehicles_resources,
    .reactions = reactions,
    .deadlines = deadlines,
    .imports = vehicles_imports,
};
