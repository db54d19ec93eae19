// SPDX-License-Identifier: Apache-2.0
// The care module as tables: the first steps of a node. Findings about its health are read from it by the
// program (exam.h).
#include "domain/care/care.h"

extern const vg_embedded vg_sql_care[];
extern const vg_module vg_module_care;

static const vg_table tables[] = {
    {"start_dismissal", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"care.start_dismissed", 1, care_on_start_dismissed},
    {NULL},
};

static const vg_command commands[] = {
    {"care.start_dismiss", "POST /start/dismiss", "accounts.edit", NULL, care_start_dismiss},
    {NULL},
};

static const vg_query queries[] = {
    {"care.start", "GET /start", "accounts.edit", NULL, care_start},
    {NULL},
};

const vg_module vg_module_care = {
    .name = "care",
    .sql = vg_sql_care,
    .tables = tables,
    .events = events,
    .commands = commands,
    .queries = queries,
};
