// SPDX-License-Identifier: Apache-2.0
// What came out of a closed file, from whoever closed it: read or refused. A header that is read is the one that is
// written again, byte for byte.
#include "domain/documents/paper.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const vg_str in = {(const char *)data, size};
    vg_arena *a = vg_arena_create(1 << 20);
    paper_head h;
    vg_str header, file;
    if (paper_head_read(in, a, &h, NULL) == VG_OK) {
        vg_buf b;
        vg_buf_init(&b, 2 * PAPER_HEAD_BYTES);
        paper_head_write(&h, &b);
        assert(vg_str_eq(vg_buf_str(&b), in));
        vg_buf_done(&b);
    }
    for (int receipt = 0; receipt < 2; receipt++) {
        if (paper_read(in, receipt, a, &h, &header, &file, NULL) == VG_OK) {
            assert(header.n + file.n + 68 == size);
        }
    }
    vg_arena_destroy(a);
    return 0;
}
