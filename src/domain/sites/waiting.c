// SPDX-License-Identifier: Apache-2.0
// The waiting room: devices that report and stand in no register. They are listed with what they said last,
// to be accepted (they become a source) or dismissed. The room has 1,000 places: when it is full the oldest
// dismissed one gives up its place, and if none was dismissed the newcomer is not kept (its signals still
// stand in the node's log).
#include "domain/sites/sites.h"

enum { ROOM = 1000 };

static const char *const kinds[] = {
#define X(name, urgency) #name,
#include "core/signal_kinds.def"
#undef X
    NULL};

const vg_field sites_waiting_accept_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"site", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"agency", VG_F_ID},
    {"zone", VG_F_ID},
    {"kind", VG_F_ENUM, .values = kinds},
    {"deadline_s", VG_F_INT, .min = 0, .max = 604800},
    {"key", VG_F_SECRET},
    {"encrypted_required", VG_F_BOOL},
    {"peers", VG_F_TEXT, .max = VG_CIDR_LIST - 1},
    {"body_kb", VG_F_INT, .min = 0, .max = 8192},
    {"image_days", VG_F_INT, .min = 0, .max = 3650},
    {"certificate", VG_F_TEXT, .max = SITES_PRINT_TEXT},
    {NULL},
};
const vg_field sites_waiting_dismiss_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED},
    {NULL},
};

static vg_status make_room(vg_apply *ap, bool *ret_room, vg_err *err)
{
    int64_t n = 0;
    VG_TRY(vg_one_i64(ap->db, "SELECT count(*) FROM waiting_source", VG_NOVALS, 0, &n, err));
    *ret_room = n < ROOM;
    if (*ret_room) {
        return VG_OK;
    }
    VG_TRY(vg_exec(ap->db,
                   "DELETE FROM waiting_source WHERE id = (SELECT id FROM waiting_source"
                   " WHERE state = 'dismissed' ORDER BY last_seen, id LIMIT 1)",
                   VG_NOVALS, err));
    *ret_room = vg_changes(ap->db) > 0;
    return VG_OK;
}

VG_FOLDER(sites_on_unknown_signal)
{
    char id[VG_ID_TEXT];
    bool room = false;
    const vg_str proto = vg_js_str(ap->arena, e->body, "proto");
    const vg_str address = vg_js_str(ap->arena, e->body, "address");
    const vg_str peer = vg_js_str(ap->arena, e->body, "peer");
    vg_str said = vg_js_str(ap->arena, e->body, "text");
    if (!said.n) {
        said = vg_js_str(ap->arena, e->body, "kind");
    }
    const vg_cmd_id seed = vg_cmd_derive("waiting", proto, address);
    vg_id_derive(&seed, 0, id);
    VG_TRY(vg_exec(
        ap->db,
        "UPDATE waiting_source SET peer = ?, last_seen = ?, count = count + 1, last_text = ?"
        " WHERE id = ?",
        VG_VALS(vg_t(peer), vg_i(e->received_us), vg_t(said), vg_z(id)), err));
    if (vg_changes(ap->db) > 0) {
        return VG_OK;
    }
    VG_TRY(make_room(ap, &room, err));
    if (!room) {
        return VG_OK;
    }
    return vg_exec(
        ap->db,
        "INSERT INTO waiting_source (id, proto, address, peer, first_seen, last_seen, last_text,"
        " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        VG_VALS(vg_z(id), vg_t(proto), vg_t(address), vg_t(peer), vg_i(e->received_us),
                vg_i(e->received_us), vg_t(said), vg_i(e->label), vg_i(e->world)),
        err);
}

typedef struct waiting_ref {
    vg_str proto, address, state;
    int32_t label;
} waiting_ref;

static vg_status waiting_at(vg_cx *cx, vg_str id, waiting_ref *ret, vg_err *err)
{
    vg_str c[4];
    VG_TRY(vg_look(cx, "SELECT proto, address, state, label FROM waiting_source WHERE id = ?", id,
                   c, 4, err));
    *ret = (waiting_ref){c[0], c[1], c[2], (int32_t)vg_int(c[3])};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    if (vg_str_eqc(ret->state, "accepted")) {
        return vg_fail(err, VG_ECONFLICT, "id", "sites.already_accepted", "%.*s",
                       VG_FMT(ret->address));
    }
    return VG_OK;
}

VG_HANDLER(sites_waiting_accept)
{
    waiting_ref w;
    const char *id = vg_str_z(cx->arena, vg_arg_str(args, "id"));
    VG_TRY(waiting_at(cx, vg_arg_str(args, "id"), &w, err));
    VG_TRY(sites_source_make(cx, &(sites_new_source){args, w.proto, w.address, id}, err));
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"sites.waiting_accepted", "", id, w.label}, err);
}

VG_FOLDER(sites_on_waiting_accepted)
{
    return vg_put(ap, e, "UPDATE waiting_source SET state = 'accepted' WHERE id = ?", "@subject",
                  err);
}

VG_HANDLER(sites_waiting_dismiss)
{
    waiting_ref w;
    const char *id = vg_str_z(cx->arena, vg_arg_str(args, "id"));
    VG_TRY(waiting_at(cx, vg_arg_str(args, "id"), &w, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(vg_say(cx, &(vg_saying){"sites.waiting_dismissed", "", id, w.label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(sites_on_waiting_dismissed)
{
    return vg_put(ap, e, "UPDATE waiting_source SET state = 'dismissed', reason = ? WHERE id = ?",
                  "reason @subject", err);
}
