// SPDX-License-Identifier: Apache-2.0
// Inside of the desk module.
#pragma once

#include "domain/kit.h"

typedef struct desk_incident_ref {
    const char *id, *site, *agency;
    vg_str number, state, family;
    int32_t label;
} desk_incident_ref;
vg_status desk_incident_at(vg_cx *cx, vg_str id, const char *permission, desk_incident_ref *ret,
                           vg_err *err) VG_USE_RESULT;
// As above, and VG_ECONFLICT unless it is open.
vg_status desk_open_incident_at(vg_cx *cx, vg_str id, const char *permission,
                                desk_incident_ref *ret, vg_err *err) VG_USE_RESULT;
vg_status desk_say(vg_cx *cx, const desk_incident_ref *i, const char *kind,
                   vg_err *err) VG_USE_RESULT;

// incident.c
extern const vg_field desk_open_fields[], desk_ask_fields[];
VG_HANDLER(desk_open);
VG_HANDLER(desk_open_asked);
VG_FOLDER(desk_on_opened);

// close.c
extern const vg_field desk_close_fields[], desk_reopen_fields[];
VG_HANDLER(desk_close);
VG_HANDLER(desk_reopen);
VG_FOLDER(desk_on_closed);
VG_FOLDER(desk_on_reopened);

// attach.c
extern const vg_field desk_attach_fields[], desk_consider_fields[];
VG_HANDLER(desk_attach);
VG_HANDLER(desk_consider_alert);
VG_FOLDER(desk_on_attached);

// log.c
extern const vg_field desk_log_fields[];
VG_HANDLER(desk_log_add);
VG_FOLDER(desk_on_logged);
// A line of the incident's log made by an event of another kind: keys as for vg_put, in `data`.
vg_status desk_log_line(vg_apply *ap, const vg_event *e, const char *kind, vg_str incident,
                        vg_err *err) VG_USE_RESULT;

// task.c
extern const vg_field desk_task_fields[], desk_task_end_fields[], desk_task_due_fields[];
VG_HANDLER(desk_task_add);
VG_HANDLER(desk_task_done);
VG_HANDLER(desk_task_cancel);
VG_HANDLER(desk_task_overdue);
VG_FOLDER(desk_on_task_added);
VG_FOLDER(desk_on_task_done);
VG_FOLDER(desk_on_task_cancelled);
VG_FOLDER(desk_on_task_overdue);

// resources.c
extern const vg_resource desk_resources[];
vg_status desk_summary(vg_read *rd, const vg_args *args, vg_err *err);
