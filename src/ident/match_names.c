// SPDX-License-Identifier: Apache-2.0
// How likely anybody's name is written as this one is: the shares of data/names.txt multiplied over the
// syllables, summed over the two sexes and over which syllable is the family's and which the person's own (the
// first and the last are by far the likeliest). A syllable of no table is rare, or a slip of a common one, and
// then as common as all the slips that lead to it together.
#include "ident/match_impl.h"
#include "ident/table.h"

#include <math.h>

#define KNOWN 0.97          // of people have a syllable of the table there
#define TAIL (0.03 / 2000)  // the others have one of some two thousand
#define NATURAL 0.94        // family first, own name last

static const char *const CLASSES[MATCH_CLASSES] = {"family", "middle_m", "middle_f", "given_m",
                                                   "given_f"};

typedef struct item {
    char text[MATCH_FOLD + 8];  // a code or a fold
    double share[MATCH_CLASSES];
    match_form form;  // of folds
} item;

typedef struct items {
    item *v;
    size_t n, cap;
    match_map map;
} items;

struct match_names {
    items codes, folds, learnt;
};

static const item *find(const items *t, const char *text)
{
    const uint64_t h = match_hash(text, strlen(text));
    for (uint32_t at = 0; (at = match_map_next(&t->map, h, at));) {
        const item *i = &t->v[t->map.node[at].value];
        if (strcmp(i->text, text) == 0) {
            return i;
        }
    }
    return NULL;
}

static void add(items *t, const char *text, int cls, double share)
{
    const item *known = find(t, text);
    size_t at = known ? (size_t)(known - t->v) : t->n;
    if (!known) {
        if (t->n == t->cap) {
            t->cap = t->cap ? t->cap * 2 : 256;
            t->v = vg_realloc(t->v, t->cap * sizeof *t->v);
        }
        item *i = &t->v[t->n++];
        *i = (item){0};
        snprintf(i->text, sizeof i->text, "%s", text);
        match_map_put(&t->map, match_hash(text, strlen(text)), (uint32_t)at);
    }
    t->v[at].share[cls] += share;
}

static void load_line(match_names *t, const vg_ident_line *l, int cls)
{
    match_name n;
    char number[16];
    snprintf(number, sizeof number, "%.*s", VG_FMT(l->word[1]));
    const double share = strtod(number, NULL);
    vg_str rest = l->rest;
    while (rest.n) {
        const char *blank = memchr(rest.p, ' ', rest.n);
        const vg_str one = {rest.p, blank ? (size_t)(blank - rest.p) : rest.n};
        rest = vg_str_trim((vg_str){rest.p + one.n, rest.n - one.n});
        if (match_parse(t, one, false, &n)) {
            add(&t->codes, n.s[0].code, cls, share);
            add(&t->folds, n.s[0].fold, cls, share);
        }
    }
}

static void norm(items *t)
{
    for (int c = 0; c < MATCH_CLASSES; c++) {
        double sum = 0;
        for (size_t i = 0; i < t->n; i++) {
            sum += t->v[i].share[c];
        }
        for (size_t i = 0; i < t->n && sum > 0; i++) {
            t->v[i].share[c] *= KNOWN / sum;
        }
    }
}

match_names *match_names_create(void)
{
    match_names *t = vg_alloc(sizeof *t);
    vg_str file = vg_ident_file("names.txt");
    vg_ident_line l;
    while (vg_ident_next(&file, &l)) {
        for (int c = 0; c < MATCH_CLASSES; c++) {
            if (vg_str_eqc(l.word[0], CLASSES[c])) {
                load_line(t, &l, c);
            }
        }
    }
    norm(&t->codes);
    norm(&t->folds);
    for (size_t i = 0; i < t->folds.n; i++) {
        match_form_make(t->folds.v[i].text, &t->folds.v[i].form);
    }
    return t;
}

void match_names_destroy(match_names *t)
{
    if (t) {
        match_map_done(&t->codes.map);
        match_map_done(&t->folds.map);
        match_map_done(&t->learnt.map);
        free(t->learnt.v);
        free(t->codes.v);
        free(t->folds.v);
        free(t);
    }
}

bool match_names_has(const match_names *t, const char *fold)
{
    return find(&t->folds, fold) || find(&t->learnt, fold);
}

