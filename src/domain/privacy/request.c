// SPDX-License-Identifier: Apache-2.0
// What people ask about their own data. Who asks, how to reach him and in his own words what for are personal: the
// journal gets them only encrypted, under the key of the person of ours he is, or a key of this request; the clear copy
// that screens read is the volatile table subject_request_card. Two clocks run from the moment it was received, each by
// the law's term of that day: to say that it was received, and to answer. A kind for which the law has no number on
// record has no clock, and the screen says so. The clock is put off once at most, before it is over, with a reason, and by
// no more than it was long: that bound is ours.
#include "domain/privacy/privacy.h"

#include "base/clock.h"
#include "core/person.h"
#include "domain/day.h"

enum { PERSONAL_MAX = 8192, FORGET_MAX = 200 };

static const char *const kinds[] = {"access",   "correction", "withdrawal", "restriction",
                                    "deletion", "objection",  NULL};
static const char *const terms[] = {"privacy.request.answer",   "privacy.request.answer",
                                    "privacy.request.restrict", "privacy.request.restrict",
                                    "privacy.request.delete",   "privacy.request.object"};
static const char *const outcomes[] = {"answered", "refused", "withdrawn", NULL};

const vg_field privacy_request_fields[] = {
    {"agency", VG_F_ID},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = kinds, .law = "l91-2025/yeu-cau"},
    {"received_at", VG_F_TIME, VG_REQUIRED},
    {"site", VG_F_ID},
    {"person", VG_F_ID},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"contact", VG_F_TEXT, .max = 120},
    {"wish", VG_F_TEXT, .max = 2000},
    {NULL},
};
const vg_field privacy_extend_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"until", VG_F_TEXT, VG_REQUIRED, .max = 10},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};
const vg_field privacy_answer_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"outcome", VG_F_ENUM, VG_REQUIRED, .values = outcomes},
    {"reason", VG_F_TEXT, .max = 1000},
    {"erase", VG_F_BOOL},
    {NULL},
};
const vg_field privacy_forget_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {NULL}};

// --- received -----------------------------------------------------------------------------------
typedef struct request {
    const char *id, *agency, *holder;  // holder: whose key the personal part is under
    int32_t label;
    vg_number number;
    vg_term ack, answer;
    int64_t received_us;
} request;

// A person of the same agency whom the caller may know of.
static vg_status person_ok(vg_cx *cx, vg_str person, const char *agency, vg_err *err)
{
    vg_str c[2];
    const vg_status st =
        vg_look(cx, "SELECT agency, label FROM person WHERE id = ?", person, c, 2, err);
    if (st != VG_OK || !vg_str_eqc(c[0], agency)) {
        return vg_fail(err, VG_EINVALID, "person", "privacy.no_person", "%s", "");
    }
    return vg_seen(cx, (int32_t)vg_int(c[1]), "person", err);
}

static vg_status emit_opened(vg_cx *cx, const vg_args *args, const request *q, vg_err *err)
{
    vg_buf personal;
    vg_buf_init(&personal, PERSONAL_MAX * 4);
    vg_jw w = vg_jw_on(&personal);
    vg_jw_open(&w, '{');
    vg_jw_kstr(&w, "name", vg_arg_str(args, "name"));
    vg_jw_kstr(&w, "contact", vg_arg_str(args, "contact"));
    vg_jw_kstr(&w, "wish", vg_arg_str(args, "wish"));
    vg_jw_close(&w, '}');
    const vg_draft d = {.kind = "privacy.request_opened",
                        .subject = q->id,
                        .label = q->label,
                        .person = q->holder,
                        .personal = vg_buf_str(&personal)};
    const vg_status st = vg_emit(cx, &d, NULL, err);
    vg_buf_done(&personal);
    return st;
}

static void say_clock(vg_cx *cx, const vg_term *t, const char *due, const char *ref, int64_t from)
{
    if (t->known) {
        vg_jw_ki64(&cx->body, due, privacy_over_us(t, from));
        vg_jw_kstr(&cx->body, ref, t->ref);
    }
}

