// SPDX-License-Identifier: Apache-2.0
// A visit is planned: where, when, for what, to whom, into which areas, accompanied or not. It counts once everybody has
// agreed whom the site or one of the areas asks for (approve.c); where nobody is asked it counts at once. The list of a
// delegation may be held back: until it is released the visit is labelled as movements of leaders are, and the gate does
// not know of it.
#include "domain/visits/visits.h"

#include "base/clock.h"
#include "core/core.h"
#include "core/person.h"

enum { CLOSING_MIN = 17 * 60, DAYS_MAX = 366 };
#define MINUTE_US (60 * VG_SECOND_US)
#define DAY_US (24 * 60 * MINUTE_US)
#define OFFSET_US (7 * 60 * MINUTE_US)

static const char *const kinds[] = {"visit", "group", "contractor", "delegation", NULL};

const vg_field visits_id_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, {NULL}};
const vg_field visits_due_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME, VG_REQUIRED}, {NULL}};
const vg_field visits_plan_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"kind", VG_F_ENUM, .values = kinds},
    {"host", VG_F_ID},
    {"host_user", VG_F_ID},
    {"office", VG_F_TEXT, .max = 80},
    {"purpose", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {"starts", VG_F_TIME, VG_REQUIRED},
    {"ends", VG_F_TIME},
    {"areas", VG_F_JSON, .max = 500},
    {"escort", VG_F_BOOL},
    {"release_at", VG_F_TIME},
    {NULL},
};
const vg_field visits_cancel_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {NULL},
};

vg_status visits_at(vg_cx *cx, vg_str id, const char *field, visits_visit *ret, vg_err *err)
{
    vg_str c[13];
    const vg_status st =
        vg_look(cx,
                "SELECT agency, site, state, host, host_user, planned_by, areas, starts, ends,"
                " release_at, released_at, label, kind FROM visit WHERE id = ?",
                id, c, VG_LEN(c), err);
    if (st != VG_OK) {
        return st == VG_ENOTFOUND ? vg_fail(err, VG_ENOTFOUND, field, NULL, "%s", "") : st;
    }
    *ret = (visits_visit){.id = vg_str_z(cx->arena, id),
                          .agency = vg_str_z(cx->arena, c[0]),
                          .site = vg_str_z(cx->arena, c[1]),
                          .state = c[2],
                          .kind = c[12],
                          .host = c[3],
                          .host_user = c[4],
                          .planned_by = c[5],
                          .areas = c[6],
                          .starts_us = vg_int(c[7]),
                          .ends_us = vg_int(c[8]),
                          .release_us = vg_int(c[9]),
                          .released_us = vg_int(c[10]),
                          .label = (int32_t)vg_int(c[11])};
    return vg_seen(cx, ret->label, field, err);
}

bool visits_open(const visits_visit *v)
{
    return vg_str_eqc(v->state, "planned") || vg_str_eqc(v->state, "approved") ||
           vg_str_eqc(v->state, "arrived");
}

static int64_t day_of(int64_t us)
{
    return (us + OFFSET_US) / DAY_US * DAY_US - OFFSET_US;
}

// Closing time of that day, before or after.
static vg_status closes(vg_cx *cx, const char *site, int64_t day_us, int64_t *ret_us, vg_err *err)
{
    int64_t closing = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT closing_min FROM visit_setting WHERE site = ?",
                      VG_VALS(vg_z(site)), 0, &closing, err));
    *ret_us = day_us + (closing > 0 ? closing : CLOSING_MIN) * MINUTE_US;
    return VG_OK;
}

vg_status visits_closing(vg_cx *cx, const char *site, int64_t from_us, int64_t *ret_us, vg_err *err)
{
    const int64_t day_us = day_of(from_us);
    VG_TRY(closes(cx, site, day_us, ret_us, err));
    if (*ret_us <= from_us) {  // after closing time: until midnight
        *ret_us = day_us + DAY_US;
    }
    return VG_OK;
}

vg_status visits_evening(vg_cx *cx, const char *site, int64_t ends_us, int64_t *ret_us, vg_err *err)
{
    VG_TRY(closes(cx, site, day_of(cx->now_us), ret_us, err));
    if (*ret_us <= cx->now_us) {
        *ret_us += DAY_US;
    }
    if (ends_us > cx->now_us && day_of(ends_us) == day_of(*ret_us)) {
        *ret_us += DAY_US;
    }
    return VG_OK;
}

