// SPDX-License-Identifier: Apache-2.0
// A paper, its level and how long that holds. The law's term of the day of the paper gives the last day; sixty days
// before it (the law's number, too) the paper is due for a decision and stays in the list of what is due until somebody
// decides: the end of a term lowers nothing by itself, because a program cannot know that nobody prolonged it on paper.
// Raising is one person's; lowering and declassifying take two. An event that moves a label carries the higher of the
// two, so that nobody learns of a paper by its becoming secret; what was journaled of it before keeps its label.
#include "domain/documents/documents_impl.h"

#include "base/clock.h"
#include "domain/day.h"
#include "domain/term.h"

static const char *const kinds[] = {"plan",   "decision", "order", "report",
                                    "letter", "minutes",  "other", NULL};
// In the order of vg_compartment; persons and reporters have registers of their own.
const char *const documents_compartments[] = {"shared",        "force", "means", "measures",
                                              "vulnerability", "coord", NULL};
static const vg_compartment COMPARTMENT[] = {VG_C_SHARED,   VG_C_FORCE,         VG_C_MEANS,
                                             VG_C_MEASURES, VG_C_VULNERABILITY, VG_C_COORD};

const vg_field documents_add_fields[] = {
    {"agency", VG_F_ID},
    {"site", VG_F_ID},
    {"number", VG_F_TEXT, VG_REQUIRED, .max = 60},
    {"dated", VG_F_TEXT, VG_REQUIRED, .max = 10},
    {"subject", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = kinds},
    {"compartment", VG_F_ENUM, VG_REQUIRED, .values = documents_compartments},
    {"secrecy", VG_F_INT, VG_REQUIRED, .min = 0, .max = 3, .law = "l117-2025/thoi-han"},
    {"until", VG_F_TEXT, .max = 10},
    {NULL},
};
const vg_field documents_level_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"secrecy", VG_F_INT, VG_REQUIRED, .min = 0, .max = 3},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {"until", VG_F_TEXT, .max = 10},
    {NULL},
};
const vg_field documents_prolong_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"until", VG_F_TEXT, VG_REQUIRED, .max = 10, .law = "l117-2025/thoi-han"},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};
const vg_field documents_due_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME}, {NULL}};

// --- which one, and may he -----------------------------------------------------------------------
vg_status documents_agency(vg_cx *cx, const vg_args *args, const char *site, const char **ret,
                           vg_err *err)
{
    vg_str found;
    const vg_str named = vg_arg_str(args, "agency");
    if (*cx->who->agency) {
        *ret = vg_str_z(cx->arena, vg_str_c(cx->who->agency));
        if (named.n && !vg_str_eqc(named, *ret)) {
            return vg_fail(err, VG_EDENIED, "agency", NULL, "%s", "");
        }
    } else {
        VG_TRY(named.n ? vg_look(cx, "SELECT id FROM agency WHERE id = ?", named, &found, 1, err)
                       : vg_custodian(cx, &found, err));
        *ret = vg_str_z(cx->arena, found);
    }
    return vg_require_own(cx, "documents.edit", site, *ret, err);
}

vg_status documents_at(vg_cx *cx, vg_str id, documents_row *ret, vg_err *err)
{
    vg_str c[15];
    VG_TRY(vg_look(cx,
                   "SELECT agency, COALESCE(site, ''), number, dated, subject, kind, compartment,"
                   " COALESCE(until, ''), COALESCE(term_ref, ''), COALESCE(file, ''),"
                   " COALESCE(file_name, ''), COALESCE(file_hash, ''), secrecy,"
                   " COALESCE(file_bytes, 0), label FROM document WHERE id = ?",
                   id, c, VG_LEN(c), err));
    *ret = (documents_row){vg_str_z(cx->arena, id),
                           vg_str_z(cx->arena, c[0]),
                           vg_str_z(cx->arena, c[1]),
                           c[2],
                           c[3],
                           c[4],
                           c[5],
                           c[6],
                           c[7],
                           c[8],
                           c[9],
                           c[10],
                           c[11],
                           vg_int(c[12]),
                           vg_int(c[13]),
                           (int32_t)vg_int(c[14])};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    return vg_require_own(cx, "documents.edit", ret->site, ret->agency, err);
}

