// SPDX-License-Identifier: Apache-2.0
// What is listed of the gate, and how many are inside. Names come from the card through its own view.
#include "domain/gate/terminal.h"

static const vg_col area_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"name", VG_COL_TEXT, "t.name"},
    {"parent", VG_COL_TEXT, "t.parent"},
    {"parent_name", VG_COL_TEXT, "p.name"},
    {"zone", VG_COL_TEXT, "t.zone"},
    {"passback", VG_COL_TEXT, "t.passback"},
    {"again_min", VG_COL_INT, "t.again_min"},
    {"most", VG_COL_INT, "t.most"},
    {"alone_s", VG_COL_INT, "t.alone_s"},
    {"airlock", VG_COL_BOOL, "t.airlock"},
    {"state", VG_COL_TEXT, "t.state"},
    {NULL},
};
static const vg_filter area_filters[] = {
    {"site", "t.site = ?", VG_F_ID}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};

static const vg_col list_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"area", VG_COL_TEXT, "t.area"},
    {"area_name", VG_COL_TEXT, "a.name"},
    {"list", VG_COL_TEXT, "t.list"},
    {"holder", VG_COL_TEXT, "t.holder"},
    {"name", VG_COL_TEXT, "c.name"},
    {NULL},
};
static const vg_filter list_filters[] = {
    {"area", "t.area = ?", VG_F_ID}, {"list", "t.list = ?", VG_F_TEXT}, {NULL}};

static const vg_col point_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"name", VG_COL_TEXT, "t.name"},
    {"gate", VG_COL_TEXT, "t.gate"},
    {"gate_name", VG_COL_TEXT, "g.name"},
    {"outer", VG_COL_TEXT, "t.outer_area"},
    {"outer_name", VG_COL_TEXT, "o.name"},
    {"inner", VG_COL_TEXT, "t.inner_area"},
    {"inner_name", VG_COL_TEXT, "i.name"},
    {"ways", VG_COL_TEXT, "t.ways"},
    {"lane", VG_COL_TEXT, "t.lane"},
    {"source", VG_COL_TEXT, "t.source"},
    {"auto", VG_COL_TEXT, "t.auto"},
    {"reader", VG_COL_TEXT, "t.reader"},
    {"state", VG_COL_TEXT, "t.state"},
    {NULL},
};
static const vg_filter point_filters[] = {
    {"site", "t.site = ?", VG_F_ID}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};

// The last passage, which a guard needs to decide. at in milliseconds.
#define LAST_JSON                                                                               \
    "(SELECT json_object('at', x.moved / 1000, 'way', x.way, 'point', y.name) FROM v_passage x" \
    " LEFT JOIN v_gate_point y ON y.id = x.point WHERE x.holder = t.id"                         \
    " ORDER BY x.moved DESC, x.id DESC LIMIT 1)"
static const vg_col holder_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"class", VG_COL_TEXT, "t.class"},
    {"name", VG_COL_TEXT, "c.name"},
    {"company", VG_COL_TEXT, "c.company"},
    {"doc_kind", VG_COL_TEXT, "c.doc_kind"},
    {"doc_last", VG_COL_TEXT, "c.doc_last"},
    {"person", VG_COL_TEXT, "t.person"},
    {"valid_until", VG_COL_TIME, "t.valid_until"},
    {"inside_area", VG_COL_TEXT, "r.area"},
    {"inside_name", VG_COL_TEXT, "a.name"},
    {"inside_since", VG_COL_TIME, "r.since"},
    {"last", VG_COL_JSON, LAST_JSON},
    {"state", VG_COL_TEXT, "t.state"},
    {"changed_at", VG_COL_TIME, "t.changed_at"},
    {NULL},
};
static const vg_filter holder_filters[] = {{"site", "t.site = ?", VG_F_ID},
                                           {"kind", "t.kind = ?", VG_F_TEXT},
                                           {"state", "t.state = ?", VG_F_TEXT},
                                           {NULL}};

