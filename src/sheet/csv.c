// SPDX-License-Identifier: Apache-2.0
// CSV as Excel, LibreOffice and old programs write it in Viet Nam: with or without a byte order mark, UTF-16
// ("Unicode text"), TCVN3 or VNI, separated by ';' (the Vietnamese setting), tabs, commas or bars, with line ends
// inside quotes. The separator is the one that cuts most of the first records into the same number of fields. A
// quote inside a bare field is taken as it stands. Empty lines count in row numbers and give no row.
#include "ident/legacy_text.h"
#include "sheet/sheet_impl.h"

enum { SNIFF_RECORDS = 60, SNIFF_BYTES = 64 << 10 };

// --- encoding -----------------------------------------------------------------------------------
static void put_utf8(char *out, size_t *n, uint32_t c)
{
    if (c < 0x80) {
        out[(*n)++] = (char)c;
    } else if (c < 0x800) {
        out[(*n)++] = (char)(0xC0 | c >> 6);
        out[(*n)++] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out[(*n)++] = (char)(0xE0 | c >> 12);
        out[(*n)++] = (char)(0x80 | (c >> 6 & 0x3F));
        out[(*n)++] = (char)(0x80 | (c & 0x3F));
    } else {
        out[(*n)++] = (char)(0xF0 | c >> 18);
        out[(*n)++] = (char)(0x80 | (c >> 12 & 0x3F));
        out[(*n)++] = (char)(0x80 | (c >> 6 & 0x3F));
        out[(*n)++] = (char)(0x80 | (c & 0x3F));
    }
}

