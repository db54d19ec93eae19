// SPDX-License-Identifier: Apache-2.0
// Points: which zone a device means when it says "area 1, point 003", and what that point really is when the
// device's code says too little. Removing a point keeps its row (state removed); adding the same address
// again revives it.
#include "domain/sites/sites.h"

static const char *const kinds[] = {
#define X(name, urgency) #name,
#include "core/signal_kinds.def"
#undef X
    NULL};

const vg_field sites_point_add_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"area", VG_F_TEXT, .max = 11},
    {"point", VG_F_TEXT, VG_REQUIRED, .max = 15},
    {"zone", VG_F_ID, VG_REQUIRED},
    {"kind", VG_F_ENUM, .values = kinds},
    {NULL},
};

static vg_status point_free(vg_cx *cx, const vg_args *args, vg_err *err)
{
    int64_t taken = 0;
    const vg_str point = vg_arg_str(args, "point");
    VG_TRY(vg_one_i64(
        cx->db,
        "SELECT 1 FROM source_point WHERE source = ? AND area = ? AND point = ?"
        " AND state = 'active'",
        VG_VALS(vg_t(vg_arg_str(args, "id")), vg_t(vg_arg_str(args, "area")), vg_t(point)), 0,
        &taken, err));
    return taken ? vg_fail(err, VG_ECONFLICT, "point", "sites.point_taken", "%.*s", VG_FMT(point))
                 : VG_OK;
}

VG_HANDLER(sites_point_add)
{
    sites_source_ref s;
    char id[VG_ID_TEXT];
    int64_t found = 0;
    VG_TRY(sites_source_at(cx, vg_arg_str(args, "id"), "sites.source_edit", &s, err));
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM zone WHERE id = ? AND site = ?",
                      VG_VALS(vg_t(vg_arg_str(args, "zone")), vg_z(s.site)), 0, &found, err));
    if (!found) {
        return vg_fail(err, VG_EINVALID, "zone", "sites.zone_elsewhere", "%s", "");
    }
    VG_TRY(point_free(cx, args, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "source", s.id);
    vg_jw_kstr(&cx->body, "area", vg_arg_str(args, "area"));
    vg_body_args(cx, args, "area");
    VG_TRY(vg_say(cx, &(vg_saying){"sites.source_point_added", s.site, id, s.label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

static vg_status count_points(vg_apply *ap, vg_str source, vg_err *err)
{
    return vg_exec(ap->db,
                   "UPDATE source SET points_n = (SELECT count(*) FROM source_point p WHERE "
                   "p.source = source.id"
                   " AND p.state = 'active') WHERE id = ?",
                   VG_VALS(vg_t(source)), err);
}

VG_FOLDER(sites_on_point_added)
{
    VG_TRY(
        vg_put(ap, e,
               "INSERT INTO source_point (id, source, area, point, zone, kind, at, label, world)"
               " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, area, point) DO UPDATE SET"
               " id = excluded.id, zone = excluded.zone, kind = excluded.kind, state = 'active',"
               " at = excluded.at",
               "@subject source area point zone kind @at @label @world", err));
    return count_points(ap, vg_js_str(ap->arena, e->body, "source"), err);
}

VG_MARK(sites_second_always)
{
    (void)cx;
    (void)args;
    (void)err;
    *ret = true;
    return VG_OK;
}

VG_HANDLER(sites_point_remove)
{
    vg_str c[2];
    sites_source_ref s;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT source, label FROM source_point WHERE id = ? AND state = 'active'",
                   id, c, 2, err));
    VG_TRY(sites_source_at(cx, c[0], "sites.source_edit", &s, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "source", s.id);
    return vg_say(
        cx, &(vg_saying){"sites.source_point_removed", s.site, vg_str_z(cx->arena, id), s.label},
        err);
}

VG_FOLDER(sites_on_point_removed)
{
    VG_TRY(
        vg_put(ap, e, "UPDATE source_point SET state = 'removed' WHERE id = ?", "@subject", err));
    return count_points(ap, vg_js_str(ap->arena, e->body, "source"), err);
}
