// SPDX-License-Identifier: Apache-2.0
// Heads are compared folded ("Thời gian" is "THOI GIAN"), words of a map too. Times without an offset are those
// of Viet Nam. A name that is too long is an error, not a shorter name.
#include "ingest/csv/rows.h"

#include "base/clock.h"
#include "base/text.h"

enum { FOLD_BYTES = 512 };
static const int64_t VIETNAM_US = INT64_C(7) * 3600 * 1000000;

static bool alike(vg_str a, vg_str b)
{
    char x[FOLD_BYTES], y[FOLD_BYTES];
    const size_t n = vg_fold_to(a, x, sizeof x), m = vg_fold_to(b, y, sizeof y);
    return n == m && n > 0 && memcmp(x, y, n) == 0;
}

static int head_at(const vg_sheet_row *row, vg_str head)
{
    for (uint32_t i = 0; i < row->n; i++) {
        if (alike(row->cell[i].text, head)) {
            return (int)i;
        }
    }
    return -1;
}

vg_status csv_places_find(const vg_link_columns *c, const vg_sheet *t, csv_places *ret, vg_err *err)
{
    ret->first = 0;
    for (size_t i = 0; i < VG_CSV_FIELDS; i++) {
        const vg_csv_column *col = &c->v[i];
        ret->at[i] = col->number - 1;
        if (col->head.n) {
            ret->first = 1;
            ret->at[i] = t->n_rows ? head_at(&t->row[0], col->head) : -1;
            if (ret->at[i] < 0) {
                return vg_fail(err, VG_EINVALID, vg_csv_field_names[i], "csv.no_column", "%.*s",
                               VG_FMT(col->head));
            }
        }
    }
    return VG_OK;
}

static vg_str value_of(const vg_link_columns *c, const csv_places *p, const vg_sheet_row *row,
                       vg_csv_field f)
{
    const vg_csv_column *col = &c->v[f];
    if (col->is.n || p->at[f] < 0) {
        return col->is;
    }
    const vg_str cell =
        (uint32_t)p->at[f] < row->n ? vg_str_trim(row->cell[p->at[f]].text) : (vg_str){"", 0};
    for (size_t i = 0; i < col->n_words; i++) {
        if (alike(cell, col->words[i].from)) {
            return col->words[i].to;
        }
    }
    return cell;
}

// Digits and one-character separators: "22/11/2026 14:05" by "d/m/y h:i:s".
static bool scan(vg_str s, const char *order, int64_t out[6])
{
    size_t i = 0;
    for (int part = 0; part < 6; part++) {
        static const char letters[] = "ymdhis";
        const char *slot = strchr(letters, order[2 * part]);
        int64_t v = 0;
        const size_t from = i;
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && i - from < 4) {
            v = v * 10 + (s.p[i++] - '0');
        }
        if (i == from) {
            return part == 5 && i == s.n;  // no seconds
        }
        out[slot - letters] = v;
        const char want = order[2 * part + 1];
        if (i < s.n && (s.p[i] == want || (want == ' ' && s.p[i] == 'T'))) {
            i++;
        } else if (!(part >= 4 && i == s.n)) {
            return false;
        }
    }
    return i == s.n;
}

static bool time_of(vg_str s, int64_t *ret)
{
    int64_t v[6] = {0};
    if (vg_time_parse(s, ret, NULL) == VG_OK) {
        return true;
    }
    if (!scan(s, "d/m/y h:i:s", v) && !scan(s, "y-m-d h:i:s", v)) {
        return false;
    }
    if (v[0] < 2000 || v[0] > 2200 || v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > 31 || v[3] > 23 ||
        v[4] > 59 || v[5] > 59) {
        return false;
    }
    *ret = vg_time_civil((int)v[0], (int)v[1], (int)v[2], (int)v[3], (int)v[4], (int)v[5]) -
           VIETNAM_US;
    return true;
}

static const char *read_words(const vg_link_columns *c, const csv_places *p,
                              const vg_sheet_row *row, vg_signal *s, const char **ret_field)
{
    const vg_str kind = value_of(c, p, row, VG_CSV_kind), verb = value_of(c, p, row, VG_CSV_verb),
                 time = value_of(c, p, row, VG_CSV_time);
    const char *known = vg_signal_kind_of(kind);
    const int v = verb.n ? vg_signal_verb_of(verb) : VG_SIG_RAISE;
    *ret_field = "kind";
    if (!known) {
        return "ingest.err.kind";
    }
    *ret_field = "verb";
    if (v < 0) {
        return "ingest.err.verb";
    }
    *ret_field = "time";
    if (time.n && !time_of(time, &s->captured_us)) {
        return "err.time_format";
    }
    snprintf(s->kind, sizeof s->kind, "%s", known);
    s->verb = (uint8_t)v;
    return NULL;
}

const char *csv_row_read(const vg_link_columns *c, const csv_places *p, const vg_sheet_row *row,
                         vg_signal *s, const char **ret_field)
{
    const struct {
        vg_csv_field field;
        char *out;
        size_t cap;
    } names[] = {{VG_CSV_point, s->point, sizeof s->point},
                 {VG_CSV_area, s->area, sizeof s->area},
                 {VG_CSV_user, s->user, sizeof s->user},
                 {VG_CSV_code, s->code, sizeof s->code}};
    const char *problem = read_words(c, p, row, s, ret_field);
    for (size_t i = 0; !problem && i < VG_LEN(names); i++) {
        const vg_str v = value_of(c, p, row, names[i].field);
        *ret_field = vg_csv_field_names[names[i].field];
        if (v.n >= names[i].cap) {
            problem = "ingest.err.too_long";
        } else {
            snprintf(names[i].out, names[i].cap, "%.*s", (int)v.n, v.n ? v.p : "");
        }
    }
    vg_str text = value_of(c, p, row, VG_CSV_text);
    if (text.n >= sizeof s->text) {
        text.n = sizeof s->text - 1;
        text.n = vg_utf8_prefix(text);
    }
    snprintf(s->text, sizeof s->text, "%.*s", (int)text.n, text.n ? text.p : "");
    return problem;
}
