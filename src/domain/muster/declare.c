// SPDX-License-Identifier: Apache-2.0
// An evacuation of a site or of one of its areas: declared, ended. Whoever is inside by record at that moment is on its
// list; the command reads that from the gate and writes it into events, so that folding needs nobody else's tables.
// That there is an evacuation is everybody's to know at the site; who is on the list is only for those who keep its
// gates. An exercise with people in the house is of kind "drill" in the real world; in a drill's own world all are.
// Several may run at once, of one kind and place only one. It is ended by a commander, who says why if somebody is
// still missing; what is told of people afterwards is kept all the same.
#include "domain/muster/muster.h"

static const char *const kinds[] = {"real", "drill", NULL};

const vg_field muster_declare_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"area", VG_F_ID},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = kinds},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 300},
    {NULL},
};
const vg_field muster_end_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, .max = 300},
    {NULL},
};

enum { PEOPLE_MAX = 50000, OF_EVENT = 500 };

vg_status muster_at(vg_cx *cx, vg_str id, const char *permission, muster *ret, vg_err *err)
{
    vg_str c[6];
    const vg_status st = vg_look(cx,
                                 "SELECT m.site, s.agency, m.state, m.world, m.label, m.at FROM"
                                 " muster m JOIN site s ON s.id = m.site WHERE m.id = ?",
                                 id, c, 6, err);
    if (st == VG_ENOTFOUND || (st == VG_OK && vg_int(c[3]) && vg_int(c[3]) != cx->world)) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
    }
    VG_TRY(st);
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[4]), "id", err));
    *ret = (muster){.id = vg_str_z(cx->arena, id),
                    .site = vg_str_z(cx->arena, c[0]),
                    .agency = vg_str_z(cx->arena, c[1]),
                    .state = c[2],
                    .world = vg_int(c[3]),
                    .declared_us = vg_int(c[5])};
    VG_TRY(vg_require_own(cx, permission, ret->site, ret->agency, err));
    if (ret->world != cx->world) {
        return vg_fail(err, VG_ECONFLICT, "id", "muster.other_world", "%s", "");
    }
    return vg_label_of(cx, ret->agency, VG_C_GATE, ret->site, VG_S_NORMAL, &ret->people, err);
}

// --- declared -------------------------------------------------------------------------------------
static vg_status area_ok(vg_cx *cx, vg_str area, const char *site, vg_err *err)
{
    int64_t here = 0;
    if (!area.n) {
        return VG_OK;
    }
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT 1 FROM gate_area WHERE id = ? AND site = ? AND state = 'active'",
                      VG_VALS(vg_t(area), vg_z(site)), 0, &here, err));
    return here ? VG_OK : vg_fail(err, VG_EINVALID, "area", "gate.not_here", "%s", "");
}

static vg_status none_open(vg_cx *cx, const char *site, vg_str area, vg_str kind, vg_err *err)
{
    int64_t open = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT 1 FROM muster WHERE site = ? AND state = 'open' AND world = ? AND"
                      " COALESCE(area, '') = ? AND kind = ?",
                      VG_VALS(vg_z(site), vg_i(cx->world), vg_t(area), vg_t(kind)), 0, &open, err));
    return open ? vg_fail(err, VG_ECONFLICT, "area", "muster.already", "%s", "") : VG_OK;
}

typedef struct inside {
    vg_str holder, kind, area, point;
    int64_t seen_us;
} inside;

// Vehicles go nowhere by themselves. Those in the areas within an area are in it too.
static const char INSIDE[] =
    "WITH RECURSIVE a(id) AS (SELECT ?2 UNION SELECT g.id FROM gate_area g JOIN a ON g.parent ="
    " a.id) SELECT p.holder, p.holder_kind, p.area, COALESCE(g.point, ''), g.moved FROM presence p"
    " JOIN passage g ON g.id = p.passage WHERE p.site = ?1 AND p.holder_kind <> 'vehicle' AND"
    " p.world IN (0, ?3) AND (?2 = '' OR p.area IN (SELECT id FROM a)) ORDER BY p.holder LIMIT ?4";

static vg_status read_inside(vg_cx *cx, const char *site, vg_str area, inside **ret, size_t *ret_n,
                             vg_err *err)
{
    vg_rows *r;
    int64_t most = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT count(*) FROM presence WHERE site = ?", VG_VALS(vg_z(site)),
                      0, &most, err));
    const size_t max = most < PEOPLE_MAX ? (size_t)most : PEOPLE_MAX;
    inside *v = vg_arena_get(cx->arena, sizeof *v * (max + 1));
    *ret_n = 0;
    VG_TRY(vg_rows_open(cx->db, INSIDE,
                        VG_VALS(vg_z(site), vg_t(area), vg_i(cx->world), vg_i((int64_t)max)), &r,
                        err));
    while (*ret_n < max && vg_rows_next(r)) {
        v[(*ret_n)++] = (inside){.holder = vg_str_dup(cx->arena, vg_row_str(r, 0)),
                                 .kind = vg_str_dup(cx->arena, vg_row_str(r, 1)),
                                 .area = vg_str_dup(cx->arena, vg_row_str(r, 2)),
                                 .point = vg_str_dup(cx->arena, vg_row_str(r, 3)),
                                 .seen_us = vg_row_i64(r, 4)};
    }
    *ret = v;
    return vg_rows_close(r, err);
}

