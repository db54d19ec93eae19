// SPDX-License-Identifier: Apache-2.0
// verify, rebuild, backup, restore: proving, refolding and keeping the data. verify and backup work beside a
// running node; rebuild without --check and restore need it stopped (the data lock says so).
#include "app/cli.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/control.h"
#include "core/rebuild.h"
#include "core/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static vg_status db_path(const vg_cli *cli, char out[440], vg_err *err)
{
    VG_TRY(vg_cli_need_data(cli, err));
    snprintf(out, 440, "%s/vonggac.db", cli->data);
    return access(out, R_OK) == 0
               ? VG_OK
               : vg_fail(err, VG_ENOTFOUND, "data", "err.no_data", "%s", cli->data);
}

static vg_status seal_key(const char *dir, unsigned char out[32], vg_err *err)
{
    char path[440], hex[65] = "";
    unsigned char node[32], seed[32];
    snprintf(path, sizeof path, "%s/node.key", dir);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t n = fd >= 0 ? read(fd, hex, 64) : -1;
    if (fd >= 0) {
        close(fd);
    }
    if (n != 64 || !vg_unhex((vg_str){hex, 64}, node, 32)) {
        return vg_fail(err, VG_ECORRUPT, "data", "err.node_key", "%s", path);
    }
    vg_key_derive(node, "seal", seed);
    vg_journal_public_key(seed, out);
    memset(node, 0, sizeof node);
    memset(seed, 0, sizeof seed);
    return VG_OK;
}

static void say_verified(const vg_cli *cli, const vg_verify_report *r)
{
    if (cli->json) {
        printf("{\"ok\":true,\"events\":%lld,\"seals\":%lld,\"logs\":%lld}\n", (long long)r->events,
               (long long)r->seals, (long long)r->logs);
        return;
    }
    char events[24], seals[24], logs[24];
    snprintf(events, sizeof events, "%lld", (long long)r->events);
    snprintf(seals, sizeof seals, "%lld", (long long)r->seals);
    snprintf(logs, sizeof logs, "%lld", (long long)r->logs);
    vg_say_line(cli, "cli.verified",
                (const char *const[]){"events", events, "seals", seals, "logs", logs, NULL});
}

// What a SIEM kept of our seals (notify/syslog_out.c) must stand in the journal as it stands there.
static vg_status hold_against(const vg_cli *cli, vg_db *db, const unsigned char key[32],
                              vg_err *err)
{
    const char *file = vg_cli_get(cli, "witness");
    vg_witness_report rep;
    char lines[24], others[24];
    if (!file) {
        return VG_OK;
    }
    VG_TRY(vg_witness_compare(db, key, file, &rep, err));
    snprintf(lines, sizeof lines, "%lld", (long long)rep.lines);
    snprintf(others, sizeof others, "%lld", (long long)rep.others);
    if (!cli->json) {
        vg_say_line(cli, "cli.witnessed",
                    (const char *const[]){"lines", lines, "others", others, NULL});
    }
    return VG_OK;
}

// For `doctor` and the console; that it could not be noted is no failure of what was done.
static void note(const vg_cli *cli, const char *what, bool ok)
{
    vg_buf b, reply;
    vg_err err = {0};
    vg_buf_init(&b, 256);
    vg_buf_init(&reply, 4096);
    vg_buf_f(&b, "{\"name\":\"%s\",\"position\":\"%lld %s\"}", what, (long long)vg_now_us(),
             ok ? "ok" : "bad");
    if (vg_control_run(cli->data, "core.set_cursor", vg_buf_str(&b), &reply, &err) != VG_OK) {
        vg_log(VG_WARN, "cli.note", "what=%s detail=%s", what, err.detail);
    }
    vg_buf_done(&b);
    vg_buf_done(&reply);
}

static vg_status run_verify(const vg_cli *cli, vg_err *err)
{
    char path[440];
    unsigned char key[32];
    vg_verify_report rep;
    vg_db *db;
    VG_TRY(db_path(cli, path, err));
    VG_TRY(seal_key(cli->data, key, err));
    VG_TRY(vg_db_open(path, VG_DB_READER, &db, err));
    vg_status s = vg_journal_verify(db, key, &rep, err);
    if (s == VG_OK) {
        s = hold_against(cli, db, key, err);
    }
    vg_db_close(db);
    if (vg_control_alive(cli->data) && (s == VG_OK || s == VG_ECORRUPT)) {  // else: a mere copy
        note(cli, "verified", s == VG_OK);
    }
    if (s == VG_OK) {
        say_verified(cli, &rep);
    }
    return s;
}

