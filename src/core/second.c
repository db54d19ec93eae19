// SPDX-License-Identifier: Apache-2.0
// Who is a second person is not a list of its own: whoever could have asked for the very same thing, tried with the
// command's own handler, except the one who asked, whoever the request names, and whoever has his account or a role from
// the one who asked, unconfirmed: else one administrator would be two. So a right that is lost, a row that changed, a rule
// of the command's ("never to oneself") count at the moment of approval without being written twice.
//
// A request carries the label of what it would write, so an agency's secrets stay its own; where the asker cannot read
// that himself (an account of another agency), it is his own agency's: it says no more than he knew.
//
// What a command keeps secret (a password) is never stored for later: where such a call would need a second person it
// is refused, and the catalogue says the way that is open.
#include "core/second.h"

#include "base/clock.h"
#include "core/core_impl.h"

enum { PEOPLE_MAX = 2000, ARGS_MAX_BYTES = 16 << 10, TRY_BYTES = 1 << 20, REPLY_MAX = 1 << 16 };

static const char KEPT_BY[] = "second.ask", WAITS[] = "second_request";
#define WAITS_FIRST "{\"second_request\":"

vg_status vg_second_always(vg_cx *cx, const vg_args *args, bool *ret, vg_err *err)
{
    (void)cx;
    (void)args;
    (void)err;
    *ret = true;
    return VG_OK;
}

vg_str vg_second_waits(vg_arena *a, vg_str reply)
{
    return vg_str_starts(reply, WAITS_FIRST) ? vg_js_str(a, reply, WAITS) : (vg_str){"", 0};
}

static const vg_auth *auth_of_modules(void)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        if (m->auth) {
            return m->auth;
        }
    }
    abort();  // there is no program without accounts
}

// --- who may be the second ----------------------------------------------------------------------
static bool names(const json_t *object, const char *user)
{
    union {
        const json_t *borrowed;
        json_t *plain;
    } u = {object};  // jansson's iterator takes no const
    for (void *it = json_object_iter(u.plain); it; it = json_object_iter_next(u.plain, it)) {
        const char *text = json_string_value(json_object_iter_value(it));
        if (text && strcmp(text, user) == 0) {
            return true;
        }
    }
    return false;
}

static vg_status other_person(vg_core *c, const vg_second_request *r, const vg_principal *p,
                              vg_err *err)
{
    vg_label l;
    if (!vg_label_get(c->labels, r->label, &l) || !vg_label_visible(p, &l)) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
    }
    if (p->kind != VG_P_USER) {
        return vg_fail(err, VG_EDENIED, "id", "second.person", "%s", "");
    }
    return strcmp(p->user, r->asker) == 0
               ? vg_fail(err, VG_EDENIED, "id", "second.other_person", "%s", "")
               : VG_OK;
}

static vg_status try_it(vg_cx *cx, const vg_second_request *r, const json_t *object, vg_err *err)
{
    const vg_command *cmd = vg_core_command(r->command);
    bool beholden = false;
    if (!cmd) {
        return vg_fail(err, VG_ECONFLICT, "id", "err.no_such_command", "%s", r->command);
    }
    if (names(object, cx->who->user)) {
        return vg_fail(err, VG_EDENIED, "id", "second.concerned", "%s", "");
    }
    VG_TRY(auth_of_modules()->beholden(cx->db, vg_str_c(cx->who->user), vg_str_c(r->asker),
                                       &beholden, err));
    return beholden ? vg_fail(err, VG_EDENIED, "id", "second.beholden", "%s", "")
                    : vg_cx_try(cx, cmd, object, err);
}

vg_status vg_second_may(vg_core *c, vg_db *db, vg_arena *a, const vg_second_request *r,
                        const vg_principal *p, vg_err *err)
{
    json_t *object;
    vg_cx cx = {.core = c,
                .db = db,
                .arena = a,
                .who = p,
                .id = vg_cmd_derive("second", vg_str_c(r->id), VG_S("")),
                .if_match = r->if_match,
                .now_us = vg_labels_wall(c->labels),
                .world = p->world};
    VG_TRY(other_person(c, r, p, err));
    VG_TRY(vg_json_parse(r->args, ARGS_MAX_BYTES, &object, err));
    const vg_status st = try_it(&cx, r, object, err);
    json_decref(object);
    return st;
}

