// SPDX-License-Identifier: Apache-2.0
// gate audit: what was not in order among a site's passages over a period, worked out anew from the passages, each with
// the event that tells of it. Reads the database beside a running node and changes nothing.
#include "app/verb_store.h"
#include "base/clock.h"
#include "domain/day.h"
#include "domain/gate/audit.h"

enum { OUT_MAX = 1 << 22, FLUSH = 1 << 16, CODES = 24, OFFSET_MIN = 7 * 60 };

static const vg_option OPTIONS[] = {
    {"site", false, "CODE"}, {"from", false, "DATE"}, {"until", false, "DATE"}, {0}};

typedef struct telling {
    const vg_cli *cli;
    vg_db *db;
    vg_buf b;
    vg_jw w;
    struct {
        const char *code;
        int64_t n;
    } count[CODES];
} telling;

static void flush(telling *t)
{
    if (t->b.n > FLUSH) {
        fwrite(t->b.p, 1, t->b.n, stdout);
        vg_buf_reset(&t->b);
    }
}

static void count(telling *t, const char *code)
{
    for (size_t i = 0; i < CODES; i++) {
        if (!t->count[i].code || strcmp(t->count[i].code, code) == 0) {
            t->count[i].code = code;
            t->count[i].n++;
            return;
        }
    }
}

// What people call the holder or the point; the id where nobody says.
static void name_of(telling *t, const char *sql, vg_str id, char out[200])
{
    vg_rows *r;
    vg_err err;
    snprintf(out, 200, "%.*s", VG_FMT(id));
    if (id.n && vg_rows_open(t->db, sql, VG_VALS(vg_t(id)), &r, &err) == VG_OK) {
        if (vg_rows_next(r)) {
            const vg_str name = vg_row_str(r, 0);
            snprintf(out, 200, "%.*s", VG_FMT(name));
        }
        (void)!vg_rows_close(r, &err);
    }
}

static const char HOLDER[] = "SELECT name FROM gate_card WHERE holder = ?";
static const char POINT[] = "SELECT name FROM gate_point WHERE id = ?";
static const char AREA[] = "SELECT name FROM gate_area WHERE id = ?";
static const char RULE[] = "SELECT name FROM gate_rule WHERE id = ?";

static void put_name(telling *t, const char *key, const char *sql, vg_str id)
{
    char name[200];
    name_of(t, sql, id, name);
    vg_jw_kz(&t->w, key, name);
}

static void found_json(telling *t, const gate_finding *f)
{
    vg_jw_open(&t->w, '{');
    vg_jw_kz(&t->w, "code", f->code);
    vg_jw_ktime_exact(&t->w, "at", f->at_us);
    vg_jw_kstr(&t->w, "holder", f->holder);
    put_name(t, "name", HOLDER, f->holder);
    put_name(t, "point", POINT, f->point);
    put_name(t, "area", AREA, f->area);
    put_name(t, "rule", RULE, f->rule);
    if (f->about.n) {
        vg_jw_kstr(&t->w, "about", f->about);
    }
    vg_jw_kstr(&t->w, "passage", f->passage);
    vg_jw_kstr(&t->w, "event", f->evidence);
    vg_jw_close(&t->w, '}');
}

static void found(void *ctx, const gate_finding *f)
{
    telling *t = ctx;
    count(t, f->code);
    if (t->cli->json) {
        found_json(t, f);
        flush(t);
        return;
    }
    char key[48], name[200], point[200], area[200];
    int w[6];
    snprintf(key, sizeof key, "gate.audit.%s", f->code);
    vg_time_split(f->at_us, OFFSET_MIN, w);
    name_of(t, HOLDER, f->holder, name);
    name_of(t, POINT, f->point, point);
    name_of(t, *f->code == 'r' ? RULE : AREA, *f->code == 'r' ? f->rule : f->area, area);
    printf("%02d/%02d/%04d %02d:%02d:%02d  %s: %s, %s, %s (%.*s)\n", w[2], w[1], w[0], w[3], w[4],
           w[5], vg_tr(t->cli->lang, key), name, point, area, VG_FMT(f->evidence));
}