static vg_status say_listed(vg_cx *cx, const muster *m, const inside *v, size_t n, vg_err *err)
{
    vg_body(cx);
    vg_jw_key(&cx->body, "people");
    vg_jw_open(&cx->body, '[');
    for (size_t i = 0; i < n; i++) {
        char id[VG_ID_TEXT];
        vg_new_id(cx, id);
        vg_jw_open(&cx->body, '{');
        vg_jw_kz(&cx->body, "id", id);
        vg_jw_kstr(&cx->body, "holder", v[i].holder);
        vg_jw_kstr(&cx->body, "kind", v[i].kind);
        vg_jw_kstr(&cx->body, "area", v[i].area);
        vg_jw_kstr(&cx->body, "point", v[i].point);
        vg_jw_ki64(&cx->body, "seen", v[i].seen_us);
        vg_jw_close(&cx->body, '}');
    }
    vg_jw_close(&cx->body, ']');
    return vg_say(cx, &(vg_saying){"muster.listed", m->site, m->id, m->people}, err);
}

VG_HANDLER(muster_declare)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    inside *v;
    size_t n;
    const vg_str area = vg_arg_str(args, "area"),
                 kind = cx->world ? VG_S("drill") : vg_arg_str(args, "kind");
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "muster.declare", &site, err));
    VG_TRY(area_ok(cx, area, site.id, err));
    VG_TRY(none_open(cx, site.id, area, kind, err));
    VG_TRY(read_inside(cx, site.id, area, &v, &n, err));
    VG_TRY(vg_label_of(cx, site.agency, VG_C_SHARED, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    muster m = {.id = id, .site = site.id};
    VG_TRY(vg_label_of(cx, site.agency, VG_C_GATE, site.id, VG_S_NORMAL, &m.people, err));
    vg_body(cx);
    vg_body_args(cx, args, "site kind");
    vg_jw_kstr(&cx->body, "kind", kind);
    VG_TRY(vg_say(cx, &(vg_saying){"muster.declared", site.id, id, label}, err));
    for (size_t i = 0; i < n; i += OF_EVENT) {
        VG_TRY(say_listed(cx, &m, v + i, n - i < OF_EVENT ? n - i : OF_EVENT, err));
    }
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(muster_on_declared)
{
    return vg_put(ap, e,
                  "INSERT INTO muster (id, site, area, kind, reason, declared_by, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site area kind reason @actor @at @label @world", err);
}

static vg_status list_one(vg_apply *ap, const vg_event *e, vg_str one, vg_err *err)
{
    vg_arena *a = ap->arena;
    return vg_exec(
        ap->db,
        "INSERT INTO muster_person (id, site, muster, holder, kind, origin, area, point, seen_at,"
        " at, label, world) VALUES (?, ?, ?, ?, ?, 'listed', ?, NULLIF(?, ''), ?, ?, ?, ?)",
        VG_VALS(vg_t(vg_js_str(a, one, "id")), vg_t(e->site), vg_t(e->subject),
                vg_t(vg_js_str(a, one, "holder")), vg_t(vg_js_str(a, one, "kind")),
                vg_t(vg_js_str(a, one, "area")), vg_t(vg_js_str(a, one, "point")),
                vg_i(vg_js_i64(one, "seen", 0)), vg_i(e->recorded_us), vg_i(e->label),
                vg_i(e->world)),
        err);
}

VG_FOLDER(muster_on_listed)
{
    vg_str people, one;
    size_t at = 0;
    if (!vg_js_find(e->body, "people", &people)) {
        return VG_OK;
    }
    while (vg_js_each(people, &at, NULL, &one)) {
        VG_TRY(list_one(ap, e, one, err));
    }
    return VG_OK;
}

// --- ended ----------------------------------------------------------------------------------------
VG_HANDLER(muster_end)
{
    muster m = {0};
    int64_t missing = 0;
    VG_TRY(muster_at(cx, vg_arg_str(args, "id"), "muster.end", &m, err));
    if (!vg_str_eqc(m.state, "open")) {
        return vg_fail(err, VG_ECONFLICT, "id", "muster.ended", "%s", "");
    }
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT count(*) FROM muster_person WHERE muster = ? AND state IN ('unknown',"
                      " 'unsafe')",
                      VG_VALS(vg_z(m.id)), 0, &missing, err));
    if (missing && !vg_str_trim(vg_arg_str(args, "reason")).n) {
        return vg_fail(err, VG_EINVALID, "reason", "muster.missing", "%lld", (long long)missing);
    }
    vg_str c[1];
    VG_TRY(vg_look(cx, "SELECT label FROM muster WHERE id = ?", vg_arg_str(args, "id"), c, 1, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_ki64(&cx->body, "ended", cx->now_us);
    VG_TRY(vg_say(cx, &(vg_saying){"muster.ended", m.site, m.id, (int32_t)vg_int(c[0])}, err));
    vg_jw_kz(&cx->reply, "id", m.id);
    return VG_OK;
}

VG_FOLDER(muster_on_ended)
{
    return vg_put(ap, e,
                  "UPDATE muster SET state = 'ended', ended_at = ?, ended_by = ?, ended_reason = ?"
                  " WHERE id = ?",
                  "ended @actor reason @subject", err);
}
