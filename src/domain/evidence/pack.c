// SPDX-License-Identifier: Apache-2.0
// The bundle as a ZIP. It is read by people who do not trust who made it, so: few entries, the directory looked at
// before libzip reads it, names from a short list, no name twice, and every byte unpacked counts against one budget
// whatever the directory promised.
#include "domain/evidence/evidence_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

enum { PIECE = 64 << 10, EOCD_BYTES = 22, COMMENT_MAX = 65535 };

evidence_file *evidence_add(evidence_files *f, const char *name, size_t max_bytes)
{
    if (f->n == EVIDENCE_FILES) {
        return NULL;
    }
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 16;
        f->v = vg_realloc(f->v, f->cap * sizeof *f->v);
    }
    evidence_file *x = &f->v[f->n++];
    *x = (evidence_file){0};
    snprintf(x->name, sizeof x->name, "%s", name);
    vg_buf_init(&x->bytes, max_bytes);
    return x;
}

evidence_file *evidence_file_of(const evidence_files *f, vg_str name)
{
    for (size_t i = 0; i < f->n; i++) {
        if (vg_str_eqc(name, f->v[i].name)) {
            return &f->v[i];
        }
    }
    return NULL;
}

void evidence_files_done(evidence_files *f)
{
    for (size_t i = 0; i < f->n; i++) {
        vg_buf_done(&f->v[i].bytes);
    }
    free(f->v);
    *f = (evidence_files){0};
}

size_t evidence_message(vg_str manifest, unsigned char out[64])
{
    static const char tag[] = "vgevidence1";
    memcpy(out, tag, sizeof tag - 1);
    vg_hash(manifest.p, manifest.n, out + sizeof tag - 1);
    return sizeof tag - 1 + VG_HASH_BYTES;
}

// --- writing --------------------------------------------------------------------------------------
static bool add_entry(zip_t *z, const evidence_file *x)
{
    zip_source_t *src = zip_source_buffer(z, x->bytes.p ? x->bytes.p : "", x->bytes.n, 0);
    if (!src) {
        return false;
    }
    if (zip_file_add(z, x->name, src, ZIP_FL_ENC_UTF_8) < 0) {
        zip_source_free(src);
        return false;
    }
    return true;
}

static vg_status sync_file(const char *path, vg_err *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const bool ok = fd >= 0 && fchmod(fd, 0600) == 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return ok ? VG_OK
              : vg_fail(err, errno == ENOSPC ? VG_EFULL : VG_EIO, "out", NULL, "%s: %s", path,
                        strerror(errno));
}

vg_status evidence_write(const evidence_files *f, const char *path, vg_err *err)
{
    int why = 0;
    zip_t *z = zip_open(path, ZIP_CREATE | ZIP_EXCL, &why);
    if (!z) {
        return why == ZIP_ER_EXISTS
                   ? vg_fail(err, VG_ECONFLICT, "out", "cli.target_exists", "%s", path)
                   : vg_fail(err, VG_EIO, "out", NULL, "%s", path);
    }
    bool ok = true;
    for (size_t i = 0; ok && i < f->n; i++) {
        ok = add_entry(z, &f->v[i]);
    }
    if (!ok || zip_close(z) != 0) {
        zip_discard(z);
        return vg_fail(err, errno == ENOSPC ? VG_EFULL : VG_EIO, "out", NULL, "%s", path);
    }
    return sync_file(path, err);
}

// --- reading --------------------------------------------------------------------------------------
static vg_status damaged(vg_err *err, const char *what)
{
    return vg_fail(err, VG_ECORRUPT, "file", "evidence.damaged", "%s", what);
}

