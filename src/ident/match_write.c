// SPDX-License-Identifier: Apache-2.0
// Each way takes the syllables of a name, changes them and says whether there was anything to change. It works
// on letters with their marks, as a hand or a keyboard does, and knows nothing of how the matcher compares.
#include "ident/match_write.h"

#include "base/text.h"
#include "ident/viet.h"

#include <utf8proc.h>

enum { WORDS = 8, LETTERS = 24 };

typedef struct word {
    uint32_t c[LETTERS];
    size_t n;
} word;

typedef struct text {
    word w[WORDS];
    size_t n;
    const char *between;
    bool bare, capitals;
} text;

static void split(const char *name, text *t)
{
    *t = (text){.n = 1, .between = " "};
    for (size_t i = 0; name[i];) {
        utf8proc_int32_t c;
        i += (size_t)utf8proc_iterate((const utf8proc_uint8_t *)name + i, -1, &c);
        if (c == ' ' && t->n < WORDS) {
            t->n++;
        } else if (t->w[t->n - 1].n < LETTERS) {
            t->w[t->n - 1].c[t->w[t->n - 1].n++] = (uint32_t)c;
        }
    }
}

static void join(const text *t, char out[VG_MATCH_SET_NAME])
{
    char all[VG_MATCH_SET_NAME * 2] = "";
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        n += (size_t)snprintf(all + n, sizeof all - n, "%s", i ? t->between : "");
        for (size_t k = 0; k < t->w[i].n; k++) {
            n += (size_t)utf8proc_encode_char((utf8proc_int32_t)t->w[i].c[k],
                                              (utf8proc_uint8_t *)all + n);
        }
        all[n] = '\0';
    }
    snprintf(out, VG_MATCH_SET_NAME, "%s", all);
    if (t->bare || t->capitals) {
        out[vg_fold_to(vg_str_c(all), out, VG_MATCH_SET_NAME)] = '\0';
    }
    for (char *p = out; t->capitals && *p; p++) {
        *p = *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
    }
}

void match_write_title(const char *small, char out[VG_MATCH_SET_NAME])
{
    text t;
    split(small, &t);
    for (size_t i = 0; i < t.n; i++) {
        const uint32_t c = t.w[i].c[0];
        t.w[i].c[0] = c >= 'a' && c <= 'z' ? c - 32 : vg_viet_upper(c);
    }
    join(&t, out);
}

static bool reorder(match_dice *d, text *t)
{
    const word family = t->w[0];
    if (match_dice_below(d, 3) == 0) {  // all of it back to front
        for (size_t i = 0; i < t->n / 2; i++) {
            const word x = t->w[i];
            t->w[i] = t->w[t->n - 1 - i];
            t->w[t->n - 1 - i] = x;
        }
        return t->n > 1;
    }
    memmove(t->w, t->w + 1, (t->n - 1) * sizeof *t->w);
    t->w[t->n - 1] = family;
    return t->n > 1;
}

static bool leave_out(match_dice *d, text *t)
{
    if (t->n < 3) {
        return false;
    }
    size_t at = 1 + (size_t)match_dice_below(d, t->n - 2);
    at = t->w[1].n == 3 && (t->w[1].c[0] | 32U) == 't' && t->w[1].c[2] == 0x1ECB ? 1 : at;  // Thị
    memmove(t->w + at, t->w + at + 1, (t->n - 1 - at) * sizeof *t->w);
    t->n--;
    return true;
}

static void to_initial(match_dice *d, word *w)
{
    const bool two = w->n > 2 && (w->c[1] == 'g' || w->c[1] == 'h') && match_dice_below(d, 2);
    w->n = two ? 2 : 1;
    if (match_dice_below(d, 2)) {
        w->c[w->n++] = '.';
    }
}

static bool initials(match_dice *d, text *t)
{
    const uint64_t which = match_dice_below(d, 3);  // the family's, the middle ones, both
    for (size_t i = 0; i + 1 < t->n; i++) {
        if (i ? which != 0 : which != 1) {
            to_initial(d, &t->w[i]);
        }
    }
    return t->n > 2 || which != 1;
}

