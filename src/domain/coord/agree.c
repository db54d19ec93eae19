// SPDX-License-Identifier: Apache-2.0
// Consenting, withdrawing, reviewing. Each party consents for itself, by two of its people: one proposes, another
// agrees, and whoever agrees must hold the right wherever a clause gives something of his agency. When all have agreed
// it is in force. One person may withdraw his side's consent at any moment: what it gave is closed with that.
#include "domain/coord/coord.h"

#include "base/clock.h"

enum { CONTACT_DAYS = 90 };  // until a number is called again; ours, no act names one

const vg_field coord_agree_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {NULL},
};
const vg_field coord_withdraw_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};
const vg_field coord_review_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"review_due", VG_F_TIME, VG_REQUIRED},
    {"note", VG_F_TEXT, .max = 1000},
    {NULL},
};
const vg_field coord_contact_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"contact", VG_F_TEXT, VG_REQUIRED, .max = 100},
    {"phone", VG_F_TEXT, VG_REQUIRED, .max = 40},
    {NULL},
};
const vg_field coord_answered_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"party", VG_F_ID, VG_REQUIRED},
    {NULL},
};
const vg_field coord_due_fields[] = {
    {"id", VG_F_TEXT, VG_REQUIRED, .max = 40},
    {"due", VG_F_TIME},
    {NULL},
};

static vg_status own_state(vg_cx *cx, const coord_copy *c, vg_str ret[2], vg_err *err)
{
    return vg_look(cx,
                   "SELECT p.state, COALESCE(p.proposed_by, '') FROM regulation_party p JOIN"
                   " regulation r ON r.id = p.regulation AND r.agency = p.party WHERE r.id = ?",
                   vg_str_c(c->id), ret, 2, err);
}

static bool by_machine(const vg_cx *cx)
{
    return cx->who->kind == VG_P_SYSTEM || cx->who->kind == VG_P_LOCAL;
}

// --- consent ------------------------------------------------------------------------------------
// The right to consent must reach as far as what is given.
static vg_status may_give(vg_cx *cx, const coord_copy *c, vg_err *err)
{
    vg_rows *r;
    vg_status st = VG_OK;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT DISTINCT " COORD_SITE
                        " FROM " COORD_CLAUSES_AT("") " WHERE c.regulation = ? AND"
                                                      " c.giver = ?",
                        VG_VALS(vg_z(c->id), vg_z(c->agency)), &r, err));
    while (st == VG_OK && vg_rows_next(r)) {
        const char *site = vg_str_z(cx->arena, vg_row_str(r, 0));
        if (!vg_may(cx->who, "coord.agree", *site ? site : VG_EVERYWHERE)) {
            st = vg_fail(err, VG_EDENIED, "id", "coord.not_there", "%s", "");
        }
    }
    vg_err ignored;
    const vg_status closed = vg_rows_close(r, st == VG_OK ? err : &ignored);
    return st == VG_OK ? closed : st;
}

static vg_status settle(vg_cx *cx, const coord_copy *c, vg_err *err)
{
    int64_t missing = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT count(*) FROM regulation_party WHERE regulation = ? AND state <>"
                      " 'agreed'",
                      VG_VALS(vg_z(c->id)), 0, &missing, err));
    return missing ? VG_OK : coord_tell(cx, c->document, "coord.in_force", NULL, 0, err);
}

// proposer: "" where the machine consented alone. A third person of the party looks at it afterwards ("opens").
static vg_status agree(vg_cx *cx, const coord_copy *c, vg_str proposer, vg_err *err)
{
    VG_TRY(COORD_SAY(cx, c->document, "coord.agreed", err, {"party", c->agency, 0},
                     {"by", cx->who->user, 0}, {"also_by", vg_str_z(cx->arena, proposer), 0},
                     {"opens", c->agency, 0}));
    return settle(cx, c, err);
}

