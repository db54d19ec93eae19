// SPDX-License-Identifier: Apache-2.0
// From a name as written to syllables: marks are told apart from letters, so that "hòa" and "hoà" are one
// syllable and "hoa" another with the same fold. A word in which a capital follows a small letter is two;
// words without such a sign ("nguyenvanan") are cut where every piece is a syllable that names have.
#include "ident/match_impl.h"

#include <math.h>
#include <utf8proc.h>

enum { PIECE_MOST = 7, CUT_LEAST = 5 };

typedef struct word {  // letter by letter
    char fold[MATCH_RAW], shape[MATCH_RAW], tone[MATCH_RAW];
    size_t n;
    bool small;  // the last letter was a small one
} word;

typedef struct reader {
    const match_names *t;
    match_name *name;
    word w;
    bool cut;
} reader;

static void put_syllable(reader *r, size_t from, size_t n)
{
    if (r->name->n == MATCH_SYLLABLES) {
        return;
    }
    match_syllable *s = &r->name->s[r->name->n++];
    const int k = (int)(n < MATCH_FOLD - 1 ? n : MATCH_FOLD - 1);
    char tone = '0';
    for (size_t i = from; i < from + n; i++) {
        tone = r->w.tone[i] > tone ? r->w.tone[i] : tone;
    }
    snprintf(s->fold, sizeof s->fold, "%.*s", k, r->w.fold + from);
    snprintf(s->code, sizeof s->code, "%.*s%c", k, r->w.shape + from, tone);
}

// Where to cut the word for the likeliest syllables; false: it cannot be cut.
static bool cut(reader *r)
{
    double best[MATCH_RAW];
    uint8_t from[MATCH_RAW] = {0}, at[MATCH_RAW];
    size_t n = 0;
    best[0] = 0;
    for (size_t e = 1; e <= r->w.n; e++) {
        best[e] = -INFINITY;
        for (size_t k = 1; k <= PIECE_MOST && k <= e; k++) {
            char piece[MATCH_FOLD];
            snprintf(piece, sizeof piece, "%.*s", (int)k, r->w.fold + e - k);
            const double share = match_names_share(r->t, piece);
            if (share > 0 && best[e - k] + log2(share) > best[e]) {
                best[e] = best[e - k] + log2(share);
                from[e] = (uint8_t)(e - k);
            }
        }
    }
    if (!isfinite(best[r->w.n])) {
        return false;
    }
    for (size_t e = r->w.n; e; e = from[e]) {
        at[n++] = (uint8_t)e;
    }
    while (n) {
        const size_t e = at[--n];
        put_syllable(r, from[e], e - from[e]);
    }
    r->name->joined = true;
    return true;
}

static void end_word(reader *r)
{
    if (r->w.n) {
        r->w.fold[r->w.n] = '\0';
        const bool whole = !r->cut || r->w.n < CUT_LEAST || match_names_has(r->t, r->w.fold);
        if (whole || !cut(r)) {
            put_syllable(r, 0, r->w.n);
        }
    }
    r->w = (word){0};
}

static void put_letter(reader *r, utf8proc_int32_t c, bool small)
{
    utf8proc_uint8_t b[4];
    if (!small && r->w.small && r->w.n > 1) {
        end_word(r);
        r->name->joined = true;
    }
    const bool dd = c == 0x111;
    const size_t k = (size_t)utf8proc_encode_char(dd ? 'd' : c, b);
    if (r->w.n + k < MATCH_RAW) {
        memcpy(r->w.fold + r->w.n, b, k);
        memcpy(r->w.shape + r->w.n, b, k);
        memset(r->w.tone + r->w.n, '0', k);
        r->w.n += k;
        r->w.small = small;
        if (dd) {
            r->w.shape[r->w.n - 1] = '7';
            r->name->marks = true;
        }
    }
}

// Tones as in ident/viet.h; shapes as there in the tables.
static void put_mark(reader *r, utf8proc_int32_t c)
{
    static const struct {
        int16_t mark;
        char tone, shape[6];
    } MARKS[] = {{0x300, '1', ""}, {0x309, '2', ""},    {0x303, '3', ""}, {0x301, '4', ""},
                 {0x323, '5', ""}, {0x302, 0, "a2e3o"}, {0x306, 0, "a1"}, {0x31B, 0, "o5u6"}};
    if (!r->w.n) {
        return;
    }
    char *shape = &r->w.shape[r->w.n - 1];
    for (size_t i = 0; i < VG_LEN(MARKS); i++) {
        if (MARKS[i].mark != c) {
            continue;
        }
        r->name->marks = true;
        if (MARKS[i].tone) {
            r->w.tone[r->w.n - 1] = MARKS[i].tone;
        } else if (c == 0x302 && *shape == 'o') {
            *shape = '4';
        } else {
            const char *at = strchr(MARKS[i].shape, *shape);
            *shape = *shape && at && at[1] ? at[1] : *shape;
        }
    }
}

static void put(reader *r, utf8proc_int32_t c)
{
    const utf8proc_category_t k = utf8proc_category(c);
    if (k == UTF8PROC_CATEGORY_MN) {
        put_mark(r, c);
    } else if (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) {
        put_letter(r, utf8proc_tolower(c), k != UTF8PROC_CATEGORY_LU && k != UTF8PROC_CATEGORY_LT);
    } else if (k == UTF8PROC_CATEGORY_ND && r->w.n) {
        put_letter(r, c, true);
    } else {
        end_word(r);
    }
}

bool match_parse(const match_names *t, vg_str text, bool cut_words, match_name *ret)
{
    *ret = (match_name){0};
    reader r = {.t = t, .name = ret, .cut = cut_words};
    for (size_t i = 0; i < text.n;) {
        utf8proc_int32_t c, to[20];
        int last = 0;
        const utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)text.p + i,
                                                    (utf8proc_ssize_t)(text.n - i), &c);
        if (k <= 0) {
            return false;
        }
        i += (size_t)k;
        const utf8proc_ssize_t n =
            utf8proc_decompose_char(c, to, (utf8proc_ssize_t)VG_LEN(to), UTF8PROC_DECOMPOSE, &last);
        for (utf8proc_ssize_t j = 0; j < n && n <= (utf8proc_ssize_t)VG_LEN(to); j++) {
            put(&r, to[j]);
        }
    }
    end_word(&r);
    return ret->n > 0;
}
