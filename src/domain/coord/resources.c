// SPDX-License-Identifier: Apache-2.0
// What screens read of coordination. Only one's own copies; names of agencies are known to all on the node.
#include "domain/coord/coord.h"

static const vg_col regulation_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"number", VG_COL_TEXT, "t.number"},
    {"title", VG_COL_TEXT, "t.title"},
    {"note", VG_COL_TEXT, "t.note"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"holder", VG_COL_TEXT, "t.holder"},
    {"holder_name", VG_COL_TEXT, "h.name"},
    {"state", VG_COL_TEXT, "t.state"},
    {"valid_from", VG_COL_TIME, "t.valid_from"},
    {"valid_until", VG_COL_TIME, "t.valid_until"},
    {"review_due", VG_COL_TIME, "t.review_due"},
    {"signed", VG_COL_TIME, "t.signed"},
    {"signer", VG_COL_TEXT, "t.signer"},
    {"paper_number", VG_COL_TEXT, "t.paper_number"},
    {"review_late", VG_COL_BOOL, "t.review_late"},
    {"reviewed_at", VG_COL_TIME, "t.reviewed_at"},
    {"in_force_at", VG_COL_TIME, "t.in_force_at"},
    {"ended_at", VG_COL_TIME, "t.ended_at"},
    {"parties", VG_COL_JSON,
     "(SELECT json_group_array(json_object('party', p.party, 'name', a.name, 'state', p.state,"
     " 'mine', p.party = t.agency, 'proposed_by', p.proposed_by, 'contact', p.contact, 'phone',"
     " p.phone, 'answered_at', strftime('%Y-%m-%dT%H:%M:%SZ', p.answered_at / 1000000, "
     "'unixepoch'),"
     " 'reason', p.reason)) FROM v_regulation_party p LEFT JOIN v_agency a ON a.id ="
     " p.party WHERE p.regulation = t.id)"},
    {NULL},
};
static const vg_filter regulation_filters[] = {{"state", "t.state = ?", VG_F_TEXT}, {NULL}};

static const vg_col party_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"regulation", VG_COL_TEXT, "t.regulation"},
    {"party", VG_COL_TEXT, "t.party"},
    {"party_name", VG_COL_TEXT, "a.name"},
    {"state", VG_COL_TEXT, "t.state"},
    {"agreed_at", VG_COL_TIME, "t.agreed_at"},
    {"withdrawn_at", VG_COL_TIME, "t.withdrawn_at"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"contact", VG_COL_TEXT, "t.contact"},
    {"phone", VG_COL_TEXT, "t.phone"},
    {"answered_at", VG_COL_TIME, "t.answered_at"},
    {NULL},
};
static const vg_filter of_regulation[] = {{"regulation", "t.regulation = ?", VG_F_ID}, {NULL}};

static const vg_col clause_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"regulation", VG_COL_TEXT, "t.regulation"},
    {"n", VG_COL_INT, "t.n"},
    {"giver", VG_COL_TEXT, "t.giver"},
    {"giver_name", VG_COL_TEXT, "f.name"},
    {"taker", VG_COL_TEXT, "t.taker"},
    {"taker_name", VG_COL_TEXT, "g.name"},
    {"view", VG_COL_TEXT, "NULLIF(t.named, '')"},
    {"compartment", VG_COL_TEXT, "t.compartment"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"sites", VG_COL_JSON,
     "(SELECT json_group_array(json_object('site', k.site, 'name', w.name)) FROM (SELECT * FROM"
     " v_clause_site WHERE clause = t.id ORDER BY n) k LEFT JOIN v_site w ON w.id = k.site)"},
    {"ceiling", VG_COL_INT, "t.ceiling"},
    {"condition", VG_COL_TEXT, "t.condition"},
    {"situation", VG_COL_TEXT, "t.situation"},
    {"minutes", VG_COL_INT, "t.minutes"},
    {"starts", VG_COL_TIME, "NULLIF(t.starts, 0)"},
    {"ends", VG_COL_TIME, "NULLIF(t.ends, 0)"},
    {"posture", VG_COL_TEXT, "NULLIF(t.posture, '')"},
    {"event", VG_COL_TEXT, "NULLIF(t.event, '')"},
    {NULL},
};

static const vg_col opening_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"giver", VG_COL_TEXT, "t.giver"},
    {"giver_name", VG_COL_TEXT, "f.name"},
    {"taker", VG_COL_TEXT, "t.taker"},
    {"taker_name", VG_COL_TEXT, "g.name"},
    {"mine", VG_COL_BOOL, "t.giver = t.agency"},
    {"compartment", VG_COL_TEXT, "t.compartment"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"incident", VG_COL_TEXT, "t.incident"},
    {"incident_number", VG_COL_TEXT, "t.incident_number"},
    {"opened_at", VG_COL_TIME, "t.at"},
    {"posture", VG_COL_TEXT, "NULLIF(t.posture, '')"},
    {"posture_level", VG_COL_TEXT, "NULLIF(t.posture_level, '')"},
    {"event", VG_COL_TEXT, "NULLIF(t.event, '')"},
    {"until", VG_COL_TIME, "COALESCE(p.ends, t.until)"},
    {"sealed_at", VG_COL_TIME, "t.sealed_at"},
    {"sealed_why", VG_COL_TEXT, "t.sealed_why"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {NULL},
};
static const vg_filter opening_filters[] = {{"site", "t.site = ?", VG_F_ID},
                                            {"incident", "t.incident = ?", VG_F_ID},
                                            {"open", "(t.sealed_at IS NULL) = ?", VG_F_BOOL},
                                            {NULL}};

static const vg_col capability_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"agency_name", VG_COL_TEXT, "a.name"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"class", VG_COL_TEXT, "t.class"},
    {"groups", VG_COL_INT, "t.groups"},
    {"minutes", VG_COL_INT, "t.minutes"},
    {"until", VG_COL_TIME, "t.until"},
    {"state", VG_COL_TEXT, "t.state"},
    {NULL},
};
static const vg_filter capability_filters[] = {{"site", "t.site = ?", VG_F_ID},
                                               {"state", "t.state = ?", VG_F_TEXT},
                                               {"agency", "t.agency = ?", VG_F_ID},
                                               {NULL}};

#define SIDES                                                                        \
    " LEFT JOIN v_agency f ON f.id = t.giver LEFT JOIN v_agency g ON g.id = t.taker" \
    " LEFT JOIN v_site s ON s.id = t.site"

const vg_resource coord_resources[] = {
    {"regulations", "/regulations", "coord.read", "regulation",
     "v_regulation t LEFT JOIN v_agency h ON h.id = t.holder", "t", regulation_cols,
     regulation_filters, "t.at"},
    {"regulation_parties", "/regulation-parties", "coord.read", "regulation_party",
     "v_regulation_party t LEFT JOIN v_agency a ON a.id = t.party", "t", party_cols, of_regulation,
     "t.at"},
    {"clauses", "/clauses", "coord.read", "clause", "v_clause t" SIDES, "t", clause_cols,
     of_regulation, "-t.n"},
    {"openings", "/openings", "coord.read", "opening",
     "v_opening t LEFT JOIN v_posture_period p ON p.id = t.posture" SIDES, "t", opening_cols,
     opening_filters, "t.at"},
    {"capabilities", "/capabilities", "coord.capabilities", "capability",
     "v_capability t LEFT JOIN v_agency a ON a.id = t.agency LEFT JOIN v_site s ON s.id = t.site",
     "t", capability_cols, capability_filters, "t.at"},
    {NULL},
};
