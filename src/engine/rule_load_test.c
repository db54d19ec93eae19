// SPDX-License-Identifier: Apache-2.0
// The rule language at its edges: every refusal names file, line and word; the version follows the
// meaning, not the layout; the shipped rules load and read as sentences.
#include "engine/explain.h"
#include "engine/test_help.h"

#include <dirent.h>

#define EVENTS                                                                    \
    "name: a\ndetection: { selection: { kind: a }, condition: selection }\n---\n" \
    "name: b\ndetection: { selection: { kind: [b, c] }, condition: selection }\n---\n"
#define HEAD "name: r\ntitle: Luật\nlevel: high\n"
#define SEQ \
    "correlation: { type: temporal_ordered, rules: [a, b], group-by: [zone], timespan: 60s }\n"
#define PICK "x-vonggac: { pick: latest, consume: true }\n"

typedef struct refusal {
    const char *yaml, *key, *field, *detail;
} refusal;

static void refused(const refusal *c)
{
    vg_ruleset *set = vg_ruleset_create((vg_texts){0});
    vg_err err = {0};
    vg_status st = vg_ruleset_add(set, "f", vg_str_c(c->yaml), &err);
    if (st == VG_OK) {
        st = vg_ruleset_finish(set, &err);
    }
    if (st == VG_OK) {
        fail_msg("accepted: %s", c->yaml);
    }
    if (strcmp(err.key, c->key) != 0 || strcmp(err.field, c->field) != 0 ||
        (c->detail && strcmp(err.detail, c->detail) != 0)) {
        fail_msg("%s\ngave %s “%s” %s", c->yaml, err.key, err.field, err.detail);
    }
    vg_ruleset_destroy(set);
}

static void refused_all(const refusal *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        refused(&v[i]);
    }
}

static void mistakes_in_events_are_named(void **state)
{
    (void)state;
    static const refusal cases[] = {
        {"name: x\ndetecton: {}\n", "yaml.unknown_key_near", "detecton", "detection (f:2)"},
        {"name: x\nfrobnicate: 1\n", "yaml.unknown_key", "frobnicate", "f:2"},
        {"name: x\nname: y\n", "yaml.key_twice", "name", "f:2"},
        {"name: x\n", "yaml.key_missing", "detection", "f:1"},
        {"- a\n", "yaml.not_a_mapping", "", "f:1"},
        {"name: 'a b'\n", "engine.err.name_form", "a b", "f:1"},
        {"name: [a]\n", "yaml.not_a_text", "", "f:1"},
        {"a: [\n", "yaml.syntax", "", NULL},
        {"name: a\ndetection: { selection: { kind: a }, condition: all of them }\n",
         "yaml.unknown_word", "all of them", "f:2"},
        {"name: a\ndetection: { selection: { site: s }, condition: selection }\n",
         "yaml.key_missing", "kind", "f:2"},
        {"name: a\ndetection: { selection: { kind: [] }, condition: selection }\n",
         "yaml.empty_list", "", "f:2"},
        {"name: a\ndetection: { selection: { kind: a, verb: raised }, condition: selection }\n",
         "yaml.unknown_word_near", "raised", "raise (f:2)"},
    };
    refused_all(cases, VG_LEN(cases));
}