static const vg_col badge_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"code", VG_COL_TEXT, "t.code"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"holder", VG_COL_TEXT, "t.holder"},
    {"name", VG_COL_TEXT, "c.name"},
    {"site", VG_COL_TEXT, "t.site"},
    {"valid_until", VG_COL_TIME, "t.valid_until"},
    {"state", VG_COL_TEXT, "t.state"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {"issued_at", VG_COL_TIME, "t.at"},
    {"ended_at", VG_COL_TIME, "t.ended_at"},
    {NULL},
};
static const vg_filter badge_filters[] = {{"site", "t.site = ?", VG_F_ID},
                                          {"holder", "t.holder = ?", VG_F_ID},
                                          {"code", "t.code = ?", VG_F_TEXT},
                                          {"state", "t.state = ?", VG_F_TEXT},
                                          {NULL}};

static const vg_col passage_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"moved", VG_COL_TIME, "t.moved"},
    {"told", VG_COL_TIME, "t.told"},
    {"received", VG_COL_TIME, "t.at"},
    {"way", VG_COL_TEXT, "t.way"},
    {"point", VG_COL_TEXT, "t.point"},
    {"point_name", VG_COL_TEXT, "p.name"},
    {"to", VG_COL_TEXT, "t.to_area"},
    {"to_name", VG_COL_TEXT, "o.name"},
    {"holder", VG_COL_TEXT, "t.holder"},
    {"holder_kind", VG_COL_TEXT, "t.holder_kind"},
    {"name", VG_COL_TEXT, "c.name"},
    {"advice", VG_COL_TEXT, "t.advice"},
    {"reasons", VG_COL_JSON, "t.reasons"},
    {"why", VG_COL_TEXT, "t.why"},
    {"decided_by_name", VG_COL_TEXT, "u.name"},
    {"asked", VG_COL_TIME, "t.asked"},
    {"source", VG_COL_TEXT, "t.source"},
    {"source_name", VG_COL_TEXT, "d.name"},
    {"flags", VG_COL_INT, "t.flags"},
    {"purpose", VG_COL_TEXT, "t.purpose"},
    {NULL},
};
// By whom it was they are not chosen: that is a look-up (look.c).
static const vg_filter passage_filters[] = {{"site", "t.site = ?", VG_F_ID},
                                            {"point", "t.point = ?", VG_F_ID},
                                            {"from", "t.moved >= ?", VG_F_TIME},
                                            {"until", "t.moved < ?", VG_F_TIME},
                                            {NULL}};

static const vg_col refusal_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"at", VG_COL_TIME, "t.at"},
    {"way", VG_COL_TEXT, "t.way"},
    {"point", VG_COL_TEXT, "t.point"},
    {"point_name", VG_COL_TEXT, "p.name"},
    {"holder", VG_COL_TEXT, "t.holder"},
    {"name", VG_COL_TEXT, "c.name"},
    {"advice", VG_COL_TEXT, "t.advice"},
    {"reasons", VG_COL_JSON, "t.reasons"},
    {"why", VG_COL_TEXT, "t.why"},
    {"decided_by_name", VG_COL_TEXT, "u.name"},
    {"asked", VG_COL_TIME, "t.asked"},
    {"source", VG_COL_TEXT, "t.source"},
    {"source_name", VG_COL_TEXT, "d.name"},
    {NULL},
};
static const vg_filter refusal_filters[] = {
    {"site", "t.site = ?", VG_F_ID}, {"point", "t.point = ?", VG_F_ID}, {NULL}};

static const vg_col presence_cols[] = {
    {"id", VG_COL_TEXT, "t.holder"},
    {"site", VG_COL_TEXT, "t.site"},
    {"area", VG_COL_TEXT, "t.area"},
    {"area_name", VG_COL_TEXT, "a.name"},
    {"kind", VG_COL_TEXT, "t.holder_kind"},
    {"name", VG_COL_TEXT, "c.name"},
    {"company", VG_COL_TEXT, "c.company"},
    {"since", VG_COL_TIME, "t.since"},
    {"point_name", VG_COL_TEXT, "p.name"},
    {"flags", VG_COL_INT, "t.flags"},
    {NULL},
};
static const vg_filter presence_filters[] = {{"site", "t.site = ?", VG_F_ID},
                                             {"area", "t.area = ?", VG_F_ID},
                                             {"kind", "t.holder_kind = ?", VG_F_TEXT},
                                             {NULL}};

