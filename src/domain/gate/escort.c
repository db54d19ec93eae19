// SPDX-License-Identifier: Apache-2.0
// Visitors who must be accompanied. Who brought one in (somebody of the house, by the same point and way, no further apart
// than the site allows) and his host keep him company as long as one of them is inside. When the last of them leaves, the
// gate asks; if he leaves all the same and the visitor does not follow in that time, it is told and stands in what is
// due. Worked out from the passages on record by when they happened, whenever one of them or the visitor is told of, so
// the order in which they are told leaves the same. A visitor with whom nobody came was let in by a guard who said why.
#include "domain/gate/advice_impl.h"
#include "domain/gate/snapshot_impl.h"

#include "base/clock.h"

#define GRACE_US (5 * VG_SECOND_US)  // ours: a queue comes back in pieces
enum { ALONE_MAX = 200 };

// Visitors inside who must be accompanied, and an escort of each. ?1 site, ?2 how far apart (µs). From the few visits under
// way outwards: CROSS JOIN keeps SQLite to that order.
#define GUESTS                                                                           \
    "WITH v AS (SELECT p.holder, p.label, t.host, (SELECT g.id FROM passage g WHERE"     \
    " g.holder = p.holder AND g.site = p.site AND g.kind = 'move' AND g.from_area IS"    \
    " NULL AND g.to_area IS NOT NULL ORDER BY g.moved DESC, g.id DESC LIMIT 1) AS entry" \
    " FROM visit t CROSS JOIN visit_guest u ON u.visit = t.id AND u.state = 'arrived'"   \
    " CROSS JOIN presence p ON p.holder = u.holder AND p.site = t.site WHERE t.site ="   \
    " ?1 AND t.escort = 1 AND t.state = 'arrived') SELECT "
#define AND_ESCORTS                                                                       \
    " FROM v CROSS JOIN passage e ON e.id = v.entry CROSS JOIN gate_holder s ON s.id IN"  \
    " (SELECT x.holder FROM passage x WHERE x.site = ?1 AND x.moved BETWEEN e.moved - ?2" \
    " AND e.moved + ?2 AND x.point = e.point AND x.way = e.way AND x.holder_kind ="       \
    " 'staff' UNION SELECT h.id FROM gate_holder h WHERE h.person = v.host AND h.kind ="  \
    " 'staff')"
// Only those whom ?3 brought or awaits, or who are ?3.
static const char COMPANY[] = GUESTS
    "v.holder, e.id, e.evidence, v.label, s.id, EXISTS (SELECT 1 FROM presence i WHERE i.holder ="
    " s.id AND i.site = ?1), o.moved, o.evidence" AND_ESCORTS
    " LEFT JOIN passage o ON o.id = (SELECT g.id FROM passage g WHERE g.holder = s.id AND g.site ="
    " ?1 AND g.kind = 'move' AND g.to_area IS NULL AND g.moved >= e.moved - ?2 ORDER BY g.moved"
    " DESC, g.id DESC LIMIT 1) WHERE v.holder = ?3 OR EXISTS (SELECT 1 FROM passage x WHERE"
    " x.holder = ?3 AND x.moved BETWEEN e.moved - ?2 AND e.moved + ?2 AND x.point = e.point AND"
    " x.way = e.way) OR EXISTS (SELECT 1 FROM gate_holder h WHERE h.id = ?3 AND h.person = v.host)"
    " ORDER BY v.holder";

typedef struct guest {
    vg_str holder, entry, came, gone;
    int64_t since_us;  // when the last escort left; 0: none came with him
    bool company;
    int32_t label;
} guest;

static vg_status within_of(vg_db *db, const char *site, int64_t *ret_us, vg_err *err)
{
    int64_t s = GATE_ESCORT_S;
    VG_TRY(vg_one_i64(db, "SELECT escort_s FROM visit_setting WHERE site = ?", VG_VALS(vg_z(site)),
                      GATE_ESCORT_S, &s, err));
    *ret_us = (s > 0 ? s : GATE_ESCORT_S) * VG_SECOND_US;
    return VG_OK;
}

vg_status gate_shot_company(gate_shot *s, vg_err *err)
{
    int64_t within_us = 0;
    VG_TRY(within_of(s->inner, s->site, &within_us, err));
    vg_jw_ki64(&s->w, "escort_s", within_us / VG_SECOND_US);
    return gate_shot_table(
        s,
        &(gate_table){&s->w, s->inner, "company",
                      GUESTS "v.holder, s.id" AND_ESCORTS " ORDER BY v.holder, s.id", "ss"},
        VG_VALS(vg_z(s->site), vg_i(within_us)), err);
}

