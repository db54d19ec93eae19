// SPDX-License-Identifier: Apache-2.0
// One pass over the passages of a period in order of time, an integer a name. What the fold worked out (flags, where
// somebody is) is not believed: only where everybody was before the period begins is taken from it. The work grows with
// the passages of the period, the rules, and how deep areas nest.
#include "domain/gate/audit.h"

#include "domain/gate/rule.h"
#include "engine/intern.h"

enum { AREAS_MAX = 4096, GROUPS = 3 };
#define LEEWAY_US (INT64_C(30) * 60 * 1000000)  // as the gate has it of visits and vehicles

typedef struct audit {
    const gate_audit *q;
    vg_arena *a;
    vg_intern *areas, *holders, *sites;
    vg_area area[AREAS_MAX];
    vg_str area_name[AREAS_MAX];
    uint32_t *groups;  // of each holder
    vg_walk *walk;
    gate_rule rule[GATE_RULES_MAX];
    size_t n_rules;
    bool keeps_list;  // of vehicles
    gate_audit_sum sum;
} audit;

// --- what the site is like --------------------------------------------------------------------------
static const char AREAS[] =
    "SELECT id, name, parent, most, alone_s FROM gate_area WHERE site = ? ORDER BY at, id";

static uint32_t area_number(audit *t, vg_str id)
{
    const uint32_t n = id.n ? vg_intern_id(t->areas, id) : VG_OUTSIDE;
    return n < AREAS_MAX ? n : VG_OUTSIDE;
}

static vg_status load_areas(audit *t, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(t->q->db, AREAS, VG_VALS(vg_t(t->q->site)), &r, err));
    while (vg_rows_next(r)) {
        const uint32_t n = area_number(t, vg_row_str(r, 0));
        t->area_name[n] = vg_str_dup(t->a, vg_row_str(r, 1));
        t->area[n] = (vg_area){.parent = area_number(t, vg_row_str(r, 2)),
                               .limit = (uint32_t)vg_row_i64(r, 3),
                               .alone_us = vg_row_i64(r, 4) * 1000000};
    }
    return vg_rows_close(r, err);
}

// Lists as groups: a bit a list, as many lists as there are bits; a site with more than ten areas that have lists is
// told so rather than judged wrongly.
static vg_status load_lists(audit *t, vg_err *err)
{
    vg_rows *r;
    uint32_t of[AREAS_MAX][GROUPS] = {0}, next = 1;
    VG_TRY(vg_rows_open(t->q->db,
                        "SELECT l.area, l.list, l.holder FROM gate_area_list l JOIN gate_area a ON"
                        " a.id = l.area WHERE a.site = ? ORDER BY a.at, l.area, l.list",
                        VG_VALS(vg_t(t->q->site)), &r, err));
    vg_status st = VG_OK;
    while (st == VG_OK && vg_rows_next(r)) {
        const uint32_t area = area_number(t, vg_row_str(r, 0));
        const vg_str list = vg_row_str(r, 1);
        const int which = vg_str_eqc(list, "a") ? 0 : vg_str_eqc(list, "b") ? 1 : 2;
        if (!of[area][which]) {
            of[area][which] = next;
            next <<= 1;
        }
        const uint32_t h = vg_intern_id(t->holders, vg_row_str(r, 2));
        if (!of[area][which] || h >= GATE_AUDIT_HOLDERS) {
            st = vg_fail(err, VG_ETOOBIG, "site", "gate.audit_lists", "%d", 32);
            break;
        }
        t->groups[h] |= of[area][which];
        t->area[area].pair_mask[0] = of[area][0];
        t->area[area].pair_mask[1] = of[area][1];
        t->area[area].first_mask = of[area][2];
    }
    const vg_status closed = vg_rows_close(r, st == VG_OK ? err : NULL);
    return st == VG_OK ? closed : st;
}

// Where everybody was when the period begins.
static vg_status seed(audit *t, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(t->q->db,
                        "SELECT holder, is_known, is_site, is_area, is_since, max(moved) FROM "
                        "passage WHERE site = ?"
                        " AND moved < ? GROUP BY holder",
                        VG_VALS(vg_t(t->q->site), vg_i(t->q->from_us)), &r, err));
    while (vg_rows_next(r)) {
        const uint32_t h = vg_intern_id(t->holders, vg_row_str(r, 0));
        if (h < GATE_AUDIT_HOLDERS && vg_row_i64(r, 1)) {
            const vg_where w = {.known = true,
                                .site = vg_intern_id(t->sites, vg_row_str(r, 2)),
                                .area = area_number(t, vg_row_str(r, 3)),
                                .since_us = vg_row_i64(r, 4)};
            vg_walk_seed(t->walk, h, &w);
        }
    }
    return vg_rows_close(r, err);
}

