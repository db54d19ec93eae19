// SPDX-License-Identifier: Apache-2.0
// A command's own checks without its effects: the very handler runs on an unscoped reader whose writing
// statements are taken for done, and what it emits goes nowhere. So whoever asks beforehand (the preview of an
// import) is told exactly what the scribe would say, and the scribe is not asked. What the handler reads after
// its own writes it does not find: fine for checks, which come first.
#include "core/core_impl.h"

#include "base/clock.h"

vg_status vg_cx_try(vg_cx *cx, const vg_command *cmd, const json_t *object, vg_err *err)
{
    vg_args args;
    vg_buf reply;
    VG_TRY(vg_args_parse(cx->arena, cmd->fields, object, &args, err));
    if (!vg_may(cx->who, cmd->permission, NULL)) {
        return vg_fail(err, VG_EDENIED, "", NULL, "%s", cmd->name);
    }
    vg_buf_init(&reply, 1 << 16);
    cx->dry = true;
    cx->body_buf = (vg_buf){0};
    cx->reply = vg_jw_on(&reply);
    vg_jw_open(&cx->reply, '{');
    vg_db_pretend(cx->db, true);
    const vg_status s = cmd->run(cx, &args, err);
    vg_db_pretend(cx->db, false);
    vg_buf_done(&cx->body_buf);
    vg_buf_done(&reply);
    return s;
}

vg_status vg_command_try(vg_core *c, vg_db *db, vg_arena *a, const vg_command_call *call,
                         const json_t *args, vg_err *err)
{
    const vg_command *cmd = vg_core_command(call->name);
    if (!cmd) {
        return vg_fail(err, VG_ENOTFOUND, "", "err.no_such_command", "%s", call->name);
    }
    vg_cx cx = {.core = c,
                .db = db,
                .arena = a,
                .who = call->who,
                .id = call->id,
                .now_us = vg_labels_wall(c->labels),
                .world = call->who->world,
                .of_list = call->of_list};
    return vg_cx_try(&cx, cmd, args, err);
}