static const vg_col rule_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"name", VG_COL_TEXT, "t.name"},
    {"condition", VG_COL_TEXT, "t.condition"},
    {"say", VG_COL_TEXT, "t.say"},
    {"state", VG_COL_TEXT, "t.state"},
    {NULL},
};
static const vg_filter rule_filters[] = {
    {"site", "t.site = ?", VG_F_ID}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};

static const vg_col import_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"source", VG_COL_TEXT, "t.source"},
    {"rows", VG_COL_INT, "t.rows"},
    {"state", VG_COL_TEXT, "t.state"},
    {"at", VG_COL_TIME, "t.at"},
    {NULL},
};
static const vg_filter import_filters[] = {{"site", "t.site = ?", VG_F_ID}, {NULL}};

static const vg_col terminal_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"entries", VG_COL_INT, "t.seq"},
    {"offset_us", VG_COL_INT, "t.offset_us"},
    {"forks", VG_COL_INT, "t.forks"},
    {"gaps", VG_COL_INT, "t.gaps"},
    {"synced_at", VG_COL_TIME, "t.synced"},
    {NULL},
};
static const vg_filter terminal_filters[] = {{"site", "t.site = ?", VG_F_ID}, {NULL}};

static const vg_col miss_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"at", VG_COL_TIME, "t.at"},
    {"passage", VG_COL_TEXT, "t.passage"},
    {"moved", VG_COL_TIME, "g.moved"},
    {"way", VG_COL_TEXT, "g.way"},
    {"point_name", VG_COL_TEXT, "p.name"},
    {"holder", VG_COL_TEXT, "t.holder"},
    {"name", VG_COL_TEXT, "c.name"},
    {"ban_numbers", VG_COL_JSON, "t.entries"},
    {"state", VG_COL_TEXT, "t.state"},
    {"outcome", VG_COL_TEXT, "t.outcome"},
    {"why", VG_COL_TEXT, "t.why"},
    {"settled_by_name", VG_COL_TEXT, "u.name"},
    {"settled_at", VG_COL_TIME, "t.settled_at"},
    {NULL},
};
static const vg_filter miss_filters[] = {
    {"site", "t.site = ?", VG_F_ID}, {"state", "t.state = ?", VG_F_TEXT}, {NULL}};
// What a point's device told of. Of the vehicle that is expected the window, what it brings and who receives it.
static const vg_col arrival_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"site", VG_COL_TEXT, "t.site"},
    {"point", VG_COL_TEXT, "t.point"},
    {"point_name", VG_COL_TEXT, "p.name"},
    {"captured", VG_COL_TIME, "t.captured"},
    {"received", VG_COL_TIME, "t.at"},
    {"read_as", VG_COL_TEXT, "t.told"},
    {"shown", VG_COL_TEXT, "t.shown"},
    {"way", VG_COL_TEXT, "t.way"},
    {"holder", VG_COL_TEXT, "t.holder"},
    {"name", VG_COL_TEXT, "c.name"},
    {"holder_kind", VG_COL_TEXT, "h.kind"},
    {"class", VG_COL_TEXT, "h.class"},
    {"advice", VG_COL_TEXT, "t.say"},
    {"reasons", VG_COL_JSON, "t.reasons"},
    {"maybe", VG_COL_TEXT, "t.maybe"},
    {"expected", VG_COL_TEXT, "t.expected"},
    {"starts", VG_COL_TIME, "x.starts"},
    {"ends", VG_COL_TIME, "x.ends"},
    {"goods", VG_COL_TEXT, "x.goods"},
    {"host", VG_COL_TEXT, "x.host"},
    {"state", VG_COL_TEXT, "t.state"},
    {"decided", VG_COL_TIME, "t.decided"},
    {NULL},
};
static const vg_filter arrival_filters[] = {{"site", "t.site = ?", VG_F_ID},
                                            {"point", "t.point = ?", VG_F_ID},
                                            {"state", "t.state = ?", VG_F_TEXT},
                                            {NULL}};

