// SPDX-License-Identifier: Apache-2.0
// Records that contradict each other: what a terminal wrote down without a connection cannot be true beside what another
// terminal, or the node, has of the same holder. Both stay; a person is told. Which pairs there are is worked out in the
// fold from the passages on record, so it does not matter which came first; it is told a little later, because a queue
// comes back in pieces and the piece that explains may be the next.
#include "domain/gate/terminal.h"

#include "base/clock.h"

// Both ours. Twice: in again so soon, where the area does not mind, and not out between.
#define GRACE_US (5 * VG_SECOND_US)
#define TWICE_US (600 * VG_SECOND_US)
enum { CLASH_MAX = 200 };

// Of those from a moment on. What is contradicted is the record before it.
static const char PAIRS[] =
    "SELECT p.id, b.id, p.site, COALESCE(p.terminal, b.terminal), p.moved, p.label FROM passage p"
    " JOIN passage b ON b.id = (SELECT x.id FROM passage x WHERE x.holder = p.holder AND"
    " (x.moved, x.id) < (p.moved, p.id) ORDER BY x.moved DESC, x.id DESC LIMIT 1) WHERE p.holder ="
    " ?1 AND p.moved >= ?2 AND p.flags <> 0 AND COALESCE(p.terminal, '') <> COALESCE(b.terminal,"
    " '') AND (p.flags & ?3 <> 0 OR (p.again_us = 0 AND p.moved - b.moved < ?4)) ORDER BY p.moved,"
    " p.id LIMIT ?5";

enum { NOT_BOTH = VG_PASS_AGAIN | VG_PASS_UNENTERED | VG_PASS_SKIPPED | VG_PASS_ELSEWHERE };

typedef struct clash {
    vg_str id, other, site, terminal;
    int64_t moved_us;
    int32_t label;
    bool kept;
} clash;

static vg_status read_pairs(vg_apply *ap, vg_str holder, int64_t from_us, clash *v, size_t *ret_n,
                            vg_err *err)
{
    vg_rows *r;
    vg_arena *a = ap->arena;
    *ret_n = 0;
    VG_TRY(vg_rows_open(
        ap->db, PAIRS,
        VG_VALS(vg_t(holder), vg_i(from_us), vg_i(NOT_BOTH), vg_i(TWICE_US), vg_i(CLASH_MAX)), &r,
        err));
    while (*ret_n < CLASH_MAX && vg_rows_next(r)) {
        v[(*ret_n)++] = (clash){.id = vg_str_dup(a, vg_row_str(r, 0)),
                                .other = vg_str_dup(a, vg_row_str(r, 1)),
                                .site = vg_str_dup(a, vg_row_str(r, 2)),
                                .terminal = vg_str_dup(a, vg_row_str(r, 3)),
                                .moved_us = vg_row_i64(r, 4),
                                .label = (int32_t)vg_row_i64(r, 5)};
    }
    return vg_rows_close(r, err);
}

static vg_status drop(vg_apply *ap, vg_str id, vg_err *err)
{
    VG_TRY(vg_exec(ap->db, "DELETE FROM gate_clash WHERE id = ?", VG_VALS(vg_t(id)), err));
    return vg_deadline_clear(ap, "gate.clash", vg_str_z(ap->arena, id), err);
}

// What a record that came between has explained goes; the rest is known already.
static vg_status match_kept(vg_apply *ap, vg_str holder, int64_t from_us, clash *v, size_t n,
                            vg_err *err)
{
    vg_rows *r;
    vg_str gone[CLASH_MAX];
    size_t n_gone = 0;
    VG_TRY(vg_rows_open(ap->db,
                        "SELECT id FROM gate_clash WHERE holder = ? AND moved >= ? ORDER BY moved,"
                        " id LIMIT ?",
                        VG_VALS(vg_t(holder), vg_i(from_us), vg_i(CLASH_MAX)), &r, err));
    while (n_gone < CLASH_MAX && vg_rows_next(r)) {
        bool stands = false;
        for (size_t i = 0; i < n; i++) {
            if (vg_str_eq(v[i].id, vg_row_str(r, 0))) {
                stands = v[i].kept = true;
            }
        }
        if (!stands) {
            gone[n_gone++] = vg_str_dup(ap->arena, vg_row_str(r, 0));
        }
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t i = 0; i < n_gone; i++) {
        VG_TRY(drop(ap, gone[i], err));
    }
    return VG_OK;
}

