// SPDX-License-Identifier: Apache-2.0
// Files of rules from three places made into one list that loads. The whole is loaded here once, so a list that
// exists is one that an engine takes. What it does not do: choose. Which of the rules people wrote are in force is
// the caller's business (rule_life.c); it gives those.
#include "domain/alerts/rule_set.h"

#include "domain/alerts/brain.h"

#include "domain/alerts/rule_docs.h"
#include "domain/alerts/seen.h"

#include "engine/explain.h"

#include <assert.h>
#include <dirent.h>

enum { FILE_MAX = 1 << 20, DIR_FILES = 200, SAY_BYTES = 1400, STRATA_MAX = 16 };

typedef struct rule_file {
    char name[300];
    char *text;
    size_t n;
    bool of_dir;
} rule_file;

struct alerts_files {
    rule_file *v;
    size_t n, cap;
    vg_embedded *list;
    vg_ruleset *set;
};

static vg_status new_set(const alerts_sources *s, vg_ruleset **ret, vg_err *err)
{
    size_t n_kinds = 0;
    const char *const *kinds = alerts_brain_kinds(&n_kinds);
    vg_ruleset *set = vg_ruleset_create((vg_texts){kinds, n_kinds});
    const vg_status st = vg_ruleset_facts(set, s->facts, s->n_facts, err);
    if (st != VG_OK) {
        vg_ruleset_destroy(set);
        return st;
    }
    *ret = set;
    return VG_OK;
}

static vg_str text_of(const rule_file *f)
{
    return (vg_str){f->text, f->n};
}

// --- the files ----------------------------------------------------------------------------------
static rule_file *add_file(alerts_files *f, vg_str text)
{
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 16;
        f->v = vg_realloc(f->v, f->cap * sizeof *f->v);
    }
    char *copy = vg_alloc(text.n + 1);
    if (text.n) {
        memcpy(copy, text.p, text.n);
    }
    rule_file *x = &f->v[f->n++];
    *x = (rule_file){.text = copy, .n = text.n};
    return x;
}

static vg_status read_file(alerts_files *f, const char *dir, const char *name, vg_err *err)
{
    char path[512];
    char piece[4096];
    vg_buf text;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *in = fopen(path, "re");
    if (!in) {
        return vg_fail(err, VG_EIO, "", NULL, "%s", name);
    }
    vg_buf_init(&text, FILE_MAX);
    for (size_t n; (n = fread(piece, 1, sizeof piece, in)) > 0;) {
        vg_buf_add(&text, piece, n);
    }
    const bool bad = ferror(in) || text.failed;
    fclose(in);
    if (!bad) {
        rule_file *x = add_file(f, vg_buf_str(&text));
        snprintf(x->name, sizeof x->name, "%s", name);
        x->of_dir = true;
    }
    vg_buf_done(&text);
    return bad ? vg_fail(err, VG_ETOOBIG, "", NULL, "%s", name) : VG_OK;
}

static int is_yaml(const struct dirent *d)
{
    const size_t n = strlen(d->d_name);
    return n > 5 && d->d_name[0] != '.' && strcmp(d->d_name + n - 5, ".yaml") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static vg_status read_dir(alerts_files *f, const char *dir, vg_err *err)
{
    struct dirent **list = NULL;
    const int n = dir ? scandir(dir, &list, is_yaml, by_name) : 0;
    vg_status st = VG_OK;
    for (int i = 0; i < n; i++) {
        if (st == VG_OK && i < DIR_FILES) {
            st = read_file(f, dir, list[i]->d_name, err);
        }
        free(list[i]);
    }
    free(list);
    return st;
}

static void drop_dir(alerts_files *f)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (f->v[i].of_dir) {
            free(f->v[i].text);
            f->v[i].text = NULL;
        } else {
            f->v[kept++] = f->v[i];
        }
    }
    f->n = kept;
}

static vg_status load_all(const alerts_files *f, vg_ruleset *set, vg_err *err)
{
    for (size_t i = 0; i < f->n; i++) {
        VG_TRY(vg_ruleset_add(set, f->v[i].name, text_of(&f->v[i]), err));
    }
    return VG_OK;
}

// A slip in the node's own files must not leave it without any rule: the live engine then runs without them.
static vg_status base_files(alerts_files *f, const alerts_sources *s, vg_err *err)
{
    for (const vg_embedded *e = s->shipped; e && e->name; e++) {
        rule_file *x = add_file(f, (vg_str){(const char *)e->data, e->size});
        snprintf(x->name, sizeof x->name, "%s", e->name);
    }
    const size_t shipped = f->n;
    vg_status st = read_dir(f, s->dir, NULL);
    if (f->n > shipped && st == VG_OK) {
        vg_ruleset *set = NULL;
        VG_TRY(new_set(s, &set, err));
        st = load_all(f, set, NULL);
        st = st == VG_OK ? vg_ruleset_finish(set, NULL) : st;
        vg_ruleset_destroy(set);
    }
    if (st != VG_OK) {
        drop_dir(f);
    }
    return VG_OK;
}

