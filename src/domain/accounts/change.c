// SPDX-License-Identifier: Apache-2.0
// Every change of who may what stands open until somebody else has looked at it (decree 30/2020, annex VI): neither who
// did it nor whom it concerns, nor whose own account, role or password is still such an open change of the same hand. The
// row is folded from the event of the change itself, under the same label, so who may see the person may see the change.
// What other modules open to others (a consent, a link that sends, who is told of alerts, where papers may go) says so in its
// event's body, "opens": whose data, and becomes a change by a reaction. Taking away opens nothing. When its time is over
// and nobody looked, that is an event to act on; the row stays open. What is set up at the machine before anybody has
// ever logged in is the setting up itself and no change.
#include "domain/accounts/accounts.h"

#include "base/clock.h"
#include "core/core.h"

// As of 11/2026: within a day. One place; each change carries its own time, so another number changes no past.
enum { CONFIRM_HOURS = 24 };

static vg_status counts(vg_cx *cx, bool by_machine, bool *ret, vg_err *err)
{
    int64_t in_use = !by_machine;
    if (by_machine) {
        VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM user_account WHERE last_login IS NOT NULL LIMIT 1",
                          VG_NOVALS, 0, &in_use, err));
    }
    *ret = in_use != 0;
    return VG_OK;
}

static void say_open(vg_cx *cx, const char *id, const char *user)
{
    vg_jw_kz(&cx->body, "change", id);
    vg_jw_kz(&cx->body, "concerns", user);
    vg_jw_ki64(&cx->body, "confirm_by", cx->now_us + CONFIRM_HOURS * INT64_C(3600) * VG_SECOND_US);
}

vg_status accounts_to_confirm(vg_cx *cx, const char *user, vg_err *err)
{
    char id[VG_ID_TEXT];
    bool one;
    VG_TRY(counts(cx, cx->who->kind == VG_P_SYSTEM || cx->who->kind == VG_P_LOCAL, &one, err));
    if (one) {
        vg_new_id(cx, id);
        say_open(cx, id, user);
    }
    return VG_OK;
}

// --- what other modules open --------------------------------------------------------------------
const vg_field accounts_change_open_fields[] = {
    {"what", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"of", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"opens", VG_F_TEXT, .max = 16},
    {"by", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"also_by", VG_F_TEXT, .max = 64},
    {"detail", VG_F_TEXT, .max = 400},
    {"label", VG_F_INT, VG_REQUIRED},
    {NULL},
};

bool accounts_opening(vg_arena *a, const vg_event *e, vg_jw *args)
{
    vg_str whose;
    if (e->world || !vg_js_find(e->body, "opens", &whose)) {
        return false;
    }
    vg_jw_kstr(args, "what", e->kind);
    vg_jw_kstr(args, "of", e->subject);
    vg_jw_kstr(args, "opens", vg_js_decode(a, whose));
    vg_jw_kstr(args, "by", e->actor);
    vg_jw_kstr(args, "also_by", vg_js_str(a, e->body, "also_by"));
    vg_jw_kstr(args, "detail", vg_js_str(a, e->body, "to"));
    vg_jw_ki64(args, "label", e->label);
    return true;
}

// What is told to several parties, each under its label, is a change of the one whose data it opens.
VG_HANDLER(accounts_change_open)
{
    vg_label owner;
    char id[VG_ID_TEXT];
    bool one;
    const vg_str by = vg_arg_str(args, "by");
    const int32_t label = (int32_t)vg_arg_i64(args, "label", 0);
    if (!vg_label_get(vg_core_labels(cx->core), label, &owner) ||
        !vg_str_eqc(vg_arg_str(args, "opens"), owner.agency)) {
        return VG_OK;
    }
    VG_TRY(counts(cx, vg_str_eqc(by, "system") || vg_str_eqc(by, "local"), &one, err));
    if (!one) {
        return VG_OK;
    }
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "opens label");
    say_open(cx, id, "");
    return vg_say(cx, &(vg_saying){"accounts.change_opened", "", id, label}, err);
}

