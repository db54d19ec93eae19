// SPDX-License-Identifier: Apache-2.0
// Guests of a visit. Each is a holder of the gate; one who was here before with the same paper under the same name is the
// same holder. While the list of a delegation is held back, who they are stands in a card of our own. An invitation is a
// code that is shown once and kept as its hash: it lets in until the visit ends, once a day. A scanned card fills the
// form; what it says is checked by the guard, who looks at the card.
#include "domain/visits/visits.h"

#include "base/qr.h"
#include "core/core.h"
#include "ident/id_card.h"

#include <sodium.h>

enum { CODE_FIVES = 3 };

const char *const visits_papers[] = {"id_card", "passport", "driving", "service", "other", NULL};

const vg_field visits_guest_add_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH}, VISITS_WHO, {"phone", VG_F_TEXT, .max = 40}, {NULL}};
static const char *const langs[] = {"vi", "en", NULL};
// rules_n, notice_n: the versions that were shown to him; not sent, those in force.
const vg_field visits_tell_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"rules_n", VG_F_INT, .max = INT32_MAX},
    {"notice_n", VG_F_INT, .max = INT32_MAX},
    {"lang", VG_F_ENUM, .values = langs},
    {NULL},
};
const vg_field visits_certificate_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"what", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"number", VG_F_TEXT, .max = 40},
    {"until", VG_F_TIME, VG_REQUIRED},
    {NULL},
};
const vg_field visits_read_fields[] = {{"text", VG_F_SECRET, VG_REQUIRED, .max = 600}, {NULL}};

// --- added ------------------------------------------------------------------------------------------
static vg_status room_ok(vg_cx *cx, const visits_visit *v, vg_err *err)
{
    int64_t most = 0, there = 0, all = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT count(*) FROM visit_guest WHERE visit = ?",
                      VG_VALS(vg_z(v->id)), 0, &all, err));
    if (all >= VISITS_GUESTS_MAX) {
        return vg_fail(err, VG_ETOOBIG, "id", "visits.guests_many", "%d", VISITS_GUESTS_MAX);
    }
    VG_TRY(vg_one_i64(cx->db, "SELECT host_most FROM visit_setting WHERE site = ?",
                      VG_VALS(vg_z(v->site)), 0, &most, err));
    if (!most || (!v->host.n && !v->host_user.n)) {
        return VG_OK;
    }
    // All who are with the same host at some moment of this visit. What is held back counts for itself alone: how many
    // there are would tell others of it.
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT COALESCE(sum(guests), 0) FROM visit WHERE site = ? AND (host = ? OR"
                      " host_user = ?) AND state IN ('planned', 'approved', 'arrived') AND starts <"
                      " ? AND ends > ? AND (release_at IS NULL OR released_at IS NOT NULL OR id ="
                      " ?)",
                      VG_VALS(vg_z(v->site), vg_t(v->host), vg_t(v->host_user), vg_i(v->ends_us),
                              vg_i(v->starts_us), vg_z(v->id)),
                      0, &there, err));
    return there < most
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "host", "visits.host_full", "%lld", (long long)most);
}

static vg_status known_holder(vg_cx *cx, const vg_holder_new *h, char ret_id[VG_ID_TEXT],
                              vg_err *err)
{
    vg_rows *r;
    char find[VG_NAME_KEY];
    *ret_id = 0;
    VG_TRY(vg_holder_find(h->kind, h->name, find, err));
    if (!*h->paper->last) {
        return VG_OK;
    }
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT h.id FROM gate_card c JOIN gate_holder h ON h.id = c.holder WHERE"
                        " c.find = ?1 AND c.doc_key = ?2 AND h.site = ?3 AND h.kind = ?4 AND "
                        "h.state = 'active' LIMIT 1",
                        VG_VALS(vg_z(find), vg_paper_val(h->paper), vg_z(h->site), vg_t(h->kind)),
                        &r, err));
    if (vg_rows_next(r)) {
        snprintf(ret_id, VG_ID_TEXT, "%.*s", VG_FMT(vg_row_str(r, 0)));
    }
    return vg_rows_close(r, err);
}

