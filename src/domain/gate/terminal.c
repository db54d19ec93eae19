// SPDX-License-Identifier: Apache-2.0
// A terminal is a device account of the role that keeps a gate, bound to a key of its own. It says hello when it is set
// up and whenever it is back: it learns what the node's snapshots are signed by and how far its queue has come, so that a
// browser whose storage was emptied goes on with the next number and makes no fork of itself.
#include "domain/gate/terminal.h"

#include "domain/holder.h"

#include <sodium.h>

const vg_field gate_hello_fields[] = {{"told", VG_F_TIME}, {NULL}};

static vg_status queue_of(vg_cx *cx, gate_terminal *t, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(cx->db, "SELECT seq, head FROM gate_terminal WHERE id = ?",
                        VG_VALS(vg_z(t->id)), &r, err));
    if (vg_rows_next(r)) {
        t->seq = vg_row_i64(r, 0);
        t->head = vg_str_dup(cx->arena, vg_row_str(r, 1));
    }
    return vg_rows_close(r, err);
}

vg_status gate_terminal_at(vg_cx *cx, gate_terminal *ret, vg_err *err)
{
    vg_str c[3] = {0};
    const vg_status st =
        vg_look(cx,
                "SELECT d.site, s.agency, d.state FROM device_account d JOIN site s ON s.id ="
                " d.site WHERE d.id = ? AND d.role = 'gate_terminal'",
                vg_str_c(cx->who->user), c, 3, err);
    if (st == VG_ENOTFOUND || (st == VG_OK && !vg_str_eqc(c[2], "active"))) {
        return vg_fail(err, VG_EDENIED, "", NULL, "%s", "");
    }
    VG_TRY(st);
    *ret = (gate_terminal){.id = vg_str_z(cx->arena, vg_str_c(cx->who->user)),
                           .site = vg_str_z(cx->arena, c[0]),
                           .agency = vg_str_z(cx->arena, c[1]),
                           .head = {"", 0}};
    VG_TRY(vg_label_of(cx, ret->agency, VG_C_GATE, ret->site, VG_S_NORMAL, &ret->label, err));
    return queue_of(cx, ret, err);
}

VG_HANDLER(gate_hello)
{
    gate_terminal t = {0};
    gate_seal_key key;
    unsigned char paper[VG_PAPER_HASH];  // its snapshots carry it: here it is made
    VG_TRY(gate_terminal_at(cx, &t, err));
    VG_TRY(gate_seal_key_of(cx, &key, err));
    VG_TRY(vg_paper_away_key(cx, paper, err));
    sodium_memzero(paper, sizeof paper);
    vg_jw_kz(&cx->reply, "id", t.id);
    vg_jw_kz(&cx->reply, "site", t.site);
    vg_jw_kstr(&cx->reply, "key", gate_base64url(cx->arena, key.bytes + 32, 65));
    vg_jw_ki64(&cx->reply, "now", cx->now_us);
    if (vg_arg_has(args, "told")) {
        vg_jw_ki64(&cx->reply, "offset", cx->now_us - vg_arg_i64(args, "told", 0));
    }
    vg_jw_ki64(&cx->reply, "seq", t.seq);
    vg_jw_kstr(&cx->reply, "head", t.head);
    return VG_OK;
}

// --- folding ----------------------------------------------------------------------------------------
static vg_status fold_link(vg_apply *ap, const vg_event *e, vg_str one, vg_err *err)
{
    vg_str part;
    size_t at = 0;
    int64_t seq = 0;
    if (!vg_js_each(one, &at, NULL, &part) || vg_str_i64(part, 1, INT64_MAX, &seq, NULL) != VG_OK ||
        !vg_js_each(one, &at, NULL, &part)) {
        return VG_OK;
    }
    const vg_str hash = vg_js_decode(ap->arena, part);
    VG_TRY(vg_exec(ap->db,
                   "INSERT INTO gate_queue (terminal, seq, hash, label, world) VALUES (?, ?, ?, ?,"
                   " ?) ON CONFLICT DO NOTHING",
                   VG_VALS(vg_t(e->subject), vg_i(seq), vg_t(hash), vg_i(e->label), vg_i(e->world)),
                   err));
    return vg_exec(ap->db, "UPDATE gate_terminal SET seq = ?, head = ? WHERE id = ? AND seq <= ?",
                   VG_VALS(vg_i(seq), vg_t(hash), vg_t(e->subject), vg_i(seq)), err);
}

VG_FOLDER(gate_on_queue_merged)
{
    vg_str links, one;
    size_t at = 0;
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO gate_terminal (id, site, synced, at, label, world) VALUES (?, ?, ?,"
                  " ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                  "@subject @site @at @at @label @world", err));
    VG_TRY(vg_put(ap, e, "UPDATE gate_terminal SET offset_us = ?, synced = ? WHERE id = ?",
                  "offset @at @subject", err));
    while (vg_js_find(e->body, "links", &links) && vg_js_each(links, &at, NULL, &one)) {
        VG_TRY(fold_link(ap, e, one, err));
    }
    return VG_OK;
}

VG_FOLDER(gate_on_queue_broken)
{
    const bool fork = vg_str_eqc(e->kind, "gate.queue_fork");
    return vg_put(ap, e,
                  fork ? "UPDATE gate_terminal SET forks = forks + ? WHERE id = ?"
                       : "UPDATE gate_terminal SET gaps = gaps + ? WHERE id = ?",
                  "n @subject", err);
}
