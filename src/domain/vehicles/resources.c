// SPDX-License-Identifier: Apache-2.0
// What screens read of vehicles and goods. Plates and owners come from the cards beside the journal.
#include "domain/vehicles/vehicles.h"

static const vg_col expected_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"plate", VG_COL_TEXT, "v.plate"},
    {"driver", VG_COL_TEXT, "v.driver"},
    {"starts", VG_COL_TIME, "t.starts"},
    {"ends", VG_COL_TIME, "t.ends"},
    {"goods", VG_COL_TEXT, "t.goods"},
    {"host", VG_COL_TEXT, "t.host"},
    {"state", VG_COL_TEXT, "t.state"},
    {"holder", VG_COL_TEXT, "t.holder"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"changed_at", VG_COL_TIME, "t.changed_at"},
    {NULL},
};
static const vg_filter state_filters[] = {
    {"site", "t.site = ?", VG_F_ID}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};
static const vg_filter site_filters[] = {{"site", "t.site = ?", VG_F_ID}, {NULL}};

static const vg_col limit_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"class", VG_COL_TEXT, "t.class"},
    {"max_min", VG_COL_INT, "t.max_min"},
    {NULL},
};

static const vg_col stay_cols[] = {
    {"id", VG_COL_TEXT, "t.holder"},   {"site", VG_COL_TEXT, "t.site"},
    {"plate", VG_COL_TEXT, "c.name"},  {"class", VG_COL_TEXT, "h.class"},
    {"since", VG_COL_TIME, "t.since"}, {"due_at", VG_COL_TIME, "t.due"},
    {"state", VG_COL_TEXT, "t.state"}, {NULL},
};

static const vg_col check_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"at", VG_COL_TIME, "t.at"},
    {"point_name", VG_COL_TEXT, "p.name"},
    {"holder", VG_COL_TEXT, "t.holder"},
    {"plate", VG_COL_TEXT, "c.name"},
    {"suspicion", VG_COL_TEXT, "t.suspicion"},
    {"under", VG_COL_BOOL, "t.under"},
    {"boot", VG_COL_BOOL, "t.boot"},
    {"result", VG_COL_TEXT, "t.result"},
    {"note", VG_COL_TEXT, "t.note"},
    {"by_name", VG_COL_TEXT, "u.name"},
    {NULL},
};

static const vg_col goods_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"at", VG_COL_TIME, "t.at"},
    {"point_name", VG_COL_TEXT, "p.name"},
    {"way", VG_COL_TEXT, "t.way"},
    {"what", VG_COL_TEXT, "t.what"},
    {"quantity", VG_COL_TEXT, "t.quantity"},
    {"paper", VG_COL_TEXT, "t.paper"},
    {"owner", VG_COL_TEXT, "o.owner"},
    {"plate", VG_COL_TEXT, "c.name"},
    {"advice", VG_COL_TEXT, "t.advice"},
    {"why", VG_COL_TEXT, "t.why"},
    {"by_name", VG_COL_TEXT, "u.name"},
    {NULL},
};

const vg_resource vehicles_resources[] = {
    {"expected_vehicles", "/expected-vehicles", "gate.read", "vehicle_expected",
     "v_vehicle_expected t LEFT JOIN v_vehicle_plate v ON v.expected = t.id LEFT JOIN v_site s ON"
     " s.id = t.site",
     "t", expected_cols, state_filters, "t.starts"},
    {"vehicle_limits", "/vehicle-limits", "gate.read", "vehicle_limit", "v_vehicle_limit t", "t",
     limit_cols, site_filters, "t.at"},
    {"vehicle_stays", "/vehicle-stays", "gate.read", "vehicle_stay",
     "v_vehicle_stay t LEFT JOIN v_gate_card c ON c.holder = t.holder LEFT JOIN v_gate_holder h ON"
     " h.id = t.holder",
     "t", stay_cols, state_filters, "t.since"},
    {"vehicle_checks", "/vehicle-checks", "gate.read", "vehicle_check",
     "v_vehicle_check t LEFT JOIN v_gate_point p ON p.id = t.point LEFT JOIN v_gate_card c ON"
     " c.holder = t.holder LEFT JOIN v_user_account u ON u.id = t.by_user",
     "t", check_cols, site_filters, "t.at"},
    {"goods_movements", "/goods-movements", "gate.read", "goods_move",
     "v_goods_move t LEFT JOIN v_gate_point p ON p.id = t.point LEFT JOIN v_goods_owner o ON o.move"
     " = t.id LEFT JOIN v_gate_card c ON c.holder = t.holder LEFT JOIN v_user_account u ON u.id ="
     " t.by_user",
     "t", goods_cols, site_filters, "t.at"},
    {NULL},
};
