// SPDX-License-Identifier: Apache-2.0
// What becomes of an alert without a person: it rises while its condition lasts (escalated), it is over
// (recovered: closes, but a critical one that nobody has taken stays open and says so), or the order of events
// does not bear it out (amended: it stands, marked). Submitted by the engine's thread about the open alert of a
// rule and key; where there is none any more, nothing happens.
#include "domain/alerts/alerts.h"

static const char *const kinds_of_change[] = {"escalated", "recovered", "amended", NULL};
enum { ESCALATED, RECOVERED, AMENDED };

const vg_field alerts_change_fields[] = {
    {"rule", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"key", VG_F_TEXT, .max = 300},
    {"site", VG_F_ID},  // none: of a rule across sites
    {"what", VG_F_ENUM, VG_REQUIRED, .values = kinds_of_change},
    {"level", VG_F_ENUM, VG_REQUIRED, .values = alerts_levels},
    {"at", VG_F_INT, VG_REQUIRED},
    {"test", VG_F_BOOL},
    {NULL},
};

static vg_status escalate(vg_cx *cx, const vg_args *args, const alerts_ref *a, int64_t rank,
                          vg_err *err)
{
    const int64_t to = vg_arg_i64(args, "level", 0);
    if (to <= rank) {
        return VG_OK;
    }
    vg_body(cx);
    vg_jw_kz(&cx->body, "level", alerts_levels[to]);
    vg_jw_ki64(&cx->body, "rank", to);
    vg_jw_ki64(&cx->body, "since", vg_arg_i64(args, "at", 0));
    return alerts_say(cx, a, "alerts.escalated", err);
}

VG_HANDLER(alerts_change)
{
    alerts_open open = {0};
    bool found = false;
    int64_t rank = 0;
    alerts_ref a;
    VG_TRY(alerts_find_open(cx, args, &open, &found, err));
    if (!found) {
        return VG_OK;
    }
    VG_TRY(alerts_at(cx, vg_str_c(open.id), "alerts.raise", &a, err));
    VG_TRY(vg_one_i64(cx->db, "SELECT rank FROM alert WHERE id = ?", VG_VALS(vg_z(open.id)), 0,
                      &rank, err));
    switch (vg_arg_i64(args, "what", 0)) {
    case ESCALATED:
        return escalate(cx, args, &a, rank, err);
    case RECOVERED:
        vg_jw_kz(&cx->reply, "id", open.id);
        return alerts_clear_one(cx, &a, "recovered", err);
    default:
        vg_body(cx);
        return alerts_say(cx, &a, "alerts.amended", err);
    }
}

VG_FOLDER(alerts_on_escalated)
{
    VG_TRY(alerts_count(ap, e->subject, -1, err));
    VG_TRY(vg_put(ap, e, "UPDATE alert SET level = ?, rank = ?, last_at = ? WHERE id = ?",
                  "level rank since @subject", err));
    return alerts_count(ap, e->subject, 1, err);
}

VG_FOLDER(alerts_on_amended)
{
    return vg_put(ap, e, "UPDATE alert SET amended_at = ? WHERE id = ?", "@at @subject", err);
}