static vg_status told_now(vg_cx *cx, const char *site, int64_t *ret_rules, int64_t *ret_notice,
                          vg_err *err)
{
    VG_TRY(vg_one_i64(cx->db, "SELECT max(n) FROM visit_rules WHERE site = ?", VG_VALS(vg_z(site)),
                      0, ret_rules, err));
    return vg_one_i64(cx->db,
                      "SELECT max(n) FROM visitor_notice WHERE site = ? AND state = 'confirmed'",
                      VG_VALS(vg_z(site)), 0, ret_notice, err);
}

static vg_status hold_back(vg_cx *cx, const vg_holder_new *h, const char *guest, vg_err *err)
{
    return vg_exec(cx->db,
                   "INSERT INTO visit_card (guest, name, company, born, doc_kind, doc_key,"
                   " doc_away, doc_last, label, world) VALUES (?, ?, NULLIF(?, ''), NULLIF(?, 0),"
                   " NULLIF(?, ''), ?, ?, NULLIF(?, ''), ?, ?)",
                   VG_VALS(vg_z(guest), vg_t(h->name), vg_t(h->company), vg_i(h->born),
                           vg_t(h->doc_kind), vg_paper_val(h->paper), vg_paper_away(h->paper),
                           vg_z(h->paper->last), vg_i(h->label), vg_i(cx->world)),
                   err);
}

static vg_status say_guest(vg_cx *cx, const visits_visit *v, const vg_holder_new *h,
                           const char *holder, bool told, const char *guest, vg_err *err)
{
    vg_buf b;
    int64_t rules = 0, notice = 0;
    vg_buf_init(&b, 2048);
    if (told) {
        VG_TRY(told_now(cx, v->site, &rules, &notice, err));
    }
    vg_body(cx);
    vg_jw_kz(&cx->body, "visit", v->id);
    vg_draft d = {
        .kind = "visits.guest_added", .site = v->site, .subject = guest, .label = v->label};
    if (*holder) {
        vg_jw_kz(&cx->body, "holder", holder);
    } else {
        vg_jw w = vg_jw_on(&b);
        vg_jw_open(&w, '{');
        vg_jw_kstr(&w, "name", h->name);
        vg_jw_kstr(&w, "company", h->company);
        vg_jw_ki64(&w, "born", h->born);
        vg_jw_kz(&w, "doc_last", h->paper->last);
        vg_jw_close(&w, '}');
        d.person = guest;
        d.personal = vg_buf_str(&b);
    }
    if (told) {
        vg_jw_ki64(&cx->body, "rules_n", rules);
        vg_jw_ki64(&cx->body, "notice_n", notice);
        vg_jw_ki64(&cx->body, "told_at", cx->now_us);
    }
    const vg_status st = vg_emit(cx, &d, NULL, err);
    vg_buf_done(&b);
    return st;
}

vg_status visits_add_guest(vg_cx *cx, const vg_args *args, const visits_visit *v, bool told,
                           const char *id, vg_err *err)
{
    vg_paper paper = {0};
    char holder[VG_ID_TEXT] = "";
    const bool held = v->release_us && !v->released_us;
    VG_TRY(room_ok(cx, v, err));
    if (vg_arg_str(args, "doc_number").n) {
        VG_TRY(vg_paper_of(cx, vg_arg_str(args, "doc_number"), &paper, err));
    }
    const vg_holder_new h = {.agency = v->agency,
                             .site = v->site,
                             .kind = vg_str_eqc(v->kind, "contractor") ? VG_S("contractor")
                                                                       : VG_S("visitor"),
                             .name = vg_arg_str(args, "name"),
                             .company = vg_arg_str(args, "company"),
                             .doc_kind = vg_arg_str(args, "doc_kind"),
                             .born = vg_arg_i64(args, "born", 0),
                             .paper = &paper,
                             .label = v->label};
    if (held) {
        VG_TRY(hold_back(cx, &h, id, err));
    } else {
        VG_TRY(known_holder(cx, &h, holder, err));
        if (!*holder) {
            VG_TRY(vg_holder_make(cx, &h, holder, err));
        }
    }
    VG_TRY(say_guest(cx, v, &h, holder, told, id, err));
    vg_jw_kz(&cx->reply, "id", id);
    if (*holder) {
        vg_jw_kz(&cx->reply, "holder", holder);
    }
    return VG_OK;
}

