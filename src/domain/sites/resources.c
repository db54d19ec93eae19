// SPDX-License-Identifier: Apache-2.0
// What of the sites module can be listed: columns, filters and order. Everything is read through the
// scoped views (v_…), so a join to something the reader may not see gives nulls, not names.
#include "domain/sites/sites.h"

#define WORDS(name, ...) static const vg_col name[] = {__VA_ARGS__, {NULL}}

static const vg_filter by_site[] = {{"site", "t.site = ?", VG_F_ID}, {NULL}};

WORDS(site_cols, {"id", VG_COL_TEXT, "t.id"}, {"code", VG_COL_TEXT, "t.code"},
      {"name", VG_COL_TEXT, "t.name"}, {"kind", VG_COL_TEXT, "t.kind"},
      {"agency", VG_COL_TEXT, "t.agency"}, {"agency_name", VG_COL_TEXT, "a.name"},
      {"address", VG_COL_TEXT, "t.address"}, {"key_site", VG_COL_BOOL, "t.key_site"},
      {"decision", VG_COL_TEXT, "t.decision"}, {"state", VG_COL_TEXT, "t.state"},
      {"place", VG_COL_TEXT, "t.place"}, {"place_name", VG_COL_TEXT, "p.name"},
      {"place_parent", VG_COL_TEXT, "p.parent"}, {"place_to", VG_COL_TEXT, "p.valid_to"},
      {"field", VG_COL_TEXT, "t.field"}, {"ground", VG_COL_TEXT, "t.ground"},
      {"asset_class", VG_COL_TEXT, "t.asset_class"}, {"part_of", VG_COL_TEXT, "t.part_of"},
      {"part_of_name", VG_COL_TEXT, "h.name"}, {"host_unit", VG_COL_TEXT, "t.host_unit"},
      {"version", VG_COL_INT, "t.version"}, {"added_at", VG_COL_TIME, "t.at"},
      {"changed_at", VG_COL_TIME, "t.changed_at"});
static const vg_filter site_filters[] = {
    {"kind", "t.kind = ?", VG_F_TEXT},     {"agency", "t.agency = ?", VG_F_ID},
    {"state", "t.state = ?", VG_F_TEXT},   {"code", "t.code = ?", VG_F_TEXT},
    {"field", "t.field = ?", VG_F_TEXT},   {"ground", "t.ground = ?", VG_F_TEXT},
    {"part_of", "t.part_of = ?", VG_F_ID}, {NULL}};

WORDS(post_cols, {"id", VG_COL_TEXT, "t.id"}, {"site", VG_COL_TEXT, "t.site"},
      {"name", VG_COL_TEXT, "t.name"}, {"central", VG_COL_BOOL, "t.central"},
      {"sector", VG_COL_TEXT, "t.sector"}, {"orders", VG_COL_TEXT, "t.orders"},
      {"overlooks", VG_COL_JSON, "t.overlooks"}, {"special", VG_COL_BOOL, "t.special"},
      {"state", VG_COL_TEXT, "t.state"});

WORDS(zone_cols, {"id", VG_COL_TEXT, "t.id"}, {"site", VG_COL_TEXT, "t.site"},
      {"name", VG_COL_TEXT, "t.name"}, {"class", VG_COL_TEXT, "t.class"},
      {"state", VG_COL_TEXT, "t.state"}, {"arm_state", VG_COL_TEXT, "t.arm_state"},
      {"arm_at", VG_COL_TIME, "t.arm_at"},
      {"alarm_state", VG_COL_TEXT,
       "CASE WHEN t.alarms > 0 THEN 'alarm' WHEN t.troubles > 0 THEN 'trouble' ELSE 'normal' END"},
      {"alarm_kind", VG_COL_TEXT, "t.alarm_kind"}, {"alarm_since", VG_COL_TIME, "t.alarm_since"},
      {"bypass_until", VG_COL_TIME, "t.bypass_until"},
      {"bypass_owner", VG_COL_TEXT, "t.bypass_owner"}, {"bypass_owner_name", VG_COL_TEXT, "u.name"},
      {"bypass_reason", VG_COL_TEXT, "t.bypass_reason"},
      {"device_bypass", VG_COL_BOOL, "t.device_bypass"},
      {"last_signal_at", VG_COL_TIME, "t.last_signal_at"},
      {"last_signal_kind", VG_COL_TEXT, "t.last_signal_kind"});
