// SPDX-License-Identifier: Apache-2.0
// The dossier module as tables. Each noun has a file; what they do is said there.
#include "domain/dossier/dossier.h"

extern const vg_embedded vg_sql_dossier[];
extern const vg_module vg_module_dossier;

static const vg_table tables[] = {
    {"dossier_statement", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"dossier.stated", 1, dossier_on_stated},
    {"dossier.verified", 1, dossier_on_verified},
    {"dossier.withdrawn", 1, dossier_on_withdrawn},
    {"dossier.prolonged", 1, dossier_on_prolonged, "info"},
    {"dossier.term_near", 1, dossier_on_near, "attention"},
    {NULL},
};

static const vg_command commands[] = {
    {"dossier.state", "POST /statements", "sites.edit_own", dossier_state_fields, dossier_state},
    {"dossier.verify", "POST /statements/{id}/verify", "sites.edit_own", dossier_verify_fields,
     dossier_verify},
    {"dossier.withdraw", "POST /statements/{id}/withdraw", "sites.edit_own",
     dossier_withdraw_fields, dossier_withdraw},
    {"dossier.prolong", "POST /statements/{id}/prolong", "sites.edit_own", dossier_prolong_fields,
     dossier_prolong},
    {"dossier.term_due", NULL, "sites.edit", dossier_due_fields, dossier_near},
    {NULL},
};

// By its site, never by its text: the list of what is due is read over shoulders.
static const vg_deadline_def deadlines[] = {
    {"dossier.term", "dossier.term_due",
     "SELECT s.name, '/sites/' || s.id || '?view=dossier' FROM v_dossier_statement t JOIN v_site s"
     " ON s.id = t.site WHERE t.id = ?"},
    {NULL},
};

static const vg_query queries[] = {
    {"dossier.completeness", "GET /sites/{id}/dossier", "sites.read", dossier_completeness_fields,
     dossier_completeness},
    {NULL},
};

static const vg_col statement_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"agency_name", VG_COL_TEXT, "a.name"},
    {"heading", VG_COL_TEXT, "t.heading"},
    {"text", VG_COL_TEXT, "t.text"},
    {"source_kind", VG_COL_TEXT, "t.source_kind"},
    {"source", VG_COL_TEXT, "t.source"},
    {"as_of", VG_COL_TEXT, "t.as_of"},
    {"secrecy", VG_COL_TEXT, "t.secrecy"},
    {"until", VG_COL_TEXT, "t.until"},
    {"term_ref", VG_COL_TEXT, "t.term_ref"},
    {"remind_at", VG_COL_TIME, "t.remind_at"},
    {"state", VG_COL_TEXT, "t.state"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"supersedes", VG_COL_TEXT, "t.supersedes"},
    {"superseded_by", VG_COL_TEXT, "t.superseded_by"},
    {"stated_at", VG_COL_TIME, "t.at"},
    {"stated_by", VG_COL_TEXT, "t.stated_by"},
    {"stated_by_name", VG_COL_TEXT, "u.name"},
    {"verified_at", VG_COL_TIME, "t.verified_at"},
    {"verified_by_name", VG_COL_TEXT, "w.name"},
    {"verified_note", VG_COL_TEXT, "t.verified_note"},
    {NULL},
};
static const vg_filter statement_filters[] = {{"site", "t.site = ?", VG_F_ID},
                                              {"heading", "t.heading = ?", VG_F_TEXT},
                                              {"state", "t.state = ?", VG_F_TEXT},
                                              {NULL}};

static const vg_resource resources[] = {
    {"statements", "/statements", "sites.read", "dossier_statement",
     "v_dossier_statement t LEFT JOIN v_agency a ON a.id = t.agency LEFT JOIN v_user_account u ON"
     " u.id = t.stated_by LEFT JOIN v_user_account w ON w.id = t.verified_by",
     "t", statement_cols, statement_filters, "t.at"},
    {NULL},
};

const vg_module vg_module_dossier = {
    .name = "dossier",
    .sql = vg_sql_dossier,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = resources,
    .queries = queries,
    .deadlines = deadlines,
};
