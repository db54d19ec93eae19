// SPDX-License-Identifier: Apache-2.0
// The privacy module as tables: what the law on personal data asks an agency to keep a record of. Each noun has a
// file; what they do is said there. Erasing itself is the core's (core/person.h).
#include "domain/privacy/privacy.h"

extern const vg_embedded vg_sql_privacy[];
extern const vg_module vg_module_privacy;

static const vg_table tables[] = {
    {"privacy_edition", VG_PROJECTION, true},
    {"retention_class", VG_PROJECTION, true},
    {"notice_text", VG_PROJECTION, true},
    {"retention_choice", VG_PROJECTION},
    {"processing", VG_PROJECTION},
    {"subject_request", VG_PROJECTION},
    {"subject_request_card", VG_VOLATILE},
    {"breach", VG_PROJECTION},
    {"breach_notice", VG_PROJECTION},
    {"visitor_notice", VG_PROJECTION},
    {"posted_notice", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"privacy.shipped", 1, privacy_on_shipped},
    {"privacy.retention_set", 1, privacy_on_retention_set, "info"},
    {"privacy.processing_recorded", 1, privacy_on_recorded},
    {"privacy.assessed", 1, privacy_on_assessed, "info"},
    {"privacy.assessment_late", 1, privacy_on_assessment_late, "attention"},
    {"privacy.processing_ended", 1, privacy_on_ended},
    {"privacy.request_opened", 1, privacy_on_request_opened, "attention"},
    {"privacy.request_acknowledged", 1, privacy_on_acknowledged},
    {"privacy.ack_late", 1, privacy_on_ack_late, "attention"},
    {"privacy.request_extended", 1, privacy_on_extended, "info"},
    {"privacy.request_closed", 1, privacy_on_answered, "info"},
    {"privacy.request_late", 1, privacy_on_request_late, "act"},
    {"privacy.request_forgotten", 1, privacy_on_request_forgotten},
    {"privacy.breach_opened", 1, privacy_on_breach_opened, "act"},
    {"privacy.breach_changed", 1, privacy_on_breach_changed},
    {"privacy.breach_notified", 1, privacy_on_notified, "info"},
    {"privacy.breach_closed", 1, privacy_on_breach_closed, "info"},
    {"privacy.breach_late", 1, privacy_on_breach_late, "act"},
    {"privacy.swept", 1, NULL, "info"},
    {"privacy.notice_drafted", 1, privacy_on_notice_drafted},
    {"privacy.notice_confirmed", 1, privacy_on_notice_confirmed, "info"},
    {"privacy.notice_posted", 1, privacy_on_notice_posted},
    {NULL},
};

static const vg_command commands[] = {
    {"privacy.ship", NULL, "privacy.edit", privacy_ship_fields, privacy_ship},
    {"privacy.processing_add", "POST /processing-activities", "privacy.edit_own",
     privacy_processing_add_fields, privacy_processing_add},
    {"privacy.processing_update", "POST /processing-activities/{id}", "privacy.edit_own",
     privacy_processing_update_fields, privacy_processing_update},
    {"privacy.assess", "POST /processing-activities/{id}/assess", "privacy.edit_own",
     privacy_assess_fields, privacy_assess},
    {"privacy.processing_end", "POST /processing-activities/{id}/end", "privacy.edit_own",
     privacy_end_fields, privacy_end},
    {"privacy.retention_set", "POST /retention-choices", "privacy.edit_own",
     privacy_retention_fields, privacy_retention_set, .second = privacy_second_retention},
    {"privacy.request_open", "POST /subject-requests", "privacy.edit_own", privacy_request_fields,
     privacy_request_open},
    {"privacy.request_acknowledge", "POST /subject-requests/{id}/acknowledge", "privacy.edit_own",
     privacy_id_fields, privacy_acknowledge},
    {"privacy.request_extend", "POST /subject-requests/{id}/extend", "privacy.edit_own",
     privacy_extend_fields, privacy_extend},
    {"privacy.request_close", "POST /subject-requests/{id}/close", "privacy.edit_own",
     privacy_answer_fields, privacy_answer},
    {"privacy.breach_open", "POST /breaches", "privacy.edit_own", privacy_breach_fields,
     privacy_breach_open},
    {"privacy.breach_update", "POST /breaches/{id}", "privacy.edit_own",
     privacy_breach_update_fields, privacy_breach_update},
    {"privacy.breach_notify", "POST /breaches/{id}/notify", "privacy.edit_own",
     privacy_notify_fields, privacy_notify},
    {"privacy.breach_close", "POST /breaches/{id}/close", "privacy.edit_own",
     privacy_breach_close_fields, privacy_breach_close},
    {"privacy.notice_draft", "POST /visitor-notices", "privacy.edit_own", privacy_notice_fields,
     privacy_notice_draft},
    {"privacy.notice_confirm", "POST /visitor-notices/{id}/confirm", "privacy.edit_own",
     privacy_id_fields, privacy_notice_confirm},
    {"privacy.assessment_overdue", NULL, "privacy.edit", privacy_due_fields,
     privacy_assessment_late},
    {"privacy.ack_overdue", NULL, "privacy.edit", privacy_due_fields, privacy_ack_late},
    {"privacy.request_overdue", NULL, "privacy.edit", privacy_due_fields, privacy_request_late},
    {"privacy.breach_overdue", NULL, "privacy.edit", privacy_due_fields, privacy_breach_late},
    {"privacy.sweep", NULL, "privacy.edit", privacy_sweep_fields, privacy_sweep},
    {"privacy.request_forget", NULL, "privacy.edit", privacy_forget_fields, privacy_request_forget},
    {NULL},
};

static bool to_forget(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "id", e->subject);
    return true;
}

static const vg_reaction reactions[] = {
    {"core.person_erased", "privacy.request_forget", to_forget},
    {NULL},
};

// By number, never by name: a deadline is seen by whoever sees the label.
static const vg_deadline_def deadlines[] = {
    {"privacy.assessment", "privacy.assessment_overdue",
     "SELECT t.name, '/privacy' FROM v_processing t WHERE t.id = ?"},
    {"privacy.ack", "privacy.ack_overdue",
     "SELECT t.number, '/privacy' FROM v_subject_request t WHERE t.id = ?"},
    {"privacy.request", "privacy.request_overdue",
     "SELECT t.number, '/privacy' FROM v_subject_request t WHERE t.id = ?"},
    {"privacy.breach", "privacy.breach_overdue",
     "SELECT t.number, '/privacy' FROM v_breach t WHERE t.id = ?"},
    {NULL},
};

const vg_module vg_module_privacy = {
    .name = "privacy",
    .sql = vg_sql_privacy,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = privacy_resources,
    .reactions = reactions,
    .deadlines = deadlines,
    .start = privacy_start,
    .stop = privacy_sweeper_stop,
};
