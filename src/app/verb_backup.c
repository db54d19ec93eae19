// SPDX-License-Identifier: Apache-2.0
// backup and restore. A copy is proved before it is called one. Where DATA has recovery.pub (`vonggac key recovery`) the copy
// is made inside DATA, proved, and packed from there: outside there are only crates (core/crate.h), whose key stands
// beside them, closed with that half of the recovery key. A backup works beside a running node, a restore makes a new DATA.
#include "app/phrase.h"
#include "app/verb_store.h"
#include "core/core.h"
#include "core/crate.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 480, CLOSED = VG_CRATE_KEY + crypto_box_SEALBYTES };

// Of a data directory, in the order of copying. The database first: it must be there. Keys beside certificates are of
// nodes that did not start since these went into the vault.
static const char *const FILES[] = {"vonggac.db", "node.key",   "vonggac.ini",    "recovery.pub",
                                    "tls/ca.pem", "tls/ca.key", "tls/server.pem", "tls/server.key"};
static const char *const SIDE[] = {"vonggac.db-wal", "vonggac.db-shm", "lock",
                                   "control.sock"};  // while it was proved

static const char *in(const char *dir, const char *name, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s/%s", dir, name);
    return path;
}

static vg_status new_dir(const char *dir, vg_err *err)
{
    char tls[PATH_BYTES];
    if (mkdir(dir, 0700) != 0) {
        const bool there = errno == EEXIST;
        return vg_fail(err, there ? VG_ECONFLICT : VG_EIO, "to", there ? "cli.target_exists" : NULL,
                       "%s", dir);
    }
    return mkdir(in(dir, "tls", tls), 0700) == 0 ? VG_OK
                                                 : vg_fail(err, VG_EIO, "to", NULL, "%s", tls);
}

// Only what copying makes, so that nothing else can be lost by it.
static void remove_dir(const char *dir, const char *ending)
{
    char name[64], path[PATH_BYTES];
    for (size_t i = 0; i < VG_LEN(FILES); i++) {
        snprintf(name, sizeof name, "%s%s", FILES[i], ending);
        unlink(in(dir, name, path));
    }
    for (size_t i = 0; i < VG_LEN(SIDE); i++) {
        unlink(in(dir, SIDE[i], path));
    }
    unlink(in(dir, "backup.key", path));
    rmdir(in(dir, "tls", path));
    rmdir(dir);
}

