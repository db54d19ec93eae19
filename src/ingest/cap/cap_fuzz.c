// SPDX-License-Identifier: Apache-2.0
// Any bytes as a CAP message or an envelope of them: read or refused, and what was read makes a signal or none.
#include "ingest/cap/cap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vg_arena *a = vg_arena_create((size_t)16 << 20);
    vg_caps c;
    vg_signal s;
    vg_err err = {0};
    if (vg_cap_read_all(a, (vg_str){(const char *)data, size}, &c, &err) == VG_OK) {
        for (size_t i = 0; i < c.n; i++) {
            (void)vg_cap_signal(&c.v[i], c.v[i].sent_us, &s);
        }
    }
    vg_arena_destroy(a);
    return 0;
}
