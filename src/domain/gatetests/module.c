// SPDX-License-Identifier: Apache-2.0
// The module of gate tests as tables: authorised tests, what the gate is told of them, findings, and how tight it is.
#include "domain/gatetests/gatetests.h"

extern const vg_embedded vg_sql_gatetests[];
extern const vg_module vg_module_gatetests;

static const vg_table tables[] = {
    {"gate_test", VG_PROJECTION},
    {"gate_test_told", VG_PROJECTION},
    {"gate_finding", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"gatetests.planned", 1, gatetests_on_planned},
    {"gatetests.closed", 1, gatetests_on_closed},
    {"gatetests.told", 1, gatetests_on_told, "info"},
    {"gatetests.finding", 1, gatetests_on_finding, "attention"},
    {NULL},
};

static const vg_command commands[] = {
    {"gatetests.plan", "POST /gate-tests", "gatetests.plan_own", gatetests_plan_fields,
     gatetests_plan},
    {"gatetests.close", "POST /gate-tests/{id}/close", "gatetests.plan_own", gatetests_close_fields,
     gatetests_close},
    {NULL},
};

static const vg_query queries[] = {
    {"gatetests.figures", "GET /gate-figures", "gate.read", gatetests_figures_fields,
     gatetests_figures},
    {NULL},
};

const vg_module vg_module_gatetests = {
    .name = "gatetests",
    .sql = vg_sql_gatetests,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = gatetests_resources,
    .queries = queries,
};
