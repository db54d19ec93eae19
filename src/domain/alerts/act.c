// SPDX-License-Identifier: Apache-2.0
// What people do with an alert: acknowledge (I have it), close (this is what it was), open an incident from
// it. Closing needs a disposition, because the record of a rule (how often it was right) is made of them. An
// alert about a silent source closes itself when the source returns, but a critical one stays until somebody
// has acknowledged it.
#include "domain/alerts/alerts.h"

static const char *const dispositions[] = {
    "real", "test", "false_device", "false_person", "duplicate", "unknown", NULL};

const vg_field alerts_acknowledge_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"disposition", VG_F_ENUM, .values = dispositions},
    {"note", VG_F_TEXT, .max = 1000},
    {NULL},
};
const vg_field alerts_close_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"disposition", VG_F_ENUM, VG_REQUIRED, .values = dispositions},
    {"note", VG_F_TEXT, .max = 1000},
    {NULL},
};
const vg_field alerts_incident_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"site", VG_F_ID},  // for an alert across sites; else where its last event was
    {"situation", VG_F_TEXT, .max = 40},
    {"title", VG_F_TEXT, .max = 200},
    {NULL},
};
const vg_field alerts_set_incident_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"incident", VG_F_ID, VG_REQUIRED},
    {"number", VG_F_TEXT, VG_REQUIRED, .max = 32},
    {NULL},
};
const vg_field alerts_source_fields[] = {
    {"source", VG_F_ID, VG_REQUIRED},
    {"cause", VG_F_TEXT},  // source_silent unless another is named
    {NULL},
};

vg_status alerts_at(vg_cx *cx, vg_str id, const char *permission, alerts_ref *ret, vg_err *err)
{
    vg_str c[12];
    VG_TRY(vg_look(cx,
                   "SELECT site, agency, number, state, level, situation, title_vi, zone, "
                   "incident_number, label,"
                   " cleared_at, place FROM alert WHERE id = ?",
                   id, c, VG_LEN(c), err));
    *ret = (alerts_ref){.id = vg_str_z(cx->arena, id),
                        .site = vg_str_z(cx->arena, c[0]),
                        .agency = vg_str_z(cx->arena, c[1]),
                        .number = c[2],
                        .state = c[3],
                        .level = c[4],
                        .situation = c[5],
                        .title_vi = c[6],
                        .zone = c[7],
                        .incident_number = c[8],
                        .label = (int32_t)vg_int(c[9]),
                        .cleared = vg_int(c[10]) != 0,
                        .place = c[11]};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    return vg_require_own(cx, permission, ret->site, ret->agency, err);
}

vg_status alerts_say(vg_cx *cx, const alerts_ref *a, const char *kind, vg_err *err)
{
    VG_TRY(vg_say(cx, &(vg_saying){kind, a->site, a->id, a->label}, err));
    vg_jw_kz(&cx->reply, "id", a->id);
    vg_jw_kstr(&cx->reply, "number", a->number);
    return VG_OK;
}

