// SPDX-License-Identifier: Apache-2.0
// docs/rules.md is true: every example loads beside the shipped rules and its sentences are what the program says.
#include "domain/alerts/rule_set.h"

#include "domain/facts.h"

#include <setjmp.h>
#include <cmocka.h>

enum { FACTS_MAX = 256, MANUAL_MAX = 1 << 20 };

extern const vg_embedded vg_shipped_rules[];

static vg_str manual(vg_buf *b)
{
    char piece[4096], path[512];
    const char *root = getenv("VG_ROOT");
    snprintf(path, sizeof path, "%s/docs/rules.md", root ? root : ".");
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    vg_buf_init(b, MANUAL_MAX);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;) {
        vg_buf_add(b, piece, n);
    }
    assert_int_equal(fclose(f), 0);
    return vg_buf_str(b);
}

static void says(const char *after, const char *mark, vg_str sentence)
{
    const char *at = strstr(after, mark);
    const size_t n = strlen(mark);
    assert_non_null(at);
    if (strncmp(at + n, sentence.p, sentence.n) != 0 || at[n + sentence.n] != '\n') {
        fail_msg("%s%.*s", mark, VG_FMT(sentence));
    }
}

static void example(vg_str text, const char *after)
{
    vg_arena *a = vg_arena_create(1 << 20);
    vg_xname facts[FACTS_MAX];
    const alerts_text own = {"", text};
    const alerts_sources s = {.shipped = vg_shipped_rules,
                              .own = &own,
                              .n_own = 1,
                              .facts = facts,
                              .n_facts = vg_fact_names(facts, FACTS_MAX)};
    alerts_files *f = NULL;
    alerts_look look;
    vg_err err = {0};
    if (alerts_files_create(&s, &f, &err) != VG_OK) {
        fail_msg("%s “%s” %s:\n%.*s", err.key, err.field, err.detail, VG_FMT(text));
    }
    assert_int_equal(alerts_files_look(f, ALERTS_DRAFT_FILE, NULL, a, &look, &err), VG_OK);
    says(after, "> vi: ", look.sentence_vi);
    says(after, "> en: ", look.sentence_en);
    alerts_files_destroy(f);
    vg_arena_destroy(a);
}

static void every_example_loads_and_says_so(void **state)
{
    (void)state;
    static const char begin[] = "```yaml\n", end[] = "```\n";
    vg_buf b;
    size_t n = 0;
    (void)manual(&b);
    for (const char *p = vg_buf_z(&b); (p = strstr(p, begin));) {
        p += sizeof begin - 1;
        const char *to = strstr(p, end);
        assert_non_null(to);
        example((vg_str){p, (size_t)(to - p)}, to);
        p = to + sizeof end - 1;
        n++;
    }
    assert_int_equal(n, 10);
    vg_buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_example_loads_and_says_so)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