// The keys that make a letter with its marks: shape after the letter, tone at the end of the word.
static void keys_of(const word *w, bool vni, word *out)
{
    char tone = '\0';
    out->n = 0;
    for (size_t i = 0; i < w->n; i++) {
        utf8proc_int32_t part[8];
        int last = 0;
        const utf8proc_ssize_t n =
            utf8proc_decompose_char((utf8proc_int32_t)w->c[i], part, 8, UTF8PROC_DECOMPOSE, &last);
        const bool dd = w->c[i] == 0x111 || w->c[i] == 0x110;
        uint32_t key = dd ? (vni ? '9' : 'd') : 0;
        const uint32_t base = dd ? (w->c[i] == 0x111 ? 'd' : 'D') : (uint32_t)part[0];
        for (utf8proc_ssize_t k = 1; k < n; k++) {
            switch (part[k]) {
            case 0x302:
                key = vni ? '6' : base | 32U;
                break;
            case 0x306:
                key = vni ? '8' : 'w';
                break;
            case 0x31B:
                key = vni ? '7' : 'w';
                break;
            case 0x301:
                tone = vni ? '1' : 's';
                break;
            case 0x300:
                tone = vni ? '2' : 'f';
                break;
            case 0x309:
                tone = vni ? '3' : 'r';
                break;
            case 0x303:
                tone = vni ? '4' : 'x';
                break;
            default:
                tone = vni ? '5' : 'j';
                break;
            }
        }
        out->c[out->n++] = base;
        if (key) {
            out->c[out->n++] = key;
        }
    }
    if (tone) {
        out->c[out->n++] = (uint32_t)tone;
    }
}

static bool keys(match_dice *d, text *t)
{
    const bool vni = match_dice_below(d, 3) == 0, all = match_dice_below(d, 2) == 0;
    const size_t one = (size_t)match_dice_below(d, t->n);
    bool any = false;
    for (size_t i = 0; i < t->n; i++) {
        word k;
        keys_of(&t->w[i], vni, &k);
        if (all || i == one) {
            any = any || k.n != t->w[i].n;
            t->w[i] = k;
        }
    }
    return any;
}

// The key beside, by rows and columns; 0: none.
static uint32_t beside(match_dice *d, uint32_t c)
{
    static const char *const ROWS[] = {"qwertyuiop", "asdfghjkl", "zxcvbnm"};
    for (size_t r = 0; r < VG_LEN(ROWS); r++) {
        const char *at = c < 0x80 && c ? strchr(ROWS[r], (int)c) : NULL;
        if (!at) {
            continue;
        }
        const size_t col = (size_t)(at - ROWS[r]), row = (size_t)match_dice_below(d, 3);
        if (row == 0 && col) {
            return (uint32_t)at[-1];
        }
        if (row == 1 && at[1]) {
            return (uint32_t)at[1];
        }
        const size_t other = r ? r - 1 : 1;
        return col < strlen(ROWS[other]) ? (uint32_t)ROWS[other][col] : (uint32_t)ROWS[other][0];
    }
    return 0;
}

static bool slip(match_dice *d, text *t)
{
    word *w = &t->w[match_dice_below(d, t->n)];
    const size_t at = 1 + (size_t)match_dice_below(d, w->n > 1 ? w->n - 1 : 1);
    if (w->n < 3) {
        return false;
    }
    const uint32_t was = w->c[at];
    switch (match_dice_below(d, 4)) {
    case 0:  // left out
        memmove(w->c + at, w->c + at + 1, (w->n - 1 - at) * sizeof *w->c);
        w->n--;
        return true;
    case 1:  // twice
        memmove(w->c + at + 1, w->c + at, (w->n - at) * sizeof *w->c);
        w->n++;
        return true;
    case 2:  // before its time
        if (at + 1 == w->n || w->c[at + 1] == was) {
            return false;
        }
        w->c[at] = w->c[at + 1];
        w->c[at + 1] = was;
        return true;
    default:
        w->c[at] = beside(d, was);
        return w->c[at] != 0;
    }
}

