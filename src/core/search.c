// SPDX-License-Identifier: Apache-2.0
// GET /search. Every word asked for must be in the row; the last one may be the beginning of a word, and marks
// do not matter. The words of a row are looked up label by label, for the labels the reader sees, so that
// nothing else is touched; the rarest word gives the candidates, the others are checked on them. Of a very
// common word only the newest rows of each label are looked at: `complete` is false then, and a further word
// helps. What is shown of a row is read from its view, as a list would.
//
// Rank: the sum over the words asked of 4 (first word of the title), 3 (title), 2 (second line) or 1 (else),
// twice that for a whole word; equal ranks by age, newest first. Groups stand in the order of their best row.
#include "core/core_impl.h"

#include "core/search_impl.h"

enum {
    MAX_ASKED = 6,
    SCAN = 4096,
    ENOUGH = 1024,
    LEAST_PER_LABEL = 8,
    GROUPS = 64,
    MAX_SHOWN = 50
};

const vg_field vg_search_fields[] = {
    {"q", VG_F_TEXT, VG_REQUIRED, .max = 100},
    {"limit", VG_F_INT, .min = 1, .max = MAX_SHOWN},
    {"resource", VG_F_TEXT, .max = 40},
    {0},
};

typedef struct asked {
    search_word w;
    bool prefix;
    char end[SEARCH_WORD + 8];  // first text behind all that begin with it
} asked;

typedef struct hit {
    int64_t doc, at, kind;
    int32_t score;
} hit;

typedef struct hits {
    hit *v;
    size_t n;
    bool complete;
} hits;

typedef struct finder {
    vg_read *rd;
    int32_t *label;  // those the reader sees
    size_t n_labels;
    int64_t per_label;
    asked word[MAX_ASKED];
    size_t n_words;
} finder;

// --- what is asked ------------------------------------------------------------------------------
static vg_str text(const asked *a)
{
    return (vg_str){a->w.w, a->w.n};
}

static vg_str end(const asked *a)
{
    return vg_str_c(a->end);
}

// Longest first: they are the rarest. The last one typed stays a prefix wherever it goes.
static void by_length(asked *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const asked x = v[i];
        size_t k = i;
        for (; k && v[k - 1].w.n < x.w.n; k--) {
            v[k] = v[k - 1];
        }
        v[k] = x;
    }
}

static void ask(finder *f, vg_str q)
{
    search_word w[MAX_ASKED];
    f->n_words = search_words(q, 1, w, 0, MAX_ASKED);
    for (size_t i = 0; i < f->n_words; i++) {
        asked *a = &f->word[i];
        *a = (asked){.w = w[i], .prefix = i + 1 == f->n_words};
        // behind every character: U+10FFFF
        snprintf(a->end, sizeof a->end, "%.*s\xF4\x8F\xBF\xBF", (int)w[i].n, w[i].w);
    }
    by_length(f->word, f->n_words);
}

static vg_status see(finder *f, vg_err *err)
{
    const vg_principal *p = f->rd->who;
    f->label = vg_arena_get(f->rd->arena, (p->scope_labels + 1) * sizeof *f->label);
    if (!f->label) {
        return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%zu", p->scope_labels);
    }
    for (size_t i = 0; i < p->scope_labels; i++) {
        if (p->scope_bits[i >> 6] >> (i & 63) & 1) {
            f->label[f->n_labels++] = (int32_t)i;
        }
    }
    f->per_label = f->n_labels ? SCAN / (int64_t)f->n_labels : 0;
    f->per_label = f->per_label < LEAST_PER_LABEL ? LEAST_PER_LABEL : f->per_label;
    return VG_OK;
}

// --- candidates ---------------------------------------------------------------------------------
// The rows of one label that one statement gives; how many.
static vg_status gather(const finder *f, const char *sql, const vg_val *v, size_t n, hits *h,
                        vg_err *err)
{
    vg_rows *r;
    int64_t found = 0;
    VG_TRY(vg_rows_open(f->rd->db, sql, v, n, &r, err));
    while (h->n < SCAN * 2 && vg_rows_next(r)) {
        h->v[h->n++] = (hit){.doc = vg_row_i64(r, 0),
                             .at = vg_row_i64(r, 1),
                             .score = (int32_t)vg_row_i64(r, 2),
                             .kind = vg_row_i64(r, 3)};
        found++;
    }
    h->complete = h->complete && found < f->per_label;
    return vg_rows_close(r, err);
}

static int by_doc(const void *a, const void *b)
{
    const hit *x = a, *y = b;
    return x->doc != y->doc ? (x->doc > y->doc) - (x->doc < y->doc)
                            : (y->score > x->score) - (y->score < x->score);
}