// Whoever sees that there is somebody need not see who: the card's label counts.
static const vg_search find_holder = {
    .title = "c.name",
    .subtitle = "c.company",
    .more = "c.find",
    .site = "t.site",
    .columns = "state changed_at",
    .from = "v_gate_holder t LEFT JOIN v_gate_card c ON c.holder = t.id",
    .side = "gate_card",
    .side_key = "holder",
    .label = "COALESCE(c.label, t.label)",
};

static const vg_col lookup_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"at", VG_COL_TIME, "t.at"},
    {"holder", VG_COL_TEXT, "t.holder"},
    {"holder_name", VG_COL_TEXT, "c.name"},
    {"site", VG_COL_TEXT, "t.site"},
    {"purpose", VG_COL_TEXT, "t.purpose"},
    {"note", VG_COL_TEXT, "t.note"},
    {"incident", VG_COL_TEXT, "t.incident"},
    {"incident_number", VG_COL_TEXT, "i.number"},
    {"looked_by", VG_COL_TEXT, "t.looked_by"},
    {"looked_by_name", VG_COL_TEXT, "u.name"},
    {"many", VG_COL_BOOL, "t.many"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {NULL},
};
static const vg_filter lookup_filters[] = {
    {"holder", "t.holder = ?", VG_F_ID},     {"looked_by", "t.looked_by = ?", VG_F_TEXT},
    {"purpose", "t.purpose = ?", VG_F_TEXT}, {"since", "t.at >= ?", VG_F_TIME},
    {"until", "t.at < ?", VG_F_TIME},        {NULL},
};

const vg_resource gate_resources[] = {
    {"gate-areas", "/gate-areas", "gate.read", "gate_area",
     "v_gate_area t LEFT JOIN v_site s ON s.id = t.site LEFT JOIN v_gate_area p ON p.id = t.parent",
     "t", area_cols, area_filters, "t.at"},
    {"gate-lists", "/gate-lists", "gate.read", "gate_area_list",
     "v_gate_area_list t LEFT JOIN v_gate_area a ON a.id = t.area LEFT JOIN v_gate_card c ON"
     " c.holder = t.holder",
     "t", list_cols, list_filters, "t.at"},
    {"gate-points", "/gate-points", "gate.read", "gate_point",
     "v_gate_point t LEFT JOIN v_site s ON s.id = t.site LEFT JOIN v_gate g ON g.id = t.gate LEFT"
     " JOIN v_gate_area o ON o.id = t.outer_area LEFT JOIN v_gate_area i ON i.id = t.inner_area",
     "t", point_cols, point_filters, "t.at"},
    {"gate-holders", "/gate-holders", "gate.read", "gate_holder",
     "v_gate_holder t LEFT JOIN v_gate_card c ON c.holder = t.id LEFT JOIN v_presence r ON r.holder"
     " = t.id LEFT JOIN v_gate_area a ON a.id = r.area",
     "t", holder_cols, holder_filters, "t.changed_at", false, &find_holder},
    {"badges", "/badges", "gate.read", "badge",
     "v_badge t LEFT JOIN v_gate_card c ON c.holder = t.holder", "t", badge_cols, badge_filters,
     "t.at"},
    {"passages", "/passages", "gate.read", "passage",
     "v_passage t LEFT JOIN v_gate_point p ON p.id = t.point LEFT JOIN v_gate_area o ON o.id ="
     " t.to_area LEFT JOIN v_gate_card c ON c.holder = t.holder LEFT JOIN v_user_account u ON"
     " u.id = t.decided_by LEFT JOIN v_source d ON d.id = t.source",
     "t", passage_cols, passage_filters, "t.moved"},
    {"refusals", "/refusals", "gate.read", "refusal",
     "v_refusal t LEFT JOIN v_gate_point p ON p.id = t.point LEFT JOIN v_gate_card c ON c.holder ="
     " t.holder LEFT JOIN v_user_account u ON u.id = t.decided_by LEFT JOIN v_source d ON d.id ="
     " t.source",
     "t", refusal_cols, refusal_filters, "t.at"},
    {"arrivals", "/arrivals", "gate.read", "arrival",
     "v_arrival t LEFT JOIN v_gate_point p ON p.id = t.point LEFT JOIN v_gate_holder h ON h.id ="
     " t.holder LEFT JOIN v_gate_card c ON c.holder = t.holder LEFT JOIN v_vehicle_expected x ON"
     " x.id = t.expected",
     "t", arrival_cols, arrival_filters, "t.at"},
    {"gate-rules", "/gate-rules", "gate.read", "gate_rule", "v_gate_rule t", "t", rule_cols,
     rule_filters, "t.at"},
    {"passage-imports", "/passage-imports", "gate.read", "passage_import", "v_passage_import t",
     "t", import_cols, import_filters, "t.at"},
    {"gate-terminals", "/gate-terminals", "gate.read", "gate_terminal", "v_gate_terminal t", "t",
     terminal_cols, terminal_filters, "t.at"},
    {"gate-misses", "/gate-misses", "gate.read", "gate_miss",
     "v_gate_miss t LEFT JOIN v_passage g ON g.id = t.passage LEFT JOIN v_gate_point p ON p.id ="
     " t.point LEFT JOIN v_gate_card c ON c.holder = t.holder LEFT JOIN v_user_account u ON u.id ="
     " t.settled_by",
     "t", miss_cols, miss_filters, "t.at"},
    {"gate-lookups", "/gate-lookups", "people.lookups", "gate_lookup",
     "v_gate_lookup t LEFT JOIN v_gate_card c ON c.holder = t.holder LEFT JOIN v_incident i ON i.id"
     " = t.incident LEFT JOIN v_user_account u ON u.id = t.looked_by",
     "t", lookup_cols, lookup_filters, "t.at"},
    {"presence", "/presence", "gate.read", "presence",
     "v_presence t LEFT JOIN v_gate_area a ON a.id = t.area LEFT JOIN v_gate_card c ON c.holder ="
     " t.holder LEFT JOIN v_passage g ON g.id = t.passage LEFT JOIN v_gate_point p ON p.id ="
     " g.point",
     "t", presence_cols, presence_filters, "t.since"},
    {NULL},
};

