// SPDX-License-Identifier: Apache-2.0
// Any bytes as a CAP message: read or refused, and what was read makes a signal or none.
#include "ingest/cap/cap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vg_arena *a = vg_arena_create((size_t)16 << 20);
    vg_cap c;
    vg_signal s;
    vg_err err = {0};
    if (vg_cap_read(a, (vg_str){(const char *)data, size}, &c, &err) == VG_OK) {
        (void)vg_cap_signal(&c, c.sent_us, &s);
    }
    vg_arena_destroy(a);
    return 0;
}
