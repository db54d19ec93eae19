// SPDX-License-Identifier: Apache-2.0
// Which row holds the names of the columns and which column is which field. Real files begin with the agency's
// name, a motto and a title over merged cells, so the header is the row among the first ones in which most cells
// are names the catalogue knows. A name is known when it equals one of the field's names after folding, in either
// language; failing that, when it begins or ends with one ("Số điện thoại di động"). The user has the last word.
#include "domain/imports/imports.h"

#include "base/text.h"

enum { HEADER_WITHIN = 40, SCRATCH_BYTES = 256 << 10 };

const vg_field *imports_field_of(const vg_command *c, const char *name)
{
    for (const vg_field *f = c ? c->fields : NULL; f && f->name; f++) {
        if (strcmp(f->name, name) == 0) {
            return f;
        }
    }
    return NULL;
}

static const char *key_of(char key[96], const vg_import *t, const char *field)
{
    snprintf(key, 96, "import.%s.%s", t->name, field);
    return key;
}

static vg_str first_of(const char *names)
{
    return vg_str_trim((vg_str){names, strcspn(names, ";")});
}

vg_str imports_title(vg_lang lang, const vg_import *t, const char *field)
{
    char key[96];
    const char *known = vg_tr_known(key_of(key, t, field));
    return known ? first_of(vg_tr(lang, known)) : vg_str_c(field);
}

