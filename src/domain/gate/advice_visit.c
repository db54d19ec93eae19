// SPDX-License-Identifier: Apache-2.0
// Visitors at the point. Their visits stand in the tables of the visits module, which are read here and never written:
// is he expected now, allowed where he goes, told the rules, accompanied, and does he give his pass back. A visitor who
// is let in without any of it is let in by the guard, who says why.
#include "domain/gate/advice_impl.h"

#include "base/clock.h"

enum { EARLY_MIN = 30 };  // ours
#define MINUTE_US (60 * VG_SECOND_US)
#define DAY_US (24 * 60 * MINUTE_US)
#define OFFSET_US (7 * 60 * MINUTE_US)

// --- who is it --------------------------------------------------------------------------------------
vg_status gate_find_paper(gate_asking *q, vg_str *ret_holder, vg_err *err)
{
    vg_rows *r;
    *ret_holder = (vg_str){0};
    // Whoever is inside, then whoever is expected: one paper may have been written down more than once.
    VG_TRY(vg_rows_open(
        q->cx->db,
        "SELECT h.id FROM gate_card c JOIN gate_holder h ON h.id = c.holder AND h.state = 'active'"
        " LEFT JOIN presence p ON p.holder = h.id LEFT JOIN visit_guest g ON g.holder = h.id LEFT"
        " JOIN visit v ON v.id = g.visit WHERE c.doc_key = ? AND h.site = ? ORDER BY p.holder IS"
        " NOT NULL DESC, COALESCE(v.state IN ('approved', 'arrived') AND v.ends > ?, 0) DESC,"
        " v.starts, h.at DESC LIMIT 1",
        VG_VALS(vg_paper_val(q->paper), vg_z(q->at->site), vg_i(vg_time_known(q->cx))), &r, err));
    if (vg_rows_next(r)) {
        *ret_holder = vg_str_dup(q->cx->arena, vg_row_str(r, 0));
    }
    VG_TRY(vg_rows_close(r, err));
    if (!ret_holder->n) {
        gate_reason_add(q->a, GATE_ASK, "paper_unknown", (vg_str){0});
    }
    return VG_OK;
}

static vg_status used_today(gate_asking *q, vg_str holder, const char *invite, vg_err *err)
{
    int64_t used = 0;
    const int64_t day_us = (q->cx->now_us + OFFSET_US) / DAY_US * DAY_US - OFFSET_US;
    VG_TRY(vg_one_i64(q->cx->db,
                      "SELECT moved FROM passage WHERE holder = ? AND moved >= ? AND badge = ? AND"
                      " way = 'in' AND from_area IS NULL ORDER BY moved DESC LIMIT 1",
                      VG_VALS(vg_t(holder), vg_i(day_us), vg_z(invite)), 0, &used, err));
    if (used && !*q->at->from) {
        gate_reason_add(q->a, GATE_ASK, "invite_used", gate_moment(q->cx->arena, used));
    }
    return VG_OK;
}

vg_status gate_find_invited(gate_asking *q, vg_str code, vg_str *ret_holder, vg_err *err)
{
    vg_rows *r;
    char hash[VG_INVITE_TEXT];
    int64_t until_us = 0;
    vg_invite_hash(code, hash);
    VG_TRY(vg_rows_open(q->cx->db,
                        "SELECT id, holder, invite_until FROM visit_guest WHERE invite = ?"
                        " AND site = ? AND holder IS NOT NULL",
                        VG_VALS(vg_z(hash), vg_z(q->at->site)), &r, err));
    if (vg_rows_next(r)) {
        q->a->badge = vg_str_z(q->cx->arena, vg_row_str(r, 0));
        *ret_holder = vg_str_dup(q->cx->arena, vg_row_str(r, 1));
        until_us = vg_row_i64(r, 2);
    }
    VG_TRY(vg_rows_close(r, err));
    if (!q->a->badge) {
        gate_reason_add(q->a, GATE_STOP, "badge_unknown", (vg_str){0});
        return VG_OK;
    }
    if (until_us <= vg_time_known(q->cx)) {
        gate_reason_add(q->a, GATE_STOP, "invite_expired", gate_moment(q->cx->arena, until_us));
    }
    return used_today(q, *ret_holder, q->a->badge, err);
}

// --- his visit --------------------------------------------------------------------------------------
typedef struct visit {
    vg_str guest, state, areas;
    int64_t starts_us, ends_us, rules_n, notice_n;
    bool escort, contractor;
} visit;