VG_HANDLER(coord_agree)
{
    coord_copy c;
    vg_str own[2];
    VG_TRY(coord_copy_at(cx, vg_arg_str(args, "id"), &c, err));
    if (!vg_str_eqc(c.state, "offered")) {
        return vg_fail(err, VG_ECONFLICT, "id", "coord.not_offered", "%.*s", VG_FMT(c.number));
    }
    VG_TRY(may_give(cx, &c, err));
    VG_TRY(own_state(cx, &c, own, err));
    vg_jw_kz(&cx->reply, "id", c.id);
    if (by_machine(cx)) {
        return agree(cx, &c, vg_str_c(""), err);
    }
    if (cx->who->kind != VG_P_USER) {  // two access tokens are not two persons
        return vg_fail(err, VG_EDENIED, "id", "coord.person", "%s", "");
    }
    if (vg_str_eqc(own[0], "asked")) {
        return COORD_SAY(cx, c.document, "coord.proposed", err, {"party", c.agency, 0},
                         {"by", cx->who->user, 0});
    }
    if (!vg_str_eqc(own[0], "proposed")) {
        return vg_fail(err, VG_ECONFLICT, "id", "coord.agreed_already", "%s", "");
    }
    return vg_str_eqc(own[1], cx->who->user)
               ? vg_fail(err, VG_EDENIED, "id", "coord.second_person", "%s", "")
               : agree(cx, &c, own[1], err);
}

VG_FOLDER(coord_on_proposed)
{
    return vg_put(ap, e,
                  "UPDATE regulation_party SET state = 'proposed', proposed_by = ? WHERE"
                  " regulation = ? AND party = ?",
                  "by @subject party", err);
}

VG_FOLDER(coord_on_agreed)
{
    return vg_put(ap, e,
                  "UPDATE regulation_party SET state = 'agreed', agreed_by = ?, agreed_at = ?"
                  " WHERE regulation = ? AND party = ?",
                  "by @at @subject party", err);
}

static vg_status times(vg_apply *ap, const vg_event *e, int64_t *ret_until, int64_t *ret_review,
                       vg_err *err)
{
    VG_TRY(vg_one_i64(ap->db, "SELECT valid_until FROM regulation WHERE id = ?",
                      VG_VALS(vg_t(e->subject)), 0, ret_until, err));
    return vg_one_i64(ap->db, "SELECT review_due FROM regulation WHERE id = ?",
                      VG_VALS(vg_t(e->subject)), 0, ret_review, err);
}

// When a regulation in force begins to count, what stands on a posture that lasts already is opened.
static vg_status start_due(vg_apply *ap, const vg_event *e, vg_err *err)
{
    int64_t from = 0;
    VG_TRY(vg_one_i64(ap->db,
                      "SELECT valid_from FROM regulation r WHERE id = ? AND EXISTS (SELECT 1 FROM"
                      " clause c WHERE c.regulation = r.id AND c.condition = 'posture')",
                      VG_VALS(vg_t(e->subject)), 0, &from, err));
    return from > e->recorded_us
               ? vg_deadline_set(ap, "coord.start", vg_str_z(ap->arena, e->subject), "", from, err)
               : VG_OK;
}

VG_HANDLER(coord_start)
{
    coord_copy c;
    VG_TRY(coord_copy_at(cx, vg_arg_str(args, "id"), &c, err));
    VG_TRY(coord_open_postures(cx, args, err));
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"coord.started", "", c.id, c.label}, err);
}

VG_FOLDER(coord_on_started)
{
    return vg_deadline_clear(ap, "coord.start", vg_str_z(ap->arena, e->subject), err);
}

VG_FOLDER(coord_on_in_force)
{
    int64_t until = 0, review = 0;
    const char *id = vg_str_z(ap->arena, e->subject);
    VG_TRY(vg_put(ap, e, "UPDATE regulation SET state = 'in_force', in_force_at = ? WHERE id = ?",
                  "@at @subject", err));
    VG_TRY(times(ap, e, &until, &review, err));
    VG_TRY(start_due(ap, e, err));
    VG_TRY(vg_deadline_set(ap, "coord.term", id, "", until, err));
    return vg_deadline_set(ap, "coord.review", id, "", review, err);
}

