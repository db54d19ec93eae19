// SPDX-License-Identifier: Apache-2.0
// Who has to agree to a visit is data of the site and of its areas: nobody, a superior of whoever planned it, or
// somebody named. Each of those asked decides for himself and only for himself; one refusal is the answer, the last
// agreement makes it count. What was decided stays.
#include "domain/visits/visits.h"

static const char *const needs[] = {"none", "supervisor", "named", NULL};
static const char *const decisions[] = {"approved", "refused", NULL};

const vg_field visits_approval_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"area", VG_F_ID},
    {"need", VG_F_ENUM, VG_REQUIRED, .values = needs},
    {"named", VG_F_ID},
    {NULL},
};
const vg_field visits_decide_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"decision", VG_F_ENUM, VG_REQUIRED, .values = decisions},
    {"reason", VG_F_TEXT, .max = 300},
    {NULL},
};

VG_HANDLER(visits_approval_set)
{
    vg_site_ref site;
    vg_str c[1];
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "visits.edit", &site, err));
    if (vg_arg_has(args, "area") && (vg_look(cx, "SELECT site FROM gate_area WHERE id = ?",
                                             vg_arg_str(args, "area"), c, 1, err) != VG_OK ||
                                     !vg_str_eqc(c[0], site.id))) {
        return vg_fail(err, VG_EINVALID, "area", "visits.areas", "%s", "");
    }
    const bool named = vg_str_eqc(vg_arg_str(args, "need"), "named");
    if (named != vg_arg_has(args, "named") ||
        (named && vg_look(cx, "SELECT label FROM user_account WHERE id = ?",
                          vg_arg_str(args, "named"), c, 1, err) != VG_OK)) {
        return vg_fail(err, VG_EINVALID, "named", "visits.named", "%s", "");
    }
    VG_TRY(vg_label_of(cx, site.agency, VG_C_GATE, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site");
    VG_TRY(vg_say(cx, &(vg_saying){"visits.approval_set", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(visits_on_approval_set)
{
    return vg_put(
        ap, e,
        "INSERT INTO visit_approval (id, site, area, need, named, at, label, world) VALUES"
        " (?, ?, COALESCE(?, ''), ?, ?, ?, ?, ?) ON CONFLICT (site, area) DO UPDATE SET"
        " need = excluded.need, named = excluded.named, at = excluded.at",
        "@subject @site area need named @at @label @world", err);
}

// --- asked ------------------------------------------------------------------------------------------
static vg_status ask_step(vg_cx *cx, const visits_new *n, const char *visit, vg_rows *r,
                          vg_err *err)
{
    char id[VG_ID_TEXT];
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "visit", visit);
    if (vg_row_str(r, 0).n) {
        vg_jw_kstr(&cx->body, "area", vg_row_str(r, 0));
    }
    vg_jw_kstr(&cx->body, "need", vg_row_str(r, 1));
    if (vg_row_str(r, 2).n) {
        vg_jw_kstr(&cx->body, "named", vg_row_str(r, 2));
    }
    return vg_say(cx, &(vg_saying){"visits.step_asked", n->site, id, n->label}, err);
}

vg_status visits_ask_steps(vg_cx *cx, const visits_new *n, const char *visit, vg_err *err)
{
    vg_rows *r;
    vg_status st = VG_OK;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT area, need, named FROM visit_approval WHERE site = ? AND need <>"
                        " 'none' AND (area = '' OR area IN (SELECT value FROM json_each(?))) ORDER"
                        " BY area",
                        VG_VALS(vg_z(n->site), vg_t(n->areas.n ? n->areas : VG_S("[]"))), &r, err));
    while (st == VG_OK && vg_rows_next(r)) {
        st = ask_step(cx, n, visit, r, err);
    }
    const vg_status closed = vg_rows_close(r, err);
    return st != VG_OK ? st : closed;
}

VG_FOLDER(visits_on_step_asked)
{
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO visit_step (id, visit, site, area, need, named, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject visit @site area need named @at @label @world", err));
    return vg_put(ap, e, "UPDATE visit SET state = 'planned', changed_at = ? WHERE id = ?",
                  "@at visit", err);
}

// --- decided ----------------------------------------------------------------------------------------
typedef struct step {
    const char *id;
    bool mine;
} step;

static vg_status my_steps(vg_cx *cx, const visits_visit *v, step *steps, size_t *ret_n, vg_err *err)
{
    vg_rows *r;
    const vg_str me = vg_str_c(cx->who->user);
    const bool own = me.n && (vg_str_eq(me, v->planned_by) || vg_str_eq(me, v->host_user));
    const bool may = vg_require_own(cx, "visits.approve", v->site, v->agency, NULL) == VG_OK;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT id, need, named FROM visit_step WHERE visit = ? AND state ="
                        " 'pending' ORDER BY at, id",
                        VG_VALS(vg_z(v->id)), &r, err));
    *ret_n = 0;
    while (*ret_n < VISITS_AREAS_MAX + 1 && vg_rows_next(r)) {
        const bool named = vg_str_eqc(vg_row_str(r, 1), "named");
        steps[*ret_n] = (step){vg_str_z(cx->arena, vg_row_str(r, 0)),
                               may && (named ? !me.n || vg_str_eq(me, vg_row_str(r, 2)) : !own)};
        ++*ret_n;
    }
    return vg_rows_close(r, err);
}

VG_HANDLER(visits_decide)
{
    visits_visit v;
    step steps[VISITS_AREAS_MAX + 1];
    size_t n = 0, done = 0;
    VG_TRY(visits_at(cx, vg_arg_str(args, "id"), "id", &v, err));
    VG_TRY(vg_require_own(cx, "visits.approve", v.site, v.agency, err));
    const bool refused = vg_str_eqc(vg_arg_str(args, "decision"), "refused");
    if (!vg_str_eqc(v.state, "planned")) {
        return vg_fail(err, VG_ECONFLICT, "id", "visits.not_waiting", "%s", "");
    }
    if (refused && !vg_str_trim(vg_arg_str(args, "reason")).n) {
        return vg_fail(err, VG_EINVALID, "reason", "err.field_missing", "%s", "reason");
    }
    VG_TRY(my_steps(cx, &v, steps, &n, err));
    for (size_t i = 0; i < n; i++) {
        if (steps[i].mine) {
            vg_body(cx);
            vg_jw_kz(&cx->body, "visit", v.id);
            vg_body_args(cx, args, "");
            VG_TRY(vg_say(cx, &(vg_saying){"visits.decided", v.site, steps[i].id, v.label}, err));
            done++;
        }
    }
    return done ? VG_OK : vg_fail(err, VG_ECONFLICT, "id", "visits.not_yours", "%s", "");
}

VG_FOLDER(visits_on_decided)
{
    VG_TRY(
        vg_put(ap, e,
               "UPDATE visit_step SET state = ?, reason = ?, decided_by = ?, decided_at = ? WHERE"
               " id = ?",
               "decision reason @actor @at @subject", err));
    return vg_put(ap, e,
                  "UPDATE visit SET state = CASE WHEN ?1 = 'refused' THEN 'refused' WHEN EXISTS"
                  " (SELECT 1 FROM visit_step s WHERE s.visit = visit.id AND s.state = 'pending')"
                  " THEN 'planned' ELSE 'approved' END, reason = ?2, changed_at = ?3 WHERE id = ?4"
                  " AND state = 'planned'",
                  "decision reason @at visit", err);
}
