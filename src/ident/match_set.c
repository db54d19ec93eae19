// SPDX-License-Identifier: Apache-2.0
// Generated people are not real ones: names are drawn syllable by syllable, years evenly, and each name is
// written in one way (some of them without marks besides). What the figures say is how the matcher does on these
// ways in these shares, and how often two invented people are alike.
#include "ident/match_set.h"

#include "ident/match_write.h"
#include "ident/table.h"

#include <assert.h>

enum { CLASSES = 5, FIRST_YEAR = 1960, YEARS = 45, RARE = 30, CANDIDATES = 8, DIGITS = 12 };
#define NUMBERS UINT64_C(1000000000000)

typedef struct share {
    char text[16];
    double upto;  // running sum
} share;

struct vg_match_set {
    match_dice dice;
    share *class[CLASSES];
    size_t n[CLASSES];
    double middles[2][4];
};

const char *vg_match_kind_name(int kind)
{
    static const char *const NAMES[] = {
#define X(name, word, share) word,
        VG_MATCH_KINDS(X)
#undef X
    };
    return kind >= 0 && kind < VG_MATCH_N_KINDS ? NAMES[kind] : NULL;
}

static double number(vg_str *rest)
{
    char z[16];
    const char *blank = memchr(rest->p, ' ', rest->n);
    const vg_str one = {rest->p, blank ? (size_t)(blank - rest->p) : rest->n};
    snprintf(z, sizeof z, "%.*s", VG_FMT(one));
    *rest = vg_str_trim((vg_str){rest->p + one.n, rest->n - one.n});
    return strtod(z, NULL);
}

static void load(vg_match_set *s, int c, double each, vg_str rest)
{
    while (rest.n) {
        const char *blank = memchr(rest.p, ' ', rest.n);
        const vg_str one = {rest.p, blank ? (size_t)(blank - rest.p) : rest.n};
        const double before = s->n[c] ? s->class[c][s->n[c] - 1].upto : 0;
        s->class[c] = vg_realloc(s->class[c], (s->n[c] + 1) * sizeof **s->class);
        share *at = &s->class[c][s->n[c]++];
        snprintf(at->text, sizeof at->text, "%.*s", VG_FMT(one));
        at->upto = before + each;
        rest = vg_str_trim((vg_str){rest.p + one.n, rest.n - one.n});
    }
}

vg_match_set *vg_match_set_create(uint64_t seed)
{
    static const char *const NAMES[] = {"family",  "middle_m",  "middle_f", "given_m",
                                        "given_f", "middles_m", "middles_f"};
    vg_match_set *s = vg_alloc(sizeof *s);
    vg_str file = vg_ident_file("names.txt");
    vg_ident_line l;
    s->dice.s = seed;
    while (vg_ident_next(&file, &l)) {
        int c = 0;
        while (!vg_str_eqc(l.word[0], NAMES[c])) {
            c++;
            assert(c < (int)VG_LEN(NAMES));
        }
        const double first = number(&l.word[1]);
        if (c < CLASSES) {
            load(s, c, first, l.rest);
            continue;
        }
        s->middles[c - CLASSES][0] = first;
        for (size_t i = 1; i < VG_LEN(s->middles[0]); i++) {
            s->middles[c - CLASSES][i] = number(&l.rest);
        }
    }
    return s;
}

void vg_match_set_destroy(vg_match_set *s)
{
    for (int c = 0; s && c < CLASSES; c++) {
        free(s->class[c]);
    }
    free(s);
}

uint64_t vg_match_set_below(vg_match_set *s, uint64_t n)
{
    return match_dice_below(&s->dice, n);
}

static double unit(vg_match_set *s)
{
    return (double)match_dice_below(&s->dice, UINT64_C(1) << 40) / (double)(UINT64_C(1) << 40);
}

