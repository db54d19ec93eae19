// SPDX-License-Identifier: Apache-2.0
// The imports module as tables. What may be imported is declared by the modules (vg_import); nothing here knows
// a person from a sensor.
#include "domain/imports/imports.h"

extern const vg_embedded vg_sql_imports[];
extern const vg_module vg_module_imports;

static const vg_table tables[] = {
    {"import_job", VG_VOLATILE},
    {"import_preview", VG_VOLATILE},
    {"import_shape", VG_VOLATILE},
    {NULL},
};

static const vg_event_def events[] = {
    {"imports.decided", 1, NULL, "info"},
    {"imports.applied", 1, NULL, "info"},
    {"imports.refused", 1, NULL, "info"},
    {"imports.failed", 1, NULL, "info"},
    {"imports.undo_decided", 1, NULL, "info"},
    {"imports.undone", 1, NULL, "info"},
    {NULL},
};

static const vg_command commands[] = {
    {"imports.begin", NULL, "imports.use", imports_begin_fields, imports_begin},
    {"imports.map", "POST /imports/{id}/map", "imports.use", imports_map_fields, imports_map},
    {"imports.apply", "POST /imports/{id}/apply", "imports.use", imports_id_fields, imports_apply},
    {"imports.undo", "POST /imports/{id}/undo", "imports.use", imports_id_fields, imports_undo},
    {"imports.cancel", "POST /imports/{id}/cancel", "imports.use", imports_id_fields,
     imports_cancel},
    {"imports.note", NULL, "core.internal", imports_note_fields, imports_note},
    {"imports.decide", NULL, "imports.use", imports_decide_fields, imports_decide},
    {"imports.finish", NULL, "core.internal", imports_note_fields, imports_finish},
    {NULL},
};

static const vg_col job_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"target", VG_COL_TEXT, "t.target"},
    {"file", VG_COL_TEXT, "t.file"},
    {"state", VG_COL_TEXT, "t.state"},
    {"rows", VG_COL_INT, "t.rows"},
    {"added", VG_COL_INT, "t.added"},
    {"changed", VG_COL_INT, "t.changed"},
    {"same", VG_COL_INT, "t.same"},
    {"wrong", VG_COL_INT, "t.wrong"},
    {"done", VG_COL_INT, "t.done"},
    {"kept", VG_COL_INT, "t.kept"},
    {"problem_vi", VG_COL_TEXT, "t.problem_vi"},
    {"problem_en", VG_COL_TEXT, "t.problem_en"},
    {"by", VG_COL_TEXT, "t.by_user"},
    {"by_name", VG_COL_TEXT, "t.by_name"},
    {"at", VG_COL_TIME, "t.at"},
    {"changed_at", VG_COL_TIME, "t.changed_at"},
    {NULL},
};
static const vg_filter job_filters[] = {
    {"state", "t.state = ?", VG_F_TEXT},
    {"target", "t.target = ?", VG_F_TEXT},
    {NULL},
};

static const vg_resource resources[] = {
    {"imports", "/imports", "imports.use", "import_job", "v_import_job t", "t", job_cols,
     job_filters, "t.at"},
    {NULL},
};

static const vg_query queries[] = {
    {"imports.preview", "GET /imports/{id}/preview", "imports.use", imports_id_fields,
     imports_show_preview},
    {NULL},
};

const vg_module vg_module_imports = {
    .name = "imports",
    .sql = vg_sql_imports,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = resources,
    .queries = queries,
    .start = imports_start,
    .stop = imports_stop,
};
