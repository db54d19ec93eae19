// SPDX-License-Identifier: Apache-2.0
// Any body: refused with a named member, or signals that are whole and valid.
#include "ingest/webhook/webhook.h"

#include "base/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *p, size_t cap)
{
    const size_t n = strnlen(p, cap);
    assert(n < cap);
    assert(vg_utf8_valid((vg_str){p, n}));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const vg_source SOURCE = {
        .index = 1, .id = "hook", .proto = "webhook", .address = "b", .key_len = 6};
    vg_signal *v = vg_alloc(VG_WEBHOOK_EVENTS_MAX * sizeof *v);
    vg_arena *a = vg_arena_create(1 << 20);
    const vg_webhook_request r = {.source = &SOURCE,
                                  .timestamp = VG_S("1"),
                                  .signature = VG_S("00"),
                                  .body = {(const char *)data, size},
                                  .now_us = 1};
    vg_webhook_events e = {.v = v};
    vg_err err = {0};
    assert(vg_webhook_verify(&r, &err) != VG_OK);
    err = (vg_err){0};
    const vg_status st = vg_webhook_parse(a, &r, &e, &err);
    assert(st == VG_OK || (err.key && err.code == st));
    assert(st != VG_OK || (e.n > 0 && e.n <= VG_WEBHOOK_EVENTS_MAX));
    for (size_t i = 0; st == VG_OK && i < e.n; i++) {
        assert(v[i].verb <= VG_SIG_OTHER);
        check_text(v[i].kind, sizeof v[i].kind);
        check_text(v[i].point, sizeof v[i].point);
        check_text(v[i].area, sizeof v[i].area);
        check_text(v[i].user, sizeof v[i].user);
        check_text(v[i].text, sizeof v[i].text);
    }
    vg_arena_destroy(a);
    free(v);
    return 0;
}
