// SPDX-License-Identifier: Apache-2.0
// Whatever comes in: no fault, and what comes out is stable under a second cleaning and has no handle for a
// script or a foreign address.
#include "domain/sites/svg_clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vg_buf once, twice;
    svg_size a, b;
    vg_buf_init(&once, 4 << 20);
    vg_buf_init(&twice, 4 << 20);
    if (svg_clean((vg_str){(const char *)data, size}, &once, &a, NULL) == VG_OK) {
        if (svg_clean(vg_buf_str(&once), &twice, &b, NULL) != VG_OK ||
            !vg_str_eq(vg_buf_str(&once), vg_buf_str(&twice)) ||
            strstr(vg_buf_z(&once), "<script") || strstr(vg_buf_z(&once), "<!") ||
            strstr(vg_buf_z(&once), " href=\"http")) {
            abort();
        }
    }
    vg_buf_done(&twice);
    vg_buf_done(&once);
    return 0;
}
