// SPDX-License-Identifier: Apache-2.0
// The sitelist module as tables. Each noun has a file; what they do is said there.
#include "domain/sitelist/sitelist.h"

#include "domain/day.h"

extern const vg_embedded vg_sql_sitelist[];
extern const vg_module vg_module_sitelist;

static const vg_table tables[] = {
    {"site_list", VG_PROJECTION},
    {"site_list_entry", VG_PROJECTION},
    {"site_case", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"sitelist.issued", 1, sitelist_on_issued, "info", .cites = true},
    {"sitelist.reviewed", 1, sitelist_on_reviewed, "info"},
    {"sitelist.review_late", 1, sitelist_on_review_late, "attention"},
    {"sitelist.case_opened", 1, sitelist_on_case_opened, "info"},
    {"sitelist.case_closed", 1, sitelist_on_case_closed, "info"},
    {"sitelist.case_late", 1, sitelist_on_case_late, "attention"},
    {NULL},
};

static const vg_command commands[] = {
    {"sitelist.issue", "POST /site-lists", "sites.edit_list", sitelist_issue_fields,
     sitelist_issue},
    {"sitelist.review", "POST /site-lists/{id}/review", "sites.edit_list", sitelist_review_fields,
     sitelist_review},
    {"sitelist.review_late", NULL, "sites.edit_list", sitelist_due_fields, sitelist_review_late},
    {"sitelist.case_open", "POST /site-cases", "sites.edit_list", sitelist_case_open_fields,
     sitelist_case_open},
    {"sitelist.case_close", "POST /site-cases/{id}/close", "sites.edit_list",
     sitelist_case_close_fields, sitelist_case_close},
    {"sitelist.case_late", NULL, "sites.edit_list", sitelist_due_fields, sitelist_case_late},
    {NULL},
};

static const vg_deadline_def deadlines[] = {
    {"sitelist.review", "sitelist.review_late",
     "SELECT number, '/site-list' FROM v_site_list WHERE id = ?"},
    {"sitelist.case", "sitelist.case_late",
     "SELECT name, '/site-list' FROM v_site_case WHERE id = ?"},
    {NULL},
};

static const vg_col list_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"number", VG_COL_TEXT, "t.number"},
    {"dated", VG_COL_TEXT, "t.dated"},
    {"valid_from", VG_COL_TEXT, "t.valid_from"},
    {"valid_to", VG_COL_TEXT, "t.valid_to"},
    {"authority", VG_COL_TEXT, "t.authority"},
    {"title", VG_COL_TEXT, "t.title"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"previous", VG_COL_TEXT, "t.previous"},
    {"review_due", VG_COL_TEXT, "t.review_due"},
    {"review_ref", VG_COL_TEXT, "t.review_ref"},
    {"review_late", VG_COL_BOOL, "t.review_late"},
    {"reviewed_on", VG_COL_TEXT, "t.reviewed_on"},
    {"entries_n", VG_COL_INT, "(SELECT count(n.id) FROM v_site_list_entry n WHERE n.list = t.id)"},
    {NULL},
};
static const vg_filter list_filters[] = {
    {"on", VG_STOOD_ON("t.valid_from", "t.valid_to"), VG_F_TEXT}, {NULL}};
static const vg_col entry_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"list", VG_COL_TEXT, "t.list"},
    {"site", VG_COL_TEXT, "t.site"},
    {"rank", VG_COL_INT, "t.rank"},
    {"code", VG_COL_TEXT, "t.code"},
    {"name", VG_COL_TEXT, "t.name"},
    {"ground", VG_COL_TEXT, "t.ground"},
    {"field", VG_COL_TEXT, "t.field"},
    {"number", VG_COL_TEXT, "t.number"},
    {"dated", VG_COL_TEXT, "t.dated"},
    {"valid_from", VG_COL_TEXT, "t.valid_from"},
    {"valid_to", VG_COL_TEXT, "t.valid_to"},
    {NULL},
};
static const vg_filter entry_filters[] = {
    {"list", "t.list = ?", VG_F_ID},
    {"site", "t.site = ?", VG_F_ID},
    {"on", VG_STOOD_ON("t.valid_from", "t.valid_to"), VG_F_TEXT},
    {NULL}};
static const vg_col case_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"site", VG_COL_TEXT, "t.site"},
    {"name", VG_COL_TEXT, "t.name"},
    {"received", VG_COL_TEXT, "t.received"},
    {"due", VG_COL_TEXT, "t.due"},
    {"ref", VG_COL_TEXT, "t.ref"},
    {"note", VG_COL_TEXT, "t.note"},
    {"state", VG_COL_TEXT, "t.state"},
    {"late", VG_COL_BOOL, "t.late"},
    {"outcome", VG_COL_TEXT, "t.outcome"},
    {"closed_on", VG_COL_TEXT, "t.closed_on"},
    {"list", VG_COL_TEXT, "t.list"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {NULL},
};
static const vg_filter case_filters[] = {
    {"state", "t.state = ?", VG_F_TEXT}, {"site", "t.site = ?", VG_F_ID}, {NULL}};

static const vg_resource resources[] = {
    {"site-lists", "/site-lists", "sites.read", "site_list", "v_site_list t", "t", list_cols,
     list_filters, "t.at"},
    {"site-list-entries", "/site-list-entries", "sites.read", "site_list_entry",
     "v_site_list_entry t", "t", entry_cols, entry_filters, "t.at"},
    {"site-cases", "/site-cases", "sites.read", "site_case", "v_site_case t", "t", case_cols,
     case_filters, "t.at"},
    {NULL},
};

const vg_module vg_module_sitelist = {
    .name = "sitelist",
    .sql = vg_sql_sitelist,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = resources,
    .deadlines = deadlines,
};
