// SPDX-License-Identifier: Apache-2.0
// Sources: the devices we listen to. A source belongs to the agency that put it there, as one of its means:
// another agency of the same site learns of it only through the alerts it causes. Its key lies in the vault;
// the event says only how long it is. A source without a key is heard but never believed when it says that
// all is well. The pair (protocol, address) is unique in a node because that is all a frame tells us.
#include "domain/sites/sites.h"

#include "base/clock.h"
#include "core/core.h"

static const int64_t LONGEST_US = 90 * 86400 * VG_SECOND_US;
enum { KEY_MAX = 32 };

static const char *const protos[] = {
#define X(name) #name,
#include "core/source_protos.def"
#undef X
    NULL};
static const char *const kinds[] = {
#define X(name, urgency) #name,
#include "core/signal_kinds.def"
#undef X
    NULL};

const vg_field sites_source_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"proto", VG_F_ENUM, VG_REQUIRED, .values = protos},
    {"address", VG_F_TEXT, VG_REQUIRED, .max = 39},
    {"agency", VG_F_ID},
    {"zone", VG_F_ID},
    {"kind", VG_F_ENUM, .values = kinds},
    {"deadline_s", VG_F_INT, .min = 0, .max = 604800},
    {"key", VG_F_SECRET},
    {"encrypted_required", VG_F_BOOL},
    {"lenient_length", VG_F_BOOL},
    {"accept_clock", VG_F_BOOL},
    {"time_ahead_s", VG_F_INT, .min = 0, .max = 86400},
    {"time_late_s", VG_F_INT, .min = 0, .max = 86400},
    {"rate_per_s", VG_F_INT, .min = 0, .max = 100000},
    {"peers", VG_F_TEXT, .max = VG_CIDR_LIST - 1},
    {"body_kb", VG_F_INT, .min = 0, .max = 8192},
    {"image_days", VG_F_INT, .min = 0, .max = 3650},
    {"certificate", VG_F_TEXT, .max = SITES_PRINT_TEXT},
    {"told_in_alerts", VG_F_BOOL},
    {NULL},
};
const vg_field sites_source_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"name", VG_F_TEXT, .max = 80},
    {"zone", VG_F_ID},
    {"kind", VG_F_ENUM, .values = kinds},
    {"deadline_s", VG_F_INT, .min = 0, .max = 604800},
    {"encrypted_required", VG_F_BOOL},
    {"lenient_length", VG_F_BOOL},
    {"accept_clock", VG_F_BOOL},
    {"time_ahead_s", VG_F_INT, .min = 0, .max = 86400},
    {"time_late_s", VG_F_INT, .min = 0, .max = 86400},
    {"rate_per_s", VG_F_INT, .min = 0, .max = 100000},
    {"peers", VG_F_TEXT, .max = VG_CIDR_LIST - 1},
    {"body_kb", VG_F_INT, .min = 0, .max = 8192},
    {"image_days", VG_F_INT, .min = 0, .max = 3650},
    {"certificate", VG_F_TEXT, .max = SITES_PRINT_TEXT},
    {"told_in_alerts", VG_F_BOOL},
    {NULL},
};
const vg_field sites_source_key_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"key", VG_F_SECRET, VG_REQUIRED},
    {NULL},
};
const vg_field sites_source_disable_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED},
    {"until", VG_F_TIME},
    {NULL},
};
const vg_field sites_id_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {NULL},
};

vg_status sites_source_at(vg_cx *cx, vg_str id, const char *permission, sites_source_ref *ret,
                          vg_err *err)
{
    vg_str c[6];
    VG_TRY(vg_look(cx, "SELECT site, agency, state, name, label, disabled FROM source WHERE id = ?",
                   id, c, 6, err));
    *ret = (sites_source_ref){.id = vg_str_z(cx->arena, id),
                              .site = vg_str_z(cx->arena, c[0]),
                              .agency = vg_str_z(cx->arena, c[1]),
                              .state = c[2],
                              .name = c[3],
                              .label = (int32_t)vg_int(c[4]),
                              .disabled = vg_int(c[5]) != 0};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    return vg_require_own(cx, permission, ret->site, ret->agency, err);
}

static vg_status source_say(vg_cx *cx, const sites_source_ref *s, const char *kind, vg_err *err)
{
    VG_TRY(vg_say(cx, &(vg_saying){kind, s->site, s->id, s->label}, err));
    vg_jw_kz(&cx->reply, "id", s->id);
    return VG_OK;
}

