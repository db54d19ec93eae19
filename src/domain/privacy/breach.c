// SPDX-License-Identifier: Apache-2.0
// Breaches of personal data. From the moment one is found a clock runs to telling the competent body, by the law's
// term of that day. What is known may be told in parts: the first part stops the clock (that reading is ours), the
// record stays open until the last part is sent. What is told late needs its reason. A breach is closed after the last
// part, or with a written reason why nobody had to be told. The texts name no person: they are not encrypted.
#include "domain/privacy/privacy.h"

#include "domain/day.h"

#define FACTS(required)                                                                         \
    {"what", VG_F_TEXT, (required), .max = 1000}, {"data", VG_F_JSON, (required), .max = 1024}, \
        {"people", VG_F_JSON, (required), .max = 1024},                                         \
        {"about_count", VG_F_INT, .min = 0, .max = 100000000},                                  \
    {                                                                                           \
        "measures", VG_F_TEXT, .max = 4000                                                      \
    }

const vg_field privacy_breach_fields[] = {
    {"agency", VG_F_ID},
    {"site", VG_F_ID},
    {"found_at", VG_F_TIME, VG_REQUIRED, .law = "l91-2025/23"},
    FACTS(VG_REQUIRED),
    {NULL},
};
const vg_field privacy_breach_update_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, FACTS(0), {NULL}};
const vg_field privacy_notify_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"sent_at", VG_F_TIME, VG_REQUIRED, .law = "l91-2025/23"},
    {"recipient", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {"reference", VG_F_TEXT, VG_REQUIRED, .max = 100},
    {"complete", VG_F_BOOL, VG_REQUIRED},
    {"late_reason", VG_F_TEXT, .max = 1000},
    {NULL},
};
const vg_field privacy_breach_close_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, .max = 1000},
    {NULL},
};

#define BREACH "SELECT agency, state, label FROM breach WHERE id = ?"

static vg_status facts_ok(const vg_args *args, vg_err *err)
{
    if (vg_arg_has(args, "data")) {
        VG_TRY(privacy_words(vg_arg_str(args, "data"), "data", privacy_data, 1, err));
    }
    return vg_arg_has(args, "people")
               ? privacy_words(vg_arg_str(args, "people"), "people", privacy_people, 1, err)
               : VG_OK;
}

static vg_status say_breach(vg_cx *cx, const privacy_row *row, const char *kind, vg_err *err)
{
    VG_TRY(vg_say(cx, &(vg_saying){kind, "", row->id, row->label}, err));
    vg_jw_kz(&cx->reply, "id", row->id);
    return VG_OK;
}

VG_HANDLER(privacy_breach_open)
{
    privacy_row row = {0};
    char id[VG_ID_TEXT];
    vg_term term;
    vg_number number;
    const int64_t found = vg_arg_i64(args, "found_at", 0);
    VG_TRY(privacy_agency(cx, args, &row.agency, err));
    VG_TRY(privacy_site(cx, args, err));
    VG_TRY(facts_ok(args, err));
    if (found > cx->now_us) {
        return vg_fail(err, VG_EINVALID, "found_at", "privacy.in_future", "%s", "");
    }
    VG_TRY(vg_term_on(cx, "privacy.breach", vg_day_of(found), &term, err));
    VG_TRY(vg_label_of(cx, row.agency, VG_C_PERSONAL, "", VG_S_NORMAL, &row.label, err));
    VG_TRY(vg_number_next(cx, "SELECT max(n) FROM breach WHERE agency = ? AND year = ?", row.agency,
                          "VP", &number, err));
    vg_new_id(cx, id);
    row.id = id;
    vg_body(cx);
    vg_body_args(cx, args, "agency");
    vg_jw_kz(&cx->body, "agency", row.agency);
    vg_jw_ki64(&cx->body, "year", number.year);
    vg_jw_ki64(&cx->body, "n", number.n);
    vg_jw_kz(&cx->body, "number", number.text);
    if (term.known) {
        vg_jw_ki64(&cx->body, "due", privacy_over_us(&term, found));
        vg_jw_kstr(&cx->body, "ref", term.ref);
    }
    return say_breach(cx, &row, "privacy.breach_opened", err);
}

VG_FOLDER(privacy_on_breach_opened)
{
    const int64_t due = vg_js_i64(e->body, "due", 0);
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO breach (id, agency, year, n, number, site, found_at, what, data,"
                  " people, about_count, measures, due, ref, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject agency year n number site found_at what data people about_count"
                  " measures due ref @at @label @world",
                  err));
    return due ? vg_deadline_set(ap, "privacy.breach", vg_str_z(ap->arena, e->subject), "", due,
                                 err)
               : VG_OK;
}

static vg_status unclosed_at(vg_cx *cx, const vg_args *args, privacy_row *ret, vg_err *err)
{
    VG_TRY(privacy_at(cx, BREACH, vg_arg_str(args, "id"), ret, err));
    return vg_str_eqc(ret->state, "closed")
               ? vg_fail(err, VG_ECONFLICT, "id", "privacy.breach_closed", "%s", "")
               : VG_OK;
}

