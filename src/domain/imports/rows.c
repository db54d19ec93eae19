// SPDX-License-Identifier: Apache-2.0
// Every row of the file becomes: add, change, the same, or wrong. A row is the same thing as one that exists when
// the values of a key are equal (code of an agency, name in a unit); two rows of one file that name the same
// thing are an error, not a silent last-one-wins. What would be added or changed is tried with the command
// itself, dry, on a reader; so a preview says what applying would say. Readers are given back every few hundred
// rows: an import holds no snapshot for long.
#include "domain/imports/imports.h"

#include "base/clock.h"
#include "ident/legacy_text.h"

enum {
    TABLE_BYTES = 512 << 20,
    SCRATCH_BYTES = 1 << 20,
    ROWS_PER_READ = 200,
    SAMPLE_BYTES = 60 << 10
};

typedef struct maker {
    const imports_job *j;
    const vg_sheet *s;
    imports_table *t;
    imports_reader rd;
    imports_names *seen[3];     // keys of rows above, by way
    imports_names *self;        // what rows of this file are called
    const vg_sheet_row **from;  // rows of the sheet that are rows of the table
    vg_legacy legacy;
    vg_db *db;
} maker;

void imports_wrong(imports_table *t, imports_row *r, int field, vg_str value, const vg_err *err)
{
    r->act = IMPORTS_WRONG;
    if (t->n_problems == IMPORTS_PROBLEMS) {
        return;
    }
    imports_problem *p = &t->problem[t->n_problems++];
    *p = (imports_problem){
        .row = r->number, .column = IMPORTS_UNMAPPED, .field = field, .err = *err};
    p->column = field >= 0 ? t->plan.column[field] : IMPORTS_UNMAPPED;
    value.n = value.n > 120 ? 120 : value.n;
    p->value = vg_str_dup(t->arena, value);
}

