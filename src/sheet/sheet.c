// SPDX-License-Identifier: Apache-2.0
// The table in memory and which reader a file is for. A row is kept when it has a word in it; its number stays
// the one people see. All limits are here and in the readers, checked before the bytes are copied. Text is made
// valid UTF-8 here, whatever the reader found, so nobody above checks again; what it means is not asked here.
#include "sheet/sheet_impl.h"

#include "base/text.h"

enum { ARENA_BYTES = 256 << 20 };

vg_status sheet_begin(sheet_builder *b, const char *format, vg_err *err)
{
    *b = (sheet_builder){.err = err};
    b->s = vg_alloc(sizeof *b->s);
    b->s->arena = vg_arena_create(ARENA_BYTES);
    b->s->format = format;
    b->s->encoding = "utf-8";
    b->now = vg_alloc(VG_SHEET_COLUMNS * sizeof *b->now);
    return VG_OK;
}

static void fail_at(sheet_builder *b, const char *key, long long limit)
{
    if (b->st == VG_OK) {
        b->st = vg_fail(b->err, VG_ETOOBIG, "file", key, "%lld", limit);
    }
}

static vg_str clean(vg_arena *a, vg_str text)
{
    vg_str s = vg_str_trim(text);
    if (vg_utf8_valid(s)) {
        return vg_str_dup(a, s);
    }
    vg_buf b;
    vg_buf_init(&b, s.n * 3 + 1);
    while (s.n) {
        const size_t good = vg_utf8_prefix(s);
        vg_buf_add(&b, s.p, good);
        s = (vg_str){s.p + good, s.n - good};
        if (s.n) {
            vg_buf_c(&b, "\xEF\xBF\xBD");
            s = (vg_str){s.p + 1, s.n - 1};
        }
    }
    const vg_str out = vg_str_dup(a, vg_buf_str(&b));
    vg_buf_done(&b);
    return out;
}

void sheet_cell(sheet_builder *b, uint32_t col, vg_cell_kind kind, vg_str text)
{
    if (b->st != VG_OK || kind == VG_CELL_EMPTY) {
        return;
    }
    if (col >= VG_SHEET_COLUMNS) {
        if (text.n) {
            fail_at(b, "sheet.too_many_columns", VG_SHEET_COLUMNS);
        }
        return;
    }
    if (text.n > VG_SHEET_CELL_BYTES) {
        kind = VG_CELL_LONG;
        text.n = 64;
    }
    b->text_bytes += text.n;
    if (b->text_bytes > VG_SHEET_TEXT_BYTES) {
        fail_at(b, "sheet.too_much_text", VG_SHEET_TEXT_BYTES >> 20);
        return;
    }
    while (b->n_now <= col) {
        b->now[b->n_now++] = (vg_cell){{"", 0}, VG_CELL_EMPTY};
    }
    b->now[col] = (vg_cell){clean(b->s->arena, text), kind};
    if (!b->now[col].text.p) {
        fail_at(b, "sheet.too_much_text", VG_SHEET_TEXT_BYTES >> 20);
    }
}

static bool grow(sheet_builder *b)
{
    vg_sheet *s = b->s;
    if (s->n_rows == VG_SHEET_ROWS) {
        fail_at(b, "sheet.too_many_rows", VG_SHEET_ROWS);
        return false;
    }
    if (s->n_rows < b->cap_rows) {
        return true;
    }
    b->cap_rows = b->cap_rows ? b->cap_rows * 2 : 256;
    s->row = vg_realloc(s->row, b->cap_rows * sizeof *s->row);
    return true;
}

void sheet_row(sheet_builder *b, int64_t number)
{
    uint32_t n = b->n_now;
    b->n_now = 0;
    while (n && b->now[n - 1].text.n == 0 && b->now[n - 1].kind != VG_CELL_FORMULA) {
        n--;
    }
    if (!n || b->st != VG_OK || !grow(b)) {
        return;
    }
    vg_cell *cells = vg_arena_get(b->s->arena, n * sizeof *cells);
    if (!cells) {
        fail_at(b, "sheet.too_much_text", VG_SHEET_TEXT_BYTES >> 20);
        return;
    }
    memcpy(cells, b->now, n * sizeof *cells);
    b->s->row[b->s->n_rows++] = (vg_sheet_row){number, n, cells};
    b->s->n_columns = n > b->s->n_columns ? n : b->s->n_columns;
}

void sheet_done(sheet_builder *b)
{
    free(b->now);
    b->now = NULL;
}

void sheet_drop(sheet_builder *b)
{
    sheet_done(b);
    vg_sheet_destroy(b->s);
    b->s = NULL;
}

void vg_sheet_destroy(vg_sheet *s)
{
    if (s) {
        vg_arena_destroy(s->arena);
        free(s->row);
        free(s);
    }
}

void vg_sheet_column_name(uint32_t col, char out[8])
{
    char back[8];
    size_t n = 0;
    for (uint32_t c = col + 1; c && n < 7; c = (c - 1) / 26) {
        back[n++] = (char)('A' + (c - 1) % 26);
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = back[n - 1 - i];
    }
    out[n] = 0;
}

vg_status vg_sheet_read(vg_str file, size_t which, vg_sheet **ret, vg_err *err)
{
    if (file.n > VG_SHEET_BYTES) {
        return vg_fail(err, VG_ETOOBIG, "file", "sheet.too_big", "%d", VG_SHEET_BYTES >> 20);
    }
    if (vg_str_starts(file, "\xD0\xCF\x11\xE0")) {
        return vg_fail(err, VG_EINVALID, "file", "sheet.old_format", "%s", "");
    }
    VG_TRY(vg_str_starts(file, "PK\x03\x04") ? sheet_read_xlsx(file, which, ret, err)
                                             : sheet_read_csv(file, ret, err));
    if ((*ret)->n_rows) {
        return VG_OK;
    }
    vg_sheet_destroy(*ret);
    *ret = NULL;
    return vg_fail(err, VG_EINVALID, "file", "sheet.empty", "%s", "");
}
