// SPDX-License-Identifier: Apache-2.0
// Rows of a vault-class table (never journaled, kept through a restart): the queue itself is not history,
// what became of a parcel is. The number comes from a counter of its own, so that it is never used twice
// even when the table has been emptied.
#include "core/outbox.h"

#include "base/clock.h"
#include "core/core_impl.h"

static const int64_t FIRST_RETRY_US = 5 * VG_SECOND_US, LAST_RETRY_US = 900 * VG_SECOND_US,
                     GIVE_UP_US = 86400 * VG_SECOND_US;
enum { WAITING_MAX = 100000 };

static vg_status next_number(vg_db *db, int64_t *ret, vg_err *err)
{
    VG_TRY(vg_exec(db, "UPDATE outbox_number SET last = last + 1", VG_NOVALS, err));
    return vg_one_i64(db, "SELECT last FROM outbox_number", VG_NOVALS, 0, ret, err);
}

vg_status vg_outbox_put(vg_cx *cx, const vg_parcel *p, bool urgent, vg_err *err)
{
    int64_t oldest = 0, number = 0;
    if (p->body.n > VG_PARCEL_BODY_MAX) {
        return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%zu > %d", p->body.n,
                       VG_PARCEL_BODY_MAX);
    }
    VG_TRY(next_number(cx->db, &number, err));
    VG_TRY(vg_one_i64(cx->db, "SELECT min(number) FROM outbox WHERE link = ?",
                      VG_VALS(vg_z(p->link)), 0, &oldest, err));
    if (oldest && number - oldest > WAITING_MAX) {
        return vg_fail(err, VG_EBUSY, "", NULL, "outbox of %s is full", p->link);
    }
    cx->core->scribe.outbox_changed = true;
    return vg_exec(
        cx->db,
        "INSERT INTO outbox (number, link, subject, kind, recipients, body, label, world,"
        " created, due, attempts, urgent) VALUES (?,?,?,?,?,?,?,?,?,?,0,?)",
        VG_VALS(vg_i(number), vg_z(p->link), vg_z(p->subject), vg_z(p->kind), vg_z(p->to),
                vg_t(p->body), vg_i(p->label), vg_i(cx->world), vg_i(cx->now_us), vg_i(cx->now_us),
                vg_i(urgent)),
        err);
}

vg_status vg_outbox_take(vg_core *c, const char *link, vg_arena *a, vg_parcel **ret, size_t *n,
                         int64_t *ret_next_us, vg_err *err)
{
    vg_db *db = NULL;
    vg_rows *r = NULL;
    size_t i = 0;
    vg_parcel *v = vg_arena_get(a, VG_PARCEL_TAKE_MAX * sizeof *v);
    VG_TRY(vg_inner_take(c, &db, err));
    vg_status s = vg_one_i64(db, "SELECT min(due) FROM outbox WHERE link = ?", VG_VALS(vg_z(link)),
                             INT64_MAX, ret_next_us, err);
    if (s == VG_OK && *ret_next_us == 0) {  // min() of nothing is NULL
        *ret_next_us = INT64_MAX;
    }
    if (s == VG_OK) {
        s = vg_rows_open(db,
                         "SELECT number, subject, kind, recipients, body, label, world, created,"
                         " attempts FROM outbox WHERE link = ? AND due <= ?"
                         " ORDER BY urgent DESC, number LIMIT ?",
                         VG_VALS(vg_z(link), vg_i(vg_now_us()), vg_i(v ? VG_PARCEL_TAKE_MAX : 0)),
                         &r, err);
    }
    while (s == VG_OK && vg_rows_next(r)) {
        vg_parcel *p = &v[i++];
        *p = (vg_parcel){.number = vg_row_i64(r, 0),
                         .kind = vg_str_z(a, vg_row_str(r, 2)),
                         .to = vg_str_z(a, vg_row_str(r, 3)),
                         .body = vg_str_dup(a, vg_row_str(r, 4)),
                         .label = (int32_t)vg_row_i64(r, 5),
                         .world = vg_row_i64(r, 6),
                         .created_us = vg_row_i64(r, 7),
                         .attempts = (int)vg_row_i64(r, 8)};
        snprintf(p->link, sizeof p->link, "%s", link);
        snprintf(p->subject, sizeof p->subject, "%.*s", VG_FMT(vg_row_str(r, 1)));
    }
    if (r) {
        s = vg_rows_close(r, err);
    }
    vg_inner_give(c, db);
    *ret = v;
    *n = i;
    return s;
}

