// SPDX-License-Identifier: Apache-2.0
// Taking a list over HTTP. The body's limit holds before it is stored; it is kept encrypted, then the job is begun
// by a command like any other, as the caller. What is in the file is the imports module's matter.
#include "app/import_route.h"

#include "domain/imports/imports.h"

#include <string.h>

static vg_status begin(vg_core *core, vg_http_raw_call *call, const char *id, vg_buf *reply,
                       vg_err *err)
{
    vg_str target, file;
    vg_buf args;
    if (!vg_http_query(call->rq, "target", &target) || !vg_http_query(call->rq, "file", &file)) {
        return vg_fail(err, VG_EINVALID, "target", "err.field_missing", "%s", "target, file");
    }
    if (!call->rq->body.n) {
        return vg_fail(err, VG_EINVALID, "file", "imports.no_file", "%s", "");
    }
    VG_TRY(imports_file_write(core, id, IMPORTS_UPLOAD, call->rq->body, err));
    vg_buf_init(&args, 4096);
    vg_jw w = vg_jw_on(&args);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "id", id);
    vg_jw_kstr(&w, "target", target);
    vg_jw_kstr(&w, "file", file);
    vg_jw_close(&w, '}');
    vg_command_call c = {.name = "imports.begin",
                         .args = vg_buf_str(&args),
                         .who = call->who,
                         .id = vg_cmd_random()};
    vg_core_run(core, &c);
    vg_buf_s(reply, vg_buf_str(&c.reply));
    vg_buf_done(&c.reply);
    vg_buf_done(&args);
    if (c.st != VG_OK) {
        *err = c.err;
        imports_file_remove(core, id, IMPORTS_UPLOAD);
    }
    return c.st;
}

void import_route(void *core, vg_http_raw_call *call)
{
    vg_err err = {0};
    char id[VG_ID_TEXT];
    vg_buf reply;
    vg_buf_init(&reply, 4096);
    vg_id_random(id);
    if (begin(core, call, id, &reply, &err) == VG_OK) {
        call->rq->reply.body = reply;
        call->rq->reply.type = "application/json";
        return;
    }
    vg_buf_done(&reply);
    vg_http_problem(call, &err);
}
