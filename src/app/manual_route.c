// SPDX-License-Identifier: Apache-2.0
// The manual lies in the program (tools/manual.py makes it at build time), so it is there when the network is not and
// before anybody can log in. It holds nothing of this node.
#include "app/manual_route.h"

#include "base/embed.h"

extern const vg_embedded vg_manual_files[];

static void get_manual(void *ctx, vg_http_raw_call *call)
{
    const vg_embedded *f = vg_manual_files;
    const bool style = vg_str_eqc(call->rq->path, "/manual.css");
    (void)ctx;
    call->rq->reply.type = style ? "text/css; charset=utf-8" : "text/html; charset=utf-8";
    vg_http_set(call->rq, "Cache-Control", "no-cache");
    while (f->name && strcmp(f->name, style ? "manual.css" : "manual.html") != 0) {
        f++;
    }
    call->rq->reply.fixed = (vg_str){(const char *)f->data, f->size};
}

size_t vg_manual_routes(vg_http_raw out[VG_MANUAL_ROUTES])
{
    out[0] = (vg_http_raw){"GET /manual.html", NULL, 0, get_manual, NULL};
    out[1] = (vg_http_raw){"GET /manual.css", NULL, 0, get_manual, NULL};
    return VG_MANUAL_ROUTES;
}