// The card first: the row that goes to the live stream is the one written by the fold.
static vg_status keep_card(vg_cx *cx, const vg_args *args, const request *q, vg_err *err)
{
    return vg_exec(cx->db,
                   "INSERT INTO subject_request_card (request, name, contact, wish, label, world)"
                   " VALUES (?, ?, NULLIF(?, ''), NULLIF(?, ''), ?, ?)",
                   VG_VALS(vg_z(q->id), vg_t(vg_arg_str(args, "name")),
                           vg_t(vg_arg_str(args, "contact")), vg_t(vg_arg_str(args, "wish")),
                           vg_i(q->label), vg_i(cx->world)),
                   err);
}

static vg_status clocks_of(vg_cx *cx, const vg_args *args, request *q, vg_err *err)
{
    const int day = vg_day_of(q->received_us);
    if (q->received_us > cx->now_us) {
        return vg_fail(err, VG_EINVALID, "received_at", "privacy.in_future", "%s", "");
    }
    VG_TRY(vg_term_on(cx, "privacy.request.ack", day, &q->ack, err));
    return vg_term_on(cx, terms[vg_arg_i64(args, "kind", 0)], day, &q->answer, err);
}

VG_HANDLER(privacy_request_open)
{
    char id[VG_ID_TEXT];
    request q = {.received_us = vg_arg_i64(args, "received_at", 0)};
    VG_TRY(privacy_agency(cx, args, &q.agency, err));
    VG_TRY(privacy_site(cx, args, err));
    VG_TRY(clocks_of(cx, args, &q, err));
    vg_new_id(cx, id);
    q.id = id;
    q.holder = id;
    if (vg_arg_has(args, "person")) {
        VG_TRY(person_ok(cx, vg_arg_str(args, "person"), q.agency, err));
        q.holder = vg_str_z(cx->arena, vg_arg_str(args, "person"));
    }
    VG_TRY(vg_label_of(cx, q.agency, VG_C_PERSONAL, "", VG_S_NORMAL, &q.label, err));
    VG_TRY(vg_number_next(cx, "SELECT max(n) FROM subject_request WHERE agency = ? AND year = ?",
                          q.agency, "YC", &q.number, err));
    VG_TRY(keep_card(cx, args, &q, err));
    vg_body(cx);
    vg_body_args(cx, args, "agency name contact wish");
    vg_jw_kz(&cx->body, "agency", q.agency);
    vg_jw_kz(&cx->body, "holder", q.holder);
    vg_jw_ki64(&cx->body, "year", q.number.year);
    vg_jw_ki64(&cx->body, "n", q.number.n);
    vg_jw_kz(&cx->body, "number", q.number.text);
    say_clock(cx, &q.ack, "ack_due", "ack_ref", q.received_us);
    say_clock(cx, &q.answer, "due", "ref", q.received_us);
    VG_TRY(emit_opened(cx, args, &q, err));
    vg_jw_kz(&cx->reply, "id", id);
    vg_jw_kz(&cx->reply, "number", q.number.text);
    return VG_OK;
}

static vg_status set_if(vg_apply *ap, const vg_event *e, const char *kind, const char *member,
                        vg_err *err)
{
    const int64_t due = vg_js_i64(e->body, member, 0);
    return due ? vg_deadline_set(ap, kind, vg_str_z(ap->arena, e->subject), "", due, err) : VG_OK;
}

VG_FOLDER(privacy_on_request_opened)
{
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO subject_request (id, agency, year, n, number, kind, site, person,"
                  " holder, opened_by, received_at, ack_due, ack_ref, due, ref, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject agency year n number kind site person holder @actor received_at ack_due"
                  " ack_ref due ref @at @label @world",
                  err));
    VG_TRY(set_if(ap, e, "privacy.ack", "ack_due", err));
    return set_if(ap, e, "privacy.request", "due", err);
}

// --- answered -----------------------------------------------------------------------------------
#define REQUEST "SELECT agency, state, label FROM subject_request WHERE id = ?"

static vg_status open_at(vg_cx *cx, const vg_args *args, privacy_row *ret, vg_err *err)
{
    VG_TRY(privacy_at(cx, REQUEST, vg_arg_str(args, "id"), ret, err));
    return vg_str_eqc(ret->state, "open")
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "privacy.request_closed", "%s", "");
}

static vg_status say_request(vg_cx *cx, const privacy_row *row, const char *kind, vg_err *err)
{
    VG_TRY(vg_say(cx, &(vg_saying){kind, "", row->id, row->label}, err));
    vg_jw_kz(&cx->reply, "id", row->id);
    return VG_OK;
}

