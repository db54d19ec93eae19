// SPDX-License-Identifier: Apache-2.0
// The body is the file. The server's threads answer everybody, so the work has a thread of its own, and a node does one
// at a time: the next one is told to come again. What is in the file is the alerts module's matter.
#include "app/rule_file_route.h"

#include "app/flight.h"
#include "domain/alerts/rule_file.h"

enum { REPLY_MAX = 16 << 20 };

struct rule_file_route {
    vg_core *core;
    atomic_bool busy, stop;
};

typedef struct flight {
    app_flight of;
    rule_file_route *route;
} flight;

static void answer(app_flight *of)
{
    flight *f = (flight *)of;
    vg_err err = {0};
    vg_buf reply;
    vg_buf_init(&reply, REPLY_MAX);
    if (alerts_file_try(f->route->core, of->call.param[0], of->call.rq->body, &f->route->stop,
                        &reply, &err) == VG_OK) {
        of->call.rq->reply.body = reply;
        of->call.rq->reply.type = "application/json";
        vg_http_set(of->call.rq, "Cache-Control", "no-store");
        return;
    }
    vg_buf_done(&reply);
    vg_http_problem(&of->call, &err);
}

static vg_status take_off(rule_file_route *r, const vg_http_raw_call *call, vg_err *err)
{
    flight *f = vg_alloc(sizeof *f);
    *f = (flight){{.call = *call, .answer = answer, .busy = &r->busy}, r};
    return app_take_off(&f->of, "alerts.file_busy", err);
}

static void handle(void *ctx, vg_http_raw_call *call)
{
    rule_file_route *r = ctx;
    vg_err err = {0};
    vg_status st = alerts_file_may(r->core, call->who, call->param[0], &err);
    if (st == VG_OK) {
        st = take_off(r, call, &err);
    }
    if (st != VG_OK) {
        vg_http_problem(call, &err);
    }
}

rule_file_route *rule_file_route_create(vg_core *core)
{
    rule_file_route *r = vg_alloc(sizeof *r);
    r->core = core;
    return r;
}

void rule_file_route_stop(rule_file_route *r)
{
    if (r) {
        r->stop = true;
    }
}

void rule_file_route_destroy(rule_file_route *r)
{
    free(r);
}

vg_http_raw rule_file_raw(rule_file_route *r)
{
    return (vg_http_raw){"POST /api/v1/rule-texts/{id}/try-file", "rules.draft", ALERTS_FILE_BYTES,
                         handle, r};
}
