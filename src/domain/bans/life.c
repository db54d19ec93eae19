// SPDX-License-Identifier: Apache-2.0
// An entry is looked at again before its time is over, ends by itself when it is, and ends earlier when somebody says
// why. Some time after it has ended (our number) the person is forgotten: the key of the entry is destroyed and the card
// goes; what was decided, by whom and on what evidence stays.
#include "domain/bans/bans.h"

#include "base/clock.h"
#include "core/core.h"
#include "core/person.h"

enum { KEPT_DAYS = 90 };  // ours
#define DAY_US (86400 * VG_SECOND_US)

static const char *const outcomes[] = {"keep", "end", NULL};

const vg_field bans_review_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"outcome", VG_F_ENUM, VG_REQUIRED, .values = outcomes},
    {"why", VG_F_TEXT, VG_REQUIRED, .max = 300},
    {"next_due", VG_F_TIME},
    {NULL},
};
const vg_field bans_end_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH}, {"why", VG_F_TEXT, VG_REQUIRED, .max = 300}, {NULL}};
const vg_field bans_due_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME, VG_REQUIRED}, {NULL}};
const vg_field bans_forget_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {NULL}};

static vg_status in_force(vg_cx *cx, const vg_args *args, const char *permission, bans_entry *ret,
                          vg_err *err)
{
    VG_TRY(bans_at(cx, vg_arg_str(args, "id"), ret, err));
    VG_TRY(bans_require(cx, permission, ret, err));
    return vg_str_eqc(ret->state, "in_force")
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "bans.not_in_force", "%s", "");
}

static vg_status say(vg_cx *cx, const bans_entry *e, const char *kind, vg_err *err)
{
    return vg_say(cx, &(vg_saying){kind, e->site, e->id, e->label}, err);
}

// --- looked at again ----------------------------------------------------------------------------------
VG_HANDLER(bans_review)
{
    bans_entry e;
    char id[VG_ID_TEXT];
    VG_TRY(in_force(cx, args, "bans.approve", &e, err));
    const bool keep = vg_str_eqc(vg_arg_str(args, "outcome"), "keep");
    const int64_t half_us = cx->now_us + (e.expires_us - cx->now_us) / 2;
    const int64_t next_us = vg_arg_i64(args, "next_due", half_us);
    if (keep && (next_us <= cx->now_us || next_us > e.expires_us)) {
        return vg_fail(err, VG_EINVALID, "next_due", "bans.review_due", "%s", "");
    }
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "review", id);
    if (keep) {
        vg_jw_ki64(&cx->body, "next_due", next_us);
    }
    vg_body_args(cx, args, "next_due");
    VG_TRY(say(cx, &e, "bans.reviewed", err));
    if (!keep) {
        vg_body(cx);
        vg_jw_kz(&cx->body, "state", "ended");
        vg_body_args(cx, args, "outcome next_due");
        VG_TRY(say(cx, &e, "bans.ended", err));
    }
    return VG_OK;
}

VG_FOLDER(bans_on_reviewed)
{
    const int64_t next_us = vg_js_i64(e->body, "next_due", 0);
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO ban_review (id, entry, outcome, why, next_due, by_user, at, label,"
                  " world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "review @subject outcome why next_due @actor @at @label @world", err));
    VG_TRY(vg_put(ap, e,
                  "UPDATE ban_entry SET reviews = reviews + 1, review_late = 0, review_due ="
                  " COALESCE(?, review_due), changed_at = ? WHERE id = ?",
                  "next_due @at @subject", err));
    return next_us ? vg_deadline_set(ap, "bans.review", vg_str_z(ap->arena, e->subject),
                                     vg_str_z(ap->arena, e->site), next_us, err)
                   : VG_OK;
}

VG_HANDLER(bans_review_late)
{
    bans_entry e;
    VG_TRY(bans_at(cx, vg_arg_str(args, "id"), &e, err));
    if (!vg_str_eqc(e.state, "in_force")) {
        return VG_OK;
    }
    vg_body(cx);
    return say(cx, &e, "bans.review_late", err);
}

VG_FOLDER(bans_on_review_late)
{
    return vg_put(ap, e, "UPDATE ban_entry SET review_late = 1, changed_at = ? WHERE id = ?",
                  "@at @subject", err);
}

// --- ended --------------------------------------------------------------------------------------------
VG_HANDLER(bans_end)
{
    bans_entry e;
    VG_TRY(in_force(cx, args, "bans.edit", &e, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "state", "ended");
    vg_body_args(cx, args, "");
    return say(cx, &e, "bans.ended", err);
}

VG_HANDLER(bans_expire)
{
    bans_entry e;
    VG_TRY(bans_at(cx, vg_arg_str(args, "id"), &e, err));
    if (!vg_str_eqc(e.state, "in_force")) {
        return VG_OK;
    }
    vg_body(cx);
    vg_jw_kz(&cx->body, "state", "expired");
    return say(cx, &e, "bans.ended", err);
}

VG_FOLDER(bans_on_ended)
{
    const char *id = vg_str_z(ap->arena, e->subject), *site = vg_str_z(ap->arena, e->site);
    VG_TRY(vg_put(ap, e,
                  "UPDATE ban_entry SET state = ?, why = COALESCE(?, why), ended_at = ?, changed_at"
                  " = ?, review_late = 0 WHERE id = ?",
                  "state why @at @at @subject", err));
    VG_TRY(vg_deadline_clear(ap, "bans.expire", id, err));
    VG_TRY(vg_deadline_clear(ap, "bans.review", id, err));
    return vg_deadline_set(ap, "bans.erase", id, site, e->recorded_us + KEPT_DAYS * DAY_US, err);
}

// --- forgotten ----------------------------------------------------------------------------------------
VG_HANDLER(bans_erase)
{
    const vg_status st = vg_person_erase(cx, vg_str_z(cx->arena, vg_arg_str(args, "id")), err);
    return st == VG_ENOTFOUND ? VG_OK : st;
}

// Reaction to core.person_erased. An entry nobody can be told by does not count any more.
VG_HANDLER(bans_forget)
{
    vg_str c[3];
    const vg_str id = vg_arg_str(args, "id");
    const vg_status st = vg_look(
        cx, "SELECT site, label, state FROM ban_entry WHERE id = ? AND state <> 'forgotten'", id, c,
        3, err);
    if (st != VG_OK) {
        return st == VG_ENOTFOUND ? VG_OK : st;
    }
    VG_TRY(vg_exec(cx->db, "DELETE FROM ban_card WHERE entry = ?", VG_VALS(vg_t(id)), err));
    vg_body(cx);
    return vg_say(cx,
                  &(vg_saying){"bans.forgotten", vg_str_z(cx->arena, c[0]), vg_str_z(cx->arena, id),
                               (int32_t)vg_int(c[1])},
                  err);
}

VG_FOLDER(bans_on_forgotten)
{
    const char *id = vg_str_z(ap->arena, e->subject);
    VG_TRY(vg_put(ap, e,
                  "UPDATE ban_entry SET state = 'forgotten', review_late = 0, changed_at = ? WHERE"
                  " id = ?",
                  "@at @subject", err));
    VG_TRY(vg_deadline_clear(ap, "bans.expire", id, err));
    VG_TRY(vg_deadline_clear(ap, "bans.review", id, err));
    return vg_deadline_clear(ap, "bans.erase", id, err);
}
