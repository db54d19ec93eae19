// SPDX-License-Identifier: Apache-2.0
// What a list of sites, sources or contacts becomes, and how one entered by mistake is withdrawn: only while
// nothing stands at the site and nobody has heard of the source. Keys of devices are not imported: a secret does
// not belong in a spreadsheet; such a source is heard, and believed once its key is set.
#include "domain/sites/sites.h"

static const char AGENCIES[] = "SELECT t.id, t.code, t.name FROM v_agency t";
static const char SITES[] = "SELECT t.id, t.code, t.name FROM v_site t WHERE t.state = 'active'";

static const vg_import_field site_fields[] = {
    {"code", 0, NULL},     {"name", 0, NULL},
    {"kind", 0, NULL},     {"agency", VG_IMP_OWNER | VG_IMP_NEW_ONLY, AGENCIES},
    {"address", 0, NULL},  {"key_site", 0, NULL},
    {"decision", 0, NULL}, {NULL},
};

static const vg_import_field source_fields[] = {
    {"site", VG_IMP_NEW_ONLY, SITES},
    {"name", 0, NULL},
    {"proto", VG_IMP_NEW_ONLY, NULL},
    {"address", VG_IMP_NEW_ONLY, NULL},
    {"agency", VG_IMP_NEW_ONLY, AGENCIES},
    {"deadline_s", 0, NULL},
    {NULL},
};

static const vg_import_field contact_fields[] = {
    {"site", 0, SITES},
    {"name", 0, NULL},
    {"role", 0, NULL},
    {"phone", VG_IMP_PHONE, NULL},
    {"agency", VG_IMP_NEW_ONLY, AGENCIES},
    {NULL},
};

const vg_import sites_imports[] = {
    {.name = "sites",
     .permission = "sites.edit",
     .add = "sites.site_add",
     .update = "sites.site_update",
     .withdraw = "sites.site_withdraw",
     .fields = site_fields,
     .keys = {{"agency code", "SELECT id FROM site WHERE agency = ? AND code = ?"}},
     .read =
         "SELECT code, name, kind, agency, COALESCE(address, ''), key_site, COALESCE(decision, '')"
         " FROM site WHERE id = ?",
     .max_rows = 5000},
    {.name = "sources",
     .permission = "sites.source_edit_own",
     .add = "sites.source_add",
     .update = "sites.source_update",
     .withdraw = "sites.source_withdraw",
     .fields = source_fields,
     .keys = {{"proto address", "SELECT id FROM source WHERE proto = ? AND address = ?"}},
     .read = "SELECT site, name, proto, address, agency, deadline_s FROM source WHERE id = ?",
     .max_rows = 20000},
    {.name = "contacts",
     .permission = "sites.edit_own",
     .add = "sites.contact_add",
     .withdraw = "sites.contact_remove",
     .fields = contact_fields,
     .keys = {{"site role name",
               "SELECT t.id FROM contact t JOIN contact_card c ON c.contact = t.id WHERE"
               " t.site = ? AND t.role = ? AND c.name = ? AND t.state = 'active'"}},
     .read = "SELECT t.site, c.name, t.role, COALESCE(c.phone, ''), t.agency FROM contact t JOIN"
             " contact_card c ON c.contact = t.id WHERE t.id = ?",
     .max_rows = 50000},
    {NULL},
};

// --- withdrawing ----------------------------------------------------------------------------------
static vg_status unused(vg_cx *cx, const char *sql, const char *id, vg_str name, vg_err *err)
{
    int64_t used = 0;
    VG_TRY(vg_one_i64(cx->db, sql, VG_VALS(vg_z(id)), 0, &used, err));
    return used ? vg_fail(err, VG_ECONFLICT, "id", "sites.in_use", "%.*s", VG_FMT(name)) : VG_OK;
}

VG_HANDLER(sites_site_withdraw)
{
    vg_site_ref site;
    vg_str label;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_site_at(cx, id, "sites.edit", &site, err));
    VG_TRY(vg_look(cx, "SELECT label FROM site WHERE id = ?", id, &label, 1, err));
    VG_TRY(unused(
        cx,
        "SELECT EXISTS (SELECT 1 FROM post WHERE site = ?1) + EXISTS (SELECT 1 FROM zone WHERE site"
        " = ?1) + EXISTS (SELECT 1 FROM gate WHERE site = ?1) + EXISTS (SELECT 1 FROM source WHERE"
        " site = ?1) + EXISTS (SELECT 1 FROM drawing WHERE site = ?1) + EXISTS (SELECT 1 FROM "
        "contact"
        " WHERE site = ?1 AND state = 'active') + EXISTS (SELECT 1 FROM assignment WHERE site = "
        "?1)",
        site.id, site.name, err));
    vg_body(cx);
    vg_jw_kz(&cx->reply, "id", site.id);
    return vg_say(
        cx, &(vg_saying){"sites.site_withdrawn", site.id, site.id, (int32_t)vg_int(label)}, err);
}

VG_FOLDER(sites_on_site_withdrawn)
{
    return vg_put(ap, e, "DELETE FROM site WHERE id = ?", "@subject", err);
}

VG_HANDLER(sites_source_withdraw)
{
    sites_source_ref s;
    VG_TRY(sites_source_at(cx, vg_arg_str(args, "id"), "sites.source_edit", &s, err));
    VG_TRY(unused(
        cx,
        "SELECT EXISTS (SELECT 1 FROM source_point WHERE source = ?1) + EXISTS (SELECT 1 FROM"
        " source_seen WHERE source = ?1 AND last_seen > 0) + EXISTS (SELECT 1 FROM zone_condition"
        " WHERE source = ?1)",
        s.id, s.name, err));
    vg_body(cx);
    vg_jw_kz(&cx->reply, "id", s.id);
    return vg_say(cx, &(vg_saying){"sites.source_withdrawn", s.site, s.id, s.label}, err);
}

VG_FOLDER(sites_on_source_withdrawn)
{
    return vg_put(ap, e, "DELETE FROM source WHERE id = ?", "@subject", err);
}
