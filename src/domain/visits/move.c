// SPDX-License-Identifier: Apache-2.0
// What becomes of a visit: guests come and leave as the gate saw them, nobody comes, somebody is still inside when it
// should be over or when the site closes for the night, and the list of a delegation is released. Where a guest is stands
// in the gate's table of who is inside, which is worked out by the time of each passage: so a passage that is told late,
// or twice, ends in the same.
#include "domain/visits/visits.h"

#include "base/clock.h"

#include "core/core.h"

enum { MOVES_MAX = 32, RELEASE_MAX = 600 };
// As early as the gate lets him in (gate/advice_visit.c).
#define EARLY_US (1800 * VG_SECOND_US)

const vg_field visits_moved_fields[] = {
    {"holder", VG_F_ID, VG_REQUIRED},
    {"moved", VG_F_INT, VG_REQUIRED},
    {"entered", VG_F_ID},
    {NULL},
};
const vg_field visits_forget_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {NULL}};

typedef struct guest {
    const char *id, *visit, *site;
    bool in;        // by our record
    bool expected;  // not come yet
    int32_t label;
    int64_t starts_us, ends_us;  // of the visit
} guest;

static vg_status say_moved(vg_cx *cx, const guest *g, bool in, int64_t moved_us, vg_err *err)
{
    int64_t evening_us = 0;
    VG_TRY(visits_evening(cx, g->site, g->ends_us, &evening_us, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "visit", g->visit);
    vg_jw_kz(&cx->body, "state", in ? "arrived" : "left");
    vg_jw_ki64(&cx->body, in ? "arrived" : "left", moved_us);
    if (in) {
        vg_jw_ki64(&cx->body, "evening", evening_us);
    }
    return vg_say(cx, &(vg_saying){"visits.moved", g->site, g->id, g->label}, err);
}

// He came and is not here any more by the time it is told: a terminal without a connection had both. At the site he
// entered and by the half hour before his visit began to its end, he came to it all the same, and left.
static vg_status came_and_left(vg_cx *cx, const vg_args *args, const guest *g, vg_err *err)
{
    int64_t left_us = 0;
    const int64_t moved_us = vg_arg_i64(args, "moved", 0);
    if (!g->expected || !vg_str_eqc(vg_arg_str(args, "entered"), g->site) ||
        moved_us < g->starts_us - EARLY_US || moved_us >= g->ends_us) {
        return VG_OK;
    }
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT max(moved) FROM passage WHERE holder = ? AND kind = 'move' AND moved"
                      " >= ?",
                      VG_VALS(vg_t(vg_arg_str(args, "holder")), vg_i(moved_us)), 0, &left_us, err));
    VG_TRY(say_moved(cx, g, true, moved_us, err));
    return say_moved(cx, g, false, left_us > moved_us ? left_us : moved_us, err);
}

// Reaction to gate.passed and gate.holder_resolved. Whoever is inside has come to the visit that is nearest, and to no other.
VG_HANDLER(visits_moved)
{
    vg_rows *r;
    guest v[MOVES_MAX];
    vg_str where[1] = {0};
    size_t n = 0;
    bool any_in = false;
    const vg_str holder = vg_arg_str(args, "holder");
    VG_TRY(vg_rows_open(
        cx->db,
        "SELECT g.id, g.visit, g.site, g.state, g.label, v.ends, v.starts FROM visit_guest g"
        " JOIN visit v ON v.id = g.visit WHERE g.holder = ?1 AND (g.state = 'arrived' OR"
        " v.state IN ('approved', 'planned', 'arrived', 'missed', 'left')) AND g.state <>"
        " 'removed' ORDER BY v.state IN ('approved', 'arrived') AND v.ends > ?2 DESC, v.ends >"
        " ?2 DESC, abs(v.starts - ?2), v.id LIMIT ?3",
        VG_VALS(vg_t(holder), vg_i(vg_arg_i64(args, "moved", 0)), vg_i(MOVES_MAX)), &r, err));
    while (n < MOVES_MAX && vg_rows_next(r)) {
        v[n] = (guest){vg_str_z(cx->arena, vg_row_str(r, 0)),
                       vg_str_z(cx->arena, vg_row_str(r, 1)),
                       vg_str_z(cx->arena, vg_row_str(r, 2)),
                       vg_str_eqc(vg_row_str(r, 3), "arrived"),
                       vg_str_eqc(vg_row_str(r, 3), "expected"),
                       (int32_t)vg_row_i64(r, 4),
                       vg_row_i64(r, 6),
                       vg_row_i64(r, 5)};
        any_in = any_in || v[n].in;
        n++;
    }
    VG_TRY(vg_rows_close(r, err));
    const vg_status st =
        vg_look(cx, "SELECT site FROM presence WHERE holder = ?", holder, where, 1, err);
    if (st != VG_OK && st != VG_ENOTFOUND) {
        return st;
    }
    const int64_t moved_us = vg_arg_i64(args, "moved", 0);
    int64_t last_us = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT max(moved) FROM passage WHERE holder = ? AND kind = 'move'",
                      VG_VALS(vg_t(holder)), moved_us, &last_us, err));
    for (size_t i = 0; i < n; i++) {
        const bool here = vg_str_eqc(where[0], v[i].site);
        if ((v[i].in && !here) || (!any_in && here)) {
            VG_TRY(say_moved(cx, &v[i], here, here ? moved_us : last_us, err));
            any_in = any_in || here;
        }
    }
    return n && !any_in && !where[0].n ? came_and_left(cx, args, &v[0], err) : VG_OK;
}

