// SPDX-License-Identifier: Apache-2.0
// Alerts and incidents. An officer attaches an alert by hand; an alert that is raised at a site where an
// incident of the same family (intrusion, fire, …) is open is attached at once, so that one case is one row on
// the desk. The alert itself stays an alert of its own: it is never hidden by being attached.
#include "domain/desk/desk.h"

const vg_field desk_attach_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"alert", VG_F_ID, VG_REQUIRED},
    {NULL},
};
const vg_field desk_consider_fields[] = {
    {"alert", VG_F_ID, VG_REQUIRED},
    {"site", VG_F_ID, VG_REQUIRED},
    {"situation", VG_F_TEXT, .max = 40},
    {"number", VG_F_TEXT, .max = 32},
    {NULL},
};

// What belongs to an incident is known to all who know that; an alert that fewer may see is left to a person.
static vg_status same_reach(vg_cx *cx, const desk_incident_ref *i, vg_str alert, bool *ret,
                            vg_err *err)
{
    vg_str c[1];
    VG_TRY(vg_look(cx, "SELECT label FROM alert WHERE id = ?", alert, c, 1, err));
    *ret = vg_int(c[0]) == i->label;
    return VG_OK;
}

static vg_status attach(vg_cx *cx, const desk_incident_ref *i, vg_str alert, vg_str number,
                        bool automatic, vg_err *err)
{
    vg_body(cx);
    vg_jw_kstr(&cx->body, "alert", alert);
    vg_jw_kstr(&cx->body, "alert_number", number);
    vg_jw_kstr(&cx->body, "number", i->number);
    vg_jw_kbool(&cx->body, "automatic", automatic);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    return desk_say(cx, i, "desk.alert_attached", err);
}

VG_HANDLER(desk_attach)
{
    desk_incident_ref i;
    vg_str c[4];
    const vg_str alert = vg_arg_str(args, "alert");
    VG_TRY(desk_open_incident_at(cx, vg_arg_str(args, "id"), "desk.open", &i, err));
    const vg_status st =
        vg_look(cx, "SELECT site, number, incident_number, label FROM alert WHERE id = ?", alert, c,
                4, err);
    if (st != VG_OK || (c[0].n && !vg_str_eqc(c[0], i.site)) ||
        vg_seen(cx, (int32_t)vg_int(c[3]), "alert", NULL) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "alert", "desk.alert_elsewhere", "%.*s", VG_FMT(alert));
    }
    if (c[2].n) {
        return vg_fail(err, VG_ECONFLICT, "alert", "alerts.has_incident", "%.*s", VG_FMT(c[2]));
    }
    return attach(cx, &i, alert, c[1], false, err);
}

VG_HANDLER(desk_consider_alert)
{
    vg_str c[1], family;
    vg_rows *r;
    desk_incident_ref i;
    if (vg_look(cx, "SELECT family FROM situation WHERE code = ?", vg_arg_str(args, "situation"),
                &family, 1, NULL) != VG_OK) {
        return VG_OK;
    }
    VG_TRY(vg_rows_open(
        cx->db,
        "SELECT id FROM incident WHERE site = ? AND state = 'open' AND family = ? AND world = ?"
        " ORDER BY at DESC LIMIT 1",
        VG_VALS(vg_t(vg_arg_str(args, "site")), vg_t(family), vg_i(cx->world)), &r, err));
    const bool found = vg_rows_next(r);
    c[0] = found ? vg_str_dup(cx->arena, vg_row_str(r, 0)) : (vg_str){"", 0};
    VG_TRY(vg_rows_close(r, err));
    if (!found) {
        return VG_OK;
    }
    bool same;
    VG_TRY(desk_open_incident_at(cx, c[0], "desk.open", &i, err));
    VG_TRY(same_reach(cx, &i, vg_arg_str(args, "alert"), &same, err));
    return same ? attach(cx, &i, vg_arg_str(args, "alert"), vg_arg_str(args, "number"), true, err)
                : VG_OK;
}

VG_FOLDER(desk_on_attached)
{
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO incident_alert (id, incident, alert, number, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (incident, alert) DO NOTHING",
                  "@name @subject alert alert_number @at @label @world", err));
    VG_TRY(vg_exec(ap->db,
                   "UPDATE incident SET alerts_n = (SELECT count(*) FROM incident_alert l"
                   " WHERE l.incident = incident.id) WHERE id = ?",
                   VG_VALS(vg_t(e->subject)), err));
    return desk_log_line(ap, e, "alert", e->subject, err);
}
