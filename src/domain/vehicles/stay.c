// SPDX-License-Identifier: Apache-2.0
// How long a vehicle may stay inside, by its class: data of the site. After every passage of a vehicle it is worked out
// anew from where the gate says it is, so a passage that is told late, or out of order, leaves the same. Over its time
// it is worth a look and stands in the list of what is due until it has left.
#include "domain/vehicles/vehicles.h"

const vg_field vehicles_limit_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"class", VG_F_TEXT, .max = 40},
    {"max_min", VG_F_INT, VG_REQUIRED, .min = 0, .max = 100000},
    {NULL},
};
const vg_field vehicles_settle_fields[] = {
    {"holder", VG_F_ID, VG_REQUIRED}, {"passage", VG_F_ID, VG_REQUIRED}, {NULL}};
const vg_field vehicles_due_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME, VG_REQUIRED}, {NULL}};

#define MINUTE_US INT64_C(60000000)
#define LEEWAY_US (30 * MINUTE_US)

// --- limits ---------------------------------------------------------------------------------------
VG_HANDLER(vehicles_limit)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "gate.edit", &site, err));
    VG_TRY(vg_label_of(cx, site.agency, VG_C_GATE, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kstr(&cx->body, "class", vg_str_trim(vg_arg_str(args, "class")));
    vg_jw_ki64(&cx->body, "max_min", vg_arg_i64(args, "max_min", 0));
    VG_TRY(vg_say(cx, &(vg_saying){"vehicles.limit_set", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

// 0: no limit.
VG_FOLDER(vehicles_on_limit)
{
    return vg_put(ap, e,
                  "INSERT INTO vehicle_limit (id, site, class, max_min, at, label, world) VALUES"
                  " (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site, class) DO UPDATE SET max_min ="
                  " excluded.max_min, at = excluded.at",
                  "@subject @site class max_min @at @label @world", err);
}

// --- stays ----------------------------------------------------------------------------------------
typedef struct stay {
    const char *holder, *site;
    int64_t since_us, due_us;
    int32_t label;
} stay;

static vg_status read_stay(vg_cx *cx, const char *sql, vg_str holder, stay *ret, bool *ret_found,
                           vg_err *err)
{
    vg_str c[4];
    const vg_status st = vg_look(cx, sql, holder, c, 4, err);
    *ret_found = st == VG_OK;
    if (st == VG_OK) {
        *ret = (stay){.holder = vg_str_z(cx->arena, holder),
                      .site = vg_str_z(cx->arena, c[0]),
                      .since_us = vg_int(c[1]),
                      .due_us = vg_int(c[2]),
                      .label = (int32_t)vg_int(c[3])};
    }
    return st == VG_ENOTFOUND ? VG_OK : st;
}

// From when it came in from the street; by the line of its class, else the one of all. due 0: no limit.
static const char NOW[] =
    "SELECT x.site, x.since, CASE WHEN x.max_min > 0 THEN x.since + x.max_min * 60000000 ELSE 0 "
    "END,"
    " x.label FROM (SELECT p.site, p.label, COALESCE((SELECT max(g.moved) FROM passage g WHERE"
    " g.holder = p.holder AND g.kind = 'move' AND g.from_area IS NULL AND g.to_area IS NOT NULL),"
    " p.since) AS since, (SELECT l.max_min FROM vehicle_limit l WHERE l.site = p.site AND l.class "
    "IN"
    " ('', COALESCE(h.class, '')) ORDER BY l.class = '' LIMIT 1) AS max_min FROM presence p JOIN"
    " gate_holder h ON h.id = p.holder WHERE p.holder = ?) x";
static const char KEPT[] = "SELECT site, since, due, label FROM vehicle_stay WHERE holder = ?";

static vg_status say_stay(vg_cx *cx, const stay *s, vg_err *err)
{
    vg_body(cx);
    vg_jw_ki64(&cx->body, "since", s->since_us);
    vg_jw_ki64(&cx->body, "due", s->due_us);
    return vg_say(cx, &(vg_saying){"vehicles.stays", s->site, s->holder, s->label}, err);
}

static vg_status tick_off(vg_cx *cx, vg_str passage, vg_err *err)
{
    vg_rows *r;
    const char *id = NULL, *site = NULL, *holder = NULL;
    int32_t label = 0;
    VG_TRY(vg_rows_open(
        cx->db,
        "SELECT x.id, x.site, g.holder, x.label FROM passage g JOIN gate_card c ON c.holder ="
        " g.holder JOIN vehicle_plate v ON v.find = c.find JOIN vehicle_expected x ON x.id ="
        " v.expected WHERE g.id = ?1 AND g.to_area IS NOT NULL AND g.from_area IS NULL AND x.site ="
        " g.site AND x.state = 'expected' AND g.moved BETWEEN x.starts - ?2 AND x.ends + ?2"
        " ORDER BY x.starts, x.id LIMIT 1",
        VG_VALS(vg_t(passage), vg_i(LEEWAY_US)), &r, err));
    if (vg_rows_next(r)) {
        id = vg_str_z(cx->arena, vg_row_str(r, 0));
        site = vg_str_z(cx->arena, vg_row_str(r, 1));
        holder = vg_str_z(cx->arena, vg_row_str(r, 2));
        label = (int32_t)vg_row_i64(r, 3);
    }
    VG_TRY(vg_rows_close(r, err));
    if (!id) {
        return VG_OK;
    }
    vg_body(cx);
    vg_jw_kz(&cx->body, "holder", holder);
    return vg_say(cx, &(vg_saying){"vehicles.arrived", site, id, label}, err);
}

// Reaction to a passage of a vehicle.
VG_HANDLER(vehicles_settle)
{
    stay now, kept;
    bool inside, was;
    const vg_str holder = vg_arg_str(args, "holder");
    VG_TRY(tick_off(cx, vg_arg_str(args, "passage"), err));
    VG_TRY(read_stay(cx, NOW, holder, &now, &inside, err));
    VG_TRY(read_stay(cx, KEPT, holder, &kept, &was, err));
    if (inside && now.due_us) {
        // From one area into another within the site it is the same stay.
        if (was && strcmp(now.site, kept.site) == 0 && now.since_us == kept.since_us &&
            now.due_us == kept.due_us) {
            return VG_OK;
        }
        return say_stay(cx, &now, err);
    }
    if (!was) {
        return VG_OK;
    }
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"vehicles.left", kept.site, kept.holder, kept.label}, err);
}

VG_FOLDER(vehicles_on_stay)
{
    VG_TRY(
        vg_put(ap, e,
               "INSERT INTO vehicle_stay (holder, site, since, due, at, label, world) VALUES (?,"
               " ?, ?, ?, ?, ?, ?) ON CONFLICT (holder) DO UPDATE SET site = excluded.site, since"
               " = excluded.since, due = excluded.due, state = 'in_time', at = excluded.at, label"
               " = excluded.label",
               "@subject @site since due @at @label @world", err));
    return vg_deadline_set(ap, "vehicles.overstay", vg_str_z(ap->arena, e->subject),
                           vg_str_z(ap->arena, e->site), vg_js_i64(e->body, "due", 0), err);
}

VG_FOLDER(vehicles_on_stay_over)
{
    VG_TRY(vg_put(ap, e, "DELETE FROM vehicle_stay WHERE holder = ?", "@subject", err));
    return vg_deadline_clear(ap, "vehicles.overstay", vg_str_z(ap->arena, e->subject), err);
}

VG_HANDLER(vehicles_overstay)
{
    stay s;
    bool there;
    VG_TRY(read_stay(cx, KEPT, vg_arg_str(args, "id"), &s, &there, err));
    if (!there || s.due_us > cx->now_us) {
        return VG_OK;
    }
    vg_body(cx);
    vg_jw_ki64(&cx->body, "since", s.since_us);
    return vg_say(cx, &(vg_saying){"vehicles.overstayed", s.site, s.holder, s.label}, err);
}

VG_FOLDER(vehicles_on_overstayed)
{
    return vg_put(ap, e, "UPDATE vehicle_stay SET state = 'over' WHERE holder = ?", "@subject",
                  err);
}
