// SPDX-License-Identifier: Apache-2.0
// What is due: the deadlines of all modules as one list, soonest first, each with what it is about as the
// module that set it says (vg_deadline_def.look, read through the scoped views). A deadline carries the label of
// the event that set it, so nobody learns of a thing by its date. A deadline that has passed stays in the list
// until its module clears it: it is overdue, not gone.
#include "core/due.h"

#include "base/clock.h"
#include "core/core_impl.h"

enum { DUE_MAX = 500 };

static const vg_deadline_def *def_of(vg_str kind)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_deadline_def *d = m->deadlines; d && d->kind; d++) {
            if (vg_str_eqc(kind, d->kind)) {
                return d;
            }
        }
    }
    return NULL;
}

static vg_status look(vg_read *rd, const vg_deadline_def *def, vg_str subject, vg_err *err)
{
    vg_rows *r;
    if (!def || !def->look) {
        return VG_OK;
    }
    VG_TRY(vg_rows_open(rd->db, def->look, VG_VALS(vg_t(subject)), &r, err));
    if (vg_rows_next(r)) {
        vg_jw_kstr(&rd->out, "title", vg_row_str(r, 0));
        if (vg_row_str(r, 1).n) {
            vg_jw_kstr(&rd->out, "page", vg_row_str(r, 1));
        }
    }
    return vg_rows_close(r, err);
}

static vg_status one(vg_read *rd, vg_rows *r, int64_t now_us, vg_err *err)
{
    const vg_str kind = vg_str_dup(rd->arena, vg_row_str(r, 0)),
                 subject = vg_str_dup(rd->arena, vg_row_str(r, 1));
    const int64_t due = vg_row_i64(r, 3);
    if (!kind.p || !subject.p) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "");
    }
    vg_jw_open(&rd->out, '{');
    vg_jw_kstr(&rd->out, "id", vg_str_f(rd->arena, "%.*s:%.*s", VG_FMT(kind), VG_FMT(subject)));
    vg_jw_kstr(&rd->out, "kind", kind);
    vg_jw_kstr(&rd->out, "subject", subject);
    vg_jw_kstr(&rd->out, "site", vg_row_str(r, 2));
    vg_jw_ktime(&rd->out, "due", due);
    vg_jw_kbool(&rd->out, "overdue", due < now_us);
    VG_TRY(look(rd, def_of(kind), subject, err));
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}

vg_status vg_due_read(vg_read *rd, const vg_args *args, vg_err *err)
{
    vg_rows *r;
    vg_status st = VG_OK;
    const int64_t now_us = vg_core_now(rd->core);
    const vg_str site = vg_arg_str(args, "site"), kind = vg_arg_str(args, "kind");
    int64_t total = 0, overdue = 0;
    VG_TRY(vg_one_i64(rd->db,
                      "SELECT count(kind) FROM v_deadline WHERE (?1 = '' OR site = ?1)"
                      " AND (?2 = '' OR kind = ?2)",
                      VG_VALS(vg_t(site), vg_t(kind)), 0, &total, err));
    VG_TRY(vg_one_i64(rd->db,
                      "SELECT count(kind) FROM v_deadline WHERE (?1 = '' OR site = ?1)"
                      " AND (?2 = '' OR kind = ?2) AND due < ?3",
                      VG_VALS(vg_t(site), vg_t(kind), vg_i(now_us)), 0, &overdue, err));
    VG_TRY(
        vg_rows_open(rd->db,
                     "SELECT kind, subject, site, due FROM v_deadline WHERE (?1 = '' OR site = ?1)"
                     " AND (?2 = '' OR kind = ?2) ORDER BY due, kind, subject LIMIT ?3",
                     VG_VALS(vg_t(site), vg_t(kind), vg_i(DUE_MAX)), &r, err));
    vg_jw_open(&rd->out, '{');
    vg_jw_ki64(&rd->out, "total", total);
    vg_jw_ki64(&rd->out, "overdue", overdue);
    vg_jw_ktime(&rd->out, "now", now_us);
    vg_jw_key(&rd->out, "items");
    vg_jw_open(&rd->out, '[');
    while (st == VG_OK && vg_rows_next(r)) {
        st = one(rd, r, now_us, err);
    }
    vg_err ignored;
    const vg_status closed = vg_rows_close(r, st == VG_OK ? err : &ignored);
    vg_jw_close(&rd->out, ']');
    vg_jw_close(&rd->out, '}');
    return st == VG_OK ? closed : st;
}

const vg_field vg_due_fields[] = {
    {"site", VG_F_TEXT, .max = 16}, {"kind", VG_F_TEXT, .max = 60}, {0}};

const vg_col vg_due_cols[] = {
    {"id", VG_COL_TEXT, "t.kind || ':' || t.subject"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"subject", VG_COL_TEXT, "t.subject"},
    {"site", VG_COL_TEXT, "t.site"},
    {"due", VG_COL_TIME, "t.due"},
    {0},
};
const vg_filter vg_due_filters[] = {{"kind", "t.kind = ?", VG_F_TEXT},
                                    {"site", "t.site = ?", VG_F_ID},
                                    {"before", "t.due < ?", VG_F_TIME},
                                    {0}};
