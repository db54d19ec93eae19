// SPDX-License-Identifier: Apache-2.0
// What screens read of personal data: one's own agency's, by the personal compartment. The shipped defaults are the
// node's and say nothing of anybody.
#include "domain/privacy/privacy.h"

static const vg_col class_cols[] = {
    {"id", VG_COL_TEXT, "t.code"},           {"name_vi", VG_COL_TEXT, "t.name_vi"},
    {"name_en", VG_COL_TEXT, "t.name_en"},   {"days", VG_COL_INT, "t.days"},
    {"about_vi", VG_COL_TEXT, "t.about_vi"}, {"about_en", VG_COL_TEXT, "t.about_en"},
    {"enforced", VG_COL_BOOL, "t.enforced"}, {"fixed", VG_COL_BOOL, "t.fixed"},
    {"how_vi", VG_COL_TEXT, "t.how_vi"},     {"how_en", VG_COL_TEXT, "t.how_en"},
    {"origin", VG_COL_TEXT, "t.origin"},     {"ref", VG_COL_TEXT, "t.ref"},
    {"rank", VG_COL_INT, "t.rank"},          {NULL},
};

static const vg_col text_cols[] = {
    {"id", VG_COL_TEXT, "t.code"},
    {"text_vi", VG_COL_TEXT, "t.text_vi"},
    {"text_en", VG_COL_TEXT, "t.text_en"},
    {NULL},
};

static const vg_col choice_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"class", VG_COL_TEXT, "t.class"},
    {"days", VG_COL_INT, "t.days"},
    {"ref", VG_COL_TEXT, "t.ref"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"chosen_by", VG_COL_TEXT, "t.chosen_by"},
    {"chosen_at", VG_COL_TIME, "t.chosen_at"},
    {NULL},
};

static const vg_col processing_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"agency_name", VG_COL_TEXT, "a.name"},
    {"name", VG_COL_TEXT, "t.name"},
    {"purpose", VG_COL_TEXT, "t.purpose"},
    {"ground", VG_COL_TEXT, "t.ground"},
    {"ref", VG_COL_TEXT, "t.ref"},
    {"data", VG_COL_JSON, "t.data"},
    {"people", VG_COL_JSON, "t.people"},
    {"recipients", VG_COL_TEXT, "t.recipients"},
    {"retention", VG_COL_TEXT, "t.retention"},
    {"started", VG_COL_TEXT, "t.started"},
    {"due", VG_COL_TIME, "t.due"},
    {"due_ref", VG_COL_TEXT, "t.due_ref"},
    {"late", VG_COL_BOOL, "t.late"},
    {"assessed_on", VG_COL_TEXT, "t.assessed_on"},
    {"assessment", VG_COL_TEXT, "t.assessment"},
    {"state", VG_COL_TEXT, "t.state"},
    {"ended_on", VG_COL_TEXT, "t.ended_on"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"changed_at", VG_COL_TIME, "t.changed_at"},
    {NULL},
};

static const vg_col request_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"number", VG_COL_TEXT, "t.number"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"person", VG_COL_TEXT, "t.person"},
    {"opened_by", VG_COL_TEXT, "t.opened_by"},
    {"name", VG_COL_TEXT, "c.name"},
    {"contact", VG_COL_TEXT, "c.contact"},
    {"wish", VG_COL_TEXT, "c.wish"},
    {"received_at", VG_COL_TIME, "t.received_at"},
    {"ack_due", VG_COL_TIME, "t.ack_due"},
    {"ack_ref", VG_COL_TEXT, "t.ack_ref"},
    {"ack_late", VG_COL_BOOL, "t.ack_late"},
    {"acknowledged_at", VG_COL_TIME, "t.acknowledged_at"},
    {"due", VG_COL_TIME, "t.due"},
    {"ref", VG_COL_TEXT, "t.ref"},
    {"late", VG_COL_BOOL, "t.late"},
    {"extended_until", VG_COL_TEXT, "t.extended_until"},
    {"extend_reason", VG_COL_TEXT, "t.extend_reason"},
    {"state", VG_COL_TEXT, "t.state"},
    {"closed_at", VG_COL_TIME, "t.closed_at"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"forgotten", VG_COL_BOOL, "t.forgotten"},
    {NULL},
};