// A member of the body, or what the event itself says.
static vg_str told(vg_apply *ap, const vg_event *e, const char *member, vg_str otherwise)
{
    const vg_str v = vg_js_str(ap->arena, e->body, member);
    return v.n ? v : otherwise;
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
        "INSERT INTO permission_change (id, what, subject, user_id, role, site, clearance,"
        " begins, ends, reason, by_user, also_by, detail, confirm_by, at, label, world) VALUES"
        " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        VG_VALS(vg_t(id), vg_t(told(ap, e, "what", e->kind)), vg_t(told(ap, e, "of", e->subject)),
                vg_t(vg_js_str(ap->arena, e->body, "concerns")),
                vg_t(vg_js_str(ap->arena, e->body, "role")),
                vg_t(vg_js_str(ap->arena, e->body, "role_site")),
                vg_i(vg_js_i64(e->body, "clearance", -1)), vg_i(vg_js_i64(e->body, "from", 0)),
                vg_i(vg_js_i64(e->body, "until", 0)), vg_t(vg_js_str(ap->arena, e->body, "reason")),
                vg_t(told(ap, e, "by", e->actor)), vg_t(vg_js_str(ap->arena, e->body, "also_by")),
                vg_t(vg_js_str(ap->arena, e->body, "detail")), vg_i(until), vg_i(e->recorded_us),
                vg_i(e->label), vg_i(e->world)),
        err));
    return vg_deadline_set(ap, "accounts.change", vg_str_z(ap->arena, id), "", until, err);
}

typedef struct change {
    vg_str by, also_by, user, state;
    int32_t label;
} change;

static vg_status change_at(vg_cx *cx, vg_str id, change *ret, vg_err *err)
{
    vg_str c[5];
    VG_TRY(vg_look(cx,
                   "SELECT by_user, also_by, user_id, state, label FROM permission_change WHERE id"
                   " = ?",
                   id, c, 5, err));
    *ret = (change){c[0], c[1], c[2], c[3], (int32_t)vg_int(c[4])};
    return vg_seen(cx, ret->label, "id", err);
}

static vg_status change_say(vg_cx *cx, vg_str id, const char *kind, int32_t label, vg_err *err)
{
    vg_body(cx);
    return vg_say(cx, &(vg_saying){kind, "", vg_str_z(cx->arena, id), label}, err);
}

// Not to the machine: who keeps it is stopped by no second person.
vg_status accounts_beholden(vg_db *db, vg_str user, vg_str by, bool *ret, vg_err *err)
{
    int64_t open = 0;
    VG_TRY(vg_one_i64(db,
                      "SELECT 1 FROM permission_change WHERE state = 'open' AND user_id = ? AND"
                      " by_user = ? AND by_user NOT IN ('local', 'system') LIMIT 1",
                      VG_VALS(vg_t(user), vg_t(by)), 0, &open, err));
    *ret = open != 0;
    return VG_OK;
}

VG_HANDLER(accounts_change_confirm)
{
    change c;
    bool beholden = false;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(change_at(cx, id, &c, err));
    if (cx->who->kind != VG_P_USER) {
        return vg_fail(err, VG_EDENIED, "id", "accounts.confirm_person", "%s", "");
    }
    if (vg_str_eqc(c.by, cx->who->user) || vg_str_eqc(c.also_by, cx->who->user) ||
        vg_str_eqc(c.user, cx->who->user)) {
        return vg_fail(err, VG_EDENIED, "id", "accounts.confirm_other", "%s", "");
    }
    VG_TRY(accounts_beholden(cx->db, vg_str_c(cx->who->user), c.by, &beholden, err));
    if (beholden) {
        return vg_fail(err, VG_EDENIED, "id", "accounts.confirm_beholden", "%s", "");
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
