// SPDX-License-Identifier: Apache-2.0
// journal: prints the journal, oldest first, one event a line (text or, with --json, JSON lines). Reads in
// pages, so that a long print never holds the database's WAL.
#include "app/cli.h"
#include "base/clock.h"
#include "journal/journal.h"

#include <unistd.h>

enum { PAGE = 1000 };

static const vg_option OPTIONS[] = {{"log", false, "N"},
                                    {"after", false, "SEQ"},
                                    {"kind", false, "KIND"},
                                    {"limit", false, "N"},
                                    {0}};

static void print_json(const vg_event *e, vg_buf *b)
{
    char name[48], hex[65];
    snprintf(name, sizeof name, "%u-%lld", e->log, (long long)e->seq);
    vg_hex(e->hash, VG_HASH_BYTES, hex);
    vg_jw w = vg_jw_on(b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "name", name);
    vg_jw_kstr(&w, "kind", e->kind);
    vg_jw_kstr(&w, "site", e->site);
    vg_jw_kstr(&w, "subject", e->subject);
    vg_jw_kstr(&w, "actor", e->actor);
    vg_jw_ktime_exact(&w, "captured", e->captured_us);
    vg_jw_ktime_exact(&w, "received", e->received_us);
    vg_jw_ktime_exact(&w, "recorded", e->recorded_us);
    vg_jw_kstr(&w, "source", e->source);
    vg_jw_ki64(&w, "source_seq", e->source_seq);
    vg_jw_ki64(&w, "label", e->label);
    vg_jw_ki64(&w, "world", e->world);
    vg_jw_ki64(&w, "purpose", e->purpose);
    vg_jw_kraw(&w, "body", e->body.n ? e->body : VG_S("null"));
    vg_jw_kz(&w, "hash", hex);
    vg_jw_close(&w, '}');
}

static void print_event(const vg_cli *cli, const vg_event *e)
{
    vg_buf b;
    vg_buf_init(&b, 8 << 20);
    if (cli->json) {
        print_json(e, &b);
    } else {
        char at[VG_TIME_TEXT];
        vg_time_rfc3339(e->recorded_us, at);
        vg_buf_f(&b, "%u-%lld  %.23s  %-24.*s  %.*s", e->log, (long long)e->seq, at,
                 VG_FMT(e->kind), VG_FMT(e->body));
    }
    vg_say_json(&b);
    vg_buf_done(&b);
}

static vg_status print_page(const vg_cli *cli, vg_db *db, int64_t *after, int64_t end,
                            int64_t *left, int *n, vg_err *err)
{
    vg_rows *r;
    const char *kind = vg_cli_get(cli, "kind");
    VG_TRY(vg_rows_open(db,
                        "SELECT " VG_EVENT_COLUMNS
                        " FROM event e WHERE e.id > ? AND e.id < ? ORDER BY e.id LIMIT ?",
                        VG_VALS(vg_i(*after), vg_i(end), vg_i(PAGE)), &r, err));
    for (*n = 0; *left > 0 && vg_rows_next(r); ++*n) {
        vg_event e;
        vg_event_read(r, &e);
        *after = VG_EVENT_ROWID(e.log, e.seq);
        if (!kind || vg_str_eqc(e.kind, kind)) {
            print_event(cli, &e);
            --*left;
        }
    }
    return vg_rows_close(r, err);
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    char path[440];
    int64_t log, seq, left;
    VG_TRY(vg_cli_need_data(cli, err));
    VG_TRY(vg_cli_i64(cli, "log", 1, UINT16_MAX, 0, &log, err));
    VG_TRY(vg_cli_i64(cli, "after", 0, INT64_C(1) << 39, 0, &seq, err));
    VG_TRY(vg_cli_i64(cli, "limit", 1, INT64_MAX, INT64_MAX, &left, err));
    snprintf(path, sizeof path, "%s/vonggac.db", cli->data);
    if (access(path, R_OK) != 0) {
        return vg_fail(err, VG_ENOTFOUND, "data", "err.no_data", "%s", cli->data);
    }
    vg_db *db;
    VG_TRY(vg_db_open(path, VG_DB_READER, &db, err));
    int64_t after = log ? VG_EVENT_ROWID(log, seq) : seq;
    const int64_t end = log ? VG_EVENT_ROWID(log + 1, 0) : INT64_MAX;
    vg_status s = vg_journal_readable(db, err);
    int n = PAGE;
    while (s == VG_OK && n == PAGE && left > 0) {
        s = print_page(cli, db, &after, end, &left, &n, err);
    }
    vg_db_close(db);
    return s;
}

const vg_verb vg_verb_journal = {"journal", OPTIONS, NULL, run};
