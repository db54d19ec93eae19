// SPDX-License-Identifier: Apache-2.0
// The life of a request: waiting, then approved, refused, withdrawn or expired, once. An approval and what it runs are
// one savepoint: a request is approved exactly if its command was done. What failed at the approval is told to the
// approver and undone with it; the request goes on waiting until it is refused, withdrawn or over.
#include "domain/second/second.h"

#include "base/clock.h"
#include "core/core.h"

enum { ARGS_MAX_BYTES = 16384, WAITING_MAX = 50 };
static const int64_t WAITS_US = INT64_C(24) * 3600 * VG_SECOND_US;

const vg_field second_ask_fields[] = {
    {"command", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"args", VG_F_JSON, VG_REQUIRED, .max = ARGS_MAX_BYTES},
    {"if_match", VG_F_TEXT},
    {"label", VG_F_INT, VG_REQUIRED},
    {"site", VG_F_TEXT, .max = 16},
    {NULL},
};
const vg_field second_id_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, {NULL}};
const vg_field second_refuse_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH}, {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500}, {NULL}};
const vg_field second_due_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME}, {NULL}};

typedef struct second_row {
    vg_second_request r;
    vg_str state, decided_by;
    int64_t expires_us;
} second_row;

static vg_status row_at(vg_cx *cx, const vg_args *args, second_row *ret, vg_err *err)
{
    vg_str c[9];
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx,
                   "SELECT command, args, if_match, asker, label, site, state,"
                   " COALESCE(decided_by, ''), expires FROM second_request WHERE id = ?",
                   id, c, 9, err));
    *ret = (second_row){.r = {.id = vg_str_z(cx->arena, id),
                              .command = vg_str_z(cx->arena, c[0]),
                              .asker = vg_str_z(cx->arena, c[3]),
                              .site = vg_str_z(cx->arena, c[5]),
                              .args = c[1],
                              .if_match = c[2],
                              .label = (int32_t)vg_int(c[4])},
                        .state = c[6],
                        .decided_by = c[7],
                        .expires_us = vg_int(c[8])};
    return vg_seen(cx, ret->r.label, "id", err);
}

static vg_status say(vg_cx *cx, const second_row *x, const char *kind, int64_t *ret_seq,
                     vg_err *err)
{
    return vg_emit(
        cx, &(vg_draft){.kind = kind, .site = x->r.site, .subject = x->r.id, .label = x->r.label},
        ret_seq, err);
}

static void reply_state(vg_cx *cx, const second_row *x, const char *state)
{
    vg_jw_kz(&cx->reply, "id", x->r.id);
    vg_jw_kz(&cx->reply, "state", state);
}

static vg_status still_waits(const vg_cx *cx, const second_row *x, vg_err *err)
{
    if (!vg_str_eqc(x->state, "waiting")) {
        return vg_fail(err, VG_ECONFLICT, "id", "second.decided", "%s", "");
    }
    return x->expires_us > vg_core_now(cx->core)
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "second.over", "%s", "");
}

// --- asking: called by the core only ------------------------------------------------------------
static vg_status not_too_often(vg_cx *cx, const vg_args *args, vg_err *err)
{
    int64_t same = 0, n = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT count(*) FROM second_request WHERE asker = ? AND state = 'waiting'"
                      " AND command = ? AND args = ?",
                      VG_VALS(vg_z(cx->who->user), vg_t(vg_arg_str(args, "command")),
                              vg_t(vg_arg_str(args, "args"))),
                      0, &same, err));
    if (same) {
        return vg_fail(err, VG_ECONFLICT, "", "second.asked_already", "%s", "");
    }
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT count(*) FROM second_request WHERE asker = ? AND state = 'waiting'",
                      VG_VALS(vg_z(cx->who->user)), 0, &n, err));
    return n < WAITING_MAX ? VG_OK
                           : vg_fail(err, VG_ECONFLICT, "", "second.too_many", "%d", WAITING_MAX);
}

