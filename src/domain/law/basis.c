// SPDX-License-Identifier: Apache-2.0
// What stands on which article: read off the command tables, where a field names its law, off the shipped list
// (law/basis.yaml: values, deadlines, items) and off the terms. Who stands on a number stands on the article
// the number comes from; the number itself goes along. The console shows all of it as "căn cứ" by this one answer; the
// API document says the fields' part as x-law. Nothing is kept here.
#include "domain/law/law.h"

#include "base/clock.h"
#include "domain/day.h"

static void refs(vg_jw *w, const char *law)
{
    vg_jw_key(w, "refs");
    vg_jw_open(w, '[');
    for (const char *p = law; *p;) {
        const size_t n = strcspn(p, " ");
        vg_jw_str(w, (vg_str){p, n});
        p += n + strspn(p + n, " ");
    }
    vg_jw_close(w, ']');
}

static void fields(vg_jw *w, const vg_command *c)
{
    for (const vg_field *f = c->fields; f && f->name; f++) {
        if (f->law) {
            char of[120];
            snprintf(of, sizeof of, "%s.%s", c->name, f->name);
            vg_jw_open(w, '{');
            vg_jw_kz(w, "of", of);
            refs(w, f->law);
            vg_jw_close(w, '}');
        }
    }
}

static vg_status listed(vg_read *rd, vg_err *err)
{
    char day[VG_DAY_TEXT];
    vg_rows *r;
    vg_jw *w = &rd->out;
    vg_day_text(vg_day_of(vg_now_us()), day);
    VG_TRY(vg_rows_open(
        rd->db,
        "SELECT b.thing, COALESCE(b.ref, t.ref), b.term, t.value, t.unit FROM v_law_basis b"
        " LEFT JOIN v_law_term t ON t.id = (SELECT x.id FROM v_law_term x WHERE x.code = b.term"
        " AND ?1 BETWEEN x.valid_from AND COALESCE(x.valid_to, '9999')"
        " ORDER BY x.valid_from DESC LIMIT 1)"
        " WHERE COALESCE(b.ref, t.ref) IS NOT NULL ORDER BY b.rank",
        VG_VALS(vg_z(day)), &r, err));
    while (vg_rows_next(r)) {
        vg_jw_open(w, '{');
        vg_jw_kstr(w, "of", vg_row_str(r, 0));
        vg_jw_key(w, "refs");
        vg_jw_open(w, '[');
        vg_jw_str(w, vg_row_str(r, 1));
        vg_jw_close(w, ']');
        if (vg_row_str(r, 2).n) {
            vg_jw_kstr(w, "term", vg_row_str(r, 2));
            vg_jw_ki64(w, "value", vg_row_i64(r, 3));
            vg_jw_kstr(w, "unit", vg_row_str(r, 4));
        }
        vg_jw_close(w, '}');
    }
    return vg_rows_close(r, err);
}

vg_status law_basis(vg_read *rd, const vg_args *args, vg_err *err)
{
    (void)args;
    const vg_module *m;
    vg_jw_open(&rd->out, '{');
    vg_jw_key(&rd->out, "items");
    vg_jw_open(&rd->out, '[');
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_command *c = m->commands; c && c->name; c++) {
            fields(&rd->out, c);
        }
    }
    const vg_status st = listed(rd, err);
    vg_jw_close(&rd->out, ']');
    vg_jw_close(&rd->out, '}');
    return st;
}
