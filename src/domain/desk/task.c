// SPDX-License-Identifier: Apache-2.0
// Tasks of an incident: who does what until when. A task with a due time has a deadline; when it passes the
// task is marked overdue, once, and the incident's log says so. An incident with open tasks cannot close.
#include "domain/desk/desk.h"

const vg_field desk_task_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"title", VG_F_TEXT, VG_REQUIRED},
    {"assignee", VG_F_TEXT, .max = 80},
    {"due_at", VG_F_TIME},
    {NULL},
};
const vg_field desk_task_end_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"note", VG_F_TEXT, .max = 500},
    {NULL},
};
const vg_field desk_task_due_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"due", VG_F_TIME},
    {NULL},
};

VG_HANDLER(desk_task_add)
{
    desk_incident_ref i;
    char id[VG_ID_TEXT];
    VG_TRY(desk_open_incident_at(cx, vg_arg_str(args, "id"), "desk.task", &i, err));
    if (vg_arg_has(args, "due_at") && vg_arg_i64(args, "due_at", 0) <= cx->now_us) {
        return vg_fail(err, VG_EINVALID, "due_at", "desk.due_past", "%s", "");
    }
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_kz(&cx->body, "incident", i.id);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    VG_TRY(vg_say(cx, &(vg_saying){"desk.task_added", i.site, id, i.label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

// After a task changed: the incident's count, and a line in its log.
static vg_status settle(vg_apply *ap, const vg_event *e, vg_err *err)
{
    const vg_str incident = vg_js_str(ap->arena, e->body, "incident");
    VG_TRY(vg_exec(ap->db,
                   "UPDATE incident SET tasks_open_n = (SELECT count(*) FROM task t WHERE "
                   "t.incident = incident.id"
                   " AND t.state = 'open') WHERE id = ?",
                   VG_VALS(vg_t(incident)), err));
    return desk_log_line(ap, e, "task", incident, err);
}

VG_FOLDER(desk_on_task_added)
{
    const int64_t due = vg_js_i64(e->body, "due_at", 0);
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO task (id, incident, site, title, assignee, due_at, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject incident @site title assignee due_at @at @label @world", err));
    if (due) {
        VG_TRY(vg_deadline_set(ap, "desk.task_due", vg_str_z(ap->arena, e->subject),
                               vg_str_z(ap->arena, e->site), due, err));
    }
    return settle(ap, e, err);
}

typedef struct task_ref {
    const char *id;
    vg_str title;
    desk_incident_ref incident;
} task_ref;

static vg_status task_at(vg_cx *cx, vg_str id, const char *permission, task_ref *ret, vg_err *err)
{
    vg_str c[3];
    VG_TRY(vg_look(cx, "SELECT incident, state, title FROM task WHERE id = ?", id, c, 3, err));
    ret->id = vg_str_z(cx->arena, id);
    ret->title = c[2];
    VG_TRY(desk_incident_at(cx, c[0], permission, &ret->incident, err));
    return vg_str_eqc(c[1], "open")
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "desk.task_ended", "%.*s", VG_FMT(c[2]));
}

static vg_status task_say(vg_cx *cx, const vg_args *args, const task_ref *t, const char *kind,
                          vg_err *err)
{
    vg_body(cx);
    vg_body_args(cx, args, "due");
    vg_jw_kz(&cx->body, "incident", t->incident.id);
    vg_jw_kstr(&cx->body, "title", t->title);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    VG_TRY(vg_say(cx, &(vg_saying){kind, t->incident.site, t->id, t->incident.label}, err));
    vg_jw_kz(&cx->reply, "id", t->id);
    return VG_OK;
}

VG_HANDLER(desk_task_done)
{
    task_ref t;
    VG_TRY(task_at(cx, vg_arg_str(args, "id"), "tasks.done", &t, err));
    return task_say(cx, args, &t, "desk.task_done", err);
}

VG_FOLDER(desk_on_task_done)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE task SET state = 'done', done_at = ?, done_by = ?, note = ? WHERE id = ?",
                  "@at by note @subject", err));
    VG_TRY(vg_deadline_clear(ap, "desk.task_due", vg_str_z(ap->arena, e->subject), err));
    return settle(ap, e, err);
}

VG_HANDLER(desk_task_cancel)
{
    task_ref t;
    VG_TRY(task_at(cx, vg_arg_str(args, "id"), "desk.task", &t, err));
    return task_say(cx, args, &t, "desk.task_cancelled", err);
}

VG_FOLDER(desk_on_task_cancelled)
{
    VG_TRY(vg_put(ap, e, "UPDATE task SET state = 'cancelled', note = ? WHERE id = ?",
                  "note @subject", err));
    VG_TRY(vg_deadline_clear(ap, "desk.task_due", vg_str_z(ap->arena, e->subject), err));
    return settle(ap, e, err);
}

VG_HANDLER(desk_task_overdue)
{
    task_ref t;
    const vg_status st = task_at(cx, vg_arg_str(args, "id"), "desk.task", &t, err);
    if (st == VG_ECONFLICT || st == VG_ENOTFOUND) {
        return VG_OK;
    }
    VG_TRY(st);
    vg_str overdue = {"", 0};
    VG_TRY(vg_look(cx, "SELECT overdue FROM task WHERE id = ?", vg_str_c(t.id), &overdue, 1, err));
    return vg_int(overdue) ? VG_OK : task_say(cx, args, &t, "desk.task_overdue", err);
}

VG_FOLDER(desk_on_task_overdue)
{
    VG_TRY(vg_put(ap, e, "UPDATE task SET overdue = 1 WHERE id = ?", "@subject", err));
    return settle(ap, e, err);
}
