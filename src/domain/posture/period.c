// SPDX-License-Identifier: Apache-2.0
// Declaring a posture, prolonging it, stepping down. A period always ends: at its time by itself, earlier only by two
// persons. Several may cover a site; the highest counts, and the fact posture[S] says which it is. Everybody at the site
// may know: what is declared is shared. Nothing is declared in a drill (the events are not of a drill's world).
#include "domain/posture/posture.h"

#include "base/clock.h"

static const int64_t DAY_US = 86400 * VG_SECOND_US;
enum { LONGEST_DAYS = 90, AHEAD_DAYS = 366, SITES_MAX = 5000 };

const vg_field posture_declare_fields[] = {
    {"site", VG_F_ID},  // none: every site of the node
    {"level", VG_F_TEXT, VG_REQUIRED, .max = 40},
    {"event", VG_F_TEXT, .max = 120},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {"from", VG_F_TIME},
    {"until", VG_F_TIME, VG_REQUIRED},
    {NULL},
};
const vg_field posture_prolong_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"until", VG_F_TIME, VG_REQUIRED},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};
const vg_field posture_end_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};
const vg_field posture_due_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME, VG_REQUIRED}, {NULL}};
const vg_field posture_site_fields[] = {{"site", VG_F_ID, VG_REQUIRED}, {NULL}};

typedef struct period {
    const char *id, *site, *level;  // in the call's arena
    vg_str state;
    int64_t starts, ends;
    int32_t label;
} period;

// --- the fact -----------------------------------------------------------------------------------
typedef struct stand {
    const char *site, *level;
} stand;

// How sites stand now; those that were never above the lowest level have no fact and get none.
static const char STANDS[] =
    "SELECT s.id, COALESCE((SELECT p.level FROM posture_period p WHERE p.site IN ('', s.id) AND"
    " p.state = 'in_force' ORDER BY p.rank DESC, p.ends DESC LIMIT 1),"
    " (SELECT code FROM posture_level ORDER BY rank LIMIT 1))"
    " FROM site s WHERE ? IN ('', s.id) AND (EXISTS (SELECT 1 FROM posture_period p WHERE p.site"
    " IN ('', s.id) AND p.state = 'in_force') OR EXISTS (SELECT 1 FROM fact f WHERE f.name ="
    " 'posture' AND f.key = s.id)) ORDER BY s.id LIMIT ?";

static vg_status settle(vg_cx *cx, const char *site, vg_err *err)
{
    vg_rows *r;
    size_t n = 0;
    stand *v = vg_arena_get(cx->arena, SITES_MAX * sizeof *v);
    if (!v) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "sites");
    }
    VG_TRY(vg_rows_open(cx->db, STANDS, VG_VALS(vg_z(site), vg_i(SITES_MAX)), &r, err));
    while (vg_rows_next(r)) {
        v[n++] =
            (stand){vg_str_z(cx->arena, vg_row_str(r, 0)), vg_str_z(cx->arena, vg_row_str(r, 1))};
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t i = 0; i < n; i++) {
        vg_fact f = {.name = "posture", .key = v[i].site, .value = v[i].level, .site = v[i].site};
        VG_TRY(vg_label_of(cx, "", VG_C_SHARED, v[i].site, VG_S_NORMAL, &f.label, err));
        VG_TRY(vg_fact_set(cx, &f, err));
    }
    return VG_OK;
}

VG_HANDLER(posture_settle_new)
{
    return settle(cx, vg_str_z(cx->arena, vg_arg_str(args, "site")), err);
}

// --- what is asked for --------------------------------------------------------------------------
static vg_status commands_there(vg_cx *cx, const char *site, vg_err *err)
{
    if (*site) {
        return vg_require(cx, "posture.declare", site, err);
    }
    return vg_may(cx->who, "posture.declare", VG_EVERYWHERE)
               ? VG_OK
               : vg_fail(err, VG_EDENIED, "site", "posture.everywhere", "%s", "");
}

static vg_status period_at(vg_cx *cx, vg_str id, period *ret, vg_err *err)
{
    vg_str c[7];
    VG_TRY(vg_look(cx,
                   "SELECT id, site, level, state, starts, ends, label FROM posture_period"
                   " WHERE id = ?",
                   id, c, 7, err));
    *ret = (period){vg_str_z(cx->arena, c[0]),
                    vg_str_z(cx->arena, c[1]),
                    vg_str_z(cx->arena, c[2]),
                    c[3],
                    vg_int(c[4]),
                    vg_int(c[5]),
                    (int32_t)vg_int(c[6])};
    return VG_OK;
}

