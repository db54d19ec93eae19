// SPDX-License-Identifier: Apache-2.0
// The sites module as tables. Each noun has a file; what they do is said there.
#include "domain/sites/sites.h"

extern const vg_embedded vg_sql_sites[];
extern const vg_module vg_module_sites;

static const vg_table tables[] = {
    {"site", VG_PROJECTION},           {"fixture", VG_PROJECTION},
    {"post", VG_PROJECTION},           {"zone", VG_PROJECTION},
    {"zone_condition", VG_PROJECTION}, {"gate", VG_PROJECTION},
    {"contact", VG_PROJECTION},        {"contact_card", VG_VOLATILE},
    {"source", VG_PROJECTION},         {"source_point", VG_PROJECTION},
    {"source_seen", VG_VOLATILE},      {"waiting_source", VG_PROJECTION},
    {"drawing", VG_PROJECTION},        {"drawing_image", VG_VOLATILE},
    {"drawing_layer", VG_PROJECTION},  {"zone_link", VG_PROJECTION},
    {"site_position", VG_PROJECTION},  {"zone_landing", VG_PROJECTION},
    {"zone_hour", VG_PROJECTION},      {NULL},
};

static const vg_event_def events[] = {
    {"sites.site_added", 1, sites_on_site_added, "info"},
    {"sites.site_changed", 1, sites_on_site_changed, "info"},
    {"sites.site_withdrawn", 1, sites_on_site_withdrawn, "info"},
    {"sites.post_added", 1, sites_on_post_added},
    {"sites.post_changed", 1, sites_on_post_changed},
    {"sites.gate_added", 1, sites_on_gate_added},
    {"sites.gate_changed", 1, sites_on_gate_changed},
    {"sites.fixture_added", 1, sites_on_fixture_added},
    {"sites.fixture_changed", 1, sites_on_fixture_changed},
    {"sites.contact_added", 1, sites_on_contact_added},
    {"sites.contact_removed", 1, sites_on_contact_removed},
    {"sites.zone_added", 1, sites_on_zone_added},
    {"sites.zone_changed", 1, sites_on_zone_changed},
    {"sites.zone_armed", 1, sites_on_zone_armed, "info"},
    {"sites.zone_disarmed", 1, sites_on_zone_disarmed, "info"},
    {"sites.zone_bypassed", 1, sites_on_zone_bypassed, "attention"},
    {"sites.zone_unbypassed", 1, sites_on_zone_unbypassed, "info"},
    {"sites.zone_cleared", 1, sites_on_zone_cleared, "attention"},
    {"sites.source_added", 1, sites_on_source_added, "info"},
    {"sites.source_changed", 1, sites_on_source_changed},
    {"sites.source_withdrawn", 1, sites_on_source_withdrawn},
    {"sites.source_disabled", 1, sites_on_source_disabled, "attention"},
    {"sites.source_enabled", 1, sites_on_source_enabled, "info"},
    {"sites.source_point_added", 1, sites_on_point_added},
    {"sites.source_point_removed", 1, sites_on_point_removed},
    {"sites.source_silent", 1, sites_on_source_silent, "attention"},
    {"sites.source_returned", 1, sites_on_source_returned, "info"},
    {"sites.source_clock_off", 1, sites_on_source_clock_off, "attention"},
    {"sites.source_clock_right", 1, sites_on_source_clock_right, "info"},
    {"sites.signal", 1, sites_on_signal, "info", false, sites_signal_weight},
    {"sites.unknown_signal", 1, sites_on_unknown_signal},
    {"sites.waiting_accepted", 1, sites_on_waiting_accepted},
    {"sites.waiting_dismissed", 1, sites_on_waiting_dismissed},
    {"sites.drawing_added", 1, sites_on_drawing_added},
    {"sites.drawing_changed", 1, sites_on_drawing_changed},
    {"sites.drawing_removed", 1, sites_on_drawing_removed},
    {"sites.picture_changed", 1, sites_on_picture_changed},
    {"sites.plan_drawn", 1, sites_on_plan_drawn},
    {"sites.graph_drawn", 1, sites_on_graph_drawn},
    {"sites.site_placed", 1, sites_on_site_placed},
    {NULL},
};

