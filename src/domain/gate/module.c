// SPDX-License-Identifier: Apache-2.0
// The gate module as tables: areas and points, holders and badges, passages and where everybody is. Visits, the ban list
// and musters are modules of their own and read these tables.
#include "domain/gate/import.h"
#include "domain/gate/rule.h"
#include "domain/gate/terminal.h"

extern const vg_embedded vg_sql_gate[];
extern const vg_module vg_module_gate;

static const vg_table tables[] = {
    {"gate_area", VG_PROJECTION},       {"gate_area_list", VG_PROJECTION},
    {"gate_point", VG_PROJECTION},      {"gate_holder", VG_PROJECTION},
    {"gate_card", VG_VOLATILE},         {"badge", VG_PROJECTION},
    {"passage", VG_PROJECTION},         {"refusal", VG_PROJECTION},
    {"presence", VG_PROJECTION},        {"gate_rule", VG_PROJECTION},
    {"passage_import", VG_PROJECTION},  {"gate_terminal", VG_PROJECTION},
    {"gate_queue", VG_PROJECTION},      {"gate_miss", VG_PROJECTION},
    {"gate_alone", VG_PROJECTION},      {"gate_clash", VG_PROJECTION},
    {"gate_unescorted", VG_PROJECTION}, {"gate_lookup", VG_PROJECTION},
    {"arrival", VG_VOLATILE},           {NULL},
};

// Who was let through with something against him is worth a look.
static const char *passage_weight(vg_str body)
{
    vg_str raw;
    return vg_js_find(body, "advice", &raw) && !vg_str_eqc(raw, "\"green\"") ? "attention" : NULL;
}

static const vg_event_def events[] = {
    {"gate.area_added", 1, gate_on_area_added},
    {"gate.area_changed", 1, gate_on_area_changed},
    {"gate.listed", 1, gate_on_listed},
    {"gate.unlisted", 1, gate_on_unlisted},
    {"gate.point_added", 1, gate_on_point_added},
    {"gate.point_changed", 1, gate_on_point_changed},
    {"gate.holder_added", 1, gate_on_holder_added},
    {"gate.holder_changed", 1, gate_on_holder_changed},
    {"gate.holder_ended", 1, gate_on_holder_ended},
    {"gate.holder_forgotten", 1, gate_on_holder_forgotten},
    {"gate.badge_issued", 1, gate_on_badge_issued},
    {"gate.badge_ended", 1, gate_on_badge_ended},
    {"gate.rule_added", 1, gate_on_rule_added},
    {"gate.rule_changed", 1, gate_on_rule_changed},
    {"gate.passed", 1, gate_on_passed, "attention", .weigh = passage_weight},
    {"gate.refused", 1, gate_on_refused, "info"},
    {"gate.ban_shown", 1, NULL, "attention"},
    {"gate.ban_missed", 1, gate_on_ban_missed, "act"},
    {"gate.miss_settled", 1, gate_on_miss_settled, "info"},
    {"gate.alone", 1, gate_on_alone, "act"},
    {"gate.contradicted", 1, gate_on_contradicted, "act"},
    {"gate.escort_gone", 1, gate_on_escort_gone},
    {"gate.escort_back", 1, gate_on_escort_back},
    {"gate.unescorted", 1, gate_on_unescorted, "act"},
    {"gate.import_begun", 1, gate_on_import_begun},
    {"gate.imported", 1, gate_on_imported},
    {"gate.import_ended", 1, gate_on_import_ended, "info"},
    {"gate.import_forgotten", 1, gate_on_import_forgotten},
    {"gate.import_undone", 1, gate_on_import_undone, "info"},
    {"gate.queue_merged", 1, gate_on_queue_merged, "info"},
    {"gate.queue_fork", 1, gate_on_queue_broken, "act"},
    {"gate.queue_gap", 1, gate_on_queue_broken, "act"},
    {"gate.holder_resolved", 1, gate_on_resolved, "info"},
    {"gate.looked", 1, gate_on_looked, .weigh = gate_weigh_look},
    {NULL},
};

