// SPDX-License-Identifier: Apache-2.0
// evidence make | check: a bundle of events that proves itself, and proving one. make reads beside a running node, or
// where none runs, and the journal has it before the file is left to its place; check needs the file alone, and with
// --anchors the cards that other nodes kept of the one that made it.
#include "app/cli.h"
#include "base/clock.h"
#include "base/conf.h"
#include "core/control.h"
#include "domain/evidence/evidence.h"

#include <unistd.h>

static vg_status ask_of(const vg_cli *cli, evidence_ask *ret, vg_err *err)
{
    int64_t log;
    const int64_t top = (INT64_C(1) << VG_SEQ_BITS) - 1;
    *ret = (evidence_ask){.incident = vg_cli_get(cli, "incident"),
                          .alert = vg_cli_get(cli, "alert"),
                          .reason = vg_cli_get(cli, "reason")};
    VG_TRY(vg_cli_i64(cli, "log", 1, UINT16_MAX, 0, &log, err));
    VG_TRY(vg_cli_i64(cli, "from", 1, top, 1, &ret->from, err));
    VG_TRY(vg_cli_i64(cli, "to", ret->from, top, top, &ret->to, err));
    ret->log = (uint32_t)log;
    return (ret->incident != NULL) + (ret->alert != NULL) + (log != 0) == 1
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "incident", "evidence.ask_one", "%s", "");
}

static vg_status note(const vg_cli *cli, const evidence_ask *ask, const evidence_made *made,
                      vg_err *err)
{
    vg_buf args, reply;
    vg_buf_init(&args, 16384);
    vg_buf_init(&reply, 4096);
    evidence_note(ask, made, &args);
    const vg_status s = vg_control_run(cli->data, "evidence.note", vg_buf_str(&args), &reply, err);
    vg_buf_done(&args);
    vg_buf_done(&reply);
    return s;
}

static void figure(char out[24], int64_t n)
{
    snprintf(out, 24, "%lld", (long long)n);
}

static void say_made(const vg_cli *cli, const char *path, const evidence_made *m)
{
    char events[24], withheld[24], seals[24], pictures[24];
    figure(events, m->events);
    figure(withheld, m->withheld);
    figure(seals, m->seals);
    figure(pictures, m->pictures);
    if (!cli->json) {
        vg_say_line(cli, "evidence.made_line",
                    (const char *const[]){"file", path, "events", events, "withheld", withheld,
                                          "seals", seals, "pictures", pictures, "hash", m->hash,
                                          NULL});
        return;
    }
    vg_buf b;
    vg_buf_init(&b, 8192);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kbool(&w, "ok", true);
    vg_jw_kz(&w, "file", path);
    vg_jw_kz(&w, "hash", m->hash);
    vg_jw_ki64(&w, "bytes", m->bytes);
    vg_jw_ki64(&w, "events", m->events);
    vg_jw_ki64(&w, "withheld", m->withheld);
    vg_jw_ki64(&w, "seals", m->seals);
    vg_jw_ki64(&w, "pictures", m->pictures);
    vg_jw_ki64(&w, "erased", m->erased);
    vg_jw_close(&w, '}');
    vg_say_json(&b);
    vg_buf_done(&b);
}

static vg_status make_from(const vg_cli *cli, evidence_from *from, vg_err *err)
{
    evidence_ask ask;
    evidence_made made;
    const char *path = vg_cli_get(cli, "out");
    VG_TRY(ask_of(cli, &ask, err));
    if (!path) {
        return vg_fail(err, VG_EINVALID, "out", "err.field_missing", "--out");
    }
    VG_TRY(evidence_make(from, &ask, path, &made, err));
    const vg_status s = note(cli, &ask, &made, err);
    if (s != VG_OK) {
        unlink(path);  // what the journal does not know of is not handed out
        return s;
    }
    say_made(cli, path, &made);
    return VG_OK;
}

static vg_status run_make(const vg_cli *cli, vg_err *err)
{
    char path[440];
    vg_conf *conf;
    evidence_from from = {0};
    VG_TRY(vg_cli_need_data(cli, err));
    snprintf(path, sizeof path, "%s/vonggac.ini", cli->data);
    VG_TRY(vg_conf_load(path, &conf, err));
    vg_status s = evidence_from_data(cli->data, &from, err);
    if (s == VG_OK) {
        from.node = vg_conf_get(conf, "node.name", "");
        s = make_from(cli, &from, err);
    }
    evidence_from_done(&from);
    vg_conf_destroy(conf);
    return s;
}

// --- check ----------------------------------------------------------------------------------------
static void anchors_json(vg_jw *w, const evidence_report *r)
{
    vg_jw_key(w, "anchors");
    vg_jw_open(w, '{');
    vg_jw_ki64(w, "cards", r->cards);
    vg_jw_ki64(w, "holding", r->holding);
    vg_jw_ki64(w, "covered", r->covered);
    vg_jw_ki64(w, "others", r->others);
    vg_jw_ki64(w, "unread", r->unread);
    vg_jw_close(w, '}');
}

