// SPDX-License-Identifier: Apache-2.0
// The register of processing: what personal data an agency works with, whose, what for and on what ground, who gets
// it, how long it is kept. From the day processing starts a clock runs to the dossier of impact assessment, by the
// law's term of that day, kept with its basis; a late one is said once and stays due until it is made or the
// processing ends. An entry that is written anew takes the place of the old one; the journal has both.
#include "domain/privacy/privacy.h"

#include "domain/day.h"

static const char *const grounds[] = {"consent",  "state_function", "emergency",
                                      "contract", "other_law",      NULL};

#define ENTRY                                                                                      \
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 120},                                                  \
        {"purpose", VG_F_TEXT, VG_REQUIRED, .max = 1000},                                          \
        {"ground", VG_F_ENUM, VG_REQUIRED, .values = grounds, .law = "l91-2025/19"},               \
        {"ref", VG_F_TEXT, VG_REQUIRED, .max = 60}, {"data", VG_F_JSON, VG_REQUIRED, .max = 1024}, \
        {"people", VG_F_JSON, VG_REQUIRED, .max = 1024},                                           \
        {"recipients", VG_F_TEXT, VG_REQUIRED, .max = 500},                                        \
        {"retention", VG_F_TEXT, VG_REQUIRED, .max = 40},                                          \
    {                                                                                              \
        "started", VG_F_TEXT, VG_REQUIRED, .max = 10, .law = "l91-2025/21"                         \
    }

const vg_field privacy_processing_add_fields[] = {{"agency", VG_F_ID}, ENTRY, {NULL}};
const vg_field privacy_processing_update_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, ENTRY, {NULL}};
const vg_field privacy_assess_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"on", VG_F_TEXT, VG_REQUIRED, .max = 10, .law = "l91-2025/21"},
    {"number", VG_F_TEXT, VG_REQUIRED, .max = 60},
    {NULL},
};
const vg_field privacy_end_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"on", VG_F_TEXT, VG_REQUIRED, .max = 10},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};

#define PROCESSING "SELECT agency, state, label FROM processing WHERE id = ?"

static vg_status entry_ok(vg_cx *cx, const vg_args *args, int *ret_started, vg_err *err)
{
    vg_str found;
    const vg_str class = vg_arg_str(args, "retention");
    VG_TRY(privacy_words(vg_arg_str(args, "data"), "data", privacy_data, 1, err));
    VG_TRY(privacy_words(vg_arg_str(args, "people"), "people", privacy_people, 1, err));
    VG_TRY(privacy_ref(cx, vg_arg_str(args, "ref"), err));
    if (vg_look(cx, "SELECT code FROM retention_class WHERE code = ?", class, &found, 1, err) !=
        VG_OK) {
        return vg_fail(err, VG_EINVALID, "retention", "privacy.no_class", "%.*s", VG_FMT(class));
    }
    return vg_day_parse(vg_arg_str(args, "started"), "started", ret_started, err);
}

static vg_status record(vg_cx *cx, const vg_args *args, const privacy_row *row, vg_err *err)
{
    vg_term term;
    int started = 0;
    VG_TRY(entry_ok(cx, args, &started, err));
    VG_TRY(vg_term_on(cx, "privacy.assessment", started, &term, err));
    vg_body(cx);
    vg_body_args(cx, args, "agency");
    vg_jw_kz(&cx->body, "agency", row->agency);
    if (term.known) {
        vg_jw_ki64(&cx->body, "due", privacy_over_us(&term, vg_day_start_us(started)));
        vg_jw_kstr(&cx->body, "due_ref", term.ref);
    }
    VG_TRY(vg_say(cx, &(vg_saying){"privacy.processing_recorded", "", row->id, row->label}, err));
    vg_jw_kz(&cx->reply, "id", row->id);
    return VG_OK;
}

VG_HANDLER(privacy_processing_add)
{
    privacy_row row = {0};
    char id[VG_ID_TEXT];
    VG_TRY(privacy_agency(cx, args, &row.agency, err));
    VG_TRY(vg_label_of(cx, row.agency, VG_C_PERSONAL, "", VG_S_NORMAL, &row.label, err));
    vg_new_id(cx, id);
    row.id = id;
    return record(cx, args, &row, err);
}