static const vg_command commands[] = {
    {"gate.area_add", "POST /gate-areas", "gate.edit_own", gate_area_add_fields, gate_area_add},
    {"gate.area_update", "POST /gate-areas/{id}", "gate.edit_own", gate_area_update_fields,
     gate_area_update},
    {"gate.list_add", "POST /gate-areas/{id}/lists", "gate.edit_own", gate_list_add_fields,
     gate_list_add},
    {"gate.list_remove", "POST /gate-lists/{id}/remove", "gate.edit_own", gate_list_remove_fields,
     gate_list_remove},
    {"gate.point_add", "POST /gate-points", "gate.edit_own", gate_point_add_fields, gate_point_add},
    {"gate.point_update", "POST /gate-points/{id}", "gate.edit_own", gate_point_update_fields,
     gate_point_update},
    {"gate.holder_add", "POST /gate-holders", "gate.badge_own", gate_holder_add_fields,
     gate_holder_add},
    {"gate.holder_update", "POST /gate-holders/{id}", "gate.badge_own", gate_holder_update_fields,
     gate_holder_update},
    {"gate.holder_end", "POST /gate-holders/{id}/end", "gate.badge_own", gate_end_fields,
     gate_holder_end},
    {"gate.forgive", "POST /gate-holders/{id}/forgive", "gate.forgive_own", gate_forgive_fields,
     gate_forgive},
    {"gate.look", "POST /gate-holders/{id}/look", "people.look", gate_look_fields, gate_look},
    {"gate.badge_issue", "POST /badges", "gate.badge_own", gate_badge_issue_fields,
     gate_badge_issue},
    {"gate.pass_issue", "POST /visitor-passes", "gate.pass", gate_pass_issue_fields,
     gate_pass_issue},
    {"gate.badge_end", "POST /badges/{id}/end", "gate.pass", gate_badge_end_fields, gate_badge_end},
    {"gate.rule_add", "POST /gate-rules", "gate.edit_own", gate_rule_add_fields, gate_rule_add},
    {"gate.rule_update", "POST /gate-rules/{id}", "gate.edit_own", gate_rule_update_fields,
     gate_rule_update},
    {"gate.rule_check", "POST /gate/rule-check", "gate.edit_own", gate_rule_check_fields,
     gate_rule_check},
    {"gate.ask", "POST /gate-points/{id}/ask", "gate.pass", gate_ask_fields, gate_ask},
    {"gate.pass", "POST /gate-points/{id}/pass", "gate.pass", gate_pass_fields, gate_pass},
    {"gate.record", "POST /gate-points/{id}/record", "gate.pass", gate_record_fields, gate_record},
    {"gate.refuse", "POST /gate-points/{id}/refuse", "gate.pass", gate_refuse_fields, gate_refuse},
    {"gate.import_begin", NULL, "gate.edit", gate_import_begin_fields, gate_import_begin},
    {"gate.import_rows", NULL, "gate.edit", gate_import_rows_fields, gate_import_rows},
    {"gate.import_end", NULL, "gate.edit", gate_import_id_fields, gate_import_end},
    {"gate.import_undo", "POST /passage-imports/{id}/undo", "gate.edit_own", gate_import_id_fields,
     gate_import_undo},
    {"gate.hello", "POST /gate/terminal/hello", "gate.terminal", gate_hello_fields, gate_hello},
    {"gate.merge", "POST /gate/terminal/merge", "gate.terminal", gate_merge_fields, gate_merge},
    {"gate.resolve", "POST /gate-holders/{id}/resolve", "gate.badge_own", gate_resolve_fields,
     gate_resolve},
    {"gate.miss_due", NULL, "gate.forgive", gate_miss_due_fields, gate_miss_due},
    {"gate.miss_settle", "POST /gate-misses/{id}/settle", "gate.forgive_own",
     gate_miss_settle_fields, gate_miss_settle},
    {"gate.alone_due", NULL, "gate.pass", gate_alone_due_fields, gate_alone_due},
    {"gate.clash_due", NULL, "gate.pass", gate_clash_due_fields, gate_clash_due},
    {"gate.escort_check", NULL, "gate.pass", gate_escort_fields, gate_escort_check},
    {"gate.unescorted_due", NULL, "gate.pass", gate_unescorted_due_fields, gate_unescorted_due},
    {"gate.vehicle_add", NULL, "gate.badge_own", gate_vehicle_add_fields, gate_vehicle_add},
    {"gate.badge_hand", NULL, "gate.badge_own", gate_badge_hand_fields, gate_badge_hand},
    {"gate.listed_withdraw", NULL, "gate.badge_own", gate_listed_withdraw_fields,
     gate_listed_withdraw},
    {"gate.arrive", NULL, "gate.pass", gate_arrive_fields, gate_arrive},
    {"gate.holder_forget", NULL, "gate.badge", gate_forget_fields, gate_holder_forget},
    {NULL},
};

static bool to_forget(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "id", e->subject);
    return true;
}

static const vg_reaction reactions[] = {
    {"core.person_erased", "gate.holder_forget", to_forget},
    {"sites.signal", "gate.arrive", gate_to_arrive},
    {"gate.passed", "gate.escort_check", gate_to_escort},
    {"visits.moved", "gate.escort_check", gate_to_escort_guest},
    {NULL},
};

static const vg_deadline_def deadlines[] = {
    {"gate.missed", "gate.miss_due",
     "SELECT COALESCE(c.name, ''), '/gate-register?view=misses' FROM v_gate_miss m LEFT JOIN"
     " v_gate_card c ON c.holder = m.holder WHERE m.id = ?"},
    {"gate.alone", "gate.alone_due",
     "SELECT a.name, '/gate-register' FROM v_gate_alone t JOIN v_gate_area a ON a.id ="
     " t.area WHERE t.area = ?"},
    {"gate.clash", "gate.clash_due",
     "SELECT COALESCE(c.name, ''), '/gate-register' FROM v_gate_clash t LEFT JOIN v_gate_card c ON"
     " c.holder = t.holder WHERE t.id = ?"},
    {"gate.unescorted", "gate.unescorted_due",
     "SELECT COALESCE(c.name, ''), '/gate-register' FROM v_gate_unescorted t LEFT JOIN v_gate_card"
     " c ON c.holder = t.holder WHERE t.holder = ?"},
    {NULL},
};

const vg_module vg_module_gate = {
    .name = "gate",
    .sql = vg_sql_gate,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = gate_resources,
    .queries = gate_queries,
    .reactions = reactions,
    .deadlines = deadlines,
    .imports = gate_imports,
};