// --- the pass ---------------------------------------------------------------------------------------
static const char PASSAGES[] =
    "SELECT g.id, g.kind, g.holder, g.holder_kind, g.class, g.point, g.way, g.from_area,"
    " g.to_area, g.again_us, g.moved, g.evidence, p.name, b.id, b.state, b.valid_until,"
    " b.ended_at, g.import IS NOT NULL FROM passage g LEFT JOIN gate_point p ON p.id = g.point"
    " LEFT JOIN badge b ON b.id = g.badge WHERE g.site = ?1 AND g.moved >= ?2 AND g.moved < ?3"
    " AND g.world = 0 ORDER BY g.moved, g.id";
enum {
    C_ID,
    C_KIND,
    C_HOLDER,
    C_HKIND,
    C_CLASS,
    C_POINT,
    C_WAY,
    C_FROM,
    C_TO,
    C_AGAIN,
    C_MOVED,
    C_EVIDENCE,
    C_PNAME,
    C_BADGE,
    C_BSTATE,
    C_BUNTIL,
    C_BENDED,
    C_IMPORTED
};

static void tell_of(audit *t, vg_rows *r, const gate_finding *f)
{
    gate_finding all = *f;
    t->sum.findings++;
    if (t->q->found) {
        all.at_us = vg_row_i64(r, C_MOVED);
        all.passage = vg_row_str(r, C_ID);
        all.evidence = vg_row_str(r, C_EVIDENCE);
        all.holder = vg_row_str(r, C_HOLDER);
        all.point = vg_row_str(r, C_POINT);
        t->q->found(t->q->ctx, &all);
    }
}

static void tell(audit *t, vg_rows *r, const char *code, vg_str area, vg_str rule)
{
    tell_of(t, r, &(gate_finding){.code = code, .area = area, .rule = rule});
}

static void tell_bits(audit *t, vg_rows *r, unsigned flags, const char *const *codes, vg_str area)
{
    for (unsigned i = 0; flags >> i; i++) {
        if (flags >> i & 1) {
            tell(t, r, codes[i], area, (vg_str){"", 0});
        }
    }
}

static void judge(audit *t, vg_rows *r, uint32_t from, uint32_t to)
{
    static const char *const outside = "";
    const gate_case c = {.kind = vg_row_str(r, C_HKIND),
                         .class = vg_row_null(r, C_CLASS) ? (vg_str){0} : vg_row_str(r, C_CLASS),
                         .point = vg_row_null(r, C_PNAME) ? (vg_str){0} : vg_row_str(r, C_PNAME),
                         .area = to ? t->area_name[to] : (vg_str){outside, 0},
                         .from = from ? t->area_name[from] : (vg_str){outside, 0},
                         .way = vg_row_null(r, C_WAY) ? (vg_str){0} : vg_row_str(r, C_WAY),
                         .at_us = vg_row_i64(r, C_MOVED)};
    for (size_t i = 0; i < t->n_rules; i++) {
        if (gate_rule_holds(t->rule[i].condition, &c)) {
            tell(t, r, "rule", vg_row_str(r, C_TO), t->rule[i].id);
        }
    }
}

// --- what let him through: badge, visit, list, as they were then -------------------------------------
static void judge_badge(audit *t, vg_rows *r)
{
    const int64_t moved_us = vg_row_i64(r, C_MOVED), until_us = vg_row_i64(r, C_BUNTIL),
                  ended_us = vg_row_i64(r, C_BENDED);
    const vg_str state = vg_row_str(r, C_BSTATE), badge = vg_row_str(r, C_BADGE);
    const char *code = vg_str_eqc(state, "lost")       ? "badge_lost"
                       : vg_str_eqc(state, "returned") ? "badge_returned"
                                                       : "badge_revoked";
    if (ended_us && ended_us <= moved_us) {
        tell_of(t, r, &(gate_finding){.code = code, .about = badge});
    } else if (until_us && until_us <= moved_us) {
        tell_of(t, r, &(gate_finding){.code = "badge_expired", .about = badge});
    }
}