static vg_status could(vg_cx *cx, vg_arena *a, const vg_second_request *r, const char *user,
                       bool *ret, vg_err *err)
{
    vg_principal p = {0};
    vg_err why = {0};
    vg_status st = auth_of_modules()->by_id(cx->core, cx->db, vg_str_c(user), &p, &why);
    st = st == VG_OK ? vg_second_may(cx->core, cx->db, a, r, &p, &why) : st;
    vg_principal_done(&p);
    *ret = st == VG_OK;
    if (vg_store_failed(st)) {
        *err = why;
        return st;
    }
    return VG_OK;
}

// So that nobody waits for a person there is not.
static vg_status somebody(vg_cx *cx, const vg_second_request *r, vg_err *err)
{
    const char **ids = NULL;
    size_t n = 0;
    bool found = false;
    vg_arena *a = vg_arena_create(TRY_BYTES);
    vg_status st = auth_of_modules()->people(cx->db, cx->arena, PEOPLE_MAX, &ids, &n, err);
    for (size_t i = 0; st == VG_OK && i < n && !found; i++) {
        vg_arena_reset(a);
        st = strcmp(ids[i], r->asker) == 0 ? VG_OK : could(cx, a, r, ids[i], &found, err);
    }
    vg_arena_destroy(a);
    if (st == VG_OK && !found) {
        return vg_fail(err, VG_ECONFLICT, "", "second.nobody", "%s", "");
    }
    return st;
}

// --- asking -------------------------------------------------------------------------------------
static bool has_secret(const vg_command *cmd)
{
    for (const vg_field *f = cmd->fields; f && f->name; f++) {
        if (f->type == VG_F_SECRET) {
            return true;
        }
    }
    return false;
}

static vg_status label_of_request(vg_cx *cx, int32_t would, int32_t *ret, vg_err *err)
{
    vg_label l;
    if (!vg_label_get(cx->core->labels, would, &l)) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "label %d", would);
    }
    if (*l.agency && vg_label_visible(cx->who, &l)) {
        *ret = would;
        return VG_OK;
    }
    const vg_compartment c = l.compartment == VG_C_SHARED ? VG_C_PERSONAL : l.compartment;
    return vg_label_of(cx, cx->who->agency, c, l.site, l.secrecy, ret, err);
}

static vg_status text_of(vg_arena *a, const json_t *object, vg_str *ret, vg_err *err)
{
    const size_t n = json_dumpb(object, NULL, 0, JSON_COMPACT);
    char *p = n <= ARGS_MAX_BYTES ? vg_arena_get(a, n + 1) : NULL;
    if (!p) {
        return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%d", ARGS_MAX_BYTES);
    }
    json_dumpb(object, p, n, JSON_COMPACT);
    *ret = (vg_str){p, n};
    return VG_OK;
}

static vg_status keep(vg_cx *cx, const vg_second_request *r, const json_t *object, vg_err *err)
{
    vg_args args;
    const vg_command *cmd = vg_core_command(KEPT_BY);
    json_t *ask = json_object();
    json_object_set_new(ask, "command", json_string(r->command));
    json_object_set_new(ask, "args", json_deep_copy(object));
    json_object_set_new(ask, "if_match", json_stringn(r->if_match.p, r->if_match.n));
    json_object_set_new(ask, "label", json_integer(r->label));
    json_object_set_new(ask, "site", json_string(r->site));
    vg_status st = vg_args_parse(cx->arena, cmd->fields, ask, &args, err);
    st = st == VG_OK ? cmd->run(cx, &args, err) : st;
    json_decref(ask);
    return st;
}