static vg_status find_visit(gate_asking *q, visit *ret, bool *ret_found, vg_err *err)
{
    vg_rows *r;
    vg_arena *a = q->cx->arena;
    VG_TRY(vg_rows_open(
        q->cx->db,
        "SELECT g.id, v.state, v.areas, v.starts, v.ends, g.rules_n, g.notice_n, v.escort,"
        " v.kind = 'contractor' FROM visit_guest g JOIN visit v ON v.id = g.visit WHERE g.holder = "
        "?1 AND v.site = ?2 ORDER BY"
        " v.state IN ('approved', 'arrived') AND v.ends > ?3 DESC, v.ends > ?3 DESC, abs(v.starts -"
        " ?3), v.id LIMIT 1",
        VG_VALS(vg_z(q->a->holder.id), vg_z(q->at->site), vg_i(vg_time_known(q->cx))), &r, err));
    *ret_found = vg_rows_next(r);
    if (*ret_found) {
        *ret = (visit){.guest = vg_str_dup(a, vg_row_str(r, 0)),
                       .state = vg_str_dup(a, vg_row_str(r, 1)),
                       .areas = vg_str_dup(a, vg_row_str(r, 2)),
                       .starts_us = vg_row_i64(r, 3),
                       .ends_us = vg_row_i64(r, 4),
                       .rules_n = vg_row_i64(r, 5),
                       .notice_n = vg_row_i64(r, 6),
                       .escort = vg_row_i64(r, 7) != 0,
                       .contractor = vg_row_i64(r, 8) != 0};
    }
    return vg_rows_close(r, err);
}

static void check_state(gate_asking *q, const visit *v)
{
    vg_arena *a = q->cx->arena;
    if (vg_str_eqc(v->state, "planned")) {
        gate_reason_add(q->a, GATE_ASK, "visit_waiting", (vg_str){0});
    } else if (vg_str_eqc(v->state, "refused")) {
        gate_reason_add(q->a, GATE_STOP, "visit_refused", (vg_str){0});
    } else if (vg_str_eqc(v->state, "cancelled")) {
        gate_reason_add(q->a, GATE_STOP, "visit_cancelled", (vg_str){0});
    } else if (v->starts_us - EARLY_MIN * MINUTE_US > q->cx->now_us) {
        gate_reason_add(q->a, GATE_ASK, "visit_early", gate_moment(a, v->starts_us));
    } else if (v->ends_us <= vg_time_known(q->cx)) {
        gate_reason_add(q->a, GATE_ASK, "visit_over", gate_moment(a, v->ends_us));
    }
}

// The area itself, or one it lies in, is among those of the visit. What is entered from outside is open to all visits.
static vg_status check_visit_area(gate_asking *q, const visit *v, vg_err *err)
{
    int64_t may = 0;
    if (!*q->at->to || !*q->at->from) {
        return VG_OK;
    }
    VG_TRY(vg_one_i64(q->cx->db,
                      "WITH RECURSIVE a(id) AS (SELECT ?1 UNION SELECT g.parent FROM gate_area g"
                      " JOIN a ON g.id = a.id WHERE g.parent IS NOT NULL) SELECT 1 FROM a WHERE"
                      " a.id IN (SELECT value FROM json_each(?2))",
                      VG_VALS(vg_z(q->at->to), vg_t(v->areas)), 0, &may, err));
    if (!may) {
        gate_reason_add(q->a, GATE_STOP, "visit_area", (vg_str){0});
    }
    return VG_OK;
}

static vg_status check_told(gate_asking *q, const visit *v, vg_err *err)
{
    int64_t rules = 0, notice = 0;
    VG_TRY(vg_one_i64(q->cx->db, "SELECT max(n) FROM visit_rules WHERE site = ?",
                      VG_VALS(vg_z(q->at->site)), 0, &rules, err));
    VG_TRY(vg_one_i64(q->cx->db,
                      "SELECT max(n) FROM visitor_notice WHERE site = ? AND state = 'confirmed'",
                      VG_VALS(vg_z(q->at->site)), 0, &notice, err));
    if (v->rules_n < rules || v->notice_n < notice) {
        gate_reason_add(q->a, GATE_ASK, "rules_unread", (vg_str){0});
    }
    return VG_OK;
}

