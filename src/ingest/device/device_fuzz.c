// SPDX-License-Identifier: Apache-2.0
// Any request at the port: the first line is "METHOD path?query", the second the content type, the rest the body. What is
// understood becomes signals whose texts are UTF-8 and ended; a picture is a JPEG inside the body or the arena;
// nothing is proven without a token.
#include "ingest/device/device.h"

#include "base/clock.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static vg_str cut(vg_str *s, char at)
{
    const char *end = memchr(s->p, at, s->n);
    const size_t n = end ? (size_t)(end - s->p) : s->n;
    const vg_str head = {s->p, n};
    *s = (vg_str){s->p + n + (end != NULL), s->n - n - (end != NULL)};
    return head;
}

static void check_text(const char *field, size_t size)
{
    const char *end = memchr(field, 0, size);
    must(end && vg_utf8_valid((vg_str){field, (size_t)(end - field)}));
}

static void check(const vg_device_call *call)
{
    for (size_t i = 0; i < call->n; i++) {
        const vg_signal *s = &call->v[i];
        must(!(s->flags & VG_SIG_AUTHENTICATED) && s->verb <= VG_SIG_OTHER);
        check_text(s->address, sizeof s->address);
        check_text(s->kind, sizeof s->kind);
        check_text(s->code, sizeof s->code);
        check_text(s->area, sizeof s->area);
        check_text(s->point, sizeof s->point);
        check_text(s->user, sizeof s->user);
        check_text(s->text, sizeof s->text);
    }
    must(call->n_real <= call->n);
    must(call->image.n == 0 || (unsigned char)call->image.p[0] == 0xff);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char key[VG_INGEST_KEY_BYTES] = "fuzz";
    vg_register *reg = vg_register_create();
    const vg_source s = {.id = "source", .proto = "zkteco", .address = "1", .key_len = 16};
    vg_register_replace(reg, &s, 1);
    vg_device_port *port = vg_device_create(&(vg_device_options){reg, key});
    vg_arena *a = vg_arena_create(8 << 20);
    vg_str rest = {(const char *)data, size}, line = cut(&rest, '\n');
    vg_device_query q[VG_DEVICE_QUERIES];
    size_t n = 0;
    const vg_str type = cut(&rest, '\n'), method = cut(&line, ' '), path = cut(&line, '?');
    while (line.n && n < VG_DEVICE_QUERIES) {
        vg_str pair = cut(&line, '&');
        q[n].name = cut(&pair, '=');
        q[n++].value = pair;
    }
    const vg_device_request rq = {.method = method,
                                  .path = path,
                                  .query = q,
                                  .n_query = n,
                                  .content_type = type,
                                  .authorization = type,
                                  .body = rest,
                                  .peer = "192.0.2.1",
                                  .now_us = INT64_C(1795000000) * VG_SECOND_US};
    vg_device_call call;
    bool bad;
    (void)vg_device_body_max(port, &rq);
    for (int round = 0; round < 2; round++) {
        if (vg_device_begin(port, a, &rq, &call, &bad)) {
            check(&call);
            vg_device_end(port, &call, round ? VG_OK : VG_EIO);
        }
        must(call.reply.status >= 200 && call.reply.n < VG_DEVICE_REPLY);
    }
    vg_arena_destroy(a);
    vg_device_destroy(port);
    vg_register_destroy(reg);
    return 0;
}