vg_status documents_label(vg_cx *cx, const documents_row *row, int32_t *ret, vg_err *err)
{
    vg_label l = {.secrecy = (uint8_t)row->secrecy};
    size_t i = 0;
    while (documents_compartments[i] && !vg_str_eqc(row->compartment, documents_compartments[i])) {
        i++;
    }
    if (!documents_compartments[i]) {
        return vg_fail(err, VG_EINVALID, "compartment", NULL, "%s", "");
    }
    l.compartment = (uint8_t)COMPARTMENT[i];
    snprintf(l.agency, sizeof l.agency, "%s", row->agency);
    snprintf(l.site, sizeof l.site, "%s", row->site);
    VG_TRY(vg_label_of(cx, row->agency, COMPARTMENT[i], row->site, (vg_secrecy)row->secrecy, ret,
                       err));
    return cx->who->kind == VG_P_SYSTEM || cx->who->kind == VG_P_LOCAL ||
                   vg_label_visible(cx->who, &l)
               ? VG_OK
               : vg_fail(err, VG_EDENIED, "secrecy", "documents.above_you", "%s", "");
}

// --- the term ------------------------------------------------------------------------------------
static vg_status say_until(vg_cx *cx, const documents_row *row, const vg_level_term *term,
                           vg_str ref, vg_err *err)
{
    vg_body(cx);
    if (term->last) {
        vg_jw_kz(&cx->body, "until", term->until);
        vg_jw_ki64(&cx->body, "remind_at", term->remind_us);
        vg_jw_kstr(&cx->body, "term_ref", ref);
    }
    return vg_say(cx, &(vg_saying){"documents.term_set", row->site, row->id, row->label}, err);
}

vg_status documents_say_term(vg_cx *cx, const documents_row *row, vg_str until, vg_str ref,
                             vg_err *err)
{
    vg_level_term term;
    int dated = 0;
    VG_TRY(vg_day_parse(row->dated, "dated", &dated, err));
    VG_TRY(row->secrecy && until.n
               ? vg_level_term_said(cx, row->secrecy, dated, until, &term, err)
               : vg_level_term_on(cx, row->secrecy, dated, VG_S(""), &term, err));
    return say_until(cx, row, &term, ref.n ? ref : term.ref, err);
}

VG_FOLDER(documents_on_term_set)
{
    const char *id = vg_str_z(ap->arena, e->subject);
    const int64_t due = vg_js_i64(e->body, "remind_at", 0);
    VG_TRY(vg_put(ap, e,
                  "UPDATE document SET until = ?, term_ref = NULLIF(?, ''), remind_at = ?,"
                  " reminded = 0, changed_at = ? WHERE id = ?",
                  "until term_ref remind_at @at @subject", err));
    return due ? vg_deadline_set(ap, "documents.term", id, vg_str_z(ap->arena, e->site), due, err)
               : vg_deadline_clear(ap, "documents.term", id, err);
}

VG_HANDLER(documents_near)
{
    documents_row row;
    VG_TRY(documents_at(cx, vg_arg_str(args, "id"), &row, err));
    vg_jw_kstr(vg_body(cx), "until", row.until);
    return vg_say(cx, &(vg_saying){"documents.term_near", row.site, row.id, row.label}, err);
}

VG_FOLDER(documents_on_near)
{
    return vg_put(ap, e, "UPDATE document SET reminded = 1 WHERE id = ?", "@subject", err);
}

// --- a new one -----------------------------------------------------------------------------------
static vg_status until_ok(vg_cx *cx, const documents_row *row, vg_str until, vg_err *err)
{
    vg_level_term term;
    int dated = 0;
    VG_TRY(vg_day_parse(row->dated, "dated", &dated, err));
    if (dated > vg_day_of(cx->now_us)) {
        return vg_fail(err, VG_EINVALID, "dated", "documents.in_future", "%s", "");
    }
    return vg_level_term_on(cx, row->secrecy, dated, until, &term, err);
}