// Who has come and who is yet to come makes the state of the visit.
static vg_status settle(vg_apply *ap, const vg_event *e, vg_str visit, vg_err *err)
{
    int64_t ends_us = 0, inside = 0;
    VG_TRY(vg_exec(
        ap->db,
        "UPDATE visit SET changed_at = ?2, state = CASE WHEN EXISTS (SELECT 1 FROM visit_guest g"
        " WHERE g.visit = ?1 AND g.state = 'arrived') THEN 'arrived' WHEN EXISTS (SELECT 1 FROM"
        " visit_guest g WHERE g.visit = ?1 AND g.state = 'left') AND NOT EXISTS (SELECT 1 FROM"
        " visit_guest g WHERE g.visit = ?1 AND g.state = 'expected') THEN 'left' WHEN state IN"
        " ('arrived', 'left') THEN 'approved' ELSE state END WHERE id = ?1",
        VG_VALS(vg_t(visit), vg_i(e->recorded_us)), err));
    const char *id = vg_str_z(ap->arena, visit), *site = vg_str_z(ap->arena, e->site);
    VG_TRY(vg_one_i64(ap->db, "SELECT 1 FROM visit WHERE id = ? AND state = 'arrived'",
                      VG_VALS(vg_t(visit)), 0, &inside, err));
    if (!inside) {
        VG_TRY(vg_deadline_clear(ap, "visits.evening", id, err));
    }
    // Due while it lasts; of one that is over only as long as somebody is still inside.
    VG_TRY(vg_one_i64(ap->db,
                      "SELECT ends FROM visit WHERE id = ? AND state IN ('planned', 'approved',"
                      " 'arrived') AND (overdue_at IS NULL OR ends > ?)",
                      VG_VALS(vg_t(visit), vg_i(e->recorded_us)), 0, &ends_us, err));
    if (ends_us) {
        return vg_deadline_set(ap, "visits.over", id, site, ends_us, err);
    }
    return inside ? VG_OK : vg_deadline_clear(ap, "visits.over", id, err);
}

// Every evening, as long as somebody is inside.
static vg_status by_evening(vg_apply *ap, const vg_event *e, const char *visit, vg_err *err)
{
    const int64_t evening_us = vg_js_i64(e->body, "evening", 0);
    return evening_us ? vg_deadline_set(ap, "visits.evening", visit, vg_str_z(ap->arena, e->site),
                                        evening_us, err)
                      : VG_OK;
}

VG_FOLDER(visits_on_moved)
{
    const vg_str visit = vg_js_str(ap->arena, e->body, "visit");
    // Who comes when nobody is inside has not been overdue yet.
    VG_TRY(vg_exec(ap->db,
                   "UPDATE visit SET overdue_at = NULL WHERE id = ? AND state <> 'arrived' AND"
                   " ? = 'arrived'",
                   VG_VALS(vg_t(visit), vg_t(vg_js_str(ap->arena, e->body, "state"))), err));
    VG_TRY(
        vg_put(ap, e,
               "UPDATE visit_guest SET state = ?, arrived_at = COALESCE(?, arrived_at), left_at ="
               " COALESCE(?, left_at) WHERE id = ?",
               "state arrived left @subject", err));
    VG_TRY(settle(ap, e, visit, err));
    return by_evening(ap, e, vg_str_z(ap->arena, visit), err);
}