// The words of a text: letters and digits, folded ("Số ĐT (*)" -> "so dt").
static vg_str words_of(vg_arena *a, vg_str text)
{
    const vg_str folded = vg_fold(a, text);
    char *out = vg_arena_get(a, folded.n + 1);
    size_t n = 0;
    for (size_t i = 0; out && i < folded.n; i++) {
        const char c = folded.p[i];
        const bool word =
            (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        if (word) {
            out[n++] = c;
        } else if (n && out[n - 1] != ' ') {
            out[n++] = ' ';
        }
    }
    return vg_str_trim((vg_str){out ? out : "", n});
}

// 2: one of the names; 1: begins or ends with one; 0: none of them.
static int likeness(const char *key, vg_arena *a, vg_str folded)
{
    int best = 0;
    const char *known = vg_tr_known(key);
    for (int lang = 0; known && lang < 2 && best < 2; lang++) {
        for (const char *p = vg_tr((vg_lang)lang, known); *p && best < 2;) {
            const size_t n = strcspn(p, ";");
            const vg_str one = words_of(a, (vg_str){p, n});
            if (one.n && vg_str_eq(one, folded)) {
                best = 2;
            } else if (one.n >= 3 && folded.n > one.n &&
                       ((memcmp(folded.p, one.p, one.n) == 0 && folded.p[one.n] == ' ') ||
                        (memcmp(folded.p + folded.n - one.n, one.p, one.n) == 0 &&
                         folded.p[folded.n - one.n - 1] == ' '))) {
                best = 1;
            }
            p += n + (p[n] == ';');
        }
    }
    return best;
}

bool imports_named(const char *key, vg_arena *a, vg_str text)
{
    return likeness(key, a, words_of(a, text)) == 2;
}

// Gives each column of the row to the field it is most like; returns how sure that is as a whole.
static int match_row(imports_plan *p, const vg_sheet_row *row, vg_arena *a)
{
    int total = 0;
    for (int want = 2; want >= 1; want--) {
        for (uint32_t c = 0; c < row->n; c++) {
            bool given = false;
            for (size_t f = 0; f < p->n_fields; f++) {
                given = given || p->column[f] == c;
            }
            vg_arena_reset(a);
            const vg_str words = given ? (vg_str){0} : words_of(a, row->cell[c].text);
            for (size_t f = 0; words.n && f < p->n_fields; f++) {
                char key[96];
                if (p->column[f] == IMPORTS_UNMAPPED &&
                    likeness(key_of(key, p->target, p->target->fields[f].name), a, words) == want) {
                    p->column[f] = c;
                    total += want == 2 ? 3 : 1;
                    break;
                }
            }
        }
    }
    return total;
}

static void clear_columns(imports_plan *p)
{
    for (size_t f = 0; f < IMPORTS_FIELDS; f++) {
        p->column[f] = IMPORTS_UNMAPPED;
    }
}

static void guess_header(imports_plan *p, const vg_sheet *s, vg_arena *a)
{
    int best = 0;
    for (size_t i = 0; i < s->n_rows && i < HEADER_WITHIN; i++) {
        imports_plan tried = *p;
        clear_columns(&tried);
        const int score = match_row(&tried, &s->row[i], a);
        if (score > best) {
            best = score;
            p->header = i;
        }
    }
}

static void shape_of(imports_plan *p, const vg_sheet *s, vg_arena *a)
{
    vg_buf names;
    unsigned char h[VG_HASH_BYTES];
    const vg_sheet_row *row = &s->row[p->header];
    vg_buf_init(&names, 1 << 20);
    for (uint32_t c = 0; c < row->n; c++) {
        vg_arena_reset(a);
        vg_buf_s(&names, words_of(a, row->cell[c].text));
        vg_buf_ch(&names, '\n');
    }
    vg_hash(names.p ? names.p : "", names.n, h);
    vg_hex(h, 16, p->shape);
    vg_buf_done(&names);
}

size_t imports_asked_sheet(vg_str mapping)
{
    const int64_t n = mapping.n ? vg_js_i64(mapping, "sheet", -1) : -1;
    return n < 0 ? SIZE_MAX : (size_t)n;
}

// What the user chose stands; a mapping without "columns" leaves them to be guessed.
static void read_mapping(imports_plan *p, const vg_sheet *s, vg_str mapping, vg_arena *keep,
                         vg_arena *a)
{
    const int64_t header = mapping.n ? vg_js_i64(mapping, "header", 0) : 0;
    vg_str columns = {0}, fixed = {0};
    for (size_t i = 0; header > 0 && i < s->n_rows; i++) {
        if (s->row[i].number == header) {
            p->header = i;
        }
    }
    clear_columns(p);
    if (mapping.n && vg_js_find(mapping, "columns", &columns) && columns.n && columns.p[0] == '{') {
        (void)vg_js_find(mapping, "fixed", &fixed);
        for (size_t f = 0; f < p->n_fields; f++) {
            const char *name = p->target->fields[f].name;
            const int64_t c = vg_js_i64(columns, name, -1);
            p->column[f] = c >= 0 && c < VG_SHEET_COLUMNS ? (uint32_t)c : IMPORTS_UNMAPPED;
            if (fixed.n && fixed.p[0] == '{') {
                p->fixed[f] = vg_str_trim(vg_js_str(keep, fixed, name));
            }
        }
        return;
    }
    (void)match_row(p, &s->row[p->header], a);
}

vg_status imports_plan_make(imports_plan *p, const vg_import *target, const vg_sheet *s,
                            vg_str mapping, vg_arena *keep, vg_err *err)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(SCRATCH_BYTES);
    *p = (imports_plan){.target = target,
                        .add = vg_core_command(target->add),
                        .update = target->update ? vg_core_command(target->update) : NULL,
                        .sheet = imports_asked_sheet(mapping)};
    while (target->fields[p->n_fields].name) {
        p->n_fields++;
    }
    if (!p->add || p->n_fields > IMPORTS_FIELDS || !s->n_rows) {
        return vg_fail(err, VG_EINTERNAL, "target", NULL, "%s", target->name);
    }
    guess_header(p, s, a);
    read_mapping(p, s, mapping, keep, a);
    shape_of(p, s, a);
    return VG_OK;
}

void imports_plan_write(const imports_plan *p, vg_jw *w)
{
    vg_jw_key(w, "columns");
    vg_jw_open(w, '{');
    for (size_t f = 0; f < p->n_fields; f++) {
        if (p->column[f] != IMPORTS_UNMAPPED) {
            vg_jw_ki64(w, p->target->fields[f].name, p->column[f]);
        }
    }
    vg_jw_close(w, '}');
    vg_jw_key(w, "fixed");
    vg_jw_open(w, '{');
    for (size_t f = 0; f < p->n_fields; f++) {
        if (p->fixed[f].n) {
            vg_jw_kstr(w, p->target->fields[f].name, p->fixed[f]);
        }
    }
    vg_jw_close(w, '}');
}
