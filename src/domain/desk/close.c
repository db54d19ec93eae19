// SPDX-License-Identifier: Apache-2.0
// Closing and reopening. An incident is closed with what later counts: the first sign and when it was there,
// who found it, whether it took us by surprise, and the harm. All of them are asked for, one clear error each,
// because figures made later from half-filled records cannot be proved.
#include "domain/desk/desk.h"

static const char *const finders[] = {"sensor", "guard", "staff", "public",
                                      "patrol", "other", NULL};
static const char *const harms[] = {"none", "property", "injury", "death", "unknown", NULL};

const vg_field desk_close_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"first_sign", VG_F_TEXT, .max = 500},
    {"first_sign_at", VG_F_TIME},
    {"found_by", VG_F_ENUM, .values = finders},
    {"surprise", VG_F_BOOL},
    {"harm", VG_F_ENUM, .values = harms},
    {"summary", VG_F_TEXT, .max = 4000},
    {NULL},
};
const vg_field desk_reopen_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};

static vg_status complete(const vg_args *args, vg_err *err)
{
    static const struct {
        const char *field, *key;
    } needed[] = {
        {"first_sign", "desk.close_first_sign"}, {"found_by", "desk.close_found_by"},
        {"surprise", "desk.close_surprise"},     {"harm", "desk.close_harm"},
        {"summary", "desk.close_summary"},
    };
    for (size_t i = 0; i < VG_LEN(needed); i++) {
        const bool text = strcmp(needed[i].field, "surprise") != 0;
        if (!vg_arg_has(args, needed[i].field) ||
            (text && vg_arg_str(args, needed[i].field).n == 0)) {
            return vg_fail(err, VG_EINVALID, needed[i].field, needed[i].key, "%s", "");
        }
    }
    return VG_OK;
}

// When it was there: as told, else the earliest alert of the incident, else its opening.
static vg_status first_sign_at(vg_cx *cx, const vg_args *args, const desk_incident_ref *i,
                               int64_t *ret, vg_err *err)
{
    *ret = vg_arg_i64(args, "first_sign_at", 0);
    if (*ret > cx->now_us) {
        return vg_fail(err, VG_EINVALID, "first_sign_at", "desk.first_sign_future", "%s", "");
    }
    if (*ret) {
        return VG_OK;
    }
    return vg_one_i64(cx->db,
                      "SELECT COALESCE((SELECT min(a.raised_at) FROM alert a JOIN incident_alert l "
                      "ON l.alert = a.id"
                      " WHERE l.incident = i.id), i.opened_at) FROM incident i WHERE i.id = ?",
                      VG_VALS(vg_z(i->id)), 0, ret, err);
}

static vg_status no_open_tasks(vg_cx *cx, const desk_incident_ref *i, vg_err *err)
{
    int64_t n = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT tasks_open_n FROM incident WHERE id = ?",
                      VG_VALS(vg_z(i->id)), 0, &n, err));
    return n ? vg_fail(err, VG_ECONFLICT, "id", "desk.tasks_open", "%lld", (long long)n) : VG_OK;
}

VG_HANDLER(desk_close)
{
    desk_incident_ref i;
    int64_t sign_at = 0;
    VG_TRY(desk_open_incident_at(cx, vg_arg_str(args, "id"), "desk.close", &i, err));
    VG_TRY(complete(args, err));
    VG_TRY(first_sign_at(cx, args, &i, &sign_at, err));
    VG_TRY(no_open_tasks(cx, &i, err));
    vg_body(cx);
    vg_body_args(cx, args, "first_sign_at");
    vg_jw_ki64(&cx->body, "first_sign_at", sign_at);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    return desk_say(cx, &i, "desk.incident_closed", err);
}

VG_FOLDER(desk_on_closed)
{
    VG_TRY(vg_put(
        ap, e,
        "UPDATE incident SET state = 'closed', first_sign = ?, first_sign_at = ?, found_by = ?,"
        " surprise = ?, harm = ?, summary = ?, closed_at = ?, closed_by = ? WHERE id = ?",
        "first_sign first_sign_at found_by surprise harm summary @at by @subject", err));
    return desk_log_line(ap, e, "state", e->subject, err);
}

VG_HANDLER(desk_reopen)
{
    desk_incident_ref i;
    VG_TRY(desk_incident_at(cx, vg_arg_str(args, "id"), "desk.reopen", &i, err));
    if (!vg_str_eqc(i.state, "closed")) {
        return vg_fail(err, VG_ECONFLICT, "id", "desk.not_closed", "%.*s", VG_FMT(i.number));
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_kz(&cx->body, "by", cx->who->user);
    return desk_say(cx, &i, "desk.incident_reopened", err);
}

VG_FOLDER(desk_on_reopened)
{
    VG_TRY(vg_put(
        ap, e,
        "UPDATE incident SET state = 'open', closed_at = NULL, closed_by = NULL WHERE id = ?",
        "@subject", err));
    return desk_log_line(ap, e, "state", e->subject, err);
}
