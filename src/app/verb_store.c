// SPDX-License-Identifier: Apache-2.0
// verify, rebuild: proving and refolding the data. verify works beside a running node; rebuild without --check needs it
// stopped (the data lock says so).
#include "app/verb_store.h"
#include "app/cli.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/anchor.h"
#include "core/control.h"
#include "core/keyring.h"
#include "core/rebuild.h"
#include "core/witness.h"

#include <errno.h>
#include <sodium.h>
#include <unistd.h>

vg_status app_slurp(const char *path, vg_buf *ret, vg_err *err)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        return vg_fail(err, VG_ENOTFOUND, "file", NULL, "%s: %s", path, strerror(errno));
    }
    char part[65536];
    size_t n;
    while ((n = fread(part, 1, sizeof part, f)) > 0 && !ret->failed) {
        vg_buf_add(ret, part, n);
    }
    const bool bad = ferror(f) != 0;
    fclose(f);
    return bad           ? vg_fail(err, VG_EIO, "file", NULL, "%s", path)
           : ret->failed ? vg_fail(err, VG_ETOOBIG, "file", "err.too_long", "%s", path)
                         : VG_OK;
}

vg_status app_db_path(const vg_cli *cli, char out[440], vg_err *err)
{
    VG_TRY(vg_cli_need_data(cli, err));
    snprintf(out, 440, "%s/vonggac.db", cli->data);
    return access(out, R_OK) == 0
               ? VG_OK
               : vg_fail(err, VG_ENOTFOUND, "data", "err.no_data", "%s", cli->data);
}

static vg_status seal_key(const char *dir, unsigned char out[32], vg_err *err)
{
    unsigned char node[VG_SECRET_BYTES], seed[32];
    VG_TRY(vg_node_key_read(dir, node, err));
    vg_key_derive(node, "seal", seed);
    vg_journal_public_key(seed, out);
    sodium_memzero(node, sizeof node);
    sodium_memzero(seed, sizeof seed);
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

// What peers kept of our anchors must be what the journal makes again.
static vg_status hold_anchors(const vg_cli *cli, vg_db *db, const unsigned char key[32],
                              vg_err *err)
{
    const char *file = vg_cli_get(cli, "anchors");
    vg_anchor_report rep;
    char cards[24], others[24];
    if (!file) {
        return VG_OK;
    }
    VG_TRY(vg_anchor_compare(db, key, file, &rep, err));
    snprintf(cards, sizeof cards, "%lld", (long long)rep.cards);
    snprintf(others, sizeof others, "%lld", (long long)rep.others);
    if (!cli->json) {
        vg_say_line(cli, "anchor.held", (const char *const[]){"n", cards, "others", others, NULL});
    }
    return VG_OK;
}

void app_note(const vg_cli *cli, const char *what, bool ok)
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

vg_status app_note_key(const vg_cli *cli, const char *act, vg_err *err)
{
    char args[64];
    vg_buf reply;
    vg_buf_init(&reply, 4096);
    snprintf(args, sizeof args, "{\"act\":\"%s\"}", act);
    const vg_status s = vg_control_run(cli->data, "core.note_key", vg_str_c(args), &reply, err);
    vg_buf_done(&reply);
    return s;
}

vg_status app_verify(const vg_cli *cli, vg_err *err)
{
    char path[440];
    unsigned char key[32];
    vg_verify_report rep;
    vg_db *db;
    VG_TRY(app_db_path(cli, path, err));
    VG_TRY(seal_key(cli->data, key, err));
    VG_TRY(vg_db_open(path, VG_DB_READER, &db, err));
    vg_status s = vg_journal_verify(db, key, &rep, err);
    if (s == VG_OK) {
        s = hold_against(cli, db, key, err);
    }
    s = s == VG_OK ? hold_anchors(cli, db, key, err) : s;
    vg_db_close(db);
    if (vg_control_alive(cli->data) && (s == VG_OK || s == VG_ECORRUPT)) {  // else: a mere copy
        app_note(cli, "verified", s == VG_OK);
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
    VG_TRY(app_db_path(cli, path, err));
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

static const vg_option CHECK[] = {{"check", true, NULL}, {0}};
static const vg_option VERIFY[] = {{"witness", false, "FILE"}, {"anchors", false, "FILE"}, {0}};
const vg_verb vg_verb_verify = {"verify", VERIFY, NULL, app_verify};
const vg_verb vg_verb_rebuild = {"rebuild", CHECK, NULL, run_rebuild};
