// SPDX-License-Identifier: Apache-2.0
// Reactions: what one module's event makes another module do. They are written to an outbox in the
// transaction of the event itself and run in the next one, so a crash in between loses none; command id
// H(event, reaction) makes a repeat harmless. Which events a command emits is not declared, so a cycle cannot
// be seen beforehand: a chain longer than DEPTH_MAX is cut and logged as the fault it is.
#include "core/core_impl.h"

#include "base/log.h"

enum { DEPTH_MAX = 8 };

static vg_status queue_one(vg_core *c, const vg_event *e, const vg_reaction *r, vg_err *err)
{
    vg_buf args;
    if (c->scribe.reaction_depth >= DEPTH_MAX) {
        vg_log(VG_ERROR, "reaction.cycle", "on=%s run=%s", r->on, r->run);
        return VG_OK;
    }
    vg_buf_init(&args, 65536);
    vg_jw w = vg_jw_on(&args);
    vg_jw_open(&w, '{');
    const bool wanted = r->map(c->scribe.arena, e, &w);
    vg_jw_close(&w, '}');
    vg_status s = VG_OK;
    if (wanted) {
        s = vg_exec(c->db, "INSERT INTO reaction_due (event, run, args, depth) VALUES (?,?,?,?)",
                    VG_VALS(vg_i(VG_EVENT_ROWID(e->log, e->seq)), vg_z(r->run),
                            vg_t(vg_buf_str(&args)), vg_i(c->scribe.reaction_depth + 1)),
                    err);
        c->scribe.reactions_due = true;
    }
    vg_buf_done(&args);
    return s;
}

vg_status vg_queue_reactions(vg_core *c, const vg_event *e, vg_err *err)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_reaction *r = m->reactions; r && r->on; r++) {
            if (vg_str_eqc(e->kind, r->on)) {
                VG_TRY(queue_one(c, e, r, err));
            }
        }
    }
    return VG_OK;
}

typedef struct due {
    struct due *next;
    int64_t rowid, event, depth;
    vg_str run, args;
} due;

static vg_status load_due(vg_core *c, vg_arena *a, due **ret, vg_err *err)
{
    vg_rows *r;
    due **tail = ret;
    *ret = NULL;
    VG_TRY(vg_rows_open(
        c->db, "SELECT id, event, run, args, depth FROM reaction_due ORDER BY id LIMIT 200",
        VG_NOVALS, &r, err));
    while (vg_rows_next(r)) {
        due *d = vg_arena_get(a, sizeof *d);
        const vg_str run = vg_str_dup(a, vg_row_str(r, 2)), args = vg_str_dup(a, vg_row_str(r, 3));
        if (!d || !run.p || !args.p) {
            break;  // the rest next time
        }
        *d = (due){.rowid = vg_row_i64(r, 0),
                   .event = vg_row_i64(r, 1),
                   .run = run,
                   .args = args,
                   .depth = vg_row_i64(r, 4)};
        *tail = d;
        tail = &d->next;
    }
    return vg_rows_close(r, err);
}

vg_status vg_run_reactions(vg_core *c, vg_err *err)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(8 << 20);
    due *list;
    VG_TRY(load_due(c, a, &list, err));
    for (const due *d = list; d; d = d->next) {
        char tag[32];
        snprintf(tag, sizeof tag, "%lld", (long long)d->event);
        const vg_cmd_id id = vg_cmd_derive("reaction", vg_str_c(tag), d->run);
        const char *name = vg_str_z(a, d->run);
        vg_err why = {0};
        c->scribe.reaction_depth = d->depth;
        const vg_status s = vg_run_internal(c, name ? name : "", d->args, &id, &why);
        c->scribe.reaction_depth = 0;
        if (vg_store_failed(s)) {
            *err = why;
            return s;
        }
        if (s != VG_OK && s != VG_ECONFLICT && s != VG_ENOTFOUND) {
            vg_log(VG_WARN, "reaction.refused", "run=%s status=%s key=%s detail=%s", name,
                   vg_status_name(s), why.key ? why.key : "", why.detail);
        }
        VG_TRY(
            vg_exec(c->db, "DELETE FROM reaction_due WHERE id = ?", VG_VALS(vg_i(d->rowid)), err));
    }
    int64_t left;
    VG_TRY(vg_one_i64(c->db, "SELECT 1 FROM reaction_due LIMIT 1", VG_NOVALS, 0, &left, err));
    c->scribe.reactions_due = left != 0;
    return VG_OK;
}
