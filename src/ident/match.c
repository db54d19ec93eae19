// SPDX-License-Identifier: Apache-2.0
// The list and its index. An entry scores log2 P(what is written | this person) - log2 P(what is written |
// anybody): the weights of Fellegi and Sunter ("A theory for record linkage", Journal of the American
// Statistical Association 64, 1969), the second part by how common the very name is (match_names.c), as Newcombe
// did it. Whether to ask is told by how many of all visitors would fit as well.
//
// The index is exact: an entry that fits only in syllables so common that it could not be told even if the year
// fitted too is never looked at, and every other one is. What ended stays in memory, marked, until the list is
// made anew.
#include "ident/match_score.h"

#include <math.h>

enum { VISITORS = 50000 };

const char *vg_match_why_name(int bit)
{
    static const char *const NAMES[] = {
#define X(name, word) word,
        VG_MATCH_WHYS(X)
#undef X
    };
    return bit >= 0 && bit < VG_MATCH_N_WHYS ? NAMES[bit] : NULL;
}

typedef struct entry {
    char ref[VG_ID_TEXT];
    vg_match_doc doc;
    int16_t birth_year;
    bool alive;
    uint32_t first, n;  // records
} entry;

typedef struct posting {  // records that have a fold
    uint32_t *v;
    uint32_t n, cap;
} posting;

struct vg_match_list {
    match_names *names;
    double visitors;
    entry *e;
    match_record *r;
    match_form *fold;
    posting *post;
    uint32_t n_e, cap_e, n_r, cap_r, n_fold, cap_fold, alive;
    match_map refs, docs, last4s, folds;
};

vg_match_list *vg_match_list_create(double visitors)
{
    vg_match_list *l = vg_alloc(sizeof *l);
    l->names = match_names_create();
    l->visitors = visitors > 0 ? visitors : VISITORS;
    return l;
}

void vg_match_list_destroy(vg_match_list *l)
{
    if (!l) {
        return;
    }
    for (uint32_t i = 0; i < l->n_fold; i++) {
        free(l->post[i].v);
    }
    match_names_destroy(l->names);
    match_map_done(&l->refs);
    match_map_done(&l->docs);
    match_map_done(&l->last4s);
    match_map_done(&l->folds);
    free(l->e);
    free(l->r);
    free(l->fold);
    free(l->post);
    free(l);
}

size_t vg_match_count(const vg_match_list *l)
{
    return l->alive;
}

static uint32_t fold_id(vg_match_list *l, const char *fold)
{
    const uint64_t h = match_hash(fold, strlen(fold));
    for (uint32_t at = 0; (at = match_map_next(&l->folds, h, at));) {
        const uint32_t id = l->folds.node[at].value;
        if (strcmp(l->fold[id].fold, fold) == 0) {
            return id;
        }
    }
    if (l->n_fold == l->cap_fold) {
        l->cap_fold = l->cap_fold ? l->cap_fold * 2 : 256;
        l->fold = vg_realloc(l->fold, l->cap_fold * sizeof *l->fold);
        l->post = vg_realloc(l->post, l->cap_fold * sizeof *l->post);
    }
    match_form_make(fold, &l->fold[l->n_fold]);
    l->post[l->n_fold] = (posting){0};
    match_map_put(&l->folds, h, l->n_fold);
    return l->n_fold++;
}

static void post(posting *p, uint32_t record)
{
    if (p->n && p->v[p->n - 1] == record) {
        return;  // the syllable stands twice in the name
    }
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 4;
        p->v = vg_realloc(p->v, p->cap * sizeof *p->v);
    }
    p->v[p->n++] = record;
}

