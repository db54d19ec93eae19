// SPDX-License-Identifier: Apache-2.0
// Bodies that are files. The limit holds before a byte is read from who may not send it; the answer is never shown in a
// browser but kept as a file. What is in it is the documents module's matter.
#include "app/document_route.h"

#include "domain/documents/documents.h"

enum { REPLY_MAX = 4096, RECEIPT_BYTES = 64 << 10 };

static void answer(vg_http_raw_call *call, vg_status st, vg_buf *reply, const vg_err *err)
{
    if (st != VG_OK) {
        vg_buf_done(reply);
        vg_http_problem(call, err);
        return;
    }
    call->rq->reply.body = *reply;
    call->rq->reply.type = "application/json";
    vg_http_set(call->rq, "Cache-Control", "no-store");
}

// A header's value holds ASCII only: the name goes percent-encoded (RFC 6266).
static const char *disposition(vg_arena *a, const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_buf_c(&b, "attachment; filename*=UTF-8''");
    for (const char *p = name; *p; p++) {
        if (strchr(plain, *p)) {
            vg_buf_ch(&b, *p);
        } else {
            vg_buf_f(&b, "%%%02X", (unsigned char)*p);
        }
    }
    const char *z = vg_str_z(a, vg_buf_str(&b));
    vg_buf_done(&b);
    return z ? z : "attachment";
}

static void give(vg_http_raw_call *call, vg_status st, documents_file *f, const vg_err *err)
{
    if (st != VG_OK) {
        vg_buf_done(&f->bytes);
        vg_http_problem(call, err);
        return;
    }
    call->rq->reply.body = f->bytes;
    call->rq->reply.type = "application/octet-stream";
    vg_http_set(call->rq, "Cache-Control", "no-store");
    vg_http_set(call->rq, "X-Content-Type-Options", "nosniff");
    vg_http_set(call->rq, "Content-Security-Policy", "default-src 'none'; sandbox");
    vg_http_set(call->rq, "Content-Disposition", disposition(call->rq->arena, f->name));
}

static vg_str asked(const vg_http_raw_call *call, const char *name)
{
    vg_str v = {"", 0};
    (void)vg_http_query(call->rq, name, &v);
    return v;
}

static void put_file(void *core, vg_http_raw_call *call)
{
    vg_err err = {0};
    vg_buf reply;
    vg_buf_init(&reply, REPLY_MAX);
    const vg_status st = documents_keep(core, call->who, call->param[0], asked(call, "file"),
                                        call->rq->body, &reply, &err);
    answer(call, st, &reply, &err);
}

static void receive(void *core, vg_http_raw_call *call)
{
    vg_err err = {0};
    vg_buf reply;
    vg_buf_init(&reply, REPLY_MAX);
    const vg_str c = asked(call, "compartment");
    const vg_status st = documents_receive(core, call->who, c.n ? c : VG_S("measures"),
                                           asked(call, "site"), call->rq->body, &reply, &err);
    answer(call, st, &reply, &err);
}

static void take_receipt(void *core, vg_http_raw_call *call)
{
    vg_err err = {0};
    vg_buf reply;
    vg_buf_init(&reply, REPLY_MAX);
    const vg_status st = documents_receipt(core, call->who, call->rq->body, &reply, &err);
    answer(call, st, &reply, &err);
}

static void get_file(void *core, vg_http_raw_call *call)
{
    vg_err err = {0};
    documents_file f = {0};
    give(call, documents_read(core, call->who, call->rq->arena, call->param[0], &f, &err), &f,
         &err);
}

static void get_package(void *core, vg_http_raw_call *call)
{
    vg_err err = {0};
    documents_file f = {0};
    give(call, documents_package(core, call->who, call->rq->arena, call->param[0], &f, &err), &f,
         &err);
}

static void get_receipt(void *core, vg_http_raw_call *call)
{
    vg_err err = {0};
    documents_file f = {0};
    give(call, documents_receipt_of(core, call->who, call->rq->arena, call->param[0], &f, &err), &f,
         &err);
}

size_t document_routes(vg_core *core, vg_http_raw out[DOCUMENT_ROUTES])
{
    const vg_http_raw all[DOCUMENT_ROUTES] = {
        {"POST /api/v1/documents/{id}/file", "documents.edit_own", PAPER_FILE_BYTES, put_file,
         core},
        {"GET /api/v1/documents/{id}/file", "documents.read", 0, get_file, core},
        {"POST /api/v1/documents/receive", "documents.edit_own", PAPER_BYTES, receive, core},
        {"GET /api/v1/document-sendings/{id}/package", "documents.read", 0, get_package, core},
        {"GET /api/v1/document-receivings/{id}/receipt", "documents.read", 0, get_receipt, core},
        {"POST /api/v1/documents/receipt", "documents.edit_own", RECEIPT_BYTES, take_receipt, core},
    };
    memcpy(out, all, sizeof all);
    return DOCUMENT_ROUTES;
}
