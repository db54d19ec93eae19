// SPDX-License-Identifier: Apache-2.0
// Running one command: a savepoint, the first answer for a repeated id, arguments checked, permission
// checked, the handler, its events appended and folded at once. Whatever fails undoes the whole command in
// the database, in the journal's heads and in the labels.
#include "core/core_impl.h"

#include "base/clock.h"
#include "core/person.h"
#include "core/second.h"

#include <sodium.h>

// An event's body is small; a command may bring a drawing (each field has its own limit).
enum { BODY_MAX = 256 << 10, ARGS_MAX = 4 << 20 };

static const char *actor_of(const vg_principal *p)
{
    return p->kind == VG_P_SYSTEM ? "system" : p->kind == VG_P_LOCAL ? "local" : p->user;
}

vg_status vg_append_event(vg_core *c, vg_event *e, int64_t now_us, vg_err *err)
{
    const vg_event_def *def = vg_core_event(e->kind);
    if (!def) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "undeclared event %.*s", VG_FMT(e->kind));
    }
    e->version = def->version;
    VG_TRY(vg_journal_append(c->journal, e, now_us, err));
    c->scribe.counts.events++;
    vg_apply ap = {c->db, c->scribe.arena, c, e};
    if (def->urgency && (!def->weigh || def->weigh(e->body))) {
        vg_feed_event(c, e);
    }
    return def->apply ? def->apply(&ap, e, err) : VG_OK;
}

vg_jw *vg_body(vg_cx *cx)
{
    if (!cx->body_buf.max) {
        vg_buf_init(&cx->body_buf, BODY_MAX);
    }
    vg_buf_reset(&cx->body_buf);
    cx->body = vg_jw_on(&cx->body_buf);
    vg_jw_open(&cx->body, '{');
    return &cx->body;
}