// What one escort is to a visitor; leaving: the one who is about to go.
static void add_escort(vg_arena *a, vg_rows *r, vg_str leaving, guest *g)
{
    const bool goes = leaving.n && vg_str_eq(vg_row_str(r, 4), leaving);
    g->company = g->company || (vg_row_i64(r, 5) != 0 && !goes);
    if (vg_row_i64(r, 6) > g->since_us) {
        g->since_us = vg_row_i64(r, 6);
        g->gone = vg_str_dup(a, vg_row_str(r, 7));
    }
}

// The guests whom holder brought or awaits, or he himself.
static vg_status guests_of(vg_cx *cx, const char *site, vg_str holder, vg_str leaving, guest *v,
                           size_t *ret_n, int64_t *ret_within_us, vg_err *err)
{
    vg_rows *r;
    size_t n = 0;
    int64_t any = 0;
    *ret_n = 0;
    VG_TRY(
        vg_one_i64(cx->db,
                   "SELECT 1 FROM visit WHERE site = ? AND escort = 1 AND state = 'arrived' LIMIT"
                   " 1",
                   VG_VALS(vg_z(site)), 0, &any, err));
    if (!any) {  // as nearly always
        return VG_OK;
    }
    VG_TRY(within_of(cx->db, site, ret_within_us, err));
    VG_TRY(vg_rows_open(cx->db, COMPANY, VG_VALS(vg_z(site), vg_i(*ret_within_us), vg_t(holder)),
                        &r, err));
    while (vg_rows_next(r)) {
        if (!n || !vg_str_eq(v[n - 1].holder, vg_row_str(r, 0))) {
            if (n == ALONE_MAX) {
                break;
            }
            v[n++] = (guest){.holder = vg_str_dup(cx->arena, vg_row_str(r, 0)),
                             .entry = vg_str_dup(cx->arena, vg_row_str(r, 1)),
                             .came = vg_str_dup(cx->arena, vg_row_str(r, 2)),
                             .label = (int32_t)vg_row_i64(r, 3)};
        }
        add_escort(cx->arena, r, leaving, &v[n - 1]);
    }
    *ret_n = n;
    return vg_rows_close(r, err);
}

vg_status gate_check_leaves_guest(gate_asking *q, vg_err *err)
{
    guest v[ALONE_MAX];
    size_t n = 0;
    int64_t within_us = 0, left = 0;
    const vg_str me = vg_str_c(q->a->holder.id);
    if (*q->at->to || !vg_str_eqc(q->a->holder.kind, "staff")) {
        return VG_OK;
    }
    VG_TRY(guests_of(q->cx, q->at->site, me, me, v, &n, &within_us, err));
    for (size_t i = 0; i < n; i++) {
        left += !v[i].company;
    }
    if (left) {
        gate_reason_add(q->a, GATE_ASK, "leaves_guest",
                        vg_str_f(q->cx->arena, "%lld", (long long)left));
    }
    return VG_OK;
}

// --- left all the same ------------------------------------------------------------------------------
const vg_field gate_escort_fields[] = {
    {"site", VG_F_ID}, {"holder", VG_F_ID}, {"guest", VG_F_ID}, {NULL}};
const vg_field gate_unescorted_due_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME}, {NULL}};

bool gate_to_escort(vg_arena *a, const vg_event *e, vg_jw *args)
{
    const bool inner = vg_js_str(a, e->body, "from").n && vg_js_str(a, e->body, "to").n;
    if (inner || vg_str_eqc(vg_js_str(a, e->body, "holder_kind"), "vehicle")) {
        return false;
    }
    vg_jw_kstr(args, "site", e->site);
    vg_jw_kstr(args, "holder", vg_js_str(a, e->body, "holder"));
    return true;
}

bool gate_to_escort_guest(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "guest", e->subject);
    return true;
}

static vg_status say_gone(vg_cx *cx, const char *site, const guest *g, int64_t within_us,
                          vg_err *err)
{
    const int64_t due_us = g->since_us + within_us, soonest_us = cx->now_us + GRACE_US;
    vg_body(cx);
    vg_jw_kstr(&cx->body, "passage", g->entry);
    vg_jw_ki64(&cx->body, "since", g->since_us);
    vg_jw_ki64(&cx->body, "due", due_us > soonest_us ? due_us : soonest_us);
    vg_jw_kstr(&cx->body, "came", g->came);
    vg_jw_kstr(&cx->body, "gone", g->gone);
    return vg_say(
        cx, &(vg_saying){"gate.escort_gone", site, vg_str_z(cx->arena, g->holder), g->label}, err);
}