static const vg_filter zone_filters[] = {
    {"site", "t.site = ?", VG_F_ID},
    {"class", "t.class = ?", VG_F_TEXT},
    {"arm_state", "t.arm_state = ?", VG_F_TEXT},
    {"alarm_state",
     "CASE WHEN t.alarms > 0 THEN 'alarm' WHEN t.troubles > 0 THEN 'trouble' ELSE 'normal' END = ?",
     VG_F_TEXT},
    {NULL}};

WORDS(condition_cols, {"id", VG_COL_TEXT, "t.id"}, {"zone", VG_COL_TEXT, "t.zone"},
      {"zone_name", VG_COL_TEXT, "z.name"}, {"source", VG_COL_TEXT, "t.source"},
      {"source_name", VG_COL_TEXT, "s.name"}, {"area", VG_COL_TEXT, "t.area"},
      {"point", VG_COL_TEXT, "t.point"}, {"kind", VG_COL_TEXT, "t.kind"},
      {"trouble", VG_COL_BOOL, "t.trouble"}, {"open", VG_COL_BOOL, "t.open"},
      {"since", VG_COL_TIME, "t.since"}, {"ended", VG_COL_TIME, "t.ended"},
      {"evidence", VG_COL_EVENT, "t.evidence"},
      {"unproven_restore", VG_COL_TIME, "t.unproven_restore"});
static const vg_filter condition_filters[] = {{"zone", "t.zone = ?", VG_F_ID},
                                              {"open", "t.open = ?", VG_F_BOOL},
                                              {"source", "t.source = ?", VG_F_ID},
                                              {NULL}};

WORDS(gate_cols, {"id", VG_COL_TEXT, "t.id"}, {"site", VG_COL_TEXT, "t.site"},
      {"name", VG_COL_TEXT, "t.name"}, {"kind", VG_COL_TEXT, "t.kind"},
      {"state", VG_COL_TEXT, "t.state"});

WORDS(fixture_cols, {"id", VG_COL_TEXT, "t.id"}, {"site", VG_COL_TEXT, "t.site"},
      {"kind", VG_COL_TEXT, "t.kind"}, {"name", VG_COL_TEXT, "t.name"},
      {"zone", VG_COL_TEXT, "t.zone"}, {"zone_name", VG_COL_TEXT, "z.name"},
      {"note", VG_COL_TEXT, "t.note"}, {"agency", VG_COL_TEXT, "t.agency"},
      {"agency_name", VG_COL_TEXT, "a.name"}, {"state", VG_COL_TEXT, "t.state"});
static const vg_filter fixture_filters[] = {{"site", "t.site = ?", VG_F_ID},
                                            {"kind", "t.kind = ?", VG_F_TEXT},
                                            {"state", "t.state = ?", VG_F_TEXT},
                                            {NULL}};

WORDS(contact_cols, {"id", VG_COL_TEXT, "t.id"}, {"site", VG_COL_TEXT, "t.site"},
      {"name", VG_COL_TEXT, "c.name"}, {"role", VG_COL_TEXT, "t.role"},
      {"phone", VG_COL_TEXT, "c.phone"}, {"agency", VG_COL_TEXT, "t.agency"},
      {"agency_name", VG_COL_TEXT, "a.name"}, {"state", VG_COL_TEXT, "t.state"});

