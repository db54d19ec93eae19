// SPDX-License-Identifier: Apache-2.0
// Incidents: live cases. One is opened by an officer, or asked for from an alert (then its id was chosen by
// the asker, so that the answer could name it). Its number runs per host agency and year. Free text here is
// about what happened, not about who people are: names of persons belong in records that can be erased.
#include "domain/desk/desk.h"

static const char *const levels[] = {"low", "medium", "high", "critical", NULL};

const vg_field desk_open_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"situation", VG_F_TEXT, VG_REQUIRED, .max = 40},
    {"title", VG_F_TEXT},
    {"level", VG_F_ENUM, .values = levels},
    {"alert", VG_F_ID},
    {NULL},
};
const vg_field desk_ask_fields[] = {
    {"incident", VG_F_ID, VG_REQUIRED},
    {"site", VG_F_ID, VG_REQUIRED},
    {"situation", VG_F_TEXT, VG_REQUIRED, .max = 40},
    {"title", VG_F_TEXT, .max = 300},
    {"level", VG_F_ENUM, .values = levels},
    {"alert", VG_F_ID},
    {"by", VG_F_TEXT},
    {NULL},
};

vg_status desk_incident_at(vg_cx *cx, vg_str id, const char *permission, desk_incident_ref *ret,
                           vg_err *err)
{
    vg_str c[6];
    VG_TRY(vg_look(cx,
                   "SELECT site, agency, number, state, family, label FROM incident WHERE id = ?",
                   id, c, 6, err));
    *ret = (desk_incident_ref){.id = vg_str_z(cx->arena, id),
                               .site = vg_str_z(cx->arena, c[0]),
                               .agency = vg_str_z(cx->arena, c[1]),
                               .number = c[2],
                               .state = c[3],
                               .family = c[4],
                               .label = (int32_t)vg_int(c[5])};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    return vg_require_own(cx, permission, ret->site, ret->agency, err);
}

vg_status desk_open_incident_at(vg_cx *cx, vg_str id, const char *permission,
                                desk_incident_ref *ret, vg_err *err)
{
    VG_TRY(desk_incident_at(cx, id, permission, ret, err));
    return vg_str_eqc(ret->state, "open")
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "desk.closed", "%.*s", VG_FMT(ret->number));
}

vg_status desk_say(vg_cx *cx, const desk_incident_ref *i, const char *kind, vg_err *err)
{
    VG_TRY(vg_say(cx, &(vg_saying){kind, i->site, i->id, i->label}, err));
    vg_jw_kz(&cx->reply, "id", i->id);
    vg_jw_kstr(&cx->reply, "number", i->number);
    return VG_OK;
}

typedef struct opening {
    const char *id, *by;
    const vg_args *args;
} opening;

// An alert named at the opening must be of this site (or of none: across sites) and not in an incident already.
static vg_status alert_fits(vg_cx *cx, const vg_args *args, const char *site, vg_str *ret_number,
                            vg_err *err)
{
    vg_str c[4];
    *ret_number = (vg_str){"", 0};
    if (!vg_arg_has(args, "alert")) {
        return VG_OK;
    }
    const vg_str alert = vg_arg_str(args, "alert");
    if (vg_look(cx, "SELECT site, incident_number, number, label FROM alert WHERE id = ?", alert, c,
                4, err) != VG_OK ||
        (c[0].n && !vg_str_eqc(c[0], site)) ||
        vg_seen(cx, (int32_t)vg_int(c[3]), "alert", err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "alert", "desk.alert_elsewhere", "%.*s", VG_FMT(alert));
    }
    *ret_number = c[2];
    return c[1].n ? vg_fail(err, VG_ECONFLICT, "alert", "alerts.has_incident", "%.*s", VG_FMT(c[1]))
                  : VG_OK;
}

static vg_status open_it(vg_cx *cx, const opening *o, const vg_site_ref *site, vg_err *err)
{
    vg_str kind[2], alert_number;
    vg_number number;
    desk_incident_ref i = {.id = o->id, .site = site->id};
    const vg_args *args = o->args;
    if (vg_look(cx, "SELECT family, title_vi FROM situation WHERE code = ? AND valid_to IS NULL",
                vg_arg_str(args, "situation"), kind, 2, err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "situation", "alerts.no_situation", "%.*s",
                       VG_FMT(vg_arg_str(args, "situation")));
    }
    VG_TRY(alert_fits(cx, args, site->id, &alert_number, err));
    VG_TRY(vg_number_next(cx, "SELECT n FROM incident_counter WHERE agency = ? AND year = ?",
                          site->agency, "VV", &number, err));
    VG_TRY(vg_label_of(cx, site->agency, VG_C_SHARED, site->id, VG_S_NORMAL, &i.label, err));
    i.number = vg_str_c(number.text);
    vg_body(cx);
    vg_jw_kz(&cx->body, "number", number.text);
    vg_jw_ki64(&cx->body, "year", number.year);
    vg_jw_ki64(&cx->body, "serial", number.n);
    vg_jw_kz(&cx->body, "agency", site->agency);
    vg_jw_kstr(&cx->body, "situation", vg_arg_str(args, "situation"));
    vg_jw_kstr(&cx->body, "family", kind[0]);
    vg_jw_kstr(&cx->body, "title",
               vg_arg_str(args, "title").n ? vg_arg_str(args, "title") : kind[1]);
    vg_jw_kz(&cx->body, "level", levels[vg_arg_i64(args, "level", 1)]);
    vg_jw_kz(&cx->body, "by", o->by);
    if (vg_arg_has(args, "alert")) {
        vg_jw_kstr(&cx->body, "alert", vg_arg_str(args, "alert"));
        vg_jw_kstr(&cx->body, "alert_number", alert_number);
    }
    return desk_say(cx, &i, "desk.incident_opened", err);
}

VG_HANDLER(desk_open)
{
    char id[VG_ID_TEXT];
    vg_site_ref site;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "desk.open", &site, err));
    vg_new_id(cx, id);
    return open_it(cx, &(opening){id, cx->who->user, args}, &site, err);
}

VG_HANDLER(desk_open_asked)
{
    vg_site_ref site;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "desk.open", &site, err));
    const opening o = {vg_str_z(cx->arena, vg_arg_str(args, "incident")),
                       vg_str_z(cx->arena, vg_arg_str(args, "by")), args};
    return open_it(cx, &o, &site, err);
}

static vg_status link_alert(vg_apply *ap, const vg_event *e, vg_err *err)
{
    VG_TRY(vg_exec(ap->db, "UPDATE incident SET alerts_n = 1 WHERE id = ?",
                   VG_VALS(vg_t(e->subject)), err));
    return vg_put(ap, e,
                  "INSERT INTO incident_alert (id, incident, alert, number, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?)",
                  "@name @subject alert alert_number @at @label @world", err);
}

VG_FOLDER(desk_on_opened)
{
    VG_TRY(
        vg_put(ap, e,
               "INSERT INTO incident_counter (agency, year, n, label, world) VALUES (?, ?, ?, ?, ?)"
               " ON CONFLICT (agency, year) DO UPDATE SET n = excluded.n",
               "agency year serial @label @world", err));
    VG_TRY(vg_put(
        ap, e,
        "INSERT INTO incident (id, number, agency, site, situation, family, title, level, "
        "opened_at,"
        " opened_by, owner, at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "@subject number agency @site situation family title level @at by by @at @label @world",
        err));
    if (vg_js_str(ap->arena, e->body, "alert").n) {
        VG_TRY(link_alert(ap, e, err));
    }
    return desk_log_line(ap, e, "state", e->subject, err);
}
