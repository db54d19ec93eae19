// SPDX-License-Identifier: Apache-2.0
// The alerts module as tables. Its thread (watch.c) reads what was committed, the engine finds, and what it
// finds comes back as the command alerts.raise.
#include "domain/alerts/alerts.h"
#include "domain/alerts/rule_life.h"

extern const vg_embedded vg_sql_alerts[];
extern const vg_module vg_module_alerts;

static const vg_table tables[] = {
    {"rule", VG_PROJECTION, true},  {"alert", VG_PROJECTION},
    {"rule_record", VG_PROJECTION}, {"alert_counter", VG_PROJECTION},
    {"rule_text", VG_PROJECTION},   {"rule_trial_site", VG_PROJECTION},
    {"rule_progress", VG_VOLATILE}, {"rule_shadow", VG_PROJECTION},
    {"alert_day", VG_PROJECTION},   {"alert_slot", VG_PROJECTION},
    {"alert_pace", VG_PROJECTION},  {"alarm_budget", VG_PROJECTION},
    {"alert_storm", VG_PROJECTION}, {NULL},
};

static const char *weight_of(vg_str body)
{
    const int64_t rank = vg_js_i64(body, "rank", 0);
    return rank >= 2 ? "act" : rank == 1 ? "attention" : "info";
}

// Disabling a rule that guards is a marked act; dropping a draft is not.
static const char *weight_of_end(vg_str body)
{
    vg_str was = {"", 0};
    (void)vg_js_find(body, "was", &was);
    return vg_str_eqc(was, "\"active\"") ? "attention" : "info";
}

static const vg_event_def events[] = {
    {"alerts.raised", 1, alerts_on_raised, "act", true, weight_of, .cites = true},
    {"alerts.more", 1, alerts_on_more, NULL, true, .cites = true},
    {"alerts.absorbed", 1, alerts_on_absorbed, NULL, true},
    {"alerts.acknowledged", 1, alerts_on_acknowledged, "info", true},
    {"alerts.closed", 1, alerts_on_closed, "info", true},
    {"alerts.cleared", 1, alerts_on_cleared, "info", true},
    {"alerts.escalated", 1, alerts_on_escalated, "act", true, weight_of},
    {"alerts.amended", 1, alerts_on_amended, "attention", true},
    {"alerts.incident_asked", 1, NULL, NULL, true},
    {"alerts.incident_set", 1, alerts_on_incident_set, NULL, true},
    {"alerts.rule_published", 1, alerts_on_rule_published},
    {"alerts.rule_retired", 1, alerts_on_rule_retired, "attention"},
    {"alerts.clock", 1, NULL, NULL, true},
    {"alerts.reread", 1, NULL, "info"},
    {"alerts.rule_drafted", 1, alerts_on_rule_drafted},
    {"alerts.rule_shadowed", 1, alerts_on_rule_shadowed, "info"},
    {"alerts.rule_try_asked", 1, alerts_on_rule_try_asked},
    {"alerts.rule_try_cancelled", 1, alerts_on_rule_try_cancelled},
    {"alerts.rule_tried", 1, alerts_on_rule_tried},
    {"alerts.rule_trial_seen", 1, alerts_on_rule_trial_seen, .cites = true},
    {"alerts.rule_approved", 1, alerts_on_rule_approved, "attention"},
    {"alerts.rule_own_retired", 1, alerts_on_rule_own_retired, "attention", false, weight_of_end},
    {"alerts.rule_in_force", 1, NULL},
    {"alerts.rule_shadow_seen", 1, alerts_on_rule_shadow_seen, .cites = true},
    {"alerts.budget_set", 1, alerts_on_budget_set, "info"},
    {"alerts.storm_began", 1, alerts_on_storm_began, "attention", true},
    {"alerts.storm_lasts", 1, alerts_on_storm_lasts, NULL, true},
    {"alerts.storm_ended", 1, alerts_on_storm_ended, "info", true},
    {NULL},
};