// Somebody of the house went the same way just before.
static vg_status check_escort(gate_asking *q, const visit *v, vg_err *err)
{
    int64_t within_s = GATE_ESCORT_S, with = 0;
    if (!v->escort) {
        return VG_OK;
    }
    VG_TRY(vg_one_i64(q->cx->db, "SELECT escort_s FROM visit_setting WHERE site = ?",
                      VG_VALS(vg_z(q->at->site)), GATE_ESCORT_S, &within_s, err));
    within_s = within_s > 0 ? within_s : GATE_ESCORT_S;
    VG_TRY(vg_one_i64(q->cx->db,
                      "SELECT 1 FROM passage WHERE site = ? AND moved >= ? AND point = ? AND way ="
                      " ? AND holder_kind = 'staff' LIMIT 1",
                      VG_VALS(vg_z(q->at->site), vg_i(q->cx->now_us - within_s * VG_SECOND_US),
                              vg_z(q->at->id), vg_t(q->at->way)),
                      0, &with, err));
    if (!with) {
        gate_reason_add(q->a, GATE_ASK, "no_escort",
                        vg_str_f(q->cx->arena, "%lld", (long long)within_s));
    }
    return VG_OK;
}

// Who comes to work here has shown what he may do it with, unless the site asks for nothing.
static vg_status check_certified(gate_asking *q, const visit *v, vg_err *err)
{
    int64_t any = 0, needed = 1;
    if (!v->contractor && !vg_str_eqc(q->a->holder.kind, "contractor")) {
        return VG_OK;
    }
    VG_TRY(vg_one_i64(q->cx->db, "SELECT 1 FROM visit_certificate WHERE holder = ? LIMIT 1",
                      VG_VALS(vg_z(q->a->holder.id)), 0, &any, err));
    VG_TRY(vg_one_i64(q->cx->db,
                      "SELECT COALESCE(certificates, 1) FROM visit_setting WHERE site = ?",
                      VG_VALS(vg_z(q->at->site)), 1, &needed, err));
    if (!any && needed) {
        gate_reason_add(q->a, GATE_ASK, "certificate_none", (vg_str){0});
    }
    return VG_OK;
}

static vg_status check_certificates(gate_asking *q, vg_err *err)
{
    vg_rows *r;
    const int64_t now = vg_time_known(q->cx);
    VG_TRY(vg_rows_open(q->cx->db,
                        "SELECT what, until FROM visit_certificate WHERE holder = ? AND until <= ?"
                        " AND NOT EXISTS (SELECT 1 FROM visit_certificate n WHERE n.holder ="
                        " visit_certificate.holder AND n.what = visit_certificate.what AND n.until"
                        " > ?) ORDER BY until DESC LIMIT 1",
                        VG_VALS(vg_z(q->a->holder.id), vg_i(now), vg_i(now)), &r, err));
    if (vg_rows_next(r)) {
        gate_reason_add(q->a, GATE_ASK, "certificate_over",
                        vg_str_dup(q->cx->arena, vg_row_str(r, 0)));
    }
    return vg_rows_close(r, err);
}

static vg_status check_pass_back(gate_asking *q, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(q->cx->db,
                        "SELECT code FROM badge WHERE holder = ? AND kind = 'pass' AND state ="
                        " 'issued' ORDER BY at DESC LIMIT 1",
                        VG_VALS(vg_z(q->a->holder.id)), &r, err));
    if (vg_rows_next(r)) {
        gate_reason_add(q->a, GATE_ASK, "pass_out", vg_str_dup(q->cx->arena, vg_row_str(r, 0)));
    }
    return vg_rows_close(r, err);
}

vg_status gate_check_visit(gate_asking *q, vg_err *err)
{
    visit v;
    bool found = false;
    const bool vehicle = vg_str_eqc(q->a->holder.kind, "vehicle");
    if (vg_str_eqc(q->a->holder.kind, "staff")) {
        return VG_OK;
    }
    if (!*q->at->to) {  // leaving altogether
        return check_pass_back(q, err);
    }
    VG_TRY(find_visit(q, &v, &found, err));
    if (!found) {
        if (!vehicle) {  // a vehicle of the house has no visit
            gate_reason_add(q->a, GATE_ASK, "no_visit", (vg_str){0});
        }
        return VG_OK;
    }
    check_state(q, &v);
    VG_TRY(check_visit_area(q, &v, err));
    if (vehicle) {
        return VG_OK;
    }
    if (!*q->at->from) {
        VG_TRY(check_told(q, &v, err));
    }
    VG_TRY(check_escort(q, &v, err));
    VG_TRY(check_certified(q, &v, err));
    return check_certificates(q, err);
}
