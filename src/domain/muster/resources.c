// SPDX-License-Identifier: Apache-2.0
// What screens read of evacuations. The counts are of those on the list whom the reader may know of. Names come from
// the cards beside the journal; left_at tells of a passage out since it was declared, which makes nobody safe.
#include "domain/muster/muster.h"

#define COUNT(state) \
    "(SELECT count(*) FROM v_muster_person p WHERE p.muster = t.id AND p.state = '" state "')"

static const vg_col muster_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"area", VG_COL_TEXT, "t.area"},
    {"area_name", VG_COL_TEXT, "a.name"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"state", VG_COL_TEXT, "t.state"},
    {"declared_at", VG_COL_TIME, "t.at"},
    {"declared_by_name", VG_COL_TEXT, "u.name"},
    {"ended_at", VG_COL_TIME, "t.ended_at"},
    {"ended_by_name", VG_COL_TEXT, "x.name"},
    {"ended_reason", VG_COL_TEXT, "t.ended_reason"},
    {"unknown", VG_COL_INT, COUNT("unknown")},
    {"safe", VG_COL_INT, COUNT("safe")},
    {"unsafe", VG_COL_INT, COUNT("unsafe")},
    {"not_here", VG_COL_INT, COUNT("not_here")},
    {"excluded", VG_COL_INT, COUNT("excluded")},
    {NULL},
};
static const vg_filter muster_filters[] = {
    {"site", "t.site = ?", VG_F_ID}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};

static const vg_col person_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"muster", VG_COL_TEXT, "t.muster"},
    {"holder", VG_COL_TEXT, "t.holder"},
    {"name", VG_COL_TEXT, "COALESCE(c.name, n.name)"},
    {"more", VG_COL_TEXT, "COALESCE(c.company, n.note)"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"origin", VG_COL_TEXT, "t.origin"},
    {"key", VG_COL_TEXT, "t.key"},
    {"area_name", VG_COL_TEXT, "a.name"},
    {"point_name", VG_COL_TEXT, "p.name"},
    {"seen_at", VG_COL_TIME, "t.seen_at"},
    {"left_at", VG_COL_TIME,
     "(SELECT max(g.moved) FROM v_passage g WHERE g.holder = t.holder AND g.moved > t.at AND"
     " g.kind = 'move' AND g.to_area IS NULL)"},
    {"state", VG_COL_TEXT, "t.state"},
    {"state_at", VG_COL_TIME, "t.state_at"},
    {"state_point_name", VG_COL_TEXT, "f.name"},
    {"state_by_name", VG_COL_TEXT, "u.name"},
    {"state_why", VG_COL_TEXT, "t.state_why"},
    {"after_end", VG_COL_BOOL, "t.after_end"},
    {"marks", VG_COL_INT, "t.marks"},
    {NULL},
};
static const vg_filter person_filters[] = {
    {"muster", "t.muster = ?", VG_F_ID}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};

static const vg_col mark_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"muster", VG_COL_TEXT, "t.muster"},
    {"person", VG_COL_TEXT, "t.person"},
    {"state", VG_COL_TEXT, "t.state"},
    {"marked", VG_COL_TIME, "t.marked"},
    {"told", VG_COL_TIME, "t.told"},
    {"received", VG_COL_TIME, "t.at"},
    {"point_name", VG_COL_TEXT, "f.name"},
    {"why", VG_COL_TEXT, "t.why"},
    {"by_name", VG_COL_TEXT, "u.name"},
    {"after_end", VG_COL_BOOL, "t.after_end"},
    {NULL},
};
static const vg_filter mark_filters[] = {
    {"muster", "t.muster = ?", VG_F_ID}, {"person", "t.person = ?", VG_F_ID}, {NULL}};

const vg_resource muster_resources[] = {
    {"musters", "/musters", "muster.read", "muster",
     "v_muster t LEFT JOIN v_site s ON s.id = t.site LEFT JOIN v_gate_area a ON a.id = t.area LEFT"
     " JOIN v_user_account u ON u.id = t.declared_by LEFT JOIN v_user_account x ON x.id ="
     " t.ended_by",
     "t", muster_cols, muster_filters, "t.at"},
    {"muster_people", "/muster-people", "muster.read", "muster_person",
     "v_muster_person t LEFT JOIN v_gate_card c ON c.holder = t.holder LEFT JOIN v_muster_name n ON"
     " n.person = t.id LEFT JOIN v_gate_area a ON a.id = t.area LEFT JOIN v_gate_point p ON p.id ="
     " t.point LEFT JOIN v_fixture f ON f.id = t.state_point LEFT JOIN v_user_account u ON u.id ="
     " t.state_by",
     "t", person_cols, person_filters, "t.at"},
    {"muster_marks", "/muster-marks", "muster.read", "muster_mark",
     "v_muster_mark t LEFT JOIN v_fixture f ON f.id = t.point LEFT JOIN v_user_account u ON u.id ="
     " t.by_user",
     "t", mark_cols, mark_filters, "t.marked"},
    {NULL},
};
