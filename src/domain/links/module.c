// SPDX-License-Identifier: Apache-2.0
// The links module as tables.
#include "domain/links/links.h"

extern const vg_embedded vg_sql_links[];
extern const vg_module vg_module_links;

static const vg_table tables[] = {
    {"link", VG_PROJECTION},
    {"signal_state", VG_VAULT},
    {NULL},
};

static const vg_event_def events[] = {
    {"links.added", 1, links_on_added, "info"},     {"links.changed", 1, links_on_changed, "info"},
    {"links.removed", 1, links_on_removed, "info"}, {"links.up", 1, links_on_up, "info"},
    {"links.down", 1, links_on_down, "attention"},  {NULL},
};

static const vg_command commands[] = {
    {"links.add", "POST /links", "links.edit_own", links_add_fields, links_add},
    {"links.update", "POST /links/{id}", "links.edit_own", links_update_fields, links_update},
    {"links.secret", "POST /links/{id}/secret", "links.edit_own", links_secret_fields,
     links_secret},
    {"links.switch", "POST /links/{id}/switch", "links.edit_own", links_switch_fields,
     links_switch},
    {"links.remove", "POST /links/{id}/remove", "links.edit_own", links_id_fields, links_remove},
    {"links.try", "POST /links/{id}/try", "links.edit_own", links_id_fields, links_try},
    {"links.report", NULL, "links.edit", links_report_fields, links_report},
    {NULL},
};

static const vg_col cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "COALESCE(s.name, '')"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"name", VG_COL_TEXT, "t.name"},
    {"address", VG_COL_TEXT, "t.address"},
    {"login", VG_COL_TEXT, "t.login"},
    {"options", VG_COL_JSON, "t.options"},
    {"has_secret", VG_COL_BOOL, "t.has_secret"},
    {"enabled", VG_COL_BOOL, "t.enabled"},
    {"state", VG_COL_TEXT, "t.state"},
    {"state_since", VG_COL_TIME, "t.state_since"},
    {"problem", VG_COL_TEXT, "t.problem"},
    {NULL},
};
static const vg_filter filters[] = {
    {"site", "t.site = ?", VG_F_ID},
    {"kind", "t.kind = ?", VG_F_TEXT},
    {"state", "t.state = ?", VG_F_TEXT},
    {NULL},
};

static const vg_resource resources[] = {
    {"links", "/links", "links.read", "link", "v_link t LEFT JOIN v_site s ON s.id = t.site", "t",
     cols, filters, "t.at"},
    {NULL},
};

static const vg_query queries[] = {
    {"outbox_summary", "GET /outbox/summary", "links.read", NULL, links_waiting},
    {NULL},
};

const vg_module vg_module_links = {
    .name = "links",
    .sql = vg_sql_links,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = resources,
    .queries = queries,
    .load_links = links_load,
};
