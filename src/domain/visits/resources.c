// SPDX-License-Identifier: Apache-2.0
// What is listed of visits. Names come from the cards through their own views: whoever may see that somebody is expected
// need not see who.
#include "domain/visits/visits.h"

static const vg_col visit_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"purpose", VG_COL_TEXT, "t.purpose"},
    {"host", VG_COL_TEXT, "t.host"},
    {"host_user", VG_COL_TEXT, "t.host_user"},
    {"host_name", VG_COL_TEXT, "COALESCE(pc.name, hu.name)"},
    {"office", VG_COL_TEXT, "t.office"},
    {"starts", VG_COL_TIME, "t.starts"},
    {"ends", VG_COL_TIME, "t.ends"},
    {"areas", VG_COL_JSON, "t.areas"},
    {"escort", VG_COL_BOOL, "t.escort"},
    {"guests", VG_COL_INT, "t.guests"},
    {"release_at", VG_COL_TIME, "t.release_at"},
    {"released_at", VG_COL_TIME, "t.released_at"},
    {"state", VG_COL_TEXT, "t.state"},
    {"overdue_at", VG_COL_TIME, "t.overdue_at"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"planned_by_name", VG_COL_TEXT, "u.name"},
    {"changed_at", VG_COL_TIME, "t.changed_at"},
    {NULL},
};
static const vg_filter visit_filters[] = {
    {"site", "t.site = ?", VG_F_ID},      {"state", "t.state = ?", VG_F_TEXT},
    {"from", "t.starts >= ?", VG_F_TIME}, {"until", "t.starts < ?", VG_F_TIME},
    {"after", "t.ends > ?", VG_F_TIME},   {NULL}};

static const vg_col guest_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"visit", VG_COL_TEXT, "t.visit"},
    {"site", VG_COL_TEXT, "t.site"},
    {"holder", VG_COL_TEXT, "t.holder"},
    {"name", VG_COL_TEXT, "COALESCE(c.name, k.name)"},
    {"company", VG_COL_TEXT, "COALESCE(c.company, k.company)"},
    {"doc_kind", VG_COL_TEXT, "COALESCE(c.doc_kind, k.doc_kind)"},
    {"doc_last", VG_COL_TEXT, "COALESCE(c.doc_last, k.doc_last)"},
    {"state", VG_COL_TEXT, "t.state"},
    {"invite_until", VG_COL_TIME, "t.invite_until"},
    {"rules_n", VG_COL_INT, "t.rules_n"},
    {"notice_n", VG_COL_INT, "t.notice_n"},
    {"told_at", VG_COL_TIME, "t.told_at"},
    {"told_lang", VG_COL_TEXT, "t.told_lang"},
    {"arrived_at", VG_COL_TIME, "t.arrived_at"},
    {"left_at", VG_COL_TIME, "t.left_at"},
    {"at", VG_COL_TIME, "t.at"},
    {NULL},
};
static const vg_filter guest_filters[] = {{"visit", "t.visit = ?", VG_F_ID},
                                          {"site", "t.site = ?", VG_F_ID},
                                          {"holder", "t.holder = ?", VG_F_ID},
                                          {"state", "t.state = ?", VG_F_TEXT},
                                          {NULL}};

static const vg_col step_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"visit", VG_COL_TEXT, "t.visit"},
    {"site", VG_COL_TEXT, "t.site"},
    {"area", VG_COL_TEXT, "t.area"},
    {"area_name", VG_COL_TEXT, "a.name"},
    {"need", VG_COL_TEXT, "t.need"},
    {"named", VG_COL_TEXT, "t.named"},
    {"named_name", VG_COL_TEXT, "n.name"},
    {"state", VG_COL_TEXT, "t.state"},
    {"decided_by_name", VG_COL_TEXT, "u.name"},
    {"decided_at", VG_COL_TIME, "t.decided_at"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {NULL},
};
static const vg_filter step_filters[] = {
    {"visit", "t.visit = ?", VG_F_ID}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};

