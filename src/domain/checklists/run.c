// SPDX-License-Identifier: Apache-2.0
// A run of a template at a site or post: begun by a person (or by a reaction of another module), due some time
// after, cancelled with a reason. A late run is marked once and stays among what is due until it is signed.
#include "domain/checklists/checklists.h"

#include <assert.h>

const vg_field checklists_run_fields[] = {
    {"template", VG_F_ID, VG_REQUIRED},
    {"site", VG_F_ID, VG_REQUIRED},
    {"post", VG_F_ID},
    {"subject", VG_F_TEXT},
    {"due_at", VG_F_TIME},
    {NULL},
};
const vg_field checklists_cancel_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};
const vg_field checklists_due_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"due", VG_F_TIME},
    {NULL},
};

vg_status checklists_run_at(vg_cx *cx, vg_str id, const char *permission, const char *states,
                            run_ref *ret, vg_err *err)
{
    vg_str c[9];
    VG_TRY(vg_look(cx,
                   "SELECT site, agency, COALESCE(post, ''), template, number, state, at,"
                   " label, COALESCE(first_by, '') FROM checklist WHERE id = ?",
                   id, c, 9, err));
    *ret = (run_ref){.id = vg_str_z(cx->arena, id),
                     .site = vg_str_z(cx->arena, c[0]),
                     .agency = vg_str_z(cx->arena, c[1]),
                     .post = vg_str_z(cx->arena, c[2]),
                     .template = c[3],
                     .number = c[4],
                     .state = c[5],
                     .at_us = vg_int(c[6]),
                     .label = (int32_t)vg_int(c[7]),
                     .first_by = c[8]};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    VG_TRY(vg_require_own(cx, permission, ret->site, ret->agency, err));
    if (!strstr(states, vg_str_z(cx->arena, ret->state))) {
        return vg_fail(err, VG_ECONFLICT, "id", "checklists.not_open", "%.*s", VG_FMT(ret->number));
    }
    return checklists_template(cx, ret->template, &ret->spec, err);
}

vg_status checklists_say(vg_cx *cx, const run_ref *r, const char *kind, vg_err *err)
{
    VG_TRY(vg_say(cx, &(vg_saying){kind, r->site, r->id, r->label}, err));
    vg_jw_kz(&cx->reply, "id", r->id);
    vg_jw_kstr(&cx->reply, "number", r->number);
    return VG_OK;
}

static vg_status post_fits(vg_cx *cx, const vg_args *args, const spec *s, const char *site,
                           const char **ret, vg_err *err)
{
    vg_str c[2];
    assert(s);
    const vg_str post = vg_arg_str(args, "post");
    *ret = vg_str_z(cx->arena, post);
    if (!post.n) {
        return strcmp(s->place, "post") != 0
                   ? VG_OK
                   : vg_fail(err, VG_EINVALID, "post", "checklists.post_missing", "%s", s->code);
    }
    if (vg_look(cx, "SELECT site, label FROM post WHERE id = ? AND state = 'active'", post, c, 2,
                NULL) != VG_OK ||
        !vg_str_eqc(c[0], site) || vg_seen(cx, (int32_t)vg_int(c[1]), "post", NULL) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "post", "checklists.no_post", "%.*s", VG_FMT(post));
    }
    return VG_OK;
}

static vg_compartment compartment_of(const char *word)
{
    return strcmp(word, "shared") == 0  ? VG_C_SHARED
           : strcmp(word, "force") == 0 ? VG_C_FORCE
           : strcmp(word, "means") == 0 ? VG_C_MEANS
                                        : VG_C_MEASURES;
}

static vg_status template_for(vg_cx *cx, vg_str id, run_ref *r, vg_err *err)
{
    vg_str c[2];
    if (vg_look(cx, "SELECT state, label FROM checklist_template WHERE id = ?", id, c, 2, NULL) !=
            VG_OK ||
        vg_seen(cx, (int32_t)vg_int(c[1]), "template", NULL) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "template", "checklists.no_template", "%.*s", VG_FMT(id));
    }
    if (!vg_str_eqc(c[0], "active")) {
        return vg_fail(err, VG_ECONFLICT, "template", "checklists.retired", "%.*s", VG_FMT(id));
    }
    r->template = id;
    return checklists_template(cx, id, &r->spec, err);
}