WORDS(source_cols, {"id", VG_COL_TEXT, "t.id"}, {"site", VG_COL_TEXT, "t.site"},
      {"site_name", VG_COL_TEXT, "s.name"}, {"agency", VG_COL_TEXT, "t.agency"},
      {"name", VG_COL_TEXT, "t.name"}, {"proto", VG_COL_TEXT, "t.proto"},
      {"address", VG_COL_TEXT, "t.address"}, {"zone", VG_COL_TEXT, "t.zone"},
      {"zone_name", VG_COL_TEXT, "z.name"}, {"kind", VG_COL_TEXT, "t.kind"},
      {"deadline_s", VG_COL_INT, "t.deadline_s"},
      {"encrypted", VG_COL_BOOL, "t.encrypted_required"}, {"peers", VG_COL_TEXT, "t.peers"},
      {"body_kb", VG_COL_INT, "t.body_kb"}, {"image_days", VG_COL_INT, "t.image_days"},
      {"certificate", VG_COL_TEXT, "t.certificate"},
      {"told_in_alerts", VG_COL_BOOL, "COALESCE(t.told_in_alerts, t.agency = s.agency, 0)"},
      {"authenticated", VG_COL_BOOL,
       "CASE WHEN t.key_len > 0 OR COALESCE(t.certificate, '') <> '' THEN 1 ELSE 0 END"},
      {"disabled", VG_COL_BOOL, "t.disabled"}, {"disabled_until", VG_COL_TIME, "t.disabled_until"},
      {"disabled_reason", VG_COL_TEXT, "t.disabled_reason"},
      {"disabled_by_name", VG_COL_TEXT, "u.name"},
      {"state", VG_COL_TEXT, "CASE WHEN t.disabled = 1 THEN 'disabled' ELSE t.state END"},
      {"state_since", VG_COL_TIME, "t.state_since"}, {"last_seen", VG_COL_TIME, "n.last_seen"},
      {"last_peer", VG_COL_TEXT, "n.peer"}, {"skew_ms", VG_COL_INT, "n.skew_ms"},
      {"clock_off_ms", VG_COL_INT, "t.clock_off_ms"},
      {"signals_n", VG_COL_INT, "COALESCE(n.signals, 0)"},
      {"polls_n", VG_COL_INT, "COALESCE(n.polls, 0)"}, {"points_n", VG_COL_INT, "t.points_n"});
static const vg_filter source_filters[] = {
    {"site", "t.site = ?", VG_F_ID},
    {"state", "CASE WHEN t.disabled = 1 THEN 'disabled' ELSE t.state END = ?", VG_F_TEXT},
    {"proto", "t.proto = ?", VG_F_TEXT},
    {"zone", "t.zone = ?", VG_F_ID},
    {NULL}};

// Written once a second for all that reported since (core/signals.c), so whoever looks at sources may follow it.
WORDS(seen_cols, {"id", VG_COL_TEXT, "n.source"}, {"last_seen", VG_COL_TIME, "n.last_seen"},
      {"last_peer", VG_COL_TEXT, "n.peer"}, {"skew_ms", VG_COL_INT, "n.skew_ms"},
      {"signals_n", VG_COL_INT, "n.signals"}, {"polls_n", VG_COL_INT, "n.polls"});

WORDS(point_cols, {"id", VG_COL_TEXT, "t.id"}, {"source", VG_COL_TEXT, "t.source"},
      {"area", VG_COL_TEXT, "t.area"}, {"point", VG_COL_TEXT, "t.point"},
      {"zone", VG_COL_TEXT, "t.zone"}, {"zone_name", VG_COL_TEXT, "z.name"},
      {"kind", VG_COL_TEXT, "t.kind"}, {"state", VG_COL_TEXT, "t.state"});
static const vg_filter point_filters[] = {{"source", "t.source = ?", VG_F_ID},
                                          {"zone", "t.zone = ?", VG_F_ID},
                                          {"state", "t.state = ?", VG_F_TEXT},
                                          {NULL}};

WORDS(waiting_cols, {"id", VG_COL_TEXT, "t.id"}, {"proto", VG_COL_TEXT, "t.proto"},
      {"address", VG_COL_TEXT, "t.address"}, {"peer", VG_COL_TEXT, "t.peer"},
      {"first_seen", VG_COL_TIME, "t.first_seen"}, {"last_seen", VG_COL_TIME, "t.last_seen"},
      {"count", VG_COL_INT, "t.count"}, {"last_text", VG_COL_TEXT, "t.last_text"},
      {"state", VG_COL_TEXT, "t.state"}, {"reason", VG_COL_TEXT, "t.reason"});
