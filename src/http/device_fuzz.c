// SPDX-License-Identifier: Apache-2.0
// What is taken from the header is written in one way only: put together again it is the same bytes.
#include "http/device_words.h"

#include "base/clock.h"

#include <assert.h>
#include <sodium.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(vg_buf *b, const char *name, const void *p, size_t n)
{
    char text[128];
    sodium_bin2base64(text, sizeof text, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    vg_buf_f(b, ";%s=%s", name, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const vg_str header = {(const char *)data, size};
    http_device_words w;
    if (!http_device_parse(header, &w)) {
        return 0;
    }
    vg_buf b;
    vg_buf_init(&b, 1024);
    vg_buf_f(&b, "%s;ts=%.*s", w.account, VG_FMT(w.ts));
    put(&b, "nonce", w.nonce, sizeof w.nonce);
    put(&b, "body", w.body, sizeof w.body);
    put(&b, "sig", w.sig, sizeof w.sig);
    assert(vg_str_eq(vg_buf_str(&b), header) && w.at_us >= 0);
    vg_buf_done(&b);
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(4096);
    const vg_str text = http_device_text(a, &w, VG_S("POST"), VG_S("/api/v1/x?y=z"));
    assert(text.n && !memchr(w.ts.p, '\n', w.ts.n));
    return 0;
}