VG_HANDLER(visits_guest_add)
{
    visits_visit v;
    char id[VG_ID_TEXT];
    VG_TRY(visits_at(cx, vg_arg_str(args, "id"), "id", &v, err));
    VG_TRY(vg_require_own(cx, "visits.plan", v.site, v.agency, err));
    vg_new_id(cx, id);
    return visits_open(&v) ? visits_add_guest(cx, args, &v, false, id, err)
                           : vg_fail(err, VG_ECONFLICT, "id", "visits.not_open", "%s", "");
}

VG_FOLDER(visits_on_guest_added)
{
    VG_TRY(
        vg_put(ap, e,
               "INSERT INTO visit_guest (id, visit, site, holder, rules_n, notice_n, told_at, at,"
               " label, world) VALUES (?, ?, ?, ?, COALESCE(?, 0), COALESCE(?, 0), ?, ?, ?, ?)",
               "@subject visit @site holder rules_n notice_n told_at @at @label @world", err));
    return vg_put(ap, e, "UPDATE visit SET guests = guests + 1, changed_at = ? WHERE id = ?",
                  "@at visit", err);
}

// --- what is done with one ----------------------------------------------------------------------------
static vg_status guest_at(vg_cx *cx, vg_str id, visits_visit *ret_visit, vg_str *ret_holder,
                          vg_err *err)
{
    vg_str c[4];
    VG_TRY(vg_look(cx, "SELECT visit, label, holder, state FROM visit_guest WHERE id = ?", id, c, 4,
                   err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[1]), "id", err));
    *ret_holder = c[2];
    VG_TRY(visits_at(cx, c[0], "id", ret_visit, err));
    return vg_str_eqc(c[3], "removed") || vg_str_eqc(c[3], "forgotten")
               ? vg_fail(err, VG_ECONFLICT, "id", "visits.not_open", "%s", "")
               : VG_OK;
}

VG_HANDLER(visits_invite)
{
    visits_visit v;
    vg_str holder;
    unsigned char raw[CODE_FIVES * 5];
    char code[CODE_FIVES * 8 + 1], hex[VG_INVITE_TEXT];
    vg_buf rows;
    const char *id = vg_str_z(cx->arena, vg_arg_str(args, "id"));
    VG_TRY(guest_at(cx, vg_arg_str(args, "id"), &v, &holder, err));
    VG_TRY(vg_require_own(cx, "visits.plan", v.site, v.agency, err));
    if (!visits_open(&v)) {
        return vg_fail(err, VG_ECONFLICT, "id", "visits.not_open", "%s", "");
    }
    randombytes_buf(raw, sizeof raw);
    vg_base32(raw, CODE_FIVES, code);
    vg_invite_hash(vg_str_c(code), hex);
    vg_body(cx);
    vg_jw_kz(&cx->body, "invite", hex);
    vg_jw_ki64(&cx->body, "until", v.ends_us);
    VG_TRY(vg_say(cx, &(vg_saying){"visits.invited", v.site, id, v.label}, err));
    cx->secret_reply = true;
    vg_jw_kz(&cx->reply, "code", code);
    vg_jw_ktime(&cx->reply, "until", v.ends_us);
    vg_buf_init(&rows, 1 << 14);
    if (vg_qr_rows(&rows, code)) {
        vg_jw_kstr(&cx->reply, "qr", vg_buf_str(&rows));
    }
    vg_buf_done(&rows);
    return VG_OK;
}

