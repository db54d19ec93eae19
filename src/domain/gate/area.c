// SPDX-License-Identifier: Apache-2.0
// Areas that can be entered and left: the ground inside the gate, a building, the vault. They nest: who is in the vault
// is in the building too. An area says how soon one may enter it again (anti-passback: none, soft asks, hard stops; with
// a time it ends by itself), how many may be inside, and, for a two-person area, how long one may be alone in it. Its
// lists say who makes the pair and who must be first in.
#include "domain/gate/gate.h"

static const char *const passbacks[] = {"none", "soft", "hard", NULL};
static const char *const states[] = {"active", "removed", NULL};
static const char *const lists[] = {"a", "b", "first", NULL};

#define RULES                                                                             \
    {"parent", VG_F_ID}, {"zone", VG_F_ID}, {"passback", VG_F_ENUM, .values = passbacks}, \
        {"again_min", VG_F_INT, .min = 0, .max = 1440},                                   \
        {"most", VG_F_INT, .min = 0, .max = 100000},                                      \
        {"alone_s", VG_F_INT, .min = 0, .max = 86400},                                    \
    {                                                                                     \
        "airlock", VG_F_BOOL                                                              \
    }

const vg_field gate_area_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    RULES,
    {NULL},
};
// 0 takes a number away again.
const vg_field gate_area_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"name", VG_F_TEXT, .max = 80},
    RULES,
    {"state", VG_F_ENUM, .values = states},
    {NULL},
};
const vg_field gate_list_add_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"list", VG_F_ENUM, VG_REQUIRED, .values = lists},
    {"holder", VG_F_ID, VG_REQUIRED},
    {NULL},
};
const vg_field gate_list_remove_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, {NULL}};

enum { DEEPEST = 8 };

static vg_status of_site(vg_cx *cx, const char *sql, vg_str id, const char *site, const char *field,
                         vg_err *err)
{
    vg_str c[1];
    if (!id.n) {
        return VG_OK;
    }
    const vg_status st = vg_look(cx, sql, id, c, 1, err);
    return st == VG_OK && vg_str_eqc(c[0], site)
               ? VG_OK
               : vg_fail(err, VG_EINVALID, field, "gate.not_here", "%s", "");
}

// No area lies within itself, however far around.
static vg_status parent_ok(vg_cx *cx, vg_str parent, const char *self, vg_err *err)
{
    vg_str c[1] = {parent};
    for (int depth = 0; c[0].n; depth++) {
        if (depth == DEEPEST || vg_str_eqc(c[0], self)) {
            return vg_fail(err, VG_EINVALID, "parent", "gate.parent_circle", "%s", "");
        }
        VG_TRY(vg_look(cx, "SELECT parent FROM gate_area WHERE id = ?", c[0], c, 1, err));
    }
    return VG_OK;
}

static vg_status rules_ok(vg_cx *cx, const vg_args *args, const char *site, const char *self,
                          vg_err *err)
{
    const vg_str parent = vg_arg_str(args, "parent");
    VG_TRY(of_site(cx, "SELECT site FROM gate_area WHERE id = ?", parent, site, "parent", err));
    VG_TRY(of_site(cx, "SELECT site FROM zone WHERE id = ?", vg_arg_str(args, "zone"), site, "zone",
                   err));
    return parent_ok(cx, parent, self, err);
}

static vg_status room_for(vg_cx *cx, const char *site, vg_err *err)
{
    int64_t n = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT count(*) FROM gate_area WHERE site = ?", VG_VALS(vg_z(site)),
                      0, &n, err));
    return n < GATE_AREAS_MAX
               ? VG_OK
               : vg_fail(err, VG_ETOOBIG, "site", "gate.areas_many", "%d", GATE_AREAS_MAX);
}