// --- its end ------------------------------------------------------------------------------------
VG_HANDLER(coord_withdraw)
{
    coord_copy c;
    vg_str own[2];
    VG_TRY(coord_copy_at(cx, vg_arg_str(args, "id"), &c, err));
    VG_TRY(own_state(cx, &c, own, err));
    if (vg_str_eqc(own[0], "withdrawn") || vg_str_eqc(c.state, "draft") ||
        vg_str_eqc(c.state, "ended")) {
        return vg_fail(err, VG_ECONFLICT, "id", "coord.over", "%.*s", VG_FMT(c.number));
    }
    VG_TRY(coord_seal_of_party(cx, c.document, c.agency, err));
    const char *reason = vg_str_z(cx->arena, vg_arg_str(args, "reason"));
    VG_TRY(COORD_SAY(cx, c.document, "coord.withdrawn", err, {"party", c.agency, 0},
                     {"reason", reason, 0}, {"by", cx->who->user, 0}));
    vg_jw_kz(&cx->reply, "id", c.id);
    int64_t left = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT count(*) FROM regulation_party WHERE regulation = ? AND state <>"
                      " 'withdrawn'",
                      VG_VALS(vg_z(c.id)), 0, &left, err));
    return left >= 2 ? VG_OK : coord_tell(cx, c.document, "coord.ended", NULL, 0, err);
}

// In each copy, the partner's contact that is to be called first.
static vg_status fold_check(vg_apply *ap, const vg_event *e, vg_err *err)
{
    int64_t due = 0;
    const char *id = vg_str_z(ap->arena, e->subject);
    VG_TRY(vg_one_i64(ap->db,
                      "SELECT min(p.check_due) FROM regulation r JOIN regulation_party p ON"
                      " p.regulation = r.id AND p.party <> r.agency AND p.state <> 'withdrawn'"
                      " WHERE r.id = ?1 AND r.state <> 'ended' AND NOT EXISTS (SELECT 1 FROM"
                      " regulation_party o WHERE o.regulation = r.id AND o.party = r.agency AND"
                      " o.state = 'withdrawn')",
                      VG_VALS(vg_z(id)), 0, &due, err));
    return due ? vg_deadline_set(ap, "coord.contact", id, "", due, err)
               : vg_deadline_clear(ap, "coord.contact", id, err);
}

VG_FOLDER(coord_on_withdrawn)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE regulation_party SET state = 'withdrawn', withdrawn_at = ?, reason = ?"
                  " WHERE regulation = ? AND party = ?",
                  "@at reason @subject party", err));
    return fold_check(ap, e, err);
}

VG_FOLDER(coord_on_ended)
{
    const char *id = vg_str_z(ap->arena, e->subject);
    VG_TRY(vg_put(ap, e,
                  "UPDATE regulation SET state = 'ended', ended_at = ? WHERE id = ? AND ended_at IS"
                  " NULL",
                  "@at @subject", err));
    VG_TRY(vg_deadline_clear(ap, "coord.term", id, err));
    VG_TRY(vg_deadline_clear(ap, "coord.start", id, err));
    VG_TRY(vg_deadline_clear(ap, "coord.contact", id, err));
    return vg_deadline_clear(ap, "coord.review", id, err);
}

VG_HANDLER(coord_term_over)
{
    coord_copy c;
    VG_TRY(coord_copy_at(cx, vg_arg_str(args, "id"), &c, err));
    if (!vg_str_eqc(c.state, "in_force")) {
        return VG_OK;
    }
    VG_TRY(coord_seal_of_term(cx, &c, err));
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"coord.ended", "", c.id, c.label}, err);
}

// --- the yearly review --------------------------------------------------------------------------
VG_HANDLER(coord_review)
{
    coord_copy c;
    int64_t until = 0;
    const int64_t due = vg_arg_i64(args, "review_due", 0);
    const char *note = vg_str_z(cx->arena, vg_arg_str(args, "note"));
    VG_TRY(coord_copy_at(cx, vg_arg_str(args, "id"), &c, err));
    VG_TRY(vg_one_i64(cx->db, "SELECT valid_until FROM regulation WHERE id = ?",
                      VG_VALS(vg_z(c.id)), 0, &until, err));
    if (!vg_str_eqc(c.state, "in_force")) {
        return vg_fail(err, VG_ECONFLICT, "id", "coord.over", "%.*s", VG_FMT(c.number));
    }
    if (due <= cx->now_us || due > until) {
        return vg_fail(err, VG_EINVALID, "review_due", "coord.review_date", "%s", "");
    }
    vg_jw_kz(&cx->reply, "id", c.id);
    vg_body(cx);  // in his own copy: each party reviews for itself
    vg_jw_kz(&cx->body, "party", c.agency);
    vg_jw_kz(&cx->body, "note", note);
    vg_jw_ki64(&cx->body, "review_due", due);
    return vg_say(cx, &(vg_saying){"coord.reviewed", "", c.id, c.label}, err);
}