// Two words of a row may begin alike: the better one counts.
static void once_each(hits *h)
{
    size_t n = 0;
    qsort(h->v, h->n, sizeof *h->v, by_doc);
    for (size_t i = 0; i < h->n; i++) {
        if (n == 0 || h->v[n - 1].doc != h->v[i].doc) {
            h->v[n++] = h->v[i];
        }
    }
    h->n = n;
}

static vg_status collect(const finder *f, const asked *a, hits *h, vg_err *err)
{
    h->n = 0;
    h->complete = true;
    for (size_t i = 0; i < f->n_labels && h->n < SCAN * 2; i++) {
        VG_TRY(gather(f,
                      "SELECT doc, at, weight * 2, kind FROM v_search_word"
                      " WHERE label = ? AND word = ? ORDER BY at DESC LIMIT ?",
                      VG_VALS(vg_i(f->label[i]), vg_t(text(a)), vg_i(f->per_label)), h, err));
        if (a->prefix) {
            VG_TRY(
                gather(f,
                       "SELECT doc, at, weight, kind FROM v_search_word"
                       " WHERE label = ? AND word > ? AND word < ? ORDER BY word, at DESC LIMIT ?",
                       VG_VALS(vg_i(f->label[i]), vg_t(text(a)), vg_t(end(a)), vg_i(f->per_label)),
                       h, err));
        }
    }
    h->complete = h->complete && h->n < SCAN * 2;
    once_each(h);
    return VG_OK;
}

// Takes the candidates from the rarest word: the first whose rows are few, else the shortest list.
static vg_status candidates(const finder *f, hits *best, size_t *ret_word, vg_err *err)
{
    hits other = {.v = vg_arena_get(f->rd->arena, SCAN * 2 * sizeof(hit))};
    best->v = vg_arena_get(f->rd->arena, SCAN * 2 * sizeof(hit));
    if (!best->v || !other.v) {
        return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%d", SCAN);
    }
    for (size_t i = 0; i < f->n_words; i++) {
        VG_TRY(collect(f, &f->word[i], &other, err));
        const bool better = i == 0 || (other.complete && !best->complete) ||
                            (other.complete == best->complete && other.n < best->n);
        if (better) {
            const hits was = *best;
            *best = other;
            other.v = was.v;
            *ret_word = i;
        }
        if (best->complete && best->n <= ENOUGH) {
            break;
        }
    }
    return VG_OK;
}

// What the word asked for is worth among a row's; 0: it is not there.
static int worth(const asked *a, vg_str words)
{
    int best = 0, weight;
    vg_str word;
    while (search_next_word(&words, &word, &weight)) {
        const bool begins = word.n >= a->w.n && memcmp(word.p, a->w.w, a->w.n) == 0;
        const int now = !begins ? 0 : word.n == a->w.n ? weight * 2 : a->prefix ? weight : 0;
        best = now > best ? now : best;
    }
    return best;
}

// Adds what the other words are worth; a row that lacks one falls out.
static vg_status check(const finder *f, size_t from, hits *h, vg_err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < h->n; i++) {
        vg_rows *r;
        VG_TRY(vg_rows_open(f->rd->db, "SELECT words FROM v_search_doc WHERE doc = ?",
                            VG_VALS(vg_i(h->v[i].doc)), &r, err));
        bool all = vg_rows_next(r);
        const vg_str words = all ? vg_row_str(r, 0) : (vg_str){0};
        for (size_t k = 0; all && k < f->n_words; k++) {
            const int some = k == from ? 0 : worth(&f->word[k], words);
            all = some || k == from;
            h->v[i].score += some;
        }
        VG_TRY(vg_rows_close(r, err));
        if (all) {
            h->v[n++] = h->v[i];
        }
    }
    h->n = n;
    return VG_OK;
}

static int by_rank(const void *a, const void *b)
{
    const hit *x = a, *y = b;
    return x->score != y->score ? y->score - x->score
           : x->at != y->at     ? (y->at > x->at) - (y->at < x->at)
                                : (y->doc > x->doc) - (y->doc < x->doc);
}

static vg_status find(finder *f, hits *h, vg_err *err)
{
    size_t from = 0;
    *h = (hits){.complete = true};
    if (!f->n_words) {
        return VG_OK;
    }
    VG_TRY(candidates(f, h, &from, err));
    if (f->n_words > 1) {
        VG_TRY(check(f, from, h, err));
    }
    qsort(h->v, h->n, sizeof *h->v, by_rank);
    return VG_OK;
}

// --- the answer ---------------------------------------------------------------------------------
typedef struct group {
    const search_source *s;
    int64_t kind, total;
    hit *shown[MAX_SHOWN];
    size_t n;
} group;