// --- what people wrote ----------------------------------------------------------------------------
static bool same_texts(vg_texts a, vg_texts b)
{
    bool same = a.n == b.n;
    for (size_t i = 0; same && i < a.n; i++) {
        same = strcmp(a.v[i], b.v[i]) == 0;
    }
    return same;
}

static bool same_where(const vg_expr *a, const vg_expr *b)
{
    vg_buf x, y;
    if (!a || !b) {
        return a == b;
    }
    vg_buf_init(&x, FILE_MAX);
    vg_buf_init(&y, FILE_MAX);
    vg_expr_print(a, &x);
    vg_expr_print(b, &y);
    const bool same = vg_str_eq(vg_buf_str(&x), vg_buf_str(&y));
    vg_buf_done(&x);
    vg_buf_done(&y);
    return same;
}

static bool same_event(const vg_rule_event *a, const vg_rule_event *b)
{
    return a->verbs == b->verbs && a->authenticated == b->authenticated &&
           same_texts(a->kinds, b->kinds) && same_texts(a->sites, b->sites) &&
           same_texts(a->zones, b->zones) && same_texts(a->devices, b->devices) &&
           same_where(a->where, b->where);
}

static const vg_rule_event *event_of(const vg_ruleset *set, const char *name)
{
    for (size_t i = 0; i < set->n_events; i++) {
        if (strcmp(set->events[i].name, name) == 0) {
            return &set->events[i];
        }
    }
    return NULL;
}

static int line_of(const rule_file *f, const char *doc)
{
    int line = 1;
    for (const char *c = f->text; c < doc; c++) {
        line += *c == '\n';
    }
    return line;
}

// The events of an own file that are known already: left out, or refused.
static vg_status settle_events(const vg_ruleset *known, const vg_ruleset *alone, rule_file *own,
                               vg_err *err)
{
    for (size_t i = 0; i < alone->n_events; i++) {
        const vg_rule_event *e = &alone->events[i], *k = event_of(known, e->name);
        vg_str doc;
        if (!k || !alerts_doc_find(text_of(own), vg_str_c(e->name), &doc)) {
            continue;
        }
        if (!same_event(k, e)) {
            const vg_str from = alerts_doc_trim(doc);
            return vg_fail(err, VG_EINVALID, e->name, "alerts.event_differs", "%s:%d", own->name,
                           line_of(own, from.p));
        }
        alerts_doc_blank(own->text, doc);
    }
    return VG_OK;
}

// The rule that is replaced, in whichever file it stands.
static void leave_out(alerts_files *f, size_t n_base, const char *rule)
{
    for (size_t i = 0; i < n_base; i++) {
        vg_str doc;
        if (alerts_doc_find(text_of(&f->v[i]), vg_str_c(rule), &doc)) {
            alerts_doc_blank(f->v[i].text, doc);
        }
    }
}

static vg_status own_alone(const alerts_sources *s, const rule_file *own, vg_ruleset **ret,
                           vg_err *err)
{
    VG_TRY(new_set(s, ret, err));
    VG_TRY(vg_ruleset_add(*ret, own->name, text_of(own), err));
    return (*ret)->n_rules == 1
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "text", "alerts.rule_one", "%s:1", own->name);
}

vg_status alerts_text_name(const alerts_sources *s, vg_str text, vg_arena *a, const char **ret_name,
                           vg_err *err)
{
    vg_ruleset *set = NULL;
    rule_file x = {.name = ALERTS_DRAFT_FILE, .text = vg_alloc(text.n + 1), .n = text.n};
    if (text.n) {
        memcpy(x.text, text.p, text.n);
    }
    const vg_status st = own_alone(s, &x, &set, err);
    if (st == VG_OK) {
        *ret_name = vg_str_z(a, vg_str_c(set->rules[0].name));
    }
    vg_ruleset_destroy(set);
    free(x.text);
    return st;
}

static vg_status add_own(alerts_files *f, const alerts_sources *s, vg_ruleset **alone, vg_err *err)
{
    const size_t n_base = f->n;
    for (size_t i = 0; i < s->n_own; i++) {
        rule_file *x = add_file(f, s->own[i].text);
        snprintf(x->name, sizeof x->name, *s->own[i].name ? "own/%s" : ALERTS_DRAFT_FILE "%s",
                 s->own[i].name);
        VG_TRY(own_alone(s, x, &alone[i], err));
        leave_out(f, n_base, alone[i]->rules[0].name);
    }
    VG_TRY(new_set(s, &f->set, err));
    for (size_t i = 0; i < f->n; i++) {
        if (i >= n_base) {
            VG_TRY(settle_events(f->set, alone[i - n_base], &f->v[i], err));
        }
        VG_TRY(vg_ruleset_add(f->set, f->v[i].name, text_of(&f->v[i]), err));
    }
    return vg_ruleset_finish(f->set, err);
}

