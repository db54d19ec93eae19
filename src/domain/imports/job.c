// SPDX-License-Identifier: Apache-2.0
// The commands of an import and its row. Whoever began a job maps, applies and undoes it: its rows run with his
// rights and under his name. Only what was decided and how it ended goes to the journal, with counts and the
// digest of the rows; file names and cells may name people and do not.
#include "domain/imports/imports.h"

enum { OPEN_MAX = 20 };

const vg_field imports_begin_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"target", VG_F_TEXT, VG_REQUIRED, .max = 24},
    {"file", VG_F_TEXT, VG_REQUIRED, .max = 160},
    {"mapping", VG_F_JSON, .max = 64 << 10},
    {NULL},
};
const vg_field imports_map_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"mapping", VG_F_JSON, VG_REQUIRED, .max = 64 << 10},
    {NULL},
};
const vg_field imports_id_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {NULL},
};
const vg_field imports_note_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"state", VG_F_TEXT, .max = 15},
    {"rows", VG_F_INT},
    {"added", VG_F_INT},
    {"changed", VG_F_INT},
    {"same", VG_F_INT},
    {"wrong", VG_F_INT},
    {"done", VG_F_INT},
    {"kept", VG_F_INT},
    {"problem_vi", VG_F_TEXT, .max = 400},
    {"problem_en", VG_F_TEXT, .max = 400},
    {"digest", VG_F_TEXT, .max = 64},
    {"mapping", VG_F_JSON, .max = 64 << 10},
    {"preview", VG_F_JSON, .max = 2 << 20},
    {"shape", VG_F_TEXT, .max = 32},
    {NULL},
};
const vg_field imports_decide_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"digest", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {NULL},
};

typedef struct job_ref {
    const char *id, *target, *by;
    vg_str state, agency;
    int32_t label;
    int64_t added, changed, wrong;
} job_ref;

static vg_status job_at(vg_cx *cx, vg_str id, job_ref *ret, vg_err *err)
{
    vg_str c[8];
    VG_TRY(vg_look(
        cx,
        "SELECT target, by_user, state, agency, label, added, changed, wrong FROM import_job"
        " WHERE id = ?",
        id, c, 8, err));
    *ret = (job_ref){.id = vg_str_z(cx->arena, id),
                     .target = vg_str_z(cx->arena, c[0]),
                     .by = vg_str_z(cx->arena, c[1]),
                     .state = c[2],
                     .agency = c[3],
                     .label = (int32_t)vg_int(c[4]),
                     .added = vg_int(c[5]),
                     .changed = vg_int(c[6]),
                     .wrong = vg_int(c[7])};
    return vg_seen(cx, ret->label, "id", err);
}

// A job of the caller's own, in one of the states.
static vg_status own_job(vg_cx *cx, const vg_args *args, const char *states, job_ref *ret,
                         vg_err *err)
{
    VG_TRY(job_at(cx, vg_arg_str(args, "id"), ret, err));
    const bool anybodys = cx->who->kind == VG_P_LOCAL || cx->who->kind == VG_P_SYSTEM;
    if (!anybodys && (cx->who->kind != VG_P_USER || strcmp(cx->who->user, ret->by) != 0)) {
        return vg_fail(err, VG_EDENIED, "id", "imports.not_yours", "%s", "");
    }
    const char *state = vg_str_z(cx->arena, ret->state);
    return state && strstr(states, state)
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "imports.wrong_state", "%s", state ? state : "");
}

static vg_status set_state(vg_cx *cx, const job_ref *j, const char *state, vg_err *err)
{
    vg_jw_kz(&cx->reply, "id", j->id);
    return vg_exec(
        cx->db,
        "UPDATE import_job SET state = ?, done = 0, changed_at = ?, problem_vi = NULL, problem_en"
        " = NULL WHERE id = ?",
        VG_VALS(vg_z(state), vg_i(cx->now_us), vg_z(j->id)), err);
}

static vg_status agency_of(vg_cx *cx, vg_str *ret, vg_err *err)
{
    *ret = vg_str_c(cx->who->agency);
    return ret->n ? VG_OK : vg_custodian(cx, ret, err);
}