// A syllable of the class; three of a hundred stand in no table.
static void draw(vg_match_set *s, int c, char out[16])
{
    static const char *const ON[] = {"b", "ch",  "đ",  "gi", "kh", "l",
                                     "m", "ngh", "ph", "tr", "v",  "x"};
    static const char *const RHYME[] = {"iêm", "ạc", "iếu", "ôi", "uyết", "ằm", "ẩu",
                                        "ên",  "oi", "ơn",  "úc", "ịch",  "on", "et"};
    if (match_dice_below(&s->dice, 1000) < RARE) {
        snprintf(out, 16, "%s%s", ON[match_dice_below(&s->dice, VG_LEN(ON))],
                 RHYME[match_dice_below(&s->dice, VG_LEN(RHYME))]);
        return;
    }
    const double at = unit(s) * s->class[c][s->n[c] - 1].upto;
    size_t i = 0;
    while (i + 1 < s->n[c] && s->class[c][i].upto < at) {
        i++;
    }
    snprintf(out, 16, "%s", s->class[c][i].text);
}

void vg_match_set_person(vg_match_set *s, vg_match_person *ret)
{
    const int woman = match_dice_below(&s->dice, 2) == 0;
    char word[16];
    vg_buf b;
    vg_buf_init(&b, VG_MATCH_SET_NAME);
    draw(s, 0, word);
    vg_buf_c(&b, word);
    double at = unit(s) * 100;
    int n = 0;
    while (n < 3 && at >= s->middles[woman][n]) {
        at -= s->middles[woman][n++];
    }
    for (int i = 0; i < n; i++) {
        do {
            draw(s, 1 + woman, word);
        } while (i && (strcmp(word, "thị") == 0 || strcmp(word, "văn") == 0));
        vg_buf_f(&b, " %s", word);
    }
    draw(s, 3 + woman, word);
    vg_buf_f(&b, " %s", word);
    match_write_title(vg_buf_z(&b), ret->name);
    vg_buf_done(&b);
    ret->birth_year = FIRST_YEAR + (int)match_dice_below(&s->dice, YEARS);
    ret->number = match_dice_below(&s->dice, NUMBERS);
}

bool vg_match_set_write_as(vg_match_set *s, int kind, const char *name, char out[VG_MATCH_SET_NAME])
{
    return match_write(&s->dice, kind, name, out);
}

int vg_match_set_write(vg_match_set *s, const char *name, char out[VG_MATCH_SET_NAME])
{
    static const int SHARES[] = {
#define X(name, word, share) share,
        VG_MATCH_KINDS(X)
#undef X
    };
    for (;;) {
        int at = (int)match_dice_below(&s->dice, 100), kind = 0;
        while (at >= SHARES[kind]) {
            at -= SHARES[kind++];
        }
        if (match_write(&s->dice, kind, name, out)) {
            return kind;
        }
    }
}

// --- the trial --------------------------------------------------------------------------------------

static vg_match_doc doc_of(uint64_t number, uint8_t kind)
{
    vg_match_doc d = {.kind = kind};
    for (size_t i = 0; i < VG_MATCH_HASH / sizeof number; i++) {
        const uint64_t part = (number + i) * UINT64_C(0x9E3779B97F4A7C15);
        memcpy(d.hash + i * sizeof part, &part, sizeof part);
    }
    snprintf(d.last4, sizeof d.last4, "%04d", (int)(number % 10000));
    return d;
}

static void ref_of(size_t i, char out[VG_ID_TEXT])
{
    snprintf(out, VG_ID_TEXT, "%08x", (unsigned)i);
}

static bool one_in(vg_match_set *s, int of_hundred)
{
    return (int)match_dice_below(&s->dice, 100) < of_hundred;
}

vg_match_list *vg_match_trial_list(vg_match_set *s, const vg_match_trial *t,
                                   vg_match_person *ret_people)
{
    vg_match_list *l = vg_match_list_create(0);
    for (size_t i = 0; i < t->entries; i++) {
        vg_match_person *p = &ret_people[i];
        vg_match_set_person(s, p);
        const bool known = one_in(s, t->docs_listed);
        const vg_str name = vg_str_c(p->name);
        vg_match_entry e = {.names = &name, .n_names = 1, .birth_year = p->birth_year};
        e.doc = known ? doc_of(p->number, 1) : (vg_match_doc){0};
        ref_of(i, e.ref);
        vg_match_add(l, &e);
    }
    return l;
}

