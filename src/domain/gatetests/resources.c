// SPDX-License-Identifier: Apache-2.0
// What screens read of gate tests: the plans, for who may know of them; what the gate was told; the findings.
#include "domain/gatetests/gatetests.h"

static const vg_col test_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"point", VG_COL_TEXT, "t.point"},
    {"point_name", VG_COL_TEXT, "p.name"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"what", VG_COL_TEXT, "t.what"},
    {"tester", VG_COL_TEXT, "t.tester"},
    {"starts", VG_COL_TIME, "t.starts"},
    {"ends", VG_COL_TIME, "t.ends"},
    {"planned_by_name", VG_COL_TEXT, "u.name"},
    {"state", VG_COL_TEXT, "t.state"},
    {"done_at", VG_COL_TIME, "t.done_at"},
    {"passage", VG_COL_TEXT, "t.passage"},
    {"passage_at", VG_COL_TIME, "COALESCE(w.moved, f.at)"},
    {"passage_way", VG_COL_TEXT, "COALESCE(w.way, f.way)"},
    {"stopped", VG_COL_BOOL, "f.id IS NOT NULL"},
    {"note", VG_COL_TEXT, "t.note"},
    {NULL},
};
static const vg_filter test_filters[] = {
    {"site", "t.site = ?", VG_F_ID}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};

static const vg_col told_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"point", VG_COL_TEXT, "t.point"},
    {"point_name", VG_COL_TEXT, "p.name"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"caught", VG_COL_BOOL, "t.caught"},
    {"done_at", VG_COL_TIME, "t.done"},
    {"passage", VG_COL_TEXT, "t.passage"},
    {NULL},
};
static const vg_filter told_filters[] = {{"site", "t.site = ?", VG_F_ID}, {NULL}};

static const vg_col finding_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"point_name", VG_COL_TEXT, "p.name"},
    {"test", VG_COL_TEXT, "t.test"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"what", VG_COL_TEXT, "t.what"},
    {"note", VG_COL_TEXT, "t.note"},
    {"done_at", VG_COL_TIME, "t.done"},
    {NULL},
};

const vg_resource gatetests_resources[] = {
    {"gate_tests", "/gate-tests", "gatetests.read", "gate_test",
     "v_gate_test t LEFT JOIN v_site s ON s.id = t.site LEFT JOIN v_gate_point p ON p.id = t.point"
     " LEFT JOIN v_user_account u ON u.id = t.planned_by LEFT JOIN v_passage w ON w.id = t.passage"
     " LEFT JOIN v_refusal f ON f.id = t.passage",
     "t", test_cols, test_filters, "t.at"},
    {"gate_test_results", "/gate-test-results", "gate.read", "gate_test_told",
     "v_gate_test_told t LEFT JOIN v_gate_point p ON p.id = t.point", "t", told_cols, told_filters,
     "t.at"},
    {"gate_findings", "/gate-findings", "gatetests.read", "gate_finding",
     "v_gate_finding t LEFT JOIN v_gate_point p ON p.id = t.point", "t", finding_cols, told_filters,
     "t.at"},
    {NULL},
};
