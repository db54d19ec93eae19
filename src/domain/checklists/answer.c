// SPDX-License-Identifier: Apache-2.0
// Answers and signatures. An answer may come late, from a phone that had no network: it carries when it was
// given, and one given later is never overwritten by one given earlier. The first signature freezes the answers
// and raises a finding for every shortcoming; where two sign, the second is another person.
#include "domain/checklists/checklists.h"

#include "base/clock.h"

enum { AHEAD_S = 120 };

const vg_field checklists_answer_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"item", VG_F_TEXT, VG_REQUIRED, .max = 32},
    {"value", VG_F_TEXT, VG_REQUIRED, .max = 2000},
    {"note", VG_F_TEXT, .max = 1000},
    {"evidence", VG_F_TEXT},
    {"answered_at", VG_F_TIME},
    {NULL},
};
const vg_field checklists_sign_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"note", VG_F_TEXT, .max = 1000},
    {NULL},
};

static vg_status new_tally(vg_cx *cx, tally **ret, vg_err *err)
{
    *ret = vg_arena_get(cx->arena, sizeof **ret);
    return *ret ? VG_OK : vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "");
}

VG_HANDLER(checklists_answer)
{
    run_ref r;
    tally *t;
    const vg_str value = vg_arg_str(args, "value");
    VG_TRY(checklists_run_at(cx, vg_arg_str(args, "id"), "checklists.run", "open", &r, err));
    const spec_item *item = spec_find(r.spec, vg_arg_str(args, "item"));
    if (!item) {
        return vg_fail(err, VG_EINVALID, "item", "checklists.no_item", "%.*s",
                       VG_FMT(vg_arg_str(args, "item")));
    }
    VG_TRY(spec_check(item, value, err));
    const int64_t when = vg_arg_i64(args, "answered_at", cx->now_us);
    if (when > cx->now_us + AHEAD_S * VG_SECOND_US || when < r.at_us - AHEAD_S * VG_SECOND_US) {
        return vg_fail(err, VG_EINVALID, "answered_at", "checklists.when", "%s", "");
    }
    VG_TRY(new_tally(cx, &t, err));
    VG_TRY(checklists_tally(cx, &r, item, value, t, err));
    char id[VG_ID_TEXT];
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "answered_at");
    vg_jw_ki64(&cx->body, "answered_at", when);
    vg_jw_kz(&cx->body, "answer", id);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    checklists_tally_body(r.spec, t, &cx->body);
    return checklists_say(cx, &r, "checklists.answered", err);
}

VG_FOLDER(checklists_on_answered)
{
    VG_TRY(
        vg_put(ap, e,
               "INSERT INTO checklist_answer (id, checklist, item, value, note, evidence,"
               " by_user, answered_at, at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
               " ON CONFLICT (checklist, item) DO UPDATE SET value = excluded.value,"
               " note = excluded.note, evidence = excluded.evidence, by_user = excluded.by_user,"
               " answered_at = excluded.answered_at, at = excluded.at"
               " WHERE excluded.answered_at >= checklist_answer.answered_at",
               "answer @subject item value note evidence by answered_at @at @label @world", err));
    return vg_put(ap, e,
                  "UPDATE checklist SET skipped = ?, items_n = ?, answered_n = ? WHERE id = ?",
                  "skipped items_n answered_n @subject", err);
}

static vg_status finding(vg_cx *cx, const run_ref *r, const tally *t, size_t i, vg_err *err)
{
    char id[VG_ID_TEXT];
    const spec_item *item = &r->spec->items[i];
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "checklist", r->id);
    vg_jw_kstr(&cx->body, "number", r->number);
    vg_jw_kz(&cx->body, "template", r->spec->code);
    vg_jw_kz(&cx->body, "item", item->code);
    vg_jw_kz(&cx->body, "post", *r->post ? r->post : NULL);
    vg_jw_kz(&cx->body, "title_vi", item->text);
    vg_jw_kz(&cx->body, "title_en", item->text_en);
    vg_jw_kstr(&cx->body, "value", t->value[i]);
    vg_jw_kstr(&cx->body, "note", t->note[i]);
    vg_jw_kz(&cx->body, "law", item->law);
    vg_jw_kz(&cx->body, "level", item->level);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    return vg_say(cx, &(vg_saying){"checklists.finding", r->site, id, r->label}, err);
}

static vg_status findings(vg_cx *cx, const run_ref *r, const tally *t, int64_t *ret_n, vg_err *err)
{
    *ret_n = 0;
    for (size_t i = 0; i < r->spec->n_items; i++) {
        if (t->asked[i] && spec_is_bad(&r->spec->items[i], t->value[i])) {
            VG_TRY(finding(cx, r, t, i, err));
            ++*ret_n;
        }
    }
    return VG_OK;
}

static vg_status may_sign(vg_cx *cx, const run_ref *r, const tally *t, bool first, vg_err *err)
{
    if (first && t->missing) {
        return vg_fail(err, VG_EINVALID, t->missing->code, "checklists.unanswered", "%s",
                       t->missing->text);
    }
    if (!first && vg_str_eqc(r->first_by, cx->who->user)) {
        return vg_fail(err, VG_ECONFLICT, "id", "checklists.same_person", "%.*s",
                       VG_FMT(r->number));
    }
    return VG_OK;
}

VG_HANDLER(checklists_sign)
{
    run_ref r;
    tally *t;
    int64_t n = 0;
    VG_TRY(
        checklists_run_at(cx, vg_arg_str(args, "id"), "checklists.sign", "open signed", &r, err));
    const bool first = vg_str_eqc(r.state, "open");
    VG_TRY(new_tally(cx, &t, err));
    VG_TRY(checklists_tally(cx, &r, NULL, (vg_str){"", 0}, t, err));
    VG_TRY(may_sign(cx, &r, t, first, err));
    if (first) {
        VG_TRY(findings(cx, &r, t, &n, err));
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_kz(&cx->body, "which", first ? "first" : "second");
    vg_jw_kz(&cx->body, "state", first && r.spec->signs > 1 ? "signed" : "closed");
    vg_jw_kstr(&cx->body, "number", r.number);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    vg_jw_ki64(&cx->body, "findings_n", n);
    VG_TRY(checklists_say(cx, &r, "checklists.signed", err));
    vg_jw_ki64(&cx->reply, "findings", n);
    return VG_OK;
}

VG_FOLDER(checklists_on_signed)
{
    const bool first = vg_str_eqc(vg_js_str(ap->arena, e->body, "which"), "first");
    if (vg_str_eqc(vg_js_str(ap->arena, e->body, "state"), "closed")) {
        VG_TRY(vg_deadline_clear(ap, "checklists.due", vg_str_z(ap->arena, e->subject), err));
    }
    return first ? vg_put(ap, e,
                          "UPDATE checklist SET state = ?, first_by = ?, first_at = ?,"
                          " first_note = ?, findings_n = ? WHERE id = ?",
                          "state by @at note findings_n @subject", err)
                 : vg_put(ap, e,
                          "UPDATE checklist SET state = ?, second_by = ?, second_at = ?,"
                          " second_note = ? WHERE id = ?",
                          "state by @at note @subject", err);
}

VG_FOLDER(checklists_on_finding)
{
    return vg_put(ap, e,
                  "INSERT INTO checklist_finding (id, checklist, number, item, site, title_vi,"
                  " title_en, value, note, law, level, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject checklist number item @site title_vi title_en value note law level @at"
                  " @label @world",
                  err);
}