static vg_status zone_is_here(vg_cx *cx, const vg_args *args, const char *site, vg_err *err)
{
    if (!vg_arg_has(args, "zone")) {
        return VG_OK;
    }
    int64_t found = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM zone WHERE id = ? AND site = ?",
                      VG_VALS(vg_t(vg_arg_str(args, "zone")), vg_z(site)), 0, &found, err));
    return found ? VG_OK : vg_fail(err, VG_EINVALID, "zone", "sites.zone_elsewhere", "%s", "");
}

// --- keys ---------------------------------------------------------------------------------------
static vg_status key_put(vg_cx *cx, vg_str hex, const char *id, size_t *ret_len, vg_err *err)
{
    unsigned char key[KEY_MAX];
    const size_t n = hex.n / 2;
    if ((n != 16 && n != 24 && n != 32) || !vg_unhex(hex, key, n)) {
        return vg_fail(err, VG_EINVALID, "key", "sites.key_format", "%s", "");
    }
    VG_TRY(vg_vault_put(cx, "source", id, (vg_str){(const char *)key, n}, err));
    explicit_bzero(key, sizeof key);
    *ret_len = n;
    return VG_OK;
}

VG_HANDLER(sites_source_key)
{
    sites_source_ref s;
    size_t key_len = 0;
    VG_TRY(sites_source_at(cx, vg_arg_str(args, "id"), "sites.source_edit", &s, err));
    VG_TRY(key_put(cx, vg_arg_str(args, "key"), s.id, &key_len, err));
    vg_body(cx);
    vg_jw_ki64(&cx->body, "key_len", (int64_t)key_len);
    return source_say(cx, &s, "sites.source_changed", err);
}

// --- certificates -------------------------------------------------------------------------------
static bool shows_certificates(vg_str proto)
{
    static const char *const over_http[] = {"webhook", "hikvision", "dahua", "zkteco", "cap"};
    for (size_t i = 0; i < VG_LEN(over_http); i++) {
        if (vg_str_eqc(proto, over_http[i])) {
            return true;
        }
    }
    return false;
}

// As openssl writes it ("AB:CD:…") or without colons; told without them. Empty: none from now on.
static vg_status body_certificate(vg_cx *cx, const vg_args *args, vg_str proto, vg_err *err)
{
    const vg_str given = vg_str_trim(vg_arg_str(args, "certificate"));
    char digits[2 * VG_SOURCE_PRINT + 1];
    unsigned char print[VG_SOURCE_PRINT];
    size_t n = 0;
    if (!vg_arg_has(args, "certificate")) {
        return VG_OK;
    }
    for (size_t i = 0; i < given.n && n < sizeof digits; i++) {
        if (given.p[i] != ':') {
            digits[n++] = given.p[i];
        }
    }
    if (given.n > 0 && !vg_unhex((vg_str){digits, n}, print, sizeof print)) {
        return vg_fail(err, VG_EINVALID, "certificate", "sites.certificate_format", "%s", "");
    }
    if (given.n > 0 && !shows_certificates(proto)) {
        return vg_fail(err, VG_EINVALID, "certificate", "sites.certificate_proto", "%s", "");
    }
    digits[0] = '\0';
    if (given.n > 0) {
        vg_hex(print, sizeof print, digits);
    }
    vg_jw_kz(&cx->body, "certificate", digits);
    return VG_OK;
}

// --- adding -------------------------------------------------------------------------------------
static vg_status address_free(vg_cx *cx, vg_str proto, vg_str address, vg_err *err)
{
    int64_t taken = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM source WHERE proto = ? AND address = ?",
                      VG_VALS(vg_t(proto), vg_t(address)), 0, &taken, err));
    return taken ? vg_fail(err, VG_ECONFLICT, "address", "sites.address_taken", "%.*s",
                           VG_FMT(address))
                 : VG_OK;
}

vg_status sites_source_make(vg_cx *cx, const sites_new_source *n, vg_err *err)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    sites_source_ref s = {.id = id};
    size_t key_len = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(n->args, "site"), "sites.source_edit", &site, err));
    VG_TRY(sites_owner(cx, n->args, &site, &s.agency, err));
    VG_TRY(zone_is_here(cx, n->args, site.id, err));
    VG_TRY(vg_cidr_check(vg_arg_str(n->args, "peers"), err));
    VG_TRY(address_free(cx, n->proto, n->address, err));
    vg_new_id(cx, id);
    if (vg_arg_has(n->args, "key")) {
        VG_TRY(key_put(cx, vg_arg_str(n->args, "key"), id, &key_len, err));
    }
    VG_TRY(vg_label_of(cx, s.agency, VG_C_MEANS, site.id, VG_S_NORMAL, &s.label, err));
    s.site = site.id;
    vg_body(cx);
    vg_body_args(cx, n->args, "site agency proto address certificate");
    VG_TRY(body_certificate(cx, n->args, n->proto, err));
    vg_jw_kz(&cx->body, "agency", s.agency);
    vg_jw_kstr(&cx->body, "proto", n->proto);
    vg_jw_kstr(&cx->body, "address", n->address);
    vg_jw_ki64(&cx->body, "key_len", (int64_t)key_len);
    if (*n->waiting) {
        vg_jw_kz(&cx->body, "waiting", n->waiting);
    }
    return source_say(cx, &s, "sites.source_added", err);
}