static vg_status day_of(const vg_cli *cli, const char *option, int64_t missing, int after,
                        int64_t *ret, vg_err *err)
{
    int day = 0;
    *ret = missing;
    if (vg_cli_get(cli, option)) {
        VG_TRY(vg_day_parse(vg_str_c(vg_cli_get(cli, option)), option, &day, err));
        *ret = vg_day_start_us(day + after);
    }
    return VG_OK;
}

static vg_status site_of(vg_db *db, const char *code, char out[VG_ID_TEXT], vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db, "SELECT id FROM site WHERE code = ?1 OR id = ?1", VG_VALS(vg_z(code)),
                        &r, err));
    const bool there = vg_rows_next(r);
    snprintf(out, VG_ID_TEXT, "%.*s", VG_FMT(there ? vg_row_str(r, 0) : VG_S("")));
    VG_TRY(vg_rows_close(r, err));
    return there ? VG_OK : vg_fail(err, VG_ENOTFOUND, "site", NULL, "%s", code);
}

static void end_json(telling *t, const gate_audit_sum *sum)
{
    vg_jw_close(&t->w, ']');
    vg_jw_key(&t->w, "counts");
    vg_jw_open(&t->w, '{');
    for (size_t i = 0; i < CODES && t->count[i].code; i++) {
        vg_jw_ki64(&t->w, t->count[i].code, t->count[i].n);
    }
    vg_jw_close(&t->w, '}');
    vg_jw_ki64(&t->w, "passages", sum->passages);
    vg_jw_ki64(&t->w, "holders", sum->holders);
    vg_jw_ki64(&t->w, "findings", sum->findings);
    vg_jw_close(&t->w, '}');
    fwrite(t->b.p, 1, t->b.n, stdout);
    putchar('\n');
}

static void end_text(telling *t, const gate_audit_sum *sum)
{
    char passages[24], findings[24];
    snprintf(passages, sizeof passages, "%lld", (long long)sum->passages);
    snprintf(findings, sizeof findings, "%lld", (long long)sum->findings);
    vg_say_line(t->cli, "gate.audit_sum",
                (const char *const[]){"passages", passages, "findings", findings, NULL});
}

static vg_status audit(telling *t, vg_db *db, vg_err *err)
{
    char site[VG_ID_TEXT];
    gate_audit q = {.db = db, .found = found, .ctx = t};
    gate_audit_sum sum;
    VG_TRY(site_of(db, vg_cli_get(t->cli, "site"), site, err));
    VG_TRY(day_of(t->cli, "from", INT64_MIN, 0, &q.from_us, err));
    VG_TRY(day_of(t->cli, "until", INT64_MAX, 1, &q.until_us, err));
    q.site = vg_str_c(site);
    if (t->cli->json) {
        vg_jw_open(&t->w, '{');
        vg_jw_key(&t->w, "found");
        vg_jw_open(&t->w, '[');
    }
    VG_TRY(gate_audit_run(&q, &sum, err));
    (t->cli->json ? end_json : end_text)(t, &sum);
    return VG_OK;
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    char path[440];
    vg_db *db;
    if (cli->n_words != 1 || strcmp(cli->word[0], "audit") != 0) {
        return vg_fail(err, VG_EINVALID, "", "cli.word_unknown", "gate %s",
                       cli->n_words ? cli->word[0] : "");
    }
    if (!vg_cli_get(cli, "site")) {
        return vg_fail(err, VG_EINVALID, "site", "err.field_missing", "%s", "--site");
    }
    VG_TRY(app_db_path(cli, path, err));
    VG_TRY(vg_db_open(path, VG_DB_READER, &db, err));
    telling t = {.cli = cli, .db = db};
    vg_buf_init(&t.b, OUT_MAX);
    t.w = vg_jw_on(&t.b);
    const vg_status st = audit(&t, db, err);
    vg_buf_done(&t.b);
    vg_db_close(db);
    return st;
}

const vg_verb vg_verb_gate = {"gate", OPTIONS, "audit", run};
