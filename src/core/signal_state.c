// SPDX-License-Identifier: Apache-2.0
// One statement a signal, on a table of the links module (volatile: a rebuild from the journal leaves it
// alone, and without it states would at worst be told once more). Nothing of it is for people.
#include "core/signal_state.h"

void vg_signal_state_set(vg_signal *s, uint64_t thing, uint64_t value)
{
    _Static_assert(sizeof s->frame == sizeof thing + sizeof value,
                   "a frame is a thing and a value");
    memcpy(s->frame, &thing, sizeof thing);
    memcpy(s->frame + sizeof thing, &value, sizeof value);
    s->flags |= VG_SIG_STATE;
}

vg_status vg_signal_state_keep(vg_db *db, const vg_signal *s, int64_t now_us, vg_err *err)
{
    int64_t thing, value;
    memcpy(&thing, s->frame, sizeof thing);
    memcpy(&value, s->frame + sizeof thing, sizeof value);
    return vg_exec(db,
                   "INSERT INTO signal_state (thing, proto, value, at) VALUES (?, ?, ?, ?)"
                   " ON CONFLICT (thing) DO UPDATE SET value = excluded.value, at = excluded.at",
                   VG_VALS(vg_i(thing), vg_z(s->proto), vg_i(value), vg_i(now_us)), err);
}

vg_status vg_signal_state_prune(vg_db *db, vg_err *err)
{
    return vg_exec(db,
                   "DELETE FROM signal_state WHERE at < (SELECT at FROM signal_state ORDER BY at"
                   " DESC LIMIT 1 OFFSET ?)",
                   VG_VALS(vg_i(VG_SIGNAL_STATES_MAX)), err);
}

vg_status vg_signal_states(vg_core *c, const char *proto, vg_signal_state_fn fn, void *ctx,
                           vg_err *err)
{
    vg_db *db = NULL;
    vg_rows *r;
    VG_TRY(vg_inner_take(c, &db, err));
    vg_db_deadline(db, 0);  // at start: a slow machine is no reason not to start
    vg_status s = vg_rows_open(
        db, "SELECT thing, value, at FROM signal_state WHERE proto = ? ORDER BY at LIMIT ?",
        VG_VALS(vg_z(proto), vg_i(VG_SIGNAL_STATES_MAX)), &r, err);
    if (s == VG_OK) {
        while (vg_rows_next(r)) {
            fn(ctx, (uint64_t)vg_row_i64(r, 0), (uint64_t)vg_row_i64(r, 1), vg_row_i64(r, 2));
        }
        s = vg_rows_close(r, err);
    }
    vg_inner_give(c, db);
    return s;
}