static const vg_filter waiting_filters[] = {{"state", "t.state = ?", VG_F_TEXT}, {NULL}};

WORDS(drawing_cols, {"id", VG_COL_TEXT, "t.id"}, {"site", VG_COL_TEXT, "t.site"},
      {"name", VG_COL_TEXT, "t.name"}, {"floor", VG_COL_TEXT, "t.floor"},
      {"level", VG_COL_INT, "t.level"}, {"frame", VG_COL_JSON, "t.frame"},
      {"version", VG_COL_INT, "t.version"}, {"picture_width", VG_COL_INT, "t.picture_width"},
      {"picture_height", VG_COL_INT, "t.picture_height"}, {"digest", VG_COL_TEXT, "t.digest"},
      {"bytes", VG_COL_INT, "t.bytes"}, {"state", VG_COL_TEXT, "t.state"});
static const vg_filter drawing_filters[] = {
    {"site", "t.site = ?", VG_F_ID}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};

WORDS(layer_cols, {"id", VG_COL_TEXT, "t.id"}, {"drawing", VG_COL_TEXT, "t.drawing"},
      {"site", VG_COL_TEXT, "t.site"}, {"version", VG_COL_INT, "t.version"},
      {"n", VG_COL_INT, "t.n"}, {"elements", VG_COL_JSON, "t.elements"},
      {"saved_at", VG_COL_TIME, "t.saved_at"}, {"saved_by", VG_COL_TEXT, "t.saved_by"},
      {"saved_by_name", VG_COL_TEXT, "u.name"}, {"note", VG_COL_TEXT, "t.note"});
static const vg_filter layer_filters[] = {
    {"drawing", "t.drawing = ?", VG_F_ID}, {"site", "t.site = ?", VG_F_ID}, {NULL}};

WORDS(link_cols, {"id", VG_COL_TEXT, "t.id"}, {"site", VG_COL_TEXT, "t.site"},
      {"drawing", VG_COL_TEXT, "t.drawing"}, {"drawing_b", VG_COL_TEXT, "t.drawing_b"},
      {"element", VG_COL_TEXT, "t.element"}, {"kind", VG_COL_TEXT, "t.kind"},
      {"zone_a", VG_COL_TEXT, "t.zone_a"}, {"zone_a_name", VG_COL_TEXT, "a.name"},
      {"zone_b", VG_COL_TEXT, "t.zone_b"}, {"zone_b_name", VG_COL_TEXT, "b.name"},
      {"state", VG_COL_TEXT, "t.state"});
static const vg_filter link_filters[] = {{"site", "t.site = ?", VG_F_ID},
                                         {"drawing", "t.drawing = ?", VG_F_ID},
                                         {"state", "t.state = ?", VG_F_TEXT},
                                         {NULL}};

WORDS(position_cols, {"id", VG_COL_TEXT, "t.id"}, {"lat", VG_COL_JSON, "t.lat"},
      {"lon", VG_COL_JSON, "t.lon"});

// --- what is found by searching -------------------------------------------------------------------
static const vg_search find_site = {.title = "t.name",
                                    .subtitle = "t.address",
                                    .more = "t.code",
                                    .site = "t.id",
                                    .columns = "name address code"};
static const vg_search find_post = {
    .title = "t.name", .subtitle = "t.sector", .site = "t.site", .columns = "name sector"};
static const vg_search find_zone = {.title = "t.name", .site = "t.site", .columns = "name"};
static const vg_search find_gate = {.title = "t.name", .site = "t.site", .columns = "name"};
// A number is found whole and in the groups it is written in.
static const vg_search find_contact = {
    .title = "c.name",
    .subtitle = "t.role",
    .more = "c.phone || ' ' || replace(c.phone, ' ', '')",
    .site = "t.site",
    .columns = "role state",
    .from = "v_contact t LEFT JOIN v_contact_card c ON c.contact = t.id",
    .side = "contact_card",
    .side_key = "contact"};