static uint32_t unit_at(vg_str s, size_t i, bool big)
{
    const unsigned char *p = (const unsigned char *)s.p + i;
    return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static vg_str from_utf16(vg_arena *a, vg_str s, bool big)
{
    char *out = vg_arena_get(a, s.n / 2 * 3 + 4);
    size_t n = 0;
    for (size_t i = 0; out && i + 1 < s.n; i += 2) {
        uint32_t c = unit_at(s, i, big);
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < s.n) {
            const uint32_t low = unit_at(s, i + 2, big);
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        put_utf8(out, &n, c >= 0xD800 && c < 0xE000 ? 0xFFFD : c);
    }
    return (vg_str){out, n};
}

static vg_status from_legacy(vg_sheet *s, vg_str file, vg_str *ret, vg_err *err)
{
    const vg_legacy how = vg_legacy_detect(file);
    size_t n = 0;
    if (how == VG_LEGACY_UNKNOWN) {
        return vg_fail(err, VG_EINVALID, "file", "sheet.unknown_encoding", "%s", "");
    }
    if (how == VG_LEGACY_UTF8) {
        *ret = file;
        return VG_OK;
    }
    char *out = vg_arena_get(s->arena, VG_LEGACY_ROOM(file.n));
    if (!out) {
        return vg_fail(err, VG_ETOOBIG, "file", "sheet.too_big", "%d", VG_SHEET_BYTES >> 20);
    }
    VG_TRY(vg_legacy_to_utf8(how, file, out, VG_LEGACY_ROOM(file.n), &n, NULL, err));
    *ret = (vg_str){out, n};
    s->encoding = vg_legacy_name(how);
    return VG_OK;
}

static vg_status decode(vg_sheet *s, vg_str file, vg_str *ret, vg_err *err)
{
    static const struct {
        const char *mark;
        size_t n;
        bool wide, big;
    } MARKS[] = {{"\xEF\xBB\xBF", 3, false, false},
                 {"\xFF\xFE", 2, true, false},
                 {"\xFE\xFF", 2, true, true}};
    for (size_t i = 0; i < VG_LEN(MARKS); i++) {
        if (file.n >= MARKS[i].n && memcmp(file.p, MARKS[i].mark, MARKS[i].n) == 0) {
            const vg_str rest = {file.p + MARKS[i].n, file.n - MARKS[i].n};
            *ret = MARKS[i].wide ? from_utf16(s->arena, rest, MARKS[i].big) : rest;
            s->encoding = MARKS[i].wide ? "utf-16" : "utf-8";
            return ret->p ? VG_OK
                          : vg_fail(err, VG_ETOOBIG, "file", "sheet.too_big", "%d",
                                    VG_SHEET_BYTES >> 20);
        }
    }
    if (memchr(file.p, 0, file.n > 4096 ? 4096 : file.n)) {
        return vg_fail(err, VG_EINVALID, "file", "sheet.not_a_table", "%s", "");
    }
    return from_legacy(s, file, ret, err);
}

// --- records ------------------------------------------------------------------------------------
// One field from *at: false at the end of the record (*ret_more: another record follows). A quoted field that
// needs it is unquoted into scratch.
typedef struct csv {
    vg_str s;
    size_t at;
    char separator;
    int64_t line;
    vg_buf scratch;
} csv;

static vg_str quoted(csv *c)
{
    vg_buf_reset(&c->scratch);
    for (c->at++; c->at < c->s.n; c->at++) {
        const char ch = c->s.p[c->at];
        if (ch == '"' && c->at + 1 < c->s.n && c->s.p[c->at + 1] == '"') {
            c->at++;
        } else if (ch == '"') {
            c->at++;
            break;
        }
        c->line += ch == '\n';
        vg_buf_ch(&c->scratch, ch);
    }
    while (c->at < c->s.n && !strchr("\r\n", c->s.p[c->at]) && c->s.p[c->at] != c->separator) {
        vg_buf_ch(&c->scratch,
                  c->s.p[c->at++]);  // "Kho" số 2: what stands behind the quote belongs to it
    }
    return vg_buf_str(&c->scratch);
}

static vg_str bare(csv *c)
{
    const size_t from = c->at;
    while (c->at < c->s.n && c->s.p[c->at] != c->separator && c->s.p[c->at] != '\n' &&
           c->s.p[c->at] != '\r') {
        c->at++;
    }
    return (vg_str){c->s.p + from, c->at - from};
}

// Reads a field; *ret_last: it was its record's last.
static vg_str field(csv *c, bool *ret_last)
{
    size_t blank = c->at;
    while (blank < c->s.n && c->s.p[blank] == ' ') {
        blank++;
    }
    if (blank < c->s.n && c->s.p[blank] == '"') {
        c->at = blank;
    }
    const vg_str f = c->at < c->s.n && c->s.p[c->at] == '"' ? quoted(c) : bare(c);
    *ret_last = true;
    if (c->at < c->s.n && c->s.p[c->at] == c->separator) {
        *ret_last = false;
        c->at++;
    } else if (c->at < c->s.n) {
        c->at += c->s.p[c->at] == '\r' && c->at + 1 < c->s.n && c->s.p[c->at + 1] == '\n' ? 2 : 1;
        c->line++;
    }
    return f;
}

// How well a separator cuts: records with the commonest count of fields (two or more), times that count.
static size_t fit(vg_str s, char separator)
{
    size_t counts[VG_SHEET_COLUMNS + 1] = {0}, best = 0;
    csv c = {.s = s, .separator = separator};
    vg_buf_init(&c.scratch, SNIFF_BYTES + 1);
    for (int i = 0; i < SNIFF_RECORDS && c.at < s.n; i++) {
        size_t n = 0;
        for (bool last = false; !last; n++) {
            (void)field(&c, &last);
        }
        counts[n > VG_SHEET_COLUMNS ? VG_SHEET_COLUMNS : n]++;
    }
    vg_buf_done(&c.scratch);
    for (size_t n = 2; n <= VG_SHEET_COLUMNS; n++) {
        const size_t score = counts[n] * 1000 + (counts[n] ? n : 0);
        best = score > best ? score : best;
    }
    return best;
}

static char sniff(vg_str *s)
{
    static const char CANDIDATES[] = ";\t,|";
    if (s->n > 6 && strncasecmp(s->p, "sep=", 4) == 0 && strchr(CANDIDATES, s->p[4])) {
        const char named = s->p[4];
        const char *nl = memchr(s->p, '\n', s->n > 16 ? 16 : s->n);
        if (nl) {
            *s = (vg_str){nl + 1, s->n - (size_t)(nl + 1 - s->p)};
            return named;
        }
    }
    const vg_str head = {s->p, s->n > SNIFF_BYTES ? SNIFF_BYTES : s->n};
    char chosen = ';';
    size_t best = 0;
    for (const char *p = CANDIDATES; *p; p++) {
        const size_t score = fit(head, *p);
        if (score > best) {
            best = score;
            chosen = *p;
        }
    }
    return chosen;
}

static void read_all(csv *c, sheet_builder *b)
{
    while (c->at < c->s.n && b->st == VG_OK) {
        const int64_t number = c->line;
        uint32_t col = 0;
        for (bool last = false; !last && b->st == VG_OK; col++) {
            const vg_str f = field(c, &last);
            if (f.n) {
                sheet_cell(b, col, VG_CELL_TEXT, f);
            }
        }
        sheet_row(b, number);
    }
}

vg_status sheet_read_csv(vg_str file, vg_sheet **ret, vg_err *err)
{
    sheet_builder b;
    csv c = {.line = 1};
    VG_TRY(sheet_begin(&b, "csv", err));
    vg_status st = decode(b.s, file, &c.s, err);
    if (st == VG_OK) {
        const char *begin = c.s.p;
        c.separator = sniff(&c.s);
        c.line += c.s.p != begin;  // the line "sep=;" is row 1
        b.s->separator = c.separator;
        vg_buf_init(&c.scratch, VG_SHEET_BYTES * 2);
        read_all(&c, &b);
        vg_buf_done(&c.scratch);
        st = b.st;
    }
    if (st != VG_OK) {
        sheet_drop(&b);
        return st;
    }
    sheet_done(&b);
    *ret = b.s;
    return VG_OK;
}