// --- what is asked of one ---------------------------------------------------------------------------
static vg_status areas_ok(vg_cx *cx, vg_str areas, const char *site, vg_err *err)
{
    size_t at = 0, n = 0;
    vg_str raw, c[1];
    if (areas.n && areas.p[0] != '[') {
        return vg_fail(err, VG_EINVALID, "areas", "visits.areas", "%s", "");
    }
    while (areas.n && vg_js_each(areas, &at, NULL, &raw)) {
        const vg_str id = vg_js_decode(cx->arena, raw);
        if (++n > VISITS_AREAS_MAX ||
            vg_look(cx, "SELECT site FROM gate_area WHERE id = ? AND state = 'active'", id, c, 1,
                    err) != VG_OK ||
            !vg_str_eqc(c[0], site)) {
            return vg_fail(err, VG_EINVALID, "areas", "visits.areas", "%s", "");
        }
    }
    return VG_OK;
}

static vg_status host_ok(vg_cx *cx, const visits_new *n, vg_err *err)
{
    vg_str c[2];
    if (n->host.n) {
        const vg_status st =
            vg_look(cx, "SELECT agency, label FROM person WHERE id = ? AND state = 'active'",
                    n->host, c, 2, err);
        if (st != VG_OK || vg_seen(cx, (int32_t)vg_int(c[1]), "host", err) != VG_OK) {
            return vg_fail(err, VG_EINVALID, "host", "visits.no_host", "%s", "");
        }
    }
    if (n->host_user.n && vg_look(cx, "SELECT label FROM user_account WHERE id = ?", n->host_user,
                                  c, 1, err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "host_user", "visits.no_host", "%s", "");
    }
    return VG_OK;
}

static vg_status times_ok(const vg_cx *cx, const visits_new *n, vg_err *err)
{
    if (n->ends_us <= n->starts_us || n->ends_us <= cx->now_us ||
        n->ends_us - n->starts_us > DAYS_MAX * DAY_US) {
        return vg_fail(err, VG_EINVALID, "ends", "visits.ends", "%d", DAYS_MAX);
    }
    return n->release_us && n->release_us > n->starts_us
               ? vg_fail(err, VG_EINVALID, "release_at", "visits.release", "%s", "")
               : VG_OK;
}

// --- made -------------------------------------------------------------------------------------------
vg_status visits_make(vg_cx *cx, const visits_new *n, char ret_id[VG_ID_TEXT], vg_err *err)
{
    const struct {
        const char *key;
        vg_str value;
    } texts[] = {{"host", n->host}, {"host_user", n->host_user}, {"office", n->office}};
    VG_TRY(areas_ok(cx, n->areas, n->site, err));
    VG_TRY(host_ok(cx, n, err));
    VG_TRY(times_ok(cx, n, err));
    vg_new_id(cx, ret_id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "agency", n->agency);
    vg_jw_kstr(&cx->body, "kind", n->kind);
    vg_jw_kstr(&cx->body, "purpose", n->purpose);
    for (size_t i = 0; i < VG_LEN(texts); i++) {
        if (texts[i].value.n) {
            vg_jw_kstr(&cx->body, texts[i].key, texts[i].value);
        }
    }
    vg_jw_ki64(&cx->body, "starts", n->starts_us);
    vg_jw_ki64(&cx->body, "ends", n->ends_us);
    vg_jw_kraw(&cx->body, "areas", n->areas.n ? n->areas : VG_S("[]"));
    vg_jw_kbool(&cx->body, "escort", n->escort);
    if (n->release_us) {
        vg_jw_ki64(&cx->body, "release_at", n->release_us);
    }
    VG_TRY(vg_say(cx, &(vg_saying){"visits.planned", n->site, ret_id, n->label}, err));
    return visits_ask_steps(cx, n, ret_id, err);
}