// --- over -------------------------------------------------------------------------------------------
VG_HANDLER(visits_over)
{
    visits_visit v;
    VG_TRY(visits_at(cx, vg_arg_str(args, "id"), "id", &v, err));
    if (!visits_open(&v)) {
        return VG_OK;
    }
    const bool inside = vg_str_eqc(v.state, "arrived");
    vg_body(cx);
    vg_jw_kz(&cx->body, "state", inside ? "overdue" : "missed");
    return vg_say(
        cx, &(vg_saying){inside ? "visits.overdue" : "visits.missed", v.site, v.id, v.label}, err);
}

VG_HANDLER(visits_still_inside)
{
    visits_visit v;
    int64_t evening_us = 0;
    VG_TRY(visits_at(cx, vg_arg_str(args, "id"), "id", &v, err));
    if (!vg_str_eqc(v.state, "arrived")) {
        return VG_OK;
    }
    VG_TRY(visits_evening(cx, v.site, v.ends_us, &evening_us, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "state", "overdue");
    vg_jw_ki64(&cx->body, "evening", evening_us);
    return vg_say(cx, &(vg_saying){"visits.overdue", v.site, v.id, v.label}, err);
}

VG_FOLDER(visits_on_over)
{
    if (vg_str_eqc(e->kind, "visits.overdue")) {
        VG_TRY(vg_put(ap, e, "UPDATE visit SET overdue_at = ?1, changed_at = ?1 WHERE id = ?2",
                      "@at @subject", err));
        return by_evening(ap, e, vg_str_z(ap->arena, e->subject), err);
    }
    VG_TRY(vg_put(ap, e,
                  "UPDATE visit SET changed_at = ?1, state = CASE WHEN EXISTS (SELECT 1 FROM"
                  " visit_guest g WHERE g.visit = visit.id AND g.state = 'left') THEN 'left' ELSE"
                  " 'missed' END WHERE id = ?2",
                  "@at @subject", err));
    return vg_deadline_clear(ap, "visits.over", vg_str_z(ap->arena, e->subject), err);
}

// --- released ---------------------------------------------------------------------------------------
static vg_status release_guests(vg_cx *cx, const visits_visit *v, int32_t label, vg_err *err)
{
    vg_rows *r;
    vg_holder_new *h = vg_arena_get(cx->arena, RELEASE_MAX * sizeof *h);
    vg_paper *papers = vg_arena_get(cx->arena, RELEASE_MAX * sizeof *papers);
    char id[VG_ID_TEXT];
    size_t n = 0;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT g.id, c.name, c.company, c.born, c.doc_kind, c.doc_key,"
                        " c.doc_last, c.doc_away FROM visit_guest g JOIN visit_card c ON"
                        " c.guest = g.id WHERE g.visit = ? AND g.holder IS NULL AND g.state ="
                        " 'expected' ORDER BY g.at, g.id",
                        VG_VALS(vg_z(v->id)), &r, err));
    while (h && papers && n < RELEASE_MAX && vg_rows_next(r)) {
        const vg_str key = vg_row_str(r, 5), away = vg_row_str(r, 7);
        papers[n] = (vg_paper){0};
        if (key.n == VG_PAPER_HASH && away.n == VG_PAPER_HASH) {
            memcpy(papers[n].hash, key.p, key.n);
            memcpy(papers[n].away, away.p, away.n);
            snprintf(papers[n].last, sizeof papers[n].last, "%.*s", VG_FMT(vg_row_str(r, 6)));
        }
        h[n] = (vg_holder_new){.id = vg_str_z(cx->arena, vg_row_str(r, 0)),
                               .agency = v->agency,
                               .site = v->site,
                               .kind = VG_S("visitor"),
                               .name = vg_str_dup(cx->arena, vg_row_str(r, 1)),
                               .company = vg_str_dup(cx->arena, vg_row_str(r, 2)),
                               .born = vg_row_i64(r, 3),
                               .doc_kind = vg_str_dup(cx->arena, vg_row_str(r, 4)),
                               .paper = &papers[n],
                               .label = label};
        n++;
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t i = 0; i < n; i++) {
        VG_TRY(vg_holder_make(cx, &h[i], id, err));
        VG_TRY(
            vg_exec(cx->db, "DELETE FROM visit_card WHERE guest = ?", VG_VALS(vg_z(h[i].id)), err));
    }
    return VG_OK;
}

