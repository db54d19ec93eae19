// SPDX-License-Identifier: Apache-2.0
// Zones and what people do to them: arm, disarm, bypass for a reason and a time, and clear by hand what a
// device cannot clear itself. What devices say about a zone is folded in signal.c. A bypass always has an
// owner, a reason and an end: the end is a deadline that lifts it. Whoever may only bypass shortly (shift
// leaders) is held to two hours.
#include "domain/sites/sites.h"

#include "base/clock.h"
#include "core/core.h"

static const int64_t LONGEST_US = 30 * 86400 * VG_SECOND_US;

static const char *const classes[] = {"public",   "controlled", "prohibited", "vault",
                                      "corridor", "perimeter",  "gate",       NULL};
static const char *const states[] = {"active", "removed", NULL};
#define ZONE_LAW "nd39-2021/hanh-vi nd126-2008/hanh-lang nd06-2013/bao-ve"

const vg_field sites_zone_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED},
    {"class", VG_F_ENUM, VG_REQUIRED, .values = classes, .law = ZONE_LAW},
    {NULL},
};
const vg_field sites_zone_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"name", VG_F_TEXT},
    {"class", VG_F_ENUM, .values = classes, .law = ZONE_LAW},
    {"state", VG_F_ENUM, .values = states},
    {NULL},
};
const vg_field sites_zone_switch_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT},
    {NULL},
};
const vg_field sites_zone_bypass_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED},
    {"until", VG_F_TIME, VG_REQUIRED},
    {NULL},
};
const vg_field sites_due_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"due", VG_F_TIME},
    {NULL},
};

typedef struct zone_ref {
    const char *id, *site, *agency;
    vg_str arm_state;
    int64_t bypass_until;
    int32_t label;
} zone_ref;

static vg_status zone_at(vg_cx *cx, vg_str id, const char *permission, zone_ref *ret, vg_err *err)
{
    vg_str c[5];
    VG_TRY(vg_look(cx,
                   "SELECT z.site, s.agency, z.arm_state, z.bypass_until, z.label FROM zone z"
                   " JOIN site s ON s.id = z.site WHERE z.id = ? AND z.state = 'active'",
                   id, c, 5, err));
    *ret = (zone_ref){vg_str_z(cx->arena, id),
                      vg_str_z(cx->arena, c[0]),
                      vg_str_z(cx->arena, c[1]),
                      c[2],
                      vg_int(c[3]),
                      (int32_t)vg_int(c[4])};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    return vg_require_own(cx, permission, ret->site, ret->agency, err);
}

static vg_status zone_say(vg_cx *cx, const zone_ref *z, const char *kind, vg_err *err)
{
    VG_TRY(vg_say(cx, &(vg_saying){kind, z->site, z->id, z->label}, err));
    vg_jw_kz(&cx->reply, "id", z->id);
    return VG_OK;
}

// Rules ask whether it was at a gate.
static vg_status tell_gate(vg_cx *cx, const zone_ref *z, const vg_args *args, vg_err *err)
{
    const char *value = vg_str_eqc(vg_arg_str(args, "class"), "gate") ? "yes" : "no";
    const vg_fact f = {
        .name = "zone.gate", .key = z->id, .value = value, .site = z->site, .label = z->label};
    return vg_arg_has(args, "class") ? vg_fact_set(cx, &f, err) : VG_OK;
}

