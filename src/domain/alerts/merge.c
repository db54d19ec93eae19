// SPDX-License-Identifier: Apache-2.0
// A cursor per log and always the one whose event was recorded first. Only logs with something new stay open; what
// is read of each is bounded by `most`, so a log that is far behind costs no more than one that is not.
#include "domain/alerts/merge.h"

typedef struct cursor {
    alerts_strand *strand;
    vg_rows *rows;
    vg_event e;
} cursor;

typedef struct merging {
    cursor *v;
    size_t n;
    int64_t until;
} merging;

// Closes cursor i when there is nothing more in it, or nothing more that may be told yet.
static vg_status step(merging *m, size_t i, vg_err *err)
{
    cursor *c = &m->v[i];
    if (vg_rows_next(c->rows)) {
        vg_event_read(c->rows, &c->e);
        if (c->e.recorded_us <= m->until) {
            return VG_OK;
        }
    }
    vg_rows *done = c->rows;
    *c = m->v[--m->n];
    return vg_rows_close(done, err);
}

static vg_status open_one(merging *m, vg_db *db, alerts_strand *s, size_t most, vg_err *err)
{
    cursor *c = &m->v[m->n];
    c->strand = s;
    VG_TRY(vg_rows_open(db,
                        "SELECT " VG_EVENT_COLUMNS " FROM event e WHERE e.id > ? AND e.id < ?"
                        " ORDER BY e.id LIMIT ?",
                        VG_VALS(vg_i(VG_EVENT_ROWID(s->log, s->after)),
                                vg_i(VG_EVENT_ROWID(s->log + 1, 0)), vg_i((int64_t)most)),
                        &c->rows, err));
    return step(m, m->n++, err);
}

static size_t first_of(const merging *m)
{
    size_t first = 0;
    for (size_t i = 1; i < m->n; i++) {
        first = m->v[i].e.recorded_us < m->v[first].e.recorded_us ? i : first;
    }
    return first;
}

vg_status alerts_merge(vg_db *db, alerts_strands *of, alerts_on_merged fn, void *ctx, vg_err *err)
{
    merging m = {.v = vg_alloc((of->n + 1) * sizeof *m.v), .until = of->until};
    vg_status st = VG_OK;
    of->told = 0;
    for (size_t i = 0; st == VG_OK && i < of->n; i++) {
        st = open_one(&m, db, &of->v[i], of->most, err);
    }
    while (st == VG_OK && m.n && of->told < of->most) {
        const size_t i = first_of(&m);
        st = fn(ctx, &m.v[i].e, err);
        if (st == VG_OK) {
            of->told++;
            m.v[i].strand->after = m.v[i].e.seq;
            st = step(&m, i, err);
        }
    }
    while (m.n) {
        vg_err ignored;
        const vg_status closed = vg_rows_close(m.v[--m.n].rows, st == VG_OK ? err : &ignored);
        st = st == VG_OK ? closed : st;
    }
    free(m.v);
    return st;
}
