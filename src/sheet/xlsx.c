// SPDX-License-Identifier: Apache-2.0
// Reading one sheet of an XLSX: which sheet (workbook and its relations), the shared texts, the number formats,
// then the cells, as values: a formula counts by the value the program stored with it, and is marked where it
// stored none. A value merged over several rows of one column is given to each of them; merged titles stay where
// they are. Macros, links, pictures and other sheets are not looked at.
#include "sheet/xlsx_parts.h"

enum { STRINGS_MAX = 2000000, SHEETS_MAX = 256, FORMATS_MAX = 65536, MERGES_MAX = 20000 };

typedef struct merge {
    uint32_t col;
    int64_t first, last;
} merge;

typedef struct reader {
    sheet_builder b;
    xlsx_zip *zip;
    size_t which;
    // workbook
    size_t n_sheets;
    bool from_1904, found;
    vg_str relation, name, target;
    // shared texts
    vg_str *strings;
    size_t n_strings, cap_strings;
    bool phonetic;
    // formats of styles; codes by id while reading
    int *formats;
    size_t n_formats;
    struct {
        int id, format;
    } code[512];
    size_t n_codes;
    bool in_xfs;
    // the cell being read
    vg_buf text;
    bool taking, has_formula, has_value;
    char type[12];
    int format;
    uint32_t col, next_col;
    int64_t row, next_row;
    merge *merges;
    size_t n_merges;
} reader;

static void nothing(void *ctx, const char *name)
{
    (void)ctx;
    (void)name;
}

static int64_t number_of(const char *z, int64_t missing)
{
    int64_t v;
    return z && vg_str_i64(vg_str_c(z), 0, INT32_MAX, &v, NULL) == VG_OK ? v : missing;
}

// --- workbook and relations -----------------------------------------------------------------------
static void book_begin(void *ctx, const char *name, const char **at)
{
    reader *r = ctx;
    if (strcmp(name, "workbookPr") == 0) {
        const char *v = xlsx_attribute(at, "date1904");
        r->from_1904 = v && (strcmp(v, "1") == 0 || strcmp(v, "true") == 0);
    }
    if (strcmp(name, "sheet") != 0 || r->n_sheets == SHEETS_MAX) {
        return;
    }
    const char *state = xlsx_attribute(at, "state"), *id = xlsx_attribute(at, "id");
    const bool shown = !state || strcmp(state, "visible") == 0;
    if (!r->found && id && (r->which == SIZE_MAX ? shown : r->which == r->n_sheets)) {
        r->found = true;
        r->b.s->sheet = r->n_sheets;
        r->relation = vg_str_dup(r->b.s->arena, vg_str_c(id));
        const char *called = xlsx_attribute(at, "name");
        vg_str title = vg_str_c(called);
        title.n = title.n > 200 ? 200 : title.n;
        r->name = vg_str_dup(r->b.s->arena, title);
    }
    r->n_sheets++;
}

static void relation_begin(void *ctx, const char *name, const char **at)
{
    reader *r = ctx;
    const char *id = xlsx_attribute(at, "Id"), *target = xlsx_attribute(at, "Target");
    if (strcmp(name, "Relationship") == 0 && id && target && vg_str_eqc(r->relation, id) &&
        strlen(target) < 256) {
        const char *full = target[0] == '/' ? target + 1 : target;
        r->target = vg_str_f(r->b.s->arena, "%s%s", target[0] == '/' ? "" : "xl/", full);
    }
}

static vg_status find_sheet(reader *r, vg_err *err)
{
    const xlsx_handler book = {.begin = book_begin, .end = nothing, .ctx = r};
    const xlsx_handler relations = {.begin = relation_begin, .end = nothing, .ctx = r};
    VG_TRY(xlsx_parse(r->zip, "xl/workbook.xml", &book, err));
    if (!r->found) {
        return vg_fail(err, VG_ENOTFOUND, "sheet", "sheet.no_such_sheet", "%zu", r->n_sheets);
    }
    VG_TRY(xlsx_parse(r->zip, "xl/_rels/workbook.xml.rels", &relations, err));
    r->b.s->n_sheets = r->n_sheets;
    r->b.s->sheet_name = r->name;
    return r->target.n ? VG_OK : vg_fail(err, VG_EINVALID, "file", "sheet.damaged", "%s", "sheet");
}