static vg_status active_at(vg_cx *cx, const vg_args *args, privacy_row *ret, vg_err *err)
{
    VG_TRY(privacy_at(cx, PROCESSING, vg_arg_str(args, "id"), ret, err));
    return vg_str_eqc(ret->state, "active")
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "privacy.ended", "%s", "");
}

VG_HANDLER(privacy_processing_update)
{
    privacy_row row;
    VG_TRY(active_at(cx, args, &row, err));
    return record(cx, args, &row, err);
}

VG_FOLDER(privacy_on_recorded)
{
    const int64_t due = vg_js_i64(e->body, "due", 0);
    const char *id = vg_str_z(ap->arena, e->subject);
    int64_t made = 0;
    VG_TRY(vg_put(
        ap, e,
        "INSERT INTO processing (id, agency, name, purpose, ground, ref, data, people, recipients,"
        " retention, started, due, due_ref, changed_at, at, label, world)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " name = excluded.name, purpose = excluded.purpose, ground = excluded.ground,"
        " ref = excluded.ref, data = excluded.data, people = excluded.people,"
        " recipients = excluded.recipients, retention = excluded.retention,"
        " started = excluded.started, due = excluded.due, due_ref = excluded.due_ref,"
        " late = CASE WHEN excluded.due IS processing.due THEN late ELSE 0 END,"
        " changed_at = excluded.changed_at",
        "@subject agency name purpose ground ref data people recipients retention started due"
        " due_ref @at @at @label @world",
        err));
    VG_TRY(vg_one_i64(ap->db, "SELECT 1 FROM processing WHERE id = ? AND assessed_on IS NOT NULL",
                      VG_VALS(vg_z(id)), 0, &made, err));
    return due && !made ? vg_deadline_set(ap, "privacy.assessment", id, "", due, err)
                        : vg_deadline_clear(ap, "privacy.assessment", id, err);
}

// --- the dossier --------------------------------------------------------------------------------
// A day that has come; it names the field.
static vg_status day_past(vg_cx *cx, const vg_args *args, vg_err *err)
{
    int day = 0;
    VG_TRY(vg_day_parse(vg_arg_str(args, "on"), "on", &day, err));
    return day <= vg_day_of(cx->now_us) ? VG_OK
                                        : vg_fail(err, VG_EINVALID, "on", "privacy.in_future",
                                                  "%.*s", VG_FMT(vg_arg_str(args, "on")));
}

static vg_status say_row(vg_cx *cx, const vg_args *args, const privacy_row *row, const char *kind,
                         vg_err *err)
{
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(vg_say(cx, &(vg_saying){kind, "", row->id, row->label}, err));
    vg_jw_kz(&cx->reply, "id", row->id);
    return VG_OK;
}

VG_HANDLER(privacy_assess)
{
    privacy_row row;
    VG_TRY(active_at(cx, args, &row, err));
    VG_TRY(day_past(cx, args, err));
    return say_row(cx, args, &row, "privacy.assessed", err);
}

VG_FOLDER(privacy_on_assessed)
{
    VG_TRY(vg_put(ap, e, "UPDATE processing SET assessed_on = ?, assessment = ? WHERE id = ?",
                  "on number @subject", err));
    return vg_deadline_clear(ap, "privacy.assessment", vg_str_z(ap->arena, e->subject), err);
}

VG_HANDLER(privacy_assessment_late)
{
    privacy_row row;
    VG_TRY(active_at(cx, args, &row, err));
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"privacy.assessment_late", "", row.id, row.label}, err);
}

VG_FOLDER(privacy_on_assessment_late)
{
    return vg_put(ap, e, "UPDATE processing SET late = 1 WHERE id = ?", "@subject", err);
}

VG_HANDLER(privacy_end)
{
    privacy_row row;
    VG_TRY(active_at(cx, args, &row, err));
    VG_TRY(day_past(cx, args, err));
    return say_row(cx, args, &row, "privacy.processing_ended", err);
}

VG_FOLDER(privacy_on_ended)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE processing SET state = 'ended', ended_on = ?, reason = ? WHERE id = ?",
                  "on reason @subject", err));
    return vg_deadline_clear(ap, "privacy.assessment", vg_str_z(ap->arena, e->subject), err);
}
