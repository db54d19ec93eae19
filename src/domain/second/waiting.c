// SPDX-License-Identifier: Apache-2.0
// What waits for the one who asks: of the requests he sees, those he could approve at this moment. Whether he could is
// tried, as at the approval itself; so the list is short by a limit, and never offers what would be refused.
#include "core/core.h"
#include "domain/second/second.h"

enum { LOOKED_AT = 100, TRY_BYTES = 1 << 20 };

static vg_status visible(vg_read *rd, vg_second_request *v, size_t *n, vg_err *err)
{
    vg_rows *r;
    *n = 0;
    VG_TRY(
        vg_rows_open(rd->db,
                     "SELECT id, command, args, if_match, asker, label, site FROM v_second_request"
                     " WHERE state = 'waiting' AND asker <> ? ORDER BY at, id LIMIT ?",
                     VG_VALS(vg_z(rd->who->user), vg_i(LOOKED_AT)), &r, err));
    while (vg_rows_next(r)) {
        v[(*n)++] = (vg_second_request){.id = vg_str_z(rd->arena, vg_row_str(r, 0)),
                                        .command = vg_str_z(rd->arena, vg_row_str(r, 1)),
                                        .args = vg_str_dup(rd->arena, vg_row_str(r, 2)),
                                        .if_match = vg_str_dup(rd->arena, vg_row_str(r, 3)),
                                        .asker = vg_str_z(rd->arena, vg_row_str(r, 4)),
                                        .site = vg_str_z(rd->arena, vg_row_str(r, 6)),
                                        .label = (int32_t)vg_row_i64(r, 5)};
    }
    return vg_rows_close(r, err);
}

static size_t mine(vg_read *rd, vg_db *inner, vg_second_request *v, size_t n)
{
    size_t kept = 0;
    vg_err why;
    vg_arena *a = vg_arena_create(TRY_BYTES);
    for (size_t i = 0; i < n; i++) {
        vg_arena_reset(a);
        if (vg_second_may(rd->core, inner, a, &v[i], rd->who, &why) == VG_OK) {
            v[kept++] = v[i];
        }
    }
    vg_arena_destroy(a);
    return kept;
}

vg_status second_waiting(vg_read *rd, const vg_args *args, vg_err *err)
{
    vg_second_request v[LOOKED_AT];
    size_t n = 0;
    vg_db *inner;
    (void)args;
    VG_TRY(visible(rd, v, &n, err));
    if (n) {
        VG_TRY(vg_inner_take(rd->core, &inner, err));
        n = mine(rd, inner, v, n);
        vg_inner_give(rd->core, inner);
    }
    vg_jw_open(&rd->out, '{');
    vg_jw_ki64(&rd->out, "total", (int64_t)n);
    vg_jw_key(&rd->out, "items");
    vg_jw_open(&rd->out, '[');
    for (size_t i = 0; i < n; i++) {
        vg_jw_open(&rd->out, '{');
        vg_jw_kz(&rd->out, "id", v[i].id);
        vg_jw_close(&rd->out, '}');
    }
    vg_jw_close(&rd->out, ']');
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}
