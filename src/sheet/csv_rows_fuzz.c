// SPDX-License-Identifier: Apache-2.0
// Any bytes as a long log: read row by row or refused, within the limits. Every cell is UTF-8, lines go forward, and what
// is left to be read gets shorter, so that the end is reached.
#include "base/text.h"
#include "sheet/csv_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void is_sound(const vg_str *cells, size_t n)
{
    if (!n || n > VG_CSV_CELLS) {
        __builtin_trap();
    }
    for (size_t i = 0; i < n; i++) {
        if (cells[i].n > VG_CSV_CELL_BYTES || !vg_utf8_valid(cells[i])) {
            __builtin_trap();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vg_arena *a = vg_arena_create(1 << 20);
    vg_csv_rows rows = vg_csv_rows_on((vg_str){(const char *)data, size});
    vg_str cells[VG_CSV_CELLS];
    size_t n, left = rows.rest.n + 1;
    int64_t line = 0;
    bool more = true;
    while (vg_csv_rows_next(&rows, a, cells, VG_LEN(cells), &n, &more, NULL) == VG_OK && more) {
        is_sound(cells, n);
        if (rows.line <= line || rows.rest.n >= left) {
            __builtin_trap();
        }
        line = rows.line;
        left = rows.rest.n;
        vg_arena_reset(a);
    }
    vg_arena_destroy(a);
    return 0;
}
