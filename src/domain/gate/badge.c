// SPDX-License-Identifier: Apache-2.0
// Badges and passes: what is shown at the gate. A code is in the hands of one holder at a time; lost, given back or
// taken away it opens nothing, and the gate says which of these it was. Another badge for the same holder is the same
// person to the gate: where he is does not change.
#include "domain/gate/gate.h"

enum { HELD_MAX = 50 };  // of one holder at once

static const char *const kinds[] = {"card", "pass", "qr", "vehicle", NULL};
static const char *const ends[] = {"returned", "lost", "revoked", NULL};

const vg_field gate_badge_issue_fields[] = {
    {"holder", VG_F_ID, VG_REQUIRED},
    {"code", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = kinds},
    {"valid_until", VG_F_TIME},
    {NULL},
};
const vg_field gate_pass_issue_fields[] = {
    {"holder", VG_F_ID, VG_REQUIRED},
    {"code", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"valid_until", VG_F_TIME},
    {NULL},
};
const vg_field gate_badge_end_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"state", VG_F_ENUM, VG_REQUIRED, .values = ends},
    {"reason", VG_F_TEXT, .max = 200},
    {NULL},
};

vg_status gate_badge_give(vg_cx *cx, const gate_handed *b, const char *site, const char *agency,
                          int32_t label, char ret_id[VG_ID_TEXT], vg_err *err)
{
    int64_t taken = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT 1 FROM badge WHERE code = ? AND state = 'issued' AND site = ?",
                      VG_VALS(vg_t(b->code), vg_z(site)), 0, &taken, err));
    if (taken) {
        return vg_fail(err, VG_ECONFLICT, "code", "gate.badge_taken", "%.*s", VG_FMT(b->code));
    }
    vg_new_id(cx, ret_id);
    vg_jw *w = vg_body(cx);
    vg_jw_kz(w, "agency", agency);
    vg_jw_kz(w, "kind", b->kind);
    vg_jw_kz(w, "holder", b->holder);
    vg_jw_kstr(w, "code", b->code);
    if (b->until_us) {
        vg_jw_ki64(w, "valid_until", b->until_us);
    }
    return vg_say(cx, &(vg_saying){"gate.badge_issued", site, ret_id, label}, err);
}

static vg_status issue(vg_cx *cx, const vg_args *args, const gate_holder *h, const char *kind,
                       vg_err *err)
{
    char id[VG_ID_TEXT];
    if (!vg_str_eqc(h->state, "active")) {
        return vg_fail(err, VG_ECONFLICT, "holder", "gate.holder_ended", "%s", "");
    }
    const gate_handed b = {h->id, vg_arg_str(args, "code"), kind,
                           vg_arg_i64(args, "valid_until", 0)};
    const char *site = vg_str_z(cx->arena, h->site);
    VG_TRY(gate_badge_give(cx, &b, site, h->agency, h->label, id, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_HANDLER(gate_badge_issue)
{
    gate_holder h;
    VG_TRY(gate_holder_at(cx, vg_arg_str(args, "holder"), &h, err));
    VG_TRY(vg_require_own(cx, "gate.badge", vg_str_z(cx->arena, h.site), h.agency, err));
    return issue(cx, args, &h, vg_str_z(cx->arena, vg_arg_str(args, "kind")), err);
}

// A visitor's pass is given out, as it is taken back, by whoever keeps the gate.
VG_HANDLER(gate_pass_issue)
{
    gate_holder h;
    VG_TRY(gate_holder_at(cx, vg_arg_str(args, "holder"), &h, err));
    VG_TRY(vg_require(cx, "gate.pass", vg_str_z(cx->arena, h.site), err));
    return vg_str_eqc(h.kind, "staff")
               ? vg_fail(err, VG_EINVALID, "holder", "gate.pass_staff", "%s", "")
               : issue(cx, args, &h, "pass", err);
}

VG_FOLDER(gate_on_badge_issued)
{
    return vg_put(ap, e,
                  "INSERT INTO badge (id, agency, site, code, kind, holder, valid_until, at, label,"
                  " world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject agency @site code kind holder valid_until @at @label @world", err);
}

VG_HANDLER(gate_badge_end)
{
    vg_str c[4];
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT agency, site, state, label FROM badge WHERE id = ?", id, c, 4, err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[3]), "id", err));
    const char *site = vg_str_z(cx->arena, c[1]);
    // Whoever keeps the gate takes passes back and hears of lost ones.
    if (vg_may(cx->who, "gate.pass", site) == false) {
        VG_TRY(vg_require_own(cx, "gate.badge", site, vg_str_z(cx->arena, c[0]), err));
    }
    if (!vg_str_eqc(c[2], "issued")) {
        return vg_fail(err, VG_ECONFLICT, "id", "gate.badge_ended", "%s", "");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    return vg_say(
        cx, &(vg_saying){"gate.badge_ended", site, vg_str_z(cx->arena, id), (int32_t)vg_int(c[3])},
        err);
}

VG_FOLDER(gate_on_badge_ended)
{
    return vg_put(ap, e, "UPDATE badge SET state = ?, reason = ?, ended_at = ? WHERE id = ?",
                  "state reason @at @subject", err);
}

vg_status gate_end_badges(vg_cx *cx, const char *holder, const char *site, int32_t label,
                          vg_err *err)
{
    vg_rows *r;
    const char *v[HELD_MAX];
    size_t n = 0;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT id FROM badge WHERE holder = ? AND state = 'issued' LIMIT ?",
                        VG_VALS(vg_z(holder), vg_i(HELD_MAX)), &r, err));
    while (n < HELD_MAX && vg_rows_next(r)) {
        v[n++] = vg_str_z(cx->arena, vg_row_str(r, 0));
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t i = 0; i < n; i++) {
        vg_body(cx);
        vg_jw_kz(&cx->body, "state", "revoked");
        VG_TRY(vg_say(cx, &(vg_saying){"gate.badge_ended", site, v[i], label}, err));
    }
    return VG_OK;
}
