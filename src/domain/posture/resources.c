// SPDX-License-Identifier: Apache-2.0
// What screens read of posture. Who declared it is told to those who may know of the person.
#include "domain/posture/posture.h"

static const vg_col level_cols[] = {
    {"id", VG_COL_TEXT, "t.code"},
    {"rank", VG_COL_INT, "t.rank"},
    {"two", VG_COL_BOOL, "t.two"},
    {"valid_from", VG_COL_TEXT, "t.valid_from"},
    {"name_vi", VG_COL_TEXT, "t.name_vi"},
    {"name_en", VG_COL_TEXT, "t.name_en"},
    {"about_vi", VG_COL_TEXT, "t.about_vi"},
    {"about_en", VG_COL_TEXT, "t.about_en"},
    {"origin", VG_COL_TEXT, "t.origin"},
    {"ref", VG_COL_TEXT, "t.ref"},
    {NULL},
};

static const vg_col period_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"level", VG_COL_TEXT, "t.level"},
    {"rank", VG_COL_INT, "t.rank"},
    {"event", VG_COL_TEXT, "NULLIF(t.event, '')"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"starts", VG_COL_TIME, "t.starts"},
    {"ends", VG_COL_TIME, "t.ends"},
    {"state", VG_COL_TEXT, "t.state"},
    {"prolonged", VG_COL_INT, "t.prolonged"},
    {"declared_at", VG_COL_TIME, "t.at"},
    {"declared_by_name", VG_COL_TEXT, "u.name"},
    {"ended_at", VG_COL_TIME, "t.ended_at"},
    {"ended_by_name", VG_COL_TEXT, "x.name"},
    {"ended_reason", VG_COL_TEXT, "t.ended_reason"},
    {NULL},
};
static const vg_filter period_filters[] = {
    {"state", "t.state = ?", VG_F_TEXT}, {"site", "t.site IN ('', ?)", VG_F_ID}, {NULL}};

const vg_resource posture_resources[] = {
    {"posture-levels", "/posture-levels", "see.shared", "posture_level", "v_posture_level t", "t",
     level_cols, NULL, "-t.rank"},
    {"postures", "/postures", "see.shared", "posture_period",
     "v_posture_period t LEFT JOIN v_site s ON s.id = t.site LEFT JOIN v_user_account u ON u.id ="
     " t.declared_by LEFT JOIN v_user_account x ON x.id = t.ended_by",
     "t", period_cols, period_filters, "t.at"},
    {NULL},
};