// --- plain ----------------------------------------------------------------------------------------
static vg_status copy_file(const char *from, const char *to, vg_err *err)
{
    const int in_fd = open(from, O_RDONLY | O_CLOEXEC);
    if (in_fd < 0) {
        return errno == ENOENT ? VG_OK
                               : vg_fail(err, VG_EIO, "", NULL, "%s: %s", from, strerror(errno));
    }
    const int out = open(to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    struct stat st;
    vg_status s = VG_OK;
    if (out < 0 || fstat(in_fd, &st) != 0 ||
        sendfile(out, in_fd, NULL, (size_t)st.st_size) != st.st_size || fsync(out) != 0) {
        s = vg_fail(err, errno == ENOSPC ? VG_EFULL : VG_EIO, "", NULL, "%s: %s", to,
                    strerror(errno));
    }
    close(in_fd);
    if (out >= 0) {
        close(out);
    }
    return s;
}

static vg_status copy_plain(const char *from, const char *to, vg_err *err)
{
    char a[PATH_BYTES], b[PATH_BYTES];
    VG_TRY(new_dir(to, err));
    VG_TRY(vg_db_copy(in(from, FILES[0], a), in(to, FILES[0], b), err));
    for (size_t i = 1; i < VG_LEN(FILES); i++) {
        VG_TRY(copy_file(in(from, FILES[i], a), in(to, FILES[i], b), err));
    }
    return VG_OK;
}

static vg_status prove(const vg_cli *cli, const char *dir, vg_err *err)
{
    vg_cli at = *cli;
    at.data = dir;
    return app_verify(&at, err);
}

// --- crates ---------------------------------------------------------------------------------------
static vg_status pack_all(const char *from, const char *to, const unsigned char *key, vg_err *err)
{
    char a[PATH_BYTES], b[PATH_BYTES], name[64];
    for (size_t i = 0; i < VG_LEN(FILES); i++) {
        snprintf(name, sizeof name, "%s.crate", FILES[i]);
        if (access(in(from, FILES[i], a), F_OK) == 0) {
            VG_TRY(vg_crate_pack(a, in(to, name, b), FILES[i], key, err));
        }
    }
    return VG_OK;
}

static vg_status unpack_all(const char *from, const char *to, const unsigned char *key, vg_err *err)
{
    char a[PATH_BYTES], b[PATH_BYTES], name[64];
    VG_TRY(new_dir(to, err));
    for (size_t i = 0; i < VG_LEN(FILES); i++) {
        snprintf(name, sizeof name, "%s.crate", FILES[i]);
        if (i == 0 || access(in(from, name, a), F_OK) == 0) {
            VG_TRY(vg_crate_unpack(in(from, name, a), in(to, FILES[i], b), FILES[i], key, err));
        }
    }
    return VG_OK;
}

// A key of this backup alone, closed for whoever has the other half.
static vg_status write_key(const char *dir, const unsigned char closes[crypto_box_PUBLICKEYBYTES],
                           const unsigned char key[VG_CRATE_KEY], vg_err *err)
{
    unsigned char closed[CLOSED];
    char path[PATH_BYTES], hex[2 * CLOSED + 2];
    crypto_box_seal(closed, key, VG_CRATE_KEY, closes);
    vg_hex(closed, CLOSED, hex);
    snprintf(hex + 2 * CLOSED, 2, "\n");
    return vg_small_write(in(dir, "backup.key", path), vg_str_c(hex), err);
}

static vg_status read_hex(const char *path, void *out, size_t n, vg_err *err)
{
    char text[2 * CLOSED + 8];
    vg_str s;
    VG_TRY(vg_small_read(path, text, sizeof text, &s, err));
    return vg_unhex(vg_str_trim(s), out, n)
               ? VG_OK
               : vg_fail(err, VG_ECORRUPT, "from", "err.crate_bad", "%s", path);
}

static vg_status pack_proved(const vg_cli *cli, const char *copy, const char *to, vg_err *err)
{
    unsigned char closes[crypto_box_PUBLICKEYBYTES], key[VG_CRATE_KEY];
    char path[PATH_BYTES];
    VG_TRY(read_hex(in(cli->data, "recovery.pub", path), closes, sizeof closes, err));
    VG_TRY(copy_plain(cli->data, copy, err));
    VG_TRY(prove(cli, copy, err));
    VG_TRY(new_dir(to, err));
    randombytes_buf(key, sizeof key);
    vg_status st = pack_all(copy, to, key, err);
    if (st == VG_OK) {
        st = write_key(to, closes, key, err);
    }
    sodium_memzero(key, sizeof key);
    if (st != VG_OK) {
        remove_dir(to, ".crate");
    }
    return st;
}

static vg_status backup_closed(const vg_cli *cli, const char *to, vg_err *err)
{
    char copy[PATH_BYTES];
    in(cli->data, "backup.tmp", copy);
    remove_dir(copy, "");  // of a backup that was cut off
    const vg_status st = pack_proved(cli, copy, to, err);
    remove_dir(copy, "");
    return st;
}

// --- the verbs ------------------------------------------------------------------------------------
static void say_done(const vg_cli *cli, const char *key, const char *from, const char *to)
{
    if (!cli->json) {
        vg_say_line(cli, key, (const char *const[]){"to", to, "from", from, NULL});
    }
}

// Whatever is done with a copy that one person can open is asked for in so many words.
static vg_status alone(const vg_cli *cli, const char *key, vg_err *err)
{
    return vg_cli_get(cli, "plain") ? VG_OK : vg_fail(err, VG_EINVALID, "plain", key, "--plain");
}

static vg_status run_backup(const vg_cli *cli, vg_err *err)
{
    char path[440], closes[PATH_BYTES];
    VG_TRY(app_db_path(cli, path, err));
    const char *to = vg_cli_get(cli, "to");
    if (!to) {
        return vg_fail(err, VG_EINVALID, "to", "err.field_missing", "--to");
    }
    const bool closed = access(in(cli->data, "recovery.pub", closes), F_OK) == 0;
    VG_TRY(vg_core_settle(cli->data, err));
    if (closed) {
        VG_TRY(backup_closed(cli, to, err));
    } else {
        VG_TRY(alone(cli, "cli.backup_alone", err));
        VG_TRY(app_note_key(cli, "backup_plain", err));
        VG_TRY(copy_plain(cli->data, to, err));
        VG_TRY(prove(cli, to, err));
    }
    say_done(cli, closed ? "cli.backup_closed" : "cli.backup_done", cli->data, to);
    app_note(cli, "backup", true);
    return VG_OK;
}

static vg_status open_key(const vg_cli *cli, const char *from, unsigned char key[VG_CRATE_KEY],
                          vg_err *err)
{
    unsigned char closed[CLOSED], opens[VG_SECRET_BYTES], closes[crypto_box_PUBLICKEYBYTES];
    char path[PATH_BYTES], text[VG_SEALED_TEXT], phrase[VG_PHRASE_BYTES];
    vg_str s;
    const char *file = vg_cli_get(cli, "key");
    if (!file) {
        return vg_fail(err, VG_EINVALID, "key", "cli.backup_needs_key", "--key");
    }
    VG_TRY(read_hex(in(from, "backup.key", path), closed, sizeof closed, err));
    VG_TRY(vg_small_read(file, text, sizeof text, &s, err));
    VG_TRY(vg_phrase_ask("recovery", phrase, err));
    const vg_status st = vg_secret_unseal(s, phrase, opens, err);
    sodium_memzero(phrase, sizeof phrase);
    VG_TRY(st);
    crypto_scalarmult_base(closes, opens);
    const int bad = crypto_box_seal_open(key, closed, sizeof closed, closes, opens);
    sodium_memzero(opens, sizeof opens);
    return bad ? vg_fail(err, VG_EAUTH, "key", "cli.backup_other_key", "%s", file) : VG_OK;
}

static vg_status restore_closed(const vg_cli *cli, const char *from, vg_err *err)
{
    unsigned char key[VG_CRATE_KEY];
    VG_TRY(open_key(cli, from, key, err));
    const vg_status st = unpack_all(from, cli->data, key, err);
    sodium_memzero(key, sizeof key);
    if (st != VG_OK && st != VG_ECONFLICT) {
        remove_dir(cli->data, "");
    }
    return st;
}

static vg_status run_restore(const vg_cli *cli, vg_err *err)
{
    char path[PATH_BYTES];
    VG_TRY(vg_cli_need_data(cli, err));
    const char *from = vg_cli_get(cli, "from");
    if (!from) {
        return vg_fail(err, VG_EINVALID, "from", "err.field_missing", "--from");
    }
    const bool closed = access(in(from, "backup.key", path), F_OK) == 0;
    if (!closed && access(in(from, FILES[0], path), R_OK) != 0) {
        return vg_fail(err, VG_ENOTFOUND, "from", "err.no_data", "%s", from);
    }
    VG_TRY(closed ? VG_OK : alone(cli, "cli.restore_alone", err));
    VG_TRY(closed ? restore_closed(cli, from, err) : copy_plain(from, cli->data, err));
    vg_status st = prove(cli, cli->data, err);  // a copy that does not verify is no copy
    st = st == VG_OK ? app_note_key(cli, closed ? "restore" : "restore_plain", err) : st;
    if (st != VG_OK) {
        remove_dir(cli->data, "");
        return st;
    }
    say_done(cli, "cli.restore_done", from, cli->data);
    return VG_OK;
}

static const vg_option TO[] = {{"to", false, "DIR"}, {"plain", true, NULL}, {0}};
static const vg_option FROM[] = {
    {"from", false, "DIR"}, {"key", false, "FILE"}, {"plain", true, NULL}, {0}};
const vg_verb vg_verb_backup = {"backup", TO, NULL, run_backup};
const vg_verb vg_verb_restore = {"restore", FROM, NULL, run_restore};
