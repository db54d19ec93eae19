// SPDX-License-Identifier: Apache-2.0
// Folding passages. They come in any order: a terminal that was offline tells its own an hour later. A passage is put
// in its place by when it happened, and what follows from it is worked out from there on until it makes no
// difference any more, which is one step when it is the newest. So the rows depend on which passages there are and
// not on how they came, and folding the journal again gives the same. Rules of the area that matter (how soon one may
// enter again) stand in the event, as they were then.
#include "domain/gate/gate.h"

#include "journal/chain.h"

typedef struct step {
    vg_str id, site, kind, from, to;
    int64_t moved_us, again_us;
    unsigned flags;  // as stored
    vg_where is;     // as stored
    vg_str is_site, is_area;
} step;

enum { AHEAD = 16 };  // rows read at once

// Areas and sites are told apart by a hash of their id: only equality counts. Nowhere is outside.
static uint64_t number_of(vg_str id)
{
    unsigned char h[VG_HASH_BYTES];
    uint64_t n;
    if (!id.n || vg_str_eqc(id, GATE_ANYWHERE)) {
        return id.n ? VG_ANYWHERE : VG_OUTSIDE;
    }
    vg_hash(id.p, id.n, h);
    memcpy(&n, h, sizeof n);
    return n ? n : 1;
}

static const char COLUMNS_BEFORE[] =
    "SELECT is_known, is_site, is_area, is_since FROM passage WHERE holder = ? AND (moved, id) <"
    " (?, ?) ORDER BY moved DESC, id DESC LIMIT 1";

static vg_status before(vg_apply *ap, vg_str holder, int64_t moved_us, vg_str id, vg_where *ret,
                        vg_err *err)
{
    vg_rows *r;
    *ret = (vg_where){0};
    VG_TRY(vg_rows_open(ap->db, COLUMNS_BEFORE, VG_VALS(vg_t(holder), vg_i(moved_us), vg_t(id)), &r,
                        err));
    if (vg_rows_next(r)) {
        *ret = (vg_where){.known = vg_row_i64(r, 0) != 0,
                          .site = number_of(vg_row_str(r, 1)),
                          .area = number_of(vg_row_str(r, 2)),
                          .since_us = vg_row_i64(r, 3)};
    }
    return vg_rows_close(r, err);
}

static const char COLUMNS_FROM[] =
    "SELECT id, site, kind, from_area, to_area, moved, again_us, flags, is_known, is_site, is_area,"
    " is_since FROM passage WHERE holder = ? AND (moved, id) >= (?, ?) ORDER BY moved, id LIMIT ?";

static void read_step(vg_arena *a, vg_rows *r, step *s)
{
    *s = (step){.id = vg_str_dup(a, vg_row_str(r, 0)),
                .site = vg_str_dup(a, vg_row_str(r, 1)),
                .kind = vg_str_dup(a, vg_row_str(r, 2)),
                .from = vg_str_dup(a, vg_row_str(r, 3)),
                .to = vg_str_dup(a, vg_row_str(r, 4)),
                .moved_us = vg_row_i64(r, 5),
                .again_us = vg_row_i64(r, 6),
                .flags = (unsigned)vg_row_i64(r, 7),
                .is_site = vg_str_dup(a, vg_row_str(r, 9)),
                .is_area = vg_str_dup(a, vg_row_str(r, 10))};
    s->is = (vg_where){.known = vg_row_i64(r, 8) != 0,
                       .site = number_of(s->is_site),
                       .area = number_of(s->is_area),
                       .since_us = vg_row_i64(r, 11)};
}

static vg_status read_steps(vg_apply *ap, vg_str holder, int64_t moved_us, vg_str id, step *ret,
                            size_t *ret_n, vg_err *err)
{
    vg_rows *r;
    *ret_n = 0;
    VG_TRY(vg_rows_open(ap->db, COLUMNS_FROM,
                        VG_VALS(vg_t(holder), vg_i(moved_us), vg_t(id), vg_i(AHEAD)), &r, err));
    while (*ret_n < AHEAD && vg_rows_next(r)) {
        read_step(ap->arena, r, &ret[(*ret_n)++]);
    }
    return vg_rows_close(r, err);
}

static bool same(const vg_where *a, const vg_where *b)
{
    return a->known == b->known &&
           (!a->known || (a->site == b->site && a->area == b->area && a->since_us == b->since_us));
}