VG_FOLDER(visits_on_invited)
{
    return vg_put(ap, e, "UPDATE visit_guest SET invite = ?, invite_until = ? WHERE id = ?",
                  "invite until @subject", err);
}

// Told the house rules and the privacy notice, as they are now: by the host beforehand, or by the guard. Who was shown a
// version that has been replaced meanwhile was not told what is in force.
VG_HANDLER(visits_tell)
{
    visits_visit v;
    vg_str holder;
    int64_t rules = 0, notice = 0;
    VG_TRY(guest_at(cx, vg_arg_str(args, "id"), &v, &holder, err));
    if (!vg_may(cx->who, "visits.walk_in", v.site)) {
        VG_TRY(vg_require_own(cx, "visits.plan", v.site, v.agency, err));
    }
    VG_TRY(told_now(cx, v.site, &rules, &notice, err));
    if (vg_arg_i64(args, "rules_n", rules) != rules ||
        vg_arg_i64(args, "notice_n", notice) != notice) {
        return vg_fail(err, VG_ECONFLICT, "", "visits.text_replaced", "%s", "");
    }
    vg_body(cx);
    vg_jw_ki64(&cx->body, "rules_n", rules);
    vg_jw_ki64(&cx->body, "notice_n", notice);
    if (vg_arg_has(args, "lang")) {
        vg_jw_kstr(&cx->body, "lang", vg_arg_str(args, "lang"));
    }
    return vg_say(
        cx,
        &(vg_saying){"visits.told", v.site, vg_str_z(cx->arena, vg_arg_str(args, "id")), v.label},
        err);
}

VG_FOLDER(visits_on_told)
{
    return vg_put(
        ap, e,
        "UPDATE visit_guest SET rules_n = ?, notice_n = ?, told_lang = ?, told_at = ? WHERE"
        " id = ?",
        "rules_n notice_n lang @at @subject", err);
}

VG_HANDLER(visits_certificate_add)
{
    visits_visit v;
    vg_str holder;
    char id[VG_ID_TEXT];
    VG_TRY(guest_at(cx, vg_arg_str(args, "id"), &v, &holder, err));
    VG_TRY(vg_require_own(cx, "visits.plan", v.site, v.agency, err));
    if (!holder.n) {
        return vg_fail(err, VG_ECONFLICT, "id", "visits.held_back", "%s", "");
    }
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kstr(&cx->body, "holder", holder);
    vg_body_args(cx, args, "");
    VG_TRY(vg_say(cx, &(vg_saying){"visits.certificate_added", v.site, id, v.label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(visits_on_certificate_added)
{
    return vg_put(ap, e,
                  "INSERT INTO visit_certificate (id, site, holder, what, number, until, at, label,"
                  " world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site holder what number until @at @label @world", err);
}

// --- the form filler ----------------------------------------------------------------------------------
static void hints(uint32_t hints, vg_jw *w)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } all[] = {
        {VG_ID_HINT_SEX, "sex"}, {VG_ID_HINT_YEAR, "year"}, {VG_ID_HINT_NO_MARKS, "no_marks"}};
    vg_jw_key(w, "hints");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < VG_LEN(all); i++) {
        if (hints & all[i].bit) {
            vg_jw_str(w, vg_str_c(all[i].name));
        }
    }
    vg_jw_close(w, ']');
}

// Nothing is written: neither what was scanned nor that it was.
VG_HANDLER(visits_read_card)
{
    vg_scan s;
    VG_TRY(vg_scan_read(cx->arena, vg_arg_str(args, "text"), &s, err));
    cx->secret_reply = true;
    vg_jw_kstr(&cx->reply, "name", s.name);
    vg_jw_ki64(&cx->reply, "born", s.born);
    vg_jw_kz(&cx->reply, "doc_kind", s.kind);
    vg_jw_kstr(&cx->reply, "doc_number", s.number);
    hints(s.hints, &cx->reply);
    return VG_OK;
}
