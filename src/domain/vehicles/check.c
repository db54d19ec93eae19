// SPDX-License-Identifier: Apache-2.0
// A look under a vehicle or into its boot takes a suspicion, and is recorded with what it was and what was found; there
// is no such check as a routine. Goods in and out are recorded with the number of their paper; goods that leave without
// one are to be asked about, so whoever lets them out says why.
#include "domain/vehicles/vehicles.h"

#include "domain/holder.h"
#include "domain/plates.h"

static const char *const results[] = {"clear", "found", NULL};
static const char *const ways[] = {"in", "out", NULL};
enum { IN, OUT };

const vg_field vehicles_check_fields[] = {
    {"point", VG_F_ID, VG_REQUIRED},
    {"holder", VG_F_ID},
    {"plate", VG_F_TEXT, .max = 24},
    {"suspicion", VG_F_TEXT, VG_REQUIRED, .max = 300},
    {"under", VG_F_BOOL},
    {"boot", VG_F_BOOL},
    {"result", VG_F_ENUM, VG_REQUIRED, .values = results},
    {"note", VG_F_TEXT, .max = 300},
    {NULL},
};
const vg_field vehicles_goods_fields[] = {
    {"point", VG_F_ID, VG_REQUIRED},
    {"way", VG_F_ENUM, VG_REQUIRED, .values = ways},
    {"what", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {"quantity", VG_F_TEXT, .max = 60},
    {"paper", VG_F_TEXT, .max = 60},
    {"owner", VG_F_TEXT, .max = 120},
    {"holder", VG_F_ID},
    {"why", VG_F_TEXT, .max = 300},
    {NULL},
};

// One that stands at the barrier need not be known: its plate stands on a card beside the journal, as that of a vehicle
// that was let through once.
static vg_status of_plate(vg_cx *cx, const vehicles_at *at, vg_str text, char ret_id[VG_ID_TEXT],
                          vg_err *err)
{
    vg_plate plate;
    vg_plate_known v[VG_PLATES_MAX];
    size_t n = 0;
    VG_TRY(vg_plate_parse(text, &plate, err));
    VG_TRY(vg_plates_find(cx, at->site, &plate, v, &n, err));
    for (size_t i = 0; i < n; i++) {
        if (v[i].match == VG_PLATE_SAME && v[i].holder.n) {
            snprintf(ret_id, VG_ID_TEXT, "%.*s", VG_FMT(v[i].holder));
            return VG_OK;
        }
    }
    const vg_holder_new h = {.agency = at->agency,
                             .site = at->site,
                             .kind = VG_S("vehicle"),
                             .class = VG_S(VG_VEHICLE_UNKNOWN),
                             .name = text,
                             .label = at->label};
    return vg_holder_make(cx, &h, ret_id, err);
}

static vg_status which(vg_cx *cx, const vg_args *args, const vehicles_at *at,
                       char ret_id[VG_ID_TEXT], vg_err *err)
{
    const vg_str holder = vg_arg_str(args, "holder");
    if (!holder.n) {
        return of_plate(cx, at, vg_arg_str(args, "plate"), ret_id, err);
    }
    snprintf(ret_id, VG_ID_TEXT, "%.*s", VG_FMT(holder));
    return vehicles_holder(cx, holder, err);
}

VG_HANDLER(vehicles_check)
{
    vehicles_at at;
    char id[VG_ID_TEXT], holder[VG_ID_TEXT];
    VG_TRY(vehicles_point(cx, vg_arg_str(args, "point"), "gate.pass", &at, err));
    if (!vg_arg_i64(args, "under", 0) && !vg_arg_i64(args, "boot", 0)) {
        return vg_fail(err, VG_EINVALID, "under", "vehicles.checked_what", "%s", "");
    }
    VG_TRY(which(cx, args, &at, holder, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "holder plate");
    vg_jw_kz(&cx->body, "holder", holder);
    VG_TRY(vg_say(cx, &(vg_saying){"vehicles.checked", at.site, id, at.label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(vehicles_on_checked)
{
    return vg_put(ap, e,
                  "INSERT INTO vehicle_check (id, site, point, holder, suspicion, under, boot,"
                  " result, note, by_user, at, label, world) VALUES (?, ?, ?, ?, ?, COALESCE(?, 0),"
                  " COALESCE(?, 0), ?, ?, ?, ?, ?, ?)",
                  "@subject @site point holder suspicion under boot result note @actor @at @label"
                  " @world",
                  err);
}

// --- goods ----------------------------------------------------------------------------------------
static vg_status owner_kept(vg_cx *cx, const char *id, vg_str owner, int32_t label, vg_err *err)
{
    return owner.n ? vg_exec(cx->db,
                             "INSERT INTO goods_owner (move, owner, label, world) VALUES (?, ?, ?,"
                             " ?)",
                             VG_VALS(vg_z(id), vg_t(owner), vg_i(label), vg_i(cx->world)), err)
                   : VG_OK;
}

static vg_status say_goods(vg_cx *cx, const vehicles_at *at, const char *id, vg_str owner,
                           vg_err *err)
{
    vg_buf b;
    vg_buf_init(&b, 1024);
    if (owner.n) {
        vg_jw w = vg_jw_on(&b);
        vg_jw_open(&w, '{');
        vg_jw_kstr(&w, "owner", owner);
        vg_jw_close(&w, '}');
    }
    const vg_draft d = {.kind = "vehicles.goods_moved",
                        .site = at->site,
                        .subject = id,
                        .label = at->label,
                        .person = owner.n ? id : "",
                        .personal = vg_buf_str(&b)};
    const vg_status st = vg_emit(cx, &d, NULL, err);
    vg_buf_done(&b);
    return st;
}

VG_HANDLER(vehicles_goods)
{
    vehicles_at at;
    char id[VG_ID_TEXT];
    VG_TRY(vehicles_point(cx, vg_arg_str(args, "point"), "gate.pass", &at, err));
    if (vg_arg_has(args, "holder")) {
        VG_TRY(vehicles_holder(cx, vg_arg_str(args, "holder"), err));
    }
    const bool bare =
        vg_arg_i64(args, "way", IN) == OUT && !vg_str_trim(vg_arg_str(args, "paper")).n;
    if (bare && !vg_str_trim(vg_arg_str(args, "why")).n) {
        return vg_fail(err, VG_EINVALID, "why", "vehicles.no_paper", "%s", "");
    }
    const vg_str owner = vg_str_trim(vg_arg_str(args, "owner"));
    vg_new_id(cx, id);
    VG_TRY(owner_kept(cx, id, owner, at.label, err));
    vg_body(cx);
    vg_body_args(cx, args, "owner");
    vg_jw_kz(&cx->body, "advice", bare ? "ask" : "green");
    VG_TRY(say_goods(cx, &at, id, owner, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(vehicles_on_goods)
{
    return vg_put(ap, e,
                  "INSERT INTO goods_move (id, site, point, way, what, quantity, paper, holder,"
                  " advice, why, by_user, at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                  " ?, ?, ?, ?)",
                  "@subject @site point way what quantity paper holder advice why @actor @at @label"
                  " @world",
                  err);
}
