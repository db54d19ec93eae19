// SPDX-License-Identifier: Apache-2.0
// The coord module as tables: coordination regulations, what they open, and what a force lets its partners know.
#include "domain/coord/coord.h"

extern const vg_embedded vg_sql_coord[];
extern const vg_module vg_module_coord;

static const vg_table tables[] = {
    {"regulation", VG_PROJECTION},
    {"regulation_party", VG_PROJECTION},
    {"clause", VG_PROJECTION},
    {"clause_site", VG_PROJECTION},
    {"opening", VG_PROJECTION},
    {"capability", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"coord.drafted", 1, coord_on_drafted},
    {"coord.offered", 1, coord_on_drafted, "info"},
    {"coord.proposed", 1, coord_on_proposed},
    {"coord.agreed", 1, coord_on_agreed, "info"},
    {"coord.in_force", 1, coord_on_in_force, "info"},
    {"coord.started", 1, coord_on_started},
    {"coord.withdrawn", 1, coord_on_withdrawn, "attention"},
    {"coord.ended", 1, coord_on_ended, "attention"},
    {"coord.reviewed", 1, coord_on_reviewed, "info"},
    {"coord.review_late", 1, coord_on_review_late, "attention"},
    {"coord.contact_set", 1, coord_on_contact},
    {"coord.contact_answered", 1, coord_on_answered},
    {"coord.opened", 1, coord_on_opened, "attention"},
    {"coord.sealed", 1, coord_on_sealed, "info"},
    {"coord.capability_offered", 1, coord_on_capability, "info"},
    {"coord.capability_ended", 1, coord_on_capability_ended},
    {NULL},
};

static const vg_command commands[] = {
    {"coord.draft", "POST /regulations", "coord.draft", coord_draft_fields, coord_draft},
    {"coord.redraft", "POST /regulations/{id}", "coord.draft", coord_redraft_fields, coord_redraft},
    {"coord.offer", "POST /regulations/{id}/offer", "coord.draft", coord_id_fields, coord_offer},
    {"coord.agree", "POST /regulations/{id}/agree", "coord.agree", coord_agree_fields, coord_agree},
    {"coord.withdraw", "POST /regulations/{id}/withdraw", "coord.agree", coord_withdraw_fields,
     coord_withdraw},
    {"coord.review", "POST /regulations/{id}/review", "coord.agree", coord_review_fields,
     coord_review},
    {"coord.contact", "POST /regulations/{id}/contact", "coord.draft", coord_contact_fields,
     coord_contact},
    {"coord.answered", "POST /regulations/{id}/answered", "coord.answered", coord_answered_fields,
     coord_answered},
    {"coord.seal", "POST /openings/{id}/seal", "coord.seal", coord_seal_fields, coord_seal},
    {"coord.capability_offer", "POST /capabilities", "coord.capability", coord_capability_fields,
     coord_capability_offer},
    {"coord.capability_end", "POST /capabilities/{id}/end", "coord.capability", coord_id_fields,
     coord_capability_end},
    {"coord.open_for", NULL, "coord.agree", coord_incident_fields, coord_open_for},
    {"coord.seal_for", NULL, "coord.agree", coord_incident_fields, coord_seal_for},
    {"coord.open_postures", NULL, "coord.agree", coord_posture_fields, coord_open_postures},
    {"coord.seal_posture", NULL, "coord.agree", coord_posture_fields, coord_seal_posture},
    {"coord.start", NULL, "coord.agree", coord_due_fields, coord_start},
    {"coord.term_over", NULL, "coord.agree", coord_due_fields, coord_term_over},
    {"coord.review_overdue", NULL, "coord.agree", coord_due_fields, coord_review_late},
    {"coord.contact_due", NULL, "coord.agree", coord_due_fields, coord_contact_due},
    {"coord.opening_over", NULL, "coord.agree", coord_due_fields, coord_opening_over},
    {"coord.capability_over", NULL, "coord.agree", coord_due_fields, coord_capability_over},
    {NULL},
};

static const vg_query queries[] = {
    {"coord.view", "GET /coord/view", "coord.view", coord_view_fields, coord_view},
    {"coord.view_rows", "GET /coord/view/{resource}", "coord.view", coord_view_rows_fields,
     coord_view_rows},
    {NULL},
};

static bool incident_of(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "incident", e->subject);
    return e->world == 0;  // a drill opens nothing
}

static bool posture_of(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "posture", e->subject);
    return e->world == 0;
}

static bool in_force(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    (void)args;
    return e->world == 0;
}

static const vg_reaction reactions[] = {
    {"desk.incident_opened", "coord.open_for", incident_of},
    {"desk.incident_reopened", "coord.open_for", incident_of},
    {"desk.incident_closed", "coord.seal_for", incident_of},
    {"posture.declared", "coord.open_postures", posture_of},
    {"posture.began", "coord.open_postures", posture_of},
    {"posture.stepped_down", "coord.seal_posture", posture_of},
    {"posture.over", "coord.seal_posture", posture_of},
    {"coord.in_force", "coord.open_postures", in_force},
    {NULL},
};

#define REGULATION_DUE \
    "SELECT t.number || ' · ' || t.title, '/coord/' || t.id FROM v_regulation t WHERE t.id = ?"

static const vg_deadline_def deadlines[] = {
    {"coord.start", "coord.start", REGULATION_DUE},
    {"coord.term", "coord.term_over", REGULATION_DUE},
    {"coord.review", "coord.review_overdue", REGULATION_DUE},
    {"coord.contact", "coord.contact_due", REGULATION_DUE},
    {"coord.opening", "coord.opening_over",
     "SELECT t.incident_number || ' · ' || a.name, '/coord' FROM v_opening t JOIN v_agency a ON"
     " a.id = t.giver WHERE t.id = ?"},
    {"coord.capability", "coord.capability_over",
     "SELECT a.name, '/coord' FROM v_capability t JOIN v_agency a ON a.id = t.agency WHERE t.id ="
     " ?"},
    {NULL},
};

const vg_module vg_module_coord = {
    .name = "coord",
    .sql = vg_sql_coord,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = coord_resources,
    .queries = queries,
    .reactions = reactions,
    .deadlines = deadlines,
    .load_grants = coord_load_grants,
};
