// SPDX-License-Identifier: Apache-2.0
// doctor: looks at a data directory and says in words what is wrong and what to do. Changes nothing. Exit 0
// when all is well, 1 when something needs a person.
#include "app/cli.h"
#include "base/clock.h"
#include "core/control.h"
#include "net/tls_ca.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { LOW_DISK_MB = 512, LARGE_WAL_MB = 256, CERT_DAYS = 14 };

typedef struct finding {
    bool ok;
    const char *key;  // catalogue: doctor.<what>.ok / .bad
    char value[200];
} finding;

typedef struct exam {
    const char *dir;
    finding v[16];
    size_t n;
} exam;

static void add(exam *x, const char *key, bool ok, const char *value)
{
    if (x->n < VG_LEN(x->v)) {
        x->v[x->n] = (finding){.ok = ok, .key = key};
        snprintf(x->v[x->n++].value, sizeof x->v[0].value, "%s", value);
    }
}

static void look_files(exam *x)
{
    char path[440], text[80];
    struct stat st;
    snprintf(path, sizeof path, "%s/node.key", x->dir);
    const bool key = stat(path, &st) == 0;
    add(x, "key", key && (st.st_mode & 077) == 0, path);
    snprintf(path, sizeof path, "%s/vonggac.db", x->dir);
    const bool db = stat(path, &st) == 0;
    snprintf(text, sizeof text, "%lld MB", db ? (long long)st.st_size >> 20 : 0LL);
    add(x, "database", db, text);
    const int64_t wal = vg_db_wal_bytes(path) >> 20;
    snprintf(text, sizeof text, "%lld MB", (long long)wal);
    add(x, "wal", wal < LARGE_WAL_MB, text);
}

static void look_disk(exam *x)
{
    struct statvfs fs;
    char text[80];
    const bool known = statvfs(x->dir, &fs) == 0;
    const int64_t mb = known ? (int64_t)((uint64_t)fs.f_bavail * fs.f_frsize >> 20) : 0;
    snprintf(text, sizeof text, "%lld MB", (long long)mb);
    add(x, "disk", mb >= LOW_DISK_MB, text);
}

static void look_tls(exam *x)
{
    char path[440], text[80];
    int64_t days = 0;
    snprintf(path, sizeof path, "%s/tls/server.pem", x->dir);
    const bool known = vg_tls_days_left(path, &days, NULL) == VG_OK;
    snprintf(text, sizeof text, "%lld", (long long)days);
    add(x, "certificate", known && days >= CERT_DAYS, known ? text : path);
}

static void count(exam *x, vg_db *db, const char *key, const char *sql, bool bad_if_any)
{
    int64_t n = 0;
    char text[80];
    const vg_status s = vg_one_i64(db, sql, VG_NOVALS, 0, &n, NULL);
    snprintf(text, sizeof text, "%lld", (long long)n);
    add(x, key, s == VG_OK && !(bad_if_any && n), s == VG_OK ? text : vg_status_name(s));
}

static void look_data(exam *x)
{
    char path[440];
    vg_db *db;
    vg_err err = {0};
    snprintf(path, sizeof path, "%s/vonggac.db", x->dir);
    if (access(path, R_OK) != 0) {
        return;
    }
    if (vg_db_open(path, VG_DB_READER, &db, &err) != VG_OK) {
        add(x, "database", false, err.detail);
        return;
    }
    count(x, db, "events", "SELECT count(*) FROM event", false);
    count(x, db, "silent", "SELECT count(*) FROM source WHERE state = 'silent'", true);
    count(x, db, "waiting", "SELECT count(*) FROM waiting_source WHERE state = 'waiting'", true);
    count(x, db, "future",
          "SELECT count(*) FROM event WHERE id = (SELECT max(id) FROM event) AND recorded >"
          " (CAST(strftime('%s', 'now') AS INTEGER) + 60) * 1000000",
          true);
    vg_db_close(db);
}

static void print(const vg_cli *cli, const exam *x)
{
    vg_buf b;
    vg_buf_init(&b, 65536);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < x->n; i++) {
        const finding *f = &x->v[i];
        char key[64];
        vg_buf text;
        vg_buf_init(&text, 4096);
        snprintf(key, sizeof key, "doctor.%s.%s", f->key, f->ok ? "ok" : "bad");
        vg_tr_add(&text, cli->lang, key, (const char *const[]){"value", f->value, NULL});
        if (cli->json) {
            vg_jw_open(&w, '{');
            vg_jw_kz(&w, "what", f->key);
            vg_jw_kbool(&w, "ok", f->ok);
            vg_jw_kz(&w, "value", f->value);
            vg_jw_kstr(&w, "text", vg_buf_str(&text));
            vg_jw_close(&w, '}');
        } else {
            printf("%s %s\n", f->ok ? " ok " : "[!!]", vg_buf_z(&text));
        }
        vg_buf_done(&text);
    }
    vg_jw_close(&w, ']');
    if (cli->json) {
        vg_say_json(&b);
    }
    vg_buf_done(&b);
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    VG_TRY(vg_cli_need_data(cli, err));
    exam x = {.dir = cli->data};
    struct stat st;
    if (stat(cli->data, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return vg_fail(err, VG_ENOTFOUND, "data", "err.no_data", "%s", cli->data);
    }
    add(&x, "node", true,
        vg_tr(cli->lang, vg_control_alive(cli->data) ? "doctor.running" : "doctor.stopped"));
    look_files(&x);
    look_disk(&x);
    look_tls(&x);
    look_data(&x);
    print(cli, &x);
    size_t bad = 0;
    for (size_t i = 0; i < x.n; i++) {
        bad += !x.v[i].ok;
    }
    return bad ? vg_fail(err, VG_EUNAVAIL, "", "doctor.summary", "%zu", bad) : VG_OK;
}

const vg_verb vg_verb_doctor = {"doctor", NULL, NULL, run};
