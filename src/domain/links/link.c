// SPDX-License-Identifier: Apache-2.0
// Links: an outside party this node speaks to on its own initiative. A link belongs to a site (its host
// agency's means) or, where its kind allows, to the node itself. What it needs to be told is checked when
// it is said (kinds.c). The secret lies in the vault and is never shown again; the event says only that
// there is one. A link that is switched off keeps its settings and is not served. One that sends, made, switched on or
// turned elsewhere, says so in its event ("opens"): somebody else looks at it afterwards. Switching off opens nothing.
#include "domain/links/links.h"

#include "core/outbox.h"

const vg_field links_add_fields[] = {
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = links_kind_names},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"address", VG_F_TEXT, VG_REQUIRED, .max = 300},
    {"site", VG_F_ID},
    {"login", VG_F_TEXT, .max = 120},
    {"secret", VG_F_SECRET},
    {"options", VG_F_JSON, .max = 32768},
    {NULL},
};
const vg_field links_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},          {"name", VG_F_TEXT, .max = 80},
    {"address", VG_F_TEXT, .max = 300},   {"login", VG_F_TEXT, .max = 120},
    {"options", VG_F_JSON, .max = 32768}, {NULL},
};
const vg_field links_secret_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"secret", VG_F_SECRET, VG_REQUIRED},
    {NULL},
};
const vg_field links_switch_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"enabled", VG_F_BOOL, VG_REQUIRED},
    {NULL},
};
const vg_field links_id_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {NULL},
};

typedef struct link_ref {
    const char *id, *site, *agency;
    int32_t label;
    const links_kind *kind;
    bool enabled;
    vg_str address, login, options;
} link_ref;

// A node's link is for who answers for the whole node; a site's for who may at that site, or is of its agency.
static vg_status may_edit(vg_cx *cx, const char *site, const char *agency, vg_err *err)
{
    return *site ? vg_require_own(cx, "links.edit", site, agency, err)
                 : vg_require(cx, "links.edit", VG_EVERYWHERE, err);
}

static vg_status link_at(vg_cx *cx, vg_str id, link_ref *ret, vg_err *err)
{
    vg_str c[8];
    VG_TRY(vg_look(cx,
                   "SELECT site, label, kind, agency, enabled, address, login, options FROM link"
                   " WHERE id = ?",
                   id, c, 8, err));
    *ret = (link_ref){.id = vg_str_z(cx->arena, id),
                      .site = vg_str_z(cx->arena, c[0]),
                      .label = (int32_t)vg_int(c[1]),
                      .kind = links_kind_of(c[2]),
                      .agency = vg_str_z(cx->arena, c[3]),
                      .enabled = vg_int(c[4]) != 0,
                      .address = c[5],
                      .login = c[6],
                      .options = c[7]};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    return may_edit(cx, ret->site, ret->agency, err);
}

// Into the open body, where data of ours goes that did not go there before.
static void say_opens(vg_cx *cx, const link_ref *l, vg_str to, bool wider)
{
    if (wider && l->kind && l->kind->sends) {
        vg_jw_kz(&cx->body, "opens", l->agency);
        vg_jw_kstr(&cx->body, "to", to);
    }
}

static bool differs(const vg_args *args, const char *field, vg_str now)
{
    return vg_arg_has(args, field) && !vg_str_eq(vg_arg_str(args, field), now);
}

static vg_status say(vg_cx *cx, const link_ref *l, const char *kind, vg_err *err)
{
    VG_TRY(vg_say(cx, &(vg_saying){kind, l->site, l->id, l->label}, err));
    vg_jw_kz(&cx->reply, "id", l->id);
    return VG_OK;
}

// The site, its agency and the label of a new link.
static vg_status place(vg_cx *cx, const vg_args *args, link_ref *l, vg_err *err)
{
    vg_site_ref site = {.id = "", .agency = ""};
    if (vg_arg_has(args, "site")) {
        VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "links.edit_own", &site, err));
    } else if (l->kind->site_needed) {
        return vg_fail(err, VG_EINVALID, "site", "links.site_needed", "%s", l->kind->name);
    }
    VG_TRY(may_edit(cx, site.id, site.agency, err));
    l->site = site.id;
    l->agency = site.agency;
    VG_TRY(vg_label_of(cx, site.agency, VG_C_MEANS, site.id, VG_S_NORMAL, &l->label, err));
    return vg_seen(cx, l->label, "site", err);  // nobody makes what he would not see
}