// --- shared texts -----------------------------------------------------------------------------------
static void fail_reader(reader *r, const char *key, long long limit)
{
    if (r->b.st == VG_OK) {
        r->b.st = vg_fail(r->b.err, VG_ETOOBIG, "file", key, "%lld", limit);
    }
}

static void take_text(void *ctx, vg_str text)
{
    reader *r = ctx;
    if (r->taking) {
        vg_buf_s(&r->text, text);  // longer than its limit: marked by the failed flag
    }
}

static void text_begin(void *ctx, const char *name, const char **at)
{
    reader *r = ctx;
    (void)at;
    if (strcmp(name, "si") == 0) {
        vg_buf_reset(&r->text);
        r->text.failed = false;
    }
    r->phonetic = strcmp(name, "rPh") == 0 || (r->phonetic && strcmp(name, "si") != 0);
    r->taking = strcmp(name, "t") == 0 && !r->phonetic;
}

static void keep_string(reader *r)
{
    if (r->n_strings == STRINGS_MAX) {
        fail_reader(r, "sheet.too_many_texts", STRINGS_MAX);
        return;
    }
    if (r->n_strings == r->cap_strings) {
        r->cap_strings = r->cap_strings ? r->cap_strings * 2 : 1024;
        r->strings = vg_realloc(r->strings, r->cap_strings * sizeof *r->strings);
    }
    const vg_str s = vg_str_dup(r->b.s->arena, vg_buf_str(&r->text));
    if (!s.p) {
        fail_reader(r, "sheet.too_much_text", VG_SHEET_TEXT_BYTES >> 20);
        return;
    }
    r->strings[r->n_strings++] = s;
}

static void text_end(void *ctx, const char *name)
{
    reader *r = ctx;
    r->taking = false;
    if (strcmp(name, "rPh") == 0) {
        r->phonetic = false;
    } else if (strcmp(name, "si") == 0 && r->b.st == VG_OK) {
        keep_string(r);
    }
}

static bool has_failed(void *ctx)
{
    return ((reader *)ctx)->b.st != VG_OK;
}

// --- formats ----------------------------------------------------------------------------------------
static void style_begin(void *ctx, const char *name, const char **at)
{
    reader *r = ctx;
    if (strcmp(name, "numFmt") == 0 && r->n_codes < VG_LEN(r->code)) {
        const char *code = xlsx_attribute(at, "formatCode");
        const int id = (int)number_of(xlsx_attribute(at, "numFmtId"), -1);
        r->code[r->n_codes].id = id;
        r->code[r->n_codes++].format = xlsx_format_of(-1, vg_str_c(code));
    } else if (strcmp(name, "cellXfs") == 0) {
        r->in_xfs = true;
    } else if (r->in_xfs && strcmp(name, "xf") == 0 && r->n_formats < FORMATS_MAX) {
        const int id = (int)number_of(xlsx_attribute(at, "numFmtId"), 0);
        int format = xlsx_format_of(id, VG_S(""));
        for (size_t i = 0; i < r->n_codes; i++) {
            format = r->code[i].id == id ? r->code[i].format : format;
        }
        if (r->n_formats % 256 == 0) {
            r->formats = vg_realloc(r->formats, (r->n_formats + 256) * sizeof *r->formats);
        }
        r->formats[r->n_formats++] = format;
    }
}

static void style_end(void *ctx, const char *name)
{
    reader *r = ctx;
    if (strcmp(name, "cellXfs") == 0) {
        r->in_xfs = false;
    }
}