static void mistakes_in_rules_are_named(void **state)
{
    (void)state;
    static const refusal cases[] = {
        {EVENTS EVENTS, "engine.err.name_twice", "a", NULL},
        {EVENTS HEAD SEQ, "yaml.key_missing", "pick", "f:7"},
        {EVENTS HEAD SEQ "x-vonggac: { pick: latest }\n", "yaml.key_missing", "consume", NULL},
        {EVENTS HEAD SEQ "x-vonggac: { pick: last, consume: true }\n", "yaml.unknown_word_near",
         "last", "latest (f:11)"},
        {EVENTS HEAD SEQ "x-vonggac: { pick: latest, consume: yes }\n", "yaml.not_a_bool", "yes",
         NULL},
        {EVENTS HEAD SEQ "x-vonggac: { pick: latest, consume: true, refire: each }\n",
         "engine.err.key_not_here", "refire", NULL},
        {EVENTS HEAD SEQ "x-vonggac: { pick: latest, consume: true, situation: drone }\n",
         "yaml.unknown_word", "drone", NULL},
        {EVENTS HEAD SEQ "x-vonggac: { pick: latest, consume: true, clears-on: [zz] }\n",
         "engine.err.no_such_event", "zz", NULL},
        {EVENTS "name: r\nlevel: high\n" SEQ PICK, "yaml.key_missing", "title", NULL},
        {EVENTS "name: r\ntitle: x\nlevel: urgent\n" SEQ PICK, "yaml.unknown_word", "urgent", NULL},
    };
    refused_all(cases, VG_LEN(cases));
}

#define ACROSS(rules, group, span_and_more, x)                                 \
    "correlation: { type: " rules group ", timespan: 60s" span_and_more " }\n" \
    "x-vonggac: { across: sites, " x " }\n"

static void mistakes_in_rules_across_sites_are_named(void **state)
{
    (void)state;
    static const refusal cases[] = {
        {EVENTS HEAD ACROSS("x-absence, rules: [a]", ", group-by: [kind]", "",
                            "fire: once-until-next"),
         "engine.err.key_not_here", "across", "f:7"},
        {EVENTS HEAD ACROSS("event_count, rules: [a]", ", group-by: [site]",
                            ", condition: { gte: 2 }", "refire: each"),
         "engine.err.across_group", "site", "f:7"},
        {EVENTS HEAD ACROSS("event_count, rules: [a]", ", group-by: [kind, device]",
                            ", condition: { gte: 2 }", "refire: each"),
         "engine.err.across_group", "device", "f:7"},
        {EVENTS HEAD "correlation: { type: event_count, rules: [a], timespan: 60s, condition: "
                     "{ gte: 2 } }\nx-vonggac: { across: all, refire: each }\n",
         "yaml.unknown_word", "all", NULL},
        {EVENTS HEAD "correlation: { type: event_count, rules: [a], timespan: 60s, condition: "
                     "{ gte: 2 } }\nx-vonggac: { refire: each }\n",
         "yaml.key_missing", "group-by", "f:7"},
        {EVENTS HEAD ACROSS("event_count, rules: [a]", "", ", condition: { gte: 2 }",
                            "refire: each") "---\nname: s\ntitle: x\nlevel: low\n"
                                            "correlation: { type: event, rules: [r], group-by: "
                                            "[site] }\n",
         "engine.err.cites_across", "r", "f:13"},
    };
    refused_all(cases, VG_LEN(cases));
}

static void a_rule_across_sites_reads_as_one(void **state)
{
    (void)state;
    vg_ruleset *set =
        help_rules_of("f", vg_str_c(EVENTS HEAD ACROSS("value_count, rules: [a]", "",
                                                       ", condition: { gte: 2, field: site }",
                                                       "refire: after-window")));
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_rule_explain(set, 0, VG_VI, &b);
    assert_non_null(strstr(vg_buf_z(&b), "ở từ 2 mục tiêu khác nhau trở lên trong toàn địa bàn"));
    vg_buf_reset(&b);
    vg_rule_explain(set, 0, VG_EN, &b);
    assert_non_null(strstr(vg_buf_z(&b), "at 2 or more different sites across all sites"));
    vg_buf_done(&b);
    vg_ruleset_destroy(set);
}

