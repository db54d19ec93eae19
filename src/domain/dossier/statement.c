// SPDX-License-Identifier: Apache-2.0
// Statements: what was found out about a site, when, from what source, and who confirmed it. A statement is never
// altered. A newer one of the same heading takes its place when it says so; a wrong one is withdrawn with a reason.
// Confirming is another person's: nobody confirms what he stated. Personal data has no place here (contacts have it):
// the text goes into the journal and cannot be erased. A level of secrecy has its term, counted from the day the statement
// is written: due for a decision before it ends, as a paper's is, until it is prolonged, replaced or withdrawn.
#include "domain/dossier/dossier.h"

#include "domain/day.h"
#include "domain/term.h"

static const char *const source_kinds[] = {"survey",     "document", "host",  "patrol",
                                           "inspection", "incident", "other", NULL};
static const char *const secrecies[] = {"normal", "mat", "toi_mat", "tuyet_mat", NULL};

const vg_field dossier_state_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"heading", VG_F_ENUM, VG_REQUIRED, .values = dossier_heading_names, .law = "tt01-2011/6"},
    {"text", VG_F_TEXT, VG_REQUIRED, .max = 4000},
    {"source_kind", VG_F_ENUM, VG_REQUIRED, .values = source_kinds},
    {"source", VG_F_TEXT, VG_REQUIRED, .law = "tt01-2011/6"},
    {"as_of", VG_F_TEXT, VG_REQUIRED, .max = 10, .law = "tt01-2011/6"},
    {"supersedes", VG_F_ID},
    {"secrecy", VG_F_ENUM, .values = secrecies, .law = "l117-2025/lan"},
    {"until", VG_F_TEXT, .max = 10, .law = "l117-2025/thoi-han"},
    {"agency", VG_F_ID},
    {NULL},
};
const vg_field dossier_verify_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"note", VG_F_TEXT, .max = 500, .law = "tt01-2011/6"},
    {NULL},
};
const vg_field dossier_withdraw_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};

const vg_field dossier_prolong_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"until", VG_F_TEXT, VG_REQUIRED, .max = 10, .law = "l117-2025/thoi-han"},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};
const vg_field dossier_due_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME}, {NULL}};

typedef struct statement {
    vg_str site, heading, state, by, agency, secrecy, until;
    int32_t label;
} statement;

static vg_status statement_at(vg_cx *cx, vg_str id, const char *field, statement *ret, vg_err *err)
{
    vg_str c[8];
    VG_TRY(vg_look(cx,
                   "SELECT site, heading, state, COALESCE(stated_by, ''), agency, secrecy,"
                   " COALESCE(until, ''), label FROM dossier_statement WHERE id = ?",
                   id, c, VG_LEN(c), err));
    *ret = (statement){c[0], c[1], c[2], c[3], c[4], c[5], c[6], (int32_t)vg_int(c[7])};
    return vg_seen(cx, ret->label, field, err);
}

// Whose a statement is: who states it, or the agency named by one who may file for others.
static vg_status owner(vg_cx *cx, const vg_args *args, const vg_site_ref *site, const char **ret,
                       vg_err *err)
{
    vg_str found;
    *ret = *cx->who->agency ? cx->who->agency : site->agency;
    if (!vg_arg_has(args, "agency")) {
        return VG_OK;
    }
    const vg_str named = vg_arg_str(args, "agency");
    if (vg_look(cx, "SELECT id FROM agency WHERE id = ?", named, &found, 1, err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "agency", "sites.no_agency", "%.*s", VG_FMT(named));
    }
    if (!vg_str_eqc(found, cx->who->agency)) {
        VG_TRY(vg_require(cx, "sites.edit", site->id, err));
    }
    *ret = vg_str_z(cx->arena, found);
    return VG_OK;
}

static vg_status check_superseded(vg_cx *cx, const vg_args *args, const char *site, vg_err *err)
{
    statement old;
    if (!vg_arg_has(args, "supersedes")) {
        return VG_OK;
    }
    if (statement_at(cx, vg_arg_str(args, "supersedes"), "supersedes", &old, err) != VG_OK) {
        return vg_fail(err, VG_ENOTFOUND, "supersedes", NULL, "%s", "");
    }
    return vg_str_eqc(old.site, site) && vg_str_eq(old.heading, vg_arg_str(args, "heading")) &&
                   vg_str_eqc(old.state, "current")
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "supersedes", "dossier.not_current", "%s", "");
}

static void say_term(vg_cx *cx, const vg_level_term *term)
{
    if (term->last) {
        vg_jw_kz(&cx->body, "until", term->until);
        vg_jw_ki64(&cx->body, "remind_at", term->remind_us);
        vg_jw_kstr(&cx->body, "term_ref", term->ref);
    }
}

static vg_status fold_term(vg_apply *ap, const vg_event *e, vg_err *err)
{
    const int64_t due = vg_js_i64(e->body, "remind_at", 0);
    return due ? vg_deadline_set(ap, "dossier.term", vg_str_z(ap->arena, e->subject),
                                 vg_str_z(ap->arena, e->site), due, err)
               : VG_OK;
}