VG_HANDLER(second_ask)
{
    char id[VG_ID_TEXT];
    // To the millisecond: the asker is told it, and what lies below counts records that he may not see (core/opaque.h).
    const int64_t expires_us = (cx->now_us + WAITS_US) / VG_MS_US * VG_MS_US;
    const int32_t label = (int32_t)vg_arg_i64(args, "label", 0);
    const char *site = vg_str_z(cx->arena, vg_arg_str(args, "site"));
    if (cx->who->kind != VG_P_USER) {
        return vg_fail(err, VG_EDENIED, "", "second.person", "%s", "");
    }
    VG_TRY(not_too_often(cx, args, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "label site");
    vg_jw_ki64(&cx->body, "expires", expires_us);
    VG_TRY(vg_say(cx, &(vg_saying){"second.asked", site, id, label}, err));
    vg_jw_kz(&cx->reply, "second_request", id);
    vg_jw_ktime(&cx->reply, "expires", expires_us);
    return VG_OK;
}

VG_FOLDER(second_on_asked)
{
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO second_request (id, command, args, if_match, site, asker, expires,"
                  " at, label, world) VALUES (?, ?, ?, COALESCE(?, ''), ?, ?, ?, ?, ?, ?)",
                  "@subject command args if_match @site @actor expires @at @label @world", err));
    return vg_deadline_set(ap, "second.expires", vg_str_z(ap->arena, e->subject),
                           vg_str_z(ap->arena, e->site), vg_js_i64(e->body, "expires", 0), err);
}

// --- deciding -----------------------------------------------------------------------------------
VG_HANDLER(second_approve)
{
    second_row x;
    int64_t seq = 0;
    VG_TRY(row_at(cx, args, &x, err));
    if (vg_str_eqc(x.state, "approved") && vg_str_eqc(x.decided_by, cx->who->user)) {
        reply_state(cx, &x, "approved");  // said twice
        return VG_OK;
    }
    if (strcmp(cx->who->user, x.r.asker) != 0) {
        VG_TRY(still_waits(cx, &x, err));
    }
    VG_TRY(vg_second_may(cx->core, cx->db, cx->arena, &x.r, cx->who, err));
    vg_jw_kz(vg_body(cx), "command", x.r.command);
    vg_jw_kz(&cx->body, "asked_by", x.r.asker);
    VG_TRY(say(cx, &x, "second.approved", &seq, err));
    reply_state(cx, &x, "approved");
    return vg_second_run(cx, &x.r, seq, err);
}

VG_HANDLER(second_refuse)
{
    second_row x;
    VG_TRY(row_at(cx, args, &x, err));
    const vg_status st = vg_second_may(cx->core, cx->db, cx->arena, &x.r, cx->who, err);
    if (st == VG_EDENIED || st == VG_ENOTFOUND) {
        return st;
    }
    VG_TRY(still_waits(cx, &x, err));  // what cannot be done any more can still be refused
    vg_jw_kz(vg_body(cx), "command", x.r.command);
    vg_body_args(cx, args, "");
    reply_state(cx, &x, "refused");
    return say(cx, &x, "second.refused", NULL, err);
}

VG_HANDLER(second_withdraw)
{
    second_row x;
    VG_TRY(row_at(cx, args, &x, err));
    if (strcmp(cx->who->user, x.r.asker) != 0) {
        return vg_fail(err, VG_EDENIED, "id", "second.not_asker", "%s", "");
    }
    VG_TRY(still_waits(cx, &x, err));
    vg_jw_kz(vg_body(cx), "command", x.r.command);
    reply_state(cx, &x, "withdrawn");
    return say(cx, &x, "second.withdrawn", NULL, err);
}

VG_HANDLER(second_expire)
{
    second_row x;
    VG_TRY(row_at(cx, args, &x, err));
    if (!vg_str_eqc(x.state, "waiting")) {
        return VG_OK;
    }
    vg_jw_kz(vg_body(cx), "command", x.r.command);
    return say(cx, &x, "second.expired", NULL, err);
}

static vg_status decide(vg_apply *ap, const vg_event *e, const char *sql, vg_err *err)
{
    VG_TRY(vg_put(ap, e, sql, "@actor @at reason @subject", err));
    return vg_deadline_clear(ap, "second.expires", vg_str_z(ap->arena, e->subject), err);
}

#define DECIDE(state)                                                                           \
    "UPDATE second_request SET state = '" state "', decided_by = ?, decided_at = ?, reason = ?" \
    " WHERE id = ?"

VG_FOLDER(second_on_approved)
{
    return decide(ap, e, DECIDE("approved"), err);
}

VG_FOLDER(second_on_refused)
{
    return decide(ap, e, DECIDE("refused"), err);
}

VG_FOLDER(second_on_withdrawn)
{
    return decide(ap, e, DECIDE("withdrawn"), err);
}

VG_FOLDER(second_on_expired)
{
    return decide(ap, e, DECIDE("expired"), err);
}