static vg_status ask(vg_cx *cx, const vg_command *cmd, const vg_args *args, const json_t *object,
                     vg_err *err)
{
    vg_cx dry = *cx;
    if (cx->who->kind != VG_P_USER) {
        return vg_fail(err, VG_EDENIED, "", "second.person", "%s", cmd->name);
    }
    VG_TRY(vg_cx_try(&dry, cmd, object, err));
    if (!dry.would.any) {
        return cmd->run(cx, args, err);  // it changes nothing
    }
    if (has_secret(cmd)) {
        return vg_fail(err, VG_EDENIED, "", "second.secret", "%s", cmd->name);
    }
    vg_second_request r = {.id = "",
                           .command = cmd->name,
                           .asker = cx->who->user,
                           .site = dry.would.site,
                           .if_match = cx->if_match};
    VG_TRY(label_of_request(cx, dry.would.label, &r.label, err));
    VG_TRY(text_of(cx->arena, object, &r.args, err));
    VG_TRY(somebody(cx, &r, err));
    return keep(cx, &r, object, err);
}

vg_status vg_second_or_run(vg_cx *cx, const vg_command *cmd, const vg_args *args,
                           const json_t *object, vg_err *err)
{
    bool wanted = false;
    const bool person = cx->who->kind == VG_P_USER || cx->who->kind == VG_P_TOKEN;
    if (person && cmd->second) {
        VG_TRY(cmd->second(cx, args, &wanted, err));
    }
    return wanted ? ask(cx, cmd, args, object, err) : cmd->run(cx, args, err);
}

// --- running what was approved ------------------------------------------------------------------
static vg_status run_as(vg_cx *cx, const vg_second_request *r, const vg_principal *asker,
                        const json_t *object, int64_t seq, vg_err *err)
{
    const vg_command *cmd = vg_core_command(r->command);
    vg_args args;
    vg_buf reply;
    uint32_t log = VG_LOG_NODE;
    if (*r->site) {
        VG_TRY(vg_journal_log(cx->core->journal, vg_str_c(r->site), &log, err));
    }
    vg_cx inner = {.core = cx->core,
                   .db = cx->db,
                   .arena = cx->arena,
                   .who = asker,
                   .id = vg_cmd_derive("second", vg_str_c(r->id), VG_S("")),
                   .if_match = r->if_match,
                   .now_us = cx->now_us,
                   .cause_log = log,
                   .cause_seq = seq};
    VG_TRY(vg_args_parse(cx->arena, cmd->fields, object, &args, err));
    if (!vg_may(asker, cmd->permission, NULL)) {
        return vg_fail(err, VG_ECONFLICT, "id", "second.asker_may_not", "%s", cmd->name);
    }
    vg_buf_init(&reply, REPLY_MAX);
    inner.reply = vg_jw_on(&reply);
    vg_jw_open(&inner.reply, '{');
    vg_status st = cmd->run(&inner, &args, err);
    vg_jw_close(&inner.reply, '}');
    vg_buf_done(&inner.body_buf);
    if (st == VG_EDENIED) {  // the second person may: he was tried before
        st = vg_fail(err, VG_ECONFLICT, "id", "second.asker_may_not", "%s", cmd->name);
    } else if (st == VG_OK && reply.failed) {
        st = vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%d", REPLY_MAX);
    }
    if (st == VG_OK) {
        vg_jw_kraw(&cx->reply, "result", vg_buf_str(&reply));
        cx->secret_reply = cx->secret_reply || inner.secret_reply;
    }
    vg_buf_done(&reply);
    return st;
}

vg_status vg_second_run(vg_cx *cx, const vg_second_request *r, int64_t seq, vg_err *err)
{
    vg_principal asker = {0};
    json_t *object;
    const vg_status known =
        auth_of_modules()->by_id(cx->core, cx->db, vg_str_c(r->asker), &asker, err);
    if (known != VG_OK) {
        return known == VG_ENOTFOUND
                   ? vg_fail(err, VG_ECONFLICT, "id", "second.asker_may_not", "%s", r->command)
                   : known;
    }
    VG_TRY(vg_json_parse(r->args, ARGS_MAX_BYTES, &object, err));
    vg_status st = vg_core_command(r->command)
                       ? run_as(cx, r, &asker, object, seq, err)
                       : vg_fail(err, VG_ECONFLICT, "id", "err.no_such_command", "%s", r->command);
    json_decref(object);
    vg_principal_done(&asker);
    return st;
}
