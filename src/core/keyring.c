// SPDX-License-Identifier: Apache-2.0
// A sealed secret is one line of text that a person can copy by hand if need be:
//   vonggac-sealed 1 OPS MEMORY SALT NONCE BOX
// numbers in decimal, bytes in hex. The file is replaced by rename after it is on the disk, so that a power cut during a
// change of pass phrase leaves one that opens. Deliberately absent: any way around a lost pass phrase.
#include "core/keyring.h"

#include "base/id.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WORD "vonggac-sealed 1 "
enum { OPS_MAX = 20, MEMORY_MAX = 1 << 30, PATH_BYTES = 480 };
enum { SALT = crypto_pwhash_SALTBYTES, NONCE = crypto_secretbox_NONCEBYTES };
enum { BOX = VG_SECRET_BYTES + crypto_secretbox_MACBYTES };

static vg_phrase_fn asker;

void vg_phrase_ask_by(vg_phrase_fn ask)
{
    asker = ask;
}

vg_status vg_phrase_ask(const char *what, char out[VG_PHRASE_BYTES], vg_err *err)
{
    *out = '\0';
    return asker ? asker(what, out, err)
                 : vg_fail(err, VG_EUNAVAIL, "", "err.phrase_needed", "%s", what);
}

// --- sealing --------------------------------------------------------------------------------------
typedef struct sealed {
    uint64_t ops, memory;
    unsigned char salt[SALT], nonce[NONCE], box[BOX];
} sealed;

static vg_status stretch(const sealed *s, const char *phrase, unsigned char key[32], vg_err *err)
{
    return crypto_pwhash(key, 32, phrase, strlen(phrase), s->salt, s->ops, (size_t)s->memory,
                         crypto_pwhash_ALG_ARGON2ID13) == 0
               ? VG_OK
               : vg_fail(err, VG_EUNAVAIL, "", NULL, "%s", "memory");
}

vg_status vg_secret_seal(const unsigned char secret[VG_SECRET_BYTES], const char *phrase,
                         char out[VG_SEALED_TEXT], vg_err *err)
{
    sealed s = {.ops = crypto_pwhash_OPSLIMIT_MODERATE, .memory = crypto_pwhash_MEMLIMIT_MODERATE};
    unsigned char key[32];
    char salt[2 * SALT + 1], nonce[2 * NONCE + 1], box[2 * BOX + 1];
    randombytes_buf(s.salt, SALT);
    randombytes_buf(s.nonce, NONCE);
    VG_TRY(stretch(&s, phrase, key, err));
    crypto_secretbox_easy(s.box, secret, VG_SECRET_BYTES, s.nonce, key);
    sodium_memzero(key, sizeof key);
    vg_hex(s.salt, SALT, salt);
    vg_hex(s.nonce, NONCE, nonce);
    vg_hex(s.box, BOX, box);
    snprintf(out, VG_SEALED_TEXT, WORD "%" PRIu64 " %" PRIu64 " %s %s %s\n", s.ops, s.memory, salt,
             nonce, box);
    return VG_OK;
}

bool vg_secret_sealed(vg_str text)
{
    return vg_str_starts(text, WORD);
}

static bool parse(vg_str text, sealed *s)
{
    char line[VG_SEALED_TEXT], salt[2 * SALT + 1], nonce[2 * NONCE + 1], box[2 * BOX + 1];
    int end = 0;
    if (!vg_secret_sealed(text) || text.n >= sizeof line) {
        return false;
    }
    memcpy(line, text.p, text.n);
    line[text.n] = '\0';
    // widths are those of the arrays above
    if (sscanf(line, WORD "%" SCNu64 " %" SCNu64 " %32[0-9a-f] %48[0-9a-f] %96[0-9a-f] %n", &s->ops,
               &s->memory, salt, nonce, box, &end) != 5 ||
        (size_t)end != text.n) {
        return false;
    }
    return s->ops >= 1 && s->ops <= OPS_MAX && s->memory >= crypto_pwhash_MEMLIMIT_MIN &&
           s->memory <= MEMORY_MAX && vg_unhex(vg_str_c(salt), s->salt, SALT) &&
           vg_unhex(vg_str_c(nonce), s->nonce, NONCE) && vg_unhex(vg_str_c(box), s->box, BOX);
}

vg_status vg_secret_unseal(vg_str text, const char *phrase, unsigned char out[VG_SECRET_BYTES],
                           vg_err *err)
{
    sealed s;
    unsigned char key[32];
    if (!parse(text, &s)) {
        return vg_fail(err, VG_ECORRUPT, "", "err.sealed_bad", "%s", "");
    }
    VG_TRY(stretch(&s, phrase, key, err));
    const int bad = crypto_secretbox_open_easy(out, s.box, BOX, s.nonce, key);
    sodium_memzero(key, sizeof key);
    return bad ? vg_fail(err, VG_EAUTH, "", "err.phrase_wrong", "%s", "") : VG_OK;
}

// --- small files ----------------------------------------------------------------------------------
static vg_status sys(vg_err *err, const char *path)
{
    const vg_status st = errno == ENOENT ? VG_ENOTFOUND : errno == ENOSPC ? VG_EFULL : VG_EIO;
    return vg_fail(err, st, "", NULL, "%s: %s", path, strerror(errno));
}

vg_status vg_small_read(const char *path, char *out, size_t max, vg_str *ret, vg_err *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return sys(err, path);
    }
    const ssize_t n = read(fd, out, max);
    close(fd);
    if (n < 0 || (size_t)n == max) {
        return vg_fail(err, n < 0 ? VG_EIO : VG_ETOOBIG, "", NULL, "%s", path);
    }
    *ret = (vg_str){out, (size_t)n};
    return VG_OK;
}

