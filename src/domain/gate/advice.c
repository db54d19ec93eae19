// SPDX-License-Identifier: Apache-2.0
// What the program says about somebody at a point: go, ask, or stop, and why, each reason by a code of the catalogue. It
// advises; the guard decides. Every check adds its reasons to one list and knows nothing of the others, so a new one is
// a function and a line in `checks`. Where an area asks for one thing and another forbids it (a vault that is too full
// and must not be left with one alone), both are said.
#include "domain/gate/advice_impl.h"
#include "domain/gate/rule.h"

#include "base/clock.h"

const char *const gate_says[] = {"green", "ask", "stop", NULL};

enum { OFFSET_MIN = 7 * 60 };

void gate_reason_add(gate_advice *a, gate_say say, const char *code, vg_str detail)
{
    if (a->n < GATE_REASONS_MAX) {
        a->v[a->n++] = (gate_reason){.say = say, .code = code, .detail = detail};
    }
    a->say = say > a->say ? say : a->say;
}

vg_str gate_moment(vg_arena *arena, int64_t us)
{
    int t[6];
    vg_time_split(us, OFFSET_MIN, t);
    return vg_str_f(arena, "%02d:%02d %02d/%02d/%04d", t[3], t[4], t[2], t[1], t[0]);
}

// --- what was shown -------------------------------------------------------------------------------
static vg_status find_badge(gate_asking *q, vg_str code, vg_str *ret_holder, vg_err *err)
{
    vg_rows *r;
    vg_cx *cx = q->cx;
    vg_str state = {0};
    int64_t until = 0;
    // The one that is out, else the one that was last: why it opens nothing is worth saying.
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT id, holder, state, valid_until FROM badge WHERE code = ? AND site ="
                        " ? ORDER BY state = 'issued' DESC, at DESC LIMIT 1",
                        VG_VALS(vg_t(code), vg_z(q->at->site)), &r, err));
    if (vg_rows_next(r)) {
        q->a->badge = vg_str_z(cx->arena, vg_row_str(r, 0));
        *ret_holder = vg_str_dup(cx->arena, vg_row_str(r, 1));
        state = vg_str_dup(cx->arena, vg_row_str(r, 2));
        until = vg_row_i64(r, 3);
    }
    VG_TRY(vg_rows_close(r, err));
    if (!q->a->badge) {
        VG_TRY(gate_find_plate(q, code, true, ret_holder, err));
        return q->a->by_plate ? VG_OK : gate_find_invited(q, code, ret_holder, err);
    }
    if (!vg_str_eqc(state, "issued")) {
        gate_reason_add(q->a, GATE_STOP,
                        vg_str_eqc(state, "lost")       ? "badge_lost"
                        : vg_str_eqc(state, "returned") ? "badge_returned"
                                                        : "badge_revoked",
                        (vg_str){0});
    } else if (until && until <= vg_time_known(cx)) {
        gate_reason_add(q->a, GATE_STOP, "badge_expired", gate_moment(cx->arena, until));
    }
    return VG_OK;
}

static vg_status find_where(gate_asking *q, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(q->cx->db, "SELECT site, area, since FROM presence WHERE holder = ?",
                        VG_VALS(vg_z(q->a->holder.id)), &r, err));
    if (vg_rows_next(r)) {
        q->where_site = vg_str_dup(q->cx->arena, vg_row_str(r, 0));
        q->where_area = vg_str_dup(q->cx->arena, vg_row_str(r, 1));
        q->where.since_us = vg_row_i64(r, 2);
    }
    return vg_rows_close(r, err);
}

// --- the checks -----------------------------------------------------------------------------------
static bool is_vehicle(const gate_asking *q)
{
    return vg_str_eqc(q->a->holder.kind, "vehicle");
}

static vg_status check_holder(gate_asking *q, vg_err *err)
{
    const gate_holder *h = &q->a->holder;
    (void)err;
    if (!vg_str_eqc(h->state, "active")) {
        gate_reason_add(q->a, GATE_STOP, "holder_ended", (vg_str){0});
    }
    if (h->valid_until_us && h->valid_until_us <= vg_time_known(q->cx)) {
        gate_reason_add(q->a, GATE_STOP, "holder_expired",
                        gate_moment(q->cx->arena, h->valid_until_us));
    }
    if (vg_str_eqc(q->at->lane, is_vehicle(q) ? "person" : "vehicle")) {
        gate_reason_add(q->a, GATE_ASK, "wrong_lane", (vg_str){0});
    }
    return VG_OK;
}