// --- how many are inside ----------------------------------------------------------------------------
static const vg_field inside_fields[] = {{"site", VG_F_ID, VG_REQUIRED}, {NULL}};

static vg_status inside(vg_read *rd, const vg_args *args, vg_err *err)
{
    vg_rows *r;
    int64_t total = 0;
    VG_TRY(vg_rows_open(rd->db,
                        "SELECT a.id, a.name, a.most, t.holder_kind, count(t.holder) FROM"
                        " v_gate_area a LEFT JOIN v_presence t ON t.area = a.id WHERE a.site = ?"
                        " AND a.state = 'active' GROUP BY a.id, t.holder_kind ORDER BY a.at, a.id,"
                        " t.holder_kind",
                        VG_VALS(vg_t(vg_arg_str(args, "site"))), &r, err));
    vg_jw_open(&rd->out, '{');
    vg_jw_key(&rd->out, "areas");
    vg_jw_open(&rd->out, '[');
    while (vg_rows_next(r)) {
        vg_jw_open(&rd->out, '{');
        vg_jw_kstr(&rd->out, "area", vg_row_str(r, 0));
        vg_jw_kstr(&rd->out, "name", vg_row_str(r, 1));
        vg_jw_ki64(&rd->out, "most", vg_row_i64(r, 2));
        vg_jw_kstr(&rd->out, "kind", vg_row_str(r, 3));
        vg_jw_ki64(&rd->out, "inside", vg_row_i64(r, 4));
        vg_jw_close(&rd->out, '}');
        total += vg_row_i64(r, 4);
    }
    vg_jw_close(&rd->out, ']');
    vg_jw_ki64(&rd->out, "total", total);
    vg_jw_close(&rd->out, '}');
    return vg_rows_close(r, err);
}

const vg_query gate_queries[] = {
    {"gate.inside", "GET /gate/inside", "gate.read", inside_fields, inside},
    {"gate.snapshot", "GET /gate/terminal/snapshot", "gate.terminal", NULL, gate_snapshot},
    {NULL},
};