VG_HANDLER(links_add)
{
    char id[VG_ID_TEXT];
    link_ref l = {.id = id, .kind = links_kind_of(vg_arg_str(args, "kind"))};
    VG_TRY(links_address_fits(l.kind, vg_arg_str(args, "address"), err));
    VG_TRY(links_options_fit(cx->arena, l.kind, vg_arg_str(args, "options"), err));
    VG_TRY(place(cx, args, &l, err));
    vg_new_id(cx, id);
    const vg_str secret = vg_arg_str(args, "secret");
    if (secret.n) {
        VG_TRY(vg_vault_put(cx, "link", id, secret, err));
    }
    vg_body(cx);
    vg_body_args(cx, args, "site");
    vg_jw_kz(&cx->body, "agency", l.agency);
    vg_jw_kbool(&cx->body, "has_secret", secret.n > 0);
    say_opens(cx, &l, vg_arg_str(args, "address"), true);
    return say(cx, &l, "links.added", err);
}

VG_FOLDER(links_on_added)
{
    return vg_put(
        ap, e,
        "INSERT INTO link (id, site, agency, kind, name, address, login, options,"
        " has_secret, enabled, state, state_since, problem, at, label, world) VALUES (?,"
        " COALESCE(?, ''), ?, ?, ?, ?, COALESCE(?, ''), COALESCE(?, '{}'), ?, 1, 'new', ?,"
        " '', ?, ?, ?)",
        "@subject @site agency kind name address login options has_secret @at @at @label"
        " @world",
        err);
}

VG_HANDLER(links_update)
{
    link_ref l;
    VG_TRY(link_at(cx, vg_arg_str(args, "id"), &l, err));
    if (vg_arg_has(args, "address")) {
        VG_TRY(links_address_fits(l.kind, vg_arg_str(args, "address"), err));
    }
    if (vg_arg_has(args, "options")) {
        VG_TRY(links_options_fit(cx->arena, l.kind, vg_arg_str(args, "options"), err));
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    // Which options are the wider ones no table tells: any other counts.
    const bool moved = differs(args, "address", l.address);
    say_opens(cx, &l, moved ? vg_arg_str(args, "address") : l.address,
              l.enabled && (moved || differs(args, "login", l.login) ||
                            differs(args, "options", l.options)));
    return say(cx, &l, "links.changed", err);
}

VG_HANDLER(links_secret)
{
    link_ref l;
    VG_TRY(link_at(cx, vg_arg_str(args, "id"), &l, err));
    VG_TRY(vg_vault_put(cx, "link", l.id, vg_arg_str(args, "secret"), err));
    vg_body(cx);
    vg_jw_kbool(&cx->body, "has_secret", true);
    return say(cx, &l, "links.changed", err);
}

VG_HANDLER(links_switch)
{
    link_ref l;
    VG_TRY(link_at(cx, vg_arg_str(args, "id"), &l, err));
    const bool on = vg_arg_i64(args, "enabled", 1) != 0;
    vg_body(cx);
    vg_jw_kbool(&cx->body, "enabled", on);
    say_opens(cx, &l, l.address, on && !l.enabled);
    return say(cx, &l, "links.changed", err);
}

// Whatever changed, what was known of its state is about another link now.
VG_FOLDER(links_on_changed)
{
    return vg_put(ap, e,
                  "UPDATE link SET name = COALESCE(?, name), address = COALESCE(?, address),"
                  " login = COALESCE(?, login), options = COALESCE(?, options),"
                  " has_secret = COALESCE(?, has_secret), enabled = COALESCE(?, enabled),"
                  " state = 'new', state_since = ?, problem = '', version = version + 1"
                  " WHERE id = ?",
                  "name address login options has_secret enabled @at @subject", err);
}

// A message that says nothing but that it is a trial, so that somebody sees what arrives and how.
VG_HANDLER(links_try)
{
    link_ref l;
    VG_TRY(link_at(cx, vg_arg_str(args, "id"), &l, err));
    vg_parcel p = {.kind = "test", .to = "", .body = VG_S("{}"), .label = l.label};
    memcpy(p.link, l.id, VG_ID_TEXT);
    memcpy(p.subject, l.id, VG_ID_TEXT);
    VG_TRY(vg_outbox_put(cx, &p, true, err));
    vg_jw_kz(&cx->reply, "id", l.id);
    return VG_OK;
}

VG_HANDLER(links_remove)
{
    link_ref l;
    VG_TRY(link_at(cx, vg_arg_str(args, "id"), &l, err));
    VG_TRY(vg_exec(cx->db, "DELETE FROM vault WHERE space = 'link' AND name = ?",
                   VG_VALS(vg_z(l.id)), err));
    VG_TRY(vg_exec(cx->db, "DELETE FROM outbox WHERE link = ?", VG_VALS(vg_z(l.id)), err));
    vg_body(cx);
    return say(cx, &l, "links.removed", err);
}

VG_FOLDER(links_on_removed)
{
    return vg_put(ap, e, "DELETE FROM link WHERE id = ?", "@subject", err);
}
