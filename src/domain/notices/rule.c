// SPDX-License-Identifier: Apache-2.0
// Rules: which alerts go over which link to whom, at once or when nobody has acknowledged. An escalation is
// several rules with growing after_s. A rule belongs to an agency: it tells of that agency's own alerts and of
// shared ones, and only to that agency's people. The act is checked at the rule's site; a rule for every site
// is for who answers for the whole node.
#include "domain/notices/notices.h"

static const char *const roles[] = {
    "guard", "shift_leader", "site_commander", "duty_officer", "agency_officer", "staff_officer",
    NULL};

const vg_field notices_id_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, {NULL}};
const vg_field notices_due_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME, VG_REQUIRED}, {NULL}};

const vg_field notices_rule_add_fields[] = {
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"link", VG_F_ID, VG_REQUIRED},
    {"site", VG_F_ID},
    {"role", VG_F_ENUM, .values = roles},
    {"min_rank", VG_F_INT, .min = 0, .max = 3},
    {"after_s", VG_F_INT, .min = 0, .max = 86400},
    {"repeat_s", VG_F_INT, .min = 0, .max = 86400},
    {"repeat_max", VG_F_INT, .min = 0, .max = 20},
    {"quiet_from", VG_F_INT, .min = -1, .max = 1439},
    {"quiet_to", VG_F_INT, .min = -1, .max = 1439},
    {NULL},
};
const vg_field notices_rule_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"name", VG_F_TEXT, .max = 80},
    {"role", VG_F_ENUM, .values = roles},
    {"min_rank", VG_F_INT, .min = 0, .max = 3},
    {"after_s", VG_F_INT, .min = 0, .max = 86400},
    {"repeat_s", VG_F_INT, .min = 0, .max = 86400},
    {"repeat_max", VG_F_INT, .min = 0, .max = 20},
    {"quiet_from", VG_F_INT, .min = -1, .max = 1439},
    {"quiet_to", VG_F_INT, .min = -1, .max = 1439},
    {NULL},
};

static vg_status may_edit(vg_cx *cx, const char *site, const char *agency, vg_err *err)
{
    return *site ? vg_require_own(cx, "notices.edit", site, agency, err)
                 : vg_require(cx, "notices.edit", VG_EVERYWHERE, err);
}

// The link must be one this person knows of, and need a role only if it has no recipients of its own.
static vg_status link_fits(vg_cx *cx, const vg_args *args, vg_str *ret_name, vg_err *err)
{
    vg_str c[3];
    if (vg_look(cx, "SELECT kind, label, name FROM link WHERE id = ?", vg_arg_str(args, "link"), c,
                3, err) != VG_OK) {
        return vg_fail(err, VG_ENOTFOUND, "link", "notices.no_link", "%s", "");
    }
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[1]), "link", err));
    *ret_name = c[2];
    const bool people = vg_str_eqc(c[0], "smtp") || vg_str_eqc(c[0], "sms");
    const bool machine = vg_str_eqc(c[0], "webhook_out") || vg_str_eqc(c[0], "dc09_out") ||
                         vg_str_eqc(c[0], "cap_out");
    if (!people && !machine) {
        return vg_fail(err, VG_EINVALID, "link", "notices.link_kind", "%.*s", VG_FMT(c[0]));
    }
    return people && !vg_arg_has(args, "role")
               ? vg_fail(err, VG_EINVALID, "role", "notices.role_needed", "%.*s", VG_FMT(c[0]))
               : VG_OK;
}

// Who is told of alerts, and who no longer is, is looked at by somebody else afterwards ("opens", domain/accounts).
static void say_opens(vg_cx *cx, const char *agency, vg_str name, vg_str link)
{
    vg_jw_kz(&cx->body, "opens", agency);
    vg_jw_kstr(&cx->body, "to", vg_str_f(cx->arena, "%.*s · %.*s", VG_FMT(name), VG_FMT(link)));
}

VG_HANDLER(notices_rule_add)
{
    char id[VG_ID_TEXT];
    int32_t label = 0;
    vg_site_ref site = {.id = "", .agency = ""};
    vg_str link = {"", 0};
    VG_TRY(link_fits(cx, args, &link, err));
    if (vg_arg_has(args, "site")) {
        VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "notices.edit_own", &site, err));
    }
    VG_TRY(may_edit(cx, site.id, site.agency, err));
    const char *agency = *cx->who->agency ? cx->who->agency : site.agency;
    // Among those who may know the agency's people, who also administer it.
    VG_TRY(vg_label_of(cx, agency, VG_C_PERSONAL, site.id, VG_S_NORMAL, &label, err));
    VG_TRY(vg_seen(cx, label, "site", err));  // nobody makes what he would not see
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site");
    vg_jw_kz(&cx->body, "agency", agency);
    say_opens(cx, agency, vg_arg_str(args, "name"), link);
    VG_TRY(vg_say(cx, &(vg_saying){"notices.rule_added", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(notices_on_rule_added)
{
    return vg_put(ap, e,
                  "INSERT INTO notice_rule (id, agency, site, name, link, role, min_rank, after_s,"
                  " repeat_s, repeat_max, quiet_from, quiet_to, at, label, world) VALUES (?, ?,"
                  " COALESCE(?, ''), ?, ?, COALESCE(?, ''), COALESCE(?, 0), COALESCE(?, 0),"
                  " COALESCE(?, 0), COALESCE(?, 0), COALESCE(?, -1), COALESCE(?, -1), ?, ?, ?)",
                  "@subject agency @site name link role min_rank after_s repeat_s repeat_max"
                  " quiet_from quiet_to @at @label @world",
                  err);
}

static vg_status rule_say(vg_cx *cx, const vg_args *args, const char *kind, vg_err *err)
{
    vg_str c[5];
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx,
                   "SELECT r.site, r.label, r.agency, r.name, l.name FROM notice_rule r LEFT JOIN"
                   " link l ON l.id = r.link WHERE r.id = ?",
                   id, c, VG_LEN(c), err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[1]), "id", err));
    const char *site = vg_str_z(cx->arena, c[0]), *subject = vg_str_z(cx->arena, id);
    VG_TRY(may_edit(cx, site, vg_str_z(cx->arena, c[2]), err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    say_opens(cx, vg_str_z(cx->arena, c[2]), c[3], c[4]);
    vg_jw_kz(&cx->reply, "id", subject);
    return vg_say(cx, &(vg_saying){kind, site, subject, (int32_t)vg_int(c[1])}, err);
}

VG_HANDLER(notices_rule_update)
{
    return rule_say(cx, args, "notices.rule_changed", err);
}

VG_FOLDER(notices_on_rule_changed)
{
    return vg_put(ap, e,
                  "UPDATE notice_rule SET name = COALESCE(?, name), role = COALESCE(?, role),"
                  " min_rank = COALESCE(?, min_rank), after_s = COALESCE(?, after_s),"
                  " repeat_s = COALESCE(?, repeat_s), repeat_max = COALESCE(?, repeat_max),"
                  " quiet_from = COALESCE(?, quiet_from), quiet_to = COALESCE(?, quiet_to)"
                  " WHERE id = ?",
                  "name role min_rank after_s repeat_s repeat_max quiet_from quiet_to @subject",
                  err);
}

VG_HANDLER(notices_rule_remove)
{
    return rule_say(cx, args, "notices.rule_removed", err);
}

// What is pending by this rule finds no rule when it is due, and is dropped then.
VG_FOLDER(notices_on_rule_removed)
{
    return vg_put(ap, e, "DELETE FROM notice_rule WHERE id = ?", "@subject", err);
}
