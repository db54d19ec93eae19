// SPDX-License-Identifier: Apache-2.0
// Findings of a draft against findings of the version in force, by key and time. A change of a rule often moves a
// finding by seconds (another event completes it), so a minute apart is still the same one.
#include "domain/alerts/rule_match.h"

#include "base/clock.h"

#define NEAR_US (60 * VG_SECOND_US)
#define WEEK_US (7 * INT64_C(86400) * VG_SECOND_US)

void alerts_hits_add(alerts_hits *h, const alerts_found *f)
{
    if (h->n == ALERTS_HITS_MAX) {
        h->full = true;
        return;
    }
    if (h->n == h->cap) {
        h->cap = h->cap ? h->cap * 2 : 64;
        h->v = vg_realloc(h->v, h->cap * sizeof *h->v);
    }
    alerts_hit *x = &h->v[h->n++];
    *x = (alerts_hit){.t = f->t, .key = UINT64_C(1469598103934665603)};
    for (size_t i = 0; i < f->key.n; i++) {
        x->key = (x->key ^ (unsigned char)f->key.p[i]) * UINT64_C(1099511628211);
    }
    for (size_t i = 0; i < f->n_proofs && i < ALERTS_HIT_PROOFS; i++) {
        x->seqs[x->n_seqs++] = f->proofs[i].seq;
    }
    snprintf(x->zone, sizeof x->zone, "%.*s", VG_FMT(f->zone));
    snprintf(x->source, sizeof x->source, "%.*s", VG_FMT(f->source));
    snprintf(x->kind, sizeof x->kind, "%.*s", VG_FMT(f->kind));
}

void alerts_hits_done(alerts_hits *h)
{
    free(h->v);
    *h = (alerts_hits){0};
}

static int by_key_and_time(const void *a, const void *b)
{
    const alerts_hit *x = a, *y = b;
    if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    return x->t < y->t ? -1 : x->t > y->t;
}

static void sort(alerts_hits *h)
{
    if (h->n > 1) {
        qsort(h->v, h->n, sizeof *h->v, by_key_and_time);
    }
}

static void show(alerts_tally *y, const alerts_hit *h, const char *of, int64_t n)
{
    if (n <= ALERTS_EXAMPLES) {
        y->examples[y->n_examples++] = (alerts_example){*h, of};
    }
}

static void count_week(alerts_tally *y, const alerts_hit *h, int which)
{
    const int64_t week = (y->to - 1 - h->t) / WEEK_US;
    if (week >= 0 && week < ALERTS_WEEKS) {
        y->weeks[week][which]++;
    }
}

void alerts_tally_compare(alerts_tally *y, alerts_hits *draft, alerts_hits *active)
{
    size_t d = 0, a = 0;
    sort(draft);
    sort(active);
    while (d < draft->n || a < active->n) {
        const alerts_hit *x = d < draft->n ? &draft->v[d] : NULL;
        const alerts_hit *z = a < active->n ? &active->v[a] : NULL;
        const int64_t apart = x && z && x->key == z->key ? x->t - z->t : INT64_MAX;
        if (x && z && x->key == z->key && apart <= NEAR_US && apart >= -NEAR_US) {
            show(y, x, "both", ++y->both);
            d++;
            a++;
        } else if (x && (!z || by_key_and_time(x, z) < 0)) {
            show(y, x, "draft", ++y->only_draft);
            d++;
        } else if (z) {
            show(y, z, "active", ++y->only_active);
            a++;
        }
    }
    for (size_t i = 0; i < draft->n; i++) {
        count_week(y, &draft->v[i], 0);
    }
    for (size_t i = 0; i < active->n; i++) {
        count_week(y, &active->v[i], 1);
    }
}

void alerts_tally_join(alerts_tally *all, const alerts_tally *one)
{
    all->both += one->both;
    all->only_draft += one->only_draft;
    all->only_active += one->only_active;
    for (size_t i = 0; i < ALERTS_WEEKS; i++) {
        all->weeks[i][0] += one->weeks[i][0];
        all->weeks[i][1] += one->weeks[i][1];
    }
}

int64_t alerts_tally_most(const alerts_tally *y)
{
    int64_t most = 0;
    for (size_t i = 0; i < ALERTS_WEEKS; i++) {
        most = y->weeks[i][0] > most ? y->weeks[i][0] : most;
    }
    return most;
}

static void say_example(const alerts_example *x, uint32_t log, vg_jw *w)
{
    char name[40];
    vg_jw_open(w, '{');
    vg_jw_kz(w, "of", x->of);
    vg_jw_ktime(w, "at", x->hit.t);
    vg_jw_kz(w, "zone", x->hit.zone);
    vg_jw_kz(w, "source", x->hit.source);
    vg_jw_kz(w, "kind", x->hit.kind);
    vg_jw_key(w, "evidence");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < x->hit.n_seqs; i++) {
        const int cut = log ? snprintf(name, sizeof name, "%u-", log) : 0;
        snprintf(name + cut, sizeof name - 16, "%lld", (long long)x->hit.seqs[i]);
        vg_jw_str(w, vg_str_c(name));
    }
    vg_jw_close(w, ']');
    vg_jw_close(w, '}');
}

void alerts_tally_say(const alerts_tally *y, uint32_t log, vg_jw *w)
{
    vg_jw_ki64(w, "only_draft", y->only_draft);
    vg_jw_ki64(w, "only_active", y->only_active);
    vg_jw_ki64(w, "both", y->both);
    vg_jw_key(w, "weeks");
    vg_jw_open(w, '[');
    for (int64_t i = 0; i < ALERTS_WEEKS && i * WEEK_US < y->to - y->from; i++) {
        vg_jw_open(w, '[');
        vg_jw_i64(w, y->weeks[i][0]);
        vg_jw_i64(w, y->weeks[i][1]);
        vg_jw_close(w, ']');
    }
    vg_jw_close(w, ']');
    vg_jw_key(w, "examples");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < y->n_examples; i++) {
        say_example(&y->examples[i], log, w);
    }
    vg_jw_close(w, ']');
}