static void add_name(vg_match_list *l, vg_str text, uint32_t of, uint8_t which)
{
    match_name n;
    if (!match_parse(l->names, text, true, &n)) {
        return;
    }
    if (l->n_r == l->cap_r) {
        l->cap_r = l->cap_r ? l->cap_r * 2 : 256;
        l->r = vg_realloc(l->r, l->cap_r * sizeof *l->r);
    }
    match_record *r = &l->r[l->n_r];
    *r = (match_record){
        .entry = of, .which = which, .n = n.n, .marks = n.marks, .birth_year = l->e[of].birth_year};
    for (size_t i = 0; i < n.n; i++) {
        r->fold[i] = fold_id(l, n.s[i].fold);
        match_names_learn(l->names, n.s[i].fold);
        memcpy(r->code[i], n.s[i].code, sizeof r->code[i]);
        r->thi |= (uint8_t)((strcmp(n.s[i].fold, "thi") == 0) << i);
        post(&l->post[r->fold[i]], l->n_r);
    }
    l->n_r++;
    l->e[of].n++;
}

static uint64_t doc_key(const vg_match_doc *d)
{
    return match_hash(d->hash, VG_MATCH_HASH) + d->kind;
}

static entry *alive(const vg_match_list *l, const char *ref)
{
    const uint64_t h = match_hash(ref, strlen(ref));
    for (uint32_t at = 0; (at = match_map_next(&l->refs, h, at));) {
        entry *e = &l->e[l->refs.node[at].value];
        if (e->alive && strcmp(e->ref, ref) == 0) {
            return e;
        }
    }
    return NULL;
}

bool vg_match_end(vg_match_list *l, const char *ref)
{
    entry *e = alive(l, ref);
    if (e) {
        e->alive = false;
        l->alive--;
    }
    return e != NULL;
}

void vg_match_add(vg_match_list *l, const vg_match_entry *given)
{
    (void)vg_match_end(l, given->ref);
    if (l->n_e == l->cap_e) {
        l->cap_e = l->cap_e ? l->cap_e * 2 : 256;
        l->e = vg_realloc(l->e, l->cap_e * sizeof *l->e);
    }
    const uint32_t id = l->n_e++;
    l->e[id] = (entry){.doc = given->doc,
                       .birth_year = (int16_t)given->birth_year,
                       .alive = true,
                       .first = l->n_r};
    memcpy(l->e[id].ref, given->ref, sizeof l->e[id].ref);
    l->e[id].ref[VG_ID_TEXT - 1] = '\0';
    l->alive++;
    match_map_put(&l->refs, match_hash(l->e[id].ref, strlen(l->e[id].ref)), id);
    if (given->doc.kind) {
        match_map_put(&l->docs, doc_key(&given->doc), id);
    }
    if (*given->doc.last4) {
        match_map_put(&l->last4s, match_hash(given->doc.last4, 4), id);
    }
    for (size_t i = 0; i < given->n_names && i < VG_MATCH_NAMES; i++) {
        add_name(l, given->names[i], id, (uint8_t)i);
    }
}

// --- finding ----------------------------------------------------------------------------------------

typedef struct hit {
    double score, others;
    uint32_t entry, why;
    uint8_t which;
    bool ask;
} hit;

typedef struct finder {
    const vg_match_list *l;
    const vg_match_query *q;
    double ask;       // bits from which on it asks
    match_written w;  // one reading of the name
    match_near *near;
    bool documents;  // looking by document, which may outweigh all else
    uint8_t *seen;   // a bit a record
    hit *h;
    size_t n, cap;
} finder;

static void keep(finder *f, const hit *h)
{
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 32;
        f->h = vg_realloc(f->h, f->cap * sizeof *f->h);
    }
    f->h[f->n++] = *h;
}

// The document, in bits, with why; *ret_sure: it alone says more than a name does.
static double document(const finder *f, const entry *e, uint32_t *why, bool *ret_sure)
{
    const vg_match_doc *d = f->q->doc;
    const bool both = d && *d->last4 && *e->doc.last4;
    const bool ends = both && strncmp(d->last4, e->doc.last4, 4) == 0;
    *ret_sure = ends;
    if (d && d->kind && e->doc.kind == d->kind) {
        if (memcmp(d->hash, e->doc.hash, VG_MATCH_HASH) == 0) {
            *ret_sure = true;
            *why |= VG_MATCH_DOC_SAME;
            return MATCH_W_DOC_SAME;
        }
        *why |= VG_MATCH_DOC_OTHER | (ends ? VG_MATCH_DOC_LAST4 : 0);
        return ends ? MATCH_W_DOC_SLIP : MATCH_W_DOC_OTHER;
    }
    if (both && !e->doc.kind) {
        *why |= ends ? VG_MATCH_DOC_LAST4 : 0;
        return ends ? MATCH_W_LAST4 : MATCH_W_LAST4_OTHER;
    }
    *ret_sure = false;
    return 0;
}

