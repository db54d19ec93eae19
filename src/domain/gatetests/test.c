// SPDX-License-Identifier: Apache-2.0
// An authorised test of a gate: who tries what, and what should have been caught. It is planned by a commander and is of
// the compartment "vulnerability": whoever keeps the gate, also of the same agency, learns nothing before it is over.
// Then the gate is told point, kind and whether it was caught, in an event of its own; one that was not caught is a
// finding besides. The passage by which the tester came through, or the refusal that stopped him, is named there as a test and left out of the gate's
// own figures; it stays where it is in the record, because it happened.
#include "domain/gatetests/gatetests.h"

const char *const gatetests_kinds[] = {"no_badge", "expired_pass", "wrong_person", "hidden_object",
                                       "vehicle",  "tailgating",   "other",        NULL};
static const char *const results[] = {"caught", "not_caught", "not_done", NULL};
enum { CAUGHT, NOT_CAUGHT, NOT_DONE };

const vg_field gatetests_plan_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"point", VG_F_ID},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = gatetests_kinds},
    {"what", VG_F_TEXT, VG_REQUIRED, .max = 300},
    {"tester", VG_F_TEXT, VG_REQUIRED, .max = 120},
    {"starts", VG_F_TIME, VG_REQUIRED},
    {"ends", VG_F_TIME, VG_REQUIRED},
    {NULL},
};
const vg_field gatetests_close_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"result", VG_F_ENUM, VG_REQUIRED, .values = results},
    {"done", VG_F_TIME},
    {"point", VG_F_ID},
    {"passage", VG_F_ID},
    {"note", VG_F_TEXT, .max = 500},
    {NULL},
};

static vg_status there(vg_cx *cx, const char *sql, vg_str id, const char *site, const char *field,
                       vg_err *err)
{
    int64_t here = 0;
    if (!id.n) {
        return VG_OK;
    }
    VG_TRY(vg_one_i64(cx->db, sql, VG_VALS(vg_t(id), vg_z(site)), 0, &here, err));
    return here ? VG_OK : vg_fail(err, VG_EINVALID, field, "gate.not_here", "%s", "");
}

static vg_status point_ok(vg_cx *cx, vg_str point, const char *site, vg_err *err)
{
    return there(cx, "SELECT 1 FROM gate_point WHERE id = ? AND site = ?", point, site, "point",
                 err);
}