VG_HANDLER(privacy_acknowledge)
{
    privacy_row row;
    vg_str told;
    VG_TRY(open_at(cx, args, &row, err));
    VG_TRY(vg_look(cx, "SELECT acknowledged_at FROM subject_request WHERE id = ?", vg_str_c(row.id),
                   &told, 1, err));
    if (told.n) {
        return vg_fail(err, VG_ECONFLICT, "id", "privacy.acknowledged", "%s", "");
    }
    vg_body(cx);
    return say_request(cx, &row, "privacy.request_acknowledged", err);
}

VG_FOLDER(privacy_on_acknowledged)
{
    VG_TRY(vg_put(ap, e, "UPDATE subject_request SET acknowledged_at = ? WHERE id = ?",
                  "@at @subject", err));
    return vg_deadline_clear(ap, "privacy.ack", vg_str_z(ap->arena, e->subject), err);
}

typedef struct clock_of {
    int64_t received_us, due_us;  // 0: no clock
    bool extended;
} clock_of;

static vg_status read_clock(vg_cx *cx, const char *id, clock_of *ret, vg_err *err)
{
    vg_str c[3];
    VG_TRY(vg_look(cx, "SELECT received_at, due, extended_until FROM subject_request WHERE id = ?",
                   vg_str_c(id), c, 3, err));
    *ret = (clock_of){vg_int(c[0]), vg_int(c[1]), c[2].n != 0};
    return VG_OK;
}

// Later than it is due, and by no more than it was long.
static vg_status until_ok(const clock_of *c, int until, vg_err *err)
{
    const int last = vg_day_of(c->due_us - 1), most = 2 * last - vg_day_of(c->received_us);
    char text[VG_DAY_TEXT];
    vg_day_text(most, text);
    return until > last && until <= most ? VG_OK
                                         : vg_fail(err, VG_EINVALID, "until", "privacy.extend_day",
                                                   "%.2s/%.2s/%.4s", text + 8, text + 5, text);
}

VG_HANDLER(privacy_extend)
{
    privacy_row row;
    clock_of c;
    int until = 0;
    VG_TRY(open_at(cx, args, &row, err));
    VG_TRY(read_clock(cx, row.id, &c, err));
    if (!c.due_us || c.extended || cx->now_us >= c.due_us) {
        return vg_fail(err, VG_ECONFLICT, "until",
                       !c.due_us    ? "privacy.no_clock"
                       : c.extended ? "privacy.extended"
                                    : "privacy.too_late",
                       "%s", "");
    }
    VG_TRY(vg_day_parse(vg_arg_str(args, "until"), "until", &until, err));
    VG_TRY(until_ok(&c, until, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_ki64(&cx->body, "due", vg_day_start_us(until + 1));
    return say_request(cx, &row, "privacy.request_extended", err);
}

VG_FOLDER(privacy_on_extended)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE subject_request SET extended_until = ?, extend_reason = ?, due = ? WHERE"
                  " id = ?",
                  "until reason due @subject", err));
    return set_if(ap, e, "privacy.request", "due", err);
}

// The key goes with the answer: of a deletion only, and not by the one who recorded that it was asked for.
static vg_status erase_ok(vg_cx *cx, const vg_args *args, const char *id, const char **ret_holder,
                          vg_err *err)
{
    vg_str c[3];
    *ret_holder = NULL;
    if (!vg_arg_i64(args, "erase", 0)) {
        return VG_OK;
    }
    VG_TRY(vg_look(cx, "SELECT kind, holder, opened_by FROM subject_request WHERE id = ?",
                   vg_str_c(id), c, 3, err));
    if (!vg_str_eqc(c[0], "deletion") || !vg_str_eqc(vg_arg_str(args, "outcome"), "answered")) {
        return vg_fail(err, VG_EINVALID, "erase", "privacy.erase_what", "%s", "");
    }
    if (cx->who->kind != VG_P_LOCAL &&
        (cx->who->kind != VG_P_USER || vg_str_eqc(c[2], cx->who->user))) {
        return vg_fail(err, VG_EDENIED, "erase", "privacy.second_person", "%s", "");
    }
    *ret_holder = vg_str_z(cx->arena, c[1]);
    return VG_OK;
}

