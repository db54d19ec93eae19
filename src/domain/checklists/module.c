// SPDX-License-Identifier: Apache-2.0
// The checklists module as tables: one object for inspections, self-checks, surveys, go/no-go lists, handovers and
// the standard. Another module starts a run by a reaction to its own event and hears of findings by theirs.
#include "domain/checklists/checklists.h"

extern const vg_embedded vg_sql_checklists[];
extern const vg_module vg_module_checklists;

static const vg_table tables[] = {
    {"checklist_template", VG_PROJECTION}, {"checklist", VG_PROJECTION},
    {"checklist_answer", VG_PROJECTION},   {"checklist_finding", VG_PROJECTION},
    {"checklist_counter", VG_PROJECTION},  {NULL},
};

static const vg_event_def events[] = {
    {"checklists.template_published", 1, checklists_on_published},
    {"checklists.template_retired", 1, checklists_on_retired},
    {"checklists.started", 1, checklists_on_started, NULL, true},
    {"checklists.answered", 1, checklists_on_answered, NULL, true},
    {"checklists.signed", 1, checklists_on_signed, "info", true},
    {"checklists.cancelled", 1, checklists_on_cancelled, NULL, true},
    {"checklists.overdue", 1, checklists_on_overdue, "attention", true},
    {"checklists.finding", 1, checklists_on_finding, "attention", true},
    {NULL},
};

static const vg_command commands[] = {
    {"checklists.publish", "POST /checklist-templates", "checklists.template",
     checklists_publish_fields, checklists_publish},
    {"checklists.ship", NULL, "checklists.template", checklists_ship_fields, checklists_ship},
    {"checklists.retire", "POST /checklist-templates/{id}/retire", "checklists.template",
     checklists_id_fields, checklists_retire},
    {"checklists.run", "POST /checklists", "checklists.run_own", checklists_run_fields,
     checklists_run},
    {"checklists.answer", "POST /checklists/{id}/answers", "checklists.run_own",
     checklists_answer_fields, checklists_answer},
    {"checklists.sign", "POST /checklists/{id}/sign", "checklists.sign_own", checklists_sign_fields,
     checklists_sign},
    {"checklists.cancel", "POST /checklists/{id}/cancel", "checklists.sign_own",
     checklists_cancel_fields, checklists_cancel},
    {"checklists.overdue", NULL, "checklists.run", checklists_due_fields, checklists_overdue},
    {NULL},
};

static const vg_deadline_def deadlines[] = {
    {"checklists.due", "checklists.overdue",
     "SELECT t.number || ' · ' || k.title_vi, '/checklists/' || t.id FROM v_checklist t"
     " JOIN v_checklist_template k ON k.id = t.template WHERE t.id = ?"},
    {NULL},
};

const vg_module vg_module_checklists = {
    .name = "checklists",
    .sql = vg_sql_checklists,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = checklists_resources,
    .deadlines = deadlines,
    .start = checklists_start,
};
