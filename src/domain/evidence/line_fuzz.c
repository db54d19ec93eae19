// SPDX-License-Identifier: Apache-2.0
// A line of a bundle from whoever made it: read or refused. What is read is the same after writing it again: no two
// events have one line, and one event's line says all that its hash covers.
#include "domain/evidence/evidence_impl.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    evidence_line l, again;
    vg_arena *a = vg_arena_create(16 << 20);
    // A proof cannot be written again from what was read, so such lines are only read.
    if (evidence_line_read((vg_str){(const char *)data, size}, a, &l, NULL) == VG_OK &&
        !l.has_personal) {
        vg_buf b;
        vg_buf_init(&b, 16 << 20);
        evidence_line_write(&l.e, NULL, VG_S(""), false, &b);
        assert(!b.failed);
        assert(evidence_line_read(vg_buf_str(&b), a, &again, NULL) == VG_OK);
        assert(memcmp(l.leaf, again.leaf, sizeof l.leaf) == 0);
        vg_buf_done(&b);
    }
    vg_arena_destroy(a);
    return 0;
}
