// SPDX-License-Identifier: Apache-2.0
// What is listed of people. A unit is shown with its path upwards by id only: the console draws the tree.
// A person's card is joined through its own view: who may not see personal data of the agency sees no row. Telephone
// and date stay out of everything that lists: they are looked up (look.c).
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

static const vg_col lookup_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"at", VG_COL_TIME, "t.at"},
    {"person", VG_COL_TEXT, "t.person"},
    {"person_name", VG_COL_TEXT, "c.name"},
    {"person_code", VG_COL_TEXT, "c.code"},
    {"purpose", VG_COL_TEXT, "t.purpose"},
    {"note", VG_COL_TEXT, "t.note"},
    {"incident", VG_COL_TEXT, "t.incident"},
    {"incident_number", VG_COL_TEXT, "i.number"},
    {"looked_by", VG_COL_TEXT, "t.looked_by"},
    {"looked_by_name", VG_COL_TEXT, "u.name"},
    {"many", VG_COL_BOOL, "t.many"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {NULL},
};
static const vg_filter lookup_filters[] = {
    {"person", "t.person = ?", VG_F_ID},     {"looked_by", "t.looked_by = ?", VG_F_TEXT},
    {"purpose", "t.purpose = ?", VG_F_TEXT}, {"since", "t.at >= ?", VG_F_TIME},
    {"until", "t.at < ?", VG_F_TIME},        {NULL},
};

// --- what is found by searching -------------------------------------------------------------------
static const vg_search find_unit = {.title = "t.name", .more = "t.code", .columns = "name code"};
// Whoever sees that there is somebody need not see who: the card's label counts.
static const vg_search find_person = {.title = "c.name",
                                      .subtitle = "c.title",
                                      .more = "c.code",
                                      .columns = "state",
                                      .from =
                                          "v_person t LEFT JOIN v_person_card c ON c.person = t.id",
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
    {"person-lookups", "/person-lookups", "people.lookups", "person_lookup",
     "v_person_lookup t LEFT JOIN v_person_card c ON c.person = t.person LEFT JOIN v_incident i ON"
     " i.id = t.incident LEFT JOIN v_user_account u ON u.id = t.looked_by",
     "t", lookup_cols, lookup_filters, "t.at"},
    {NULL},
};