static void report_json(const evidence_report *r, bool anchors)
{
    vg_buf b;
    vg_buf_init(&b, 65536);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kbool(&w, "ok", true);
    vg_jw_kz(&w, "node", r->node);
    vg_jw_kz(&w, "key", r->key);
    vg_jw_kz(&w, "made", r->made);
    vg_jw_ki64(&w, "events", r->events);
    vg_jw_ki64(&w, "withheld", r->withheld);
    vg_jw_ki64(&w, "pictures", r->pictures);
    vg_jw_ki64(&w, "personal", r->personal);
    vg_jw_ki64(&w, "erased", r->erased);
    vg_jw_ktime_exact(&w, "first", r->first_us);
    vg_jw_ktime_exact(&w, "last", r->last_us);
    vg_jw_key(&w, "seals");
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < r->n_last; i++) {
        vg_jw_open(&w, '{');
        vg_jw_ki64(&w, "log", r->last[i].log);
        vg_jw_ki64(&w, "seq", r->last[i].seq);
        vg_jw_kz(&w, "hash", r->last[i].hash);
        vg_jw_close(&w, '}');
    }
    vg_jw_close(&w, ']');
    if (anchors) {
        anchors_json(&w, r);
    }
    vg_jw_close(&w, '}');
    vg_say_json(&b);
    vg_buf_done(&b);
}

// dd/MM/yyyy HH:mm, as people here write it.
static void day(int64_t us, char out[24])
{
    int t[6];
    vg_time_split(us, 7 * 60, t);
    snprintf(out, 24, "%02d/%02d/%04d %02d:%02d", t[2] % 100, t[1] % 100, t[0] % 10000, t[3] % 100,
             t[4] % 100);
}

static void report_text(const vg_cli *cli, const evidence_report *r, bool known)
{
    char events[24], withheld[24], seals[24], pictures[24], made[24], first[24], last[24], seq[24],
        log[24];
    int64_t made_us = 0;
    (void)!vg_time_parse(vg_str_c(r->made), &made_us, NULL);
    day(made_us, made);
    figure(events, r->events);
    figure(withheld, r->withheld);
    figure(seals, r->seals);
    figure(pictures, r->pictures);
    day(r->first_us, first);
    day(r->last_us, last);
    vg_say_line(cli, "evidence.sound",
                (const char *const[]){"node", r->node, "made", made, "events", events, "withheld",
                                      withheld, "seals", seals, "pictures", pictures, "first",
                                      first, "last", last, NULL});
    if (r->erased) {
        char n[24];
        figure(n, r->erased);
        vg_say_line(cli, "evidence.sound_erased", (const char *const[]){"n", n, NULL});
    }
    for (size_t i = 0; i < r->n_last; i++) {
        figure(log, r->last[i].log);
        figure(seq, r->last[i].seq);
        vg_say_line(cli, "evidence.sound_seal",
                    (const char *const[]){"log", log, "seq", seq, "hash", r->last[i].hash, NULL});
    }
    vg_say_line(cli, known ? "evidence.key_known" : "evidence.key_compare",
                (const char *const[]){"key", r->key, NULL});
}

// What the cards say, also when they say nothing.
static void anchors_text(const vg_cli *cli, const evidence_report *r)
{
    char cards[24], covered[24], events[24], others[24], unread[24], last[24];
    figure(cards, r->holding);
    figure(covered, r->covered);
    figure(events, r->events);
    figure(others, r->cards - r->holding + r->others);
    figure(unread, r->unread);
    day(r->card_us, last);
    vg_say_line(cli, r->covered ? "evidence.anchors_hold" : "evidence.anchors_none",
                (const char *const[]){"n", cards, "covered", covered, "events", events, "last",
                                      last, "others", others, NULL});
    if (r->unread) {
        vg_say_line(cli, "evidence.anchors_unread", (const char *const[]){"n", unread, NULL});
    }
}

static vg_status run_check(const vg_cli *cli, vg_err *err)
{
    unsigned char key[32];
    evidence_report report;
    const char *hex = vg_cli_get(cli, "key"), *anchors = vg_cli_get(cli, "anchors");
    if (cli->n_words != 2) {
        return vg_fail(err, VG_EINVALID, "file", "err.field_missing", "FILE");
    }
    if (hex && !vg_unhex(vg_str_c(hex), key, sizeof key)) {
        return vg_fail(err, VG_EINVALID, "key", "evidence.key_form", "%s", "");
    }
    VG_TRY(evidence_check_anchors(cli->word[1], hex ? key : NULL, anchors, &report, err));
    if (cli->json) {
        report_json(&report, anchors != NULL);
        return VG_OK;
    }
    report_text(cli, &report, hex != NULL);
    if (anchors) {
        anchors_text(cli, &report);
    }
    return VG_OK;
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    const char *word = cli->n_words ? cli->word[0] : "";
    if (strcmp(word, "make") == 0) {
        return run_make(cli, err);
    }
    if (strcmp(word, "check") == 0) {
        return run_check(cli, err);
    }
    return vg_fail(err, VG_EINVALID, "", "cli.word_unknown", "%s %s", cli->verb, word);
}

static const vg_option OPTIONS[] = {{"incident", false, "ID"},
                                    {"alert", false, "ID"},
                                    {"log", false, "N"},
                                    {"from", false, "SEQ"},
                                    {"to", false, "SEQ"},
                                    {"out", false, "FILE.zip"},
                                    {"reason", false, "TEXT"},
                                    {"key", false, "HEX"},
                                    {"anchors", false, "DIR|FILE"},
                                    {0}};
const vg_verb vg_verb_evidence = {"evidence", OPTIONS, "make|check FILE.zip", run};