VG_FOLDER(coord_on_reviewed)
{
    VG_TRY(
        vg_put(ap, e,
               "UPDATE regulation SET review_due = ?, reviewed_at = ?, review_late = 0 WHERE id ="
               " ?",
               "review_due @at @subject", err));
    return vg_deadline_set(ap, "coord.review", vg_str_z(ap->arena, e->subject), "",
                           vg_js_i64(e->body, "review_due", 0), err);
}

VG_HANDLER(coord_review_late)
{
    coord_copy c;
    VG_TRY(coord_copy_at(cx, vg_arg_str(args, "id"), &c, err));
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"coord.review_late", "", c.id, c.label}, err);
}

VG_FOLDER(coord_on_review_late)
{
    return vg_put(ap, e, "UPDATE regulation SET review_late = 1 WHERE id = ?", "@subject", err);
}

// --- points of contact --------------------------------------------------------------------------
// --- points of contact --------------------------------------------------------------------------
static int64_t check_due(const vg_cx *cx)
{
    return cx->now_us + CONTACT_DAYS * INT64_C(86400) * VG_SECOND_US;
}

VG_HANDLER(coord_contact_due)  // it stays among what is due until somebody has answered
{
    (void)cx;
    (void)args;
    (void)err;
    return VG_OK;
}

VG_HANDLER(coord_contact)
{
    coord_copy c;
    vg_str phone;
    VG_TRY(coord_copy_at(cx, vg_arg_str(args, "id"), &c, err));
    VG_TRY(vg_arg_phone(cx, args, "phone", &phone, err));
    vg_jw_kz(&cx->reply, "id", c.id);
    return COORD_SAY(cx, c.document, "coord.contact_set", err, {"party", c.agency, 0},
                     {"contact", vg_str_z(cx->arena, vg_arg_str(args, "contact")), 0},
                     {"phone", vg_str_z(cx->arena, phone), 0}, {"check_due", NULL, check_due(cx)});
}

VG_FOLDER(coord_on_contact)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE regulation_party SET contact = ?, phone = ?, answered_at = NULL,"
                  " check_due = ? WHERE regulation = ? AND party = ?",
                  "contact phone check_due @subject party", err));
    return fold_check(ap, e, err);
}

VG_HANDLER(coord_answered)
{
    coord_copy c;
    int64_t there = 0;
    const vg_str party = vg_arg_str(args, "party");
    VG_TRY(coord_copy_at(cx, vg_arg_str(args, "id"), &c, err));
    if (vg_str_eqc(party, c.agency)) {
        return vg_fail(err, VG_EINVALID, "party", "coord.own_contact", "%s", "");
    }
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT 1 FROM regulation_party WHERE regulation = ? AND party = ? AND"
                      " phone IS NOT NULL",
                      VG_VALS(vg_z(c.id), vg_t(party)), 0, &there, err));
    vg_jw_kz(&cx->reply, "id", c.id);
    return there ? COORD_SAY(cx, c.document, "coord.contact_answered", err,
                             {"party", vg_str_z(cx->arena, party), 0}, {"by", cx->who->user, 0},
                             {"check_due", NULL, check_due(cx)})
                 : vg_fail(err, VG_EINVALID, "party", "coord.no_contact", "%s", "");
}

VG_FOLDER(coord_on_answered)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE regulation_party SET answered_at = ?, check_due = ? WHERE regulation = ?"
                  " AND party = ?",
                  "@at check_due @subject party", err));
    return fold_check(ap, e, err);
}