static const vg_search find_source = {
    .title = "t.name", .subtitle = "t.address", .site = "t.site", .columns = "name address"};
static const vg_search find_drawing = {
    .title = "t.name", .subtitle = "t.floor", .site = "t.site", .columns = "name floor"};

const vg_resource sites_resources[] = {
    {"sites", "/sites", "sites.read", "site",
     "v_site t LEFT JOIN v_agency a ON a.id = t.agency LEFT JOIN v_place_unit p ON p.id = t.place"
     " LEFT JOIN v_site h ON h.id = t.part_of",
     "t", site_cols, site_filters, "t.at", .search = &find_site},
    {"posts", "/posts", "sites.read", "post", "v_post t", "t", post_cols, by_site, "t.at",
     .search = &find_post},
    {"zones", "/zones", "sites.read", "zone",
     "v_zone t LEFT JOIN v_user_account u ON u.id = t.bypass_owner", "t", zone_cols, zone_filters,
     "t.at", .search = &find_zone},
    {"zone-conditions", "/zone-conditions", "sites.read", "zone_condition",
     "v_zone_condition t LEFT JOIN v_zone z ON z.id = t.zone LEFT JOIN v_source s ON s.id = "
     "t.source",
     "t", condition_cols, condition_filters, "t.since"},
    {"gates", "/gates", "sites.read", "gate", "v_gate t", "t", gate_cols, by_site, "t.at",
     .search = &find_gate},
    {"fixtures", "/fixtures", "sites.read", "fixture",
     "v_fixture t LEFT JOIN v_zone z ON z.id = t.zone LEFT JOIN v_agency a ON a.id = t.agency", "t",
     fixture_cols, fixture_filters, "t.at"},
    {"contacts", "/contacts", "sites.read", "contact",
     "v_contact t LEFT JOIN v_contact_card c ON c.contact = t.id LEFT JOIN v_agency a ON a.id = "
     "t.agency",
     "t", contact_cols, by_site, "t.at", .search = &find_contact},
    {"sources", "/sources", "sites.read", "source",
     "v_source t LEFT JOIN v_site s ON s.id = t.site LEFT JOIN v_zone z ON z.id = t.zone"
     " LEFT JOIN v_source_seen n ON n.source = t.id LEFT JOIN v_user_account u ON u.id = "
     "t.disabled_by",
     "t", source_cols, source_filters, "t.at", .search = &find_source},
    {"source-seen", NULL, "sites.read", "source_seen", "v_source_seen n", "n", seen_cols, NULL,
     "n.last_seen", true},
    {"source-points", "/source-points", "sites.read", "source_point",
     "v_source_point t LEFT JOIN v_zone z ON z.id = t.zone", "t", point_cols, point_filters,
     "t.at"},
    {"waiting-sources", "/waiting-sources", "sites.waiting", "waiting_source", "v_waiting_source t",
     "t", waiting_cols, waiting_filters, "t.last_seen"},
    {"drawings", "/drawings", "sites.read", "drawing", "v_drawing t", "t", drawing_cols,
     drawing_filters, "t.at", .search = &find_drawing},
    {"drawing-layers", "/drawing-layers", "sites.read", "drawing_layer",
     "v_drawing_layer t LEFT JOIN v_user_account u ON u.id = t.saved_by", "t", layer_cols,
     layer_filters, "t.at"},
    {"zone-links", "/zone-links", "sites.read", "zone_link",
     "v_zone_link t LEFT JOIN v_zone a ON a.id = t.zone_a LEFT JOIN v_zone b ON b.id = t.zone_b",
     "t", link_cols, link_filters, "t.at"},
    {"site-positions", "/site-positions", "sites.read", "site_position", "v_site_position t", "t",
     position_cols, NULL, "t.at"},
    {NULL},
};
