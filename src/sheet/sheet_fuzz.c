// SPDX-License-Identifier: Apache-2.0
// Any bytes as a table: the reader answers or refuses, within its limits, and every text it gives is UTF-8.
#include "base/text.h"
#include "sheet/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    vg_sheet *s = NULL;
    vg_err err = {0};
    if (vg_sheet_read((vg_str){(const char *)data, n}, SIZE_MAX, &s, &err) != VG_OK) {
        return 0;
    }
    if (s->n_rows == 0 || s->n_rows > VG_SHEET_ROWS || s->n_columns > VG_SHEET_COLUMNS) {
        __builtin_trap();
    }
    for (size_t i = 0; i < s->n_rows; i++) {
        for (uint32_t c = 0; c < s->row[i].n; c++) {
            const vg_str t = s->row[i].cell[c].text;
            if (t.n > VG_SHEET_CELL_BYTES * 3 || !vg_utf8_valid(t)) {
                __builtin_trap();
            }
        }
    }
    vg_sheet_destroy(s);
    return 0;
}