VG_HANDLER(privacy_breach_update)
{
    privacy_row row;
    VG_TRY(unclosed_at(cx, args, &row, err));
    VG_TRY(facts_ok(args, err));
    if (vg_arg_has(args, "what") && !vg_arg_str(args, "what").n) {
        return vg_fail(err, VG_EINVALID, "what", "err.field_missing", "%s", "what");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    return say_breach(cx, &row, "privacy.breach_changed", err);
}

VG_FOLDER(privacy_on_breach_changed)
{
    return vg_put(ap, e,
                  "UPDATE breach SET what = COALESCE(?, what), data = COALESCE(?, data), people ="
                  " COALESCE(?, people), about_count = COALESCE(?, about_count), measures ="
                  " COALESCE(?, measures) WHERE id = ?",
                  "what data people about_count measures @subject", err);
}

// --- told ---------------------------------------------------------------------------------------
// state open: nobody was told; partial: part of it; notified: all of it; closed.
static vg_status time_ok(vg_cx *cx, const vg_args *args, const privacy_row *row, vg_err *err)
{
    vg_str c[2];
    const int64_t sent = vg_arg_i64(args, "sent_at", 0);
    VG_TRY(
        vg_look(cx, "SELECT found_at, due FROM breach WHERE id = ?", vg_str_c(row->id), c, 2, err));
    if (sent > cx->now_us || sent < vg_int(c[0])) {
        return vg_fail(err, VG_EINVALID, "sent_at", "privacy.sent_at", "%s", "");
    }
    if (vg_str_eqc(row->state, "open") && c[1].n && sent > vg_int(c[1]) &&
        !vg_arg_str(args, "late_reason").n) {
        return vg_fail(err, VG_EINVALID, "late_reason", "privacy.late_reason", "%s", "");
    }
    return VG_OK;
}

VG_HANDLER(privacy_notify)
{
    privacy_row row;
    int64_t n = 0;
    VG_TRY(unclosed_at(cx, args, &row, err));
    if (vg_str_eqc(row.state, "notified")) {
        return vg_fail(err, VG_ECONFLICT, "id", "privacy.told_all", "%s", "");
    }
    VG_TRY(time_ok(cx, args, &row, err));
    VG_TRY(vg_one_i64(cx->db, "SELECT notices FROM breach WHERE id = ?", VG_VALS(vg_z(row.id)), 0,
                      &n, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_ki64(&cx->body, "n", n + 1);
    return say_breach(cx, &row, "privacy.breach_notified", err);
}

VG_FOLDER(privacy_on_notified)
{
    const int64_t n = vg_js_i64(e->body, "n", 0);
    const vg_str id = vg_str_f(ap->arena, "%.*s.%lld", VG_FMT(e->subject), (long long)n);
    VG_TRY(vg_exec(
        ap->db,
        "INSERT INTO breach_notice (id, breach, n, sent_at, recipient, reference, complete,"
        " late_reason, at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, NULLIF(?, ''), ?, ?, ?)",
        VG_VALS(vg_t(id), vg_t(e->subject), vg_i(n), vg_i(vg_js_i64(e->body, "sent_at", 0)),
                vg_t(vg_js_str(ap->arena, e->body, "recipient")),
                vg_t(vg_js_str(ap->arena, e->body, "reference")),
                vg_i(vg_js_bool(e->body, "complete", false)),
                vg_t(vg_js_str(ap->arena, e->body, "late_reason")), vg_i(e->recorded_us),
                vg_i(e->label), vg_i(e->world)),
        err));
    VG_TRY(vg_put(ap, e,
                  "UPDATE breach SET notices = ?, notified_at = COALESCE(notified_at, ?), state ="
                  " CASE ? WHEN 1 THEN 'notified' ELSE 'partial' END WHERE id = ?",
                  "n sent_at complete @subject", err));
    return vg_deadline_clear(ap, "privacy.breach", vg_str_z(ap->arena, e->subject), err);
}

VG_HANDLER(privacy_breach_close)
{
    privacy_row row;
    VG_TRY(unclosed_at(cx, args, &row, err));
    if (vg_str_eqc(row.state, "partial")) {
        return vg_fail(err, VG_ECONFLICT, "id", "privacy.rest_untold", "%s", "");
    }
    if (vg_str_eqc(row.state, "open") && !vg_arg_str(args, "reason").n) {
        return vg_fail(err, VG_EINVALID, "reason", "privacy.not_told_reason", "%s", "");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    return say_breach(cx, &row, "privacy.breach_closed", err);
}

VG_FOLDER(privacy_on_breach_closed)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE breach SET state = 'closed', closed_at = ?, reason = ? WHERE id = ?",
                  "@at reason @subject", err));
    return vg_deadline_clear(ap, "privacy.breach", vg_str_z(ap->arena, e->subject), err);
}

VG_HANDLER(privacy_breach_late)
{
    privacy_row row;
    VG_TRY(unclosed_at(cx, args, &row, err));
    vg_body(cx);
    return say_breach(cx, &row, "privacy.breach_late", err);
}

VG_FOLDER(privacy_on_breach_late)
{
    return vg_put(ap, e, "UPDATE breach SET late = 1 WHERE id = ?", "@subject", err);
}
