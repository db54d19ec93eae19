// SPDX-License-Identifier: Apache-2.0
// Contacts: whom to call about a site. Name and telephone are personal data: the journal gets them only
// encrypted under the contact's own key, and the clear copy that screens read is the volatile table
// contact_card; removing a contact destroys both, so that the person is gone. The rest of the row (role, agency) stays.
// A contact is seen by the agency it belongs to.
#include "core/person.h"
#include "domain/sites/sites.h"

const vg_field sites_contact_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"role", VG_F_TEXT, VG_REQUIRED},
    {"phone", VG_F_TEXT, .max = 40},
    {"agency", VG_F_ID},
    {NULL},
};
const vg_field sites_contact_remove_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {NULL},
};

static vg_status emit_added(vg_cx *cx, const vg_args *args, vg_str phone, const vg_saying *s,
                            vg_err *err)
{
    vg_buf personal;
    vg_buf_init(&personal, 2048);
    vg_jw w = vg_jw_on(&personal);
    vg_jw_open(&w, '{');
    vg_jw_kstr(&w, "name", vg_arg_str(args, "name"));
    vg_jw_kstr(&w, "phone", phone);
    vg_jw_close(&w, '}');
    const vg_draft d = {.kind = s->kind,
                        .site = s->site,
                        .subject = s->subject,
                        .label = s->label,
                        .person = s->subject,
                        .personal = vg_buf_str(&personal)};
    const vg_status st = vg_emit(cx, &d, NULL, err);
    vg_buf_done(&personal);
    return st;
}

VG_HANDLER(sites_contact_add)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    vg_str phone;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "sites.edit", &site, err));
    VG_TRY(vg_arg_phone(cx, args, "phone", &phone, err));
    const char *agency = NULL;
    VG_TRY(sites_owner(cx, args, &site, &agency, err));
    VG_TRY(vg_label_of(cx, agency, VG_C_PERSONAL, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kstr(&cx->body, "role", vg_arg_str(args, "role"));
    vg_jw_kz(&cx->body, "agency", agency);
    // The card first: the row that goes to the live stream is the one written by the fold.
    VG_TRY(vg_exec(
        cx->db,
        "INSERT INTO contact_card (contact, name, phone, label, world) VALUES (?, ?, ?, ?, ?)",
        VG_VALS(vg_z(id), vg_t(vg_arg_str(args, "name")), vg_t(phone), vg_i(label),
                vg_i(cx->world)),
        err));
    VG_TRY(
        emit_added(cx, args, phone, &(vg_saying){"sites.contact_added", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(sites_on_contact_added)
{
    return vg_put(ap, e,
                  "INSERT INTO contact (id, site, role, agency, at, label, world) VALUES (?, ?, ?, "
                  "?, ?, ?, ?)",
                  "@subject @site role agency @at @label @world", err);
}

VG_HANDLER(sites_contact_remove)
{
    vg_str cols[2];
    vg_site_ref site;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT site, label FROM contact WHERE id = ? AND state <> 'removed'", id,
                   cols, 2, err));
    const int32_t label = (int32_t)vg_int(cols[1]);
    VG_TRY(vg_seen(cx, label, "id", err));
    VG_TRY(vg_site_at(cx, cols[0], "sites.edit", &site, err));
    VG_TRY(vg_exec(cx->db, "DELETE FROM contact_card WHERE contact = ?", VG_VALS(vg_t(id)), err));
    const char *subject = vg_str_z(cx->arena, id);
    const vg_status erased = vg_person_erase(cx, subject, err);
    if (erased != VG_OK && erased != VG_ENOTFOUND) {
        return erased;
    }
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"sites.contact_removed", site.id, subject, label}, err);
}

VG_FOLDER(sites_on_contact_removed)
{
    return vg_put(ap, e, "UPDATE contact SET state = 'removed' WHERE id = ?", "@subject", err);
}
