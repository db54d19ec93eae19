// SPDX-License-Identifier: Apache-2.0
// Results as they come in from the threads that found them: a back-test's, site by site and then its end; a shadow's,
// day by day. Each is said in the site's log with the site's label, so that nobody learns by a rule's trial what
// happens at a site he does not know. A result of an asking that was called off or made anew is passed over.
#include "domain/alerts/rule_life.h"

#include "domain/alerts/alerts.h"

static const char *const ends[] = {"done", "failed", NULL};

const vg_field alerts_tried_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"asked", VG_F_INT, VG_REQUIRED},
    {"state", VG_F_ENUM, VG_REQUIRED, .values = ends},
    {"over", VG_F_BOOL},
    {"problem_vi", VG_F_TEXT, .max = 500},
    {"problem_en", VG_F_TEXT, .max = 500},
    {NULL},
};
const vg_field alerts_trial_seen_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"asked", VG_F_INT, VG_REQUIRED},
    {"site", VG_F_ID, VG_REQUIRED},
    {"only_draft", VG_F_INT, VG_REQUIRED},
    {"only_active", VG_F_INT, VG_REQUIRED},
    {"both", VG_F_INT, VG_REQUIRED},
    {"weeks", VG_F_JSON, VG_REQUIRED, .max = 4096},
    {"examples", VG_F_JSON, VG_REQUIRED, .max = 32768},
    {NULL},
};
const vg_field alerts_trial_step_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"asked", VG_F_INT, VG_REQUIRED},
    {"done", VG_F_INT, VG_REQUIRED},
    {"total", VG_F_INT, VG_REQUIRED},
    {NULL},
};
const vg_field alerts_shadow_seen_fields[] = {
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"version", VG_F_TEXT, VG_REQUIRED, .max = 32},
    {"site", VG_F_ID},  // whose log it was found in; none: in all of them, by a rule across sites
    {"day", VG_F_TEXT, VG_REQUIRED, .max = 10},
    {"n", VG_F_INT, VG_REQUIRED, .min = 0},  // of the whole day until now, not more than before
    {"examples", VG_F_JSON, .max = 4096},    // [{"at": µs, "key": "…", "evidence": ["3-142"]}]
    {NULL},
};

// False: the asking is over.
static vg_status still_asked(vg_cx *cx, const vg_args *args, alerts_rule_row *r, bool *ret,
                             vg_err *err)
{
    VG_TRY(alerts_rule_row_at(cx, vg_arg_str(args, "id"), r, err));
    *ret = vg_str_eqc(r->trial_state, "asked") && r->asked == vg_arg_i64(args, "asked", 0);
    vg_jw_kbool(&cx->reply, "asked", *ret);
    return VG_OK;
}

VG_HANDLER(alerts_rule_tried)
{
    alerts_rule_row r;
    bool asked = false;
    VG_TRY(still_asked(cx, args, &r, &asked, err));
    if (!asked) {
        return VG_OK;
    }
    VG_TRY(vg_exec(cx->db, "DELETE FROM rule_progress WHERE text = ?", VG_VALS(vg_z(r.id)), err));
    vg_body(cx);
    vg_jw_kstr(&cx->body, "name", r.name);
    vg_jw_kstr(&cx->body, "version", r.version);
    vg_body_args(cx, args, "");
    return vg_say(cx, &(vg_saying){"alerts.rule_tried", "", r.id, r.label}, err);
}

static vg_status site_label(vg_cx *cx, vg_str id, vg_site_ref *ret, int32_t *ret_label, vg_err *err)
{
    VG_TRY(vg_site_at(cx, id, "alerts.raise", ret, err));
    return vg_label_of(cx, ret->agency, VG_C_SHARED, ret->id, VG_S_NORMAL, ret_label, err);
}

VG_HANDLER(alerts_rule_trial_seen)
{
    alerts_rule_row r;
    bool asked = false;
    vg_site_ref site;
    int32_t label = 0;
    VG_TRY(still_asked(cx, args, &r, &asked, err));
    if (!asked) {
        return VG_OK;
    }
    VG_TRY(site_label(cx, vg_arg_str(args, "site"), &site, &label, err));
    vg_body(cx);
    vg_jw_kstr(&cx->body, "key", vg_str_f(cx->arena, "%s %s", r.id, site.id));
    vg_jw_kz(&cx->body, "text", r.id);
    vg_jw_kstr(&cx->body, "name", r.name);
    vg_body_args(cx, args, "site");
    return vg_say(cx, &(vg_saying){"alerts.rule_trial_seen", site.id, r.id, label}, err);
}

VG_HANDLER(alerts_rule_trial_step)
{
    alerts_rule_row r;
    bool asked = false;
    VG_TRY(still_asked(cx, args, &r, &asked, err));
    return !asked ? VG_OK
                  : vg_exec(cx->db,
                            "INSERT INTO rule_progress (text, asked, done, total, at, label, world)"
                            " VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (text) DO UPDATE SET asked ="
                            " excluded.asked, done = excluded.done, total = excluded.total, at ="
                            " excluded.at",
                            VG_VALS(vg_z(r.id), vg_i(r.asked), vg_i(vg_arg_i64(args, "done", 0)),
                                    vg_i(vg_arg_i64(args, "total", 0)), vg_i(cx->now_us),
                                    vg_i(r.label)),
                            err);
}

VG_HANDLER(alerts_rule_shadow_seen)
{
    vg_site_ref site = {.id = "", .agency = ""};
    int32_t label = 0;
    if (vg_arg_has(args, "site")) {
        VG_TRY(site_label(cx, vg_arg_str(args, "site"), &site, &label, err));
    } else {
        VG_TRY(vg_label_of(cx, "", VG_C_MEASURES, "", VG_S_NORMAL, &label, err));
    }
    const vg_str name = vg_arg_str(args, "name");
    vg_body(cx);
    vg_jw_kstr(&cx->body, "key",
               vg_str_f(cx->arena, "%.*s %.*s %s %.*s", VG_FMT(name),
                        VG_FMT(vg_arg_str(args, "version")), site.id,
                        VG_FMT(vg_arg_str(args, "day"))));
    vg_body_args(cx, args, "site examples");
    vg_jw_kraw(&cx->body, "examples",
               vg_arg_has(args, "examples") ? vg_arg_str(args, "examples") : VG_S("[]"));
    return vg_say(
        cx, &(vg_saying){"alerts.rule_shadow_seen", site.id, vg_str_z(cx->arena, name), label},
        err);
}
