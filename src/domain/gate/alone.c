// SPDX-License-Identifier: Apache-2.0
// Alone in a two-person area. After every passage it is worked out who is left in the areas of the site that want two:
// one alone gets a deadline, from when he was left; a second one, or his leaving, takes it away. Over its time it is told
// once, at once, and stands in what is due until he is not alone any more. Worked out in the fold, from what is on record
// of this site: a passage that is told late leaves the same.
#include "domain/gate/gate.h"

#define SECOND_US INT64_C(1000000)

typedef struct lone {
    struct lone *next;
    vg_str area, holder;
    int64_t alone_us;  // allowed; 0: not a two-person area any more
    int64_t kept_us,
        due_us;  // as it was worked out before: since when somebody is alone; 0: nobody
    int64_t n, in_us, is_us;  // how many are inside; when he came there; since when he is alone
} lone;

static const char AREAS[] =
    "SELECT a.id, CASE WHEN a.state = 'active' THEN COALESCE(a.alone_s, 0) ELSE 0 END,"
    " COALESCE(t.since, 0), COALESCE(t.due, 0) FROM gate_area a LEFT JOIN gate_alone t ON t.area ="
    " a.id WHERE a.site = ? AND (a.alone_s IS NOT NULL OR t.area IS NOT NULL) ORDER BY a.id";

static vg_status areas_of(vg_apply *ap, vg_str site, lone **ret, vg_err *err)
{
    vg_rows *r;
    *ret = NULL;
    VG_TRY(vg_rows_open(ap->db, AREAS, VG_VALS(vg_t(site)), &r, err));
    for (lone *x; vg_rows_next(r) && (x = vg_arena_get(ap->arena, sizeof *x)); *ret = x) {
        *x = (lone){.next = *ret,
                    .area = vg_str_dup(ap->arena, vg_row_str(r, 0)),
                    .alone_us = vg_row_i64(r, 1) * SECOND_US,
                    .kept_us = vg_row_i64(r, 2),
                    .due_us = vg_row_i64(r, 3)};
    }
    return vg_rows_close(r, err);
}

static vg_status who_is_in(vg_apply *ap, lone *x, vg_err *err)
{
    vg_rows *r;
    VG_TRY(gate_people_in(ap->db, x->area, &x->n, err));
    if (x->n != 1) {
        return VG_OK;
    }
    VG_TRY(vg_rows_open(ap->db,
                        GATE_WITHIN "SELECT holder, since FROM presence WHERE area IN (SELECT id"
                                    " FROM a) AND holder_kind <> 'vehicle'",
                        VG_VALS(vg_t(x->area)), &r, err));
    if (vg_rows_next(r)) {
        x->holder = vg_str_dup(ap->arena, vg_row_str(r, 0));
        x->in_us = vg_row_i64(r, 1);
    }
    return vg_rows_close(r, err);
}

// The last time somebody came into the area or left it since he is where he is; if he only went about within it since,
// what was known before stands.
static vg_status since_when(vg_apply *ap, vg_str site, lone *x, vg_err *err)
{
    const int64_t before_us = x->kept_us && x->kept_us < x->in_us ? x->kept_us : x->in_us;
    return vg_one_i64(
        ap->db,
        GATE_WITHIN
        "SELECT COALESCE(max(moved), ?4) FROM passage WHERE site = ?2 AND moved >= ?3 AND kind ="
        " 'move' AND holder_kind <> 'vehicle' AND (COALESCE(from_area, '') IN (SELECT id FROM a))"
        " <> (COALESCE(to_area, '') IN (SELECT id FROM a))",
        VG_VALS(vg_t(x->area), vg_t(site), vg_i(x->in_us), vg_i(before_us)), before_us, &x->is_us,
        err);
}

static vg_status arm(vg_apply *ap, const vg_event *e, const lone *x, vg_err *err)
{
    VG_TRY(vg_exec(ap->db,
                   "INSERT INTO gate_alone (area, site, holder, since, due, at, label, world)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (area) DO UPDATE SET holder ="
                   " excluded.holder, since = excluded.since, due = excluded.due, state ="
                   " 'in_time', at = excluded.at, label = excluded.label",
                   VG_VALS(vg_t(x->area), vg_t(e->site), vg_t(x->holder), vg_i(x->is_us),
                           vg_i(x->is_us + x->alone_us), vg_i(e->recorded_us), vg_i(e->label),
                           vg_i(e->world)),
                   err));
    return vg_deadline_set(ap, "gate.alone", vg_str_z(ap->arena, x->area),
                           vg_str_z(ap->arena, e->site), x->is_us + x->alone_us, err);
}

static vg_status disarm(vg_apply *ap, const lone *x, vg_err *err)
{
    VG_TRY(vg_exec(ap->db, "DELETE FROM gate_alone WHERE area = ?", VG_VALS(vg_t(x->area)), err));
    return vg_deadline_clear(ap, "gate.alone", vg_str_z(ap->arena, x->area), err);
}

vg_status gate_watch_alone(vg_apply *ap, const vg_event *e, vg_err *err)
{
    lone *x;
    VG_TRY(areas_of(ap, e->site, &x, err));
    for (; x; x = x->next) {
        VG_TRY(who_is_in(ap, x, err));
        if (x->n == 1 && x->alone_us) {
            VG_TRY(since_when(ap, e->site, x, err));
            if (x->is_us + x->alone_us != x->due_us) {
                VG_TRY(arm(ap, e, x, err));
            }
        } else if (x->kept_us) {
            VG_TRY(disarm(ap, x, err));
        }
    }
    return VG_OK;
}

// --- too long -----------------------------------------------------------------------------------------
const vg_field gate_alone_due_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME}, {NULL}};

VG_HANDLER(gate_alone_due)
{
    vg_str c[4];
    int64_t n = 0;
    const vg_str area = vg_arg_str(args, "id");
    const vg_status st =
        vg_look(cx,
                "SELECT t.site, t.holder, t.since, t.label FROM gate_alone t JOIN gate_area a ON"
                " a.id = t.area AND a.alone_s IS NOT NULL AND a.state = 'active' WHERE t.area = ?"
                " AND t.state = 'in_time'",
                area, c, VG_LEN(c), err);
    if (st == VG_ENOTFOUND) {
        return VG_OK;
    }
    VG_TRY(st);
    VG_TRY(gate_people_in(cx->db, area, &n, err));
    if (n != 1) {  // he has been seen at another site
        return VG_OK;
    }
    vg_body(cx);
    vg_jw_kstr(&cx->body, "holder", c[1]);
    vg_jw_ki64(&cx->body, "since", vg_int(c[2]));
    return vg_say(cx,
                  &(vg_saying){"gate.alone", vg_str_z(cx->arena, c[0]), vg_str_z(cx->arena, area),
                               (int32_t)vg_int(c[3])},
                  err);
}

VG_FOLDER(gate_on_alone)
{
    return vg_put(ap, e, "UPDATE gate_alone SET state = 'over' WHERE area = ?", "@subject", err);
}
