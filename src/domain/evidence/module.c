// SPDX-License-Identifier: Apache-2.0
// The evidence module as tables. The bundle is made outside of the scribe (make.c); only what was made comes here.
#include "domain/evidence/evidence_impl.h"

extern const vg_embedded vg_sql_evidence[];
extern const vg_module vg_module_evidence;

static const vg_table tables[] = {
    {"evidence_bundle", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"evidence.made", 1, evidence_on_made, "info", true},
    {NULL},
};

static const vg_command commands[] = {
    {"evidence.note", NULL, "evidence.make_own", evidence_note_fields, evidence_note_run},
    {NULL},
};

static const vg_col bundle_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"at", VG_COL_TIME, "t.at"},
    {"number", VG_COL_TEXT, "t.number"},
    {"incident", VG_COL_TEXT, "t.incident"},
    {"alert", VG_COL_TEXT, "t.alert"},
    {"log", VG_COL_INT, "t.log"},
    {"seq_from", VG_COL_INT, "t.seq_from"},
    {"seq_to", VG_COL_INT, "t.seq_to"},
    {"events", VG_COL_INT, "t.events"},
    {"withheld", VG_COL_INT, "t.withheld"},
    {"bytes", VG_COL_INT, "t.bytes"},
    {"hash", VG_COL_TEXT, "t.hash"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"by_name", VG_COL_TEXT, "u.name"},
    {NULL},
};
static const vg_filter bundle_filters[] = {
    {"incident", "t.incident = ?", VG_F_ID}, {"alert", "t.alert = ?", VG_F_ID}, {NULL}};

static const vg_resource resources[] = {
    {"evidence_bundles", "/evidence-bundles", "evidence.read", "evidence_bundle",
     "v_evidence_bundle t LEFT JOIN v_user_account u ON u.id = t.by_user", "t", bundle_cols,
     bundle_filters, "t.at"},
    {NULL},
};

const vg_module vg_module_evidence = {
    .name = "evidence",
    .sql = vg_sql_evidence,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = resources,
};
