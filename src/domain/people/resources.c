// SPDX-License-Identifier: Apache-2.0
// What is listed of people. A unit is shown with its path upwards by id only: the console draws the tree.
// A person's card is joined through its own view: who may not see personal data of the agency sees no row.
#include "domain/people/people.h"

static const vg_col force_cols[] = {
    {"id", VG_COL_TEXT, "t.code"},
    {"name_vi", VG_COL_TEXT, "t.name_vi"},
    {"name_en", VG_COL_TEXT, "t.name_en"},
    {NULL},
};

static const vg_col unit_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"code", VG_COL_TEXT, "t.code"},
    {"name", VG_COL_TEXT, "t.name"},
    {"force", VG_COL_TEXT, "t.force"},
    {"force_vi", VG_COL_TEXT, "f.name_vi"},
    {"force_en", VG_COL_TEXT, "f.name_en"},
    {"parent", VG_COL_TEXT, "t.parent"},
    {"parent_name", VG_COL_TEXT, "p.name"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"agency_name", VG_COL_TEXT, "a.name"},
    {"state", VG_COL_TEXT, "t.state"},
    {NULL},
};
static const vg_filter unit_filters[] = {
    {"parent", "t.parent = ?", VG_F_ID},
    {"force", "t.force = ?", VG_F_TEXT},
    {"state", "t.state = ?", VG_F_TEXT},
    {NULL},
};

static const vg_col person_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"code", VG_COL_TEXT, "c.code"},
    {"name", VG_COL_TEXT, "c.name"},
    {"rank", VG_COL_TEXT, "c.rank"},
    {"title", VG_COL_TEXT, "c.title"},
    {"phone", VG_COL_TEXT, "c.phone"},
    {"since", VG_COL_TIME, "c.since"},
    {"unit", VG_COL_TEXT, "t.unit"},
    {"unit_name", VG_COL_TEXT, "u.name"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"agency_name", VG_COL_TEXT, "a.name"},
    {"state", VG_COL_TEXT, "t.state"},
    {"changed_at", VG_COL_TIME, "t.changed_at"},
    {NULL},
};
static const vg_filter person_filters[] = {
    {"unit", "t.unit = ?", VG_F_ID},
    {"state", "t.state = ?", VG_F_TEXT},
    {NULL},
};

// --- what is found by searching -------------------------------------------------------------------
static const vg_search find_unit = {.title = "t.name", .more = "t.code", .columns = "name code"};
// Whoever sees that there is somebody need not see who: the card's label counts.
static const vg_search find_person = {
    .title = "c.name",
    .subtitle = "c.title",
    .more =
        "COALESCE(c.code, '') || ' ' || COALESCE(c.phone || ' ' || replace(c.phone, ' ', ''), '')",
    .columns = "state",
    .from = "v_person t LEFT JOIN v_person_card c ON c.person = t.id",
    .side = "person_card",
    .side_key = "person",
    .label = "COALESCE(c.label, t.label)"};

const vg_resource people_resources[] = {
    {"force-types", "/force-types", "people.read", "force_type", "v_force_type t", "t", force_cols,
     NULL, "t.at"},
    {"units", "/units", "people.read", "unit",
     "v_unit t LEFT JOIN v_unit p ON p.id = t.parent LEFT JOIN v_force_type f ON f.code = t.force"
     " LEFT JOIN v_agency a ON a.id = t.agency",
     "t", unit_cols, unit_filters, "t.at", .search = &find_unit},
    {"persons", "/persons", "people.read", "person",
     "v_person t LEFT JOIN v_person_card c ON c.person = t.id LEFT JOIN v_unit u ON u.id = t.unit"
     " LEFT JOIN v_agency a ON a.id = t.agency",
     "t", person_cols, person_filters, "t.at", .search = &find_person},
    {NULL},
};
