// SPDX-License-Identifier: Apache-2.0
// rules test over a file of events: a back-test that keeps nothing. The file is read in pieces, so its size does
// not matter; a line has a limit. Alerts go to standard output, one JSON object a line, in the order in which
// the engine finds them; evidence is cited by the source's sequence, the line number where the text has none.
// Facts of a node are unknown here: a condition that asks about one neither picks nor puts to sleep.
#include "app/verb_rules.h"

#include "base/clock.h"
#include "engine/text.h"

#include <errno.h>

enum { PIECE = 1 << 20, BATCH = 1024, FLUSH = 1 << 16, OUT_MAX = 1 << 24 };

typedef struct run {
    const vg_cli *cli;
    const vg_ruleset *set;
    vg_names names;
    vg_engine *engine;
    vg_engine_sink sink;
    vg_text reader;
    rules_out out;
    FILE *file;
    char *piece;
    size_t held;  // bytes at the beginning of piece
    bool headed, ended;
} run;

// --- out ----------------------------------------------------------------------------------------
static void drain(vg_buf *b)
{
    fwrite(b->p, 1, b->n, stdout);
    vg_buf_reset(b);
}

// Seconds with as many decimals as are needed, three at least.
static void put_time(vg_buf *b, int64_t us)
{
    char part[7] = ".";
    size_t n = sizeof part;
    int64_t rest = us % VG_SECOND_US;
    vg_buf_i64(b, us / VG_SECOND_US);
    for (size_t i = n - 1; i > 0; i--, rest /= 10) {
        part[i] = (char)('0' + rest % 10);
    }
    while (n > 4 && part[n - 1] == '0') {
        n--;
    }
    vg_buf_add(b, part, n);
}

static void put_key(run *r, vg_jw *w, const vg_alert *a)
{
    const vg_rule *rule = &r->set->rules[a->rule];
    vg_jw_key(w, "key");
    vg_jw_open(w, '{');
    for (size_t i = 0; i < rule->n_group; i++) {
        vg_jw_kstr(w, vg_field_text(rule->group[i]),
                   vg_intern_text(r->names.of[rule->group[i]], a->key.id[i]));
    }
    vg_jw_close(w, '}');
}

static void on_alert(void *ctx, const vg_alert *a)
{
    run *r = ctx;
    vg_buf *b = &r->out.b;
    vg_jw w = vg_jw_on(b);
    r->out.counts[a->rule]++;
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "rule", r->set->rules[a->rule].name);
    vg_jw_key(&w, "time");
    put_time(b, a->t);
    w.comma = true;
    put_key(r, &w, a);
    vg_jw_key(&w, "evidence");
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < a->n_evidence; i++) {
        vg_jw_i64(&w, a->evidence[i].seq);
    }
    vg_jw_close(&w, ']');
    vg_jw_close(&w, '}');
    vg_buf_ch(b, '\n');
    if (b->n > FLUSH) {
        drain(b);
    }
}

static void on_late(void *ctx, const vg_record *rec)
{
    (void)rec;
    ((run *)ctx)->out.late++;
}

static void on_full(void *ctx, uint32_t rule, const vg_record *rec)
{
    (void)rule;
    (void)rec;
    ((run *)ctx)->out.full++;
}

// --- in -----------------------------------------------------------------------------------------
static vg_status feed(run *r, vg_str *text, vg_err *err)
{
    vg_record v[BATCH];
    size_t n = BATCH;
    while (n == BATCH) {
        VG_TRY(vg_text_read(&r->reader, text, v, BATCH, &n, err));
        r->out.events += n;
        vg_engine_feed(r->engine, v, n, &r->sink);
        n = text->n ? n : 0;
    }
    return VG_OK;
}

// A file that begins with the name of a column has a header; --format csv demands one.
static vg_status header(run *r, vg_str *text, vg_err *err)
{
    const char *format = vg_cli_get(r->cli, "format");
    const bool csv = format && strcmp(format, "csv") == 0;
    const char *eol = memchr(text->p, '\n', text->n);
    const vg_str line = {text->p, eol ? (size_t)(eol - text->p) : 0};
    r->headed = true;
    if (format && !csv) {
        return vg_text_columns(vg_str_c(format), &r->reader.format, err);
    }
    if (!csv && (!line.n || (line.p[0] >= '0' && line.p[0] <= '9') ||
                 !(memchr(line.p, ',', line.n) || memchr(line.p, ';', line.n)))) {
        return VG_OK;
    }
    VG_TRY(vg_text_header(line, &r->reader.format, err));
    r->reader.line++;
    text->n -= (size_t)(eol + 1 - text->p);
    text->p = eol + 1;
    return VG_OK;
}

// A line that fills the whole piece is passed over to its end.
static vg_status too_long(run *r, vg_err *err)
{
    int c = 0;
    r->reader.line++;
    if (!r->reader.skip) {
        return vg_fail(err, VG_EINVALID, "", "engine.err.text_long", "%lld",
                       (long long)r->reader.line);
    }
    while ((c = getc(r->file)) != EOF && c != '\n') {
    }
    r->reader.skipped++;
    r->held = 0;
    return VG_OK;
}