static void score(finder *f, uint32_t record)
{
    const match_record *r = &f->l->r[record];
    const double anybody = f->w.odds.bits[f->w.name.marks && r->marks];
    uint32_t why = 0;
    bool sure;
    const double year = match_year(f->q->birth_year, r->birth_year, &why);
    if (!f->documents && year + match_at_most(&f->w, r) - anybody < f->ask + MATCH_W_SHOW) {
        return;
    }
    const entry *e = &f->l->e[r->entry];
    const double doc = document(f, e, &why, &sure);
    if (!e->alive) {
        return;
    }
    double name = match_alignment(&f->w, r, &why) - anybody;
    const bool same_doc = (why & VG_MATCH_DOC_SAME) != 0;
    if (same_doc && name < 0) {
        why |= VG_MATCH_DOC_NAME_OTHER;
    }
    why |= name > log2(f->l->visitors) && !(why & VG_MATCH_DOC_NAME_OTHER) ? VG_MATCH_RARE : 0;
    name = same_doc && name + year < -10 ? -10 - year : name;
    const double all = name + year + doc;
    if (all >= f->ask + MATCH_W_SHOW) {
        keep(f, &(hit){.score = all,
                       .others = f->l->visitors * exp2(-all),
                       .entry = r->entry,
                       .why = why,
                       .which = r->which,
                       .ask = all >= f->ask});
    }
}

static void score_once(finder *f, uint32_t record)
{
    uint8_t *byte = &f->seen[record / 8];
    const uint8_t bit = (uint8_t)(1U << record % 8);
    if (!(*byte & bit)) {
        *byte |= bit;
        score(f, record);
    }
}

static void score_entry(finder *f, uint32_t id)
{
    const entry *e = &f->l->e[id];
    for (uint32_t i = 0; i < e->n; i++) {
        score_once(f, e->first + i);
    }
    if (e->n == 0 && e->alive) {  // a list of numbers only
        uint32_t why = 0;
        bool sure;
        const double doc = document(f, e, &why, &sure);
        const double all = doc + match_year(f->q->birth_year, e->birth_year, &why);
        if (why & VG_MATCH_DOC_SAME) {
            keep(f, &(hit){.score = all,
                           .others = f->l->visitors * exp2(-all),
                           .entry = id,
                           .why = why,
                           .ask = true});
        }
    }
}

static void by_document(finder *f)
{
    const vg_match_doc *d = f->q->doc;
    if (d && d->kind) {
        const uint64_t h = doc_key(d);
        for (uint32_t at = 0; (at = match_map_next(&f->l->docs, h, at));) {
            const uint32_t id = f->l->docs.node[at].value;
            if (memcmp(f->l->e[id].doc.hash, d->hash, VG_MATCH_HASH) == 0) {
                score_entry(f, id);
            }
        }
    }
    if (d && *d->last4) {
        const uint64_t h = match_hash(d->last4, strnlen(d->last4, 4));
        for (uint32_t at = 0; (at = match_map_next(&f->l->last4s, h, at));) {
            score_entry(f, f->l->last4s.node[at].value);
        }
    }
}

// How many records have something like each syllable written.
static void prepare(finder *f, uint32_t posts[MATCH_SYLLABLES])
{
    const vg_match_list *l = f->l;
    for (size_t j = 0; j < f->w.name.n; j++) {
        match_form form;
        match_form_make(f->w.name.s[j].fold, &form);
        f->w.near[j] = f->near + j * l->n_fold;
        posts[j] = 0;
        for (uint32_t i = 0; i < l->n_fold; i++) {
            f->near[j * l->n_fold + i] = match_near_of(&form, &l->fold[i]);
            posts[j] += f->near[j * l->n_fold + i].bits > (float)MATCH_NEVER ? l->post[i].n : 0;
        }
    }
}

