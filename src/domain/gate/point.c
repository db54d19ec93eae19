// SPDX-License-Identifier: Apache-2.0
// Points where one goes from one area into another: a turnstile, a barrier, the vault's door. A point has an outer side
// (nothing: the street) and an inner one, and may be passed one way only. A point may belong to a gate of the site and
// to a device; the gate is a place, the point is what is counted. A device whose word is enough (auto) is a turnstile.
#include "domain/gate/gate.h"

const char *const gate_ways[] = {"in", "out", NULL};

static const char *const ways[] = {"both", "in", "out", NULL};
static const char *const lanes[] = {"person", "vehicle", "both", NULL};
static const char *const autos[] = {"none", "records", NULL};
static const char *const states[] = {"active", "removed", NULL};

const vg_field gate_point_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"gate", VG_F_ID},
    {"outer", VG_F_ID},
    {"inner", VG_F_ID, VG_REQUIRED},
    {"ways", VG_F_ENUM, .values = ways},
    {"lane", VG_F_ENUM, .values = lanes},
    {"source", VG_F_ID},
    {"reader", VG_F_TEXT, .max = 15},
    {"auto", VG_F_ENUM, .values = autos},
    {NULL},
};
const vg_field gate_point_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"name", VG_F_TEXT, .max = 80},
    {"gate", VG_F_ID},
    {"ways", VG_F_ENUM, .values = ways},
    {"lane", VG_F_ENUM, .values = lanes},
    {"source", VG_F_ID},
    {"reader", VG_F_TEXT, .max = 15},
    {"auto", VG_F_ENUM, .values = autos},
    {"state", VG_F_ENUM, .values = states},
    {NULL},
};

static vg_status here(vg_cx *cx, const vg_args *args, const char *field, const char *sql,
                      const char *site, vg_err *err)
{
    const vg_str id = vg_arg_str(args, field);
    vg_str c[2];
    if (!id.n) {
        return VG_OK;
    }
    const vg_status st = vg_look(cx, sql, id, c, 2, err);
    return st == VG_OK && vg_str_eqc(c[0], site) &&
                   vg_seen(cx, (int32_t)vg_int(c[1]), field, NULL) == VG_OK
               ? VG_OK
               : vg_fail(err, VG_EINVALID, field, "gate.not_here", "%s", "");
}

static const char AREA[] = "SELECT site, label FROM gate_area WHERE id = ? AND state = 'active'";

static vg_status parts_ok(vg_cx *cx, const vg_args *args, const char *site, vg_err *err)
{
    VG_TRY(here(cx, args, "gate", "SELECT site, label FROM gate WHERE id = ?", site, err));
    return here(cx, args, "source", "SELECT site, label FROM source WHERE id = ?", site, err);
}

VG_HANDLER(gate_point_add)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "gate.edit", &site, err));
    VG_TRY(parts_ok(cx, args, site.id, err));
    VG_TRY(here(cx, args, "outer", AREA, site.id, err));
    VG_TRY(here(cx, args, "inner", AREA, site.id, err));
    if (vg_str_eq(vg_arg_str(args, "outer"), vg_arg_str(args, "inner"))) {
        return vg_fail(err, VG_EINVALID, "inner", "gate.same_area", "%s", "");
    }
    VG_TRY(vg_label_of(cx, site.agency, VG_C_SHARED, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site");
    VG_TRY(vg_say(cx, &(vg_saying){"gate.point_added", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(gate_on_point_added)
{
    return vg_put(
        ap, e,
        "INSERT INTO gate_point (id, site, name, gate, outer_area, inner_area, ways, lane,"
        " source, reader, auto, at, label, world) VALUES (?, ?, ?, ?, ?, ?, COALESCE(?, 'both'),"
        " COALESCE(?, 'person'), ?, NULLIF(?, ''), COALESCE(?, 'none'), ?, ?, ?)",
        "@subject @site name gate outer inner ways lane source reader auto @at @label @world", err);
}

VG_HANDLER(gate_point_update)
{
    vg_str c[2];
    vg_site_ref site;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT site, label FROM gate_point WHERE id = ?", id, c, 2, err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[1]), "id", err));
    VG_TRY(vg_site_at(cx, c[0], "gate.edit", &site, err));
    VG_TRY(parts_ok(cx, args, site.id, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    const char *subject = vg_str_z(cx->arena, id);
    VG_TRY(vg_say(cx, &(vg_saying){"gate.point_changed", site.id, subject, (int32_t)vg_int(c[1])},
                  err));
    vg_jw_kz(&cx->reply, "id", subject);
    return VG_OK;
}

VG_FOLDER(gate_on_point_changed)
{
    return vg_put(ap, e,
                  "UPDATE gate_point SET name = COALESCE(?, name), gate = COALESCE(?, gate),"
                  " ways = COALESCE(?, ways), lane = COALESCE(?, lane),"
                  " source = COALESCE(?, source), reader = COALESCE(?, reader), auto = COALESCE(?,"
                  " auto), state = COALESCE(?, state) WHERE id = ?",
                  "name gate ways lane source reader auto state @subject", err);
}

static const char AT[] =
    "SELECT p.site, p.name, p.lane, p.ways, p.state, p.label, s.agency, p.outer_area, p.inner_area,"
    " i.passback, i.again_min, o.passback, o.again_min FROM gate_point p JOIN site s ON s.id ="
    " p.site JOIN gate_area i ON i.id = p.inner_area LEFT JOIN gate_area o ON o.id = p.outer_area"
    " WHERE p.id = ?";

vg_status gate_point_at(vg_cx *cx, vg_str point, int way, const char *permission, gate_at *ret,
                        vg_err *err)
{
    vg_str c[13];
    const vg_status st = vg_look(cx, AT, point, c, 13, err);
    if (st != VG_OK || vg_seen(cx, (int32_t)vg_int(c[5]), "id", err) != VG_OK) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
    }
    const vg_str *to = way == GATE_IN ? c + 9 : c + 11;  // rules of the area entered
    *ret = (gate_at){.id = vg_str_z(cx->arena, point),
                     .site = vg_str_z(cx->arena, c[0]),
                     .agency = vg_str_z(cx->arena, c[6]),
                     .name = c[1],
                     .lane = c[2],
                     .way = vg_str_c(gate_ways[way]),
                     .from = vg_str_z(cx->arena, way == GATE_IN ? c[7] : c[8]),
                     .to = vg_str_z(cx->arena, way == GATE_IN ? c[8] : c[7]),
                     .passback = to[0].n ? to[0] : VG_S("none")};
    ret->again_us = vg_str_eqc(ret->passback, "none") ? 0
                    : to[1].n                         ? vg_int(to[1]) * INT64_C(60000000)
                                                      : VG_PASS_ALWAYS;
    VG_TRY(vg_require_own(cx, permission, ret->site, ret->agency, err));
    VG_TRY(vg_label_of(cx, ret->agency, VG_C_GATE, ret->site, VG_S_NORMAL, &ret->label, err));
    if (!vg_str_eqc(c[4], "active") ||
        (!vg_str_eqc(c[3], "both") && !vg_str_eqc(c[3], gate_ways[way]))) {
        return vg_fail(err, VG_ECONFLICT, "way", "gate.not_that_way", "%s", "");
    }
    return VG_OK;
}
