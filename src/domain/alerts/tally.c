// SPDX-License-Identifier: Apache-2.0
// Counting alarms as they come, so that asking how a desk fares reads days and slots and not the history. alert_day
// is a cube: every alert stands in exactly one of its rows, and is moved (out, change, in) whenever that which it is
// counted under changes; what could be computed from alerts is never counted twice. Tests are not counted. Whether
// an alert chatters or was fleeting is decided by the command, with the standard in force that day, and journaled:
// a fold asks nothing, and a later edition of the standard moves no old figure.
#include "domain/alerts/alerts.h"

#include "base/clock.h"
#include "domain/day.h"
#include "domain/term.h"

vg_status alerts_count(vg_apply *ap, vg_str alert, int by, vg_err *err)
{
    return vg_exec(
        ap->db,
        "INSERT INTO alert_day (day, site, rule, rule_version, source, rank, disposition, n,"
        " chattering, fleeting, label, world)"
        " SELECT (raised_at + 25200000000) / 86400000000, site, rule, rule_version,"
        " COALESCE(source, ''), rank, COALESCE(disposition, CASE WHEN absorbed_into IS NULL THEN"
        " '' ELSE 'absorbed' END), ?2, ?2 * chattering, ?2 * fleeting, label, world"
        " FROM alert WHERE id = ?1 AND test = 0"
        " ON CONFLICT (day, site, rule, rule_version, source, rank, disposition, label, world)"
        " DO UPDATE SET n = n + excluded.n, chattering = chattering + excluded.chattering,"
        " fleeting = fleeting + excluded.fleeting",
        VG_VALS(vg_t(alert), vg_i(by)), err);
}

vg_status alerts_count_slot(vg_apply *ap, vg_str alert, vg_err *err)
{
    return vg_exec(ap->db,
                   "INSERT INTO alert_slot (slot, site, n, label, world)"
                   " SELECT (raised_at + 25200000000) / 600000000, site, 1, label, world FROM"
                   " alert WHERE id = ? AND test = 0"
                   " ON CONFLICT (slot, site, label, world) DO UPDATE SET n = n + 1",
                   VG_VALS(vg_t(alert)), err);
}

vg_status alerts_note_pace(vg_apply *ap, vg_str alert, int64_t at, vg_err *err)
{
    return vg_exec(ap->db,
                   "INSERT INTO alert_pace (site, rule, grouped, test, last_at, label, world)"
                   " SELECT site, rule, grouped, test, ?2, label, world FROM alert WHERE id = ?1"
                   " ON CONFLICT (site, rule, grouped, test, world)"
                   " DO UPDATE SET before_at = last_at, last_at = excluded.last_at",
                   VG_VALS(vg_t(alert), vg_i(at)), err);
}

vg_status alerts_mark_chattering(vg_apply *ap, const vg_event *e, vg_err *err)
{
    if (!vg_js_bool(e->body, "chattering", false)) {
        return VG_OK;
    }
    VG_TRY(alerts_count(ap, e->subject, -1, err));
    VG_TRY(vg_exec(ap->db, "UPDATE alert SET chattering = 1 WHERE id = ?",
                   VG_VALS(vg_t(e->subject)), err));
    return alerts_count(ap, e->subject, 1, err);
}

// --- decided by commands ------------------------------------------------------------------------
static vg_status within(vg_cx *cx, const char *term, int64_t from_us, int64_t to_us, bool *ret,
                        vg_err *err)
{
    vg_term t;
    VG_TRY(vg_term_on(cx, term, vg_day_of(to_us), &t, err));
    *ret = t.known && to_us - from_us <= t.value * VG_SECOND_US;
    return VG_OK;
}

// The third call for the same thing within so many seconds.
vg_status alerts_chatters(vg_cx *cx, const vg_args *args, bool *ret, vg_err *err)
{
    int64_t before = 0;
    *ret = false;
    VG_TRY(vg_one_i64(
        cx->db,
        "SELECT before_at FROM alert_pace WHERE site = ? AND rule = ? AND grouped = ? AND test = ?"
        " AND world = ?",
        VG_VALS(vg_t(vg_arg_str(args, "site")), vg_t(vg_arg_str(args, "rule")),
                vg_t(vg_arg_str(args, "key")), vg_i(vg_arg_i64(args, "test", 0)), vg_i(cx->world)),
        0, &before, err));
    return before ? within(cx, "alarm.chatter", before, vg_arg_i64(args, "at", 0), ret, err)
                  : VG_OK;
}

// It ends by itself so soon after it began that nobody could have done anything.
vg_status alerts_is_fleeting(vg_cx *cx, vg_str alert, bool *ret, vg_err *err)
{
    int64_t raised = 0;
    *ret = false;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT raised_at FROM alert WHERE id = ? AND ack_at IS NULL AND test = 0",
                      VG_VALS(vg_t(alert)), 0, &raised, err));
    return raised ? within(cx, "alarm.fleeting", raised, cx->now_us, ret, err) : VG_OK;
}
