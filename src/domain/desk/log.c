// SPDX-License-Identifier: Apache-2.0
// The log of an incident: what people wrote and what the program noted, in one order. A line is named by its
// journal event, so the log can be checked against the journal line by line.
#include "domain/desk/desk.h"

static const char *const kinds[] = {"note", "call", NULL};

const vg_field desk_log_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"text", VG_F_TEXT, VG_REQUIRED, .max = 2000},
    {"kind", VG_F_ENUM, .values = kinds},
    {NULL},
};

VG_HANDLER(desk_log_add)
{
    desk_incident_ref i;
    VG_TRY(desk_incident_at(cx, vg_arg_str(args, "id"), "desk.log", &i, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "kind", kinds[vg_arg_i64(args, "kind", 0)]);
    vg_jw_kstr(&cx->body, "text", vg_arg_str(args, "text"));
    vg_jw_kz(&cx->body, "by", cx->who->user);
    return desk_say(cx, &i, "desk.logged", err);
}

VG_FOLDER(desk_on_logged)
{
    return vg_put(ap, e,
                  "INSERT INTO incident_log (id, incident, by_user, kind, text, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                  "@name @subject by kind text @at @label @world", err);
}

vg_status desk_log_line(vg_apply *ap, const vg_event *e, const char *kind, vg_str incident,
                        vg_err *err)
{
    const vg_str by = vg_js_str(ap->arena, e->body, "by");
    vg_buf data;
    vg_buf_init(&data, e->body.n + 128);
    vg_buf_f(&data, "{\"event\":\"%.*s\",", VG_FMT(e->kind));
    vg_buf_add(&data, e->body.p + 1, e->body.n - 1);  // our own compact object, never empty
    const vg_status st = vg_exec(
        ap->db,
        "INSERT INTO incident_log (id, incident, by_user, kind, text, data, at, label, world)"
        " VALUES (?, ?, ?, ?, '', ?, ?, ?, ?)",
        VG_VALS(vg_t(vg_event_name(ap->arena, e->log, e->seq)), vg_t(incident), vg_t(by),
                vg_z(kind), vg_t(vg_buf_str(&data)), vg_i(e->recorded_us), vg_i(e->label),
                vg_i(e->world)),
        err);
    vg_buf_done(&data);
    return st;
}