// --- cells ------------------------------------------------------------------------------------------
// "BC12": column from 0 and row; false if it is none.
static bool place_of(const char *ref, uint32_t *ret_col, int64_t *ret_row)
{
    uint32_t col = 0;
    int64_t row = 0;
    while (ref && *ref >= 'A' && *ref <= 'Z' && col < 1000000) {
        col = col * 26 + (uint32_t)(*ref++ - 'A' + 1);
    }
    while (ref && *ref >= '0' && *ref <= '9' && row < 100000000) {
        row = row * 10 + (*ref++ - '0');
    }
    *ret_col = col - 1;
    *ret_row = row;
    return ref && col && row && (*ref == 0 || *ref == ':');
}

static void cell_begin(reader *r, const char **at)
{
    uint32_t col;
    int64_t row;
    const char *type = xlsx_attribute(at, "t");
    const size_t style = (size_t)number_of(xlsx_attribute(at, "s"), 0);
    r->col = place_of(xlsx_attribute(at, "r"), &col, &row) ? col : r->next_col;
    r->next_col = r->col + 1;
    r->format = style < r->n_formats ? r->formats[style] : XLSX_PLAIN;
    r->has_formula = r->has_value = false;
    snprintf(r->type, sizeof r->type, "%s", type ? type : "n");
    vg_buf_reset(&r->text);
    r->text.failed = false;
}

static void merge_begin(reader *r, const char *ref)
{
    uint32_t from, to;
    int64_t first, last;
    const char *colon = ref ? strchr(ref, ':') : NULL;
    if (!colon || !place_of(ref, &from, &first) || !place_of(colon + 1, &to, &last) || from != to ||
        last <= first || r->n_merges == MERGES_MAX) {
        return;
    }
    if (r->n_merges % 256 == 0) {
        r->merges = vg_realloc(r->merges, (r->n_merges + 256) * sizeof *r->merges);
    }
    r->merges[r->n_merges++] = (merge){from, first, last};
}

static void sheet_begin_tag(void *ctx, const char *name, const char **at)
{
    reader *r = ctx;
    if (strcmp(name, "row") == 0) {
        r->row = number_of(xlsx_attribute(at, "r"), r->next_row);
        r->next_row = r->row + 1;
        r->next_col = 0;
    } else if (strcmp(name, "c") == 0) {
        cell_begin(r, at);
    } else if (strcmp(name, "f") == 0) {
        r->has_formula = true;
    } else if (strcmp(name, "mergeCell") == 0) {
        merge_begin(r, xlsx_attribute(at, "ref"));
    }
    r->phonetic = strcmp(name, "rPh") == 0;
    r->taking = strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && !r->phonetic);
    r->has_value = r->has_value || r->taking;
}

static void cell_end(reader *r)
{
    char shown[48];
    int64_t index;
    const vg_str raw = vg_buf_str(&r->text);
    if (!r->has_value || (r->has_formula && raw.n == 0)) {
        sheet_cell(&r->b, r->col, r->has_formula ? VG_CELL_FORMULA : VG_CELL_EMPTY, VG_S(""));
    } else if (r->text.failed) {
        sheet_cell(&r->b, r->col, VG_CELL_LONG, (vg_str){raw.p, raw.n > 64 ? 64 : raw.n});
    } else if (strcmp(r->type, "s") == 0) {
        if (vg_str_i64(vg_str_trim(raw), 0, INT32_MAX, &index, NULL) == VG_OK &&
            (size_t)index < r->n_strings) {
            sheet_cell(&r->b, r->col, VG_CELL_TEXT, r->strings[index]);
        }
    } else if (strcmp(r->type, "str") == 0 || strcmp(r->type, "inlineStr") == 0) {
        sheet_cell(&r->b, r->col, VG_CELL_TEXT, raw);
    } else if (strcmp(r->type, "b") == 0) {
        sheet_cell(&r->b, r->col, VG_CELL_BOOL, raw);
    } else if (strcmp(r->type, "e") == 0) {
        sheet_cell(&r->b, r->col, VG_CELL_ERROR, raw);
    } else if (raw.n) {
        const vg_cell_kind kind = xlsx_number(raw, r->format, r->from_1904, shown);
        sheet_cell(&r->b, r->col, kind, vg_str_c(shown));
    }
}

