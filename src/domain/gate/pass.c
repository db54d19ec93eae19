// SPDX-License-Identifier: Apache-2.0
// At the point: ask, let through, turn away, forgive. The guard decides. To let through against advice, or to turn away
// somebody with nothing against him, he says why. A passage that came about otherwise (a turnstile by itself, a terminal
// that was offline) is the same event with another way of being told; it is never refused, because it happened.
#include "domain/gate/gate.h"

#define SHOWN                                                                                     \
    {"id", VG_F_ID, VG_IN_PATH}, {"way", VG_F_ENUM, VG_REQUIRED, .values = gate_ways},            \
        {"badge", VG_F_TEXT, .max = 64}, {"holder", VG_F_ID}, {"paper", VG_F_SECRET, .max = 600}, \
    {                                                                                             \
        "plate", VG_F_TEXT, .max = 24                                                             \
    }

static const char *const purposes[] = {"test", NULL};

const vg_field gate_ask_fields[] = {SHOWN, {NULL}};
const vg_field gate_pass_fields[] = {
    SHOWN,
    {"why", VG_F_TEXT, .max = 300},
    {"purpose", VG_F_ENUM, .values = purposes},
    {"asked", VG_F_TIME},
    {NULL},
};
const vg_field gate_record_fields[] = {
    SHOWN,  {"moved", VG_F_TIME, VG_REQUIRED}, {"told", VG_F_TIME}, {"why", VG_F_TEXT, .max = 300},
    {NULL},
};
const vg_field gate_refuse_fields[] = {
    SHOWN, {"why", VG_F_TEXT, .max = 300}, {"asked", VG_F_TIME}, {NULL}};
const vg_field gate_forgive_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 300},
    {NULL},
};

static gate_shown shown_of(const vg_args *args)
{
    return (gate_shown){vg_arg_str(args, "badge"), vg_arg_str(args, "holder"),
                        vg_arg_str(args, "paper"), vg_arg_str(args, "plate")};
}

static vg_status advised(vg_cx *cx, const vg_args *args, gate_at *at, gate_advice *a, vg_err *err)
{
    const int way = (int)vg_arg_i64(args, "way", GATE_IN);
    const gate_shown shown = shown_of(args);
    VG_TRY(gate_point_at(cx, vg_arg_str(args, "id"), way, "gate.pass", at, err));
    const int n =
        (shown.badge.n != 0) + (shown.holder.n != 0) + (shown.paper.n != 0) + (shown.plate.n != 0);
    if (n != 1) {
        return vg_fail(err, VG_EINVALID, "badge", "gate.one_of", "%s", "");
    }
    return gate_advise(cx, at, &shown, a, err);
}

static vg_status say_who(vg_cx *cx, const gate_advice *a, vg_err *err)
{
    vg_str c[4] = {0};
    const vg_status st =
        vg_look(cx, "SELECT name, company, doc_kind, doc_last FROM gate_card WHERE holder = ?",
                vg_str_c(a->holder.id), c, 4, err);
    if (st != VG_OK && st != VG_ENOTFOUND) {
        return st;
    }
    vg_jw_kz(&cx->reply, "holder", a->holder.id);
    vg_jw_kstr(&cx->reply, "kind", a->holder.kind);
    vg_jw_kstr(&cx->reply, "class", a->holder.class);
    vg_jw_kstr(&cx->reply, "name", c[0]);
    vg_jw_kstr(&cx->reply, "company", c[1]);
    vg_jw_kstr(&cx->reply, "doc_kind", c[2]);
    vg_jw_kstr(&cx->reply, "doc_last", c[3]);
    return VG_OK;
}

// That somebody was shown entries of the ban list: which, never whom they name.
static vg_status say_shown(vg_cx *cx, const gate_at *at, const gate_advice *a, vg_err *err)
{
    vg_body(cx);
    vg_jw_kz(&cx->body, "point", at->id);
    vg_jw_kstr(&cx->body, "way", at->way);
    if (a->found) {
        vg_jw_kz(&cx->body, "holder", a->holder.id);
    }
    vg_jw_key(&cx->body, "entries");
    vg_jw_open(&cx->body, '[');
    for (size_t i = 0; i < a->n_bans; i++) {
        vg_jw_str(&cx->body, vg_str_c(a->ban[i].id));
    }
    vg_jw_close(&cx->body, ']');
    return vg_say(cx, &(vg_saying){"gate.ban_shown", at->site, a->ban[0].id, at->label}, err);
}