static const vg_col breach_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"number", VG_COL_TEXT, "t.number"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"found_at", VG_COL_TIME, "t.found_at"},
    {"what", VG_COL_TEXT, "t.what"},
    {"data", VG_COL_JSON, "t.data"},
    {"people", VG_COL_JSON, "t.people"},
    {"about_count", VG_COL_INT, "t.about_count"},
    {"measures", VG_COL_TEXT, "t.measures"},
    {"due", VG_COL_TIME, "t.due"},
    {"ref", VG_COL_TEXT, "t.ref"},
    {"late", VG_COL_BOOL, "t.late"},
    {"notified_at", VG_COL_TIME, "t.notified_at"},
    {"state", VG_COL_TEXT, "t.state"},
    {"closed_at", VG_COL_TIME, "t.closed_at"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {NULL},
};

static const vg_col part_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"breach", VG_COL_TEXT, "t.breach"},
    {"n", VG_COL_INT, "t.n"},
    {"sent_at", VG_COL_TIME, "t.sent_at"},
    {"recipient", VG_COL_TEXT, "t.recipient"},
    {"reference", VG_COL_TEXT, "t.reference"},
    {"complete", VG_COL_BOOL, "t.complete"},
    {"late_reason", VG_COL_TEXT, "t.late_reason"},
    {NULL},
};

// How long the entry book is kept now: a text that tells another number is to be written anew.
#define DAYS                                                                                    \
    "COALESCE((SELECT r.days FROM v_retention_choice r WHERE r.agency = t.agency AND r.class =" \
    " 'visitor_log'), (SELECT c.days FROM v_retention_class c WHERE c.code = 'visitor_log'))"

static const vg_col notice_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"agency_name", VG_COL_TEXT, "a.name"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"n", VG_COL_INT, "t.n"},
    {"text_vi", VG_COL_TEXT, "t.text_vi"},
    {"text_en", VG_COL_TEXT, "t.text_en"},
    {"contact", VG_COL_TEXT, "t.contact"},
    {"state", VG_COL_TEXT, "t.state"},
    {"days", VG_COL_INT, DAYS},
    {"drafted_at", VG_COL_TIME, "t.at"},
    {"confirmed_at", VG_COL_TIME, "t.confirmed_at"},
    {NULL},
};

static const vg_col posted_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"agency_name", VG_COL_TEXT, "a.name"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"n", VG_COL_INT, "t.n"},
    {"text_vi", VG_COL_TEXT, "t.text_vi"},
    {"text_en", VG_COL_TEXT, "t.text_en"},
    {"contact", VG_COL_TEXT, "t.contact"},
    {"state", VG_COL_TEXT, "t.state"},
    {"posted_at", VG_COL_TIME, "t.at"},
    {NULL},
};

static const vg_filter by_state[] = {{"state", "t.state = ?", VG_F_TEXT}, {NULL}};
static const vg_filter of_breach[] = {{"breach", "t.breach = ?", VG_F_ID}, {NULL}};
static const vg_filter of_site[] = {
    {"site", "t.site = ?", VG_F_ID}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};

#define AGENCY " LEFT JOIN v_agency a ON a.id = t.agency"
#define SITE " LEFT JOIN v_site s ON s.id = t.site"

const vg_resource privacy_resources[] = {
    {"retention-classes", "/retention-classes", "privacy.read", "retention_class",
     "v_retention_class t", "t", class_cols, NULL, "-t.rank"},
    {"notice-texts", "/notice-texts", "privacy.read", "notice_text", "v_notice_text t", "t",
     text_cols, NULL, "t.at"},
    {"retention-choices", "/retention-choices", "privacy.read", "retention_choice",
     "v_retention_choice t", "t", choice_cols, NULL, "t.at"},
    {"processing-activities", "/processing-activities", "privacy.read", "processing",
     "v_processing t" AGENCY, "t", processing_cols, by_state, "t.at"},
    {"subject-requests", "/subject-requests", "privacy.read", "subject_request",
     "v_subject_request t LEFT JOIN v_subject_request_card c ON c.request = t.id" SITE, "t",
     request_cols, by_state, "t.at"},
    {"breaches", "/breaches", "privacy.read", "breach", "v_breach t" SITE, "t", breach_cols,
     by_state, "t.at"},
    {"breach-notices", "/breach-notices", "privacy.read", "breach_notice", "v_breach_notice t", "t",
     part_cols, of_breach, "t.at"},
    {"visitor-notices", "/visitor-notices", "privacy.read", "visitor_notice",
     "v_visitor_notice t" AGENCY SITE, "t", notice_cols, of_site, "t.at"},
    {"posted-notices", "/posted-notices", "visits.read", "posted_notice",
     "v_posted_notice t" AGENCY SITE, "t", posted_cols, of_site, "t.at"},
    {NULL},
};
