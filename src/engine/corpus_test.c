// SPDX-License-Identifier: Apache-2.0
// The correlation corpus: its generator is compiled and run into a temporary folder, its stream goes
// through the four rules and is compared with the reference and with the published counts. Skipped,
// saying so, where the generator is not at hand.
#include "engine/test_help.h"
#include "engine/text.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct corpus {
    char dir[64];
    char *text;
    vg_names names;
    vg_record *v;
    size_t n;
} corpus;

static bool run_program(const char *out, char *const argv[])
{
    const pid_t pid = fork();
    if (pid == 0) {
        const int fd = out ? open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
        if (out && (fd < 0 || dup2(fd, 1) < 0)) {
            _exit(127);
        }
        execvp(argv[0], argv);
        _exit(127);
    }
    int status = -1;
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static char *word(const char *z)  // argv wants char *
{
    char *copy = vg_strdup(z);
    assert_non_null(copy);
    return copy;
}

static bool run_words(const char *out, const char *const *words)
{
    char *argv[8] = {0};
    for (size_t i = 0; words[i]; i++) {
        argv[i] = word(words[i]);
    }
    const bool ok = run_program(out, argv);
    for (size_t i = 0; i < VG_LEN(argv); i++) {
        free(argv[i]);
    }
    return ok;
}

static const char *generator(char path[4096])
{
    const char *root = getenv("VG_ROOT");
    snprintf(path, 4096, "%s/../shared/bench/correlation/gen.c", root ? root : ".");
    return access(path, R_OK) == 0 ? path : NULL;
}

static void generate(corpus *c, const char *count, const char *jitter)
{
    char source[4096], exe[96], out[96];
    if (!generator(source)) {
        print_message("# skipped: the corpus generator is not there\n");
        skip();
    }
    *c = (corpus){.dir = "/tmp/vg-corpus-XXXXXX"};
    assert_non_null(mkdtemp(c->dir));
    snprintf(exe, sizeof exe, "%s/gen", c->dir);
    snprintf(out, sizeof out, "%s/events.txt", c->dir);
    assert_true(run_words(NULL, (const char *const[]){"cc", "-O2", "-w", "-o", exe, source, NULL}));
    assert_true(run_words(out, (const char *const[]){exe, count, "7", jitter, NULL}));
    size_t bytes = 0;
    c->text = help_slurp(out, &bytes);
    assert_non_null(c->text);
    vg_names_init(&c->names);
    const size_t max = strtoull(count, NULL, 10);
    c->v = vg_alloc(max * sizeof *c->v);
    vg_text reader = {.names = &c->names};
    vg_str text = {c->text, bytes};
    vg_err err = {0};
    const int64_t start = vg_mono_us();
    assert_int_equal(vg_text_read(&reader, &text, c->v, max, &c->n, &err), VG_OK);
    print_message("# %zu lines read, %.1f M/s\n", c->n,
                  (double)c->n / (double)(vg_mono_us() - start + 1));
    assert_int_equal(c->n, max);
    assert_int_equal(text.n, 0);
    unlink(out);
    unlink(exe);
    rmdir(c->dir);
}

static void corpus_done(corpus *c)
{
    free(c->text);
    free(c->v);
    vg_names_done(&c->names);
}

static void feed(const vg_ruleset *set, corpus *c, int64_t slack, help_got *got)
{
    vg_engine *e = help_engine(set, &c->names, (vg_engine_opts){.slack_us = slack});
    const vg_engine_sink sink = help_sink(got);
    vg_engine_feed(e, c->v, c->n, &sink);
    vg_engine_flush(e, &sink);
    vg_engine_destroy(e);
}

static void two_hundred_thousand_as_the_reference(void **state)
{
    (void)state;
    corpus c;
    generate(&c, "200000", NULL);
    vg_ruleset *set = help_rules("tests/data/bench_rules.yaml");
    ref_out want = {0};
    ref_run(set, &c.names, c.v, c.n, c.v[c.n - 1].t_event, &want);
    help_got got = {0}, again = {0};
    feed(set, &c, 0, &got);
    help_compare(set, &want, &got.out, true, "corpus");
    feed(set, &c, 5 * VG_SECOND_US, &again);
    help_compare(set, &want, &again.out, true, "corpus, confirm lane");
    free(want.v);
    help_got_done(&got);
    help_got_done(&again);
    vg_ruleset_destroy(set);
    corpus_done(&c);
}

static void late_arrivals_change_nothing(void **state)
{
    (void)state;
    corpus c, late;
    generate(&c, "200000", NULL);
    generate(&late, "200000", "20");
    vg_ruleset *set = help_rules("tests/data/bench_rules.yaml");
    for (size_t i = 0; i < c.n; i++) {
        c.v[i].source_seq = c.v[i].seq = (int64_t)i;
        late.v[i].seq = late.v[i].source_seq;
    }
    help_got want = {0}, got = {0};
    feed(set, &c, 0, &want);
    feed(set, &late, 5 * VG_SECOND_US, &got);
    assert_int_equal(got.late, 0);
    help_compare(set, &want.out, &got.out, false, "late arrivals");
    help_got_done(&want);
    help_got_done(&got);
    vg_ruleset_destroy(set);
    corpus_done(&c);
    corpus_done(&late);
}

static void count_alert(void *ctx, const vg_alert *a)
{
    ((size_t *)ctx)[a->rule]++;
}

static void two_million_give_the_published_counts(void **state)
{
    (void)state;
    static const size_t published[] = {19919, 418, 2962, 209144};
    corpus c;
    generate(&c, "2000000", NULL);
    vg_ruleset *set = help_rules("tests/data/bench_rules.yaml");
    size_t counts[4] = {0};
    const vg_engine_sink sink = {.ctx = counts, .alert = count_alert};
    vg_engine *e = help_engine(set, &c.names, (vg_engine_opts){0});
    const int64_t start = vg_mono_us();
    vg_engine_feed(e, c.v, c.n, &sink);
    print_message("# %zu events matched, %.1f M/s\n", c.n,
                  (double)c.n / (double)(vg_mono_us() - start));
    vg_engine_destroy(e);
    for (size_t i = 0; i < VG_LEN(published); i++) {
        assert_int_equal(counts[i], published[i]);
    }
    vg_ruleset_destroy(set);
    corpus_done(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_hundred_thousand_as_the_reference),
        cmocka_unit_test(late_arrivals_change_nothing),
        cmocka_unit_test(two_million_give_the_published_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
