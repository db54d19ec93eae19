// SPDX-License-Identifier: Apache-2.0
// The places module as tables. Each noun has a file; what they do is said there.
#include "domain/places/places.h"

#include "domain/day.h"

extern const vg_embedded vg_sql_places[];
extern const vg_module vg_module_places;

static const vg_table tables[] = {
    {"place_edition", VG_PROJECTION, true},
    {"place_unit", VG_PROJECTION, true},
    {"place_successor", VG_PROJECTION, true},
    {NULL},
};

static const vg_event_def events[] = {
    {"places.units", 1, places_on_units},
    {"places.history", 1, places_on_history},
    {"places.imported", 1, places_on_edition},
    {NULL},
};

static const vg_command commands[] = {
    {"places.import", "POST /places/import", "places.edit", places_import_fields, places_import},
    {"places.history", "POST /places/history", "places.edit", places_history_fields,
     places_history},
    {"places.ship", NULL, "places.edit", places_ship_fields, places_ship},
    {NULL},
};

static const vg_query queries[] = {
    {"places.find", "GET /place-find", "sites.read", places_find_fields, places_find},
    {NULL},
};

static const vg_col unit_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"code", VG_COL_TEXT, "t.code"},
    {"name", VG_COL_TEXT, "t.name"},
    {"level", VG_COL_INT, "t.level"},
    {"parent", VG_COL_TEXT, "t.parent"},
    {"valid_from", VG_COL_TEXT, "NULLIF(t.valid_from, '')"},
    {"valid_to", VG_COL_TEXT, "t.valid_to"},
    {"exact", VG_COL_BOOL, "t.exact"},
    {"law", VG_COL_TEXT, "t.law"},
    {"edition", VG_COL_TEXT, "t.edition"},
    {NULL},
};
static const vg_filter unit_filters[] = {
    {"on", VG_STOOD_ON("t.valid_from", "t.valid_to"), VG_F_TEXT},
    {"parent", "t.parent = ?", VG_F_TEXT},
    {"level", "t.level = ?", VG_F_INT},
    {"code", "t.code = ?", VG_F_TEXT},
    {NULL},
};
static const vg_col edition_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"title", VG_COL_TEXT, "t.title"},
    {"as_of", VG_COL_TEXT, "t.as_of"},
    {"digest", VG_COL_TEXT, "t.digest"},
    {"complete", VG_COL_BOOL, "t.complete"},
    {"units", VG_COL_INT, "t.units"},
    {"added", VG_COL_INT, "t.added"},
    {"changed", VG_COL_INT, "t.changed"},
    {"ended", VG_COL_INT, "t.ended"},
    {"origin", VG_COL_TEXT, "t.origin"},
    {"at", VG_COL_TIME, "t.at"},
    {NULL},
};

static const vg_resource resources[] = {
    {"places", "/places", "sites.read", "place_unit", "v_place_unit t", "t", unit_cols,
     unit_filters, "t.at"},
    {"place-editions", "/place-editions", "sites.read", "place_edition", "v_place_edition t", "t",
     edition_cols, NULL, "t.at"},
    {NULL},
};

const vg_module vg_module_places = {
    .name = "places",
    .sql = vg_sql_places,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = resources,
    .queries = queries,
    .start = places_start,
};
