// SPDX-License-Identifier: Apache-2.0
// What the page shows of a file: the rows around the header as they stand in the file, what each column was taken
// for, counts, the first problems in both languages (whoever looks may read either), and some rows that would
// be added or changed, old value beside new. It is made once by the worker; nothing here asks the database.
#include "domain/imports/imports.h"

#include "base/clock.h"

enum { HEAD_ROWS = 12, HEAD_COLUMNS = 60, SHOWN_BYTES = 80 };

static vg_str cut(vg_str s)  // for the screen, at a whole character
{
    if (s.n > SHOWN_BYTES) {
        s.n = SHOWN_BYTES;
        while (s.n && ((unsigned char)s.p[s.n] & 0xC0) == 0x80) {
            s.n--;
        }
    }
    return s;
}

static void write_head(const vg_sheet *s, vg_jw *w)
{
    vg_jw_key(w, "head");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < s->n_rows && i < HEAD_ROWS; i++) {
        vg_jw_open(w, '{');
        vg_jw_ki64(w, "row", s->row[i].number);
        vg_jw_key(w, "cells");
        vg_jw_open(w, '[');
        for (uint32_t c = 0; c < s->row[i].n && c < HEAD_COLUMNS; c++) {
            vg_jw_str(w, cut(s->row[i].cell[c].text));
        }
        vg_jw_close(w, ']');
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
}