void match_names_learn(match_names *t, const char *fold)
{
    const size_t n = strlen(fold);
    if (n > 1 && n < 8 && !match_names_has(t, fold)) {
        add(&t->learnt, fold, 0, TAIL);
    }
}

double match_names_share(const match_names *t, const char *fold)
{
    const item *i = find(&t->folds, fold);
    double sum = i || !find(&t->learnt, fold) ? 0 : TAIL;
    for (int c = 0; i && c < MATCH_CLASSES; c++) {
        sum += i->share[c] / MATCH_CLASSES;
    }
    return sum;
}

typedef struct shares {
    double of[MATCH_CLASSES];
} shares;

static shares of_fold(const match_names *t, const char *fold)
{
    const item *known = find(&t->folds, fold);
    match_form w;
    shares s;
    match_form_make(fold, &w);
    for (int c = 0; c < MATCH_CLASSES; c++) {
        s.of[c] = TAIL + (known ? known->share[c] : 0);
    }
    for (size_t i = 0; (!known || w.initial) && i < t->folds.n; i++) {
        const match_near n = match_near_of(&w, &t->folds.v[i].form);
        if (n.bits > (float)MATCH_NEVER && n.bits < 0) {
            const double p = exp2((double)n.bits);
            for (int c = 0; c < MATCH_CLASSES; c++) {
                s.of[c] += p * t->folds.v[i].share[c];
            }
        }
    }
    return s;
}

// With marks: that syllable itself; one whose letters are known and whose marks are not is a common one with
// wrong marks, or rare.
static shares of_code(const match_names *t, const match_syllable *m, const shares *folded)
{
    const item *known = find(&t->codes, m->code);
    shares s = *folded;
    if (!known && !find(&t->folds, m->fold)) {
        return s;
    }
    for (int c = 0; c < MATCH_CLASSES; c++) {
        s.of[c] = TAIL + (known ? known->share[c] : exp2(MATCH_W_MARKS) * folded->of[c]);
    }
    return s;
}

static double order_share(size_t family, size_t given, size_t n)
{
    const double ways = (double)(n * (n - 1));
    if (family == 0 && given == n - 1) {
        return ways > 1 ? NATURAL : 1;
    }
    return (1 - NATURAL) / (ways - 1);
}

static double of_name(const shares *s, size_t n)
{
    static const double MIDDLES[MATCH_SYLLABLES] = {0.085, 0.645, 0.23,  0.03,
                                                    0.007, 0.002, 0.001, 0.0005};
    double sum = 0;
    if (n == 1) {
        return (s[0].of[MATCH_FAMILY] + s[0].of[MATCH_GIVEN_M] + s[0].of[MATCH_GIVEN_F]) / 3;
    }
    for (size_t f = 0; f < n; f++) {
        for (size_t g = 0; g < n; g++) {
            double m = s[f].of[MATCH_FAMILY] * s[g].of[MATCH_GIVEN_M] / 2;
            double w = s[f].of[MATCH_FAMILY] * s[g].of[MATCH_GIVEN_F] / 2;
            for (size_t i = 0; i < n && f != g; i++) {
                m *= i == f || i == g ? 1 : s[i].of[MATCH_MIDDLE_M];
                w *= i == f || i == g ? 1 : s[i].of[MATCH_MIDDLE_F];
            }
            sum += f == g ? 0 : order_share(f, g, n) * (m + w);
        }
    }
    return sum * MIDDLES[n - 2];
}

void match_names_odds(const match_names *t, const match_name *n, match_odds *ret)
{
    shares folded[MATCH_SYLLABLES] = {0}, marked[MATCH_SYLLABLES] = {0};
    *ret = (match_odds){0};
    for (size_t i = 0; i < n->n; i++) {
        folded[i] = of_fold(t, n->s[i].fold);
        marked[i] = n->marks ? of_code(t, &n->s[i], &folded[i]) : folded[i];
        const double middle = (marked[i].of[MATCH_MIDDLE_M] + marked[i].of[MATCH_MIDDLE_F]) / 2;
        ret->extra[i] = MATCH_W_EXTRA + log2(middle);
    }
    ret->bits[0] = n->n ? log2(of_name(folded, n->n)) : 0;
    ret->bits[1] = n->n ? log2(of_name(marked, n->n)) : 0;
}
