// SPDX-License-Identifier: Apache-2.0
// Visitors against a list of 10,000 (ident/match.h): how much of a core one takes, beside a pass of memcmp over the folded
// names of the list, and how many are found and asked for in vain. All of them are invented (ident/match_set.h):
// the shares say how the matcher does on these ways of writing, not how a gate's visitors write.
#include "app/bench.h"

#include "base/text.h"
#include "ident/match_set.h"

#include <time.h>

enum { ENTRIES = 10000, TIMED = 4000, VISITORS = 10000, SEEDS = 4, FOLD = 64 };

static int64_t cpu_us(void)  // of this thread: it waits for nothing, and others' work is not its
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * VG_SECOND_US + t.tv_nsec / 1000;
}

static void floor_pass(bench_sample *took, char (*fold)[FOLD], const char *name, volatile int *met)
{
    char key[FOLD] = {0};
    const int64_t t = cpu_us();
    (void)vg_fold_to(vg_str_c(name), key, sizeof key);
    for (size_t i = 0; i < ENTRIES; i++) {
        *met += memcmp(fold[i], key, FOLD) == 0;
    }
    bench_add(took, cpu_us() - t);
}

static void note_time(bench *b, const char *name, bench_sample *took, bench_sample *bare,
                      double share)
{
    bench_row r = {.name = name,
                   .unit = "ms",
                   .value = (double)bench_at(took, share) / 1000,
                   .floor = (double)bench_at(bare, share) / 1000,
                   .goal = 1,
                   .kind = BENCH_MOST};
    snprintf(r.note, sizeof r.note, "%zu visitors, most %.2f ms", took->n,
             (double)bench_at(took, 1) / 1000);
    bench_note(b, &r);
}

static void times(bench *b)
{
    vg_match_set *s = vg_match_set_create(SEEDS + 1);
    const vg_match_trial t = {.entries = ENTRIES};
    vg_match_person *people = vg_alloc(ENTRIES * sizeof *people), other;
    char(*fold)[FOLD] = vg_alloc(ENTRIES * sizeof *fold);
    const int64_t start = cpu_us();
    vg_match_list *l = vg_match_trial_list(s, &t, people);
    bench_note(b, &(bench_row){"match.build", "ms", (double)(cpu_us() - start) / 1000});
    bench_sample took = {0}, bare = {0};
    volatile int met = 0;
    for (size_t i = 0; i < ENTRIES; i++) {
        (void)vg_fold_to(vg_str_c(people[i].name), fold[i], FOLD);
    }
    for (size_t i = 0; i < TIMED; i++) {
        char name[VG_MATCH_SET_NAME];
        vg_match_candidate c[8];
        vg_match_set_person(s, &other);
        (void)vg_match_set_write(s, i % 100 ? other.name : people[i].name, name);
        const vg_match_query q = {vg_str_c(name), i % 5 ? other.birth_year : 0, NULL};
        const int64_t at = cpu_us();
        (void)vg_match_find(l, &q, c, VG_LEN(c));
        bench_add(&took, cpu_us() - at);
        floor_pass(&bare, fold, name, &met);
    }
    note_time(b, "match.find.p50", &took, &bare, 0.5);
    note_time(b, "match.find.p99", &took, &bare, 0.99);
    bench_sample_done(&took);
    bench_sample_done(&bare);
    vg_match_list_destroy(l);
    vg_match_set_destroy(s);
    free(fold);
    free(people);
}

static void note_kinds(bench *b, const char *of, const vg_match_figures *f)
{
    for (int k = 0; k < VG_MATCH_N_KINDS; k++) {
        char name[64];
        snprintf(name, sizeof name, "match.%s.recall.%s", of, vg_match_kind_name(k));
        bench_row r = {.name = name,
                       .unit = "%",
                       .value =
                           f->kind[k] ? 100 * (double)f->kind_found[k] / (double)f->kind[k] : 0};
        snprintf(r.note, sizeof r.note, "of %zu", f->kind[k]);
        bench_note(b, &r);
    }
}

// Several lists, each with its own visitors: how well it goes depends on who is on the list.
static void trials(const vg_match_trial *t, vg_match_figures *sum)
{
    *sum = (vg_match_figures){0};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        vg_match_figures f;
        vg_match_set *s = vg_match_set_create(seed);
        vg_match_trial_run(s, t, &f);
        vg_match_set_destroy(s);
        sum->listed += f.listed;
        sum->found += f.found;
        sum->others += f.others;
        sum->asked += f.asked;
        sum->twins += f.twins;
        for (int k = 0; k < VG_MATCH_N_KINDS; k++) {
            sum->kind[k] += f.kind[k];
            sum->kind_found[k] += f.kind_found[k];
        }
    }
}

static void shares(bench *b, const char *of, const vg_match_trial *t, bool goals, bool kinds)
{
    char recall[48], vain[48];
    vg_match_figures f;
    trials(t, &f);
    snprintf(recall, sizeof recall, "match.%s.recall", of);
    snprintf(vain, sizeof vain, "match.%s.in_vain", of);
    bench_note(b, &(bench_row){.name = recall,
                               .unit = "%",
                               .value = 100 * (double)f.found / (double)f.listed,
                               .goal = goals ? 99 : 0,
                               .kind = goals ? BENCH_LEAST : BENCH_PLAIN});
    bench_row r = {.name = vain,
                   .unit = "%",
                   .value = 100 * (double)f.asked / (double)f.others,
                   .goal = goals ? 0.5 : 0,
                   .kind = goals ? BENCH_MOST : BENCH_PLAIN};
    snprintf(r.note, sizeof r.note, "%.2f %% have the very name and year of an entry",
             100 * (double)f.twins / (double)f.others);
    bench_note(b, &r);
    if (kinds) {
        note_kinds(b, of, &f);
    }
}

vg_status bench_match(bench *b, vg_err *err)
{
    (void)err;
    const vg_match_trial names = {.entries = ENTRIES, .listed = VISITORS, .others = VISITORS};
    vg_match_trial years = names, gate = names, gate_no_year = names;
    years.years = true;
    gate_no_year.docs_listed = 80;
    gate_no_year.docs_shown = 95;
    gate = gate_no_year;
    gate.years = true;
    times(b);
    shares(b, "gate", &gate, true, false);
    shares(b, "gate_no_year", &gate_no_year, false, false);
    shares(b, "name_year", &years, false, true);
    shares(b, "name", &names, false, false);
    return VG_OK;
}
