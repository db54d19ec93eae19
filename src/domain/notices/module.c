// SPDX-License-Identifier: Apache-2.0
// The notices module as tables.
#include "domain/notices/notices.h"

extern const vg_embedded vg_sql_notices[];
extern const vg_module vg_module_notices;

static const vg_table tables[] = {
    {"notice_rule", VG_PROJECTION},    {"notice_pending", VG_PROJECTION},
    {"notice_address", VG_PROJECTION}, {"notice_card", VG_VOLATILE},
    {"notice_test", VG_PROJECTION},    {NULL},
};

static const vg_event_def events[] = {
    {"notices.rule_added", 1, notices_on_rule_added, "info"},
    {"notices.rule_changed", 1, notices_on_rule_changed, "info"},
    {"notices.rule_removed", 1, notices_on_rule_removed, "info"},
    {"notices.address_set", 1, notices_on_address_set},
    {"notices.address_removed", 1, notices_on_address_removed},
    {"notices.scheduled", 1, notices_on_scheduled},
    {"notices.told", 1, notices_on_told, "info"},
    {"notices.nobody", 1, notices_on_told, "attention"},
    {"notices.dropped", 1, notices_on_dropped},
    {"notices.test_set", 1, notices_on_test_set},
    {"notices.test_sent", 1, notices_on_test_sent},
    {"notices.test_passed", 1, notices_on_test_passed, "info"},
    {"notices.test_failed", 1, notices_on_test_failed, "attention"},
    {NULL},
};

static const vg_command commands[] = {
    {"notices.rule_add", "POST /notice-rules", "notices.edit_own", notices_rule_add_fields,
     notices_rule_add},
    {"notices.rule_update", "POST /notice-rules/{id}", "notices.edit_own",
     notices_rule_update_fields, notices_rule_update},
    {"notices.rule_remove", "POST /notice-rules/{id}/remove", "notices.edit_own", notices_id_fields,
     notices_rule_remove},
    // Everybody may set his own; the handler asks for more when it is another's.
    {"notices.address_set", "POST /notice-addresses", "see.shared", notices_address_set_fields,
     notices_address_set},
    {"notices.address_remove", "POST /notice-addresses/{id}/remove", "see.shared",
     notices_id_fields, notices_address_remove},
    {"notices.test_set", "POST /links/{id}/test-plan", "notices.edit_own", notices_test_set_fields,
     notices_test_set},
    {"notices.consider", NULL, "notices.internal", notices_consider_fields, notices_consider},
    {"notices.due", NULL, "notices.internal", notices_due_fields, notices_due},
    {"notices.test_run", NULL, "notices.internal", notices_due_fields, notices_test_run},
    {"notices.test_late", NULL, "notices.internal", notices_due_fields, notices_test_late},
    {"notices.test_outcome", NULL, "notices.internal", notices_outcome_fields,
     notices_test_outcome},
    {NULL},
};

static const vg_query queries[] = {
    {"notices.own_addresses", "GET /own-addresses", "see.shared", NULL, notices_own_addresses},
    {NULL},
};

#define LINE_LOOK "SELECT name, '/notices?view=lines' FROM v_link WHERE id = ?"
static const vg_deadline_def deadlines[] = {
    {"notices.due", "notices.due",
     "SELECT r.name || ' · ' || a.number, '/?alert=' || a.id FROM v_notice_pending p"
     " JOIN v_notice_rule r ON r.id = p.rule JOIN v_alert a ON a.id = p.alert WHERE p.id = ?"},
    {"notices.test", "notices.test_run", LINE_LOOK},
    {"notices.test_late", "notices.test_late", LINE_LOOK},
    {NULL},
};

static bool raised(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "alert", e->subject);
    return true;
}

static bool settled(vg_arena *a, const vg_event *e, vg_jw *args)
{
    vg_jw_kstr(args, "id", vg_js_str(a, e->body, "link"));
    vg_jw_kbool(args, "ok", vg_str_eqc(e->kind, "core.sent"));
    return vg_str_eqc(vg_js_str(a, e->body, "what"), "test");
}

// The address goes with its key, whoever destroyed it.
static bool erased(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "id", e->subject);
    return true;
}

static const vg_reaction reactions[] = {
    {"core.person_erased", "notices.address_remove", erased},
    {"alerts.raised", "notices.consider", raised},
    {"core.sent", "notices.test_outcome", settled},
    {"core.send_failed", "notices.test_outcome", settled},
    {NULL},
};

static const vg_col rule_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "COALESCE(s.name, '')"},
    {"name", VG_COL_TEXT, "t.name"},
    {"link", VG_COL_TEXT, "t.link"},
    {"link_name", VG_COL_TEXT, "COALESCE(l.name, '')"},
    {"role", VG_COL_TEXT, "t.role"},
    {"min_rank", VG_COL_INT, "t.min_rank"},
    {"after_s", VG_COL_INT, "t.after_s"},
    {"repeat_s", VG_COL_INT, "t.repeat_s"},
    {"repeat_max", VG_COL_INT, "t.repeat_max"},
    {"quiet_from", VG_COL_INT, "t.quiet_from"},
    {"quiet_to", VG_COL_INT, "t.quiet_to"},
    {NULL},
};
static const vg_filter rule_filters[] = {
    {"site", "t.site = ?", VG_F_ID}, {"link", "t.link = ?", VG_F_ID}, {NULL}};

static const vg_col address_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"user", VG_COL_TEXT, "t.user_id"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"value", VG_COL_TEXT, "COALESCE(c.value, '')"},
    {NULL},
};
static const vg_filter address_filters[] = {{"user", "t.user_id = ?", VG_F_ID}, {NULL}};

static const vg_col test_cols[] = {
    {"id", VG_COL_TEXT, "t.link"},         {"site", VG_COL_TEXT, "t.site"},
    {"every_s", VG_COL_INT, "t.every_s"},  {"state", VG_COL_TEXT, "t.state"},
    {"last_at", VG_COL_TIME, "t.last_at"}, {NULL},
};

static const vg_resource resources[] = {
    {"notice_rules", "/notice-rules", "notices.read", "notice_rule",
     "v_notice_rule t LEFT JOIN v_site s ON s.id = t.site LEFT JOIN v_link l ON l.id = t.link", "t",
     rule_cols, rule_filters, "t.at"},
    {"notice_addresses", "/notice-addresses", "accounts.read", "notice_address",
     "v_notice_address t LEFT JOIN v_notice_card c ON c.address = t.id", "t", address_cols,
     address_filters, "t.at"},
    {"notice_tests", "/notice-tests", "notices.read", "notice_test", "v_notice_test t", "t",
     test_cols, NULL, "t.last_at"},
    {NULL},
};

const vg_module vg_module_notices = {
    .name = "notices",
    .sql = vg_sql_notices,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = resources,
    .queries = queries,
    .reactions = reactions,
    .deadlines = deadlines,
};
