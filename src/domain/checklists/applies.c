// SPDX-License-Identifier: Apache-2.0
// Which items of a run are asked: every condition is put to the site, the post, the facts, the clock and the
// answers so far. An item is left out only when its condition is known to be false; in doubt it is asked. The
// outcome goes into the event, so that a fold never asks anything.
#include "domain/checklists/checklists.h"

typedef struct asking {
    vg_cx *cx;
    const run_ref *r;
    const tally *t;
    vg_str site_kind, site_code, site_key, post_central;
    vg_err *err;
    vg_status st;
} asking;

static vg_xvalue fact(asking *q, const vg_xname *x, vg_str key)
{
    vg_rows *r;
    vg_xvalue v = vg_x_unknown(x->type);
    if (q->st == VG_OK) {
        q->st = vg_rows_open(q->cx->db,
                             "SELECT value FROM fact WHERE name = ? AND key = ? AND world = 0"
                             " AND (valid_until = 0 OR valid_until > ?)",
                             VG_VALS(vg_z(x->name), vg_t(key), vg_i(q->cx->now_us)), &r, q->err);
    }
    if (q->st != VG_OK) {
        return v;
    }
    if (vg_rows_next(r)) {
        v = vg_fact_value(x, vg_str_dup(q->cx->arena, vg_row_str(r, 0)));
    }
    q->st = vg_rows_close(r, q->err);
    return v;
}

static vg_xvalue text_or_unknown(vg_str s)
{
    return s.n ? vg_x_text(s) : vg_x_unknown(VG_X_TEXT);
}

static vg_xvalue get(void *ctx, const vg_xname *x, vg_str key)
{
    asking *q = ctx;
    switch (x->id) {
    case ASK_SITE_KIND:
        return text_or_unknown(q->site_kind);
    case ASK_SITE_CODE:
        return text_or_unknown(q->site_code);
    case ASK_SITE_KEY:
        return vg_x_bool(vg_int(q->site_key) != 0);
    case ASK_POST_CENTRAL:
        return q->post_central.n ? vg_x_bool(vg_int(q->post_central) != 0)
                                 : vg_x_unknown(VG_X_BOOL);
    case ASK_FACT:
        return fact(q, x, key);
    default: {
        const size_t i = (size_t)(x->id - ASK_ITEM);
        return spec_value(&q->r->spec->items[i], q->t->value[i]);
    }
    }
}

static vg_status read_answers(vg_cx *cx, const run_ref *r, tally *t, vg_err *err)
{
    vg_rows *rows;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT item, value, COALESCE(note, '') FROM checklist_answer"
                        " WHERE checklist = ?",
                        VG_VALS(vg_z(r->id)), &rows, err));
    while (vg_rows_next(rows)) {
        const spec_item *i = spec_find(r->spec, vg_row_str(rows, 0));
        if (i) {
            t->value[i - r->spec->items] = vg_str_dup(cx->arena, vg_row_str(rows, 1));
            t->note[i - r->spec->items] = vg_str_dup(cx->arena, vg_row_str(rows, 2));
        }
    }
    return vg_rows_close(rows, err);
}

static void count(const spec *s, tally *t)
{
    t->n_asked = t->n_answered = 0;
    t->missing = NULL;
    for (size_t i = 0; i < s->n_items; i++) {
        t->n_asked += t->asked[i];
        t->n_answered += t->asked[i] && t->value[i].n;
        if (t->asked[i] && !t->value[i].n && !s->items[i].optional && !t->missing) {
            t->missing = &s->items[i];
        }
    }
}

vg_status checklists_tally(vg_cx *cx, const run_ref *r, const spec_item *item, vg_str value,
                           tally *t, vg_err *err)
{
    vg_str c[3];
    asking q = {.cx = cx, .r = r, .t = t, .err = err};
    const vg_xenv env = {.ctx = &q, .now_us = cx->now_us, .get = get};
    *t = (tally){0};
    VG_TRY(vg_look(cx, "SELECT kind, code, key_site FROM site WHERE id = ?", vg_str_c(r->site), c,
                   3, err));
    q.site_kind = c[0];
    q.site_code = c[1];
    q.site_key = c[2];
    if (r->post && *r->post) {
        VG_TRY(vg_look(cx, "SELECT central FROM post WHERE id = ?", vg_str_c(r->post),
                       &q.post_central, 1, err));
    }
    VG_TRY(read_answers(cx, r, t, err));
    if (item) {
        t->value[item - r->spec->items] = value;
    }
    for (size_t i = 0; i < r->spec->n_items; i++) {
        const vg_expr *x = r->spec->items[i].applies;
        t->asked[i] = !x || vg_expr_ask(x, &env) != VG_FALSE;
    }
    count(r->spec, t);
    return q.st;
}

void checklists_tally_body(const spec *s, const tally *t, vg_jw *body)
{
    vg_jw_key(body, "skipped");
    vg_jw_open(body, '[');
    for (size_t i = 0; i < s->n_items; i++) {
        if (!t->asked[i]) {
            vg_jw_str(body, vg_str_c(s->items[i].code));
        }
    }
    vg_jw_close(body, ']');
    vg_jw_ki64(body, "items_n", (int64_t)t->n_asked);
    vg_jw_ki64(body, "answered_n", (int64_t)t->n_answered);
}