vg_status vg_folder_sync(const char *path, vg_err *err)
{
    char copy[PATH_BYTES];
    snprintf(copy, sizeof copy, "%s", path);
    const int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return ok ? VG_OK : sys(err, path);
}

vg_status vg_small_write(const char *path, vg_str text, vg_err *err)
{
    char aside[PATH_BYTES];
    snprintf(aside, sizeof aside, "%s.new", path);
    const int fd = open(aside, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return sys(err, aside);
    }
    const bool ok = write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
    close(fd);
    if (!ok || rename(aside, path) != 0) {
        const vg_status st = sys(err, path);
        unlink(aside);
        return st;
    }
    return vg_folder_sync(path, err);
}

// --- the node's -----------------------------------------------------------------------------------
static void path_of(const char *dir, const char *name, char out[PATH_BYTES])
{
    snprintf(out, PATH_BYTES, "%s/%s", dir, name);
}

vg_status vg_node_key_next_digest(const char *dir, char out[65], vg_err *err)
{
    char path[PATH_BYTES], text[VG_SEALED_TEXT];
    unsigned char hash[VG_HASH_BYTES];
    vg_str s = {0};
    path_of(dir, "node.key.next", path);
    VG_TRY(vg_small_read(path, text, sizeof text, &s, err));
    vg_hash(s.p, s.n, hash);
    vg_hex(hash, sizeof hash, out);
    sodium_memzero(text, sizeof text);
    return VG_OK;
}

static vg_status noted(const char *dir, const char *digest, bool *ret, vg_err *err)
{
    char path[PATH_BYTES];
    int64_t n;
    vg_db *db;
    path_of(dir, "vonggac.db", path);
    VG_TRY(vg_db_open(path, VG_DB_READER, &db, err));
    const vg_status s = vg_one_i64(
        db, "SELECT 1 FROM cursor WHERE name = '" VG_NODE_KEY_CURSOR "' AND position = ?",
        VG_VALS(vg_z(digest)), 0, &n, err);
    vg_db_close(db);
    *ret = s == VG_OK && n != 0;
    return s;
}

vg_status vg_node_key_next(const char *dir, bool *ret_in_force, vg_err *err)
{
    char digest[65];
    const vg_status s = vg_node_key_next_digest(dir, digest, err);
    *ret_in_force = false;
    return s == VG_ENOTFOUND ? VG_OK : s == VG_OK ? noted(dir, digest, ret_in_force, err) : s;
}

static vg_status unseal_node(vg_str text, unsigned char out[VG_SECRET_BYTES], vg_err *err)
{
    char phrase[VG_PHRASE_BYTES];
    VG_TRY(vg_phrase_ask("node", phrase, err));
    const vg_status st = vg_secret_unseal(text, phrase, out, err);
    sodium_memzero(phrase, sizeof phrase);
    return st;
}

vg_status vg_node_key_read(const char *dir, unsigned char out[VG_SECRET_BYTES], vg_err *err)
{
    char path[PATH_BYTES], text[VG_SEALED_TEXT];
    vg_str s = {"", 0};
    bool next;
    VG_TRY(vg_node_key_next(dir, &next, err));
    path_of(dir, next ? "node.key.next" : "node.key", path);
    vg_status st = vg_small_read(path, text, sizeof text, &s, err);
    if (st == VG_ENOTFOUND) {
        return vg_fail(err, st, "data", "err.no_data", "%s", dir);
    }
    if (st == VG_OK && vg_secret_sealed(s)) {
        return unseal_node(s, out, err);
    }
    const bool open = st == VG_OK && s.n >= 64 && vg_unhex((vg_str){s.p, 64}, out, VG_SECRET_BYTES);
    sodium_memzero(text, sizeof text);
    return open ? VG_OK : vg_fail(err, VG_ECORRUPT, "data", "err.node_key", "%s", path);
}

static vg_status write_to(const char *path, const unsigned char key[VG_SECRET_BYTES],
                          const char *phrase, vg_err *err)
{
    char text[VG_SEALED_TEXT];
    if (phrase) {
        VG_TRY(vg_secret_seal(key, phrase, text, err));
    } else {
        vg_hex(key, VG_SECRET_BYTES, text);
        snprintf(text + 2 * VG_SECRET_BYTES, 2, "\n");
    }
    const vg_status st = vg_small_write(path, vg_str_c(text), err);
    sodium_memzero(text, sizeof text);
    return st;
}

vg_status vg_node_key_write(const char *dir, const unsigned char key[VG_SECRET_BYTES],
                            const char *phrase, vg_err *err)
{
    char path[PATH_BYTES];
    path_of(dir, "node.key", path);
    return write_to(path, key, phrase, err);
}

vg_status vg_node_key_write_next(const char *dir, const unsigned char key[VG_SECRET_BYTES],
                                 vg_err *err)
{
    char path[PATH_BYTES], text[VG_SEALED_TEXT], phrase[VG_PHRASE_BYTES];
    unsigned char same[VG_SECRET_BYTES];
    vg_str s = {"", 0};
    path_of(dir, "node.key", path);
    VG_TRY(vg_small_read(path, text, sizeof text, &s, err));
    const bool with_phrase = vg_secret_sealed(s);
    vg_status st = VG_OK;
    if (with_phrase) {  // the phrase that opens the old one, and no other, closes the new one
        VG_TRY(vg_phrase_ask("node", phrase, err));
        st = vg_secret_unseal(s, phrase, same, err);
        sodium_memzero(same, sizeof same);
    }
    path_of(dir, "node.key.next", path);
    st = st == VG_OK ? write_to(path, key, with_phrase ? phrase : NULL, err) : st;
    sodium_memzero(text, sizeof text);
    sodium_memzero(phrase, sizeof phrase);
    return st;
}
