// SPDX-License-Identifier: Apache-2.0
// Every change of who may what stands open until somebody else has looked at it (decree 30/2020, annex VI): neither who
// did it nor whom it concerns. The row is folded from the event of the change itself, under the same label, so who may
// see the person may see the change. When its time is over and nobody looked, that is an event to act on; the row stays
// open. What is set up at the machine before anybody has ever logged in is the setting up itself and no change.
#include "domain/accounts/accounts.h"

#include "base/clock.h"

// As of 11/2026: within a day. One place; each change carries its own time, so another number changes no past.
enum { CONFIRM_HOURS = 24 };

static vg_status counts(vg_cx *cx, bool *ret, vg_err *err)
{
    int64_t in_use = 0;
    if (cx->who->kind == VG_P_SYSTEM || cx->who->kind == VG_P_LOCAL) {
        VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM user_account WHERE last_login IS NOT NULL LIMIT 1",
                          VG_NOVALS, 0, &in_use, err));
    } else {
        in_use = 1;
    }
    *ret = in_use != 0;
    return VG_OK;
}

vg_status accounts_to_confirm(vg_cx *cx, const char *user, vg_err *err)
{
    char id[VG_ID_TEXT];
    bool one;
    VG_TRY(counts(cx, &one, err));
    if (!one) {
        return VG_OK;
    }
    vg_new_id(cx, id);
    vg_jw_kz(&cx->body, "change", id);
    vg_jw_kz(&cx->body, "concerns", user);
    vg_jw_ki64(&cx->body, "confirm_by", cx->now_us + CONFIRM_HOURS * INT64_C(3600) * VG_SECOND_US);
    return VG_OK;
}

vg_status accounts_fold_change(vg_apply *ap, const vg_event *e, vg_err *err)
{
    const vg_str id = vg_js_str(ap->arena, e->body, "change");
    const int64_t until = vg_js_i64(e->body, "confirm_by", 0);
    if (!id.n) {
        return VG_OK;
    }
    VG_TRY(vg_exec(
        ap->db,
        "INSERT INTO permission_change (id, what, subject, user_id, role, site, clearance, begins, "
        "ends,"
        " reason, by_user, confirm_by, at, label, world) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        VG_VALS(vg_t(id), vg_t(e->kind), vg_t(e->subject),
                vg_t(vg_js_str(ap->arena, e->body, "concerns")),
                vg_t(vg_js_str(ap->arena, e->body, "role")),
                vg_t(vg_js_str(ap->arena, e->body, "role_site")),
                vg_i(vg_js_i64(e->body, "clearance", -1)), vg_i(vg_js_i64(e->body, "from", 0)),
                vg_i(vg_js_i64(e->body, "until", 0)), vg_t(vg_js_str(ap->arena, e->body, "reason")),
                vg_t(e->actor), vg_i(until), vg_i(e->recorded_us), vg_i(e->label), vg_i(e->world)),
        err));
    return vg_deadline_set(ap, "accounts.change", vg_str_z(ap->arena, id), "", until, err);
}

typedef struct change {
    vg_str by, user, state;
    int32_t label;
} change;

static vg_status change_at(vg_cx *cx, vg_str id, change *ret, vg_err *err)
{
    vg_str c[4];
    VG_TRY(vg_look(cx, "SELECT by_user, user_id, state, label FROM permission_change WHERE id = ?",
                   id, c, 4, err));
    *ret = (change){c[0], c[1], c[2], (int32_t)vg_int(c[3])};
    return vg_seen(cx, ret->label, "id", err);
}

static vg_status change_say(vg_cx *cx, vg_str id, const char *kind, int32_t label, vg_err *err)
{
    vg_body(cx);
    return vg_say(cx, &(vg_saying){kind, "", vg_str_z(cx->arena, id), label}, err);
}

VG_HANDLER(accounts_change_confirm)
{
    change c;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(change_at(cx, id, &c, err));
    if (cx->who->kind != VG_P_USER) {
        return vg_fail(err, VG_EDENIED, "id", "accounts.confirm_person", "%s", "");
    }
    if (vg_str_eqc(c.by, cx->who->user) || vg_str_eqc(c.user, cx->who->user)) {
        return vg_fail(err, VG_EDENIED, "id", "accounts.confirm_other", "%s", "");
    }
    vg_jw_kstr(&cx->reply, "id", id);
    return vg_str_eqc(c.state, "open")
               ? change_say(cx, id, "accounts.change_confirmed", c.label, err)
               : VG_OK;
}

VG_FOLDER(accounts_on_change_confirmed)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE permission_change SET state = 'confirmed', confirmed_by = ?, "
                  "confirmed_at = ? WHERE id = ?",
                  "@actor @at @subject", err));
    return vg_deadline_clear(ap, "accounts.change", vg_str_z(ap->arena, e->subject), err);
}

VG_HANDLER(accounts_change_late)
{
    change c;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(change_at(cx, id, &c, err));
    return vg_str_eqc(c.state, "open")
               ? change_say(cx, id, "accounts.change_unconfirmed", c.label, err)
               : VG_OK;
}

// The deadline stays: it is overdue until somebody looks.
VG_FOLDER(accounts_on_change_unconfirmed)
{
    return vg_put(ap, e, "UPDATE permission_change SET late = 1 WHERE id = ?", "@subject", err);
}
