// SPDX-License-Identifier: Apache-2.0
// rules: what somebody who writes detection rules asks at the keyboard: is the file right (check), what does it
// say (explain), what would it have found in these events (test), and does the journal, read again, say what
// it said then (replay). Nothing is written anywhere.
#include "app/verb_rules.h"

#include "engine/explain.h"

static const vg_option OPTIONS[] = {{"events", false, "FILE"},
                                    {"format", false, "COLUMNS|csv"},
                                    {"slack", false, "SPAN"},
                                    {"skip-bad", true, NULL},
                                    {"journal", true, NULL},
                                    {"node", true, NULL},
                                    {0}};

// --- check --------------------------------------------------------------------------------------
static vg_status check_files(const vg_cli *cli, const rules_files *f, vg_err *err)
{
    vg_ruleset *set = NULL;
    const size_t bad = rules_files_errors(f, cli->lang);
    if (bad) {
        return vg_fail(err, VG_EUNAVAIL, "", "rules.bad", "%zu", bad);
    }
    VG_TRY(rules_files_load(f, &set, err));
    char rules[24], files[24];
    snprintf(rules, sizeof rules, "%zu", set->n_rules);
    snprintf(files, sizeof files, "%zu", f->n);
    vg_ruleset_destroy(set);
    vg_say_line(cli, "rules.good", (const char *const[]){"rules", rules, "files", files, NULL});
    return VG_OK;
}

static vg_status check(const vg_cli *cli, vg_err *err)
{
    rules_files f = {0};
    vg_status st = rules_files_read(cli, &f, err);
    st = st == VG_OK ? check_files(cli, &f, err) : st;
    rules_files_done(&f);
    return st;
}

// --- explain ------------------------------------------------------------------------------------
static void explain_one(const vg_cli *cli, const vg_ruleset *set, size_t i, vg_buf *b)
{
    vg_buf_f(b, "%s: ", set->rules[i].name);
    vg_rule_explain(set, i, cli->lang, b);
    vg_buf_ch(b, ' ');
    vg_rule_cancel(set, i, cli->lang, b);
}

static void explain_json(const vg_cli *cli, const vg_ruleset *set, size_t i, vg_jw *w)
{
    vg_buf say, cancel;
    vg_buf_init(&say, 1 << 16);
    vg_buf_init(&cancel, 1 << 16);
    vg_rule_explain(set, i, cli->lang, &say);
    vg_rule_cancel(set, i, cli->lang, &cancel);
    vg_jw_open(w, '{');
    vg_jw_kz(w, "rule", set->rules[i].name);
    vg_jw_kz(w, "title", vg_rule_title(&set->rules[i], cli->lang));
    vg_jw_kz(w, "level", vg_rule_level_text(set->rules[i].level));
    vg_jw_kz(w, "version", set->rules[i].version);
    vg_jw_kstr(w, "says", vg_buf_str(&say));
    vg_jw_kstr(w, "cancels", vg_buf_str(&cancel));
    vg_jw_close(w, '}');
    vg_buf_done(&say);
    vg_buf_done(&cancel);
}

static void explain_all(const vg_cli *cli, const vg_ruleset *set)
{
    vg_buf b;
    vg_buf_init(&b, 64 << 20);
    vg_jw w = vg_jw_on(&b);
    if (cli->json) {
        vg_jw_open(&w, '[');
    }
    for (size_t i = 0; i < set->n_rules; i++) {
        if (cli->json) {
            explain_json(cli, set, i, &w);
        } else {
            vg_buf_c(&b, i ? "\n" : "");
            explain_one(cli, set, i, &b);
        }
    }
    if (cli->json) {
        vg_jw_close(&w, ']');
    }
    vg_say_json(&b);
    vg_buf_done(&b);
}

static vg_status explain(const vg_cli *cli, vg_err *err)
{
    rules_files f = {0};
    vg_ruleset *set = NULL;
    vg_status st = rules_files_read(cli, &f, err);
    st = st == VG_OK ? rules_files_load(&f, &set, err) : st;
    if (st == VG_OK) {
        explain_all(cli, set);
    }
    vg_ruleset_destroy(set);
    rules_files_done(&f);
    return st;
}

// --- test ---------------------------------------------------------------------------------------
void rules_out_counts(const vg_cli *cli, const rules_out *o, const char *const *rules, size_t n)
{
    const size_t extra[] = {o->events, o->late, o->full, o->skipped};
    static const char *const keys[] = {"rules.events", "rules.late", "rules.full", "rules.skipped"};
    vg_buf b;
    vg_buf_init(&b, 16 << 20);
    for (size_t i = 0; i < n; i++) {
        vg_buf_f(&b, "%s %zu\n", rules[i], o->counts[i]);
    }
    for (size_t i = 0; i < VG_LEN(keys); i++) {
        char text[24];
        snprintf(text, sizeof text, "%zu", extra[i]);
        if (i == 0 || extra[i]) {
            vg_tr_add(&b, cli->lang, keys[i], (const char *const[]){"n", text, NULL});
            vg_buf_ch(&b, '\n');
        }
    }
    fwrite(b.p, 1, b.n, stderr);
    vg_buf_done(&b);
}

static vg_status test(const vg_cli *cli, vg_err *err)
{
    return vg_cli_get(cli, "journal") ? rules_journal(cli, err) : rules_run(cli, err);
}

// --- the verb -----------------------------------------------------------------------------------
static vg_status run(const vg_cli *cli, vg_err *err)
{
    static const struct {
        const char *word;
        vg_status (*run)(const vg_cli *cli, vg_err *err);
    } parts[] = {{"check", check}, {"test", test}, {"explain", explain}, {"replay", rules_replay}};
    const char *word = cli->n_words ? cli->word[0] : "";
    for (size_t i = 0; i < VG_LEN(parts); i++) {
        if (strcmp(word, parts[i].word) == 0) {
            return parts[i].run(cli, err);
        }
    }
    return vg_fail(err, VG_EINVALID, "", "cli.word_unknown", "rules %s", word);
}

const vg_verb vg_verb_rules = {"rules", OPTIONS, "check|test|explain|replay [FILE...]", run};
