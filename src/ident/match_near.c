// SPDX-License-Identifier: Apache-2.0
// One syllable written for another, without marks: the same; keys of Telex or VNI left in it; the same by ear
// where dialects do not tell two letters apart; one letter more, less, other or swapped. At most one thing at a
// time: two slips in one syllable make it another syllable here. The weights are log2 of how often such a slip
// gives just this spelling.
#include "ident/match_impl.h"

static bool vowel(char c)
{
    return c && strchr("aeiouy", c);
}

// What Telex and VNI would have made of the keys, folded: "nguyeenx" and "nguye6n4" are "nguyen".
static void without_keys(const char *s, char out[MATCH_FOLD])
{
    size_t n = 0;
    bool seen = false;
    for (; *s && n + 1 < MATCH_FOLD; s++) {
        const char last = n ? out[n - 1] : '\0';
        if ((*s >= '1' && *s <= '9') || (seen && strchr("sfrxjwz", *s)) ||
            (*s == last && (strchr("aeo", *s) || (*s == 'd' && n == 1)))) {
            continue;
        }
        // the second d, a, e or o may come at the end: "ngande", "doand"
        if (seen && s[1] == '\0' && !vowel(last) &&
            ((*s == 'd' && out[0] == 'd') || (strchr("aeo", *s) && memchr(out, *s, n)))) {
            continue;
        }
        out[n++] = *s == 'w' ? 'u' : *s;
        seen = seen || vowel(*s) || *s == 'w';
    }
    out[n] = '\0';
}

static const struct {
    const char *from, *to;
} INITIALS[] = {{"ngh", "ng"}, {"gh", "g"}, {"gi", "d"}, {"tr", "ch"}, {"c", "k"},   {"ch", "ch"},
                {"q", "k"},    {"r", "d"},  {"x", "s"},  {"n", "l"},   {"ng", "ng"}, {"nh", "nh"}};

static void by_ear(const char *s, char out[MATCH_FOLD])
{
    const char *to = "";
    size_t best = 0;
    for (size_t i = 0; i < VG_LEN(INITIALS); i++) {
        const size_t k = strlen(INITIALS[i].from);
        if (k > best && strncmp(s, INITIALS[i].from, k) == 0 && s[k]) {
            best = k;
            to = INITIALS[i].to;
        }
    }
    // "gi" before a consonant keeps its i: "ginh"
    const size_t skip = best == 2 && s[0] == 'g' && s[1] == 'i' && !vowel(s[2]) ? 1 : best;
    size_t n = (size_t)snprintf(out, MATCH_FOLD, "%s%s", to, s + skip);
    n = n < MATCH_FOLD ? n : MATCH_FOLD - 1;
    for (size_t i = 0; i < n; i++) {
        out[i] = out[i] == 'y' ? 'i' : out[i];
    }
}

static bool initial(const char *s)
{
    static const char *const CLUSTERS[] = {"ng", "nh", "th", "tr", "ph", "kh", "ch", "gh", "ngh"};
    if (s[0] && !s[1]) {
        return s[0] >= 'a' && s[0] <= 'z';
    }
    for (size_t i = 0; i < VG_LEN(CLUSTERS); i++) {
        if (strcmp(s, CLUSTERS[i]) == 0) {
            return true;
        }
    }
    return false;
}

void match_form_make(const char *fold, match_form *ret)
{
    char other[MATCH_FOLD];
    *ret = (match_form){.n = (uint8_t)strlen(fold), .initial = initial(fold)};
    snprintf(ret->fold, sizeof ret->fold, "%s", fold);
    ret->h_fold = match_hash(fold, ret->n);
    without_keys(fold, other);
    ret->keys = strcmp(other, fold) != 0;
    ret->h_keys = match_hash(other, strlen(other));
    snprintf(other, sizeof other, "%s", fold);
    for (char *p = other; *p; p++) {
        *p = *p == 'y' ? 'i' : *p;
    }
    ret->h_iy = match_hash(other, strlen(other));
    by_ear(fold, other);
    ret->h_sound = match_hash(other, strlen(other));
    for (const char *p = fold; *p; p++) {
        ret->letters |= UINT32_C(1) << (*p >= 'a' && *p <= 'z' ? *p - 'a' : 26 + (*p & 3));
    }
}

static bool neighbours(char a, char b)
{
    static const char *const NEAR[] = {
        "qwsz",   "vghn",  "xdfv", "serfcx", "wsdr", "drtgvc", "ftyhbv", "gyujnb", "ujko",
        "huikmn", "jiolm", "kop",  "njk",    "bhjm", "iklp",   "ol",     "wa",     "edft",
        "awedxz", "rfgy",  "yhji", "cfgb",   "qase", "zsdc",   "tghu",   "asx"};
    return a >= 'a' && a <= 'z' && b && strchr(NEAR[a - 'a'], b);
}

// One slip or MATCH_NEVER: the texts are equal up to p and again from the end.
static double one_slip(const match_form *w, const match_form *m)
{
    size_t p = 0, e = 0;
    const size_t a = w->n, b = m->n, least = a < b ? a : b;
    while (p < least && w->fold[p] == m->fold[p]) {
        p++;
    }
    while (e < least - p && w->fold[a - 1 - e] == m->fold[b - 1 - e]) {
        e++;
    }
    const size_t x = a - p - e, y = b - p - e;
    const char *in = w->fold + p, *of = m->fold + p;
    if (x == 1 && y == 1) {
        return neighbours(*in, *of) ? MATCH_W_NEIGHBOUR : MATCH_W_OTHER_LETTER;
    }
    if (x == 2 && y == 2 && in[0] == of[1] && in[1] == of[0]) {
        return MATCH_W_SWAPPED;
    }
    if (x == 1 && y == 0) {
        return p && in[-1] == *in ? MATCH_W_DOUBLED : MATCH_W_INSERTED;
    }
    return x == 0 && y == 1 ? MATCH_W_OMITTED : MATCH_NEVER;
}

match_near match_near_of(const match_form *w, const match_form *m)
{
    if (w->h_fold == m->h_fold) {
        return (match_near){0, 0};
    }
    if (w->initial && w->n < m->n && strncmp(w->fold, m->fold, w->n) == 0) {
        return (match_near){(float)MATCH_W_INITIAL, VG_MATCH_INITIALS};
    }
    if (w->keys && w->h_keys == m->h_fold) {
        return (match_near){(float)MATCH_W_KEYS, VG_MATCH_KEYS};
    }
    if (w->h_iy == m->h_iy) {
        return (match_near){(float)MATCH_W_IY, VG_MATCH_SOUND};
    }
    if (w->h_sound == m->h_sound) {
        return (match_near){(float)MATCH_W_SOUND, VG_MATCH_SOUND};
    }
    const int longer = (int)w->n - (int)m->n;
    if (longer > 1 || longer < -1 || w->n < 2 || m->n < 2 ||
        __builtin_popcount(w->letters ^ m->letters) > 2) {
        return (match_near){(float)MATCH_NEVER, 0};
    }
    const double bits = one_slip(w, m);
    return (match_near){(float)bits, bits > MATCH_NEVER ? VG_MATCH_TYPO : 0};
}