static void mistakes_in_sequences_are_named(void **state)
{
    (void)state;
    static const refusal cases[] = {
        {EVENTS HEAD PICK
         "correlation: { type: temporal_ordered, rules: [a], group-by: [zone], timespan: 60s }\n",
         "engine.err.two_steps", "rules", NULL},
        {EVENTS HEAD PICK "correlation: { type: temporal_ordered, rules: [a, q], group-by: [zone], "
                          "timespan: 60s }\n",
         "engine.err.no_such_event", "q", NULL},
        {EVENTS HEAD PICK "correlation: { type: temporal_ordered, rules: [a, r], group-by: [zone], "
                          "timespan: 60s }\n",
         "engine.err.circle", "r", "f:7"},
        {EVENTS HEAD PICK "correlation: { type: temporal_ordered, rules: [a, b], group-by: [zoen], "
                          "timespan: 60s }\n",
         "yaml.unknown_word_near", "zoen", "zone (f:11)"},
        {EVENTS HEAD PICK "correlation: { type: temporal_ordered, rules: [a, b], group-by: [zone, "
                          "zone], timespan: 60s }\n",
         "yaml.key_twice", "zone", NULL},
        {EVENTS HEAD PICK
         "correlation: { type: temporal_ordered, rules: [a, b], group-by: [zone] }\n",
         "yaml.key_missing", "timespan", NULL},
        {EVENTS HEAD PICK
         "correlation: { type: temporal_ordered, rules: [a, b], group-by: [zone], timespan: 60 }\n",
         "yaml.timespan", "60", NULL},
        {EVENTS HEAD PICK "correlation: { type: temporal_ordered, rules: [a, b], group-by: [zone], "
                          "timespan: 31d }\n",
         "yaml.timespan", "31d", NULL},
    };
    refused_all(cases, VG_LEN(cases));
}

static void mistakes_in_other_correlations_are_named(void **state)
{
    (void)state;
    static const refusal cases[] = {
        {EVENTS HEAD
         "correlation: { type: value_sum, rules: [a], group-by: [zone], timespan: 1s }\n",
         "engine.err.not_supported", "value_sum", NULL},
        {EVENTS HEAD "x-vonggac: { refire: reset }\ncorrelation: { type: value_count, rules: [a], "
                     "group-by: [zone], timespan: 1s, condition: { gte: 2 } }\n",
         "yaml.key_missing", "field", NULL},
        {EVENTS HEAD "x-vonggac: { refire: reset }\ncorrelation: { type: event_count, rules: [a], "
                     "group-by: [zone], timespan: 1s, condition: { gte: 2, field: zone } }\n",
         "engine.err.key_not_here", "field", NULL},
        {EVENTS HEAD "x-vonggac: { refire: reset }\ncorrelation: { type: x-neighbours, rules: [a], "
                     "group-by: [zone], timespan: 1s, condition: { gte: 2 } }\n",
         "engine.err.by_site_zone", "group-by", NULL},
        {EVENTS HEAD "x-vonggac: { consume: true }\ncorrelation: { type: temporal, rules: [a], "
                     "group-by: [zone], timespan: 1s }\n",
         "engine.err.two_steps", "rules", NULL},
        {EVENTS HEAD "correlation: { type: temporal, rules: [a, b], group-by: [zone], "
                     "timespan: 1s }\n",
         "yaml.key_missing", "consume", NULL},
        {EVENTS HEAD "x-vonggac: { ratio: 3 }\ncorrelation: { type: x-rate-anomaly, rules: [a], "
                     "group-by: [zone] }\n",
         "yaml.key_missing", "threshold", NULL},
        {EVENTS HEAD "x-vonggac: { ratio: 1e3, threshold: 4 }\ncorrelation: { type: "
                     "x-rate-anomaly, rules: [a], group-by: [zone] }\n",
         "yaml.number_range", "1e3", NULL},
        {EVENTS HEAD
         "correlation: { type: event_cout, rules: [a], group-by: [zone], timespan: 1s }\n",
         "yaml.unknown_word_near", "event_cout", "event_count (f:10)"},
        {EVENTS HEAD
         "correlation: { type: event_count, rules: [a], group-by: [zone], timespan: 1s }\n",
         "yaml.key_missing", "condition", NULL},
        {EVENTS HEAD
         "correlation: { type: event_count, rules: [a], group-by: [zone], timespan: 1s, "
         "condition: { gte: 5 } }\n",
         "yaml.key_missing", "refire", NULL},
        {EVENTS HEAD
         "correlation: { type: event_count, rules: [a], group-by: [zone], timespan: 1s, "
         "condition: { gte: 101 } }\n",
         "yaml.number_range", "101", NULL},
        {EVENTS HEAD
         "correlation: { type: x-absence, rules: [a], group-by: [zone], timespan: 1s }\n",
         "yaml.key_missing", "fire", NULL},
        {EVENTS HEAD
         "correlation: { type: x-suppress, rules: [a], group-by: [zone], timespan: 1s }\n",
         "yaml.key_missing", "window", NULL},
        {EVENTS HEAD "correlation: { type: event, rules: [a], group-by: [zone], timespan: 1s }\n",
         "engine.err.key_not_here", "timespan", NULL},
    };
    refused_all(cases, VG_LEN(cases));
}

