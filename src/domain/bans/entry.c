// SPDX-License-Identifier: Apache-2.0
// An entry is proposed by one official and counts once another has approved it. It names what the person did by a code of
// the list (reasons.def) and the incident or the paper that shows it, and it ends: nothing here is for good. Who it is, is
// personal: clear in the card beside the journal, in the journal only under a key of the entry's own.
#include "domain/bans/bans.h"

#include "base/clock.h"
#include "core/core.h"
#include "domain/holder.h"

enum { MONTHS_MAX = 24, REVIEW_DAYS = 180, ALIASES_MAX = 7 };  // ours
#define DAY_US (86400 * VG_SECOND_US)
#define LONGEST_US (MONTHS_MAX * 365 * DAY_US / 12 + DAY_US)

static const char *const reasons[] = {
#define X(code) #code,
#include "domain/bans/reasons.def"
#undef X
    NULL};
static const char *const papers[] = {"id_card", "passport", "driving", "service", "other", NULL};
static const char *const decisions[] = {"approved", "refused", NULL};

const vg_field bans_propose_fields[] = {
    {"site", VG_F_ID},
    {"agency", VG_F_ID},
    {"reason", VG_F_ENUM, VG_REQUIRED, .values = reasons},
    {"incident", VG_F_ID},
    {"document", VG_F_ID},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"aliases", VG_F_JSON, .max = 800},
    {"born", VG_F_INT, .min = 1900, .max = 2100},
    {"doc_kind", VG_F_ENUM, .values = papers},
    {"doc_number", VG_F_SECRET, .max = 32},
    {"expires", VG_F_TIME, VG_REQUIRED},
    {"review_due", VG_F_TIME},
    {NULL},
};
const vg_field bans_decide_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"decision", VG_F_ENUM, VG_REQUIRED, .values = decisions},
    {"why", VG_F_TEXT, .max = 300},
    {NULL},
};

vg_status bans_at(vg_cx *cx, vg_str id, bans_entry *ret, vg_err *err)
{
    vg_str c[6];
    VG_TRY(vg_look(cx,
                   "SELECT agency, site, state, proposed_by, expires, label FROM ban_entry WHERE id"
                   " = ?",
                   id, c, VG_LEN(c), err));
    *ret = (bans_entry){.id = vg_str_z(cx->arena, id),
                        .agency = vg_str_z(cx->arena, c[0]),
                        .site = vg_str_z(cx->arena, c[1]),
                        .state = c[2],
                        .proposed_by = c[3],
                        .expires_us = vg_int(c[4]),
                        .label = (int32_t)vg_int(c[5])};
    return vg_seen(cx, ret->label, "id", err);
}

// What counts at all sites is decided by whoever is in office for all of them.
vg_status bans_require(vg_cx *cx, const char *permission, const bans_entry *e, vg_err *err)
{
    return vg_require_own(cx, permission, *e->site ? e->site : VG_EVERYWHERE, e->agency, err);
}

// --- proposed ---------------------------------------------------------------------------------------
static vg_status where(vg_cx *cx, const vg_args *args, const char **ret_agency,
                       const char **ret_site, vg_err *err)
{
    vg_site_ref site;
    const vg_str given = vg_arg_str(args, "agency");
    if (vg_arg_has(args, "site")) {
        VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "bans.edit", &site, err));
        *ret_agency = site.agency;
        *ret_site = site.id;
        return VG_OK;
    }
    *ret_site = "";
    *ret_agency = *cx->who->agency ? cx->who->agency : vg_str_z(cx->arena, given);
    if (!**ret_agency || (given.n && !vg_str_eqc(given, *ret_agency))) {
        return vg_fail(err, VG_EINVALID, "agency", "bans.own_agency", "%s", "");
    }
    return vg_require_own(cx, "bans.edit", VG_EVERYWHERE, *ret_agency, err);
}

static vg_status shown_by(vg_cx *cx, const vg_args *args, const char *field, const char *sql,
                          vg_err *err)
{
    vg_str label;
    if (!vg_arg_has(args, field)) {
        return VG_OK;
    }
    const vg_status st = vg_look(cx, sql, vg_arg_str(args, field), &label, 1, err);
    if (st != VG_OK) {
        return st == VG_ENOTFOUND ? vg_fail(err, VG_ENOTFOUND, field, NULL, "%s", "") : st;
    }
    return vg_seen(cx, (int32_t)vg_int(label), field, err);
}