VG_HANDLER(sites_source_add)
{
    const sites_new_source n = {args, vg_arg_str(args, "proto"), vg_arg_str(args, "address"), ""};
    return sites_source_make(cx, &n, err);
}

VG_FOLDER(sites_on_source_added)
{
    return vg_put(
        ap, e,
        "INSERT INTO source (id, site, agency, name, proto, address, zone, kind, deadline_s,"
        " time_ahead_s, time_late_s, rate_per_s, key_len, encrypted_required, lenient_length,"
        " accept_clock, peers, body_kb, image_days, certificate, told_in_alerts, state_since, at,"
        " label, world)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?,"
        " COALESCE(?, 0), COALESCE(?, 20), COALESCE(?, 40), COALESCE(?, 0), ?, COALESCE(?, 0),"
        " COALESCE(?, 0), COALESCE(?, 0), ?, COALESCE(?, 0), COALESCE(?, 0), ?, ?, ?, ?, ?, ?)",
        "@subject @site agency name proto address zone kind deadline_s time_ahead_s time_late_s"
        " rate_per_s key_len encrypted_required lenient_length accept_clock peers body_kb "
        "image_days certificate told_in_alerts"
        " @at @at @label @world",
        err);
}

// Leaves its zone without eyes, or is not missed any more when it is silent.
VG_MARK(sites_second_move)
{
    vg_str c[2];
    const vg_status st =
        vg_look(cx, "SELECT COALESCE(zone, ''), deadline_s FROM source WHERE id = ?",
                vg_arg_str(args, "id"), c, 2, err);
    if (st != VG_OK) {
        return st == VG_ENOTFOUND ? VG_OK : st;  // the handler says so
    }
    const int64_t deadline_s = vg_int(c[1]);
    *ret = (c[0].n && vg_arg_has(args, "zone") && !vg_str_eq(c[0], vg_arg_str(args, "zone"))) ||
           (deadline_s && vg_arg_i64(args, "deadline_s", deadline_s) == 0);
    return VG_OK;
}

// One that has no zone watches nothing yet: what was added by mistake, one takes back.
VG_MARK(sites_second_withdraw)
{
    int64_t watches = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT COALESCE(zone, '') <> '' FROM source WHERE id = ?",
                      VG_VALS(vg_t(vg_arg_str(args, "id"))), 0, &watches, err));
    *ret = watches != 0;
    return VG_OK;
}

VG_HANDLER(sites_source_update)
{
    sites_source_ref s;
    vg_str proto;
    VG_TRY(sites_source_at(cx, vg_arg_str(args, "id"), "sites.source_edit", &s, err));
    VG_TRY(zone_is_here(cx, args, s.site, err));
    VG_TRY(vg_cidr_check(vg_arg_str(args, "peers"), err));
    VG_TRY(vg_look(cx, "SELECT proto FROM source WHERE id = ?", vg_arg_str(args, "id"), &proto, 1,
                   err));
    vg_body(cx);
    vg_body_args(cx, args, "certificate");
    VG_TRY(body_certificate(cx, args, proto, err));
    return source_say(cx, &s, "sites.source_changed", err);
}

VG_FOLDER(sites_on_source_changed)
{
    return vg_put(
        ap, e,
        "UPDATE source SET name = COALESCE(?, name), zone = COALESCE(?, zone),"
        " kind = COALESCE(?, kind), deadline_s = COALESCE(?, deadline_s),"
        " time_ahead_s = COALESCE(?, time_ahead_s), time_late_s = COALESCE(?, time_late_s),"
        " rate_per_s = COALESCE(?, rate_per_s), key_len = COALESCE(?, key_len),"
        " encrypted_required = COALESCE(?, encrypted_required),"
        " lenient_length = COALESCE(?, lenient_length),"
        " accept_clock = COALESCE(?, accept_clock), peers = COALESCE(?, peers),"
        " body_kb = COALESCE(?, body_kb), image_days = COALESCE(?, image_days),"
        " certificate = COALESCE(?, certificate), told_in_alerts = COALESCE(?, told_in_alerts) "
        "WHERE id = ?",
        "name zone kind deadline_s time_ahead_s time_late_s rate_per_s key_len encrypted_required"
        " lenient_length accept_clock peers body_kb image_days certificate told_in_alerts @subject",
        err);
}