VG_HANDLER(dossier_state)
{
    vg_site_ref site;
    vg_level_term term;
    char id[VG_ID_TEXT];
    const char *agency = NULL;
    int as_of = 0;
    int32_t label = 0;
    const dossier_heading *h = dossier_heading_of(vg_arg_str(args, "heading"));
    const vg_secrecy secrecy = (vg_secrecy)vg_arg_i64(args, "secrecy", VG_S_NORMAL);
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "sites.edit", &site, err));
    VG_TRY(owner(cx, args, &site, &agency, err));
    VG_TRY(vg_day_parse(vg_arg_str(args, "as_of"), "as_of", &as_of, err));
    if (as_of > vg_day_of(cx->now_us)) {
        return vg_fail(err, VG_EINVALID, "as_of", "dossier.in_future", "%.*s",
                       VG_FMT(vg_arg_str(args, "as_of")));
    }
    VG_TRY(check_superseded(cx, args, site.id, err));
    VG_TRY(vg_label_of(cx, agency, h->compartment, site.id, secrecy, &label, err));
    VG_TRY(vg_seen(cx, label, "heading", err));  // nobody writes what he may not read
    VG_TRY(vg_level_term_on(cx, secrecy, vg_day_of(cx->now_us), vg_arg_str(args, "until"), &term,
                            err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site agency until");
    vg_jw_kz(&cx->body, "agency", agency);
    say_term(cx, &term);
    VG_TRY(vg_say(cx, &(vg_saying){"dossier.stated", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(dossier_on_stated)
{
    const vg_str old = vg_js_str(ap->arena, e->body, "supersedes");
    VG_TRY(vg_put(ap, e,
                  "UPDATE dossier_statement SET state = 'superseded', superseded_by = ?"
                  " WHERE id = ?",
                  "@subject supersedes", err));
    if (old.n) {
        VG_TRY(vg_deadline_clear(ap, "dossier.term", vg_str_z(ap->arena, old), err));
    }
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO dossier_statement (id, site, agency, heading, text, source_kind,"
                  " source, as_of, secrecy, until, term_ref, remind_at, supersedes, stated_by, at,"
                  " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, COALESCE(?, 'normal'), ?,"
                  " NULLIF(?, ''), ?, ?, ?, ?, ?, ?)",
                  "@subject @site agency heading text source_kind source as_of secrecy until"
                  " term_ref remind_at supersedes @actor @at @label @world",
                  err));
    return fold_term(ap, e, err);
}

static vg_status current_at(vg_cx *cx, const vg_args *args, statement *ret, vg_err *err)
{
    vg_site_ref site;
    VG_TRY(statement_at(cx, vg_arg_str(args, "id"), "id", ret, err));
    VG_TRY(vg_site_at(cx, ret->site, "sites.edit", &site, err));
    return vg_str_eqc(ret->state, "current")
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "dossier.not_current", "%s", "");
}

static vg_status say(vg_cx *cx, const vg_args *args, const statement *s, const char *kind,
                     vg_err *err)
{
    const char *id = vg_str_z(cx->arena, vg_arg_str(args, "id"));
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(vg_say(cx, &(vg_saying){kind, vg_str_z(cx->arena, s->site), id, s->label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_HANDLER(dossier_verify)
{
    statement s;
    VG_TRY(current_at(cx, args, &s, err));
    if (cx->who->kind == VG_P_USER && vg_str_eqc(s.by, cx->who->user)) {
        return vg_fail(err, VG_EDENIED, "id", "dossier.own_statement", "%s", "");
    }
    return say(cx, args, &s, "dossier.verified", err);
}

VG_FOLDER(dossier_on_verified)
{
    return vg_put(ap, e,
                  "UPDATE dossier_statement SET verified_by = ?, verified_at = ?, verified_note = ?"
                  " WHERE id = ?",
                  "@actor @at note @subject", err);
}

VG_HANDLER(dossier_withdraw)
{
    statement s;
    VG_TRY(current_at(cx, args, &s, err));
    return say(cx, args, &s, "dossier.withdrawn", err);
}

VG_FOLDER(dossier_on_withdrawn)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE dossier_statement SET state = 'withdrawn', reason = ? WHERE id = ?",
                  "reason @subject", err));
    return vg_deadline_clear(ap, "dossier.term", vg_str_z(ap->arena, e->subject), err);
}

// --- the term of a level --------------------------------------------------------------------------
VG_HANDLER(dossier_prolong)
{
    statement s;
    vg_level_term term;
    bool late = false;
    int64_t level = 0;
    VG_TRY(current_at(cx, args, &s, err));
    while (secrecies[level] && !vg_str_eqc(s.secrecy, secrecies[level])) {
        level++;
    }
    VG_TRY(vg_level_prolong(cx, level, s.until, vg_arg_str(args, "until"), &term, &late, err));
    const char *id = vg_str_z(cx->arena, vg_arg_str(args, "id"));
    vg_body(cx);
    say_term(cx, &term);
    vg_jw_kstr(&cx->body, "before", s.until);
    vg_jw_kstr(&cx->body, "reason", vg_arg_str(args, "reason"));
    vg_jw_kbool(&cx->body, "late", late);
    vg_jw_kz(&cx->reply, "id", id);
    return vg_say(cx, &(vg_saying){"dossier.prolonged", vg_str_z(cx->arena, s.site), id, s.label},
                  err);
}

VG_FOLDER(dossier_on_prolonged)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE dossier_statement SET until = ?, term_ref = NULLIF(?, ''), remind_at = ?,"
                  " reminded = 0, prolonged_by = ?, prolonged_reason = ? WHERE id = ?",
                  "until term_ref remind_at @actor reason @subject", err));
    return fold_term(ap, e, err);
}

VG_HANDLER(dossier_near)
{
    statement s;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(statement_at(cx, id, "id", &s, err));
    vg_jw_kstr(vg_body(cx), "until", s.until);
    return vg_say(cx,
                  &(vg_saying){"dossier.term_near", vg_str_z(cx->arena, s.site),
                               vg_str_z(cx->arena, id), s.label},
                  err);
}

VG_FOLDER(dossier_on_near)
{
    return vg_put(ap, e, "UPDATE dossier_statement SET reminded = 1 WHERE id = ?", "@subject", err);
}
