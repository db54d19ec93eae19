// SPDX-License-Identifier: Apache-2.0
// Raising. The engine's thread submits what its rules found, with the engine's alert id as the command id, so
// that the same finding is never two alerts. While an alert of the same rule and key is open, a further
// finding is folded into it (alerts.more): one alert, growing evidence. What another rule finds in the same
// events is joined too (absorb.c); any other sign is an alert of its own. After an alert was closed the next event opens a new one: closing never silences.
// Events are counted by their sequence numbers, so a replay after a crash counts none twice. At a zone that an
// officer has bypassed alerts are still made but at level low, except where life is in danger.
#include "domain/alerts/alerts.h"

#include "core/core.h"

const char *const alerts_levels[] = {"low", "medium", "high", "critical", NULL};

const vg_field alerts_raise_fields[] = {
    {"rule", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"version", VG_F_TEXT, VG_REQUIRED, .max = 32},
    {"key", VG_F_TEXT, .max = 300},
    {"site", VG_F_ID},   // none: of a rule across sites
    {"place", VG_F_ID},  // then the site of its last event
    {"zone", VG_F_TEXT, .max = 16},
    {"source", VG_F_TEXT, .max = 16},
    {"kind", VG_F_TEXT, .max = 32},
    {"level", VG_F_ENUM, VG_REQUIRED, .values = alerts_levels},
    {"title_vi", VG_F_TEXT, VG_REQUIRED, .max = 300},
    {"title_en", VG_F_TEXT, .max = 300},
    {"situation", VG_F_TEXT, .max = 40},
    {"at", VG_F_INT, VG_REQUIRED},
    {"repeat", VG_F_BOOL},
    {"test", VG_F_BOOL},
    {"seqs", VG_F_JSON, VG_REQUIRED, .max = 16384},
    {"evidence", VG_F_JSON, VG_REQUIRED, .max = 32768},
    {"explain_vi", VG_F_TEXT, .max = 1500},
    {"explain_en", VG_F_TEXT, .max = 1500},
    {"cancel_vi", VG_F_TEXT, .max = 1500},
    {"cancel_en", VG_F_TEXT, .max = 1500},
    {NULL},
};

static bool endangers_life(vg_str kind)
{
    static const char *const kinds[] = {"panic", "duress", "holdup",  "fire",
                                        "smoke", "gas",    "medical", "emergency"};
    for (size_t i = 0; i < VG_LEN(kinds); i++) {
        if (vg_str_eqc(kind, kinds[i])) {
            return true;
        }
    }
    return false;
}

// An alert that cites a sign of danger to life always stands alone.
static vg_status mark_life(vg_apply *ap, const vg_event *e, vg_err *err)
{
    size_t at = 0;
    vg_str cited = {"", 0}, item;
    bool life = endangers_life(vg_js_str(ap->arena, e->body, "kind"));
    (void)vg_js_find(e->body, "evidence", &cited);
    while (!life && cited.n > 2 && vg_js_each(cited, &at, NULL, &item)) {
        life = endangers_life(vg_js_str(ap->arena, item, "kind"));
    }
    return life ? vg_exec(ap->db, "UPDATE alert SET life = 1 WHERE id = ?",
                          VG_VALS(vg_t(e->subject)), err)
                : VG_OK;
}

vg_status alerts_find_open(vg_cx *cx, const vg_args *args, alerts_open *ret, bool *ret_found,
                           vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT id, last_seq, label, chattering FROM alert WHERE rule = ? AND "
                        "grouped = ? AND site = ?"
                        " AND test = ? AND world = ? AND state IN ('open', 'acknowledged')"
                        " AND cleared_at IS NULL ORDER BY label = ? DESC, at DESC LIMIT 1",
                        VG_VALS(vg_t(vg_arg_str(args, "rule")), vg_t(vg_arg_str(args, "key")),
                                vg_t(vg_arg_str(args, "site")), vg_i(vg_arg_i64(args, "test", 0)),
                                vg_i(cx->world), vg_i(ret->label)),
                        &r, err));
    *ret_found = vg_rows_next(r);
    if (*ret_found) {
        snprintf(ret->id, sizeof ret->id, "%.*s", VG_FMT(vg_row_str(r, 0)));
        ret->last_seq = vg_row_i64(r, 1);
        ret->label = (int32_t)vg_row_i64(r, 2);
        ret->chattering = vg_row_i64(r, 3) != 0;
    }
    return vg_rows_close(r, err);
}

