// SPDX-License-Identifier: Apache-2.0
// GET /events/{id}/image: the picture that came with an event, for who may see the event. The name in the store never
// leaves the node as a key to it: only the event leads there, through the caller's own scope. A browser gets a
// JPEG and nothing it could run.
#include "http/http_impl.h"

#include "core/journal_query.h"
#include "core/object.h"

static vg_status find(http_call *c, vg_str *ret_name, vg_err *err)
{
    vg_db *db;
    VG_TRY(vg_reader_take(c->h->core, &c->caller.who, &db, err));
    const vg_status st =
        vg_event_image(db, c->rq->arena, http_match_param(&c->match, "id"), ret_name, err);
    vg_reader_give(c->h->core, db);
    return st;
}

void http_get_event_image(http_call *c)
{
    vg_err err = {0};
    vg_str name = {"", 0};
    vg_buf b;
    vg_buf_init(&b, VG_OBJECT_BYTES);
    vg_status st = find(c, &name, &err);
    if (st == VG_OK) {
        st = vg_object_get(vg_core_objects(c->h->core), name, &b, &err);
    }
    if (st != VG_OK) {
        vg_buf_done(&b);
        http_fail(c, &err);
        return;
    }
    c->rq->reply.type = "image/jpeg";
    c->rq->reply.body = b;
    vg_http_set(c->rq, "Cache-Control", "private, max-age=3600");
    vg_http_set(c->rq, "X-Content-Type-Options", "nosniff");
    vg_http_set(c->rq, "Content-Security-Policy", "default-src 'none'; sandbox");
    vg_http_set(c->rq, "Content-Disposition", "inline; filename=\"image.jpg\"");
}