// --- disabling ----------------------------------------------------------------------------------
static const char DISABLED_SINCE[] =
    "SELECT COALESCE(CASE WHEN disabled = 1 OR disabled_ended > ?2 THEN disabled_since END, ?3)"
    " FROM source WHERE id = ?1";

VG_MARK(sites_second_disable)
{
    return sites_long(cx, DISABLED_SINCE, args, ret, err);
}

static vg_status until_fits(vg_cx *cx, const sites_source_ref *s, const vg_args *args, vg_err *err)
{
    bool is_long = false;
    const int64_t until = vg_arg_i64(args, "until", 0);
    if (until && (until <= cx->now_us || until > cx->now_us + LONGEST_US)) {
        return vg_fail(err, VG_EINVALID, "until", "sites.until_range", "%s", "");
    }
    VG_TRY(sites_long(cx, DISABLED_SINCE, args, &is_long, err));
    if (!is_long) {
        return VG_OK;
    }
    const vg_status st = vg_require_own(cx, "sites.bypass_long", s->site, s->agency, err);
    return st == VG_OK ? VG_OK : vg_fail(err, VG_EDENIED, "until", "sites.only_short", "%s", "");
}

VG_HANDLER(sites_source_disable)
{
    sites_source_ref s;
    int64_t since_us = 0;
    VG_TRY(sites_source_at(cx, vg_arg_str(args, "id"), "sites.bypass", &s, err));
    VG_TRY(until_fits(cx, &s, args, err));
    VG_TRY(sites_since(cx, DISABLED_SINCE, args, &since_us, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_ki64(&cx->body, "since", since_us);
    vg_jw_kz(&cx->body, "owner", cx->who->user);
    return source_say(cx, &s, "sites.source_disabled", err);
}

VG_FOLDER(sites_on_source_disabled)
{
    const int64_t until = vg_js_i64(e->body, "until", 0);
    const char *id = vg_str_z(ap->arena, e->subject);
    VG_TRY(vg_put(ap, e,
                  "UPDATE source SET disabled = 1, disabled_since = ?, disabled_until = ?,"
                  " disabled_reason = ?, disabled_by = ? WHERE id = ?",
                  "since until reason owner @subject", err));
    return until ? vg_deadline_set(ap, "sites.source_disable_ends", id,
                                   vg_str_z(ap->arena, e->site), until, err)
                 : vg_deadline_clear(ap, "sites.source_disable_ends", id, err);
}

VG_HANDLER(sites_source_enable)
{
    sites_source_ref s;
    VG_TRY(sites_source_at(cx, vg_arg_str(args, "id"), "sites.bypass", &s, err));
    if (!s.disabled) {
        return vg_fail(err, VG_ECONFLICT, "id", "sites.not_disabled", "%.*s", VG_FMT(s.name));
    }
    vg_body(cx);
    vg_jw_ki64(&cx->body, "ended", cx->now_us);
    return source_say(cx, &s, "sites.source_enabled", err);
}

VG_HANDLER(sites_source_enable_due)
{
    sites_source_ref s;
    int64_t until = 0;
    VG_TRY(sites_source_at(cx, vg_arg_str(args, "id"), "sites.bypass", &s, err));
    VG_TRY(vg_one_i64(cx->db, "SELECT disabled_until FROM source WHERE id = ?", VG_VALS(vg_z(s.id)),
                      0, &until, err));
    if (!s.disabled || !until || until > vg_core_now(cx->core)) {
        return VG_OK;
    }
    vg_body(cx);
    vg_jw_kbool(&cx->body, "expired", true);
    vg_jw_ki64(&cx->body, "ended", cx->now_us);
    return source_say(cx, &s, "sites.source_enabled", err);
}

VG_FOLDER(sites_on_source_enabled)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE source SET disabled = 0, disabled_until = NULL, disabled_reason = NULL,"
                  " disabled_by = NULL, disabled_ended = ? WHERE id = ?",
                  "ended @subject", err));
    return vg_deadline_clear(ap, "sites.source_disable_ends", vg_str_z(ap->arena, e->subject), err);
}
