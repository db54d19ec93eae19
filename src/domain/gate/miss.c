// SPDX-License-Identifier: Apache-2.0
// A hit that came too late: a terminal without a connection let somebody through, and the list, asked once more at the
// merge, says that he may be on it. It is told at once, stands in the list of what is due, and stays there until a person
// has written down what was found.
#include "domain/gate/terminal.h"

static vg_status entries_of(vg_cx *cx, const gate_advice *a, vg_jw *w, vg_err *err)
{
    vg_str c[1];
    vg_jw_open(w, '[');
    for (size_t i = 0; i < a->n_bans; i++) {
        VG_TRY(vg_look(cx, "SELECT number FROM ban_entry WHERE id = ?", vg_str_c(a->ban[i].id), c,
                       1, err));
        vg_jw_str(w, c[0]);
    }
    vg_jw_close(w, ']');
    return VG_OK;
}

vg_status gate_say_missed(vg_cx *cx, const gate_at *at, const gate_advice *a, const char *passage,
                          bool *ret_said, vg_err *err)
{
    char id[VG_ID_TEXT];
    int64_t open = 0;
    VG_CLEANUP(vg_buf_done) vg_buf entries;
    vg_buf_init(&entries, GATE_BANS_MAX * 40);
    vg_jw w = vg_jw_on(&entries);
    VG_TRY(entries_of(cx, a, &w, err));
    // He who went in and out again, or came twice, is looked for once.
    VG_TRY(vg_one_i64(
        cx->db,
        "SELECT count(*) FROM gate_miss WHERE site = ? AND holder = ? AND entries = ?"
        " AND state = 'open' AND world = ?",
        VG_VALS(vg_z(at->site), vg_z(a->holder.id), vg_t(vg_buf_str(&entries)), vg_i(cx->world)), 0,
        &open, err));
    *ret_said = open == 0;
    if (open) {
        return VG_OK;
    }
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "passage", passage);
    vg_jw_kz(&cx->body, "holder", a->holder.id);
    vg_jw_kz(&cx->body, "point", at->id);
    vg_jw_kraw(&cx->body, "entries", vg_buf_str(&entries));
    return vg_say(cx, &(vg_saying){"gate.ban_missed", at->site, id, at->label}, err);
}

VG_FOLDER(gate_on_ban_missed)
{
    const char *id = vg_str_z(ap->arena, e->subject), *site = vg_str_z(ap->arena, e->site);
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO gate_miss (id, site, passage, holder, point, entries, at, label,"
                  " world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site passage holder point entries @at @label @world", err));
    return vg_deadline_set(ap, "gate.missed", id, site, e->recorded_us, err);
}

const vg_field gate_miss_due_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME}, {NULL}};

// It is told where it is written; that it stands in the list is all.
VG_HANDLER(gate_miss_due)
{
    (void)cx;
    (void)args;
    (void)err;
    return VG_OK;
}

// --- settled ----------------------------------------------------------------------------------------
static const char *const outcomes[] = {"other_person", "sent_out", "accompanied", "gone", NULL};

const vg_field gate_miss_settle_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"outcome", VG_F_ENUM, VG_REQUIRED, .values = outcomes},
    {"why", VG_F_TEXT, VG_REQUIRED, .max = 300},
    {NULL},
};

VG_HANDLER(gate_miss_settle)
{
    vg_str c[4];
    const char *id = vg_str_z(cx->arena, vg_arg_str(args, "id"));
    VG_TRY(vg_look(cx,
                   "SELECT m.site, m.label, m.state, s.agency FROM gate_miss m JOIN site s ON s.id"
                   " = m.site WHERE m.id = ?",
                   vg_arg_str(args, "id"), c, 4, err));
    const char *site = vg_str_z(cx->arena, c[0]);
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[1]), "id", err));
    VG_TRY(vg_require_own(cx, "gate.forgive", site, vg_str_z(cx->arena, c[3]), err));
    if (!vg_str_eqc(c[2], "open")) {
        return vg_fail(err, VG_ECONFLICT, "id", "gate.miss_settled", "%s", "");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    return vg_say(cx, &(vg_saying){"gate.miss_settled", site, id, (int32_t)vg_int(c[1])}, err);
}

VG_FOLDER(gate_on_miss_settled)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE gate_miss SET state = 'settled', outcome = ?, why = ?, settled_by = ?,"
                  " settled_at = ? WHERE id = ?",
                  "outcome why @actor @at @subject", err));
    return vg_deadline_clear(ap, "gate.missed", vg_str_z(ap->arena, e->subject), err);
}
