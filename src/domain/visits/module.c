// SPDX-License-Identifier: Apache-2.0
// The visits module as tables: planned visits and their guests, who agrees, invitations, house rules, contractors'
// certificates. Who passes is the gate's; it reads these tables for its advice.
#include "domain/visits/visits.h"

extern const vg_embedded vg_sql_visits[];
extern const vg_module vg_module_visits;

static const vg_table tables[] = {
    {"visit", VG_PROJECTION},
    {"visit_guest", VG_PROJECTION},
    {"visit_card", VG_VOLATILE},
    {"visit_step", VG_PROJECTION},
    {"visit_approval", VG_PROJECTION},
    {"visit_setting", VG_PROJECTION},
    {"visit_rules", VG_PROJECTION},
    {"visit_certificate", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"visits.planned", 1, visits_on_planned},
    {"visits.cancelled", 1, visits_on_cancelled},
    {"visits.approval_set", 1, visits_on_approval_set},
    {"visits.step_asked", 1, visits_on_step_asked, "info"},
    {"visits.decided", 1, visits_on_decided, "info"},
    {"visits.guest_added", 1, visits_on_guest_added},
    {"visits.guest_removed", 1, visits_on_guest_removed},
    {"visits.invited", 1, visits_on_invited},
    {"visits.told", 1, visits_on_told},
    {"visits.certificate_added", 1, visits_on_certificate_added},
    {"visits.moved", 1, visits_on_moved},
    {"visits.overdue", 1, visits_on_over, "attention"},
    {"visits.missed", 1, visits_on_over},
    {"visits.released", 1, visits_on_released, "info"},
    {"visits.setting_set", 1, visits_on_setting_set},
    {"visits.rules_set", 1, visits_on_rules_set},
    {NULL},
};

static const vg_command commands[] = {
    {"visits.plan", "POST /visits", "visits.plan_own", visits_plan_fields, visits_plan},
    {"visits.walk_in", "POST /visits/walk-in", "visits.walk_in", visits_walk_in_fields,
     visits_walk_in},
    {"visits.read_card", "POST /visits/read-card", "visits.read", visits_read_fields,
     visits_read_card},
    {"visits.cancel", "POST /visits/{id}/cancel", "visits.plan_own", visits_cancel_fields,
     visits_cancel},
    {"visits.decide", "POST /visits/{id}/decide", "visits.approve_own", visits_decide_fields,
     visits_decide},
    {"visits.guest_add", "POST /visits/{id}/guests", "visits.plan_own", visits_guest_add_fields,
     visits_guest_add},
    {"visits.guest_remove", "POST /visit-guests/{id}/remove", "visits.plan_own", visits_id_fields,
     visits_guest_remove},
    {"visits.invite", "POST /visit-guests/{id}/invite", "visits.plan_own", visits_id_fields,
     visits_invite},
    {"visits.tell", "POST /visit-guests/{id}/told", "visits.read", visits_tell_fields, visits_tell},
    {"visits.certificate_add", "POST /visit-guests/{id}/certificates", "visits.plan_own",
     visits_certificate_fields, visits_certificate_add},
    {"visits.approval_set", "POST /visit-approvals", "visits.edit_own", visits_approval_fields,
     visits_approval_set},
    {"visits.setting_set", "POST /visit-settings", "visits.edit_own", visits_setting_fields,
     visits_setting_set},
    {"visits.rules_set", "POST /visit-rules", "visits.edit_own", visits_rules_fields,
     visits_rules_set},
    {"visits.expect", NULL, "visits.plan_own", visits_expect_fields, visits_expect},
    {"visits.gone", NULL, "visits.plan", visits_moved_fields, visits_moved},
    {"visits.over_due", NULL, "visits.plan", visits_due_fields, visits_over},
    {"visits.evening_due", NULL, "visits.plan", visits_due_fields, visits_still_inside},
    {"visits.release_due", NULL, "visits.plan", visits_due_fields, visits_release},
    {"visits.forget", NULL, "visits.plan", visits_forget_fields, visits_forget},
    {NULL},
};

// Staff come and go without a visit.
static bool to_moved(vg_arena *a, const vg_event *e, vg_jw *args)
{
    const vg_str kind = vg_js_str(a, e->body, "holder_kind");
    if (!kind.n || vg_str_eqc(kind, "staff")) {
        return false;
    }
    vg_jw_kstr(args, "holder", vg_js_str(a, e->body, "holder"));
    vg_jw_ki64(args, "moved", vg_js_i64(e->body, "moved", 0));
    if (vg_js_str(a, e->body, "to").n && !vg_js_str(a, e->body, "from").n) {
        vg_jw_kstr(args, "entered", e->site);
    }
    return true;
}

// Let in as somebody unknown, he proves to be one who has a visit.
static bool to_known(vg_arena *a, const vg_event *e, vg_jw *args)
{
    const int64_t entered_us = vg_js_i64(e->body, "entered", 0);
    const int64_t moved_us = vg_js_i64(e->body, "moved", 0);
    if (!moved_us || vg_str_eqc(vg_js_str(a, e->body, "holder_kind"), "staff")) {
        return false;
    }
    vg_jw_kstr(args, "holder", vg_js_str(a, e->body, "holder"));
    vg_jw_ki64(args, "moved", entered_us ? entered_us : moved_us);
    if (entered_us) {
        vg_jw_kstr(args, "entered", e->site);
    }
    return true;
}

static bool to_forget(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "id", e->subject);
    return true;
}

static const vg_reaction reactions[] = {
    {"gate.passed", "visits.gone", to_moved},
    {"gate.holder_resolved", "visits.gone", to_known},
    {"core.person_erased", "visits.forget", to_forget},
    {NULL},
};

static const vg_deadline_def deadlines[] = {
    {"visits.over", "visits.over_due",
     "SELECT t.purpose, '/visits/' || t.id FROM v_visit t WHERE t.id = ?"},
    {"visits.evening", "visits.evening_due",
     "SELECT t.purpose, '/visits/' || t.id FROM v_visit t WHERE t.id = ?"},
    {"visits.release", "visits.release_due",
     "SELECT t.purpose, '/visits/' || t.id FROM v_visit t WHERE t.id = ?"},
    {NULL},
};

const vg_module vg_module_visits = {
    .name = "visits",
    .sql = vg_sql_visits,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = visits_resources,
    .reactions = reactions,
    .deadlines = deadlines,
    .imports = visits_imports,
};