static vg_status evidence_ok(vg_cx *cx, const vg_args *args, vg_err *err)
{
    if (!vg_arg_has(args, "incident") && !vg_arg_has(args, "document")) {
        return vg_fail(err, VG_EINVALID, "incident", "bans.evidence", "%s", "");
    }
    VG_TRY(shown_by(cx, args, "incident", "SELECT label FROM incident WHERE id = ?", err));
    return shown_by(cx, args, "document", "SELECT label FROM document WHERE id = ?", err);
}

static vg_status times_ok(const vg_cx *cx, int64_t expires_us, int64_t review_us, vg_err *err)
{
    if (expires_us <= cx->now_us || expires_us - cx->now_us > LONGEST_US) {
        return vg_fail(err, VG_EINVALID, "expires", "bans.expires", "%d", MONTHS_MAX);
    }
    return review_us <= cx->now_us || review_us > expires_us
               ? vg_fail(err, VG_EINVALID, "review_due", "bans.review_due", "%s", "")
               : VG_OK;
}

static vg_status aliases_ok(vg_cx *cx, vg_str aliases, vg_err *err)
{
    size_t at = 0, n = 0;
    vg_str raw;
    bool good = !aliases.n || aliases.p[0] == '[';
    while (good && aliases.n && vg_js_each(aliases, &at, NULL, &raw)) {
        const vg_str name = vg_js_decode(cx->arena, raw);
        good = raw.n && raw.p[0] == '"' && name.n && name.n <= 200 && ++n <= ALIASES_MAX;
    }
    return good ? VG_OK : vg_fail(err, VG_EINVALID, "aliases", "bans.aliases", "%d", ALIASES_MAX);
}

typedef struct proposal {
    const char *agency, *site;
    vg_number number;
    vg_paper paper;
    int64_t expires_us, review_us;
    int32_t label;
} proposal;

static vg_status put_card(vg_cx *cx, const vg_args *args, const proposal *p, const char *id,
                          vg_err *err)
{
    const vg_str aliases = vg_arg_str(args, "aliases");
    return vg_exec(
        cx->db,
        "INSERT INTO ban_card (entry, name, aliases, born, doc_kind, doc_key, doc_away,"
        " doc_last, label, world) VALUES (?, ?, ?, NULLIF(?, 0), NULLIF(?, ''), ?, ?, NULLIF(?,"
        " ''), ?, ?)",
        VG_VALS(vg_z(id), vg_t(vg_arg_str(args, "name")), vg_t(aliases.n ? aliases : VG_S("[]")),
                vg_i(vg_arg_i64(args, "born", 0)), vg_t(vg_arg_str(args, "doc_kind")),
                vg_paper_val(&p->paper), vg_paper_away(&p->paper), vg_z(p->paper.last),
                vg_i(p->label), vg_i(cx->world)),
        err);
}

static vg_status say_proposed(vg_cx *cx, const vg_args *args, const proposal *p, const char *id,
                              vg_err *err)
{
    vg_buf b;
    vg_buf_init(&b, 8192);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kstr(&w, "name", vg_arg_str(args, "name"));
    vg_jw_kraw(&w, "aliases",
               vg_arg_str(args, "aliases").n ? vg_arg_str(args, "aliases") : VG_S("[]"));
    vg_jw_ki64(&w, "born", vg_arg_i64(args, "born", 0));
    vg_jw_kstr(&w, "doc_kind", vg_arg_str(args, "doc_kind"));
    vg_jw_kz(&w, "doc_last", p->paper.last);
    vg_jw_close(&w, '}');
    vg_body(cx);
    vg_jw_kz(&cx->body, "agency", p->agency);
    vg_jw_ki64(&cx->body, "year", p->number.year);
    vg_jw_ki64(&cx->body, "n", p->number.n);
    vg_jw_kz(&cx->body, "number", p->number.text);
    vg_jw_ki64(&cx->body, "review_due", p->review_us);
    vg_body_args(cx, args, "site agency name aliases born doc_kind doc_number review_due");
    const vg_status st = vg_emit(cx,
                                 &(vg_draft){.kind = "bans.proposed",
                                             .site = p->site,
                                             .subject = id,
                                             .label = p->label,
                                             .person = id,
                                             .personal = vg_buf_str(&b)},
                                 NULL, err);
    vg_buf_done(&b);
    return st;
}