// The syllables to look by: all but the commonest, as long as an entry that has none of the others cannot be
// told. Returns them as bits.
static uint32_t telling(const finder *f, const uint32_t posts[MATCH_SYLLABLES])
{
    const match_odds *o = &f->w.odds;
    uint32_t by = (1U << f->w.name.n) - 1;
    double most = -fmin(o->bits[0], o->bits[1]);
    const double need = f->ask + MATCH_W_SHOW - (f->q->birth_year ? MATCH_W_YEAR_SAME : 0);
    for (size_t j = 0; j < f->w.name.n; j++) {
        most += o->extra[j];
    }
    for (;;) {
        size_t top = MATCH_SYLLABLES;
        for (size_t j = 0; j < f->w.name.n; j++) {
            if (by >> j & 1 && (top == MATCH_SYLLABLES || posts[j] > posts[top])) {
                top = j;
            }
        }
        if (top == MATCH_SYLLABLES || most - o->extra[top] >= need) {
            return by;
        }
        most -= o->extra[top];
        by &= ~(1U << top);
    }
}

static void by_name(finder *f, const uint32_t posts[MATCH_SYLLABLES])
{
    const uint32_t by = telling(f, posts);
    for (size_t j = 0; j < f->w.name.n; j++) {
        for (uint32_t i = 0; by >> j & 1 && i < f->l->n_fold; i++) {
            if (f->w.near[j][i].bits <= (float)MATCH_NEVER) {
                continue;
            }
            for (uint32_t k = 0; k < f->l->post[i].n; k++) {
                score_once(f, f->l->post[i].v[k]);
            }
        }
    }
}

static void read_as(finder *f, bool cut)
{
    const size_t bytes = f->l->n_r / 8 + 1;
    uint32_t posts[MATCH_SYLLABLES] = {0};
    if (match_parse(f->l->names, f->q->name, cut, &f->w.name)) {
        if (cut && !f->w.name.joined) {
            return;  // that was the first reading
        }
        match_names_odds(f->l->names, &f->w.name, &f->w.odds);
        f->near = vg_alloc((size_t)f->w.name.n * f->l->n_fold * sizeof *f->near + 1);
    } else {
        f->w.odds = (match_odds){0};
        f->w.name.n = 0;
    }
    f->seen = vg_alloc(bytes);
    prepare(f, posts);
    f->documents = true;
    by_document(f);
    f->documents = false;
    by_name(f, posts);
    free(f->seen);
    free(f->near);
    f->near = NULL;
}

static int by_entry(const void *a, const void *b)
{
    const hit *x = a, *y = b;
    if (x->entry != y->entry) {
        return x->entry < y->entry ? -1 : 1;
    }
    return (x->score < y->score) - (x->score > y->score);
}

static int by_score(const void *a, const void *b)
{
    const hit *x = a, *y = b;
    if (x->score != y->score) {
        return x->score > y->score ? -1 : 1;
    }
    return (x->entry > y->entry) - (x->entry < y->entry);
}

size_t vg_match_find(const vg_match_list *l, const vg_match_query *q, vg_match_candidate *out,
                     size_t cap)
{
    finder f = {.l = l, .q = q, .ask = log2(l->visitors / MATCH_OTHERS)};
    size_t n = 0;
    read_as(&f, false);
    read_as(&f, true);
    if (f.n) {
        qsort(f.h, f.n, sizeof *f.h, by_entry);
    }
    for (size_t i = 0; i < f.n; i++) {  // the best of each entry
        if (n == 0 || f.h[n - 1].entry != f.h[i].entry) {
            f.h[n++] = f.h[i];
        }
    }
    if (n) {
        qsort(f.h, n, sizeof *f.h, by_score);
    }
    n = n < cap ? n : cap;
    for (size_t i = 0; i < n; i++) {
        const hit *h = &f.h[i];
        out[i] = (vg_match_candidate){.score = h->score,
                                      .others = h->others,
                                      .why = h->why,
                                      .name = h->which,
                                      .advice = h->ask ? VG_MATCH_ASK : VG_MATCH_NONE};
        memcpy(out[i].ref, l->e[h->entry].ref, sizeof out[i].ref);
    }
    free(f.h);
    return n;
}
