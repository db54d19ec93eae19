// SPDX-License-Identifier: Apache-2.0
// rules over a node's own journal: a back-test of rule files on what the node has seen (`test --journal`), and
// the proof that the recorded alerts follow from the recorded signals (`replay`). Both read the database beside
// a running node and change nothing.
#include "app/verb_rules.h"

#include "domain/alerts/replay.h"
#include "domain/facts.h"

#include <unistd.h>

enum { FACTS_MAX = 256, OUT_MAX = 1 << 24, FLUSH = 1 << 16 };

static vg_status open_journal(const vg_cli *cli, vg_db **ret, vg_err *err)
{
    char path[480];
    VG_TRY(vg_cli_need_data(cli, err));
    snprintf(path, sizeof path, "%s/vonggac.db", cli->data);
    if (access(path, R_OK) != 0) {
        return vg_fail(err, VG_ENOTFOUND, "data", "err.no_data", "%s", cli->data);
    }
    return vg_db_open(path, VG_DB_READER, ret, err);
}

// --- back-test ----------------------------------------------------------------------------------
typedef struct back {
    const vg_cli *cli;
    alerts_brain *brain;
    rules_out out;
} back;

static void on_found(void *ctx, const alerts_found *f)
{
    back *t = ctx;
    vg_buf *b = &t->out.b;
    alerts_rule rule;
    if (f->what != FOUND_ALERT) {
        return;
    }
    alerts_brain_rule(t->brain, f->set, f->rule, &rule);
    t->out.counts[f->rule]++;
    vg_jw w = vg_jw_on(b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "rule", rule.name);
    vg_jw_key(&w, "time");
    vg_buf_f(b, "%lld.%06d", (long long)(f->t / 1000000), (int)(f->t % 1000000));
    w.comma = true;
    vg_jw_key(&w, "key");
    vg_jw_open(&w, '{');
    for (size_t i = 0; i < f->n_keys; i++) {
        vg_jw_kstr(&w, f->keys[i].field, f->keys[i].name);
    }
    vg_jw_close(&w, '}');
    vg_jw_key(&w, "evidence");
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < f->n_proofs; i++) {
        char name[40];
        const int n =
            snprintf(name, sizeof name, "%u-%lld", f->proofs[i].log, (long long)f->proofs[i].seq);
        vg_jw_str(&w, (vg_str){name, (size_t)n});
    }
    vg_jw_close(&w, ']');
    vg_jw_close(&w, '}');
    vg_buf_ch(b, '\n');
    if (b->n > FLUSH) {
        fwrite(b->p, 1, b->n, stdout);
        vg_buf_reset(b);
    }
}

static vg_status with_brain(back *t, vg_err *err)
{
    vg_db *db = NULL;
    int64_t events = 0;
    const size_t n = alerts_brain_rules(t->brain, 0);
    const char **names = vg_alloc((n + 1) * sizeof *names);
    t->out.counts = vg_alloc((n + 1) * sizeof *t->out.counts);
    for (size_t i = 0; i < n; i++) {
        alerts_rule rule;
        alerts_brain_rule(t->brain, 0, i, &rule);
        names[i] = rule.name;
    }
    vg_status st = open_journal(t->cli, &db, err);
    if (st == VG_OK) {
        vg_buf_init(&t->out.b, OUT_MAX);
        st = alerts_replay_all(db, t->brain, on_found, t, &events, err);
        t->out.events = (size_t)events;
        fwrite(t->out.b.p, 1, t->out.b.n, stdout);
        fflush(stdout);
        vg_buf_done(&t->out.b);
        vg_db_close(db);
    }
    if (st == VG_OK) {
        rules_out_counts(t->cli, &t->out, names, n);
    }
    free(names);
    free(t->out.counts);
    return st;
}

vg_status rules_journal(const vg_cli *cli, vg_err *err)
{
    rules_files f = {0};
    vg_embedded list[VG_MAX_WORDS + 1] = {0};
    vg_xname facts[FACTS_MAX];
    back t = {.cli = cli};
    if (vg_cli_get(cli, "slack") || vg_cli_get(cli, "events")) {
        return vg_fail(err, VG_EINVALID, "journal", "rules.journal_only", "--journal");
    }
    vg_status st = rules_files_read(cli, &f, err);
    for (size_t i = 0; st == VG_OK && i < f.n; i++) {
        list[i] = (vg_embedded){.name = f.v[i].name,
                                .data = (const unsigned char *)f.v[i].text.p,
                                .size = f.v[i].text.n};
    }
    if (st == VG_OK) {
        const alerts_brain_opts opts = {
            .shipped = list, .facts = facts, .n_facts = vg_fact_names(facts, FACTS_MAX)};
        st = alerts_brain_create(&opts, &t.brain, err);
        st = st == VG_OK ? with_brain(&t, err) : st;
    }
    alerts_brain_destroy(t.brain);
    rules_files_done(&f);
    return st;
}

// --- replay -------------------------------------------------------------------------------------
static const struct {
    const char *name;  // in JSON, and in the sentence rules.replayed
    size_t at;
} figures[] = {
#define F(name)                                \
    {                                          \
#name, offsetof(alerts_compared, name) \
    }
    F(events),  F(raised), F(more),   F(changes),   F(found),       F(other_rules),
    F(not_due), F(quiet),  F(folded), F(uncounted), F(differences),
#undef F
};

static int64_t figure(const alerts_compared *x, size_t i)
{
    int64_t n;
    memcpy(&n, (const char *)x + figures[i].at, sizeof n);
    return n;
}

static void replay_json(const alerts_compared *x)
{
    static const char *const only[] = {"journal", "replay", ""};
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    for (size_t i = 0; i < VG_LEN(figures); i++) {
        vg_jw_ki64(&w, figures[i].name, figure(x, i));
    }
    if (x->differences) {
        char name[40];
        snprintf(name, sizeof name, "%u-%lld", x->log, (long long)x->seq);
        vg_jw_kz(&w, "first", name);
        vg_jw_kz(&w, "rule", x->rule);
        vg_jw_kz(&w, "only", only[x->only]);
    }
    vg_jw_close(&w, '}');
    vg_say_json(&b);
    vg_buf_done(&b);
}

static void replay_text(const vg_cli *cli, const alerts_compared *x)
{
    char text[VG_LEN(figures)][24];
    const char *args[2 * VG_LEN(figures) + 1] = {NULL};
    for (size_t i = 0; i < VG_LEN(figures); i++) {
        snprintf(text[i], sizeof text[i], "%lld", (long long)figure(x, i));
        args[2 * i] = figures[i].name;
        args[2 * i + 1] = text[i];
    }
    vg_say_line(cli, "rules.replayed", args);
}

vg_status rules_replay(const vg_cli *cli, vg_err *err)
{
    static const char *const differs[] = {"rules.only_journal", "rules.only_replay",
                                          "rules.both_differ"};
    vg_db *db = NULL;
    alerts_compared x;
    VG_TRY(open_journal(cli, &db, err));
    const vg_status st = alerts_replay_compare(db, cli->data, &x, err);
    vg_db_close(db);
    VG_TRY(st);
    if (cli->json) {
        replay_json(&x);
    } else {
        replay_text(cli, &x);
    }
    return x.differences ? vg_fail(err, VG_EUNAVAIL, x.rule, differs[x.only], "%u-%lld", x.log,
                                   (long long)x.seq)
                         : VG_OK;
}