VG_HANDLER(imports_begin)
{
    vg_str agency;
    int32_t label = 0;
    int64_t open = 0;
    const char *name = vg_str_z(cx->arena, vg_arg_str(args, "target"));
    const vg_import *target = name ? vg_core_import(name) : NULL;
    if (!target) {
        return vg_fail(err, VG_EINVALID, "target", "imports.no_target", "%s", name ? name : "");
    }
    if (cx->who->kind == VG_P_TOKEN || !vg_may(cx->who, target->permission, NULL)) {
        return vg_fail(err, VG_EDENIED, "target", NULL, "%s", name);
    }
    VG_TRY(agency_of(cx, &agency, err));
    VG_TRY(vg_one_i64(
        cx->db,
        "SELECT count(*) FROM import_job WHERE agency = ? AND state IN ('reading', 'ready')",
        VG_VALS(vg_t(agency)), 0, &open, err));
    if (open >= OPEN_MAX) {
        return vg_fail(err, VG_EBUSY, "", "imports.too_many_open", "%d", OPEN_MAX);
    }
    VG_TRY(
        vg_label_of(cx, vg_str_z(cx->arena, agency), VG_C_PERSONAL, "", VG_S_NORMAL, &label, err));
    const vg_str mapping = vg_arg_str(args, "mapping");
    vg_jw_kstr(&cx->reply, "id", vg_arg_str(args, "id"));
    return vg_exec(
        cx->db,
        "INSERT INTO import_job (id, target, file, agency, by_user, by_name, state, mapping, at,"
        " changed_at, label, world) VALUES (?, ?, ?, ?, ?, ?, 'reading', ?, ?, ?, ?, ?)",
        VG_VALS(vg_t(vg_arg_str(args, "id")), vg_z(target->name), vg_t(vg_arg_str(args, "file")),
                vg_t(agency), vg_z(cx->who->user), vg_z(cx->who->name),
                mapping.n ? vg_t(mapping) : vg_nil(), vg_i(cx->now_us), vg_i(cx->now_us),
                vg_i(label), vg_i(cx->world)),
        err);
}

VG_HANDLER(imports_map)
{
    job_ref j;
    VG_TRY(own_job(cx, args, "ready unreadable", &j, err));
    VG_TRY(vg_exec(cx->db, "UPDATE import_job SET mapping = ? WHERE id = ?",
                   VG_VALS(vg_t(vg_arg_str(args, "mapping")), vg_z(j.id)), err));
    return set_state(cx, &j, "reading", err);
}

VG_HANDLER(imports_apply)
{
    job_ref j;
    VG_TRY(own_job(cx, args, "ready", &j, err));
    if (j.wrong || j.added + j.changed == 0) {
        return vg_fail(err, VG_ECONFLICT, "id",
                       j.wrong ? "imports.has_problems" : "imports.nothing_new", "%lld",
                       (long long)j.wrong);
    }
    return set_state(cx, &j, "checking", err);
}

static vg_status say(vg_cx *cx, const job_ref *j, const char *kind, vg_err *err)
{
    return vg_say(cx, &(vg_saying){kind, "", j->id, j->label}, err);
}