#define EVENT_RULE "correlation: { type: event, rules: [a], group-by: [zone] }\n"

static void mistakes_in_what_comes_of_it_are_named(void **state)
{
    (void)state;
    static const refusal cases[] = {
        {EVENTS HEAD EVENT_RULE "x-vonggac: { unless: { rules: b } }\n", "yaml.key_missing",
         "before", "f:11"},
        {EVENTS HEAD EVENT_RULE "x-vonggac: { unless: { before: 3s } }\n", "yaml.key_missing",
         "rules", NULL},
        {EVENTS HEAD EVENT_RULE "x-vonggac: { unless: { rules: nobody, before: 3s } }\n",
         "engine.err.no_such_event", "nobody", "f:7"},
        {EVENTS HEAD EVENT_RULE "x-vonggac: { recovery: { hold: 3s } }\n", "yaml.key_missing",
         "rules", NULL},
        {EVENTS HEAD EVENT_RULE "x-vonggac: { escalate: { critical: 3s } }\n", "yaml.key_missing",
         "recovery", NULL},
        {EVENTS HEAD EVENT_RULE "x-vonggac: { recovery: { rules: b }, escalate: { high: 3s } }\n",
         "engine.err.rung_order", "high", NULL},
        {EVENTS "name: r\ntitle: Luật\nlevel: low\n" EVENT_RULE
                "x-vonggac: { recovery: { rules: b }, escalate: { medium: 3s, critical: 3s } }\n",
         "engine.err.rung_order", "critical", NULL},
        {EVENTS HEAD EVENT_RULE "x-vonggac: { unless: { rules: r, before: 3s } }\n",
         "engine.err.circle", "r", NULL},
    };
    refused_all(cases, VG_LEN(cases));
}

static void kinds_are_held_against_the_known(void **state)
{
    (void)state;
    static const char *const known[] = {"fence_alarm", "panic"};
    vg_ruleset *set = vg_ruleset_create((vg_texts){known, 2});
    vg_err err = {0};
    assert_int_equal(vg_ruleset_add(set, "f",
                                    VG_S("name: x\ndetection: { selection: { kind: fence_alrm },"
                                         " condition: selection }\n"),
                                    &err),
                     VG_EINVALID);
    assert_string_equal(err.key, "yaml.unknown_word_near");
    assert_string_equal(err.detail, "fence_alarm (f:1)");
    vg_ruleset_destroy(set);
}

static void the_version_follows_the_meaning(void **state)
{
    (void)state;
    vg_ruleset *x = help_rules_of("x", vg_str_c(EVENTS HEAD SEQ PICK));
    vg_ruleset *y = help_rules_of(
        "y", vg_str_c("# a comment\n" EVENTS PICK "title: \"Luật\"\nlevel: high\nname: r\n"
                      "correlation:\n  rules:\n  - a\n  - b\n  timespan: 1m\n  group-by: zone\n  "
                      "type: temporal_ordered\n"));
    vg_ruleset *z =
        help_rules_of("z", vg_str_c(EVENTS HEAD SEQ "x-vonggac: { pick: first, consume: true }\n"));
    assert_string_equal(x->rules[0].version, y->rules[0].version);
    assert_memory_equal(x->hash, y->hash, sizeof x->hash);
    assert_string_not_equal(x->rules[0].version, z->rules[0].version);
    assert_int_equal(strlen(x->rules[0].version), 16);
    assert_true(vg_rule_portable(&x->rules[0]));
    vg_ruleset_destroy(x);
    vg_ruleset_destroy(y);
    vg_ruleset_destroy(z);
}

