// SPDX-License-Identifier: Apache-2.0
// Sites: what is protected. A site belongs to one agency (its host) and has a log of its own, in which
// everything that happens at it stands. A site row is shared: who may act at the site may know of it. Sites
// are never deleted: one that leaves the list gets the state "left".
#include "domain/sites/sites.h"

static const char *const kinds[] = {
    "state_bank",  "party_office", "council",   "committee", "treasury",
    "broadcaster", "venue",        "warehouse", "other",     NULL};
static const char *const states[] = {"active", "left", NULL};
static const char *const fields[] = {"politics", "economy", "diplomacy", "science",
                                     "culture",  "society", NULL};
static const char *const grounds[] = {
    "head_office", "diplomatic", "valuable_assets", "dangerous", "broadcast", "decided", NULL};
static const char *const asset_classes[] = {"money",     "documents", "equipment", "reserve",
                                            "dangerous", "people",    "other",     NULL};

// What the register says besides the name: the same in both commands.
#define REGISTER                                                                   \
    {"place", VG_F_TEXT, .max = 30, .law = "qd19-2025/ma"},                        \
        {"field", VG_F_ENUM, .values = fields, .law = "nd37-2009"},                \
        {"ground", VG_F_ENUM, .values = grounds, .law = "nd37-2009/dieu-kien"},    \
        {"asset_class", VG_F_ENUM, .values = asset_classes}, {"part_of", VG_F_ID}, \
    {                                                                              \
        "host_unit", VG_F_TEXT                                                     \
    }

const vg_field sites_site_add_fields[] = {
    {"code", VG_F_TEXT, VG_REQUIRED, .max = 20},
    {"name", VG_F_TEXT, VG_REQUIRED},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = kinds},
    {"agency", VG_F_ID},
    {"address", VG_F_TEXT},
    {"key_site", VG_F_BOOL},
    {"decision", VG_F_TEXT},
    REGISTER,
    {NULL},
};
const vg_field sites_site_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"code", VG_F_TEXT, .max = 20},
    {"name", VG_F_TEXT},
    {"kind", VG_F_ENUM, .values = kinds},
    {"address", VG_F_TEXT},
    {"key_site", VG_F_BOOL},
    {"decision", VG_F_TEXT},
    {"state", VG_F_ENUM, .values = states},
    REGISTER,
    {NULL},
};

// The agency named, else the caller's, else the node's custodian.
static vg_status host_of(vg_cx *cx, vg_str named, const char **ret, vg_err *err)
{
    vg_str found = named.n ? named : vg_str_c(cx->who->agency);
    if ((found.n ? vg_look(cx, "SELECT id FROM agency WHERE id = ? AND state = 'active'", found,
                           &found, 1, err)
                 : vg_custodian(cx, &found, err)) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "agency", "sites.no_agency", "%.*s", VG_FMT(found));
    }
    *ret = vg_str_z(cx->arena, found);
    return VG_OK;
}

static vg_status code_free(vg_cx *cx, const char *agency, vg_str code, const char *but, vg_err *err)
{
    int64_t taken = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM site WHERE agency = ? AND code = ? AND id <> ?",
                      VG_VALS(vg_z(agency), vg_t(code), vg_z(but)), 0, &taken, err));
    return taken ? vg_fail(err, VG_ECONFLICT, "code", "sites.code_taken", "%.*s", VG_FMT(code))
                 : VG_OK;
}

// A place that stands or stood, and a head office that is not the site itself or a part of it.
static vg_status register_fits(vg_cx *cx, const vg_args *args, const char *self, vg_err *err)
{
    vg_str found[1];
    if (vg_arg_has(args, "place") && vg_look(cx, "SELECT id FROM place_unit WHERE id = ?",
                                             vg_arg_str(args, "place"), found, 1, err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "place", "sites.no_place", "%.*s",
                       VG_FMT(vg_arg_str(args, "place")));
    }
    if (!vg_arg_has(args, "part_of")) {
        return VG_OK;
    }
    vg_site_ref head;
    int64_t ring = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "part_of"), "sites.read", &head, err));
    VG_TRY(vg_one_i64(cx->db,
                      "WITH RECURSIVE up(id) AS (SELECT ?1 UNION SELECT s.part_of FROM site s JOIN"
                      " up ON s.id = up.id WHERE s.part_of IS NOT NULL) SELECT count(*) FROM up"
                      " WHERE id = ?2",
                      VG_VALS(vg_z(head.id), vg_z(self)), 0, &ring, err));
    return ring ? vg_fail(err, VG_EINVALID, "part_of", "sites.part_of_itself", "%s", "") : VG_OK;
}

