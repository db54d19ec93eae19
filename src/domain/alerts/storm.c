// SPDX-License-Identifier: Apache-2.0
// Storms. More new alerts at a site in ten minutes than the standard of that day calls a flood, and the site is in
// storm; fewer than alarm.flood_end, and it is over. Both are journaled, so that the desk, which folds minor alerts
// meanwhile, and the record agree on when that was. What is counted is what the page of alarm quality counts, among
// alerts of one label: nobody learns by a storm that there were alerts he does not see. Nothing is dropped, merged or
// lowered because of a storm.
#include "domain/alerts/figures.h"
#include "domain/day.h"
#include "domain/term.h"

#define WINDOW_US ((int64_t)ALARM_SLOT_S * VG_SECOND_US)
#define LATELY                                                                                    \
    "FROM alert WHERE site = ? AND last_at > ? AND raised_at > ? AND raised_at <= ? AND test = 0" \
    " AND label = ? AND world = ?"
#define LATELY_OF(of, now)                                                                        \
    vg_t((of)->site), vg_i((now)-WINDOW_US), vg_i((now)-WINDOW_US), vg_i(now), vg_i((of)->label), \
        vg_i((of)->world)

typedef struct reach {  // where, and known to whom
    vg_str site;
    int32_t label;
    int64_t world;
} reach;

const vg_field alerts_storm_due_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"due", VG_F_TIME},
    {NULL},
};

static vg_status count(vg_db *db, const reach *of, int64_t now, int64_t *ret, vg_err *err)
{
    return vg_one_i64(db, "SELECT count(*) " LATELY, VG_VALS(LATELY_OF(of, now)), 0, ret, err);
}

static vg_status is_on(vg_db *db, const reach *of, int64_t *ret, vg_err *err)
{
    return vg_one_i64(
        db,
        "SELECT count(*) FROM alert_storm WHERE site = ? AND label = ? AND world = ? AND"
        " state = 'on'",
        VG_VALS(vg_t(of->site), vg_i(of->label), vg_i(of->world)), 0, ret, err);
}

// With no further alert fewer than `least` remain when the one that is least-th from the end is ten minutes old.
static vg_status over_at(vg_cx *cx, const reach *of, int64_t least, int64_t *ret, vg_err *err)
{
    int64_t raised = 0;
    VG_TRY(vg_one_i64(
        cx->db, "SELECT raised_at " LATELY " ORDER BY raised_at DESC LIMIT 1 OFFSET ?",
        VG_VALS(LATELY_OF(of, cx->now_us), vg_i(least - 1)), cx->now_us - WINDOW_US, &raised, err));
    *ret = raised + WINDOW_US;
    return VG_OK;
}

static vg_status least_of(vg_cx *cx, int64_t *ret, vg_err *err)
{
    vg_term end;
    VG_TRY(vg_term_on(cx, "alarm.flood_end", vg_day_of(cx->now_us), &end, err));
    *ret = end.known && end.value > 0 ? end.value : 1;
    return VG_OK;
}

static vg_status say(vg_cx *cx, const vg_saying *s, int64_t n, int64_t least, vg_err *err)
{
    int64_t due = 0;
    const reach of = {vg_str_c(s->site), s->label, cx->world};
    VG_TRY(over_at(cx, &of, least, &due, err));
    vg_body(cx);
    vg_jw_ki64(&cx->body, "n", n);
    vg_jw_ki64(&cx->body, "due", due);
    return vg_say(cx, s, err);
}

vg_status alerts_storm_consider(vg_cx *cx, const char *site, int32_t label, vg_err *err)
{
    vg_term flood;
    char id[VG_ID_TEXT];
    int64_t n = 0, on = 0, least = 0;
    const reach of = {vg_str_c(site), label, cx->world};
    if (!*site) {
        return VG_OK;  // of several sites
    }
    VG_TRY(is_on(cx->db, &of, &on, err));
    VG_TRY(count(cx->db, &of, cx->now_us, &n, err));
    VG_TRY(vg_term_on(cx, "alarm.flood", vg_day_of(cx->now_us), &flood, err));
    if (on || !flood.known || n <= flood.value) {
        return VG_OK;
    }
    VG_TRY(least_of(cx, &least, err));
    vg_new_id(cx, id);
    return say(cx, &(vg_saying){"alerts.storm_began", site, id, label}, n, least, err);
}

VG_HANDLER(alerts_storm_due)
{
    vg_str c[3] = {{"", 0}};
    int64_t n = 0, least = 0;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT site, state, label FROM alert_storm WHERE id = ?", id, c, VG_LEN(c),
                   err));
    if (!vg_str_eqc(c[1], "on")) {
        return VG_OK;
    }
    VG_TRY(least_of(cx, &least, err));
    const reach of = {c[0], (int32_t)vg_int(c[2]), cx->world};
    VG_TRY(count(cx->db, &of, cx->now_us, &n, err));
    const char *kind = n < least ? "alerts.storm_ended" : "alerts.storm_lasts";
    return say(cx, &(vg_saying){kind, vg_str_z(cx->arena, c[0]), vg_str_z(cx->arena, id), of.label},
               n, least, err);
}

// --- folding ------------------------------------------------------------------------------------
static vg_status ends_at(vg_apply *ap, const vg_event *e, vg_err *err)
{
    return vg_deadline_set(ap, "alerts.storm_over", vg_str_z(ap->arena, e->subject),
                           vg_str_z(ap->arena, e->site), vg_js_i64(e->body, "due", 0), err);
}

VG_FOLDER(alerts_on_storm_began)
{
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO alert_storm (id, site, state, began_at, last_at, n, peak, total, at,"
                  " label, world) VALUES (?, ?, 'on', ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site @at @at n n n @at @label @world", err));
    return ends_at(ap, e, err);
}

VG_FOLDER(alerts_on_storm_lasts)
{
    VG_TRY(vg_put(ap, e, "UPDATE alert_storm SET n = ? WHERE id = ?", "n @subject", err));
    return ends_at(ap, e, err);
}

VG_FOLDER(alerts_on_storm_ended)
{
    VG_TRY(vg_put(ap, e, "UPDATE alert_storm SET n = ?, state = 'over', ended_at = ? WHERE id = ?",
                  "n @at @subject", err));
    return vg_deadline_clear(ap, "alerts.storm_over", vg_str_z(ap->arena, e->subject), err);
}

vg_status alerts_storm_add(vg_apply *ap, const vg_event *e, vg_err *err)
{
    int64_t n = 0, on = 0;
    const reach of = {e->site, e->label, e->world};
    VG_TRY(is_on(ap->db, &of, &on, err));
    if (!on || vg_js_bool(e->body, "test", false)) {
        return VG_OK;
    }
    VG_TRY(count(ap->db, &of, e->received_us, &n, err));
    return vg_exec(
        ap->db,
        "UPDATE alert_storm SET n = ?1, peak = CASE WHEN peak < ?1 THEN ?1 ELSE peak"
        " END, total = total + 1, last_at = ?2 WHERE site = ?3 AND label = ?4 AND world"
        " = ?5 AND state = 'on'",
        VG_VALS(vg_i(n), vg_i(e->received_us), vg_t(e->site), vg_i(e->label), vg_i(e->world)), err);
}