static vg_str area_name(vg_cx *cx, vg_str id)
{
    vg_str c[1] = {0};
    return id.n && vg_look(cx, "SELECT name FROM gate_area WHERE id = ?", id, c, 1, NULL) == VG_OK
               ? c[0]
               : (vg_str){0};
}

static vg_status check_where(gate_asking *q, vg_err *err)
{
    const gate_at *at = q->at;
    (void)err;
    if (!q->where_area.n) {
        // Never seen inside: coming in is right, going out was not entered.
        if (*at->from) {
            gate_reason_add(q->a, GATE_ASK, "not_inside", (vg_str){0});
        }
        return VG_OK;
    }
    if (!vg_str_eqc(q->where_site, at->site) || vg_str_eqc(q->where_area, at->from)) {
        return VG_OK;
    }
    if (*at->to && vg_str_eqc(q->where_area, at->to)) {
        const bool soon = q->cx->now_us - q->where.since_us < at->again_us;
        if (soon) {
            gate_reason_add(q->a, vg_str_eqc(at->passback, "hard") ? GATE_STOP : GATE_ASK,
                            "passback", gate_moment(q->cx->arena, q->where.since_us));
        }
    } else {
        gate_reason_add(q->a, GATE_ASK, "other_area", area_name(q->cx, q->where_area));
    }
    return VG_OK;
}

// One person may have a record at each site: the same person of ours, or the same number of a paper. Looked for at the
// sites of this agency only; which of them it is, is told to who may see that site, and not kept with what happened here.
static vg_status check_elsewhere(gate_asking *q, vg_err *err)
{
    vg_rows *r;
    vg_cx *cx = q->cx;
    if (q->where_area.n && vg_str_eqc(q->where_site, q->at->site)) {
        return VG_OK;  // asked about when he came
    }
    VG_TRY(vg_rows_open(
        cx->db,
        "SELECT s.name, s.label, p.since FROM presence p JOIN gate_holder h ON h.id = p.holder JOIN"
        " site s ON s.id = p.site WHERE p.site <> ?1 AND s.agency = ?2 AND h.agency = ?2 AND"
        " p.holder IN (SELECT ?3 UNION SELECT o.id FROM gate_holder g JOIN gate_holder o ON"
        " o.person = g.person WHERE g.id = ?3 UNION SELECT o.holder FROM gate_card g JOIN gate_card"
        " o ON o.doc_key = g.doc_key WHERE g.holder = ?3 UNION SELECT holder FROM gate_card WHERE"
        " doc_key = ?4) ORDER BY p.since DESC LIMIT 1",
        VG_VALS(vg_z(q->at->site), vg_z(q->at->agency), vg_z(q->a->holder.id),
                q->paper ? vg_paper_val(q->paper) : vg_nil()),
        &r, err));
    if (vg_rows_next(r)) {
        const size_t before = q->a->n;
        const vg_str since = gate_moment(cx->arena, vg_row_i64(r, 2));
        gate_reason_add(q->a, GATE_ASK, "inside_elsewhere", since);
        if (q->a->n > before && vg_seen(cx, (int32_t)vg_row_i64(r, 1), "", NULL) == VG_OK) {
            q->a->v[before].aloud =
                vg_str_f(cx->arena, "%.*s, %.*s", VG_FMT(vg_row_str(r, 0)), VG_FMT(since));
        }
    }
    return vg_rows_close(r, err);
}

static vg_status on_list(vg_cx *cx, const char *area, const char *list, const char *holder,
                         bool *ret, vg_err *err)
{
    int64_t there = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT 1 FROM gate_area_list WHERE area = ? AND list = ? AND holder = ?",
                      VG_VALS(vg_z(area), vg_z(list), vg_z(holder)), 0, &there, err));
    *ret = there != 0;
    return VG_OK;
}