// What the scribe finds out about a source is not a change of the register.
static bool is_supervision(const char *of_source)
{
    static const char *const known[] = {"silent", "returned", "clock_off", "clock_right"};
    for (size_t i = 0; i < VG_LEN(known); i++) {
        if (strcmp(of_source, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void note_first(vg_cx *cx, const vg_draft *d)
{
    if (!cx->would.any) {
        cx->would.any = true;
        cx->would.label = d->label;
        snprintf(cx->would.site, sizeof cx->would.site, "%s", d->site ? d->site : "");
    }
}

vg_status vg_emit(vg_cx *cx, const vg_draft *d, int64_t *ret_seq, vg_err *err)
{
    const char *site = d->site ? d->site : "";
    const vg_event_def *def = vg_core_event(vg_str_c(d->kind));
    if (cx->world && def && !def->in_drill) {
        return vg_fail(err, VG_EDENIED, "", "err.drill_register", "%s", d->kind);
    }
    vg_jw_close(&cx->body, '}');
    if (cx->body_buf.failed) {
        return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%d", BODY_MAX);
    }
    if (cx->dry) {
        note_first(cx, d);
        return VG_OK;
    }
    vg_event e = {
        .kind = vg_str_c(d->kind),
        .label = d->label,
        .world = cx->world,
        .site = vg_str_c(site),
        .subject = vg_str_c(d->subject),
        .actor = vg_str_c(actor_of(cx->who)),
        .command = cx->id,
        .cause_log = d->cause_log ? d->cause_log : cx->cause_log,
        .cause_seq = d->cause_log ? d->cause_seq : cx->cause_seq,
        .captured_us = d->captured_us ? d->captured_us : cx->now_us,
        .received_us = cx->now_us,
        .source_seq = -1,
        .body = vg_str_dup(cx->arena, vg_buf_str(&cx->body_buf)),
    };
    if (d->personal.n) {
        VG_TRY(vg_person_seal(cx, d->person, d->personal, &e.personal, err));
        e.person = vg_str_c(d->person);
    }
    e.log = VG_LOG_NODE;
    if (*site) {
        VG_TRY(vg_journal_log(cx->core->journal, e.site, &e.log, err));
    }
    VG_TRY(vg_append_event(cx->core, &e, cx->now_us, err));
    VG_TRY(vg_queue_reactions(cx->core, &e, err));
    // How long an agency keeps pictures is told to its sources.
    if ((strncmp(d->kind, "sites.source_", 13) == 0 && !is_supervision(d->kind + 13)) ||
        strcmp(d->kind, "privacy.retention_set") == 0) {
        cx->core->scribe.sources_changed = true;
    }
    if (strncmp(d->kind, "links.", 6) == 0 && strcmp(d->kind, "links.up") != 0 &&
        strcmp(d->kind, "links.down") != 0) {
        cx->core->scribe.links_changed = true;
    }
    if (strncmp(d->kind, "coord.", 6) == 0 || strncmp(d->kind, "posture.", 8) == 0) {
        cx->core->scribe.grants_changed = true;
    }
    if (ret_seq) {
        *ret_seq = e.seq;
    }
    return VG_OK;
}

// Under a key of the node: a command's id may be the hash of an event's number, which could be tried out.
void vg_new_id(vg_cx *cx, char out[VG_ID_TEXT])
{
    unsigned char key[32];
    vg_cmd_id own;
    if (cx->of_list) {
        vg_id_derive_row(&cx->id, cx->n_ids++, out);
        return;
    }
    vg_core_key(cx->core, "ids", key);
    crypto_generichash(own.b, sizeof own.b, cx->id.b, sizeof cx->id.b, key, sizeof key);
    sodium_memzero(key, sizeof key);
    vg_id_derive(&own, cx->n_ids++, out);
}

vg_status vg_label_of(vg_cx *cx, const char *agency, vg_compartment comp, const char *site,
                      vg_secrecy sec, int32_t *ret, vg_err *err)
{
    vg_label want = {.compartment = (uint8_t)comp, .secrecy = (uint8_t)sec};
    snprintf(want.agency, sizeof want.agency, "%s", agency ? agency : "");
    snprintf(want.site, sizeof want.site, "%s", site ? site : "");
    if (sec > VG_S_NORMAL &&
        strcmp(vg_conf_get(cx->core->conf, "node.profile", "federated"), "standalone") != 0) {
        return vg_fail(err, VG_EDENIED, "secrecy", "err.secrecy_federated", "%d", (int)sec);
    }
    if (vg_label_find(cx->core->labels, &want, ret)) {
        return VG_OK;
    }
    if (cx->dry) {
        *ret = 0;
        return VG_OK;
    }
    const vg_jw saved = cx->body;  // an event may be in the making: keep its body
    vg_buf saved_buf = cx->body_buf;
    cx->body_buf = (vg_buf){0};
    vg_jw *b = vg_body(cx);
    vg_jw_ki64(b, "id", (int64_t)vg_labels_count(cx->core->labels));
    vg_jw_kstr(b, "agency", vg_str_c(want.agency));
    vg_jw_kstr(b, "site", vg_str_c(want.site));
    vg_jw_ki64(b, "compartment", want.compartment);
    vg_jw_ki64(b, "secrecy", want.secrecy);
    // Shown to those who see what it will stand on: that an agency keeps something here is its own secret.
    const int32_t id = (int32_t)vg_labels_count(cx->core->labels);
    const vg_status s =
        vg_emit(cx, &(vg_draft){.kind = "core.label", .subject = "label", .label = id}, NULL, err);
    vg_buf_done(&cx->body_buf);
    cx->body_buf = saved_buf;
    cx->body = saved;
    if (s == VG_OK) {
        *ret = vg_label_add(cx->core->labels, &want);
    }
    return s;
}

vg_status vg_require(vg_cx *cx, const char *permission, const char *site, vg_err *err)
{
    if (vg_may(cx->who, permission, site)) {
        return VG_OK;
    }
    return vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "");
}

vg_status vg_fact_set(vg_cx *cx, const vg_fact *f, vg_err *err)
{
    int64_t same;
    VG_TRY(vg_one_i64(
        cx->db, "SELECT 1 FROM fact WHERE name = ? AND key = ? AND value = ? AND valid_until = ?",
        VG_VALS(vg_z(f->name), vg_z(f->key), vg_z(f->value), vg_i(f->valid_until_us)), 0, &same,
        err));
    if (same) {
        return VG_OK;
    }
    vg_jw *b = vg_body(cx);
    vg_jw_kz(b, "name", f->name);
    vg_jw_kz(b, "key", f->key);
    vg_jw_kz(b, "value", f->value);
    vg_jw_ki64(b, "valid_until", f->valid_until_us);
    if (f->evidence.n) {
        vg_jw_kraw(b, "evidence", f->evidence);
    }
    return vg_emit(
        cx, &(vg_draft){.kind = "core.fact", .subject = f->key, .site = f->site, .label = f->label},
        NULL, err);
}

// --- one run ------------------------------------------------------------------------------------
static vg_status first_answer(vg_core *c, const vg_command_call *call, vg_buf *reply,
                              bool *ret_found, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(c->db, "SELECT reply FROM command WHERE id = ?",
                        VG_VALS(vg_b(call->id.b, sizeof call->id.b)), &r, err));
    *ret_found = vg_rows_next(r);
    if (*ret_found) {
        vg_buf_s(reply, vg_row_str(r, 0));
    }
    return vg_rows_close(r, err);
}

static vg_status run_new(vg_core *c, const vg_command *cmd, const vg_command_call *call,
                         vg_buf *reply, vg_err *err)
{
    json_t *tree;
    vg_args args;
    VG_TRY(vg_json_parse(call->args, ARGS_MAX, &tree, err));
    vg_cx cx = {.core = c,
                .db = c->db,
                .arena = c->scribe.arena,
                .who = call->who,
                .id = call->id,
                .if_match = call->if_match,
                .now_us = vg_labels_wall(c->labels),
                .world = call->who->world,
                .of_list = call->of_list};
    vg_status s = vg_args_parse(cx.arena, cmd->fields, tree, &args, err);
    if (s == VG_OK && !vg_may(call->who, cmd->permission, NULL)) {
        s = vg_fail(err, VG_EDENIED, "", NULL, "%s", cmd->name);
    }
    if (s == VG_OK) {
        cx.reply = vg_jw_on(reply);
        vg_jw_open(&cx.reply, '{');
        s = vg_second_or_run(&cx, cmd, &args, tree, err);
        vg_jw_close(&cx.reply, '}');
        vg_buf_done(&cx.body_buf);
    }
    if (s == VG_OK && reply->failed) {
        s = vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%zu", reply->max);
    }
    const bool secret = cx.secret_reply;
    json_decref(tree);
    if (s == VG_OK) {
        s = vg_exec(c->db, "INSERT INTO command (id, at, reply) VALUES (?,?,?)",
                    VG_VALS(vg_b(call->id.b, sizeof call->id.b), vg_i(cx.now_us),
                            vg_t(secret ? VG_S("{}") : vg_buf_str(reply))),
                    err);
    }
    return s;
}

vg_status vg_cx_open(vg_core *c, vg_cx_point *ret, vg_err *err)
{
    *ret = (vg_cx_point){vg_labels_count(c->labels), c->scribe.sources_changed};
    vg_journal_mark(c->journal);
    return vg_savepoint(c->db, err);
}

vg_status vg_cx_close(vg_core *c, const vg_cx_point *p, vg_status s, vg_err *err)
{
    if (s == VG_OK) {
        s = vg_release(c->db, err);
    }
    if (s != VG_OK && !vg_in_transaction(c->db) && !vg_store_failed(s)) {
        s = VG_EIO;  // the store gave up the whole batch by itself: what follows must not write outside it
    }
    if (s != VG_OK) {
        vg_rollback_to(c->db);
        vg_journal_undo(c->journal);
        vg_labels_cut(c->labels, p->labels);
        c->scribe.sources_changed = p->sources;
    }
    return s;
}

vg_status vg_cx_run_in(vg_core *c, const vg_command *cmd, vg_command_call *call, vg_buf *reply,
                       vg_err *err)
{
    VG_TRY(first_answer(c, call, reply, &call->repeated, err));
    if (call->repeated) {
        return VG_OK;
    }
    vg_arena_reset(c->scribe.arena);
    return run_new(c, cmd, call, reply, err);
}

vg_status vg_cx_run(vg_core *c, const vg_command *cmd, vg_command_call *call, vg_buf *reply,
                    vg_err *err)
{
    vg_cx_point p;
    VG_TRY(first_answer(c, call, reply, &call->repeated, err));
    if (call->repeated) {
        return VG_OK;
    }
    vg_arena_reset(c->scribe.arena);
    VG_TRY(vg_cx_open(c, &p, err));
    const vg_status s = vg_cx_close(c, &p, run_new(c, cmd, call, reply, err), err);
    if (s != VG_OK) {
        vg_buf_reset(reply);
    }
    return s;
}