VG_HANDLER(imports_undo)
{
    job_ref j;
    VG_TRY(own_job(cx, args, "applied", &j, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "target", j.target);
    VG_TRY(say(cx, &j, "imports.undo_decided", err));
    return set_state(cx, &j, "undoing", err);
}

static vg_status drop_preview(vg_cx *cx, const char *id, vg_err *err)
{
    return vg_exec(cx->db, "DELETE FROM import_preview WHERE job = ?", VG_VALS(vg_z(id)), err);
}

VG_HANDLER(imports_cancel)
{
    job_ref j;
    VG_TRY(own_job(cx, args, "reading ready unreadable", &j, err));
    VG_TRY(drop_preview(cx, j.id, err));
    return set_state(cx, &j, "cancelled", err);
}

// --- the worker's --------------------------------------------------------------------------------
static vg_val given(const vg_args *args, const char *name)
{
    const vg_str s = vg_arg_str(args, name);
    return s.n ? vg_t(s) : vg_nil();
}

static vg_val counted(const vg_args *args, const char *name)
{
    return vg_arg_has(args, name) ? vg_i(vg_arg_i64(args, name, 0)) : vg_nil();
}

static vg_status keep_preview(vg_cx *cx, const job_ref *j, vg_str body, vg_err *err)
{
    return vg_exec(cx->db,
                   "INSERT INTO import_preview (job, body, label, world) VALUES (?, ?, ?, 0)"
                   " ON CONFLICT (job) DO UPDATE SET body = excluded.body",
                   VG_VALS(vg_z(j->id), vg_t(body), vg_i(j->label)), err);
}

static vg_status keep_shape(vg_cx *cx, const job_ref *j, const vg_args *args, vg_err *err)
{
    return vg_exec(
        cx->db,
        "INSERT INTO import_shape (agency, target, shape, mapping, at, label, world)"
        " SELECT agency, target, ?, ?, ?, label, 0 FROM import_job WHERE id = ?"
        " ON CONFLICT (agency, target, shape) DO UPDATE SET mapping = excluded.mapping, at ="
        " excluded.at",
        VG_VALS(vg_t(vg_arg_str(args, "shape")), vg_t(vg_arg_str(args, "mapping")),
                vg_i(cx->now_us), vg_z(j->id)),
        err);
}

VG_HANDLER(imports_note)
{
    job_ref j;
    VG_TRY(job_at(cx, vg_arg_str(args, "id"), &j, err));
    if (vg_str_eqc(j.state, "cancelled")) {
        return VG_OK;  // while the worker read it
    }
    if (vg_arg_has(args, "preview")) {
        VG_TRY(keep_preview(cx, &j, vg_arg_str(args, "preview"), err));
    }
    if (vg_arg_has(args, "shape")) {
        VG_TRY(keep_shape(cx, &j, args, err));
    }
    return vg_exec(
        cx->db,
        "UPDATE import_job SET state = COALESCE(?, state), rows = COALESCE(?, rows), added = "
        "COALESCE(?, added),"
        " changed = COALESCE(?, changed), same = COALESCE(?, same), wrong = COALESCE(?, wrong),"
        " done = COALESCE(?, done), kept = COALESCE(?, kept), problem_vi = COALESCE(?, problem_vi),"
        " problem_en = COALESCE(?, problem_en), digest = COALESCE(?, digest), changed_at = ? WHERE "
        "id = ?",
        VG_VALS(given(args, "state"), counted(args, "rows"), counted(args, "added"),
                counted(args, "changed"), counted(args, "same"), counted(args, "wrong"),
                counted(args, "done"), counted(args, "kept"), given(args, "problem_vi"),
                given(args, "problem_en"), given(args, "digest"), vg_i(cx->now_us), vg_z(j.id)),
        err);
}

VG_HANDLER(imports_decide)
{
    job_ref j;
    VG_TRY(own_job(cx, args, "checking", &j, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "target", j.target);
    vg_jw_ki64(&cx->body, "added", j.added);
    vg_jw_ki64(&cx->body, "changed", j.changed);
    vg_jw_kstr(&cx->body, "digest", vg_arg_str(args, "digest"));
    VG_TRY(say(cx, &j, "imports.decided", err));
    VG_TRY(drop_preview(cx, j.id, err));
    return set_state(cx, &j, "applying", err);
}

VG_HANDLER(imports_finish)
{
    static const struct {
        const char *state, *from, *kind;
    } ENDS[] = {{"applied", "applying", "imports.applied"},
                {"failing", "applying", "imports.refused"},
                {"failed", "failing", "imports.failed"},
                {"undone", "undoing", "imports.undone"}};
    job_ref j;
    VG_TRY(job_at(cx, vg_arg_str(args, "id"), &j, err));
    const vg_str to = vg_arg_str(args, "state");
    for (size_t i = 0; i < VG_LEN(ENDS); i++) {
        if (vg_str_eqc(to, ENDS[i].state) && vg_str_eqc(j.state, ENDS[i].from)) {
            vg_body(cx);
            vg_jw_kz(&cx->body, "target", j.target);
            vg_jw_ki64(&cx->body, "done", vg_arg_i64(args, "done", 0));
            vg_jw_ki64(&cx->body, "kept", vg_arg_i64(args, "kept", 0));
            VG_TRY(say(cx, &j, ENDS[i].kind, err));
            return imports_note(cx, args, err);
        }
    }
    return vg_fail(err, VG_ECONFLICT, "id", "imports.wrong_state", "%.*s", VG_FMT(j.state));
}

// --- reading --------------------------------------------------------------------------------------
vg_status imports_show_preview(vg_read *rd, const vg_args *args, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(rd->db, "SELECT body FROM v_import_preview WHERE job = ?",
                        VG_VALS(vg_t(vg_arg_str(args, "id"))), &r, err));
    const bool found = vg_rows_next(r);
    if (found) {
        vg_jw_raw(&rd->out, vg_row_str(r, 0));
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? VG_OK : vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
}

vg_status imports_state_of(vg_db *db, const char *id, vg_rows **ret, vg_err *err)
{
    return vg_rows_open(
        db,
        "SELECT state, rows, added, changed, same, wrong, done, kept, COALESCE(problem_vi, ''),"
        " COALESCE(problem_en, ''), COALESCE((SELECT body FROM import_preview WHERE job = t.id), "
        "'{}')"
        " FROM import_job t WHERE id = ?",
        VG_VALS(vg_z(id)), ret, err);
}