uint64_t vg_outbox_generation(const vg_core *c)
{
    return c->outbox_generation;
}

vg_status vg_outbox_settle(vg_core *c, const vg_parcel_result *v, size_t n, vg_err *err)
{
    vg_buf args;
    vg_buf_init(&args, 65536);
    vg_jw w = vg_jw_on(&args);
    vg_jw_open(&w, '{');
    vg_jw_key(&w, "results");
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < n; i++) {
        vg_jw_open(&w, '{');
        vg_jw_ki64(&w, "number", v[i].number);
        vg_jw_kz(&w, "problem", v[i].problem ? v[i].problem : "");
        vg_jw_kbool(&w, "for_good", v[i].for_good);
        vg_jw_close(&w, '}');
    }
    vg_jw_close(&w, ']');
    vg_jw_close(&w, '}');
    vg_command_call call = {.name = "core.outbox_settle",
                            .args = vg_buf_str(&args),
                            .who = vg_core_system(),
                            .id = vg_cmd_random()};
    vg_core_run(c, &call);
    vg_buf_done(&call.reply);
    vg_buf_done(&args);
    *err = call.err;
    return call.st;
}

// --- the command --------------------------------------------------------------------------------
typedef struct parcel_row {
    const char *link, *subject, *kind;
    int64_t label, created_us, attempts;
} parcel_row;

static vg_status parcel_at(vg_cx *cx, int64_t number, parcel_row *ret, vg_err *err)
{
    vg_rows *r;
    *ret = (parcel_row){0};
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT link, subject, kind, label, created, attempts FROM outbox"
                        " WHERE number = ?",
                        VG_VALS(vg_i(number)), &r, err));
    if (vg_rows_next(r)) {
        *ret = (parcel_row){.link = vg_str_z(cx->arena, vg_row_str(r, 0)),
                            .subject = vg_str_z(cx->arena, vg_row_str(r, 1)),
                            .kind = vg_str_z(cx->arena, vg_row_str(r, 2)),
                            .label = vg_row_i64(r, 3),
                            .created_us = vg_row_i64(r, 4),
                            .attempts = vg_row_i64(r, 5)};
    }
    return vg_rows_close(r, err);
}

static int64_t retry_us(int64_t attempts)
{
    const int64_t doubled = FIRST_RETRY_US << (attempts < 8 ? attempts : 8);
    return doubled < LAST_RETRY_US ? doubled : LAST_RETRY_US;
}

static vg_status conclude(vg_cx *cx, int64_t number, const parcel_row *p, vg_str problem,
                          vg_err *err)
{
    VG_TRY(vg_exec(cx->db, "DELETE FROM outbox WHERE number = ?", VG_VALS(vg_i(number)), err));
    vg_jw *b = vg_body(cx);
    vg_jw_ki64(b, "number", number);
    vg_jw_kz(b, "link", p->link);
    vg_jw_kz(b, "what", p->kind);
    if (problem.n) {
        vg_jw_kstr(b, "problem", problem);
    }
    return vg_emit(cx,
                   &(vg_draft){.kind = problem.n ? "core.send_failed" : "core.sent",
                               .subject = p->subject,
                               .label = (int32_t)p->label},
                   NULL, err);
}

static vg_status settle_one(vg_cx *cx, int64_t number, vg_str problem, bool for_good, vg_err *err)
{
    parcel_row p;
    VG_TRY(parcel_at(cx, number, &p, err));
    if (!p.link) {
        return VG_OK;  // settled before: a retry after a crash
    }
    if (!problem.n || for_good || cx->now_us - p.created_us > GIVE_UP_US) {
        return conclude(cx, number, &p, problem, err);
    }
    return vg_exec(cx->db, "UPDATE outbox SET attempts = attempts + 1, due = ? WHERE number = ?",
                   VG_VALS(vg_i(cx->now_us + retry_us(p.attempts)), vg_i(number)), err);
}

const vg_field vg_outbox_settle_fields[] = {{"results", VG_F_JSON, VG_REQUIRED, .max = 32768},
                                            {NULL}};

vg_status vg_outbox_settle_run(vg_cx *cx, const vg_args *args, vg_err *err)
{
    vg_str one;
    for (size_t at = 0; vg_js_each(vg_arg_str(args, "results"), &at, NULL, &one);) {
        VG_TRY(settle_one(cx, vg_js_i64(one, "number", 0), vg_js_str(cx->arena, one, "problem"),
                          vg_js_bool(one, "for_good", false), err));
    }
    return VG_OK;
}
