// SPDX-License-Identifier: Apache-2.0
// Reads the ends of all logs backwards, until a record is older than asked for or the log's share is used
// up: the cost follows the window, not the journal. A log is read by its own key order, since recording
// times rise within it; no index on the time is kept, for that would cost every event.
#include "core/recent.h"

#include "base/json.h"

enum { SHARE_MIN = 1024 };

typedef struct look {
    vg_db *db;
    const vg_source **by_id;  // sorted
    size_t n;
    int64_t since_us;
    vg_recent_fn fn;
    void *ctx;
} look;

static int compare_ids(const void *a, const void *b)
{
    return strcmp((*(const vg_source *const *)a)->id, (*(const vg_source *const *)b)->id);
}

static void sort_sources(look *l, const vg_register_snap *snap)
{
    const size_t n = vg_register_count(snap);
    l->by_id = vg_alloc(n * sizeof *l->by_id);
    for (uint32_t i = 0; i < n; i++) {
        const vg_source *s = vg_register_at(snap, i);
        if (s) {
            l->by_id[l->n++] = s;
        }
    }
    if (l->n) {
        qsort(l->by_id, l->n, sizeof *l->by_id, compare_ids);
    }
}

static int compare_to_id(const void *id, const void *b)
{
    return strcmp(id, (*(const vg_source *const *)b)->id);
}

static const vg_source *source_of(const look *l, vg_str id)
{
    char z[VG_ID_TEXT];
    snprintf(z, sizeof z, "%.*s", VG_FMT(id));
    const vg_source **found =
        l->n ? bsearch(z, l->by_id, l->n, sizeof *l->by_id, compare_to_id) : NULL;
    return found ? *found : NULL;
}

static bool is_signal(vg_str kind)
{
    return vg_str_eqc(kind, "sites.signal") || vg_str_eqc(kind, "sites.unknown_signal") ||
           vg_str_eqc(kind, "core.unfolded_signal");
}

static void tell(const look *l, vg_rows *r)
{
    static const unsigned char none[VG_SIG_FRAME_BYTES];
    const vg_str frame = vg_row_str(r, 2), body = vg_row_str(r, 4);
    vg_recent x = {.recorded_us = vg_row_i64(r, 1),
                   .source = source_of(l, vg_row_str(r, 3)),
                   .authenticated = vg_js_bool(body, "auth", false)};
    if (!vg_js_find(body, "proto", &x.proto) || x.proto.n < 2) {
        return;
    }
    x.proto = (vg_str){x.proto.p + 1, x.proto.n - 2};  // without its quotes
    if (frame.n == sizeof x.frame && memcmp(frame.p, none, sizeof none) != 0) {
        memcpy(x.frame, frame.p, sizeof x.frame);
        l->fn(l->ctx, &x);
    }
}

static vg_status one_log(const look *l, int64_t log, int64_t share, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(
        l->db,
        "SELECT kind, recorded, command, source, body FROM event"
        " WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?",
        VG_VALS(vg_i(VG_EVENT_ROWID(log, 0)), vg_i(VG_EVENT_ROWID(log + 1, 0) - 1), vg_i(share)),
        &r, err));
    while (vg_rows_next(r) && vg_row_i64(r, 1) >= l->since_us) {
        if (is_signal(vg_row_str(r, 0))) {
            tell(l, r);
        }
    }
    return vg_rows_close(r, err);
}

static vg_status all_logs(const look *l, vg_err *err)
{
    int64_t logs;
    VG_TRY(vg_one_i64(l->db, "SELECT max(log) FROM log", VG_NOVALS, 0, &logs, err));
    const int64_t even = VG_RECENT_MAX / (logs ? logs : 1);
    for (int64_t log = 1; log <= logs; log++) {
        VG_TRY(one_log(l, log, even > SHARE_MIN ? even : SHARE_MIN, err));
    }
    return VG_OK;
}

vg_status vg_recent_signals(vg_core *c, int64_t since_us, vg_recent_fn fn, void *ctx, vg_err *err)
{
    look l = {.since_us = since_us, .fn = fn, .ctx = ctx};
    VG_TRY(vg_inner_take(c, &l.db, err));
    vg_db_deadline(l.db, 0);  // at start: a slow machine is no reason not to start
    vg_register *reg = vg_core_register(c);
    const vg_register_snap *snap = vg_register_acquire(reg);
    sort_sources(&l, snap);
    const vg_status s = all_logs(&l, err);
    free(l.by_id);
    vg_register_release(reg, snap);
    vg_inner_give(c, l.db);
    return s;
}