VG_HANDLER(sites_site_add)
{
    char id[VG_ID_TEXT];
    const char *agency = NULL;
    int32_t label = 0;
    VG_TRY(vg_require(cx, "sites.edit", VG_EVERYWHERE, err));
    VG_TRY(host_of(cx, vg_arg_str(args, "agency"), &agency, err));
    VG_TRY(code_free(cx, agency, vg_arg_str(args, "code"), "", err));
    VG_TRY(register_fits(cx, args, "", err));
    vg_new_id(cx, id);
    VG_TRY(vg_label_of(cx, agency, VG_C_SHARED, id, VG_S_NORMAL, &label, err));
    vg_body(cx);
    vg_body_args(cx, args, "agency");
    vg_jw_kz(&cx->body, "agency", agency);
    VG_TRY(vg_say(cx, &(vg_saying){"sites.site_added", id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(sites_on_site_added)
{
    return vg_put(ap, e,
                  "INSERT INTO site (id, code, name, kind, agency, address, key_site, decision,"
                  " place, field, ground, asset_class, part_of, host_unit, at, changed_at, label,"
                  " world) VALUES (?, ?, ?, ?, ?, ?, COALESCE(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                  " ?)",
                  "@subject code name kind agency address key_site decision place field ground"
                  " asset_class part_of host_unit @at @at @label @world",
                  err);
}

VG_HANDLER(sites_site_update)
{
    vg_site_ref site;
    vg_str label;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_site_at(cx, id, "sites.edit", &site, err));
    VG_TRY(vg_look(cx, "SELECT label FROM site WHERE id = ?", id, &label, 1, err));
    if (vg_arg_has(args, "code")) {
        VG_TRY(code_free(cx, site.agency, vg_arg_str(args, "code"), site.id, err));
    }
    VG_TRY(register_fits(cx, args, site.id, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(vg_say(cx, &(vg_saying){"sites.site_changed", site.id, site.id, (int32_t)vg_int(label)},
                  err));
    vg_jw_kz(&cx->reply, "id", site.id);
    return VG_OK;
}

VG_FOLDER(sites_on_site_changed)
{
    return vg_put(ap, e,
                  "UPDATE site SET code = COALESCE(?, code), name = COALESCE(?, name),"
                  " kind = COALESCE(?, kind), address = COALESCE(?, address),"
                  " key_site = COALESCE(?, key_site), decision = COALESCE(?, decision),"
                  " state = COALESCE(?, state), place = COALESCE(?, place),"
                  " field = COALESCE(?, field), ground = COALESCE(?, ground),"
                  " asset_class = COALESCE(?, asset_class), part_of = COALESCE(?, part_of),"
                  " host_unit = COALESCE(?, host_unit), changed_at = ?, version = version + 1"
                  " WHERE id = ?",
                  "code name kind address key_site decision state place field ground asset_class"
                  " part_of host_unit @at @subject",
                  err);
}

vg_status sites_owner(vg_cx *cx, const vg_args *args, const vg_site_ref *site, const char **ret,
                      vg_err *err)
{
    *ret = *cx->who->agency ? cx->who->agency : site->agency;
    if (!vg_arg_has(args, "agency")) {
        return VG_OK;
    }
    const vg_str named = vg_arg_str(args, "agency");
    vg_str found;
    if (vg_look(cx, "SELECT id FROM agency WHERE id = ? AND state = 'active'", named, &found, 1,
                err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "agency", "sites.no_agency", "%.*s", VG_FMT(named));
    }
    // Who may edit his own agency's things only does not file things under another's name.
    if (!vg_str_eqc(found, cx->who->agency)) {
        VG_TRY(vg_require(cx, "sites.edit", site->id, err));
    }
    *ret = vg_str_z(cx->arena, found);
    return VG_OK;
}
