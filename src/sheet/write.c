// SPDX-License-Identifier: Apache-2.0
// Lists as files for spreadsheets. CSV: RFC 4180 with a byte order mark, so that Excel takes it for UTF-8, and an
// apostrophe before whatever could run as a formula. XLSX: libxlsxwriter in its mode of constant memory. Errors
// of writing are kept and told at the end.
#include <xlsxwriter.h>  // first: its macros use a function that ban.h poisons

#include "base/clock.h"
#include "sheet/sheet.h"

#include <errno.h>

enum { CELL_MAX = 32767, WIDTH = 20, OFFSET_MIN = 7 * 60 };

struct vg_sheet_writer {
    FILE *csv;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head, *time;
    lxw_row_t row;
    lxw_col_t col;
    bool failed;
};

vg_status vg_sheet_writer_open(const char *path, bool xlsx, vg_sheet_writer **ret, vg_err *err)
{
    vg_sheet_writer *w = vg_alloc(sizeof *w);
    if (xlsx) {
        lxw_workbook_options o = {.constant_memory = LXW_TRUE};
        w->book = workbook_new_opt(path, &o);
        w->sheet = w->book ? workbook_add_worksheet(w->book, NULL) : NULL;
    } else {
        w->csv = fopen(path, "wb");
    }
    if (!w->csv && !w->sheet) {
        free(w);
        return vg_fail(err, VG_EIO, "", NULL, "%s", strerror(errno));
    }
    if (w->sheet) {
        w->head = workbook_add_format(w->book);
        format_set_bold(w->head);
        w->time = workbook_add_format(w->book);
        format_set_num_format(w->time, "dd/mm/yyyy hh:mm:ss");
        worksheet_set_column(w->sheet, 0, 40, WIDTH, NULL);
        worksheet_freeze_panes(w->sheet, 1, 0);
    } else {
        w->failed = fputs("\xEF\xBB\xBF", w->csv) < 0;
    }
    *ret = w;
    return VG_OK;
}

// --- CSV ------------------------------------------------------------------------------------------
static void csv_cell(vg_sheet_writer *w, vg_str s)
{
    bool quote = false;
    for (size_t i = 0; i < s.n && !quote; i++) {
        quote = strchr("\",\n\r;\t", s.p[i]) != NULL;
    }
    if (w->col) {
        w->failed |= putc(',', w->csv) == EOF;
    }
    if (!quote) {
        w->failed |= fwrite(s.p, 1, s.n, w->csv) != s.n;
        return;
    }
    w->failed |= putc('"', w->csv) == EOF;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') {
            w->failed |= putc('"', w->csv) == EOF;
        }
        w->failed |= putc(s.p[i], w->csv) == EOF;
    }
    w->failed |= putc('"', w->csv) == EOF;
}

static void csv_text(vg_sheet_writer *w, vg_str s)
{
    if (!s.n || !strchr("=+-@\t\r", s.p[0])) {
        csv_cell(w, s);
        return;
    }
    vg_buf b;
    vg_buf_init(&b, s.n + 2);
    vg_buf_ch(&b, '\'');
    vg_buf_s(&b, s);
    csv_cell(w, vg_buf_str(&b));
    vg_buf_done(&b);
}

// --- cells ----------------------------------------------------------------------------------------
static vg_str cut(vg_str s)  // what one cell of a spreadsheet holds, at a whole character
{
    if (s.n > CELL_MAX) {
        s.n = CELL_MAX;
        while (s.n && ((unsigned char)s.p[s.n] & 0xC0) == 0x80) {
            s.n--;
        }
    }
    return s;
}

void vg_sheet_put_text(vg_sheet_writer *w, vg_str s)
{
    if (w->csv) {
        csv_text(w, s);
    } else if (s.n) {
        char *z = vg_alloc(s.n + 1);
        s = cut(s);
        memcpy(z, s.p, s.n);
        w->failed |= worksheet_write_string(w->sheet, w->row, w->col, z, w->row ? NULL : w->head) !=
                     LXW_NO_ERROR;
        free(z);
    }
    w->col++;
}

void vg_sheet_put_i64(vg_sheet_writer *w, int64_t v)
{
    if (w->csv) {
        char z[24];
        const int n = snprintf(z, sizeof z, "%lld", (long long)v);
        csv_cell(w, (vg_str){z, (size_t)n});
    } else {
        w->failed |=
            worksheet_write_number(w->sheet, w->row, w->col, (double)v, NULL) != LXW_NO_ERROR;
    }
    w->col++;
}

void vg_sheet_put_time(vg_sheet_writer *w, int64_t us)
{
    int t[6];
    vg_time_split(us, OFFSET_MIN, t);
    if (w->csv) {
        char z[80];
        const int n = snprintf(z, sizeof z, "%02d/%02d/%04d %02d:%02d:%02d", t[2], t[1], t[0], t[3],
                               t[4], t[5]);
        csv_cell(w, (vg_str){z, (size_t)n});
    } else {
        lxw_datetime at = {t[0], t[1], t[2], t[3], t[4], t[5]};
        w->failed |=
            worksheet_write_datetime(w->sheet, w->row, w->col, &at, w->time) != LXW_NO_ERROR;
    }
    w->col++;
}

void vg_sheet_put_empty(vg_sheet_writer *w)
{
    if (w->csv) {
        csv_cell(w, (vg_str){"", 0});
    }
    w->col++;
}

void vg_sheet_end_row(vg_sheet_writer *w)
{
    if (w->csv) {
        w->failed |= fputs("\r\n", w->csv) < 0;
    }
    w->row++;
    w->col = 0;
}

vg_status vg_sheet_writer_close(vg_sheet_writer *w, vg_err *err)
{
    bool ok = !w->failed;
    if (w->csv) {
        ok = fclose(w->csv) == 0 && ok;
    } else {
        ok = workbook_close(w->book) == LXW_NO_ERROR && ok;
    }
    free(w);
    return ok ? VG_OK : vg_fail(err, VG_EIO, "", NULL, "%s", strerror(errno));
}