static void run_body(vg_cx *cx, const vg_args *args, const run_ref *r, const vg_number *number,
                     int64_t due)
{
    vg_body(cx);
    vg_jw_kstr(&cx->body, "template", r->template);
    vg_jw_kz(&cx->body, "agency", r->agency);
    vg_jw_kz(&cx->body, "number", number->text);
    vg_jw_ki64(&cx->body, "year", number->year);
    vg_jw_ki64(&cx->body, "serial", number->n);
    if (*r->post) {
        vg_jw_kz(&cx->body, "post", r->post);
    }
    if (vg_arg_str(args, "subject").n) {
        vg_jw_kstr(&cx->body, "subject", vg_arg_str(args, "subject"));
    }
    if (due) {
        vg_jw_ki64(&cx->body, "due_at", due);
    }
    if (*cx->who->user) {
        vg_jw_kz(&cx->body, "by", cx->who->user);
    }
}

VG_HANDLER(checklists_run)
{
    char id[VG_ID_TEXT];
    vg_site_ref site;
    vg_number number;
    tally *t = vg_arena_get(cx->arena, sizeof *t);
    run_ref r = {.id = id};
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "checklists.run", &site, err));
    VG_TRY(template_for(cx, vg_arg_str(args, "template"), &r, err));
    assert(r.spec);
    VG_TRY(post_fits(cx, args, r.spec, site.id, &r.post, err));
    r.site = site.id;
    // It is of whoever inspects: police inspecting their posts at a bank tell the bank by a finding, not by this.
    r.agency = *cx->who->agency ? cx->who->agency : site.agency;
    const int64_t due =
        vg_arg_i64(args, "due_at", r.spec->within_us ? cx->now_us + r.spec->within_us : 0);
    if (due && due <= cx->now_us) {
        return vg_fail(err, VG_EINVALID, "due_at", "desk.due_past", "%s", "");
    }
    vg_new_id(cx, id);
    VG_TRY(vg_number_next(cx, "SELECT n FROM checklist_counter WHERE agency = ? AND year = ?",
                          r.agency, "PK", &number, err));
    VG_TRY(vg_label_of(cx, r.agency, compartment_of(r.spec->compartment), site.id, VG_S_NORMAL,
                       &r.label, err));
    r.number = vg_str_c(number.text);
    if (!t) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", r.spec->code);
    }
    VG_TRY(checklists_tally(cx, &r, NULL, (vg_str){"", 0}, t, err));
    run_body(cx, args, &r, &number, due);
    checklists_tally_body(r.spec, t, &cx->body);
    return checklists_say(cx, &r, "checklists.started", err);
}

VG_FOLDER(checklists_on_started)
{
    const int64_t due = vg_js_i64(e->body, "due_at", 0);
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO checklist_counter (agency, year, n, label, world)"
                  " VALUES (?, ?, ?, ?, ?) ON CONFLICT (agency, year) DO UPDATE SET n = excluded.n",
                  "agency year serial @label @world", err));
    if (due) {
        VG_TRY(vg_deadline_set(ap, "checklists.due", vg_str_z(ap->arena, e->subject),
                               vg_str_z(ap->arena, e->site), due, err));
    }
    return vg_put(ap, e,
                  "INSERT INTO checklist (id, number, agency, site, post, template, subject,"
                  " started_by, due_at, skipped, items_n, answered_n, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject number agency @site post template subject by due_at skipped items_n"
                  " answered_n @at @label @world",
                  err);
}

VG_HANDLER(checklists_cancel)
{
    run_ref r;
    VG_TRY(
        checklists_run_at(cx, vg_arg_str(args, "id"), "checklists.sign", "open signed", &r, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_kz(&cx->body, "by", cx->who->user);
    return checklists_say(cx, &r, "checklists.cancelled", err);
}

VG_FOLDER(checklists_on_cancelled)
{
    VG_TRY(vg_deadline_clear(ap, "checklists.due", vg_str_z(ap->arena, e->subject), err));
    return vg_put(ap, e, "UPDATE checklist SET state = 'cancelled', reason = ? WHERE id = ?",
                  "reason @subject", err);
}

VG_HANDLER(checklists_overdue)
{
    vg_str late = {"", 0};
    run_ref r;
    const vg_str id = vg_arg_str(args, "id");
    const vg_status st = checklists_run_at(cx, id, "checklists.run", "open signed", &r, err);
    if (st == VG_ECONFLICT || st == VG_ENOTFOUND) {
        return VG_OK;
    }
    VG_TRY(st);
    VG_TRY(vg_look(cx, "SELECT overdue FROM checklist WHERE id = ?", id, &late, 1, err));
    if (vg_int(late)) {
        return VG_OK;
    }
    vg_body(cx);
    vg_jw_kstr(&cx->body, "number", r.number);
    return checklists_say(cx, &r, "checklists.overdue", err);
}

VG_FOLDER(checklists_on_overdue)
{
    return vg_put(ap, e, "UPDATE checklist SET overdue = 1 WHERE id = ?", "@subject", err);
}
