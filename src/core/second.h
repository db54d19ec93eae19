// SPDX-License-Identifier: Apache-2.0
// Two persons (docs/adr/0020). A command marked by vg_command.second is not run for the one person who asks for it: it
// is tried, and if it would have been done, it is kept as a request (the command second.ask of src/domain/second). When
// another person approves, who could have asked for it himself, it is run as the one who asked, all checks made again,
// in the savepoint of the approval; the approval is the cause of what it writes. The program itself and the machine's
// owner at the control socket are not stopped; access tokens are refused.
#pragma once

#include "core/module.h"

typedef struct vg_second_request {
    const char *id, *command, *asker;  // asker: a user's id
    const char *site;                  // in whose log it stands; "": the node's
    vg_str args, if_match;             // as they were asked
    int32_t label;
} vg_second_request;

// Scribe thread: runs the command, or asks for the second person. args is the checked object.
vg_status vg_second_or_run(vg_cx *cx, const vg_command *cmd, const vg_args *args,
                           const json_t *object, vg_err *err) VG_USE_RESULT;
// Whether p may be the second person of r and it would be done now if he asked for it. Any thread with an unscoped
// connection of its own. VG_ENOTFOUND: it is not his to know of; VG_EDENIED: not his to decide; other errors are the
// command's own: it cannot be done any more.
vg_status vg_second_may(vg_core *c, vg_db *db, vg_arena *a, const vg_second_request *r,
                        const vg_principal *p, vg_err *err) VG_USE_RESULT;
// Scribe thread, inside the approval's command, after its event of number seq: runs r as its asker. The reply goes into
// cx's, as "result".
vg_status vg_second_run(vg_cx *cx, const vg_second_request *r, int64_t seq,
                        vg_err *err) VG_USE_RESULT;

// A reply that says so: nothing was done, this request waits. The empty view: another reply.
vg_str vg_second_waits(vg_arena *a, vg_str reply);
// A mark for what always needs two.
vg_status vg_second_always(vg_cx *cx, const vg_args *args, bool *ret, vg_err *err);
