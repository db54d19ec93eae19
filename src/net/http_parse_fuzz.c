// SPDX-License-Identifier: Apache-2.0
// The first byte chooses the parser; what is accepted must keep the promises of http_parse.h.
#include "net/http_parse.h"

#include <assert.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_target(vg_str raw)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(1 << 20);
    vg_http_target t;
    if (vg_http_target_parse(a, raw, &t, NULL) != VG_OK) {
        return;
    }
    assert(t.path.n >= 1 && t.path.p[0] == '/' && vg_utf8_valid(t.path) &&
           !memchr(t.path.p, 0, t.path.n));
    assert(!memmem(t.path.p, t.path.n, "//", 2) && !memmem(t.path.p, t.path.n, "/../", 4));
    assert(t.n_query <= VG_HTTP_MAX_PAIRS);
    for (size_t i = 0; i < t.n_query; i++) {
        assert(vg_utf8_valid(t.query[i].name) && vg_utf8_valid(t.query[i].value));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size) {
        return 0;
    }
    const vg_str s = {(const char *)data + 1, size - 1};
    switch (data[0] % 4) {
    case 0:
        check_target(s);
        break;
    case 1:
        assert(vg_http_cookie_find(s, "vg_session").n <= s.n);
        break;
    case 2:
        (void)vg_http_list_has(s, "gzip");
        break;
    default:
        (void)vg_http_etag_matches(s, VG_S("W/\"0123456789abcdef\""));
    }
    return 0;
}