// One row; ret_still: it is as it was, so the rows after it are too.
static vg_status take(vg_apply *ap, step *s, vg_where *w, bool *ret_still, vg_err *err)
{
    const bool forgive = vg_str_eqc(s->kind, "forgive");
    const vg_pass p = {.at_us = s->moved_us,
                       .site = number_of(s->site),
                       .from = number_of(s->from),
                       .to = number_of(s->to),
                       .again_us = s->again_us,
                       .forgive = forgive};
    const unsigned flags = vg_pass_step(w, &p);
    *ret_still = flags == s->flags && same(w, &s->is);
    s->is = *w;
    s->flags = flags;
    s->is_site = forgive ? (vg_str){0} : s->site;
    s->is_area = forgive ? (vg_str){0} : s->to;
    if (*ret_still) {
        return VG_OK;
    }
    return vg_exec(ap->db,
                   "UPDATE passage SET flags = ?, is_known = ?, is_site = NULLIF(?, ''),"
                   " is_area = NULLIF(?, ''), is_since = ? WHERE id = ?",
                   VG_VALS(vg_i(flags), vg_i(w->known), vg_t(s->is_site), vg_t(s->is_area),
                           w->known ? vg_i(w->since_us) : vg_nil(), vg_t(s->id)),
                   err);
}

// Where he is now is where his last passage left him.
static vg_status settle(vg_apply *ap, vg_str holder, vg_err *err)
{
    VG_TRY(vg_exec(ap->db, "DELETE FROM presence WHERE holder = ?", VG_VALS(vg_t(holder)), err));
    return vg_exec(
        ap->db,
        "INSERT INTO presence (holder, site, area, holder_kind, since, passage, flags, label,"
        " world) SELECT holder, is_site, is_area, holder_kind, is_since, id, flags, label, world"
        " FROM (SELECT * FROM passage WHERE holder = ? ORDER BY moved DESC, id DESC LIMIT 1)"
        " WHERE is_area IS NOT NULL",
        VG_VALS(vg_t(holder)), err);
}

// whole: to the end, whatever is the same already.
static vg_status walk_on(vg_apply *ap, vg_str holder, int64_t moved_us, vg_str id, bool whole,
                         vg_err *err)
{
    vg_where w;
    step v[AHEAD];
    size_t n;
    bool first = true, still = false;
    VG_TRY(before(ap, holder, moved_us, id, &w, err));
    do {
        VG_TRY(read_steps(ap, holder, moved_us, id, v, &n, err));
        for (size_t i = first ? 0 : 1; i < n && !still; i++) {
            VG_TRY(take(ap, &v[i], &w, &still, err));
            still = still && !first && !whole;  // the new row itself was not worked out before
            first = false;
        }
        if (n) {
            moved_us = v[n - 1].moved_us;
            id = v[n - 1].id;
        }
    } while (n == AHEAD && !still);
    return settle(ap, holder, err);
}

vg_status gate_work_out(vg_apply *ap, vg_str holder, int64_t moved_us, vg_str id, vg_err *err)
{
    return walk_on(ap, holder, moved_us, id, false, err);
}

vg_status gate_work_out_all(vg_apply *ap, vg_str holder, vg_err *err)
{
    return walk_on(ap, holder, INT64_MIN, (vg_str){"", 0}, true, err);
}

VG_FOLDER(gate_on_passed)
{
    vg_str holder;
    int64_t moved_us = 0;
    VG_TRY(vg_put(
        ap, e,
        "INSERT INTO passage (id, site, kind, holder, holder_kind, class, badge, point,"
        " way, from_area, to_area, again_us, moved, told, advice, reasons, why,"
        " decided_by, terminal, terminal_seq, purpose, asked, came, source, evidence, at, label,"
        " world) VALUES (?, ?, COALESCE(?, 'move'), ?, ?, ?, ?, ?, ?, ?, ?, COALESCE(?, 0),"
        " ?, ?, COALESCE(?, 'green'), COALESCE(?, '[]'), ?, CASE WHEN ? IS NULL THEN"
        " COALESCE(?, ?) END, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "@subject @site kind holder holder_kind class badge point way from to again moved"
        " told advice reasons why source by @actor terminal terminal_seq purpose asked came"
        " source"
        " @name @at @label @world",
        err));
    holder = vg_js_str(ap->arena, e->body, "holder");
    moved_us = vg_js_i64(e->body, "moved", 0);
    VG_TRY(gate_work_out(ap, holder, moved_us, e->subject, err));
    VG_TRY(gate_watch_clash(ap, holder, moved_us, err));
    return gate_watch_alone(ap, e, err);
}
