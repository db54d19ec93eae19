// SPDX-License-Identifier: Apache-2.0
// What of the desk can be listed, and the figures of the desk's top bar.
#include "domain/desk/desk.h"

static const vg_col situation_cols[] = {
    {"id", VG_COL_TEXT, "t.code"},
    {"title_vi", VG_COL_TEXT, "t.title_vi"},
    {"title_en", VG_COL_TEXT, "t.title_en"},
    {"group", VG_COL_TEXT, "t.grp"},
    {"family", VG_COL_TEXT, "t.family"},
    {"law", VG_COL_TEXT, "t.law"},
    {"valid_from", VG_COL_TEXT, "t.valid_from"},
    {"valid_to", VG_COL_TEXT, "t.valid_to"},
    {NULL},
};
static const vg_filter situation_filters[] = {{"group", "t.grp = ?", VG_F_TEXT}, {NULL}};

static const vg_col incident_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"number", VG_COL_TEXT, "t.number"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"situation", VG_COL_TEXT, "t.situation"},
    {"situation_vi", VG_COL_TEXT, "k.title_vi"},
    {"situation_en", VG_COL_TEXT, "k.title_en"},
    {"title", VG_COL_TEXT, "t.title"},
    {"level", VG_COL_TEXT, "t.level"},
    {"state", VG_COL_TEXT, "t.state"},
    {"opened_at", VG_COL_TIME, "t.opened_at"},
    {"opened_by_name", VG_COL_TEXT, "o.name"},
    {"first_sign_at", VG_COL_TIME, "t.first_sign_at"},
    {"first_sign", VG_COL_TEXT, "t.first_sign"},
    {"found_by", VG_COL_TEXT, "t.found_by"},
    {"surprise", VG_COL_BOOL, "t.surprise"},
    {"harm", VG_COL_TEXT, "t.harm"},
    {"summary", VG_COL_TEXT, "t.summary"},
    {"closed_at", VG_COL_TIME, "t.closed_at"},
    {"closed_by_name", VG_COL_TEXT, "c.name"},
    {"alerts_n", VG_COL_INT, "t.alerts_n"},
    {"tasks_open_n", VG_COL_INT, "t.tasks_open_n"},
    {"owner_name", VG_COL_TEXT, "w.name"},
    {NULL},
};
static const vg_filter incident_filters[] = {{"state", "t.state = ?", VG_F_TEXT},
                                             {"site", "t.site = ?", VG_F_ID},
                                             {"situation", "t.situation = ?", VG_F_TEXT},
                                             {"number", "t.number = ?", VG_F_TEXT},
                                             {NULL}};

static const vg_col log_cols[] = {
    {"id", VG_COL_EVENT, "t.id"},    {"incident", VG_COL_TEXT, "t.incident"},
    {"at", VG_COL_TIME, "t.at"},     {"by_name", VG_COL_TEXT, "u.name"},
    {"kind", VG_COL_TEXT, "t.kind"}, {"text", VG_COL_TEXT, "t.text"},
    {"data", VG_COL_JSON, "t.data"}, {NULL},
};
static const vg_filter log_filters[] = {
    {"incident", "t.incident = ?", VG_F_ID}, {"kind", "t.kind = ?", VG_F_TEXT}, {NULL}};

static const vg_col task_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"incident", VG_COL_TEXT, "t.incident"},
    {"incident_number", VG_COL_TEXT, "i.number"},
    {"site", VG_COL_TEXT, "t.site"},
    {"title", VG_COL_TEXT, "t.title"},
    {"assignee", VG_COL_TEXT, "t.assignee"},
    {"state", VG_COL_TEXT, "t.state"},
    {"due_at", VG_COL_TIME, "t.due_at"},
    {"overdue", VG_COL_BOOL, "t.overdue"},
    {"done_at", VG_COL_TIME, "t.done_at"},
    {"done_by_name", VG_COL_TEXT, "u.name"},
    {"note", VG_COL_TEXT, "t.note"},
    {NULL},
};
static const vg_filter task_filters[] = {{"incident", "t.incident = ?", VG_F_ID},
                                         {"state", "t.state = ?", VG_F_TEXT},
                                         {"site", "t.site = ?", VG_F_ID},
                                         {NULL}};

// --- what is found by searching -------------------------------------------------------------------
static const vg_search find_incident = {.title = "t.title",
                                        .subtitle = "t.number",
                                        .more = "t.summary",
                                        .site = "t.site",
                                        .columns = "title number summary"};
static const vg_search find_log = {.title = "t.text", .parent = "t.incident", .columns = "text"};
static const vg_search find_task = {
    .title = "t.title", .site = "t.site", .parent = "t.incident", .columns = "title"};

const vg_resource desk_resources[] = {
    {"situations", "/situations", "sites.read", "situation", "v_situation t", "t", situation_cols,
     situation_filters, "t.at"},
    {"incidents", "/incidents", "desk.read", "incident",
     "v_incident t LEFT JOIN v_site s ON s.id = t.site LEFT JOIN v_situation k ON k.code = "
     "t.situation"
     " LEFT JOIN v_user_account o ON o.id = t.opened_by LEFT JOIN v_user_account c ON c.id = "
     "t.closed_by"
     " LEFT JOIN v_user_account w ON w.id = t.owner",
     "t", incident_cols, incident_filters, "t.at", .search = &find_incident},
    {"incident-log", "/incident-log", "desk.read", "incident_log",
     "v_incident_log t LEFT JOIN v_user_account u ON u.id = t.by_user", "t", log_cols, log_filters,
     "t.at", .search = &find_log},
    {"tasks", "/tasks", "desk.read", "task",
     "v_task t LEFT JOIN v_incident i ON i.id = t.incident LEFT JOIN v_user_account u ON u.id = "
     "t.done_by",
     "t", task_cols, task_filters, "t.at", .search = &find_task},
    {NULL},
};

vg_status desk_summary(vg_read *rd, const vg_args *args, vg_err *err)
{
    static const struct {
        const char *name, *sql;
    } figures[] = {
        {"incidents_open", "SELECT count(*) FROM v_incident WHERE state = 'open'"},
        {"alerts_open", "SELECT count(*) FROM v_alert WHERE state = 'open'"},
        {"alerts_act_now", "SELECT count(*) FROM v_alert WHERE state = 'open' AND rank >= 2"},
        {"alerts_acknowledged", "SELECT count(*) FROM v_alert WHERE state = 'acknowledged'"},
        {"tasks_open", "SELECT count(*) FROM v_task WHERE state = 'open'"},
        {"tasks_overdue", "SELECT count(*) FROM v_task WHERE state = 'open' AND overdue = 1"},
        {"sources", "SELECT count(*) FROM v_source WHERE disabled = 0"},
        {"sources_silent", "SELECT count(*) FROM v_source WHERE disabled = 0 AND state = 'silent'"},
        {"zones_alarm", "SELECT count(*) FROM v_zone WHERE alarms > 0"},
        {"zones_bypassed", "SELECT count(*) FROM v_zone WHERE bypass_until IS NOT NULL"},
    };
    (void)args;
    int64_t n = 0;
    vg_jw_open(&rd->out, '{');
    for (size_t i = 0; i < VG_LEN(figures); i++) {
        VG_TRY(vg_one_i64(rd->db, figures[i].sql, VG_NOVALS, 0, &n, err));
        vg_jw_ki64(&rd->out, figures[i].name, n);
    }
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}