VG_HANDLER(gate_ask)
{
    gate_at at;
    gate_advice a = {0};
    VG_TRY(advised(cx, args, &at, &a, err));
    vg_jw_kz(&cx->reply, "say", gate_says[a.say]);
    gate_reasons_json(&a, "reasons", true, &cx->reply);
    vg_jw_ktime(&cx->reply, "asked", cx->now_us);
    gate_plates_json(&a, &cx->reply);
    if (a.n_bans) {
        VG_TRY(say_shown(cx, &at, &a, err));
        VG_TRY(gate_bans_json(cx, &a, err));
    }
    return a.found ? say_who(cx, &a, err) : VG_OK;
}

// Against advice needs a reason in words.
static vg_status why_ok(const vg_args *args, bool against, vg_err *err)
{
    return against && !vg_str_trim(vg_arg_str(args, "why")).n
               ? vg_fail(err, VG_EINVALID, "why", "gate.why", "%s", "")
               : VG_OK;
}

// When the guard was told the advice, as his terminal had it from the ask. What cannot be is not kept.
#define ASKED_MAX_US (INT64_C(3600) * 1000000)
static int64_t asked_of(const vg_cx *cx, const vg_args *args)
{
    const int64_t us = vg_arg_i64(args, "asked", 0);
    return us <= cx->now_us && cx->now_us - us <= ASKED_MAX_US ? us : 0;
}

static void fact_body(vg_cx *cx, const gate_fact *f)
{
    vg_jw *w = vg_body(cx);
    vg_jw_kstr(w, "way", f->at->way);
    vg_jw_kz(w, "advice", gate_says[f->a->say]);
    gate_reasons_json(f->a, "reasons", false, w);
    if (f->why.n) {
        vg_jw_kstr(w, "why", f->why);
    }
    if (f->a->badge) {
        vg_jw_kz(w, "badge", f->a->badge);
    }
    if (f->a->found) {
        vg_jw_kz(w, "holder", f->a->holder.id);
    }
    vg_jw_kz(w, "point", f->at->id);
    if (f->asked_us) {
        vg_jw_ki64(w, "asked", f->asked_us);
    }
    if (f->came_us) {
        vg_jw_ki64(w, "came", f->came_us);
    }
    if (f->told_us) {
        vg_jw_ki64(w, "told", f->told_us);
    }
    vg_jw_kz(w, "source", f->source);
}

static vg_status say_fact(vg_cx *cx, const gate_fact *f, const char *kind, const char *id,
                          vg_err *err)
{
    return vg_emit(cx,
                   &(vg_draft){.kind = kind,
                               .site = f->at->site,
                               .subject = id,
                               .label = f->at->label,
                               .captured_us = f->moved_us,
                               .cause_log = f->cause_log,
                               .cause_seq = f->cause_seq},
                   NULL, err);
}

vg_status gate_say_passed(vg_cx *cx, const gate_fact *f, const char *id, vg_err *err)
{
    fact_body(cx, f);
    vg_jw *w = &cx->body;
    vg_jw_kstr(w, "holder_kind", f->a->holder.kind);
    if (f->a->holder.class.n) {
        vg_jw_kstr(w, "class", f->a->holder.class);
    }
    if (*f->at->from) {
        vg_jw_kz(w, "from", f->at->from);
    }
    if (*f->at->to) {
        vg_jw_kz(w, "to", f->at->to);
    }
    vg_jw_ki64(w, "again", f->at->again_us);
    vg_jw_ki64(w, "moved", f->moved_us);
    if (f->purpose.n) {
        vg_jw_kstr(w, "purpose", f->purpose);
    }
    return say_fact(cx, f, "gate.passed", id, err);
}

vg_status gate_say_refused(vg_cx *cx, const gate_fact *f, const char *id, vg_err *err)
{
    fact_body(cx, f);
    if (f->source) {
        vg_jw_ki64(&cx->body, "moved", f->moved_us);
    }
    return say_fact(cx, f, "gate.refused", id, err);
}

// Whom a plate stands for may have no record yet.
static vg_status somebody(vg_cx *cx, const gate_at *at, gate_advice *a, vg_err *err)
{
    if (a->found) {
        return VG_OK;
    }
    return a->by_plate ? gate_plate_holder(cx, at, a, err)
                       : vg_fail(err, VG_EINVALID, "badge", "gate.nobody", "%s", "");
}