static const search_source *allowed(const vg_read *rd, int64_t kind, vg_str only)
{
    const search_source *s = search_of_kind(vg_core_search(rd->core), kind);
    if (!s || !vg_may(rd->who, s->r->permission, NULL)) {
        return NULL;
    }
    return !only.n || vg_str_eqc(only, s->r->name) ? s : NULL;
}

static group *group_of(group *v, size_t *n, int64_t kind)
{
    for (size_t i = 0; i < *n; i++) {
        if (v[i].kind == kind) {
            return &v[i];
        }
    }
    if (*n == GROUPS) {
        return NULL;
    }
    v[*n] = (group){.kind = kind};
    return &v[(*n)++];
}

static void sort_out(vg_read *rd, hits *h, const vg_args *args, group *v, size_t *n)
{
    const size_t limit = (size_t)vg_arg_i64(args, "limit", 5);
    const vg_str only = vg_arg_str(args, "resource");
    for (size_t i = 0; i < h->n; i++) {
        group *g = group_of(v, n, h->v[i].kind);
        if (!g) {
            continue;
        }
        if (!g->total && !g->s) {
            g->s = allowed(rd, g->kind, only);
        }
        g->total += g->s != NULL;
        if (g->s && g->n < limit) {
            g->shown[g->n++] = &h->v[i];
        }
    }
}

static void put_text(vg_jw *w, const char *key, vg_rows *r, int col)
{
    if (!vg_row_null(r, col) && vg_row_str(r, col).n) {
        vg_jw_kstr(w, key, vg_row_str(r, col));
    }
}

static void put_id(vg_read *rd, const vg_resource *r, vg_str id)
{
    char name[VG_EVENT_NAME];
    const bool event = r->cols[0].type == VG_COL_EVENT;
    (void)(event && vg_event_say_stored(vg_opaque_at(rd->db), id, name));
    vg_jw_kstr(&rd->out, "id", event ? vg_str_c(name) : id);
}

static vg_status put_row(vg_read *rd, const search_source *s, const hit *h, vg_err *err)
{
    vg_rows *r;
    vg_str id = {0};
    VG_TRY(vg_rows_open(rd->db, "SELECT id FROM v_search_doc WHERE doc = ?", VG_VALS(vg_i(h->doc)),
                        &r, err));
    if (vg_rows_next(r)) {
        id = vg_str_dup(rd->arena, vg_row_str(r, 0));
    }
    VG_TRY(vg_rows_close(r, err));
    VG_TRY(vg_rows_open(rd->db, s->show, VG_VALS(vg_t(id)), &r, err));
    if (id.n && vg_rows_next(r)) {
        const bool en = rd->who->lang == VG_EN && !vg_row_null(r, 1);
        vg_jw_open(&rd->out, '{');
        put_id(rd, s->r, id);
        put_text(&rd->out, "title", r, en ? 1 : 0);
        put_text(&rd->out, "subtitle", r, 2);
        put_text(&rd->out, "site", r, 3);
        put_text(&rd->out, "parent", r, 4);
        vg_jw_ktime(&rd->out, "at", h->at);
        vg_jw_ki64(&rd->out, "rank", h->score);
        vg_jw_close(&rd->out, '}');
    }
    return vg_rows_close(r, err);
}

static vg_status put_group(vg_read *rd, const group *g, vg_err *err)
{
    vg_jw_open(&rd->out, '{');
    vg_jw_kz(&rd->out, "resource", g->s->r->name);
    vg_jw_ki64(&rd->out, "total", g->total);
    vg_jw_key(&rd->out, "items");
    vg_jw_open(&rd->out, '[');
    for (size_t i = 0; i < g->n; i++) {
        VG_TRY(put_row(rd, g->s, g->shown[i], err));
    }
    vg_jw_close(&rd->out, ']');
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}

vg_status vg_search_read(vg_read *rd, const vg_args *args, vg_err *err)
{
    finder f = {.rd = rd};
    hits h;
    size_t n = 0;
    int64_t total = 0;
    group *v = vg_arena_get(rd->arena, GROUPS * sizeof *v);
    if (!v) {
        return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%d", GROUPS);
    }
    ask(&f, vg_arg_str(args, "q"));
    VG_TRY(see(&f, err));
    VG_TRY(find(&f, &h, err));
    sort_out(rd, &h, args, v, &n);
    vg_jw_open(&rd->out, '{');
    vg_jw_key(&rd->out, "groups");
    vg_jw_open(&rd->out, '[');
    for (size_t i = 0; i < n; i++) {
        total += v[i].total;
        if (v[i].s) {
            VG_TRY(put_group(rd, &v[i], err));
        }
    }
    vg_jw_close(&rd->out, ']');
    vg_jw_ki64(&rd->out, "total", total);
    vg_jw_kbool(&rd->out, "complete", h.complete);
    vg_jw_kbool(&rd->out, "building", vg_search_building(vg_core_search(rd->core)));
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}