// Is somebody else of the list inside? ret_any: is there anybody on it at all?
static vg_status one_inside(const gate_asking *q, const char *area, const char *list, bool *ret_any,
                            bool *ret_in, vg_err *err)
{
    int64_t any = 0, in = 0;
    VG_TRY(vg_one_i64(q->cx->db, "SELECT count(*) FROM gate_area_list WHERE area = ? AND list = ?",
                      VG_VALS(vg_z(area), vg_z(list)), 0, &any, err));
    VG_TRY(vg_one_i64(q->cx->db,
                      "SELECT count(*) FROM gate_area_list l JOIN presence p ON p.holder = l.holder"
                      " AND p.area = l.area WHERE l.area = ? AND l.list = ? AND l.holder <> ?",
                      VG_VALS(vg_z(area), vg_z(list), vg_z(q->a->holder.id)), 0, &in, err));
    *ret_any = any != 0;
    *ret_in = in != 0;
    return VG_OK;
}

static vg_status check_pair(gate_asking *q, int64_t inside, vg_err *err)
{
    const char *area = q->at->to;
    for (int i = 0; i < 2; i++) {
        bool any, in, mine;
        const char *list = i ? "b" : "a", *other = i ? "a" : "b";
        VG_TRY(one_inside(q, area, list, &any, &in, err));
        VG_TRY(on_list(q->cx, area, list, q->a->holder.id, &mine, err));
        bool other_mine;
        VG_TRY(on_list(q->cx, area, other, q->a->holder.id, &other_mine, err));
        if (any && inside == 1 && !in && !mine) {
            gate_reason_add(q->a, GATE_STOP, i ? "pair_needs_b" : "pair_needs_a", (vg_str){0});
        }
        if (any && inside == 0 && !mine && !other_mine && i == 0) {
            gate_reason_add(q->a, GATE_STOP, "pair_not_listed", (vg_str){0});
        }
    }
    if (inside == 0) {
        gate_reason_add(q->a, GATE_ASK, "pair_first_of_two", (vg_str){0});
    }
    return VG_OK;
}

// A vehicle takes it as well.
static vg_status check_airlock(gate_asking *q, vg_err *err)
{
    int64_t taken = 0;
    VG_TRY(vg_one_i64(q->cx->db,
                      GATE_WITHIN "SELECT count(*) FROM presence WHERE area IN (SELECT id FROM a)",
                      VG_VALS(vg_z(q->at->to)), 0, &taken, err));
    if (taken) {
        gate_reason_add(q->a, GATE_STOP, "airlock_taken", (vg_str){0});
    }
    return VG_OK;
}

static vg_status check_area(gate_asking *q, vg_err *err)
{
    vg_str c[3];
    int64_t inside = 0;
    bool any, in, mine;
    const char *area = q->at->to;
    if (!*area) {
        return VG_OK;
    }
    VG_TRY(vg_look(q->cx, "SELECT most, alone_s, airlock FROM gate_area WHERE id = ?",
                   vg_str_c(area), c, 3, err));
    VG_TRY(gate_people_in(q->cx->db, vg_str_c(area), &inside, err));
    if (c[0].n && inside >= vg_int(c[0]) && !is_vehicle(q)) {
        gate_reason_add(
            q->a, GATE_ASK, "area_full",
            vg_str_f(q->cx->arena, "%lld/%lld", (long long)inside, (long long)vg_int(c[0])));
    }
    if (vg_int(c[2])) {
        VG_TRY(check_airlock(q, err));
    }
    if (c[1].n) {
        VG_TRY(check_pair(q, inside, err));
    }
    VG_TRY(one_inside(q, area, "first", &any, &in, err));
    VG_TRY(on_list(q->cx, area, "first", q->a->holder.id, &mine, err));
    if (any && !in && !mine) {
        gate_reason_add(q->a, GATE_STOP, "first_not_in", (vg_str){0});
    }
    return VG_OK;
}

// Those who stay want one of each list still.
static vg_status check_pair_left(gate_asking *q, vg_err *err)
{
    for (int i = 0; i < 2; i++) {
        bool any, in;
        VG_TRY(one_inside(q, q->at->from, i ? "b" : "a", &any, &in, err));
        if (any && !in) {
            gate_reason_add(q->a, GATE_ASK, i ? "pair_left_no_b" : "pair_left_no_a", (vg_str){0});
        }
    }
    return VG_OK;
}

// Whoever leaves a two-person area must not leave one behind.
static vg_status check_left(gate_asking *q, vg_err *err)
{
    vg_str c[1];
    int64_t inside = 0;
    if (!*q->at->from || is_vehicle(q)) {
        return VG_OK;
    }
    VG_TRY(vg_look(q->cx, "SELECT alone_s FROM gate_area WHERE id = ?", vg_str_c(q->at->from), c, 1,
                   err));
    if (c[0].n) {
        VG_TRY(gate_people_in(q->cx->db, vg_str_c(q->at->from), &inside, err));
        if (inside == 2) {
            gate_reason_add(q->a, GATE_ASK, "leaves_one_alone", (vg_str){0});
        }
        return inside > 2 ? check_pair_left(q, err) : VG_OK;
    }
    return VG_OK;
}