// His visits that were known at that moment, the best of them first: agreed then (every step decided by then), and within
// its hours. Called off since does not count against him.
static const char VISIT[] =
    "SELECT id, agreed, hours FROM (SELECT v.id, v.starts, v.starts - ?4 <= ?3 AND ?3 < v.ends"
    " AS hours, NOT (v.state IN ('refused', 'cancelled') AND v.changed_at <= ?3) AND NOT EXISTS"
    " (SELECT 1 FROM visit_step s WHERE s.visit = v.id AND s.at <= ?3 AND (s.state <>"
    " 'approved' OR s.decided_at > ?3)) AS agreed FROM visit_guest g JOIN visit v ON v.id ="
    " g.visit WHERE g.holder = ?1 AND v.site = ?2 AND g.state <> 'removed' AND g.at <= ?3)"
    " ORDER BY agreed AND hours DESC, agreed DESC, abs(starts - ?3), id LIMIT 1";

static vg_status judge_visit(audit *t, vg_rows *r, vg_err *err)
{
    vg_rows *v;
    const char *code = "visit_none";
    vg_str about = {"", 0};
    VG_TRY(vg_rows_open(t->q->db, VISIT,
                        VG_VALS(vg_t(vg_row_str(r, C_HOLDER)), vg_t(t->q->site),
                                vg_i(vg_row_i64(r, C_MOVED)), vg_i(LEEWAY_US)),
                        &v, err));
    if (vg_rows_next(v)) {
        about = vg_row_str(v, 0);
        code = !vg_row_i64(v, 1) ? "visit_unapproved" : !vg_row_i64(v, 2) ? "visit_hours" : NULL;
    }
    if (code) {
        tell_of(t, r, &(gate_finding){.code = code, .about = about});
    }
    return vg_rows_close(v, err);
}

// Expected then, by the plate: not called off before.
static const char EXPECTED[] =
    "SELECT 1 FROM gate_card c JOIN vehicle_plate v ON v.find = c.find JOIN vehicle_expected x"
    " ON x.id = v.expected WHERE c.holder = ?1 AND x.site = ?2 AND x.at <= ?3 AND ?3 BETWEEN"
    " x.starts - ?4 AND x.ends + ?4 AND NOT (x.state = 'cancelled' AND x.changed_at <= ?3)"
    " LIMIT 1";

// A vehicle let through once is not on the list for it; its class says so, as it was then.
static vg_status judge_vehicle(audit *t, vg_rows *r, vg_err *err)
{
    int64_t expected = 0;
    const vg_str class = vg_row_str(r, C_CLASS);
    if (!t->keeps_list ||
        (!vg_str_eqc(class, VG_VEHICLE_UNKNOWN) && !vg_str_eqc(class, VG_VEHICLE_EXPECTED))) {
        return VG_OK;
    }
    VG_TRY(vg_one_i64(t->q->db, EXPECTED,
                      VG_VALS(vg_t(vg_row_str(r, C_HOLDER)), vg_t(t->q->site),
                              vg_i(vg_row_i64(r, C_MOVED)), vg_i(LEEWAY_US)),
                      0, &expected, err));
    if (!expected) {
        tell(t, r, "vehicle_unlisted", (vg_str){"", 0}, (vg_str){"", 0});
    }
    return VG_OK;
}

// Visits and lists are about coming in from the street. A log of another system was let through by that one's.
static vg_status judge_leave(audit *t, vg_rows *r, vg_err *err)
{
    const vg_str kind = vg_row_str(r, C_HKIND);
    if (vg_row_str(r, C_BADGE).n) {
        judge_badge(t, r);
    }
    if (vg_row_i64(r, C_IMPORTED) || vg_row_str(r, C_FROM).n || !vg_row_str(r, C_TO).n ||
        vg_str_eqc(kind, "staff")) {
        return VG_OK;
    }
    return vg_str_eqc(kind, "vehicle") ? judge_vehicle(t, r, err) : judge_visit(t, r, err);
}

static vg_status load_keeps_list(audit *t, vg_err *err)
{
    int64_t any = 0;
    VG_TRY(
        vg_one_i64(t->q->db,
                   "SELECT EXISTS (SELECT 1 FROM vehicle_expected WHERE site = ?1) OR EXISTS"
                   " (SELECT 1 FROM gate_holder WHERE site = ?1 AND kind = 'vehicle' AND import IS"
                   " NULL AND COALESCE(class, '') NOT IN ('" VG_VEHICLE_UNKNOWN
                   "', '" VG_VEHICLE_EXPECTED "'))",
                   VG_VALS(vg_t(t->q->site)), 0, &any, err));
    t->keeps_list = any != 0;
    return VG_OK;
}