static vg_status say_passed(vg_cx *cx, const gate_fact *f, vg_err *err)
{
    char id[VG_ID_TEXT];
    vg_new_id(cx, id);
    VG_TRY(gate_say_passed(cx, f, id, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_HANDLER(gate_pass)
{
    gate_at at;
    gate_advice a = {0};
    const gate_shown shown = shown_of(args);
    VG_TRY(advised(cx, args, &at, &a, err));
    if (!a.found && !a.by_plate) {
        return vg_fail(err, VG_EINVALID, "badge", "gate.nobody", "%s", "");
    }
    VG_TRY(why_ok(args, a.say != GATE_GREEN, err));
    VG_TRY(somebody(cx, &at, &a, err));
    int64_t came_us = 0;
    VG_TRY(gate_arrival_came(cx, &at, &shown, &a, &came_us, err));
    const gate_fact f = {.at = &at,
                         .a = &a,
                         .moved_us = cx->now_us,
                         .came_us = came_us,
                         .asked_us = asked_of(cx, args),
                         .why = vg_arg_str(args, "why"),
                         .purpose = vg_arg_str(args, "purpose")};
    VG_TRY(say_passed(cx, &f, err));
    vg_jw_kz(&cx->reply, "say", gate_says[a.say]);
    return gate_arrival_close(cx, &at, &shown, &a, "passed", err);
}

// Told afterwards, by a terminal that was offline or from paper. Told twice is once.
VG_HANDLER(gate_record)
{
    gate_at at;
    gate_advice a = {0};
    vg_str c[1];
    const int64_t moved_us = vg_arg_i64(args, "moved", 0);
    VG_TRY(advised(cx, args, &at, &a, err));
    VG_TRY(somebody(cx, &at, &a, err));
    if (moved_us > cx->now_us) {
        return vg_fail(err, VG_EINVALID, "moved", "gate.in_future", "%s", "");
    }
    vg_rows *r;
    VG_TRY(vg_rows_open(
        cx->db, "SELECT id FROM passage WHERE holder = ? AND moved = ? AND point = ? AND way = ?",
        VG_VALS(vg_z(a.holder.id), vg_i(moved_us), vg_z(at.id), vg_t(vg_arg_str(args, "way"))), &r,
        err));
    const bool again = vg_rows_next(r);
    c[0] = again ? vg_str_dup(cx->arena, vg_row_str(r, 0)) : (vg_str){0};
    VG_TRY(vg_rows_close(r, err));
    if (again) {
        vg_jw_kstr(&cx->reply, "id", c[0]);
        return VG_OK;
    }
    return say_passed(cx,
                      &(gate_fact){.at = &at,
                                   .a = &a,
                                   .moved_us = moved_us,
                                   .told_us = vg_arg_i64(args, "told", 0),
                                   .why = vg_arg_str(args, "why")},
                      err);
}

VG_HANDLER(gate_refuse)
{
    gate_at at;
    gate_advice a = {0};
    char id[VG_ID_TEXT];
    const gate_shown shown = shown_of(args);
    VG_TRY(advised(cx, args, &at, &a, err));
    VG_TRY(why_ok(args, a.say == GATE_GREEN, err));
    int64_t came_us = 0;
    VG_TRY(gate_arrival_came(cx, &at, &shown, &a, &came_us, err));
    vg_new_id(cx, id);
    const gate_fact f = {.at = &at,
                         .a = &a,
                         .came_us = came_us,
                         .asked_us = asked_of(cx, args),
                         .why = vg_arg_str(args, "why")};
    VG_TRY(gate_say_refused(cx, &f, id, err));
    vg_jw_kz(&cx->reply, "id", id);
    return gate_arrival_close(cx, &at, &shown, &a, "refused", err);
}

VG_FOLDER(gate_on_refused)
{
    return vg_put(
        ap, e,
        "INSERT INTO refusal (id, site, point, way, holder, badge, advice, reasons, why,"
        " decided_by, at, asked, came, source, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " CASE WHEN ? IS NULL THEN COALESCE(?, ?) END, COALESCE(?, ?), ?, ?, ?, ?, ?)",
        "@subject @site point way holder badge advice reasons why source by @actor moved"
        " @at asked came source @label @world",
        err);
}

// From this moment nothing before counts against him: where he is, is not known.
VG_HANDLER(gate_forgive)
{
    gate_holder h;
    char id[VG_ID_TEXT];
    VG_TRY(gate_holder_at(cx, vg_arg_str(args, "id"), &h, err));
    const char *site = vg_str_z(cx->arena, h.site);
    VG_TRY(vg_require_own(cx, "gate.forgive", site, h.agency, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "kind", "forgive");
    vg_jw_kz(&cx->body, "holder", h.id);
    vg_jw_kstr(&cx->body, "holder_kind", h.kind);
    vg_jw_ki64(&cx->body, "moved", cx->now_us);
    vg_jw_kstr(&cx->body, "why", vg_arg_str(args, "reason"));
    VG_TRY(vg_say(cx, &(vg_saying){"gate.passed", site, id, h.label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}
