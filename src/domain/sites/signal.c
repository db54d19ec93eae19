// SPDX-License-Identifier: Apache-2.0
// What a device says about a zone, folded into the zone's live state. One row per (zone, source, area, point,
// kind) remembers whether the device still says so; the zone counts the open ones, so the end of one alarm
// does not hide another. The rule that matters most: a signal that no key has proven may raise, but it never
// clears, arms or disarms; such a restore is only noted beside the condition. Kinds of urgency 0 (badges,
// check points, tests) are no conditions. Two statements a signal and one that counts it (hours.c), no reads, no
// allocation.
#include "domain/sites/sites.h"

#include <sodium.h>

typedef enum gravity { NONE, TROUBLE, ALARM } gravity;

typedef struct report {
    vg_str zone, source, area, point, kind, verb;
    bool auth;
} report;

static gravity gravity_of(vg_str kind)
{
    static const struct {
        vg_str name;
        uint8_t urgency;
    } table[] = {
#define X(name, urgency) {{#name, sizeof #name - 1}, urgency},
#include "core/signal_kinds.def"
#undef X
    };
    for (size_t i = 0; i < VG_LEN(table); i++) {
        if (vg_str_eq(kind, table[i].name)) {
            const bool device = vg_str_eqc(kind, "tamper") || vg_str_eqc(kind, "jamming");
            return table[i].urgency == 0 ? NONE : table[i].urgency == 1 || device ? TROUBLE : ALARM;
        }
    }
    return NONE;
}

bool sites_is_trouble(vg_str kind)
{
    return gravity_of(kind) == TROUBLE;
}

// In feeds a report that begins a condition asks for attention; to act is for the alert that follows from it.
const char *sites_signal_weight(vg_str body)
{
    static const char *const keys[] = {"kind", "verb"};
    vg_str raw[VG_LEN(keys)];
    vg_js_pick(body, keys, VG_LEN(keys), raw);
    const vg_str kind = raw[0].n > 2 ? (vg_str){raw[0].p + 1, raw[0].n - 2} : raw[0];
    return vg_str_eqc(raw[1], "\"raise\"") && gravity_of(kind) != NONE ? "attention" : "info";
}

// A short key of the condition: the same report always names the same row.
static void condition_id(const report *r, char out[33])
{
    unsigned char h[16];
    crypto_generichash_state st;
    const vg_str parts[] = {r->zone, r->source, r->area, r->point, r->kind};
    crypto_generichash_init(&st, NULL, 0, sizeof h);
    for (size_t i = 0; i < VG_LEN(parts); i++) {
        const unsigned char n = (unsigned char)parts[i].n;
        crypto_generichash_update(&st, &n, 1);
        crypto_generichash_update(&st, (const unsigned char *)parts[i].p, parts[i].n);
    }
    crypto_generichash_final(&st, h, sizeof h);
    vg_hex(h, sizeof h, out);
}

static vg_status note(vg_apply *ap, const vg_event *e, const report *r, vg_err *err)
{
    return vg_exec_latest(ap->db,
                          "UPDATE zone SET last_signal_at = ?, last_signal_kind = ? WHERE id = ?",
                          VG_VALS(vg_i(e->received_us), vg_t(r->kind), vg_t(r->zone)), err);
}

static vg_status on_raise(vg_apply *ap, const vg_event *e, const report *r, vg_err *err)
{
    char id[33], name[32];
    const gravity g = gravity_of(r->kind);
    VG_TRY(sites_count_raise(ap, e, r->zone, r->kind, err));
    if (g == NONE) {
        return note(ap, e, r, err);
    }
    condition_id(r, id);
    snprintf(name, sizeof name, "%u-%lld", e->log, (long long)e->seq);
    VG_TRY(vg_exec(
        ap->db,
        "INSERT INTO zone_condition (id, zone, source, area, point, kind, trouble, open, since,"
        " evidence, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET open = 1, since = excluded.since, ended = NULL,"
        " evidence = excluded.evidence, unproven_restore = NULL WHERE zone_condition.open = 0",
        VG_VALS(vg_z(id), vg_t(r->zone), vg_t(r->source), vg_t(r->area), vg_t(r->point),
                vg_t(r->kind), vg_i(g == TROUBLE), vg_i(e->received_us), vg_z(name), vg_i(e->label),
                vg_i(e->world)),
        err));
    if (vg_changes(ap->db) == 0) {
        return note(ap, e, r, err);
    }
    const bool alarm = g == ALARM;
    return vg_exec(
        ap->db,
        "UPDATE zone SET alarm_kind = CASE WHEN ? = 1 OR alarms = 0 THEN ? ELSE alarm_kind END,"
        " alarm_since = CASE WHEN alarm_since IS NULL OR (? = 1 AND alarms = 0) THEN ? ELSE "
        "alarm_since END,"
        " alarms = alarms + ?, troubles = troubles + ?, last_signal_at = ?, last_signal_kind = ?"
        " WHERE id = ?",
        VG_VALS(vg_i(alarm), vg_t(r->kind), vg_i(alarm), vg_i(e->received_us), vg_i(alarm),
                vg_i(!alarm), vg_i(e->received_us), vg_t(r->kind), vg_t(r->zone)),
        err);
}

