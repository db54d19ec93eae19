// SPDX-License-Identifier: Apache-2.0
// libsodium's secretstream (XChaCha20-Poly1305) in pieces of 64 KiB: 8 bytes "VGCRATE1", the stream's header, then the
// pieces. Each piece is bound to the crate's name; the last one says that it is the last, so that a cut file is no file. Memory
// is two pieces, whatever the size.
#include "core/crate.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 64 << 10, MORE = crypto_secretstream_xchacha20poly1305_ABYTES };
enum { HEADER = crypto_secretstream_xchacha20poly1305_HEADERBYTES };
#define LAST crypto_secretstream_xchacha20poly1305_TAG_FINAL
static const char MAGIC[8] = {'V', 'G', 'C', 'R', 'A', 'T', 'E', '1'};

typedef struct moving {
    FILE *in, *out;
    const char *from, *to, *name;
    crypto_secretstream_xchacha20poly1305_state state;
    unsigned char plain[PIECE], sealed[PIECE + MORE];
} moving;

static vg_status sys(vg_err *err, const char *path)
{
    const vg_status st = errno == ENOENT   ? VG_ENOTFOUND
                         : errno == EEXIST ? VG_ECONFLICT
                         : errno == ENOSPC ? VG_EFULL
                                           : VG_EIO;
    return vg_fail(err, st, "", NULL, "%s: %s", path, strerror(errno));
}

static vg_status spoilt(const moving *m, vg_err *err)
{
    return vg_fail(err, VG_ECORRUPT, "from", "err.crate_bad", "%s", m->from);
}

static vg_status put(moving *m, const void *p, size_t n, vg_err *err)
{
    return fwrite(p, 1, n, m->out) == n ? VG_OK : sys(err, m->to);
}

static vg_status pack(moving *m, const unsigned char *key, vg_err *err)
{
    unsigned char header[HEADER];
    crypto_secretstream_xchacha20poly1305_init_push(&m->state, header, key);
    VG_TRY(put(m, MAGIC, sizeof MAGIC, err));
    VG_TRY(put(m, header, sizeof header, err));
    for (bool last = false; !last;) {
        const size_t n = fread(m->plain, 1, PIECE, m->in);
        if (ferror(m->in)) {
            return sys(err, m->from);
        }
        last = n < PIECE;
        unsigned long long made = 0;
        crypto_secretstream_xchacha20poly1305_push(
            &m->state, m->sealed, &made, m->plain, n, (const unsigned char *)m->name,
            strlen(m->name), last ? LAST : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
        VG_TRY(put(m, m->sealed, (size_t)made, err));
    }
    return VG_OK;
}

static vg_status unpack(moving *m, const unsigned char *key, vg_err *err)
{
    unsigned char head[sizeof MAGIC + HEADER], tag = 0;
    if (fread(head, 1, sizeof head, m->in) != sizeof head ||
        memcmp(head, MAGIC, sizeof MAGIC) != 0 ||
        crypto_secretstream_xchacha20poly1305_init_pull(&m->state, head + sizeof MAGIC, key) != 0) {
        return spoilt(m, err);
    }
    while (tag != LAST) {
        const size_t n = fread(m->sealed, 1, sizeof m->sealed, m->in);
        unsigned long long made = 0;
        if (ferror(m->in)) {
            return sys(err, m->from);
        }
        if (n < MORE || crypto_secretstream_xchacha20poly1305_pull(
                            &m->state, m->plain, &made, &tag, m->sealed, n,
                            (const unsigned char *)m->name, strlen(m->name)) != 0) {
            return spoilt(m, err);
        }
        VG_TRY(put(m, m->plain, (size_t)made, err));
    }
    return fgetc(m->in) == EOF ? VG_OK : spoilt(m, err);  // nothing after the end
}

typedef vg_status (*work)(moving *m, const unsigned char *key, vg_err *err);

static vg_status work_on_files(moving *m, work fn, const unsigned char *key, vg_err *err)
{
    m->in = fopen(m->from, "rbe");
    if (!m->in) {
        return sys(err, m->from);
    }
    const int fd = open(m->to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) {
        const vg_status st = sys(err, m->to);
        fclose(m->in);
        return st;
    }
    m->out = fdopen(fd, "wb");
    vg_status st = fn(m, key, err);
    if (st == VG_OK && (fflush(m->out) != 0 || fsync(fd) != 0)) {
        st = sys(err, m->to);
    }
    fclose(m->out);
    fclose(m->in);
    if (st != VG_OK) {
        unlink(m->to);
    }
    return st;
}

static vg_status move(work fn, const char *from, const char *to, const char *name,
                      const unsigned char *key, vg_err *err)
{
    moving *m = vg_alloc(sizeof *m);
    *m = (moving){.from = from, .to = to, .name = name};
    const vg_status st = work_on_files(m, fn, key, err);
    sodium_memzero(m, sizeof *m);
    free(m);
    return st;
}

vg_status vg_crate_pack(const char *from, const char *to, const char *name,
                        const unsigned char key[VG_CRATE_KEY], vg_err *err)
{
    return move(pack, from, to, name, key, err);
}

vg_status vg_crate_unpack(const char *from, const char *to, const char *name,
                          const unsigned char key[VG_CRATE_KEY], vg_err *err)
{
    return move(unpack, from, to, name, key, err);
}