VG_HANDLER(privacy_answer)
{
    privacy_row row;
    clock_of c;
    const char *holder = NULL;
    VG_TRY(open_at(cx, args, &row, err));
    VG_TRY(erase_ok(cx, args, row.id, &holder, err));
    VG_TRY(read_clock(cx, row.id, &c, err));
    const bool late = c.due_us && cx->now_us >= c.due_us;
    if ((late || vg_str_eqc(vg_arg_str(args, "outcome"), "refused")) &&
        !vg_arg_str(args, "reason").n) {
        return vg_fail(err, VG_EINVALID, "reason",
                       late ? "privacy.late_reason" : "privacy.refuse_reason", "%s", "");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(say_request(cx, &row, "privacy.request_closed", err));
    const vg_status st = holder ? vg_person_erase(cx, holder, err) : VG_OK;
    return st == VG_ENOTFOUND ? VG_OK : st;  // destroyed before
}

VG_FOLDER(privacy_on_answered)
{
    const char *id = vg_str_z(ap->arena, e->subject);
    VG_TRY(vg_put(ap, e,
                  "UPDATE subject_request SET state = ?, reason = ?, closed_at = ? WHERE id = ?",
                  "outcome reason @at @subject", err));
    VG_TRY(vg_deadline_clear(ap, "privacy.ack", id, err));
    return vg_deadline_clear(ap, "privacy.request", id, err);
}

// --- late ---------------------------------------------------------------------------------------
static vg_status say_late(vg_cx *cx, const vg_args *args, const char *kind, vg_err *err)
{
    privacy_row row;
    VG_TRY(open_at(cx, args, &row, err));
    vg_body(cx);
    return say_request(cx, &row, kind, err);
}

VG_HANDLER(privacy_ack_late)
{
    return say_late(cx, args, "privacy.ack_late", err);
}

VG_FOLDER(privacy_on_ack_late)
{
    return vg_put(ap, e, "UPDATE subject_request SET ack_late = 1 WHERE id = ?", "@subject", err);
}

VG_HANDLER(privacy_request_late)
{
    return say_late(cx, args, "privacy.request_late", err);
}

VG_FOLDER(privacy_on_request_late)
{
    return vg_put(ap, e, "UPDATE subject_request SET late = 1 WHERE id = ?", "@subject", err);
}

// --- forgotten ----------------------------------------------------------------------------------
vg_status privacy_forget_request(vg_cx *cx, const char *id, vg_err *err)
{
    vg_str label;
    const vg_status st =
        vg_look(cx, "SELECT label FROM subject_request WHERE id = ?", vg_str_c(id), &label, 1, err);
    if (st != VG_OK) {
        return st == VG_ENOTFOUND ? VG_OK : st;
    }
    VG_TRY(vg_exec(cx->db, "DELETE FROM subject_request_card WHERE request = ?", VG_VALS(vg_z(id)),
                   err));
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"privacy.request_forgotten", "", id, (int32_t)vg_int(label)},
                  err);
}

static vg_status held_by(vg_cx *cx, vg_str holder, const char **ret, size_t *ret_n, vg_err *err)
{
    vg_rows *r;
    *ret_n = 0;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT id FROM subject_request WHERE holder = ? AND forgotten = 0"
                        " ORDER BY at LIMIT ?",
                        VG_VALS(vg_t(holder), vg_i(FORGET_MAX)), &r, err));
    while (*ret_n < FORGET_MAX && vg_rows_next(r)) {
        ret[(*ret_n)++] = vg_str_z(cx->arena, vg_row_str(r, 0));
    }
    return vg_rows_close(r, err);
}

// Reaction to core.person_erased, whoever was meant: somebody who asked something of us or not.
VG_HANDLER(privacy_request_forget)
{
    const char *v[FORGET_MAX];
    size_t n;
    do {  // what was forgotten is not found again
        VG_TRY(held_by(cx, vg_arg_str(args, "id"), v, &n, err));
        for (size_t i = 0; i < n; i++) {
            VG_TRY(privacy_forget_request(cx, v[i], err));
        }
    } while (n == FORGET_MAX);
    return VG_OK;
}

VG_FOLDER(privacy_on_request_forgotten)
{
    return vg_put(ap, e, "UPDATE subject_request SET forgotten = 1 WHERE id = ?", "@subject", err);
}