// One that is not over, by somebody who commands there.
static vg_status open_period(vg_cx *cx, vg_str id, period *ret, vg_err *err)
{
    VG_TRY(period_at(cx, id, ret, err));
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    VG_TRY(commands_there(cx, ret->site, err));
    if (cx->who->kind == VG_P_TOKEN) {
        return vg_fail(err, VG_EDENIED, "id", "posture.person", "%s", "");
    }
    return (vg_str_eqc(ret->state, "in_force") || vg_str_eqc(ret->state, "planned")) &&
                   ret->ends > cx->now_us
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "posture.over", "%s", "");
}

static vg_status takes_two(vg_cx *cx, vg_str level, bool *ret, vg_err *err)
{
    int64_t two = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT two FROM posture_level WHERE code = ?", VG_VALS(vg_t(level)),
                      0, &two, err));
    *ret = two != 0;
    return VG_OK;
}

VG_MARK(posture_second_declare)
{
    return takes_two(cx, vg_arg_str(args, "level"), ret, err);
}

VG_MARK(posture_second_prolong)
{
    vg_str level = {"", 0};
    const vg_status st = vg_look(cx, "SELECT level FROM posture_period WHERE id = ?",
                                 vg_arg_str(args, "id"), &level, 1, err);
    return st == VG_ENOTFOUND ? VG_OK : st == VG_OK ? takes_two(cx, level, ret, err) : st;
}

static vg_status until_fits(int64_t from, int64_t until, int64_t now_us, vg_err *err)
{
    return until > now_us && until > from && until <= from + LONGEST_DAYS * DAY_US
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "until", "posture.until", "%d", LONGEST_DAYS);
}

// --- commands -----------------------------------------------------------------------------------
static vg_status say(vg_cx *cx, const char *kind, const period *p, vg_err *err)
{
    VG_TRY(vg_say(cx, &(vg_saying){kind, p->site, p->id, p->label}, err));
    vg_jw_kz(&cx->reply, "id", p->id);
    return settle(cx, p->site, err);
}

static vg_status level_of(vg_cx *cx, vg_str code, int64_t *ret_rank, vg_err *err)
{
    VG_TRY(vg_one_i64(cx->db, "SELECT rank FROM posture_level WHERE code = ?", VG_VALS(vg_t(code)),
                      -1, ret_rank, err));
    return *ret_rank > 0
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "level", "posture.no_level", "%.*s", VG_FMT(code));
}

static vg_status where_declared(vg_cx *cx, const vg_args *args, period *p, vg_err *err)
{
    vg_site_ref site;
    p->site = "";
    if (!vg_arg_has(args, "site")) {
        VG_TRY(commands_there(cx, "", err));
    } else {
        VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "posture.declare", &site, err));
        p->site = site.id;
    }
    return vg_label_of(cx, "", VG_C_SHARED, p->site, VG_S_NORMAL, &p->label, err);
}

VG_HANDLER(posture_declare)
{
    period p = {0};
    int64_t rank = 0;
    char id[VG_ID_TEXT];
    VG_TRY(where_declared(cx, args, &p, err));
    if (cx->who->kind == VG_P_TOKEN) {
        return vg_fail(err, VG_EDENIED, "", "posture.person", "%s", "");
    }
    VG_TRY(level_of(cx, vg_arg_str(args, "level"), &rank, err));
    const int64_t from = vg_arg_i64(args, "from", 0), until = vg_arg_i64(args, "until", 0);
    p.starts = from > cx->now_us ? from : cx->now_us;
    if (p.starts > cx->now_us + AHEAD_DAYS * DAY_US) {
        return vg_fail(err, VG_EINVALID, "from", "posture.ahead", "%d", AHEAD_DAYS);
    }
    VG_TRY(until_fits(p.starts, until, cx->now_us, err));
    vg_new_id(cx, id);
    p.id = id;
    vg_body(cx);
    vg_body_args(cx, args, "site from until");
    vg_jw_kz(&cx->body, "where", p.site);
    vg_jw_ki64(&cx->body, "rank", rank);
    vg_jw_ki64(&cx->body, "starts", p.starts);
    vg_jw_ki64(&cx->body, "ends", until);
    vg_jw_kz(&cx->body, "state", p.starts > cx->now_us ? "planned" : "in_force");
    vg_jw_kz(&cx->body, "by", cx->who->user);
    return say(cx, "posture.declared", &p, err);
}