// The file's columns: letter, name in the header, the first value below it.
static void write_columns(const imports_plan *p, const vg_sheet *s, vg_jw *w)
{
    const vg_sheet_row *header = &s->row[p->header];
    vg_jw_key(w, "file_columns");
    vg_jw_open(w, '[');
    for (uint32_t c = 0; c < s->n_columns; c++) {
        char letter[8];
        vg_str sample = {"", 0};
        for (size_t i = p->header + 1; i < s->n_rows && i < p->header + 50 && !sample.n; i++) {
            sample = c < s->row[i].n ? s->row[i].cell[c].text : sample;
        }
        vg_sheet_column_name(c, letter);
        vg_jw_open(w, '{');
        vg_jw_ki64(w, "index", c);
        vg_jw_kz(w, "letter", letter);
        vg_jw_kstr(w, "name", c < header->n ? cut(header->cell[c].text) : (vg_str){"", 0});
        vg_jw_kstr(w, "sample", cut(sample));
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
}

static void write_titles(const vg_import *t, const char *field, vg_jw *w)
{
    vg_jw_kstr(w, "title_vi", imports_title(VG_VI, t, field));
    vg_jw_kstr(w, "title_en", imports_title(VG_EN, t, field));
}

static void write_fields(const imports_plan *p, vg_jw *w)
{
    vg_jw_key(w, "fields");
    vg_jw_open(w, '[');
    for (size_t f = 0; f < p->n_fields; f++) {
        const vg_import_field *mf = &p->target->fields[f];
        const vg_field *field = imports_field_of(p->add, mf->name);
        vg_jw_open(w, '{');
        vg_jw_kz(w, "name", mf->name);
        write_titles(p->target, mf->name, w);
        vg_jw_kbool(w, "required", (field->flags & VG_REQUIRED) != 0);
        vg_jw_kbool(w, "names", mf->names != NULL);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
}

static void write_text(vg_jw *w, const char *member, vg_lang lang, const imports_table *t,
                       const vg_err *err)
{
    vg_buf b;
    vg_buf_init(&b, 2048);
    vg_err shown = *err;
    if (shown.field[0] && strncmp(shown.detail, shown.field, strlen(shown.field)) == 0) {
        const vg_str title =
            imports_title(lang, t->target, shown.field);  // the column's name, not the field's
        char rest[sizeof shown.detail];
        snprintf(rest, sizeof rest, "%s", err->detail + strlen(shown.field));
        snprintf(shown.detail, sizeof shown.detail, "%.*s%s", VG_FMT(title), rest);
    }
    vg_tr_err(&b, lang, &shown);
    vg_jw_kstr(w, member, vg_buf_str(&b));
    vg_buf_done(&b);
}

static void write_problems(const imports_table *t, vg_jw *w)
{
    vg_jw_key(w, "problems");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < t->n_problems; i++) {
        const imports_problem *p = &t->problem[i];
        char cell[32], letter[8] = "";
        if (p->column != IMPORTS_UNMAPPED) {
            vg_sheet_column_name(p->column, letter);
        }
        snprintf(cell, sizeof cell, "%s%lld", letter, (long long)p->row);
        vg_jw_open(w, '{');
        vg_jw_ki64(w, "row", p->row);
        vg_jw_kz(w, "cell", cell);
        if (p->field >= 0) {
            write_titles(t->target, t->target->fields[p->field].name, w);
        }
        vg_jw_kstr(w, "value", cut(p->value));
        write_text(w, "text_vi", VG_VI, t, &p->err);
        write_text(w, "text_en", VG_EN, t, &p->err);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
}

// A value as people write it.
static void write_value(const imports_table *t, size_t field, const char *member, vg_str v,
                        vg_jw *w)
{
    const vg_field *f = imports_field_of(t->plan.add, t->target->fields[field].name);
    int64_t us;
    if (f->type == VG_F_TIME && vg_str_i64(v, INT64_MIN, INT64_MAX, &us, NULL) == VG_OK) {
        int at[6];
        char day[64];
        vg_time_split(us, 7 * 60, at);
        snprintf(day, sizeof day, "%02d/%02d/%04d", at[2], at[1], at[0]);
        vg_jw_kz(w, member, day);
    } else if (f->type == VG_F_BOOL) {
        vg_jw_kz(w, member, vg_str_eqc(v, "1") ? "✓" : "–");
    } else {
        vg_jw_kstr(w, member, cut(v));
    }
}

// What is told of a row: what a thing was called in the file is clearer than an id, so ids are left out.
static void write_values(const imports_table *t, const imports_row *r, vg_jw *w)
{
    vg_jw_key(w, "values");
    vg_jw_open(w, '[');
    for (size_t f = 0; f < t->plan.n_fields; f++) {
        const vg_import_field *mf = &t->target->fields[f];
        const bool moved =
            r->act == IMPORTS_SET && r->value[f].n && !vg_str_eq(r->value[f], r->before[f]);
        if (mf->names || !r->value[f].n || (r->act == IMPORTS_SET && !moved)) {
            continue;
        }
        vg_jw_open(w, '{');
        vg_jw_kz(w, "field", mf->name);
        write_value(t, f, "value", r->value[f], w);
        if (moved && !(mf->flags & VG_IMP_LOOKED_UP)) {
            write_value(t, f, "before", r->before[f], w);
        }
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
}

static void write_samples(const imports_table *t, vg_jw *w)
{
    size_t left[2] = {IMPORTS_SAMPLES, IMPORTS_SAMPLES};
    vg_jw_key(w, "samples");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < t->n_rows && (left[0] || left[1]); i++) {
        const imports_row *r = &t->row[i];
        if (r->act > IMPORTS_SET || !left[r->act]) {
            continue;
        }
        left[r->act]--;
        vg_jw_open(w, '{');
        vg_jw_ki64(w, "row", r->number);
        vg_jw_kz(w, "act", r->act == IMPORTS_ADD ? "add" : "set");
        write_values(t, r, w);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
}

void imports_preview_write(const imports_table *t, const vg_sheet *s, vg_buf *out)
{
    vg_jw w = vg_jw_on(out);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "format", s->format);
    vg_jw_kz(&w, "encoding", s->encoding);
    vg_jw_kstr(&w, "sheet_name", s->sheet_name.p ? cut(s->sheet_name) : (vg_str){"", 0});
    vg_jw_ki64(&w, "sheets", (int64_t)s->n_sheets);
    vg_jw_ki64(&w, "sheet", (int64_t)s->sheet);
    vg_jw_ki64(&w, "header", s->row[t->plan.header].number);
    vg_jw_ki64(&w, "problems_n", (int64_t)t->count[IMPORTS_WRONG]);
    write_head(s, &w);
    write_columns(&t->plan, s, &w);
    write_fields(&t->plan, &w);
    imports_plan_write(&t->plan, &w);
    write_problems(t, &w);
    write_samples(t, &w);
    vg_jw_close(&w, '}');
}