static int field_index(const imports_table *t, const char *name)
{
    for (size_t i = 0; i < t->plan.n_fields; i++) {
        if (strcmp(t->target->fields[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

// --- reading a row --------------------------------------------------------------------------------
// Text in the old fonts, in a file that is UTF-8 otherwise: found from a sample of the whole table.
static vg_legacy legacy_of(const vg_sheet *s)
{
    vg_buf sample;
    vg_buf_init(&sample, SAMPLE_BYTES + VG_SHEET_CELL_BYTES * 4);
    for (size_t i = 0; i < s->n_rows && sample.n < SAMPLE_BYTES; i++) {
        for (uint32_t c = 0; c < s->row[i].n; c++) {
            if (s->row[i].cell[c].kind == VG_CELL_TEXT) {
                vg_buf_s(&sample, s->row[i].cell[c].text);
                vg_buf_ch(&sample, '\n');
            }
        }
    }
    const vg_legacy how = vg_legacy_detect(vg_buf_str(&sample));
    vg_buf_done(&sample);
    return how == VG_LEGACY_UNKNOWN ? VG_LEGACY_UTF8 : how;
}

// Converts the texts of the sheet in place of the old ones.
static void modernise(const vg_sheet *s, vg_legacy how, vg_arena *a)
{
    for (size_t i = 0; i < s->n_rows; i++) {
        vg_cell *cells = vg_arena_get(a, s->row[i].n * sizeof *cells);
        for (uint32_t c = 0; cells && c < s->row[i].n; c++) {
            const vg_str was = s->row[i].cell[c].text;
            char *out = vg_arena_get(a, VG_LEGACY_ROOM(was.n));
            size_t n = 0;
            cells[c] = s->row[i].cell[c];
            if (out &&
                vg_legacy_to_utf8(how, was, out, VG_LEGACY_ROOM(was.n), &n, NULL, NULL) == VG_OK) {
                cells[c].text = (vg_str){out, n};
            }
        }
        if (cells) {
            s->row[i].cell = cells;
        }
    }
}

static void read_row(maker *m, const vg_sheet_row *from, imports_row *r)
{
    imports_table *t = m->t;
    for (size_t f = 0; f < t->plan.n_fields; f++) {
        const uint32_t col = t->plan.column[f];
        const vg_cell fixed = {t->plan.fixed[f], VG_CELL_TEXT};
        const vg_cell *cell = col < from->n ? &from->cell[col] : NULL;
        if (col == IMPORTS_UNMAPPED && fixed.text.n) {
            cell = &fixed;
        }
        vg_err err = {0};
        vg_arena_reset(m->rd.scratch);
        if (cell && cell->kind != VG_CELL_EMPTY &&
            imports_value(&m->rd, &t->plan, f, cell, t->arena, &r->value[f], &err) != VG_OK) {
            vg_str of_file;
            const bool here =
                (t->target->fields[f].flags & VG_IMP_SELF) && m->self &&
                imports_names_find(m->self, m->rd.scratch, cell->text, &of_file) == VG_OK;
            if (here) {
                r->value[f] = vg_str_dup(t->arena, cell->text);
                r->parent = -2;  // named in this file: found when all rows are read
            } else {
                imports_wrong(t, r, (int)f, cell->text, &err);
            }
        }
        if (!r->value[f].p && (t->target->fields[f].flags & VG_IMP_OWNER) && m->rd.owner.n) {
            r->value[f] = m->rd.owner;
        }
    }
}

// --- what exists ----------------------------------------------------------------------------------
static bool key_values(const imports_table *t, const imports_row *r, const char *words, vg_val v[8],
                       size_t *n)
{
    for (*n = 0; *words && *n < 8; ++*n) {
        char word[32];
        const size_t len = strcspn(words, " ");
        snprintf(word, sizeof word, "%.*s", (int)len, words);
        const int f = field_index(t, word);
        if (f < 0 || !r->value[f].n) {
            return false;
        }
        v[*n] = vg_t(r->value[f]);
        words += len + strspn(words + len, " ");
    }
    return true;
}

// A row above with the same key? Remembers this one's.
static bool seen_above(maker *m, size_t way, const vg_val *v, size_t n, const imports_row *r,
                       vg_str *ret_row)
{
    vg_buf key;
    char number[24];
    vg_buf_init(&key, 1 << 16);
    for (size_t i = 0; i < n; i++) {
        vg_buf_f(&key, "%.*s|", VG_FMT(v[i].s));
    }
    vg_arena_reset(m->rd.scratch);
    const bool seen =
        imports_names_find(m->seen[way], m->rd.scratch, vg_buf_str(&key), ret_row) != VG_ENOTFOUND;
    const int len = snprintf(number, sizeof number, "%lld", (long long)r->number);
    if (!seen) {
        imports_names_add(m->seen[way], m->rd.scratch, vg_buf_str(&key),
                          (vg_str){number, (size_t)len});
    }
    vg_buf_done(&key);
    return seen;
}

static vg_status find_existing(maker *m, imports_row *r, vg_err *err)
{
    const vg_import *target = m->t->target;
    for (size_t way = 0; way < VG_LEN(target->keys) && target->keys[way].fields; way++) {
        vg_val v[8];
        size_t n;
        vg_rows *rows;
        vg_str above;
        if (!key_values(m->t, r, target->keys[way].fields, v, &n)) {
            continue;
        }
        if (seen_above(m, way, v, n, r, &above)) {
            return vg_fail(err, VG_ECONFLICT, "", "imports.twice", "%.*s", VG_FMT(above));
        }
        VG_TRY(vg_rows_open(m->db, target->keys[way].sql, v, n, &rows, err));
        if (vg_rows_next(rows)) {
            snprintf(r->id, sizeof r->id, "%.*s", VG_FMT(vg_row_str(rows, 0)));
        }
        return vg_rows_close(rows, err);
    }
    return VG_OK;
}

static vg_status read_before(maker *m, imports_row *r, vg_err *err)
{
    vg_rows *rows;
    VG_TRY(vg_rows_open(m->db, m->t->target->read, VG_VALS(vg_z(r->id)), &rows, err));
    if (vg_rows_next(rows)) {
        for (size_t f = 0; f < m->t->plan.n_fields; f++) {
            r->before[f] = vg_str_dup(m->t->arena, vg_row_str(rows, (int)f));
        }
    }
    return vg_rows_close(rows, err);
}

// What the file says of something that exists and that it does not say already.
static bool says_more(const imports_table *t, const imports_row *r)
{
    for (size_t f = 0; f < t->plan.n_fields; f++) {
        const bool settable = imports_field_of(t->plan.update, t->target->fields[f].name) != NULL;
        if (settable && r->value[f].n && !vg_str_eq(r->value[f], r->before[f])) {
            return true;
        }
    }
    return false;
}

// --- trying ---------------------------------------------------------------------------------------
static vg_cmd_id row_command(const imports_job *j, int64_t number)
{
    return vg_cmd_derive_row("import", vg_str_c(j->id), number);
}

static void try_row(maker *m, imports_row *r)
{
    imports_table *t = m->t;
    const vg_command *c = r->act == IMPORTS_ADD ? t->plan.add : t->plan.update;
    vg_str values[IMPORTS_FIELDS];
    memcpy(values, r->value, sizeof values);
    for (size_t f = 0; f < t->plan.n_fields && r->parent == -2; f++) {
        if (t->target->fields[f].flags & VG_IMP_SELF) {
            values[f] = (vg_str){0};  // it is made by this file: there is nothing yet to be found
        }
    }
    vg_err err = {0};
    json_t *args = imports_args(t, r, c, values, r->act == IMPORTS_SET ? r->before : NULL);
    vg_arena_reset(m->rd.scratch);
    const vg_command_call call = {
        .name = c->name, .who = m->j->who, .id = row_command(m->j, r->number), .of_list = true};
    if (vg_command_try(m->j->core, m->db, m->rd.scratch, &call, args, &err) != VG_OK) {
        const int f = field_index(t, err.field);
        imports_wrong(t, r, f, f >= 0 ? r->value[f] : (vg_str){"", 0}, &err);
    }
    json_decref(args);
    if (r->act == IMPORTS_ADD) {
        const vg_cmd_id id = row_command(m->j, r->number);
        vg_id_derive_row(&id, 0, r->id);
    }
}

static void missing_fields(maker *m, imports_row *r)
{
    imports_table *t = m->t;
    for (size_t f = 0; f < t->plan.n_fields && r->act == IMPORTS_ADD; f++) {
        const vg_field *field = imports_field_of(t->plan.add, t->target->fields[f].name);
        if ((field->flags & VG_REQUIRED) && !r->value[f].n) {
            vg_err err = {0};
            (void)!vg_fail(&err, VG_EINVALID, field->name, "imports.empty", "%s", field->name);
            imports_wrong(t, r, (int)f, (vg_str){"", 0}, &err);
        }
    }
}

static vg_status judge(maker *m, imports_row *r, vg_err *err)
{
    vg_err why = {0};
    if (r->act == IMPORTS_WRONG) {
        return VG_OK;
    }
    const vg_status st = find_existing(m, r, &why);
    if (st == VG_ECONFLICT) {
        imports_wrong(m->t, r, -1, (vg_str){"", 0}, &why);
        return VG_OK;
    }
    if (st != VG_OK) {
        if (err) {
            *err = why;
        }
        return st;
    }
    if (!r->id[0]) {
        missing_fields(m, r);
    } else {
        VG_TRY(read_before(m, r, err));
        r->act = m->t->plan.update && says_more(m->t, r) ? IMPORTS_SET : IMPORTS_SAME;
    }
    if (r->act == IMPORTS_ADD || r->act == IMPORTS_SET) {
        try_row(m, r);
    }
    return VG_OK;
}

static vg_status judge_all(maker *m, vg_err *err)
{
    vg_status st = VG_OK;
    for (size_t i = 0; i < m->t->n_rows && st == VG_OK; i += ROWS_PER_READ) {
        if (m->j->stop && *m->j->stop) {
            return vg_fail(err, VG_EUNAVAIL, "", NULL, "%s", "stopping");
        }
        VG_TRY(vg_inner_take(m->j->core, &m->db, err));
        for (size_t k = i; k < m->t->n_rows && k < i + ROWS_PER_READ && st == VG_OK; k++) {
            st = judge(m, &m->t->row[k], err);
        }
        vg_inner_give(m->j->core, m->db);
    }
    return st;
}

// --- the whole ------------------------------------------------------------------------------------
static vg_status load_names(maker *m, vg_err *err)
{
    const imports_table *t = m->t;
    vg_status st = VG_OK;
    VG_TRY(vg_reader_take(m->j->core, m->j->who, &m->db, err));
    for (size_t f = 0; f < t->plan.n_fields && st == VG_OK; f++) {
        if (t->target->fields[f].names) {
            st = imports_names_load(m->db, t->target->fields[f].names, &m->rd.names[f], err);
        }
    }
    vg_reader_give(m->j->core, m->db);
    return st;
}

// What the rows of this file are called, for targets whose rows name each other: by code and by name.
static void note_self(maker *m)
{
    const imports_table *t = m->t;
    bool wanted = false;
    for (size_t f = 0; f < t->plan.n_fields; f++) {
        wanted = wanted || (t->target->fields[f].flags & VG_IMP_SELF);
    }
    const int columns[] = {field_index(t, "code"), field_index(t, "name")};
    m->self = wanted ? imports_names_new(false) : NULL;
    for (size_t i = 0; wanted && i < t->n_rows; i++) {
        for (size_t k = 0; k < VG_LEN(columns); k++) {
            const uint32_t col = columns[k] >= 0 ? t->plan.column[columns[k]] : IMPORTS_UNMAPPED;
            if (col < m->from[i]->n) {
                char at[24];
                const int n = snprintf(at, sizeof at, "%zu", i);
                vg_arena_reset(m->rd.scratch);
                imports_names_add(m->self, m->rd.scratch, m->from[i]->cell[col].text,
                                  (vg_str){at, (size_t)n});
            }
        }
    }
}

static void join_parents(maker *m)
{
    imports_table *t = m->t;
    for (size_t i = 0; i < t->n_rows; i++) {
        imports_row *r = &t->row[i];
        for (size_t f = 0; f < t->plan.n_fields && r->parent == -2; f++) {
            vg_str at;
            int64_t index;
            if (!(t->target->fields[f].flags & VG_IMP_SELF) || !r->value[f].p) {
                continue;
            }
            vg_arena_reset(m->rd.scratch);
            if (imports_names_find(m->self, m->rd.scratch, r->value[f], &at) == VG_OK &&
                vg_str_i64(at, 0, (int64_t)t->n_rows - 1, &index, NULL) == VG_OK) {
                r->parent = index;
                r->value[f] = vg_str_c(t->row[index].id);
            }
        }
    }
}

// Rows that others name go first; a circle of them is an error of each.
static void put_in_order(imports_table *t)
{
    t->order = vg_alloc((t->n_rows + 1) * sizeof *t->order);
    bool *placed = vg_alloc(t->n_rows + 1);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < t->n_rows; i++) {
            const imports_row *r = &t->row[i];
            const bool wanted = r->act == IMPORTS_ADD || r->act == IMPORTS_SET;
            const bool free_now = r->parent < 0 || placed[r->parent] ||
                                  t->row[r->parent].act == IMPORTS_SAME ||
                                  t->row[r->parent].act == IMPORTS_WRONG;
            if (!placed[i] && wanted && free_now) {
                placed[i] = more = true;
                t->order[t->n_order++] = (uint32_t)i;
            }
        }
    }
    for (size_t i = 0; i < t->n_rows; i++) {
        imports_row *r = &t->row[i];
        if (!placed[i] && (r->act == IMPORTS_ADD || r->act == IMPORTS_SET)) {
            vg_err err = {0};
            (void)!vg_fail(&err, VG_EINVALID, "", "imports.circle", "%s", "");
            imports_wrong(t, r, -1, (vg_str){"", 0}, &err);
        }
        t->count[r->act]++;
    }
    free(placed);
}

// --- which rows are rows --------------------------------------------------------------------------
// "(1) (2) (3)" under the header, as forms number their columns.
static bool numbers_columns(const vg_sheet_row *row)
{
    size_t n = 0;
    for (uint32_t c = 0; c < row->n; c++) {
        const vg_str s = row->cell[c].text;
        size_t from = s.n > 2 && s.p[0] == '(' && s.p[s.n - 1] == ')';
        const size_t to = s.n - from;
        const size_t digits = from;
        while (from < to && s.p[from] >= '0' && s.p[from] <= '9') {
            from++;
        }
        if (s.n && (from != to || to - digits > 2)) {
            return false;
        }
        n += s.n != 0;
    }
    return n > 1;
}

static bool is_row(const maker *m, const vg_sheet_row *row, vg_str skip)
{
    const imports_plan *p = &m->t->plan;
    const vg_sheet_row *header = &m->s->row[p->header];
    size_t words = 0, repeated = 0, at = 0;
    vg_str one;
    while (skip.n && vg_js_each(skip, &at, NULL, &one)) {
        if (vg_int(one) == row->number) {
            return false;
        }
    }
    for (size_t f = 0; f < p->n_fields; f++) {
        const uint32_t c = p->column[f];
        if (c < row->n && (row->cell[c].text.n || row->cell[c].kind == VG_CELL_FORMULA)) {
            words++;
            repeated += c < header->n && vg_str_eq(row->cell[c].text, header->cell[c].text);
        }
    }
    return words && words != repeated && !(row == header + 1 && numbers_columns(row));
}

static vg_status choose_rows(maker *m, vg_err *err)
{
    imports_table *t = m->t;
    vg_str skip = {0};
    if (!m->j->mapping.n || !vg_js_find(m->j->mapping, "skip", &skip) || skip.p[0] != '[') {
        skip = (vg_str){0};
    }
    m->from = vg_alloc((m->s->n_rows + 1) * sizeof *m->from);
    for (size_t i = t->plan.header + 1; i < m->s->n_rows; i++) {
        if (is_row(m, &m->s->row[i], skip)) {
            m->from[t->n_rows++] = &m->s->row[i];
        }
    }
    if (t->n_rows > (size_t)t->target->max_rows) {
        return vg_fail(err, VG_ETOOBIG, "file", "sheet.too_many_rows", "%d", t->target->max_rows);
    }
    return VG_OK;
}

static vg_status make(maker *m, vg_err *err)
{
    imports_table *t = m->t;
    VG_TRY(choose_rows(m, err));
    t->row = vg_alloc((t->n_rows + 1) * sizeof *t->row);
    VG_TRY(load_names(m, err));
    note_self(m);
    for (size_t i = 0; i < t->n_rows; i++) {
        imports_row *r = &t->row[i];
        *r = (imports_row){.number = m->from[i]->number, .parent = -1};
        read_row(m, m->from[i], r);
    }
    VG_TRY(judge_all(m, err));
    join_parents(m);
    put_in_order(t);
    return VG_OK;
}

static vg_status begin(maker *m, const imports_job *j, const vg_sheet *s, vg_err *err)
{
    const vg_import *target = vg_core_import(j->target);
    m->t = vg_alloc(sizeof *m->t);
    m->t->target = target;
    m->t->arena = vg_arena_create(TABLE_BYTES);
    m->rd.scratch = vg_arena_create(SCRATCH_BYTES);
    m->rd.owner = vg_str_c(j->agency);
    for (size_t i = 0; i < VG_LEN(m->seen); i++) {
        m->seen[i] = imports_names_new(true);
    }
    if (!target) {
        return vg_fail(err, VG_ENOTFOUND, "target", "imports.no_target", "%s", j->target);
    }
    m->legacy = legacy_of(s);
    if (m->legacy != VG_LEGACY_UTF8) {
        modernise(s, m->legacy, s->arena);
    }
    return imports_plan_make(&m->t->plan, target, s, j->mapping, m->t->arena, err);
}

vg_status imports_table_make(const imports_job *j, const vg_sheet *s, imports_table **ret,
                             vg_err *err)
{
    maker m = {.j = j, .s = s};
    vg_status st = begin(&m, j, s, err);
    if (st == VG_OK) {
        st = make(&m, err);
    }
    for (size_t f = 0; f < IMPORTS_FIELDS; f++) {
        imports_names_free(m.rd.names[f]);
    }
    for (size_t i = 0; i < VG_LEN(m.seen); i++) {
        imports_names_free(m.seen[i]);
    }
    imports_names_free(m.self);
    free(m.from);
    vg_arena_destroy(m.rd.scratch);
    if (st != VG_OK) {
        imports_table_free(m.t);
        return st;
    }
    *ret = m.t;
    return VG_OK;
}

void imports_table_free(imports_table *t)
{
    if (t) {
        vg_arena_destroy(t->arena);
        free(t->row);
        free(t->order);
        free(t);
    }
}