VG_HANDLER(sites_zone_add)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "sites.edit", &site, err));
    VG_TRY(vg_label_of(cx, site.agency, VG_C_SHARED, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site");
    const zone_ref z = {.id = id, .site = site.id, .label = label};
    VG_TRY(zone_say(cx, &z, "sites.zone_added", err));
    return tell_gate(cx, &z, args, err);
}

VG_FOLDER(sites_on_zone_added)
{
    return vg_put(
        ap, e,
        "INSERT INTO zone (id, site, name, class, at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?)",
        "@subject @site name class @at @label @world", err);
}

VG_HANDLER(sites_zone_update)
{
    zone_ref z;
    vg_str was[1];
    VG_TRY(zone_at(cx, vg_arg_str(args, "id"), "sites.edit", &z, err));
    VG_TRY(vg_look(cx, "SELECT class FROM zone WHERE id = ?", vg_arg_str(args, "id"), was, 1, err));
    // Said again as it was, it is no answer to a question nobody asked then.
    const bool other = !vg_str_eq(was[0], vg_arg_str(args, "class"));
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(zone_say(cx, &z, "sites.zone_changed", err));
    return other ? tell_gate(cx, &z, args, err) : VG_OK;
}

VG_FOLDER(sites_on_zone_changed)
{
    return vg_put(ap, e,
                  "UPDATE zone SET name = COALESCE(?, name), class = COALESCE(?, class),"
                  " state = COALESCE(?, state) WHERE id = ?",
                  "name class state @subject", err);
}

// --- arm and disarm -----------------------------------------------------------------------------
VG_HANDLER(sites_zone_arm)
{
    zone_ref z;
    VG_TRY(zone_at(cx, vg_arg_str(args, "id"), "sites.arm", &z, err));
    if (vg_str_eqc(z.arm_state, "armed")) {
        vg_jw_kz(&cx->reply, "id", z.id);
        return VG_OK;
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    return zone_say(cx, &z, "sites.zone_armed", err);
}

VG_FOLDER(sites_on_zone_armed)
{
    return vg_put(ap, e, "UPDATE zone SET arm_state = 'armed', arm_at = ? WHERE id = ?",
                  "@at @subject", err);
}

VG_HANDLER(sites_zone_disarm)
{
    zone_ref z;
    VG_TRY(zone_at(cx, vg_arg_str(args, "id"), "sites.arm", &z, err));
    if (vg_str_eqc(z.arm_state, "disarmed")) {
        vg_jw_kz(&cx->reply, "id", z.id);
        return VG_OK;
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    return zone_say(cx, &z, "sites.zone_disarmed", err);
}

VG_FOLDER(sites_on_zone_disarmed)
{
    return vg_put(ap, e, "UPDATE zone SET arm_state = 'disarmed', arm_at = ? WHERE id = ?",
                  "@at @subject", err);
}

// --- bypass -------------------------------------------------------------------------------------
// An outage goes on when it is prolonged, and when the pause since the last one was short.
vg_status sites_since(vg_cx *cx, const char *sql, const vg_args *args, int64_t *ret, vg_err *err)
{
    return vg_one_i64(
        cx->db, sql,
        VG_VALS(vg_t(vg_arg_str(args, "id")), vg_i(cx->now_us - SITES_SHORT_US), vg_i(cx->now_us)),
        cx->now_us, ret, err);
}

vg_status sites_long(vg_cx *cx, const char *sql, const vg_args *args, bool *ret, vg_err *err)
{
    int64_t since_us = 0;
    const int64_t until = vg_arg_i64(args, "until", 0);
    VG_TRY(sites_since(cx, sql, args, &since_us, err));
    *ret = !until || until > since_us + SITES_SHORT_US;
    return VG_OK;
}

static const char BYPASSED_SINCE[] =
    "SELECT COALESCE(CASE WHEN bypass_until IS NOT NULL OR bypass_ended > ?2 THEN bypass_since END,"
    " ?3) FROM zone WHERE id = ?1";

static vg_status until_fits(vg_cx *cx, const zone_ref *z, const vg_args *args, vg_err *err)
{
    bool is_long = false;
    const int64_t until = vg_arg_i64(args, "until", 0);
    if (until <= cx->now_us || until > cx->now_us + LONGEST_US) {
        return vg_fail(err, VG_EINVALID, "until", "sites.until_range", "%s", "");
    }
    VG_TRY(sites_long(cx, BYPASSED_SINCE, args, &is_long, err));
    if (!is_long) {
        return VG_OK;
    }
    const vg_status st = vg_require_own(cx, "sites.bypass_long", z->site, z->agency, err);
    return st == VG_OK ? VG_OK : vg_fail(err, VG_EDENIED, "until", "sites.only_short", "%s", "");
}

VG_MARK(sites_second_bypass)
{
    return sites_long(cx, BYPASSED_SINCE, args, ret, err);
}

VG_HANDLER(sites_zone_bypass)
{
    zone_ref z;
    int64_t since_us = 0;
    VG_TRY(zone_at(cx, vg_arg_str(args, "id"), "sites.bypass", &z, err));
    VG_TRY(until_fits(cx, &z, args, err));
    VG_TRY(sites_since(cx, BYPASSED_SINCE, args, &since_us, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_ki64(&cx->body, "since", since_us);
    vg_jw_kz(&cx->body, "owner", cx->who->user);
    return zone_say(cx, &z, "sites.zone_bypassed", err);
}

VG_FOLDER(sites_on_zone_bypassed)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE zone SET bypass_since = ?, bypass_until = ?, bypass_owner = ?,"
                  " bypass_reason = ? WHERE id = ?",
                  "since until owner reason @subject", err));
    return vg_deadline_set(ap, "sites.bypass_ends", vg_str_z(ap->arena, e->subject),
                           vg_str_z(ap->arena, e->site), vg_js_i64(e->body, "until", 0), err);
}

VG_HANDLER(sites_zone_unbypass)
{
    zone_ref z;
    VG_TRY(zone_at(cx, vg_arg_str(args, "id"), "sites.bypass", &z, err));
    if (!z.bypass_until) {
        return vg_fail(err, VG_ECONFLICT, "id", "sites.not_bypassed", "%s", "");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_ki64(&cx->body, "ended", cx->now_us);
    return zone_say(cx, &z, "sites.zone_unbypassed", err);
}

VG_HANDLER(sites_zone_bypass_end)
{
    zone_ref z;
    const vg_status st = zone_at(cx, vg_arg_str(args, "id"), "sites.bypass", &z, err);
    if (st == VG_ENOTFOUND ||
        (st == VG_OK && (!z.bypass_until || z.bypass_until > vg_core_now(cx->core)))) {
        return VG_OK;  // removed, lifted or prolonged meanwhile
    }
    VG_TRY(st);
    vg_body(cx);
    vg_jw_kbool(&cx->body, "expired", true);
    vg_jw_ki64(&cx->body, "ended", cx->now_us);
    return zone_say(cx, &z, "sites.zone_unbypassed", err);
}

VG_FOLDER(sites_on_zone_unbypassed)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE zone SET bypass_until = NULL, bypass_owner = NULL, bypass_reason = NULL,"
                  " bypass_ended = ? WHERE id = ?",
                  "ended @subject", err));
    return vg_deadline_clear(ap, "sites.bypass_ends", vg_str_z(ap->arena, e->subject), err);
}

// --- clearing by hand ---------------------------------------------------------------------------
VG_HANDLER(sites_zone_clear)
{
    zone_ref z;
    VG_TRY(zone_at(cx, vg_arg_str(args, "id"), "sites.clear", &z, err));
    if (!vg_arg_has(args, "reason")) {
        return vg_fail(err, VG_EINVALID, "reason", "sites.reason_needed", "%s", "");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    return zone_say(cx, &z, "sites.zone_cleared", err);
}

VG_FOLDER(sites_on_zone_cleared)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE zone_condition SET open = 0, ended = ? WHERE zone = ? AND open = 1",
                  "@at @subject", err));
    return vg_put(ap, e,
                  "UPDATE zone SET alarms = 0, troubles = 0, alarm_kind = NULL, alarm_since = NULL,"
                  " device_bypass = 0 WHERE id = ?",
                  "@subject", err);
}