// <act>_own is what everybody who may do the act at all holds; the handler narrows (vg_require_own).
static const vg_command commands[] = {
    {"sites.site_add", "POST /sites", "sites.edit", sites_site_add_fields, sites_site_add},
    {"sites.site_update", "POST /sites/{id}", "sites.edit_own", sites_site_update_fields,
     sites_site_update},
    {"sites.site_withdraw", "POST /sites/{id}/withdraw", "sites.edit", sites_id_fields,
     sites_site_withdraw},
    {"sites.post_add", "POST /posts", "sites.edit_own", sites_post_add_fields, sites_post_add},
    {"sites.post_update", "POST /posts/{id}", "sites.edit_own", sites_post_update_fields,
     sites_post_update},
    {"sites.gate_add", "POST /gates", "sites.edit_own", sites_gate_add_fields, sites_gate_add},
    {"sites.gate_update", "POST /gates/{id}", "sites.edit_own", sites_gate_update_fields,
     sites_gate_update},
    {"sites.fixture_add", "POST /fixtures", "sites.edit_own", sites_fixture_add_fields,
     sites_fixture_add},
    {"sites.fixture_update", "POST /fixtures/{id}", "sites.edit_own", sites_fixture_update_fields,
     sites_fixture_update},
    {"sites.contact_add", "POST /contacts", "sites.edit_own", sites_contact_add_fields,
     sites_contact_add},
    {"sites.contact_remove", "POST /contacts/{id}/remove", "sites.edit_own",
     sites_contact_remove_fields, sites_contact_remove},
    {"sites.zone_add", "POST /zones", "sites.edit_own", sites_zone_add_fields, sites_zone_add},
    {"sites.zone_update", "POST /zones/{id}", "sites.edit_own", sites_zone_update_fields,
     sites_zone_update},
    {"sites.zone_arm", "POST /zones/{id}/arm", "sites.arm_own", sites_zone_switch_fields,
     sites_zone_arm},
    {"sites.zone_disarm", "POST /zones/{id}/disarm", "sites.arm_own", sites_zone_switch_fields,
     sites_zone_disarm},
    {"sites.zone_bypass", "POST /zones/{id}/bypass", "sites.bypass_own", sites_zone_bypass_fields,
     sites_zone_bypass, .second = sites_second_bypass},
    {"sites.zone_unbypass", "POST /zones/{id}/unbypass", "sites.bypass_own",
     sites_zone_switch_fields, sites_zone_unbypass},
    {"sites.zone_bypass_end", NULL, "sites.bypass", sites_due_fields, sites_zone_bypass_end},
    {"sites.zone_clear", "POST /zones/{id}/clear", "sites.clear_own", sites_zone_switch_fields,
     sites_zone_clear},
    {"sites.source_add", "POST /sources", "sites.source_edit_own", sites_source_add_fields,
     sites_source_add},
    {"sites.source_update", "POST /sources/{id}", "sites.source_edit_own",
     sites_source_update_fields, sites_source_update, .second = sites_second_move},
    {"sites.source_key", "POST /sources/{id}/key", "sites.source_edit_own", sites_source_key_fields,
     sites_source_key},
    {"sites.source_withdraw", "POST /sources/{id}/withdraw", "sites.source_edit_own",
     sites_id_fields, sites_source_withdraw, .second = sites_second_withdraw},
    {"sites.source_disable", "POST /sources/{id}/disable", "sites.bypass_own",
     sites_source_disable_fields, sites_source_disable, .second = sites_second_disable},
    {"sites.source_enable", "POST /sources/{id}/enable", "sites.bypass_own", sites_id_fields,
     sites_source_enable},
    {"sites.source_enable_due", NULL, "sites.bypass", sites_due_fields, sites_source_enable_due},
    {"sites.source_silent", NULL, "sites.supervise", sites_due_fields, sites_source_silent},
    {"sites.source_returned", NULL, "sites.supervise", sites_returned_fields,
     sites_source_returned},
    {"sites.source_clock_off", NULL, "sites.supervise", sites_clock_fields, sites_source_clock_off},
    {"sites.source_clock_right", NULL, "sites.supervise", sites_clock_fields,
     sites_source_clock_right},
    {"sites.point_add", "POST /sources/{id}/points", "sites.source_edit_own",
     sites_point_add_fields, sites_point_add},
    {"sites.point_remove", "POST /source-points/{id}/remove", "sites.source_edit_own",
     sites_id_fields, sites_point_remove, .second = sites_second_always},
    {"sites.waiting_accept", "POST /waiting-sources/{id}/accept", "sites.source_edit",
     sites_waiting_accept_fields, sites_waiting_accept},
    {"sites.waiting_dismiss", "POST /waiting-sources/{id}/dismiss", "sites.source_edit",
     sites_waiting_dismiss_fields, sites_waiting_dismiss},
    {"sites.drawing_add", "POST /drawings", "sites.edit_own", sites_drawing_add_fields,
     sites_drawing_add},
    {"sites.drawing_picture", "POST /drawings/{id}/picture", "sites.edit_own",
     sites_drawing_picture_fields, sites_drawing_picture},
    {"sites.drawing_remove", "POST /drawings/{id}/remove", "sites.edit_own",
     sites_drawing_remove_fields, sites_drawing_remove},
    {"sites.plan_save", "POST /drawings/{id}/plan", "sites.edit_own", sites_plan_save_fields,
     sites_plan_save},
    {"sites.site_place", "POST /sites/{id}/position", "sites.edit_own", sites_site_place_fields,
     sites_site_place},
    {NULL},
};

static const vg_query queries[] = {
    {"sites.drawing_content", "GET /drawings/{id}/content", "sites.read", sites_id_fields,
     sites_drawing_content},
    {"sites.plan", "GET /drawings/{id}/plan", "sites.read", sites_id_fields, sites_plan},
    {"sites.device_setup", "GET /sources/{id}/device-setup", "sites.read", sites_id_fields,
     sites_device_setup},
    {NULL},
};

static const vg_deadline_def deadlines[] = {
    {"sites.bypass_ends", "sites.zone_bypass_end",
     "SELECT name, '/sites/' || site FROM v_zone WHERE id = ?"},
    {"sites.source_disable_ends", "sites.source_enable_due",
     "SELECT name, '/sources?source=' || id FROM v_source WHERE id = ?"},
    {NULL},
};

static const vg_fact_def facts[] = {
    {"source.alive", VG_FACT_YESNO},  // "unproven" is neither
    {"zone.gate", VG_FACT_YESNO},     // of the class "gate"
    {NULL},
};

// The contact goes with its key, whoever destroyed it.
static bool erased(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "id", e->subject);
    return true;
}

static const vg_reaction reactions[] = {
    {"core.person_erased", "sites.contact_remove", erased},
    {NULL},
};

const vg_module vg_module_sites = {
    .name = "sites",
    .sql = vg_sql_sites,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = sites_resources,
    .imports = sites_imports,
    .queries = queries,
    .reactions = reactions,
    .deadlines = deadlines,
    .facts = facts,
    .load_sources = sites_load_sources,
};
