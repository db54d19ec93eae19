// SPDX-License-Identifier: Apache-2.0
// What of the alerts module can be listed.
#include "domain/alerts/alerts.h"
#include "domain/alerts/rule_life.h"

static const vg_col alert_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"number", VG_COL_TEXT, "t.number"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"place", VG_COL_TEXT, "t.place"},
    {"zone", VG_COL_TEXT, "t.zone"},
    {"zone_name", VG_COL_TEXT, "z.name"},
    {"rule", VG_COL_TEXT, "t.rule"},
    {"rule_version", VG_COL_TEXT, "t.rule_version"},
    {"title_vi", VG_COL_TEXT, "t.title_vi"},
    {"title_en", VG_COL_TEXT, "t.title_en"},
    {"level", VG_COL_TEXT, "t.level"},
    {"state", VG_COL_TEXT, "t.state"},
    {"situation", VG_COL_TEXT, "t.situation"},
    {"raised_at", VG_COL_TIME, "t.raised_at"},
    {"last_at", VG_COL_TIME, "t.last_at"},
    {"count", VG_COL_INT, "t.count"},
    {"evidence", VG_COL_CITES, "t.evidence"},
    {"evidence_n", VG_COL_INT, "t.evidence_n"},
    {"explain_vi", VG_COL_TEXT, "t.explain_vi"},
    {"explain_en", VG_COL_TEXT, "t.explain_en"},
    {"cancel_vi", VG_COL_TEXT, "t.cancel_vi"},
    {"cancel_en", VG_COL_TEXT, "t.cancel_en"},
    {"record_n", VG_COL_INT, "COALESCE(r.n, 0)"},
    {"record_false", VG_COL_INT, "COALESCE(r.n_false, 0)"},
    {"disposition", VG_COL_TEXT, "t.disposition"},
    {"ack_by_name", VG_COL_TEXT, "u.name"},
    {"ack_at", VG_COL_TIME, "t.ack_at"},
    {"note", VG_COL_TEXT, "t.note"},
    {"closed_at", VG_COL_TIME, "t.closed_at"},
    {"cleared_at", VG_COL_TIME, "t.cleared_at"},
    {"amended_at", VG_COL_TIME, "t.amended_at"},
    {"absorbed_into", VG_COL_TEXT, "t.absorbed_into"},
    {"absorbed_number", VG_COL_TEXT, "t.absorbed_number"},
    {"incident", VG_COL_TEXT, "t.incident"},
    {"incident_number", VG_COL_TEXT, "t.incident_number"},
    {"bypassed", VG_COL_BOOL, "t.bypassed"},
    {"test", VG_COL_BOOL, "t.test"},
    {"life", VG_COL_BOOL, "t.life"},
    {NULL},
};
static const vg_filter alert_filters[] = {
    {"state", "t.state = ?", VG_F_TEXT}, {"site", "t.site = ?", VG_F_ID},
    {"level", "t.level = ?", VG_F_TEXT}, {"incident", "t.incident = ?", VG_F_ID},
    {"rule", "t.rule = ?", VG_F_TEXT},   {"number", "t.number = ?", VG_F_TEXT},
    {"zone", "t.zone = ?", VG_F_ID},     {NULL}};

static const vg_col storm_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"state", VG_COL_TEXT, "t.state"},
    {"began_at", VG_COL_TIME, "t.began_at"},
    {"ended_at", VG_COL_TIME, "t.ended_at"},
    {"last_at", VG_COL_TIME, "t.last_at"},
    {"n", VG_COL_INT, "t.n"},
    {"peak", VG_COL_INT, "t.peak"},
    {"total", VG_COL_INT, "t.total"},
    {NULL},
};
static const vg_filter storm_filters[] = {
    {"state", "t.state = ?", VG_F_TEXT}, {"site", "t.site = ?", VG_F_ID}, {NULL}};

static const vg_col rule_cols[] = {
    {"id", VG_COL_TEXT, "t.name"},
    {"title_vi", VG_COL_TEXT, "t.title_vi"},
    {"title_en", VG_COL_TEXT, "t.title_en"},
    {"level", VG_COL_TEXT, "t.level"},
    {"version", VG_COL_TEXT, "t.version"},
    {"situation", VG_COL_TEXT, "t.situation"},
    {"sentence_vi", VG_COL_TEXT, "t.sentence_vi"},
    {"sentence_en", VG_COL_TEXT, "t.sentence_en"},
    {"file", VG_COL_TEXT, "t.file"},
    {"state", VG_COL_TEXT, "t.state"},
    {"record_n", VG_COL_INT,
     "(SELECT COALESCE(sum(r.n), 0) FROM v_rule_record r WHERE r.rule = t.name)"},
    {"record_false", VG_COL_INT,
     "(SELECT COALESCE(sum(r.n_false), 0) FROM v_rule_record r WHERE r.rule = t.name)"},
    {NULL},
};
static const vg_filter rule_filters[] = {{"state", "t.state = ?", VG_F_TEXT}, {NULL}};

static const vg_search find_alert = {.title = "t.title_vi",
                                     .title_en = "t.title_en",
                                     .subtitle = "t.number",
                                     .more = "t.note",
                                     .site = "t.site",
                                     .columns = "title_vi title_en number note"};
static const vg_search find_rule = {.title = "t.title_vi",
                                    .title_en = "t.title_en",
                                    .subtitle = "t.name",
                                    .columns = "title_vi title_en name"};

const vg_resource alerts_resources[] = {
    {"alerts", "/alerts", "alerts.read", "alert",
     "v_alert t LEFT JOIN v_site s ON s.id = t.site LEFT JOIN v_zone z ON z.id = t.zone"
     " LEFT JOIN v_rule_record r ON r.rule = t.rule AND r.site = t.site"
     " LEFT JOIN v_user_account u ON u.id = t.ack_by",
     "t", alert_cols, alert_filters, "t.last_at", .search = &find_alert},
    {"alert-storms", "/alert-storms", "alerts.read", "alert_storm",
     "v_alert_storm t LEFT JOIN v_site s ON s.id = t.site", "t", storm_cols, storm_filters,
     "t.began_at"},
    {"rules", "/rules", "alerts.read", "rule", "v_rule t", "t", rule_cols, rule_filters, "t.at",
     .search = &find_rule},
    {"rule-texts", "/rule-texts", "alerts.read", "rule_text",
     "v_rule_text t LEFT JOIN v_user_account u ON u.id = t.author LEFT JOIN v_user_account p ON"
     " p.id = t.approver LEFT JOIN v_user_account x ON x.id = t.ended_by",
     "t", alerts_text_cols, alerts_text_filters, "t.changed_at"},
    {"rule-trial-sites", "/rule-trial-sites", "alerts.read", "rule_trial_site",
     "v_rule_trial_site t LEFT JOIN v_site s ON s.id = t.site LEFT JOIN v_rule_text r ON r.id ="
     " t.text",
     "t", alerts_site_cols, alerts_site_filters, "t.at"},
    {"rule-progress", "/rule-progress", "alerts.read", "rule_progress", "v_rule_progress t", "t",
     alerts_progress_cols, NULL, "t.at"},
    {"rule-shadow", "/rule-shadow", "alerts.read", "rule_shadow",
     "v_rule_shadow t LEFT JOIN v_site s ON s.id = t.site", "t", alerts_shadow_cols,
     alerts_shadow_filters, "t.at"},
    {NULL},
};