VG_HANDLER(gate_area_add)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "gate.edit", &site, err));
    VG_TRY(room_for(cx, site.id, err));
    VG_TRY(rules_ok(cx, args, site.id, "", err));
    VG_TRY(vg_label_of(cx, site.agency, VG_C_SHARED, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site");
    VG_TRY(vg_say(cx, &(vg_saying){"gate.area_added", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(gate_on_area_added)
{
    return vg_put(ap, e,
                  "INSERT INTO gate_area (id, site, name, parent, zone, passback, again_min, most,"
                  " alone_s, airlock, at, label, world) VALUES (?, ?, ?, ?, ?, COALESCE(?, 'none'),"
                  " NULLIF(?, 0), NULLIF(?, 0), NULLIF(?, 0), COALESCE(?, 0), ?, ?, ?)",
                  "@subject @site name parent zone passback again_min most alone_s airlock @at"
                  " @label @world",
                  err);
}

typedef struct area_ref {
    const char *id, *site;
    int32_t label;
} area_ref;

static vg_status area_at(vg_cx *cx, vg_str id, area_ref *ret, vg_err *err)
{
    vg_str c[2];
    vg_site_ref site;
    VG_TRY(vg_look(cx, "SELECT site, label FROM gate_area WHERE id = ?", id, c, 2, err));
    *ret = (area_ref){vg_str_z(cx->arena, id), vg_str_z(cx->arena, c[0]), (int32_t)vg_int(c[1])};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    return vg_site_at(cx, c[0], "gate.edit", &site, err);
}

VG_HANDLER(gate_area_update)
{
    area_ref a;
    VG_TRY(area_at(cx, vg_arg_str(args, "id"), &a, err));
    VG_TRY(rules_ok(cx, args, a.site, a.id, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(vg_say(cx, &(vg_saying){"gate.area_changed", a.site, a.id, a.label}, err));
    vg_jw_kz(&cx->reply, "id", a.id);
    return VG_OK;
}

VG_FOLDER(gate_on_area_changed)
{
    return vg_put(ap, e,
                  "UPDATE gate_area SET name = COALESCE(?, name), parent = COALESCE(?, parent),"
                  " zone = COALESCE(?, zone), passback = COALESCE(?, passback),"
                  " again_min = NULLIF(COALESCE(?, again_min), 0),"
                  " most = NULLIF(COALESCE(?, most), 0),"
                  " alone_s = NULLIF(COALESCE(?, alone_s), 0), airlock = COALESCE(?, airlock),"
                  " state = COALESCE(?, state) WHERE id = ?",
                  "name parent zone passback again_min most alone_s airlock state @subject", err);
}

vg_status gate_people_in(vg_db *db, vg_str area, int64_t *ret, vg_err *err)
{
    return vg_one_i64(db,
                      GATE_WITHIN "SELECT count(*) FROM presence WHERE area IN (SELECT id FROM a)"
                                  " AND holder_kind <> 'vehicle'",
                      VG_VALS(vg_t(area)), 0, ret, err);
}

// --- lists --------------------------------------------------------------------------------------
VG_HANDLER(gate_list_add)
{
    area_ref a;
    gate_holder h;
    int64_t there = 0;
    int32_t label = 0;
    char id[VG_ID_TEXT];
    vg_str c[1];
    VG_TRY(area_at(cx, vg_arg_str(args, "id"), &a, err));
    VG_TRY(gate_holder_at(cx, vg_arg_str(args, "holder"), &h, err));
    VG_TRY(vg_one_i64(
        cx->db, "SELECT 1 FROM gate_area_list WHERE area = ? AND list = ? AND holder = ?",
        VG_VALS(vg_z(a.id), vg_t(vg_arg_str(args, "list")), vg_z(h.id)), 0, &there, err));
    if (there) {
        return vg_fail(err, VG_ECONFLICT, "holder", "gate.listed", "%s", "");
    }
    VG_TRY(vg_look(cx, "SELECT agency FROM site WHERE id = ?", vg_str_c(a.site), c, 1, err));
    VG_TRY(vg_label_of(cx, vg_str_z(cx->arena, c[0]), VG_C_GATE, a.site, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "area", a.id);
    vg_body_args(cx, args, "");
    VG_TRY(vg_say(cx, &(vg_saying){"gate.listed", a.site, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(gate_on_listed)
{
    return vg_put(ap, e,
                  "INSERT INTO gate_area_list (id, area, list, holder, at, label, world) VALUES (?,"
                  " ?, ?, ?, ?, ?, ?)",
                  "@subject area list holder @at @label @world", err);
}

VG_HANDLER(gate_list_remove)
{
    vg_str c[2];
    area_ref a;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT area, label FROM gate_area_list WHERE id = ?", id, c, 2, err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[1]), "id", err));
    VG_TRY(area_at(cx, c[0], &a, err));
    vg_body(cx);
    return vg_say(
        cx, &(vg_saying){"gate.unlisted", a.site, vg_str_z(cx->arena, id), (int32_t)vg_int(c[1])},
        err);
}

VG_FOLDER(gate_on_unlisted)
{
    return vg_put(ap, e, "DELETE FROM gate_area_list WHERE id = ?", "@subject", err);
}