// The end record of the directory says how many entries there are, before anything is allocated for them.
static vg_status count_entries(const char *path, size_t *ret, vg_err *err)
{
    struct stat st;
    unsigned char tail[EOCD_BYTES + COMMENT_MAX];
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        const vg_status s = vg_fail(err, fd < 0 && errno == ENOENT ? VG_ENOTFOUND : VG_EIO, "file",
                                    NULL, "%s: %s", path, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return s;
    }
    const off_t most = st.st_size < (off_t)sizeof tail ? st.st_size : (off_t)sizeof tail;
    const ssize_t n = pread(fd, tail, (size_t)most, st.st_size - most);
    close(fd);
    if (st.st_size > EVIDENCE_TOTAL) {
        return vg_fail(err, VG_ETOOBIG, "file", "evidence.too_big", "%d", EVIDENCE_TOTAL >> 20);
    }
    for (ssize_t at = n - EOCD_BYTES; at >= 0; at--) {
        if (memcmp(tail + at, "PK\x05\x06", 4) == 0) {
            *ret = (size_t)tail[at + 10] | (size_t)tail[at + 11] << 8;
            return VG_OK;
        }
    }
    return damaged(err, "zip");
}

static bool is_picture(const char *name)
{
    const size_t n = strlen("objects/"), hex = 40;
    return strncmp(name, "objects/", n) == 0 && strspn(name + n, "0123456789abcdef") == hex &&
           strcmp(name + n + hex, ".jpg") == 0;
}

static size_t limit_of(const char *name)
{
    static const struct {
        const char *name;
        size_t bytes;
    } known[] = {{EVIDENCE_MANIFEST, EVIDENCE_MANIFEST_BYTES},
                 {EVIDENCE_SIGNATURE, 256},
                 {EVIDENCE_README, 64 << 10},
                 {EVIDENCE_LINES, EVIDENCE_TEXT},
                 {EVIDENCE_CHAIN, EVIDENCE_TEXT},
                 {EVIDENCE_OBJECTS, 4 << 20},
                 {EVIDENCE_ANCHORS, EVIDENCE_ANCHOR_BYTES}};
    for (size_t i = 0; i < VG_LEN(known); i++) {
        if (strcmp(known[i].name, name) == 0) {
            return known[i].bytes;
        }
    }
    return is_picture(name) ? 8 << 20 : 0;
}

static vg_status unpack(evidence_files *f, zip_file_t *in, evidence_file *x, vg_err *err)
{
    char *piece = vg_alloc(PIECE);
    zip_int64_t n;
    while ((n = zip_fread(in, piece, PIECE)) > 0) {
        f->total += (size_t)n;
        vg_buf_add(&x->bytes, piece, (size_t)n);
        if (f->total > EVIDENCE_TOTAL || x->bytes.failed) {
            free(piece);
            return vg_fail(err, VG_ETOOBIG, "file", "evidence.too_big", "%d", EVIDENCE_TOTAL >> 20);
        }
    }
    free(piece);
    return n == 0 ? VG_OK : damaged(err, x->name);
}

static vg_status read_entry(evidence_files *f, zip_t *z, zip_uint64_t i, vg_err *err)
{
    const char *name = zip_get_name(z, i, ZIP_FL_ENC_RAW);
    const size_t limit = name ? limit_of(name) : 0;
    if (!limit || evidence_file_of(f, vg_str_c(name))) {
        return vg_fail(err, VG_ECORRUPT, "file", "evidence.stray_file", "%.60s", name ? name : "");
    }
    evidence_file *x = evidence_add(f, name, limit);
    zip_file_t *in = x ? zip_fopen_index(z, i, 0) : NULL;
    if (!in) {
        return damaged(err, name);
    }
    const vg_status s = unpack(f, in, x, err);
    const bool closed = zip_fclose(in) == 0;  // the checksum
    return s == VG_OK && !closed ? damaged(err, name) : s;
}

vg_status evidence_read(const char *path, evidence_files *ret, vg_err *err)
{
    size_t entries = 0;
    int why = 0;
    VG_TRY(count_entries(path, &entries, err));
    zip_t *z = entries <= EVIDENCE_FILES ? zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &why) : NULL;
    if (!z) {
        return damaged(err, "zip");
    }
    const zip_int64_t n = zip_get_num_entries(z, 0);
    vg_status s = n == (zip_int64_t)entries ? VG_OK : damaged(err, "zip");
    for (zip_int64_t i = 0; s == VG_OK && i < n; i++) {
        s = read_entry(ret, z, (zip_uint64_t)i, err);
    }
    zip_discard(z);
    return s;
}