static vg_status check_rules(gate_asking *q, vg_err *err)
{
    gate_rule *rules = vg_arena_get(q->cx->arena, sizeof *rules * GATE_RULES_MAX);
    size_t n = 0;
    if (!rules) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "");
    }
    VG_TRY(gate_rules_load(q->cx->db, q->cx->arena, vg_str_c(q->at->site), rules, &n, err));
    const gate_case c = {.kind = q->a->holder.kind,
                         .class = q->a->holder.class,
                         .point = q->at->name,
                         .area = *q->at->to ? area_name(q->cx, vg_str_c(q->at->to)) : VG_S(""),
                         .from = *q->at->from ? area_name(q->cx, vg_str_c(q->at->from)) : VG_S(""),
                         .way = q->at->way,
                         .at_us = q->cx->now_us};
    for (size_t i = 0; i < n; i++) {
        if (gate_rule_holds(rules[i].condition, &c)) {
            gate_reason_add(q->a, rules[i].stops ? GATE_STOP : GATE_ASK, "rule", rules[i].name);
        }
    }
    return VG_OK;
}

static vg_status (*const checks[])(gate_asking *q, vg_err *err) = {
    check_holder, check_where, check_elsewhere,  check_area,
    check_left,   check_rules, gate_check_visit, gate_check_leaves_guest};

vg_status gate_advise(vg_cx *cx, const gate_at *at, const gate_shown *shown, gate_advice *ret,
                      vg_err *err)
{
    gate_asking q = {.cx = cx, .at = at, .a = ret};
    vg_str holder = shown->holder;
    vg_scan scan;
    vg_paper paper;
    *ret = (gate_advice){0};
    if (shown->badge.n) {
        VG_TRY(find_badge(&q, shown->badge, &holder, err));
    } else if (shown->plate.n) {
        VG_TRY(gate_find_plate(&q, shown->plate, false, &holder, err));
    } else if (shown->paper.n) {
        VG_TRY(vg_scan_read(cx->arena, shown->paper, &scan, err));
        VG_TRY(vg_paper_of(cx, scan.number, &paper, err));
        q.scan = &scan;
        q.paper = &paper;
        VG_TRY(gate_find_paper(&q, &holder, err));
    }
    if (!holder.n) {
        VG_TRY(check_elsewhere(&q, err));
        return gate_check_ban(&q, err);
    }
    VG_TRY(gate_holder_here(cx, at, holder, &ret->holder, err));
    ret->found = true;
    VG_TRY(find_where(&q, err));
    for (size_t i = 0; i < VG_LEN(checks); i++) {
        VG_TRY(checks[i](&q, err));
    }
    return gate_check_ban(&q, err);
}

vg_status gate_look_again(vg_cx *cx, const gate_at *at, const gate_holder *h, vg_str paper,
                          gate_advice *ret, vg_err *err)
{
    gate_asking q = {.cx = cx, .at = at, .a = ret};
    vg_scan scan;
    vg_paper key;
    *ret = (gate_advice){.found = h->id != NULL, .holder = *h};
    // What cannot be read now was read out there: the holder is all there is.
    if (paper.n && vg_scan_read(cx->arena, paper, &scan, NULL) == VG_OK &&
        vg_paper_of(cx, scan.number, &key, NULL) == VG_OK) {
        q.scan = &scan;
        q.paper = &key;
    }
    return gate_check_ban(&q, err);
}

void gate_reasons_json(const gate_advice *a, const char *key, bool aloud, vg_jw *w)
{
    vg_jw_key(w, key);
    vg_jw_open(w, '[');
    for (size_t i = 0; i < a->n; i++) {
        vg_jw_open(w, '{');
        vg_jw_kz(w, "say", gate_says[a->v[i].say]);
        vg_jw_kz(w, "code", a->v[i].code);
        const vg_str detail = aloud && a->v[i].aloud.n ? a->v[i].aloud : a->v[i].detail;
        if (detail.n) {
            vg_jw_kstr(w, "detail", detail);
        }
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
}
