// SPDX-License-Identifier: Apache-2.0
// What was made stands in the journal before the file is handed out: by whom, of what, why, how much, and the hash by
// which a file is known again. It is told to the maker's own agency; that somebody else took evidence of a common
// incident is his matter.
#include "domain/evidence/evidence_impl.h"

const vg_field evidence_note_fields[] = {
    {"incident", VG_F_ID},
    {"alert", VG_F_ID},
    {"number", VG_F_TEXT, .max = 110},
    {"log", VG_F_INT, 0, 1, UINT16_MAX},
    {"from", VG_F_INT, 0, 1, INT64_MAX},
    {"to", VG_F_INT, 0, 1, INT64_MAX},
    {"events", VG_F_INT, VG_REQUIRED, 0, INT64_MAX},
    {"withheld", VG_F_INT, VG_REQUIRED, 0, INT64_MAX},
    {"bytes", VG_F_INT, VG_REQUIRED, 0, INT64_MAX},
    {"hash", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"reason", VG_F_TEXT, .max = EVIDENCE_REASON},
    {NULL},
};

void evidence_note(const evidence_ask *ask, const evidence_made *made, vg_buf *ret)
{
    vg_jw w = vg_jw_on(ret);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "incident", ask->incident);
    vg_jw_kz(&w, "alert", ask->alert);
    if (*made->number) {
        vg_jw_kz(&w, "number", made->number);
    }
    if (ask->log) {
        vg_jw_ki64(&w, "log", ask->log);
        vg_jw_ki64(&w, "from", ask->from);
        vg_jw_ki64(&w, "to", ask->to);
    }
    vg_jw_ki64(&w, "events", made->events);
    vg_jw_ki64(&w, "withheld", made->withheld);
    vg_jw_ki64(&w, "bytes", made->bytes);
    vg_jw_kz(&w, "hash", made->hash);
    vg_jw_kz(&w, "reason", ask->reason);
    vg_jw_close(&w, '}');
}

typedef struct about {
    vg_str site, agency;
} about;

static vg_status look_at(vg_cx *cx, const vg_args *args, about *ret, vg_err *err)
{
    vg_str c[2];
    *ret = (about){VG_S(""), vg_str_c(cx->who->agency)};
    if (vg_arg_has(args, "incident")) {
        VG_TRY(vg_look(cx, "SELECT site, agency FROM incident WHERE id = ?",
                       vg_arg_str(args, "incident"), c, 2, err));
        ret->site = c[0];
        ret->agency = ret->agency.n ? ret->agency : c[1];
    } else if (vg_arg_has(args, "alert")) {
        VG_TRY(vg_look(cx, "SELECT site, agency FROM alert WHERE id = ?", vg_arg_str(args, "alert"),
                       c, 2, err));
        ret->site = c[0];
        ret->agency = ret->agency.n ? ret->agency : c[1];
    } else if (!ret->agency.n) {
        const vg_status s = vg_custodian(cx, &ret->agency, err);
        return s == VG_ENOTFOUND ? VG_OK : s;  // before there is one
    }
    return VG_OK;
}

VG_HANDLER(evidence_note_run)
{
    char id[VG_ID_TEXT];
    about of;
    int32_t label = 0;
    VG_TRY(look_at(cx, args, &of, err));
    const char *site = vg_str_z(cx->arena, of.site), *agency = vg_str_z(cx->arena, of.agency);
    if (of.agency.n) {
        VG_TRY(vg_label_of(cx, agency, VG_C_MEANS, site, VG_S_NORMAL, &label, err));
    }
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_kz(&cx->body, "by", cx->who->user);
    vg_jw_kz(&cx->reply, "id", id);
    return vg_say(cx, &(vg_saying){"evidence.made", site, id, label}, err);
}

VG_FOLDER(evidence_on_made)
{
    return vg_put(
        ap, e,
        "INSERT INTO evidence_bundle (id, incident, alert, number, log, seq_from, seq_to, events,"
        " withheld, bytes, hash, reason, by_user, at, label, world)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "@subject incident alert number log from to events withheld bytes hash reason by @at "
        "@label "
        "@world",
        err);
}