VG_HANDLER(posture_prolong)
{
    period p;
    const int64_t until = vg_arg_i64(args, "until", 0);
    VG_TRY(open_period(cx, vg_arg_str(args, "id"), &p, err));
    if (until <= p.ends) {
        return vg_fail(err, VG_EINVALID, "until", "posture.only_later", "%s", "");
    }
    VG_TRY(until_fits(p.starts > cx->now_us ? p.starts : cx->now_us, until, cx->now_us, err));
    vg_body(cx);
    vg_jw_ki64(&cx->body, "ends", until);
    vg_jw_kstr(&cx->body, "reason", vg_arg_str(args, "reason"));
    vg_jw_kz(&cx->body, "by", cx->who->user);
    return say(cx, "posture.prolonged", &p, err);
}

VG_HANDLER(posture_step_down)
{
    period p;
    VG_TRY(open_period(cx, vg_arg_str(args, "id"), &p, err));
    vg_body(cx);
    vg_jw_kstr(&cx->body, "reason", vg_arg_str(args, "reason"));
    vg_jw_kz(&cx->body, "by", cx->who->user);
    return say(cx, "posture.stepped_down", &p, err);
}

VG_HANDLER(posture_begin)
{
    period p;
    VG_TRY(period_at(cx, vg_arg_str(args, "id"), &p, err));
    if (!vg_str_eqc(p.state, "planned")) {
        return VG_OK;
    }
    vg_body(cx);
    return say(cx, "posture.began", &p, err);
}

VG_HANDLER(posture_over)
{
    period p;
    VG_TRY(period_at(cx, vg_arg_str(args, "id"), &p, err));
    if (p.ends > cx->now_us ||
        !(vg_str_eqc(p.state, "in_force") || vg_str_eqc(p.state, "planned"))) {
        return VG_OK;
    }
    vg_body(cx);
    return say(cx, "posture.over", &p, err);
}

// --- folding ------------------------------------------------------------------------------------
static vg_status set_due(vg_apply *ap, const vg_event *e, const char *kind, int64_t due_us,
                         vg_err *err)
{
    return vg_deadline_set(ap, kind, vg_str_z(ap->arena, e->subject), vg_str_z(ap->arena, e->site),
                           due_us, err);
}

VG_FOLDER(posture_on_declared)
{
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO posture_period (id, site, level, rank, event, reason, starts, ends,"
                  " state, declared_by, at, label, world)"
                  " VALUES (?, ?, ?, ?, COALESCE(?, ''), ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject where level rank event reason starts ends state by @at @label @world",
                  err));
    if (vg_str_eqc(vg_js_str(ap->arena, e->body, "state"), "planned")) {
        VG_TRY(set_due(ap, e, "posture.begin", vg_js_i64(e->body, "starts", 0), err));
    }
    return set_due(ap, e, "posture.over", vg_js_i64(e->body, "ends", 0), err);
}

VG_FOLDER(posture_on_began)
{
    VG_TRY(vg_put(ap, e, "UPDATE posture_period SET state = 'in_force' WHERE id = ?", "@subject",
                  err));
    return vg_deadline_clear(ap, "posture.begin", vg_str_z(ap->arena, e->subject), err);
}

VG_FOLDER(posture_on_prolonged)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE posture_period SET ends = ?, prolonged = prolonged + 1 WHERE id = ?",
                  "ends @subject", err));
    return set_due(ap, e, "posture.over", vg_js_i64(e->body, "ends", 0), err);
}

static vg_status ended(vg_apply *ap, const vg_event *e, vg_err *err)
{
    const char *id = vg_str_z(ap->arena, e->subject);
    VG_TRY(vg_deadline_clear(ap, "posture.begin", id, err));
    return vg_deadline_clear(ap, "posture.over", id, err);
}

VG_FOLDER(posture_on_stepped_down)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE posture_period SET state = 'stepped_down', ended_at = ?, ended_by = ?,"
                  " ended_reason = ? WHERE id = ?",
                  "@at by reason @subject", err));
    return ended(ap, e, err);
}

VG_FOLDER(posture_on_over)
{
    VG_TRY(vg_put(ap, e, "UPDATE posture_period SET state = 'over', ended_at = ends WHERE id = ?",
                  "@subject", err));
    return ended(ap, e, err);
}
