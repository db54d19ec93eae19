// SPDX-License-Identifier: Apache-2.0
// The reader of sheets (csv.c) guesses encodings and keeps every cell; this one assumes UTF-8 and keeps nothing, so a
// million rows cost one pass.
#include "sheet/csv_rows.h"

#include "base/text.h"

vg_csv_rows vg_csv_rows_on(vg_str text)
{
    static const char marks[] = {';', ',', '\t', '|'};
    vg_csv_rows r = {.rest = text, .separator = ',', .next = 1};
    size_t most = 0;
    if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0) {
        r.rest = (vg_str){text.p + 3, text.n - 3};
    }
    const char *end = r.rest.n ? memchr(r.rest.p, '\n', r.rest.n) : NULL;
    const size_t n = end ? (size_t)(end - r.rest.p) : r.rest.n;
    for (size_t k = 0; k < sizeof marks; k++) {
        size_t cuts = 0;
        for (size_t i = 0; i < n; i++) {
            cuts += r.rest.p[i] == marks[k];
        }
        if (cuts > most) {
            most = cuts;
            r.separator = marks[k];
        }
    }
    return r;
}

static vg_status wrong(const vg_csv_rows *r, vg_status st, const char *key, vg_err *err)
{
    return vg_fail(err, st, "file", key, "%lld", (long long)r->line);
}

// A quoted cell: i stands behind the opening quote, and behind the closing one afterwards.
static vg_status quoted(vg_csv_rows *r, vg_arena *a, size_t *i, vg_str *ret, vg_err *err)
{
    const char *p = r->rest.p;
    const size_t from = *i;
    size_t doubled = 0;
    for (;; (*i)++) {
        if (*i >= r->rest.n) {
            return wrong(r, VG_EINVALID, "sheet.quote_open", err);
        }
        if (p[*i] == '\n') {
            r->next++;
        }
        if (p[*i] != '"') {
            continue;
        }
        if (*i + 1 >= r->rest.n || p[*i + 1] != '"') {
            break;
        }
        doubled++;
        (*i)++;
    }
    *ret = (vg_str){p + from, *i - from};
    (*i)++;
    if (!doubled || ret->n > VG_CSV_CELL_BYTES) {
        return VG_OK;
    }
    char *out = vg_arena_get(a, ret->n);
    size_t n = 0;
    for (size_t k = 0; out && k < ret->n; k++) {
        out[n++] = ret->p[k];
        k += ret->p[k] == '"';
    }
    *ret = (vg_str){out ? out : "", n};
    return out ? VG_OK : wrong(r, VG_ETOOBIG, "sheet.too_big_line", err);
}

static vg_status cell(vg_csv_rows *r, vg_arena *a, size_t *i, vg_str *ret, vg_err *err)
{
    const size_t from = *i;
    if (*i < r->rest.n && r->rest.p[*i] == '"') {
        (*i)++;
        VG_TRY(quoted(r, a, i, ret, err));
        while (*i < r->rest.n && r->rest.p[*i] != r->separator && r->rest.p[*i] != '\n') {
            (*i)++;
        }
    } else {
        while (*i < r->rest.n && r->rest.p[*i] != r->separator && r->rest.p[*i] != '\n') {
            (*i)++;
        }
        *ret = (vg_str){r->rest.p + from, *i - from};
    }
    *ret = vg_str_trim(*ret);
    return ret->n > VG_CSV_CELL_BYTES ? wrong(r, VG_ETOOBIG, "sheet.too_big_line", err)
           : vg_utf8_valid(*ret)      ? VG_OK
                                      : wrong(r, VG_EINVALID, "sheet.not_utf8_line", err);
}

vg_status vg_csv_rows_next(vg_csv_rows *r, vg_arena *a, vg_str *cells, size_t max, size_t *ret_n,
                           bool *ret_more, vg_err *err)
{
    bool any = false;
    *ret_more = false;
    for (*ret_n = 0; r->rest.n && !any; *ret_n = any ? *ret_n : 0) {
        size_t i = 0;
        bool more = true;
        r->line = r->next++;
        while (more) {
            if (*ret_n == max) {
                return wrong(r, VG_ETOOBIG, "sheet.too_big_line", err);
            }
            VG_TRY(cell(r, a, &i, &cells[*ret_n], err));
            any = any || cells[*ret_n].n;
            (*ret_n)++;
            more = i < r->rest.n && r->rest.p[i] == r->separator;
            i += more;
        }
        i += i < r->rest.n;  // the end of the line
        r->rest = (vg_str){r->rest.p + i, r->rest.n - i};
    }
    *ret_more = any;
    return VG_OK;
}
