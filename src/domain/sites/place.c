// SPDX-License-Identifier: Apache-2.0
// Posts and gates: places of a site that people stand at. A gate is shared with whoever works at the site;
// a post tells where the guards are and what they watch, so it is a measure of the host agency and
// partners do not see it. Who stands at a post, and when, is the duty module's.
#include "domain/sites/sites.h"

static const char *const gate_kinds[] = {"person", "vehicle", "both", NULL};
static const char *const states[] = {"active", "removed", NULL};

enum { OVERLOOKS_MAX = 40 };

#define CENTRAL                                     \
    {                                               \
        "central", VG_F_BOOL, .law = "tt01-2011/12" \
    }
// What the post must overlook: ids of zones, gates and fixtures of the site. Special: remote, or by its nature.
#define OVERLOOKS                                                  \
    {                                                              \
        "overlooks", VG_F_JSON, .max = 2000, .law = "tt01-2011/12" \
    }
#define SPECIAL                                     \
    {                                               \
        "special", VG_F_BOOL, .law = "tt01-2011/12" \
    }

const vg_field sites_post_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED},
    CENTRAL,
    {"sector", VG_F_TEXT},
    {"orders", VG_F_TEXT, .max = 2000},
    OVERLOOKS,
    SPECIAL,
    {"agency", VG_F_ID},
    {NULL},
};
const vg_field sites_post_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"name", VG_F_TEXT},
    CENTRAL,
    {"sector", VG_F_TEXT},
    {"orders", VG_F_TEXT, .max = 2000},
    OVERLOOKS,
    SPECIAL,
    {"state", VG_F_ENUM, .values = states},
    {NULL},
};
const vg_field sites_gate_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = gate_kinds},
    {NULL},
};
const vg_field sites_gate_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"name", VG_F_TEXT},
    {"kind", VG_F_ENUM, .values = gate_kinds},
    {"state", VG_F_ENUM, .values = states},
    {NULL},
};

static const char OVERLOOKED[] =
    "SELECT label FROM zone WHERE id = ?1 AND site = ?2 AND state = 'active' UNION ALL"
    " SELECT label FROM gate WHERE id = ?1 AND site = ?2 AND state = 'active' UNION ALL"
    " SELECT label FROM fixture WHERE id = ?1 AND site = ?2 AND state = 'active' LIMIT 1";

// Only what stands at the same site, and the caller may know of, can be overlooked from a post of it.
static vg_status overlooks_fit(vg_cx *cx, const vg_args *args, const char *site, vg_err *err)
{
    const vg_str list = vg_arg_str(args, "overlooks");
    vg_str raw;
    size_t at = 0, n = 0;
    if (list.n && list.p[0] != '[') {
        return vg_fail(err, VG_EINVALID, "overlooks", "sites.want_ids", "%s", "");
    }
    while (list.n && vg_js_each(list, &at, NULL, &raw)) {
        int64_t label = -1;
        const vg_str id = vg_js_decode(cx->arena, raw);
        VG_TRY(vg_one_i64(cx->db, OVERLOOKED, VG_VALS(vg_t(id), vg_z(site)), -1, &label, err));
        if (label < 0 || vg_seen(cx, (int32_t)label, "overlooks", NULL) != VG_OK ||
            ++n > OVERLOOKS_MAX) {
            return vg_fail(err, VG_EINVALID, "overlooks", "sites.not_here", "%.*s", VG_FMT(id));
        }
    }
    return VG_OK;
}

static vg_status place_add(vg_cx *cx, const vg_args *args, const char *kind, vg_compartment c,
                           vg_err *err)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "sites.edit", &site, err));
    const char *owner = site.agency;  // a gate is the host's; a post is the force's that mans it
    if (c == VG_C_MEASURES) {
        VG_TRY(sites_owner(cx, args, &site, &owner, err));
        VG_TRY(overlooks_fit(cx, args, site.id, err));
    }
    VG_TRY(vg_label_of(cx, owner, c, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site agency");
    VG_TRY(vg_say(cx, &(vg_saying){kind, site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

static vg_status place_update(vg_cx *cx, const vg_args *args, const char *kind, const char *sql,
                              vg_err *err)
{
    vg_str cols[2];
    vg_site_ref site;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, sql, id, cols, 2, err));
    const int32_t label = (int32_t)vg_int(cols[1]);
    VG_TRY(vg_seen(cx, label, "id", err));
    VG_TRY(vg_site_at(cx, cols[0], "sites.edit", &site, err));
    if (strcmp(kind, "sites.post_changed") == 0) {
        VG_TRY(overlooks_fit(cx, args, site.id, err));
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    const char *subject = vg_str_z(cx->arena, id);
    VG_TRY(vg_say(cx, &(vg_saying){kind, site.id, subject, label}, err));
    vg_jw_kz(&cx->reply, "id", subject);
    return VG_OK;
}

VG_HANDLER(sites_post_add)
{
    return place_add(cx, args, "sites.post_added", VG_C_MEASURES, err);
}

VG_FOLDER(sites_on_post_added)
{
    return vg_put(ap, e,
                  "INSERT INTO post (id, site, name, central, sector, orders, overlooks, special,"
                  " at, label, world) VALUES (?, ?, ?, COALESCE(?, 0), ?, ?, ?, COALESCE(?, 0), ?,"
                  " ?, ?)",
                  "@subject @site name central sector orders overlooks special @at @label @world",
                  err);
}

VG_HANDLER(sites_post_update)
{
    return place_update(cx, args, "sites.post_changed", "SELECT site, label FROM post WHERE id = ?",
                        err);
}

VG_FOLDER(sites_on_post_changed)
{
    return vg_put(ap, e,
                  "UPDATE post SET name = COALESCE(?, name), central = COALESCE(?, central),"
                  " sector = COALESCE(?, sector), orders = COALESCE(?, orders),"
                  " overlooks = COALESCE(?, overlooks), special = COALESCE(?, special),"
                  " state = COALESCE(?, state) WHERE id = ?",
                  "name central sector orders overlooks special state @subject", err);
}

VG_HANDLER(sites_gate_add)
{
    return place_add(cx, args, "sites.gate_added", VG_C_SHARED, err);
}

VG_FOLDER(sites_on_gate_added)
{
    return vg_put(
        ap, e,
        "INSERT INTO gate (id, site, name, kind, at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?)",
        "@subject @site name kind @at @label @world", err);
}

VG_HANDLER(sites_gate_update)
{
    return place_update(cx, args, "sites.gate_changed", "SELECT site, label FROM gate WHERE id = ?",
                        err);
}

VG_FOLDER(sites_on_gate_changed)
{
    return vg_put(ap, e,
                  "UPDATE gate SET name = COALESCE(?, name), kind = COALESCE(?, kind),"
                  " state = COALESCE(?, state) WHERE id = ?",
                  "name kind state @subject", err);
}
