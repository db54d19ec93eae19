// SPDX-License-Identifier: Apache-2.0
// Requests to put a site on the official list, change it, take it off or appraise it again. From the day one is
// received it has a day by which it must be decided: the law's term of that day, kept with its basis. A late one is
// said once and stays marked. Closing names the outcome; what is accepted is carried out by a new version of the list.
#include "domain/sitelist/sitelist.h"

#include "domain/day.h"
#include "domain/term.h"

static const char *const kinds[] = {"entry", "change", "leave", "reappraisal", NULL};
static const char *const outcomes[] = {"accepted", "refused", "withdrawn", NULL};

const vg_field sitelist_case_open_fields[] = {
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = kinds,
     .law = "tt72-2009/danh-muc tt20-2010/danh-muc"},
    {"site", VG_F_ID},
    {"name", VG_F_TEXT},
    {"received", VG_F_TEXT, VG_REQUIRED, .max = 10},
    {"note", VG_F_TEXT, .max = 1000},
    {NULL},
};
const vg_field sitelist_case_close_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"outcome", VG_F_ENUM, VG_REQUIRED, .values = outcomes},
    {"list", VG_F_ID},
    {"reason", VG_F_TEXT, .max = 1000},
    {NULL},
};

static const char *term_of(vg_str kind)
{
    return vg_str_eqc(kind, "entry")         ? "site_list.entry"
           : vg_str_eqc(kind, "reappraisal") ? "site_list.reappraisal"
                                             : "site_list.change";
}

static vg_status name_of(vg_cx *cx, const vg_args *args, vg_str *ret, vg_err *err)
{
    *ret = vg_arg_str(args, "name");
    if (vg_arg_has(args, "site")) {
        vg_site_ref site;
        VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "sites.edit", &site, err));
        *ret = ret->n ? *ret : site.name;
    }
    return ret->n ? VG_OK : vg_fail(err, VG_EINVALID, "name", "err.field_missing", "%s", "name");
}

VG_HANDLER(sitelist_case_open)
{
    vg_str name;
    vg_term term;
    const char *keeper = NULL;
    char id[VG_ID_TEXT], due[VG_DAY_TEXT];
    int received = 0;
    int32_t label = 0;
    VG_TRY(vg_require(cx, "sites.edit_list", VG_EVERYWHERE, err));
    VG_TRY(name_of(cx, args, &name, err));
    VG_TRY(vg_day_parse(vg_arg_str(args, "received"), "received", &received, err));
    if (received > vg_day_of(cx->now_us)) {
        return vg_fail(err, VG_EINVALID, "received", "sitelist.in_future", "%.*s",
                       VG_FMT(vg_arg_str(args, "received")));
    }
    VG_TRY(sitelist_keeper(cx, &keeper, err));
    VG_TRY(vg_label_of(cx, keeper, VG_C_MEASURES, "", VG_S_NORMAL, &label, err));
    VG_TRY(vg_seen(cx, label, "", err));
    VG_TRY(vg_term_on(cx, term_of(vg_arg_str(args, "kind")), received, &term, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "name");
    vg_jw_kstr(&cx->body, "name", name);
    if (term.known) {
        vg_day_text(vg_term_ends(&term, received), due);
        vg_jw_kz(&cx->body, "due", due);
        vg_jw_kstr(&cx->body, "ref", term.ref);
    }
    VG_TRY(vg_say(cx, &(vg_saying){"sitelist.case_opened", "", id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(sitelist_on_case_opened)
{
    const int64_t due = sitelist_after(vg_js_str(ap->arena, e->body, "due"));
    VG_TRY(
        vg_put(ap, e,
               "INSERT INTO site_case (id, kind, site, name, received, due, ref, note, at, label)"
               " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               "@subject kind site name received due ref note @at @label", err));
    return due ? vg_deadline_set(ap, "sitelist.case", vg_str_z(ap->arena, e->subject), "", due, err)
               : VG_OK;
}

static vg_status case_at(vg_cx *cx, vg_str id, vg_str c[2], vg_err *err)
{
    VG_TRY(vg_look(cx, "SELECT label, state FROM site_case WHERE id = ?", id, c, 2, err));
    return vg_seen(cx, (int32_t)vg_int(c[0]), "id", err);
}

VG_HANDLER(sitelist_case_close)
{
    vg_str c[2], list;
    char today[VG_DAY_TEXT];
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_require(cx, "sites.edit_list", VG_EVERYWHERE, err));
    VG_TRY(case_at(cx, id, c, err));
    if (!vg_str_eqc(c[1], "open")) {
        return vg_fail(err, VG_ECONFLICT, "id", "sitelist.case_closed", "%s", "");
    }
    if (!vg_str_eqc(vg_arg_str(args, "outcome"), "accepted") && !vg_arg_has(args, "reason")) {
        return vg_fail(err, VG_EINVALID, "reason", "err.field_missing", "%s", "reason");
    }
    if (vg_arg_has(args, "list") && vg_look(cx, "SELECT id FROM site_list WHERE id = ?",
                                            vg_arg_str(args, "list"), &list, 1, err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "list", "sitelist.no_list", "%s", "");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_day_text(vg_day_of(cx->now_us), today);
    vg_jw_kz(&cx->body, "closed_on", today);
    const char *subject = vg_str_z(cx->arena, id);
    VG_TRY(
        vg_say(cx, &(vg_saying){"sitelist.case_closed", "", subject, (int32_t)vg_int(c[0])}, err));
    vg_jw_kz(&cx->reply, "id", subject);
    return VG_OK;
}

VG_FOLDER(sitelist_on_case_closed)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE site_case SET state = 'closed', outcome = ?, closed_on = ?, list = ?,"
                  " reason = ? WHERE id = ?",
                  "outcome closed_on list reason @subject", err));
    return vg_deadline_clear(ap, "sitelist.case", vg_str_z(ap->arena, e->subject), err);
}

VG_HANDLER(sitelist_case_late)
{
    vg_str c[2];
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(case_at(cx, id, c, err));
    vg_body(cx);
    return vg_say(
        cx, &(vg_saying){"sitelist.case_late", "", vg_str_z(cx->arena, id), (int32_t)vg_int(c[0])},
        err);
}

VG_FOLDER(sitelist_on_case_late)
{
    VG_TRY(vg_put(ap, e, "UPDATE site_case SET late = 1 WHERE id = ?", "@subject", err));
    return vg_deadline_clear(ap, "sitelist.case", vg_str_z(ap->arena, e->subject), err);
}