static const vg_command commands[] = {
    {"alerts.raise", NULL, "alerts.raise", alerts_raise_fields, alerts_raise},
    {"alerts.change", NULL, "alerts.raise", alerts_change_fields, alerts_change},
    {"alerts.acknowledge", "POST /alerts/{id}/acknowledge", "alerts.acknowledge_own",
     alerts_acknowledge_fields, alerts_acknowledge},
    {"alerts.close", "POST /alerts/{id}/close", "alerts.close_own", alerts_close_fields,
     alerts_close},
    {"alerts.open_incident", "POST /alerts/{id}/open-incident", "alerts.open_incident_own",
     alerts_incident_fields, alerts_open_incident},
    {"alerts.set_incident", NULL, "alerts.set_incident", alerts_set_incident_fields,
     alerts_set_incident},
    {"alerts.source_returned", NULL, "alerts.clear", alerts_source_fields, alerts_source_returned},
    {"alerts.rule_publish", NULL, "alerts.rules", alerts_rule_fields, alerts_rule_publish},
    {"alerts.rules_retire", NULL, "alerts.rules", alerts_retire_fields, alerts_rules_retire},
    {"alerts.budget_set", "POST /alarm-budgets", "alerts.budget_own", alerts_budget_set_fields,
     alerts_budget_set},
    {"alerts.storm_due", NULL, "alerts.raise", alerts_storm_due_fields, alerts_storm_due},
    {"alerts.tick", NULL, "alerts.clock", alerts_clock_fields, alerts_clock},
    {"alerts.reread", NULL, "alerts.rules", alerts_reread_fields, alerts_reread},
    {"alerts.rules_check", "POST /rules/check", "rules.draft", alerts_check_fields,
     alerts_rules_check},
    {"alerts.rule_draft", "POST /rule-texts", "rules.draft", alerts_draft_fields,
     alerts_rule_draft},
    {"alerts.rule_shadow", "POST /rule-texts/{id}/shadow", "rules.draft", alerts_shadow_fields,
     alerts_rule_shadow},
    {"alerts.rule_try", "POST /rule-texts/{id}/try", "rules.draft", alerts_try_fields,
     alerts_rule_try},
    {"alerts.rule_try_cancel", "POST /rule-texts/{id}/cancel-try", "rules.draft",
     alerts_text_id_fields, alerts_rule_try_cancel},
    {"alerts.rule_approve", "POST /rule-texts/{id}/approve", "rules.approve_own",
     alerts_approve_fields, alerts_rule_approve},
    {"alerts.rule_retire_own", "POST /rule-texts/{id}/retire", "rules.draft",
     alerts_retire_own_fields, alerts_rule_retire_own, .second = alerts_second_retire},
    {"alerts.rule_tried", NULL, "alerts.rules", alerts_tried_fields, alerts_rule_tried},
    {"alerts.rule_trial_seen", NULL, "alerts.rules", alerts_trial_seen_fields,
     alerts_rule_trial_seen},
    {"alerts.rule_trial_step", NULL, "alerts.rules", alerts_trial_step_fields,
     alerts_rule_trial_step},
    {"alerts.rule_shadow_seen", NULL, "alerts.rules", alerts_shadow_seen_fields,
     alerts_rule_shadow_seen},
    {NULL},
};

static bool source_returned(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "source", e->subject);
    return true;
}

static bool source_clock_right(vg_arena *a, const vg_event *e, vg_jw *args)
{
    vg_jw_kz(args, "cause", "source_clock_off");
    return source_returned(a, e, args);
}

// From desk.incident_opened (alert is optional there) and desk.alert_attached.
static bool incident_known(vg_arena *a, const vg_event *e, vg_jw *args)
{
    const vg_str alert = vg_js_str(a, e->body, "alert");
    vg_jw_kstr(args, "id", alert);
    vg_jw_kstr(args, "incident", e->subject);
    vg_jw_kstr(args, "number", vg_js_str(a, e->body, "number"));
    return alert.n > 0;
}

static const vg_reaction reactions[] = {
    {"sites.source_returned", "alerts.source_returned", source_returned},
    {"sites.source_clock_right", "alerts.source_returned", source_clock_right},
    {"desk.incident_opened", "alerts.set_incident", incident_known},
    {"desk.alert_attached", "alerts.set_incident", incident_known},
    {NULL},
};

static const vg_deadline_def deadlines[] = {
    {"alerts.storm_over", "alerts.storm_due",
     "SELECT s.name, '/' FROM v_alert_storm t JOIN v_site s ON s.id = t.site WHERE t.id = ?"},
    {NULL},
};

static const vg_query queries[] = {
    {"alerts.performance", "GET /alarm-performance", "alerts.read", alerts_performance_fields,
     alerts_performance},
    {"alerts.records", "GET /rule-records", "alerts.read", alerts_records_fields, alerts_records},
    {"alerts.budget", "GET /alarm-budgets", "alerts.read", alerts_budget_fields, alerts_budget},
    {"alerts.usual", "GET /alarm-thresholds", "alerts.read", alerts_usual_fields, alerts_usual},
    {"alerts.rule_source", "GET /rules/{id}/source", "alerts.read", alerts_name_fields,
     alerts_rule_source},
    {"alerts.rule_words", "GET /rule-words", "alerts.read", NULL, alerts_rule_words},
    {NULL},
};

typedef struct threads {
    void *watch;
    alerts_trial *trial;
} threads;

static void stop(void *state)
{
    threads *t = state;
    if (t) {
        alerts_trial_stop(t->trial);
        alerts_watch_stop(t->watch);
        free(t);
    }
}

static vg_status start(vg_core *core, void **ret_state, vg_err *err)
{
    threads *t = vg_alloc(sizeof *t);
    vg_status st = alerts_watch_start(core, &t->watch, err);
    if (st == VG_OK) {
        st = alerts_trial_start(core, &t->trial, err);
    }
    if (st != VG_OK) {
        stop(t);
        return st;
    }
    *ret_state = t;
    return VG_OK;
}

const vg_module vg_module_alerts = {
    .name = "alerts",
    .sql = vg_sql_alerts,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = alerts_resources,
    .queries = queries,
    .reactions = reactions,
    .deadlines = deadlines,
    .start = start,
    .stop = stop,
};