VG_HANDLER(bans_propose)
{
    proposal p = {.expires_us = vg_arg_i64(args, "expires", 0)};
    char id[VG_ID_TEXT];
    VG_TRY(where(cx, args, &p.agency, &p.site, err));
    VG_TRY(evidence_ok(cx, args, err));
    VG_TRY(aliases_ok(cx, vg_arg_str(args, "aliases"), err));
    const int64_t half_us = cx->now_us + (p.expires_us - cx->now_us) / 2;
    const int64_t latest_us = cx->now_us + REVIEW_DAYS * DAY_US;
    p.review_us = vg_arg_i64(args, "review_due", half_us < latest_us ? half_us : latest_us);
    VG_TRY(times_ok(cx, p.expires_us, p.review_us, err));
    if (vg_arg_str(args, "doc_number").n) {
        VG_TRY(vg_paper_of(cx, vg_arg_str(args, "doc_number"), &p.paper, err));
    }
    VG_TRY(vg_label_of(cx, p.agency, VG_C_GATE, p.site, VG_S_NORMAL, &p.label, err));
    VG_TRY(vg_number_next(cx, "SELECT max(n) FROM ban_entry WHERE agency = ? AND year = ?",
                          p.agency, "KV", &p.number, err));
    vg_new_id(cx, id);
    VG_TRY(put_card(cx, args, &p, id, err));
    VG_TRY(say_proposed(cx, args, &p, id, err));
    vg_jw_kz(&cx->reply, "id", id);
    vg_jw_kz(&cx->reply, "number", p.number.text);
    return VG_OK;
}

VG_FOLDER(bans_on_proposed)
{
    return vg_put(
        ap, e,
        "INSERT INTO ban_entry (id, agency, site, year, n, number, reason, incident,"
        " document, expires, review_due, proposed_by, changed_at, at, label, world) VALUES"
        " (?, ?, NULLIF(?, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "@subject agency @site year n number reason incident document expires review_due"
        " @actor @at @at @label @world",
        err);
}

// --- decided, by another ------------------------------------------------------------------------------
VG_HANDLER(bans_decide)
{
    bans_entry e;
    VG_TRY(bans_at(cx, vg_arg_str(args, "id"), &e, err));
    VG_TRY(bans_require(cx, "bans.approve", &e, err));
    const bool refused = vg_str_eqc(vg_arg_str(args, "decision"), "refused");
    if (!vg_str_eqc(e.state, "proposed")) {
        return vg_fail(err, VG_ECONFLICT, "id", "bans.not_proposed", "%s", "");
    }
    if (cx->who->kind == VG_P_TOKEN ||
        (*cx->who->user && vg_str_eqc(e.proposed_by, cx->who->user))) {
        return vg_fail(err, VG_EDENIED, "id", "bans.another", "%s", "");
    }
    if (refused && !vg_str_trim(vg_arg_str(args, "why")).n) {
        return vg_fail(err, VG_EINVALID, "why", "err.field_missing", "%s", "why");
    }
    if (!refused && e.expires_us <= cx->now_us) {
        return vg_fail(err, VG_ECONFLICT, "id", "bans.over", "%s", "");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    return vg_say(cx, &(vg_saying){"bans.decided", e.site, e.id, e.label}, err);
}

VG_FOLDER(bans_on_decided)
{
    int64_t expires_us = 0, review_us = 0;
    const char *id = vg_str_z(ap->arena, e->subject), *site = vg_str_z(ap->arena, e->site);
    const bool in_force = vg_str_eqc(vg_js_str(ap->arena, e->body, "decision"), "approved");
    VG_TRY(vg_put(ap, e,
                  "UPDATE ban_entry SET state = CASE ?1 WHEN 'approved' THEN 'in_force' ELSE"
                  " 'refused' END, why = ?2, decided_by = ?3, decided_at = ?4, changed_at = ?4,"
                  " ended_at = CASE ?1 WHEN 'approved' THEN NULL ELSE ?4 END WHERE id = ?5",
                  "decision why @actor @at @subject", err));
    VG_TRY(vg_one_i64(ap->db, "SELECT expires FROM ban_entry WHERE id = ?", VG_VALS(vg_z(id)), 0,
                      &expires_us, err));
    VG_TRY(vg_one_i64(ap->db, "SELECT review_due FROM ban_entry WHERE id = ?", VG_VALS(vg_z(id)), 0,
                      &review_us, err));
    if (in_force) {
        VG_TRY(vg_deadline_set(ap, "bans.review", id, site, review_us, err));
    }
    // What was refused is kept as long as what has ended, and then its person is forgotten.
    return in_force
               ? vg_deadline_set(ap, "bans.expire", id, site, expires_us, err)
               : vg_deadline_set(ap, "bans.erase", id, site, e->recorded_us + 90 * DAY_US, err);
}
