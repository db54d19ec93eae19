// SPDX-License-Identifier: Apache-2.0
// Any bytes as a content type (first line) and a multipart body: parts are views inside it, in order, and few.
#include "ingest/device/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *from = (const char *)data, *lf = size ? memchr(from, '\n', size) : NULL;
    const size_t n = lf ? (size_t)(lf - from) : 0;
    const vg_str body = {from + n + (lf != NULL), size - n - (lf != NULL)};
    const char *at = body.p;
    multipart m;
    multipart_part p;
    int parts = 0;
    vg_status st = multipart_begin(&m, (vg_str){from, n}, body, NULL);
    while (st == VG_OK && (st = multipart_next(&m, &p, NULL)) == VG_OK) {
        if (p.data.p < at || p.data.p + p.data.n > body.p + body.n || ++parts > MULTIPART_PARTS) {
            abort();
        }
        at = p.data.p + p.data.n;
    }
    return 0;
}
