// SPDX-License-Identifier: Apache-2.0
// What is listed of the ban list: never whom an entry names (look.c).
#include "domain/bans/bans.h"

static const vg_col cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"number", VG_COL_TEXT, "t.number"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"incident", VG_COL_TEXT, "t.incident"},
    {"incident_number", VG_COL_TEXT, "i.number"},
    {"document", VG_COL_TEXT, "t.document"},
    {"expires", VG_COL_TIME, "t.expires"},
    {"review_due", VG_COL_TIME, "t.review_due"},
    {"review_late", VG_COL_BOOL, "t.review_late"},
    {"reviews", VG_COL_INT, "t.reviews"},
    {"state", VG_COL_TEXT, "t.state"},
    {"proposed_by", VG_COL_TEXT, "t.proposed_by"},
    {"proposed_by_name", VG_COL_TEXT, "u.name"},
    {"proposed_at", VG_COL_TIME, "t.at"},
    {"decided_by_name", VG_COL_TEXT, "d.name"},
    {"decided_at", VG_COL_TIME, "t.decided_at"},
    {"why", VG_COL_TEXT, "t.why"},
    {"ended_at", VG_COL_TIME, "t.ended_at"},
    {"changed_at", VG_COL_TIME, "t.changed_at"},
    {NULL},
};
static const vg_filter filters[] = {
    {"site", "t.site = ?", VG_F_ID}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};

static const vg_col review_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"entry", VG_COL_TEXT, "t.entry"},
    {"outcome", VG_COL_TEXT, "t.outcome"},
    {"why", VG_COL_TEXT, "t.why"},
    {"next_due", VG_COL_TIME, "t.next_due"},
    {"by_name", VG_COL_TEXT, "u.name"},
    {"at", VG_COL_TIME, "t.at"},
    {NULL},
};
static const vg_filter review_filters[] = {{"entry", "t.entry = ?", VG_F_ID}, {NULL}};

const vg_resource bans_resources[] = {
    {"bans", "/bans", "bans.read", "ban_entry",
     "v_ban_entry t LEFT JOIN v_site s ON s.id = t.site"
     " LEFT JOIN v_incident i ON i.id = t.incident LEFT JOIN v_user_account u ON u.id ="
     " t.proposed_by LEFT JOIN v_user_account d ON d.id = t.decided_by",
     "t", cols, filters, "t.at"},
    {"ban_reviews", "/ban-reviews", "bans.read", "ban_review",
     "v_ban_review t LEFT JOIN v_user_account u ON u.id = t.by_user", "t", review_cols,
     review_filters, "t.at"},
    {NULL},
};