static vg_status keep(vg_apply *ap, vg_str holder, const clash *c, vg_err *err)
{
    const vg_event *e = ap->event;
    if (c->kept) {
        return vg_exec(ap->db, "UPDATE gate_clash SET other = ?, terminal = ? WHERE id = ?",
                       VG_VALS(vg_t(c->other), vg_t(c->terminal), vg_t(c->id)), err);
    }
    VG_TRY(
        vg_exec(ap->db,
                "INSERT INTO gate_clash (id, other, site, holder, moved, terminal, at, label,"
                " world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                VG_VALS(vg_t(c->id), vg_t(c->other), vg_t(c->site), vg_t(holder), vg_i(c->moved_us),
                        vg_t(c->terminal), vg_i(e->recorded_us), vg_i(c->label), vg_i(e->world)),
                err));
    vg_event there = *e;  // what is due has the label of the site it is about
    there.label = c->label;
    vg_apply of = *ap;
    of.event = &there;
    return vg_deadline_set(&of, "gate.clash", vg_str_z(ap->arena, c->id),
                           vg_str_z(ap->arena, c->site), e->recorded_us + GRACE_US, err);
}

vg_status gate_watch_clash(vg_apply *ap, vg_str holder, int64_t from_us, vg_err *err)
{
    clash v[CLASH_MAX];
    size_t n = 0;
    VG_TRY(read_pairs(ap, holder, from_us, v, &n, err));
    VG_TRY(match_kept(ap, holder, from_us, v, n, err));
    for (size_t i = 0; i < n; i++) {
        VG_TRY(keep(ap, holder, &v[i], err));
    }
    return VG_OK;
}

// --- told -------------------------------------------------------------------------------------------
const vg_field gate_clash_due_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME}, {NULL}};

// The records are named as they stand in the journal; one of another site is named to nobody who keeps this one alone.
static const char BOTH[] =
    "SELECT c.site, c.terminal, c.label, c.holder, c.other, p.evidence, CASE WHEN b.site = c.site"
    " THEN b.evidence ELSE '' END FROM gate_clash c JOIN passage p ON p.id = c.id JOIN passage b ON"
    " b.id = c.other WHERE c.id = ? AND c.state = 'open'";

VG_HANDLER(gate_clash_due)
{
    vg_str c[7];
    const vg_str id = vg_arg_str(args, "id");
    const vg_status st = vg_look(cx, BOTH, id, c, VG_LEN(c), err);
    if (st == VG_ENOTFOUND) {
        return VG_OK;
    }
    VG_TRY(st);
    vg_jw *w = vg_body(cx);
    vg_jw_kstr(w, "passage", id);
    vg_jw_kstr(w, "other", c[4]);
    vg_jw_kstr(w, "holder", c[3]);
    vg_jw_key(w, "records");
    vg_jw_open(w, '[');
    for (size_t i = 6; i >= 5; i--) {  // the earlier one first
        if (c[i].n) {
            vg_jw_str(w, c[i]);
        }
    }
    vg_jw_close(w, ']');
    return vg_say(cx,
                  &(vg_saying){"gate.contradicted", vg_str_z(cx->arena, c[0]),
                               vg_str_z(cx->arena, c[1]), (int32_t)vg_int(c[2])},
                  err);
}

VG_FOLDER(gate_on_contradicted)
{
    const vg_str id = vg_js_str(ap->arena, e->body, "passage");
    VG_TRY(vg_exec(ap->db, "UPDATE gate_clash SET state = 'told' WHERE id = ?", VG_VALS(vg_t(id)),
                   err));
    return vg_deadline_clear(ap, "gate.clash", vg_str_z(ap->arena, id), err);
}
