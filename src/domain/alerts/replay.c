// SPDX-License-Identifier: Apache-2.0
// The journal read again, log by log, in the way the engine's thread reads it. What is found goes to whoever asked;
// comparing it with what was recorded is replay_compare.c.
#include "domain/alerts/replay_impl.h"

enum { ARENA_BYTES = 64 << 20 };

static void forward(void *ctx, const alerts_found *f)
{
    replay *r = ctx;
    r->fn(r->ctx, f);
}

void replay_init(replay *r, alerts_on_found fn, void *ctx)
{
    r->w.arena = vg_arena_create(ARENA_BYTES);
    r->w.on = forward;
    r->fn = fn;
    r->ctx = ctx;
}

vg_status replay_log(replay *r, vg_db *db, uint32_t log, int64_t *ret_last, vg_err *err)
{
    log_cursor c = {.log = log};
    for (bool more = true; more;) {
        vg_arena_reset(r->w.arena);
        VG_TRY(watch_feed(&r->w, db, &c, &c.seq, &more, err));
    }
    *ret_last = c.seq;
    return VG_OK;
}

static vg_status read_logs(vg_db *db, vg_buf *ret, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db, "SELECT log FROM log WHERE log > 1 ORDER BY log", VG_NOVALS, &r, err));
    while (vg_rows_next(r)) {
        const uint32_t log = (uint32_t)vg_row_i64(r, 0);
        vg_buf_add(ret, &log, sizeof log);
    }
    return vg_rows_close(r, err);
}

vg_status replay_each_log(vg_db *db, replay_on_log fn, void *ctx, vg_err *err)
{
    vg_buf logs;
    vg_buf_init(&logs, 16 << 20);
    vg_status st = read_logs(db, &logs, err);
    for (size_t i = 0; st == VG_OK && i < logs.n / sizeof(uint32_t); i++) {
        uint32_t log;
        memcpy(&log, logs.p + i * sizeof log, sizeof log);
        st = fn(ctx, log, err);
    }
    vg_buf_done(&logs);
    return st;
}

static vg_status on_cursor(void *ctx, uint32_t log, vg_err *err)
{
    (void)err;
    watch_cursor(&((replay *)ctx)->w, log, VG_S(""));
    return VG_OK;
}

vg_status replay_across(replay *r, vg_db *db, vg_err *err)
{
    VG_TRY(replay_each_log(db, on_cursor, r, err));
    for (bool more = alerts_brain_across(r->w.brain); more;) {
        vg_arena_reset(r->w.arena);
        VG_TRY(watch_feed_across(&r->w, db, &more, err));
    }
    return VG_OK;
}

typedef struct all {
    replay r;
    vg_db *db;
    int64_t events;
} all;

static vg_status on_log(void *ctx, uint32_t log, vg_err *err)
{
    all *x = ctx;
    int64_t last = 0;
    VG_TRY(replay_log(&x->r, x->db, log, &last, err));
    x->events += last;
    return VG_OK;
}

vg_status alerts_replay_all(vg_db *db, alerts_brain *b, alerts_on_found fn, void *ctx,
                            int64_t *ret_events, vg_err *err)
{
    all x = {.r.w = {.brain = b, .fixed = true}, .db = db};
    replay_init(&x.r, fn, ctx);
    vg_status st = replay_each_log(db, on_log, &x, err);
    st = st == VG_OK ? replay_across(&x.r, db, err) : st;
    vg_arena_destroy(x.r.w.arena);
    free(x.r.w.logs);
    *ret_events = x.events;
    return st;
}