static void a_rule_reads_as_a_sentence(void **state)
{
    (void)state;
    vg_ruleset *set = help_rules("tests/data/bench_rules.yaml");
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_rule_explain(set, vg_ruleset_find(set, "R2"), VG_EN, &b);
    assert_non_null(strstr(vg_buf_z(&b), "more than 30 minutes have passed since the last"));
    vg_buf_reset(&b);
    vg_rule_explain(set, vg_ruleset_find(set, "R3"), VG_VI, &b);
    assert_non_null(strstr(vg_buf_z(&b), "Báo động khi có từ 5 lần"));
    assert_non_null(strstr(vg_buf_z(&b), "trong vòng 120 giây"));
    vg_buf_reset(&b);
    vg_rule_cancel(set, vg_ruleset_find(set, "R1"), VG_VI, &b);
    assert_string_equal(
        vg_buf_z(&b), "Không báo động nếu bước cuối không đến trong vòng 60 giây kể từ bước đầu.");
    vg_buf_done(&b);
    vg_ruleset_destroy(set);
}

static void add_shipped(vg_ruleset *set, const char *file)
{
    char path[300];
    snprintf(path, sizeof path, "rules/%s", file);
    size_t n = 0;
    char *yaml = help_file(path, &n);
    vg_err err = {0};
    if (vg_ruleset_add(set, path, (vg_str){yaml, n}, &err) != VG_OK) {
        fail_msg("%s: %s %s %s", path, err.key, err.field, err.detail);
    }
    free(yaml);
}

static void shipped_rules_are_sound(void **state)
{
    (void)state;
    char dir[4096];
    const char *root = getenv("VG_ROOT");
    snprintf(dir, sizeof dir, "%s/rules", root ? root : ".");
    DIR *d = opendir(dir);
    assert_non_null(d);
    vg_ruleset *set = vg_ruleset_create((vg_texts){0});
    for (struct dirent *e; (e = readdir(d));) {
        if (strstr(e->d_name, ".yaml")) {
            add_shipped(set, e->d_name);
        }
    }
    closedir(d);
    vg_err err = {0};
    assert_int_equal(vg_ruleset_finish(set, &err), VG_OK);
    assert_true(set->n_rules > 25);
    vg_buf b;
    vg_buf_init(&b, 16 << 10);
    for (size_t i = 0; i < set->n_rules * 2; i++) {
        assert_non_null(set->rules[i / 2].title_en);
        vg_buf_reset(&b);
        vg_rule_explain(set, i / 2, (vg_lang)(i % 2), &b);
        vg_rule_cancel(set, i / 2, (vg_lang)(i % 2), &b);
        assert_null(strchr(vg_buf_z(&b), '{'));
        assert_null(strstr(vg_buf_z(&b), "engine."));
    }
    vg_buf_done(&b);
    vg_ruleset_destroy(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_events_are_named),
        cmocka_unit_test(mistakes_in_rules_are_named),
        cmocka_unit_test(mistakes_in_rules_across_sites_are_named),
        cmocka_unit_test(a_rule_across_sites_reads_as_one),
        cmocka_unit_test(mistakes_in_sequences_are_named),
        cmocka_unit_test(mistakes_in_other_correlations_are_named),
        cmocka_unit_test(mistakes_in_what_comes_of_it_are_named),
        cmocka_unit_test(kinds_are_held_against_the_known),
        cmocka_unit_test(the_version_follows_the_meaning),
        cmocka_unit_test(a_rule_reads_as_a_sentence),
        cmocka_unit_test(shipped_rules_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
