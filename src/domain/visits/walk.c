// SPDX-License-Identifier: Apache-2.0
// Who comes without having been announced is written down by the guard: one command makes the visit and its guest, and
// what the site asks to be agreed is asked then. Lists of expected people come in the same way, a row each; rows that
// name the same time, purpose, office and host are one visit.
#include "domain/visits/visits.h"

#include "core/core.h"

const vg_field visits_walk_in_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    VISITS_WHO,
    {"host", VG_F_ID},
    {"host_user", VG_F_ID},
    {"office", VG_F_TEXT, .max = 80},
    {"purpose", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {"ends", VG_F_TIME},
    {"areas", VG_F_JSON, .max = 500},
    {"escort", VG_F_BOOL},
    {"told", VG_F_BOOL},
    {NULL},
};
// The number is a text here: a file is read by the imports module, which keeps it with the file and no longer.
const vg_field visits_expect_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"company", VG_F_TEXT, .max = 120},
    {"born", VG_F_INT, .min = 1900, .max = 2100},
    {"doc_kind", VG_F_ENUM, .values = visits_papers},
    {"doc_number", VG_F_TEXT, .max = 32},
    {"purpose", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {"office", VG_F_TEXT, .max = 80},
    {"host", VG_F_ID},
    {"starts", VG_F_TIME, VG_REQUIRED},
    {"ends", VG_F_TIME},
    {NULL},
};

static visits_new of_args(const vg_args *args, const vg_site_ref *site, const char *kind)
{
    return (visits_new){.site = site->id,
                        .agency = site->agency,
                        .kind = vg_str_c(kind),
                        .host = vg_arg_str(args, "host"),
                        .office = vg_arg_str(args, "office"),
                        .purpose = vg_arg_str(args, "purpose"),
                        .starts_us = 0};
}

static vg_status make_with_guest(vg_cx *cx, const vg_args *args, visits_new *n, bool told,
                                 vg_err *err)
{
    vg_str state = {0};
    char visit[VG_ID_TEXT], guest[VG_ID_TEXT];
    if (!n->ends_us) {
        VG_TRY(visits_closing(cx, n->site, n->starts_us, &n->ends_us, err));
    }
    VG_TRY(vg_label_of(cx, n->agency, VG_C_GATE, n->site, VG_S_NORMAL, &n->label, err));
    vg_new_id(cx, guest);  // the first id of the command: what an import names the row by
    VG_TRY(visits_make(cx, n, visit, err));
    // Of what was just made nothing is read: where a row of a list is only tried, nothing was.
    const visits_visit v = {.id = visit,
                            .agency = n->agency,
                            .site = n->site,
                            .kind = n->kind,
                            .host = n->host,
                            .host_user = n->host_user,
                            .starts_us = n->starts_us,
                            .ends_us = n->ends_us,
                            .label = n->label};
    VG_TRY(visits_add_guest(cx, args, &v, told, guest, err));
    vg_jw_kz(&cx->reply, "visit", visit);
    if (vg_look(cx, "SELECT state FROM visit WHERE id = ?", vg_str_c(visit), &state, 1, NULL) ==
        VG_OK) {
        vg_jw_kstr(&cx->reply, "state", state);
    }
    return VG_OK;
}

VG_HANDLER(visits_walk_in)
{
    vg_site_ref site;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "visits.walk_in", &site, err));
    visits_new n = of_args(args, &site, "walk_in");
    n.host_user = vg_arg_str(args, "host_user");
    n.areas = vg_arg_str(args, "areas");
    n.starts_us = cx->now_us;
    n.ends_us = vg_arg_i64(args, "ends", 0);
    n.escort = vg_arg_i64(args, "escort", 0) != 0;
    return make_with_guest(cx, args, &n, vg_arg_i64(args, "told", 0) != 0, err);
}

// The visit of the same list that is there already.
static vg_status same_visit(vg_cx *cx, const visits_new *n, char ret_id[VG_ID_TEXT], vg_err *err)
{
    vg_rows *r;
    *ret_id = 0;
    VG_TRY(
        vg_rows_open(cx->db,
                     "SELECT id FROM visit WHERE site = ? AND starts = ? AND kind = ? AND purpose"
                     " = ? AND COALESCE(office, '') = ? AND COALESCE(host, '') = ? AND state"
                     " IN ('planned', 'approved') LIMIT 1",
                     VG_VALS(vg_z(n->site), vg_i(n->starts_us), vg_t(n->kind), vg_t(n->purpose),
                             vg_t(n->office), vg_t(n->host)),
                     &r, err));
    if (vg_rows_next(r)) {
        snprintf(ret_id, VG_ID_TEXT, "%.*s", VG_FMT(vg_row_str(r, 0)));
    }
    return vg_rows_close(r, err);
}

VG_HANDLER(visits_expect)
{
    vg_site_ref site;
    visits_visit v;
    char same[VG_ID_TEXT], guest[VG_ID_TEXT];
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "visits.plan", &site, err));
    visits_new n = of_args(args, &site, "group");
    n.starts_us = vg_arg_i64(args, "starts", 0);
    n.ends_us = vg_arg_i64(args, "ends", 0);
    VG_TRY(same_visit(cx, &n, same, err));
    if (!*same) {
        return make_with_guest(cx, args, &n, false, err);
    }
    VG_TRY(visits_at(cx, vg_str_c(same), "id", &v, err));
    vg_new_id(cx, guest);
    return visits_add_guest(cx, args, &v, false, guest, err);
}

// --- lists ------------------------------------------------------------------------------------------
static const char PERSONS[] =
    "SELECT t.id, c.code, c.name FROM v_person t JOIN v_person_card c ON c.person = t.id WHERE"
    " t.state = 'active'";
static const char SITES[] = "SELECT t.id, t.code, t.name FROM v_site t WHERE t.state = 'active'";

static const vg_import_field guest_fields[] = {
    {"site", 0, SITES},   {"name", 0, NULL},     {"company", 0, NULL},
    {"born", 0, NULL},    {"doc_kind", 0, NULL}, {"doc_number", VG_IMP_UNREAD, NULL},
    {"purpose", 0, NULL}, {"office", 0, NULL},   {"host", 0, PERSONS},
    {"starts", 0, NULL},  {"ends", 0, NULL},     {NULL},
};

const vg_import visits_imports[] = {
    {.name = "visits",
     .permission = "visits.plan_own",
     .add = "visits.expect",
     .withdraw = "visits.guest_remove",
     .fields = guest_fields,
     .keys =
         {{"site starts name",
           "SELECT g.id FROM visit v JOIN visit_guest g ON g.visit = v.id AND g.state <>"
           " 'removed' JOIN gate_card c ON c.holder = g.holder WHERE v.site = ? AND v.starts = ?"
           " AND c.name = ? AND v.state <> 'cancelled' AND v.kind = 'group'"}},
     .read = "SELECT v.site, c.name, COALESCE(c.company, ''), COALESCE(c.born, ''),"
             " COALESCE(c.doc_kind, ''), '', v.purpose, COALESCE(v.office, ''), COALESCE(v.host,"
             " ''), v.starts, v.ends FROM visit_guest g JOIN visit v ON v.id = g.visit JOIN"
             " gate_card c ON c.holder = g.holder WHERE g.id = ?",
     .max_rows = 20000},
    {NULL},
};