VG_HANDLER(documents_add)
{
    char id[VG_ID_TEXT];
    vg_site_ref site = {.id = ""};
    documents_row row = {.number = vg_arg_str(args, "number"),
                         .dated = vg_arg_str(args, "dated"),
                         .compartment = vg_arg_str(args, "compartment"),
                         .secrecy = vg_arg_i64(args, "secrecy", 0)};
    if (vg_arg_has(args, "site")) {
        VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "sites.read", &site, err));
    }
    row.site = site.id;
    VG_TRY(documents_agency(cx, args, row.site, &row.agency, err));
    VG_TRY(until_ok(cx, &row, vg_arg_str(args, "until"), err));
    VG_TRY(documents_label(cx, &row, &row.label, err));
    vg_new_id(cx, id);
    row.id = id;
    vg_body(cx);
    vg_body_args(cx, args, "agency until");
    vg_jw_kz(&cx->body, "agency", row.agency);
    VG_TRY(vg_say(cx, &(vg_saying){"documents.added", row.site, row.id, row.label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return documents_say_term(cx, &row, vg_arg_str(args, "until"), VG_S(""), err);
}

VG_FOLDER(documents_on_added)
{
    return vg_put(ap, e,
                  "INSERT INTO document (id, agency, site, number, dated, subject, kind,"
                  " compartment, secrecy, changed_at, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject agency site number dated subject kind compartment secrecy @at @at"
                  " @label @world",
                  err);
}

// --- decisions -----------------------------------------------------------------------------------
VG_MARK(documents_level_second)
{
    vg_str now;
    const vg_str id = vg_arg_str(args, "id");
    const vg_status st = vg_look(cx, "SELECT secrecy FROM document WHERE id = ?", id, &now, 1, err);
    *ret = st == VG_OK && vg_arg_i64(args, "secrecy", 0) < vg_int(now);
    return st == VG_ENOTFOUND ? VG_OK : st;  // the handler says so
}

static vg_status say_decision(vg_cx *cx, const documents_row *row, const char *kind, int32_t label,
                              vg_err *err)
{
    char id[VG_ID_TEXT];
    vg_new_id(cx, id);
    vg_jw_kz(&cx->body, "id", id);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    vg_jw_kz(&cx->reply, "id", row->id);
    return vg_say(cx, &(vg_saying){kind, row->site, row->id, label}, err);
}

VG_HANDLER(documents_level)
{
    documents_row row, now;
    const int64_t to = vg_arg_i64(args, "secrecy", 0);
    const char *kind = to ? "documents.level_changed" : "documents.declassified";
    VG_TRY(documents_at(cx, vg_arg_str(args, "id"), &row, err));
    if (to == row.secrecy) {
        return vg_fail(err, VG_ECONFLICT, "secrecy", "documents.same_level", "%s", "");
    }
    now = row;
    now.secrecy = to;
    VG_TRY(until_ok(cx, &now, vg_arg_str(args, "until"), err));
    VG_TRY(documents_label(cx, &now, &now.label, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "what", !to ? "declassify" : to < row.secrecy ? "lower" : "raise");
    vg_jw_ki64(&cx->body, "before", row.secrecy);
    vg_jw_ki64(&cx->body, "after", to);
    vg_jw_ki64(&cx->body, "secrecy", to);
    vg_jw_ki64(&cx->body, "label", now.label);
    vg_jw_kstr(&cx->body, "reason", vg_arg_str(args, "reason"));
    VG_TRY(say_decision(cx, &row, kind, to > row.secrecy ? now.label : row.label, err));
    return documents_say_term(cx, &now, vg_arg_str(args, "until"), VG_S(""), err);
}

VG_HANDLER(documents_prolong)
{
    documents_row row;
    vg_level_term term;
    bool late = false;
    VG_TRY(documents_at(cx, vg_arg_str(args, "id"), &row, err));
    VG_TRY(
        vg_level_prolong(cx, row.secrecy, row.until, vg_arg_str(args, "until"), &term, &late, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "what", "prolong");
    vg_jw_kstr(&cx->body, "before", row.until);
    vg_jw_kstr(&cx->body, "after", vg_arg_str(args, "until"));
    vg_jw_kstr(&cx->body, "reason", vg_arg_str(args, "reason"));
    vg_jw_kbool(&cx->body, "late", late);
    VG_TRY(say_decision(cx, &row, "documents.prolonged", row.label, err));
    return say_until(cx, &row, &term, row.term_ref, err);
}

VG_FOLDER(documents_on_decided)
{
    if (!vg_str_eqc(e->kind, "documents.prolonged")) {
        VG_TRY(vg_put(ap, e,
                      "UPDATE document SET secrecy = ?, label = ?, changed_at = ? WHERE id = ?",
                      "secrecy label @at @subject", err));
    }
    return vg_put(ap, e,
                  "INSERT INTO document_decision (id, document, what, before, after, reason, late,"
                  " by_user, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, COALESCE(?, 0), ?, ?, ?, ?)",
                  "id @subject what before after reason late by @at @label @world", err);
}