static vg_status more(vg_cx *cx, const vg_args *args, const alerts_open *o, vg_err *err)
{
    int64_t last = 0;
    int64_t n = alerts_seqs_after(vg_arg_str(args, "seqs"), o->last_seq, &last);
    vg_jw_kz(&cx->reply, "id", o->id);
    if (n == 0 && (o->joined || vg_arg_i64(args, "repeat", 0))) {
        return VG_OK;  // counted before
    }
    bool chatters = false;
    if (!o->joined && !o->chattering) {
        VG_TRY(alerts_chatters(cx, args, &chatters, err));
    }
    vg_body(cx);
    if (chatters) {
        vg_jw_kbool(&cx->body, "chattering", true);
    }
    if (o->joined) {
        vg_jw_kstr(&cx->body, "joined", vg_arg_str(args, "rule"));
        vg_jw_kstr(&cx->body, "version", vg_arg_str(args, "version"));
    }
    vg_jw_ki64(&cx->reply, "n", n ? n : 1);
    if (!vg_arg_i64(args, "repeat", 0)) {  // a finding of its own, which rules across sites count
        vg_jw_kstr(&cx->body, "rule", vg_arg_str(args, "rule"));
        vg_jw_kbool(&cx->body, "test", vg_arg_i64(args, "test", 0) != 0);
    }
    vg_jw_ki64(&cx->body, "n", n ? n : 1);
    vg_jw_ki64(&cx->body, "last_seq", last);
    vg_jw_ki64(&cx->body, "last_at", vg_arg_i64(args, "at", 0));
    vg_jw_kraw(&cx->body, "evidence", vg_arg_str(args, "evidence"));
    const char *site = vg_str_z(cx->arena, vg_arg_str(args, "site"));
    return vg_say(cx, &(vg_saying){"alerts.more", site, o->id, o->label}, err);
}

VG_FOLDER(alerts_on_more)
{
    vg_rows *r;
    vg_str old = {"", 0};
    VG_TRY(vg_rows_open(ap->db, "SELECT evidence FROM alert WHERE id = ?",
                        VG_VALS(vg_t(e->subject)), &r, err));
    if (vg_rows_next(r)) {
        old = vg_str_dup(ap->arena, vg_row_str(r, 0));
    }
    VG_TRY(vg_rows_close(r, err));
    vg_str added = {"", 0};
    (void)vg_js_find(e->body, "evidence", &added);
    const vg_str merged = alerts_evidence_merge(ap->arena, old, added);
    const int64_t n = vg_js_i64(e->body, "n", 0), at = vg_js_i64(e->body, "last_at", 0);
    VG_TRY(vg_exec(ap->db,
                   "UPDATE alert SET count = count + ?, evidence_n = evidence_n + ?, evidence"
                   " = ?, last_seq = ?, last_at = CASE WHEN last_at < ? THEN ? ELSE last_at END"
                   " WHERE id = ?",
                   VG_VALS(vg_i(n), vg_i(n), vg_t(merged), vg_i(vg_js_i64(e->body, "last_seq", 0)),
                           vg_i(at), vg_i(at), vg_t(e->subject)),
                   err));
    VG_TRY(alerts_note_pace(ap, e->subject, at, err));
    VG_TRY(mark_life(ap, e, err));
    return alerts_mark_chattering(ap, e, err);
}

// --- a new alert --------------------------------------------------------------------------------
static vg_status is_bypassed(vg_cx *cx, const vg_args *args, bool *ret, vg_err *err)
{
    int64_t until = 0;
    *ret = false;
    if (endangers_life(vg_arg_str(args, "kind")) || vg_arg_str(args, "zone").n == 0) {
        return VG_OK;
    }
    VG_TRY(vg_one_i64(cx->db, "SELECT bypass_until FROM zone WHERE id = ?",
                      VG_VALS(vg_t(vg_arg_str(args, "zone"))), 0, &until, err));
    *ret = until > vg_core_now(cx->core);
    return VG_OK;
}

static bool cites_gate(vg_cx *cx, const vg_args *args)
{
    size_t at = 0;
    vg_str item;
    bool gate = false;
    const vg_str cited = vg_arg_str(args, "evidence");
    while (!gate && cited.n > 2 && vg_js_each(cited, &at, NULL, &item)) {
        gate = vg_str_starts(vg_js_str(cx->arena, item, "kind"), "gate.");
    }
    return gate;
}

// An alert across sites cites what several agencies' devices said: the custodian's alone. One of the gate is for whoever
// keeps the gates, as what it cites is.
static vg_status label_at(vg_cx *cx, const vg_args *args, const vg_site_ref *site, int32_t *ret,
                          vg_err *err)
{
    return *site->id ? vg_label_of(cx, site->agency, cites_gate(cx, args) ? VG_C_GATE : VG_C_SHARED,
                                   site->id, VG_S_NORMAL, ret, err)
                     : vg_label_of(cx, "", VG_C_MEASURES, "", VG_S_NORMAL, ret, err);
}