static vg_status say_back(vg_cx *cx, vg_str holder, vg_err *err)
{
    vg_str c[2];
    const vg_status st =
        vg_look(cx, "SELECT site, label FROM gate_unescorted WHERE holder = ?", holder, c, 2, err);
    if (st != VG_OK) {
        return st == VG_ENOTFOUND ? VG_OK : st;
    }
    vg_body(cx);
    return vg_say(cx,
                  &(vg_saying){"gate.escort_back", vg_str_z(cx->arena, c[0]),
                               vg_str_z(cx->arena, holder), (int32_t)vg_int(c[1])},
                  err);
}

static vg_status settle(vg_cx *cx, const char *site, const guest *g, int64_t within_us, vg_err *err)
{
    int64_t kept = 0;
    if (g->company || !g->since_us) {
        return say_back(cx, g->holder, err);
    }
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT 1 FROM gate_unescorted WHERE holder = ? AND id = ? AND since = ?",
                      VG_VALS(vg_t(g->holder), vg_t(g->entry), vg_i(g->since_us)), 0, &kept, err));
    return kept ? VG_OK : say_gone(cx, site, g, within_us, err);
}

static vg_status settle_at(vg_cx *cx, const char *site, vg_str holder, vg_err *err)
{
    guest v[ALONE_MAX];
    size_t n = 0;
    int64_t within_us = 0;
    bool himself = false;
    VG_TRY(guests_of(cx, site, holder, (vg_str){"", 0}, v, &n, &within_us, err));
    for (size_t i = 0; i < n; i++) {
        himself = himself || vg_str_eq(v[i].holder, holder);
        VG_TRY(settle(cx, site, &v[i], within_us, err));
    }
    return himself ? VG_OK : say_back(cx, holder, err);  // he is no visitor inside, or not any more
}

// Reaction to a passage, and to a guest's coming and going.
VG_HANDLER(gate_escort_check)
{
    vg_str c[2];
    if (vg_arg_has(args, "guest")) {
        const vg_status st =
            vg_look(cx, "SELECT COALESCE(holder, ''), site FROM visit_guest WHERE id = ?",
                    vg_arg_str(args, "guest"), c, 2, err);
        if (st != VG_OK || !c[0].n) {
            return st == VG_ENOTFOUND ? VG_OK : st;
        }
        return settle_at(cx, vg_str_z(cx->arena, c[1]), c[0], err);
    }
    return settle_at(cx, vg_str_z(cx->arena, vg_arg_str(args, "site")), vg_arg_str(args, "holder"),
                     err);
}

VG_FOLDER(gate_on_escort_gone)
{
    const char *holder = vg_str_z(ap->arena, e->subject);
    VG_TRY(
        vg_put(ap, e,
               "INSERT INTO gate_unescorted (holder, id, site, since, due, came, gone, at, label,"
               " world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (holder) DO UPDATE SET"
               " id = excluded.id, site = excluded.site, since = excluded.since, due ="
               " excluded.due, came = excluded.came, gone = excluded.gone, state = 'in_time', at"
               " = excluded.at, label = excluded.label",
               "@subject passage @site since due came gone @at @label @world", err));
    return vg_deadline_set(ap, "gate.unescorted", holder, vg_str_z(ap->arena, e->site),
                           vg_js_i64(e->body, "due", 0), err);
}

VG_FOLDER(gate_on_escort_back)
{
    VG_TRY(vg_put(ap, e, "DELETE FROM gate_unescorted WHERE holder = ?", "@subject", err));
    return vg_deadline_clear(ap, "gate.unescorted", vg_str_z(ap->arena, e->subject), err);
}

VG_HANDLER(gate_unescorted_due)
{
    vg_str c[6];
    const vg_status st = vg_look(cx,
                                 "SELECT site, label, id, since, came, gone FROM gate_unescorted"
                                 " WHERE holder = ? AND state = 'in_time'",
                                 vg_arg_str(args, "id"), c, VG_LEN(c), err);
    if (st == VG_ENOTFOUND) {
        return VG_OK;
    }
    VG_TRY(st);
    vg_jw *w = vg_body(cx);
    vg_jw_kstr(w, "holder", vg_arg_str(args, "id"));
    vg_jw_ki64(w, "since", vg_int(c[3]));
    vg_jw_key(w, "records");
    vg_jw_open(w, '[');
    vg_jw_str(w, c[4]);
    vg_jw_str(w, c[5]);
    vg_jw_close(w, ']');
    return vg_say(cx,
                  &(vg_saying){"gate.unescorted", vg_str_z(cx->arena, c[0]),
                               vg_str_z(cx->arena, c[2]), (int32_t)vg_int(c[1])},
                  err);
}

VG_FOLDER(gate_on_unescorted)
{
    return vg_put(ap, e, "UPDATE gate_unescorted SET state = 'over' WHERE holder = ?", "holder",
                  err);
}