static vg_status on_restore(vg_apply *ap, const vg_event *e, const report *r, vg_err *err)
{
    char id[33];
    condition_id(r, id);
    VG_TRY(vg_exec(ap->db,
                   r->auth
                       ? "UPDATE zone_condition SET open = 0, ended = ? WHERE id = ? AND open = 1"
                       : "UPDATE zone_condition SET unproven_restore = ? WHERE id = ? AND open = 1",
                   VG_VALS(vg_i(e->received_us), vg_z(id)), err));
    if (!r->auth || vg_changes(ap->db) == 0) {
        return note(ap, e, r, err);
    }
    VG_TRY(sites_count_restore(ap, e, id, err));
    const bool alarm = gravity_of(r->kind) == ALARM;
    return vg_exec(
        ap->db,
        "UPDATE zone SET alarms = alarms - ?, troubles = troubles - ?,"
        " alarm_kind = (SELECT c.kind FROM zone_condition c WHERE c.zone = zone.id AND c.open = 1"
        "  ORDER BY c.trouble, c.since DESC, c.id LIMIT 1),"
        " alarm_since = CASE WHEN alarms + troubles > 1 THEN alarm_since END,"
        " last_signal_at = ?, last_signal_kind = ? WHERE id = ?",
        VG_VALS(vg_i(alarm), vg_i(!alarm), vg_i(e->received_us), vg_t(r->kind), vg_t(r->zone)),
        err);
}

static vg_status on_switch(vg_apply *ap, const vg_event *e, const report *r, const char *sql,
                           vg_err *err)
{
    return vg_exec(
        ap->db, sql,
        VG_VALS(vg_i(e->received_us), vg_i(e->received_us), vg_t(r->kind), vg_t(r->zone)), err);
}

static vg_status on_arm(vg_apply *ap, const vg_event *e, const report *r, vg_err *err)
{
    return on_switch(ap, e, r,
                     "UPDATE zone SET arm_state = 'armed', arm_at = ?, last_signal_at = ?,"
                     " last_signal_kind = ? WHERE id = ?",
                     err);
}

static vg_status on_disarm(vg_apply *ap, const vg_event *e, const report *r, vg_err *err)
{
    return on_switch(ap, e, r,
                     "UPDATE zone SET arm_state = 'disarmed', arm_at = ?, last_signal_at = ?,"
                     " last_signal_kind = ? WHERE id = ?",
                     err);
}

static vg_status set_bypass(vg_apply *ap, const vg_event *e, const report *r, bool on, vg_err *err)
{
    return vg_exec(
        ap->db,
        "UPDATE zone SET device_bypass = ?, last_signal_at = ?, last_signal_kind = ? WHERE id = ?",
        VG_VALS(vg_i(on), vg_i(e->received_us), vg_t(r->kind), vg_t(r->zone)), err);
}

static vg_status on_bypass(vg_apply *ap, const vg_event *e, const report *r, vg_err *err)
{
    return set_bypass(ap, e, r, true, err);
}

static vg_status on_unbypass(vg_apply *ap, const vg_event *e, const report *r, vg_err *err)
{
    return set_bypass(ap, e, r, false, err);
}

VG_FOLDER(sites_on_signal)
{
    static const struct {
        const char *verb;
        bool needs_proof;
        vg_status (*fold)(vg_apply *ap, const vg_event *e, const report *r, vg_err *err);
    } verbs[] = {
        {"raise", false, on_raise},   {"restore", false, on_restore},
        {"arm", true, on_arm},        {"disarm", true, on_disarm},
        {"bypass", false, on_bypass}, {"unbypass", true, on_unbypass},
    };
    static const char *const keys[] = {"zone", "kind", "verb", "auth", "area", "point"};
    vg_arena *a = ap->arena;
    vg_str raw[VG_LEN(keys)];
    vg_js_pick(e->body, keys, VG_LEN(keys), raw);
    const report r = {
        .zone = vg_js_decode(a, raw[0]),
        .source = e->source,
        .kind = vg_js_decode(a, raw[1]),
        .verb = vg_js_decode(a, raw[2]),
        .auth = vg_str_eqc(raw[3], "true"),
        .area = vg_js_decode(a, raw[4]),
        .point = vg_js_decode(a, raw[5]),
    };
    if (r.zone.n == 0) {
        return VG_OK;
    }
    for (size_t i = 0; i < VG_LEN(verbs); i++) {
        if (vg_str_eqc(r.verb, verbs[i].verb) && (r.auth || !verbs[i].needs_proof)) {
            return verbs[i].fold(ap, e, &r, err);
        }
    }
    return note(ap, e, &r, err);
}