// One in a hundred gives another year than the list has: a year off, digits swapped, or any.
static int year_of(vg_match_set *s, int year)
{
    if (match_dice_below(&s->dice, 100)) {
        return year;
    }
    switch (match_dice_below(&s->dice, 4)) {
    case 0:
        return year + 1;
    case 1:
        return year - 1;
    case 2:
        return year / 100 * 100 + year % 10 * 10 + year / 10 % 10;
    default:
        return FIRST_YEAR + (int)match_dice_below(&s->dice, YEARS);
    }
}

// Of a hundred who are on the list and show a document, 88 show the one that the list knows, 10 one of another
// kind, 1 the one that the list has with a wrong digit, and 1 another number of that kind.
static vg_match_doc shown(vg_match_set *s, const vg_match_person *p, bool listed)
{
    const uint64_t now = listed ? match_dice_below(&s->dice, 100) : 0;
    if (now == 98) {
        uint64_t place = 1;
        for (uint64_t i = match_dice_below(&s->dice, DIGITS); i; i--) {
            place *= 10;
        }
        return doc_of(p->number / place % 10 ? p->number - place : p->number + place, 1);
    }
    return now < 88 ? doc_of(p->number, 1)
                    : doc_of(match_dice_below(&s->dice, NUMBERS), now < 98 ? 2 : 1);
}

typedef struct visit {
    char name[VG_MATCH_SET_NAME];
    vg_match_candidate c[CANDIDATES];
    size_t n;
    int kind;
} visit;

static void come(vg_match_set *s, const vg_match_list *l, const vg_match_trial *t,
                 const vg_match_person *p, visit *v)
{
    v->kind = vg_match_set_write(s, p->name, v->name);
    const bool listed = v->n != 0;
    const vg_match_doc d = shown(s, p, listed);
    const bool shows = one_in(s, t->docs_shown);
    const int year = listed ? year_of(s, p->birth_year) : p->birth_year;
    const vg_match_query q = {
        .name = vg_str_c(v->name), .birth_year = t->years ? year : 0, .doc = shows ? &d : NULL};
    v->n = vg_match_find(l, &q, v->c, CANDIDATES);
}

static int by_name(const void *a, const void *b)
{
    const vg_match_person *x = a, *y = b;
    const int c = strcmp(x->name, y->name);
    return c ? c : (x->birth_year > y->birth_year) - (x->birth_year < y->birth_year);
}

void vg_match_trial_run(vg_match_set *s, const vg_match_trial *t, vg_match_figures *ret)
{
    vg_match_person *people = vg_alloc(t->entries * sizeof *people), p;
    vg_match_list *l = vg_match_trial_list(s, t, people);
    *ret = (vg_match_figures){.listed = t->listed, .others = t->others};
    for (size_t i = 0; i < t->listed; i++) {
        const size_t at = (size_t)match_dice_below(&s->dice, t->entries);
        visit v = {.n = 1};
        bool found = false;
        come(s, l, t, &people[at], &v);
        for (size_t k = 0; k < v.n; k++) {
            char ref[VG_ID_TEXT];
            ref_of(at, ref);
            found = found || (v.c[k].advice == VG_MATCH_ASK && strcmp(v.c[k].ref, ref) == 0);
        }
        ret->found += found;
        ret->kind[v.kind]++;
        ret->kind_found[v.kind] += found;
    }
    qsort(people, t->entries, sizeof *people, by_name);
    for (size_t i = 0; i < t->others; i++) {
        visit v = {.n = 0};
        vg_match_set_person(s, &p);
        ret->twins += bsearch(&p, people, t->entries, sizeof p, by_name) != NULL;
        come(s, l, t, &p, &v);
        ret->asked += v.n && v.c[0].advice == VG_MATCH_ASK;
    }
    vg_match_list_destroy(l);
    free(people);
}