static vg_status fresh(vg_cx *cx, const vg_args *args, const vg_site_ref *site, vg_err *err)
{
    char id[VG_ID_TEXT];
    vg_number number;
    int32_t label = 0;
    int64_t last = 0;
    bool bypassed = false, chatters = false;
    const int64_t n = alerts_seqs_after(vg_arg_str(args, "seqs"), 0, &last);
    const int64_t rank = vg_arg_i64(args, "level", 0);
    VG_TRY(is_bypassed(cx, args, &bypassed, err));
    VG_TRY(alerts_chatters(cx, args, &chatters, err));
    VG_TRY(vg_number_next(cx, "SELECT n FROM alert_counter WHERE agency = ? AND year = ?",
                          site->agency, "CB", &number, err));
    VG_TRY(label_at(cx, args, site, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site repeat seqs evidence level");
    vg_jw_kz(&cx->body, "level", alerts_levels[bypassed ? 0 : rank]);
    vg_jw_ki64(&cx->body, "rank", bypassed ? 0 : rank);
    vg_jw_kbool(&cx->body, "bypassed", bypassed);
    if (chatters) {
        vg_jw_kbool(&cx->body, "chattering", true);
    }
    vg_jw_kz(&cx->body, "agency", site->agency);
    vg_jw_kz(&cx->body, "number", number.text);
    vg_jw_ki64(&cx->body, "year", number.year);
    vg_jw_ki64(&cx->body, "serial", number.n);
    vg_jw_ki64(&cx->body, "n", n ? n : 1);
    vg_jw_ki64(&cx->body, "last_seq", last);
    vg_jw_kraw(&cx->body, "evidence",
               alerts_evidence_merge(cx->arena, (vg_str){"", 0}, vg_arg_str(args, "evidence")));
    VG_TRY(vg_say(cx, &(vg_saying){"alerts.raised", site->id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    vg_jw_kz(&cx->reply, "number", number.text);
    VG_TRY(alerts_absorb(cx, args, vg_str_z(cx->arena, vg_str_c(id)), number.text, err));
    return alerts_storm_consider(cx, site->id, label, err);
}

static vg_status where(vg_cx *cx, const vg_args *args, vg_site_ref *ret, vg_err *err)
{
    vg_str agency = {"", 0};
    if (vg_arg_has(args, "site")) {
        return vg_site_at(cx, vg_arg_str(args, "site"), "alerts.raise", ret, err);
    }
    VG_TRY(vg_custodian(cx, &agency, err));
    *ret = (vg_site_ref){.id = "", .agency = vg_str_z(cx->arena, agency)};
    return vg_require(cx, "alerts.raise", NULL, err);
}

VG_HANDLER(alerts_raise)
{
    vg_site_ref site;
    alerts_open open = {0};
    bool found = false;
    VG_TRY(where(cx, args, &site, err));
    int32_t label = 0;
    VG_TRY(label_at(cx, args, &site, &label, err));
    open.label = label;
    VG_TRY(alerts_find_open(cx, args, &open, &found, err));
    // Evidence of a gate joins nothing that more people read, and that of others nothing that fewer do.
    found = found && open.label == label;
    if (!found) {
        VG_TRY(alerts_covering(cx, args, &open, &found, err));
        found = found && open.label == label;
    }
    return found ? more(cx, args, &open, err) : fresh(cx, args, &site, err);
}

VG_FOLDER(alerts_on_raised)
{
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO alert_counter (agency, year, n, label, world) VALUES (?, ?, ?, ?, ?)"
                  " ON CONFLICT (agency, year) DO UPDATE SET n = excluded.n",
                  "agency year serial @label @world", err));
    VG_TRY(vg_put(
        ap, e,
        "INSERT INTO alert (id, number, agency, site, place, zone, source, rule, rule_version,"
        " grouped, cause, title_vi, title_en, level, rank, situation, raised_at, last_at,"
        " count, evidence, evidence_n, last_seq, explain_vi, explain_en, cancel_vi, cancel_en,"
        " bypassed, test, at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, COALESCE(?, ''),"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, COALESCE(?, 0), COALESCE(?, 0), ?, ?,"
        " ?)",
        "@subject number agency @site place zone source rule version key kind title_vi title_en "
        "level "
        "rank"
        " situation at at n evidence n last_seq explain_vi explain_en cancel_vi cancel_en bypassed"
        " test @at @label @world",
        err));
    VG_TRY(alerts_count(ap, e->subject, 1, err));
    VG_TRY(alerts_count_slot(ap, e->subject, err));
    VG_TRY(alerts_note_pace(ap, e->subject, vg_js_i64(e->body, "at", 0), err));
    VG_TRY(mark_life(ap, e, err));
    VG_TRY(alerts_storm_add(ap, e, err));
    return alerts_mark_chattering(ap, e, err);
}
