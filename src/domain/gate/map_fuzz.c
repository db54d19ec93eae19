// SPDX-License-Identifier: Apache-2.0
// A map of a foreign log and the log itself, a byte NUL between them: the map is refused with an error or read, and by one
// that is read every line is understood or refused; what is understood is within the map's own tables.
#include "domain/gate/map.h"
#include "sheet/csv_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FARTHEST_US (INT64_C(10000) * 366 * 86400 * 1000000)

static void is_sound(const gate_map *m, const gate_map_row *row)
{
    if (row->rule >= m->n_points || row->how == GATE_HOW_WAY || row->how > GATE_HOW_INTO ||
        !row->holder.n || !row->point.n || row->moved_us > FARTHEST_US ||
        row->moved_us < -FARTHEST_US) {
        __builtin_trap();
    }
}

static void read_log(const gate_map *m, vg_str log, vg_arena *a)
{
    vg_csv_rows rows = vg_csv_rows_on(log);
    vg_str cells[VG_CSV_CELLS];
    gate_map_at at;
    size_t n;
    bool more;
    if (vg_csv_rows_next(&rows, a, cells, VG_LEN(cells), &n, &more, NULL) != VG_OK || !more ||
        gate_map_head(m, cells, n, &at, NULL) != VG_OK) {
        return;
    }
    while (vg_csv_rows_next(&rows, a, cells, VG_LEN(cells), &n, &more, NULL) == VG_OK && more) {
        gate_map_row row;
        if (gate_map_take(m, &at, cells, n, &row, NULL) == VG_OK) {
            is_sound(m, &row);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *all = (const char *)data;
    const char *end = size ? memchr(all, 0, size) : NULL;
    const vg_str text = {all, end ? (size_t)(end - all) : size};
    const vg_str log = end ? (vg_str){end + 1, size - text.n - 1} : (vg_str){"", 0};
    vg_arena *a = vg_arena_create(1 << 20);
    gate_map *m;
    if (gate_map_read("fuzz", text, a, &m, NULL) == VG_OK) {
        read_log(m, log, a);
    }
    vg_arena_destroy(a);
    return 0;
}
