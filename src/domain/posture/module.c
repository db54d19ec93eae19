// SPDX-License-Identifier: Apache-2.0
// The posture module as tables: levels, and what is declared at which of them.
#include "domain/posture/posture.h"

#include "core/second.h"

extern const vg_embedded vg_sql_posture[];
extern const vg_module vg_module_posture;

static const vg_table tables[] = {
    {"posture_edition", VG_PROJECTION, true},
    {"posture_level", VG_PROJECTION, true},
    {"posture_period", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"posture.shipped", 1, posture_on_shipped},
    {"posture.declared", 1, posture_on_declared, "attention"},
    {"posture.began", 1, posture_on_began, "attention"},
    {"posture.prolonged", 1, posture_on_prolonged, "attention"},
    {"posture.stepped_down", 1, posture_on_stepped_down, "attention"},
    {"posture.over", 1, posture_on_over, "info"},
    {NULL},
};

static const vg_command commands[] = {
    {"posture.ship", NULL, "posture.declare", posture_ship_fields, posture_ship},
    {"posture.declare", "POST /postures", "posture.declare", posture_declare_fields,
     posture_declare, .second = posture_second_declare},
    {"posture.prolong", "POST /postures/{id}/prolong", "posture.declare", posture_prolong_fields,
     posture_prolong, .second = posture_second_prolong},
    {"posture.step_down", "POST /postures/{id}/step-down", "posture.declare", posture_end_fields,
     posture_step_down, .second = vg_second_always},
    {"posture.begin", NULL, "posture.declare", posture_due_fields, posture_begin},
    {"posture.over", NULL, "posture.declare", posture_due_fields, posture_over},
    {"posture.settle_new", NULL, "posture.declare", posture_site_fields, posture_settle_new},
    {NULL},
};

static bool new_site(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "site", e->subject);
    return e->world == 0;
}

static const vg_reaction reactions[] = {
    {"sites.site_added", "posture.settle_new", new_site},
    {NULL},
};

#define LOOK                                                                                       \
    "SELECT CASE t.event WHEN '' THEN t.reason ELSE t.event END, '/posture' FROM v_posture_period" \
    " t WHERE t.id = ?"
static const vg_deadline_def deadlines[] = {
    {"posture.begin", "posture.begin", LOOK},
    {"posture.over", "posture.over", LOOK},
    {NULL},
};

static const vg_fact_def facts[] = {
    {"posture", VG_FACT_TEXT, .words = posture_words},
    {NULL},
};

const vg_module vg_module_posture = {
    .name = "posture",
    .sql = vg_sql_posture,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = posture_resources,
    .reactions = reactions,
    .deadlines = deadlines,
    .facts = facts,
    .start = posture_start,
};
