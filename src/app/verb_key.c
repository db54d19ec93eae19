// SPDX-License-Identifier: Apache-2.0
// key: what opens the data, and what opens its backups.
//   seal      the node key gets a pass phrase, or another one: without it the data does not open
//   open      the node key lies open again (a machine that must start by itself, on an encrypted disk)
//   recovery  makes the key of backups: DATA keeps the half that closes, --out gets the half that opens, sealed by the pass
//             phrase of a second person, and is carried elsewhere. From then on a backup is encrypted.
//   rotate    another node key, under the same pass phrase: vault and seals go over to it, the journal says so
//   authority another certificate authority of the site, from this moment on
// For the last two the node must not run; for the others it may, its key stays the same.
// Each stands in the journal before it is done. Deliberately absent: a copy of any pass phrase, a way to take one key out.
#include "app/cli.h"
#include "app/phrase.h"
#include "app/tls_keys.h"
#include "app/verb_store.h"
#include "core/core.h"
#include "core/keyring.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static vg_status seal(const vg_cli *cli, vg_err *err)
{
    unsigned char key[VG_SECRET_BYTES];
    char phrase[VG_PHRASE_BYTES];
    VG_TRY(vg_node_key_read(cli->data, key, err));
    vg_status st = app_phrase_new(phrase, err);
    st = st == VG_OK ? app_note_key(cli, "seal", err) : st;
    if (st == VG_OK) {
        st = vg_node_key_write(cli->data, key, phrase, err);
    }
    sodium_memzero(key, sizeof key);
    sodium_memzero(phrase, sizeof phrase);
    VG_TRY(st);
    vg_say_line(cli, "cli.key_sealed", (const char *const[]){NULL});
    return VG_OK;
}

static vg_status unseal(const vg_cli *cli, vg_err *err)
{
    unsigned char key[VG_SECRET_BYTES];
    VG_TRY(vg_node_key_read(cli->data, key, err));
    vg_status st = app_note_key(cli, "open", err);
    st = st == VG_OK ? vg_node_key_write(cli->data, key, NULL, err) : st;
    sodium_memzero(key, sizeof key);
    VG_TRY(st);
    vg_say_line(cli, "cli.key_open", (const char *const[]){NULL});
    return VG_OK;
}

static vg_status write_halves(const vg_cli *cli, const char *out, const char *phrase, vg_err *err)
{
    unsigned char closes[crypto_box_PUBLICKEYBYTES], opens[crypto_box_SECRETKEYBYTES];
    char path[480], hex[2 * sizeof closes + 2], text[VG_SEALED_TEXT];
    crypto_box_keypair(closes, opens);
    vg_status st = vg_secret_seal(opens, phrase, text, err);
    sodium_memzero(opens, sizeof opens);
    if (st == VG_OK) {
        st = vg_small_write(out, vg_str_c(text), err);
    }
    VG_TRY(st);
    vg_hex(closes, sizeof closes, hex);
    snprintf(hex + 2 * sizeof closes, 2, "\n");
    snprintf(path, sizeof path, "%s/recovery.pub", cli->data);
    return vg_small_write(path, vg_str_c(hex), err);  // last: no backup before it can be opened
}

static vg_status recovery(const vg_cli *cli, vg_err *err)
{
    unsigned char key[VG_SECRET_BYTES];
    char phrase[VG_PHRASE_BYTES];
    const char *out = vg_cli_get(cli, "out");
    if (!out) {
        return vg_fail(err, VG_EINVALID, "out", "err.field_missing", "--out");
    }
    if (access(out, F_OK) == 0) {
        return vg_fail(err, VG_ECONFLICT, "out", "cli.target_exists", "%s", out);
    }
    VG_TRY(vg_node_key_read(cli->data, key, err));  // only who opens the data
    sodium_memzero(key, sizeof key);
    vg_status st = app_phrase_new(phrase, err);
    st = st == VG_OK ? app_note_key(cli, "recovery", err) : st;
    if (st == VG_OK) {
        st = write_halves(cli, out, phrase, err);
    }
    sodium_memzero(phrase, sizeof phrase);
    VG_TRY(st);
    vg_say_line(cli, "cli.recovery_made", (const char *const[]){"out", out, NULL});
    return VG_OK;
}

static vg_status rotate(const vg_cli *cli, vg_err *err)
{
    unsigned char key[32];
    char hex[65];
    VG_TRY(vg_core_rotate(cli->data, key, err));
    vg_hex(key, sizeof key, hex);
    vg_say_line(cli, "cli.key_rotated", (const char *const[]){"key", hex, NULL});
    return VG_OK;
}

static vg_status authority(const vg_cli *cli, vg_err *err)
{
    vg_core *core;
    char print[VG_TLS_PRINT];
    VG_TRY(vg_core_open(cli->data, &core, err));
    vg_status s = vg_core_start(core, err);
    s = s == VG_OK ? app_tls_change_authority(core, print, err) : s;
    vg_core_close(core);
    VG_TRY(s);
    vg_say_line(cli, "cli.authority_changed", (const char *const[]){"print", print, NULL});
    return VG_OK;
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    const char *word = cli->n_words ? cli->word[0] : "";
    VG_TRY(vg_cli_need_data(cli, err));
    VG_TRY(vg_core_settle(cli->data, err));
    if (strcmp(word, "rotate") == 0) {
        return rotate(cli, err);
    }
    if (strcmp(word, "authority") == 0) {
        return authority(cli, err);
    }
    if (strcmp(word, "seal") == 0) {
        return seal(cli, err);
    }
    if (strcmp(word, "open") == 0) {
        return unseal(cli, err);
    }
    if (strcmp(word, "recovery") == 0) {
        return recovery(cli, err);
    }
    return vg_fail(err, VG_EINVALID, "", "cli.word_unknown", "key %s", word);
}

static const vg_option OPTIONS[] = {{"out", false, "FILE"}, {0}};
const vg_verb vg_verb_key = {"key", OPTIONS, "seal|open|recovery|rotate|authority", run};