VG_HANDLER(gatetests_plan)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "gatetests.plan", &site, err));
    VG_TRY(point_ok(cx, vg_arg_str(args, "point"), site.id, err));
    if (vg_arg_i64(args, "ends", 0) <= vg_arg_i64(args, "starts", 0)) {
        return vg_fail(err, VG_EINVALID, "ends", "gatetests.ends", "%s", "");
    }
    const char *agency = *cx->who->agency ? cx->who->agency : site.agency;
    VG_TRY(vg_label_of(cx, agency, VG_C_VULNERABILITY, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site");
    VG_TRY(vg_say(cx, &(vg_saying){"gatetests.planned", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(gatetests_on_planned)
{
    return vg_put(ap, e,
                  "INSERT INTO gate_test (id, site, point, kind, what, tester, starts, ends,"
                  " planned_by, at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site point kind what tester starts ends @actor @at @label @world",
                  err);
}

// --- over -----------------------------------------------------------------------------------------
typedef struct over {
    const char *id, *site;
    vg_str kind, what, point, passage, note;
    int64_t done_us;
    int result;
    int32_t label, gate;  // of the test; of what happens at the gate
} over;

static vg_status open_test(vg_cx *cx, const vg_args *args, over *o, vg_err *err)
{
    vg_str c[6] = {0};
    vg_site_ref site;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT site, label, state, kind, what, point FROM gate_test WHERE id = ?",
                   id, c, 6, err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[1]), "id", err));
    VG_TRY(vg_site_at(cx, c[0], "gatetests.plan", &site, err));
    if (!vg_str_eqc(c[2], "planned")) {
        return vg_fail(err, VG_ECONFLICT, "id", "gatetests.over", "%s", "");
    }
    *o = (over){.id = vg_str_z(cx->arena, id),
                .site = site.id,
                .kind = c[3],
                .what = c[4],
                .point = vg_arg_has(args, "point") ? vg_arg_str(args, "point") : c[5],
                .passage = vg_arg_str(args, "passage"),
                .note = vg_arg_str(args, "note"),
                .done_us = vg_arg_i64(args, "done", cx->now_us),
                .result = (int)vg_arg_i64(args, "result", NOT_DONE),
                .label = (int32_t)vg_int(c[1])};
    if (o->done_us > cx->now_us) {
        return vg_fail(err, VG_EINVALID, "done", "gate.in_future", "%s", "");
    }
    VG_TRY(point_ok(cx, o->point, o->site, err));
    VG_TRY(there(cx,
                 "SELECT 1 FROM passage WHERE id = ?1 AND site = ?2 UNION ALL SELECT 1 FROM"
                 " refusal WHERE id = ?1 AND site = ?2",
                 o->passage, o->site, "passage", err));
    return vg_label_of(cx, site.agency, VG_C_GATE, site.id, VG_S_NORMAL, &o->gate, err);
}

static void over_body(vg_cx *cx, const over *o)
{
    vg_body(cx);
    vg_jw_kstr(&cx->body, "kind", o->kind);
    vg_jw_kz(&cx->body, "purpose", "test");
    vg_jw_ki64(&cx->body, "done", o->done_us);
    if (o->point.n) {
        vg_jw_kstr(&cx->body, "point", o->point);
    }
    if (o->passage.n) {
        vg_jw_kstr(&cx->body, "passage", o->passage);
    }
}

static vg_status say_told(vg_cx *cx, const over *o, vg_err *err)
{
    char id[VG_ID_TEXT];
    vg_new_id(cx, id);
    over_body(cx, o);
    vg_jw_kbool(&cx->body, "caught", o->result == CAUGHT);
    return vg_say(cx, &(vg_saying){"gatetests.told", o->site, id, o->gate}, err);
}

static vg_status say_finding(vg_cx *cx, const over *o, vg_err *err)
{
    char id[VG_ID_TEXT];
    vg_new_id(cx, id);
    over_body(cx, o);
    vg_jw_kz(&cx->body, "test", o->id);
    vg_jw_kstr(&cx->body, "what", o->what);
    if (o->note.n) {
        vg_jw_kstr(&cx->body, "note", o->note);
    }
    return vg_say(cx, &(vg_saying){"gatetests.finding", o->site, id, o->label}, err);
}

VG_HANDLER(gatetests_close)
{
    over o = {0};
    VG_TRY(open_test(cx, args, &o, err));
    over_body(cx, &o);
    vg_jw_kz(&cx->body, "state", results[o.result]);
    if (o.note.n) {
        vg_jw_kstr(&cx->body, "note", o.note);
    }
    VG_TRY(vg_say(cx, &(vg_saying){"gatetests.closed", o.site, o.id, o.label}, err));
    if (o.result != NOT_DONE) {
        VG_TRY(say_told(cx, &o, err));
    }
    if (o.result == NOT_CAUGHT) {
        VG_TRY(say_finding(cx, &o, err));
    }
    vg_jw_kz(&cx->reply, "id", o.id);
    return VG_OK;
}

VG_FOLDER(gatetests_on_closed)
{
    return vg_put(ap, e,
                  "UPDATE gate_test SET state = ?, done_at = ?, point = COALESCE(?, point),"
                  " passage = ?, note = ?, closed_by = ? WHERE id = ?",
                  "state done point passage note @actor @subject", err);
}

VG_FOLDER(gatetests_on_told)
{
    return vg_put(ap, e,
                  "INSERT INTO gate_test_told (id, site, point, kind, caught, done, passage, at,"
                  " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site point kind caught done passage @at @label @world", err);
}

VG_FOLDER(gatetests_on_finding)
{
    return vg_put(ap, e,
                  "INSERT INTO gate_finding (id, site, point, test, kind, what, note, done, at,"
                  " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site point test kind what note done @at @label @world", err);
}