VG_FOLDER(visits_on_planned)
{
    const char *id = vg_str_z(ap->arena, e->subject), *site = vg_str_z(ap->arena, e->site);
    const int64_t release_us = vg_js_i64(e->body, "release_at", 0);
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO visit (id, agency, site, kind, host, host_user, office, purpose,"
                  " starts, ends, areas, escort, release_at, planned_by, changed_at, at, label,"
                  " world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject agency @site kind host host_user office purpose starts ends areas"
                  " escort release_at @actor @at @at @label @world",
                  err));
    if (release_us) {
        VG_TRY(vg_deadline_set(ap, "visits.release", id, site, release_us, err));
    }
    return vg_deadline_set(ap, "visits.over", id, site, vg_js_i64(e->body, "ends", 0), err);
}

VG_HANDLER(visits_plan)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "visits.plan", &site, err));
    visits_new n = {.site = site.id,
                    .agency = site.agency,
                    .kind = vg_arg_has(args, "kind") ? vg_arg_str(args, "kind") : VG_S("visit"),
                    .host = vg_arg_str(args, "host"),
                    .host_user = vg_arg_str(args, "host_user"),
                    .office = vg_arg_str(args, "office"),
                    .purpose = vg_arg_str(args, "purpose"),
                    .areas = vg_arg_str(args, "areas"),
                    .starts_us = vg_arg_i64(args, "starts", 0),
                    .ends_us = vg_arg_i64(args, "ends", 0),
                    .release_us = vg_arg_i64(args, "release_at", 0),
                    .escort = vg_arg_i64(args, "escort", 0) != 0};
    if (n.release_us <= cx->now_us) {
        n.release_us = 0;
    }
    if (!n.host.n && !n.host_user.n && *cx->who->user) {
        n.host_user = vg_str_c(cx->who->user);
    }
    if (!n.ends_us) {
        VG_TRY(visits_closing(cx, site.id, n.starts_us, &n.ends_us, err));
    }
    VG_TRY(vg_label_of(cx, site.agency, n.release_us ? VG_C_MOVEMENT : VG_C_GATE, site.id,
                       VG_S_NORMAL, &n.label, err));
    // Nobody writes what he could not read.
    VG_TRY(vg_seen(cx, n.label, "release_at", err));
    VG_TRY(visits_make(cx, &n, id, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

// --- taken back ---------------------------------------------------------------------------------------
// Who was on a list that nobody at the gate has seen is forgotten with it; the cards go by the reaction.
static vg_status forget_held(vg_cx *cx, const visits_visit *v, vg_err *err)
{
    vg_rows *r;
    const char *ids[VISITS_GUESTS_MAX];
    size_t n = 0;
    VG_TRY(vg_rows_open(cx->db, "SELECT id FROM visit_guest WHERE visit = ? AND holder IS NULL",
                        VG_VALS(vg_z(v->id)), &r, err));
    while (n < VISITS_GUESTS_MAX && vg_rows_next(r)) {
        ids[n++] = vg_str_z(cx->arena, vg_row_str(r, 0));
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t i = 0; i < n; i++) {
        const vg_status st = vg_person_erase(cx, ids[i], err);
        if (st != VG_OK && st != VG_ENOTFOUND) {
            return st;
        }
    }
    return VG_OK;
}

VG_HANDLER(visits_cancel)
{
    visits_visit v = {0};
    VG_TRY(visits_at(cx, vg_arg_str(args, "id"), "id", &v, err));
    VG_TRY(vg_require_own(cx, "visits.plan", v.site, v.agency, err));
    if (!visits_open(&v) || vg_str_eqc(v.state, "arrived")) {
        return vg_fail(err, VG_ECONFLICT, "id", "visits.not_open", "%s", "");
    }
    VG_TRY(forget_held(cx, &v, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    return vg_say(cx, &(vg_saying){"visits.cancelled", v.site, v.id, v.label}, err);
}

VG_FOLDER(visits_on_cancelled)
{
    const char *id = vg_str_z(ap->arena, e->subject);
    VG_TRY(vg_put(ap, e,
                  "UPDATE visit SET state = 'cancelled', reason = ?, changed_at = ? WHERE id = ?",
                  "reason @at @subject", err));
    VG_TRY(vg_deadline_clear(ap, "visits.release", id, err));
    return vg_deadline_clear(ap, "visits.over", id, err);
}