vg_status alerts_files_create(const alerts_sources *s, alerts_files **ret, vg_err *err)
{
    alerts_files *f = vg_alloc(sizeof *f);
    vg_ruleset **alone = vg_alloc((s->n_own + 1) * sizeof *alone);
    vg_status st = base_files(f, s, err);
    if (st == VG_OK) {
        st = add_own(f, s, alone, err);
    }
    for (size_t i = 0; i < s->n_own; i++) {
        vg_ruleset_destroy(alone[i]);
    }
    free(alone);
    if (st != VG_OK) {
        alerts_files_destroy(f);
        return st;
    }
    f->list = vg_alloc((f->n + 1) * sizeof *f->list);
    for (size_t i = 0; i < f->n; i++) {
        f->list[i] = (vg_embedded){f->v[i].name, (const unsigned char *)f->v[i].text, f->v[i].n};
    }
    *ret = f;
    return VG_OK;
}

void alerts_files_destroy(alerts_files *f)
{
    if (f) {
        for (size_t i = 0; i < f->n; i++) {
            free(f->v[i].text);
        }
        vg_ruleset_destroy(f->set);
        free(f->v);
        free(f->list);
        free(f);
    }
}

const vg_embedded *alerts_files_list(const alerts_files *f)
{
    return f->list;
}

// --- one rule -------------------------------------------------------------------------------------
typedef void (*teller)(const vg_ruleset *set, size_t rule, vg_lang lang, vg_buf *out);

static vg_str told(const alerts_files *f, size_t rule, vg_lang lang, vg_arena *a, teller fn)
{
    vg_buf b;
    vg_buf_init(&b, SAY_BYTES);
    fn(f->set, rule, lang, &b);
    const vg_str s = vg_str_dup(a, vg_buf_str(&b));
    vg_buf_done(&b);
    return s.p ? s : (vg_str){"", 0};
}

static bool stands_in(const alerts_look *l, const char *site)
{
    for (size_t i = 0; i < l->n_sites; i++) {
        if (strcmp(l->sites[i], site) == 0) {
            return true;
        }
    }
    return false;
}

// Only at these sites: every one of its events says at which.
static void limits(const alerts_files *f, const vg_rule *r, vg_arena *a, alerts_look *ret)
{
    for (size_t i = 0; i < r->n_events; i++) {
        const vg_rule_event *e = &f->set->events[r->events[i]];
        for (size_t s = 0; s < e->sites.n; s++) {
            if (!stands_in(ret, e->sites.v[s]) && ret->n_sites < ALERTS_SITES_MAX) {
                ret->sites[ret->n_sites++] = vg_str_z(a, vg_str_c(e->sites.v[s]));
            }
        }
        if (e->alerts || !e->sites.n || ret->n_sites == ALERTS_SITES_MAX) {
            ret->n_sites = 0;
            return;
        }
    }
}

