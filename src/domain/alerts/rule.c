// SPDX-License-Identifier: Apache-2.0
// The rules in force, as the engine's thread found them at start. Rules are files (shipped ones inside the
// program, the node's own in DATA/rules); the table shows each as a sentence and the journal keeps which
// version was in force when. alerts.clock is the engine's time: journaled, so that a replay ticks alike.
#include "domain/alerts/alerts.h"

const vg_field alerts_rule_fields[] = {
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"title_vi", VG_F_TEXT, VG_REQUIRED, .max = 300},
    {"title_en", VG_F_TEXT, .max = 300},
    {"level", VG_F_ENUM, VG_REQUIRED, .values = alerts_levels},
    {"version", VG_F_TEXT, VG_REQUIRED, .max = 32},
    {"situation", VG_F_TEXT, .max = 40},
    {"sentence_vi", VG_F_TEXT, .max = 1500},
    {"sentence_en", VG_F_TEXT, .max = 1500},
    {"file", VG_F_TEXT, .max = 200},
    {NULL},
};
const vg_field alerts_retire_fields[] = {
    {"names", VG_F_JSON, VG_REQUIRED, .max = 65536},
    {NULL},
};
const vg_field alerts_clock_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {NULL},
};
const vg_field alerts_reread_fields[] = {
    {"before", VG_F_INT, VG_REQUIRED},
    {NULL},
};

static vg_status node_label(vg_cx *cx, int32_t *ret, vg_err *err)
{
    return vg_label_of(cx, "", VG_C_SHARED, "", VG_S_NORMAL, ret, err);
}

VG_HANDLER(alerts_rule_publish)
{
    vg_str c[3];
    int32_t label = 0;
    const vg_str name = vg_arg_str(args, "name");
    const vg_status st = vg_look(cx, "SELECT version, state, sentence_vi FROM rule WHERE name = ?",
                                 name, c, 3, NULL);
    if (st == VG_OK && vg_str_eqc(c[1], "active") && vg_str_eq(c[0], vg_arg_str(args, "version")) &&
        vg_str_eq(c[2], vg_arg_str(args, "sentence_vi"))) {
        return VG_OK;
    }
    VG_TRY(node_label(cx, &label, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    return vg_say(cx, &(vg_saying){"alerts.rule_published", "", vg_str_z(cx->arena, name), label},
                  err);
}

VG_FOLDER(alerts_on_rule_published)
{
    return vg_put(
        ap, e,
        "INSERT INTO rule (name, title_vi, title_en, level, version, situation, sentence_vi, "
        "sentence_en,"
        " file, at, label) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE "
        "SET"
        " title_vi = excluded.title_vi, title_en = excluded.title_en, level = excluded.level,"
        " version = excluded.version, situation = excluded.situation,"
        " sentence_vi = excluded.sentence_vi, sentence_en = excluded.sentence_en,"
        " file = excluded.file, state = 'active'",
        "name title_vi title_en level version situation sentence_vi sentence_en file @at @label",
        err);
}

static bool in_array(vg_arena *a, vg_str array, vg_str name)
{
    size_t at = 0;
    vg_str raw;
    while (vg_js_each(array, &at, NULL, &raw)) {
        if (vg_str_eq(vg_js_decode(a, raw), name)) {
            return true;
        }
    }
    return false;
}

VG_HANDLER(alerts_rules_retire)
{
    enum { MOST = 64 };
    vg_str gone[MOST];
    size_t n = 0;
    vg_rows *r;
    int32_t label = 0;
    VG_TRY(vg_rows_open(cx->db, "SELECT name FROM rule WHERE state = 'active' ORDER BY name",
                        VG_NOVALS, &r, err));
    while (vg_rows_next(r)) {
        const vg_str name = vg_str_dup(cx->arena, vg_row_str(r, 0));
        if (n < MOST && !in_array(cx->arena, vg_arg_str(args, "names"), name)) {
            gone[n++] = name;
        }
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t i = 0; i < n; i++) {
        VG_TRY(node_label(cx, &label, err));
        vg_body(cx);
        VG_TRY(vg_say(
            cx, &(vg_saying){"alerts.rule_retired", "", vg_str_z(cx->arena, gone[i]), label}, err));
    }
    return VG_OK;
}

VG_FOLDER(alerts_on_rule_retired)
{
    return vg_put(ap, e, "UPDATE rule SET state = 'retired' WHERE name = ?", "@subject", err);
}

VG_HANDLER(alerts_clock)
{
    vg_site_ref site;
    int32_t label = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "alerts.clock", &site, err));
    // The custodian's alone: that a tick was wanted tells that something was heard, whoever's it was.
    VG_TRY(vg_label_of(cx, "", VG_C_MEASURES, "", VG_S_NORMAL, &label, err));
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"alerts.clock", site.id, site.id, label}, err);
}

// The engine lost its state and reads the journal from the beginning: what it finds from before this time (µs) is
// not raised.
VG_HANDLER(alerts_reread)
{
    int32_t label = 0;
    VG_TRY(vg_label_of(cx, "", VG_C_MEASURES, "", VG_S_NORMAL, &label, err));
    vg_body(cx);
    vg_jw_ki64(&cx->body, "before", vg_arg_i64(args, "before", 0));
    return vg_say(cx, &(vg_saying){"alerts.reread", "", "", label}, err);
}
