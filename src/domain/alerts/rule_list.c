// SPDX-License-Identifier: Apache-2.0
// What of the rules' lives can be listed.
#include "domain/alerts/rule_life.h"

const vg_col alerts_text_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"name", VG_COL_TEXT, "t.name"},
    {"version", VG_COL_TEXT, "t.version"},
    {"text", VG_COL_TEXT, "t.text"},
    {"state", VG_COL_TEXT, "t.state"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"type", VG_COL_TEXT, "t.type"},
    {"level", VG_COL_TEXT, "t.level"},
    {"title_vi", VG_COL_TEXT, "t.title_vi"},
    {"title_en", VG_COL_TEXT, "t.title_en"},
    {"sentence_vi", VG_COL_TEXT, "t.sentence_vi"},
    {"sentence_en", VG_COL_TEXT, "t.sentence_en"},
    {"cancel_vi", VG_COL_TEXT, "t.cancel_vi"},
    {"cancel_en", VG_COL_TEXT, "t.cancel_en"},
    {"portable", VG_COL_BOOL, "t.portable"},
    {"stratum", VG_COL_INT, "t.stratum"},
    {"sites", VG_COL_JSON, "t.sites"},
    {"budget", VG_COL_INT, "t.budget"},
    {"note", VG_COL_TEXT, "t.note"},
    {"author", VG_COL_TEXT, "t.author"},
    {"author_name", VG_COL_TEXT, "u.name"},
    {"authors", VG_COL_TEXT, "t.authors"},
    {"changed_at", VG_COL_TIME, "t.changed_at"},
    {"shadow_at", VG_COL_TIME, "t.shadow_at"},
    {"trial_state", VG_COL_TEXT, "t.trial_state"},
    {"trial_from", VG_COL_TIME, "t.trial_from"},
    {"trial_to", VG_COL_TIME, "t.trial_to"},
    {"trial_over", VG_COL_BOOL, "COALESCE(t.trial_over, 0)"},
    {"trial_problem_vi", VG_COL_TEXT, "t.trial_problem_vi"},
    {"trial_problem_en", VG_COL_TEXT, "t.trial_problem_en"},
    {"approver", VG_COL_TEXT, "t.approver"},
    {"approver_name", VG_COL_TEXT, "p.name"},
    {"approved_at", VG_COL_TIME, "t.approved_at"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"ended_by_name", VG_COL_TEXT, "x.name"},
    {"ended_at", VG_COL_TIME, "t.ended_at"},
    {"ended_why", VG_COL_TEXT, "t.ended_why"},
    {"at", VG_COL_TIME, "t.at"},
    {NULL},
};
const vg_filter alerts_text_filters[] = {
    {"name", "t.name = ?", VG_F_TEXT}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};

const vg_col alerts_site_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"text", VG_COL_TEXT, "t.text"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"current", VG_COL_BOOL, "COALESCE(r.trial_asked = t.asked, 0)"},
    {"only_draft", VG_COL_INT, "t.only_draft"},
    {"only_active", VG_COL_INT, "t.only_active"},
    {"both", VG_COL_INT, "t.both"},
    {"weeks", VG_COL_JSON, "t.weeks"},
    {"examples", VG_COL_CITES, "t.examples"},
    {NULL},
};
const vg_filter alerts_site_filters[] = {{"text", "t.text = ?", VG_F_ID}, {NULL}};

const vg_col alerts_progress_cols[] = {
    {"id", VG_COL_TEXT, "t.text"},
    {"done", VG_COL_INT, "t.done"},
    {"total", VG_COL_INT, "t.total"},
    {"at", VG_COL_TIME, "t.at"},
    {NULL},
};

const vg_col alerts_shadow_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"rule", VG_COL_TEXT, "t.rule"},
    {"version", VG_COL_TEXT, "t.version"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"day", VG_COL_TEXT, "t.day"},
    {"n", VG_COL_INT, "t.n"},
    {"examples", VG_COL_CITES, "t.examples"},
    {NULL},
};
const vg_filter alerts_shadow_filters[] = {
    {"rule", "t.rule = ?", VG_F_TEXT}, {"version", "t.version = ?", VG_F_TEXT}, {NULL}};
