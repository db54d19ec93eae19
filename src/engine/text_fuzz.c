// SPDX-License-Identifier: Apache-2.0
// Event texts of strangers: the first line may be a header. Skipping and stopping must read the same lines
// before the first bad one, and every record must be within what the engine takes.
#include "engine/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST = 64 };
    vg_record strict[MOST], loose[MOST];
    vg_names names;
    size_t n = 0, m = 0;
    vg_str text = {(const char *)data, size};
    vg_names_init(&names);
    vg_text a = {.names = &names};
    const char *eol = size ? memchr(data, '\n', size) : NULL;
    if (eol && vg_text_header((vg_str){text.p, (size_t)(eol - text.p)}, &a.format, NULL) == VG_OK) {
        text.n -= (size_t)(eol + 1 - text.p);
        text.p = eol + 1;
    }
    vg_text b = a;
    vg_str again = text;
    b.skip = true;
    const vg_status st = vg_text_read(&a, &text, strict, MOST, &n, NULL);
    const vg_status loosely = vg_text_read(&b, &again, loose, MOST, &m, NULL);
    assert(loosely == VG_OK && m <= MOST && (st != VG_OK || (n == m && b.skipped == 0)));
    for (size_t i = 0; i < m; i++) {
        assert(loose[i].t_event <= VG_TEXT_TIME_MAX && loose[i].kind && loose[i].verb < VG_VERB_N);
    }
    vg_names_done(&names);
    return 0;
}