static vg_status next_piece(run *r, vg_err *err)
{
    const size_t n = fread(r->piece + r->held, 1, PIECE - r->held, r->file);
    vg_str text = {r->piece, r->held + n};
    r->ended = n < PIECE - r->held;
    if (ferror(r->file)) {
        return vg_fail(err, VG_EIO, "events", NULL, "%s", strerror(errno));
    }
    if (r->ended && text.n && r->piece[text.n - 1] != '\n') {
        r->piece[text.n++] = '\n';  // there is room for it
    }
    if (!r->headed) {
        VG_TRY(header(r, &text, err));
    }
    VG_TRY(feed(r, &text, err));
    memmove(r->piece, text.p, text.n);
    r->held = text.n;
    return r->held > VG_TEXT_LINE ? too_long(r, err) : VG_OK;
}

// --- the run ------------------------------------------------------------------------------------
static vg_status span(const vg_cli *cli, int64_t *ret_us, vg_err *err)
{
    static const struct {
        const char *unit;
        int64_t us;
    } units[] = {{"ms", VG_MS_US},
                 {"s", VG_SECOND_US},
                 {"m", 60 * VG_SECOND_US},
                 {"h", 3600 * VG_SECOND_US}};
    const char *given = vg_cli_get(cli, "slack");
    int64_t n = 0;
    *ret_us = 0;
    if (!given) {
        return VG_OK;
    }
    const size_t len = strspn(given, "0123456789");
    for (size_t i = 0; i < VG_LEN(units); i++) {
        if (strcmp(given + len, units[i].unit) == 0 &&
            vg_str_i64((vg_str){given, len}, 0, 86400000, &n, NULL) == VG_OK &&
            n * units[i].us <= 86400 * VG_SECOND_US) {
            *ret_us = n * units[i].us;
            return VG_OK;
        }
    }
    return vg_fail(err, VG_EINVALID, "slack", "rules.slack", "%s", given);
}

static vg_status open_events(run *r, vg_err *err)
{
    const char *path = vg_cli_get(r->cli, "events");
    if (!path) {
        return vg_fail(err, VG_EINVALID, "events", "rules.need_events", "test");
    }
    r->file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    return r->file ? VG_OK
                   : vg_fail(err, VG_ENOTFOUND, "events", "rules.no_file", "%s: %s", path,
                             strerror(errno));
}

static vg_status go(run *r, vg_err *err)
{
    vg_engine_opts opts = {0};
    VG_TRY(span(r->cli, &opts.slack_us, err));
    VG_TRY(open_events(r, err));
    VG_TRY(vg_engine_create(r->set, &r->names, &opts, &r->engine, err));
    while (!r->ended) {
        VG_TRY(next_piece(r, err));
    }
    vg_engine_flush(r->engine, &r->sink);
    return VG_OK;
}

static void count_all(run *r)
{
    const char **names = vg_alloc((r->set->n_rules + 1) * sizeof *names);
    for (size_t i = 0; i < r->set->n_rules; i++) {
        names[i] = r->set->rules[i].name;
    }
    r->out.skipped = (size_t)r->reader.skipped;
    rules_out_counts(r->cli, &r->out, names, r->set->n_rules);
    free(names);
}

static vg_status with_rules(const vg_cli *cli, const vg_ruleset *set, vg_err *err)
{
    run r = {.cli = cli, .set = set, .piece = vg_alloc(PIECE + 1)};
    r.out.counts = vg_alloc((set->n_rules + 1) * sizeof *r.out.counts);
    r.sink = (vg_engine_sink){.ctx = &r, .alert = on_alert, .late = on_late, .full = on_full};
    vg_buf_init(&r.out.b, OUT_MAX);
    vg_names_init(&r.names);
    r.reader = (vg_text){.names = &r.names, .skip = vg_cli_get(cli, "skip-bad") != NULL};
    const vg_status st = go(&r, err);
    drain(&r.out.b);
    fflush(stdout);
    if (st == VG_OK) {
        count_all(&r);
    }
    if (r.file && r.file != stdin) {
        fclose(r.file);
    }
    vg_engine_destroy(r.engine);
    vg_names_done(&r.names);
    vg_buf_done(&r.out.b);
    free(r.out.counts);
    free(r.piece);
    return st;
}

vg_status rules_run(const vg_cli *cli, vg_err *err)
{
    rules_files f = {0};
    vg_ruleset *set = NULL;
    vg_status st = rules_files_read(cli, &f, err);
    st = st == VG_OK ? rules_files_load(&f, &set, err) : st;
    st = st == VG_OK ? with_rules(cli, set, err) : st;
    vg_ruleset_destroy(set);
    rules_files_done(&f);
    return st;
}