static void sheet_end_tag(void *ctx, const char *name)
{
    reader *r = ctx;
    r->taking = false;
    if (strcmp(name, "c") == 0) {
        cell_end(r);
    } else if (strcmp(name, "row") == 0) {
        sheet_row(&r->b, r->row);
    }
}

static size_t row_at(const vg_sheet *s, int64_t number)  // of the first row at or after it
{
    size_t low = 0, high = s->n_rows;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (s->row[mid].number < number) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

static bool give(vg_sheet *s, vg_sheet_row *row, uint32_t col, const vg_cell *value)
{
    const uint32_t n = row->n > col + 1 ? row->n : col + 1;
    vg_cell *cells = col < row->n && row->cell[col].kind != VG_CELL_EMPTY
                         ? NULL
                         : vg_arena_get(s->arena, n * sizeof *cells);
    if (!cells) {
        return false;
    }
    memcpy(cells, row->cell, row->n * sizeof *cells);
    cells[col] = *value;
    row->cell = cells;
    row->n = n;
    return true;
}

// A merged value stands in its first row only: the rows below it are given it, too. Merges that overlap would
// make this quadratic: what is given in all is bounded.
static void fill_merged(reader *r)
{
    vg_sheet *s = r->b.s;
    size_t budget = VG_SHEET_ROWS * 4;
    for (size_t m = 0; m < r->n_merges; m++) {
        const merge *g = &r->merges[m];
        size_t i = row_at(s, g->first);
        if (i == s->n_rows || s->row[i].number != g->first || s->row[i].n <= g->col) {
            continue;
        }
        const vg_cell value = s->row[i].cell[g->col];
        for (i++; i < s->n_rows && s->row[i].number <= g->last && budget; i++, budget--) {
            if (!give(s, &s->row[i], g->col, &value)) {
                break;
            }
        }
    }
}

static vg_status read_parts(reader *r, vg_err *err)
{
    const xlsx_handler texts = {text_begin, text_end, take_text, has_failed, r};
    const xlsx_handler styles = {.begin = style_begin, .end = style_end, .ctx = r};
    const xlsx_handler cells = {sheet_begin_tag, sheet_end_tag, take_text, has_failed, r};
    VG_TRY(find_sheet(r, err));
    if (xlsx_zip_has(r->zip, "xl/sharedStrings.xml")) {
        VG_TRY(xlsx_parse(r->zip, "xl/sharedStrings.xml", &texts, err));
    }
    if (xlsx_zip_has(r->zip, "xl/styles.xml")) {
        VG_TRY(xlsx_parse(r->zip, "xl/styles.xml", &styles, err));
    }
    VG_TRY(r->b.st);
    r->next_row = 1;
    VG_TRY(xlsx_parse(r->zip, vg_str_z(r->b.s->arena, r->target), &cells, err));
    VG_TRY(r->b.st);
    fill_merged(r);
    return VG_OK;
}

vg_status sheet_read_xlsx(vg_str file, size_t which, vg_sheet **ret, vg_err *err)
{
    reader *r = vg_alloc(sizeof *r);
    r->which = which;
    vg_status st = sheet_begin(&r->b, "xlsx", err);
    vg_buf_init(&r->text, VG_SHEET_CELL_BYTES);
    if (st == VG_OK) {
        st = xlsx_zip_open(file, &r->zip, err);
    }
    if (st == VG_OK) {
        st = read_parts(r, err);
    }
    if (st == VG_OK) {
        sheet_done(&r->b);
        *ret = r->b.s;
    } else {
        sheet_drop(&r->b);
    }
    xlsx_zip_close(r->zip);
    vg_buf_done(&r->text);
    free(r->strings);
    free(r->formats);
    free(r->merges);
    free(r);
    return st == VG_ENOTFOUND && err && !err->field[0] ? VG_EINVALID : st;
}
