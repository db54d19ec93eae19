// SPDX-License-Identifier: Apache-2.0
// What screens read of checklists. Who answered and signed is shown by name only to whoever may see accounts.
#include "domain/checklists/checklists.h"

static const vg_col template_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"code", VG_COL_TEXT, "t.code"},
    {"version", VG_COL_INT, "t.version"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"title_vi", VG_COL_TEXT, "t.title_vi"},
    {"title_en", VG_COL_TEXT, "t.title_en"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"place", VG_COL_TEXT, "t.place"},
    {"signs", VG_COL_INT, "t.signs"},
    {"within_s", VG_COL_INT, "t.within_s"},
    {"state", VG_COL_TEXT, "t.state"},
    {"at", VG_COL_TIME, "t.at"},
    {"spec", VG_COL_JSON, "t.spec"},
    {NULL},
};
static const vg_filter template_filters[] = {{"state", "t.state = ?", VG_F_TEXT},
                                             {"kind", "t.kind = ?", VG_F_TEXT},
                                             {"code", "t.code = ?", VG_F_TEXT},
                                             {NULL}};

static const vg_col run_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"number", VG_COL_TEXT, "t.number"},
    {"template", VG_COL_TEXT, "t.template"},
    {"title_vi", VG_COL_TEXT, "k.title_vi"},
    {"title_en", VG_COL_TEXT, "k.title_en"},
    {"kind", VG_COL_TEXT, "k.kind"},
    {"signs", VG_COL_INT, "k.signs"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"post", VG_COL_TEXT, "t.post"},
    {"post_name", VG_COL_TEXT, "p.name"},
    {"subject", VG_COL_TEXT, "t.subject"},
    {"state", VG_COL_TEXT, "t.state"},
    {"started_at", VG_COL_TIME, "t.at"},
    {"started_by_name", VG_COL_TEXT, "b.name"},
    {"due_at", VG_COL_TIME, "t.due_at"},
    {"overdue", VG_COL_BOOL, "t.overdue"},
    {"skipped", VG_COL_JSON, "t.skipped"},
    {"items_n", VG_COL_INT, "t.items_n"},
    {"answered_n", VG_COL_INT, "t.answered_n"},
    {"findings_n", VG_COL_INT, "t.findings_n"},
    {"first_by_name", VG_COL_TEXT, "f.name"},
    {"first_by", VG_COL_TEXT, "t.first_by"},
    {"first_at", VG_COL_TIME, "t.first_at"},
    {"first_note", VG_COL_TEXT, "t.first_note"},
    {"second_by_name", VG_COL_TEXT, "g.name"},
    {"second_at", VG_COL_TIME, "t.second_at"},
    {"second_note", VG_COL_TEXT, "t.second_note"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {NULL},
};
static const vg_filter run_filters[] = {{"state", "t.state = ?", VG_F_TEXT},
                                        {"site", "t.site = ?", VG_F_ID},
                                        {"post", "t.post = ?", VG_F_ID},
                                        {"template", "t.template = ?", VG_F_ID},
                                        {NULL}};

static const vg_col answer_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"checklist", VG_COL_TEXT, "t.checklist"},
    {"item", VG_COL_TEXT, "t.item"},
    {"value", VG_COL_TEXT, "t.value"},
    {"note", VG_COL_TEXT, "t.note"},
    {"evidence", VG_COL_TEXT, "t.evidence"},
    {"by_name", VG_COL_TEXT, "u.name"},
    {"answered_at", VG_COL_TIME, "t.answered_at"},
    {NULL},
};
static const vg_filter answer_filters[] = {{"checklist", "t.checklist = ?", VG_F_ID}, {NULL}};

static const vg_col finding_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"checklist", VG_COL_TEXT, "t.checklist"},
    {"number", VG_COL_TEXT, "t.number"},
    {"item", VG_COL_TEXT, "t.item"},
    {"site", VG_COL_TEXT, "t.site"},
    {"title_vi", VG_COL_TEXT, "t.title_vi"},
    {"title_en", VG_COL_TEXT, "t.title_en"},
    {"value", VG_COL_TEXT, "t.value"},
    {"note", VG_COL_TEXT, "t.note"},
    {"law", VG_COL_TEXT, "t.law"},
    {"level", VG_COL_TEXT, "t.level"},
    {"at", VG_COL_TIME, "t.at"},
    {NULL},
};
static const vg_filter finding_filters[] = {
    {"checklist", "t.checklist = ?", VG_F_ID}, {"site", "t.site = ?", VG_F_ID}, {NULL}};

const vg_resource checklists_resources[] = {
    {"checklist-templates", "/checklist-templates", "checklists.read", "checklist_template",
     "v_checklist_template t", "t", template_cols, template_filters, "t.at"},
    {"checklists", "/checklists", "checklists.read", "checklist",
     "v_checklist t LEFT JOIN v_checklist_template k ON k.id = t.template"
     " LEFT JOIN v_site s ON s.id = t.site LEFT JOIN v_post p ON p.id = t.post"
     " LEFT JOIN v_user_account b ON b.id = t.started_by"
     " LEFT JOIN v_user_account f ON f.id = t.first_by"
     " LEFT JOIN v_user_account g ON g.id = t.second_by",
     "t", run_cols, run_filters, "t.at"},
    {"checklist-answers", "/checklist-answers", "checklists.read", "checklist_answer",
     "v_checklist_answer t LEFT JOIN v_user_account u ON u.id = t.by_user", "t", answer_cols,
     answer_filters, "t.at"},
    {"checklist-findings", "/checklist-findings", "checklists.read", "checklist_finding",
     "v_checklist_finding t", "t", finding_cols, finding_filters, "t.at"},
    {NULL},
};
