// SPDX-License-Identifier: Apache-2.0
// The muster module as tables: evacuations, who is on their lists, what was told of them. All of it is run-like: it may
// happen in a drill's world.
#include "domain/muster/muster.h"

extern const vg_embedded vg_sql_muster[];
extern const vg_module vg_module_muster;

static const vg_table tables[] = {
    {"muster", VG_PROJECTION},
    {"muster_person", VG_PROJECTION},
    {"muster_name", VG_VOLATILE},
    {"muster_mark", VG_PROJECTION},
    {NULL},
};

static const char *mark_weight(vg_str body)
{
    vg_str raw;
    return vg_js_find(body, "state", &raw) && vg_str_eqc(raw, "\"unsafe\"") ? "attention" : NULL;
}

static const vg_event_def events[] = {
    {"muster.declared", 1, muster_on_declared, "act", true},
    {"muster.listed", 1, muster_on_listed, NULL, true},
    {"muster.added", 1, muster_on_added, NULL, true},
    {"muster.marked", 1, muster_on_marked, "attention", true, .weigh = mark_weight},
    {"muster.ended", 1, muster_on_ended, "attention", true},
    {"muster.forgotten", 1, muster_on_forgotten, NULL, true},
    {NULL},
};

static const vg_command commands[] = {
    {"muster.declare", "POST /musters", "muster.declare_own", muster_declare_fields,
     muster_declare},
    {"muster.end", "POST /musters/{id}/end", "muster.end", muster_end_fields, muster_end},
    {"muster.mark", "POST /musters/{id}/marks", "muster.mark_own", muster_mark_fields, muster_mark},
    {"muster.exclude", "POST /muster-people/{id}/exclude", "muster.declare_own",
     muster_exclude_fields, muster_exclude},
    {"muster.forget", NULL, "muster.declare", muster_forget_fields, muster_forget},
    {NULL},
};

static bool to_forget(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "id", e->subject);
    return true;
}

static const vg_reaction reactions[] = {
    {"core.person_erased", "muster.forget", to_forget},
    {NULL},
};

const vg_module vg_module_muster = {
    .name = "muster",
    .sql = vg_sql_muster,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = muster_resources,
    .reactions = reactions,
};