static vg_status one(audit *t, vg_rows *r, vg_err *err)
{
    static const char *const own[] = {"passback", "unentered", "skipped", "elsewhere", "unseen"};
    static const char *const crowd_codes[] = {"over", "alone", "pair", "first"};
    const vg_str from = vg_row_str(r, C_FROM);
    const bool anywhere = vg_str_eqc(from, GATE_ANYWHERE);
    const uint32_t h = vg_intern_id(t->holders, vg_row_str(r, C_HOLDER));
    if (h >= GATE_AUDIT_HOLDERS) {
        return vg_fail(err, VG_ETOOBIG, "site", "gate.audit_holders", "%d", GATE_AUDIT_HOLDERS);
    }
    const uint32_t to = area_number(t, vg_row_str(r, C_TO));
    const vg_moved m = {.holder = h,
                        .pass = {.at_us = vg_row_i64(r, C_MOVED),
                                 .site = vg_intern_id(t->sites, t->q->site),
                                 .from = anywhere ? VG_ANYWHERE : area_number(t, from),
                                 .to = to,
                                 .again_us = vg_row_i64(r, C_AGAIN),
                                 .forgive = vg_str_eqc(vg_row_str(r, C_KIND), "forgive")}};
    unsigned crowd = 0;
    uint32_t area = 0;
    const unsigned flags = vg_walk_step(t->walk, &m, &crowd, &area);
    t->sum.passages += !m.pass.forgive;
    // What the area allows is told with the passage and is no violation.
    tell_bits(t, r, flags & ~(unsigned)VG_PASS_TWICE, own, vg_row_str(r, C_TO));
    tell_bits(t, r, crowd, crowd_codes, area ? vg_intern_text(t->areas, area) : (vg_str){"", 0});
    if (t->n_rules && !m.pass.forgive) {
        judge(t, r, anywhere ? 0 : (uint32_t)m.pass.from, to);
    }
    return m.pass.forgive ? VG_OK : judge_leave(t, r, err);
}

static vg_status walk_all(audit *t, vg_err *err)
{
    vg_rows *r;
    vg_status st = VG_OK;
    VG_TRY(vg_rows_open(t->q->db, PASSAGES,
                        VG_VALS(vg_t(t->q->site), vg_i(t->q->from_us), vg_i(t->q->until_us)), &r,
                        err));
    while (st == VG_OK && vg_rows_next(r)) {
        st = one(t, r, err);
    }
    const vg_status closed = vg_rows_close(r, st == VG_OK ? err : NULL);
    return st == VG_OK ? closed : st;
}

static vg_status run(audit *t, vg_err *err)
{
    VG_TRY(load_areas(t, err));
    VG_TRY(load_lists(t, err));
    VG_TRY(load_keeps_list(t, err));
    VG_TRY(gate_rules_load(t->q->db, t->a, t->q->site, t->rule, &t->n_rules, err));
    t->walk = vg_walk_create(t->area, AREAS_MAX, t->groups, GATE_AUDIT_HOLDERS);
    VG_TRY(seed(t, err));
    return walk_all(t, err);
}

vg_status gate_audit_run(const gate_audit *q, gate_audit_sum *ret, vg_err *err)
{
    audit *t = vg_alloc(sizeof *t);
    *t = (audit){.q = q,
                 .a = vg_arena_create(8 << 20),
                 .areas = vg_intern_create(AREAS_MAX - 1),
                 .holders = vg_intern_create(GATE_AUDIT_HOLDERS - 1),
                 .sites = vg_intern_create(1024),
                 .groups = vg_alloc(sizeof *t->groups * GATE_AUDIT_HOLDERS)};
    const vg_status st = run(t, err);
    t->sum.holders = vg_intern_count(t->holders);
    *ret = t->sum;
    vg_walk_destroy(t->walk);
    vg_intern_destroy(t->areas);
    vg_intern_destroy(t->holders);
    vg_intern_destroy(t->sites);
    vg_arena_destroy(t->a);
    free(t->groups);
    free(t);
    return st;
}
