// SPDX-License-Identifier: Apache-2.0
// What waits in the outbox, a figure a link. The outbox is a vault table, for it holds telephone numbers and
// what a message may say: nothing of a parcel is shown but that there is one. Whoever may see the link may know
// how much waits on it.
#include "domain/links/links.h"

enum { LINKS_MAX = 256 };

typedef struct waiting {
    int64_t count, oldest_us, attempts;
} waiting;

static vg_status count_one(vg_db *db, vg_str link, waiting *ret, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db,
                        "SELECT count(*), COALESCE(min(created), 0), COALESCE(max(attempts), 0)"
                        " FROM outbox WHERE link = ? AND world = 0",
                        VG_VALS(vg_t(link)), &r, err));
    if (vg_rows_next(r)) {
        *ret = (waiting){vg_row_i64(r, 0), vg_row_i64(r, 1), vg_row_i64(r, 2)};
    }
    return vg_rows_close(r, err);
}

static vg_status write_all(vg_read *rd, vg_db *inner, vg_err *err)
{
    vg_rows *r;
    vg_status s = VG_OK;
    VG_TRY(vg_rows_open(rd->db, "SELECT id, name, kind FROM v_link ORDER BY name, id LIMIT ?",
                        VG_VALS(vg_i(LINKS_MAX)), &r, err));
    while (s == VG_OK && vg_rows_next(r)) {
        waiting w = {0};
        s = count_one(inner, vg_row_str(r, 0), &w, err);
        vg_jw_open(&rd->out, '{');
        vg_jw_kstr(&rd->out, "link", vg_row_str(r, 0));
        vg_jw_kstr(&rd->out, "name", vg_row_str(r, 1));
        vg_jw_kstr(&rd->out, "kind", vg_row_str(r, 2));
        vg_jw_ki64(&rd->out, "count", w.count);
        vg_jw_ktime(&rd->out, "oldest", w.oldest_us);
        vg_jw_ki64(&rd->out, "attempts", w.attempts);
        vg_jw_close(&rd->out, '}');
    }
    const vg_status closed = vg_rows_close(r, s == VG_OK ? err : NULL);
    return s == VG_OK ? closed : s;
}

vg_status links_waiting(vg_read *rd, const vg_args *args, vg_err *err)
{
    vg_db *inner = NULL;
    (void)args;
    VG_TRY(vg_inner_take(rd->core, &inner, err));
    vg_jw_open(&rd->out, '{');
    vg_jw_key(&rd->out, "items");
    vg_jw_open(&rd->out, '[');
    const vg_status s = write_all(rd, inner, err);
    vg_jw_close(&rd->out, ']');
    vg_jw_close(&rd->out, '}');
    vg_inner_give(rd->core, inner);
    return s;
}
