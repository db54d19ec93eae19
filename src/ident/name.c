// SPDX-License-Identifier: Apache-2.0
// Lists write names with and without marks, in capitals, family name first or last. The key forgets all of
// that; the comparison says what had to be forgotten, so that a screen can show "maybe". It knows no
// nicknames and no misspellings.
#include "ident/name.h"

#include "base/text.h"

#include <utf8proc.h>

enum { MAX_WORDS = 24, ROOM = 1024 };

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static size_t words(vg_str s, vg_str w[MAX_WORDS])
{
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < MAX_WORDS;) {
        size_t k = i;
        while (k < s.n && letter(s.p[k])) {
            k++;
        }
        if (k > i) {
            w[n++] = (vg_str){s.p + i, k - i};
        }
        i = k + 1;
    }
    return n;
}

static int order(vg_str a, vg_str b)
{
    const int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

static void sort(vg_str *w, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const vg_str x = w[i];
        size_t k = i;
        for (; k && order(w[k - 1], x) > 0; k--) {
            w[k] = w[k - 1];
        }
        w[k] = x;
    }
}

static size_t join(vg_str name, bool sorted, char out[VG_NAME_KEY])
{
    char folded[ROOM];
    vg_str w[MAX_WORDS];
    size_t len = 0;
    const size_t n = words((vg_str){folded, vg_fold_to(name, folded, sizeof folded)}, w);
    if (sorted) {
        sort(w, n);
    }
    for (size_t i = 0; i < n; i++) {
        if (len + w[i].n + 1 >= VG_NAME_KEY) {  // whether any fits must not depend on their order
            continue;
        }
        if (len) {
            out[len++] = ' ';
        }
        memcpy(out + len, w[i].p, w[i].n);
        len += w[i].n;
    }
    out[len] = '\0';
    return len;
}

size_t vg_name_key(vg_str name, char out[VG_NAME_KEY])
{
    return join(name, true, out);
}

// Decomposed code points of small letters, one at a time; the order of marks is the same for equal texts.
typedef struct walk {
    vg_str s;
    size_t at, n, i;
    utf8proc_int32_t c[16];
    int last;
    bool blank;
} walk;

static utf8proc_int32_t step(walk *w)
{
    while (w->i == w->n) {
        utf8proc_int32_t c;
        const utf8proc_ssize_t k = w->at < w->s.n
                                       ? utf8proc_iterate((const utf8proc_uint8_t *)w->s.p + w->at,
                                                          (utf8proc_ssize_t)(w->s.n - w->at), &c)
                                       : 0;
        if (k <= 0) {
            return -1;
        }
        w->at += (size_t)k;
        const bool again = c == ' ' && w->blank;
        w->blank = c == ' ';
        if (again) {
            continue;
        }
        const utf8proc_ssize_t d =
            utf8proc_decompose_char(c, w->c, (utf8proc_ssize_t)VG_LEN(w->c),
                                    UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &w->last);
        w->n = d > 0 && d <= (utf8proc_ssize_t)VG_LEN(w->c) ? (size_t)d : 0;
        w->i = 0;
    }
    return w->c[w->i++];
}

// A letter with its marks, the marks as a set: their order differs between typed and composed text.
static bool next_letter(walk *w, utf8proc_int32_t *c, uint64_t *marks)
{
    *marks = 0;
    if (*c < 0) {
        return false;
    }
    for (utf8proc_int32_t m = step(w);; m = step(w)) {
        if (m < 0x300 || m > 0x33F) {
            *c = m;
            return true;
        }
        *marks |= UINT64_C(1) << (m - 0x300);
    }
}

static bool same_letters(vg_str a, vg_str b)
{
    walk x = {.s = vg_str_trim(a)}, y = {.s = vg_str_trim(b)};
    utf8proc_int32_t cx = step(&x), cy = step(&y);
    for (;;) {
        uint64_t mx, my;
        const utf8proc_int32_t bx = cx, by = cy;
        const bool more_x = next_letter(&x, &cx, &mx), more_y = next_letter(&y, &cy, &my);
        if (more_x != more_y || bx != by || mx != my) {
            return false;
        }
        if (!more_x) {
            return true;
        }
    }
}

vg_name_match vg_name_compare(vg_str a, vg_str b)
{
    char x[VG_NAME_KEY], y[VG_NAME_KEY];
    if (!join(a, false, x) || !join(b, false, y)) {
        return VG_NAME_DIFFERENT;
    }
    if (strcmp(x, y) == 0) {
        return same_letters(a, b) ? VG_NAME_SAME : VG_NAME_NO_MARKS;
    }
    (void)vg_name_key(a, x);
    (void)vg_name_key(b, y);
    return strcmp(x, y) == 0 ? VG_NAME_ANY_ORDER : VG_NAME_DIFFERENT;
}