VG_HANDLER(alerts_acknowledge)
{
    alerts_ref a;
    VG_TRY(alerts_at(cx, vg_arg_str(args, "id"), "alerts.acknowledge", &a, err));
    if (!vg_str_eqc(a.state, "open")) {
        return vg_fail(err, VG_ECONFLICT, "id", "alerts.not_open", "%.*s", VG_FMT(a.number));
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_kz(&cx->body, "by", cx->who->user);
    vg_jw_kz(&cx->body, "state", a.cleared ? "closed" : "acknowledged");
    return alerts_say(cx, &a, "alerts.acknowledged", err);
}

VG_FOLDER(alerts_on_acknowledged)
{
    VG_TRY(alerts_count(ap, e->subject, -1, err));
    VG_TRY(vg_put(ap, e,
                  "UPDATE alert SET state = ?, ack_by = ?, ack_at = ?, disposition = COALESCE(?, "
                  "disposition),"
                  " note = COALESCE(?, note) WHERE id = ?",
                  "state by @at disposition note @subject", err));
    return alerts_count(ap, e->subject, 1, err);
}

VG_HANDLER(alerts_close)
{
    alerts_ref a;
    VG_TRY(alerts_at(cx, vg_arg_str(args, "id"), "alerts.close", &a, err));
    if (vg_str_eqc(a.state, "closed")) {
        return vg_fail(err, VG_ECONFLICT, "id", "alerts.closed", "%.*s", VG_FMT(a.number));
    }
    const vg_str d = vg_arg_str(args, "disposition");
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_kz(&cx->body, "by", cx->who->user);
    vg_jw_ki64(&cx->body, "false", vg_str_starts(d, "false_"));
    return alerts_say(cx, &a, "alerts.closed", err);
}

VG_FOLDER(alerts_on_closed)
{
    VG_TRY(alerts_count(ap, e->subject, -1, err));
    VG_TRY(vg_put(
        ap, e,
        "UPDATE alert SET state = 'closed', disposition = ?, note = COALESCE(?, note), closed_by = "
        "?,"
        " closed_at = ?, ack_by = COALESCE(ack_by, ?), ack_at = COALESCE(ack_at, ?) WHERE id = ?",
        "disposition note by @at by @at @subject", err));
    VG_TRY(alerts_count(ap, e->subject, 1, err));
    return vg_put(
        ap, e,
        "INSERT INTO rule_record (id, rule, site, n, n_false, label, world)"
        " SELECT a.rule || '@' || a.site, a.rule, a.site, 1, ?, a.label, a.world FROM alert a"
        " WHERE a.id = ? AND a.test = 0"
        " ON CONFLICT (rule, site) DO UPDATE SET n = rule_record.n + 1,"
        " n_false = rule_record.n_false + excluded.n_false",
        "false @subject", err);
}

// --- incidents ----------------------------------------------------------------------------------
// An incident is a site's: of an alert across sites, of the one that is named or the last one heard from.
static vg_status incident_site(vg_cx *cx, const vg_args *args, const alerts_ref *a, vg_str *ret,
                               vg_err *err)
{
    vg_site_ref site;
    *ret = vg_arg_has(args, "site") ? vg_arg_str(args, "site") : a->place;
    if (*a->site) {
        return vg_arg_has(args, "site") && !vg_str_eqc(*ret, a->site)
                   ? vg_fail(err, VG_EINVALID, "site", "desk.alert_elsewhere", "%.*s",
                             VG_FMT(a->number))
                   : VG_OK;
    }
    return vg_site_at(cx, *ret, "alerts.open_incident", &site, err);
}

VG_HANDLER(alerts_open_incident)
{
    alerts_ref a;
    vg_str site = {"", 0};
    char incident[VG_ID_TEXT];
    VG_TRY(alerts_at(cx, vg_arg_str(args, "id"), "alerts.open_incident", &a, err));
    if (a.incident_number.n) {
        return vg_fail(err, VG_ECONFLICT, "id", "alerts.has_incident", "%.*s",
                       VG_FMT(a.incident_number));
    }
    const vg_str title = vg_arg_has(args, "title") ? vg_arg_str(args, "title") : a.title_vi;
    const vg_str situation =
        vg_arg_has(args, "situation") ? vg_arg_str(args, "situation") : a.situation;
    if (vg_arg_has(args, "situation")) {
        int64_t known = 0;
        VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM situation WHERE code = ?",
                          VG_VALS(vg_t(situation)), 0, &known, err));
        if (!known) {
            return vg_fail(err, VG_EINVALID, "situation", "alerts.no_situation", "%.*s",
                           VG_FMT(situation));
        }
    }
    VG_TRY(incident_site(cx, args, &a, &site, err));
    vg_new_id(cx, incident);
    vg_body(cx);
    vg_jw_kz(&cx->body, "incident", incident);
    if (!*a.site) {
        vg_jw_kstr(&cx->body, "site", site);
    }
    vg_jw_kstr(&cx->body, "situation", situation.n ? situation : VG_S("other"));
    vg_jw_kstr(&cx->body, "title", title);
    vg_jw_kstr(&cx->body, "level", a.level);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    VG_TRY(alerts_say(cx, &a, "alerts.incident_asked", err));
    vg_jw_kz(&cx->reply, "incident", incident);
    return VG_OK;
}

VG_HANDLER(alerts_set_incident)
{
    alerts_ref a;
    VG_TRY(alerts_at(cx, vg_arg_str(args, "id"), "alerts.set_incident", &a, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    return alerts_say(cx, &a, "alerts.incident_set", err);
}

VG_FOLDER(alerts_on_incident_set)
{
    return vg_put(ap, e, "UPDATE alert SET incident = ?, incident_number = ? WHERE id = ?",
                  "incident number @subject", err);
}

// --- over by itself: a silent source that came back, a clock that is right again, a condition that ended ---
vg_status alerts_clear_one(vg_cx *cx, const alerts_ref *a, const char *why, vg_err *err)
{
    const bool waits = vg_str_eqc(a->level, "critical") && vg_str_eqc(a->state, "open");
    bool fleeting = false;
    VG_TRY(alerts_is_fleeting(cx, vg_str_c(a->id), &fleeting, err));
    vg_body(cx);
    if (fleeting) {
        vg_jw_kbool(&cx->body, "fleeting", true);
    }
    vg_jw_kz(&cx->body, "why", why);
    vg_jw_kstr(&cx->body, "state", waits ? a->state : VG_S("closed"));
    return vg_say(cx, &(vg_saying){"alerts.cleared", a->site, a->id, a->label}, err);
}

VG_HANDLER(alerts_source_returned)
{
    enum { MOST = 32 };
    vg_str ids[MOST];
    size_t n = 0;
    vg_rows *r;
    const vg_str cause = vg_arg_str(args, "cause");
    VG_TRY(vg_rows_open(
        cx->db,
        "SELECT id FROM alert WHERE source = ? AND cause = ?"
        " AND state IN ('open', 'acknowledged') AND cleared_at IS NULL ORDER BY at LIMIT 32",
        VG_VALS(vg_t(vg_arg_str(args, "source")), vg_t(cause.n ? cause : VG_S("source_silent"))),
        &r, err));
    while (n < MOST && vg_rows_next(r)) {
        ids[n++] = vg_str_dup(cx->arena, vg_row_str(r, 0));
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t i = 0; i < n; i++) {
        alerts_ref a;
        VG_TRY(alerts_at(cx, ids[i], "alerts.clear", &a, err));
        VG_TRY(alerts_clear_one(cx, &a, cause.n ? "clock_right" : "source_returned", err));
    }
    return VG_OK;
}

VG_FOLDER(alerts_on_cleared)
{
    VG_TRY(alerts_count(ap, e->subject, -1, err));
    VG_TRY(vg_put(ap, e,
                  "UPDATE alert SET cleared_at = ?, state = ?, fleeting = COALESCE(?, fleeting)"
                  " WHERE id = ?",
                  "@at state fleeting @subject", err));
    return alerts_count(ap, e->subject, 1, err);
}