static size_t rule_of_file(const vg_ruleset *set, const char *file)
{
    for (size_t i = 0; i < set->n_rules; i++) {
        if (strcmp(set->rules[i].file, file) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

// --- signals of the gate and others -----------------------------------------------------------------
enum { OF_GATE = 1, OF_OTHERS = 2 };

static unsigned reach_of_rule(const vg_ruleset *set, const vg_rule *r, unsigned depth);

// What is cited of other rules is of a lower stratum, so it comes to an end.
static unsigned reach_of(const vg_ruleset *set, const uint32_t *v, size_t n, unsigned depth)
{
    unsigned reach = 0;
    for (size_t i = 0; i < n; i++) {
        const vg_rule_event *e = &set->events[v[i]];
        const size_t cited = e->alerts ? vg_ruleset_find(set, e->name) : SIZE_MAX;
        if (cited != SIZE_MAX && depth) {
            reach |= reach_of_rule(set, &set->rules[cited], depth - 1);
            continue;
        }
        for (size_t k = 0; k < e->kinds.n; k++) {
            reach |= vg_str_starts(vg_str_c(e->kinds.v[k]), ALERTS_GATE) ? OF_GATE : OF_OTHERS;
        }
    }
    return reach;
}

static unsigned reach_of_rule(const vg_ruleset *set, const vg_rule *r, unsigned depth)
{
    return reach_of(set, r->events, r->n_events, depth) |
           reach_of(set, r->clears, r->n_clears, depth) |
           reach_of(set, r->stage.excuses, r->stage.n_excuses, depth) |
           reach_of(set, r->stage.recovers, r->stage.n_recovers, depth);
}

bool alerts_files_mix_gate(const alerts_files *f, const char *file)
{
    const size_t at = rule_of_file(f->set, file);
    return at != SIZE_MAX &&
           reach_of_rule(f->set, &f->set->rules[at], STRATA_MAX) == (OF_GATE | OF_OTHERS);
}

vg_status alerts_files_look(const alerts_files *f, const char *file, const char *name, vg_arena *a,
                            alerts_look *ret, vg_err *err)
{
    const size_t at = file ? rule_of_file(f->set, file) : vg_ruleset_find(f->set, name);
    if (at == SIZE_MAX) {
        return vg_fail(err, VG_ENOTFOUND, "name", NULL, "%s", file ? file : name);
    }
    const vg_rule *r = &f->set->rules[at];
#define COPY(z) vg_str_z(a, vg_str_c(z))
    *ret = (alerts_look){.name = COPY(r->name),
                         .type = vg_rule_type_text(r->type),
                         .level = vg_rule_level_text(r->level),
                         .title_vi = COPY(vg_rule_title(r, VG_VI)),
                         .title_en = COPY(vg_rule_title(r, VG_EN)),
                         .situation = r->situation ? COPY(r->situation) : "",
                         .version = COPY(r->version),
                         .file = COPY(r->file),
                         .sentence_vi = told(f, at, VG_VI, a, vg_rule_explain),
                         .sentence_en = told(f, at, VG_EN, a, vg_rule_explain),
                         .cancel_vi = told(f, at, VG_VI, a, vg_rule_cancel),
                         .cancel_en = told(f, at, VG_EN, a, vg_rule_cancel),
                         .portable = vg_rule_portable(r),
                         .stratum = r->stratum,
                         .span_us = r->span_us};
#undef COPY
    limits(f, r, a, ret);
    return VG_OK;
}

// --- its text -------------------------------------------------------------------------------------
static void add_doc(const alerts_files *f, const char *name, vg_buf *out)
{
    vg_str doc;
    for (size_t i = 0; i < f->n; i++) {
        if (alerts_doc_find(text_of(&f->v[i]), vg_str_c(name), &doc)) {
            vg_buf_c(out, out->n ? "---\n" : "");
            vg_buf_s(out, alerts_doc_trim(doc));
            vg_buf_ch(out, '\n');
            return;
        }
    }
}

static void add_events(const alerts_files *f, const uint32_t *v, size_t n, bool *added, vg_buf *out)
{
    for (size_t i = 0; i < n; i++) {
        const vg_rule_event *e = &f->set->events[v[i]];
        if (!e->alerts && !added[v[i]]) {
            added[v[i]] = true;
            add_doc(f, e->name, out);
        }
    }
}

vg_status alerts_files_text(const alerts_files *f, const char *name, vg_arena *a, vg_str *ret_text,
                            vg_err *err)
{
    const size_t at = vg_ruleset_find(f->set, name);
    if (at == SIZE_MAX) {
        return vg_fail(err, VG_ENOTFOUND, "name", NULL, "%s", name);
    }
    const vg_rule *r = &f->set->rules[at];
    bool *added = vg_alloc((f->set->n_events + 1) * sizeof *added);
    vg_buf b;
    vg_buf_init(&b, ALERTS_TEXT_BYTES);
    add_events(f, r->events, r->n_events, added, &b);
    add_events(f, r->clears, r->n_clears, added, &b);
    add_events(f, r->stage.excuses, r->stage.n_excuses, added, &b);
    add_events(f, r->stage.recovers, r->stage.n_recovers, added, &b);
    add_doc(f, r->name, &b);
    const vg_str text = b.failed ? (vg_str){0} : vg_str_dup(a, vg_buf_str(&b));
    vg_buf_done(&b);
    free(added);
    if (!text.p) {
        return vg_fail(err, VG_ETOOBIG, "text", NULL, "%s", name);
    }
    *ret_text = text;
    return VG_OK;
}

// --- words ----------------------------------------------------------------------------------------
void alerts_files_words(const alerts_files *f, void (*fn)(void *ctx, const alerts_word *w),
                        void *ctx)
{
    for (size_t i = 0; i < f->set->n_events; i++) {
        const vg_rule_event *e = &f->set->events[i];
        if (!e->alerts) {
            fn(ctx,
               &(alerts_word){.name = e->name,
                              .kinds = e->kinds.v,
                              .n_kinds = e->kinds.n,
                              .limited = e->sites.n || e->zones.n || e->devices.n || e->where});
        }
    }
    for (size_t i = 0; i < f->set->n_rules; i++) {
        const vg_rule *r = &f->set->rules[i];
        fn(ctx, &(alerts_word){.name = r->name,
                               .title_vi = vg_rule_title(r, VG_VI),
                               .title_en = vg_rule_title(r, VG_EN),
                               .rule = true});
    }
}