static bool begins(const word *w, const char *with)
{
    for (size_t i = 0; with[i]; i++) {
        if (i >= w->n || (w->c[i] | 32U) != (uint32_t)with[i] || w->c[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static bool sound(match_dice *d, text *t)
{
    static const char *const PAIRS[][2] = {{"l", "n"},   {"n", "l"},   {"s", "x"},  {"x", "s"},
                                           {"tr", "ch"}, {"ch", "tr"}, {"gi", "d"}, {"r", "d"}};
    word *w = &t->w[match_dice_below(d, t->n)];
    const size_t start = (size_t)match_dice_below(d, VG_LEN(PAIRS));
    for (size_t i = 0; i < VG_LEN(PAIRS); i++) {
        const char *const *p = PAIRS[(start + i) % VG_LEN(PAIRS)];
        const size_t from = strlen(p[0]), to = strlen(p[1]);
        const bool cluster = from == 1 && w->n > 1 && (w->c[1] == 'g' || w->c[1] == 'h');
        if (!begins(w, p[0]) || cluster || w->n <= from + 1) {
            continue;
        }
        memmove(w->c + to, w->c + from, (w->n - from) * sizeof *w->c);
        w->n = w->n + to - from;
        for (size_t k = 0; k < to; k++) {
            w->c[k] = (uint32_t)p[1][k] - (k ? 0 : 32U);
        }
        return true;
    }
    return false;
}

// Another tone, or none, on a syllable that has one.
static bool tone(match_dice *d, text *t)
{
    word *w = &t->w[match_dice_below(d, t->n)];
    for (size_t i = 0; i < w->n; i++) {
        utf8proc_int32_t part[8];
        int last = 0;
        const utf8proc_ssize_t n =
            utf8proc_decompose_char((utf8proc_int32_t)w->c[i], part, 8, UTF8PROC_DECOMPOSE, &last);
        uint32_t c = (uint32_t)part[0];
        bool toned = false;
        for (utf8proc_ssize_t k = 1; k < n; k++) {
            const vg_vowel_shape s = part[k] == 0x302   ? VG_SHAPE_CIRCUMFLEX
                                     : part[k] == 0x306 ? VG_SHAPE_BREVE
                                     : part[k] == 0x31B ? VG_SHAPE_HORN
                                                        : VG_SHAPE_NONE;
            toned = toned || s == VG_SHAPE_NONE;
            c = s == VG_SHAPE_NONE ? c : vg_viet_compose(c, s, VG_TONE_LEVEL);
        }
        if (toned && c) {
            const uint32_t was = w->c[i];
            w->c[i] = vg_viet_compose(c, VG_SHAPE_NONE, (vg_tone)match_dice_below(d, 6));
            return w->c[i] != 0 && w->c[i] != was;
        }
    }
    return false;
}

static bool spelling(text *t)
{
    static const uint32_t PAIRS[][4] = {
        // two letters for two
        {0xF2, 'a', 'o', 0xE0},    {0xF3, 'a', 'o', 0xE1},     {0xF9, 'y', 'u', 0x1EF3},
        {0xFA, 'y', 'u', 0xFD},    {0x1ECF, 'a', 'o', 0x1EA3}, {'m', 0x1EF9, 'm', 0x129},
        {'M', 0x1EF9, 'M', 0x129}, {'L', 0xFD, 'L', 0xED},     {'k', 0x1EF3, 'k', 0xEC},
        {'K', 0x1EF3, 'K', 0xEC},  {'V', 'y', 'V', 'i'},       {'M', 'y', 'M', 'i'}};
    for (size_t i = 0; i < t->n; i++) {
        word *w = &t->w[i];
        for (size_t p = 0; w->n >= 2 && p < VG_LEN(PAIRS); p++) {
            if (w->c[w->n - 2] == PAIRS[p][0] && w->c[w->n - 1] == PAIRS[p][1]) {
                w->c[w->n - 2] = PAIRS[p][2];
                w->c[w->n - 1] = PAIRS[p][3];
                return true;
            }
        }
    }
    return false;
}

bool match_write(match_dice *d, int kind, const char *name, char out[VG_MATCH_SET_NAME])
{
    text t;
    bool done = true;
    split(name, &t);
    const bool bare = match_dice_below(d, 4) == 0;
    switch (kind) {
    case VG_MATCH_KIND_BARE:
        t.bare = true;
        break;
    case VG_MATCH_KIND_CAPITALS:
        t.capitals = true;
        break;
    case VG_MATCH_KIND_ORDER:
        done = reorder(d, &t);
        t.bare = bare;
        break;
    case VG_MATCH_KIND_LEFT_OUT:
        done = leave_out(d, &t);
        t.bare = bare;
        break;
    case VG_MATCH_KIND_INITIALS:
        done = initials(d, &t);
        t.bare = bare;
        break;
    case VG_MATCH_KIND_KEYS:
        done = keys(d, &t);
        break;
    case VG_MATCH_KIND_SLIP:
        done = slip(d, &t);
        t.bare = bare;
        break;
    case VG_MATCH_KIND_SOUND:
        done = sound(d, &t);
        t.bare = bare;
        break;
    case VG_MATCH_KIND_TONE:
        done = tone(d, &t);
        break;
    case VG_MATCH_KIND_JOINED:
        t.between = "";
        t.bare = bare;
        break;
    case VG_MATCH_KIND_SPELLING:
        done = spelling(&t);
        break;
    default:
        break;
    }
    if (done) {
        join(&t, out);
    }
    return done;
}
