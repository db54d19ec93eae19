// SPDX-License-Identifier: Apache-2.0
// Fixtures: stores, cameras, assembly points, patrol points and checkpoints. What a fixture is decides who may know of
// it: where people gather in an evacuation is for everybody at the site, where arms lie and cameras look is the means
// of the agency that keeps them, where patrols pass is a measure. A kind cannot be changed for that reason: what was
// filed wrongly is removed and filed anew. A camera here is a thing on the wall; its signals come from a source.
#include "domain/sites/sites.h"

static const char *const kinds[] = {"store",        "camera",     "assembly",
                                    "patrol_point", "checkpoint", NULL};
static const vg_compartment compartments[] = {VG_C_MEANS, VG_C_MEANS, VG_C_SHARED, VG_C_MEASURES,
                                              VG_C_MEASURES};
_Static_assert(VG_LEN(kinds) == VG_LEN(compartments) + 1, "every kind has a compartment");
static const char *const states[] = {"active", "removed", NULL};

const vg_field sites_fixture_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = kinds, .law = "tt58-2015/ke-hoach"},
    {"name", VG_F_TEXT, VG_REQUIRED},
    {"zone", VG_F_ID},
    {"note", VG_F_TEXT, .max = 500},
    {"agency", VG_F_ID},
    {NULL},
};
const vg_field sites_fixture_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"name", VG_F_TEXT},
    {"zone", VG_F_ID},
    {"note", VG_F_TEXT, .max = 500},
    {"state", VG_F_ENUM, .values = states},
    {NULL},
};

static vg_status zone_here(vg_cx *cx, const vg_args *args, const char *site, vg_err *err)
{
    int64_t here = 0;
    if (!vg_arg_has(args, "zone")) {
        return VG_OK;
    }
    const vg_str zone = vg_arg_str(args, "zone");
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM zone WHERE id = ? AND site = ? AND state = 'active'",
                      VG_VALS(vg_t(zone), vg_z(site)), 0, &here, err));
    return here ? VG_OK : vg_fail(err, VG_EINVALID, "zone", "sites.no_zone", "%.*s", VG_FMT(zone));
}

VG_HANDLER(sites_fixture_add)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    const char *owner = NULL;
    int32_t label = 0;
    const vg_compartment c = compartments[vg_arg_i64(args, "kind", 0)];
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "sites.edit", &site, err));
    VG_TRY(zone_here(cx, args, site.id, err));
    VG_TRY(sites_owner(cx, args, &site, &owner, err));
    if (c == VG_C_SHARED) {
        owner = site.agency;  // the host's, whoever files it
    }
    VG_TRY(vg_label_of(cx, owner, c, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site agency");
    vg_jw_kz(&cx->body, "agency", owner);
    VG_TRY(vg_say(cx, &(vg_saying){"sites.fixture_added", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(sites_on_fixture_added)
{
    return vg_put(ap, e,
                  "INSERT INTO fixture (id, site, kind, name, zone, note, agency, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site kind name zone note agency @at @label @world", err);
}

VG_HANDLER(sites_fixture_update)
{
    vg_str c[3];
    vg_site_ref site;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT site, label, agency FROM fixture WHERE id = ?", id, c, 3, err));
    const int32_t label = (int32_t)vg_int(c[1]);
    VG_TRY(vg_seen(cx, label, "id", err));
    VG_TRY(vg_site_at(cx, c[0], "sites.edit", &site, err));
    VG_TRY(zone_here(cx, args, site.id, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    const char *subject = vg_str_z(cx->arena, id);
    VG_TRY(vg_say(cx, &(vg_saying){"sites.fixture_changed", site.id, subject, label}, err));
    vg_jw_kz(&cx->reply, "id", subject);
    return VG_OK;
}

VG_FOLDER(sites_on_fixture_changed)
{
    return vg_put(ap, e,
                  "UPDATE fixture SET name = COALESCE(?, name), zone = COALESCE(?, zone),"
                  " note = COALESCE(?, note), state = COALESCE(?, state) WHERE id = ?",
                  "name zone note state @subject", err);
}