static vg_status run_rebuild(const vg_cli *cli, vg_err *err)
{
    char path[440];
    vg_rebuild_report rep;
    VG_TRY(db_path(cli, path, err));
    const bool check = vg_cli_get(cli, "check") != NULL;
    VG_TRY(check ? vg_rebuild_check(cli->data, &rep, err) : vg_rebuild(cli->data, &rep, err));
    if (cli->json) {
        printf("{\"ok\":true,\"events\":%lld,\"tables\":%lld,\"rows\":%lld}\n",
               (long long)rep.events, (long long)rep.tables, (long long)rep.rows);
        return VG_OK;
    }
    char events[24], tables[24], rows[24];
    snprintf(events, sizeof events, "%lld", (long long)rep.events);
    snprintf(tables, sizeof tables, "%lld", (long long)rep.tables);
    snprintf(rows, sizeof rows, "%lld", (long long)rep.rows);
    vg_say_line(cli, check ? "cli.rebuild_equal" : "cli.rebuild_done",
                (const char *const[]){"events", events, "tables", tables, "rows", rows, NULL});
    return VG_OK;
}

// --- backup and restore -------------------------------------------------------------------------
static const char *const SMALL_FILES[] = {"node.key", "vonggac.ini"};

static vg_status copy_file(const char *from, const char *to, vg_err *err)
{
    const int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) {
        return errno == ENOENT ? VG_OK
                               : vg_fail(err, VG_EIO, "", NULL, "%s: %s", from, strerror(errno));
    }
    const int out = open(to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    struct stat st;
    vg_status s = VG_OK;
    if (out < 0 || fstat(in, &st) != 0 ||
        sendfile(out, in, NULL, (size_t)st.st_size) != st.st_size || fsync(out) != 0) {
        s = vg_fail(err, errno == ENOSPC ? VG_EFULL : VG_EIO, "", NULL, "%s: %s", to,
                    strerror(errno));
    }
    close(in);
    if (out >= 0) {
        close(out);
    }
    return s;
}

static vg_status copy_all(const char *from, const char *to, vg_err *err)
{
    char a[440], b[440];
    if (mkdir(to, 0700) != 0) {
        return vg_fail(err, errno == EEXIST ? VG_ECONFLICT : VG_EIO, "to",
                       errno == EEXIST ? "cli.target_exists" : NULL, "%s", to);
    }
    snprintf(a, sizeof a, "%s/vonggac.db", from);
    snprintf(b, sizeof b, "%s/vonggac.db", to);
    VG_TRY(vg_db_copy(a, b, err));
    for (size_t i = 0; i < VG_LEN(SMALL_FILES); i++) {
        snprintf(a, sizeof a, "%s/%s", from, SMALL_FILES[i]);
        snprintf(b, sizeof b, "%s/%s", to, SMALL_FILES[i]);
        VG_TRY(copy_file(a, b, err));
    }
    snprintf(a, sizeof a, "%s/tls", from);
    snprintf(b, sizeof b, "%s/tls", to);
    static const char *const tls[] = {"ca.pem", "ca.key", "server.pem", "server.key"};
    if (access(a, R_OK) == 0 && mkdir(b, 0700) != 0) {
        return vg_fail(err, VG_EIO, "to", NULL, "%s", b);
    }
    for (size_t i = 0; i < VG_LEN(tls); i++) {
        snprintf(a, sizeof a, "%s/tls/%s", from, tls[i]);
        snprintf(b, sizeof b, "%s/tls/%s", to, tls[i]);
        VG_TRY(copy_file(a, b, err));
    }
    return VG_OK;
}

static vg_status run_copy(const vg_cli *cli, const char *from, const char *to, const char *done_key,
                          vg_err *err)
{
    VG_TRY(copy_all(from, to, err));
    vg_cli at = *cli;
    at.data = to;
    VG_TRY(run_verify(&at, err));  // a copy that does not verify is no copy
    if (!cli->json) {
        vg_say_line(cli, done_key, (const char *const[]){"to", to, "from", from, NULL});
    }
    return VG_OK;
}

static vg_status run_backup(const vg_cli *cli, vg_err *err)
{
    char path[440];
    VG_TRY(db_path(cli, path, err));
    const char *to = vg_cli_get(cli, "to");
    if (!to) {
        return vg_fail(err, VG_EINVALID, "to", "err.field_missing", "--to");
    }
    VG_TRY(run_copy(cli, cli->data, to, "cli.backup_done", err));
    note(cli, "backup", true);
    return VG_OK;
}

static vg_status run_restore(const vg_cli *cli, vg_err *err)
{
    VG_TRY(vg_cli_need_data(cli, err));
    const char *from = vg_cli_get(cli, "from");
    if (!from) {
        return vg_fail(err, VG_EINVALID, "from", "err.field_missing", "--from");
    }
    return run_copy(cli, from, cli->data, "cli.restore_done", err);
}

static const vg_option CHECK[] = {{"check", true, NULL}, {0}};
static const vg_option TO[] = {{"to", false, "DIR"}, {0}};
static const vg_option FROM[] = {{"from", false, "DIR"}, {0}};

static const vg_option VERIFY[] = {{"witness", false, "FILE"}, {0}};
const vg_verb vg_verb_verify = {"verify", VERIFY, NULL, run_verify};
const vg_verb vg_verb_rebuild = {"rebuild", CHECK, NULL, run_rebuild};
const vg_verb vg_verb_backup = {"backup", TO, NULL, run_backup};
const vg_verb vg_verb_restore = {"restore", FROM, NULL, run_restore};