static const vg_col approval_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"area", VG_COL_TEXT, "NULLIF(t.area, '')"},
    {"area_name", VG_COL_TEXT, "a.name"},
    {"need", VG_COL_TEXT, "t.need"},
    {"named", VG_COL_TEXT, "t.named"},
    {"named_name", VG_COL_TEXT, "n.name"},
    {NULL},
};
static const vg_filter site_filters[] = {{"site", "t.site = ?", VG_F_ID}, {NULL}};

static const vg_col setting_cols[] = {
    {"id", VG_COL_TEXT, "t.site"},
    {"site", VG_COL_TEXT, "t.site"},
    {"closing_min", VG_COL_INT, "t.closing_min"},
    {"host_most", VG_COL_INT, "t.host_most"},
    {"escort_s", VG_COL_INT, "t.escort_s"},
    {"certificates", VG_COL_BOOL, "COALESCE(t.certificates, 1)"},
    {NULL},
};

static const vg_col rules_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"n", VG_COL_INT, "t.n"},
    {"text_vi", VG_COL_TEXT, "t.text_vi"},
    {"text_en", VG_COL_TEXT, "t.text_en"},
    {"at", VG_COL_TIME, "t.at"},
    {NULL},
};

static const vg_col certificate_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},         {"site", VG_COL_TEXT, "t.site"},
    {"holder", VG_COL_TEXT, "t.holder"}, {"name", VG_COL_TEXT, "c.name"},
    {"what", VG_COL_TEXT, "t.what"},     {"number", VG_COL_TEXT, "t.number"},
    {"until", VG_COL_TIME, "t.until"},   {NULL},
};
static const vg_filter certificate_filters[] = {
    {"site", "t.site = ?", VG_F_ID}, {"holder", "t.holder = ?", VG_F_ID}, {NULL}};

const vg_resource visits_resources[] = {
    {"visits", "/visits", "visits.read", "visit",
     "v_visit t LEFT JOIN v_site s ON s.id = t.site LEFT JOIN v_person_card pc ON pc.person ="
     " t.host LEFT JOIN v_user_account hu ON hu.id = t.host_user LEFT JOIN v_user_account u ON"
     " u.id = t.planned_by",
     "t", visit_cols, visit_filters, "t.starts"},
    {"visit_guests", "/visit-guests", "visits.read", "visit_guest",
     "v_visit_guest t LEFT JOIN v_gate_card c ON c.holder = t.holder LEFT JOIN v_visit_card k ON"
     " k.guest = t.id",
     "t", guest_cols, guest_filters, "t.at"},
    {"visit_steps", "/visit-steps", "visits.read", "visit_step",
     "v_visit_step t LEFT JOIN v_gate_area a ON a.id = t.area LEFT JOIN v_user_account n ON n.id ="
     " t.named LEFT JOIN v_user_account u ON u.id = t.decided_by",
     "t", step_cols, step_filters, "t.at"},
    {"visit_approvals", "/visit-approvals", "visits.read", "visit_approval",
     "v_visit_approval t LEFT JOIN v_gate_area a ON a.id = t.area LEFT JOIN v_user_account n ON"
     " n.id = t.named",
     "t", approval_cols, site_filters, "t.at"},
    {"visit_settings", "/visit-settings", "visits.read", "visit_setting", "v_visit_setting t", "t",
     setting_cols, site_filters, "t.at"},
    {"visit_rules", "/visit-rules", "visits.read", "visit_rules", "v_visit_rules t", "t",
     rules_cols, site_filters, "t.at"},
    {"visit_certificates", "/visit-certificates", "visits.read", "visit_certificate",
     "v_visit_certificate t LEFT JOIN v_gate_card c ON c.holder = t.holder", "t", certificate_cols,
     certificate_filters, "t.at"},
    {NULL},
};
