// SPDX-License-Identifier: Apache-2.0
// The desk module as tables. It hears of alerts only by their events.
#include "domain/desk/desk.h"

extern const vg_embedded vg_sql_desk[];
extern const vg_module vg_module_desk;

static const vg_table tables[] = {
    {"situation", VG_PROJECTION, true},
    {"incident", VG_PROJECTION},
    {"incident_alert", VG_PROJECTION},
    {"incident_log", VG_PROJECTION},
    {"task", VG_PROJECTION},
    {"incident_counter", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"desk.incident_opened", 1, desk_on_opened, "act", true},
    {"desk.incident_closed", 1, desk_on_closed, "info", true},
    {"desk.incident_reopened", 1, desk_on_reopened, "attention", true},
    {"desk.alert_attached", 1, desk_on_attached, "info", true},
    {"desk.logged", 1, desk_on_logged, NULL, true},
    {"desk.task_added", 1, desk_on_task_added, "info", true},
    {"desk.task_done", 1, desk_on_task_done, "info", true},
    {"desk.task_cancelled", 1, desk_on_task_cancelled, "info", true},
    {"desk.task_overdue", 1, desk_on_task_overdue, "attention", true},
    {NULL},
};

static const vg_command commands[] = {
    {"desk.open", "POST /incidents", "desk.open_own", desk_open_fields, desk_open},
    {"desk.open_asked", NULL, "desk.open", desk_ask_fields, desk_open_asked},
    {"desk.consider_alert", NULL, "desk.open", desk_consider_fields, desk_consider_alert},
    {"desk.log", "POST /incidents/{id}/log", "desk.log", desk_log_fields, desk_log_add},
    {"desk.task_add", "POST /incidents/{id}/tasks", "desk.task", desk_task_fields, desk_task_add},
    {"desk.attach", "POST /incidents/{id}/attach", "desk.open_own", desk_attach_fields,
     desk_attach},
    {"desk.close", "POST /incidents/{id}/close", "desk.close", desk_close_fields, desk_close},
    {"desk.reopen", "POST /incidents/{id}/reopen", "desk.reopen", desk_reopen_fields, desk_reopen},
    {"desk.task_done", "POST /tasks/{id}/done", "tasks.done", desk_task_end_fields, desk_task_done},
    {"desk.task_cancel", "POST /tasks/{id}/cancel", "desk.task", desk_task_end_fields,
     desk_task_cancel},
    {"desk.task_overdue", NULL, "desk.task", desk_task_due_fields, desk_task_overdue},
    {NULL},
};

static const vg_query queries[] = {
    {"desk.summary", "GET /desk/summary", "desk.read", NULL, desk_summary},
    {NULL},
};

static bool asked(vg_arena *a, const vg_event *e, vg_jw *args)
{
    vg_jw_kstr(args, "incident", vg_js_str(a, e->body, "incident"));
    // An alert across sites is at none; the asking says at which the incident is.
    vg_jw_kstr(args, "site", e->site.n ? e->site : vg_js_str(a, e->body, "site"));
    vg_jw_kstr(args, "situation", vg_js_str(a, e->body, "situation"));
    vg_jw_kstr(args, "title", vg_js_str(a, e->body, "title"));
    vg_jw_kstr(args, "level", vg_js_str(a, e->body, "level"));
    vg_jw_kstr(args, "by", vg_js_str(a, e->body, "by"));
    vg_jw_kstr(args, "alert", e->subject);
    return true;
}

static bool raised(vg_arena *a, const vg_event *e, vg_jw *args)
{
    const vg_str situation = vg_js_str(a, e->body, "situation");
    vg_jw_kstr(args, "alert", e->subject);
    vg_jw_kstr(args, "site", e->site);
    vg_jw_kstr(args, "situation", situation);
    vg_jw_kstr(args, "number", vg_js_str(a, e->body, "number"));
    return situation.n > 0 && e->site.n > 0 && e->world == 0 && !vg_js_bool(e->body, "test", false);
}

static const vg_reaction reactions[] = {
    {"alerts.incident_asked", "desk.open_asked", asked},
    {"alerts.raised", "desk.consider_alert", raised},
    {NULL},
};

static const vg_deadline_def deadlines[] = {
    {"desk.task_due", "desk.task_overdue",
     "SELECT t.title || ' · ' || i.number, '/incidents/' || i.id FROM v_task t"
     " JOIN v_incident i ON i.id = t.incident WHERE t.id = ?"},
    {NULL},
};

const vg_module vg_module_desk = {
    .name = "desk",
    .sql = vg_sql_desk,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = desk_resources,
    .queries = queries,
    .reactions = reactions,
    .deadlines = deadlines,
};