// By its deadline. From now on the gate knows who is coming: the names go to the gate's cards, and the rows under the
// gate's label.
VG_HANDLER(visits_release)
{
    visits_visit v;
    int32_t label = 0;
    VG_TRY(visits_at(cx, vg_arg_str(args, "id"), "id", &v, err));
    if (v.released_us || !visits_open(&v)) {
        return VG_OK;
    }
    VG_TRY(vg_label_of(cx, v.agency, VG_C_GATE, v.site, VG_S_NORMAL, &label, err));
    VG_TRY(release_guests(cx, &v, label, err));
    vg_body(cx);
    vg_jw_ki64(&cx->body, "ends", v.ends_us);
    return vg_say(cx, &(vg_saying){"visits.released", v.site, v.id, label}, err);
}

VG_FOLDER(visits_on_released)
{
    const char *id = vg_str_z(ap->arena, e->subject), *site = vg_str_z(ap->arena, e->site);
    VG_TRY(vg_put(ap, e,
                  "UPDATE visit SET released_at = ?1, changed_at = ?1, label = ?2 WHERE id = ?3",
                  "@at @label @subject", err));
    VG_TRY(vg_put(ap, e,
                  "UPDATE visit_guest SET label = ?, holder = CASE WHEN state = 'expected' THEN"
                  " COALESCE(holder, id) ELSE holder END WHERE visit = ?",
                  "@label @subject", err));
    VG_TRY(
        vg_put(ap, e, "UPDATE visit_step SET label = ? WHERE visit = ?", "@label @subject", err));
    VG_TRY(vg_deadline_clear(ap, "visits.release", id, err));
    return vg_deadline_set(ap, "visits.over", id, site, vg_js_i64(e->body, "ends", 0), err);
}

// --- taken out, forgotten -----------------------------------------------------------------------------
static vg_status drop(vg_cx *cx, vg_str id, const char *state, const vg_str *c, vg_err *err)
{
    VG_TRY(vg_exec(cx->db, "DELETE FROM visit_card WHERE guest = ?", VG_VALS(vg_t(id)), err));
    vg_body(cx);
    vg_jw_kstr(&cx->body, "visit", c[0]);
    vg_jw_kz(&cx->body, "state", state);
    return vg_say(cx,
                  &(vg_saying){"visits.guest_removed", vg_str_z(cx->arena, c[1]),
                               vg_str_z(cx->arena, id), (int32_t)vg_int(c[2])},
                  err);
}

// Only who has not come: what happened stays.
VG_HANDLER(visits_guest_remove)
{
    visits_visit v;
    vg_str c[4];
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT visit, site, label, state FROM visit_guest WHERE id = ?", id, c, 4,
                   err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[2]), "id", err));
    VG_TRY(visits_at(cx, c[0], "id", &v, err));
    VG_TRY(vg_require_own(cx, "visits.plan", v.site, v.agency, err));
    return vg_str_eqc(c[3], "expected")
               ? drop(cx, id, "removed", c, err)
               : vg_fail(err, VG_ECONFLICT, "id", "visits.has_come", "%s", "");
}

// Reaction to core.person_erased: a guest whose list was not released yet. The gate's own card is the gate's matter.
VG_HANDLER(visits_forget)
{
    vg_str c[3];
    const vg_str id = vg_arg_str(args, "id");
    const vg_status st = vg_look(
        cx, "SELECT visit, site, label FROM visit_guest WHERE id = ? AND state <> 'forgotten'", id,
        c, 3, err);
    return st == VG_OK ? drop(cx, id, "forgotten", c, err) : st == VG_ENOTFOUND ? VG_OK : st;
}

// A list that nobody is left on is no visit.
VG_FOLDER(visits_on_guest_removed)
{
    int64_t left = 0;
    const vg_str visit = vg_js_str(ap->arena, e->body, "visit");
    VG_TRY(vg_put(ap, e, "UPDATE visit_guest SET state = ?, invite = NULL WHERE id = ?",
                  "state @subject", err));
    VG_TRY(vg_put(ap, e,
                  "UPDATE visit SET changed_at = ?1, guests = (SELECT count(*) FROM visit_guest g"
                  " WHERE g.visit = visit.id AND g.state <> 'removed') WHERE id = ?2",
                  "@at visit", err));
    VG_TRY(vg_exec(ap->db,
                   "UPDATE visit SET state = 'cancelled' WHERE id = ? AND guests = 0 AND kind ="
                   " 'group' AND state IN ('planned', 'approved')",
                   VG_VALS(vg_t(visit)), err));
    VG_TRY(vg_one_i64(ap->db, "SELECT 1 FROM visit WHERE id = ? AND state <> 'cancelled'",
                      VG_VALS(vg_t(visit)), 0, &left, err));
    return left ? VG_OK : vg_deadline_clear(ap, "visits.over", vg_str_z(ap->arena, visit), err);
}
