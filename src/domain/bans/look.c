// SPDX-License-Identifier: Apache-2.0
// Whom an entry names is on no list: somebody who needs it says what for, and who looked, at which entry and why is
// journaled, never what he saw (as a person's record, docs/adr/0025). The gate shows it by itself when somebody like him
// stands there; that is journaled too.
#include "domain/bans/bans.h"

static const char *const purposes[] = {"decide", "review", "subject", "inspection", NULL};

const vg_field bans_look_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"purpose", VG_F_ENUM, VG_REQUIRED, .values = purposes},
    {"note", VG_F_TEXT, .max = 300},
    {NULL},
};

VG_HANDLER(bans_look)
{
    bans_entry e;
    vg_str c[5];
    const vg_str purpose = vg_arg_str(args, "purpose");
    VG_TRY(bans_at(cx, vg_arg_str(args, "id"), &e, err));
    VG_TRY(bans_require(cx, "bans.look", &e, err));
    // Deciding and reviewing speak for themselves.
    if (!vg_str_eqc(purpose, "decide") && !vg_str_eqc(purpose, "review") &&
        !vg_str_trim(vg_arg_str(args, "note")).n) {
        return vg_fail(err, VG_EINVALID, "note", "err.field_missing", "%s", "note");
    }
    const vg_status st =
        vg_look(cx, "SELECT name, aliases, born, doc_kind, doc_last FROM ban_card WHERE entry = ?",
                vg_str_c(e.id), c, VG_LEN(c), err);
    if (st != VG_OK) {
        return st == VG_ENOTFOUND ? vg_fail(err, VG_ECONFLICT, "id", "bans.forgotten", "%s", "")
                                  : st;
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(vg_say(cx, &(vg_saying){"bans.looked", e.site, e.id, e.label}, err));
    cx->secret_reply = true;
    vg_jw_kstr(&cx->reply, "name", c[0]);
    vg_jw_kraw(&cx->reply, "aliases", c[1]);
    vg_jw_ki64(&cx->reply, "born", vg_int(c[2]));
    vg_jw_kstr(&cx->reply, "doc_kind", c[3]);
    vg_jw_kstr(&cx->reply, "doc_last", c[4]);
    return VG_OK;
}
