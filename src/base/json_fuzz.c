// SPDX-License-Identifier: Apache-2.0
// The scanner on arbitrary bytes: it may find nothing, it may not leave the view or loop. What jansson
// accepts, the scanner must walk to its end.
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(vg_arena *a, vg_str raw, int depth)
{
    vg_str key, value;
    (void)vg_js_decode(a, raw);
    for (size_t at = 0; depth && vg_js_each(raw, &at, &key, &value);) {
        walk(a, value, depth - 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vg_arena *a = vg_arena_create(1 << 22);
    const vg_str raw = {(const char *)data, size};
    json_t *t = NULL;
    vg_str value;
    size_t n = 0;
    walk(a, raw, 6);
    if (vg_json_parse(raw, 1 << 16, &t, NULL) == VG_OK) {
        for (size_t at = 0; vg_js_each(raw, &at, NULL, &value); n++) {
        }
        const size_t want = json_is_array(t) ? json_array_size(t) : json_object_size(t);
        if (n != want) {
            abort();
        }
        json_decref(t);
    }
    vg_arena_destroy(a);
    return 0;
}
